//! Completeness of the descriptions of a source.

use khizana_model::{Message, Problem, message};
use khizana_source::SourceItem;
use serde::Serialize;

use super::validate::MISSING_TITLE;

/// The maximum number of items that are listed for a part of their description.
const MAX_LISTED: usize = 10;

/// The numbers of accepted items that lack a part of their description.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Items without a title, whose identifier or file name is displayed instead.
    pub without_title: u64,
    /// Items without a language.
    pub without_language: u64,
    /// Items without a rights statement, licence or text about rights.
    pub without_rights: u64,
    /// Items without a file and without a link to one.
    pub without_media: u64,
    /// The identifiers of the first items without a file.
    pub items_without_media: Vec<String>,
    /// The identifiers of the first items without a date.
    pub items_without_date: Vec<String>,
    /// Items without a description.
    pub without_description: u64,
    /// Items without a date.
    pub without_date: u64,
    /// Items without a place and without a position.
    pub without_place: u64,
}

impl Completeness {
    /// Returns the completeness of one item. `problems` are those of the item.
    pub(super) fn of(source: &SourceItem, problems: &[Problem]) -> Completeness {
        let item = &source.item;
        let has = |name: &str| item.field(name).is_some();
        let count = |has: bool| u64::from(!has);
        let has_media =
            !source.files.is_empty() || !source.remote.is_empty() || !item.links.is_empty();
        let unless = |has: bool| match has {
            true => Vec::new(),
            false => vec![item.id.to_string()],
        };
        Completeness {
            items_without_media: unless(has_media),
            items_without_date: unless(item.date.is_some()),
            // The title may also be embedded in the first file.
            without_title: count(match source.files.is_empty() {
                true => !item.title.is_empty(),
                false => problems.iter().all(|p| p.code != MISSING_TITLE),
            }),
            without_language: count(!item.languages.is_empty()),
            without_rights: count(item.rights.is_some() || has("rights_text")),
            without_media: count(has_media),
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
        for (items, others) in [
            (&mut self.items_without_media, other.items_without_media),
            (&mut self.items_without_date, other.items_without_date),
        ] {
            let free = MAX_LISTED.saturating_sub(items.len());
            items.extend(others.into_iter().take(free));
        }
    }
}

impl Completeness {
    /// Lists what items lack: `12 without rights, 1 without a file (item-7)`. Returns `None` if nothing is
    /// missing.
    pub fn message(&self) -> Option<Message> {
        let none = Vec::new();
        let parts = [
            (self.without_title, message!("a title"), &none),
            (self.without_language, message!("a language"), &none),
            (self.without_rights, message!("rights"), &none),
            (
                self.without_media,
                message!("a file"),
                &self.items_without_media,
            ),
            (self.without_description, message!("a description"), &none),
            (
                self.without_date,
                message!("a date"),
                &self.items_without_date,
            ),
            (self.without_place, message!("a place"), &none),
        ];
        let missing = parts.into_iter().filter(|(count, ..)| *count > 0);
        // A list of many items would hide the others.
        Message::list(missing.map(|(count, part, items)| match items.as_slice() {
            items if !items.is_empty() && count <= items.len() as u64 => message!(
                "{count} without {part} ({items})",
                count,
                part,
                items = items.join(", ")
            ),
            _ => message!("{count} without {part}", count, part),
        }))
    }
}
