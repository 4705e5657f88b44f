//! Orders and years: a number for every item, in chunks, so that a search reads those it needs.

use khizana_format::{Archive, ByteReader, Fetch, KeyRange, ReadError, TreeRef};
#[cfg(feature = "write")]
use khizana_format::{LeafSize, TreeWriter, WriteError, put_varint};

use crate::malformed;

/// Items, or ranks, of a chunk.
pub(crate) const CHUNK: u32 = 16_384;

/// The years of items without a date.
pub(crate) const UNDATED: (i32, i32) = (i32::MAX, i32::MIN);

/// Writes numbers in chunks of [`CHUNK`]: four bytes each, little-endian. The key of a chunk is its
/// place, four bytes, big-endian.
#[cfg(feature = "write")]
pub(crate) fn write(store: crate::Store<'_>, numbers: &[u32]) -> Result<TreeRef, WriteError> {
    let mut tree = TreeWriter::new(store, LeafSize::SMALL);
    for (place, chunk) in (0u32..).zip(numbers.chunks(CHUNK as usize)) {
        // All lowest bytes, then all second ones, and so on: the upper ones hardly differ.
        let bytes = (0..4).flat_map(|at| chunk.iter().map(move |number| number.to_le_bytes()[at]));
        tree.push(&place.to_be_bytes(), bytes.collect())?;
    }
    tree.finish()
}

/// The chunks at `places`, of numbers each below `limit`.
pub(crate) async fn read<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    places: &[u32],
    limit: u32,
) -> Result<Vec<Vec<u32>>, ReadError> {
    let chunks = chunks(archive, tree, places).await?;
    chunks
        .iter()
        .map(|bytes| numbers(bytes, limit))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("an order"))
}

/// The numbers of a chunk; `None` where the bytes are no chunk, or one is `limit` or more.
pub(crate) fn numbers(bytes: &[u8], limit: u32) -> Option<Vec<u32>> {
    let count = bytes.len() / 4;
    let (a, rest) = bytes.split_at_checked(count)?;
    let (b, rest) = rest.split_at_checked(count)?;
    let (c, d) = rest.split_at_checked(count)?;
    let numbers: Vec<u32> = (a.iter().zip(b).zip(c).zip(d))
        .map(|(((a, b), c), d)| u32::from_le_bytes([*a, *b, *c, *d]))
        .collect();
    (d.len() == count && numbers.iter().all(|number| *number < limit)).then_some(numbers)
}

async fn chunks<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    places: &[u32],
) -> Result<Vec<Vec<u8>>, ReadError> {
    let keys: Vec<[u8; 4]> = places.iter().map(|place| place.to_be_bytes()).collect();
    let wanted: Vec<KeyRange<'_>> = keys.iter().map(|key| KeyRange::exact(key)).collect();
    let found = archive.lookup(tree, &wanted).await?;
    found
        .into_iter()
        .map(|entries| entries.into_iter().next().map(|(_, value)| value))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("an order"))
}

/// Writes the years of the items in chunks: runs of the same years, each a length, the first year and
/// how many years more; a length whose lowest bit is set has no years.
#[cfg(feature = "write")]
pub(crate) fn write_years(
    store: crate::Store<'_>,
    years: &[(i32, i32)],
) -> Result<TreeRef, WriteError> {
    let mut tree = TreeWriter::new(store, LeafSize::SMALL);
    if years.iter().all(|years| *years == UNDATED) {
        return tree.finish();
    }
    for (place, chunk) in (0u32..).zip(years.chunks(CHUNK as usize)) {
        let mut out = Vec::new();
        for run in chunk.chunk_by(|a, b| a == b) {
            let Some(&(from, to)) = run.first() else {
                continue;
            };
            let dated = (from, to) != UNDATED;
            put_varint(&mut out, (run.len() as u64) << 1 | u64::from(!dated));
            if dated {
                put_varint(&mut out, zigzag(from));
                put_varint(&mut out, u64::from(to.abs_diff(from)));
            }
        }
        tree.push(&place.to_be_bytes(), out)?;
    }
    tree.finish()
}

#[cfg(feature = "write")]
fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)).cast_unsigned())
}

/// The years of the items of the chunks at `places`.
pub(crate) async fn read_years<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    places: &[u32],
) -> Result<Vec<Vec<(i32, i32)>>, ReadError> {
    let chunks = chunks(archive, tree, places).await?;
    chunks
        .iter()
        .map(|bytes| years(bytes))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("the years"))
}

pub(crate) fn years(bytes: &[u8]) -> Option<Vec<(i32, i32)>> {
    let mut reader = ByteReader::new(bytes);
    let mut out = Vec::new();
    while !reader.is_empty() {
        let head = reader.varint_u32()?;
        let years = if head & 1 == 1 {
            UNDATED
        } else {
            let written = reader.varint_u32()?;
            let from = (written >> 1).cast_signed() ^ -(written & 1).cast_signed();
            let to = from.checked_add_unsigned(reader.varint_u32()?)?;
            (from, to)
        };
        let length = (head >> 1) as usize;
        if length == 0 || out.len() + length > CHUNK as usize {
            return None;
        }
        out.resize(out.len() + length, years);
    }
    Some(out)
}

#[cfg(all(test, feature = "write"))]
mod tests {
    use super::*;

    #[test]
    fn hostile_years_are_refused() {
        assert_eq!(years(&[4, 2, 3, 3]), Some(vec![(1, 4), (1, 4), UNDATED]));
        for bytes in [
            &[4][..],
            &[4, 2],
            &[0, 2, 3],
            &[0xff, 0xff, 0xff, 0xff, 0x0f],
        ] {
            assert_eq!(years(bytes), None, "{bytes:?}");
        }
    }
}
