//! The writer of objects and trees.

use khizana_model::Hash;
use rayon::prelude::*;

use crate::bytes::{put_bytes, put_varint};
use crate::object::hash_of;
use crate::tree::{INNER, LEAF, TreeRef};

/// The level at which objects are packed. 19 takes four times as long for one part in forty.
const LEVEL: i32 = 12;

/// So many leaves are packed at once, on all cores.
const TOGETHER: usize = 64;

/// How a tree is cut into objects. A reader need not know it.
///
/// A leaf is closed once it has `least` bytes and its last key's hash says so: where an entry changes
/// its length, the leaves after it keep their borders, their bytes and so their names. At the latest
/// it is closed once it has `most` bytes.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Bytes of keys and values from which a leaf may be closed.
    pub least: usize,
    /// Bytes with which it is closed.
    pub most: usize,
    /// One key in so many closes a leaf.
    pub border: u8,
}

impl Shape {
    /// Of trees of which there are many entries, and mostly one is read.
    pub const WIDE: Shape = Shape {
        least: 140 << 10,
        most: 264 << 10,
        border: 32,
    };
    /// Of trees in which one search reads a few entries, far from one another.
    pub const NARROW: Shape = Shape {
        least: 66 << 10,
        most: 132 << 10,
        border: 16,
    };
}

/// How many children an inner node of a tree of so many leaves has. Up to 64 leaves have one node
/// above them; more have two levels of nodes that are about as long as each other, so that the way to
/// a leaf costs least. Few different numbers: a tree that grows a little keeps its nodes.
fn fan_out(leaves: usize) -> usize {
    if leaves <= 64 {
        return 64;
    }
    [16, 24, 32, 48, 64, 96]
        .into_iter()
        .find(|children| children * children >= leaves)
        .unwrap_or(128)
}

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file system.
    #[error("{path} cannot be written: {source}")]
    Io {
        /// Which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// zstd.
    #[error("an object cannot be packed: {0}")]
    Pack(std::io::Error),
    /// Entries came out of order: a fault of the caller.
    #[error("the keys of a tree must rise")]
    Order,
}

/// Packs content into one zstd frame, with its length and a checksum.
///
/// # Errors
/// Where zstd fails.
pub fn pack(content: &[u8]) -> Result<Vec<u8>, WriteError> {
    let mut packer = zstd::bulk::Compressor::new(LEVEL).map_err(WriteError::Pack)?;
    packer.include_checksum(true).map_err(WriteError::Pack)?;
    packer.compress(content).map_err(WriteError::Pack)
}

/// Writes a tree, entry after entry in order of the keys. Memory holds some leaves and the inner nodes.
pub struct TreeWriter<'a> {
    store: &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>,
    shape: Shape,
    leaf: Vec<(Vec<u8>, Vec<u8>)>,
    leaf_bytes: usize,
    /// Leaves that wait to be packed: the first key of each, and its bytes.
    waiting: Vec<(Vec<u8>, Vec<u8>)>,
    last: Option<Vec<u8>>,
    children: Vec<(Vec<u8>, Hash)>,
    entries: u32,
}

impl<'a> TreeWriter<'a> {
    /// A tree whose objects are handed to `store`.
    pub fn new(
        store: &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>,
        shape: Shape,
    ) -> Self {
        TreeWriter {
            store,
            shape,
            leaf: Vec::new(),
            leaf_bytes: 0,
            waiting: Vec::new(),
            last: None,
            children: Vec::new(),
            entries: 0,
        }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// Where the key is not greater than the one before, and as `store`.
    pub fn push(&mut self, key: &[u8], value: Vec<u8>) -> Result<(), WriteError> {
        if self.last.as_deref().is_some_and(|last| last >= key) {
            return Err(WriteError::Order);
        }
        self.last = Some(key.to_vec());
        self.leaf_bytes += key.len() + value.len();
        self.leaf.push((key.to_vec(), value));
        self.entries += 1;
        let border = hash_of(key)
            .0
            .first()
            .is_some_and(|byte| byte % self.shape.border.max(1) == 0);
        if self.leaf_bytes >= self.shape.most || (self.leaf_bytes >= self.shape.least && border) {
            self.close_leaf()?;
        }
        Ok(())
    }

    fn close_leaf(&mut self) -> Result<(), WriteError> {
        let entries = std::mem::take(&mut self.leaf);
        self.leaf_bytes = 0;
        let Some((first, _)) = entries.first() else {
            return Ok(());
        };
        let first = first.clone();
        let mut node = Vec::new();
        open_node(&mut node, LEAF, entries.len());
        let mut before: &[u8] = &[];
        for (key, value) in &entries {
            put_key(&mut node, before, key);
            put_bytes(&mut node, value);
            before = key;
        }
        self.waiting.push((first, node));
        if self.waiting.len() >= TOGETHER {
            self.pack_waiting()?;
        }
        Ok(())
    }

    fn pack_waiting(&mut self) -> Result<(), WriteError> {
        let waiting = std::mem::take(&mut self.waiting);
        let packed: Vec<(Vec<u8>, Hash, Vec<u8>)> = waiting
            .into_par_iter()
            .map(|(first, node)| {
                let packed = pack(&node)?;
                Ok((first, hash_of(&packed), packed))
            })
            .collect::<Result<_, WriteError>>()?;
        for (first, hash, packed) in packed {
            (self.store)(hash, packed)?;
            self.children.push((first, hash));
        }
        Ok(())
    }

    /// Closes the tree.
    ///
    /// # Errors
    /// As `store`.
    pub fn finish(mut self) -> Result<TreeRef, WriteError> {
        self.close_leaf()?;
        self.pack_waiting()?;
        let mut height = u8::from(!self.children.is_empty());
        let fan_out = fan_out(self.children.len());
        while self.children.len() > 1 {
            height += 1;
            let mut above = Vec::new();
            for group in self.children.chunks(fan_out) {
                let mut node = Vec::new();
                open_node(&mut node, INNER, group.len());
                let mut before: &[u8] = &[];
                for (key, child) in group {
                    put_key(&mut node, before, key);
                    node.extend_from_slice(&child.0);
                    before = key;
                }
                let packed = pack(&node)?;
                let hash = hash_of(&packed);
                (self.store)(hash, packed)?;
                above.extend(group.first().map(|(key, _)| (key.clone(), hash)));
            }
            self.children = above;
        }
        Ok(TreeRef {
            top: self.children.first().map(|(_, hash)| *hash),
            height,
            entries: self.entries,
        })
    }
}

fn open_node(node: &mut Vec<u8>, kind: u8, count: usize) {
    node.push(kind);
    put_varint(node, count as u64);
}

fn put_key(node: &mut Vec<u8>, before: &[u8], key: &[u8]) {
    let shared = before.iter().zip(key).take_while(|(a, b)| a == b).count();
    put_varint(node, shared as u64);
    put_bytes(node, key.get(shared..).unwrap_or_default());
}
