//! Other queries, which are offered if there are no results.

use super::super::context::Context;
use super::super::el::{El, el};
use crate::i18n;
use crate::page::Browse;
use crate::query::BrowseQuery;
use crate::route::Route;

/// Maximum number of words of a query from which each word is left out in turn.
const MAX_WORDS: usize = 6;

pub fn offers(cx: &Context, view: &Browse) -> El {
    let lang = cx.lang;
    let query = &view.query;
    let link = |query: BrowseQuery, text: &str, note: String| {
        let link = el("a")
            .href(cx.href(&Route::Browse(query)))
            .with(el("bdi").with(text))
            .with(el("small").with(note));
        el("li").with(link)
    };
    let with_text = |text: &str, note: String| link(query.with_text(text), text, note);
    let fewer = with_one_word_less(&query.text);
    let is_unfiltered_offered = query.is_filtered() && !query.text.is_empty();
    let has_offers = is_unfiltered_offered || view.suggestion.is_some() || !fewer.is_empty();
    let mut list = el("ul").class("offers");
    if is_unfiltered_offered {
        let note = i18n::offer_unfiltered(lang).to_owned();
        list = list.with(link(query.without_filters(), &query.text, note));
    }
    if let Some(text) = &view.suggestion {
        list = list.with(with_text(text, i18n::offer_spelling(lang).to_owned()));
    }
    for (text, word) in fewer {
        list = list.with(with_text(&text, i18n::offer_fewer(lang, &word)));
    }
    let button = |query: BrowseQuery, text: &'static str| {
        el("a")
            .class("button")
            .href(cx.href(&Route::Browse(query)))
            .with(text)
    };
    let clear = query
        .is_filtered()
        .then(|| button(query.without_filters(), i18n::filters_clear(lang)));
    let collections = el("a")
        .class("button")
        .href(cx.href(&Route::Home))
        .with(i18n::collections(lang));
    let words = el("div")
        .class("advice")
        .with(el("p").with(i18n::nothing_found_help(lang)))
        .with(has_offers.then(|| el("p").with(i18n::offers(lang))))
        .with(has_offers.then_some(list))
        .with(
            el("p")
                .class("buttons")
                .with(clear)
                .with(button(BrowseQuery::default(), i18n::browse_all(lang)))
                .with(collections),
        )
        .with(other_languages(cx, query));
    el("div")
        .class("nothing")
        .with(words)
        .with(el("div").class("hollow").attr("aria-hidden", "true"))
}

/// Renders links to the same query in the other languages of the interface.
fn other_languages(cx: &Context, query: &BrowseQuery) -> Option<El> {
    let languages = &cx.page.site.languages;
    let route = Route::Browse(query.clone());
    let text = el("span").with(i18n::offer_languages(cx.lang));
    let mut links = el("p").class("buttons").with(text);
    for code in languages.iter().filter(|code| **code != cx.page.lang) {
        let link = el("a")
            .class("button")
            .href(cx.href_in(code, &route))
            .attr("lang", code)
            .attr("hreflang", code)
            .with(i18n::native_name(code));
        links = links.with(link);
    }
    (languages.len() > 1).then_some(links)
}

/// Returns the queries that lack one word of `text`, each with this word. Returns none if `text`
/// has one word or too many.
fn with_one_word_less(text: &str) -> Vec<(String, String)> {
    // A quotation mark without its counterpart would be a part of a word.
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '«' | '»');
    let mut words: Vec<&str> = text.split(is_separator).collect();
    words.retain(|word| !word.is_empty());
    let mut queries = Vec::new();
    if (2..=MAX_WORDS).contains(&words.len()) {
        for (index, word) in words.iter().enumerate() {
            let mut others = words.clone();
            others.remove(index);
            queries.push((others.join(" "), (*word).to_owned()));
        }
    }
    queries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_left_out_in_turn() {
        let texts = |text| -> Vec<String> {
            let queries = with_one_word_less(text).into_iter();
            queries.map(|(text, _)| text).collect()
        };
        assert_eq!(
            texts("مخطوطات \"فاس القديمة\""),
            ["فاس القديمة", "مخطوطات القديمة", "مخطوطات فاس"]
        );
        assert_eq!(texts("فاس"), Vec::<String>::new());
        assert_eq!(texts("a b c d e f g"), Vec::<String>::new());
    }
}
