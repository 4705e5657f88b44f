//! The root of a published archive, `archive.json`.

use khizana_model::{Few, Hash, Id, LangMap, Pages};
use serde::Serialize;

use crate::record::Image;
use crate::tree::TreeRef;

/// The name and version of the format, the value of [`Root::format`].
pub const FORMAT: &str = "khizana/1";

/// `archive.json`: small, and the only file of a site whose content changes under its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Root {
    /// [`FORMAT`]. A reader refuses anything else.
    pub format: String,
    /// SHA-256 of this document as compact JSON with an empty string in this place: names the
    /// state of everything published.
    pub snapshot: String,
    /// The name of the archive.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// A paragraph about it.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// The languages of the interface; the first is the default.
    pub languages: Vec<String>,
    /// Whether items have pages of their own.
    pub pages: Pages,
    /// The folder of the viewer's files, relative to the root, with a closing slash.
    pub viewer: String,
    /// How many items there are. They are numbered from 0, collection after collection.
    pub items: u32,
    /// The collections, in the order in which their items are numbered.
    pub collections: Vec<CollectionSummary>,
    /// Item number (four bytes, big-endian) to [`crate::Record`] as JSON.
    pub records: TreeRef,
    /// Identifier (UTF-8) to item number (varint).
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

/// What the home page needs of a collection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionSummary {
    /// Its identifier.
    pub id: Id,
    /// Its name.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// A paragraph about it.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// The number of its first item.
    pub first: u32,
    /// How many items it has; they are numbered one after the other.
    pub items: u32,
    /// The image that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Image>,
    /// Labels of its own fields.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub labels: Few<String, LangMap>,
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

/// The parts of the search index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchRoot {
    /// Word to its postings, stem and sound to words, beginning to words.
    pub terms: TreeRef,
    /// Word to where it stands in each item.
    pub positions: TreeRef,
    /// Two neighbours to where they stand in each item.
    pub pairs: TreeRef,
    /// How words begin and how they end to the words, for queries that are misspelt.
    pub spelling: TreeRef,
    /// The names of the fields that positions number, the title first.
    pub fields: Vec<String>,
    /// The most common words: two neighbours of which one is such a word are a pair.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub common: Vec<String>,
    /// The languages in which the words of a query are stemmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The scripts in which words are written, ISO 15924.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<String>,
    /// The columns of the facets, in the order in which they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<FacetRef>,
    /// The years of the items, in chunks of item numbers.
    pub years: TreeRef,
    /// Orders in which items can be sorted.
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

/// The column of one facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetRef {
    /// The field: `type`, `place`, …; `collection`, `language` and `rights` too; `date:decade`,
    /// `date:century`, `hijri:decade` and `hijri:century` are made from dates.
    pub field: String,
    /// The object that holds its column, which small columns share.
    pub object: Hash,
}

khizana_json::json_object!(FacetRef { field, object });

/// One order of all items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRef {
    /// `title` or `date`.
    pub key: String,
    /// The language whose titles are sorted; absent for dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How many items have the key; the others come last.
    pub keyed: u32,
    /// Item number to rank, in chunks.
    pub ranks: TreeRef,
    /// Rank to item number, in chunks.
    pub items: TreeRef,
}

khizana_json::json_object!(OrderRef {
    key,
    language: optional,
    keyed,
    ranks,
    items
});
