//! From page to page of a list.

use yew::{Html, html};

use super::context::Context;
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
        html! {
            <a class="step" {rel} href={cx.href(&route(to))}>
                if before { { arrow("arrow back") } }{ label }if !before { { arrow("arrow") } }
            </a>
        }
    };
    let mut last = 0;
    let numbers = (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) < 3).map(|n| {
        let gap = n > last + 1;
        last = n;
        let current = (n == page).then_some("page");
        html! {
            <>
                if gap { <li class="gap" aria-hidden="true">{ "…" }</li> }
                <li><a href={cx.href(&route(n))} aria-current={current} aria-label={words::page_number(lang, n.into())}>
                    { words::number(lang, n.into()) }</a></li>
            </>
        }
    });
    let numbers: Vec<Html> = numbers.collect();
    html! {
        <nav class="pager" aria-label={words::pager(lang)} dir={lang.dir()}>
            if page > 1 { { step(page - 1, "prev", words::previous(lang), true) } }
            <ul>{ for numbers }</ul>
            if page < pages { { step(page.saturating_add(1), "next", words::next(lang), false) } }
        </nav>
    }
}
