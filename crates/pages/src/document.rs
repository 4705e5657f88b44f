//! Complete HTML documents for publishing.

use std::rc::Rc;

use khizana_format::Record;
use khizana_model::Hash;
use yew::{Component, Context, Html, LocalServerRenderer, Properties};

use crate::app::{App, AppProps};
use crate::card::Card;
use crate::head::Head;
use crate::i18n::{self, Lang};
use crate::metadata;
use crate::page::{Page, Site, View, collection_pages};
use crate::qr_code;
use crate::route::Route;
use crate::views;

/// Renders the HTML document of a page, which contains its content, its JSON and links to the
/// viewer. `policy` is the content security policy.
pub fn document(page: &Page, policy: &str) -> String {
    collection_document(page, "", policy)
}

/// Renders the HTML document of a page of a collection like [`document`]. `contents` is the list of the pages of the
/// collection as HTML, or empty. It is displayed without JavaScript.
pub fn collection_document(page: &Page, contents: &str, policy: &str) -> String {
    let lang = Lang::of(&page.lang);
    let body = body(page);
    let contents = match contents.is_empty() {
        true => String::new(),
        false => format!("<noscript>{contents}</noscript>\n"),
    };
    let all_thumbnails = all_thumbnails(page);
    let qr_code = qr_code(page);
    let mut head = Head::new();
    head.tag("title", &[], Some(&page.document_title()));
    let viewer = format!("{}{}", page.base, page.site.viewer);
    if matches!(&page.view, View::Browse(view) if !view.has_page) {
        add_query_script(&mut head, &viewer);
    }
    add_viewer(&mut head, &viewer);
    metadata::add(&mut head, page);
    let structured_data = metadata::structured_data(page);
    let state = page_state(page);
    // The state comes last so that it does not delay rendering, because the state of a long book is
    // large.
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang_tag}\" dir=\"{dir}\" data-base=\"{base}\"{index}>\n<head>\n{start}{policy}{head}\
         </head>\n<body><div id=\"viewer\">{body}</div>\n{contents}{all_thumbnails}{qr_code}{structured_data}\
         <script type=\"application/json\" id=\"page-state\">{state}</script>\n\
         </body>\n</html>\n",
        lang_tag = escape(&page.lang),
        dir = lang.dir(),
        start = head_start(&page.site, &page.base),
        policy = policy_meta(policy),
        base = escape(&page.base),
        index = index_attribute(&page.site),
        head = head.html(),
        state = escape_script(&state),
    )
}

fn body(page: &Page) -> String {
    let renderer = LocalServerRenderer::<App>::with_props(AppProps::of(page.clone()));
    pollster::block_on(renderer.render())
}

/// Renders the HTML document of a page of a collection that contains the whole `records` of its items. It contains
/// neither the JSON of the page nor the viewer.
pub(crate) fn list_document(page: &Page, records: &[Record], policy: &str) -> String {
    let mut head = Head::new();
    head.tag("title", &[], Some(&list_title(page)));
    let viewer = format!("{}{}", page.base, page.site.viewer);
    for file in ["viewer.css", "fonts.css"] {
        head.link("stylesheet", &format!("{viewer}{file}"));
    }
    metadata::add(&mut head, page);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n{start}{policy}{head}\
         </head>\n<body><div id=\"viewer\">{body}</div>\n{structured_data}</body>\n</html>\n",
        lang = escape(&page.lang),
        dir = Lang::of(&page.lang).dir(),
        start = head_start(&page.site, &page.base),
        policy = policy_meta(policy),
        head = head.html(),
        body = body(page),
        structured_data = metadata::record_list_data(page, records),
    )
}

/// Returns the title of a page of a collection, with the number of the page.
fn list_title(page: &Page) -> String {
    let View::Collection(view) = &page.view else {
        return page.document_title();
    };
    let pages = collection_pages(page.site.pages, view.collection.items);
    let number = i18n::page_of(Lang::of(&page.lang), view.page.into(), pages.into());
    format!(
        "{} · {number} · {}",
        page.view.title(page),
        page.site_title()
    )
}

/// Renders the thumbnails of all pages of a long book into a `<noscript>` element, which the
/// browser does not render if JavaScript is enabled. Returns an empty string for other pages.
fn all_thumbnails(page: &Page) -> String {
    struct AllThumbnails;

    impl Component for AllThumbnails {
        type Message = ();
        type Properties = AppProps;

        fn create(_: &Context<Self>) -> Self {
            AllThumbnails
        }

        fn view(&self, context: &Context<Self>) -> Html {
            views::all_thumbnails(context.props())
        }
    }

    let renderer = LocalServerRenderer::<AllThumbnails>::with_props(AppProps::of(page.clone()));
    let list = pollster::block_on(renderer.hydratable(false).render());
    if list.is_empty() {
        return list;
    }
    format!("<noscript>{list}</noscript>\n")
}

/// Renders a list of items, for a text that is displayed on a page.
pub fn list_html(page: &Page, cards: &[Card]) -> String {
    #[derive(PartialEq, Properties)]
    struct ListProps {
        page: AppProps,
        cards: Rc<[Card]>,
    }

    struct List;

    impl Component for List {
        type Message = ();
        type Properties = ListProps;

        fn create(_: &Context<Self>) -> Self {
            List
        }

        fn view(&self, context: &Context<Self>) -> Html {
            views::list(&context.props().page, &context.props().cards)
        }
    }

    let props = ListProps {
        page: AppProps::of(page.clone()),
        cards: cards.into(),
    };
    let renderer = LocalServerRenderer::<List>::with_props(props);
    pollster::block_on(renderer.hydratable(false).render())
}

/// Renders the QR code of the URL of an item, which is displayed in print. It is not part of the views, so
/// that the viewer need not contain an encoder. Returns an empty string if the URL is unknown.
fn qr_code(page: &Page) -> String {
    let (View::Item(view), Some(root)) = (&page.view, &page.site.url) else {
        return String::new();
    };
    let route = Route::item(view.record.item.id.as_str(), 0);
    let code = qr_code::data_url(&format!("{root}{}", page.href(&page.lang, &route)));
    code.map_or_else(String::new, |code| {
        format!("<img class=\"qr-code\" src=\"{code}\" alt=\"\">\n")
    })
}

/// Returns the JSON of a page for hydration.
///
/// The hashes of derivatives are replaced with zeros, because the viewer does not use them and they
/// would account for most of the compressed size of the JSON of a long book.
fn page_state(page: &Page) -> String {
    let mut page = page.clone();
    if let View::Item(view) = &mut page.view {
        let canvases = Rc::make_mut(&mut view.record).canvases.iter_mut();
        for image in canvases.filter_map(|canvas| canvas.image.as_mut()) {
            image.jpeg = None;
            for size in image.sizes.iter_mut().chain(&mut image.strip) {
                size.sha256 = Hash([0; 32]);
            }
        }
    }
    serde_json::to_string(&page).unwrap_or_default()
}

/// Renders the element with the content security policy, for hosts that send no headers.
pub(crate) fn policy_meta(policy: &str) -> String {
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n",
        escape(policy)
    )
}

/// The icon of a site without an icon of the institution. It is a data URL, because a relative URL would be resolved
/// and fetched again whenever the viewer changes the URL of the page.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Cpath fill='none' stroke='%23c4392e' stroke-width='3' d='M6 30V14c0-6 6-8 10-12 4 4 10 6 10 12v16zM6 21h20'\
    /%3E%3C/svg%3E";

/// Renders the beginning of the head of every document. `base` is the relative path to the root of the site.
pub(crate) fn head_start(site: &Site, base: &str) -> String {
    let head = &site.identity.head;
    let icon = match &head.icon {
        Some(icon) if icon.starts_with("data:") => escape(icon),
        Some(path) => escape(&format!("{base}{path}")),
        None => ICON.to_owned(),
    };
    let ground = head.ground.as_ref();
    let (light, dark) = ground.map_or(("#ffffff", "#141717"), |(light, dark)| (light, dark));
    format!(
        "<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"theme-color\" content=\"{light}\" media=\"(prefers-color-scheme: light)\">\n\
         <meta name=\"theme-color\" content=\"{dark}\" media=\"(prefers-color-scheme: dark)\">\n\
         <link rel=\"icon\" href=\"{icon}\">\n"
    )
}

/// Adds the links to the style sheet and the scripts of the viewer.
fn add_viewer(head: &mut Head, viewer: &str) {
    head.tag(
        "link",
        &[
            ("rel", "stylesheet"),
            ("href", &format!("{viewer}viewer.css")),
        ],
        None,
    );
    // Without scripts, the style sheet of the fonts is loaded with the page.
    head.raw(&format!(
        "<noscript><link rel=\"stylesheet\" href=\"{}fonts.css\"></noscript>\n",
        escape(viewer)
    ));
    add_start_script(head, viewer);
}

/// Adds the script that hides the published results if the URL has a query. It delays rendering,
/// like the style sheet, so that the reader does not see other results first.
fn add_query_script(head: &mut Head, viewer: &str) {
    let source = format!("{viewer}query.js");
    head.tag("script", &[("src", &source)], Some(""));
}

/// Adds the script that starts the viewer. Without `async`, the script would wait for the style
/// sheet.
fn add_start_script(head: &mut Head, viewer: &str) {
    let source = format!("{viewer}boot.js");
    let attributes = [("type", "module"), ("async", ""), ("src", source.as_str())];
    head.tag("script", &attributes, Some(""));
}

/// Renders the document at the root of the site, which lets the reader choose a language. Its
/// script redirects to the first of the preferred languages of the reader in which the site is
/// available. `policy` is the content security policy.
pub fn root_document(site: &Site, policy: &str) -> String {
    let first = site.languages.first().map_or("ar", String::as_str);
    let lang = Lang::of(first);
    let title = site.title_in(first);
    let mut head = Head::new();
    head.tag("title", &[], Some(&title));
    for code in &site.languages {
        head.tag(
            "link",
            &[
                ("rel", "alternate"),
                ("hreflang", code),
                ("href", &site.href(code, &Route::Home)),
            ],
            None,
        );
    }
    head.tag(
        "link",
        &[
            ("rel", "alternate"),
            ("hreflang", "x-default"),
            ("href", &site.folder_url("./")),
        ],
        None,
    );
    head.tag(
        "link",
        &[
            ("rel", "stylesheet"),
            ("href", &format!("{}viewer.css", site.viewer)),
        ],
        None,
    );
    add_start_script(&mut head, &site.viewer);
    let choices: String = site
        .languages
        .iter()
        .map(|code| {
            format!(
                "<li><a href=\"{}\" hreflang=\"{code}\" lang=\"{code}\" dir=\"{}\"><strong>{}</strong> \
                 <span>{}</span></a></li>",
                escape(&site.href(code, &Route::Home)),
                Lang::of(code).dir(),
                i18n::native_name(code),
                escape(&site.title_in(code)),
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{first}\" dir=\"{}\" data-base=\"./\"{index} data-choose=\"{}\">\n<head>\n\
         {start}{policy}{}</head>\n<body><main class=\"choice\" data-view=\"choice\"><h1>{}</h1>\
         <ul class=\"choice-list\">{choices}</ul></main></body>\n</html>\n",
        lang.dir(),
        escape(&site.languages.join(" ")),
        head.html(),
        escape(&title),
        index = index_attribute(site),
        start = head_start(site, ""),
        policy = policy_meta(policy),
    )
}

/// Returns the attribute of the root element from which scripts learn that URLs of folders name the file.
pub(crate) fn index_attribute(site: &Site) -> &'static str {
    match site.has_index_links {
        true => " data-index=\"index.html\"",
        false => "",
    }
}

/// Escapes text for use in an HTML element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Escapes JSON for use in a `<script>` element, so that it contains neither `</script` nor `<!--`.
/// This is possible because `<` occurs only in strings in JSON.
pub(crate) fn escape_script(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::{LangMap, LangTag, Pages};

    use super::*;
    use crate::page::Home;

    const POLICY: &str = "default-src 'none'";

    fn site(title: &str) -> Site {
        Site {
            title: LangMap::of("ar".parse().unwrap(), title),
            url: None,
            languages: ["ar", "en", "fr"].map(str::to_owned).into(),
            pages: Pages::Items,
            items: 3,
            viewer: "viewer/x/".into(),
            identity: Default::default(),
            has_index_links: false,
            item_pages: Default::default(),
        }
    }

    fn home(title: &str, description: &str) -> Page {
        let description = LangMap::of(LangTag::und(), description);
        Page::new(
            &site(title),
            "ar",
            View::Home(Home {
                description,
                collections: Vec::new(),
                prose: None,
                featured: Vec::new(),
            }),
        )
    }

    #[test]
    fn metadata_is_escaped() {
        let hostile = "</script><!--<script>alert(1)</script>\u{2028}\"'&";
        let html = document(&home(hostile, hostile), POLICY);
        assert_eq!(html.matches("</script>").count(), 3, "{html}");
        assert!(!html.contains("<!--<script>") && !html.contains("<script>alert"));
        let state = html
            .split("id=\"page-state\">")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        assert_eq!(
            khizana_json::from_slice::<Page>(state.as_bytes()).unwrap(),
            home(hostile, hostile)
        );
        assert!(!root_document(&site(hostile), POLICY).contains("<script>alert"));
    }

    #[test]
    fn a_document_has_its_language_direction_and_base() {
        let page = home("خزانة", "وصف");
        let html = document(&page, POLICY);
        assert_eq!(page.file(), "ar/index.html");
        assert!(html.contains("<html lang=\"ar\" dir=\"rtl\" data-base=\"../\">"));
        assert!(html.contains("<link rel=\"alternate\" hreflang=\"fr\" href=\"../fr/\">"));
        assert!(html.contains("src=\"../viewer/x/boot.js\""));
        assert_eq!(html, document(&page, POLICY));
    }

    #[test]
    fn documents_have_no_style_attributes_and_no_inline_scripts() {
        for html in [
            document(&home("خ", "و"), POLICY),
            root_document(&site("خ"), POLICY),
        ] {
            assert!(
                !html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick")
            );
        }
    }
}
