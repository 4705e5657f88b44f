//! The configuration of an archive, `khizana.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{FooterConfig, HomeConfig, IdentityConfig, LangMap, Located, MenuEntryConfig};

/// The supported languages of the user interface of a site, as BCP 47 tags. The first is the
/// default.
pub const INTERFACE_LANGUAGES: [&str; 3] = ["ar", "en", "fr"];

/// Maximum number of hosts from which pages may display images. Some hosts limit the length of a header.
pub const MAX_REMOTE_HOSTS: usize = 30;

/// The configuration of an archive. Every member has a default, so an empty file is valid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveConfig {
    /// The title of the archive by language.
    pub title: LangMap,
    /// The description, a paragraph of text.
    pub description: LangMap,
    /// The URL of the published site, with a trailing slash: `https://host/some/folder/`. It is
    /// used where an absolute URL is required: in IIIF resources and on the not-found page.
    pub url: Option<String>,
    /// The languages of the user interface, a subset of [`INTERFACE_LANGUAGES`]. The first is the
    /// default.
    pub languages: Vec<String>,
    /// The pages that are written as HTML files. If absent, they depend on the limits of the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<Pages>,
    /// The originals that are published.
    pub originals: Originals,
    /// Widths of the derivatives in pixels, in ascending order. The first is the width of the
    /// thumbnail.
    pub widths: Vec<u32>,
    /// The hosts from which pages may display images that the store does not contain, each with a port
    /// if it is not 443. At most [`MAX_REMOTE_HOSTS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remote: Vec<String>,
    /// Settings of fetched files.
    pub fetch: FetchConfig,
    /// Capabilities of the web host of the site.
    pub host: HostConfig,
    /// Settings of the search.
    pub search: SearchConfig,
    /// The look, the logos and the colours of the institution.
    pub identity: IdentityConfig,
    /// The entries of the menu. If there are none, the menu lists the pages of the archive.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<MenuEntryConfig>,
    /// The contents of the home page.
    pub home: HomeConfig,
    /// The footer.
    pub footer: FooterConfig,
    /// The names of the facets that are displayed first, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Located<String>>,
    /// The names of the fields that the page of an item displays first, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub field_order: Vec<String>,
    /// The labels of fields, which replace those of the collections.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, LangMap>,
}

impl Default for ArchiveConfig {
    fn default() -> Self {
        ArchiveConfig {
            title: LangMap::new(),
            description: LangMap::new(),
            url: None,
            languages: INTERFACE_LANGUAGES.map(str::to_owned).into(),
            pages: None,
            originals: Originals::Needed,
            widths: vec![320, 800, 1600, 2400],
            remote: Vec::new(),
            fetch: FetchConfig::default(),
            host: HostConfig::default(),
            search: SearchConfig::default(),
            identity: IdentityConfig::default(),
            menu: Vec::new(),
            home: HomeConfig::default(),
            footer: FooterConfig::default(),
            facets: Vec::new(),
            field_order: Vec::new(),
            labels: BTreeMap::new(),
        }
    }
}

/// The pages that are written as HTML files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pages {
    /// The home page, the pages of collections, and a page per item.
    Items,
    /// The home page, and the pages of collections, which contain the whole records of their items. Only items with
    /// files also have a page each, as many as the host accepts. The viewer renders all others.
    Lists,
    /// One page of each kind, whose content the viewer renders.
    None,
}

khizana_json::json_enum!(Pages {
    items: Items,
    lists: Lists,
    none: None
});

/// The originals that are published in addition to their derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Originals {
    /// Only originals that have no equivalent derivative: audio, video, documents, texts, 3D
    /// models.
    Needed,
    /// All originals, including images.
    All,
}

/// Settings of the search.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchConfig {
    /// Weights of fields in the ranking, from 0.1 to 100. They override the default weights.
    pub weights: BTreeMap<String, f32>,
}

/// Settings of files that were fetched from other hosts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FetchConfig {
    /// `true` to publish the fetched files of items whose rights are not stated.
    pub publish_without_rights: bool,
}

/// Capabilities of the web host of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostConfig {
    /// `true` if the host supports HTTP range requests. Otherwise the tile packs of large images
    /// are split into several files.
    pub ranges: bool,
    /// `true` if the host serves `index.html` for the address of its folder. Otherwise links name the file.
    pub index: bool,
    /// `true` if the host reads redirects from the file `_redirects`, and applies them only where there is no file.
    pub redirects: Option<bool>,
    /// The host, whose limits apply unless others are set.
    pub name: Option<HostName>,
    /// Maximum number of files.
    pub max_files: Option<u64>,
    /// Maximum size of all files in bytes.
    pub max_bytes: Option<u64>,
    /// Maximum size of a file in bytes.
    pub max_file_bytes: Option<u64>,
}

impl Default for HostConfig {
    fn default() -> Self {
        HostConfig {
            ranges: true,
            index: true,
            redirects: None,
            name: None,
            max_files: None,
            max_bytes: None,
            max_file_bytes: None,
        }
    }
}

impl HostConfig {
    /// Returns the maximum number of files, the maximum size of all files, and that of a file in bytes. `None` if
    /// there is no limit.
    pub fn limits(&self) -> [Option<u64>; 3] {
        let known = self.name.map_or([None; 3], HostName::limits);
        let set = [self.max_files, self.max_bytes, self.max_file_bytes];
        [0, 1, 2].map(|i| set[i].or(known[i]))
    }

    /// Returns `true` if the host reads redirects from the file `_redirects`.
    pub fn reads_redirects(&self) -> bool {
        let is_known = self.name == Some(HostName::Netlify);
        self.redirects.unwrap_or(is_known)
    }
}

/// A host with known limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostName {
    /// GitHub Pages: 1 GB, and 100 MiB per file in a repository.
    GithubPages,
    /// Cloudflare Pages without a paid plan: 20,000 files of at most 25 MiB.
    CloudflarePages,
    /// Netlify, which reads redirects.
    Netlify,
    /// Another host, which has no limits unless they are set.
    Other,
}

impl HostName {
    fn limits(self) -> [Option<u64>; 3] {
        match self {
            HostName::GithubPages => [None, Some(1_000_000_000), Some(100 << 20)],
            HostName::CloudflarePages => [Some(20_000), None, Some(25 << 20)],
            HostName::Netlify | HostName::Other => [None; 3],
        }
    }
}
