//! What the tree of terms holds: of a word its postings, of a stem, a sound or a beginning the words.

use khizana_format::{Archive, ByteReader, Fetch, ReadError};
#[cfg(feature = "write")]
use khizana_format::{put_bytes, put_varint};
use khizana_model::Hash;

use crate::malformed;
use crate::postings::Postings;

/// What ends the key of a stem, a sound and a beginning. Words have no such character, and each
/// stands beside the words it leads to, mostly in the same block.
pub(crate) const STEM: char = '\u{1}';
pub(crate) const SOUND: char = '\u{2}';
pub(crate) const BEGINNING: char = '\u{3}';

/// So many results of a word bring what a list shows of them.
#[cfg(feature = "write")]
pub(crate) const LEAD: usize = 12;

/// A block of at most so many bytes lies in the entry itself.
#[cfg(feature = "write")]
pub(crate) const HERE: usize = 8 << 10;
/// A list of postings of more bytes is cut in chunks of about so many.
#[cfg(feature = "write")]
pub(crate) const CHUNK: usize = 128 << 10;

/// The words of a stem, a sound or a beginning.
#[cfg(feature = "write")]
pub(crate) fn write_words<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, words.len() as u64);
    for word in words {
        put_bytes(&mut out, word.as_bytes());
    }
    out
}

/// The longest word of a list, in bytes. What is compared with it takes time by its length; words of
/// a text are shorter.
pub(crate) const LONGEST: usize = 512;

/// `None` where the bytes do not follow the format.
pub(crate) fn read_words(bytes: &[u8]) -> Option<Vec<String>> {
    let mut reader = ByteReader::new(bytes);
    let mut words = Vec::new();
    for _ in 0..reader.count()? {
        let word = reader.bytes()?;
        if word.len() > LONGEST {
            return None;
        }
        words.push(std::str::from_utf8(word).ok()?.to_owned());
    }
    reader.is_empty().then_some(words)
}

/// A word's entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// In how many items the word occurs.
    pub(crate) found: u32,
    pub(crate) block: Place,
}

/// Where a block lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Here(Vec<u8>),
    Object(Hash),
}

impl Entry {
    /// How many items; 0 and the block, or 1 and the hash of its object.
    #[cfg(feature = "write")]
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, u64::from(self.found));
        match &self.block {
            Place::Here(block) => {
                out.push(0);
                out.extend(block);
            }
            Place::Object(hash) => {
                out.push(1);
                out.extend(hash.0);
            }
        }
        out
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Entry> {
        let mut reader = ByteReader::new(bytes);
        let found = reader.varint_u32()?;
        let kind = reader.byte()?;
        let rest = reader.take(reader.remaining())?;
        let block = match kind {
            0 => Place::Here(rest.to_vec()),
            1 => Place::Object(Hash(rest.try_into().ok()?)),
            _ => return None,
        };
        Some(Entry { found, block })
    }

    /// The block, fetched where it lies elsewhere.
    pub(crate) async fn block<F: Fetch>(&self, archive: &Archive<F>) -> Result<Block, ReadError> {
        let items = archive.root().items;
        let block = match &self.block {
            Place::Here(bytes) => Block::read(bytes, items),
            Place::Object(hash) => Block::read(&archive.object(hash).await?, items),
        };
        block
            .filter(|block| block.list.found() == self.found)
            .ok_or_else(|| malformed("the entry of a word"))
    }
}

/// The postings of a word, and what a list shows of its first results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Items and their [`khizana_format::RecordSummary`] as JSON.
    pub(crate) lead: Vec<(u32, Vec<u8>)>,
    pub(crate) list: List,
}

/// A list of postings, or the chunks it is cut in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum List {
    Whole(Postings),
    Chunks(Vec<Chunk>),
}

/// A part of a list: the items from `first` to `last`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) found: u32,
    pub(crate) object: Hash,
}

impl List {
    fn found(&self) -> u32 {
        match self {
            List::Whole(postings) => postings.len() as u32,
            List::Chunks(chunks) => chunks
                .iter()
                .fold(0, |sum, chunk| sum.saturating_add(chunk.found)),
        }
    }
}

impl Block {
    /// How many first results; each an item and its brief; how many chunks; where there are none, the
    /// postings; otherwise of each chunk its first and last item, its count and its object.
    #[cfg(feature = "write")]
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, self.lead.len() as u64);
        for (item, brief) in &self.lead {
            put_varint(&mut out, u64::from(*item));
            put_bytes(&mut out, brief);
        }
        match &self.list {
            List::Whole(postings) => {
                put_varint(&mut out, 0);
                postings.write(&mut out);
            }
            List::Chunks(chunks) => {
                put_varint(&mut out, chunks.len() as u64);
                for chunk in chunks {
                    put_varint(&mut out, u64::from(chunk.first));
                    put_varint(&mut out, u64::from(chunk.last));
                    put_varint(&mut out, u64::from(chunk.found));
                    out.extend(chunk.object.0);
                }
            }
        }
        out
    }

    pub(crate) fn read(bytes: &[u8], items: u32) -> Option<Block> {
        let mut reader = ByteReader::new(bytes);
        let mut lead = Vec::new();
        for _ in 0..reader.count()? {
            let item = reader.varint_u32().filter(|item| *item < items)?;
            lead.push((item, reader.bytes()?.to_vec()));
        }
        let count = reader.count()?;
        if count == 0 {
            let postings = Postings::read(reader.take(reader.remaining())?, items)?;
            let list = List::Whole(postings);
            return Some(Block { lead, list });
        }
        let mut chunks = Vec::with_capacity(count);
        let mut next = 0;
        for _ in 0..count {
            let first = reader.varint_u32().filter(|first| *first >= next)?;
            let last = reader
                .varint_u32()
                .filter(|last| (first..items).contains(last))?;
            let found = reader
                .varint_u32()
                .filter(|found| (1..=last - first + 1).contains(found))?;
            next = last + 1;
            let object = Hash(reader.take(32)?.try_into().ok()?);
            chunks.push(Chunk {
                first,
                last,
                found,
                object,
            });
        }
        let list = List::Chunks(chunks);
        reader.is_empty().then_some(Block { lead, list })
    }
}

impl Chunk {
    pub(crate) async fn postings<F: Fetch>(
        &self,
        archive: &Archive<F>,
    ) -> Result<Postings, ReadError> {
        let bytes = archive.object(&self.object).await?;
        Postings::read(&bytes, archive.root().items)
            .filter(|postings| {
                postings.len() as u32 == self.found
                    && postings.items.first() == Some(&self.first)
                    && postings.items.last() == Some(&self.last)
            })
            .ok_or_else(|| malformed("a chunk of postings"))
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn blocks() -> [Block; 2] {
        let lead = vec![(3, b"{}".to_vec())];
        let chunk = |first, last| Chunk {
            first,
            last,
            found: 2,
            object: Hash([7; 32]),
        };
        [
            Block {
                lead: lead.clone(),
                list: List::Whole(Postings {
                    items: vec![3, 9],
                    levels: vec![1, 2],
                }),
            },
            Block {
                lead,
                list: List::Chunks(vec![chunk(0, 4), chunk(5, 9)]),
            },
        ]
    }

    #[test]
    fn entries_come_back() {
        for block in blocks() {
            let bytes = block.write();
            assert_eq!(Block::read(&bytes, 10).as_ref(), Some(&block));
            for place in [Place::Here(bytes.clone()), Place::Object(Hash([1; 32]))] {
                let entry = Entry {
                    found: block.list.found(),
                    block: place,
                };
                assert_eq!(Entry::read(&entry.write()), Some(entry));
            }
        }
        let words = ["كتاب", "كتب"];
        let bytes = write_words(words.iter().copied());
        assert_eq!(read_words(&bytes).unwrap(), words);
        assert!(read_words(&bytes[..bytes.len() - 1]).is_none());
    }

    #[test]
    fn hostile_blocks_are_refused() {
        for block in blocks() {
            let bytes = block.write();
            assert_eq!(Block::read(&bytes, 9), None, "an item that does not exist");
            for end in 0..bytes.len() {
                assert_eq!(Block::read(&bytes[..end], 10), None, "cut at {end}");
            }
        }
        let too_many = [&[0, 1, 3, 4, 3][..], &[7; 32]].concat();
        assert_eq!(Block::read(&too_many, 10), None, "three items of two");
        let long = "a".repeat(LONGEST + 1);
        assert!(read_words(&write_words([long.as_str()].into_iter())).is_none());
        assert_eq!(Entry::read(&[1, 2, 3]), None);
        assert_eq!(Entry::read(&[1, 1, 3]), None, "half a hash");
    }
}
