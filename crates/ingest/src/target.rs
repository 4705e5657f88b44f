//! The collection in the archive that a source is ingested into.

use std::path::Path;

use khizana_model::Problem;
use khizana_source::Source;
use khizana_store::catalogue::CatalogueCollection;
use khizana_store::ocfl::ObjectId;
use khizana_store::open::OpenArchive;

use crate::compare::{Changes, Comparison};
use crate::fetch::Fetched;
use crate::records::CollectionRecords;
use crate::{IngestError, Removal, Summary};

/// The collection in the archive that a source is ingested into.
pub struct Target<'a> {
    pub source: &'a Source,
    pub archive: &'a OpenArchive,
    /// The folder of the archive.
    pub dir: &'a Path,
    /// The files that were fetched in this run.
    pub fetched: Fetched,
    pub records: CollectionRecords,
    /// `true` if all files are read, also those that seem to be unchanged.
    pub reread: bool,
    /// `true` if the run writes nothing.
    pub is_dry_run: bool,
}

impl Target<'_> {
    fn known(&self) -> Result<Option<CatalogueCollection>, IngestError> {
        Ok(self
            .archive
            .catalogue
            .collection(&self.source.collection.id)?)
    }

    /// Returns `true` if the object of the collection must be written although no item has changed. If the
    /// object is missing or damaged, or older than the catalogue after an interrupted run, marks all rows
    /// as unknown, so that each item is compared with the store.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read or written.
    pub fn prepare(&self) -> Result<bool, IngestError> {
        let id = &self.source.collection.id;
        let Some(known) = self.known()? else {
            return Ok(true);
        };
        let object = ObjectId::Collection(id.clone());
        if !known.is_stored || self.must_read(&object) {
            self.archive.catalogue.forget_rows(id)?;
            return Ok(true);
        }
        Ok(known.description != self.source.collection)
    }

    /// Returns `true` if an object is missing from the store, or the last `verify` found damage in it, or
    /// all files are read.
    pub fn must_read(&self, object: &ObjectId) -> bool {
        self.reread
            || self.archive.missing_objects.contains(object)
            || self.archive.damaged_objects.contains(object)
    }

    /// Checks that the source is not another folder with the same name.
    ///
    /// # Errors
    /// Returns [`IngestError::CollectionReplaced`] if the identifier of the collection is derived from the
    /// name of the folder, the collection was ingested from another folder, and most of its items are not
    /// in the source.
    pub fn check_identity(&self, comparison: &Comparison) -> Result<(), IngestError> {
        if !self.source.is_named_by_folder || comparison.kept * 2 >= comparison.size.items {
            return Ok(());
        }
        let path = self.source_path();
        match self.known()?.and_then(|known| known.source) {
            Some(previous) if previous != path => Err(IngestError::CollectionReplaced {
                collection: self.source.collection.id.to_string(),
                previous,
                path,
            }),
            _ => Ok(()),
        }
    }

    /// Checks that it is known which items the source would remove.
    ///
    /// # Errors
    /// Returns [`IngestError::RecordsDamaged`] if the catalogue was rebuilt without the items of the
    /// collection, because its records in the store are damaged, and their removal is not requested.
    pub fn check_records(
        &self,
        comparison: &Comparison,
        removal: Option<Removal>,
    ) -> Result<(), IngestError> {
        let id = &self.source.collection.id;
        let is_unknown = comparison.size.items == 0
            && self.known()?.is_some_and(|known| !known.is_stored)
            && self
                .archive
                .writer
                .store()
                .contains(&ObjectId::Collection(id.clone()));
        if is_unknown && removal != Some(Removal::All) {
            return Err(IngestError::RecordsDamaged {
                collection: id.to_string(),
            });
        }
        Ok(())
    }

    /// Records the path of the source in the catalogue.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read or written.
    pub fn remember_source(&self) -> Result<(), IngestError> {
        let path = self.source_path();
        match self.known()? {
            Some(known) if known.source.as_ref() != Some(&path) => Ok(self
                .archive
                .catalogue
                .put_collection(&CatalogueCollection {
                    source: Some(path),
                    ..known
                })?),
            _ => Ok(()),
        }
    }

    fn source_path(&self) -> String {
        let root = &self.source.root;
        let path = root.canonicalize().unwrap_or_else(|_| root.clone());
        path.to_string_lossy().into_owned()
    }

    /// Returns the summary of a run that writes nothing.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be read.
    pub fn summary(
        &self,
        changes: &Changes,
        problems: Vec<Problem>,
    ) -> Result<Summary, IngestError> {
        Ok(Summary {
            items: self.archive.catalogue.item_count()?,
            added: changes.added.len() as u64,
            changed: changes.changed.len() as u64,
            unchanged: changes.unchanged,
            removed: changes.removed.len() as u64,
            problems,
            ..Summary::new(&self.source.collection.id)
        })
    }
}
