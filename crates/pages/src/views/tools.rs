//! The toolbar of the object: enlarge, compare, share, cite and download.

use khizana_format::Image;

use super::context::Context;
use super::el::{El, el};
use super::parts::icon;
use crate::i18n;
use crate::page::ItemPage;

/// Renders the toolbar. `image` is the image of the current canvas.
///
/// Before the viewer runs, the links lead to the image and to sections of the page.
pub fn tools(cx: &Context, view: &ItemPage, image: Option<&Image>) -> El {
    let lang = cx.lang;
    let tool = |element: El, drawing: &'static str, name: &'static str| {
        el("li").with(element.with(icon(drawing)).with(el("span").with(name)))
    };
    let enlarge = image.and_then(|image| {
        let link = el("a")
            .class("enlarge")
            .href(cx.file(&image.path(image.sizes.last()?)));
        Some(tool(
            link,
            "M13 3h6v6M9 19H3v-6M19 3l-7 7M3 19l7-7",
            i18n::enlarge(lang),
        ))
    });
    let compare = image.map(|_| {
        let button = el("button")
            .attr("type", "button")
            .attr("data-action", "compare");
        tool(
            button,
            "M2.5 4h7v14h-7zM12.5 4h7v14h-7z",
            i18n::zoom_compare(lang),
        )
        .class("needs-viewer")
    });
    let cite = tool(
        el("a").attr("href", "#cite"),
        "M9 5H4v6h5v-1c0 3-1 5-4 6M18 5h-5v6h5v-1c0 3-1 5-4 6",
        i18n::cite_short(lang),
    );
    let has_files = view.current_canvas().is_some();
    let download = has_files.then(|| {
        tool(
            el("a").attr("href", "#downloads"),
            "M11 3v11M6.5 10l4.5 4.5L15.5 10M3 19h16",
            i18n::download(lang),
        )
    });
    el("ul")
        .class("tools")
        .attr("aria-label", i18n::tools(lang))
        .with(enlarge)
        .with(compare)
        .with(share(cx, view))
        .with(cite)
        .with(download)
}

/// Renders the tool that copies the URL of what is displayed.
fn share(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let summary = el("summary")
        .with(icon("M11 13V2.5M7 6l4-3.5L15 6M6 9.5H3.5v10h15v-10H16"))
        .with(el("span").with(i18n::share(lang)));
    let copy = el("button")
        .attr("type", "button")
        .class("needs-viewer")
        .attr("data-action", "copy-link")
        .with(i18n::copy_link(lang));
    let link = el("a")
        .href(cx.href(&view.route_at(view.canvas)))
        .with(i18n::permanent_link(lang));
    let send = (cx.is_hydrated && cx.device.can_share).then(|| {
        el("button")
            .attr("type", "button")
            .attr("data-action", "share")
            .with(i18n::share_with(lang))
    });
    let embeds = cx.page.site.manifest_url(&view.record).is_some();
    let embed = embeds.then(|| {
        el("button")
            .attr("type", "button")
            .class("needs-viewer")
            .attr("data-action", "copy-embed")
            .with(i18n::embed_copy(lang))
    });
    let pop = el("div")
        .class("pop")
        .with(link)
        .with(copy)
        .with(embed)
        .with(send);
    el("li").with(el("details").with(summary).with(pop))
}
