//! Lists of items.

use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, each, el};
use super::parts::img;
use crate::card::Card;
use crate::words;

/// Cards on a shelf where one of them has a picture; lines of a list where none has.
pub fn cards(cx: &Context, cards: &[Card]) -> Html {
    let pictures = cards.iter().any(|card| card.image.is_some());
    let shown = cards.iter().enumerate();
    el("ul")
        .class(if pictures { "shelf" } else { "lines" })
        .with(each(shown.map(|(i, one)| card(cx, i, one, pictures))))
        .into_html()
}

fn card(cx: &Context, i: usize, card: &Card, pictures: bool) -> El {
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
        .href(cx.item(&card.id, 0))
        .with(pictures.then(|| {
            el("span")
                .class("card-image")
                .with(image.unwrap_or_else(ornament))
        }))
        .with(
            el("span")
                .class("card-title")
                .tongue(&card.title.lang, &card.title.text)
                .with(&card.title.text),
        );
    let date = (!card.date.is_empty()).then(|| el("bdi").with(&card.date));
    let pages = (card.canvases > 1)
        .then(|| el("span").with(words::pages_count(cx.lang, card.canvases.into())));
    let collection = card
        .collection
        .as_ref()
        .map(|collection| el("span").with(bdi(collection)));
    el("li")
        .class("card")
        .key(card.id.as_str())
        .with(link)
        .with(
            el("p")
                .class("quiet")
                .with(date)
                .with(pages)
                .with(collection),
        )
}

/// What stands where there is no picture: an eight-pointed star, drawn by the stylesheet.
pub fn ornament() -> El {
    el("span").class("ornament").attr("aria-hidden", "true")
}
