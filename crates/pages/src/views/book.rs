//! The pages of a book: layout, navigation, thumbnails and table of contents.

use khizana_format::Canvas;
use khizana_model::Section;
use yew::{AttrValue, Html};

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, nodes};
use super::item::fold;
use super::parts::{self, arrow};
use super::stage::{canvas_content, canvas_count, reading_direction};
use crate::card::LangText;
use crate::i18n::{self, Lang};
use crate::page::ItemPage;
use crate::page_layout::PageLayout;

/// Returns the position in the book as text: the number of the current page, or the numbers of the
/// facing pages.
pub fn position(cx: &Context, view: &ItemPage) -> String {
    let pages = canvas_count(view);
    let visible = view.visible_canvases();
    if view.layout == PageLayout::Spread && visible.len() > 1 {
        let first = u64::from(visible.start) + 1;
        return i18n::pages_of(cx.lang, first, u64::from(visible.end), pages);
    }
    i18n::page_of(cx.lang, u64::from(view.canvas) + 1, pages)
}

/// Renders the visible pages in the reading direction.
pub fn leaves(cx: &Context, view: &ItemPage) -> El {
    let visible = view.visible_canvases();
    let class = match view.layout {
        PageLayout::Scroll => "stage-object leaves scroll",
        _ if visible.len() > 1 => "stage-object leaves spread",
        _ => "stage-object leaves",
    };
    let key = visible.start;
    let leaf = |at: u32| {
        let canvas = view.record.canvases.get(usize::try_from(at).ok()?)?;
        let class = if at == view.canvas {
            "leaf now"
        } else {
            "leaf"
        };
        let leaf = el("div").class(class).attr("data-canvas", at).key(at);
        Some(leaf.with(canvas_content(cx, view, at, canvas)))
    };
    el("div")
        .class(class)
        .key(key)
        .attr("dir", reading_direction(cx, view))
        .with(nodes(visible.filter_map(leaf)))
}

/// Renders the toolbar of a book, which contains the layout buttons, a page number field and a
/// button that toggles the thumbnails.
pub fn toolbar(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let labels = [
        i18n::reading_single(lang),
        i18n::reading_spread(lang),
        i18n::reading_scroll(lang),
    ];
    let button = |action: &'static str, label: &'static str| {
        el("button")
            .attr("type", "button")
            .attr("data-action", action)
            .with(label)
    };
    let layouts = PageLayout::ALL.into_iter().zip(labels);
    let layouts = layouts.map(|((layout, name), label)| {
        let pressed = if layout == view.layout {
            "true"
        } else {
            "false"
        };
        button("reading", label)
            .attr("data-reading", name)
            .attr("aria-pressed", pressed)
    });
    // The viewer validates the page number on submission, not while the reader types.
    let go = el("form")
        .class("page-go")
        .flag("novalidate")
        .with(el("label").attr("for", "page").with(i18n::page_go(lang)))
        .with(
            el("input")
                .id("page")
                .attr("name", "page")
                .attr("size", "4")
                .attr("dir", "auto")
                .attr("autocomplete", "off"),
        )
        .with(el("button").with(i18n::page_go_do(lang)));
    el("div")
        .class("book-tools needs-viewer")
        .with(
            el("div")
                .class("layouts")
                .attr("role", "group")
                .attr("aria-label", i18n::reading(lang))
                .with(nodes(layouts)),
        )
        .with(go)
        .with(
            button("overview", i18n::pages_overview(lang))
                .class("overview")
                .attr(
                    "aria-expanded",
                    if view.has_all_thumbnails {
                        "true"
                    } else {
                        "false"
                    },
                ),
        )
}

/// Renders the links to the previous and the next page, in the reading direction. Before hydration, they
/// link to the images of the pages.
pub fn page_navigation(cx: &Context, view: &ItemPage) -> El {
    let href = |at: u32| {
        let canvas = view.record.canvases.get(at as usize);
        canvas.map(|canvas| thumbnail_href(cx, view, at, canvas))
    };
    let turn =
        |to: Option<u32>, rel: &'static str, label: &'static str, class| match to.and_then(href) {
            Some(href) => el("a")
                .class("turn")
                .attr("rel", rel)
                .href(href)
                .attr("aria-label", label)
                .with(arrow(class)),
            None => el("span").class("turn").attr("aria-hidden", "true"),
        };
    el("nav")
        .class("turning")
        .attr("aria-label", i18n::pages(cx.lang))
        .attr("dir", reading_direction(cx, view))
        .with(turn(
            view.adjacent_canvas(false),
            "prev",
            i18n::page_previous(cx.lang),
            "arrow back",
        ))
        .with(el("p").attr("dir", cx.lang.dir()).with(position(cx, view)))
        .with(turn(
            view.adjacent_canvas(true),
            "next",
            i18n::page_next(cx.lang),
            "arrow",
        ))
}

/// Renders the thumbnails. Before hydration, they link to the images of the pages.
pub fn thumbnails(cx: &Context, view: &ItemPage) -> El {
    let pages = view.thumbnail_range();
    let more = (!cx.is_hydrated && u64::from(pages.end) < canvas_count(view)).then(|| {
        let all = el("a").href("#all-pages".into());
        el("li").with(all.with(i18n::pages_overview(cx.lang)))
    });
    let thumbnails = pages.filter_map(|at| {
        let canvas = view.record.canvases.get(usize::try_from(at).ok()?)?;
        Some(thumbnail(cx, view, at, canvas).key(at))
    });
    el("nav")
        .class("strip")
        .attr(
            "aria-label",
            i18n::page_of(cx.lang, u64::from(view.canvas) + 1, canvas_count(view)),
        )
        .attr("dir", reading_direction(cx, view))
        .with(el("ol").with(nodes(thumbnails)).with(more))
}

/// Renders all thumbnails of a long book for readers without JavaScript. Returns `None` if the page
/// of the item already displays all thumbnails.
#[cfg(feature = "ssr")]
pub fn all_thumbnails(cx: &Context, view: &ItemPage) -> Option<El> {
    let all = ItemPage {
        has_all_thumbnails: true,
        ..view.clone()
    };
    let is_long = view.thumbnail_range() != all.thumbnail_range();
    is_long.then(|| thumbnails(cx, &all).id("all-pages"))
}

/// Renders the table of contents. Before hydration, sections link to the image of their first page.
pub fn contents(cx: &Context, view: &ItemPage) -> Option<El> {
    let sections = &view.record.item.contents;
    let starts = sections.iter().map(|section| section.file);
    let current = starts.filter(|start| *start <= view.canvas).max();
    let entry = |section: &Section| {
        let canvas = view.record.canvases.get(section.file as usize)?;
        let is_current = cx.is_hydrated && current == Some(section.file);
        let title = cx.best(&section.title, "");
        let link = el("a")
            .href(thumbnail_href(cx, view, section.file, canvas))
            .attr("aria-current", is_current.then_some("true"))
            .with(
                el("span")
                    .class("entry")
                    .lang_attrs(&title.lang, &title.text)
                    .with(title.text),
            )
            .with(
                el("span")
                    .class("page")
                    .with(page_label(cx, section.file, canvas)),
            );
        Some(el("li").with(link))
    };
    let entries: Vec<El> = sections.iter().filter_map(entry).collect();
    if entries.is_empty() {
        return None;
    }
    let list = el("nav")
        .class("contents")
        .attr("aria-label", i18n::contents(cx.lang))
        .with(fold(cx, i18n::contents(cx.lang), entries));
    Some(list)
}

/// Returns the URL that a thumbnail links to.
fn thumbnail_href(cx: &Context, view: &ItemPage, i: u32, canvas: &Canvas) -> AttrValue {
    let href = match (&canvas.image, cx.is_hydrated) {
        (Some(image), false) => image
            .derivative_for_width(1600)
            .map(|size| cx.file(&image.path(size))),
        _ => None,
    };
    href.unwrap_or_else(|| cx.href(&view.route_at(i)))
}

/// Renders the label of a page, or the number of the page if it has no label.
/// Returns the label of a page, or its number.
pub fn page_name(lang: &str, i: u32, canvas: &Canvas) -> String {
    if canvas.label.is_empty() {
        i18n::digits(Lang::of(lang), &(u64::from(i) + 1).to_string())
    } else {
        LangText::best(&canvas.label, lang, "").text
    }
}

fn page_label(cx: &Context, i: u32, canvas: &Canvas) -> Html {
    if canvas.label.is_empty() {
        i18n::number(cx.lang, u64::from(i) + 1).into_html()
    } else {
        bdi(&cx.best(&canvas.label, ""))
    }
}

fn thumbnail(cx: &Context, view: &ItemPage, i: u32, canvas: &Canvas) -> El {
    let number = u64::from(i) + 1;
    let image = canvas.image.as_ref().and_then(|image| {
        let img = parts::derivative(cx, image, image.strip()?)
            .attr("alt", "")
            .attr("loading", "lazy");
        Some(img)
    });
    let text = canvas
        .text
        .as_ref()
        .filter(|_| !cx.is_hydrated)
        .map(|origin| {
            let page = i18n::page_number(cx.lang, number);
            el("a")
                .class("strip-text")
                .href(cx.file(&origin.path()))
                .attr("type", "text/plain")
                .attr(
                    "aria-label",
                    format!("{}: {page}", i18n::text_open(cx.lang)),
                )
                .with(i18n::text_of_item(cx.lang))
        });
    let link = el("a")
        .href(thumbnail_href(cx, view, i, canvas))
        .attr(
            "aria-current",
            (cx.is_hydrated && i == view.canvas).then_some("page"),
        )
        .attr("aria-label", i18n::page_number(cx.lang, number))
        .with(el("span").class("strip-image").with(image))
        .with(
            el("span")
                .class("strip-label")
                .with(page_label(cx, i, canvas)),
        );
    el("li").with(link).with(text)
}
