//! Parser for positions as they are written in the supported formats.

use crate::model::Area;

/// A bounding box in the unit of the page: left, top, right and bottom edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BoundingBox(
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) f64,
);

/// The part of a page that a bounding box covers.
pub(crate) enum Coverage {
    /// The box covers this part of the page.
    Part(Area),
    /// The box covers the whole page, or nearly so.
    WholePage,
    /// The box covers nothing, because it is empty or outside the page.
    Nothing,
}

/// Minimum share of both the width and the height of a page that counts as the whole page.
const WHOLE_PAGE: f64 = 0.95;

/// Parses a number with an optional unit `px`. Returns `None` if it is invalid, not finite or too
/// large.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number: f64 = text.strip_suffix("px").unwrap_or(text).parse().ok()?;
    (number.abs() < 1e9).then_some(number)
}

impl BoundingBox {
    /// Returns the bounding box of a list of points, such as `0,0 40,0 40,12`.
    pub(crate) fn of_points(points: &str) -> Option<BoundingBox> {
        let mut numbers = points
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map(parse_number);
        let mut bounds: Option<BoundingBox> = None;
        while let Some(x) = numbers.next() {
            let (x, y) = (x?, numbers.next()??);
            let point = BoundingBox(x, y, x, y);
            bounds = Some(bounds.map_or(point, |bounds| bounds.union(point)));
        }
        bounds
    }

    /// Returns `true` if the box has no width or no height.
    pub(crate) fn is_empty(self) -> bool {
        self.2 <= self.0 || self.3 <= self.1
    }

    /// Returns the smallest bounding box that contains both boxes.
    pub(crate) fn union(self, other: BoundingBox) -> BoundingBox {
        BoundingBox(
            self.0.min(other.0),
            self.1.min(other.1),
            self.2.max(other.2),
            self.3.max(other.3),
        )
    }

    /// Returns the part of a page of the given size that the box covers.
    pub(crate) fn coverage(self, (width, height): (f64, f64)) -> Coverage {
        let relative = |position: f64, length: f64| (position / length).clamp(0.0, 1.0);
        let area = Area {
            left: relative(self.0, width),
            top: relative(self.1, height),
            right: relative(self.2, width),
            bottom: relative(self.3, height),
        };
        let (width, height) = (area.right - area.left, area.bottom - area.top);
        if width <= 0.0 || height <= 0.0 {
            Coverage::Nothing
        } else if width >= WHOLE_PAGE && height >= WHOLE_PAGE {
            Coverage::WholePage
        } else {
            Coverage::Part(area)
        }
    }
}
