//! Tile packs. A tile pack is a file that contains the tile pyramid of a large image, and from
//! which readers fetch byte ranges.
//!
//! A pack consists of an index ([`crate::TileIndex`]) and the tiles. The record of the item
//! contains the digest of the index, and the index contains the digest of each tile, so every tile
//! can be verified separately.
//!
//! Level 0 of the pyramid is the full image. Each further level has half the width and height of
//! the preceding level, rounded up, which corresponds to the scale factors 1, 2, 4, … of the IIIF
//! Image API. Sizes that are available as derivatives of the image are not repeated as levels.

use khizana_model::Hash;
use serde::Serialize;

/// Maximum width and height of a tile, in pixels.
const MAX_TILE_SIDE: u32 = 4_096;

/// Maximum number of tiles in a pack. All levels of an image of 65,535 × 65,535 pixels, divided
/// into tiles of 128 × 128 pixels, have fewer tiles.
pub const MAX_TILES: usize = 1 << 19;

/// The properties of a tile pack, as stored in the record of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TilePack {
    /// Width and height of a tile in pixels. Tiles at the right and bottom edges may be smaller.
    pub tile: u32,
    /// Number of levels.
    pub levels: u32,
    /// Length of the index, in bytes. The index is at the start of the pack.
    pub index: u32,
    /// SHA-256 of the index.
    pub sha256: Hash,
    /// Length of the pack in bytes.
    pub bytes: u64,
    /// For hosts that do not support range requests, the length in bytes of each file into which
    /// the pack is split. The last file may be shorter. The value is 0 if the pack is a single
    /// file.
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

/// A level of a tile pyramid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PyramidLevel {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Number of tile columns.
    pub columns: u32,
    /// Number of tile rows.
    pub rows: u32,
    /// Index in the pack of the first tile of the level.
    pub first_tile: u32,
}

impl PyramidLevel {
    /// Returns the index of a tile in the pack, or `None` if the level has no such tile.
    pub(crate) fn tile_index(&self, column: u32, row: u32) -> Option<usize> {
        let exists = column < self.columns && row < self.rows;
        exists.then_some((self.first_tile + row * self.columns + column) as usize)
    }
}

/// Returns the `count` levels of the pyramid of an image, the full image first. `tile` is the width
/// and height of a tile in pixels.
///
/// A pack stores the tiles level by level, **starting with the smallest level**, and row by row
/// within each level.
///
/// Returns `None` if the image, the tile or the pyramid is empty, if there are more than
/// [`MAX_TILES`] tiles or more than 31 levels, or if a side of a tile is longer than 4,096 pixels.
pub fn pyramid_levels(width: u32, height: u32, tile: u32, count: u32) -> Option<Vec<PyramidLevel>> {
    if width == 0
        || height == 0
        || !(1..=MAX_TILE_SIDE).contains(&tile)
        || !(1..=31).contains(&count)
    {
        return None;
    }
    let mut levels: Vec<PyramidLevel> = (0..count)
        .map(|level| {
            let scaled = |length: u32| length.div_ceil(1 << level);
            PyramidLevel {
                width: scaled(width),
                height: scaled(height),
                columns: scaled(width).div_ceil(tile),
                rows: scaled(height).div_ceil(tile),
                first_tile: 0,
            }
        })
        .collect();
    let mut first_tile = 0usize;
    for level in levels.iter_mut().rev() {
        level.first_tile = u32::try_from(first_tile).ok()?;
        first_tile = (level.columns as usize)
            .checked_mul(level.rows as usize)?
            .checked_add(first_tile)
            .filter(|tiles| *tiles <= MAX_TILES)?;
    }
    Some(levels)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_level_has_half_the_size_and_the_smallest_is_stored_first() {
        let levels = pyramid_levels(1_025, 600, 512, 3).unwrap();
        let sizes: Vec<_> = levels
            .iter()
            .map(|level| (level.width, level.height, level.columns, level.rows))
            .collect();
        assert_eq!(
            sizes,
            [(1_025, 600, 3, 2), (513, 300, 2, 1), (257, 150, 1, 1)]
        );
        let first_tiles: Vec<u32> = levels.iter().map(|level| level.first_tile).collect();
        assert_eq!(first_tiles, [3, 1, 0]);
    }

    #[test]
    fn images_of_four_gigapixels_have_pyramids() {
        for (width, height, tiles) in [
            (63_245, 63_245, 20_524),
            (300_000, 13_333, 21_362),
            (13_333, 300_000, 21_362),
        ] {
            let levels = pyramid_levels(width, height, 512, 10).unwrap();
            let count: u32 = levels.iter().map(|l| l.columns * l.rows).sum();
            assert_eq!(count, tiles);
        }
    }

    #[test]
    fn empty_and_oversized_pyramids_are_rejected() {
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
            assert_eq!(pyramid_levels(width, height, tile, count), None);
        }
    }
}
