//! Results as a table.

use super::super::cards::highlighted;
use super::super::context::{Context, bdi};
use super::super::el::{El, el};
use crate::card::Card;
use crate::i18n;
use crate::page::Browse;
use crate::route::Route;

/// Renders the results as a table. It can be scrolled if the screen is narrow.
pub fn table(cx: &Context, view: &Browse) -> El {
    let lang = cx.lang;
    let has_collection = view.cards.iter().any(|card| card.collection.is_some());
    let collection = has_collection.then(|| i18n::collection(lang));
    let heading = |name: &'static str| el("th").attr("scope", "col").with(name);
    let head = el("tr")
        .with(heading(i18n::field_title(lang)))
        .with(heading(i18n::field_creator(lang)))
        .with(heading(i18n::date(lang)))
        .with(collection.map(heading));
    let mut rows = el("tbody");
    for card in &view.cards {
        rows = rows.with(row(cx, card, &view.query.text, has_collection));
    }
    let table = el("table")
        .with(el("caption").class("unseen").with(i18n::results(lang)))
        .with(el("thead").with(head))
        .with(rows);
    el("div")
        .class("results-table")
        .attr("role", "region")
        .attr("aria-label", i18n::layout_table(lang))
        .attr("tabindex", "0")
        .with(table)
}

fn row(cx: &Context, card: &Card, query: &str, has_collection: bool) -> El {
    let link = el("a")
        .class("card-link")
        .href(cx.href(&Route::Item {
            id: card.id.clone(),
            canvas: card.matches.page.unwrap_or_default(),
            query: query.to_owned(),
        }))
        .with(
            el("bdi")
                .class("card-title")
                .lang_attrs(&card.title.lang, &card.title.text)
                .with(highlighted(&card.matches.title, &card.title.text)),
        );
    let creator = card.creator.as_ref().map(|creator| {
        el("bdi")
            .lang_attrs(&creator.lang, &creator.text)
            .with(highlighted(&card.matches.creator, &creator.text))
    });
    let collection = has_collection.then(|| el("td").with(card.collection.as_ref().map(bdi)));
    el("tr")
        .class("card")
        .key(card.id.as_str())
        .with(el("th").attr("scope", "row").with(link))
        .with(el("td").with(creator))
        .with(el("td").with(el("bdi").with(&card.date)))
        .with(collection)
}
