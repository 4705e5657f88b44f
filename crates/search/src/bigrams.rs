//! Bigrams of common words, for phrases.
//!
//! A phrase that contains a word such as "and" or "of" would need the positions of that word in all
//! items of the archive. Instead, the index contains the positions of the bigrams of each common
//! word with its neighbours. Lucene calls this technique *common grams*.

use khizana_format::{Archive, Fetch, ReadError};

use crate::positions::{self, PositionList, Positions};
use crate::score::is_level;

/// The character between the two words in the key of a bigram. Terms do not contain it.
pub(crate) const SEPARATOR: char = ' ';

/// The posting list of a bigram, with positions.
#[derive(Debug, Default)]
pub(crate) struct BigramPostings {
    /// The level of the bigram in each item, see [`is_level`].
    pub(crate) levels: Vec<u8>,
    /// The positions of the first word in each item.
    pub(crate) positions: Positions,
}

impl BigramPostings {
    /// Returns the items and their levels.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        let items = self.positions.items().iter().copied();
        items.zip(self.levels.iter().copied())
    }

    /// Reads a position list, in which a byte with the level precedes the occurrences of each item,
    /// and appends its items. Returns `None` if the bytes do not follow the format.
    fn read(&mut self, list: &PositionList, items: u32) -> Option<()> {
        list.for_each_item(|item, reader| {
            let level = reader.byte().filter(|level| is_level(*level))?;
            self.positions.push_item(item, reader)?;
            self.levels.push(level);
            (item < items).then_some(())
        })
    }
}

/// Fetches and reads the postings of several bigrams. The postings of a bigram that does not occur
/// are empty.
pub(crate) async fn read<F: Fetch>(
    archive: &Archive<F>,
    bigrams: &[&str],
) -> Result<Vec<BigramPostings>, ReadError> {
    let tree = &archive.root().search.pairs;
    let items = archive.root().items;
    let lists = positions::fetch_lists(archive, tree, bigrams, None).await?;
    lists
        .iter()
        .map(|parts| {
            let mut postings = BigramPostings::default();
            for part in parts {
                postings
                    .read(part, items)
                    .ok_or_else(positions::malformed_positions)?;
            }
            Ok(postings)
        })
        .collect()
}

/// Reads arbitrary bytes as the postings of a bigram and checks the invariants of the result.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_invariants(bytes: &[u8], items: u32) {
    let mut postings = BigramPostings::default();
    if postings
        .read(&PositionList::unbounded(bytes), items)
        .is_some()
    {
        assert!(postings.positions.items().is_sorted_by(|a, b| a < b));
        assert_eq!(postings.positions.items().len(), postings.levels.len());
        assert!(
            postings
                .iter()
                .all(|(item, level)| item < items && is_level(level))
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_postings_are_rejected() {
        let read = |bytes: &[u8], items| -> Option<Vec<(u32, u8)>> {
            let mut postings = BigramPostings::default();
            postings.read(&PositionList::unbounded(bytes), items)?;
            Some(postings.iter().collect())
        };
        // The bigram occurs in the items 4 and 9, once in each, at the start of the first field.
        let bytes = [4, 7, 1, 0, 0, 0, 4, 31, 1, 0, 0, 0];
        assert_eq!(read(&bytes, 10), Some(vec![(4, 7), (9, 31)]));
        assert_eq!(read(&bytes, 9), None, "item out of range");
        assert_eq!(read(&[4, 0, 1, 0, 0, 0], 10), None, "level 0");
        assert_eq!(read(&[4, 64, 1, 0, 0, 0], 10), None, "level too high");
        assert_eq!(read(&bytes[..11], 10), None, "truncated");
    }
}
