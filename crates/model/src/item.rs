//! Items and their records.

use serde::{Deserialize, Serialize};

use crate::{Direction, Edtf, Id, LangMap, LangTag, Media, RemoteImage, hijri};

/// The record of an item: its description and its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The identifier, which is unique within the archive.
    pub id: Id,
    /// The title, which may be empty.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// All other descriptive fields (`creator`, `subject`, `place`, `type`, `description`, …), in
    /// the order of the columns of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// The date of creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<ItemDate>,
    /// The languages of the item itself, not of its description.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LangTag>,
    /// The URI of the rights statement or licence; see [`crate::known_rights`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// The reading direction of the pages. It does not depend on the language of the user
    /// interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading_direction: Option<Direction>,
    /// The geographic position of the item, or of the place where it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The resolution of the scans, in pixels per inch of the physical object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u32>,
    /// The item of which this item is a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// The files in order, for example the pages of a book or the sides of a coin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// The sections of the table of contents, in the order of their first pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<Section>,
    /// URLs of files that are not part of the archive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Images on other hosts, to which the source refers by their URLs. Those that the store contains
    /// are listed too; see [`Media::source`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remote: Vec<RemoteImage>,
    /// The names of the members and fields whose values come from the embedded metadata of a file:
    /// `title`, `date`, `rights`, `location`, or the name of a field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_file: Vec<String>,
}

// Published records describe files as canvases. The members `media` and `remote` exist only in the
// records of the store, which are read with serde.
khizana_json::json_object!(Item {
    id, title: optional, fields: optional, date: optional, languages: optional, rights: optional, reading_direction: optional, location: optional, dpi: optional, parent: optional, contents: optional, links: optional, from_file: optional; media, remote
});

impl Item {
    /// Returns the values of a field if the item has the field.
    pub fn field(&self, name: &str) -> Option<&LangMap> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| &field.values)
    }

    /// Returns the title that is best for readers of `language`, or the identifier if there is no
    /// title.
    pub fn best_title(&self, language: &str) -> (LangTag, &str) {
        match self.title.best(language) {
            Some((tag, title)) => (tag.clone(), title),
            None => (LangTag::und(), self.id.as_str()),
        }
    }
}

/// A section in the table of contents of an item, such as a chapter or an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The index of the page on which the section begins, starting at 0. The pages of all files of
    /// the item are counted consecutively. The section ends where the next one begins.
    pub file: u32,
    /// The title of the section.
    pub title: LangMap,
}

khizana_json::json_object!(Section { file, title });

/// A descriptive field and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The name of the field without a language tag, for example `creator` or `medium`.
    pub name: String,
    /// The values by language.
    pub values: LangMap,
}

khizana_json::json_object!(Field { name, values });

/// A date in the Gregorian calendar, the Hijri calendar, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDate {
    /// The date as the curator wrote it.
    pub written: String,
    /// The interval that the date denotes, if the date is in EDTF or can be interpreted
    /// unambiguously.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edtf: Option<Edtf>,
    /// The date in the Hijri calendar as the curator wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hijri: Option<String>,
}

khizana_json::json_object!(ItemDate {
    written,
    edtf: optional,
    hijri: optional
});

impl ItemDate {
    /// Returns `true` if the date is only known in the Hijri calendar.
    pub fn is_only_hijri(&self) -> bool {
        self.edtf.is_none() && self.hijri.as_ref() == Some(&self.written)
    }

    /// Returns the interval that the date denotes in the Gregorian calendar. It is converted from the Hijri date if the
    /// Gregorian one is unknown or could not be interpreted.
    pub fn gregorian(&self) -> Option<Edtf> {
        let converted = || hijri::interval(self.hijri.as_ref()?);
        self.edtf.clone().or_else(converted)
    }
}

/// A geographic position in WGS 84, in decimal degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// The latitude, from −90 to 90.
    pub latitude: f64,
    /// The longitude, from −180 to 180.
    pub longitude: f64,
}

khizana_json::json_object!(Location {
    latitude,
    longitude
});

impl Location {
    /// Creates a position. Returns `None` if a coordinate is out of range.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then_some(
            Location {
                latitude,
                longitude,
            },
        )
    }
}
