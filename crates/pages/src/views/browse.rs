//! Search: its results, and what they can be narrowed by.

use khizana_model::{LangMap, LangTag};
use yew::Html;

use super::cards::cards;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::pager::pager;
use super::shell::search;
use crate::card::Text;
use crate::dates;
use crate::page::{ALL_VALUES, Browse, Facet, RESULTS_SIZE};
use crate::query::{BrowseQuery, Order};
use crate::route::Route;
use crate::words::{self, Lang};

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
    let dated = view.dated && (view.total > 0 || query.years().is_some());
    let narrow = dated || view.facets.iter().any(|facet| !facet.values.is_empty());
    let toggle = narrow.then(|| toggle("narrow-toggle", "facets", words::narrow(lang)));
    let facets = narrow.then(|| {
        el("nav")
            .id("facets")
            .class("facets")
            .attr("aria-label", words::narrow(lang))
            .with(each(view.facets.iter().map(|one| facet(cx, query, one))))
            .with(dated.then(|| years(cx, query)))
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
        cards(cx, &view.cards, &view.query.text)
    };
    let results = el("section")
        .class("results")
        .attr("aria-labelledby", "results")
        .attr("aria-busy", view.busy.then_some("true"))
        .with(heading)
        .with(bar)
        .with(chips(cx, view))
        .with(suggestion(cx, view))
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
    let clear = query
        .narrowed()
        .then(|| link(query.unnarrowed(), words::filters_clear(lang)));
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
    if !query.narrowed() {
        return None;
    }
    let chip = |without: BrowseQuery, text: &Text| {
        let link = el("a")
            .class("chip")
            .href(cx.href(&Route::Browse(without)))
            .attr("aria-label", words::filter_remove(cx.lang, &text.text))
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
            query.toggled(field, key),
            &value_text(cx, field, key, label),
        )
    });
    let years = query.years().map(|_| {
        let without = BrowseQuery {
            from: None,
            to: None,
            page: 0,
            ..query.clone()
        };
        chip(
            without,
            &cx.own(dates::range(query.from, query.to, cx.lang)),
        )
    });
    Some(
        el("ul")
            .class("chips")
            .attr("aria-label", words::filters(cx.lang))
            .with(each(chips.chain(years))),
    )
}

/// What may have been meant.
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
            .with(words::did_you_mean(cx.lang))
            .with(" ")
            .with(link),
    )
}

fn facet(cx: &Context, query: &BrowseQuery, facet: &Facet) -> Option<El> {
    let most = facet.values.iter().map(|value| value.count).max()?;
    let label = field_label(cx.lang, &facet.field, &facet.label, cx);
    let id = format!("facet-{}", facet.field);
    let timeline = facet.field.contains(':');
    let links = facet.values.iter().map(|value| {
        let route = Route::Browse(query.toggled(&facet.field, &value.key));
        let count = words::number(cx.lang, value.count.into());
        let text = value_text(cx, &facet.field, &value.key, Some(&value.label));
        // As an attribute: the site allows no style in a page.
        let bar = timeline.then(|| {
            let width = u64::from(value.count) * 100 / u64::from(most.max(1));
            el("svg")
                .class("bar")
                .attr("width", format!("{}%", width.max(1)))
                .attr("height", "4")
                .attr("aria-hidden", "true")
        });
        let link = el("a")
            .class("facet-value")
            .href(cx.href(&route))
            .attr("aria-current", value.selected.then_some("true"))
            .with(el("span").class("facet-label").with(bdi(&text)))
            .with(el("span").class("facet-count").with(count))
            .with(bar);
        el("li").key(value.key.as_str()).with(link)
    });
    let whole = query.whole.as_ref() == Some(&facet.field);
    let shown = u32::try_from(facet.values.len()).unwrap_or(u32::MAX);
    let more = (!timeline && (whole || facet.distinct > shown)).then(|| {
        let text = if whole {
            words::show_fewer(cx.lang).to_owned()
        } else if facet.distinct > ALL_VALUES {
            words::show_most(cx.lang, ALL_VALUES.into())
        } else {
            words::show_all(cx.lang, facet.distinct.into())
        };
        let route = Route::Browse(BrowseQuery {
            whole: (!whole).then(|| facet.field.clone()),
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
                    .class(timeline.then_some("timeline"))
                    .with(each(links)),
            )
            .with(more),
    )
}

/// The years between which results lie. Made anew when they change: what is being typed into it
/// is the reader's.
fn years(cx: &Context, query: &BrowseQuery) -> El {
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
        .key(dates::range(query.from, query.to, lang))
        .with(input("from", words::year_from(lang), query.from))
        .with(input("to", words::year_to(lang), query.to))
        .with(
            el("button")
                .attr("type", "submit")
                .with(words::years_apply(lang)),
        );
    el("section")
        .class("facet")
        .key("years")
        .with(el("h2").id("facet-years").with(words::years(lang)))
        .with(form)
}

/// What a field is called: as its collection says, as the interface knows it, or its own name.
pub fn field_label(lang: Lang, field: &str, label: &LangMap, cx: &Context) -> Text {
    match words::field(lang, field).filter(|_| label.is_empty()) {
        Some(known) => cx.own(known.to_owned()),
        None => cx.best(label, field),
    }
}

/// What a value of a facet is called; languages, rights and years by their names.
fn value_text(cx: &Context, field: &str, key: &str, label: Option<&LangMap>) -> Text {
    let known = match field {
        "language" => words::language(cx.lang, key).map(str::to_owned),
        "rights" => {
            khizana_model::known_rights(key).map(|(known, _)| known.name(&cx.page.lang).to_owned())
        }
        _ => dates::span(field, key, cx.lang),
    };
    match (known, label) {
        (Some(known), _) => cx.own(known),
        (None, Some(label)) => cx.best(label, key),
        (None, None) => Text {
            lang: LangTag::und(),
            text: key.to_owned(),
        },
    }
}
