//! Postings: the items that contain a term, each with the level of the term.

use khizana_format::ByteReader;
#[cfg(feature = "write")]
use khizana_format::put_varint;

use crate::score::is_level;

/// A list of postings, or a chunk of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Postings {
    /// Item numbers in ascending order.
    pub(crate) items: Vec<u32>,
    /// The level of the term in each item, see [`is_level`].
    pub(crate) levels: Vec<u8>,
}

// Encodings of the item numbers. The writer selects the shortest one.
const DELTAS: u8 = 0;
const BITMAP: u8 = 1;
const RUNS: u8 = 2;

// Encodings of the levels.
const CONSTANT_LEVEL: u8 = 0;
const PLAIN_LEVELS: u8 = 1;
const LEVEL_RUNS: u8 = 2;

impl Postings {
    /// Returns the number of items.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns the items and their levels.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        self.items.iter().copied().zip(self.levels.iter().copied())
    }

    /// Writes the number of items, the encoding of the item numbers, the item numbers, the encoding
    /// of the levels, and the levels.
    #[cfg(feature = "write")]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, self.items.len() as u64);
        let (mut encoding, mut encoded) = (DELTAS, encode_deltas(&self.items));
        for (other, bytes) in [
            (BITMAP, encode_bitmap(&self.items)),
            (RUNS, encode_runs(&self.items)),
        ] {
            if bytes.len() < encoded.len() {
                (encoding, encoded) = (other, bytes);
            }
        }
        out.push(encoding);
        out.extend(encoded);

        let runs = encode_level_runs(&self.levels);
        match self.levels.first() {
            Some(first) if self.levels.iter().all(|level| level == first) => {
                out.extend([CONSTANT_LEVEL, *first]);
            }
            _ if runs.len() < self.levels.len() => {
                out.push(LEVEL_RUNS);
                out.extend(runs);
            }
            _ => {
                out.push(PLAIN_LEVELS);
                out.extend(&self.levels);
            }
        }
    }

    /// Reads the postings of an archive with `items` items. Returns `None` if the bytes do not
    /// follow the format.
    pub(crate) fn read(bytes: &[u8], items: u32) -> Option<Postings> {
        let mut reader = ByteReader::new(bytes);
        let count = reader.varint_u32().filter(|count| *count <= items)? as usize;
        let items = match reader.byte()? {
            DELTAS => decode_deltas(&mut reader, count, items),
            BITMAP => decode_bitmap(&mut reader, count, items),
            RUNS => decode_runs(&mut reader, count, items),
            _ => None,
        }?;
        let levels = match reader.byte()? {
            CONSTANT_LEVEL => vec![reader.byte()?; count],
            PLAIN_LEVELS => reader.take(count)?.to_vec(),
            LEVEL_RUNS => decode_level_runs(&mut reader, count)?,
            _ => return None,
        };
        let are_valid = levels.iter().all(|level| is_level(*level));
        (are_valid && reader.is_empty()).then_some(Postings { items, levels })
    }
}

/// Encodes the first item, and each further item as its difference from the previous one, minus
/// one.
#[cfg(feature = "write")]
fn encode_deltas(items: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(items.len());
    let mut next = 0;
    for item in items {
        put_varint(&mut out, u64::from(item - next));
        next = item + 1;
    }
    out
}

fn decode_deltas(reader: &mut ByteReader<'_>, count: usize, items: u32) -> Option<Vec<u32>> {
    // Each delta takes at least one byte.
    let mut out = Vec::with_capacity(count.min(reader.remaining()));
    let mut next = 0u32;
    for _ in 0..count {
        let item = next.checked_add(reader.varint_u32()?)?;
        if item >= items {
            return None;
        }
        out.push(item);
        next = item + 1;
    }
    Some(out)
}

/// Encodes the first item, followed by a bitmap of the items that starts at the first item. The
/// least significant bit of each byte comes first.
#[cfg(feature = "write")]
fn encode_bitmap(items: &[u32]) -> Vec<u8> {
    let (Some(first), Some(last)) = (items.first(), items.last()) else {
        return Vec::new();
    };
    let mut bytes = vec![0u8; ((last - first) / 8 + 1) as usize];
    for item in items {
        let bit = item - first;
        if let Some(byte) = bytes.get_mut((bit / 8) as usize) {
            *byte |= 1 << (bit % 8);
        }
    }
    let mut out = Vec::with_capacity(bytes.len() + 6);
    put_varint(&mut out, u64::from(*first));
    put_varint(&mut out, bytes.len() as u64);
    out.extend(bytes);
    out
}

fn decode_bitmap(reader: &mut ByteReader<'_>, count: usize, items: u32) -> Option<Vec<u32>> {
    if count == 0 {
        return None;
    }
    let first = reader.varint_u32()?;
    let mut out = Vec::with_capacity(count);
    for (index, byte) in (0u32..).zip(reader.bytes()?) {
        let mut bits = *byte;
        while bits != 0 {
            let item = first
                .checked_add(index * 8)?
                .checked_add(bits.trailing_zeros())?;
            if item >= items || out.len() == count {
                return None;
            }
            out.push(item);
            bits &= bits - 1;
        }
    }
    (out.len() == count).then_some(out)
}

/// Encodes runs of consecutive items. Each run is written as the gap after the previous run and its
/// length minus one.
#[cfg(feature = "write")]
fn encode_runs(items: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut next = 0;
    for run in items.chunk_by(|a, b| a + 1 == *b) {
        if let Some(first) = run.first() {
            put_varint(&mut out, u64::from(first - next));
            put_varint(&mut out, run.len() as u64 - 1);
            next = first + run.len() as u32;
        }
    }
    out
}

fn decode_runs(reader: &mut ByteReader<'_>, count: usize, items: u32) -> Option<Vec<u32>> {
    let mut out = Vec::with_capacity(count);
    let mut next = 0u32;
    while out.len() < count {
        let first = next.checked_add(reader.varint_u32()?)?;
        let end = first
            .checked_add(reader.varint_u32()?)?
            .checked_add(1)
            .filter(|end| *end <= items)?;
        if (end - first) as usize > count - out.len() {
            return None;
        }
        out.extend(first..end);
        next = end;
    }
    Some(out)
}

/// Encodes runs of equal levels. Each run is written as the level and its length.
#[cfg(feature = "write")]
fn encode_level_runs(levels: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for run in levels.chunk_by(|a, b| a == b) {
        out.extend(run.first());
        put_varint(&mut out, run.len() as u64);
    }
    out
}

fn decode_level_runs(reader: &mut ByteReader<'_>, count: usize) -> Option<Vec<u8>> {
    let mut levels = Vec::with_capacity(count);
    while levels.len() < count {
        let level = reader.byte()?;
        let run = reader.varint_u32()? as usize;
        if run == 0 || run > count - levels.len() {
            return None;
        }
        levels.resize(levels.len() + run, level);
    }
    Some(levels)
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn encode(postings: &Postings) -> Vec<u8> {
        let mut out = Vec::new();
        postings.write(&mut out);
        out
    }

    fn postings(items: Vec<u32>, level: impl Fn(u32) -> u8) -> Postings {
        let levels = items.iter().map(|item| level(*item)).collect();
        Postings { items, levels }
    }

    fn examples() -> Vec<(&'static str, Postings)> {
        vec![
            ("empty", Postings::default()),
            ("one item", postings(vec![7], |_| 31)),
            (
                "sparse",
                postings(vec![0, 5, 100_000], |item| (item % 30) as u8 + 1),
            ),
            (
                "dense",
                postings((0..5_000).filter(|i| i % 3 != 0).collect(), |i| {
                    (i % 2) as u8 + 1
                }),
            ),
            (
                "runs",
                postings((10..900).chain(2_000..2_100).collect(), |i| {
                    (i / 500) as u8 + 1
                }),
            ),
        ]
    }

    #[test]
    fn postings_round_trip() {
        for (name, postings) in examples() {
            let bytes = encode(&postings);
            assert_eq!(
                Postings::read(&bytes, 100_001).as_ref(),
                Some(&postings),
                "{name}"
            );
        }
    }

    #[test]
    fn examples_cover_all_encodings() {
        let encodings: Vec<u8> = examples()
            .iter()
            .map(|(_, postings)| {
                let bytes = encode(postings);
                let mut reader = ByteReader::new(&bytes);
                reader.varint().unwrap();
                reader.byte().unwrap()
            })
            .collect();
        assert!(
            [DELTAS, BITMAP, RUNS]
                .iter()
                .all(|encoding| encodings.contains(encoding)),
            "{encodings:?}"
        );
    }

    #[test]
    fn malformed_postings_are_rejected() {
        for (name, postings) in examples() {
            let bytes = encode(&postings);
            for end in 0..bytes.len().min(400) {
                assert_eq!(
                    Postings::read(&bytes[..end], 100_001),
                    None,
                    "{name}, truncated to {end} bytes"
                );
            }
            if let Some(last) = postings.items.last() {
                assert_eq!(
                    Postings::read(&bytes, *last),
                    None,
                    "{name}: item out of range"
                );
            }
        }
        for (defect, bytes) in [
            (
                "count exceeds the items of the archive",
                vec![0xff, 0xff, 0xff, 0xff, 0x0f, DELTAS],
            ),
            ("level 0", vec![1, DELTAS, 3, CONSTANT_LEVEL, 0]),
            ("level 0 in a title", vec![1, DELTAS, 3, CONSTANT_LEVEL, 32]),
            ("level too high", vec![1, DELTAS, 3, CONSTANT_LEVEL, 64]),
            ("unknown encoding", vec![1, 9, 3, CONSTANT_LEVEL, 1]),
            (
                "run past the last item",
                vec![2, RUNS, 9, 1, CONSTANT_LEVEL, 1],
            ),
            (
                "more bits than items",
                vec![1, BITMAP, 0, 1, 3, CONSTANT_LEVEL, 1],
            ),
            ("trailing bytes", vec![1, DELTAS, 3, CONSTANT_LEVEL, 1, 0]),
        ] {
            assert_eq!(Postings::read(&bytes, 10), None, "{defect}");
        }
    }
}
