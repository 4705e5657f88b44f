//! The areas of the maps.

use khizana_format::MAP_SIZE;
use khizana_model::Location;

/// Height of a map in degrees.
const HEIGHT: i32 = 36;

/// Distance of the middles of the maps in degrees of latitude.
const ROW_STEP: i32 = HEIGHT / 2;

/// For each row from the equator to a pole: the width of its maps in degrees of longitude, 60° divided by
/// the cosine of the latitude of the middle, and the distance of their middles, about half of the width and
/// a divisor of 360.
const ROWS: [(i32, i32); 5] = [(60, 30), (63, 30), (74, 36), (102, 45), (194, 90)];

/// The area of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Window {
    /// Row of the grid, 0 at the equator, positive to the north.
    row: i32,
    /// Column of the grid, 0 at the prime meridian, positive to the east.
    column: i32,
}

impl Window {
    /// Returns the area whose middle is nearest to a location. No area extends beyond a pole.
    pub(super) fn around(location: Location) -> Window {
        let last_row = ROWS.len() as i32 - 1;
        let row = (location.latitude / f64::from(ROW_STEP)).round() as i32;
        let row = row.clamp(-last_row, last_row);
        let (_, step) = dimensions(row);
        let longitude = location.longitude.clamp(-180.0, 180.0);
        let column = (longitude / f64::from(step)).round() as i32;
        // The columns on both sides of the antimeridian are the same.
        let columns = 360 / step;
        let half = columns / 2;
        let column = (column + half).rem_euclid(columns) - half;
        Window { row, column }
    }

    /// Returns the position of a location in units of the map, from the top left corner.
    pub(super) fn position(self, location: Location) -> (u32, u32) {
        let [middle, _] = self.middle();
        // The nearest of the equivalent longitudes.
        let turns = ((location.longitude - middle) / 360.0).round();
        let [x, y] = self.project(location.longitude - turns * 360.0, location.latitude);
        (
            x.round().clamp(0.0, f64::from(MAP_SIZE.0)) as u32,
            y.round().clamp(0.0, f64::from(MAP_SIZE.1)) as u32,
        )
    }

    /// Returns the position of a point in units of the map, which can be outside of the map.
    pub(super) fn project(self, longitude: f64, latitude: f64) -> [f64; 2] {
        let [x, y] = self.middle();
        let (width, _) = dimensions(self.row);
        let [map_width, map_height] = <[u32; 2]>::from(MAP_SIZE).map(f64::from);
        [
            (0.5 + (longitude - x) / f64::from(width)) * map_width,
            (0.5 - (latitude - y) / f64::from(HEIGHT)) * map_height,
        ]
    }

    /// Returns the longitude and latitude of the middle.
    fn middle(self) -> [f64; 2] {
        let (_, step) = dimensions(self.row);
        [
            f64::from(self.column * step),
            f64::from(self.row * ROW_STEP),
        ]
    }
}

/// Returns the width of the maps of a row, and the distance of their middles, in degrees.
fn dimensions(row: i32) -> (i32, i32) {
    let row = ROWS.get(row.unsigned_abs() as usize);
    row.copied().unwrap_or((60, 30))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn window(latitude: f64, longitude: f64) -> (i32, i32) {
        let window = Window::around(Location::new(latitude, longitude).unwrap());
        (window.row, window.column)
    }

    fn position(latitude: f64, longitude: f64) -> (u32, u32) {
        let location = Location::new(latitude, longitude).unwrap();
        Window::around(location).position(location)
    }

    #[test]
    fn near_locations_share_a_map() {
        let (fez, meknes) = (window(34.03, -5.0), window(33.9, -5.55));
        assert_eq!(fez, meknes);
        assert_ne!(fez, window(15.35, 44.2));
    }

    #[test]
    fn a_middle_is_in_the_middle() {
        assert_eq!(position(0.0, 0.0), (300, 180));
        assert_eq!(position(36.0, 72.0), (300, 180));
        assert_eq!(position(9.0, 0.0), (300, 270));
        assert_eq!(position(-8.9, 14.9), (449, 269));
    }

    #[test]
    fn the_grid_is_closed_at_the_antimeridian() {
        for latitude in [0.0, 20.0, 36.0, 50.0, 80.0] {
            assert_eq!(window(latitude, 180.0), window(latitude, -180.0));
        }
        assert_eq!(window(-17.0, 179.9), window(-17.0, -179.9));
        assert_eq!(position(-17.0, 179.9), (299, 170));
        assert_eq!(position(-17.0, -179.9), (301, 170));
    }

    #[test]
    fn every_location_is_on_its_map_and_not_near_its_sides() {
        for latitude in -90_i32..=90 {
            for longitude in -180..=180 {
                let (x, y) = position(f64::from(latitude), f64::from(longitude));
                assert!((100..=500).contains(&x), "{latitude} {longitude} {x}");
                let is_polar = latitude.abs() > 81;
                let rows = if is_polar { 0..=360 } else { 90..=270 };
                assert!(rows.contains(&y), "{latitude} {longitude} {y}");
            }
        }
        assert_eq!(position(90.0, 0.0).1, 0);
        assert_eq!(position(-90.0, 0.0).1, 360);
    }
}
