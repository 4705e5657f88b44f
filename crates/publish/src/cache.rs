//! What was learnt when derivatives were made, so that the next publication need not decode again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use khizana_format::{FileRef, Image, hash_of};
use khizana_json as json;
use khizana_model::Hash;
use serde::Serialize;

use crate::PublishError;

/// The key of what a recipe makes: the first 32 hexadecimal digits of its SHA-256.
pub(crate) fn key(recipe: &str) -> String {
    let mut key = hash_of(recipe.as_bytes()).to_string();
    key.truncate(32);
    key
}

/// What is written on a page of a document, as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Written {
    /// The key of the image of the page.
    pub(crate) key: String,
    /// The text, without its language, which is the item's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<FileRef>,
    /// The object with its lines and their places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lines: Option<Hash>,
    /// Whether a part of the page could not be drawn.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) incomplete: bool,
}

khizana_json::json_object!(Written {
    key,
    text: optional,
    lines: optional,
    incomplete: optional
});

/// `ARCHIVE/cache/derivatives.jsonl`: an image a line; `pages.jsonl`: what is written on a page a line.
/// They can be deleted at any time.
pub(crate) struct DerivativeCache {
    images: Lines<Image>,
    pages: Lines<Written>,
}

impl DerivativeCache {
    /// Reads the cache; lines that cannot be read are as if they were not there.
    pub(crate) fn open(archive: &Path) -> Self {
        let folder = archive.join("cache");
        DerivativeCache {
            images: Lines::open(folder.join("derivatives.jsonl"), |image: &Image| &image.key),
            pages: Lines::open(folder.join("pages.jsonl"), |page: &Written| &page.key),
        }
    }

    /// What is known of an image.
    pub(crate) fn image(&self, key: &str) -> Option<&Image> {
        self.images.get(key)
    }

    /// What is known to be written on the page of an image.
    pub(crate) fn page(&self, key: &str) -> Option<&Written> {
        self.pages.get(key)
    }

    /// Keeps exactly these for the next time.
    pub(crate) fn keep(
        self,
        images: impl Iterator<Item = Image>,
        pages: impl Iterator<Item = Written>,
    ) -> Result<(), PublishError> {
        self.images.keep(images)?;
        self.pages.keep(pages)
    }
}

/// A file of lines of JSON, by a key of each.
pub(crate) struct Lines<T> {
    path: PathBuf,
    known: BTreeMap<String, T>,
    key: fn(&T) -> &String,
}

impl<T: json::FromJson + Serialize + PartialEq> Lines<T> {
    pub(crate) fn open(path: PathBuf, key: fn(&T) -> &String) -> Self {
        let known = fs::read_to_string(&path)
            .unwrap_or_default()
            .lines()
            .filter_map(|line| json::from_slice::<T>(line.as_bytes()).ok())
            .map(|own| (key(&own).clone(), own))
            .collect();
        Lines { path, known, key }
    }

    /// What is known under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.known.get(key)
    }

    /// Keeps exactly these for the next time.
    pub(crate) fn keep(self, new: impl Iterator<Item = T>) -> Result<(), PublishError> {
        let key = self.key;
        let new: BTreeMap<String, T> = new.map(|own| (key(&own).clone(), own)).collect();
        if new == self.known {
            return Ok(());
        }
        let mut lines = String::new();
        for (key, own) in &new {
            let line = serde_json::to_string(own).map_err(PublishError::record(key))?;
            lines.push_str(&line);
            lines.push('\n');
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(PublishError::write(folder))?;
        }
        let temporary = self.path.with_extension("tmp");
        fs::write(&temporary, lines).map_err(PublishError::write(&temporary))?;
        fs::rename(&temporary, &self.path).map_err(PublishError::write(&self.path))
    }
}
