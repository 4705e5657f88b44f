//! Edge-to-edge tilings of the plane by polygons, on which star patterns are constructed. The unit
//! of length is the length of an edge.

use crate::canvas::Point;

/// The corners of a polygon in counter-clockwise order. The `y` axis points upwards.
pub type Polygon = Vec<Point>;

/// Returns a regular polygon with edges of length 1. The normal of one of its edges points in the
/// direction `degrees`.
pub fn regular(sides: u32, centre: Point, degrees: f64) -> Polygon {
    let half = std::f64::consts::PI / f64::from(sides);
    let r = 0.5 / half.sin();
    (0..sides)
        .map(|i| {
            let a = degrees.to_radians() + half * (2.0 * f64::from(i) - 1.0);
            (centre.0 + r * a.cos(), centre.1 + r * a.sin())
        })
        .collect()
}

/// Returns the distance from the centre of a regular polygon with edges of length 1 to its edges.
pub fn apothem(sides: u32) -> f64 {
    0.5 / (std::f64::consts::PI / f64::from(sides)).tan()
}

/// A tiling, named after its largest polygons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tiling {
    /// Hexagons.
    Hexagons,
    /// Octagons and squares.
    Octagons,
    /// Dodecagons and triangles.
    Dodecagons,
    /// Dodecagons, hexagons and squares.
    DodecagonsHexagons,
    /// Hexagons, squares and triangles.
    HexagonsSquares,
    /// Decagons and bow-ties.
    Decagons,
    /// Regular polygons with 16 sides, octagons and triangles.
    Sixteens,
}

impl Tiling {
    /// Returns the two translation vectors of the tiling, and the polygons of its unit cell.
    fn unit_cell(self) -> (Point, Point, Vec<Polygon>) {
        let hexagonal = |d: f64| ((d, 0.0), (d / 2.0, d * 0.75f64.sqrt()));
        let o = (0.0, 0.0);
        match self {
            Self::Hexagons => {
                let (u, v) = hexagonal(2.0 * apothem(6));
                (u, v, vec![regular(6, o, 0.0)])
            }
            Self::Octagons => {
                let d = 2.0 * apothem(8);
                let square = regular(4, (d / 2.0, d / 2.0), 45.0);
                ((d, 0.0), (0.0, d), vec![regular(8, o, 0.0), square])
            }
            Self::Dodecagons => {
                let d = 2.0 * apothem(12);
                let (u, v) = hexagonal(d);
                let (up, down) = centroids(d);
                let tiles = vec![
                    regular(12, o, 0.0),
                    regular(3, up, 90.0),
                    regular(3, down, 30.0),
                ];
                (u, v, tiles)
            }
            Self::DodecagonsHexagons => {
                let d = 2.0 * apothem(12) + 1.0;
                let (u, v) = hexagonal(d);
                let (up, down) = centroids(d);
                let mut tiles = vec![
                    regular(12, o, 0.0),
                    regular(6, up, 30.0),
                    regular(6, down, 30.0),
                ];
                tiles.extend(squares(d));
                (u, v, tiles)
            }
            Self::HexagonsSquares => {
                let d = 2.0 * apothem(6) + 1.0;
                let (u, v) = hexagonal(d);
                let (up, down) = centroids(d);
                let mut tiles = vec![
                    regular(6, o, 0.0),
                    regular(3, up, 30.0),
                    regular(3, down, 90.0),
                ];
                tiles.extend(squares(d));
                (u, v, tiles)
            }
            Self::Decagons => {
                let d = 2.0 * apothem(10);
                let (sin, cos) = 72f64.to_radians().sin_cos();
                let (u, v) = ((d, 0.0), (d * cos, d * sin));
                let centre = ((u.0 + v.0) / 2.0, v.1 / 2.0);
                (u, v, vec![regular(10, o, 0.0), bow_tie(centre, 36.0)])
            }
            Self::Sixteens => {
                let a = apothem(16);
                let d = 2.0 * a;
                let m = (a, a);
                let reach = a * (2f64.sqrt() - 1.0);
                // The corners of the octagon are the ends of the four edges that face its centre.
                let octagon: Polygon = (0..4)
                    .flat_map(|i| [-0.5, 0.5].map(|e| (f64::from(i) * 90.0 + 45.0, e)))
                    .map(|(angle, e)| {
                        let (sin, cos) = f64::to_radians(angle).sin_cos();
                        (m.0 + reach * cos - e * sin, m.1 + reach * sin + e * cos)
                    })
                    .collect();
                let mut tiles = vec![regular(16, o, 0.0), octagon.clone()];
                for i in 0..4usize {
                    let (Some(&p), Some(&q)) =
                        (octagon.get(2 * i + 1), octagon.get((2 * i + 2) % 8))
                    else {
                        continue;
                    };
                    // The apex is a common corner of two 16-sided polygons.
                    let out = ((p.0 + q.0) / 2.0 - m.0, (p.1 + q.1) / 2.0 - m.1);
                    let length = out.0.hypot(out.1);
                    let distance = a - 0.5;
                    let apex = (
                        m.0 + out.0 / length * distance,
                        m.1 + out.1 / length * distance,
                    );
                    tiles.push(vec![p, apex, q]);
                }
                ((d, 0.0), (0.0, d), tiles)
            }
        }
    }

    /// Returns all polygons within `reach` of the origin.
    pub fn polygons(self, reach: f64) -> Vec<Polygon> {
        let (u, v, tiles) = self.unit_cell();
        let rows = (reach / v.1).ceil() as i32 + 3;
        let columns = (reach / u.0).ceil() as i32 * 2 + 4;
        let mut out = Vec::new();
        for j in -rows..=rows {
            for i in -columns..=columns {
                let (dx, dy) = (f64::from(i) * u.0 + f64::from(j) * v.0, f64::from(j) * v.1);
                if dx.abs() > reach + 4.0 || dy.abs() > reach + 4.0 {
                    continue;
                }
                for tile in &tiles {
                    out.push(tile.iter().map(|&(x, y)| (x + dx, y + dy)).collect());
                }
            }
        }
        out
    }
}

/// Returns the centroids of two adjacent triangles of a hexagonal lattice.
fn centroids(d: f64) -> (Point, Point) {
    let h = d / 12f64.sqrt();
    ((d / 2.0, h), (d / 2.0, -h))
}

/// Returns the squares on the three edges of a hexagonal lattice.
fn squares(d: f64) -> Vec<Polygon> {
    [0.0, 60.0, 120.0]
        .into_iter()
        .map(|angle: f64| {
            let (sin, cos) = angle.to_radians().sin_cos();
            regular(4, (d / 2.0 * cos, d / 2.0 * sin), angle)
        })
        .collect()
}

/// Returns the bow-tie of the girih tiles with its long axis rotated by `degrees`.
pub fn bow_tie(centre: Point, degrees: f64) -> Polygon {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (slope_sin, slope_cos) = 18f64.to_radians().sin_cos();
    let waist = 0.5 - slope_sin;
    [
        (slope_cos, -0.5),
        (slope_cos, 0.5),
        (0.0, waist),
        (-slope_cos, 0.5),
        (-slope_cos, -0.5),
        (0.0, -waist),
    ]
    .map(|(x, y)| (centre.0 + x * cos - y * sin, centre.1 + x * sin + y * cos))
    .to_vec()
}

/// Replaces each polygon that has at least ten sides with a smaller polygon and a ring of
/// pentagons, which form the petals of a rosette. The shared edges of adjacent polygons are
/// bisected accordingly.
pub fn with_rosettes(polygons: Vec<Polygon>) -> Vec<Polygon> {
    let bisected_edges: std::collections::BTreeSet<(i64, i64)> = polygons
        .iter()
        .filter(|polygon| polygon.len() >= 10)
        .flat_map(|polygon| edges(polygon).map(|(a, b)| key(midpoint(a, b))))
        .collect();
    let mut out = Vec::new();
    for polygon in polygons {
        if polygon.len() < 10 {
            let mut bisected = Vec::new();
            for (a, b) in edges(&polygon) {
                bisected.push(a);
                if bisected_edges.contains(&key(midpoint(a, b))) {
                    bisected.push(midpoint(a, b));
                }
            }
            out.push(bisected);
            continue;
        }
        let n = polygon.len() as f64;
        let c = centroid(&polygon);
        let inner: Vec<Point> = edges(&polygon)
            .map(|(a, b)| {
                let m = midpoint(a, b);
                let share = 1.0 / (1.0 + 2.0 * (std::f64::consts::PI / n).sin());
                (c.0 + (m.0 - c.0) * share, c.1 + (m.1 - c.1) * share)
            })
            .collect();
        let sides: Vec<(Point, Point)> = edges(&polygon).collect();
        for (i, &(a, b)) in sides.iter().enumerate() {
            let next = (i + 1) % sides.len();
            let (Some(&(_, after)), Some(&p), Some(&q)) =
                (sides.get(next), inner.get(i), inner.get(next))
            else {
                continue;
            };
            out.push(vec![midpoint(a, b), b, midpoint(b, after), q, p]);
        }
        out.push(inner);
    }
    out
}

/// Returns the edges of a polygon in order.
pub fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    polygon
        .iter()
        .copied()
        .zip(polygon.iter().copied().cycle().skip(1))
}

/// Returns the midpoint between two points.
pub fn midpoint(a: Point, b: Point) -> Point {
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
}

/// Returns the mean of the corners of a polygon.
pub fn centroid(polygon: &[Point]) -> Point {
    let n = polygon.len().max(1) as f64;
    let sum = polygon
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    (sum.0 / n, sum.1 / n)
}

/// Returns a key for comparing points. The coordinates are rounded to 10⁻⁵.
fn key(point: Point) -> (i64, i64) {
    (
        (point.0 * 1e5).round() as i64,
        (point.1 * 1e5).round() as i64,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Tiling; 7] = [
        Tiling::Hexagons,
        Tiling::Octagons,
        Tiling::Dodecagons,
        Tiling::DodecagonsHexagons,
        Tiling::HexagonsSquares,
        Tiling::Decagons,
        Tiling::Sixteens,
    ];

    fn area(polygon: &[Point]) -> f64 {
        edges(polygon)
            .map(|(a, b)| a.0 * b.1 - a.1 * b.0)
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn polygons_fill_the_unit_cell() {
        for tiling in ALL {
            let (u, v, tiles) = tiling.unit_cell();
            let cell = u.0 * v.1 - u.1 * v.0;
            let sum: f64 = tiles.iter().map(|tile| area(tile)).sum();
            assert!((cell - sum).abs() < 1e-9, "{tiling:?}: {cell} is not {sum}");
        }
    }

    #[test]
    fn inner_edges_belong_to_two_polygons() {
        for tiling in ALL {
            for has_rosettes in [false, true] {
                let mut polygons = tiling.polygons(12.0);
                if has_rosettes {
                    polygons = with_rosettes(polygons);
                }
                let mut count = std::collections::BTreeMap::new();
                for (a, b) in polygons.iter().flat_map(|p| edges(p)) {
                    *count.entry(key(midpoint(a, b))).or_insert(0) += 1;
                }
                for ((x, y), times) in count {
                    if x.abs() < 500_000 && y.abs() < 500_000 {
                        assert_eq!(times, 2, "{tiling:?} {has_rosettes} at {x} {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn rosettes_preserve_the_area() {
        let plain = vec![regular(12, (0.0, 0.0), 0.0)];
        let before: f64 = plain.iter().map(|p| area(p)).sum();
        let after: f64 = with_rosettes(plain).iter().map(|p| area(p)).sum();
        assert!((before - after).abs() < 1e-9);
    }
}
