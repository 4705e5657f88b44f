//! Rebuilding the catalogue from the store.

use khizana_model::{Collection, Hash, Item};
use rusqlite::OptionalExtension;

use super::{
    Catalogue, CatalogueCollection, CatalogueError, CatalogueFile, NewItem, SCHEMA, SCHEMA_VERSION,
};
use crate::ocfl::{COLLECTION_FILE, Object, ObjectId, RECORDS_FILE, Store, StoreError, item_files};

/// Recreates the tables and fills them from the collections of the store, in one transaction. Keeps
/// the paths of the sources.
pub(super) fn rebuild(
    catalogue: &mut Catalogue,
    store: &Store,
) -> Result<Vec<StoreError>, CatalogueError> {
    let mut sources = Vec::new();
    if catalogue.has_table("meta")? {
        for id in catalogue.collections()? {
            let Ok(id) = id.parse() else { continue };
            if let Ok(Some(collection)) = catalogue.collection(&id) {
                sources.push((id, collection.source));
            }
        }
    }
    transaction(catalogue, |catalogue| {
        catalogue.run(|db| {
            db.execute_batch(
                "DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS items;
                 DROP TABLE IF EXISTS collections; DROP TABLE IF EXISTS meta;",
            )
        })?;
        let damaged = fill(catalogue, store, |_, _| Ok(None))?;
        for (id, source) in sources {
            if let Some(collection) = catalogue.collection(&id)? {
                catalogue.put_collection(&CatalogueCollection {
                    source,
                    ..collection
                })?;
            }
        }
        Ok(damaged)
    })
}

/// Replaces the tables of version 1.
pub(super) fn migrate(
    catalogue: &mut Catalogue,
    store: &Store,
) -> Result<Vec<StoreError>, CatalogueError> {
    transaction(catalogue, |catalogue| {
        catalogue.run(|db| {
            db.execute_batch(
                "DROP INDEX items_in_order;
                 ALTER TABLE files RENAME TO files_1;
                 ALTER TABLE items RENAME TO items_1;
                 ALTER TABLE collections RENAME TO collections_1;",
            )
        })?;
        let damaged = fill(catalogue, store, Catalogue::version_1_item)?;
        catalogue.run(|db| {
            db.execute_batch("DROP TABLE files_1; DROP TABLE items_1; DROP TABLE collections_1;")
        })?;
        Ok(damaged)
    })
}

/// Runs `f` in a transaction, which is rolled back if it fails.
fn transaction<T>(
    catalogue: &mut Catalogue,
    f: impl FnOnce(&Catalogue) -> Result<T, CatalogueError>,
) -> Result<T, CatalogueError> {
    catalogue.begin()?;
    match f(catalogue) {
        Ok(value) => {
            catalogue.commit()?;
            Ok(value)
        }
        Err(error) => {
            // The first error is returned.
            let _ = catalogue.db.execute_batch("ROLLBACK");
            Err(error)
        }
    }
}

/// The row hash of an item and the modification times of its files in an earlier catalogue.
type KnownItem = (Option<Hash>, Vec<Option<i64>>);

/// Creates the tables and fills them from the store. `known` returns what an earlier catalogue contains
/// about an item with this record. Returns the errors of collections whose records are damaged. They are
/// listed without items and as not stored.
fn fill(
    catalogue: &Catalogue,
    store: &Store,
    known: impl Fn(&Catalogue, &Item) -> Result<Option<KnownItem>, CatalogueError>,
) -> Result<Vec<StoreError>, CatalogueError> {
    catalogue.run(|db| db.execute_batch(SCHEMA))?;
    let mut damaged = Vec::new();
    for object in store.collection_objects()? {
        let object: Object = match object {
            Ok(object) => object,
            Err(error) if error.is_damage() => {
                damaged.push(error);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let Some(ObjectId::Collection(id)) = ObjectId::from_urn(&object.inventory.id) else {
            continue;
        };
        let checked = object.check(COLLECTION_FILE);
        let error = checked.and_then(|()| object.check(RECORDS_FILE)).err();
        if let Some(error) = error {
            if !error.is_damage() {
                return Err(error.into());
            }
            damaged.push(error);
            let description = object.json(COLLECTION_FILE);
            catalogue.put_collection(&CatalogueCollection {
                description: description.unwrap_or_else(|_| Collection::new(id)),
                is_stored: false,
                source: None,
            })?;
            continue;
        }
        let collection: Collection = object.json(COLLECTION_FILE)?;
        catalogue.put_collection(&CatalogueCollection {
            description: collection.clone(),
            is_stored: true,
            source: None,
        })?;
        for (position, item) in (0u64..).zip(object.records()?) {
            let item: Item = item?;
            let (row_hash, times) = known(catalogue, &item)?.unwrap_or_default();
            let mut files = stored_files(&item);
            for (file, time) in files.iter_mut().zip(times) {
                file.mtime_ns = time;
            }
            catalogue.put_item(&NewItem {
                record: &item,
                collection: &collection.id,
                position,
                row_hash,
                warnings: "",
                files: &files,
            })?;
        }
    }
    catalogue.run(|db| db.pragma_update(None, "user_version", SCHEMA_VERSION))?;
    Ok(damaged)
}

impl Catalogue {
    fn has_table(&self, name: &str) -> Result<bool, CatalogueError> {
        self.run(|db| db.table_exists(None, name))
    }

    /// Returns what the tables of version 1 contain about an item, if its record is the same.
    fn version_1_item(&self, item: &Item) -> Result<Option<KnownItem>, CatalogueError> {
        self.run(|db| {
            let found = db
                .prepare_cached("SELECT n, row_hash FROM items_1 WHERE id = ?1 AND record = ?2")?
                .query_row([item.id.as_str(), &to_json_line(item)], |row| {
                    let number: i64 = row.get(0)?;
                    Ok((number, row.get::<_, Option<[u8; 32]>>(1)?.map(Hash)))
                })
                .optional()?;
            let Some((number, row_hash)) = found else {
                return Ok(None);
            };
            let times = db
                .prepare_cached("SELECT mtime_ns FROM files_1 WHERE item = ?1 ORDER BY position")?
                .query_map([number], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(Some((row_hash, times)))
        })
    }
}

/// Serialises a record as one line of JSON.
pub fn to_json_line(item: &Item) -> String {
    // Serialisation cannot fail, because records consist of text, numbers and lists.
    serde_json::to_string(item).unwrap_or_default()
}

/// Returns the files of a record for the catalogue.
fn stored_files(item: &Item) -> Vec<CatalogueFile> {
    item_files(item)
        .map(|file| CatalogueFile {
            name: file.name.to_owned(),
            bytes: file.bytes,
            mtime_ns: None,
            sha256: file.sha256,
            storage: file.storage,
            content: None,
        })
        .collect()
}
