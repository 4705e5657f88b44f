//! The home page: the archive and its collections.

use yew::Html;

use super::context::{Context, bdi, paragraph};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::parts::{derivative, srcset};
use super::shell;
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
    let words = el("div")
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
    let opening = el("div")
        .class("welcome")
        .with(words)
        .with(view.collections.iter().find_map(|link| object(cx, link)));
    let collections = if view.collections.is_empty() {
        el("p").class("empty").with(i18n::no_items(lang))
    } else {
        let covers = view.collections.iter();
        el("section")
            .class("section")
            .attr("aria-labelledby", "collections")
            .with(
                el("h2")
                    .id("collections")
                    .class("rubric")
                    .with(i18n::collections(lang)),
            )
            .with(
                el("ul")
                    .class("cabinet")
                    .with(nodes(covers.map(|link| cover(cx, link)))),
            )
    };
    fragment(vec![opening.into_html(), collections.into_html()])
}

/// Renders the cover of a collection next to the opening. Returns `None` if the collection has none.
fn object(cx: &Context, link: &CollectionLink) -> Option<El> {
    let image = link.cover.as_ref()?;
    let img = derivative(cx, image, image.derivative_for_width(800)?)
        .attr("srcset", srcset(cx, image))
        .attr("sizes", "(min-width: 60rem) 45vw, 90vw")
        .attr("alt", "")
        .attr("fetchpriority", "high");
    let href = cx.href(&Route::Collection {
        id: link.id.clone(),
        page: 1,
    });
    let picture = el("a")
        .href(href.clone())
        .attr("tabindex", "-1")
        .attr("aria-hidden", "true")
        .with(el("span").class("box").with(img));
    let caption = el("a")
        .href(href)
        .with(bdi(&cx.best(&link.title, &link.id)));
    Some(
        el("figure")
            .class("welcome-object")
            .with(picture)
            .with(el("figcaption").with(caption)),
    )
}

fn cover(cx: &Context, link: &CollectionLink) -> El {
    let title = cx.best(&link.title, &link.id);
    let href = cx.href(&Route::Collection {
        id: link.id.clone(),
        page: 1,
    });
    let image = link.cover.as_ref().and_then(|image| {
        let img = derivative(cx, image, image.derivative_for_width(320)?)
            .attr("srcset", srcset(cx, image))
            .attr("sizes", "(min-width: 48rem) 14rem, 40vw")
            .attr("alt", "")
            // The style sheet and the opening come first.
            .attr("loading", "lazy");
        Some(el("span").class("box").with(img))
    });
    let count = i18n::number(cx.lang, link.items.into());
    let name = el("a")
        .class("niche-link")
        .href(href)
        .with(
            el("span")
                .class("niche-image")
                .with(image.unwrap_or_else(|| {
                    let sum = el("span").class("leaf-sum").with(count);
                    el("span")
                        .class("leaf-paper")
                        .attr("aria-hidden", "true")
                        .with(sum)
                })),
        )
        .with(el("h3").with(bdi(&title)));
    let description = (!link.description.is_empty())
        .then(|| paragraph("niche-text", &cx.best(&link.description, "")));
    el("li")
        .class("niche")
        .with(name)
        .with(description)
        .with(el("p").with(i18n::items_count(cx.lang, link.items.into())))
}
