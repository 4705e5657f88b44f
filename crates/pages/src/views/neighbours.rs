//! The links to the previous and the next item.

use khizana_format::ItemRef;

use super::context::Context;
use super::el::{El, el};
use crate::i18n;
use crate::page::ItemPage;

/// Renders the links to the previous and the next item of the collection, each with its title. Returns
/// `None` if the item has no neighbours.
pub fn neighbours(cx: &Context, view: &ItemPage) -> Option<El> {
    let lang = cx.lang;
    let previous = view.record.previous.as_ref();
    let next = view.record.next.as_ref();
    previous.or(next)?;
    let previous = previous.map(|item| link(cx, item, "prev", i18n::previous(lang)));
    let next = next.map(|item| link(cx, item, "next", i18n::next(lang)));
    Some(
        el("nav")
            .class("neighbours")
            .attr("aria-label", i18n::neighbours(lang))
            .with(previous)
            .with(next),
    )
}

fn link(cx: &Context, item: &ItemRef, rel: &'static str, label: &'static str) -> El {
    let title = cx.best(&item.title, item.id.as_str());
    el("a")
        .attr("rel", rel)
        .href(cx.item(item.id.as_str(), 0))
        .with(el("span").class("quiet").with(label))
        .with(" ")
        .with(
            el("bdi")
                .class("neighbour-title")
                .lang_attrs(&title.lang, &title.text)
                .with(&title.text),
        )
}
