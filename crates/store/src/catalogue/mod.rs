//! The catalogue: an index of the items and files of an archive. It allows an ingest to find out
//! what has changed without reading the store.
//!
//! The catalogue is an SQLite database next to the store. It is rebuilt from the store if it is
//! missing or damaged, or has another schema version.
//!
//! The store is written before the catalogue, so the catalogue may be older than the store, but
//! never newer. After an interrupted run, items that are missing from the catalogue are ingested
//! again; objects that are already in the store are found to be unchanged.

mod location;
mod rebuild;

use location::catalogue_path;
pub use rebuild::to_json_line;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use khizana_model::{Collection, Hash, Id, Item, Message, Storage, message};
use rusqlite::types::Type;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use crate::loss::letters;
use crate::ocfl::{FileStamp, ObjectId, StateId, Store, StoreError};

/// The file name of the catalogue in an archive.
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// The version of the schema. Version 1 had the records of the items, and no states.
const SCHEMA_VERSION: i64 = 2;

const SCHEMA: &str = "
-- `state` is the state of the store that the catalogue was made from, and `pending_state` one that a
-- run was about to write. Both are JSON.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
-- `stored` is 0 while the object of the collection lacks changes of its items. `source` is the folder
-- or table that the collection was ingested from last.
CREATE TABLE collections (
    id TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    stored INTEGER NOT NULL,
    source TEXT
) WITHOUT ROWID;
-- `row_hash` is NULL if the row is unknown, because the item was read from the store. `warnings` is a
-- JSON array, or empty.
CREATE TABLE items (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    collection TEXT NOT NULL,
    position INTEGER NOT NULL,
    row_hash BLOB,
    record_hash BLOB NOT NULL,
    letters INTEGER NOT NULL,
    file_count INTEGER NOT NULL,
    warnings TEXT NOT NULL
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
    content_path TEXT,
    content_bytes INTEGER,
    PRIMARY KEY (item, position)
) WITHOUT ROWID;
";

/// An error from reading or writing the catalogue.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum CatalogueError {
    /// An SQLite operation failed.
    Sqlite {
        /// The file of the catalogue.
        path: PathBuf,
        /// The error that SQLite returned.
        error: rusqlite::Error,
    },
    /// The disk is full.
    Full {
        /// The file of the catalogue.
        path: PathBuf,
    },
    /// The catalogue was written by a newer version of Khizana.
    Newer {
        /// The file of the catalogue.
        path: PathBuf,
        /// The version of its schema.
        version: i64,
    },
    /// The store could not be read while the catalogue was being rebuilt.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CatalogueError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            CatalogueError::Sqlite { path, error } => message!(
                "cannot read or write the catalogue {path}: {error}",
                path = path.display(),
                error = error.to_string()
            ),
            CatalogueError::Full { path } => {
                message!("{path}: the disk is full", path = path.display())
            }
            CatalogueError::Newer { path, version } => message!(
                "{path}: the catalogue has version {version}; this version of khizana supports up to {supported}",
                path = path.display(),
                version,
                supported = SCHEMA_VERSION
            ),
            CatalogueError::Store(error) => error.message(),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            CatalogueError::Sqlite { .. } => "catalogue",
            CatalogueError::Full { .. } => "disk-full",
            CatalogueError::Newer { .. } => "catalogue-newer",
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
            CatalogueError::Newer { .. } => {
                "Use the version of khizana that wrote the catalogue, or a newer version."
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
    /// SHA-256 of the record as one line of JSON.
    pub record_hash: Hash,
    /// Number of letters and digits in the description.
    pub letters: u64,
    /// Number of files.
    pub file_count: u64,
    /// The warnings about the files of the item, as a JSON array, or an empty string.
    pub warnings: String,
}

/// The size of a collection in the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CollectionSize {
    /// Number of items.
    pub items: u64,
    /// Number of files of all items.
    pub files: u64,
    /// Number of letters in the descriptions of all items.
    pub letters: u64,
}

/// A collection in the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueCollection {
    /// The description.
    pub description: Collection,
    /// `true` if the object of the collection in the store contains all changes of its items.
    pub is_stored: bool,
    /// The path of the source that the collection was ingested from last, if it is known.
    pub source: Option<String>,
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
    /// The file in the store, or `None` if the catalogue has been rebuilt since the item was ingested.
    pub content: Option<ContentFile>,
}

/// A content file of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFile {
    /// The path, relative to the folder of the object.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
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
    /// The record.
    pub record: &'a Item,
    /// The collection.
    pub collection: &'a Id,
    /// The position in the collection, starting at 0.
    pub position: u64,
    /// The hash of the row in the source, if it is known.
    pub row_hash: Option<Hash>,
    /// See [`CatalogueItem::warnings`].
    pub warnings: &'a str,
    /// All files of the item, in the order in which the record lists them.
    pub files: &'a [CatalogueFile],
}

/// The condition in which a catalogue was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It can be used.
    Current,
    /// It was missing or damaged. It is empty and must be filled with [`Catalogue::rebuild`].
    Empty,
    /// It has the schema of version 1 and must be replaced with [`Catalogue::migrate`].
    Version1,
}

/// The catalogue of an archive.
#[derive(Debug)]
pub struct Catalogue {
    db: Connection,
    path: PathBuf,
}

impl Catalogue {
    /// Opens the catalogue. A damaged catalogue is removed, because it can be rebuilt from the store.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be opened, or was written by a newer version.
    pub fn open(archive: &Path) -> Result<(Self, Condition), CatalogueError> {
        let path = catalogue_path(archive);
        copy_to_local_disk(archive, &path)?;
        let db = match Self::connect(&path) {
            Err(error) if is_damage(&error) => {
                for suffix in ["", "-wal", "-shm"] {
                    let name = format!("{CATALOGUE_FILE}{suffix}");
                    let _ = std::fs::remove_file(path.with_file_name(name));
                }
                Self::connect(&path)
            }
            other => other,
        }
        .map_err(|error| wrap(&path, error))?;
        let catalogue = Catalogue { db, path };
        let version: i64 =
            catalogue.run(|db| db.query_row("PRAGMA user_version", [], |row| row.get(0)))?;
        let condition = match version {
            0 => Condition::Empty,
            1 => Condition::Version1,
            SCHEMA_VERSION => Condition::Current,
            _ => {
                let path = catalogue.path;
                return Err(CatalogueError::Newer { path, version });
            }
        };
        Ok((catalogue, condition))
    }

    /// Opens a copy of the catalogue of an archive, which is made in `folder`, so that the archive is not written to.
    ///
    /// # Errors
    /// Returns an error if the catalogue cannot be copied or opened, or was written by a newer version.
    pub fn open_copy(archive: &Path, folder: &Path) -> Result<(Self, Condition), CatalogueError> {
        let original = catalogue_path(archive);
        for suffix in ["", "-wal", "-shm"] {
            let name = format!("{CATALOGUE_FILE}{suffix}");
            let copy = folder.join(&name);
            if copy.exists() {
                std::fs::remove_file(&copy).map_err(StoreError::io("remove", &copy))?;
            }
            let from = original.with_file_name(&name);
            // SQLite creates the index of the log again.
            if suffix != "-shm" && from.exists() {
                std::fs::copy(&from, &copy).map_err(StoreError::io("write", &copy))?;
            }
        }
        Self::open(folder)
    }

    /// Replaces the content of the catalogue with that of the store.
    ///
    /// The hashes of rows and the modification times of files are not in the store. So the next
    /// ingest reads every file again and finds it unchanged. Returns the errors of collections whose
    /// records are damaged. They are listed without items and as not stored.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read, or an SQLite operation fails.
    pub fn rebuild(&mut self, store: &Store) -> Result<Vec<StoreError>, CatalogueError> {
        rebuild::rebuild(self, store)
    }

    /// Replaces a catalogue of version 1.
    ///
    /// The hashes of rows and the modification times of files are kept for items whose record in the
    /// catalogue is the same as in the store. Returns the errors of damaged collections like
    /// [`Catalogue::rebuild`].
    ///
    /// # Errors
    /// Returns an error if the store cannot be read, or an SQLite operation fails.
    pub fn migrate(&mut self, store: &Store) -> Result<Vec<StoreError>, CatalogueError> {
        rebuild::migrate(self, store)
    }

    /// Returns the state of the store that the catalogue was made from, if it was recorded.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn state(&self) -> Result<Option<StateId>, CatalogueError> {
        self.meta("state")
    }

    /// Returns the state that an interrupted run was about to write.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn pending_state(&self) -> Result<Option<StateId>, CatalogueError> {
        self.meta("pending_state")
    }

    /// Records the state that a run is about to write.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn set_pending_state(&self, state: StateId) -> Result<(), CatalogueError> {
        self.set_meta("pending_state", Some(state))
    }

    /// Records the state that the catalogue was made from.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn set_state(&self, state: Option<StateId>) -> Result<(), CatalogueError> {
        self.set_meta("state", state)?;
        self.set_meta("pending_state", None)
    }

    fn meta(&self, key: &str) -> Result<Option<StateId>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?
                .query_row([key], |row| json(row, 0))
                .optional()
        })
    }

    fn set_meta(&self, key: &str, state: Option<StateId>) -> Result<(), CatalogueError> {
        self.run(|db| {
            match state {
                Some(state) => {
                    let value = serde_json::to_string(&state)
                        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
                    db.prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?
                        .execute([key, &value])
                }
                None => db
                    .prepare_cached("DELETE FROM meta WHERE key = ?1")?
                    .execute([key]),
            }
            .map(drop)
        })
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
    /// Returns an error if an SQLite operation fails.
    pub fn item(&self, id: &str) -> Result<Option<CatalogueItem>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached(
                "SELECT n, collection, position, row_hash, record_hash, letters, file_count, warnings
                 FROM items WHERE id = ?1",
            )?
            .query_row([id], |row| {
                Ok(CatalogueItem {
                    number: row.get(0)?,
                    collection: row.get(1)?,
                    position: row.get(2)?,
                    row_hash: row.get::<_, Option<[u8; 32]>>(3)?.map(Hash),
                    record_hash: Hash(row.get(4)?),
                    letters: row.get(5)?,
                    file_count: row.get(6)?,
                    warnings: row.get(7)?,
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
                "SELECT name, bytes, mtime_ns, sha256, form, content_path, content_bytes FROM files WHERE item = ?1 ORDER BY position",
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
                    content: match (row.get(5)?, row.get(6)?) {
                        (Some(path), Some(bytes)) => Some(ContentFile { path, bytes }),
                        _ => None,
                    },
                })
            })?
            .collect()
        })
    }

    /// Inserts an item. Replaces an existing item with the same identifier.
    ///
    /// # Errors
    /// Returns an error if SQLite fails.
    pub fn put_item(&self, item: &NewItem<'_>) -> Result<(), CatalogueError> {
        let record_hash: [u8; 32] = Sha256::digest(to_json_line(item.record)).into();
        self.run(|db| {
            let n: i64 = db
                .prepare_cached(
                    "INSERT INTO items (id, collection, position, row_hash, record_hash, letters,
                         file_count, warnings)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (id) DO UPDATE SET collection = ?2, position = ?3, row_hash = ?4,
                         record_hash = ?5, letters = ?6, file_count = ?7, warnings = ?8
                     RETURNING n",
                )?
                .query_row(
                    params![
                        item.record.id.as_str(),
                        item.collection.as_str(),
                        item.position,
                        item.row_hash.map(|hash| hash.0),
                        record_hash,
                        letters(item.record),
                        item.files.len() as u64,
                        item.warnings,
                    ],
                    |row| row.get(0),
                )?;
            db.prepare_cached("DELETE FROM files WHERE item = ?1")?
                .execute([n])?;
            let mut insert = db.prepare_cached(
                "INSERT INTO files (item, position, name, bytes, mtime_ns, sha256, form,
                     content_path, content_bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
                    form,
                    file.content.as_ref().map(|content| content.path.as_str()),
                    file.content.as_ref().map(|content| content.bytes),
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

    /// Returns the numbers and the identifiers of the items of a collection, in order.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn item_ids(&self, collection: &Id) -> Result<Vec<(i64, String)>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT n, id FROM items WHERE collection = ?1 ORDER BY position, n")?
                .query_map([collection.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// Returns the size of a collection.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn collection_size(&self, collection: &Id) -> Result<CollectionSize, CatalogueError> {
        self.run(|db| {
            db.prepare_cached(
                "SELECT count(*), coalesce(sum(file_count), 0), coalesce(sum(letters), 0)
                 FROM items WHERE collection = ?1",
            )?
            .query_row([collection.as_str()], |row| {
                Ok(CollectionSize {
                    items: row.get(0)?,
                    files: row.get(1)?,
                    letters: row.get(2)?,
                })
            })
        })
    }

    /// Marks the rows of a collection as unknown, so that the next ingest compares each item with the
    /// store.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn forget_rows(&self, collection: &Id) -> Result<(), CatalogueError> {
        self.run(|db| {
            db.prepare_cached("UPDATE items SET row_hash = NULL WHERE collection = ?1")?
                .execute([collection.as_str()])
                .map(drop)
        })
    }

    /// Returns the OCFL identifiers of items in the catalogue that the store does not contain: items
    /// that are not among the records of their collection, and items with files whose object is
    /// missing. This also works with a catalogue of version 1.
    ///
    /// The catalogue lists an item before the object of its collection is written. So an item without
    /// files is ignored if an interrupted run left its collection unwritten.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read, or an SQLite operation fails.
    pub fn missing_items(&self, store: &Store) -> Result<Vec<String>, CatalogueError> {
        let items: Vec<(String, bool, bool)> = self.run(|db| {
            db.prepare(
                "SELECT id, coalesce((SELECT stored FROM collections WHERE id = collection), 1),
                     EXISTS (SELECT 1 FROM files WHERE item = items.n)
                 FROM items ORDER BY collection, position, n",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
        })?;
        let mut listed = BTreeSet::new();
        for object in store.collection_objects()? {
            for item in object?.records()? {
                listed.insert(item?.id);
            }
        }
        let mut missing = Vec::new();
        for (id, is_stored, has_files) in items {
            let Ok(id) = id.parse::<Id>() else { continue };
            let is_listed = listed.contains(&id) || !is_stored;
            let object = ObjectId::Item(id);
            if !is_listed || (has_files && !store.contains(&object)) {
                missing.push(object.urn());
            }
        }
        Ok(missing)
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

    /// Returns a collection, if it is in the catalogue.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails, or the description is malformed.
    pub fn collection(&self, id: &Id) -> Result<Option<CatalogueCollection>, CatalogueError> {
        self.run(|db| {
            db.prepare_cached("SELECT description, stored, source FROM collections WHERE id = ?1")?
                .query_row([id.as_str()], |row| {
                    Ok(CatalogueCollection {
                        description: json(row, 0)?,
                        is_stored: row.get(1)?,
                        source: row.get(2)?,
                    })
                })
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

    /// Inserts or replaces a collection.
    ///
    /// # Errors
    /// Returns an error if an SQLite operation fails.
    pub fn put_collection(&self, collection: &CatalogueCollection) -> Result<(), CatalogueError> {
        self.run(|db| {
            let description = serde_json::to_string(&collection.description)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            db.prepare_cached("INSERT OR REPLACE INTO collections VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![
                    collection.description.id.as_str(),
                    description,
                    collection.is_stored,
                    collection.source,
                ])
                .map(drop)
        })
    }
}

/// The state and the size of a store according to its catalogue.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordedStore {
    /// The state that the catalogue was made from.
    pub state: Option<StateId>,
    /// Number of items.
    pub items: u64,
}

/// Reads what the catalogue of an archive records about its store, without changing the catalogue.
/// Returns the default value if there is no readable catalogue.
pub fn recorded_store(archive: &Path) -> RecordedStore {
    let local = catalogue_path(archive);
    let path = match local.exists() {
        true => local,
        false => archive.join(CATALOGUE_FILE),
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let recorded = Connection::open_with_flags(&path, flags).and_then(|db| read_recorded(&db));
    recorded
        .or_else(|_| {
            // On a read-only disk, SQLite cannot use the write-ahead log.
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            let name = path.to_string_lossy();
            let name = name
                .replace('%', "%25")
                .replace('?', "%3f")
                .replace('#', "%23");
            let uri = format!("file:{name}?immutable=1");
            read_recorded(&Connection::open_with_flags(uri, flags)?)
        })
        .unwrap_or_default()
}

fn read_recorded(db: &Connection) -> rusqlite::Result<RecordedStore> {
    let items = db.query_row("SELECT count(*) FROM items", [], |row| row.get(0))?;
    // Version 1 has no such table.
    let state = db.query_row("SELECT value FROM meta WHERE key = 'state'", [], |row| {
        json(row, 0)
    });
    Ok(RecordedStore {
        state: state.ok(),
        items,
    })
}

/// Copies the catalogue of an archive on a network disk to its location on the local disk, if it has been in
/// the folder of the archive until now.
fn copy_to_local_disk(archive: &Path, path: &Path) -> Result<(), CatalogueError> {
    let earlier = archive.join(CATALOGUE_FILE);
    if path == earlier || path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
    if earlier.exists() {
        std::fs::copy(&earlier, path).map_err(StoreError::io("write", path))?;
    }
    Ok(())
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
