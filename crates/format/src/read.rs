//! The reader: everything it hands out was checked against the hash it is named by.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use khizana_model::{Hash, json};

use crate::bytes::Reader;
use crate::object::{ObjectError, check, object_path, unpack};
use crate::record::Record;
use crate::root::{FORMAT, Root};
use crate::tree::{Node, TreeError, TreeRef, children_for};

/// Where a published archive lies: a folder, or an address.
pub trait Fetch {
    /// The bytes of a file, by its path below the site's root.
    fn get(&self, path: &str) -> impl Future<Output = Result<Vec<u8>, FetchError>>;
}

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// There is no such file.
    #[error("{0} is missing")]
    NotFound(String),
    /// The host answered with something else than the file.
    #[error("{path}: the server answered {status}")]
    Status {
        /// What was asked for.
        path: String,
        /// The HTTP status.
        status: u16,
    },
    /// No answer: offline, or the file could not be read.
    #[error("{path}: {reason}")]
    Unreachable {
        /// What was asked for.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// Why something could not be read from a published archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It could not be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It is not what was published.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// A node of a tree that does not follow the format.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Content that does not follow the format.
    #[error("{what} does not follow the format: {reason}")]
    Malformed {
        /// Which part.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A format this reader does not know.
    #[error("the archive is of format `{0}`; this reader knows `{FORMAT}`")]
    Format(String),
}

impl ReadError {
    /// Whether bytes came that are not those that were published; otherwise nothing came at all.
    pub fn is_damage(&self) -> bool {
        !matches!(self, ReadError::Fetch(_))
    }
}

/// What a reader has fetched so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Files asked for.
    pub requests: u32,
    /// Bytes received, before unpacking.
    pub bytes: u64,
}

/// The most content kept unpacked, in bytes; beyond it the cache begins anew.
const CACHE: usize = 48 << 20;

/// A published archive, opened for reading. Objects are kept in memory once they were fetched.
pub struct Archive<F> {
    fetch: F,
    root: Root,
    stats: Cell<Stats>,
    cached: Cell<usize>,
    cache: RefCell<Vec<(Hash, Rc<Vec<u8>>)>>,
}

impl<F: Fetch> Archive<F> {
    /// Fetches and reads `archive.json`.
    ///
    /// # Errors
    /// Where it cannot be had, is not a root, or is of another format.
    pub async fn open(fetch: F) -> Result<Self, ReadError> {
        let bytes = fetch.get("archive.json").await?;
        let root: Root = json::from_slice(&bytes).map_err(|error| ReadError::Malformed {
            what: "archive.json".into(),
            reason: error.to_string(),
        })?;
        if root.format != FORMAT {
            return Err(ReadError::Format(root.format.chars().take(40).collect()));
        }
        let stats = Stats {
            requests: 1,
            bytes: bytes.len() as u64,
        };
        Ok(Archive {
            fetch,
            root,
            stats: Cell::new(stats),
            cached: Cell::new(0),
            cache: RefCell::default(),
        })
    }

    /// The root.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What was fetched so far.
    pub fn stats(&self) -> Stats {
        self.stats.get()
    }

    /// The content of an object, checked and unpacked.
    ///
    /// # Errors
    /// Where it cannot be had or is not what was published.
    pub async fn object(&self, hash: &Hash) -> Result<Rc<Vec<u8>>, ReadError> {
        self.packed(hash, None).await
    }

    /// A file published as it is, checked against its hash.
    ///
    /// # Errors
    /// Where it cannot be had or is not what was published.
    pub async fn original(&self, origin: &crate::Origin) -> Result<Rc<Vec<u8>>, ReadError> {
        self.load(&origin.sha256, &origin.path(), |bytes| Ok(bytes.to_vec()))
            .await
    }

    async fn packed(
        &self,
        hash: &Hash,
        dictionary: Option<&[u8]>,
    ) -> Result<Rc<Vec<u8>>, ReadError> {
        self.load(hash, &object_path(hash), |bytes| {
            unpack(hash, bytes, dictionary)
        })
        .await
    }

    async fn load(
        &self,
        hash: &Hash,
        path: &str,
        unpack: impl FnOnce(&[u8]) -> Result<Vec<u8>, ObjectError>,
    ) -> Result<Rc<Vec<u8>>, ReadError> {
        if let Some((_, content)) = self.cache.borrow().iter().find(|(own, _)| own == hash) {
            return Ok(Rc::clone(content));
        }
        let bytes = self.fetch.get(path).await?;
        let Stats {
            requests,
            bytes: before,
        } = self.stats.get();
        self.stats.set(Stats {
            requests: requests + 1,
            bytes: before + bytes.len() as u64,
        });
        check(hash, &bytes)?;
        let content = Rc::new(unpack(&bytes)?);
        let mut cache = self.cache.borrow_mut();
        if self.cached.get() + content.len() > CACHE {
            cache.clear();
            self.cached.set(0);
        }
        self.cached.set(self.cached.get() + content.len());
        cache.push((*hash, Rc::clone(&content)));
        Ok(content)
    }

    /// The nodes of one level that can hold `key` (or keys that begin with it), from the top down,
    /// then the entries of the leaves.
    async fn walk(
        &self,
        tree: &TreeRef,
        key: &[u8],
        prefix: bool,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, ReadError> {
        let Some(top) = tree.top else {
            return Ok(Vec::new());
        };
        let dictionary = match &tree.dictionary {
            Some(hash) => Some(
                self.load(hash, &object_path(hash), |bytes| Ok(bytes.to_vec()))
                    .await?,
            ),
            None => None,
        };
        let mut level = vec![top];
        let mut found = Vec::new();
        for height in (1..=tree.height).rev() {
            let mut below = Vec::new();
            for hash in level {
                // The height says which nodes are leaves, so that a node is never unpacked twice.
                let packed_with = if height == 1 {
                    dictionary.as_ref().map(|d| d.as_slice())
                } else {
                    None
                };
                let bytes = self.packed(&hash, packed_with).await?;
                match (
                    height,
                    Node::read(&bytes).ok_or(TreeError::Malformed(hash))?,
                ) {
                    (1, Node::Leaf(entries)) => {
                        found.extend(entries.into_iter().filter(|(own, _)| {
                            if prefix {
                                own.starts_with(key)
                            } else {
                                own == key
                            }
                        }))
                    }
                    (2.., Node::Inner(children)) => {
                        below.extend(
                            children_for(&children, key, prefix)
                                .iter()
                                .map(|(_, child)| *child),
                        );
                    }
                    _ => return Err(TreeError::TooDeep(hash).into()),
                }
            }
            level = below;
        }
        Ok(found)
    }

    /// The value of a key.
    ///
    /// # Errors
    /// Where a node cannot be had or is not what was published.
    pub async fn value(&self, tree: &TreeRef, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(self
            .walk(tree, key, false)
            .await?
            .pop()
            .map(|(_, value)| value))
    }

    /// Every entry whose key begins with `prefix`, in order.
    ///
    /// # Errors
    /// As [`Archive::value`].
    pub async fn range(
        &self,
        tree: &TreeRef,
        prefix: &[u8],
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, ReadError> {
        self.walk(tree, prefix, true).await
    }

    /// The record of an item, by its number; `None` where there is no such item.
    ///
    /// # Errors
    /// As [`Archive::value`], and where the record does not follow the format.
    pub async fn record(&self, number: u32) -> Result<Option<Record>, ReadError> {
        let Some(json) = self
            .value(&self.root.records, &number.to_be_bytes())
            .await?
        else {
            return Ok(None);
        };
        json::from_slice(&json)
            .map(Some)
            .map_err(|error| ReadError::Malformed {
                what: format!("record {number}"),
                reason: error.to_string(),
            })
    }

    /// The records of several items, in the order asked for; those that do not exist are left out.
    ///
    /// # Errors
    /// As [`Archive::record`].
    pub async fn records(&self, numbers: &[u32]) -> Result<Vec<Record>, ReadError> {
        let mut records = Vec::with_capacity(numbers.len());
        for number in numbers {
            records.extend(self.record(*number).await?);
        }
        Ok(records)
    }

    /// The number of an item, by its identifier.
    ///
    /// # Errors
    /// As [`Archive::value`].
    pub async fn number_of(&self, id: &str) -> Result<Option<u32>, ReadError> {
        let Some(value) = self.value(&self.root.ids, id.as_bytes()).await? else {
            return Ok(None);
        };
        Reader::new(&value)
            .varint_u32()
            .map(Some)
            .ok_or_else(|| ReadError::Malformed {
                what: format!("the entry of {id}"),
                reason: "not a number".into(),
            })
    }
}
