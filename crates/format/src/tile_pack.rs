//! Tile packs: the pyramid of a large image in one file, of which a reader fetches ranges.
//!
//! A pack is an index and then the tiles. The record of the image has the hash of the index, the index
//! has the hash of each tile: so every tile can be checked, whichever range it came in.
//!
//! Level 0 is the image itself; in each further level it is half as wide and half as high, rounded up,
//! as with the scale factors 1, 2, 4 … of the IIIF Image API. There is no level that a derivative of
//! the image shows as well.

use khizana_model::Hash;
use serde::Serialize;

use crate::bytes::Reader;
#[cfg(feature = "write")]
use crate::bytes::put_varint;
use crate::object::hash_of;

/// What a pack begins with.
const MAGIC: &[u8; 4] = b"KHZ1";

/// The longest side of a tile that a reader takes, in pixels.
const MOST_TILE: u32 = 4_096;

/// The most tiles of a pack: an image of 65,535 pixels each way in tiles of 128, with all its levels,
/// has fewer.
pub const MOST_TILES: usize = 1 << 19;

/// What a record says of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TilePack {
    /// Width and height of a tile in pixels; those at the right and lower edge are smaller.
    pub tile: u32,
    /// How many levels there are.
    pub levels: u32,
    /// Length of the index in bytes; it is what the file begins with.
    pub index: u32,
    /// SHA-256 of the index.
    pub sha256: Hash,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Where the host has no ranges: the file is cut in parts of so many bytes.
    #[serde(skip_serializing_if = "is_zero")]
    pub part: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

khizana_json::json_object!(TilePack {
    tile,
    levels,
    index,
    sha256,
    bytes,
    part: optional
});

/// One level of a pyramid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How many tiles stand side by side.
    pub columns: u32,
    /// How many stand one below the other.
    pub rows: u32,
    /// The place of its first tile among all tiles of the pack.
    pub first: u32,
}

impl Level {
    /// The place of a tile among all tiles of the pack; `None` where there is none.
    fn place(&self, column: u32, row: u32) -> Option<usize> {
        let is_there = column < self.columns && row < self.rows;
        is_there.then_some((self.first + row * self.columns + column) as usize)
    }
}

/// The levels of an image, the whole image first. The tiles of a pack stand in the order of their
/// levels, **smallest level first**, in a level row by row.
///
/// `None` where an image, a tile or a level would be empty, and where there are more than
/// [`MOST_TILES`].
pub fn levels(width: u32, height: u32, tile: u32, count: u32) -> Option<Vec<Level>> {
    if width == 0 || height == 0 || !(1..=MOST_TILE).contains(&tile) || !(1..=31).contains(&count) {
        return None;
    }
    let mut levels: Vec<Level> = (0..count)
        .map(|level| {
            let side = |length: u32| length.div_ceil(1 << level);
            Level {
                width: side(width),
                height: side(height),
                columns: side(width).div_ceil(tile),
                rows: side(height).div_ceil(tile),
                first: 0,
            }
        })
        .collect();
    let mut first = 0usize;
    for level in levels.iter_mut().rev() {
        level.first = u32::try_from(first).ok()?;
        first = (level.columns as usize)
            .checked_mul(level.rows as usize)?
            .checked_add(first)
            .filter(|all| *all <= MOST_TILES)?;
    }
    Some(levels)
}

/// Where a tile lies, and what it hashes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// How many bytes of the file stand before it.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u32,
    hash: [u8; 16],
}

impl Tile {
    /// Whether these are the bytes that were published.
    pub fn is(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.bytes as usize && short_hash(bytes) == self.hash
    }
}

/// The first half of a SHA-256. Nobody can make other bytes for it; two tiles that have the same one
/// could be made only by whoever publishes them.
fn short_hash(bytes: &[u8]) -> [u8; 16] {
    let Hash(whole) = hash_of(bytes);
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

/// What an index begins with: enough to know where each tile lies, and not what it hashes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileLengths {
    /// Width of the image in pixels.
    pub width: u32,
    /// Height of the image in pixels.
    pub height: u32,
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// The levels, the whole image first.
    pub levels: Vec<Level>,
    /// The length of each tile in bytes, in the order of the file.
    pub lengths: Vec<u32>,
}

impl TileLengths {
    /// Reads the beginning of a pack, as much of it as there is yet.
    ///
    /// `None` where the bytes do not follow the format, or do not reach to the last length.
    pub fn read(bytes: &[u8]) -> Option<TileLengths> {
        TileLengths::from(&mut Reader::new(bytes))
    }

    fn from(reader: &mut Reader<'_>) -> Option<TileLengths> {
        if reader.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let (width, height) = (reader.varint_u32()?, reader.varint_u32()?);
        let (tile, count) = (reader.varint_u32()?, reader.varint_u32()?);
        let levels = levels(width, height, tile, count)?;
        let last = levels.first()?;
        let all = last.first as usize + last.columns as usize * last.rows as usize;
        // Each is a byte at least.
        if reader.left() < all {
            return None;
        }
        let mut lengths = Vec::with_capacity(all);
        for _ in 0..all {
            lengths.push(reader.varint_u32().filter(|length| *length > 0)?);
        }
        Some(TileLengths {
            width,
            height,
            tile,
            levels,
            lengths,
        })
    }

    /// Where the tile of a level in a column and a row lies in the file, and its length, both in bytes;
    /// `index` is the length of the whole index. `None` where there is no such tile.
    pub fn range(&self, level: usize, column: u32, row: u32, index: u32) -> Option<(u64, u32)> {
        let place = self.levels.get(level)?.place(column, row)?;
        let before = self.lengths.get(..place)?.iter();
        let offset = before.map(|length| u64::from(*length)).sum::<u64>();
        Some((u64::from(index) + offset, *self.lengths.get(place)?))
    }
}

/// The index of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileIndex {
    /// Width of the image in pixels.
    pub width: u32,
    /// Height of the image in pixels.
    pub height: u32,
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// The levels, the whole image first.
    pub levels: Vec<Level>,
    /// The tiles, in the order of the file.
    pub tiles: Vec<Tile>,
    /// Its own length in bytes.
    pub bytes: u32,
}

impl TileIndex {
    /// Reads the index at the beginning of a pack. What follows it may be there or not.
    ///
    /// `None` where the bytes do not follow the format or end too early.
    pub fn read(bytes: &[u8]) -> Option<TileIndex> {
        let mut reader = Reader::new(bytes);
        let head = TileLengths::from(&mut reader)?;
        let own = bytes.len() - reader.left() + 16 * head.lengths.len();
        let mut offset = own as u64;
        let mut tiles = Vec::with_capacity(head.lengths.len());
        for length in head.lengths {
            tiles.push(Tile {
                offset,
                bytes: length,
                hash: reader.take(16)?.try_into().ok()?,
            });
            offset += u64::from(length);
        }
        Some(TileIndex {
            width: head.width,
            height: head.height,
            tile: head.tile,
            levels: head.levels,
            tiles,
            bytes: u32::try_from(own).ok()?,
        })
    }

    /// The tile of a level in a column and a row; `None` where there is none.
    pub fn tile(&self, level: usize, column: u32, row: u32) -> Option<&Tile> {
        self.tiles.get(self.levels.get(level)?.place(column, row)?)
    }

    /// How long the whole pack is, in bytes.
    pub fn whole(&self) -> u64 {
        let last = self.tiles.last();
        last.map_or(u64::from(self.bytes), |tile| {
            tile.offset + u64::from(tile.bytes)
        })
    }
}

/// Writes the index of a pack. `tiles` are all its tiles, in the order of [`levels`], as their lengths
/// and the first 16 bytes of their SHA-256.
#[cfg(feature = "write")]
pub fn write_tile_index(
    (width, height): (u32, u32),
    tile: u32,
    levels: u32,
    tiles: &[(u32, [u8; 16])],
) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for number in [width, height, tile, levels] {
        put_varint(&mut out, u64::from(number));
    }
    for (length, _) in tiles {
        put_varint(&mut out, u64::from(*length));
    }
    for (_, hash) in tiles {
        out.extend(hash);
    }
    out
}

/// The length of a tile and the first half of its SHA-256, as [`write_tile_index`] takes them.
#[cfg(feature = "write")]
pub fn tile_entry(bytes: &[u8]) -> Option<(u32, [u8; 16])> {
    Some((u32::try_from(bytes.len()).ok()?, short_hash(bytes)))
}

/// Whatever the bytes, what is read of them has tiles that follow one another and belong to a level.
#[cfg(any(test, fuzzing))]
pub(crate) fn promises(bytes: &[u8]) {
    let head = TileLengths::read(bytes);
    let Some(index) = TileIndex::read(bytes) else {
        return;
    };
    assert!(head.is_some_and(|head| {
        let tiles = index.tiles.iter().map(|tile| tile.bytes);
        tiles.eq(head.lengths)
    }));
    assert!(index.bytes as usize <= bytes.len() && index.tiles.len() <= MOST_TILES);
    let mut next = u64::from(index.bytes);
    for tile in &index.tiles {
        assert!(tile.offset == next && tile.bytes > 0);
        next += u64::from(tile.bytes);
    }
    assert_eq!(index.whole(), next);
    for (place, level) in index.levels.iter().enumerate() {
        assert!(index.tile(place, 0, 0).is_some());
        assert!(
            index
                .tile(place, level.columns - 1, level.rows - 1)
                .is_some()
        );
        assert!(index.tile(place, level.columns, 0).is_none());
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn levels_halve_and_the_smallest_comes_first() {
        let levels = levels(1_025, 600, 512, 3).unwrap();
        let of = |level: &Level| (level.width, level.height, level.columns, level.rows);
        let sides: Vec<_> = levels.iter().map(of).collect();
        assert_eq!(
            sides,
            [(1_025, 600, 3, 2), (513, 300, 2, 1), (257, 150, 1, 1)]
        );
        let first: Vec<u32> = levels.iter().map(|level| level.first).collect();
        assert_eq!(first, [3, 1, 0]);
    }

    #[test]
    fn what_has_no_tiles_or_too_many_is_refused() {
        for (width, height, tile, count) in [
            (0, 9, 512, 1),
            (9, 0, 512, 1),
            (9, 9, 0, 1),
            (9, 9, 5_000, 1),
            (9, 9, 512, 0),
            (9, 9, 512, 32),
            (u32::MAX, u32::MAX, 1, 1),
            (100_000, 100_000, 128, 1),
        ] {
            assert_eq!(levels(width, height, tile, count), None);
        }
    }

    fn pack() -> (Vec<u8>, Vec<Vec<u8>>) {
        let tiles: Vec<Vec<u8>> = (1..=9u8).map(|n| vec![n; 30 * usize::from(n)]).collect();
        let entries: Vec<_> = tiles.iter().map(|tile| tile_entry(tile).unwrap()).collect();
        let mut file = write_tile_index((1_025, 600), 512, 3, &entries);
        file.extend(tiles.concat());
        (file, tiles)
    }

    #[test]
    fn tiles_are_found_and_checked() {
        let (file, tiles) = pack();
        let index = TileIndex::read(&file).unwrap();
        assert_eq!(index.whole(), file.len() as u64);
        let bytes = |level, column, row| {
            let tile = *index.tile(level, column, row).unwrap();
            let from = tile.offset as usize;
            (tile, file[from..from + tile.bytes as usize].to_vec())
        };
        for (place, (level, column, row)) in [
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
            let (tile, own) = bytes(level, column, row);
            assert_eq!(own, tiles[place]);
            assert!(tile.is(&own));
            assert!(!tile.is(&own[1..]));
            let mut other = own;
            other[7] ^= 1;
            assert!(!tile.is(&other), "a bit is another");
        }
        assert!(index.tile(1, 2, 0).is_none() && index.tile(3, 0, 0).is_none());
    }

    #[test]
    fn where_tiles_lie_is_known_before_the_hashes_are_there() {
        let (file, tiles) = pack();
        let index = TileIndex::read(&file).unwrap();
        let enough = index.bytes as usize - 16 * tiles.len();
        for end in 0..enough {
            assert_eq!(TileLengths::read(&file[..end]), None, "cut at {end}");
        }
        let head = TileLengths::read(&file[..enough]).unwrap();
        assert_eq!(TileLengths::read(&file).as_ref(), Some(&head));
        for (level, column, row) in [(2, 0, 0), (1, 1, 0), (0, 2, 1), (0, 0, 1)] {
            let tile = index.tile(level, column, row).unwrap();
            assert_eq!(
                head.range(level, column, row, index.bytes),
                Some((tile.offset, tile.bytes))
            );
        }
        assert_eq!(head.range(1, 2, 0, index.bytes), None);
        assert_eq!(head.range(3, 0, 0, index.bytes), None);
    }

    #[test]
    fn a_broken_index_is_refused() {
        let (file, _) = pack();
        let whole = TileIndex::read(&file).unwrap().bytes as usize;
        for end in 0..whole {
            assert_eq!(TileIndex::read(&file[..end]), None, "cut at {end}");
        }
        assert!(TileIndex::read(&file[..whole]).is_some());
        let mut other = file.clone();
        other[0] = b'k';
        assert_eq!(TileIndex::read(&other), None);
        let empty = [(0, [0; 16])];
        let none = write_tile_index((9, 9), 512, 1, &empty);
        assert_eq!(TileIndex::read(&none), None, "a tile without bytes");
        promises(&file);
    }
}
