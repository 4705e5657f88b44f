//! The home page: the archive and its collections.

use yew::{AttrValue, Html};

use super::context::{Context, bdi, paragraph};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::parts::{self, derivative, srcset};
use super::{cards, shell, text};
use crate::card::{Card, LangText};
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
    let mut featured = view.featured.as_slice();
    let mut object = view
        .featured
        .first()
        .and_then(|card| featured_object(cx, card));
    if object.is_some() {
        featured = featured.get(1..).unwrap_or_default();
    } else {
        object = view
            .collections
            .iter()
            .find_map(|link| cover_object(cx, link));
    }
    let opening = el("div").class("welcome").with(words).with(object);
    let featured = (!featured.is_empty()).then(|| {
        el("section")
            .class("section")
            .attr("aria-labelledby", "featured")
            .with(
                el("h2")
                    .id("featured")
                    .class("rubric")
                    .with(i18n::featured(lang)),
            )
            .with(el("div").class("list").with(cards::list(
                cx,
                featured,
                "",
                cards::suits_shelf(featured),
            )))
    });
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
    fragment(vec![
        opening.into_html(),
        view.prose.as_ref().map(text::prose).into_html(),
        featured.into_html(),
        collections.into_html(),
    ])
}

/// Renders an item next to the opening. Returns `None` if it has no image.
fn featured_object(cx: &Context, card: &Card) -> Option<El> {
    let image = card.image.as_ref()?;
    let large = image.large.as_ref();
    let (path, width) = large.map_or((&image.path, image.width), |(path, width)| (path, *width));
    let height = u64::from(image.height) * u64::from(width) / u64::from(image.width.max(1));
    let height = u32::try_from(height).unwrap_or(u32::MAX);
    let img = parts::img(cx.file(path), &image.tone, width, height);
    Some(object(img, &cx.item(&card.id, 0), &card.title))
}

/// Renders the cover of a collection next to the opening. Returns `None` if the collection has none.
fn cover_object(cx: &Context, link: &CollectionLink) -> Option<El> {
    let image = link.cover.as_ref()?;
    let img = derivative(cx, image, image.derivative_for_width(800)?)
        .attr("srcset", srcset(cx, image))
        .attr("sizes", "(min-width: 60rem) 45vw, 90vw");
    let href = cx.href(&Route::Collection {
        id: link.id.clone(),
        page: 1,
    });
    Some(object(img, &href, &cx.best(&link.title, &link.id)))
}

fn object(img: El, href: &AttrValue, title: &LangText) -> El {
    let img = img.attr("alt", "").attr("fetchpriority", "high");
    let picture = el("a")
        .href(href.clone())
        .attr("tabindex", "-1")
        .attr("aria-hidden", "true")
        .with(el("span").class("box").with(img));
    let caption = el("a").href(href.clone()).with(bdi(title));
    el("figure")
        .class("welcome-object")
        .with(picture)
        .with(el("figcaption").with(caption))
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
