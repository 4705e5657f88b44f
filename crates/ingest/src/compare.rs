//! The first pass over a source, which finds out what an ingest would add, change and remove.

use std::collections::{BTreeMap, BTreeSet};

use khizana_model::{Id, Problem};
use khizana_source::SourceItem;
use khizana_store::catalogue::{CatalogueItem, CollectionSize};
use khizana_store::loss::lost_values;
use khizana_store::ocfl::{ObjectId, object_path};
use serde::Serialize;

use crate::IngestError;
use crate::run::{are_stored, are_unchanged};
use crate::target::Target;

/// The changes of an ingest. `ingest --dry-run --json` prints them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Identifiers of new items.
    pub added: Vec<String>,
    /// Identifiers of items whose row or files have changed.
    pub changed: Vec<String>,
    /// Identifiers of items that the source no longer contains.
    pub removed: Vec<String>,
    /// Identifiers of changed items that lose files, or values of fields.
    pub reduced: Vec<String>,
    /// Number of unchanged items.
    pub unchanged: u64,
    /// Number of files that are no longer part of an item.
    pub lost_files: u64,
    /// Number of letters and digits in removed items and lost values.
    pub lost_letters: u64,
    /// The columns whose values are lost, such as `title@ar`, with the numbers of changed items that lose
    /// them.
    pub lost_values: BTreeMap<String, u64>,
}

/// The result of comparing an item with the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStatus {
    /// Nothing has changed.
    Unchanged,
    /// Nothing has changed, but its files must be read again, for example because the store has lost them.
    MustRead,
    /// The row or a file has changed.
    Changed,
}

/// The result of the first pass.
pub struct Comparison {
    pub changes: Changes,
    /// The size of the collection before.
    pub size: CollectionSize,
    /// Number of items of the collection that are in the source.
    pub kept: u64,
    /// `true` if the second pass has nothing to do.
    pub is_unchanged: bool,
    /// The problems of the source and of unchanged items.
    pub problems: Vec<Problem>,
}

impl Target<'_> {
    /// Compares the source with the catalogue. Reads the rows, and the metadata of files but not their
    /// content. `is_dirty` is `true` if the collection must be written in any case.
    ///
    /// # Errors
    /// Returns an error if the source, the catalogue or a record in the store cannot be read.
    pub fn compare(&mut self, is_dirty: bool) -> Result<Comparison, IngestError> {
        let collection = &self.source.collection.id;
        let size = self.archive.catalogue.collection_size(collection)?;
        let mut comparison = Comparison {
            changes: Changes::default(),
            size,
            kept: size.items,
            is_unchanged: false,
            problems: Vec::new(),
        };
        // Nothing of a new collection can change or be removed, so its rows are read only once.
        if size.items == 0 && !self.is_dry_run {
            return Ok(comparison);
        }
        comparison.is_unchanged = !is_dirty;
        let mut seen = BTreeSet::new();
        let mut seen_size = CollectionSize::default();
        let mut has_unidentified_rows = false;
        let mut rows = self.source.rows()?;
        for (index, row) in (0u64..).zip(rows.by_ref()) {
            let id = match &row.item {
                Ok(item) => Some(item.item.id.clone()),
                Err(problems) => problems
                    .iter()
                    .find_map(|problem| problem.item.as_ref()?.parse::<Id>().ok()),
            };
            let entry = match &id {
                Some(id) => self.archive.catalogue.item(id.as_str())?,
                None => {
                    has_unidentified_rows = true;
                    None
                }
            };
            if let Some(entry) = &entry {
                if entry.collection != collection.as_str() {
                    // The second pass reports the error.
                    comparison.is_unchanged = false;
                    continue;
                }
                if seen.insert(entry.number) {
                    seen_size.items += 1;
                    seen_size.files += entry.file_count;
                    seen_size.letters += entry.letters;
                    comparison.is_unchanged &= entry.position == index;
                }
            }
            match (row.item, entry) {
                (Err(problems), _) => comparison.problems.extend(problems),
                (Ok(item), None) => comparison.changes.added.push(item.item.id.to_string()),
                (Ok(item), Some(entry)) => match self.status(&item, &entry)? {
                    ItemStatus::Unchanged => {
                        comparison.changes.unchanged += 1;
                        let warnings = stored_warnings(&entry.warnings).into_iter();
                        let warnings = warnings.map(|warning| warning.moved_to(&row.position));
                        comparison.problems.extend(warnings);
                    }
                    ItemStatus::MustRead => {
                        comparison.changes.unchanged += 1;
                        comparison.is_unchanged = false;
                    }
                    ItemStatus::Changed => {
                        self.add_losses(&item, &entry, &mut comparison.changes)?;
                        comparison.changes.changed.push(item.item.id.to_string());
                    }
                },
            }
        }
        comparison.problems.append(&mut rows.finish());
        comparison.kept = seen_size.items;
        if has_unidentified_rows {
            // The second pass keeps these items, and reports that.
            comparison.is_unchanged &= seen_size.items == size.items;
        } else {
            for (number, id) in self.archive.catalogue.item_ids(collection)? {
                if !seen.contains(&number) {
                    comparison.changes.removed.push(id);
                }
            }
            comparison.changes.lost_files += size.files.saturating_sub(seen_size.files);
            comparison.changes.lost_letters += size.letters.saturating_sub(seen_size.letters);
        }
        let changes = &comparison.changes;
        comparison.is_unchanged &=
            changes.added.is_empty() && changes.changed.is_empty() && changes.removed.is_empty();
        Ok(comparison)
    }

    /// Compares an item with the catalogue: its row, and the names, sizes and modification times of its
    /// files. Also checks that the store has the files.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn status(
        &self,
        item: &SourceItem,
        entry: &CatalogueItem,
    ) -> Result<ItemStatus, IngestError> {
        if entry.row_hash != Some(item.hash) {
            return Ok(ItemStatus::Changed);
        }
        if item.files.is_empty() && entry.file_count == 0 {
            return Ok(ItemStatus::Unchanged);
        }
        let files = self.archive.catalogue.files(entry.number)?;
        if !are_unchanged(&item.files, &files) {
            return Ok(ItemStatus::Changed);
        }
        let object = ObjectId::Item(item.item.id.clone());
        let root = self.archive.writer.store().root();
        let folder = root.join(object_path(&object.urn()));
        if self.must_read(&object) || has_outdated_warnings(entry) || !are_stored(&files, &folder) {
            return Ok(ItemStatus::MustRead);
        }
        Ok(ItemStatus::Unchanged)
    }

    /// Adds the files and values that a changed item loses.
    fn add_losses(
        &mut self,
        item: &SourceItem,
        entry: &CatalogueItem,
        changes: &mut Changes,
    ) -> Result<(), IngestError> {
        let mut lost_files = 0;
        if entry.file_count > 0 {
            let names = file_names(item);
            let files = self.archive.catalogue.files(entry.number)?;
            let lost = files
                .iter()
                .filter(|file| !names.contains(file.name.as_str()));
            lost_files = lost.count() as u64;
        }
        let mut letters = 0;
        if entry.row_hash != Some(item.hash) {
            let id = item.item.id.as_str();
            let collection = &self.source.collection.id;
            letters = match self.records.stored(&self.archive.writer, collection, id)? {
                Some(record) => {
                    let lost = lost_values(&record, &item.item);
                    for values in &lost {
                        let items = changes.lost_values.entry(values.column.clone());
                        *items.or_default() += 1;
                    }
                    lost.iter().map(|values| values.letters).sum()
                }
                // The record is damaged, but the catalogue has its number of letters.
                None => entry
                    .letters
                    .saturating_sub(khizana_store::loss::letters(&item.item)),
            };
        }
        if lost_files > 0 || letters > 0 {
            changes.reduced.push(item.item.id.to_string());
            changes.lost_files += lost_files;
            changes.lost_letters += letters;
        }
        Ok(())
    }
}

/// Returns the names of all files of an item.
fn file_names(item: &SourceItem) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for file in &item.files {
        names.insert(file.name.as_str());
        names.extend(file.text.iter().map(|text| text.name.as_str()));
        names.extend(file.tracks.iter().map(|track| track.file.name.as_str()));
        names.extend(file.poster.iter().map(|poster| poster.name.as_str()));
    }
    names
}

/// The code of a warning that depends on the programs that are installed on this machine.
pub const NOT_RENDERED: &str = "image-not-rendered";

/// Returns `true` if the warnings about an item must be determined again.
fn has_outdated_warnings(entry: &CatalogueItem) -> bool {
    entry.warnings.contains(NOT_RENDERED)
}

/// Parses the warnings that the catalogue keeps of an item.
pub fn stored_warnings(json: &str) -> Vec<Problem> {
    match json {
        "" => Vec::new(),
        json => serde_json::from_str(json).unwrap_or_default(),
    }
}
