//! The pages of a book: turned, laid out, all in small.

use khizana_format::Canvas;
use khizana_model::Section;
use yew::{AttrValue, Html};

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, each, el};
use super::parts::{self, arrow};
use super::stage::{count, object, reading_direction};
use crate::book::Reading;
use crate::page::ItemPage;
use crate::words;

/// Where in the book the reader is: a page, or the two that face each other.
pub fn place(cx: &Context, view: &ItemPage) -> String {
    let pages = count(view);
    let seen = view.together();
    if view.reading == Reading::Spread && seen.len() > 1 {
        let first = u64::from(seen.start) + 1;
        return words::pages_of(cx.lang, first, u64::from(seen.end), pages);
    }
    words::page_of(cx.lang, u64::from(view.canvas) + 1, pages)
}

/// The pages that are seen together, in the direction in which the book is read.
pub fn leaves(cx: &Context, view: &ItemPage) -> El {
    let seen = view.together();
    let class = match view.reading {
        Reading::Scroll => "stage-object leaves scroll",
        _ if seen.len() > 1 => "stage-object leaves spread",
        _ => "stage-object leaves",
    };
    let key = seen.start;
    let leaf = |at: u32| {
        let canvas = view.record.canvases.get(usize::try_from(at).ok()?)?;
        let class = if at == view.canvas {
            "leaf now"
        } else {
            "leaf"
        };
        let leaf = el("div").class(class).attr("data-canvas", at).key(at);
        Some(leaf.with(object(cx, view, at, canvas)))
    };
    el("div")
        .class(class)
        .key(key)
        .attr("dir", reading_direction(cx, view))
        .with(each(seen.filter_map(leaf)))
}

/// How the pages are laid out, all of them in small, and the way to one by its number.
pub fn tools(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let labels = [
        words::reading_single(lang),
        words::reading_spread(lang),
        words::reading_scroll(lang),
    ];
    let button = |action: &'static str, label: &'static str| {
        el("button")
            .attr("type", "button")
            .attr("data-action", action)
            .with(label)
    };
    let layouts = Reading::ALL.into_iter().zip(labels);
    let layouts = layouts.map(|((reading, name), label)| {
        let pressed = if reading == view.reading {
            "true"
        } else {
            "false"
        };
        button("reading", label)
            .attr("data-reading", name)
            .attr("aria-pressed", pressed)
    });
    // Whether there is such a page is said when it is asked for, each time.
    let go = el("form")
        .class("page-go")
        .flag("novalidate")
        .with(el("label").attr("for", "page").with(words::page_go(lang)))
        .with(
            el("input")
                .id("page")
                .attr("name", "page")
                .attr("size", "4")
                .attr("dir", "auto")
                .attr("autocomplete", "off"),
        )
        .with(el("button").with(words::page_go_do(lang)));
    el("div")
        .class("book-tools")
        .with(
            el("div")
                .class("layouts")
                .attr("role", "group")
                .attr("aria-label", words::reading(lang))
                .with(each(layouts)),
        )
        .with(go)
        .with(
            button("overview", words::pages_overview(lang))
                .class("overview")
                .attr(
                    "aria-expanded",
                    if view.overview { "true" } else { "false" },
                ),
        )
}

/// To the previous and the next page, laid out as the book is read.
pub fn turning(cx: &Context, view: &ItemPage) -> El {
    let turn = |to: Option<u32>, rel: &'static str, label: &'static str, class| match to {
        Some(canvas) => el("a")
            .class("turn")
            .attr("rel", rel)
            .href(cx.href(&view.at(canvas)))
            .attr("aria-label", label)
            .with(arrow(class)),
        None => el("span").class("turn").attr("aria-hidden", "true"),
    };
    el("nav")
        .class("turning")
        .attr("aria-label", words::pages(cx.lang))
        .attr("dir", reading_direction(cx, view))
        .with(turn(
            view.turned(false),
            "prev",
            words::page_previous(cx.lang),
            "arrow back",
        ))
        .with(el("p").attr("dir", cx.lang.dir()).with(place(cx, view)))
        .with(turn(
            view.turned(true),
            "next",
            words::page_next(cx.lang),
            "arrow",
        ))
}

/// The pages in small. Without the viewer each leads to the page's own picture.
pub fn strip(cx: &Context, view: &ItemPage) -> El {
    let pages = view.in_small();
    let more = (!cx.live && u64::from(pages.end) < count(view)).then(|| {
        let all = el("a").href("#all-pages".into());
        el("li").with(all.with(words::pages_overview(cx.lang)))
    });
    let small = pages.filter_map(|at| {
        let canvas = view.record.canvases.get(usize::try_from(at).ok()?)?;
        Some(small_page(cx, view, at, canvas).key(at))
    });
    el("nav")
        .class("strip")
        .attr(
            "aria-label",
            words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view)),
        )
        .attr("dir", reading_direction(cx, view))
        .with(el("ol").with(each(small)).with(more))
}

/// All pages in small, of a book that is so long that its page shows some of them. It stands where only
/// those read it who have no JavaScript.
#[cfg(feature = "ssr")]
pub fn all_pages(cx: &Context, view: &ItemPage) -> Option<El> {
    let all = ItemPage {
        overview: true,
        ..view.clone()
    };
    let long = view.in_small() != all.in_small();
    long.then(|| strip(cx, &all).id("all-pages"))
}

/// The sections of the book. Without the viewer each leads to the picture of the page it begins with.
pub fn contents(cx: &Context, view: &ItemPage) -> Option<El> {
    let sections = &view.record.item.contents;
    let begun = sections.iter().map(|own| own.file);
    let begun = begun.filter(|file| *file <= view.canvas).max();
    let entry = |section: &Section| {
        let canvas = view.record.canvases.get(section.file as usize)?;
        let here = cx.live && begun == Some(section.file);
        let link = el("a")
            .href(small_href(cx, view, section.file, canvas))
            .attr("aria-current", here.then_some("true"))
            .with(bdi(&cx.best(&section.title, "")))
            .with(" ")
            .with(
                el("span")
                    .class("quiet")
                    .with(number(cx, section.file, canvas)),
            );
        Some(el("li").with(link))
    };
    let entries: Vec<El> = sections.iter().filter_map(entry).collect();
    if entries.is_empty() {
        return None;
    }
    let list = el("nav")
        .class("contents")
        .attr("aria-labelledby", "contents")
        .with(
            el("h2")
                .id("contents")
                .class("rubric")
                .with(words::contents(cx.lang)),
        )
        .with(el("ol").with(each(entries)));
    Some(list)
}

/// Where a page in small leads.
fn small_href(cx: &Context, view: &ItemPage, i: u32, canvas: &Canvas) -> AttrValue {
    let href = match (&canvas.image, cx.live) {
        (Some(image), false) => image
            .derivative_for_width(1600)
            .map(|size| cx.file(&image.path(size))),
        _ => None,
    };
    href.unwrap_or_else(|| cx.href(&view.at(i)))
}

/// What a page is called: by its label, or by its place.
fn number(cx: &Context, i: u32, canvas: &Canvas) -> Html {
    if canvas.label.is_empty() {
        words::number(cx.lang, u64::from(i) + 1).into_html()
    } else {
        bdi(&cx.best(&canvas.label, ""))
    }
}

fn small_page(cx: &Context, view: &ItemPage, i: u32, canvas: &Canvas) -> El {
    let place = u64::from(i) + 1;
    let thumbnail = canvas.image.as_ref().and_then(|image| {
        let img = parts::picture(cx, image, image.sizes.first()?)
            .attr("alt", "")
            .attr("loading", "lazy");
        Some(img)
    });
    let text = canvas.text.as_ref().filter(|_| !cx.live).map(|origin| {
        let page = words::page_number(cx.lang, place);
        el("a")
            .class("strip-text")
            .href(cx.file(&origin.path()))
            .attr("type", "text/plain")
            .attr(
                "aria-label",
                format!("{}: {page}", words::text_open(cx.lang)),
            )
            .with(words::text_of_item(cx.lang))
    });
    let link = el("a")
        .href(small_href(cx, view, i, canvas))
        .attr(
            "aria-current",
            (cx.live && i == view.canvas).then_some("page"),
        )
        .attr("aria-label", words::page_number(cx.lang, place))
        .with(el("span").class("strip-image").with(thumbnail))
        .with(el("span").class("strip-label").with(number(cx, i, canvas)));
    el("li").with(link).with(text)
}
