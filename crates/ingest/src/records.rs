//! The records of a collection while it is ingested: those in the store, and the new ones.

use khizana_model::{Collection, Id, Item, Problem};
use khizana_store::catalogue::{Catalogue, to_json_line};
use khizana_store::ocfl::{
    COLLECTION_FILE, Content, ObjectId, RECORDS_FILE, RecordFile, StoreError, Writer,
};

use crate::IngestError;
use crate::item::to_pretty_json;

/// The records of a collection. Those in the store are read when they are first needed.
#[derive(Debug, Default)]
pub struct CollectionRecords {
    stored: Stored,
    new: Option<RecordFile>,
}

#[derive(Debug, Default)]
enum Stored {
    #[default]
    Unread,
    /// `None` if the store does not contain the collection.
    Read(Option<RecordFile>),
    /// The records are missing or damaged.
    Damaged,
}

impl CollectionRecords {
    /// Returns the record of an item in the store, if the store contains it and it is not damaged.
    ///
    /// # Errors
    /// Returns an error if the records cannot be read for another reason than damage.
    pub fn stored(
        &mut self,
        writer: &Writer,
        collection: &Id,
        item: &str,
    ) -> Result<Option<Item>, StoreError> {
        match self.read(writer, collection)? {
            Some(records) => records.record(item),
            None => Ok(None),
        }
    }

    /// Returns `true` if the records in the store were read and found to be damaged.
    pub fn are_damaged(&self) -> bool {
        matches!(self.stored, Stored::Damaged)
    }

    /// Adds a new record.
    ///
    /// # Errors
    /// Returns an error if the record cannot be written.
    pub fn push(&mut self, writer: &Writer, record: &Item) -> Result<(), StoreError> {
        if self.new.is_none() {
            self.new = Some(writer.new_record_file()?);
        }
        match &mut self.new {
            Some(new) => new.push(record.id.as_str(), &to_json_line(record)),
            None => Ok(()),
        }
    }

    fn read(
        &mut self,
        writer: &Writer,
        collection: &Id,
    ) -> Result<Option<&mut RecordFile>, StoreError> {
        if matches!(self.stored, Stored::Unread) {
            self.stored = match writer.stored_records(collection) {
                Ok(records) => Stored::Read(records),
                Err(
                    StoreError::Lost { .. }
                    | StoreError::Fixity { .. }
                    | StoreError::Inventory { .. }
                    | StoreError::Record { .. },
                ) => Stored::Damaged,
                Err(error) => return Err(error),
            };
        }
        Ok(match &mut self.stored {
            Stored::Read(records) => records.as_mut(),
            _ => None,
        })
    }

    fn line(
        &mut self,
        writer: &Writer,
        collection: &Id,
        item: &str,
    ) -> Result<Option<String>, StoreError> {
        if let Some(new) = &mut self.new
            && let Some(line) = new.line(item)?
        {
            return Ok(Some(line));
        }
        if let Some(records) = self.read(writer, collection)?
            && let Some(line) = records.line(item)?
        {
            return Ok(Some(line));
        }
        // The object of an item with files contains its record, too.
        let Ok(id) = item.parse() else {
            return Ok(None);
        };
        let object = writer.store().object(&ObjectId::Item(id)).ok().flatten();
        let record = object.and_then(|object| object.record().ok());
        Ok(record.as_ref().map(to_json_line))
    }

    /// Writes the object of the collection: its description, and the record of each item that the
    /// catalogue lists. Returns errors for items without a record.
    ///
    /// # Errors
    /// Returns an error if the catalogue or the store cannot be read or written.
    pub fn write(
        &mut self,
        writer: &Writer,
        catalogue: &Catalogue,
        collection: &Collection,
    ) -> Result<Vec<Problem>, IngestError> {
        let mut problems = Vec::new();
        let mut failed: Option<StoreError> = None;
        let ids = catalogue.item_ids(&collection.id)?;
        let staged = writer.stage_packed(|out| {
            for (_, id) in &ids {
                match self.line(writer, &collection.id, id) {
                    Ok(Some(line)) => {
                        out.write_all(line.as_bytes())?;
                        out.write_all(b"\n")?;
                    }
                    Ok(None) => problems.push(lost_record(id)),
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
            Ok(())
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let files = vec![
            (
                COLLECTION_FILE.to_owned(),
                Content::Bytes(to_pretty_json(collection)),
            ),
            (RECORDS_FILE.to_owned(), Content::Staged(staged)),
        ];
        let id = ObjectId::Collection(collection.id.clone());
        writer.put(&id, files, "Ingested from its source")?;
        Ok(problems)
    }
}

fn lost_record(id: &str) -> Problem {
    Problem::error(
        "record-lost",
        "The store has lost the record of the item, and the source does not contain the item.",
        "Restore the object of the collection from a backup of the store, or add the item to the source.",
    )
    .of_item(id)
}
