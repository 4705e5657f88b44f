//! Cards, which represent items in lists.

use khizana_format::{Record, RecordSummary, Thumbnail};
use khizana_json::{FromJson, Scanner};
use khizana_model::{LangMap, LangTag};
use serde::Serialize;

use crate::dates;

/// A text and its language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LangText {
    /// Language of the text, or `und` if it is unknown.
    pub lang: LangTag,
    /// The text.
    pub text: String,
}

khizana_json::json_object!(LangText { lang, text });

impl LangText {
    /// Returns the value of a language map that is most suitable for readers of `lang`. If the map
    /// is empty, returns `fallback` with the language `und`.
    pub fn best(map: &LangMap, lang: &str, fallback: &str) -> LangText {
        match map.best(lang) {
            Some((tag, text)) => LangText {
                lang: tag.clone(),
                text: text.to_owned(),
            },
            None => LangText {
                lang: LangTag::und(),
                text: fallback.to_owned(),
            },
        }
    }
}

/// An item in a list, in the language of the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// Identifier of the item.
    pub id: String,
    /// Title of the item, or its identifier if it has no title.
    pub title: LangText,
    /// Creators of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<LangText>,
    /// Date in the form in which it is displayed. Empty if it is unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// Title of the collection, if the list contains items of several collections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<LangText>,
    /// Thumbnail of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<CardImage>,
    /// Number of canvases, or 0 if the item has at most one.
    #[serde(skip_serializing_if = "is_zero")]
    pub canvases: u32,
    /// The pages of the item in its parent, such as `22–24`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pages: String,
    /// Matches of the query in the item. Empty in published lists.
    #[serde(skip_serializing_if = "CardMatches::is_empty")]
    pub matches: CardMatches,
}

khizana_json::json_object!(Card {
    id,
    title,
    creator: optional,
    date: optional,
    collection: optional,
    image: optional,
    canvases: optional,
    pages: optional,
    matches: optional
});

/// The matches of a query in an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CardMatches {
    /// The fragments of the title. Empty if the title has no match.
    pub title: Vec<Fragment>,
    /// The fragments of the creators. Empty if they have no match.
    pub creator: Vec<Fragment>,
    /// Index of the canvas whose text best matches the query, if there is one.
    pub page: Option<u32>,
    /// A passage that contains matches.
    #[serde(skip_serializing_if = "Excerpt::is_omitted")]
    pub excerpt: Excerpt,
}

khizana_json::json_object!(CardMatches {
    title,
    creator,
    page: optional,
    excerpt: optional
});

impl CardMatches {
    fn is_empty(&self) -> bool {
        *self == CardMatches::default()
    }
}

/// A part of a text that is either a match or the text between matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// The text of the fragment.
    pub text: String,
    /// `true` if the fragment matches the query.
    pub is_match: bool,
}

khizana_json::json_object!(Fragment { text, is_match });

/// A passage of a record or text that contains matches of the query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Excerpt {
    /// There is no excerpt, because the matches are in the title or creator.
    #[default]
    Omitted,
    /// The excerpt is being loaded. The view reserves space for the excerpt.
    Pending,
    /// The language and the fragments of the excerpt.
    Ready(LangTag, Vec<Fragment>),
}

/// The JSON of an [`Excerpt`] that is not omitted. It has no language if the excerpt is pending.
#[derive(Serialize)]
struct ExcerptJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<LangTag>,
    fragments: Vec<Fragment>,
}

khizana_json::json_object!(ExcerptJson {
    lang: optional,
    fragments
});

impl Excerpt {
    fn is_omitted(&self) -> bool {
        *self == Excerpt::Omitted
    }
}

impl Serialize for Excerpt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (lang, fragments) = match self {
            Excerpt::Ready(lang, fragments) => (Some(lang.clone()), fragments.clone()),
            Excerpt::Omitted | Excerpt::Pending => (None, Vec::new()),
        };
        ExcerptJson { lang, fragments }.serialize(serializer)
    }
}

impl FromJson for Excerpt {
    fn default_value() -> Self {
        Excerpt::Omitted
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        let mut excerpt = ExcerptJson::default_value();
        excerpt.read(json)?;
        *self = match excerpt.lang {
            Some(lang) => Excerpt::Ready(lang, excerpt.fragments),
            None => Excerpt::Pending,
        };
        Some(())
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The thumbnail of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardImage {
    /// Path of the image, relative to the root of the site.
    pub path: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Dominant colour in sRGB, in the form `rrggbb`.
    pub tone: String,
    /// Path of a larger image for high-density screens, and its width in pixels.
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
    pub(crate) fn of(thumb: &Thumbnail) -> Option<CardImage> {
        let small = thumb.sizes.first()?;
        let large = thumb.sizes.get(1);
        Some(CardImage {
            path: thumb.path(small),
            width: small.width,
            height: small.height,
            tone: thumb.tone.clone(),
            large: large.map(|size| (thumb.path(size), size.width)),
        })
    }
}

impl Card {
    /// Returns the card of a record. `collection` is the title of its collection if the title is
    /// displayed.
    pub fn from_record(record: &Record, collection: Option<&LangMap>, lang: &str) -> Card {
        Card::from_summary(&RecordSummary::of(record, &[]), collection, lang)
    }

    /// Returns the card of a summary of a record.
    pub fn from_summary(summary: &RecordSummary, collection: Option<&LangMap>, lang: &str) -> Card {
        Card {
            id: summary.id.as_str().to_owned(),
            title: LangText::best(&summary.title, lang, summary.id.as_str()),
            creator: (!summary.creator.is_empty())
                .then(|| LangText::best(&summary.creator, lang, "")),
            date: summary
                .date
                .as_ref()
                .map(|date| dates::short(date, lang))
                .unwrap_or_default(),
            collection: collection.map(|title| LangText::best(title, lang, "")),
            image: summary.thumb.as_ref().and_then(CardImage::of),
            canvases: match summary.canvases {
                0 | 1 => 0,
                count => count,
            },
            pages: summary.pages.clone(),
            matches: CardMatches::default(),
        }
    }
}
