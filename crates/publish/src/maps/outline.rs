//! The outline of the land, clipped to the area of a map and simplified.

use std::fmt::Write as _;

use khizana_format::MAP_SIZE;

use super::window::Window;

/// Maximum size of a map in bytes.
const MAX_BYTES: usize = 8 << 10;

/// Units of the outline per degree.
const UNITS: f64 = 20.0;

/// A point of a map, in its units.
type Point = [f64; 2];

/// The rings of the land.
pub(super) struct Outline {
    rings: Vec<Ring>,
}

/// A closed line. Land is inside of an odd number of rings, because lakes are rings, too.
struct Ring {
    /// Longitudes and latitudes in degrees. A ring that crosses the antimeridian has longitudes beyond it.
    points: Vec<Point>,
    /// The lowest and the highest longitude.
    longitudes: [f64; 2],
}

impl Outline {
    /// Parses an outline: a ring per line, with the longitude and latitude of its first point, and the
    /// differences of the further points, in [`UNITS`] per degree.
    pub(super) fn parse(text: &[u8]) -> Option<Outline> {
        let lines = std::str::from_utf8(text).ok()?.lines();
        let rings = lines.map(Ring::parse).collect::<Option<Vec<Ring>>>()?;
        Some(Outline { rings })
    }

    /// Draws the land in an area as an SVG image.
    ///
    /// The grey has a contrast of at least 3:1 on both the light and the dark background, because the image
    /// cannot adapt to the colour scheme of the page. There is no line along the coast, which would also
    /// frame the land at the edges of the map.
    pub(super) fn svg(&self, window: Window) -> String {
        let rings: Vec<Vec<Point>> = self
            .rings
            .iter()
            .flat_map(|ring| ring.clip(window))
            .collect();
        let mut tolerance = 0.5;
        loop {
            let svg = draw(&rings, tolerance);
            if svg.len() <= MAX_BYTES {
                return svg;
            }
            tolerance *= 1.25;
        }
    }
}

impl Ring {
    fn parse(line: &str) -> Option<Ring> {
        let numbers = line.split_ascii_whitespace().map(str::parse::<i32>);
        let numbers: Vec<i32> = numbers.collect::<Result<_, _>>().ok()?;
        let mut at = [0_i32; 2];
        let mut points = Vec::with_capacity(numbers.len() / 2);
        let (pairs, []) = numbers.as_chunks::<2>() else {
            return None;
        };
        for [x, y] in pairs {
            at = [at[0].checked_add(*x)?, at[1].checked_add(*y)?];
            points.push(at.map(|value| f64::from(value) / UNITS));
        }
        let longitudes = points
            .iter()
            .fold([f64::MAX, f64::MIN], |[low, high], [x, _]| {
                [low.min(*x), high.max(*x)]
            });
        Some(Ring { points, longitudes })
    }

    /// Returns the parts of the ring in an area, in units of the map. A ring can be visible on both sides
    /// of the antimeridian.
    fn clip(&self, window: Window) -> impl Iterator<Item = Vec<Point>> {
        [-720.0, -360.0, 0.0, 360.0, 720.0]
            .into_iter()
            .filter_map(move |turn| {
                let [west, east] = self.longitudes.map(|x| window.project(x + turn, 0.0)[0]);
                if east < 0.0 || west > f64::from(MAP_SIZE.0) {
                    return None;
                }
                let points = self.points.iter();
                let points = points.map(|[x, y]| window.project(x + turn, *y)).collect();
                let clipped = clip(points);
                (clipped.len() > 2).then_some(clipped)
            })
    }
}

/// Clips a ring to the edges of the map, one after the other (Sutherland and Hodgman 1974).
fn clip(mut ring: Vec<Point>) -> Vec<Point> {
    let [width, height] = <[u32; 2]>::from(MAP_SIZE).map(f64::from);
    // The axis, the position of the edge, and the sign of the inside.
    for (axis, edge, sign) in [
        (0, 0.0, 1.0),
        (0, width, -1.0),
        (1, 0.0, 1.0),
        (1, height, -1.0),
    ] {
        let depth = |point: Point| (point[axis] - edge) * sign;
        let mut clipped = Vec::with_capacity(ring.len());
        let mut previous = ring.last().copied();
        for point in ring {
            if let Some(previous) = previous.replace(point) {
                let (before, after) = (depth(previous), depth(point));
                if (before < 0.0) != (after < 0.0) {
                    let ratio = before / (before - after);
                    let mut crossing =
                        [0, 1].map(|axis| previous[axis] + (point[axis] - previous[axis]) * ratio);
                    crossing[axis] = edge;
                    clipped.push(crossing);
                }
            }
            if depth(point) >= 0.0 {
                clipped.push(point);
            }
        }
        ring = clipped;
    }
    ring
}

/// Draws rings as an SVG image, without points whose distance from the simplified line is less than
/// `tolerance`, and without rings that are smaller than its square.
fn draw(rings: &[Vec<Point>], tolerance: f64) -> String {
    let mut path = String::new();
    for ring in rings {
        let mut points: Vec<[i32; 2]> = simplify(ring, tolerance)
            .into_iter()
            .map(|point| point.map(|value| value.round() as i32))
            .collect();
        points.dedup();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        // Twice the area.
        if f64::from(area(&points).abs()) < 2.0 * tolerance * tolerance || points.len() < 3 {
            continue;
        }
        let mut previous = [0, 0];
        for (index, [x, y]) in points.into_iter().enumerate() {
            let [dx, dy] = [x - previous[0], y - previous[1]];
            let command = match index {
                0 => "M",
                1 => "l",
                _ if dx < 0 => "",
                _ => " ",
            };
            let separator = if dy < 0 { "" } else { " " };
            let _ = write!(path, "{command}{dx}{separator}{dy}");
            previous = [x, y];
        }
        path.push('z');
    }
    let (width, height) = MAP_SIZE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\"><path fill=\"#7c8481\" fill-rule=\"evenodd\" d=\"{path}\"/></svg>"
    )
}

/// Returns twice the area of a ring, with the sign of its direction.
fn area(points: &[[i32; 2]]) -> i32 {
    let next = points.iter().cycle().skip(1);
    let products = points.iter().zip(next);
    products
        .map(|([x, y], [next_x, next_y])| x * next_y - next_x * y)
        .sum()
}

/// Removes points of a ring that are nearer than `tolerance` to the line without them (Douglas and Peucker
/// 1973). The ring is divided at its first point and the one that is farthest from it.
fn simplify(ring: &[Point], tolerance: f64) -> Vec<Point> {
    let Some(first) = ring.first().copied() else {
        return Vec::new();
    };
    let mut closed = ring.to_vec();
    closed.push(first);
    let last = closed.len() - 1;
    let mut kept = vec![false; closed.len()];
    let mut spans = vec![(0, last)];
    if let Some(slot) = kept.first_mut() {
        *slot = true;
    }
    while let Some((from, to)) = spans.pop() {
        let (Some(start), Some(end)) = (closed.get(from), closed.get(to)) else {
            continue;
        };
        let between = closed.iter().enumerate().take(to).skip(from + 1);
        let distances = between.map(|(index, point)| (index, distance(*point, *start, *end)));
        let farthest = distances.reduce(|a, b| if b.1 > a.1 { b } else { a });
        let Some((index, _)) = farthest.filter(|(_, distance)| *distance > tolerance) else {
            continue;
        };
        if let Some(slot) = kept.get_mut(index) {
            *slot = true;
        }
        spans.extend([(from, index), (index, to)]);
    }
    let points = closed.into_iter().zip(kept);
    points
        .filter(|(_, kept)| *kept)
        .map(|(point, _)| point)
        .collect()
}

/// Returns the distance of a point from the line between two points.
fn distance(point: Point, start: Point, end: Point) -> f64 {
    let [dx, dy] = [end[0] - start[0], end[1] - start[1]];
    let [x, y] = [point[0] - start[0], point[1] - start[1]];
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 {
        ((x * dx + y * dy) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let [x, y] = [x - along * dx, y - along * dy];
    (x * x + y * y).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_model::Location;

    fn map(outline: &str, latitude: f64, longitude: f64) -> String {
        let window = Window::around(Location::new(latitude, longitude).unwrap());
        let svg = Outline::parse(outline.as_bytes()).unwrap().svg(window);
        let path = svg.split(" d=\"").nth(1).unwrap();
        path.split('"').next().unwrap().to_owned()
    }

    #[test]
    fn draws_the_land_in_the_area() {
        // A square from 0 to 5 degrees, and one far away.
        let outline = "0 0 100 0 0 100 -100 0\n2000 0 100 0 0 100 -100 0\n";
        assert_eq!(map(outline, 0.0, 0.0), "M300 180l50 0 0-50-50 0z");
        assert_eq!(map(outline, -80.0, 0.0), "");
    }

    #[test]
    fn clips_the_land_at_the_edges() {
        // The northern hemisphere from 20° W to 90° E.
        let outline = "-400 0 2200 0 0 1800 -2200 0\n";
        assert_eq!(map(outline, 0.0, 0.0), "M100 0l0 180 500 0 0-180z");
        // All of the map.
        assert_eq!(map(outline, 30.0, 36.0), "M0 0l0 360 600 0 0-360z");
    }

    #[test]
    fn draws_the_land_on_both_sides_of_the_antimeridian() {
        // A square from 175° E to 175° W, with longitudes up to 185°.
        let outline = "3500 0 200 0 0 100 -200 0\n";
        let square = "M250 180l100 0 0-50-100 0z";
        assert_eq!(map(outline, 0.0, 180.0), square);
        assert_eq!(map(outline, 0.0, -179.9), square);
        assert_eq!(map(outline, 0.0, 150.0), "M550 180l50 0 0-50-50 0z");
        assert_eq!(map(outline, 0.0, -150.0), "M0 180l50 0 0-50-50 0z");
    }

    #[test]
    fn a_lake_is_not_land() {
        let window = Window::around(Location::new(0.0, 0.0).unwrap());
        let outline = "0 0 100 0 0 100 -100 0\n20 20 40 0 0 40 -40 0\n";
        let svg = Outline::parse(outline.as_bytes()).unwrap().svg(window);
        assert!(svg.contains(
            "fill-rule=\"evenodd\" d=\"M300 180l50 0 0-50-50 0zM310 170l20 0 0-20-20 0z\""
        ));
    }

    #[test]
    fn maps_of_an_intricate_coast_are_simplified() {
        let mut outline = String::new();
        for island in 0..6 {
            outline.push_str(&format!("-400 {} 800 0 0 20", island * 50));
            for step in 0..800 {
                let height = step % 17 + 1;
                let up = if step % 2 == 0 { height } else { -height };
                outline.push_str(&format!(" -1 {up}"));
            }
            outline.push('\n');
        }
        let window = Window::around(Location::new(0.0, 0.0).unwrap());
        let outline = Outline::parse(outline.as_bytes()).unwrap();
        let svg = outline.svg(window);
        assert!((1_000..=MAX_BYTES).contains(&svg.len()), "{}", svg.len());
        assert_eq!(svg, outline.svg(window));
    }

    #[test]
    fn a_malformed_outline_is_rejected() {
        for text in ["1 2 3", "1 x", "2147483647 0 1 0", "1.5 2"] {
            assert!(Outline::parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(Outline::parse(b"\xff").is_none());
        assert_eq!(map("", 0.0, 0.0), "");
        assert_eq!(map("\n1 1\n", 0.0, 0.0), "");
    }

    #[test]
    fn every_area_can_be_drawn() {
        let pole = "-3600 -1600 3600 50 3600 -50 0 -200 -7200 0\n";
        let outline = Outline::parse(pole.as_bytes()).unwrap();
        for latitude in (-90..=90).step_by(9) {
            for longitude in (-180..=180).step_by(15) {
                let location = Location::new(f64::from(latitude), f64::from(longitude)).unwrap();
                assert!(outline.svg(Window::around(location)).ends_with("/></svg>"));
            }
        }
        assert!(map(pole, -90.0, 0.0).starts_with('M'));
    }
}
