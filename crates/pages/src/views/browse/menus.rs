//! The menus: one for each facet, one for exact years, and one for the order of the results. They
//! are `details` elements, which work without scripts.

use yew::Html;

use super::super::context::{Context, bdi};
use super::super::el::{El, IntoHtml, el, fragment};
use super::hidden_inputs::hidden_inputs;
use super::{field_label, value_label};
use crate::i18n;
use crate::page::{Browse, Facet, FacetValue, MAX_FACET_VALUES};
use crate::query::{BrowseQuery, SortOrder};
use crate::route::Route;

pub fn menus(cx: &Context, view: &Browse) -> El {
    let query = &view.query;
    // The histogram displays the Gregorian periods.
    let mut menus = el("nav")
        .class("facets")
        .attr("aria-label", i18n::filter_items(cx.lang));
    for facet in &view.facets {
        if !facet.field.starts_with("date:") && !facet.values.is_empty() {
            menus = menus.with(facet_menu(cx, view, facet));
        }
    }
    if view.has_years && (view.total > 0 || query.year_range().is_some()) {
        menus = menus.with(years_menu(cx, query));
    }
    if view.total > 1 {
        menus = menus.with(sort_menu(cx, query));
    }
    menus
}

/// Renders a menu. It is open at first if `is_open`.
fn menu(key: &str, summary: Html, is_open: bool, content: El) -> El {
    el("details")
        .class("facet")
        .key(key)
        .attr("open", is_open.then_some("open"))
        .with(el("summary").with(summary))
        .with(content)
}

fn facet_menu(cx: &Context, view: &Browse, facet: &Facet) -> El {
    let query = &view.query;
    let label = bdi(&field_label(cx.lang, &facet.field, &facet.label, cx));
    let selected = facet.values.iter().filter(|value| value.is_selected);
    let selected = match selected.count() as u64 {
        0 => None,
        count => Some(
            el("span")
                .class("facet-selected")
                .with(i18n::number(cx.lang, count)),
        ),
    };
    let summary = fragment(vec![label, selected.into_html()]);
    let is_expanded = query.expanded_facet.as_ref() == Some(&facet.field);
    let mut list = el("ul");
    for value in &facet.values {
        list = list.with(facet_value(cx, view, facet, value));
    }
    let displayed = u32::try_from(facet.values.len()).unwrap_or(u32::MAX);
    let is_timeline = facet.field.contains(':');
    if !is_timeline && (is_expanded || facet.distinct > displayed) {
        let text = if is_expanded {
            i18n::show_fewer(cx.lang).to_owned()
        } else if facet.distinct > MAX_FACET_VALUES {
            i18n::show_most(cx.lang, MAX_FACET_VALUES.into())
        } else {
            i18n::show_all(cx.lang, facet.distinct.into())
        };
        let mut query = query.first_page();
        query.expanded_facet = (!is_expanded).then(|| facet.field.clone());
        let href = cx.href(&Route::Browse(query));
        let link = el("a").class("more").href(href).with(text);
        list = list.with(el("li").key("more").with(link));
    }
    menu(&facet.field, summary, is_expanded, list)
}

fn facet_value(cx: &Context, view: &Browse, facet: &Facet, value: &FacetValue) -> El {
    let text = value_label(&cx.page.lang, &facet.field, &value.key, Some(&value.label));
    let link = el("a")
        .class("facet-value")
        .href(cx.href(&value_route(cx, view, facet, value)))
        .attr("aria-current", value.is_selected.then_some("true"))
        .with(el("span").class("facet-label").with(bdi(&text)))
        .with(
            el("span")
                .class("facet-count")
                .with(i18n::number(cx.lang, value.count.into())),
        );
    el("li").key(value.key.as_str()).with(link)
}

/// Returns the route of the query with the filter for a value added or removed. If a page is
/// published for this query, returns the route of the page. Without the viewer, a page of a value
/// links to the pages of the other values instead of combining the filters.
fn value_route(cx: &Context, view: &Browse, facet: &Facet, value: &FacetValue) -> Route {
    let only = || BrowseQuery::with_value(&facet.field, &value.key);
    let is_alternative = !cx.is_hydrated
        && view.has_page
        && !value.is_selected
        && view
            .query
            .filters
            .iter()
            .all(|(field, _)| *field == facet.field);
    let query = if is_alternative {
        only()
    } else {
        view.query.toggle_filter(&facet.field, &value.key)
    };
    if value.has_page && query == only() {
        Route::Value {
            field: facet.field.clone(),
            key: value.key.clone(),
        }
    } else {
        Route::Browse(query)
    }
}

/// Renders the menu with the form of the year filter. The key of the form contains the years, so
/// that the form is replaced when the years change, and keeps its input otherwise.
fn years_menu(cx: &Context, query: &BrowseQuery) -> El {
    let lang = cx.lang;
    let input = |name: &'static str, label: &'static str, year: Option<i32>| {
        let input = el("input")
            .attr("type", "number")
            .attr("name", name)
            .attr("min", "-9999")
            .attr("max", "9999")
            .attr("value", year.map(|year| year.to_string()));
        el("label").with(el("span").with(label)).with(input)
    };
    let form = el("form")
        .class("years")
        .attr("action", cx.href(&Route::Browse(BrowseQuery::default())))
        .key(crate::dates::year_range(query.from, query.to, lang))
        .with(hidden_inputs(&query.without_years()))
        .with(input("from", i18n::year_from(lang), query.from))
        .with(input("to", i18n::year_to(lang), query.to))
        .with(
            el("button")
                .attr("type", "submit")
                .with(i18n::years_apply(lang)),
        );
    menu("years", i18n::years(lang).into_html(), false, form)
}

fn sort_menu(cx: &Context, query: &BrowseQuery) -> El {
    let lang = cx.lang;
    let orders = [
        (None, i18n::sort_relevance(lang)),
        (Some(SortOrder::Title), i18n::sort_title(lang)),
        (Some(SortOrder::Date), i18n::sort_date(lang)),
        (
            Some(SortOrder::DateDescending),
            i18n::sort_date_descending(lang),
        ),
    ];
    let current = orders.iter().find(|(sort, _)| *sort == query.sort);
    let summary = i18n::sort_by(lang, current.map_or("", |(_, label)| label));
    let mut list = el("ul");
    for (sort, label) in orders {
        let mut to = query.first_page();
        to.sort = sort;
        let link = el("a")
            .href(cx.href(&Route::Browse(to)))
            .attr("aria-current", (sort == query.sort).then_some("true"))
            .with(label);
        list = list.with(el("li").with(link));
    }
    menu("sort", summary.into_html(), false, list)
}
