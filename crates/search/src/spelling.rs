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

fn read(bytes: &[u8], mut each: impl FnMut(&str, u32)) -> Option<()> {
    let mut reader = Reader::new(bytes);
    let mut word: Vec<u8> = Vec::new();
    while !reader.is_empty() {
        let shared = usize::try_from(reader.varint()?).ok()?;
        if shared > word.len() {
            return None;
        }
        word.truncate(shared);
        word.extend(reader.bytes()?);
        each(std::str::from_utf8(&word).ok()?, reader.varint_u32()?);
    }
    Some(())
}
