//! The entries of the tree of terms.
//!
//! The entry of a term contains or refers to its posting list. The entry of a stem, a phonetic key
//! or a prefix is a list of terms.

use khizana_format::{Archive, ByteReader, Fetch, ReadError};
#[cfg(feature = "write")]
use khizana_format::{put_bytes, put_varint};
use khizana_model::Hash;

use crate::malformed;
use crate::postings::Postings;

/// Last character of the key of a stem. Terms do not contain control characters, so the key sorts
/// next to the terms with that stem and is usually in the same leaf.
pub(crate) const STEM_MARKER: char = '\u{1}';
/// Last character of a phonetic key.
pub(crate) const PHONETIC_MARKER: char = '\u{2}';
/// Last character of the key of a prefix.
pub(crate) const PREFIX_MARKER: char = '\u{3}';
/// The character in the key of a whole value after the first word.
pub(crate) const WHOLE_VALUE_MARKER: char = '\u{4}';

/// Returns `true` if a key is that of a term.
pub(crate) fn is_term(key: &str) -> bool {
    !key.contains([
        STEM_MARKER,
        PHONETIC_MARKER,
        PREFIX_MARKER,
        WHOLE_VALUE_MARKER,
    ])
}

/// Number of top items of a term whose summaries are part of its block.
#[cfg(feature = "write")]
pub(crate) const TOP_ITEMS: usize = 24;

/// Maximum size, in bytes, of a block that is stored in the entry itself.
#[cfg(feature = "write")]
pub(crate) const MAX_INLINE_BLOCK: usize = 8 << 10;
/// Maximum size, in bytes, of a posting list that is not split. Longer lists are split into chunks
/// of about this size.
#[cfg(feature = "write")]
pub(crate) const CHUNK_SIZE: usize = 128 << 10;

/// Writes a list of terms: the number of terms, followed by each term as a byte string.
#[cfg(feature = "write")]
pub(crate) fn write_words<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, words.len() as u64);
    for word in words {
        put_bytes(&mut out, word.as_bytes());
    }
    out
}

/// Maximum length of a term in a list, in bytes. This limits the time that a comparison with the
/// term takes. Terms that are extracted from texts are shorter.
pub(crate) const MAX_WORD_LEN: usize = 512;

/// Reads a list of terms. Returns `None` if the bytes do not follow the format.
pub(crate) fn read_words(bytes: &[u8]) -> Option<Vec<String>> {
    let mut reader = ByteReader::new(bytes);
    let mut words = Vec::new();
    for _ in 0..reader.count()? {
        let word = reader.bytes()?;
        if word.len() > MAX_WORD_LEN {
            return None;
        }
        words.push(std::str::from_utf8(word).ok()?.to_owned());
    }
    reader.is_empty().then_some(words)
}

/// The entry of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TermEntry {
    /// Document frequency: the number of items that contain the term.
    pub(crate) doc_freq: u32,
    pub(crate) block: BlockLocation,
}

/// The location of a [`TermBlock`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BlockLocation {
    /// The block is stored in the entry itself.
    Inline(Vec<u8>),
    /// The block is stored as an object.
    Object(Hash),
}

impl TermEntry {
    /// Writes the document frequency (varint), followed by the byte 0 and the block, or by the byte
    /// 1 and the hash of the block.
    #[cfg(feature = "write")]
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, u64::from(self.doc_freq));
        match &self.block {
            BlockLocation::Inline(block) => {
                out.push(0);
                out.extend(block);
            }
            BlockLocation::Object(hash) => {
                out.push(1);
                out.extend(hash.0);
            }
        }
        out
    }

    /// Reads an entry. Returns `None` if the bytes do not follow the format.
    pub(crate) fn read(bytes: &[u8]) -> Option<TermEntry> {
        let mut reader = ByteReader::new(bytes);
        let doc_freq = reader.varint_u32()?;
        let kind = reader.byte()?;
        let rest = reader.take(reader.remaining())?;
        let block = match kind {
            0 => BlockLocation::Inline(rest.to_vec()),
            1 => BlockLocation::Object(Hash(rest.try_into().ok()?)),
            _ => return None,
        };
        Some(TermEntry { doc_freq, block })
    }

    /// Reads the block. If the block is an object, fetches it first.
    pub(crate) async fn block<F: Fetch>(
        &self,
        archive: &Archive<F>,
    ) -> Result<TermBlock, ReadError> {
        let items = archive.root().items;
        let block = match &self.block {
            BlockLocation::Inline(bytes) => TermBlock::read(bytes, items),
            BlockLocation::Object(hash) => TermBlock::read(&archive.object(hash).await?, items),
        };
        block
            .filter(|block| block.list.len() == self.doc_freq)
            .ok_or_else(|| malformed("term entry"))
    }
}

/// The posting list of a term, and the summaries of its top items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TermBlock {
    /// The items with the highest level, each with its [`khizana_format::RecordSummary`] as JSON.
    pub(crate) top_items: Vec<(u32, Vec<u8>)>,
    pub(crate) list: PostingList,
}

/// A posting list, or references to its chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PostingList {
    Whole(Postings),
    Chunked(Vec<ChunkRef>),
}

/// A reference to a chunk of a posting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChunkRef {
    /// First item of the chunk.
    pub(crate) first: u32,
    /// Last item of the chunk.
    pub(crate) last: u32,
    /// Number of items in the chunk.
    pub(crate) len: u32,
    pub(crate) object: Hash,
}

impl PostingList {
    /// Returns the number of items.
    fn len(&self) -> u32 {
        match self {
            PostingList::Whole(postings) => postings.len() as u32,
            PostingList::Chunked(chunks) => chunks
                .iter()
                .fold(0, |sum, chunk| sum.saturating_add(chunk.len)),
        }
    }
}

impl TermBlock {
    /// Writes the number of top items; each top item and its summary; and the number of chunks. If
    /// this number is 0, the postings follow; otherwise the first item, last item, number of items
    /// and object hash of each chunk.
    #[cfg(feature = "write")]
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, self.top_items.len() as u64);
        for (item, summary) in &self.top_items {
            put_varint(&mut out, u64::from(*item));
            put_bytes(&mut out, summary);
        }
        match &self.list {
            PostingList::Whole(postings) => {
                put_varint(&mut out, 0);
                postings.write(&mut out);
            }
            PostingList::Chunked(chunks) => {
                put_varint(&mut out, chunks.len() as u64);
                for chunk in chunks {
                    put_varint(&mut out, u64::from(chunk.first));
                    put_varint(&mut out, u64::from(chunk.last));
                    put_varint(&mut out, u64::from(chunk.len));
                    out.extend(chunk.object.0);
                }
            }
        }
        out
    }

    /// Reads a block of an archive with `items` items. Returns `None` if the bytes do not follow
    /// the format.
    pub(crate) fn read(bytes: &[u8], items: u32) -> Option<TermBlock> {
        let mut reader = ByteReader::new(bytes);
        let mut top_items = Vec::new();
        for _ in 0..reader.count()? {
            let item = reader.varint_u32().filter(|item| *item < items)?;
            top_items.push((item, reader.bytes()?.to_vec()));
        }
        let count = reader.count()?;
        if count == 0 {
            let postings = Postings::read(reader.take(reader.remaining())?, items)?;
            return Some(TermBlock {
                top_items,
                list: PostingList::Whole(postings),
            });
        }
        let mut chunks = Vec::with_capacity(count);
        let mut next = 0;
        for _ in 0..count {
            let first = reader.varint_u32().filter(|first| *first >= next)?;
            let last = reader
                .varint_u32()
                .filter(|last| (first..items).contains(last))?;
            let len = reader
                .varint_u32()
                .filter(|len| (1..=last - first + 1).contains(len))?;
            next = last + 1;
            let object = Hash(reader.take(32)?.try_into().ok()?);
            chunks.push(ChunkRef {
                first,
                last,
                len,
                object,
            });
        }
        reader.is_empty().then_some(TermBlock {
            top_items,
            list: PostingList::Chunked(chunks),
        })
    }
}

impl ChunkRef {
    /// Fetches and reads the postings of the chunk.
    pub(crate) async fn postings<F: Fetch>(
        &self,
        archive: &Archive<F>,
    ) -> Result<Postings, ReadError> {
        let bytes = archive.object(&self.object).await?;
        Postings::read(&bytes, archive.root().items)
            .filter(|postings| {
                postings.len() as u32 == self.len
                    && postings.items.first() == Some(&self.first)
                    && postings.items.last() == Some(&self.last)
            })
            .ok_or_else(|| malformed("chunk of postings"))
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns a block with a whole list and one with two chunks, of an archive with 10 items.
    fn blocks() -> [TermBlock; 2] {
        let top_items = vec![(3, b"{}".to_vec())];
        let chunk = |first, last| ChunkRef {
            first,
            last,
            len: 2,
            object: Hash([7; 32]),
        };
        [
            TermBlock {
                top_items: top_items.clone(),
                list: PostingList::Whole(Postings {
                    items: vec![3, 9],
                    levels: vec![1, 2],
                }),
            },
            TermBlock {
                top_items,
                list: PostingList::Chunked(vec![chunk(0, 4), chunk(5, 9)]),
            },
        ]
    }

    #[test]
    fn block_and_entry_round_trip() {
        for block in blocks() {
            let bytes = block.write();
            assert_eq!(TermBlock::read(&bytes, 10).as_ref(), Some(&block));
            for location in [
                BlockLocation::Inline(bytes.clone()),
                BlockLocation::Object(Hash([1; 32])),
            ] {
                let entry = TermEntry {
                    doc_freq: block.list.len(),
                    block: location,
                };
                assert_eq!(TermEntry::read(&entry.write()), Some(entry));
            }
        }
    }

    #[test]
    fn word_list_round_trips() {
        let words = ["كتاب", "كتب"];
        let bytes = write_words(words.iter().copied());
        assert_eq!(read_words(&bytes).unwrap(), words);
        assert!(read_words(&bytes[..bytes.len() - 1]).is_none());
    }

    #[test]
    fn malformed_blocks_and_entries_are_rejected() {
        for block in blocks() {
            let bytes = block.write();
            assert_eq!(TermBlock::read(&bytes, 9), None, "item out of range");
            for end in 0..bytes.len() {
                assert_eq!(
                    TermBlock::read(&bytes[..end], 10),
                    None,
                    "truncated to {end} bytes"
                );
            }
        }
        let too_long = [&[0, 1, 3, 4, 3][..], &[7; 32]].concat();
        assert_eq!(
            TermBlock::read(&too_long, 10),
            None,
            "a chunk of three items in a range of two"
        );
        let long = "a".repeat(MAX_WORD_LEN + 1);
        assert!(read_words(&write_words([long.as_str()].into_iter())).is_none());
        assert_eq!(TermEntry::read(&[1, 2, 3]), None);
        assert_eq!(TermEntry::read(&[1, 1, 3]), None, "truncated hash");
    }
}
