//! Which tiles a view needs.

use khizana_format::PyramidLevel;

use super::number::clamp;
use super::stage::{Stage, View};

/// The position of a tile in the pyramid: level (0 is the full image), column and row.
pub type TilePosition = (u32, u32, u32);

/// How much larger than its pixels a level may be shown before a finer one is taken: unnoticed, and it
/// spares a reader who looks at a whole image a quarter of the bytes.
const LENIENT: f64 = 1.25;

/// Largest number of device pixels per CSS pixel that is drawn: more are not seen.
const MAX_DENSITY: f64 = 2.0;

/// The number of pixels that are drawn for each CSS pixel, on a screen that has `device` of them.
pub fn density(device: f64) -> f64 {
    clamp(device, 1.0, MAX_DENSITY)
}

/// The level that is sharp in a view, on a screen with so many of its own pixels for each CSS pixel:
/// the smallest that has as many pixels as are shown.
pub fn level_for(levels: &[PyramidLevel], view: &View, density: f64) -> u32 {
    let shown = view.scale * density / LENIENT;
    let mut level = 0;
    while level as usize + 1 < levels.len() && shown * f64::from(1u32 << (level + 1)) <= 1.0 {
        level += 1;
    }
    level
}

/// Whether a picture of the whole image, so many pixels wide, is as sharp in a view as can be seen.
pub fn is_sharp(stage: &Stage, width: u32, view: &View, density: f64) -> bool {
    f64::from(width) * LENIENT >= stage.image.0 * view.scale * density
}

/// The tiles of a level that are on the screen, those in its middle first. `tile` is their side.
pub fn seen(
    stage: &Stage,
    view: &View,
    levels: &[PyramidLevel],
    level: u32,
    tile: u32,
) -> Vec<TilePosition> {
    let Some(grid) = levels.get(level as usize) else {
        return Vec::new();
    };
    let ((x, y), (w, h)) = stage.seen(view);
    let side = f64::from(tile) * f64::from(1u32 << level.min(31));
    let range = |from: f64, length: f64, count: u32| {
        let first = (from / side).floor().max(0.0) as u32;
        let last = ((from + length) / side).ceil() as u32;
        first.min(count)..last.min(count)
    };
    let columns = range(x, w, grid.columns);
    let away = |column: u32, row: u32| {
        let off = |place: u32, middle: f64| (f64::from(place) + 0.5) * side - middle;
        let (x, y) = (off(column, view.middle.0), off(row, view.middle.1));
        x * x + y * y
    };
    // Each is put in its place among those before it: they are few, and a sort of the standard library
    // would be a third of the view's code.
    let mut places: Vec<(f64, TilePosition)> = Vec::new();
    for row in range(y, h, grid.rows) {
        for column in columns.clone() {
            let own = away(column, row);
            let place = places.iter().position(|(other, _)| own < *other);
            places.insert(place.unwrap_or(places.len()), (own, (level, column, row)));
        }
    }
    places.into_iter().map(|(_, place)| place).collect()
}

/// Where a tile lies in the image: its left and upper edge, its width and its height, in pixels of the
/// image.
pub fn area(
    (level, column, row): TilePosition,
    image: (f64, f64),
    tile: u32,
) -> (f64, f64, f64, f64) {
    let side = f64::from(tile) * f64::from(1u32 << level.min(31));
    let (x, y) = (f64::from(column) * side, f64::from(row) * side);
    (x, y, side.min(image.0 - x), side.min(image.1 - y))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_format::pyramid_levels;

    use super::super::stage::tests::{Chance, stage, view};
    use super::*;

    #[test]
    fn a_level_has_as_many_pixels_as_are_shown_and_no_more_than_needed() {
        let mut chance = Chance(17);
        for _ in 0..1_000 {
            let stage = stage(&mut chance);
            let view = view(&stage, &mut chance);
            let density = 1.0 + chance.up_to(2.0);
            let levels = pyramid_levels(30_000, 30_000, 512, 6).unwrap();
            let level = level_for(&levels, &view, density);
            let shown = |level: u32| view.scale * density * f64::from(1u32 << level);
            assert!(level == 0 || shown(level) <= LENIENT, "sharp enough");
            assert!(
                level == 5 || shown(level + 1) > LENIENT,
                "no finer than needed"
            );
        }
    }

    #[test]
    fn every_point_on_the_screen_is_in_one_tile() {
        let mut chance = Chance(29);
        for _ in 0..400 {
            let stage = stage(&mut chance);
            let view = view(&stage, &mut chance);
            let (w, h) = (stage.image.0 as u32, stage.image.1 as u32);
            let levels = pyramid_levels(w, h, 512, 4).unwrap();
            let level = level_for(&levels, &view, 1.0);
            let places = seen(&stage, &view, &levels, level, 512);
            assert!(!places.is_empty());
            let grid = levels[level as usize];
            for (_, column, row) in &places {
                assert!(*column < grid.columns && *row < grid.rows);
            }
            for _ in 0..20 {
                let point = (chance.up_to(stage.screen.0), chance.up_to(stage.screen.1));
                let (x, y) = stage.image_at(&view, point);
                if x < 0.0 || y < 0.0 || x >= stage.image.0 || y >= stage.image.1 {
                    continue;
                }
                let covers = |place: &&TilePosition| {
                    let (left, top, wide, high) = area(**place, stage.image, 512);
                    x >= left && y >= top && x < left + wide && y < top + high
                };
                assert_eq!(places.iter().filter(covers).count(), 1);
            }
        }
    }

    #[test]
    fn the_middle_comes_first() {
        let stage = Stage::new((1_000.0, 1_000.0), (4_096, 4_096));
        let levels = pyramid_levels(4_096, 4_096, 512, 2).unwrap();
        let view = stage.closer(&stage.fit(), (500.0, 500.0), 2.0);
        let places = seen(&stage, &view, &levels, 1, 512);
        assert_eq!(places.len(), 4, "{places:?}");
        let view = stage.on((0.0, 0.0), (2_600.0, 2_600.0));
        let places = seen(&stage, &view, &levels, 0, 512);
        assert_eq!((places.len(), places[0]), (36, (0, 2, 2)));
    }

    #[test]
    fn a_derivative_that_is_sharp_spares_the_tiles() {
        let stage = Stage::new((800.0, 800.0), (8_000, 8_000));
        assert!(is_sharp(&stage, 800, &stage.fit(), 1.0));
        assert!(!is_sharp(&stage, 800, &stage.fit(), 2.0));
        assert!(is_sharp(&stage, 1_600, &stage.fit(), 2.0));
    }
}
