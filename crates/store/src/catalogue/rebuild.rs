//! The catalogue made from the store alone.

use khizana_model::{Collection, Item};

use super::{Catalogue, CatalogueError, Entry, HeldFile, SCHEMA, SCHEMA_VERSION};
use crate::ocfl::{COLLECTION, Object, Store, files_of};

/// Makes the tables anew and fills them from the collections of the store, in one transaction.
///
/// What only the source knows, the hashes of rows and the times of files, stays open: the next
/// ingest reads each file once more and finds it unchanged.
pub(super) fn rebuild(catalogue: &mut Catalogue, store: &Store) -> Result<(), CatalogueError> {
    catalogue.begin()?;
    let filled = fill(catalogue, store);
    match filled {
        Ok(()) => catalogue.commit(),
        Err(error) => {
            // The first error is the one to tell.
            let _ = catalogue.db.execute_batch("ROLLBACK");
            Err(error)
        }
    }
}

fn fill(catalogue: &Catalogue, store: &Store) -> Result<(), CatalogueError> {
    catalogue.run(|db| db.execute_batch(SCHEMA))?;
    for object in store.collection_objects()? {
        let object: Object = object?;
        let collection: Collection = object.json(COLLECTION)?;
        catalogue.put_collection(&collection, true)?;
        for (position, item) in (0u64..).zip(object.records()?) {
            let item: Item = item?;
            let record = to_line(&item);
            let files = held_files(&item);
            catalogue.put(&Entry {
                id: &item.id,
                collection: &collection.id,
                position,
                row_hash: None,
                record: &record,
                files: &files,
            })?;
        }
    }
    catalogue.run(|db| db.pragma_update(None, "user_version", SCHEMA_VERSION))
}

/// A record as one line of JSON.
pub fn to_line(item: &Item) -> String {
    // A record is text, numbers and lists: there is nothing in it that JSON cannot say.
    serde_json::to_string(item).unwrap_or_default()
}

fn held_files(item: &Item) -> Vec<HeldFile> {
    files_of(item)
        .map(|file| HeldFile {
            name: file.name.to_owned(),
            bytes: file.bytes,
            mtime_ns: None,
            sha256: file.sha256,
            storage: file.storage,
        })
        .collect()
}
