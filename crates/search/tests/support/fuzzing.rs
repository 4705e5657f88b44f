//! Entry points for fuzzing the private readers of this crate.

use crate::facet_column::{FacetColumn, Value, read_values};
use crate::postings::Postings;
use crate::score::LEVELS;
use crate::term_entry::{BlockLocation, PostingList, TermBlock, TermEntry, read_words};
use crate::{bigrams, item_values, positions, spelling};

/// Reads untrusted bytes with one of the readers, and checks the invariants of the result.
///
/// The first byte selects the reader, and the second byte the number of items of the archive.
///
/// # Panics
/// Panics if the result violates an invariant.
pub fn readers(bytes: &[u8]) {
    let [reader, items, block @ ..] = bytes else {
        return;
    };
    let items = [1, 10, 300, 100_000][usize::from(items % 4)];
    match reader % 11 {
        0 => {
            if let Some(postings) = Postings::read(block, items) {
                check_postings(&postings, items);
            }
        }
        1 => {
            if let Some(TermEntry {
                block: BlockLocation::Inline(bytes),
                ..
            }) = TermEntry::read(block)
            {
                check_term_block(&bytes, items);
            }
        }
        2 => check_term_block(block, items),
        3 => check_columns(block, items),
        4 => {
            let values: Option<Vec<Value>> = read_values(block);
            assert!(values.is_none_or(|values| values.len() <= block.len()));
        }
        5 => positions::check_invariants(block, items),
        10 => bigrams::check_invariants(block, items),
        6 => {
            if let Some(years) = item_values::read_years(block) {
                assert!(years.len() <= item_values::CHUNK_LEN as usize);
            }
        }
        7 => {
            let mut len = 0;
            let _ = spelling::for_each_word(block, |word, _| len += word.len());
            assert!(len <= spelling::MAX_ENTRY_BYTES, "{len} bytes of words");
        }
        8 => {
            if let Some(words) = read_words(block) {
                let len: usize = words.iter().map(String::len).sum();
                assert!(len <= block.len());
            }
        }
        _ => {
            if let Some(numbers) = item_values::read_numbers(block, items) {
                assert!(numbers.iter().all(|number| *number < items));
            }
        }
    }
}

fn check_postings(postings: &Postings, items: u32) {
    assert_eq!(postings.items.len(), postings.levels.len());
    assert_ascending(postings.items.iter().copied(), items);
    assert!(
        postings
            .levels
            .iter()
            .all(|level| (1..=LEVELS).contains(level))
    );
}

/// Asserts that numbers are strictly ascending and less than `limit`.
fn assert_ascending(mut numbers: impl Iterator<Item = u32> + Clone, limit: u32) {
    assert!(
        numbers.clone().is_sorted_by(|a, b| a < b),
        "the numbers are not ascending"
    );
    assert!(
        numbers.all(|number| number < limit),
        "a number is out of range"
    );
}

fn check_term_block(bytes: &[u8], items: u32) {
    let Some(block) = TermBlock::read(bytes, items) else {
        return;
    };
    assert!(block.top_items.iter().all(|(item, _)| *item < items));
    match block.list {
        PostingList::Whole(postings) => check_postings(&postings, items),
        PostingList::Chunked(chunks) => {
            let bounds = chunks.iter().flat_map(|chunk| {
                assert!(chunk.first <= chunk.last);
                // The bounds of a chunk with a single item are equal.
                let last = (chunk.last > chunk.first).then_some(chunk.last);
                [chunk.first].into_iter().chain(last)
            });
            assert_ascending(bounds, items);
            let len: u64 = chunks.iter().map(|chunk| u64::from(chunk.len)).sum();
            assert!(len <= u64::from(items), "{len} of {items} items");
        }
    }
}

fn check_columns(bytes: &[u8], items: u32) {
    for column in FacetColumn::read_all(bytes, items).unwrap_or_default() {
        assert!(column.inline_values.len() <= column.values as usize);
        for set in &column.sets {
            assert_ascending(set.iter().copied(), column.values);
        }
        let mut cursor = column.cursor();
        for item in 0..items {
            let (set, run_end) = cursor.seek(item);
            assert!((set as usize) < column.sets.len() && item < run_end);
        }
        assert_eq!(cursor.seek(items), (u32::MAX, u32::MAX));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn fuzz_corpus_does_not_panic() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/readers");
        for file in std::fs::read_dir(corpus).unwrap() {
            super::readers(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
