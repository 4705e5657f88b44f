//! The section of an item with its citation.

use khizana_model::LangTag;
use yew::Html;

use super::book;
use super::context::Context;
use super::details::section;
use super::el::{El, IntoHtml, el, fragment, nodes};
use crate::i18n;
use crate::page::ItemPage;
use crate::reference::{Access, Citations, Reference, Run, Style, cite as compose};
use crate::route::{Route, encode};

/// Renders the citation, the permanent link and, in the viewer, the other styles and the formats of reference
/// managers.
pub fn cite(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let reference = Reference::of(&cx.page.site, &cx.page.lang, view);
    let access = access(cx, view);
    let runs = compose(&reference, Style::Chicago, &access, lang);
    let main = citation(&runs).id("citation");
    let route = Route::item(&reference.id, 0);
    let permanent = el("a")
        .class("permanent")
        .id("permanent")
        .href(cx.href(&route))
        .with(i18n::permanent_link(lang));
    let others = cx.is_hydrated.then(|| {
        let content = match &view.citations {
            Some(citations) => others(cx, citations).into_html(),
            None => el("p").class("quiet").with(i18n::loading(lang)).into_html(),
        };
        el("details")
            .class("fold citations")
            .key(view.canvas)
            .with(el("summary").with(i18n::cite_styles(lang)))
            .with(content)
    });
    // The link can be dragged into other IIIF viewers.
    let manifest = cx.page.site.manifest_url(&view.record).map(|url| {
        let link = el("a").class("permanent").id("manifest");
        let link = link.attr("href", url);
        el("p").with(link.with(i18n::iiif_manifest(lang)))
    });
    section("cite", i18n::cite(lang))
        .with(cite_with_copy(cx, main))
        .with(el("p").with(permanent))
        .with(others)
        .with(manifest)
}

/// Renders a citation with the button that copies it, which needs the viewer.
fn cite_with_copy(cx: &Context, citation: El) -> Html {
    let copy = cx.is_hydrated.then(|| {
        el("button")
            .attr("type", "button")
            .attr("data-action", "copy")
            .with(i18n::copy(cx.lang))
    });
    el("div")
        .class("cite")
        .with(citation)
        .with(copy)
        .into_html()
}

fn citation(runs: &[Run]) -> El {
    el("p").class("citation").with(nodes(runs.iter().map(run)))
}

fn run(run: &Run) -> Html {
    let name = if run.is_italic { "cite" } else { "bdi" };
    match &run.lang {
        None if !run.is_italic => run.text.as_str().into_html(),
        lang => {
            let lang = lang.clone().unwrap_or_else(LangTag::und);
            let text = run.text.as_str();
            el(name).lang_attrs(&lang, text).with(text).into_html()
        }
    }
}

/// Returns what is displayed and when. A published page is not displayed yet.
pub fn access(cx: &Context, view: &ItemPage) -> Access {
    if !cx.is_hydrated {
        return Access::default();
    }
    let is_paged = view.record.canvases.len() > 1;
    let canvas = view.current_canvas().filter(|_| is_paged);
    let route = Route::Item {
        id: view.record.item.id.as_str().to_owned(),
        canvas: view.canvas,
        query: String::new(),
    };
    let root = cx.page.site.url.as_deref().or(cx.device.root.as_deref());
    Access {
        page: canvas.map(|canvas| book::page_name(&cx.page.lang, view.canvas, canvas)),
        url: root.map(|root| format!("{root}{}", cx.page.href(&cx.page.lang, &route))),
        day: cx.device.today,
        is_detail: false,
    }
}

/// Renders the other styles, and links to the files for reference managers.
fn others(cx: &Context, citations: &Citations) -> El {
    let styles = citations.styles.iter().map(|(name, runs)| {
        let name = el("p").class("quiet").with(el("bdi").with(name));
        fragment(vec![name.into_html(), cite_with_copy(cx, citation(runs))])
    });
    let links = citations.files.iter().map(|file| {
        let (media_type, content) = (&file.media_type, encode(&file.content));
        let link = el("a")
            .attr("href", format!("data:{media_type};charset=utf-8,{content}"))
            .attr("download", file.name.clone())
            .with(el("bdi").with(&file.format));
        el("li").with(link)
    });
    let files = el("ul")
        .class("formats")
        .attr("aria-label", i18n::cite_formats(cx.lang))
        .with(nodes(links));
    el("div").with(nodes(styles)).with(files)
}
