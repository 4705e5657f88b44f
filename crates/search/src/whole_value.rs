//! Titles and names of which a query can be the whole.
//!
//! A title that consists of the words of a query, and a creator whose whole name they are, rank
//! before values that contain further words. The index lists the items with such a value under a key
//! that begins with one of the words, so that it is usually in a leaf that a query reads anyway.

use khizana_format::{Archive, Fetch, KeyRange, ReadError};
use khizana_text::tokenize;

use crate::malformed;
use crate::parsed_query::ParsedQuery;
use crate::scored_items::ScoredItems;
use crate::term_entry::{PostingList, TermEntry, WHOLE_VALUE_MARKER};

/// Numbers of words of the values that are listed. A value of one word needs no list, because its
/// level is the highest.
const WORDS: std::ops::RangeInclusive<usize> = 2..=8;

/// The fields of an item that consist of the same words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WholeValue {
    pub(crate) is_title: bool,
    pub(crate) is_name: bool,
}

impl WholeValue {
    #[cfg(feature = "write")]
    pub(crate) const TITLE: WholeValue = WholeValue {
        is_title: true,
        is_name: false,
    };
    #[cfg(feature = "write")]
    pub(crate) const NAME: WholeValue = WholeValue {
        is_title: false,
        is_name: true,
    };

    /// Adds the fields of another value.
    #[cfg(feature = "write")]
    pub(crate) fn add(&mut self, other: WholeValue) {
        self.is_title |= other.is_title;
        self.is_name |= other.is_name;
    }

    /// Returns the value as the level of a posting.
    #[cfg(feature = "write")]
    pub(crate) fn to_level(self) -> u8 {
        u8::from(self.is_title) | u8::from(self.is_name) << 1
    }

    /// Reads the level of a posting.
    pub(crate) fn from_level(level: u8) -> WholeValue {
        WholeValue {
            is_title: level & 1 == 1,
            is_name: level & 2 == 2,
        }
    }

    /// Returns the score of an item that has such a value.
    ///
    /// A name counts more than a title, because those who search for a name most often search for
    /// the works of a person.
    pub(crate) fn raise(self, score: u32) -> u32 {
        let eighths = match (self.is_name, self.is_title) {
            (true, _) => 4,
            (false, true) => 1,
            (false, false) => 0,
        };
        score.saturating_add(score / 8 * eighths)
    }
}

/// Returns the key of a value that consists of the given words, in any order, or `None` if it has
/// too few or too many words.
pub(crate) fn key<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut words: Vec<&str> = words.collect();
    if !WORDS.contains(&words.len()) {
        return None;
    }
    words.sort_unstable();
    let mut hash = Fnv::default();
    for word in &words {
        hash.write(word.as_bytes());
        hash.write(&[0]);
    }
    let first = words.first()?;
    Some(format!("{first}{WHOLE_VALUE_MARKER}{}", hash.digits()))
}

/// Raises the scores of the items of which the query is a whole value. `items` are all items that
/// match the query.
pub(crate) async fn raise_scores<F: Fetch>(
    archive: &Archive<F>,
    text: &str,
    query: &ParsedQuery,
    items: &mut ScoredItems,
) -> Result<(), ReadError> {
    let key = key_of_query(text).filter(|_| query.has_only_words() && items.len() > 1);
    let Some(key) = key else {
        return Ok(());
    };
    let tree = &archive.root().search.terms;
    let found = archive
        .lookup(tree, &[KeyRange::exact(key.as_bytes())])
        .await?;
    let Some((_, entry)) = found.iter().flatten().next() else {
        return Ok(());
    };
    let entry = TermEntry::read(entry).ok_or_else(|| malformed("whole value"))?;
    let mut lists = Vec::new();
    match entry.block(archive).await?.list {
        PostingList::Whole(postings) => lists.push(postings),
        PostingList::Chunked(chunks) => {
            for chunk in chunks {
                lists.push(chunk.postings(archive).await?);
            }
        }
    }
    let mut rest = items.iter_mut().peekable();
    for (item, level) in lists.iter().flat_map(|postings| postings.iter()) {
        while rest.next_if(|(other, _)| *other < item).is_some() {}
        if let Some((_, score)) = rest.next_if(|(other, _)| *other == item) {
            *score = WholeValue::from_level(level).raise(*score);
        }
    }
    Ok(())
}

/// Returns the key of a query that consists of words only.
pub(crate) fn key_of_query(text: &str) -> Option<String> {
    let mut words: Vec<(u32, String)> = tokenize(text, "")
        .into_iter()
        .map(|token| (token.position, token.word))
        .collect();
    // Of several tokens at a position, the first is the word itself.
    words.dedup_by_key(|(position, _)| *position);
    key(words.iter().map(|(_, word)| word.as_str()))
}

/// The 32-bit FNV-1a hash. Different values with the same key only raise a score by mistake.
struct Fnv(u32);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0x811c_9dc5)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }

    /// Returns the low 30 bits as five characters from `0` to `o`.
    fn digits(&self) -> String {
        let digit = |index: u32| char::from(b'0' + (self.0 >> (6 * index) & 63) as u8);
        (0..5).map(digit).collect()
    }
}

#[cfg(all(test, feature = "write"))]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_words_is_ignored() {
        let key = |text: &str| key(text.split(' '));
        assert_eq!(key("henry moore"), key("moore henry"));
        assert_ne!(key("henry moore"), key("henry moores"));
        assert_ne!(key("ab c"), key("a bc"));
        assert!(key("henry moore").is_some_and(|key| key.starts_with("henry\u{4}")));
        assert_eq!(key("moore"), None);
        assert_eq!(key("a b c d e f g h i"), None);
    }

    #[test]
    fn levels_round_trip() {
        for level in 0..4 {
            assert_eq!(WholeValue::from_level(level).to_level(), level);
        }
    }

    #[test]
    fn a_name_counts_more_than_a_title() {
        let neither = WholeValue::default().raise(800);
        let (title, name) = (WholeValue::TITLE.raise(800), WholeValue::NAME.raise(800));
        assert!(neither < title && title < name);
        assert!(WholeValue::NAME.raise(u32::MAX) > 0);
    }
}
