//! Collections and their settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Id, LangMap};

/// A collection, as described by the `collection.toml` of its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// The identifier, which is unique within the archive.
    pub id: Id,
    /// The title. If it is empty, the identifier is displayed instead.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// The description, a paragraph of text.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// The item whose first image represents the collection. The default is the first item with an
    /// image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Id>,
    /// The names of the fields that are offered as facets, in display order. If the list is empty,
    /// suitable fields are selected automatically.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<String>,
    /// The sections of the page of the collection, in display order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<CollectionSection>,
    /// Settings of the IIIF output.
    #[serde(default, skip_serializing_if = "IiifSettings::is_default")]
    pub iiif: IiifSettings,
    /// Settings of fields, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldSettings>,
    /// `true` if geographic positions in the metadata of files (GPS) are published. Otherwise
    /// neither these positions nor the originals that contain them are published.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub location_from_files: bool,
}

impl Collection {
    /// Creates a collection that has only an identifier.
    pub fn new(id: Id) -> Self {
        Collection {
            id,
            title: LangMap::new(),
            description: LangMap::new(),
            cover: None,
            facets: Vec::new(),
            sections: Vec::new(),
            iiif: IiifSettings::default(),
            fields: BTreeMap::new(),
            location_from_files: false,
        }
    }
}

/// A section of a collection: a named group of its items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionSection {
    /// The heading.
    pub heading: LangMap,
    /// The introduction, a paragraph of text.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub text: LangMap,
    /// The items, in display order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Id>,
    /// A field and the value of the other items of the section, which follow in the order of the collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<(String, String)>,
}

/// Settings of the IIIF output of a collection. Manifests are always published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IiifSettings {
    /// `true` if the tiles of large images are published as separate files, as in level 0 of the
    /// IIIF Image API 3.0.
    pub tiles: bool,
}

impl IiifSettings {
    fn is_default(&self) -> bool {
        *self == IiifSettings::default()
    }
}

/// Settings of a field of a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSettings {
    /// The label displayed for the field.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
}
