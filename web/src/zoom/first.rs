//! The first tiles of a view that an address leads into: asked for while the viewer is on its way.

use khizana_format::TileIndex;

use super::address;
use super::number::between;
use super::stage::{Point, Stage};
use super::tiles::{is_sharp, level_for, seen};

/// More pixels of the screen for a CSS pixel than these nobody sees, and they would have to be drawn.
const DENSEST: f64 = 2.0;

/// So many tiles are fetched at the same time.
pub const AT_ONCE: usize = 6;

/// How many of its own pixels a screen is drawn with for each CSS pixel, of those that it has.
pub fn density(own: f64) -> f64 {
    between(own, 1.0, DENSEST)
}

/// The ranges of a pack that the view of an address needs first, as offset and length one after the
/// other, in bytes: none where a derivative of the image, `widest` pixels wide, is sharp.
///
/// The index is taken as it came. What is fetched by a false one is not shown: the viewer checks it.
pub fn ranges(index: &[u8], hash: &str, screen: Point, own: f64, widest: u32) -> Option<Vec<f64>> {
    let index = TileIndex::read(index)?;
    let mut stage = Stage::new(screen, (index.width, index.height));
    let view = address::read(hash, &mut stage)?;
    let density = density(own);
    if is_sharp(&stage, widest, &view, density) {
        return None;
    }
    let level = level_for(index.levels.len(), &view, density);
    let places = seen(&stage, &view, &index.levels, level, index.tile);
    let mut out = Vec::new();
    for (level, column, row) in places.into_iter().take(AT_ONCE) {
        let tile = index.tile(level, column, row)?;
        out.push(tile.offset as f64);
        out.push(tile.bytes.into());
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_format::write_tile_index;

    use super::*;

    /// Of an image of 4,000 by 3,000 pixels, in two levels of tiles of 512, each as long as its place
    /// among them and one more.
    fn index() -> Vec<u8> {
        let count = 8 * 6 + 4 * 3;
        let tiles: Vec<_> = (1..=count).map(|length| (length, [7; 16])).collect();
        write_tile_index((4_000, 3_000), 512, 2, &tiles)
    }

    fn of(hash: &str, screen: Point, own: f64, widest: u32) -> Option<Vec<(u64, u64)>> {
        let found = ranges(&index(), hash, screen, own, widest)?;
        Some(
            found
                .chunks(2)
                .map(|pair| (pair[0] as u64, pair[1] as u64))
                .collect(),
        )
    }

    #[test]
    fn they_are_the_ranges_of_what_is_in_the_middle_of_the_view() {
        let start = u64::from(TileIndex::read(&index()).unwrap().bytes);
        // The first tile of the full level is the thirteenth of the pack.
        let before: u64 = (1..=12).sum();
        assert_eq!(
            of("#xywh=0,0,500,500", (500.0, 500.0), 1.0, 1_600),
            Some(vec![(start + before, 13)])
        );
        let found = of("#xywh=1000,1000,1000,1000", (1_000.0, 1_000.0), 1.0, 1_600).unwrap();
        assert_eq!(found.len(), AT_ONCE, "of nine");
        assert_eq!(
            found[0].1,
            13 + 2 * 8 + 2,
            "column 2 of row 2 is in the middle"
        );
    }

    #[test]
    fn a_screen_with_more_pixels_needs_more_but_not_without_end() {
        let half = "#xywh=0,0,900,900";
        let coarse = of(half, (450.0, 450.0), 1.0, 1_000).unwrap();
        assert_eq!(coarse.len(), 1, "one of the half level");
        let fine = of(half, (450.0, 450.0), 2.0, 1_000).unwrap();
        assert_eq!(fine.len(), 4);
        assert_eq!(of(half, (450.0, 450.0), 9.0, 1_000).unwrap(), fine);
    }

    #[test]
    fn where_none_is_needed_or_nothing_can_be_read_there_is_none() {
        assert_eq!(of("#xywh=0,0,4000,3000", (800.0, 600.0), 1.0, 1_600), None);
        assert_eq!(of("#details", (800.0, 600.0), 1.0, 1_600), None);
        let cut = &index()[..200];
        assert_eq!(
            ranges(cut, "#xywh=0,0,500,500", (500.0, 500.0), 1.0, 0),
            None
        );
    }
}
