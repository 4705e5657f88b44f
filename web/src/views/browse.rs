//! Search: its results, and what they can be narrowed by.

use khizana_model::LangTag;
use yew::{Html, html};

use super::cards::cards;
use super::context::{Context, bdi};
use super::pager::pager;
use super::shell::search;
use crate::card::Text;
use crate::page::{Browse, Facet, FacetValue, PAGE_SIZE};
use crate::query::{BrowseQuery, Order};
use crate::route::Route;
use crate::words::{self, Lang};

/// How many values of a facet are shown before the rest is asked for.
const FIRST_VALUES: usize = 8;

pub fn browse(cx: &Context, view: &Browse) -> Html {
    let lang = cx.lang;
    let query = &view.query;
    let pages = view.total.div_ceil(PAGE_SIZE);
    let route = |page: u32| {
        Route::Browse(BrowseQuery {
            page: page.saturating_sub(1),
            ..query.clone()
        })
    };
    html! {
        <>
            <div class="opening slim">
                <h1 tabindex="-1">{ words::browse_title(lang) }</h1>
                { search(cx, Some(&query.text), true) }
            </div>
            <div class="browse">
                if view.facets.iter().any(|facet| !facet.values.is_empty()) {
                    <button type="button" class="narrow-toggle" data-action="toggle" aria-expanded="false" aria-controls="facets">
                        { words::narrow(lang) }</button>
                    <nav id="facets" class="facets" aria-label={words::narrow(lang)}>
                        { for view.facets.iter().map(|one| facet(cx, query, one)) }
                    </nav>
                }
                <section class="results" aria-labelledby="results" aria-busy={view.busy.then_some("true")}>
                    <h2 id="results" class="unseen" tabindex="-1">{ words::results(lang) }</h2>
                    <div class="results-bar">
                        <p class="count" role="status">{ words::results_count(lang, view.total.into()) }</p>
                        { orders(cx, query) }
                    </div>
                    { chips(cx, view) }
                    if view.total == 0 {
                        <div class="empty">
                            <p class="empty-title">{ words::nothing_found(lang) }</p>
                            <p>{ words::nothing_found_help(lang) }</p>
                            if !query.filters.is_empty() {
                                <p><a href={cx.href(&Route::Browse(BrowseQuery { filters: Vec::new(), page: 0, ..query.clone() }))}>
                                    { words::filters_clear(lang) }</a></p>
                            }
                            <p><a href={cx.href(&Route::Browse(BrowseQuery::default()))}>{ words::browse_all(lang) }</a></p>
                        </div>
                    } else {
                        { cards(cx, &view.cards) }
                    }
                    { pager(cx, query.page.saturating_add(1), pages, route) }
                </section>
            </div>
        </>
    }
}

fn orders(cx: &Context, query: &BrowseQuery) -> Html {
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
        let current = (sort == query.sort).then_some("true");
        html! { <li><a {href} aria-current={current}>{ label }</a></li> }
    });
    html! {
        <nav class="orders" aria-label={words::sort(lang)}>
            <span aria-hidden="true">{ words::sort(lang) }</span><ul>{ for links }</ul>
        </nav>
    }
}

fn chips(cx: &Context, view: &Browse) -> Html {
    let query = &view.query;
    if query.filters.is_empty() {
        return Html::default();
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
            None => Text { lang: LangTag::und(), text: key.clone() },
        };
        html! {
            <li><a class="chip" href={cx.href(&Route::Browse(query.toggled(field, key)))}
                aria-label={words::filter_remove(cx.lang, &text.text)}>{ bdi(&text) }<span aria-hidden="true">{ "×" }</span></a></li>
        }
    });
    html! { <ul class="chips" aria-label={words::filters(cx.lang)}>{ for chips }</ul> }
}

fn facet(cx: &Context, query: &BrowseQuery, facet: &Facet) -> Html {
    if facet.values.is_empty() {
        return Html::default();
    }
    let label = field_label(cx.lang, &facet.field, &facet.label, cx);
    let id = format!("facet-{}", facet.field);
    let link = |value: &FacetValue| {
        let text = value_text(cx, &facet.field, value);
        html! {
            <li key={value.key.clone()}>
                <a class="facet-value" href={cx.href(&Route::Browse(query.toggled(&facet.field, &value.key)))}
                    aria-current={value.selected.then_some("true")}>
                    <span class="facet-label">{ bdi(&text) }</span>
                    <span class="facet-count">{ words::number(cx.lang, value.count.into()) }</span>
                </a>
            </li>
        }
    };
    let (first, rest) = facet.values.split_at(facet.values.len().min(FIRST_VALUES));
    let more = format!("{id}-more");
    html! {
        <section class="facet" aria-labelledby={id.clone()} key={facet.field.clone()}>
            <h2 {id}>{ bdi(&label) }</h2>
            <ul>{ for first.iter().map(link) }</ul>
            if !rest.is_empty() {
                <button type="button" class="more" data-action="toggle" aria-expanded="false" aria-controls={more.clone()}>
                    { words::show_all(cx.lang, u64::try_from(facet.values.len()).unwrap_or_default()) }</button>
                <ul id={more} class="rest">{ for rest.iter().map(link) }</ul>
            }
        </section>
    }
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
