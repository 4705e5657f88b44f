//! Values that are stored for every item, in chunks: sort orders and years.
//!
//! This corresponds to the doc values of Lucene. A search fetches only the chunks that contain its
//! matching items.

use khizana_format::{Archive, ByteReader, Fetch, KeyRange, ReadError, TreeRef};
#[cfg(feature = "write")]
use khizana_format::{LeafSize, TreeWriter, WriteError, put_varint};

use crate::malformed;

/// Number of items or ranks per chunk.
pub(crate) const CHUNK_LEN: u32 = 16_384;

/// The first and last year of an item without a date.
pub(crate) const UNDATED: (i32, i32) = (i32::MAX, i32::MIN);

/// Writes numbers in chunks of [`CHUNK_LEN`]. The key of a chunk is its index (four bytes,
/// big-endian).
#[cfg(feature = "write")]
pub(crate) fn write_numbers(
    store: crate::Store<'_>,
    numbers: &[u32],
) -> Result<TreeRef, WriteError> {
    let mut tree = TreeWriter::new(store, LeafSize::SMALL);
    for (index, chunk) in (0u32..).zip(numbers.chunks(CHUNK_LEN as usize)) {
        // The least significant bytes of all numbers come first, then the second ones, and so on.
        // The more significant bytes rarely change, so this order compresses better.
        let bytes =
            (0..4).flat_map(|byte| chunk.iter().map(move |number| number.to_le_bytes()[byte]));
        tree.push(&index.to_be_bytes(), bytes.collect())?;
    }
    tree.finish()
}

/// Fetches the chunks with the given indexes. All numbers must be less than `limit`.
pub(crate) async fn fetch_numbers<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    chunks: &[u32],
    limit: u32,
) -> Result<Vec<Vec<u32>>, ReadError> {
    fetch_chunks(archive, tree, chunks)
        .await?
        .iter()
        .map(|bytes| read_numbers(bytes, limit))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("sort order"))
}

/// Reads the numbers of a chunk. Returns `None` if the bytes do not follow the format, or if a
/// number is not less than `limit`.
pub(crate) fn read_numbers(bytes: &[u8], limit: u32) -> Option<Vec<u32>> {
    let count = bytes.len() / 4;
    let (a, rest) = bytes.split_at_checked(count)?;
    let (b, rest) = rest.split_at_checked(count)?;
    let (c, d) = rest.split_at_checked(count)?;
    let numbers: Vec<u32> = (a.iter().zip(b).zip(c).zip(d))
        .map(|(((a, b), c), d)| u32::from_le_bytes([*a, *b, *c, *d]))
        .collect();
    (d.len() == count && numbers.iter().all(|number| *number < limit)).then_some(numbers)
}

async fn fetch_chunks<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    chunks: &[u32],
) -> Result<Vec<Vec<u8>>, ReadError> {
    let keys: Vec<[u8; 4]> = chunks.iter().map(|index| index.to_be_bytes()).collect();
    let ranges: Vec<KeyRange<'_>> = keys.iter().map(|key| KeyRange::exact(key)).collect();
    let results = archive.lookup(tree, &ranges).await?;
    results
        .into_iter()
        .map(|entries| entries.into_iter().next().map(|(_, value)| value))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("sort order"))
}

/// Writes the first and last year of each item in chunks of [`CHUNK_LEN`].
///
/// A chunk consists of runs of items with the same years. A run starts with twice its length, plus
/// 1 if the items are undated. If they are dated, the first year (zigzag varint) and the number of
/// further years follow.
#[cfg(feature = "write")]
pub(crate) fn write_years(
    store: crate::Store<'_>,
    years: &[(i32, i32)],
) -> Result<TreeRef, WriteError> {
    let mut tree = TreeWriter::new(store, LeafSize::SMALL);
    if years.iter().all(|years| *years == UNDATED) {
        return tree.finish();
    }
    for (index, chunk) in (0u32..).zip(years.chunks(CHUNK_LEN as usize)) {
        let mut out = Vec::new();
        for run in chunk.chunk_by(|a, b| a == b) {
            let Some(&(first, last)) = run.first() else {
                continue;
            };
            let is_undated = (first, last) == UNDATED;
            put_varint(&mut out, (run.len() as u64) << 1 | u64::from(is_undated));
            if !is_undated {
                put_varint(&mut out, zigzag(first));
                put_varint(&mut out, u64::from(last.abs_diff(first)));
            }
        }
        tree.push(&index.to_be_bytes(), out)?;
    }
    tree.finish()
}

#[cfg(feature = "write")]
fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)).cast_unsigned())
}

/// Fetches the years of the items in the chunks with the given indexes.
pub(crate) async fn fetch_years<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    chunks: &[u32],
) -> Result<Vec<Vec<(i32, i32)>>, ReadError> {
    fetch_chunks(archive, tree, chunks)
        .await?
        .iter()
        .map(|bytes| read_years(bytes))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("years of items"))
}

/// Reads the years of a chunk. Returns `None` if the bytes do not follow the format.
pub(crate) fn read_years(bytes: &[u8]) -> Option<Vec<(i32, i32)>> {
    let mut reader = ByteReader::new(bytes);
    let mut out = Vec::new();
    while !reader.is_empty() {
        let head = reader.varint_u32()?;
        let years = if head & 1 == 1 {
            UNDATED
        } else {
            let zigzag = reader.varint_u32()?;
            let first = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
            let last = first.checked_add_unsigned(reader.varint_u32()?)?;
            (first, last)
        };
        let len = (head >> 1) as usize;
        if len == 0 || out.len() + len > CHUNK_LEN as usize {
            return None;
        }
        out.resize(out.len() + len, years);
    }
    Some(out)
}

#[cfg(all(test, feature = "write"))]
mod tests {
    use super::*;

    #[test]
    fn malformed_years_are_rejected() {
        assert_eq!(
            read_years(&[4, 2, 3, 3]),
            Some(vec![(1, 4), (1, 4), UNDATED])
        );
        for bytes in [
            &[4][..],
            &[4, 2],
            &[0, 2, 3],
            &[0xff, 0xff, 0xff, 0xff, 0x0f],
        ] {
            assert_eq!(read_years(bytes), None, "{bytes:?}");
        }
    }
}
