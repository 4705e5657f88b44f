//! The files of items that were fetched from other hosts: those that the store contains, and downloads.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use khizana_model::{Item, RemoteImage};
use khizana_source::{FileRef, SourceItem};
use khizana_store::Store;
use khizana_store::catalogue::{CatalogueFile, CatalogueItem};
use khizana_store::ocfl::{ObjectId, StoreError, item_files, object_path};

use crate::IngestError;
use crate::fetch::{FETCH_FOLDER, key, prefix};
use crate::item::ExistingItem;
use crate::run::are_stored;
use crate::target::Target;

impl Target<'_> {
    /// Returns the folder for downloads.
    pub fn fetch_folder(&self) -> PathBuf {
        self.dir.join(FETCH_FOLDER)
    }

    /// Removes the copies that an interrupted run has left, which may be incomplete.
    pub fn remove_copies(&self) {
        let entries = fs::read_dir(self.fetch_folder()).into_iter().flatten();
        for path in entries.flatten().map(|entry| entry.path()) {
            if path
                .extension()
                .is_some_and(|extension| extension == "copy")
            {
                // A file that remains is noticed when it is replaced.
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Adds the fetched files to an item: downloads, and those that the store contains. `entry` is the item
    /// in the catalogue. A file in the store is not on disk; its path is that to which [`restore`] copies
    /// it if it must be read.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn add_fetched(
        &self,
        item: &mut SourceItem,
        entry: Option<&CatalogueItem>,
    ) -> Result<(), IngestError> {
        if item.remote.is_empty() {
            return Ok(());
        }
        let stored = self.files(entry)?;
        // Another item may have the same URL, for which it was fetched again. The file in the store stays
        // the original of this item.
        let missing = match self.fetched.files.is_empty() {
            true => Vec::new(),
            false => self.missing_images(item)?,
        };
        let mut added = 0;
        for remote in &item.remote {
            let url = &remote.image.url;
            let is_missing = missing.iter().any(|image| image.url == *url);
            let download = self.fetched.files.get(url).filter(|_| is_missing);
            let (name, path) = match (download, find(&stored, url)) {
                (Some(download), _) => (download.name.clone(), download.path.clone()),
                (None, Some(file)) => {
                    // Items are ingested in parallel, and two of them may have the same URL.
                    let copy = key(&format!("{} {url}", item.item.id));
                    let path = self.fetch_folder().join(format!("{copy}.copy"));
                    (file.name.clone(), path)
                }
                (None, None) => continue,
            };
            let file = FileRef {
                name,
                path,
                url: Some(url.clone()),
                label: remote.label.clone(),
                text: None,
                tracks: Vec::new(),
                poster: None,
            };
            let at = (remote.position + added).min(item.files.len());
            item.files.insert(at, file);
            added += 1;
        }
        Ok(())
    }

    /// Returns the images of an item that the store does not contain, or that must be read again because
    /// `verify` found damage in the item.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn missing_images(&self, item: &SourceItem) -> Result<Vec<RemoteImage>, IngestError> {
        let images = item.remote.iter().map(|remote| remote.image.clone());
        if item.remote.is_empty() {
            return Ok(Vec::new());
        }
        let entry = self.archive.catalogue.item(item.item.id.as_str())?;
        let collection = &self.source.collection.id;
        let is_ours = |entry: &CatalogueItem| entry.collection == collection.as_str();
        if entry.as_ref().is_some_and(|entry| !is_ours(entry)) {
            // The second pass rejects the item.
            return Ok(Vec::new());
        }
        let stored = self.files(entry.as_ref())?;
        let object = ObjectId::Item(item.item.id.clone());
        let folder = self
            .archive
            .writer
            .store()
            .root()
            .join(object_path(&object.urn()));
        let is_intact = folder.is_dir() && !self.archive.damaged_objects.contains(&object);
        let is_kept = |file: &CatalogueFile| {
            // After `rebuild`, the catalogue does not contain the path.
            is_intact && (file.content.is_none() || are_stored(std::slice::from_ref(file), &folder))
        };
        let is_missing = |image: &RemoteImage| !find(&stored, &image.url).is_some_and(&is_kept);
        Ok(images.filter(is_missing).collect())
    }

    /// Removes the downloads that are in the store.
    ///
    /// # Errors
    /// Returns an error if the source or the catalogue cannot be read.
    pub fn remove_downloads(&self) -> Result<(), IngestError> {
        let mut kept: Vec<&String> = self.fetched.files.keys().collect();
        for row in self.source.rows()?.by_ref() {
            if let Ok(item) = row.item {
                let missing = self.missing_images(&item)?;
                kept.retain(|url| !missing.iter().any(|image| image.url == **url));
            }
        }
        for url in kept {
            let stem = self.fetch_folder().join(key(url));
            for extension in ["file", "json"] {
                // A file that remains is removed by the next run that fetches.
                let _ = fs::remove_file(stem.with_extension(extension));
            }
        }
        Ok(())
    }

    fn files(&self, entry: Option<&CatalogueItem>) -> Result<Vec<CatalogueFile>, IngestError> {
        Ok(match entry {
            Some(entry) if entry.file_count > 0 => self.archive.catalogue.files(entry.number)?,
            _ => Vec::new(),
        })
    }
}

/// Returns the file of an item that was fetched from a URL.
fn find<'a>(files: &'a [CatalogueFile], url: &str) -> Option<&'a CatalogueFile> {
    let prefix = prefix(url);
    let mut files = files.iter();
    files.find(|file| {
        let rest = file.name.strip_prefix(&prefix);
        rest.is_some_and(|rest| rest.starts_with(['-', '.']))
    })
}

/// Returns `true` if a file was fetched in an earlier run, so that it is only in the store.
pub fn is_only_stored(file: &FileRef) -> bool {
    file.url.is_some() && !file.path.exists()
}

/// Copies of fetched files, which are removed when this value is dropped.
#[derive(Debug, Default)]
pub struct Copies(Vec<PathBuf>);

impl Drop for Copies {
    fn drop(&mut self) {
        for path in &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

/// Copies the fetched files of an item that are only in the store to their paths, with the modification
/// times in the catalogue, so that they count as unchanged. `record` is the record of the item in the
/// store, or `None` if it is damaged.
///
/// # Errors
/// Returns an error if a file is missing or damaged, or cannot be copied.
pub fn restore(
    store: &Store,
    item: &SourceItem,
    existing: Option<&ExistingItem>,
    record: Option<&Item>,
) -> Result<Copies, StoreError> {
    let mut copies = Copies::default();
    for file in item.files.iter().filter(|file| is_only_stored(file)) {
        let mut originals = record.into_iter().flat_map(item_files);
        let original = originals.find(|original| original.name == file.name);
        let Some(original) = original else {
            return Err(StoreError::Lost {
                path: PathBuf::from(&file.name),
            });
        };
        if let Some(folder) = file.path.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io("write", folder))?;
        }
        store.copy_original(&item.item.id, original, &file.path)?;
        copies.0.push(file.path.clone());
        let entries = existing.into_iter().flat_map(|existing| &existing.files);
        let mut entries = entries.filter(|entry| entry.name == file.name);
        if let Some(time) = entries.find_map(|entry| entry.mtime_ns) {
            // Otherwise the file is inspected again.
            let _ = set_modified(&file.path, time);
        }
    }
    Ok(copies)
}

fn set_modified(path: &Path, nanoseconds: i64) -> io::Result<()> {
    let duration = Duration::from_nanos(nanoseconds.unsigned_abs());
    let time = match nanoseconds >= 0 {
        true => SystemTime::UNIX_EPOCH.checked_add(duration),
        false => SystemTime::UNIX_EPOCH.checked_sub(duration),
    };
    match time {
        Some(time) => File::options().write(true).open(path)?.set_modified(time),
        None => Ok(()),
    }
}
