//! Orders: the rank of every item when all are sorted by a key.

/// The rank of items that do not have the key; they come last in either direction.
pub(crate) const WITHOUT: u32 = u32::MAX;

/// Four bytes an item, little-endian.
#[cfg(feature = "write")]
pub(crate) fn write(ranks: &[u32]) -> Vec<u8> {
    ranks.iter().flat_map(|rank| rank.to_le_bytes()).collect()
}

/// `None` where the bytes are not of an archive of `items`.
pub(crate) fn read(bytes: &[u8], items: u32) -> Option<Vec<u32>> {
    let (ranks, rest) = bytes.as_chunks::<4>();
    (rest.is_empty() && ranks.len() == usize::try_from(items).ok()?)
        .then(|| ranks.iter().map(|rank| u32::from_le_bytes(*rank)).collect())
}
