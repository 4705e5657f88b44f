//! The catalogue: an index of the items and files of an archive. It allows an ingest to find out
//! what has changed without reading the store.
//!
//! The catalogue is an SQLite database next to the store. It is rebuilt from the store if it is
//! missing or damaged, or has another schema version.
//!
//! The store is written before the catalogue, so the catalogue may be older than the store, but
//! never newer. After an interrupted run, items that are missing from the catalogue are ingested
//! again; objects that are already in the store are found to be unchanged.

mod rebuild;

pub use rebuild::to_json_line;

use std::path::{Path, PathBuf};
use std::time::Duration;

use khizana_model::{Collection, Hash, Id, Item, Storage};
use rusqlite::types::Type;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};

use crate::ocfl::{FileStamp, Store, StoreError};

/// The file name of the catalogue in an archive.
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// The version of the schema. A catalogue with another version is rebuilt.
const SCHEMA_VERSION: i64 = 1;

const SCHEMA: &str = "
DROP TABLE IF EXISTS files;
DROP TABLE IF EXISTS items;
DROP TABLE IF EXISTS collections;
-- `stored` is 0 while the collection's object in the store is behind what stands here.
CREATE TABLE collections (
    id TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    stored INTEGER NOT NULL
) WITHOUT ROWID;
-- `row_hash` is NULL where the row is not known: the item was read back from the store.
CREATE TABLE items (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    collection TEXT NOT NULL,
    position INTEGER NOT NULL,
    row_hash BLOB,
    record TEXT NOT NULL
);
CREATE INDEX items_in_order ON items (collection, position);
CREATE TABLE files (
    item INTEGER NOT NULL REFERENCES items (n) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER,
    sha256 BLOB NOT NULL,
    form TEXT NOT NULL,
    PRIMARY KEY (item, position)
) WITHOUT ROWID;
";

/// An error from reading or writing the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// An SQLite operation failed.
    #[error("cannot read or write the catalogue {}: {error}", path.display())]
    Sqlite {
        /// The file of the catalogue.
        path: PathBuf,
        /// The error that SQLite returned.
        error: rusqlite::Error,
    },
    /// The disk is full.
    #[error("{}: the disk is full", path.display())]
    Full {
        /// The file of the catalogue.
        path: PathBuf,
    },
    /// The store could not be read while the catalogue was being rebuilt.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CatalogueError {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            CatalogueError::Sqlite { .. } => "catalogue",
            CatalogueError::Full { .. } => "disk-full",
            CatalogueError::Store(error) => error.code(),
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            CatalogueError::Sqlite { .. } => {
                "Check that you have permission to write to the archive. If the error persists, delete the catalogue; it will be rebuilt from the store."
            }
            CatalogueError::Full { .. } => {
                "Free some disk space, then run the command again. The items ingested so far are kept."
            }
            CatalogueError::Store(error) => error.hint(),
        }
    }
}

/// An item in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueItem {
    /// The number of the item in the catalogue.
    pub number: i64,
    /// The identifier of the collection of the item.
    pub collection: String,
    /// The position in the collection, starting at 0.
    pub position: u64,
    /// The hash of the row of the item in the source, or `None` if the catalogue has been rebuilt
    /// since the item was ingested.
    pub row_hash: Option<Hash>,
}

/// A file in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueFile {
    /// The path of the file in the source.
    pub name: String,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// The modification time of the file when it was ingested, in nanoseconds since the Unix epoch,
    /// or `None` if the catalogue has been rebuilt since then.
    pub mtime_ns: Option<i64>,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// The form in which the store keeps the original.
    pub storage: Storage,
}

impl CatalogueFile {
    /// Returns `true` if a file with this stamp is assumed to be unchanged since it was ingested.
    pub fn matches(&self, stamp: FileStamp) -> bool {
        self.bytes == stamp.bytes && self.mtime_ns == Some(stamp.mtime_ns)
    }
}

/// An item to be added to the catalogue.
#[derive(Debug)]
pub struct NewItem<'a> {
    /// The identifier.
    pub id: &'a Id,
    /// The collection.
    pub collection: &'a Id,
    /// The position in the collection, starting at 0.
    pub position: u64,
    /// The hash of the row in the source, if it is known.
    pub row_hash: Option<Hash>,
    /// The record as one line of JSON.
    pub record: &'a str,
    /// All files of the item, in the order in which the record lists them.
    pub files: &'a [CatalogueFile],
}

/// The catalogue of an archive.
#[derive(Debug)]
pub struct Catalogue {
    db: Connection,
    path: PathBuf,
}

impl Catalogue {
    /// Opens the catalogue. Rebuilds it from the store if it is missing or damaged, or has another
    /// schema version.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be opened, or if it must be rebuilt and the store
    /// cannot be read.
    pub fn open(archive: &Path, store: &Store) -> Result<Self, CatalogueError> {
        let path = archive.join(CATALOGUE_FILE);
        let db = match Self::connect(&path) {
            Err(error) if is_damage(&error) => {
                // The whole content of the catalogue can be rebuilt from the store.
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(archive.join(format!("{CATALOGUE_FILE}{suffix}")));
                }
                Self::connect(&path)
            }
            other => other,
        }
        .map_err(|error| wrap(&path, error))?;
        let mut catalogue = Catalogue { db, path };
        let version: i64 =
            catalogue.run(|db| db.query_row("PRAGMA user_version", [], |row| row.get(0)))?;
        if version != SCHEMA_VERSION {
            rebuild::rebuild(&mut catalogue, store)?;
        }
        Ok(catalogue)
    }

    fn connect(path: &Path) -> rusqlite::Result<Connection> {
        let db = Connection::open(path)?;
        db.busy_timeout(Duration::from_secs(30))?;
        db.set_prepared_statement_cache_capacity(32);
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
        )?;
        // SQLite detects a file that is not a database only when it reads the schema.
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(db)
    }

    fn run<T>(
        &self,
        f: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, CatalogueError> {
        f(&self.db).map_err(|error| wrap(&self.path, error))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn begin(&self) -> Result<(), CatalogueError> {
        self.run(|db| db.execute_batch("BEGIN IMMEDIATE"))
    }

    /// Commits the changes since [`Catalogue::begin`].
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn commit(&self) -> Result<(), CatalogueError> {
        self.run(|db| db.execute_batch("COMMIT"))
    }

    /// Returns the number of items in the archive.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn item_count(&self) -> Result<u64, CatalogueError> {
        self.run(|db| db.query_row("SELECT count(*) FROM items", [], |row| row.get(0)))
    }

    /// Returns the item with an identifier, if it is in the catalogue.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn item(&self, id: &str) -> Result<Option<CatalogueItem>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT n, collection, position, row_hash FROM items WHERE id = ?1")?
                .query_row([id], |row| {
                    Ok(CatalogueItem {
                        number: row.get(0)?,
                        collection: row.get(1)?,
                        position: row.get(2)?,
                        row_hash: row.get::<_, Option<[u8; 32]>>(3)?.map(Hash),
                    })
                })
                .optional()
        })
    }

    /// Returns the files of an item, in the order in which its record lists them.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn files(&self, item: i64) -> Result<Vec<CatalogueFile>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached(
                "SELECT name, bytes, mtime_ns, sha256, form FROM files WHERE item = ?1 ORDER BY position",
            )?
            .query_map([item], |row| {
                Ok(CatalogueFile {
                    name: row.get(0)?,
                    bytes: row.get(1)?,
                    mtime_ns: row.get(2)?,
                    sha256: Hash(row.get(3)?),
                    storage: match row.get_ref(4)?.as_str()? {
                        "zstd" => Storage::Zstd,
                        _ => Storage::Raw,
                    },
                })
            })?
            .collect()
        })
    }

    /// Returns the record of an item.
    ///
    /// # Errors
    /// Returns an error if SQLite fails or the record is malformed.
    pub fn record(&self, item: i64) -> Result<Item, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT record FROM items WHERE n = ?1")?
                .query_row([item], |row| json(row, 0))
        })
    }

    /// Inserts an item. Replaces an existing item with the same identifier.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn put_item(&self, item: &NewItem<'_>) -> Result<(), CatalogueError> {
        self.run(|db| {
            let n: i64 = db
                .prepare_cached(
                    "INSERT INTO items (id, collection, position, row_hash, record)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (id) DO UPDATE SET collection = ?2, position = ?3,
                         row_hash = ?4, record = ?5
                     RETURNING n",
                )?
                .query_row(
                    params![
                        item.id.as_str(),
                        item.collection.as_str(),
                        item.position,
                        item.row_hash.map(|hash| hash.0),
                        item.record,
                    ],
                    |row| row.get(0),
                )?;
            db.prepare_cached("DELETE FROM files WHERE item = ?1")?
                .execute([n])?;
            let mut insert = db.prepare_cached(
                "INSERT INTO files (item, position, name, bytes, mtime_ns, sha256, form)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for (position, file) in (0u64..).zip(item.files) {
                let form = match file.storage {
                    Storage::Raw => "raw",
                    Storage::Zstd => "zstd",
                };
                insert.execute(params![
                    n,
                    position,
                    file.name,
                    file.bytes,
                    file.mtime_ns,
                    file.sha256.0,
                    form
                ])?;
            }
            Ok(())
        })
    }

    /// Sets the position of an item in its collection.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn set_position(&self, item: i64, position: u64) -> Result<(), CatalogueError> {
        self.run(|db| {
            db.prepare_cached("UPDATE items SET position = ?2 WHERE n = ?1")?
                .execute(params![item, position])
                .map(drop)
        })
    }

    /// Returns the numbers of the items of a collection.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn item_numbers(&self, collection: &Id) -> Result<Vec<i64>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT n FROM items WHERE collection = ?1")?
                .query_map([collection.as_str()], |row| row.get(0))?
                .collect()
        })
    }

    /// Removes an item.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn remove_item(&self, item: i64) -> Result<(), CatalogueError> {
        self.run(|db| {
            db.prepare_cached("DELETE FROM items WHERE n = ?1")?
                .execute([item])
                .map(drop)
        })
    }

    /// Returns a collection if it is in the catalogue. The second value is `true` if the object of
    /// the collection in the store is up to date.
    ///
    /// # Errors
    /// Returns an error if SQLite fails or the description of the collection is malformed.
    pub fn collection(&self, id: &Id) -> Result<Option<(Collection, bool)>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT description, stored FROM collections WHERE id = ?1")?
                .query_row([id.as_str()], |row| Ok((json(row, 0)?, row.get(1)?)))
                .optional()
        })
    }

    /// Returns the identifiers of all collections.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn collections(&self) -> Result<Vec<String>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT id FROM collections ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// Inserts or replaces a collection. `stored` is `true` if the object of the collection in the
    /// store is up to date.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn put_collection(
        &self,
        collection: &Collection,
        stored: bool,
    ) -> Result<(), CatalogueError> {
        self.run(|db| {
            let description = serde_json::to_string(collection)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            db.prepare_cached("INSERT OR REPLACE INTO collections VALUES (?1, ?2, ?3)")?
                .execute(params![collection.id.as_str(), description, stored])
                .map(drop)
        })
    }

    /// Calls `f` with each record of a collection as one line of JSON, in the order of the
    /// positions.
    ///
    /// # Errors
    /// Returns the first error that `f` returns, or an error if SQLite fails.
    pub fn for_each_record<E: From<CatalogueError>>(
        &self,
        collection: &Id,
        mut f: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = |error| E::from(wrap(&self.path, error));
        let mut select = self
            .db
            .prepare_cached("SELECT record FROM items WHERE collection = ?1 ORDER BY position, n")
            .map_err(sqlite)?;
        let mut rows = select.query([collection.as_str()]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let record = row.get_ref(0).map_err(sqlite)?;
            f(record.as_str().map_err(|error| sqlite(error.into()))?)?;
        }
        Ok(())
    }
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
    })
}

fn wrap(path: &Path, error: rusqlite::Error) -> CatalogueError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => CatalogueError::Full { path },
        _ => CatalogueError::Sqlite { path, error },
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reports_a_full_disk() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("PRAGMA max_page_count = 2; CREATE TABLE t (x);")
            .unwrap();
        let error = db
            .execute("INSERT INTO t VALUES (zeroblob(100000))", [])
            .unwrap_err();
        let error = wrap(Path::new("catalogue.sqlite"), error);
        assert_eq!(error.code(), "disk-full", "{error}");
        assert!(error.to_string().contains("catalogue.sqlite"));
    }
}
