//! The browse page: search results and facets.

use khizana_model::{LangMap, LangTag};
use yew::Html;

use super::cards::cards;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::pager::pager;
use super::shell::search;
use crate::card::LangText;
use crate::dates;
use crate::i18n::{self, Lang};
use crate::page::{Browse, Facet, MAX_FACET_VALUES, RESULTS_PAGE_SIZE};
use crate::query::{BrowseQuery, SortOrder};
use crate::route::Route;

pub fn browse(cx: &Context, view: &Browse) -> Html {
    let lang = cx.lang;
    let query = &view.query;
    let pages = view.total.div_ceil(RESULTS_PAGE_SIZE);
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
                .with(i18n::browse_title(lang)),
        )
        .with(search(cx, Some(&query.text), true));
    let has_years = view.has_years && (view.total > 0 || query.year_range().is_some());
    let has_facets = has_years || view.facets.iter().any(|facet| !facet.values.is_empty());
    let toggle = has_facets.then(|| toggle("narrow-toggle", "facets", i18n::filter_items(lang)));
    let facets = has_facets.then(|| {
        el("nav")
            .id("facets")
            .class("facets")
            .attr("aria-label", i18n::filter_items(lang))
            .with(nodes(view.facets.iter().map(|one| facet(cx, query, one))))
            .with(has_years.then(|| year_form(cx, query)))
    });
    let heading = el("h2")
        .id("results")
        .class("unseen")
        .attr("tabindex", "-1")
        .with(i18n::results(lang));
    let bar = el("div")
        .class("results-bar")
        .with(
            el("p")
                .class("count")
                .attr("role", "status")
                .with(i18n::results_count(lang, view.total.into())),
        )
        .with(sort_links(cx, query));
    let list = if view.total == 0 {
        no_results(cx, query).into_html()
    } else {
        cards(cx, &view.cards, &view.query.text)
    };
    let results = el("section")
        .class("results")
        .attr("aria-labelledby", "results")
        .attr("aria-busy", view.is_busy.then_some("true"))
        .with(heading)
        .with(bar)
        .with(filter_chips(cx, view))
        .with(suggestion(cx, view))
        .with(list)
        .with(pager(cx, query.page.saturating_add(1), pages, route));
    let body = el("div")
        .class("browse")
        .with(toggle)
        .with(facets)
        .with(results);
    fragment(vec![opening.into_html(), body.into_html()])
}

/// Renders a button that shows and hides the element `controls`.
fn toggle(class: &'static str, controls: &str, label: &str) -> El {
    el("button")
        .attr("type", "button")
        .class(class)
        .attr("data-action", "toggle")
        .attr("aria-expanded", "false")
        .attr("aria-controls", controls)
        .with(label)
}

/// Renders the message that is displayed if there are no results, with links to other queries.
fn no_results(cx: &Context, query: &BrowseQuery) -> El {
    let lang = cx.lang;
    let link = |query, text: &'static str| {
        let link = el("a").href(cx.href(&Route::Browse(query))).with(text);
        el("p").with(link)
    };
    let clear = query
        .is_filtered()
        .then(|| link(query.without_filters(), i18n::filters_clear(lang)));
    el("div")
        .class("empty")
        .with(el("p").class("empty-title").with(i18n::nothing_found(lang)))
        .with(el("p").with(i18n::nothing_found_help(lang)))
        .with(clear)
        .with(link(BrowseQuery::default(), i18n::browse_all(lang)))
}

fn sort_links(cx: &Context, query: &BrowseQuery) -> El {
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
    let links = orders.into_iter().map(|(sort, label)| {
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
        .attr("aria-label", i18n::sort(lang))
        .with(
            el("span")
                .attr("aria-hidden", "true")
                .with(i18n::sort(lang)),
        )
        .with(el("ul").with(nodes(links)))
}

fn filter_chips(cx: &Context, view: &Browse) -> Option<El> {
    let query = &view.query;
    if !query.is_filtered() {
        return None;
    }
    let chip = |without: BrowseQuery, text: &LangText| {
        let link = el("a")
            .class("chip")
            .href(cx.href(&Route::Browse(without)))
            .attr("aria-label", i18n::filter_remove(cx.lang, &text.text))
            .with(bdi(text))
            .with(el("span").attr("aria-hidden", "true").with("×"));
        el("li").with(link)
    };
    let chips = query.filters.iter().map(|(field, key)| {
        let values = view
            .facets
            .iter()
            .filter(|facet| facet.field == *field)
            .flat_map(|facet| &facet.values);
        let label = values
            .into_iter()
            .find(|value| value.key == *key)
            .map(|value| &value.label);
        chip(
            query.toggle_filter(field, key),
            &value_label(cx, field, key, label),
        )
    });
    let years = query.year_range().map(|_| {
        let without = BrowseQuery {
            from: None,
            to: None,
            page: 0,
            ..query.clone()
        };
        chip(
            without,
            &cx.interface_text(dates::year_range(query.from, query.to, cx.lang)),
        )
    });
    Some(
        el("ul")
            .class("chips")
            .attr("aria-label", i18n::filters(cx.lang))
            .with(nodes(chips.chain(years))),
    )
}

/// Renders the link to the query with corrected spelling.
fn suggestion(cx: &Context, view: &Browse) -> Option<El> {
    let text = view.suggestion.as_ref()?;
    let query = BrowseQuery {
        text: text.clone(),
        page: 0,
        ..view.query.clone()
    };
    let link = el("a")
        .href(cx.href(&Route::Browse(query)))
        .with(el("bdi").with(text));
    Some(
        el("p")
            .class("suggestion")
            .with(i18n::did_you_mean(cx.lang))
            .with(" ")
            .with(link),
    )
}

fn facet(cx: &Context, query: &BrowseQuery, facet: &Facet) -> Option<El> {
    let max_count = facet.values.iter().map(|value| value.count).max()?;
    let label = field_label(cx.lang, &facet.field, &facet.label, cx);
    let id = format!("facet-{}", facet.field);
    let is_timeline = facet.field.contains(':');
    let links = facet.values.iter().map(|value| {
        let route = Route::Browse(query.toggle_filter(&facet.field, &value.key));
        let count = i18n::number(cx.lang, value.count.into());
        let text = value_label(cx, &facet.field, &value.key, Some(&value.label));
        // The width is an attribute because the content security policy does not allow style
        // attributes.
        let bar = is_timeline.then(|| {
            let width = u64::from(value.count) * 100 / u64::from(max_count.max(1));
            el("svg")
                .class("bar")
                .attr("width", format!("{}%", width.max(1)))
                .attr("height", "4")
                .attr("aria-hidden", "true")
        });
        let link = el("a")
            .class("facet-value")
            .href(cx.href(&route))
            .attr("aria-current", value.is_selected.then_some("true"))
            .with(el("span").class("facet-label").with(bdi(&text)))
            .with(el("span").class("facet-count").with(count))
            .with(bar);
        el("li").key(value.key.as_str()).with(link)
    });
    let is_expanded = query.expanded_facet.as_ref() == Some(&facet.field);
    let displayed = u32::try_from(facet.values.len()).unwrap_or(u32::MAX);
    let more = (!is_timeline && (is_expanded || facet.distinct > displayed)).then(|| {
        let text = if is_expanded {
            i18n::show_fewer(cx.lang).to_owned()
        } else if facet.distinct > MAX_FACET_VALUES {
            i18n::show_most(cx.lang, MAX_FACET_VALUES.into())
        } else {
            i18n::show_all(cx.lang, facet.distinct.into())
        };
        let route = Route::Browse(BrowseQuery {
            expanded_facet: (!is_expanded).then(|| facet.field.clone()),
            ..query.clone()
        });
        el("a").class("more").href(cx.href(&route)).with(text)
    });
    Some(
        el("section")
            .class("facet")
            .attr("aria-labelledby", &id)
            .key(facet.field.as_str())
            .with(el("h2").id(&id).with(bdi(&label)))
            .with(
                el("ul")
                    .class(is_timeline.then_some("timeline"))
                    .with(nodes(links)),
            )
            .with(more),
    )
}

/// Renders the form of the year filter. Its key contains the years, so that the form is replaced
/// when the years change, and keeps its input otherwise.
fn year_form(cx: &Context, query: &BrowseQuery) -> El {
    let input = |name: &'static str, label: &'static str, year: Option<i32>| {
        let input = el("input")
            .attr("type", "number")
            .attr("name", name)
            .attr("min", "-9999")
            .attr("max", "9999")
            .attr("value", year.map(|year| year.to_string()));
        el("label").with(el("span").with(label)).with(input)
    };
    let lang = cx.lang;
    let form = el("form")
        .class("years")
        .attr("action", cx.href(&Route::Browse(BrowseQuery::default())))
        .attr("aria-labelledby", "facet-years")
        .key(dates::year_range(query.from, query.to, lang))
        .with(input("from", i18n::year_from(lang), query.from))
        .with(input("to", i18n::year_to(lang), query.to))
        .with(
            el("button")
                .attr("type", "submit")
                .with(i18n::years_apply(lang)),
        );
    el("section")
        .class("facet")
        .key("years")
        .with(el("h2").id("facet-years").with(i18n::years(lang)))
        .with(form)
}

/// Returns the label of a field: the label that the collection defines, or else the label in the
/// interface, or else the name of the field.
pub fn field_label(lang: Lang, field: &str, label: &LangMap, cx: &Context) -> LangText {
    match i18n::field(lang, field).filter(|_| label.is_empty()) {
        Some(name) => cx.interface_text(name.to_owned()),
        None => cx.best(label, &field.replace('_', " ")),
    }
}

/// Returns the label of a value of a facet. The interface defines the labels of languages, rights
/// and periods.
fn value_label(cx: &Context, field: &str, key: &str, label: Option<&LangMap>) -> LangText {
    let known = match field {
        "language" => i18n::language(cx.lang, key).map(str::to_owned),
        "rights" => khizana_model::known_rights(key)
            .map(|(rights, _)| rights.name(&cx.page.lang).to_owned()),
        _ => dates::timeline_value(field, key, cx.lang),
    };
    match (known, label) {
        (Some(known), _) => cx.interface_text(known),
        (None, Some(label)) => cx.best(label, key),
        (None, None) => LangText {
            lang: LangTag::und(),
            text: key.to_owned(),
        },
    }
}
