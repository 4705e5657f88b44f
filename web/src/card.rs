//! Cards: what a list shows of an item.

use khizana_format::{Image, Record};
use khizana_model::{LangMap, LangTag};
use serde::Serialize;

use crate::dates;

/// A value in the language that serves the reader of the page best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Its language.
    pub lang: LangTag,
    /// The value.
    pub text: String,
}

khizana_model::json_object!(Text { lang, text });

impl Text {
    /// The best value of a map for a reader of `lang`; the fallback, in no language, otherwise.
    pub fn best(map: &LangMap, lang: &str, fallback: &str) -> Text {
        match map.best(lang) {
            Some((tag, text)) => Text {
                lang: tag.clone(),
                text: text.to_owned(),
            },
            None => Text {
                lang: LangTag::und(),
                text: fallback.to_owned(),
            },
        }
    }
}

/// What a list shows of an item, in the language of the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// Its identifier.
    pub id: String,
    /// Its title; the identifier where it has none.
    pub title: Text,
    /// When it was made, as the page says it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// The collection, where the list is not of one collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<Text>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<CardImage>,
    /// How many pages or files it has, where there are several.
    #[serde(skip_serializing_if = "is_zero")]
    pub canvases: u32,
}

khizana_model::json_object!(Card {
    id,
    title,
    date: optional,
    collection: optional,
    image: optional,
    canvases: optional
});

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The picture of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardImage {
    /// The thumbnail's path below the root.
    pub path: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// The dominant colour, `rrggbb`.
    pub tone: String,
    /// A larger one, for dense screens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub large: Option<(String, u32)>,
}

khizana_model::json_object!(CardImage {
    path,
    width,
    height,
    tone,
    large: optional
});

impl CardImage {
    fn of(image: &Image) -> Option<CardImage> {
        let small = image.sizes.first()?;
        let large = image
            .sizes
            .get(1)
            .map(|size| (image.path(size), size.width));
        Some(CardImage {
            path: image.path(small),
            width: small.width,
            height: small.height,
            tone: image.tone.clone(),
            large,
        })
    }
}

impl Card {
    /// The card of a record. `collection` is its collection's name, where the list is a mixed one.
    pub fn of(record: &Record, collection: Option<&LangMap>, lang: &str) -> Card {
        let item = &record.item;
        Card {
            id: item.id.as_str().to_owned(),
            title: Text::best(&item.title, lang, item.id.as_str()),
            date: item
                .date
                .as_ref()
                .map(|date| dates::short(date, lang))
                .unwrap_or_default(),
            collection: collection.map(|title| Text::best(title, lang, record.collection.as_str())),
            image: record.cover().and_then(CardImage::of),
            canvases: match record.canvases.len() {
                0 | 1 => 0,
                several => u32::try_from(several).unwrap_or(u32::MAX),
            },
        }
    }
}
