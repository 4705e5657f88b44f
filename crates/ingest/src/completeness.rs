//! Completeness of the descriptions of a source.

use std::fmt;

use khizana_source::SourceItem;
use serde::Serialize;

/// The numbers of accepted items that lack a part of their description.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Items without a title, whose identifier or file name is displayed instead.
    pub without_title: u64,
    /// Items without a language.
    pub without_language: u64,
    /// Items without a rights statement, licence or text about rights.
    pub without_rights: u64,
    /// Items without a file and without a link to one.
    pub without_media: u64,
    /// Items without a description.
    pub without_description: u64,
    /// Items without a date.
    pub without_date: u64,
    /// Items without a place and without a position.
    pub without_place: u64,
}

impl Completeness {
    /// Returns the completeness of one item.
    pub(super) fn of(source: &SourceItem) -> Completeness {
        let item = &source.item;
        let has = |name: &str| item.field(name).is_some();
        let count = |has: bool| u64::from(!has);
        Completeness {
            without_title: count(!item.title.is_empty()),
            without_language: count(!item.languages.is_empty()),
            without_rights: count(item.rights.is_some() || has("rights_text")),
            without_media: count(!source.files.is_empty() || !item.links.is_empty()),
            without_description: count(has("description")),
            without_date: count(item.date.is_some()),
            without_place: count(item.location.is_some() || has("place")),
        }
    }

    /// Adds the numbers of other items.
    pub(super) fn add(&mut self, other: Completeness) {
        self.without_title += other.without_title;
        self.without_language += other.without_language;
        self.without_rights += other.without_rights;
        self.without_media += other.without_media;
        self.without_description += other.without_description;
        self.without_date += other.without_date;
        self.without_place += other.without_place;
    }
}

impl fmt::Display for Completeness {
    /// Lists what items lack: `12 without rights, 3 without a date`. The text is empty if nothing is
    /// missing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = [
            (self.without_title, "a title"),
            (self.without_language, "a language"),
            (self.without_rights, "rights"),
            (self.without_media, "a file"),
            (self.without_description, "a description"),
            (self.without_date, "a date"),
            (self.without_place, "a place"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, part)| format!("{count} without {part}"))
        .collect();
        f.write_str(&parts.join(", "))
    }
}
