//! The OCFL 1.1 storage root of an archive. [`Store`] reads it, and [`Writer`] writes it.
//!
//! `docs/src/store.md` describes its contents.

mod adopt;
mod configuration;
mod content_path;
mod digest;
pub(crate) mod durable;
mod error;
mod inventory;
mod layout;
mod original;
pub mod readme;
mod record_file;
mod staging;
pub mod state;
mod writer;
mod writer_file;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use khizana_model::{Collection, Hash, Id, Item, Storage, message};

pub use digest::hash_file;
pub use error::StoreError;
pub use inventory::{INVENTORY, Inventory, SIDECAR, State, Version, is_safe_path};
pub use khizana_model::StateId;
pub use layout::{ObjectId, object_path};
pub use original::{Original, OriginalRef, item_files, sha256sum_list};
pub use record_file::RecordFile;
pub use staging::{FileStamp, StageError, StagedFile, StagedOriginal};
pub use state::States;
pub use writer::{Content, PreparedState, PutOutcome, WORK_DIR, Writer, creation_time, now};

pub(crate) use digest::{HashingReader, check_file};
pub(crate) use durable::list;
pub(crate) use layout::{STATES_FOLDER, is_foreign, root_files};
pub(crate) use original::record_of;
pub(crate) use state::{has_inventory, sidecar_digest};

/// The name of the folder of the storage root in an archive.
pub const STORE_DIR: &str = "store";
/// The logical path of the record in the object of an item.
pub const RECORD_FILE: &str = "record.json";
/// The logical path of the list of the originals in the object of an item, in the format of `sha256sum`.
pub const ORIGINALS_FILE: &str = "originals.sha256";
/// The logical path of the configuration in its object.
/// The logical path of the description in the object of a collection.
pub const COLLECTION_FILE: &str = "collection.json";
/// The logical path of the file with the records in the object of a collection. It contains one
/// record per line, in the order of the source.
pub const RECORDS_FILE: &str = "records.jsonl.zst";

pub(crate) const ROOT_DECLARATION: &str = "0=ocfl_1.1";
/// The name and the content of the file that declares an object.
pub(crate) const OBJECT_DECLARATION: (&str, &str) = ("0=ocfl_object_1.1", "ocfl_object_1.1\n");

/// Returns the logical path of an original in the object of its item. `name` is the path in the
/// source.
pub fn logical_path(name: &str, storage: Storage) -> String {
    match storage {
        Storage::Raw => format!("files/{name}"),
        Storage::Zstd => format!("files/{name}.zst"),
    }
}

/// A reader of the store of an archive.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) root: PathBuf,
}

/// An object of the store.
#[derive(Debug, Clone)]
pub struct Object {
    /// The folder of the object.
    pub path: PathBuf,
    /// The inventory of the object.
    pub inventory: Inventory,
}

/// The folder of an object whose inventory has not been read.
#[derive(Debug, Clone)]
pub struct ObjectDir {
    /// The path of the folder.
    pub path: PathBuf,
}

/// An entry of the storage root.
#[derive(Debug)]
pub(crate) enum StoreEntry {
    /// The folder of an object.
    Object(ObjectDir),
    /// A file, or a link.
    File(PathBuf),
}

impl ObjectDir {
    /// Reads and validates the inventory.
    ///
    /// # Errors
    /// Returns an error if the inventory is missing, cannot be read, or is invalid.
    pub fn inventory(&self) -> Result<Inventory, StoreError> {
        Inventory::read(&self.path)?.ok_or_else(|| StoreError::Lost {
            path: self.path.join(INVENTORY),
        })
    }
}

impl Store {
    /// Opens the store of an archive.
    ///
    /// # Errors
    /// Returns [`StoreError::Missing`] if there is no store, and [`StoreError::Unknown`] if the
    /// folder is not a storage root with the layout that Khizana uses.
    pub fn open(archive: &Path) -> Result<Self, StoreError> {
        Self::open_root(&archive.join(STORE_DIR))
    }

    /// Opens the storage root in a folder.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub fn open_root(root: &Path) -> Result<Self, StoreError> {
        let root = root.to_owned();
        if !root.exists() {
            return Err(StoreError::Missing { path: root });
        }
        let unknown = |file: &str| StoreError::Unknown {
            path: root.clone(),
            file: file.to_owned(),
            layout: layout::EXTENSION,
        };
        if !root.join(ROOT_DECLARATION).exists() {
            let mut entries = list(&root)?.into_iter().map(|entry| entry.name);
            return Err(match entries.find(|name| name.starts_with("0=ocfl_")) {
                Some(declaration) => StoreError::Newer {
                    path: root,
                    declaration,
                },
                None => unknown(ROOT_DECLARATION),
            });
        }
        let config_name = format!("extensions/{}/config.json", layout::EXTENSION);
        let config = std::fs::read(root.join(&config_name)).unwrap_or_default();
        let config: serde_json::Value = serde_json::from_slice(&config).unwrap_or_default();
        let is = |key: &str, value: serde_json::Value| config.get(key) == Some(&value);
        if is("digestAlgorithm", "sha256".into())
            && is("tupleSize", 3.into())
            && is("numberOfTuples", 3.into())
        {
            Ok(Store { root })
        } else {
            Err(unknown(&config_name))
        }
    }

    /// Returns the folder of the storage root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns an object, if it exists.
    ///
    /// # Errors
    /// Returns an error if the inventory cannot be read or is invalid.
    pub fn object(&self, id: &ObjectId) -> Result<Option<Object>, StoreError> {
        let urn = id.urn();
        let path = self.root.join(object_path(&urn));
        let Some(inventory) = Inventory::read(&path)? else {
            return Ok(None);
        };
        if inventory.id != urn {
            return Err(StoreError::Inventory {
                path: path.join(INVENTORY),
                why: message!(
                    "the inventory belongs to {found}, not to {urn}",
                    found = inventory.id.escape_debug().to_string(),
                    urn
                ),
            });
        }
        Ok(Some(Object { path, inventory }))
    }

    /// Returns `true` if the store has an object with an inventory. Does not read the inventory.
    pub fn contains(&self, id: &ObjectId) -> bool {
        let path = self.root.join(object_path(&id.urn())).join(INVENTORY);
        path.is_file()
    }

    /// Returns an iterator over the folders of all objects, sorted by path.
    ///
    /// # Errors
    /// Returns an error if a folder cannot be read.
    pub fn objects(
        &self,
    ) -> Result<impl Iterator<Item = Result<ObjectDir, StoreError>>, StoreError> {
        Ok(self.entries()?.filter_map(|entry| match entry {
            Ok(StoreEntry::Object(object)) => Some(Ok(object)),
            Ok(StoreEntry::File(_)) => None,
            Err(error) => Some(Err(error)),
        }))
    }

    /// Returns an iterator over the folders of all objects, and over the files next to and above them,
    /// except for those in `extensions`.
    ///
    /// # Errors
    /// Returns an error if a folder cannot be read.
    pub(crate) fn entries(
        &self,
    ) -> Result<impl Iterator<Item = Result<StoreEntry, StoreError>>, StoreError> {
        // The layout has three levels of folders above the folders of the objects.
        let mut ahead: Vec<(durable::Entry, u8)> = Vec::new();
        for entry in list(&self.root)?.into_iter().rev() {
            if entry.name != "extensions" {
                ahead.push((entry, 1));
            }
        }
        Ok(std::iter::from_fn(move || {
            loop {
                let (entry, depth) = ahead.pop()?;
                if !entry.is_dir {
                    return Some(Ok(StoreEntry::File(entry.path)));
                }
                if depth == 4 {
                    return Some(Ok(StoreEntry::Object(ObjectDir { path: entry.path })));
                }
                match list(&entry.path) {
                    Ok(entries) => {
                        ahead.extend(entries.into_iter().rev().map(|entry| (entry, depth + 1)));
                    }
                    Err(error) => return Some(Err(error)),
                }
            }
        }))
    }

    /// Returns an iterator over the objects of all collections.
    ///
    /// # Errors
    /// Returns an error if a folder or an inventory cannot be read.
    pub fn collection_objects(
        &self,
    ) -> Result<impl Iterator<Item = Result<Object, StoreError>>, StoreError> {
        Ok(self.objects()?.filter_map(|found| {
            let found = match found {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            // Collections are recognised by their folder names, so that the inventories of items
            // need not be read.
            let name = found.path.file_name()?.to_string_lossy();
            if !name.starts_with(layout::COLLECTION_FOLDER) {
                return None;
            }
            Some(found.inventory().map(|inventory| Object {
                path: found.path,
                inventory,
            }))
        }))
    }

    /// Returns the collections of the store, sorted by identifier.
    ///
    /// # Errors
    /// Returns an error if a collection cannot be read.
    pub fn collections(&self) -> Result<Vec<Collection>, StoreError> {
        let mut collections: Vec<Collection> = Vec::new();
        for object in self.collection_objects()? {
            collections.push(object?.json(COLLECTION_FILE)?);
        }
        collections.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(collections)
    }

    /// Returns an iterator over the records of a collection, in the order of its source. The
    /// iterator is empty if the collection does not exist.
    ///
    /// # Errors
    /// Returns an error if the object of the collection cannot be read.
    pub fn records(&self, collection: &Id) -> Result<Records, StoreError> {
        let object = self.object(&ObjectId::Collection(collection.clone()))?;
        object.map_or_else(|| Ok(Records::empty()), |object| object.records())
    }
}

impl Object {
    /// Returns the path of the file with a logical path in the newest version.
    ///
    /// # Errors
    /// Returns [`StoreError::Lost`] if the newest version has no such file.
    pub fn file(&self, logical: &str) -> Result<PathBuf, StoreError> {
        self.inventory
            .head_version()
            .and_then(|head| head.digest_of(logical))
            .and_then(|digest| self.content(&digest))
            .ok_or_else(|| StoreError::Lost {
                path: self.path.join(logical),
            })
    }

    /// Returns the path of the file with a digest, if the inventory contains the digest.
    pub fn content(&self, digest: &Hash) -> Option<PathBuf> {
        Some(self.path.join(self.inventory.content_path(digest)?))
    }

    /// Returns `true` if the file with a digest exists and, if it is stored uncompressed, has the length
    /// `bytes`.
    pub fn has_content(&self, digest: &Hash, storage: Storage, bytes: u64) -> bool {
        let Some(path) = self.content(digest) else {
            return false;
        };
        std::fs::metadata(path).is_ok_and(|file| match storage {
            Storage::Raw => file.is_file() && file.len() == bytes,
            Storage::Zstd => file.is_file() && file.len() > 0,
        })
    }

    /// Checks the digest of a file of the newest version.
    ///
    /// # Errors
    /// Returns an error if the file is missing, damaged, or cannot be read.
    pub fn check(&self, logical: &str) -> Result<(), StoreError> {
        let path = self.file(logical)?;
        let head = self.inventory.head_version();
        match head.and_then(|head| head.digest_of(logical)) {
            Some(digest) => digest::check_file(&path, digest),
            None => Ok(()),
        }
    }

    /// Returns the record of an item, after checking its digest.
    ///
    /// # Errors
    /// Returns an error if the record is missing, damaged or malformed.
    pub fn record(&self) -> Result<Item, StoreError> {
        self.check(RECORD_FILE)?;
        self.json(RECORD_FILE)
    }

    /// Returns an iterator over the records in the object of a collection.
    ///
    /// # Errors
    /// Returns an error if the records cannot be opened.
    pub fn records(&self) -> Result<Records, StoreError> {
        let path = self.file(RECORDS_FILE)?;
        let file = File::open(&path).map_err(StoreError::io("read", &path))?;
        let decoder = zstd::Decoder::new(file).map_err(StoreError::io("read", &path))?;
        Ok(Records {
            path,
            lines: Some(BufReader::new(decoder)),
            line: 0,
            buffer: String::new(),
        })
    }

    /// Parses a JSON file of the newest version.
    ///
    /// # Errors
    /// Returns an error if the file is missing, cannot be read, or is malformed.
    pub fn json<T: serde::de::DeserializeOwned>(&self, logical: &str) -> Result<T, StoreError> {
        read_json(&self.file(logical)?)
    }
}

pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, StoreError> {
    let json = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::Lost {
            path: path.to_owned(),
        },
        _ => StoreError::io("read", path)(error),
    })?;
    serde_json::from_slice(&json).map_err(|error| StoreError::Record {
        path: path.to_owned(),
        line: error.line() as u64,
        why: error.to_string().into(),
    })
}

/// An iterator over the records of a collection. It holds one record in memory at a time.
pub struct Records {
    path: PathBuf,
    lines: Option<BufReader<zstd::Decoder<'static, BufReader<File>>>>,
    line: u64,
    buffer: String,
}

impl Records {
    fn empty() -> Self {
        Records {
            path: PathBuf::new(),
            lines: None,
            line: 0,
            buffer: String::new(),
        }
    }
}

impl Iterator for Records {
    type Item = Result<Item, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.buffer.clear();
        match self.lines.as_mut()?.read_line(&mut self.buffer) {
            Ok(0) => None,
            Ok(_) => {
                self.line += 1;
                Some(
                    serde_json::from_str(&self.buffer).map_err(|error| StoreError::Record {
                        path: self.path.clone(),
                        line: self.line,
                        why: error.to_string().into(),
                    }),
                )
            }
            Err(error) => {
                self.lines = None;
                Some(Err(StoreError::Corrupt {
                    path: self.path.clone(),
                    why: error.to_string().into(),
                }))
            }
        }
    }
}
