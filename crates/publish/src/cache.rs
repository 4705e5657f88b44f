//! Caches of derivatives, so that unchanged originals do not have to be decoded again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use khizana_format::{FileRef, Image, hash_of};
use khizana_json as json;
use khizana_model::Hash;
use serde::Serialize;

use crate::PublishError;

/// The name of the folder of the caches, in the folder of an archive.
pub(crate) const CACHE: &str = "cache";

/// Returns the cache key for a recipe: the first 32 hexadecimal digits of its SHA-256.
///
/// A recipe is a string that describes everything that determines a derivative.
pub(crate) fn key(recipe: &str) -> String {
    let mut key = hash_of(recipe.as_bytes()).to_string();
    key.truncate(32);
    key
}

/// The published text of a page of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DocumentPage {
    /// The key of the image of the page.
    pub(crate) key: String,
    /// The text of the page. Its language is that of the item, which is not stored here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<FileRef>,
    /// The hash of the object with the positions of the lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lines: Option<Hash>,
    /// `true` if a part of the page could not be rendered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) incomplete: bool,
}

khizana_json::json_object!(DocumentPage {
    key,
    text: optional,
    lines: optional,
    incomplete: optional
});

/// The derivatives of the previous publication.
///
/// `ARCHIVE/cache/derivatives.jsonl` contains images, and `ARCHIVE/cache/pages.jsonl` contains the
/// texts of document pages. Both files can be deleted at any time.
pub(crate) struct DerivativeCache {
    images: JsonLinesCache<Image>,
    pages: JsonLinesCache<DocumentPage>,
}

impl DerivativeCache {
    /// Reads the cache of an archive. Lines that cannot be parsed are ignored.
    pub(crate) fn open(archive: &Path) -> Self {
        let dir = archive.join(CACHE);
        DerivativeCache {
            images: JsonLinesCache::open(dir.join("derivatives.jsonl"), |image: &Image| &image.key),
            pages: JsonLinesCache::open(dir.join("pages.jsonl"), |page: &DocumentPage| &page.key),
        }
    }

    /// Returns the image with this key.
    pub(crate) fn image(&self, key: &str) -> Option<&Image> {
        self.images.get(key)
    }

    /// Returns the document page whose image has this key.
    pub(crate) fn page(&self, key: &str) -> Option<&DocumentPage> {
        self.pages.get(key)
    }

    /// Replaces the content of the cache.
    pub(crate) fn save(
        self,
        images: impl Iterator<Item = Image>,
        pages: impl Iterator<Item = DocumentPage>,
    ) -> Result<(), PublishError> {
        self.images.save(images)?;
        self.pages.save(pages)
    }
}

/// Adds the derivatives that other machines have made in folders to the cache of an archive. `combined` returns
/// the image for two images with the same key.
pub(crate) fn add_derivatives(
    archive: &Path,
    folders: &[PathBuf],
    combined: &dyn Fn(&Image, &Image) -> Image,
) -> Result<(), PublishError> {
    let DerivativeCache {
        mut images, pages, ..
    } = DerivativeCache::open(archive);
    let mut added = JsonLinesCache {
        entries: BTreeMap::new(),
        ..DerivativeCache::open(archive).pages
    };
    for folder in folders {
        let other = DerivativeCache::open(folder);
        images.add(other.images, |first, second| Some(combined(first, second)));
        // The text of a page is named after its document. If two documents with different names have the same
        // content, the publication decides which of them names the text.
        added.add(other.pages, |first, second| {
            (first == second).then(|| first.clone())
        });
    }
    added.add(pages, |_, known| Some(known.clone()));
    images.save_added()?;
    added.save_added()
}

/// A JSON Lines file whose entries are identified by a key.
pub(crate) struct JsonLinesCache<T> {
    path: PathBuf,
    entries: BTreeMap<String, T>,
    /// The keys of entries that have been removed and must not be added again.
    removed: BTreeSet<String>,
    /// `true` if entries were added or removed since the file was read.
    is_changed: bool,
    key: fn(&T) -> &String,
}

impl<T: json::FromJson + Serialize + PartialEq> JsonLinesCache<T> {
    /// Reads a file. Lines that cannot be parsed are ignored.
    pub(crate) fn open(path: PathBuf, key: fn(&T) -> &String) -> Self {
        let entries = fs::read_to_string(&path)
            .unwrap_or_default()
            .lines()
            .filter_map(|line| json::from_slice::<T>(line.as_bytes()).ok())
            .map(|entry| (key(&entry).clone(), entry))
            .collect();
        JsonLinesCache {
            path,
            entries,
            removed: BTreeSet::new(),
            is_changed: false,
            key,
        }
    }

    /// Returns the entry with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.entries.get(key)
    }

    /// Replaces the entries of the file. Does not write the file if the entries are unchanged.
    pub(crate) fn save(self, entries: impl Iterator<Item = T>) -> Result<(), PublishError> {
        let key = self.key;
        let entries: BTreeMap<String, T> =
            entries.map(|entry| (key(&entry).clone(), entry)).collect();
        if entries == self.entries {
            return Ok(());
        }
        self.write(&entries)
    }

    /// Adds the entries of another file. `combine` returns the entry for two entries with the same key, or
    /// `None` to remove it.
    pub(crate) fn add(&mut self, other: Self, combine: impl Fn(&T, &T) -> Option<T>) {
        for (key, entry) in other.entries {
            let combined = match self.entries.get(&key) {
                None if self.removed.contains(&key) => continue,
                None => Some(entry),
                Some(known) => combine(known, &entry),
            };
            self.is_changed = true;
            match combined {
                Some(entry) => drop(self.entries.insert(key, entry)),
                None => {
                    self.entries.remove(&key);
                    self.removed.insert(key);
                }
            }
        }
    }

    /// Writes the file, if entries were added.
    pub(crate) fn save_added(self) -> Result<(), PublishError> {
        match self.is_changed {
            true => self.write(&self.entries),
            false => Ok(()),
        }
    }

    fn write(&self, entries: &BTreeMap<String, T>) -> Result<(), PublishError> {
        let mut lines = String::new();
        for (key, entry) in entries {
            let line = serde_json::to_string(entry).map_err(PublishError::serialize(key))?;
            lines.push_str(&line);
            lines.push('\n');
        }
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir).map_err(PublishError::write(dir))?;
        }
        let temporary = self.path.with_extension("tmp");
        fs::write(&temporary, lines).map_err(PublishError::write(&temporary))?;
        fs::rename(&temporary, &self.path).map_err(PublishError::write(&self.path))
    }
}
