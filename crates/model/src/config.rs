//! What an archive says about itself in `khizana.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::LangMap;

/// The languages that the interface of a site is available in (BCP 47), the default first.
pub const INTERFACE_LANGUAGES: [&str; 3] = ["ar", "en", "fr"];

/// `khizana.toml`. Every member has a default, so that an empty file is a valid one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveConfig {
    /// The name of the archive, by language; one value each.
    pub title: LangMap,
    /// A paragraph about it.
    pub description: LangMap,
    /// The address at which it is published, with a closing slash: `https://host/some/folder/`.
    /// Only what needs an absolute address (IIIF, the not-found page) uses it.
    pub url: Option<String>,
    /// The languages of the interface, the first being the default: of `ar`, `en`, `fr`.
    pub languages: Vec<String>,
    /// Whether each item has a page of its own.
    pub pages: Pages,
    /// Which originals are published.
    pub originals: Originals,
    /// Widths of the published images in pixels, smallest first; the first is the thumbnail's.
    pub widths: Vec<u32>,
    /// What the host of the site can do.
    pub host: HostConfig,
    /// How results are ranked.
    pub search: SearchConfig,
}

impl Default for ArchiveConfig {
    fn default() -> Self {
        ArchiveConfig {
            title: LangMap::new(),
            description: LangMap::new(),
            url: None,
            languages: INTERFACE_LANGUAGES.map(str::to_owned).into(),
            pages: Pages::Items,
            originals: Originals::Needed,
            widths: vec![320, 800, 1600, 2400],
            host: HostConfig::default(),
            search: SearchConfig::default(),
        }
    }
}

/// Which pages are written as HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pages {
    /// Home, collections, and each item.
    Items,
    /// One page of each kind, which the viewer fills: for archives where the count of files matters.
    None,
}

khizana_json::json_enum!(Pages {
    items: Items,
    none: None
});

/// Which originals are published beside what is made from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Originals {
    /// Those a visitor cannot do without: sound, film, documents, texts, models.
    Needed,
    /// Images too.
    All,
}

/// How results are ranked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchConfig {
    /// What a word weighs in a field, where it is not the usual weight: 0.1 to 100.
    pub weights: BTreeMap<String, f32>,
}

/// What the host of the site can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostConfig {
    /// Whether it answers requests for a part of a file (HTTP ranges). Where it does not, the tiles of
    /// large images are published in parts.
    pub ranges: bool,
}

impl Default for HostConfig {
    fn default() -> Self {
        HostConfig { ranges: true }
    }
}
