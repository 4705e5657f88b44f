//! The root of a published archive, `archive.json`.

use khizana_model::{Hash, Id, LangMap, Pages, SmallMap, StateId};
use serde::Serialize;

use crate::image::Image;
use crate::tree::TreeRef;

/// Name and version of the format, which is the value of [`Root::format`].
pub const FORMAT: &str = "khizana/2";

/// The previous version of the format, which is also read. Its levels do not distinguish titles, and
/// its search index has no whole values.
pub(crate) const PREVIOUS_FORMAT: &str = "khizana/1";

/// The content of `archive.json`.
///
/// The file is small. It is the only part of the archive whose content can change while its name
/// stays the same: all data to which it refers is immutable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Root {
    /// Name and version of the format, [`FORMAT`]. Readers reject other values
    /// than this and the previous version.
    pub format: String,
    /// Identifier of the state of the archive: the SHA-256 of `archive.json` as compact JSON,
    /// computed with an empty string as the value of this member, and without `state` and `files`.
    pub snapshot: String,
    /// Name of the archive.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Description of the archive, in one paragraph.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// Languages of the user interface. The first one is the default.
    pub languages: Vec<String>,
    /// The kinds of HTML pages that are published.
    pub pages: Pages,
    /// Folder of the viewer, relative to the root of the site, with a trailing slash.
    pub viewer: String,
    /// Number of items. Items are numbered from 0, one collection after another.
    pub items: u32,
    /// The collections, in the order of their item numbers.
    pub collections: Vec<CollectionSummary>,
    /// Tree of records. A key is an item number (four bytes, big-endian). A value is a
    /// [`crate::Record`] as JSON.
    pub records: TreeRef,
    /// Tree of identifiers. A key is the identifier of an item (UTF-8). A value is its item number
    /// (varint).
    pub ids: TreeRef,
    /// The search index.
    pub search: SearchRoot,
    /// The state of the store that the archive was published from, if the store has states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<StateId>,
    /// Tree of the published files, without `archive.json` and the objects of this tree. A key is a
    /// path. A value is the size in bytes (eight bytes, big-endian) and the SHA-256 of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<TreeRef>,
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
    search,
    state: optional,
    files: optional
});

/// A summary of a collection: the data that the home page displays.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionSummary {
    /// Identifier of the collection.
    pub id: Id,
    /// Name of the collection.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Description of the collection, in one paragraph.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// Item number of the first item.
    pub first: u32,
    /// Number of items in the collection. Their item numbers are consecutive.
    pub items: u32,
    /// Image that represents the collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Image>,
    /// Labels of the custom fields in the collection, by field name.
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
    /// Tree of positions. Maps a term to the positions of the term in each item.
    pub positions: TreeRef,
    /// Tree of bigrams. Maps a pair of adjacent terms, of which at least one is in
    /// [`SearchRoot::common`], to the positions of the pair in each item.
    pub pairs: TreeRef,
    /// Tree for spelling correction. Maps the first or last letters of terms to these terms.
    pub spelling: TreeRef,
    /// Names of the indexed fields. Positions refer to a field by its index. The first field is
    /// `title`.
    pub fields: Vec<String>,
    /// The most common words, for which [`SearchRoot::pairs`] contains bigrams.
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
    /// Tree of the years of the items, stored in chunks of consecutive items.
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
    /// Number of items that have a value for the sort key. All other items are sorted last.
    pub keyed: u32,
    /// Tree that maps item numbers to ranks, stored in chunks.
    pub ranks: TreeRef,
    /// Tree that maps ranks to item numbers, stored in chunks.
    pub items: TreeRef,
}

khizana_json::json_object!(OrderRef {
    key,
    language: optional,
    keyed,
    ranks,
    items
});
