//! Rebuilding of the catalogue from the store.

use khizana_model::{Collection, Item};

use super::{Catalogue, CatalogueError, CatalogueFile, NewItem, SCHEMA, SCHEMA_VERSION};
use crate::ocfl::{COLLECTION_FILE, Object, Store, item_files};

/// Recreates the tables and fills them from the collections of the store, in one transaction.
///
/// The store does not contain the hashes of the rows and the modification times of the files, so
/// the next ingest reads every file again, including files that have not changed.
pub(super) fn rebuild(catalogue: &mut Catalogue, store: &Store) -> Result<(), CatalogueError> {
    catalogue.begin()?;
    let filled = fill(catalogue, store);
    match filled {
        Ok(()) => catalogue.commit(),
        Err(error) => {
            // The error that caused the rollback is returned, not an error of the rollback.
            let _ = catalogue.db.execute_batch("ROLLBACK");
            Err(error)
        }
    }
}

fn fill(catalogue: &Catalogue, store: &Store) -> Result<(), CatalogueError> {
    catalogue.run(|db| db.execute_batch(SCHEMA))?;
    for object in store.collection_objects()? {
        let object: Object = object?;
        let collection: Collection = object.json(COLLECTION_FILE)?;
        catalogue.put_collection(&collection, true)?;
        for (position, item) in (0u64..).zip(object.records()?) {
            let item: Item = item?;
            let record = to_json_line(&item);
            let files = held_files(&item);
            catalogue.put_item(&NewItem {
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

/// Serialises a record as one line of JSON.
pub fn to_json_line(item: &Item) -> String {
    // Records consist of text, numbers and lists, which can always be serialised.
    serde_json::to_string(item).unwrap_or_default()
}

fn held_files(item: &Item) -> Vec<CatalogueFile> {
    item_files(item)
        .map(|file| CatalogueFile {
            name: file.name.to_owned(),
            bytes: file.bytes,
            mtime_ns: None,
            sha256: file.sha256,
            storage: file.storage,
        })
        .collect()
}
