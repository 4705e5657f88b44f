//! Collections: a source's own description of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Id, LangMap};

/// A collection, as its `collection.toml` describes it. The default is a collection that says
/// nothing about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// Unique within the archive.
    pub id: Id,
    /// Its name in its languages; the identifier is shown where it is empty.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// A paragraph about it.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// The item whose first image stands for the collection; the first item with an image otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Id>,
    /// The fields shown as facets, in order; chosen from the data where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<String>,
    /// What is published for other people's IIIF viewers.
    #[serde(default, skip_serializing_if = "IiifSettings::is_default")]
    pub iiif: IiifSettings,
    /// Labels of the collection's own fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldSettings>,
    /// Whether the place where a picture was taken, which cameras write into it, is shown. Otherwise
    /// it is not published at all, and neither is an original that tells it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub location_from_files: bool,
}

impl Collection {
    /// A collection that has only an identifier.
    pub fn named(id: Id) -> Self {
        Collection {
            id,
            title: LangMap::new(),
            description: LangMap::new(),
            cover: None,
            facets: Vec::new(),
            iiif: IiifSettings::default(),
            fields: BTreeMap::new(),
            location_from_files: false,
        }
    }
}

/// What is published of a collection for other people's IIIF viewers, beside its manifests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IiifSettings {
    /// The tiles of its large images, each as a file of its own (Image API 3.0, level 0).
    pub tiles: bool,
}

impl IiifSettings {
    fn is_default(&self) -> bool {
        *self == IiifSettings::default()
    }
}

/// What a collection says about one of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSettings {
    /// Its name as people read it.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
}
