//! The first tiles of a view that an address leads into: asked for while the viewer is on its way.

use khizana_format::TileLengths;

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
/// other, in bytes: empty where a derivative of the image, `widest` pixels wide, is sharp. `head` is as
/// much of the index as has come, of `index` bytes; `None` where that is not enough.
///
/// The index is taken as it came. What is fetched by a false one is not shown: the viewer checks it.
pub fn ranges(
    head: &[u8],
    index: u32,
    hash: &str,
    (screen, own): (Point, f64),
    widest: u32,
) -> Option<Vec<f64>> {
    let lengths = TileLengths::read(head)?;
    let mut stage = Stage::new(screen, (lengths.width, lengths.height));
    let mut out = Vec::new();
    let Some(view) = address::read(hash, &mut stage) else {
        return Some(out);
    };
    let density = density(own);
    if is_sharp(&stage, widest, &view, density) {
        return Some(out);
    }
    let level = level_for(lengths.levels.len(), &view, density);
    let places = seen(&stage, &view, &lengths.levels, level, lengths.tile);
    for (level, column, row) in places.into_iter().take(AT_ONCE) {
        let (offset, bytes) = lengths.range(level, column, row, index)?;
        out.push(offset as f64);
        out.push(bytes.into());
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_format::{TileIndex, write_tile_index};

    use super::*;

    /// Of an image of 4,000 by 3,000 pixels, in two levels of tiles of 512, each as long as its place
    /// among them and one more.
    fn index() -> Vec<u8> {
        let count = 8 * 6 + 4 * 3;
        let tiles: Vec<_> = (1..=count).map(|length| (length, [7; 16])).collect();
        write_tile_index((4_000, 3_000), 512, 2, &tiles)
    }

    fn of(hash: &str, screen: Point, own: f64, widest: u32) -> Option<Vec<(u64, u64)>> {
        let index = index();
        let found = ranges(&index, index.len() as u32, hash, (screen, own), widest)?;
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
    fn where_none_is_needed_there_is_none_and_as_soon_as_can_be_they_are_known() {
        let none = Some(Vec::new());
        assert_eq!(of("#xywh=0,0,4000,3000", (800.0, 600.0), 1.0, 1_600), none);
        assert_eq!(of("#details", (800.0, 600.0), 1.0, 1_600), none);
        let index = index();
        let screen = ((500.0, 500.0), 1.0);
        let read = |head| ranges(head, index.len() as u32, "#xywh=0,0,500,500", screen, 0);
        // Twelve bytes, and one for each of sixty lengths.
        let enough = index.len() - 60 * 16;
        assert_eq!(read(&index[..enough - 1]), None);
        assert_eq!(read(&index[..enough]), read(&index));
        assert_eq!(read(&index).map(|found| found.len()), Some(2));
    }
}
