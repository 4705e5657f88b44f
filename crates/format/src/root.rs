//! The root of a published archive, `archive.json`.

use khizana_model::{Hash, Id, LangMap, Pages, SmallMap};
use serde::Serialize;

use crate::image::Image;
use crate::tree::TreeRef;

/// Name and version of the format; the value of [`Root::format`].
pub const FORMAT: &str = "khizana/1";

/// The content of `archive.json`.
///
/// It is small, and the only part of the archive that changes under the same name: all data that it
/// refers to is immutable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Root {
    /// Name and version of the format, [`FORMAT`]. Readers reject other values.
    pub format: String,
    /// Identifier of the state of the archive: the SHA-256 of this document as compact JSON, with
    /// an empty string as the value of this member.
    pub snapshot: String,
    /// Name of the archive.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Description of the archive, one paragraph.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// Languages of the user interface. The first one is the default.
    pub languages: Vec<String>,
    /// The kinds of HTML pages that are published.
    pub pages: Pages,
    /// Folder of the viewer, relative to the root of the site, with a trailing slash.
    pub viewer: String,
    /// Number of items. Items are numbered from 0, one collection after the other.
    pub items: u32,
    /// The collections, in the order of the numbers of their items.
    pub collections: Vec<CollectionSummary>,
    /// Tree of records. Keys: item number (four bytes, big-endian). Values: [`crate::Record`] as
    /// JSON.
    pub records: TreeRef,
    /// Tree of identifiers. Keys: identifier (UTF-8). Values: item number (varint).
    pub ids: TreeRef,
    /// The search index.
    pub search: SearchRoot,
}

khizana_json::json_object!(Root {
    format,
    snapshot,
    title: optional,
    description: optional,
    languages,
    pages,
    viewer,
    items,
    collections,
    records,
    ids,
    search
});

/// The part of a collection that the home page displays.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionSummary {
    /// Identifier of the collection.
    pub id: Id,
    /// Name of the collection.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Description of the collection, one paragraph.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// Number of the first item.
    pub first: u32,
    /// Number of items. Their item numbers are consecutive.
    pub items: u32,
    /// Image that represents the collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Image>,
    /// Labels of the custom fields of the collection, by field name.
    #[serde(skip_serializing_if = "SmallMap::is_empty")]
    pub labels: SmallMap<String, LangMap>,
}

khizana_json::json_object!(CollectionSummary {
    id,
    title: optional,
    description: optional,
    first,
    items,
    cover: optional,
    labels: optional
});

/// References to the parts of the search index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchRoot {
    /// Tree of terms. Maps a term to its posting list, and a stem, a phonetic key or a prefix to
    /// terms.
    pub terms: TreeRef,
    /// Tree of positions. Maps a term to its positions in each item.
    pub positions: TreeRef,
    /// Tree of bigrams. Maps two adjacent terms, one of which is in [`SearchRoot::common`], to
    /// their positions in each item.
    pub pairs: TreeRef,
    /// Tree for spelling correction. Maps the first or last letters of terms to the terms.
    pub spelling: TreeRef,
    /// Names of the indexed fields. Positions refer to a field by its index. The first field is
    /// `title`.
    pub fields: Vec<String>,
    /// The most common words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub common: Vec<String>,
    /// Primary language subtags in which query words are stemmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// ISO 15924 codes of the scripts of the terms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<String>,
    /// Columns of the facets, in display order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<FacetRef>,
    /// Tree of the years of the items, in chunks of consecutive items.
    pub years: TreeRef,
    /// The orders in which results can be sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderRef>,
}

khizana_json::json_object!(SearchRoot {
    terms,
    positions,
    pairs,
    spelling,
    fields,
    common: optional,
    languages: optional,
    scripts: optional,
    facets: optional,
    years,
    orders: optional
});

/// A reference to the column of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetRef {
    /// Name of the field: a field of the items such as `type` or `place`, or `collection`,
    /// `language` or `rights`, or one of `date:decade`, `date:century`, `hijri:decade` and
    /// `hijri:century`, which are derived from dates.
    pub field: String,
    /// The object that contains the column. Small columns share an object.
    pub object: Hash,
}

khizana_json::json_object!(FacetRef { field, object });

/// A reference to a sort order of all items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRef {
    /// Sort key: `title` or `date`.
    pub key: String,
    /// Language of the titles. Absent if the key is `date`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Number of items that have the key. All other items are sorted last.
    pub keyed: u32,
    /// Tree that maps item numbers to ranks, in chunks.
    pub ranks: TreeRef,
    /// Tree that maps ranks to item numbers, in chunks.
    pub items: TreeRef,
}

khizana_json::json_object!(OrderRef {
    key,
    language: optional,
    keyed,
    ranks,
    items
});
