//! The reader for published archives.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use khizana_json as json;
use khizana_model::Hash;

use crate::canvas::FileRef;
use crate::encoding::ByteReader;
use crate::fetch::Fetch;
use crate::join::join_all;
use crate::object::{ObjectError, decompress, object_path, verify};
use crate::read_error::ReadError;
use crate::record::Record;
use crate::root::{FORMAT, PREVIOUS_FORMAT, Root};
use crate::tree::{KeyRange, Node, TreeError, TreeRef};

/// Entries of a tree: keys and values, in ascending order of the keys.
pub type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// Maximum number of items in an archive. It limits the memory that lists of items use.
pub const MAX_ITEMS: u32 = 1 << 24;

/// Maximum size of the cache, in bytes of decompressed content. The cache is cleared before it
/// would exceed this size.
const MAX_CACHE_BYTES: usize = 48 << 20;

/// The numbers of files and bytes that a reader has fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FetchStats {
    /// Number of fetched files.
    pub requests: u32,
    /// Number of fetched bytes, before decompression.
    pub bytes: u64,
}

/// A published archive that is open for reading.
///
/// All objects and files are verified against the SHA-256 in their names, and are kept in a cache
/// of limited size once they have been fetched.
pub struct Archive<F> {
    fetch: F,
    root: Root,
    stats: Cell<FetchStats>,
    /// The cached objects, decompressed, and the cached files.
    cache: RefCell<Vec<(Hash, Rc<Vec<u8>>)>>,
    /// Total size of the content in `cache`, in bytes.
    cached_bytes: Cell<usize>,
}

impl<F: Fetch> Archive<F> {
    /// Opens an archive by fetching and reading `archive.json`.
    ///
    /// # Errors
    /// Returns an error if `archive.json` cannot be fetched, is malformed, has an unsupported
    /// format, or declares more than [`MAX_ITEMS`] items.
    pub async fn open(fetch: F) -> Result<Self, ReadError> {
        let bytes = fetch.get("archive.json").await?;
        let root: Root = json::from_slice(&bytes).map_err(|error| ReadError::Malformed {
            part: "archive.json".into(),
            reason: error.to_string(),
        })?;
        if ![FORMAT, PREVIOUS_FORMAT].contains(&root.format.as_str()) {
            return Err(ReadError::Format(root.format.chars().take(40).collect()));
        }
        if root.items > MAX_ITEMS {
            return Err(ReadError::Malformed {
                part: "archive.json".into(),
                reason: format!("it declares more than {MAX_ITEMS} items"),
            });
        }
        let stats = FetchStats {
            requests: 1,
            bytes: bytes.len() as u64,
        };
        Ok(Archive {
            fetch,
            root,
            stats: Cell::new(stats),
            cache: RefCell::default(),
            cached_bytes: Cell::new(0),
        })
    }

    /// Returns the root of the archive.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Returns the numbers of files and bytes fetched so far.
    pub fn stats(&self) -> FetchStats {
        self.stats.get()
    }

    /// Returns the content of an object.
    ///
    /// # Errors
    /// Returns an error if the object cannot be fetched or is damaged.
    pub async fn object(&self, hash: &Hash) -> Result<Rc<Vec<u8>>, ReadError> {
        self.load(hash, &object_path(hash), |bytes| decompress(hash, bytes))
            .await
    }

    /// Returns the content of a file that is published unchanged.
    ///
    /// # Errors
    /// Returns an error if the file cannot be fetched or is damaged.
    pub async fn file(&self, file: &FileRef) -> Result<Rc<Vec<u8>>, ReadError> {
        self.load(&file.sha256, &file.path(), |bytes| Ok(bytes.to_vec()))
            .await
    }

    fn cached(&self, hash: &Hash) -> Option<Rc<Vec<u8>>> {
        let cache = self.cache.borrow();
        let (_, content) = cache.iter().find(|(name, _)| name == hash)?;
        Some(Rc::clone(content))
    }

    /// Returns the content with the given hash from the cache, or fetches, verifies, decodes and
    /// caches it.
    async fn load(
        &self,
        hash: &Hash,
        path: &str,
        decode: impl FnOnce(&[u8]) -> Result<Vec<u8>, ObjectError>,
    ) -> Result<Rc<Vec<u8>>, ReadError> {
        if let Some(content) = self.cached(hash) {
            return Ok(content);
        }
        let bytes = self.fetch.get(path).await?;
        // A concurrent call may have loaded the same content in the meantime. It is counted only
        // once, because concurrent requests for the same file are shared in the viewer.
        if let Some(content) = self.cached(hash) {
            return Ok(content);
        }
        let stats = self.stats.get();
        self.stats.set(FetchStats {
            requests: stats.requests + 1,
            bytes: stats.bytes + bytes.len() as u64,
        });
        verify(hash, &bytes)?;
        let content = Rc::new(decode(&bytes)?);
        let mut cache = self.cache.borrow_mut();
        if self.cached_bytes.get() + content.len() > MAX_CACHE_BYTES {
            cache.clear();
            self.cached_bytes.set(0);
        }
        self.cached_bytes
            .set(self.cached_bytes.get() + content.len());
        cache.push((*hash, Rc::clone(&content)));
        Ok(content)
    }

    /// Looks up several key ranges in a tree. Returns the entries of each range, in the order of
    /// `ranges`.
    ///
    /// Descends the tree level by level. The nodes of a level are fetched concurrently, and each
    /// node is fetched only once.
    ///
    /// # Errors
    /// Returns an error if a node cannot be fetched, is damaged or is malformed.
    pub async fn lookup(
        &self,
        tree: &TreeRef,
        ranges: &[KeyRange<'_>],
    ) -> Result<Vec<Entries>, ReadError> {
        let mut results: Vec<Entries> = vec![Vec::new(); ranges.len()];
        let Some(top) = tree.top.filter(|_| !ranges.is_empty()) else {
            return Ok(results);
        };
        // The nodes of the current level, each with the indexes of the ranges that lead to it.
        let mut level: Vec<(Hash, Vec<usize>)> = vec![(top, (0..ranges.len()).collect())];
        for height in (1..=tree.height).rev() {
            let nodes = level.iter().map(|(hash, _)| self.object(hash));
            let nodes = join_all(nodes.collect()).await;
            let mut next_level: Vec<(Hash, Vec<usize>)> = Vec::new();
            for ((hash, indexes), bytes) in level.into_iter().zip(nodes) {
                let node = Node::read(&bytes?).ok_or(TreeError::Malformed(hash))?;
                let ranges = indexes
                    .iter()
                    .filter_map(|index| Some((*index, ranges.get(*index)?)));
                match (height, node) {
                    (1, Node::Leaf(entries)) => {
                        for (index, range) in ranges {
                            if let Some(result) = results.get_mut(index) {
                                result.extend(range.entries(&entries).iter().cloned());
                            }
                        }
                    }
                    (2.., Node::Inner(children)) => {
                        for (index, range) in ranges {
                            for (_, child) in range.children(&children) {
                                match next_level.iter_mut().find(|(hash, _)| hash == child) {
                                    Some((_, indexes)) => indexes.push(index),
                                    None => next_level.push((*child, vec![index])),
                                }
                            }
                        }
                    }
                    _ => return Err(TreeError::WrongHeight(hash).into()),
                }
            }
            level = next_level;
        }
        Ok(results)
    }

    /// Returns the value of a key, or `None` if the tree does not contain the key.
    ///
    /// # Errors
    /// Returns an error if a node cannot be fetched, is damaged or is malformed.
    pub async fn get(&self, tree: &TreeRef, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        let results = self.lookup(tree, &[KeyRange::exact(key)]).await?;
        Ok(results.into_iter().flatten().next().map(|(_, value)| value))
    }

    /// Returns all entries whose keys start with `prefix`.
    ///
    /// # Errors
    /// Returns an error if a node cannot be fetched, is damaged or is malformed.
    pub async fn entries_with_prefix(
        &self,
        tree: &TreeRef,
        prefix: &[u8],
    ) -> Result<Entries, ReadError> {
        let results = self.lookup(tree, &[KeyRange::prefix(prefix)]).await?;
        Ok(results.into_iter().flatten().collect())
    }

    /// Passes the keys and values of all entries of a tree to `visit`, in ascending order of the keys. Holds
    /// one leaf in memory at a time.
    ///
    /// # Errors
    /// Returns an error if a node cannot be fetched, is damaged or is malformed.
    pub async fn visit_entries(
        &self,
        tree: &TreeRef,
        mut visit: impl FnMut(Vec<u8>, Vec<u8>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut ahead: Vec<(Hash, u8)> =
            tree.top.map(|top| (top, tree.height)).into_iter().collect();
        while let Some((hash, height)) = ahead.pop() {
            let node = Node::read(&self.object(&hash).await?).ok_or(TreeError::Malformed(hash))?;
            match (height, node) {
                (1, Node::Leaf(entries)) => {
                    for (key, value) in entries {
                        visit(key, value)?;
                    }
                }
                (2.., Node::Inner(children)) => {
                    let children = children.into_iter().rev();
                    ahead.extend(children.map(|(_, child)| (child, height - 1)));
                }
                _ => return Err(TreeError::WrongHeight(hash).into()),
            }
        }
        Ok(())
    }

    /// Returns the record of the item with the given number, or `None` if there is no such item.
    ///
    /// # Errors
    /// Returns an error if the record cannot be fetched, is damaged or is malformed.
    pub async fn record(&self, number: u32) -> Result<Option<Record>, ReadError> {
        Ok(self.records(&[number]).await?.pop())
    }

    /// Returns the records of several items, in the order of `numbers`. Omits items that do not
    /// exist.
    ///
    /// # Errors
    /// Returns an error if a record cannot be fetched, is damaged or is malformed.
    pub async fn records(&self, numbers: &[u32]) -> Result<Vec<Record>, ReadError> {
        let keys: Vec<[u8; 4]> = numbers.iter().map(|number| number.to_be_bytes()).collect();
        let ranges: Vec<KeyRange<'_>> = keys.iter().map(|key| KeyRange::exact(key)).collect();
        let results = self.lookup(&self.root.records, &ranges).await?;
        results
            .into_iter()
            .zip(numbers)
            .filter_map(|(entries, number)| Some((entries.into_iter().next()?.1, number)))
            .map(|(json, number)| {
                json::from_slice(&json).map_err(|error| ReadError::Malformed {
                    part: format!("record {number}"),
                    reason: error.to_string(),
                })
            })
            .collect()
    }

    /// Returns the number of the item with the identifier `id`, or `None` if there is no such item.
    ///
    /// # Errors
    /// Returns an error if the number cannot be fetched, is damaged or is malformed.
    pub async fn item_number(&self, id: &str) -> Result<Option<u32>, ReadError> {
        let Some(value) = self.get(&self.root.ids, id.as_bytes()).await? else {
            return Ok(None);
        };
        ByteReader::new(&value)
            .varint_u32()
            .map(Some)
            .ok_or_else(|| ReadError::Malformed {
                part: format!("the number of item {id}"),
                reason: "it is not a varint of at most 32 bits".into(),
            })
    }
}
