//! The browse page: search results, and the means to narrow them.

mod empty;
mod hidden_inputs;
mod histogram;
mod layout;
mod menus;
mod notices;
mod table;

use khizana_model::{LangMap, LangTag};
use yew::Html;

use super::cards::{list, suits_shelf};
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el};
use super::pager::pager;
use super::shell::search;
use crate::card::LangText;
use crate::dates;
use crate::i18n::{self, Lang};
use crate::page::{Browse, RESULTS_PAGE_SIZE};
use crate::query::{BrowseQuery, ResultLayout};
use crate::route::Route;

pub fn browse(cx: &Context, view: &Browse) -> Html {
    let is_empty = view.total == 0;
    let parts = Parts {
        heading: heading(cx, view),
        histogram: histogram::histogram(cx, view).into_html(),
        bar: el("div")
            .class("bar")
            .with(menus::menus(cx, view))
            .with((!is_empty).then(|| layout::switch(cx, view)))
            .into_html(),
        chips: chips(cx, view).into_html(),
        results: results(cx, view).into_html(),
    };
    frame(cx, &view.query.text, parts).into_html()
}

/// Renders the page while its results are being loaded. `notice` is displayed in their place.
pub fn loading(cx: &Context, query: &BrowseQuery, notice: Html) -> Html {
    let mut skeleton = el("div").class("skeleton").attr("aria-hidden", "true");
    for _ in 0..12 {
        skeleton = skeleton.with(el("span"));
    }
    let parts = Parts {
        heading: el("div")
            .class("browse-count")
            .with(title(i18n::browse_title(cx.lang).into_html()))
            .with(notice),
        histogram: el("div").class("span").into_html(),
        bar: el("div").class("bar").into_html(),
        chips: Html::default(),
        results: el("div").class("results").with(skeleton).into_html(),
    };
    frame(cx, &query.text, parts).into_html()
}

/// The parts of the page below the search box.
struct Parts {
    heading: El,
    histogram: Html,
    bar: Html,
    chips: Html,
    results: Html,
}

/// Renders the page from its parts. Their number is always the same, so that the search box keeps
/// its focus when other results are displayed.
fn frame(cx: &Context, text: &str, parts: Parts) -> El {
    // The query of a published page is not known until the viewer runs. Until then, the style sheet
    // hides the results and displays this notice.
    let waiting = el("p").class("waiting").with(i18n::loading(cx.lang));
    let head = el("div")
        .class("browse-head")
        .with(search(cx, Some(text), true))
        .with(waiting)
        .with(notices::notices(cx))
        .with(parts.heading);
    el("div")
        .class("browse")
        .with(head)
        .with(parts.histogram)
        .with(parts.bar)
        .with(parts.chips)
        .with(parts.results)
}

fn title(text: Html) -> El {
    el("h1").id("results").attr("tabindex", "-1").with(text)
}

/// Renders the heading: the number of results, or the title of the page if the query matches all
/// items.
fn heading(cx: &Context, view: &Browse) -> El {
    let lang = cx.lang;
    let count = |tag| {
        let text = i18n::results_count(lang, view.total.into());
        el(tag).class("count").with(text)
    };
    let (title, count) = if view.query.matches_all() {
        let text = i18n::browse_title(lang).into_html();
        (title(text), Some(count("p")))
    } else if view.total == 0 {
        let nothing = el("span").class("count").with(i18n::nothing_found(lang));
        (title(nothing.into_html()), None)
    } else {
        (title(count("span").into_html()), None)
    };
    el("div").class("browse-count").with(title).with(count)
}

fn results(cx: &Context, view: &Browse) -> El {
    let query = &view.query;
    let pages = view.total.div_ceil(RESULTS_PAGE_SIZE);
    let route = |page: u32| {
        let mut query = query.first_page();
        query.page = page.saturating_sub(1);
        Route::Browse(query)
    };
    let list = match layout::of(view) {
        _ if view.total == 0 && query.matches_all() => {
            el("p").with(i18n::no_items(cx.lang)).into_html()
        }
        _ if view.total == 0 => empty::offers(cx, view).into_html(),
        ResultLayout::Table => table::table(cx, view).into_html(),
        layout => list(cx, &view.cards, &query.text, layout == ResultLayout::Shelf),
    };
    el("section")
        .class("results")
        .attr("aria-labelledby", "results")
        .attr("aria-busy", view.is_busy.then_some("true"))
        .with((view.total > 0).then(|| suggestion(cx, view)).flatten())
        .with(list)
        .with(pager(cx, query.page.saturating_add(1), pages, route))
}

/// Renders the active filters, each as a link to the query without the filter.
fn chips(cx: &Context, view: &Browse) -> Option<El> {
    let query = &view.query;
    if !query.is_filtered() {
        return None;
    }
    let mut list = el("ul")
        .class("chips")
        .attr("aria-label", i18n::filters(cx.lang));
    let chip = |without: BrowseQuery, text: &LangText| {
        let link = el("a")
            .class("chip")
            .href(cx.href(&Route::Browse(without)))
            .attr("aria-label", i18n::filter_remove(cx.lang, &text.text))
            .with(bdi(text))
            .with(el("span").attr("aria-hidden", "true").with("×"));
        el("li").with(link)
    };
    let labels = filter_labels(view, &cx.page.lang);
    for ((field, key), label) in query.filters.iter().zip(&labels) {
        list = list.with(chip(query.toggle_filter(field, key), label));
    }
    let has_years = query.year_range().is_some();
    if has_years {
        let text = dates::year_range(query.from, query.to, cx.lang);
        list = list.with(chip(query.without_years(), &cx.interface_text(text)));
    }
    if query.filters.len() + usize::from(has_years) > 1 {
        let link = el("a")
            .class("more")
            .href(cx.href(&Route::Browse(query.without_filters())))
            .with(i18n::filters_clear(cx.lang));
        list = list.with(el("li").with(link));
    }
    Some(list)
}

/// Renders the link to the query with corrected spelling.
fn suggestion(cx: &Context, view: &Browse) -> Option<El> {
    let text = view.suggestion.as_ref()?;
    let link = el("a")
        .href(cx.href(&Route::Browse(view.query.with_text(text))))
        .with(el("bdi").with(text));
    Some(
        el("p")
            .class("suggestion")
            .with(i18n::did_you_mean(cx.lang))
            .with(" ")
            .with(link),
    )
}

/// Returns the label of a field: the label that the collection defines, or else the label in the
/// interface, or else the name of the field.
pub fn field_label(lang: Lang, field: &str, label: &LangMap, cx: &Context) -> LangText {
    match i18n::field(lang, field).filter(|_| label.is_empty()) {
        Some(name) => cx.interface_text(name.to_owned()),
        None => cx.best(label, &field.replace('_', " ")),
    }
}

/// Returns the labels of the filters of the query, apart from years.
pub fn filter_labels(view: &Browse, lang: &str) -> Vec<LangText> {
    let mut labels = Vec::new();
    for (field, key) in &view.query.filters {
        let facet = view.facets.iter().find(|facet| facet.field == *field);
        let values = facet.map_or(&[][..], |facet| &facet.values);
        let value = values.iter().find(|value| value.key == *key);
        labels.push(value_label(
            lang,
            field,
            key,
            value.map(|value| &value.label),
        ));
    }
    labels
}

/// Returns the label of a value of a facet for readers of `lang`. The interface defines the labels
/// of languages, rights and periods.
fn value_label(lang: &str, field: &str, key: &str, label: Option<&LangMap>) -> LangText {
    let interface = Lang::of(lang);
    let known = match field {
        "language" => i18n::language(interface, key).map(str::to_owned),
        "rights" => {
            khizana_model::known_rights(key).map(|(rights, _)| rights.name(lang).to_owned())
        }
        _ => dates::timeline_value(field, key, interface),
    };
    match (known, label) {
        (Some(text), _) => LangText {
            lang: lang.parse().unwrap_or_else(|_| LangTag::und()),
            text,
        },
        (None, Some(label)) => LangText::best(label, lang, key),
        (None, None) => LangText {
            lang: LangTag::und(),
            text: key.to_owned(),
        },
    }
}
