//! Pagination of lists.

use yew::Html;

use super::context::Context;
use super::el::{IntoHtml, el, fragment, nodes};
use super::parts::arrow;
use crate::i18n;
use crate::route::Route;

/// Renders links to the first, last and nearby pages. `page` is the number of the current page,
/// starting at 1, and `pages` is the number of pages.
pub fn pager(cx: &Context, page: u32, pages: u32, route: impl Fn(u32) -> Route) -> Html {
    if pages < 2 {
        return Html::default();
    }
    let lang = cx.lang;
    let step = |to: u32, rel: &'static str, label: &'static str, is_back: bool| {
        el("a")
            .class("step")
            .attr("rel", rel)
            .href(cx.href(&route(to)))
            .with(is_back.then(|| arrow("arrow back")))
            .with(label)
            .with((!is_back).then(|| arrow("arrow")))
    };
    let mut last = 0;
    let listed = (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) < 3);
    let numbers = listed.map(|n| {
        let has_gap = n > last + 1;
        last = n;
        let link = el("a")
            .href(cx.href(&route(n)))
            .attr("aria-current", (n == page).then_some("page"))
            .attr("aria-label", i18n::page_number(lang, n.into()))
            .with(i18n::number(lang, n.into()));
        let gap = has_gap.then(|| el("li").class("gap").attr("aria-hidden", "true").with("…"));
        fragment(vec![gap.into_html(), el("li").with(link).into_html()])
    });
    let numbers = nodes(numbers);
    el("nav")
        .class("pager")
        .attr("aria-label", i18n::pager(lang))
        .attr("dir", lang.dir())
        .with((page > 1).then(|| step(page - 1, "prev", i18n::previous(lang), true)))
        .with(el("ul").with(numbers))
        .with((page < pages).then(|| step(page.saturating_add(1), "next", i18n::next(lang), false)))
        .into_html()
}
