//! A page of a collection.

use yew::Html;

use super::cards::cards;
use super::context::{Context, paragraph};
use super::el::{IntoHtml, el, fragment};
use super::pager::pager;
use super::parts::{derivative, srcset};
use super::text;
use crate::i18n;
use crate::page::{CollectionPage, collection_pages};
use crate::query::BrowseQuery;
use crate::route::Route;

pub fn collection(cx: &Context, view: &CollectionPage) -> Html {
    let lang = cx.lang;
    let link = &view.collection;
    let title = cx.best(&link.title, &link.id);
    let pages = collection_pages(cx.page.site.pages, link.items);
    let route = |page| Route::Collection {
        id: link.id.clone(),
        page,
    };
    let description = (!link.description.is_empty() && view.page <= 1)
        .then(|| paragraph("lede", &cx.best(&link.description, "")));
    let prose = view.prose.as_ref().filter(|_| view.page <= 1);
    let page_position =
        (pages > 1).then(|| el("span").with(i18n::page_of(lang, view.page.into(), pages.into())));
    let filter = Route::Browse(BrowseQuery::with_value("collection", &link.id));
    let facts = el("p")
        .class("facts")
        .with(el("span").with(i18n::items_count(lang, link.items.into())))
        .with(page_position)
        .with(
            el("a")
                .class("button")
                .href(cx.href(&filter))
                .with(i18n::filter_items(lang)),
        );
    let words = el("div")
        .class("opening")
        .with(
            el("h1")
                .attr("tabindex", "-1")
                .lang_attrs(&title.lang, &title.text)
                .with(&title.text),
        )
        .with(description)
        .with(facts);
    let cover = link.cover.as_ref().filter(|_| view.page <= 1);
    let cover = cover.and_then(|image| {
        let img = derivative(cx, image, image.derivative_for_width(800)?)
            .attr("srcset", srcset(cx, image))
            .attr("sizes", "(min-width: 60rem) 30vw, 60vw")
            .attr("alt", "")
            .attr("fetchpriority", "high");
        Some(el("div").class("opens-object").with(img))
    });
    let opening = el("div").class("opens").with(words).with(cover);
    let records = Html::from_html_unchecked(view.records.clone());
    // The text can contain all items.
    let list = match view.is_empty() {
        true => Some(el("p").class("empty").with(i18n::no_items(lang))),
        false => (!view.cards.is_empty())
            .then(|| el("div").class("list").with(cards(cx, &view.cards, ""))),
    };
    fragment(vec![
        opening.into_html(),
        prose.map(text::prose).into_html(),
        list.into_html(),
        records,
        pager(cx, view.page, pages, route),
    ])
}
