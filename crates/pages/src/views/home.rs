//! The home page: the archive and its collections.

use yew::Html;

use super::context::{Context, bdi, paragraph};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::parts::{derivative, srcset};
use super::{cards, shell};
use crate::i18n;
use crate::page::{CollectionLink, Home};
use crate::query::BrowseQuery;
use crate::route::Route;

pub fn home(cx: &Context, view: &Home) -> Html {
    let lang = cx.lang;
    let title = cx.best(&cx.page.site.title, "Khizana");
    let count = u64::try_from(view.collections.len()).unwrap_or_default();
    let description =
        (!view.description.is_empty()).then(|| paragraph("lede", &cx.best(&view.description, "")));
    let all_items = cx.href(&Route::Browse(BrowseQuery::default()));
    let facts = el("p")
        .class("facts")
        .with(el("span").with(i18n::collections_count(lang, count)))
        .with(el("span").with(i18n::items_count(lang, cx.page.site.items.into())))
        .with(el("a").href(all_items).with(i18n::browse_all(lang)));
    let opening = el("div")
        .class("opening")
        .with(
            el("h1")
                .attr("tabindex", "-1")
                .lang_attrs(&title.lang, &title.text)
                .with(&title.text),
        )
        .with(description)
        .with(shell::search(cx, None, true))
        .with(facts);
    let collections = if view.collections.is_empty() {
        el("p").class("empty").with(i18n::no_items(lang))
    } else {
        let covers = view.collections.iter().enumerate();
        el("section")
            .attr("aria-labelledby", "collections")
            .with(
                el("h2")
                    .id("collections")
                    .class("rubric")
                    .with(i18n::collections(lang)),
            )
            .with(
                el("ul")
                    .class("covers")
                    .with(nodes(covers.map(|(i, link)| cover(cx, i, link)))),
            )
    };
    fragment(vec![opening.into_html(), collections.into_html()])
}

fn cover(cx: &Context, i: usize, link: &CollectionLink) -> El {
    let title = cx.best(&link.title, &link.id);
    let href = cx.href(&Route::Collection {
        id: link.id.clone(),
        page: 1,
    });
    let image = link.cover.as_ref().and_then(|image| {
        let img = derivative(cx, image, image.derivative_for_width(800)?)
            .attr("srcset", srcset(cx, image))
            .attr(
                "sizes",
                "(min-width: 64rem) 30rem, (min-width: 40rem) 46vw, 92vw",
            )
            .attr("alt", "")
            .attr("loading", if i < 2 { "eager" } else { "lazy" });
        Some(img)
    });
    let name = el("a")
        .class("cover-link")
        .href(href)
        .with(
            el("span")
                .class("cover-image")
                .with(image.unwrap_or_else(cards::ornament)),
        )
        .with(el("h3").with(bdi(&title)));
    let description = (!link.description.is_empty())
        .then(|| paragraph("cover-text", &cx.best(&link.description, "")));
    el("li").class("cover").with(name).with(description).with(
        el("p")
            .class("quiet")
            .with(i18n::items_count(cx.lang, link.items.into())),
    )
}
