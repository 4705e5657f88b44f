//! One page of a collection.

use yew::Html;

use super::cards::cards;
use super::context::{Context, paragraph};
use super::el::{IntoHtml, all, el};
use super::pager::pager;
use crate::page::{CollectionPage, collection_pages};
use crate::query::BrowseQuery;
use crate::route::Route;
use crate::words;

pub fn collection(cx: &Context, view: &CollectionPage) -> Html {
    let lang = cx.lang;
    let link = &view.collection;
    let title = cx.best(&link.title, &link.id);
    let pages = collection_pages(link.items);
    let route = |page| Route::Collection {
        id: link.id.clone(),
        page,
    };
    let description = (!link.description.is_empty() && view.page <= 1)
        .then(|| paragraph("lede", &cx.best(&link.description, "")));
    let of_pages =
        (pages > 1).then(|| el("span").with(words::page_of(lang, view.page.into(), pages.into())));
    let narrow = Route::Browse(BrowseQuery::of_value("collection", &link.id));
    let facts = el("p")
        .class("facts")
        .with(el("span").with(words::items_count(lang, link.items.into())))
        .with(of_pages)
        .with(el("a").href(cx.href(&narrow)).with(words::narrow(lang)));
    let opening = el("div")
        .class("opening")
        .with(
            el("h1")
                .attr("tabindex", "-1")
                .tongue(&title.lang, &title.text)
                .with(&title.text),
        )
        .with(description)
        .with(facts);
    let list = if view.cards.is_empty() {
        el("p")
            .class("empty")
            .with(words::nothing_here(lang))
            .into_html()
    } else {
        cards(cx, &view.cards, "")
    };
    all(vec![
        opening.into_html(),
        list,
        pager(cx, view.page, pages, route),
    ])
}
