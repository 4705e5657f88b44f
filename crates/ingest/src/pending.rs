//! The changes that the next ingest would make, found without writing to the archive.

use std::collections::BTreeSet;
use std::path::Path;

use khizana_model::{Id, Problem};
use khizana_source::SourceItem;
use khizana_store::Store;
use khizana_store::catalogue::{Catalogue, Condition};

use crate::run::are_unchanged;
use crate::{Changes, IngestError};

/// A comparison of a source with an archive. It reads a copy of the catalogue, or makes one from the
/// store if the archive has none.
#[derive(Debug)]
pub struct PendingChanges {
    catalogue: Catalogue,
    collection: Id,
    changes: Changes,
    seen: BTreeSet<i64>,
    /// `true` if a row whose identifier cannot be read was rejected, so that an ingest removes nothing.
    has_unidentified_rows: bool,
}

impl PendingChanges {
    /// Begins a comparison with the items of a collection in the archive. The catalogue is copied to `folder`.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be copied or read.
    pub fn begin(
        archive: &Path,
        folder: &Path,
        collection: &Id,
    ) -> Result<PendingChanges, IngestError> {
        let (mut catalogue, condition) = Catalogue::open_copy(archive, folder)?;
        match condition {
            Condition::Current => {}
            Condition::Empty => drop(catalogue.rebuild(&Store::open(archive)?)?),
            Condition::Version1 => drop(catalogue.migrate(&Store::open(archive)?)?),
        }
        Ok(PendingChanges {
            catalogue,
            collection: collection.clone(),
            changes: Changes::default(),
            seen: BTreeSet::new(),
            has_unidentified_rows: false,
        })
    }

    /// Adds an item of the source.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn add(&mut self, item: &SourceItem) -> Result<(), IngestError> {
        let id = item.item.id.as_str();
        let Some(entry) = self.catalogue.item(id)? else {
            self.changes.added.push(id.to_owned());
            return Ok(());
        };
        // An identifier of another collection is an error of the ingest.
        if entry.collection != self.collection.as_str() || !self.seen.insert(entry.number) {
            return Ok(());
        }
        // Images on other hosts that were fetched are among the files of the catalogue.
        let is_unchanged = entry.row_hash == Some(item.hash)
            && (!item.remote.is_empty()
                || are_unchanged(&item.files, &self.catalogue.files(entry.number)?));
        match is_unchanged {
            true => self.changes.unchanged += 1,
            false => self.changes.changed.push(id.to_owned()),
        }
        Ok(())
    }

    /// Adds a rejected row. The archive keeps its item.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn add_rejected(&mut self, problems: &[Problem]) -> Result<(), IngestError> {
        let id = problems
            .iter()
            .find_map(|problem| problem.item.as_ref()?.parse::<Id>().ok());
        let Some(id) = id else {
            self.has_unidentified_rows = true;
            return Ok(());
        };
        let entry = self.catalogue.item(id.as_str())?;
        self.seen.extend(entry.map(|entry| entry.number));
        Ok(())
    }

    /// Returns the changes, after the last row of the source.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn finish(mut self) -> Result<Changes, IngestError> {
        if !self.has_unidentified_rows {
            for (number, id) in self.catalogue.item_ids(&self.collection)? {
                if !self.seen.contains(&number) {
                    self.changes.removed.push(id);
                }
            }
        }
        Ok(self.changes)
    }
}
