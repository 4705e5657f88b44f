//! Cards: what a list shows of an item.

use khizana_format::{Brief, Record, Thumb};
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
    fn of(thumb: &Thumb) -> Option<CardImage> {
        let small = thumb.sizes.first()?;
        let large = thumb.sizes.get(1);
        Some(CardImage {
            path: thumb.path(*small),
            width: small.0,
            height: small.1,
            tone: thumb.tone.clone(),
            large: large.map(|size| (thumb.path(*size), size.0)),
        })
    }
}

impl Card {
    /// The card of a record. `collection` is its collection's name, where the list is a mixed one.
    pub fn of(record: &Record, collection: Option<&LangMap>, lang: &str) -> Card {
        Card::brief(&Brief::of(record, &[]), collection, lang)
    }

    /// The card of an item of which only this is at hand.
    pub fn brief(brief: &Brief, collection: Option<&LangMap>, lang: &str) -> Card {
        Card {
            id: brief.id.as_str().to_owned(),
            title: Text::best(&brief.title, lang, brief.id.as_str()),
            date: brief
                .date
                .as_ref()
                .map(|date| dates::short(date, lang))
                .unwrap_or_default(),
            collection: collection.map(|title| Text::best(title, lang, "")),
            image: brief.thumb.as_ref().and_then(CardImage::of),
            canvases: match brief.canvases {
                0 | 1 => 0,
                several => several,
            },
        }
    }
}
