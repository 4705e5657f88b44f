//! What fuzzing reaches of the readers that are private, and what these promise.

use khizana_json as json;

use crate::tree::{Node, children_for};
use crate::{Brief, Record, Root, Wanted};

/// Reads hostile bytes: as a node, in which a key is looked up that stands before it with its length;
/// or as JSON. The first byte says which.
///
/// # Panics
/// Where a reader does not keep its promises.
pub fn tree(bytes: &[u8]) {
    match bytes {
        [kind, length, rest @ ..] if kind % 2 == 0 => {
            let (key, bytes) = rest.split_at(usize::from(*length).min(rest.len()));
            node(bytes, key);
        }
        [_, text @ ..] => {
            let _ = json::from_slice::<Root>(text);
            let _ = json::from_slice::<Record>(text);
            let _ = json::from_slice::<Brief>(text);
        }
        [] => {}
    }
    crate::tile_pack::promises(bytes);
}

fn node(bytes: &[u8], key: &[u8]) {
    match Node::read(bytes) {
        None => {}
        Some(Node::Leaf(entries)) => {
            assert!(
                entries.is_sorted_by(|a, b| a.0 < b.0),
                "the keys of a leaf rise"
            );
            let held: usize = entries.iter().map(|(key, _)| key.len()).sum();
            assert!(held <= crate::object::MAX_OBJECT, "keys of {held} bytes");
            let one = Wanted::key(key).of(&entries);
            let all = entries.iter().filter(|(own, _)| own == key);
            assert!(one.iter().eq(all), "the entry of a key");
            let some = Wanted::prefix(key).of(&entries);
            let all = entries.iter().filter(|(own, _)| own.starts_with(key));
            assert!(some.iter().eq(all), "the entries that begin alike");
        }
        Some(Node::Inner(children)) => {
            assert!(
                children.is_sorted_by(|a, b| a.0 < b.0),
                "the keys of an inner node rise"
            );
            assert!(
                children_for(&children, key, false).len() <= 1,
                "one way to a key"
            );
            // Every child whose first key begins so is on the way.
            let some = children_for(&children, key, true);
            let begin = children.iter().filter(|(own, _)| own.starts_with(key));
            assert!(
                begin.clone().count() <= some.len()
                    && begin.into_iter().all(|own| some.contains(own)),
                "the ways to what begins alike"
            );
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn the_corpus_is_read() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/tree");
        for file in std::fs::read_dir(corpus).unwrap() {
            super::tree(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
