//! Trees: sorted maps from bytes to bytes, cut into objects of which a reader fetches only those on
//! the way to its key. Records, identifiers and the terms of the index are all kept in one.

use khizana_model::Hash;
use serde::Serialize;

use crate::bytes::Reader;
use crate::object::MAX_OBJECT;

/// The top of a tree, as the root names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TreeRef {
    /// The object at the top; absent where the tree is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<Hash>,
    /// How many objects lie on the way to an entry: 1 where the top is a leaf.
    pub height: u8,
    /// How many entries there are.
    pub entries: u32,
}

khizana_json::json_object!(TreeRef {
    top: optional,
    height,
    entries
});

/// The first byte of a leaf and of an inner node.
pub(crate) const LEAF: u8 = 0;
pub(crate) const INNER: u8 = 1;

/// What an entry takes in memory beside its key and its value, about.
const OVERHEAD: usize = 64;

/// Why a node cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// It does not follow the format.
    #[error("object {0} is not a node of a tree")]
    Malformed(Hash),
    /// More levels than the root says.
    #[error("object {0} lies deeper than its tree")]
    TooDeep(Hash),
}

/// A node, unpacked and read.
#[derive(Debug)]
pub(crate) enum Node {
    /// Keys and values, in order of the keys.
    Leaf(Vec<(Vec<u8>, Vec<u8>)>),
    /// The first key below each child, and the child.
    Inner(Vec<(Vec<u8>, Hash)>),
}

impl Node {
    /// Reads a node: its kind, the count of its entries, then the entries: how many bytes the key
    /// shares with the one before, the rest of the key, and the value (leaf: length and bytes;
    /// inner: 32 bytes). Keys must rise, so that a search cannot be led astray.
    pub(crate) fn read(bytes: &[u8]) -> Option<Node> {
        let mut reader = Reader::new(bytes);
        let kind = reader.byte()?;
        let count = reader.count()?;
        let mut key: Vec<u8> = Vec::new();
        let mut total = 0usize;
        let mut step = |reader: &mut Reader<'_>, first: bool| -> Option<Vec<u8>> {
            let shared = usize::try_from(reader.varint()?).ok()?;
            let rest = reader.bytes()?;
            let kept = key.get(..shared)?;
            // Keys that share their beginnings are longer than what is written of them: of a few
            // bytes each, a node could ask for any amount of memory.
            total = total.checked_add(shared + rest.len() + OVERHEAD)?;
            if total > MAX_OBJECT {
                return None;
            }
            let mut next = Vec::with_capacity(shared + rest.len());
            next.extend_from_slice(kept);
            next.extend_from_slice(rest);
            if !first && next <= key {
                return None;
            }
            key.clone_from(&next);
            Some(next)
        };
        let node = match kind {
            LEAF => {
                let mut entries = Vec::with_capacity(count);
                for i in 0..count {
                    let key = step(&mut reader, i == 0)?;
                    entries.push((key, reader.bytes()?.to_vec()));
                }
                Node::Leaf(entries)
            }
            INNER if count > 0 => {
                let mut children = Vec::with_capacity(count);
                for i in 0..count {
                    let key = step(&mut reader, i == 0)?;
                    children.push((key, Hash(reader.take(32)?.try_into().ok()?)));
                }
                Node::Inner(children)
            }
            _ => return None,
        };
        reader.is_empty().then_some(node)
    }
}

/// Which of an inner node's children can hold keys from `from` on, up to those that begin with
/// `prefix` where one is given, otherwise `from` alone.
pub(crate) fn children_for<'a>(
    children: &'a [(Vec<u8>, Hash)],
    from: &[u8],
    prefix: bool,
) -> &'a [(Vec<u8>, Hash)] {
    let start = children
        .partition_point(|(key, _)| key.as_slice() <= from)
        .saturating_sub(1);
    let end = if prefix {
        children.partition_point(|(key, _)| key.as_slice() <= from || key.starts_with(from))
    } else {
        children.partition_point(|(key, _)| key.as_slice() <= from)
    };
    children.get(start..end).unwrap_or(&[])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::bytes::{put_bytes, put_varint};

    fn leaf(keys: &[(u64, &[u8])]) -> Vec<u8> {
        let mut out = vec![LEAF];
        put_varint(&mut out, keys.len() as u64);
        for (shared, rest) in keys {
            put_varint(&mut out, *shared);
            put_bytes(&mut out, rest);
            put_bytes(&mut out, b"v");
        }
        out
    }

    #[test]
    fn keys_are_front_coded() {
        let Some(Node::Leaf(entries)) =
            Node::read(&leaf(&[(0, b"kitab"), (4, b"ib"), (1, b"utub")]))
        else {
            panic!("a leaf");
        };
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_slice()).collect();
        assert_eq!(keys, [b"kitab".as_slice(), b"kitaib", b"kutub"]);
    }

    #[test]
    fn hostile_nodes_are_refused() {
        for (what, bytes) in [
            ("empty", vec![]),
            ("kind", vec![9, 0]),
            ("count", vec![LEAF, 200, 1]),
            ("inner without children", vec![INNER, 0]),
            ("falling keys", leaf(&[(0, b"b"), (0, b"a")])),
            ("a key twice", leaf(&[(0, b"b"), (1, b"")])),
            ("shares more than there is", leaf(&[(3, b"b")])),
            (
                "bytes after the end",
                [leaf(&[(0, b"b")]), vec![0]].concat(),
            ),
            ("cut short", leaf(&[(0, b"b")])[..4].to_vec()),
        ] {
            assert!(Node::read(&bytes).is_none(), "{what}");
        }
    }

    #[test]
    fn keys_that_hardly_anything_is_written_of_are_bounded() {
        // Each key is the one before and another letter: a gigabyte of keys in a megabyte.
        let long = vec![b'a'; 1 << 20];
        let keys = |count: u64| -> Vec<(u64, &[u8])> {
            std::iter::once((0, long.as_slice()))
                .chain((1..count).map(|place| ((1 << 20) + place - 1, b"a".as_slice())))
                .collect()
        };
        assert!(Node::read(&leaf(&keys(50))).is_some());
        assert!(Node::read(&leaf(&keys(1_000))).is_none());
    }

    #[test]
    fn only_children_on_the_way_are_fetched() {
        let children: Vec<_> = ["b", "kit", "kitab", "m"]
            .iter()
            .enumerate()
            .map(|(i, key)| (key.as_bytes().to_vec(), Hash([i as u8; 32])))
            .collect();
        let ask = |from: &str, prefix| -> Vec<u8> {
            children_for(&children, from.as_bytes(), prefix)
                .iter()
                .map(|(_, h)| h.0[0])
                .collect()
        };
        assert_eq!(ask("kitab", false), [2]);
        assert_eq!(ask("ki", true), [0, 1, 2]);
        assert_eq!(ask("kit", true), [1, 2]);
        assert_eq!(ask("z", false), [3]);
        assert_eq!(ask("a", false), [0u8; 0]);
        assert_eq!(ask("a", true), [0u8; 0]);
        assert_eq!(ask("kz", false), [2]);
    }
}
