//! Lists of items.

use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, each, el};
use super::parts::img;
use crate::card::Card;
use crate::card::{Excerpt, Piece};
use crate::route::Route;
use crate::words;

/// Cards on a shelf where one of them has a picture; lines of a list where none has. `query` are the
/// words by which they were found.
pub fn cards(cx: &Context, cards: &[Card], query: &str) -> Html {
    let pictures = cards.iter().any(|card| card.image.is_some());
    let shown = cards.iter().enumerate();
    el("ul")
        .class(if pictures { "shelf" } else { "lines" })
        .with(each(
            shown.map(|(i, one)| card(cx, i, one, pictures, query)),
        ))
        .into_html()
}

fn card(cx: &Context, i: usize, card: &Card, pictures: bool, query: &str) -> El {
    let image = card.image.as_ref().map(|image| {
        let small = cx.file(&image.path);
        let srcset = image
            .large
            .as_ref()
            .map(|(path, width)| format!("{small} {}w, {} {width}w", image.width, cx.file(path)));
        img(small, &image.tone, image.width, image.height)
            .attr("srcset", srcset)
            .attr(
                "sizes",
                "(min-width: 64rem) 16rem, (min-width: 40rem) 30vw, 44vw",
            )
            .attr("alt", "")
            .attr("loading", if i < 8 { "eager" } else { "lazy" })
    });
    let link = el("a")
        .class("card-link")
        .href(cx.href(&Route::Item {
            id: card.id.clone(),
            canvas: card.found.page.unwrap_or_default(),
            query: query.to_owned(),
        }))
        .with(pictures.then(|| {
            el("span")
                .class("card-image")
                .with(image.unwrap_or_else(ornament))
        }))
        .with(
            el("span")
                .class("card-title")
                .tongue(&card.title.lang, &card.title.text)
                .with(marked(&card.found.title, &card.title.text)),
        );
    // Its place is kept while it is on its way: what is below must not move.
    let excerpt = match &card.found.excerpt {
        Excerpt::Needless => None,
        Excerpt::Awaited => Some(el("p").class("excerpt")),
        Excerpt::Here(lang, pieces) => {
            let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            let shown = el("p").class("excerpt").tongue(lang, &text);
            Some(shown.with(marked(pieces, "")))
        }
    };
    let creator = card.creator.as_ref().map(|creator| {
        el("bdi")
            .tongue(&creator.lang, &creator.text)
            .with(marked(&card.found.creator, &creator.text))
    });
    let date = (!card.date.is_empty()).then(|| el("bdi").with(&card.date));
    let pages = (card.canvases > 1).then(|| {
        let count = card.canvases.into();
        el("span").with(match card.found.page {
            Some(page) => words::page_of(cx.lang, u64::from(page) + 1, count),
            None => words::pages_count(cx.lang, count),
        })
    });
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
                .with(collection),
        )
}

/// A text with what was found in it marked; `plain` where nothing was.
fn marked(pieces: &[Piece], plain: &str) -> Html {
    if pieces.is_empty() {
        return plain.into_html();
    }
    each(pieces.iter().map(|piece| {
        if piece.found {
            el("mark").with(&piece.text).into_html()
        } else {
            piece.text.as_str().into_html()
        }
    }))
}

/// What stands where there is no picture: an eight-pointed star, drawn by the stylesheet.
pub fn ornament() -> El {
    el("span").class("ornament").attr("aria-hidden", "true")
}
