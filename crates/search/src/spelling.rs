//! The words of the index by how they begin and how they end, for queries that are misspelt.
//!
//! An edit is in one place: the beginning of the word that was meant is right, or its end is. So few of
//! all words need to be fetched and compared.

#[cfg(feature = "write")]
use std::collections::BTreeMap;

use khizana_format::{Archive, ByteReader, Fetch, KeyRange, ReadError};
#[cfg(feature = "write")]
use khizana_format::{LeafSize, TreeRef, TreeWriter, WriteError, put_bytes, put_varint};
use khizana_text::max_edits;

use crate::malformed;

/// So many words are kept, those of most items: rarer ones are hardly what was meant.
#[cfg(feature = "write")]
pub(crate) const MOST: usize = 1 << 16;
/// Words of an entry.
#[cfg(feature = "write")]
const ENTRY: usize = 2_048;
/// Entries are small and a query reads two.
#[cfg(feature = "write")]
const SHAPE: LeafSize = LeafSize {
    min: 16 << 10,
    max: 32 << 10,
    boundary_divisor: 16,
};

/// So many letters at either end.
const LETTERS: usize = 2;

/// The keys of a word: a byte and its first letters, another and its last.
fn keys(word: &str) -> [Vec<u8>; 2] {
    let begins = word.char_indices().nth(LETTERS).map(|(at, _)| at);
    let begins = begins.and_then(|at| word.get(..at)).unwrap_or(word);
    let ends = word.char_indices().nth_back(LETTERS - 1).map(|(at, _)| at);
    let ends = ends.and_then(|at| word.get(at..)).unwrap_or(word);
    [(0, begins), (1, ends)].map(|(end, letters)| {
        let mut key = vec![end];
        key.extend(letters.bytes());
        key
    })
}

/// Whether a word is among those that `word` is compared with.
#[cfg(test)]
pub(crate) fn compared(word: &str, other: &str) -> bool {
    keys(word)
        .iter()
        .zip(keys(other))
        .any(|(own, other)| *own == other)
}

/// Writes the words, each with the count of its items, in order: the key is that of an end and a number
/// of two bytes; the value words, each the bytes shared with the one before, the rest, and how many
/// items have it.
#[cfg(feature = "write")]
pub(crate) fn write(store: crate::Store<'_>, words: &[(&str, u32)]) -> Result<TreeRef, WriteError> {
    let mut ends: BTreeMap<Vec<u8>, Vec<&(&str, u32)>> = BTreeMap::new();
    for own in words {
        for key in keys(own.0) {
            ends.entry(key).or_default().push(own);
        }
    }
    let mut tree = TreeWriter::new(store, SHAPE);
    for (key, own) in ends {
        for (number, chunk) in (0u16..).zip(own.chunks(ENTRY)) {
            let mut out = Vec::new();
            let mut before: &[u8] = &[];
            for (word, found) in chunk {
                let bytes = word.as_bytes();
                let shared = before.iter().zip(bytes).take_while(|(a, b)| a == b).count();
                put_varint(&mut out, shared as u64);
                put_bytes(&mut out, bytes.get(shared..).unwrap_or_default());
                put_varint(&mut out, u64::from(*found));
                before = bytes;
            }
            tree.push(&[key.as_slice(), &number.to_be_bytes()].concat(), out)?;
        }
    }
    tree.finish()
}

/// Words that are as near to `word` as any, the most frequent first. `edits` says how near one is, if
/// it is within so many edits.
pub(crate) async fn near<F: Fetch>(
    archive: &Archive<F>,
    word: &str,
    edits: impl Fn(&str, u8) -> Option<u8>,
) -> Result<Vec<String>, ReadError> {
    let mut most = max_edits(word);
    let keys = keys(word);
    let wanted: Vec<KeyRange<'_>> = keys.iter().map(|key| KeyRange::prefix(key)).collect();
    let found = archive
        .lookup(&archive.root().search.spelling, &wanted)
        .await?;
    let mut near: Vec<(u32, String)> = Vec::new();
    for (_, bytes) in found.into_iter().flatten() {
        read(&bytes, |candidate, count| {
            if let Some(away) = edits(candidate, most) {
                if away < most {
                    near.clear();
                    most = away;
                }
                // Kept in order: they are few. Both ends of a word may be right, and then it comes twice.
                let at = near.partition_point(|(own, word)| {
                    *own > count || (*own == count && word.as_str() < candidate)
                });
                if near.get(at).is_none_or(|(_, word)| word != candidate) {
                    near.insert(at, (count, candidate.to_owned()));
                }
            }
        })
        .ok_or_else(|| malformed("the words of an end"))?;
    }
    Ok(near.into_iter().map(|(_, word)| word).collect())
}

/// Words that share their beginnings are longer than what is written of them; those of an entry are
/// together at most so long.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// Hands each word and its count to `each`.
pub(crate) fn read(bytes: &[u8], mut each: impl FnMut(&str, u32)) -> Option<()> {
    let mut reader = ByteReader::new(bytes);
    let mut word: Vec<u8> = Vec::new();
    let mut total = 0;
    while !reader.is_empty() {
        let shared = usize::try_from(reader.varint()?).ok()?;
        if shared > word.len() {
            return None;
        }
        word.truncate(shared);
        word.extend(reader.bytes()?);
        total += word.len();
        if total > MOST_BYTES {
            return None;
        }
        each(std::str::from_utf8(&word).ok()?, reader.varint_u32()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use khizana_format::{put_bytes, put_varint};

    #[test]
    fn hostile_words_are_refused() {
        let words = |long: usize, times: usize| {
            let mut out = Vec::new();
            for place in 0..times {
                put_varint(&mut out, if place == 0 { 0 } else { long as u64 });
                put_bytes(&mut out, &vec![b'a'; if place == 0 { long } else { 0 }]);
                put_varint(&mut out, 1);
            }
            out
        };
        let mut count = 0;
        assert_eq!(read(&words(3, 4), |_, found| count += found), Some(()));
        assert_eq!(count, 4);
        // Three bytes a word, and each as long as the first.
        assert_eq!(read(&words(1 << 16, 17), |_, _| ()), None);
        for bytes in [&[1, 0, 1][..], &[0, 1, 0xff, 1], &[0, 1, b'a']] {
            assert_eq!(read(bytes, |_, _| ()), None, "{bytes:?}");
        }
    }
}
