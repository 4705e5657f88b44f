//! Trees: immutable sorted maps from byte strings to byte strings, similar to B+ trees.
//!
//! The nodes of a tree are objects. To look up a key, a reader fetches only the nodes on the path
//! to that key. Records, identifiers and the search index are stored in trees.

use khizana_model::{Hash, Message, message};
use serde::Serialize;

use crate::encoding::ByteReader;
use crate::object::MAX_OBJECT;

/// A reference to a tree, as stored in the root of the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TreeRef {
    /// Hash of the object that contains the top node. Absent if the tree is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<Hash>,
    /// Number of nodes on the path to an entry: 1 if the top node is a leaf, 0 if the tree is
    /// empty.
    pub height: u8,
    /// Number of entries.
    pub entries: u32,
}

khizana_json::json_object!(TreeRef {
    top: optional,
    height,
    entries
});

/// First byte of a leaf.
pub(crate) const LEAF: u8 = 0;
/// First byte of an inner node.
pub(crate) const INNER: u8 = 1;

/// Estimated memory that an entry takes in addition to its key and value, in bytes.
const ENTRY_OVERHEAD: usize = 64;

/// An error in a node of a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The node does not follow the format.
    #[error("object {0} is not a valid tree node")]
    Malformed(Hash),
    /// The node is an inner node although the height of the tree requires a leaf, or vice versa.
    #[error("object {0} does not match the height of its tree")]
    WrongHeight(Hash),
}

impl TreeError {
    /// Returns the description of the error, without a full stop. The viewer, which does not translate it, displays
    /// the error itself and needs no messages.
    pub fn message(&self) -> Message {
        match self {
            TreeError::Malformed(hash) => message!("object {hash} is not a valid tree node", hash),
            TreeError::WrongHeight(hash) => {
                message!("object {hash} does not match the height of its tree", hash)
            }
        }
    }
}

/// A set of keys to look up in a tree: a single key, or all keys with a common prefix.
#[derive(Debug, Clone, Copy)]
pub struct KeyRange<'a> {
    key: &'a [u8],
    is_prefix: bool,
}

impl<'a> KeyRange<'a> {
    /// Creates a range that contains only `key`.
    pub fn exact(key: &'a [u8]) -> Self {
        KeyRange {
            key,
            is_prefix: false,
        }
    }

    /// Creates a range that contains all keys that start with `prefix`.
    pub fn prefix(prefix: &'a [u8]) -> Self {
        KeyRange {
            key: prefix,
            is_prefix: true,
        }
    }

    /// Returns the entries of a leaf whose keys are in this range.
    pub(crate) fn entries<'e>(
        &self,
        entries: &'e [(Vec<u8>, Vec<u8>)],
    ) -> &'e [(Vec<u8>, Vec<u8>)] {
        let start = entries.partition_point(|(key, _)| key.as_slice() < self.key);
        let rest = entries.get(start..).unwrap_or(&[]);
        let len = if self.is_prefix {
            rest.partition_point(|(key, _)| key.starts_with(self.key))
        } else {
            usize::from(rest.first().is_some_and(|(key, _)| key == self.key))
        };
        rest.get(..len).unwrap_or(&[])
    }

    /// Returns the children of an inner node that can contain keys in this range. `children`
    /// contains the first key of each child and the object of the child.
    pub(crate) fn children<'c>(&self, children: &'c [(Vec<u8>, Hash)]) -> &'c [(Vec<u8>, Hash)] {
        let start = children
            .partition_point(|(key, _)| key.as_slice() <= self.key)
            .saturating_sub(1);
        let end = if self.is_prefix {
            children
                .partition_point(|(key, _)| key.as_slice() <= self.key || key.starts_with(self.key))
        } else {
            children.partition_point(|(key, _)| key.as_slice() <= self.key)
        };
        children.get(start..end).unwrap_or(&[])
    }
}

/// A decoded node of a tree.
#[derive(Debug)]
pub(crate) enum Node {
    /// Keys and values, in ascending order of the keys.
    Leaf(Vec<(Vec<u8>, Vec<u8>)>),
    /// The first key of each child and the object of the child, in ascending order of the keys.
    Inner(Vec<(Vec<u8>, Hash)>),
}

impl Node {
    /// Decodes a node. Returns `None` if it does not follow the format.
    ///
    /// A node consists of its kind (one byte), the number of entries (varint) and the entries. The
    /// keys are front-coded. An entry consists of the number of bytes that its key shares with the
    /// previous key (varint), the rest of the key (byte string), and the value (a byte string in a
    /// leaf, or 32 bytes in an inner node). Keys must be strictly ascending, because otherwise a
    /// binary search could miss entries.
    pub(crate) fn read(bytes: &[u8]) -> Option<Node> {
        let mut reader = ByteReader::new(bytes);
        let kind = reader.byte()?;
        let count = reader.count()?;
        let mut keys = KeyDecoder::default();
        let node = match kind {
            LEAF => {
                let mut entries = Vec::with_capacity(count);
                for _ in 0..count {
                    let key = keys.next(&mut reader)?;
                    entries.push((key, reader.bytes()?.to_vec()));
                }
                Node::Leaf(entries)
            }
            INNER if count > 0 => {
                let mut children = Vec::with_capacity(count);
                for _ in 0..count {
                    let key = keys.next(&mut reader)?;
                    children.push((key, Hash(reader.take(32)?.try_into().ok()?)));
                }
                Node::Inner(children)
            }
            _ => return None,
        };
        reader.is_empty().then_some(node)
    }
}

/// Decodes the front-coded keys of a node.
#[derive(Default)]
struct KeyDecoder {
    /// The previous key, or `None` before the first key.
    previous: Option<Vec<u8>>,
    /// Estimated memory that the keys decoded so far take, in bytes.
    memory: usize,
}

impl KeyDecoder {
    fn next(&mut self, reader: &mut ByteReader<'_>) -> Option<Vec<u8>> {
        let shared_len = usize::try_from(reader.varint()?).ok()?;
        let rest = reader.bytes()?;
        let previous = self.previous.as_deref();
        let shared = previous.unwrap_or_default().get(..shared_len)?;
        // A front-coded key can be much longer than its encoding. Without a limit, the keys of a
        // small node could take an arbitrary amount of memory.
        self.memory = self
            .memory
            .checked_add(shared_len + rest.len() + ENTRY_OVERHEAD)?;
        if self.memory > MAX_OBJECT {
            return None;
        }
        let mut key = Vec::with_capacity(shared_len + rest.len());
        key.extend_from_slice(shared);
        key.extend_from_slice(rest);
        if previous.is_some_and(|previous| key.as_slice() <= previous) {
            return None;
        }
        self.previous = Some(key.clone());
        Some(key)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::encoding::{put_bytes, put_varint};

    fn leaf(keys: &[(u64, &[u8])]) -> Vec<u8> {
        let mut out = vec![LEAF];
        put_varint(&mut out, keys.len() as u64);
        for (shared_len, rest) in keys {
            put_varint(&mut out, *shared_len);
            put_bytes(&mut out, rest);
            put_bytes(&mut out, b"v");
        }
        out
    }

    #[test]
    fn front_coded_keys_are_decoded() {
        let Some(Node::Leaf(entries)) =
            Node::read(&leaf(&[(0, b"kitab"), (4, b"ib"), (1, b"utub")]))
        else {
            panic!("not a leaf");
        };
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_slice()).collect();
        assert_eq!(keys, [b"kitab".as_slice(), b"kitaib", b"kutub"]);
    }

    #[test]
    fn malformed_nodes_are_rejected() {
        for (defect, bytes) in [
            ("empty", vec![]),
            ("unknown kind", vec![9, 0]),
            ("count exceeds the node", vec![LEAF, 200, 1]),
            ("inner node without children", vec![INNER, 0]),
            ("descending keys", leaf(&[(0, b"b"), (0, b"a")])),
            ("duplicate key", leaf(&[(0, b"b"), (1, b"")])),
            ("shared prefix exceeds the previous key", leaf(&[(3, b"b")])),
            ("trailing bytes", [leaf(&[(0, b"b")]), vec![0]].concat()),
            ("truncated", leaf(&[(0, b"b")])[..4].to_vec()),
        ] {
            assert!(Node::read(&bytes).is_none(), "{defect}");
        }
    }

    #[test]
    fn memory_of_front_coded_keys_is_limited() {
        // Each key is the previous key and another letter, so 1,000 keys expand from 1 MB to 1 GB.
        let long = vec![b'a'; 1 << 20];
        let keys = |count: u64| -> Vec<(u64, &[u8])> {
            std::iter::once((0, long.as_slice()))
                .chain((1..count).map(|i| ((1 << 20) + i - 1, b"a".as_slice())))
                .collect()
        };
        assert!(Node::read(&leaf(&keys(50))).is_some());
        assert!(Node::read(&leaf(&keys(1_000))).is_none());
    }

    #[test]
    fn only_children_that_can_contain_the_key_are_selected() {
        let children: Vec<_> = ["b", "kit", "kitab", "m"]
            .iter()
            .enumerate()
            .map(|(i, key)| (key.as_bytes().to_vec(), Hash([i as u8; 32])))
            .collect();
        let select = |range: KeyRange<'_>| -> Vec<u8> {
            let selected = range.children(&children);
            selected.iter().map(|(_, hash)| hash.0[0]).collect()
        };
        assert_eq!(select(KeyRange::exact(b"kitab")), [2]);
        assert_eq!(select(KeyRange::prefix(b"ki")), [0, 1, 2]);
        assert_eq!(select(KeyRange::prefix(b"kit")), [1, 2]);
        assert_eq!(select(KeyRange::exact(b"z")), [3]);
        assert_eq!(select(KeyRange::exact(b"a")), [0u8; 0]);
        assert_eq!(select(KeyRange::prefix(b"a")), [0u8; 0]);
        assert_eq!(select(KeyRange::exact(b"kz")), [2]);
    }
}
