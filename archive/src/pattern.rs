//! Star patterns by the method of polygons in contact (E. H. Hankin, 1925): from the midpoint of
//! each edge, two rays start at the contact angle, and each ends where it meets another.

use crate::canvas::{Canvas, Ink, Outline, Point, ink};
use crate::error::DemoError;
use crate::tiling::{Polygon, Tiling, edges, midpoint, with_rosettes};

/// A line of the pattern inside a polygon. It starts at the midpoint of an edge, where it passes
/// over another line, and leads via a bend to the midpoint of another edge, where it passes under
/// another line.
#[derive(Clone, Copy, Debug)]
pub struct Strand {
    /// Index of the edge at its start.
    pub start_edge: usize,
    /// Index of the edge at its end.
    pub end_edge: usize,
    /// The start, the bend and the end of the line.
    pub points: [Point; 3],
}

/// Computes the strands of a polygon. `angle` is the contact angle in degrees.
pub fn strands(polygon: &[Point], angle: f64) -> Vec<Strand> {
    let (sin, cos) = angle.to_radians().sin_cos();
    let rays: Vec<(Point, Point, Point)> = edges(polygon)
        .map(|(a, b)| {
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = dx.hypot(dy).max(1e-12);
            let (ux, uy) = (dx / length, dy / length);
            // The ray towards the next corner, and the ray towards the previous corner.
            let leaving = (ux * cos - uy * sin, uy * cos + ux * sin);
            let arriving = (-ux * cos - uy * sin, -uy * cos + ux * sin);
            (midpoint(a, b), leaving, arriving)
        })
        .collect();
    let mut intersections = Vec::new();
    for (i, &(p, d, _)) in rays.iter().enumerate() {
        for (j, &(q, _, e)) in rays.iter().enumerate() {
            if i == j {
                continue;
            }
            if let Some((bend, cost)) = intersection(p, d, q, e) {
                let penalty = if (i + 1) % rays.len() == j { 0.0 } else { 1e-6 };
                intersections.push((cost + penalty, i, j, bend));
            }
        }
    }
    intersections.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut has_left = vec![false; rays.len()];
    let mut has_arrived = vec![false; rays.len()];
    let mut out = Vec::new();
    for (_, i, j, bend) in intersections {
        let (Some(left), Some(arrived)) = (has_left.get_mut(i), has_arrived.get_mut(j)) else {
            continue;
        };
        let (Some(start), Some(end)) = (rays.get(i), rays.get(j)) else {
            continue;
        };
        if !*left && !*arrived {
            *left = true;
            *arrived = true;
            out.push(Strand {
                start_edge: i,
                end_edge: j,
                points: [start.0, bend, end.0],
            });
        }
    }
    out
}

/// Returns the intersection of two rays, and the sum of the distances from their starts to it. Rays
/// that face each other meet half-way.
fn intersection(p: Point, d: Point, q: Point, e: Point) -> Option<(Point, f64)> {
    let (wx, wy) = (q.0 - p.0, q.1 - p.1);
    let cross = d.0 * e.1 - d.1 * e.0;
    if cross.abs() < 1e-9 {
        let distance = wx.hypot(wy);
        let are_facing = d.0 * e.0 + d.1 * e.1 < 0.0
            && (wx * d.1 - wy * d.0).abs() < 1e-7
            && wx * d.0 + wy * d.1 > 0.0;
        return are_facing.then(|| (midpoint(p, q), distance));
    }
    let t = (wx * e.1 - wy * e.0) / cross;
    let s = (wx * d.1 - wy * d.0) / cross;
    (t > 1e-9 && s > 1e-9).then_some(((p.0 + d.0 * t, p.1 + d.1 * t), t + s))
}

/// Returns the closed figures that the strands of a polygon enclose, each with the number of its
/// points.
pub fn stars(strands: &[Strand]) -> Vec<(usize, Polygon)> {
    let mut visited = vec![false; strands.len()];
    let mut out = Vec::new();
    for start in 0..strands.len() {
        let mut figure = Vec::new();
        let mut current = Some(start);
        while let Some(index) = current {
            let (Some(mark), Some(strand)) = (visited.get_mut(index), strands.get(index)) else {
                break;
            };
            if *mark {
                break;
            }
            *mark = true;
            figure.extend([strand.points[0], strand.points[1]]);
            current = strands
                .iter()
                .position(|next| next.start_edge == strand.end_edge);
        }
        if figure.len() > 4 {
            out.push((figure.len() / 2, figure));
        }
    }
    out
}

/// The style of the lines of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStyle {
    /// Bands that alternately pass over and under each other.
    Woven,
    /// Joints between tiles, in a light colour.
    Joint,
}

/// A star pattern.
pub struct Pattern {
    /// Tiling on which the pattern is constructed.
    pub tiling: Tiling,
    /// `true` if rosettes are added to large polygons.
    pub has_rosettes: bool,
    /// Contact angle in degrees.
    pub angle: f64,
    /// Length of an edge in units of the sheet.
    pub edge: f64,
    /// Rotation of the pattern, in degrees counter-clockwise.
    pub rotation: f64,
    /// Width of the lines, relative to the length of an edge.
    pub line_width: f64,
    /// Style of the lines.
    pub line_style: LineStyle,
    /// Colours of the pattern.
    pub glaze: Glaze,
}

/// The colours of a pattern.
#[derive(Clone, Copy, Debug)]
pub struct Glaze {
    /// Colour of the background between the stars.
    pub ground: Ink,
    /// Colours of stars with at least ten points, with seven to nine, with five or six, and with
    /// fewer.
    pub stars: [Ink; 4],
    /// Colour of the lines.
    pub line: Ink,
    /// Colour of the outlines of the lines.
    pub edge: Ink,
    /// Colour of the margin of the sheet.
    pub paper: Ink,
}

/// Width and height of a sheet in units.
pub const SIDE: f64 = 2000.0;
/// Margin around the pattern in units.
pub const MARGIN: f64 = 120.0;

impl Pattern {
    /// Draws the pattern on a square sheet.
    ///
    /// # Errors
    /// Returns [`DemoError::TooLarge`] if the memory for the image cannot be allocated.
    pub fn sheet(&self) -> Result<Canvas, DemoError> {
        let mut canvas = Canvas::new(SIDE, SIDE, 1.1, self.glaze.paper)?;
        let window = Outline::rect(MARGIN, MARGIN, SIDE - 2.0 * MARGIN, SIDE - 2.0 * MARGIN);
        canvas.clip(&window);
        self.draw(&mut canvas, (SIDE / 2.0, SIDE / 2.0), SIDE / 2.0 - MARGIN);
        canvas.unclip();
        canvas.stroke(&window, self.glaze.edge, 7.0);
        let m = MARGIN - 26.0;
        let outer = Outline::rect(m, m, SIDE - 2.0 * m, SIDE - 2.0 * m);
        canvas.stroke(&outer, self.glaze.edge, 2.4);
        Ok(canvas)
    }

    /// Draws the pattern around `centre`. It extends at least `reach` units in each direction.
    pub fn draw(&self, canvas: &mut Canvas, centre: Point, reach: f64) {
        let (sin, cos) = self.rotation.to_radians().sin_cos();
        let place = |(x, y): Point| {
            (
                centre.0 + (x * cos - y * sin) * self.edge,
                centre.1 - (x * sin + y * cos) * self.edge,
            )
        };
        let ground = Outline::rect(centre.0 - reach, centre.1 - reach, reach * 2.0, reach * 2.0);
        canvas.fill(&ground, self.glaze.ground);
        let mut polygons = self.tiling.polygons(reach * 1.45 / self.edge);
        if self.has_rosettes {
            polygons = with_rosettes(polygons);
        }
        polygons.retain(|polygon| {
            polygon.iter().any(|&corner| {
                let (x, y) = place(corner);
                (x - centre.0).abs() < reach + self.edge * 2.0
                    && (y - centre.1).abs() < reach + self.edge * 2.0
            })
        });
        let strand_sets: Vec<Vec<Strand>> = polygons
            .iter()
            .map(|polygon| strands(polygon, self.angle))
            .collect();
        for set in &strand_sets {
            for (points, star) in stars(set) {
                let [large, eight, six, small] = self.glaze.stars;
                let colour = match points {
                    10.. => large,
                    7..=9 => eight,
                    5..=6 => six,
                    _ => small,
                };
                let star: Vec<Point> = star.into_iter().map(place).collect();
                canvas.fill(&Outline::polygon(&star), colour);
                if points >= 8 {
                    self.draw_nested_stars(canvas, &star);
                }
            }
        }
        let mut lines = Outline::new();
        for strand in strand_sets.iter().flatten() {
            lines = lines.and_line(&strand.points.map(place));
        }
        let line_width = self.line_width * self.edge;
        let rim = (line_width * 0.14).clamp(1.6, 5.0);
        canvas.stroke_round(&lines, self.glaze.edge, line_width + rim * 2.0);
        canvas.stroke_round(&lines, self.glaze.line, line_width);
        if self.line_style == LineStyle::Woven {
            self.draw_crossings(canvas, &strand_sets, place, line_width, rim);
        }
    }

    /// Draws two smaller stars inside a large star.
    fn draw_nested_stars(&self, canvas: &mut Canvas, star: &[Point]) {
        let c = crate::tiling::centroid(star);
        let half_step = std::f64::consts::PI / (star.len() as f64 / 2.0);
        let [_, _, six, _] = self.glaze.stars;
        let rim = (self.line_width * self.edge * 0.1).clamp(1.4, 3.0);
        for (share, rotation, colour) in [
            (0.72, 0.0, self.glaze.line),
            (0.64, 0.0, self.glaze.ground.mix(six, 0.12)),
            (0.40, half_step, self.glaze.line),
            (0.34, half_step, six.mix(self.glaze.edge, 0.25)),
        ] {
            let (sin, cos) = f64::sin_cos(rotation);
            let inner: Vec<Point> = star
                .iter()
                .map(|&(x, y)| {
                    let (x, y) = ((x - c.0) * share, (y - c.1) * share);
                    (c.0 + x * cos - y * sin, c.1 + x * sin + y * cos)
                })
                .collect();
            canvas.fill(&Outline::polygon(&inner), colour);
            canvas.stroke(&Outline::polygon(&inner), self.glaze.edge, rim);
        }
    }

    /// Draws the start of each strand again, where it passes over another strand.
    fn draw_crossings(
        &self,
        canvas: &mut Canvas,
        strand_sets: &[Vec<Strand>],
        place: impl Fn(Point) -> Point,
        line_width: f64,
        rim: f64,
    ) {
        let crossing = (2.0 * self.angle).to_radians().sin().abs().max(0.35);
        let (mut edge, mut band) = (Outline::new(), Outline::new());
        for strand in strand_sets.iter().flatten() {
            let (p, q) = (place(strand.points[0]), place(strand.points[1]));
            let length = (q.0 - p.0).hypot(q.1 - p.1).max(1e-9);
            let reach = ((line_width / 2.0 + rim) / crossing * 1.25).min(length * 0.9);
            let piece = |reach: f64| {
                let (dx, dy) = ((q.0 - p.0) / length * reach, (q.1 - p.1) / length * reach);
                [(p.0 - dx, p.1 - dy), (p.0 + dx, p.1 + dy)]
            };
            edge = edge.and_line(&piece(reach));
            // The band is slightly longer than its outline, so that it covers the ends of the
            // outline.
            band = band.and_line(&piece(reach + 2.0));
        }
        canvas.stroke(&edge, self.glaze.edge, line_width + rim * 2.0);
        canvas.stroke(&band, self.glaze.line, line_width);
    }
}

/// A palette of cobalt, turquoise and white.
pub const COBALT: Glaze = Glaze {
    ground: ink(0x1f3f73),
    stars: [ink(0xe9b44c), ink(0x2a9d8f), ink(0xd9e4e8), ink(0xe9b44c)],
    line: ink(0xf6f1e4),
    edge: ink(0x14233c),
    paper: ink(0xf3eee2),
};
/// A palette of green, ochre and black, as in the tilework of Fez.
pub const FEZ: Glaze = Glaze {
    ground: ink(0xf2ead6),
    stars: [ink(0x1e6b57), ink(0x1b3f8b), ink(0xc98a2b), ink(0x22252b)],
    line: ink(0xfbf7ea),
    edge: ink(0x33302a),
    paper: ink(0xf4efe4),
};
/// A palette of walnut and ivory, as in wood inlay.
pub const WALNUT: Glaze = Glaze {
    ground: ink(0x6b4226),
    stars: [ink(0x3b2416), ink(0xa9713f), ink(0xd9b98a), ink(0x3b2416)],
    line: ink(0xf0e3c8),
    edge: ink(0x2b190f),
    paper: ink(0xf1e9da),
};
/// A palette of brick, rose and turquoise.
pub const BRICK: Glaze = Glaze {
    ground: ink(0xb9744c),
    stars: [ink(0x1f7f8c), ink(0xe6c99c), ink(0x1f7f8c), ink(0x8f4a30)],
    line: ink(0xf3e2c4),
    edge: ink(0x4b2a1c),
    paper: ink(0xf5ece0),
};
/// A palette of midnight blue and gold, as in manuscript illumination.
pub const MIDNIGHT: Glaze = Glaze {
    ground: ink(0x16213d),
    stars: [ink(0x8c2f39), ink(0x2f5d62), ink(0x243a73), ink(0x8c2f39)],
    line: ink(0xdcb768),
    edge: ink(0x0b1222),
    paper: ink(0xf2ecdc),
};

/// Returns all patterns, each with the name of its file.
pub fn patterns() -> Vec<(&'static str, Pattern)> {
    let pattern =
        |tiling, has_rosettes, angle, edge, rotation, line_width, line_style, glaze| Pattern {
            tiling,
            has_rosettes,
            angle,
            edge,
            rotation,
            line_width,
            line_style,
            glaze,
        };
    use LineStyle::{Joint, Woven};
    vec![
        (
            "hexagons-six.png",
            pattern(
                Tiling::Hexagons,
                false,
                60.0,
                150.0,
                0.0,
                0.13,
                Woven,
                BRICK,
            ),
        ),
        (
            "octagons-eight.png",
            pattern(
                Tiling::Octagons,
                false,
                67.5,
                150.0,
                0.0,
                0.13,
                Woven,
                COBALT,
            ),
        ),
        (
            "octagons-khatam.jpg",
            pattern(Tiling::Octagons, false, 45.0, 130.0, 45.0, 0.07, Joint, FEZ),
        ),
        (
            "dodecagons-twelve.png",
            pattern(
                Tiling::Dodecagons,
                false,
                67.5,
                150.0,
                0.0,
                0.11,
                Woven,
                MIDNIGHT,
            ),
        ),
        (
            "dodecagons-rosette.png",
            pattern(
                Tiling::Dodecagons,
                true,
                54.0,
                190.0,
                0.0,
                0.07,
                Woven,
                WALNUT,
            ),
        ),
        (
            "dodecagons-hexagons.png",
            pattern(
                Tiling::DodecagonsHexagons,
                false,
                60.0,
                130.0,
                30.0,
                0.12,
                Woven,
                COBALT,
            ),
        ),
        (
            "hexagons-squares.jpg",
            pattern(
                Tiling::HexagonsSquares,
                false,
                55.0,
                160.0,
                0.0,
                0.06,
                Joint,
                FEZ,
            ),
        ),
        (
            "girih-ten.png",
            pattern(
                Tiling::Decagons,
                false,
                54.0,
                170.0,
                18.0,
                0.12,
                Woven,
                BRICK,
            ),
        ),
        (
            "girih-rosette.png",
            pattern(
                Tiling::Decagons,
                true,
                54.0,
                240.0,
                18.0,
                0.065,
                Woven,
                MIDNIGHT,
            ),
        ),
        (
            "sixteen-rosette.jpg",
            pattern(Tiling::Sixteens, true, 58.0, 165.0, 0.0, 0.05, Joint, FEZ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiling::{bow_tie, regular};

    #[test]
    fn regular_polygon_yields_one_star_with_as_many_points() {
        for sides in [6, 8, 10, 12, 16] {
            let set = strands(&regular(sides, (0.0, 0.0), 0.0), 54.0);
            let stars = stars(&set);
            assert_eq!(stars.len(), 1);
            assert_eq!(stars.first().map(|star| star.0), Some(sides as usize));
        }
    }

    #[test]
    fn bow_tie_yields_two_triangles() {
        let set = strands(&bow_tie((0.0, 0.0), 0.0), 54.0);
        assert_eq!(set.len(), 6);
        let counts: Vec<usize> = stars(&set).into_iter().map(|star| star.0).collect();
        assert_eq!(counts, [3, 3]);
    }

    #[test]
    fn strands_continue_straight_in_the_adjacent_polygon() {
        // The two squares share an edge.
        let left = strands(&regular(4, (-0.5, 0.0), 0.0), 50.0);
        let right = strands(&regular(4, (0.5, 0.0), 0.0), 50.0);
        let direction = |s: &Strand| {
            let (p, q) = (s.points[0], s.points[1]);
            let l = (q.0 - p.0).hypot(q.1 - p.1);
            ((q.0 - p.0) / l, (q.1 - p.1) / l, p)
        };
        let at_origin = |set: &[Strand]| {
            set.iter()
                .map(direction)
                .find(|d| d.2.0.abs() < 1e-9 && d.2.1.abs() < 1e-9)
        };
        let (Some(a), Some(b)) = (at_origin(&left), at_origin(&right)) else {
            panic!("no strand starts at the shared edge");
        };
        assert!((a.0 + b.0).abs() < 1e-9 && (a.1 + b.1).abs() < 1e-9);
    }
}
