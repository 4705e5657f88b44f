//! The selection of tiles for a camera.

use khizana_format::PyramidLevel;

use super::number::clamp;
use super::viewport::{Camera, Viewport};

/// The position of a tile in the pyramid: level (0 is the full image), column and row.
pub type TilePosition = (u32, u32, u32);

/// Maximum magnification of a level, in device pixels per pixel of the level, before a finer one is
/// used. Such a magnification is not noticeable, and saves a quarter of the bytes when the whole
/// image is displayed.
const MAX_MAGNIFICATION: f64 = 1.25;

/// Maximum number of canvas pixels per CSS pixel. More pixels make no visible difference.
const MAX_PIXEL_RATIO: f64 = 2.0;

/// Returns the number of canvas pixels per CSS pixel, for a screen with the pixel ratio `device`.
pub fn pixel_ratio(device: f64) -> f64 {
    clamp(device, 1.0, MAX_PIXEL_RATIO)
}

/// Returns the index of the coarsest level that is sharp at the scale of the camera.
pub fn level_for(levels: &[PyramidLevel], camera: &Camera, pixel_ratio: f64) -> u32 {
    let magnification = camera.scale * pixel_ratio / MAX_MAGNIFICATION;
    let mut level = 0;
    while level as usize + 1 < levels.len() && magnification * f64::from(1u32 << (level + 1)) <= 1.0
    {
        level += 1;
    }
    level
}

/// Returns `true` if a derivative with the given width is sharp at the scale of the camera.
pub fn is_sharp(viewport: &Viewport, width: u32, camera: &Camera, pixel_ratio: f64) -> bool {
    f64::from(width) * MAX_MAGNIFICATION >= viewport.image.0 * camera.scale * pixel_ratio
}

/// Returns the visible tiles of a level, those nearest to the centre first. `tile_size` is their
/// width and height.
pub fn visible_tiles(
    viewport: &Viewport,
    camera: &Camera,
    levels: &[PyramidLevel],
    level: u32,
    tile_size: u32,
) -> Vec<TilePosition> {
    let Some(grid) = levels.get(level as usize) else {
        return Vec::new();
    };
    let ((x, y), (w, h)) = viewport.visible_area(camera);
    let side = f64::from(tile_size) * f64::from(1u32 << level.min(31));
    let range = |from: f64, length: f64, count: u32| {
        let first = (from / side).floor().max(0.0) as u32;
        let last = ((from + length) / side).ceil() as u32;
        first.min(count)..last.min(count)
    };
    let columns = range(x, w, grid.columns);
    let squared_distance = |column: u32, row: u32| {
        let offset = |index: u32, centre: f64| (f64::from(index) + 0.5) * side - centre;
        let (x, y) = (
            offset(column, camera.centre.0),
            offset(row, camera.centre.1),
        );
        x * x + y * y
    };
    // Insertion sort: there are few tiles, and the sort of the standard library would be a third of
    // the code of the deep-zoom view.
    let mut sorted: Vec<(f64, TilePosition)> = Vec::new();
    for row in range(y, h, grid.rows) {
        for column in columns.clone() {
            let distance = squared_distance(column, row);
            let index = sorted.iter().position(|(other, _)| distance < *other);
            sorted.insert(
                index.unwrap_or(sorted.len()),
                (distance, (level, column, row)),
            );
        }
    }
    sorted.into_iter().map(|(_, position)| position).collect()
}

/// Returns the area of a tile in the image: left, top, width and height in pixels of the image.
pub fn tile_area(
    (level, column, row): TilePosition,
    image: (f64, f64),
    tile_size: u32,
) -> (f64, f64, f64, f64) {
    let side = f64::from(tile_size) * f64::from(1u32 << level.min(31));
    let (x, y) = (f64::from(column) * side, f64::from(row) * side);
    (x, y, side.min(image.0 - x), side.min(image.1 - y))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_format::pyramid_levels;

    use super::super::viewport::tests::{Random, random_camera, random_viewport};
    use super::*;

    #[test]
    fn the_level_is_the_coarsest_that_is_sharp() {
        let mut random = Random(17);
        for _ in 0..1_000 {
            let viewport = random_viewport(&mut random);
            let camera = random_camera(&viewport, &mut random);
            let ratio = 1.0 + random.up_to(2.0);
            let levels = pyramid_levels(30_000, 30_000, 512, 6).unwrap();
            let level = level_for(&levels, &camera, ratio);
            let magnification = |level: u32| camera.scale * ratio * f64::from(1u32 << level);
            assert!(
                level == 0 || magnification(level) <= MAX_MAGNIFICATION,
                "sharp"
            );
            assert!(
                level == 5 || magnification(level + 1) > MAX_MAGNIFICATION,
                "not finer than necessary"
            );
        }
    }

    #[test]
    fn every_visible_point_is_in_exactly_one_tile() {
        let mut random = Random(29);
        for _ in 0..400 {
            let viewport = random_viewport(&mut random);
            let camera = random_camera(&viewport, &mut random);
            let (w, h) = (viewport.image.0 as u32, viewport.image.1 as u32);
            let levels = pyramid_levels(w, h, 512, 4).unwrap();
            let level = level_for(&levels, &camera, 1.0);
            let tiles = visible_tiles(&viewport, &camera, &levels, level, 512);
            assert!(!tiles.is_empty());
            let grid = levels[level as usize];
            for (_, column, row) in &tiles {
                assert!(*column < grid.columns && *row < grid.rows);
            }
            for _ in 0..20 {
                let point = (
                    random.up_to(viewport.screen.0),
                    random.up_to(viewport.screen.1),
                );
                let (x, y) = viewport.screen_to_image(&camera, point);
                if x < 0.0 || y < 0.0 || x >= viewport.image.0 || y >= viewport.image.1 {
                    continue;
                }
                let contains_point = |position: &&TilePosition| {
                    let (left, top, w, h) = tile_area(**position, viewport.image, 512);
                    x >= left && y >= top && x < left + w && y < top + h
                };
                assert_eq!(tiles.iter().filter(contains_point).count(), 1);
            }
        }
    }

    #[test]
    fn tiles_are_sorted_by_their_distance_from_the_centre() {
        let viewport = Viewport::new((1_000.0, 1_000.0), (4_096, 4_096));
        let levels = pyramid_levels(4_096, 4_096, 512, 2).unwrap();
        let camera = viewport.zoom_by(&viewport.fit(), (500.0, 500.0), 2.0);
        let tiles = visible_tiles(&viewport, &camera, &levels, 1, 512);
        assert_eq!(tiles.len(), 4, "{tiles:?}");
        let camera = viewport.fit_area((0.0, 0.0), (2_600.0, 2_600.0));
        let tiles = visible_tiles(&viewport, &camera, &levels, 0, 512);
        assert_eq!((tiles.len(), tiles[0]), (36, (0, 2, 2)));
    }

    #[test]
    fn a_derivative_is_sharp_if_it_has_enough_pixels() {
        let viewport = Viewport::new((800.0, 800.0), (8_000, 8_000));
        assert!(is_sharp(&viewport, 800, &viewport.fit(), 1.0));
        assert!(!is_sharp(&viewport, 800, &viewport.fit(), 2.0));
        assert!(is_sharp(&viewport, 1_600, &viewport.fit(), 2.0));
    }
}
