//! The words of the index by their lengths, for queries that are misspelt.

use khizana_format::{Archive, Fetch, ReadError, Reader, Wanted};
#[cfg(feature = "write")]
use khizana_format::{Shape, TreeRef, TreeWriter, WriteError, put_bytes, put_varint};
use khizana_text::allowed_edits;

use crate::malformed;

/// So many words are kept, those of most items: rarer ones are hardly what was meant.
#[cfg(feature = "write")]
pub(crate) const MOST: usize = 1 << 16;
/// Words of an entry.
#[cfg(feature = "write")]
const ENTRY: usize = 2_048;

/// Writes the words, each with the count of its items, in order: the key is the count of letters, then
/// a number of two bytes; the value words, each the bytes shared with the one before, the rest, and
/// how many items have it.
#[cfg(feature = "write")]
pub(crate) fn write(store: crate::Store<'_>, words: &[(&str, u32)]) -> Result<TreeRef, WriteError> {
    let mut tree = TreeWriter::new(store, None, Shape::NARROW)?;
    for letters in 0..=u8::MAX {
        let own: Vec<&(&str, u32)> = words
            .iter()
            .filter(|(word, _)| length(word) == letters)
            .collect();
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
            let [high, low] = number.to_be_bytes();
            tree.push(&[letters, high, low], out)?;
        }
    }
    tree.finish()
}

/// Letters of a word.
pub(crate) fn length(word: &str) -> u8 {
    u8::try_from(word.chars().count()).unwrap_or(u8::MAX)
}

/// Words that are as near to `word` as any, the most frequent first. `edits` says how near one is, if
/// it is within so many edits.
pub(crate) async fn near<F: Fetch>(
    archive: &Archive<F>,
    word: &str,
    edits: impl Fn(&str, u8) -> Option<u8>,
) -> Result<Vec<String>, ReadError> {
    let mut most = allowed_edits(word);
    let letters = length(word);
    let keys: Vec<[u8; 1]> = (letters.saturating_sub(most)..=letters.saturating_add(most))
        .map(|letters| [letters])
        .collect();
    let wanted: Vec<Wanted<'_>> = keys.iter().map(|key| Wanted::prefix(key)).collect();
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
                near.push((count, candidate.to_owned()));
            }
        })
        .ok_or_else(|| malformed("the words of a length"))?;
    }
    near.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(near.into_iter().map(|(_, word)| word).collect())
}

/// Words that share their beginnings are longer than what is written of them; those of an entry are
/// together at most so long.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// Hands each word and its count to `each`.
pub(crate) fn read(bytes: &[u8], mut each: impl FnMut(&str, u32)) -> Option<()> {
    let mut reader = Reader::new(bytes);
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
