//! The choice between shelf, list and table.

use super::super::context::Context;
use super::super::el::{El, el};
use super::suits_shelf;
use crate::i18n;
use crate::page::Browse;
use crate::query::ResultLayout;
use crate::route::Route;

/// Returns the layout of the results: the selected one, or else the shelf if enough results have an
/// image, or else the list.
pub fn of(view: &Browse) -> ResultLayout {
    view.query.layout.unwrap_or(if suits_shelf(&view.cards) {
        ResultLayout::Shelf
    } else {
        ResultLayout::List
    })
}

/// Renders links to the results in each layout.
pub fn switch(cx: &Context, view: &Browse) -> El {
    let lang = cx.lang;
    let current = of(view);
    let layouts = [
        (
            ResultLayout::Shelf,
            i18n::layout_shelf(lang),
            "M2 2h5v5H2zM11 2h5v5h-5zM2 11h5v5H2zM11 11h5v5h-5z",
        ),
        (
            ResultLayout::List,
            i18n::layout_list(lang),
            "M2 4h2M7 4h9M2 9h2M7 9h9M2 14h2M7 14h9",
        ),
        (
            ResultLayout::Table,
            i18n::layout_table(lang),
            "M1.5 2.5h15v13h-15zM1.5 7h15M1.5 11.5h15M7 7v8.5",
        ),
    ];
    let mut list = el("ul");
    for (layout, label, path) in layouts {
        let mut to = view.query.clone();
        to.layout = Some(layout);
        let icon = el("svg")
            .attr("width", "18")
            .attr("height", "18")
            .attr("viewBox", "0 0 18 18")
            .attr("aria-hidden", "true")
            .attr("focusable", "false")
            .with(el("path").attr("d", path));
        let link = el("a")
            .href(cx.href(&Route::Browse(to)))
            .attr("aria-current", (layout == current).then_some("true"))
            .with(icon)
            .with(el("span").with(label));
        list = list.with(el("li").with(link));
    }
    el("nav")
        .class("views")
        .attr("aria-label", i18n::layout_choice(lang))
        .with(list)
}
