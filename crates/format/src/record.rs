//! Records: the published data of an item.

use khizana_model::{Id, Item, ItemDate, LangMap};
use serde::Serialize;

use crate::canvas::{Canvas, FileRef};
use crate::image::{Image, Thumbnail};
use crate::root::CollectionSummary;

/// Width and height of a map in units.
pub const MAP_SIZE: (u32, u32) = (600, 360);

/// The published record of an item: all data that its page displays.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Description of the item. Its `media` are empty, because the media are published as
    /// [`Record::canvases`], and so is its `remote`.
    pub item: Item,
    /// Identifier of the collection to which the item belongs.
    pub collection: Id,
    /// The item of which this item is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<ItemRef>,
    /// The items that are parts of this item, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ItemRef>,
    /// The published files of the item, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub canvases: Vec<Canvas>,
    /// URLs of images that are displayed from other hosts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remote: Vec<String>,
    /// The place of an item without files in its parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The previous item of the collection. For a part, the previous part of the same item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<ItemRef>,
    /// The next item of the collection. For a part, the next part of the same item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<ItemRef>,
    /// Items that share a value with this item, the most closely related first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<ItemRef>,
    /// An outline map of the land around the item, an SVG image of [`MAP_SIZE`] units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<FileRef>,
    /// Position of the item on the map, in units from the left edge and from the top edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot: Option<(u32, u32)>,
    /// `true` if the item has a page although not all items have one; see
    /// [`Pages::Lists`](khizana_model::Pages::Lists).
    #[serde(skip_serializing_if = "is_false")]
    pub has_page: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

khizana_json::json_object!(Record {
    item,
    collection,
    parent: optional,
    children: optional,
    canvases: optional,
    remote: optional,
    part: optional,
    previous: optional,
    next: optional,
    related: optional,
    map: optional,
    spot: optional,
    has_page: optional
});

/// The place of an item without files in its parent, such as that of an article in an issue of a journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Index of the first page of the item among the canvases of the parent.
    pub canvas: u32,
    /// The pages as the source names them, such as `22–24`. Empty if it does not name them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pages: String,
    /// The image of the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}

khizana_json::json_object!(Part {
    canvas,
    pages: optional,
    image: optional
});

impl Record {
    /// Returns `true` if at least one file can be a IIIF canvas, that is, if it has an image or a
    /// duration.
    pub fn has_iiif_canvas(&self) -> bool {
        self.canvases
            .iter()
            .any(|canvas| canvas.image.is_some() || canvas.duration_ms().is_some())
    }

    /// Returns the first image of the item, or that of its first page in its parent.
    pub fn preview(&self) -> Option<&Image> {
        let part = self.part.as_ref().and_then(|part| part.image.as_ref());
        self.cover().or(part)
    }

    /// Returns the first image of the item, which represents the item in lists.
    pub fn cover(&self) -> Option<&Image> {
        self.canvases
            .iter()
            .find_map(|canvas| canvas.image.as_ref())
    }
}

/// A link to another item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemRef {
    /// Identifier of the item.
    pub id: Id,
    /// Title of the item.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// The pages of the item in its parent, such as `22–24`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pages: String,
    /// Image of a related item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb: Option<Thumbnail>,
    /// Name of the field in which a related item has the same value. Empty for other links.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// The rarest value that a related item shares, as the key of a facet; see [`LangMap::facet_key`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

khizana_json::json_object!(ItemRef {
    id,
    title: optional,
    pages: optional,
    thumb: optional,
    field: optional,
    value: optional
});

/// A summary of a record: the data that a list of items displays.
///
/// The search index contains the summaries of the top results for every term, so that a search for
/// a single word does not have to fetch the records of these results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordSummary {
    /// Identifier of the item.
    pub id: Id,
    /// Title of the item.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Creator of the item.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub creator: LangMap,
    /// Date of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<ItemDate>,
    /// Index of the collection in [`crate::Root::collections`].
    #[serde(skip_serializing_if = "is_zero")]
    pub collection: u32,
    /// Number of canvases.
    #[serde(skip_serializing_if = "is_zero")]
    pub canvases: u32,
    /// The pages of the item in its parent, such as `22–24`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pages: String,
    /// Image of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb: Option<Thumbnail>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

khizana_json::json_object!(RecordSummary {
    id,
    title: optional,
    creator: optional,
    date: optional,
    collection: optional,
    canvases: optional,
    pages: optional,
    thumb: optional
});

impl RecordSummary {
    /// Creates the summary of a record. `collections` are the collections in the root.
    pub fn of(record: &Record, collections: &[CollectionSummary]) -> RecordSummary {
        let item = &record.item;
        let collection = collections
            .iter()
            .position(|summary| summary.id == record.collection);
        RecordSummary {
            id: item.id.clone(),
            title: item.title.clone(),
            creator: item.field("creator").cloned().unwrap_or_default(),
            date: item.date.clone(),
            collection: collection
                .and_then(|index| u32::try_from(index).ok())
                .unwrap_or_default(),
            canvases: u32::try_from(record.canvases.len()).unwrap_or(u32::MAX),
            pages: match &record.part {
                Some(part) => part.pages.clone(),
                None => String::new(),
            },
            thumb: record.cover().map(Thumbnail::of),
        }
    }
}
