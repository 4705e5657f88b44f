//! The store: an OCFL 1.1 storage root, plain files that any OCFL tool can read.
//!
//! `docs/src/store.md` describes it for people. [`Store`] reads; [`Writer`] writes.

mod durable;
mod error;
mod inventory;
mod layout;
mod original;
mod staging;
mod writer;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use khizana_model::{Collection, Hash, Id, Item, Storage};

pub use error::StoreError;
pub use inventory::{INVENTORY, Inventory, SIDECAR, State, Version, is_safe};
pub use layout::{ObjectId, object_path};
pub use original::{Original, OriginalRef, files_of};
pub use staging::{StageError, Staged, StagedOriginal, Stamp};
pub use writer::{Content, Put, WORK, Writer};

pub(crate) use durable::list;
pub(crate) use original::record_of;

/// The storage root's folder in an archive.
pub const STORE: &str = "store";
/// An item's record in its object.
pub const RECORD: &str = "record.json";
/// A collection's own description in its object.
pub const COLLECTION: &str = "collection.json";
/// The records of a collection's items in its object, one a line, in the source's order.
pub const RECORDS: &str = "records.jsonl.zst";

pub(crate) const ROOT_DECLARATION: &str = "0=ocfl_1.1";

/// Where an item's object keeps the source's file `name`.
pub fn logical_path(name: &str, storage: Storage) -> String {
    match storage {
        Storage::Raw => format!("files/{name}"),
        Storage::Zstd => format!("files/{name}.zst"),
    }
}

/// The store of an archive, for reading.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) root: PathBuf,
}

/// An object of the store, with its inventory.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its folder.
    pub path: PathBuf,
    /// What it holds.
    pub inventory: Inventory,
}

/// The folder of an object, found by walking the store.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
}

impl Found {
    /// Its inventory, checked against its sidecar.
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
    /// [`StoreError::Unknown`] where there is none, or one that Khizana did not make.
    pub fn open(archive: &Path) -> Result<Self, StoreError> {
        let root = archive.join(STORE);
        let config = root.join("extensions").join(layout::EXTENSION);
        if !root.exists() {
            return Err(StoreError::Missing { path: root });
        }
        let unknown = |_| StoreError::Unknown {
            path: root.clone(),
            layout: layout::EXTENSION,
        };
        std::fs::metadata(root.join(ROOT_DECLARATION)).map_err(unknown)?;
        let config = std::fs::read(config.join("config.json")).map_err(unknown)?;
        let config: serde_json::Value =
            serde_json::from_slice(&config).map_err(|error| unknown(error.into()))?;
        let is = |key: &str, value: serde_json::Value| config.get(key) == Some(&value);
        if is("digestAlgorithm", "sha256".into())
            && is("tupleSize", 3.into())
            && is("numberOfTuples", 3.into())
        {
            Ok(Store { root })
        } else {
            Err(unknown(std::io::ErrorKind::InvalidData.into()))
        }
    }

    /// The storage root's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// An object, where the store has it.
    pub fn object(&self, id: &ObjectId) -> Result<Option<Object>, StoreError> {
        let urn = id.urn();
        let path = self.root.join(object_path(&urn));
        let Some(inventory) = Inventory::read(&path)? else {
            return Ok(None);
        };
        if inventory.id != urn {
            return Err(StoreError::Inventory {
                path: path.join(INVENTORY),
                why: format!(
                    "the inventory belongs to {}, not to {urn}",
                    inventory.id.escape_debug()
                ),
            });
        }
        Ok(Some(Object { path, inventory }))
    }

    /// The folder of every object, in the order of their paths.
    pub fn objects(&self) -> Result<impl Iterator<Item = Result<Found, StoreError>>, StoreError> {
        // The layout is three folders deep, then come the objects.
        let mut ahead: Vec<(PathBuf, u8)> = Vec::new();
        for entry in list(&self.root)?.into_iter().rev() {
            if entry.is_dir && entry.name != "extensions" {
                ahead.push((entry.path, 1));
            }
        }
        Ok(std::iter::from_fn(move || {
            loop {
                let (path, depth) = ahead.pop()?;
                if depth == 4 {
                    return Some(Ok(Found { path }));
                }
                match list(&path) {
                    Ok(entries) => ahead.extend(
                        entries
                            .into_iter()
                            .rev()
                            .filter(|entry| entry.is_dir)
                            .map(|entry| (entry.path, depth + 1)),
                    ),
                    Err(error) => return Some(Err(error)),
                }
            }
        }))
    }

    /// The objects of the store's collections.
    pub fn collection_objects(
        &self,
    ) -> Result<impl Iterator<Item = Result<Object, StoreError>>, StoreError> {
        Ok(self.objects()?.filter_map(|found| {
            let found = match found {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            // The folder's name says what it is; the inventories of the items need not be read.
            let name = found.path.file_name()?.to_string_lossy();
            if !name.starts_with("urn%3akhizana%3acollection%3a") {
                return None;
            }
            Some(found.inventory().map(|inventory| Object {
                path: found.path,
                inventory,
            }))
        }))
    }

    /// The collections of the store, by identifier, each as it describes itself.
    pub fn collections(&self) -> Result<Vec<Collection>, StoreError> {
        let mut collections: Vec<Collection> = Vec::new();
        for object in self.collection_objects()? {
            collections.push(object?.json(COLLECTION)?);
        }
        collections.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(collections)
    }

    /// The records of a collection's items, in the order of its source; none where the store does
    /// not have the collection.
    pub fn records(&self, collection: &Id) -> Result<Records, StoreError> {
        let object = self.object(&ObjectId::Collection(collection.clone()))?;
        object.map_or_else(|| Ok(Records::none()), |object| object.records())
    }
}

impl Object {
    /// The file that the newest version calls `logical`.
    pub fn file(&self, logical: &str) -> Result<PathBuf, StoreError> {
        self.inventory
            .head_version()
            .and_then(|head| head.digest_of(logical))
            .and_then(|digest| self.content(&digest))
            .ok_or_else(|| StoreError::Lost {
                path: self.path.join(logical),
            })
    }

    /// The file with this digest.
    pub fn content(&self, digest: &Hash) -> Option<PathBuf> {
        Some(self.path.join(self.inventory.content_path(digest)?))
    }

    /// The records of a collection's object.
    pub fn records(&self) -> Result<Records, StoreError> {
        let path = self.file(RECORDS)?;
        let file = File::open(&path).map_err(StoreError::io("read", &path))?;
        let decoder = zstd::Decoder::new(file).map_err(StoreError::io("read", &path))?;
        Ok(Records {
            path,
            lines: Some(BufReader::new(decoder)),
            line: 0,
            buffer: String::new(),
        })
    }

    /// A JSON file of the newest version.
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
        why: error.to_string(),
    })
}

/// The records of a collection, read one by one: memory does not grow with their number.
pub struct Records {
    path: PathBuf,
    lines: Option<BufReader<zstd::Decoder<'static, BufReader<File>>>>,
    line: u64,
    buffer: String,
}

impl Records {
    fn none() -> Self {
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
                        why: error.to_string(),
                    }),
                )
            }
            Err(error) => {
                self.lines = None;
                Some(Err(StoreError::io("read", &self.path)(error)))
            }
        }
    }
}
