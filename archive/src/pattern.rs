//! Star patterns by polygons in contact: two lines leave the middle of each edge
//! at one angle, and each runs on until it meets another (E. H. Hankin, 1925).

use crate::canvas::{Canvas, Ink, Outline, Point, ink};
use crate::error::DemoError;
use crate::tiling::{Polygon, Tiling, edges, middle, with_rosettes};

/// A line of the pattern inside one polygon: from the middle of an edge, where it
/// passes over, by a bend to the middle of another, where it passes under.
#[derive(Clone, Copy, Debug)]
pub struct Strand {
    /// Index of the edge it leaves.
    pub from: usize,
    /// Index of the edge it reaches.
    pub to: usize,
    /// The three points of it.
    pub points: [Point; 3],
}

/// Finds the strands of one polygon for a contact angle in degrees.
pub fn strands(polygon: &[Point], angle: f64) -> Vec<Strand> {
    let (sin, cos) = angle.to_radians().sin_cos();
    let rays: Vec<(Point, Point, Point)> = edges(polygon)
        .map(|(a, b)| {
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = dx.hypot(dy).max(1e-12);
            let (ux, uy) = (dx / length, dy / length);
            // Leaving toward the next corner, and arriving from the one before.
            let leaving = (ux * cos - uy * sin, uy * cos + ux * sin);
            let arriving = (-ux * cos - uy * sin, -uy * cos + ux * sin);
            (middle(a, b), leaving, arriving)
        })
        .collect();
    let mut meetings = Vec::new();
    for (i, &(p, d, _)) in rays.iter().enumerate() {
        for (j, &(q, _, e)) in rays.iter().enumerate() {
            if i == j {
                continue;
            }
            if let Some((bend, cost)) = meet(p, d, q, e) {
                let far = if (i + 1) % rays.len() == j { 0.0 } else { 1e-6 };
                meetings.push((cost + far, i, j, bend));
            }
        }
    }
    meetings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = vec![false; rays.len()];
    let mut arrived = vec![false; rays.len()];
    let mut out = Vec::new();
    for (_, i, j, bend) in meetings {
        let (Some(l), Some(a)) = (left.get_mut(i), arrived.get_mut(j)) else {
            continue;
        };
        let (Some(from), Some(to)) = (rays.get(i), rays.get(j)) else {
            continue;
        };
        if !*l && !*a {
            *l = true;
            *a = true;
            out.push(Strand {
                from: i,
                to: j,
                points: [from.0, bend, to.0],
            });
        }
    }
    out
}

/// Where two rays meet and how long they are until then; rays that face each other
/// meet half-way.
fn meet(p: Point, d: Point, q: Point, e: Point) -> Option<(Point, f64)> {
    let (wx, wy) = (q.0 - p.0, q.1 - p.1);
    let cross = d.0 * e.1 - d.1 * e.0;
    if cross.abs() < 1e-9 {
        let apart = wx.hypot(wy);
        let facing = d.0 * e.0 + d.1 * e.1 < 0.0
            && (wx * d.1 - wy * d.0).abs() < 1e-7
            && wx * d.0 + wy * d.1 > 0.0;
        return facing.then(|| (middle(p, q), apart));
    }
    let t = (wx * e.1 - wy * e.0) / cross;
    let s = (wx * d.1 - wy * d.0) / cross;
    (t > 1e-9 && s > 1e-9).then_some(((p.0 + d.0 * t, p.1 + d.1 * t), t + s))
}

/// The closed figures that the strands of one polygon make, with their count of points.
pub fn stars(strands: &[Strand]) -> Vec<(usize, Polygon)> {
    let mut used = vec![false; strands.len()];
    let mut out = Vec::new();
    for start in 0..strands.len() {
        let mut figure = Vec::new();
        let mut at = Some(start);
        while let Some(index) = at {
            let (Some(mark), Some(strand)) = (used.get_mut(index), strands.get(index)) else {
                break;
            };
            if *mark {
                break;
            }
            *mark = true;
            figure.extend([strand.points[0], strand.points[1]]);
            at = strands.iter().position(|next| next.from == strand.to);
        }
        if figure.len() > 4 {
            out.push((figure.len() / 2, figure));
        }
    }
    out
}

/// How the lines of a pattern are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// As bands that pass over and under each other.
    Woven,
    /// As the pale joints between cut tiles.
    Joint,
}

/// A pattern to draw.
pub struct Pattern {
    /// The tiling it is built on.
    pub tiling: Tiling,
    /// Whether its large polygons are given rosettes.
    pub rosettes: bool,
    /// The contact angle, degrees.
    pub angle: f64,
    /// Units of the sheet to an edge.
    pub edge: f64,
    /// How it is turned, degrees.
    pub turned: f64,
    /// Breadth of its lines, in edges.
    pub breadth: f64,
    /// How its lines are shown.
    pub line: Line,
    /// Its colours.
    pub glaze: Glaze,
}

/// The colours of a pattern.
#[derive(Clone, Copy, Debug)]
pub struct Glaze {
    /// Between the stars.
    pub ground: Ink,
    /// Stars of ten points and more, of seven to nine, of five and six, and smaller.
    pub stars: [Ink; 4],
    /// The lines.
    pub line: Ink,
    /// Their edges.
    pub edge: Ink,
    /// The paper about the pattern.
    pub paper: Ink,
}

/// Side of the sheets, in units.
pub const SIDE: f64 = 2000.0;
/// Paper left about the pattern.
pub const MARGIN: f64 = 120.0;

impl Pattern {
    /// The pattern on a square sheet.
    ///
    /// # Errors
    /// [`DemoError::TooLarge`].
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

    /// Draws the pattern about `centre`, at least `reach` units each way.
    pub fn draw(&self, canvas: &mut Canvas, centre: Point, reach: f64) {
        let (sin, cos) = self.turned.to_radians().sin_cos();
        let place = |(x, y): Point| {
            (
                centre.0 + (x * cos - y * sin) * self.edge,
                centre.1 - (x * sin + y * cos) * self.edge,
            )
        };
        let ground = Outline::rect(centre.0 - reach, centre.1 - reach, reach * 2.0, reach * 2.0);
        canvas.fill(&ground, self.glaze.ground);
        let mut polygons = self.tiling.polygons(reach * 1.45 / self.edge);
        if self.rosettes {
            polygons = with_rosettes(polygons);
        }
        polygons.retain(|polygon| {
            polygon.iter().any(|&corner| {
                let (x, y) = place(corner);
                (x - centre.0).abs() < reach + self.edge * 2.0
                    && (y - centre.1).abs() < reach + self.edge * 2.0
            })
        });
        let all: Vec<Vec<Strand>> = polygons
            .iter()
            .map(|polygon| strands(polygon, self.angle))
            .collect();
        for set in &all {
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
                    self.nest(canvas, &star);
                }
            }
        }
        let mut lines = Outline::new();
        for strand in all.iter().flatten() {
            lines = lines.and_line(&strand.points.map(place));
        }
        let breadth = self.breadth * self.edge;
        let rim = (breadth * 0.14).clamp(1.6, 5.0);
        canvas.stroke_round(&lines, self.glaze.edge, breadth + rim * 2.0);
        canvas.stroke_round(&lines, self.glaze.line, breadth);
        if self.line == Line::Woven {
            self.weave(canvas, &all, place, breadth, rim);
        }
    }

    /// Sets smaller stars inside a large one, as cutters of tiles fill a field.
    fn nest(&self, canvas: &mut Canvas, star: &[Point]) {
        let c = crate::tiling::centre(star);
        let half = std::f64::consts::PI / (star.len() as f64 / 2.0);
        let [_, _, six, _] = self.glaze.stars;
        let rim = (self.breadth * self.edge * 0.1).clamp(1.4, 3.0);
        for (share, turn, colour) in [
            (0.72, 0.0, self.glaze.line),
            (0.64, 0.0, self.glaze.ground.mix(six, 0.12)),
            (0.40, half, self.glaze.line),
            (0.34, half, six.mix(self.glaze.edge, 0.25)),
        ] {
            let (sin, cos) = f64::sin_cos(turn);
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

    /// Draws each strand once more where it passes over, at the edge it leaves.
    fn weave(
        &self,
        canvas: &mut Canvas,
        all: &[Vec<Strand>],
        place: impl Fn(Point) -> Point,
        breadth: f64,
        rim: f64,
    ) {
        let crossing = (2.0 * self.angle).to_radians().sin().abs().max(0.35);
        let (mut edge, mut band) = (Outline::new(), Outline::new());
        for strand in all.iter().flatten() {
            let (p, q) = (place(strand.points[0]), place(strand.points[1]));
            let length = (q.0 - p.0).hypot(q.1 - p.1).max(1e-9);
            let reach = ((breadth / 2.0 + rim) / crossing * 1.25).min(length * 0.9);
            let piece = |reach: f64| {
                let (dx, dy) = ((q.0 - p.0) / length * reach, (q.1 - p.1) / length * reach);
                [(p.0 - dx, p.1 - dy), (p.0 + dx, p.1 + dy)]
            };
            edge = edge.and_line(&piece(reach));
            // A little longer, to cover the ends of the edge.
            band = band.and_line(&piece(reach + 2.0));
        }
        canvas.stroke(&edge, self.glaze.edge, breadth + rim * 2.0);
        canvas.stroke(&band, self.glaze.line, breadth);
    }
}

/// Cobalt, turquoise and white.
pub const COBALT: Glaze = Glaze {
    ground: ink(0x1f3f73),
    stars: [ink(0xe9b44c), ink(0x2a9d8f), ink(0xd9e4e8), ink(0xe9b44c)],
    line: ink(0xf6f1e4),
    edge: ink(0x14233c),
    paper: ink(0xf3eee2),
};
/// Green, ochre and black, the glazes of Fez.
pub const FEZ: Glaze = Glaze {
    ground: ink(0xf2ead6),
    stars: [ink(0x1e6b57), ink(0x1b3f8b), ink(0xc98a2b), ink(0x22252b)],
    line: ink(0xfbf7ea),
    edge: ink(0x33302a),
    paper: ink(0xf4efe4),
};
/// Walnut and ivory, inlaid wood.
pub const WALNUT: Glaze = Glaze {
    ground: ink(0x6b4226),
    stars: [ink(0x3b2416), ink(0xa9713f), ink(0xd9b98a), ink(0x3b2416)],
    line: ink(0xf0e3c8),
    edge: ink(0x2b190f),
    paper: ink(0xf1e9da),
};
/// Brick, rose and turquoise.
pub const BRICK: Glaze = Glaze {
    ground: ink(0xb9744c),
    stars: [ink(0x1f7f8c), ink(0xe6c99c), ink(0x1f7f8c), ink(0x8f4a30)],
    line: ink(0xf3e2c4),
    edge: ink(0x4b2a1c),
    paper: ink(0xf5ece0),
};
/// Midnight and gold, illumination.
pub const MIDNIGHT: Glaze = Glaze {
    ground: ink(0x16213d),
    stars: [ink(0x8c2f39), ink(0x2f5d62), ink(0x243a73), ink(0x8c2f39)],
    line: ink(0xdcb768),
    edge: ink(0x0b1222),
    paper: ink(0xf2ecdc),
};

/// Every pattern, by the name of its file.
pub fn patterns() -> Vec<(&'static str, Pattern)> {
    let of = |tiling, rosettes, angle, edge, turned, breadth, line, glaze| Pattern {
        tiling,
        rosettes,
        angle,
        edge,
        turned,
        breadth,
        line,
        glaze,
    };
    use Line::{Joint, Woven};
    vec![
        (
            "hexagons-six.png",
            of(
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
            of(
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
            of(Tiling::Octagons, false, 45.0, 130.0, 45.0, 0.07, Joint, FEZ),
        ),
        (
            "dodecagons-twelve.png",
            of(
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
            of(
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
            of(
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
            of(
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
            of(
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
            of(
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
            of(Tiling::Sixteens, true, 58.0, 165.0, 0.0, 0.05, Joint, FEZ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiling::{bow_tie, regular};

    #[test]
    fn a_regular_polygon_makes_one_star_of_its_own_number() {
        for sides in [6, 8, 10, 12, 16] {
            let set = strands(&regular(sides, (0.0, 0.0), 0.0), 54.0);
            let found = stars(&set);
            assert_eq!(found.len(), 1);
            assert_eq!(found.first().map(|star| star.0), Some(sides as usize));
        }
    }

    #[test]
    fn a_bow_tie_makes_two_small_figures_and_no_line_is_left_over() {
        let set = strands(&bow_tie((0.0, 0.0), 0.0), 54.0);
        assert_eq!(set.len(), 6);
        let counts: Vec<usize> = stars(&set).into_iter().map(|star| star.0).collect();
        assert_eq!(counts, [3, 3]);
    }

    #[test]
    fn strands_run_straight_on_into_the_neighbour() {
        // Two squares that share an edge: the line that leaves one continues a line
        // of the other.
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
            panic!("no strand leaves the shared edge");
        };
        assert!((a.0 + b.0).abs() < 1e-9 && (a.1 + b.1).abs() < 1e-9);
    }
}
