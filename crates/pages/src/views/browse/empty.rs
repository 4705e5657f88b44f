//! Other queries, which are offered if there are no results.

use super::super::context::Context;
use super::super::el::{El, el, nodes};
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
    let spelling = view
        .suggestion
        .iter()
        .map(|text| with_text(text, i18n::offer_spelling(lang).to_owned()));
    let fewer = with_one_word_less(&query.text)
        .into_iter()
        .map(|(text, word)| with_text(&text, i18n::offer_fewer(lang, &word)));
    let unfiltered = (query.is_filtered() && !query.text.is_empty()).then(|| {
        let note = i18n::offer_unfiltered(lang).to_owned();
        link(query.without_filters(), &query.text, note)
    });
    let offers: Vec<El> = unfiltered
        .into_iter()
        .chain(spelling)
        .chain(fewer)
        .collect();
    let list = (!offers.is_empty()).then(|| {
        nodes([
            el("p").with(i18n::offers(lang)),
            el("ul").class("offers").with(nodes(offers)),
        ])
    });
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
        .with(list)
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
    let links = languages.iter().filter(|code| **code != cx.page.lang);
    let links = links.map(|code| {
        el("a")
            .class("button")
            .href(cx.href_in(code, &route))
            .attr("lang", code)
            .attr("hreflang", code)
            .with(i18n::native_name(code))
    });
    (languages.len() > 1).then(|| {
        el("p")
            .class("buttons")
            .with(el("span").with(i18n::offer_languages(cx.lang)))
            .with(nodes(links))
    })
}

/// Returns the queries that lack one word of `text`, each with this word. Returns none if `text`
/// has one word or too many.
fn with_one_word_less(text: &str) -> Vec<(String, String)> {
    // A quotation mark without its counterpart would be a part of a word.
    let words = text.replace(['"', '“', '”', '«', '»'], " ");
    let words: Vec<&str> = words.split_whitespace().collect();
    if !(2..=MAX_WORDS).contains(&words.len()) {
        return Vec::new();
    }
    let without = |index: usize| {
        let others = words.iter().enumerate().filter(|(i, _)| *i != index);
        let others: Vec<&str> = others.map(|(_, word)| *word).collect();
        others.join(" ")
    };
    let indexed = words.iter().enumerate();
    indexed
        .map(|(index, word)| (without(index), (*word).to_owned()))
        .collect()
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
        assert_eq!(texts("فاس"), [String::new(); 0]);
        assert_eq!(texts("a b c d e f g"), [String::new(); 0]);
    }
}
