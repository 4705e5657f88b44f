//! The section of an item with its citation.

use khizana_model::LangTag;
use yew::Html;

use super::book;
use super::context::Context;
use super::details::section;
use super::el::{El, IntoHtml, el, fragment, nodes};
use crate::i18n;
use crate::page::ItemPage;
use crate::reference::{Access, Format, Reference, Run, Style, cite as compose, export};
use crate::route::{Route, encode};

/// Renders the citation, the permanent link and, in the viewer, the other styles and the formats of reference
/// managers.
pub fn cite(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let reference = Reference::of(cx.page, view);
    let access = access(cx, view);
    let main = citation(cx, &reference, Style::Chicago, &access).id("citation");
    let route = Route::item(&reference.id, 0);
    let permanent = el("a")
        .class("permanent")
        .id("permanent")
        .href(cx.href(&route))
        .with(i18n::permanent_link(lang));
    let others = cx.is_hydrated.then(|| {
        let styles = Style::ALL.into_iter().skip(1).map(|style| {
            fragment(vec![
                el("p")
                    .class("quiet")
                    .with(el("bdi").with(style.name()))
                    .into_html(),
                cite_with_copy(cx, citation(cx, &reference, style, &access)),
            ])
        });
        el("details")
            .class("fold")
            .with(el("summary").with(i18n::cite_styles(lang)))
            .with(nodes(styles))
            .with(formats(cx, &reference, &access))
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

fn citation(cx: &Context, reference: &Reference, style: Style, access: &Access) -> El {
    let runs = compose(reference, style, access, cx.lang).into_iter();
    el("p").class("citation").with(nodes(runs.map(run)))
}

fn run(run: Run) -> Html {
    let name = if run.is_italic { "cite" } else { "bdi" };
    match run.lang {
        None if !run.is_italic => run.text.into_html(),
        lang => {
            let lang = lang.unwrap_or_else(LangTag::und);
            el(name)
                .lang_attrs(&lang, &run.text)
                .with(run.text)
                .into_html()
        }
    }
}

/// Returns what is displayed and when. A published page is not displayed yet.
fn access(cx: &Context, view: &ItemPage) -> Access {
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
        url: root.map(|root| format!("{root}{}", route.href(&cx.page.lang, cx.page.site.pages))),
        day: cx.device.today,
    }
}

/// Renders links to the reference in the formats of reference managers.
fn formats(cx: &Context, reference: &Reference, access: &Access) -> El {
    let links = Format::ALL.into_iter().map(|format| {
        let file = export(reference, format, access);
        let name = format!("{}.{}", reference.id, format.extension());
        let url = format!(
            "data:{};charset=utf-8,{}",
            format.media_type(),
            encode(&file)
        );
        el("li").with(
            el("a")
                .attr("href", url)
                .attr("download", name)
                .with(el("bdi").with(format.name())),
        )
    });
    el("ul")
        .class("formats")
        .attr("aria-label", i18n::cite_formats(cx.lang))
        .with(nodes(links))
}
