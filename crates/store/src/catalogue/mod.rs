//! The catalogue: what the archive holds, by item and file, so that a second run need not look into
//! the store. One SQLite file beside it, `catalogue.sqlite`; made again from the store alone where it
//! is missing, damaged, or of another version.
//!
//! The store is written first and the catalogue after it. So the catalogue may be behind the store,
//! never ahead: a run that died is found out by its items being new again, and their objects in the
//! store being just as they should be.

mod rebuild;

pub use rebuild::to_line;

use std::path::{Path, PathBuf};
use std::time::Duration;

use khizana_model::{Collection, Hash, Id, Item, Storage};
use rusqlite::types::Type;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};

use crate::ocfl::{Stamp, Store, StoreError};

/// The catalogue's file in an archive.
pub const CATALOGUE: &str = "catalogue.sqlite";

/// The version of the tables below; another one is replaced, from the store.
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

/// Why the catalogue could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// SQLite failed.
    #[error("{}: {error}", path.display())]
    Sqlite {
        /// The catalogue's file.
        path: PathBuf,
        /// SQLite's own words.
        error: rusqlite::Error,
    },
    /// No room is left.
    #[error("{}: the disk is full", path.display())]
    Full {
        /// The catalogue's file.
        path: PathBuf,
    },
    /// It is being rebuilt and the store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CatalogueError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            CatalogueError::Sqlite { .. } => "catalogue",
            CatalogueError::Full { .. } => "disk-full",
            CatalogueError::Store(error) => error.code(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            CatalogueError::Sqlite { .. } => {
                "Check that you have permission to write to the archive. If the error persists, delete the catalogue; it is rebuilt from the store."
            }
            CatalogueError::Full { .. } => {
                "Free disk space and run the command again; the items ingested so far are kept."
            }
            CatalogueError::Store(error) => error.hint(),
        }
    }
}

/// An item as the catalogue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its number in the catalogue.
    pub n: i64,
    /// The collection it belongs to.
    pub collection: String,
    /// Its place in the collection, from 0.
    pub position: u64,
    /// The hash of the row that described it; `None` where it was read back from the store.
    pub row_hash: Option<Hash>,
}

/// A file as the catalogue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// Its path in the source.
    pub name: String,
    /// Length of the original.
    pub bytes: u64,
    /// Its time when it was read; `None` where the item was read back from the store.
    pub mtime_ns: Option<i64>,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// How the store keeps it.
    pub storage: Storage,
}

impl HeldFile {
    /// Whether a file with this stamp can be taken to be the same.
    pub fn is(&self, stamp: Stamp) -> bool {
        self.bytes == stamp.bytes && self.mtime_ns == Some(stamp.mtime_ns)
    }
}

/// An item to be held.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Its identifier.
    pub id: &'a Id,
    /// Its collection.
    pub collection: &'a Id,
    /// Its place in the collection, from 0.
    pub position: u64,
    /// The hash of its row.
    pub row_hash: Option<Hash>,
    /// Its record, JSON in one line.
    pub record: &'a str,
    /// Its files and their texts, in the record's order.
    pub files: &'a [HeldFile],
}

/// The catalogue of an archive.
#[derive(Debug)]
pub struct Catalogue {
    db: Connection,
    path: PathBuf,
}

impl Catalogue {
    /// Opens the catalogue; makes it from the store where it is missing, damaged or of another
    /// version.
    pub fn open(archive: &Path, store: &Store) -> Result<Self, CatalogueError> {
        let path = archive.join(CATALOGUE);
        let db = match Self::connect(&path) {
            Err(error) if is_damage(&error) => {
                // Nothing is lost: all that it says is in the store.
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(archive.join(format!("{CATALOGUE}{suffix}")));
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
        // Reading the schema is what finds a file that is no database.
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(db)
    }

    fn run<T>(
        &self,
        f: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, CatalogueError> {
        f(&self.db).map_err(|error| wrap(&self.path, error))
    }

    /// Begins a batch of changes.
    pub fn begin(&self) -> Result<(), CatalogueError> {
        self.run(|db| db.execute_batch("BEGIN IMMEDIATE"))
    }

    /// Ends a batch: what was changed since [`Catalogue::begin`] stays.
    pub fn commit(&self) -> Result<(), CatalogueError> {
        self.run(|db| db.execute_batch("COMMIT"))
    }

    /// How many items the archive holds.
    pub fn count(&self) -> Result<u64, CatalogueError> {
        self.run(|db| db.query_row("SELECT count(*) FROM items", [], |row| row.get(0)))
    }

    /// An item, where it is held.
    pub fn held(&self, id: &str) -> Result<Option<Held>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT n, collection, position, row_hash FROM items WHERE id = ?1")?
                .query_row([id], |row| {
                    Ok(Held {
                        n: row.get(0)?,
                        collection: row.get(1)?,
                        position: row.get(2)?,
                        row_hash: row.get::<_, Option<[u8; 32]>>(3)?.map(Hash),
                    })
                })
                .optional()
        })
    }

    /// The files of an item, in the record's order.
    pub fn files(&self, item: i64) -> Result<Vec<HeldFile>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached(
                "SELECT name, bytes, mtime_ns, sha256, form FROM files WHERE item = ?1 ORDER BY position",
            )?
            .query_map([item], |row| {
                Ok(HeldFile {
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

    /// The record of an item.
    pub fn record(&self, item: i64) -> Result<Item, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT record FROM items WHERE n = ?1")?
                .query_row([item], |row| json(row, 0))
        })
    }

    /// Holds an item, in the place of what was held under its identifier.
    pub fn put(&self, entry: &Entry<'_>) -> Result<(), CatalogueError> {
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
                        entry.id.as_str(),
                        entry.collection.as_str(),
                        entry.position,
                        entry.row_hash.map(|hash| hash.0),
                        entry.record,
                    ],
                    |row| row.get(0),
                )?;
            db.prepare_cached("DELETE FROM files WHERE item = ?1")?
                .execute([n])?;
            let mut insert = db.prepare_cached(
                "INSERT INTO files (item, position, name, bytes, mtime_ns, sha256, form)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for (position, file) in (0u64..).zip(entry.files) {
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

    /// Gives an item another place in its collection.
    pub fn set_position(&self, item: i64, position: u64) -> Result<(), CatalogueError> {
        self.run(|db| {
            db.prepare_cached("UPDATE items SET position = ?2 WHERE n = ?1")?
                .execute(params![item, position])
                .map(drop)
        })
    }

    /// The numbers of a collection's items.
    pub fn numbers(&self, collection: &Id) -> Result<Vec<i64>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT n FROM items WHERE collection = ?1")?
                .query_map([collection.as_str()], |row| row.get(0))?
                .collect()
        })
    }

    /// Holds an item no longer.
    pub fn remove(&self, item: i64) -> Result<(), CatalogueError> {
        self.run(|db| {
            db.prepare_cached("DELETE FROM items WHERE n = ?1")?
                .execute([item])
                .map(drop)
        })
    }

    /// A collection, and whether its object in the store is up to date.
    pub fn collection(&self, id: &Id) -> Result<Option<(Collection, bool)>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT description, stored FROM collections WHERE id = ?1")?
                .query_row([id.as_str()], |row| Ok((json(row, 0)?, row.get(1)?)))
                .optional()
        })
    }

    /// The identifiers of all collections.
    pub fn collections(&self) -> Result<Vec<String>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT id FROM collections ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// Holds a collection, and says whether its object in the store is up to date.
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

    /// Hands over the records of a collection's items in order, each JSON in one line.
    pub fn each_record<E: From<CatalogueError>>(
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
    fn a_catalogue_without_room_says_so() {
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
