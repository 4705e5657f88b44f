//! Pairs: two neighbours of which one is common, and where they stand, for phrases.
//!
//! A phrase with "and" or "of" would otherwise need where these stand in every item of the archive.

use khizana_format::{Archive, Fetch, ReadError};

use crate::positions::{self, Loaded, Positions};
use crate::score::LEVELS;

/// What stands between the two words in the key of a pair. Words have no such character.
pub(crate) const PAIR: char = ' ';

/// The items in which a pair stands: how much it weighs in each, 1 to [`LEVELS`], and where the first
/// of the two words is.
#[derive(Debug, Default)]
pub(crate) struct Paired {
    pub(crate) levels: Vec<u8>,
    pub(crate) positions: Positions,
}

impl Paired {
    /// Each item and its level.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        let items = self.positions.items().iter().copied();
        items.zip(self.levels.iter().copied())
    }
}

/// Where each pair stands.
pub(crate) async fn read<F: Fetch>(
    archive: &Archive<F>,
    pairs: &[&str],
) -> Result<Vec<Paired>, ReadError> {
    let tree = &archive.root().search.pairs;
    let items = archive.root().items;
    let loaded = positions::load(archive, tree, pairs, None).await?;
    let read = loaded.iter().map(|parts| {
        let mut out = Paired::default();
        for part in parts {
            items_of(part, items, &mut out).ok_or_else(positions::wrong)?;
        }
        Ok(out)
    });
    read.collect()
}

/// Of an item, after its number: a byte, the level, and the occurrences. Items rise from part to part.
fn items_of(part: &Loaded, items: u32, out: &mut Paired) -> Option<()> {
    part.items(|item, reader| {
        let level = reader.byte().filter(|level| (1..=LEVELS).contains(level))?;
        out.positions.read_item(item, reader)?;
        out.levels.push(level);
        (item < items).then_some(())
    })
}

/// Whatever the bytes, what is read of them is in order and exists.
#[cfg(any(test, fuzzing))]
pub(crate) fn promises(bytes: &[u8], items: u32) {
    let mut read = Paired::default();
    if items_of(&Loaded::here(bytes), items, &mut read).is_some() {
        assert!(read.positions.items().is_sorted_by(|a, b| a < b));
        assert_eq!(read.positions.items().len(), read.levels.len());
        assert!(
            read.iter()
                .all(|(item, level)| item < items && level <= LEVELS)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_a_pair_exist_and_have_a_level() {
        // Items 4 and 9; the pair stands once in each, at the beginning of the first field.
        let read = |bytes: &[u8], items| -> Option<Vec<(u32, u8)>> {
            let mut out = Paired::default();
            items_of(&Loaded::here(bytes), items, &mut out).map(|()| out.iter().collect())
        };
        let bytes = [4, 7, 1, 0, 0, 0, 4, 31, 1, 0, 0, 0];
        assert_eq!(read(&bytes, 10), Some(vec![(4, 7), (9, 31)]));
        assert_eq!(read(&bytes, 9), None, "an item that does not exist");
        assert_eq!(read(&[4, 0, 1, 0, 0, 0], 10), None, "no level");
        assert_eq!(
            read(&[4, 32, 1, 0, 0, 0], 10),
            None,
            "more than the highest"
        );
        assert_eq!(read(&bytes[..11], 10), None, "cut short");
    }
}
