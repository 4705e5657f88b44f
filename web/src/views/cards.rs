//! Lists of items.

use yew::{Html, html};

use super::context::{Context, bdi, tongue};
use super::parts::picture_class;
use crate::card::Card;
use crate::route::Route;
use crate::words;

/// Cards on a shelf where one of them has a picture; lines of a list where none has.
pub fn cards(cx: &Context, cards: &[Card]) -> Html {
    let pictures = cards.iter().any(|card| card.image.is_some());
    let class = if pictures { "shelf" } else { "lines" };
    html! { <ul {class}>{ for cards.iter().enumerate().map(|(i, one)| card(cx, i, one, pictures)) }</ul> }
}

fn card(cx: &Context, i: usize, card: &Card, pictures: bool) -> Html {
    let href = cx.href(&Route::Item {
        id: card.id.clone(),
        canvas: 0,
    });
    let (lang, dir) = tongue(&card.title.lang, &card.title.text);
    let image = card.image.as_ref().map(|image| {
        let small = cx.file(&image.path);
        let srcset = image
            .large
            .as_ref()
            .map(|(path, width)| format!("{small} {}w, {} {width}w", image.width, cx.file(path)));
        html! {
            <img class={picture_class(&image.tone, image.width, image.height)} src={small} {srcset}
                sizes="(min-width: 64rem) 16rem, (min-width: 40rem) 30vw, 44vw"
                width={image.width.to_string()} height={image.height.to_string()} alt=""
                loading={if i < 8 { "eager" } else { "lazy" }} decoding="async" />
        }
    });
    html! {
        <li class="card" key={card.id.clone()}>
            <a class="card-link" {href}>
                if pictures { <span class="card-image">{ image.unwrap_or_else(ornament) }</span> }
                <span class="card-title" {lang} {dir}>{ &card.title.text }</span>
            </a>
            <p class="quiet">
                if !card.date.is_empty() { <bdi>{ &card.date }</bdi> }
                if card.canvases > 1 { <span>{ words::pages_count(cx.lang, card.canvases.into()) }</span> }
                if let Some(collection) = &card.collection { <span>{ bdi(collection) }</span> }
            </p>
        </li>
    }
}

/// What stands where there is no picture: an eight-pointed star, drawn by the stylesheet.
pub fn ornament() -> Html {
    html! { <span class="ornament" aria-hidden="true"></span> }
}
