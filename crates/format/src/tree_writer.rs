//! The writer for trees.

use khizana_model::Hash;
use rayon::prelude::*;

use crate::encoding::{put_bytes, put_varint};
use crate::object::{encode_object, hash_of};
use crate::tree::{INNER, LEAF, TreeRef};
use crate::write_error::WriteError;

/// Number of leaves that are compressed in parallel.
const COMPRESSION_BATCH: usize = 64;

/// The sizes of the leaves of a tree. Readers do not depend on these sizes.
///
/// The content determines where a leaf ends: once a leaf has `min` bytes, it ends at the first key
/// whose SHA-256 starts with a byte that is divisible by `boundary_divisor`. So if the length of an
/// entry changes, most later leaves keep their boundaries, and thus their bytes and names. A leaf
/// that reaches `max` bytes always ends.
#[derive(Debug, Clone, Copy)]
pub struct LeafSize {
    /// Minimum size of the keys and values in every leaf except the last, in bytes.
    pub min: usize,
    /// Size of the keys and values at which a leaf always ends, in bytes.
    pub max: usize,
    /// Divisor that determines which keys can end a leaf: on average, one in `boundary_divisor`
    /// keys.
    pub boundary_divisor: u8,
}

impl LeafSize {
    /// Leaf size for trees with many entries of which a reader mostly needs only one.
    pub const LARGE: LeafSize = LeafSize {
        min: 140 << 10,
        max: 264 << 10,
        boundary_divisor: 32,
    };
    /// Leaf size for trees from which a single search reads several entries that are far apart.
    pub const SMALL: LeafSize = LeafSize {
        min: 66 << 10,
        max: 132 << 10,
        boundary_divisor: 16,
    };
}

/// Returns the number of children per inner node for a tree with `leaves` leaves.
///
/// Up to 64 leaves have a single inner node above them. More leaves have two or more levels of
/// inner nodes of about the same size, which minimizes the number of bytes on the path to a leaf.
/// The number takes only a few different values, so that most nodes of a tree stay the same if it
/// grows a little.
fn fan_out(leaves: usize) -> usize {
    if leaves <= 64 {
        return 64;
    }
    [16, 24, 32, 48, 64, 96]
        .into_iter()
        .find(|children| children * children >= leaves)
        .unwrap_or(128)
}

/// A writer that builds a tree from entries in ascending order of their keys.
///
/// It keeps a few leaves, and the keys and hashes for the inner nodes, in memory.
pub struct TreeWriter<'a> {
    store: &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>,
    leaf_size: LeafSize,
    /// Entries of the current leaf.
    leaf: Vec<(Vec<u8>, Vec<u8>)>,
    /// Size of the keys and values of the current leaf, in bytes.
    leaf_bytes: usize,
    /// The first key and the content of each complete leaf that has not been compressed yet.
    pending: Vec<(Vec<u8>, Vec<u8>)>,
    last_key: Option<Vec<u8>>,
    /// First key and hash of each stored leaf.
    children: Vec<(Vec<u8>, Hash)>,
    entries: u32,
}

impl<'a> TreeWriter<'a> {
    /// Creates a writer that passes the hash and the bytes of each object to `store`.
    pub fn new(
        store: &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>,
        leaf_size: LeafSize,
    ) -> Self {
        TreeWriter {
            store,
            leaf_size,
            leaf: Vec::new(),
            leaf_bytes: 0,
            pending: Vec::new(),
            last_key: None,
            children: Vec::new(),
            entries: 0,
        }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// Returns an error if `key` is not greater than the previous key, or if an object cannot be
    /// encoded or stored.
    pub fn push(&mut self, key: &[u8], value: Vec<u8>) -> Result<(), WriteError> {
        if self.last_key.as_deref().is_some_and(|last| last >= key) {
            return Err(WriteError::Order);
        }
        self.last_key = Some(key.to_vec());
        self.leaf_bytes += key.len() + value.len();
        self.leaf.push((key.to_vec(), value));
        self.entries += 1;
        let is_boundary = hash_of(key)
            .0
            .first()
            .is_some_and(|byte| byte % self.leaf_size.boundary_divisor.max(1) == 0);
        if self.leaf_bytes >= self.leaf_size.max
            || (self.leaf_bytes >= self.leaf_size.min && is_boundary)
        {
            self.end_leaf()?;
        }
        Ok(())
    }

    fn end_leaf(&mut self) -> Result<(), WriteError> {
        let entries = std::mem::take(&mut self.leaf);
        self.leaf_bytes = 0;
        let Some((first_key, _)) = entries.first() else {
            return Ok(());
        };
        let first_key = first_key.clone();
        let mut node = start_node(LEAF, entries.len());
        let mut previous: &[u8] = &[];
        for (key, value) in &entries {
            put_key(&mut node, previous, key);
            put_bytes(&mut node, value);
            previous = key;
        }
        self.pending.push((first_key, node));
        if self.pending.len() >= COMPRESSION_BATCH {
            self.store_pending()?;
        }
        Ok(())
    }

    fn store_pending(&mut self) -> Result<(), WriteError> {
        let pending = std::mem::take(&mut self.pending);
        let objects: Vec<(Vec<u8>, Hash, Vec<u8>)> = pending
            .into_par_iter()
            .map(|(first_key, node)| {
                let object = encode_object(&node)?;
                Ok((first_key, hash_of(&object), object))
            })
            .collect::<Result<_, WriteError>>()?;
        for (first_key, hash, object) in objects {
            (self.store)(hash, object)?;
            self.children.push((first_key, hash));
        }
        Ok(())
    }

    /// Writes the remaining leaves and the inner nodes, and returns a reference to the tree.
    ///
    /// # Errors
    /// Returns an error if an object cannot be encoded or stored.
    pub fn finish(mut self) -> Result<TreeRef, WriteError> {
        self.end_leaf()?;
        self.store_pending()?;
        let mut height = u8::from(!self.children.is_empty());
        let fan_out = fan_out(self.children.len());
        while self.children.len() > 1 {
            height += 1;
            let mut parents = Vec::new();
            for group in self.children.chunks(fan_out) {
                let mut node = start_node(INNER, group.len());
                let mut previous: &[u8] = &[];
                for (key, child) in group {
                    put_key(&mut node, previous, key);
                    node.extend_from_slice(&child.0);
                    previous = key;
                }
                let object = encode_object(&node)?;
                let hash = hash_of(&object);
                (self.store)(hash, object)?;
                parents.extend(group.first().map(|(key, _)| (key.clone(), hash)));
            }
            self.children = parents;
        }
        Ok(TreeRef {
            top: self.children.first().map(|(_, hash)| *hash),
            height,
            entries: self.entries,
        })
    }
}

fn start_node(kind: u8, count: usize) -> Vec<u8> {
    let mut node = vec![kind];
    put_varint(&mut node, count as u64);
    node
}

/// Appends a front-coded key.
fn put_key(node: &mut Vec<u8>, previous: &[u8], key: &[u8]) {
    let shared_len = previous.iter().zip(key).take_while(|(a, b)| a == b).count();
    put_varint(node, shared_len as u64);
    put_bytes(node, key.get(shared_len..).unwrap_or_default());
}
