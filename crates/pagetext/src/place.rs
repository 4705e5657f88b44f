//! Places, as the formats write them.

use crate::model::Area;

/// A place in the unit of the page: left, upper, right and lower edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edges(
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) f64,
);

/// What a place comes to on a page.
pub(crate) enum Placed {
    /// A part of the page.
    Part(Area),
    /// All of it.
    Whole,
    /// Nothing of it, or nothing at all.
    Nowhere,
}

/// A share of the page beyond which a place is the whole page.
const WHOLE: f64 = 0.95;

/// A number, which may have a unit of `px`; none where it is not finite or beyond all pages.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number: f64 = text.strip_suffix("px").unwrap_or(text).parse().ok()?;
    (number.abs() < 1e9).then_some(number)
}

impl Edges {
    /// The box around points: `0,0 40,0 40,12`.
    pub(crate) fn around(points: &str) -> Option<Edges> {
        let mut numbers = points
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map(number);
        let mut edges: Option<Edges> = None;
        while let Some(x) = numbers.next() {
            let (x, y) = (x?, numbers.next()??);
            let point = Edges(x, y, x, y);
            edges = Some(edges.map_or(point, |edges| edges.with(point)));
        }
        edges
    }

    /// The box around both.
    pub(crate) fn with(self, other: Edges) -> Edges {
        Edges(
            self.0.min(other.0),
            self.1.min(other.1),
            self.2.max(other.2),
            self.3.max(other.3),
        )
    }

    /// Where it lies on a page of this width and height.
    pub(crate) fn on(self, (width, height): (f64, f64)) -> Placed {
        let share = |at: f64, length: f64| (at / length).clamp(0.0, 1.0);
        let area = Area {
            left: share(self.0, width),
            top: share(self.1, height),
            right: share(self.2, width),
            bottom: share(self.3, height),
        };
        let (wide, high) = (area.right - area.left, area.bottom - area.top);
        if wide <= 0.0 || high <= 0.0 {
            Placed::Nowhere
        } else if wide >= WHOLE && high >= WHOLE {
            Placed::Whole
        } else {
            Placed::Part(area)
        }
    }
}
