//! Lists of cards.

use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, nodes};
use super::parts::img;
use crate::card::{Card, Excerpt, Fragment};
use crate::i18n;
use crate::route::Route;

/// Renders cards on shelves if they suit them, as a table of contents if they are parts of other items,
/// or else as lines. `query` is the text of the search query, which may be empty.
pub fn cards(cx: &Context, cards: &[Card], query: &str) -> Html {
    let parts = cards.iter().filter(|card| !card.pages.is_empty()).count();
    if query.is_empty() && parts * 2 > cards.len() {
        let entries = cards.iter().map(|card| contents_entry(cx, card));
        return el("ul").class("toc").with(nodes(entries)).into_html();
    }
    list(cx, cards, query, suits_shelf(cards))
}

/// Returns `true` if a quarter of the cards have an image.
pub fn suits_shelf(cards: &[Card]) -> bool {
    let images = cards.iter().filter(|card| card.image.is_some()).count();
    images > 0 && images * 4 >= cards.len()
}

/// Renders cards on shelves, or as lines if `is_shelf` is `false`.
pub fn list(cx: &Context, cards: &[Card], query: &str, is_shelf: bool) -> Html {
    let items = cards.iter().enumerate();
    el("ul")
        .class(if is_shelf { "shelf" } else { "lines" })
        .with(nodes(
            items.map(|(i, item)| card(cx, i, item, is_shelf, query)),
        ))
        .into_html()
}

/// Renders a part of another item as an entry of a table of contents.
fn contents_entry(cx: &Context, card: &Card) -> El {
    let link = el("a")
        .class("card-link")
        .href(cx.item(&card.id, 0))
        .with(title(card))
        .with((!card.pages.is_empty()).then(|| {
            el("span")
                .class("page")
                .with(i18n::page_range(cx.lang, &card.pages))
        }))
        .with(
            card.creator
                .as_ref()
                .map(|creator| el("span").class("who").with(bdi(creator))),
        );
    el("li").class("card").key(card.id.as_str()).with(link)
}

fn title(card: &Card) -> El {
    el("span")
        .class("card-title")
        .lang_attrs(&card.title.lang, &card.title.text)
        .with(highlighted(&card.matches.title, &card.title.text))
}

fn card(cx: &Context, i: usize, card: &Card, is_shelf: bool, query: &str) -> El {
    let image = card.image.as_ref().map(|image| {
        let small = cx.file(&image.path);
        let srcset = image
            .large
            .as_ref()
            .map(|(path, width)| format!("{small} {}w, {} {width}w", image.width, cx.file(path)));
        let sizes = if is_shelf {
            "(min-width: 48rem) 13rem, 44vw"
        } else {
            "3.25rem"
        };
        let img = img(small, &image.tone, image.width, image.height)
            .attr("srcset", srcset)
            .attr("sizes", sizes)
            .attr("alt", "")
            .attr("loading", if i < 6 { "eager" } else { "lazy" });
        el("span").class("box").with(img)
    });
    let is_paper = image.is_none() && is_shelf;
    let image = image.unwrap_or_else(|| {
        let paper = el("span").class("leaf-paper");
        if is_shelf {
            paper.with(title(card))
        } else {
            paper
        }
    });
    let link = el("a")
        .class("card-link")
        .href(cx.href(&Route::Item {
            id: card.id.clone(),
            canvas: card.matches.page.unwrap_or_default(),
            query: query.to_owned(),
        }))
        .with(el("span").class("card-image").with(image))
        .with((!is_paper).then(|| title(card)));
    // Space for a pending excerpt is reserved, so that the content below it does not move.
    let excerpt = match &card.matches.excerpt {
        Excerpt::Omitted => None,
        Excerpt::Pending => Some(el("p").class("excerpt")),
        Excerpt::Ready(lang, fragments) => {
            let text: String = fragments
                .iter()
                .map(|fragment| fragment.text.as_str())
                .collect();
            let excerpt = el("p").class("excerpt").lang_attrs(lang, &text);
            Some(excerpt.with(highlighted(fragments, "")))
        }
    };
    let creator = card.creator.as_ref().map(|creator| {
        el("bdi")
            .lang_attrs(&creator.lang, &creator.text)
            .with(highlighted(&card.matches.creator, &creator.text))
    });
    let date = (!card.date.is_empty()).then(|| el("bdi").with(&card.date));
    let pages = (card.canvases > 1).then(|| {
        let count = card.canvases.into();
        el("span").with(match card.matches.page {
            Some(page) => i18n::page_of(cx.lang, u64::from(page) + 1, count),
            None => i18n::pages_count(cx.lang, count),
        })
    });
    let place = (!card.pages.is_empty())
        .then(|| el("span").with(i18n::pages_of_part(cx.lang, &card.pages)));
    let collection = card
        .collection
        .as_ref()
        .map(|collection| el("span").with(bdi(collection)));
    el("li")
        .class("card")
        .key(card.id.as_str())
        .with(link)
        .with(excerpt)
        .with(
            el("p")
                .class("quiet")
                .with(creator)
                .with(date)
                .with(pages)
                .with(place)
                .with(collection),
        )
}

/// Renders fragments with the matches highlighted, or `plain` if there are no fragments.
pub fn highlighted(fragments: &[Fragment], plain: &str) -> Html {
    if fragments.is_empty() {
        return plain.into_html();
    }
    nodes(fragments.iter().map(|fragment| {
        if fragment.is_match {
            el("mark").with(&fragment.text).into_html()
        } else {
            fragment.text.as_str().into_html()
        }
    }))
}
