//! Items: what a curator describes, one row each.

use serde::{Deserialize, Serialize};

use crate::{Direction, Edtf, Id, LangMap, LangTag, Media};

/// An item of a collection: its description and the files it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Unique within the archive.
    pub id: Id,
    /// Its title in every language given; may be empty.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Every other descriptive field, in the order of the source's columns: those the design names
    /// (`creator`, `subject`, `place`, `type`, `description`, …) and the collection's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<ItemDate>,
    /// The languages of the item itself (not of its description).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LangTag>,
    /// The URI of its rights statement or licence; see [`crate::known_rights`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// The direction in which its pages are read; belongs to the item, not to the interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading_direction: Option<Direction>,
    /// Where it is, or was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// How many pixels of its images are an inch of it, as it lay before the scanner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u32>,
    /// The item it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// Its files, in order: the pages of a book, the sides of a coin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// Its table of contents: the sections of a book, in the order of their first pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<Section>,
    /// Addresses of files that lie elsewhere: kept as links, never fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Which of the members and fields above are as the metadata within its file say, and not as a
    /// curator does: `title`, `date`, `rights`, `location`, or the name of a field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_file: Vec<String>,
}

// A published record names its files as canvases: `media` stays in the store, which serde reads.
khizana_json::json_object!(Item {
    id, title: optional, fields: optional, date: optional, languages: optional, rights: optional, reading_direction: optional, location: optional, dpi: optional, parent: optional, contents: optional, links: optional, from_file: optional; media
});

impl Item {
    /// The values of a field, where the item has it.
    pub fn field(&self, name: &str) -> Option<&LangMap> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| &field.values)
    }

    /// The title that serves a reader of `wanted` best; the identifier where there is none.
    pub fn best_title(&self, wanted: &str) -> (LangTag, &str) {
        match self.title.best(wanted) {
            Some((tag, title)) => (tag.clone(), title),
            None => (LangTag::und(), self.id.as_str()),
        }
    }
}

/// A section of an item of several pages: a chapter, an index, a map at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The place of the page with which it begins, from 0: of a file that has one page, the place of the
    /// file. It ends before the next section.
    pub file: u32,
    /// What it is called, by language.
    pub title: LangMap,
}

khizana_json::json_object!(Section { file, title });

/// A descriptive field and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name, without language: `creator`, or a collection's own (`medium`).
    pub name: String,
    /// Its values by language.
    pub values: LangMap,
}

khizana_json::json_object!(Field { name, values });

/// A date, in two calendars where the curator gave two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDate {
    /// As the curator wrote it.
    pub written: String,
    /// What it means, where it is EDTF or can be read safely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edtf: Option<Edtf>,
    /// The date in the Hijri calendar, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hijri: Option<String>,
}

khizana_json::json_object!(ItemDate {
    written,
    edtf: optional,
    hijri: optional
});

/// A point on the earth, WGS 84, in decimal degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// −90 to 90.
    pub latitude: f64,
    /// −180 to 180.
    pub longitude: f64,
}

khizana_json::json_object!(Location {
    latitude,
    longitude
});

impl Location {
    /// A point, where both numbers are on the earth.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then_some(
            Location {
                latitude,
                longitude,
            },
        )
    }
}
