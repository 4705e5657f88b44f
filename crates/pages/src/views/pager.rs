//! From page to page of a list.

use yew::Html;

use super::context::Context;
use super::el::{IntoHtml, all, each, el};
use super::parts::arrow;
use crate::route::Route;
use crate::words;

/// Links to the neighbouring pages and to some others. `page` counts from 1.
pub fn pager(cx: &Context, page: u32, pages: u32, route: impl Fn(u32) -> Route) -> Html {
    if pages < 2 {
        return Html::default();
    }
    let lang = cx.lang;
    let step = |to: u32, rel: &'static str, label: &'static str, before: bool| {
        el("a")
            .class("step")
            .attr("rel", rel)
            .href(cx.href(&route(to)))
            .with(before.then(|| arrow("arrow back")))
            .with(label)
            .with((!before).then(|| arrow("arrow")))
    };
    let mut last = 0;
    let shown = (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) < 3);
    let numbers = shown.map(|n| {
        let gap = n > last + 1;
        last = n;
        let link = el("a")
            .href(cx.href(&route(n)))
            .attr("aria-current", (n == page).then_some("page"))
            .attr("aria-label", words::page_number(lang, n.into()))
            .with(words::number(lang, n.into()));
        let gap = gap.then(|| el("li").class("gap").attr("aria-hidden", "true").with("…"));
        all(vec![gap.into_html(), el("li").with(link).into_html()])
    });
    let numbers = each(numbers);
    el("nav")
        .class("pager")
        .attr("aria-label", words::pager(lang))
        .attr("dir", lang.dir())
        .with((page > 1).then(|| step(page - 1, "prev", words::previous(lang), true)))
        .with(el("ul").with(numbers))
        .with(
            (page < pages).then(|| step(page.saturating_add(1), "next", words::next(lang), false)),
        )
        .into_html()
}
