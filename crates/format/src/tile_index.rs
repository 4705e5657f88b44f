//! The index of a tile pack: the lengths and digests of its tiles.

use khizana_model::Hash;

use crate::encoding::ByteReader;
#[cfg(feature = "write")]
use crate::encoding::put_varint;
use crate::object::hash_of;
use crate::tile_pack::{PyramidLevel, pyramid_levels};

/// The first bytes of a pack.
const MAGIC: &[u8; 4] = b"KHZ1";

/// Length of the digest of a tile, in bytes.
const DIGEST_LEN: usize = 16;

/// The position and the digest of a tile in a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Offset of the tile in the pack, in bytes.
    pub offset: u64,
    /// Length of the tile in bytes.
    pub len: u32,
    digest: [u8; DIGEST_LEN],
}

impl Tile {
    /// Returns `true` if the length and digest of `bytes` are those of the tile.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.len as usize && truncated_digest(bytes) == self.digest
    }
}

/// Returns the first half of the SHA-256 of `bytes`.
///
/// 128 bits resist second-preimage attacks, so an attacker cannot replace a published tile. Only
/// the publisher could produce a collision, because this requires control over both tiles.
fn truncated_digest(bytes: &[u8]) -> [u8; DIGEST_LEN] {
    let Hash(sha256) = hash_of(bytes);
    let mut digest = [0; DIGEST_LEN];
    digest.copy_from_slice(&sha256[..DIGEST_LEN]);
    digest
}

/// The first part of the index of a tile pack. It suffices to locate the tiles, but not to verify
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileLengths {
    /// Width of the image in pixels.
    pub width: u32,
    /// Height of the image in pixels.
    pub height: u32,
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// The levels of the pyramid, the full image first.
    pub levels: Vec<PyramidLevel>,
    /// Lengths of the tiles in bytes, in the order of the tiles in the pack.
    pub lengths: Vec<u32>,
}

impl TileLengths {
    /// Reads the lengths from the start of a pack. `bytes` may end anywhere after the last length.
    ///
    /// Returns `None` if the bytes do not follow the format or end too early.
    pub fn read(bytes: &[u8]) -> Option<TileLengths> {
        TileLengths::read_from(&mut ByteReader::new(bytes))
    }

    fn read_from(reader: &mut ByteReader<'_>) -> Option<TileLengths> {
        if reader.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let (width, height) = (reader.varint_u32()?, reader.varint_u32()?);
        let (tile, count) = (reader.varint_u32()?, reader.varint_u32()?);
        let levels = pyramid_levels(width, height, tile, count)?;
        let full_image = levels.first()?;
        let tiles =
            full_image.first_tile as usize + full_image.columns as usize * full_image.rows as usize;
        // Each length takes at least one byte. This limits the memory allocated below.
        if reader.remaining() < tiles {
            return None;
        }
        let mut lengths = Vec::with_capacity(tiles);
        for _ in 0..tiles {
            lengths.push(reader.varint_u32().filter(|len| *len > 0)?);
        }
        Some(TileLengths {
            width,
            height,
            tile,
            levels,
            lengths,
        })
    }

    /// Returns the offset and the length of a tile in the pack, both in bytes, or `None` if there
    /// is no such tile. `index_len` is the length of the complete index in bytes.
    pub fn byte_range(
        &self,
        level: usize,
        column: u32,
        row: u32,
        index_len: u32,
    ) -> Option<(u64, u32)> {
        let tile = self.levels.get(level)?.tile_index(column, row)?;
        let before = self.lengths.get(..tile)?.iter();
        let offset = before.map(|len| u64::from(*len)).sum::<u64>();
        Some((u64::from(index_len) + offset, *self.lengths.get(tile)?))
    }
}

/// The index of a tile pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileIndex {
    /// Width of the image in pixels.
    pub width: u32,
    /// Height of the image in pixels.
    pub height: u32,
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// The levels of the pyramid, the full image first.
    pub levels: Vec<PyramidLevel>,
    /// The tiles, in their order in the pack.
    pub tiles: Vec<Tile>,
    /// Length of the index in bytes.
    pub len: u32,
}

impl TileIndex {
    /// Reads the index from the start of a pack. `bytes` may end anywhere after the index.
    ///
    /// Returns `None` if the bytes do not follow the format or end too early.
    pub fn read(bytes: &[u8]) -> Option<TileIndex> {
        let mut reader = ByteReader::new(bytes);
        let head = TileLengths::read_from(&mut reader)?;
        let len = bytes.len() - reader.remaining() + DIGEST_LEN * head.lengths.len();
        let mut offset = len as u64;
        let mut tiles = Vec::with_capacity(head.lengths.len());
        for tile_len in head.lengths {
            tiles.push(Tile {
                offset,
                len: tile_len,
                digest: reader.take(DIGEST_LEN)?.try_into().ok()?,
            });
            offset += u64::from(tile_len);
        }
        Some(TileIndex {
            width: head.width,
            height: head.height,
            tile: head.tile,
            levels: head.levels,
            tiles,
            len: u32::try_from(len).ok()?,
        })
    }

    /// Returns the tile in the given column and row of a level, or `None` if there is no such tile.
    pub fn tile(&self, level: usize, column: u32, row: u32) -> Option<&Tile> {
        self.tiles
            .get(self.levels.get(level)?.tile_index(column, row)?)
    }

    /// Returns the length of the pack in bytes, which includes the index and all tiles.
    pub fn pack_len(&self) -> u64 {
        let last = self.tiles.last();
        last.map_or(u64::from(self.len), |tile| {
            tile.offset + u64::from(tile.len)
        })
    }
}

/// Writes the index of a tile pack. `tiles` contains the [`tile_entry`] of every tile, in the order
/// of [`pyramid_levels`].
#[cfg(feature = "write")]
pub fn write_tile_index(
    (width, height): (u32, u32),
    tile: u32,
    levels: u32,
    tiles: &[(u32, [u8; DIGEST_LEN])],
) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for number in [width, height, tile, levels] {
        put_varint(&mut out, u64::from(number));
    }
    for (len, _) in tiles {
        put_varint(&mut out, u64::from(*len));
    }
    for (_, digest) in tiles {
        out.extend(digest);
    }
    out
}

/// Returns the length of a tile and the first 16 bytes of its SHA-256, as required by
/// [`write_tile_index`]. Returns `None` if the length does not fit into 32 bits.
#[cfg(feature = "write")]
pub fn tile_entry(bytes: &[u8]) -> Option<(u32, [u8; DIGEST_LEN])> {
    Some((u32::try_from(bytes.len()).ok()?, truncated_digest(bytes)))
}

/// Reads arbitrary bytes as an index and checks the invariants of the result: the tiles are
/// contiguous, and every tile belongs to a level.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_invariants(bytes: &[u8]) {
    let head = TileLengths::read(bytes);
    let Some(index) = TileIndex::read(bytes) else {
        return;
    };
    assert!(head.is_some_and(|head| {
        let lengths = index.tiles.iter().map(|tile| tile.len);
        lengths.eq(head.lengths)
    }));
    assert!(index.len as usize <= bytes.len());
    assert!(index.tiles.len() <= crate::tile_pack::MAX_TILES);
    let mut next = u64::from(index.len);
    for tile in &index.tiles {
        assert!(tile.offset == next && tile.len > 0);
        next += u64::from(tile.len);
    }
    assert_eq!(index.pack_len(), next);
    for (number, level) in index.levels.iter().enumerate() {
        assert!(index.tile(number, 0, 0).is_some());
        assert!(
            index
                .tile(number, level.columns - 1, level.rows - 1)
                .is_some()
        );
        assert!(index.tile(number, level.columns, 0).is_none());
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns a pack with three levels, and its tiles.
    fn pack() -> (Vec<u8>, Vec<Vec<u8>>) {
        let tiles: Vec<Vec<u8>> = (1..=9u8).map(|n| vec![n; 30 * usize::from(n)]).collect();
        let entries: Vec<_> = tiles.iter().map(|tile| tile_entry(tile).unwrap()).collect();
        let mut pack = write_tile_index((1_025, 600), 512, 3, &entries);
        pack.extend(tiles.concat());
        (pack, tiles)
    }

    #[test]
    fn tiles_are_located_and_verified() {
        let (pack, tiles) = pack();
        let index = TileIndex::read(&pack).unwrap();
        assert_eq!(index.pack_len(), pack.len() as u64);
        for (number, (level, column, row)) in [
            (2, 0, 0),
            (1, 0, 0),
            (1, 1, 0),
            (0, 0, 0),
            (0, 1, 0),
            (0, 2, 0),
            (0, 0, 1),
            (0, 1, 1),
            (0, 2, 1),
        ]
        .into_iter()
        .enumerate()
        {
            let tile = *index.tile(level, column, row).unwrap();
            let start = tile.offset as usize;
            let bytes = pack[start..start + tile.len as usize].to_vec();
            assert_eq!(bytes, tiles[number]);
            assert!(tile.matches(&bytes));
            assert!(!tile.matches(&bytes[1..]));
            let mut corrupted = bytes;
            corrupted[7] ^= 1;
            assert!(!tile.matches(&corrupted), "one bit differs");
        }
        assert!(index.tile(1, 2, 0).is_none() && index.tile(3, 0, 0).is_none());
    }

    #[test]
    fn tiles_are_located_before_the_digests_have_arrived() {
        let (pack, tiles) = pack();
        let index = TileIndex::read(&pack).unwrap();
        let lengths_end = index.len as usize - DIGEST_LEN * tiles.len();
        for end in 0..lengths_end {
            assert_eq!(
                TileLengths::read(&pack[..end]),
                None,
                "truncated to {end} bytes"
            );
        }
        let head = TileLengths::read(&pack[..lengths_end]).unwrap();
        assert_eq!(TileLengths::read(&pack).as_ref(), Some(&head));
        for (level, column, row) in [(2, 0, 0), (1, 1, 0), (0, 2, 1), (0, 0, 1)] {
            let tile = index.tile(level, column, row).unwrap();
            assert_eq!(
                head.byte_range(level, column, row, index.len),
                Some((tile.offset, tile.len))
            );
        }
        assert_eq!(head.byte_range(1, 2, 0, index.len), None);
        assert_eq!(head.byte_range(3, 0, 0, index.len), None);
    }

    #[test]
    fn malformed_index_is_rejected() {
        let (pack, _) = pack();
        let len = TileIndex::read(&pack).unwrap().len as usize;
        for end in 0..len {
            assert_eq!(
                TileIndex::read(&pack[..end]),
                None,
                "truncated to {end} bytes"
            );
        }
        assert!(TileIndex::read(&pack[..len]).is_some());
        let mut wrong_magic = pack.clone();
        wrong_magic[0] = b'k';
        assert_eq!(TileIndex::read(&wrong_magic), None);
        let empty_tile = write_tile_index((9, 9), 512, 1, &[(0, [0; DIGEST_LEN])]);
        assert_eq!(TileIndex::read(&empty_tile), None, "a tile without bytes");
        check_invariants(&pack);
    }
}
