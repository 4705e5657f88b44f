//! The reader: everything it hands out was checked against the hash it is named by.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use khizana_json as json;
use khizana_model::Hash;

use crate::bytes::Reader;
use crate::object::{ObjectError, check, object_path, unpack};
use crate::record::Record;
use crate::root::{FORMAT, Root};
use crate::together::together;
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

/// Entries of a tree: keys and values, in order of the keys.
pub type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// What is looked up in a tree: one key, or all that begin alike.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    key: &'a [u8],
    prefix: bool,
}

impl<'a> Wanted<'a> {
    /// The entry of one key.
    pub fn key(key: &'a [u8]) -> Self {
        Wanted { key, prefix: false }
    }

    /// Every entry whose key begins so.
    pub fn prefix(key: &'a [u8]) -> Self {
        Wanted { key, prefix: true }
    }

    /// Those of a leaf's entries that are wanted.
    pub(crate) fn of<'e>(&self, entries: &'e [(Vec<u8>, Vec<u8>)]) -> &'e [(Vec<u8>, Vec<u8>)] {
        let start = entries.partition_point(|(own, _)| own.as_slice() < self.key);
        let rest = entries.get(start..).unwrap_or(&[]);
        let length = if self.prefix {
            rest.partition_point(|(own, _)| own.starts_with(self.key))
        } else {
            usize::from(rest.first().is_some_and(|(own, _)| own == self.key))
        };
        rest.get(..length).unwrap_or(&[])
    }
}

/// The most items an archive may claim: what a list of them takes in memory is bounded by it.
pub const MAX_ITEMS: u32 = 1 << 24;

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
        if root.items > MAX_ITEMS {
            return Err(ReadError::Malformed {
                what: "archive.json".into(),
                reason: format!("it claims more than {MAX_ITEMS} items"),
            });
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
        self.load(hash, &object_path(hash), |bytes| unpack(hash, bytes))
            .await
    }

    /// A file published as it is, checked against its hash.
    ///
    /// # Errors
    /// Where it cannot be had or is not what was published.
    pub async fn original(&self, origin: &crate::Origin) -> Result<Rc<Vec<u8>>, ReadError> {
        self.load(&origin.sha256, &origin.path(), |bytes| Ok(bytes.to_vec()))
            .await
    }

    fn kept(&self, hash: &Hash) -> Option<Rc<Vec<u8>>> {
        let cache = self.cache.borrow();
        let (_, content) = cache.iter().find(|(own, _)| own == hash)?;
        Some(Rc::clone(content))
    }

    async fn load(
        &self,
        hash: &Hash,
        path: &str,
        unpack: impl FnOnce(&[u8]) -> Result<Vec<u8>, ObjectError>,
    ) -> Result<Rc<Vec<u8>>, ReadError> {
        if let Some(content) = self.kept(hash) {
            return Ok(content);
        }
        let bytes = self.fetch.get(path).await?;
        if let Some(content) = self.kept(hash) {
            // Two asked for it at the same time; the fetcher asks once.
            return Ok(content);
        }
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

    /// Looks several keys up in one tree, level by level: the nodes of a level are fetched together,
    /// each once. The entries found for each key come in the order of the keys.
    ///
    /// # Errors
    /// Where a node cannot be had or is not what was published.
    pub async fn lookup(
        &self,
        tree: &TreeRef,
        wanted: &[Wanted<'_>],
    ) -> Result<Vec<Entries>, ReadError> {
        let mut found: Vec<Entries> = wanted.iter().map(|_| Vec::new()).collect();
        let Some(top) = tree.top.filter(|_| !wanted.is_empty()) else {
            return Ok(found);
        };
        // The nodes of a level, each with the keys that lead to it.
        let mut level: Vec<(Hash, Vec<usize>)> = vec![(top, (0..wanted.len()).collect())];
        for height in (1..=tree.height).rev() {
            let nodes = level.iter().map(|(hash, _)| self.object(hash));
            let nodes = together(nodes.collect()).await;
            let mut below: Vec<(Hash, Vec<usize>)> = Vec::new();
            for ((hash, keys), bytes) in level.into_iter().zip(nodes) {
                let node = Node::read(&bytes?).ok_or(TreeError::Malformed(hash))?;
                let asked = keys.iter().filter_map(|at| Some((*at, wanted.get(*at)?)));
                match (height, node) {
                    (1, Node::Leaf(entries)) => {
                        for (at, want) in asked {
                            if let Some(found) = found.get_mut(at) {
                                found.extend(want.of(&entries).iter().cloned());
                            }
                        }
                    }
                    (2.., Node::Inner(children)) => {
                        for (at, want) in asked {
                            for (_, child) in children_for(&children, want.key, want.prefix) {
                                match below.iter_mut().find(|(own, _)| own == child) {
                                    Some((_, keys)) => keys.push(at),
                                    None => below.push((*child, vec![at])),
                                }
                            }
                        }
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
    /// As [`Archive::lookup`].
    pub async fn value(&self, tree: &TreeRef, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        let found = self.lookup(tree, &[Wanted::key(key)]).await?;
        Ok(found.into_iter().flatten().next().map(|(_, value)| value))
    }

    /// Every entry whose key begins with `prefix`, in order.
    ///
    /// # Errors
    /// As [`Archive::lookup`].
    pub async fn range(&self, tree: &TreeRef, prefix: &[u8]) -> Result<Entries, ReadError> {
        let found = self.lookup(tree, &[Wanted::prefix(prefix)]).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The record of an item, by its number; `None` where there is no such item.
    ///
    /// # Errors
    /// As [`Archive::lookup`], and where the record does not follow the format.
    pub async fn record(&self, number: u32) -> Result<Option<Record>, ReadError> {
        Ok(self.records(&[number]).await?.pop())
    }

    /// The records of several items, in the order asked for; those that do not exist are left out.
    ///
    /// # Errors
    /// As [`Archive::record`].
    pub async fn records(&self, numbers: &[u32]) -> Result<Vec<Record>, ReadError> {
        let keys: Vec<[u8; 4]> = numbers.iter().map(|number| number.to_be_bytes()).collect();
        let wanted: Vec<Wanted<'_>> = keys.iter().map(|key| Wanted::key(key)).collect();
        let found = self.lookup(&self.root.records, &wanted).await?;
        found
            .into_iter()
            .zip(numbers)
            .filter_map(|(entries, number)| Some((entries.into_iter().next()?.1, number)))
            .map(|(json, number)| {
                json::from_slice(&json).map_err(|error| ReadError::Malformed {
                    what: format!("record {number}"),
                    reason: error.to_string(),
                })
            })
            .collect()
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
