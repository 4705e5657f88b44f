//! Spelling correction.
//!
//! The index lists words by their first two letters and by their last two letters. A misspelling
//! rarely affects both ends, so only the words that share one end with the query word are fetched
//! and compared with it.

#[cfg(feature = "write")]
use std::collections::BTreeMap;

use khizana_format::{Archive, ByteReader, Fetch, KeyRange, ReadError};
#[cfg(feature = "write")]
use khizana_format::{LeafSize, TreeRef, TreeWriter, WriteError, put_bytes, put_varint};
use khizana_text::max_edits;

use crate::malformed;

/// Maximum number of words that are listed. The words with the highest document frequency are
/// listed, because rare words are unlikely corrections.
#[cfg(feature = "write")]
pub(crate) const MAX_WORDS: usize = 1 << 16;
/// Maximum number of words per entry.
#[cfg(feature = "write")]
const WORDS_PER_ENTRY: usize = 2_048;
/// Size of the leaves. It is small because entries are small and a query reads only a few.
#[cfg(feature = "write")]
const LEAF_SIZE: LeafSize = LeafSize {
    min: 16 << 10,
    max: 32 << 10,
    boundary_divisor: 16,
};

/// Number of letters at each end of a word that form a key.
const END_LETTERS: usize = 2;

/// Returns the two keys of a word: the byte 0 followed by its first letters, and the byte 1
/// followed by its last letters.
fn keys(word: &str) -> [Vec<u8>; 2] {
    let prefix_end = word.char_indices().nth(END_LETTERS).map(|(i, _)| i);
    let prefix = prefix_end.and_then(|end| word.get(..end)).unwrap_or(word);
    let suffix_start = word.char_indices().nth_back(END_LETTERS - 1);
    let suffix = suffix_start
        .and_then(|(start, _)| word.get(start..))
        .unwrap_or(word);
    [(0, prefix), (1, suffix)].map(|(kind, letters)| {
        let mut key = vec![kind];
        key.extend(letters.bytes());
        key
    })
}

/// Returns `true` if two words share an end, so that one can be a correction of the other.
#[cfg(all(test, feature = "write"))]
pub(crate) fn share_an_end(a: &str, b: &str) -> bool {
    keys(a).iter().zip(keys(b)).any(|(a, b)| *a == b)
}

/// Writes the words, which are in alphabetical order, with their document frequencies.
///
/// The key of an entry consists of a key of a word (see [`keys`]) and an entry number (two bytes,
/// big-endian). The value is a list of front-coded words, each followed by its document frequency
/// (varint).
#[cfg(feature = "write")]
pub(crate) fn write(store: crate::Store<'_>, words: &[(&str, u32)]) -> Result<TreeRef, WriteError> {
    let mut words_by_key: BTreeMap<Vec<u8>, Vec<&(&str, u32)>> = BTreeMap::new();
    for word in words {
        for key in keys(word.0) {
            words_by_key.entry(key).or_default().push(word);
        }
    }
    let mut tree = TreeWriter::new(store, LEAF_SIZE);
    for (key, words) in words_by_key {
        for (number, chunk) in (0u16..).zip(words.chunks(WORDS_PER_ENTRY)) {
            let mut out = Vec::new();
            let mut previous: &[u8] = &[];
            for (word, doc_freq) in chunk {
                let word = word.as_bytes();
                let shared_len = previous
                    .iter()
                    .zip(word)
                    .take_while(|(a, b)| a == b)
                    .count();
                put_varint(&mut out, shared_len as u64);
                put_bytes(&mut out, word.get(shared_len..).unwrap_or_default());
                put_varint(&mut out, u64::from(*doc_freq));
                previous = word;
            }
            tree.push(&[key.as_slice(), &number.to_be_bytes()].concat(), out)?;
        }
    }
    tree.finish()
}

/// Returns the listed words with the smallest edit distance to `word`, the most frequent first.
///
/// `edit_distance` returns the edit distance between a candidate and `word`, or `None` if the
/// distance is greater than the second argument.
pub(crate) async fn closest_words<F: Fetch>(
    archive: &Archive<F>,
    word: &str,
    edit_distance: impl Fn(&str, u8) -> Option<u8>,
) -> Result<Vec<String>, ReadError> {
    let mut max_distance = max_edits(word);
    let keys = keys(word);
    let ranges: Vec<KeyRange<'_>> = keys.iter().map(|key| KeyRange::prefix(key)).collect();
    let results = archive
        .lookup(&archive.root().search.spelling, &ranges)
        .await?;
    // Sorted by descending document frequency, then alphabetically.
    let mut closest: Vec<(u32, String)> = Vec::new();
    for (_, bytes) in results.into_iter().flatten() {
        for_each_word(&bytes, |candidate, doc_freq| {
            let Some(distance) = edit_distance(candidate, max_distance) else {
                return;
            };
            if distance < max_distance {
                closest.clear();
                max_distance = distance;
            }
            let index = closest.partition_point(|(other_freq, other)| {
                *other_freq > doc_freq || (*other_freq == doc_freq && other.as_str() < candidate)
            });
            // A candidate that shares both ends occurs twice.
            if closest
                .get(index)
                .is_none_or(|(_, other)| other != candidate)
            {
                closest.insert(index, (doc_freq, candidate.to_owned()));
            }
        })
        .ok_or_else(|| malformed("spelling entry"))?;
    }
    Ok(closest.into_iter().map(|(_, word)| word).collect())
}

/// Maximum total length of the words of an entry, in bytes. Front-coded words can be much longer
/// than their encoding.
pub(crate) const MAX_ENTRY_BYTES: usize = 1 << 20;

/// Calls `visit` with each word of an entry and its document frequency. Returns `None` if the bytes
/// do not follow the format.
pub(crate) fn for_each_word(bytes: &[u8], mut visit: impl FnMut(&str, u32)) -> Option<()> {
    let mut reader = ByteReader::new(bytes);
    let mut word: Vec<u8> = Vec::new();
    let mut total = 0;
    while !reader.is_empty() {
        let shared_len = usize::try_from(reader.varint()?).ok()?;
        if shared_len > word.len() {
            return None;
        }
        word.truncate(shared_len);
        word.extend(reader.bytes()?);
        total += word.len();
        if total > MAX_ENTRY_BYTES {
            return None;
        }
        visit(std::str::from_utf8(&word).ok()?, reader.varint_u32()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use khizana_format::{put_bytes, put_varint};

    #[test]
    fn malformed_entries_are_rejected() {
        // `count` equal words of `len` letters.
        let entry = |len: usize, count: usize| {
            let mut out = Vec::new();
            for i in 0..count {
                let (shared_len, rest_len) = if i == 0 { (0, len) } else { (len, 0) };
                put_varint(&mut out, shared_len as u64);
                put_bytes(&mut out, &vec![b'a'; rest_len]);
                put_varint(&mut out, 1);
            }
            out
        };
        let mut sum = 0;
        let result = for_each_word(&entry(3, 4), |_, doc_freq| sum += doc_freq);
        assert_eq!((result, sum), (Some(()), 4));
        // Each word after the first takes only three bytes.
        assert_eq!(for_each_word(&entry(1 << 16, 17), |_, _| ()), None);
        for bytes in [&[1, 0, 1][..], &[0, 1, 0xff, 1], &[0, 1, b'a']] {
            assert_eq!(for_each_word(bytes, |_, _| ()), None, "{bytes:?}");
        }
    }
}
