//! One page of a collection.

use yew::{Html, html};

use super::cards::cards;
use super::context::{Context, paragraph, tongue};
use super::pager::pager;
use crate::page::{CollectionPage, collection_pages};
use crate::query::BrowseQuery;
use crate::route::Route;
use crate::words;

pub fn collection(cx: &Context, view: &CollectionPage) -> Html {
    let lang = cx.lang;
    let link = &view.collection;
    let title = cx.best(&link.title, &link.id);
    let (title_lang, dir) = tongue(&title.lang, &title.text);
    let pages = collection_pages(link.items);
    let route = |page| Route::Collection {
        id: link.id.clone(),
        page,
    };
    html! {
        <>
            <div class="opening">
                <h1 tabindex="-1" lang={title_lang} {dir}>{ &title.text }</h1>
                if !link.description.is_empty() && view.page <= 1 { { paragraph("lede", &cx.best(&link.description, "")) } }
                <p class="facts">
                    <span>{ words::items_count(lang, link.items.into()) }</span>
                    if pages > 1 { <span>{ words::page_of(lang, view.page.into(), pages.into()) }</span> }
                    <a href={cx.href(&Route::Browse(BrowseQuery::of_value("collection", &link.id)))}>{ words::narrow(lang) }</a>
                </p>
            </div>
            if view.cards.is_empty() {
                <p class="empty">{ words::nothing_here(lang) }</p>
            } else {
                { cards(cx, &view.cards) }
            }
            { pager(cx, view.page, pages, route) }
        </>
    }
}
