//! Entry point for fuzzing the private readers of this crate.

use khizana_json as json;

use crate::tree::{KeyRange, Node};
use crate::{Record, RecordSummary, Root};

/// Reads untrusted bytes as a tree node or as JSON, depending on the first byte, and as a tile
/// index.
///
/// For a node, the second byte is the length of a key, which follows and is looked up in the node.
///
/// # Panics
/// Panics if the result of a reader violates its invariants.
pub fn tree(bytes: &[u8]) {
    match bytes {
        [kind, key_len, rest @ ..] if kind % 2 == 0 => {
            let (key, bytes) = rest.split_at(usize::from(*key_len).min(rest.len()));
            node(bytes, key);
        }
        [_, text @ ..] => {
            let _ = json::from_slice::<Root>(text);
            let _ = json::from_slice::<Record>(text);
            let _ = json::from_slice::<RecordSummary>(text);
        }
        [] => {}
    }
    crate::tile_index::check_invariants(bytes);
}

fn node(bytes: &[u8], key: &[u8]) {
    let (exact, prefix) = (KeyRange::exact(key), KeyRange::prefix(key));
    match Node::read(bytes) {
        None => {}
        Some(Node::Leaf(entries)) => {
            assert!(
                entries.is_sorted_by(|a, b| a.0 < b.0),
                "the keys of a leaf are not ascending"
            );
            let key_bytes: usize = entries.iter().map(|(key, _)| key.len()).sum();
            assert!(
                key_bytes <= crate::object::MAX_OBJECT,
                "{key_bytes} bytes of keys"
            );
            let expected = entries.iter().filter(|(other, _)| other == key);
            assert!(
                exact.entries(&entries).iter().eq(expected),
                "wrong entry for a key"
            );
            let expected = entries.iter().filter(|(other, _)| other.starts_with(key));
            assert!(
                prefix.entries(&entries).iter().eq(expected),
                "wrong entries for a prefix"
            );
        }
        Some(Node::Inner(children)) => {
            assert!(
                children.is_sorted_by(|a, b| a.0 < b.0),
                "the keys of an inner node are not ascending"
            );
            assert!(
                exact.children(&children).len() <= 1,
                "several children for a key"
            );
            // Every child whose first key starts with the prefix must be selected.
            let selected = prefix.children(&children);
            let mut required = children.iter().filter(|(other, _)| other.starts_with(key));
            assert!(
                required.clone().count() <= selected.len()
                    && required.all(|child| selected.contains(child)),
                "missing children for a prefix"
            );
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn fuzz_corpus_does_not_panic() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/tree");
        for file in std::fs::read_dir(corpus).unwrap() {
            super::tree(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
