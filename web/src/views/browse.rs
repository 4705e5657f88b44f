//! Search: its results, and what they can be narrowed by.

use khizana_model::LangTag;
use yew::Html;

use super::cards::cards;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::pager::pager;
use super::shell::search;
use crate::card::Text;
use crate::page::{Browse, Facet, FacetValue, RESULTS_SIZE};
use crate::query::{BrowseQuery, Order};
use crate::route::Route;
use crate::words::{self, Lang};

/// How many values of a facet are shown before the rest is asked for.
const FIRST_VALUES: usize = 8;

pub fn browse(cx: &Context, view: &Browse) -> Html {
    let lang = cx.lang;
    let query = &view.query;
    let pages = view.total.div_ceil(RESULTS_SIZE);
    let route = |page: u32| {
        Route::Browse(BrowseQuery {
            page: page.saturating_sub(1),
            ..query.clone()
        })
    };
    let opening = el("div")
        .class("opening slim")
        .with(
            el("h1")
                .attr("tabindex", "-1")
                .with(words::browse_title(lang)),
        )
        .with(search(cx, Some(&query.text), true));
    let narrow = view.facets.iter().any(|facet| !facet.values.is_empty());
    let toggle = narrow.then(|| toggle("narrow-toggle", "facets", words::narrow(lang)));
    let facets = narrow.then(|| {
        el("nav")
            .id("facets")
            .class("facets")
            .attr("aria-label", words::narrow(lang))
            .with(each(view.facets.iter().map(|one| facet(cx, query, one))))
    });
    let heading = el("h2")
        .id("results")
        .class("unseen")
        .attr("tabindex", "-1")
        .with(words::results(lang));
    let bar = el("div")
        .class("results-bar")
        .with(
            el("p")
                .class("count")
                .attr("role", "status")
                .with(words::results_count(lang, view.total.into())),
        )
        .with(orders(cx, query));
    let list = if view.total == 0 {
        nothing(cx, query).into_html()
    } else {
        cards(cx, &view.cards)
    };
    let results = el("section")
        .class("results")
        .attr("aria-labelledby", "results")
        .attr("aria-busy", view.busy.then_some("true"))
        .with(heading)
        .with(bar)
        .with(chips(cx, view))
        .with(list)
        .with(pager(cx, query.page.saturating_add(1), pages, route));
    let body = el("div")
        .class("browse")
        .with(toggle)
        .with(facets)
        .with(results);
    all(vec![opening.into_html(), body.into_html()])
}

/// A button that shows and hides what it controls.
fn toggle(class: &'static str, controls: &str, label: &str) -> El {
    el("button")
        .attr("type", "button")
        .class(class)
        .attr("data-action", "toggle")
        .attr("aria-expanded", "false")
        .attr("aria-controls", controls)
        .with(label)
}

/// Says that nothing was found, and what may help.
fn nothing(cx: &Context, query: &BrowseQuery) -> El {
    let lang = cx.lang;
    let link = |query, text: &'static str| {
        let link = el("a").href(cx.href(&Route::Browse(query))).with(text);
        el("p").with(link)
    };
    let clear = (!query.filters.is_empty()).then(|| {
        let without = BrowseQuery {
            filters: Vec::new(),
            page: 0,
            ..query.clone()
        };
        link(without, words::filters_clear(lang))
    });
    el("div")
        .class("empty")
        .with(
            el("p")
                .class("empty-title")
                .with(words::nothing_found(lang)),
        )
        .with(el("p").with(words::nothing_found_help(lang)))
        .with(clear)
        .with(link(BrowseQuery::default(), words::browse_all(lang)))
}

fn orders(cx: &Context, query: &BrowseQuery) -> El {
    let lang = cx.lang;
    let all = [
        (None, words::sort_relevance(lang)),
        (Some(Order::Title), words::sort_title(lang)),
        (Some(Order::Date), words::sort_date(lang)),
        (
            Some(Order::DateDescending),
            words::sort_date_descending(lang),
        ),
    ];
    let links = all.into_iter().map(|(sort, label)| {
        let href = cx.href(&Route::Browse(BrowseQuery {
            sort,
            page: 0,
            ..query.clone()
        }));
        let link = el("a")
            .href(href)
            .attr("aria-current", (sort == query.sort).then_some("true"))
            .with(label);
        el("li").with(link)
    });
    el("nav")
        .class("orders")
        .attr("aria-label", words::sort(lang))
        .with(
            el("span")
                .attr("aria-hidden", "true")
                .with(words::sort(lang)),
        )
        .with(el("ul").with(each(links)))
}

fn chips(cx: &Context, view: &Browse) -> Option<El> {
    let query = &view.query;
    if query.filters.is_empty() {
        return None;
    }
    let chips = query.filters.iter().map(|(field, key)| {
        let value = view
            .facets
            .iter()
            .filter(|facet| facet.field == *field)
            .flat_map(|facet| &facet.values)
            .find(|value| value.key == *key);
        let text = match value {
            Some(value) => value_text(cx, field, value),
            None => Text {
                lang: LangTag::und(),
                text: key.clone(),
            },
        };
        let link = el("a")
            .class("chip")
            .href(cx.href(&Route::Browse(query.toggled(field, key))))
            .attr("aria-label", words::filter_remove(cx.lang, &text.text))
            .with(bdi(&text))
            .with(el("span").attr("aria-hidden", "true").with("×"));
        el("li").with(link)
    });
    Some(
        el("ul")
            .class("chips")
            .attr("aria-label", words::filters(cx.lang))
            .with(each(chips)),
    )
}

fn facet(cx: &Context, query: &BrowseQuery, facet: &Facet) -> Option<El> {
    if facet.values.is_empty() {
        return None;
    }
    let label = field_label(cx.lang, &facet.field, &facet.label, cx);
    let id = format!("facet-{}", facet.field);
    let link = |value: &FacetValue| {
        let route = Route::Browse(query.toggled(&facet.field, &value.key));
        let count = words::number(cx.lang, value.count.into());
        let link = el("a")
            .class("facet-value")
            .href(cx.href(&route))
            .attr("aria-current", value.selected.then_some("true"))
            .with(
                el("span")
                    .class("facet-label")
                    .with(bdi(&value_text(cx, &facet.field, value))),
            )
            .with(el("span").class("facet-count").with(count));
        el("li").key(value.key.as_str()).with(link)
    };
    let (first, rest) = facet.values.split_at(facet.values.len().min(FIRST_VALUES));
    let id_of_rest = format!("{id}-more");
    let more = (!rest.is_empty()).then(|| {
        let count = u64::try_from(facet.values.len()).unwrap_or_default();
        toggle("more", &id_of_rest, &words::show_all(cx.lang, count))
    });
    let rest = (!rest.is_empty()).then(|| {
        el("ul")
            .id(&id_of_rest)
            .class("rest")
            .with(each(rest.iter().map(link)))
    });
    Some(
        el("section")
            .class("facet")
            .attr("aria-labelledby", &id)
            .key(facet.field.as_str())
            .with(el("h2").id(&id).with(bdi(&label)))
            .with(el("ul").with(each(first.iter().map(link))))
            .with(more)
            .with(rest),
    )
}

/// What a field is called: as its collection says, as the interface knows it, or its own name.
pub fn field_label(lang: Lang, field: &str, label: &khizana_model::LangMap, cx: &Context) -> Text {
    if label.is_empty()
        && let Some(known) = words::field(lang, field)
        && let Ok(tag) = cx.page.lang.parse()
    {
        return Text {
            lang: tag,
            text: known.to_owned(),
        };
    }
    cx.best(label, field)
}

/// What a value of a facet is called; languages and rights by their names.
fn value_text(cx: &Context, field: &str, value: &FacetValue) -> Text {
    let known = match field {
        "language" => words::language(cx.lang, &value.key),
        "rights" => {
            khizana_model::known_rights(&value.key).map(|(known, _)| known.name(&cx.page.lang))
        }
        _ => None,
    };
    match (known, cx.page.lang.parse()) {
        (Some(known), Ok(lang)) => Text {
            lang,
            text: known.to_owned(),
        },
        _ => cx.best(&value.label, &value.key),
    }
}
