//! What fuzzing reaches of the readers of blocks, which are private, and what these promise.

use crate::column::{Column, Value, read_values};
use crate::entry::{Block, Entry, List, Place, read_words};
use crate::postings::Postings;
use crate::score::LEVELS;
use crate::{order, pairs, positions, spelling};

/// Hands a block to one of the readers: which, the first byte says; of how many items the archive is,
/// the second.
///
/// # Panics
/// Where a reader does not keep its promises.
pub fn readers(bytes: &[u8]) {
    let [reader, items, block @ ..] = bytes else {
        return;
    };
    let items = [1, 10, 300, 100_000][usize::from(items % 4)];
    match reader % 11 {
        0 => {
            if let Some(read) = Postings::read(block, items) {
                postings(&read, items);
            }
        }
        1 => {
            if let Some(Entry {
                block: Place::Here(bytes),
                ..
            }) = Entry::read(block)
            {
                self::block(&bytes, items);
            }
        }
        2 => self::block(block, items),
        3 => columns(block, items),
        4 => {
            let values: Option<Vec<Value>> = read_values(block);
            assert!(values.is_none_or(|values| values.len() <= block.len()));
        }
        5 => positions::promises(block, items),
        10 => pairs::promises(block, items),
        6 => {
            if let Some(years) = order::years(block) {
                assert!(years.len() <= order::CHUNK as usize, "years of a chunk");
            }
        }
        7 => {
            let mut letters = 0;
            let _ = spelling::read(block, |word, _| letters += word.len());
            assert!(letters <= spelling::MOST_BYTES, "{letters} bytes of words");
        }
        8 => {
            if let Some(words) = read_words(block) {
                let bytes: usize = words.iter().map(String::len).sum();
                assert!(bytes <= block.len());
            }
        }
        _ => {
            if let Some(numbers) = order::numbers(block, items) {
                assert!(numbers.iter().all(|number| *number < items));
            }
        }
    }
}

fn postings(read: &Postings, items: u32) {
    assert_eq!(read.items.len(), read.levels.len());
    rise(read.items.iter().copied(), items);
    assert!(read.levels.iter().all(|level| (1..=LEVELS).contains(level)));
}

/// Each is greater than the one before it, and all are below `items`.
fn rise(mut numbers: impl Iterator<Item = u32> + Clone, items: u32) {
    assert!(numbers.clone().is_sorted_by(|a, b| a < b), "they rise");
    assert!(numbers.all(|number| number < items), "they exist");
}

fn block(bytes: &[u8], items: u32) {
    let Some(block) = Block::read(bytes, items) else {
        return;
    };
    assert!(block.lead.iter().all(|(item, _)| *item < items));
    match block.list {
        List::Whole(read) => postings(&read, items),
        List::Chunks(chunks) => {
            let borders = chunks.iter().flat_map(|chunk| {
                assert!(chunk.first <= chunk.last);
                // A chunk of one item begins where it ends.
                [chunk.first]
                    .into_iter()
                    .chain((chunk.last > chunk.first).then_some(chunk.last))
            });
            rise(borders, items);
            let found: u64 = chunks.iter().map(|chunk| u64::from(chunk.found)).sum();
            assert!(found <= u64::from(items), "{found} of {items} items");
        }
    }
}

fn columns(bytes: &[u8], items: u32) {
    for column in Column::read_all(bytes, items).unwrap_or_default() {
        assert!(column.first.len() <= column.values as usize);
        for set in &column.sets {
            rise(set.iter().copied(), column.values);
        }
        let mut cursor = column.cursor();
        for item in 0..items {
            let (set, next) = cursor.set(item);
            assert!((set as usize) < column.sets.len() && item < next);
        }
        assert_eq!(cursor.set(items), (u32::MAX, u32::MAX));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn the_corpus_is_read() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/readers");
        for file in std::fs::read_dir(corpus).unwrap() {
            super::readers(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
