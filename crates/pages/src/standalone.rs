//! The documents that are displayed at the URL of another page or in a frame: `404.html`, `offline.html` and
//! `embed/index.html`.

use khizana_model::Pages;

use crate::document::{escape, head_start, index_attribute, policy_meta};
use crate::i18n::{self, Lang};
use crate::page::Site;
use crate::query::BrowseQuery;
use crate::route::Route;

const STYLE: &str = ":root{--rubric:#a81c14;--ground:#fff;--ink:#141a1a;--line:#d2dad6;--edge:#737e7b}\
@media(prefers-color-scheme:dark){:root{--rubric:#ff8d7a;--ground:#141717;--ink:#e9edeb;--line:#303836;--edge:#75807d}}\
body{margin:0;font:1.05rem/1.7 system-ui,sans-serif;color:var(--ink);background:var(--ground)}\
main{max-width:36rem;margin:8vh auto;padding:0 1.25rem}section{padding-block:1.5rem;border-top:1px solid var(--line)}\
h1,h2{font-weight:400;font-size:1.6rem;line-height:1.5;margin:0 0 .5rem}a{color:var(--rubric);display:inline-block;padding:.6rem 0}\
ul{padding-inline-start:1rem}nav{display:flex;flex-wrap:wrap;gap:0 1.5rem}form{display:flex;margin-block:1rem;border:1px solid var(--edge)}\
input,button{font:inherit;color:inherit;background:none;border:0;min-height:2.75rem;padding:0 .9rem}input{flex:1;min-width:0}";

/// Returns the style sheet of these documents. It is inline because they are displayed at URLs of any depth, so
/// that relative links would not be valid. The content security policy must allow its hash.
pub fn standalone_style(site: &Site) -> String {
    format!("{STYLE}{}", site.identity.head.style)
}

/// The script of `404.html`. It finds the root of the site, which is before the language in the path, and corrects the
/// links if the URL of the site is unknown, which otherwise assume that the site is at the root of its host. If most
/// items have no page, it leads to the page on which the viewer displays any item. The content security policy must
/// allow its hash.
pub const NOT_FOUND_SCRIPT: &str = "const languages=document.documentElement.dataset.languages.split(' '),\
parts=location.pathname.split('/'),at=parts.findIndex((part)=>languages.includes(part));\
if(at>0){const root=parts.slice(0,at).join('/')+'/';for(const link of document.querySelectorAll('[data-path]')){\
link[link.action===undefined?'href':'action']=root+link.dataset.path}\
const item=document.documentElement.dataset.item,[lang,kind,id]=parts.slice(at);\
if(item!==undefined&&kind==='item'&&id&&id!=='index.html')\
location.replace(`${root}${lang}/item/${item}?id=${id}${location.search.replace('?','&')}`)}";

/// Renders `404.html`, with links and a search form in each language. `policy` is the content security
/// policy.
pub fn not_found_document(site: &Site, policy: &str) -> String {
    let root = site.url.as_deref().unwrap_or("/");
    let mut content = String::new();
    for (i, code) in site.languages.iter().enumerate() {
        content.push_str(&section(site, code, root, i == 0));
    }
    let needs_script = site.url.is_none() || site.pages != Pages::Items;
    let script = match needs_script {
        true => format!("<script>{NOT_FOUND_SCRIPT}</script>"),
        false => String::new(),
    };
    let shell = match site.pages {
        Pages::Items => String::new(),
        Pages::Lists | Pages::None => format!(" data-item=\"{}\"", site.folder_url("")),
    };
    standalone(
        (site, &shell),
        policy,
        i18n::not_found_title,
        &format!("<main data-view=\"not-found\">{content}</main>{script}"),
    )
}

/// Renders `offline.html`, which the service worker displays in the place of a page that cannot be loaded.
/// The service worker adds to the empty list the pages that the visitor has opened before. `policy` is the
/// content security policy.
pub fn offline_document(site: &Site, policy: &str) -> String {
    let mut content = String::new();
    for (i, code) in site.languages.iter().enumerate() {
        let lang = Lang::of(code);
        let level = if i == 0 { 1 } else { 2 };
        content.push_str(&format!(
            "<section lang=\"{code}\" dir=\"{}\"><h{level}>{}</h{level}><p>{}</p><a href=\"\">{}</a></section>",
            lang.dir(),
            i18n::offline_title(lang),
            i18n::offline_help(lang),
            i18n::try_again(lang),
        ));
    }
    standalone(
        (site, ""),
        policy,
        i18n::offline_title,
        &format!("<main data-view=\"offline\">{content}<ul></ul></main>"),
    )
}

/// Renders `embed/index.html`, in which other sites display an item. `policy` is the content security policy.
pub fn embed_document(site: &Site, policy: &str) -> String {
    let first = site.languages.first().map_or("ar", String::as_str);
    let lang = Lang::of(first);
    let viewer = format!("../{}", escape(&site.viewer));
    let title = escape(&site.title_in(first));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{first}\" dir=\"{dir}\" data-languages=\"{languages}\"{index}>\n<head>\n{start}{policy}\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{viewer}embed.css\">\n\
         <script type=\"module\" src=\"{viewer}embed.js\"></script>\n</head>\n\
         <body><main></main><p data-failed hidden>{failed} <a href=\"../\" target=\"_blank\">{title}</a></p></body>\n</html>\n",
        dir = lang.dir(),
        languages = escape(&site.languages.join(" ")),
        index = index_attribute(site),
        policy = policy_meta(policy),
        start = head_start(site, "../"),
        failed = escape(i18n::failure_title(lang)),
    )
}

/// Renders a document. `attributes` are those of its root element.
fn standalone(
    (site, attributes): (&Site, &str),
    policy: &str,
    title: fn(Lang) -> &'static str,
    body: &str,
) -> String {
    let first = site.languages.first().map_or("ar", String::as_str);
    let lang = Lang::of(first);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{first}\" dir=\"{}\" data-languages=\"{}\"{attributes}>\n<head>\n{start}{policy}\
         <meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n<style>{style}</style>\n</head>\n\
         <body>{body}</body>\n</html>\n",
        lang.dir(),
        escape(&site.languages.join(" ")),
        escape(title(lang)),
        start = head_start(site, ""),
        style = standalone_style(site),
        policy = policy_meta(policy),
    )
}

fn section(site: &Site, code: &str, root: &str, is_first: bool) -> String {
    let lang = Lang::of(code);
    let level = if is_first { 1 } else { 2 };
    let path = |route: Route| escape(&site.href(code, &route));
    let root = escape(root);
    let link = |path: String, text: &str| {
        format!(
            "<a href=\"{root}{path}\" data-path=\"{path}\" hreflang=\"{code}\">{}</a>",
            escape(text)
        )
    };
    let home = link(path(Route::Home), &site.title_in(code));
    let browse = path(Route::Browse(BrowseQuery::default()));
    let all = link(browse.clone(), i18n::browse_all(lang));
    let form = format!(
        "<form role=\"search\" aria-label=\"{label}\" action=\"{root}{browse}\" data-path=\"{browse}\">\
         <input name=\"q\" type=\"search\" aria-label=\"{label}\" placeholder=\"{hint}\">\
         <button>{search}</button></form>",
        label = escape(i18n::search_label(lang)),
        hint = escape(i18n::search_hint(lang)),
        search = escape(i18n::search(lang)),
    );
    format!(
        "<section lang=\"{code}\" dir=\"{}\"><h{level}>{}</h{level}><p>{}</p>{form}<nav aria-label=\"{}\">{home}{all}</nav></section>",
        lang.dir(),
        i18n::not_found_title(lang),
        i18n::not_found_help(lang),
        escape(i18n::footer(lang)),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::LangMap;

    use super::*;

    fn site(title: &str, url: Option<&str>) -> Site {
        Site {
            title: LangMap::of("ar".parse().unwrap(), title),
            url: url.map(str::to_owned),
            languages: ["ar", "en"].map(str::to_owned).into(),
            pages: Pages::Items,
            items: 3,
            viewer: "viewer/x/".into(),
            identity: Default::default(),
            has_index_links: false,
            item_pages: Default::default(),
        }
    }

    #[test]
    fn metadata_and_the_url_are_escaped() {
        let html = not_found_document(&site("<b>", Some("https://host/\"><b>")), "policy");
        assert!(!html.contains("<b>"), "{html}");
        assert!(!html.contains("<script>"));
    }

    #[test]
    fn the_offline_page_has_a_list_to_complete() {
        let html = offline_document(&site("خزانة", None), "policy");
        assert_eq!(html.matches("<ul></ul>").count(), 1, "{html}");
        assert_eq!(html.matches("<h1>").count(), 1);
        assert!(!html.contains("<script"));
    }

    #[test]
    fn without_a_url_a_script_corrects_the_links() {
        let html = not_found_document(&site("خزانة", None), "policy");
        assert!(html.contains("<a href=\"/ar/\" data-path=\"ar/\" hreflang=\"ar\">خزانة</a>"));
        assert!(html.contains("action=\"/en/browse/\" data-path=\"en/browse/\""));
        assert!(html.contains(&format!("<script>{NOT_FOUND_SCRIPT}</script>")));
        assert!(html.contains(&format!("<style>{STYLE}</style>")));
    }
}
