//! Cards: what a list shows of an item.

use khizana_format::{Record, RecordSummary, Thumbnail};
use khizana_json::{FromJson, Scanner};
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

khizana_json::json_object!(Text { lang, text });

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
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Text>,
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
    /// Matches of the search that found it; empty in published lists.
    #[serde(skip_serializing_if = "Found::is_empty")]
    pub found: Found,
}

khizana_json::json_object!(Card {
    id,
    title,
    creator: optional,
    date: optional,
    collection: optional,
    image: optional,
    canvases: optional,
    found: optional
});

/// What a search found of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The title, cut into what was asked for and what was not; empty where nothing of it was.
    pub title: Vec<Piece>,
    /// The creator, likewise.
    pub creator: Vec<Piece>,
    /// The page on which the words stand, from 0, where they stand in its text.
    pub page: Option<u32>,
    /// The words in their context.
    #[serde(skip_serializing_if = "Excerpt::is_needless")]
    pub excerpt: Excerpt,
}

khizana_json::json_object!(Found {
    title,
    creator,
    page: optional,
    excerpt: optional
});

impl Found {
    fn is_empty(&self) -> bool {
        *self == Found::default()
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// Whether it was asked for.
    pub found: bool,
}

khizana_json::json_object!(Piece { text, found });

/// Some words of a record or a text around those that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Excerpt {
    /// None is needed.
    #[default]
    Needless,
    /// Its place is kept until it is here.
    Awaited,
    /// It is here, in this language.
    Here(LangTag, Vec<Piece>),
}

/// The JSON of an [`Excerpt`] that is needed: without a language while it is awaited.
#[derive(Serialize)]
struct ExcerptJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<LangTag>,
    pieces: Vec<Piece>,
}

khizana_json::json_object!(ExcerptJson {
    lang: optional,
    pieces
});

impl Excerpt {
    fn is_needless(&self) -> bool {
        *self == Excerpt::Needless
    }
}

impl Serialize for Excerpt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (lang, pieces) = match self {
            Excerpt::Here(lang, pieces) => (Some(lang.clone()), pieces.clone()),
            Excerpt::Needless | Excerpt::Awaited => (None, Vec::new()),
        };
        ExcerptJson { lang, pieces }.serialize(serializer)
    }
}

impl FromJson for Excerpt {
    fn default_value() -> Self {
        Excerpt::Needless
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        let mut excerpt = ExcerptJson::default_value();
        excerpt.read(json)?;
        *self = match excerpt.lang {
            Some(lang) => Excerpt::Here(lang, excerpt.pieces),
            None => Excerpt::Awaited,
        };
        Some(())
    }
}

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

khizana_json::json_object!(CardImage {
    path,
    width,
    height,
    tone,
    large: optional
});

impl CardImage {
    fn of(thumb: &Thumbnail) -> Option<CardImage> {
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
        Card::brief(&RecordSummary::of(record, &[]), collection, lang)
    }

    /// The card of an item of which only this is at hand.
    pub fn brief(brief: &RecordSummary, collection: Option<&LangMap>, lang: &str) -> Card {
        Card {
            id: brief.id.as_str().to_owned(),
            title: Text::best(&brief.title, lang, brief.id.as_str()),
            creator: (!brief.creator.is_empty()).then(|| Text::best(&brief.creator, lang, "")),
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
            found: Found::default(),
        }
    }
}
