//! A drawing surface with logical units and a `y` axis that points down. It is rendered with
//! anti-aliasing by tiny-skia.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash,
    Transform,
};

use crate::error::DemoError;
use crate::lettering::{Line, Segment};

/// A point in the units of a sheet.
pub type Point = (f64, f64);

/// A colour (`0xRRGGBB`) and its opacity, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink(pub u32, pub f32);

/// Returns an opaque ink.
pub const fn ink(rgb: u32) -> Ink {
    Ink(rgb, 1.0)
}

impl Ink {
    fn color(self) -> Color {
        let [_, r, g, b] = self.0.to_be_bytes();
        let mut color = Color::from_rgba8(r, g, b, 255);
        color.set_alpha(self.1);
        color
    }

    fn paint(self) -> Paint<'static> {
        let mut paint = Paint {
            anti_alias: true,
            ..Paint::default()
        };
        paint.set_color(self.color());
        paint
    }

    /// Interpolates between this colour (`share` = 0) and another (`share` = 1).
    pub fn mix(self, other: Ink, share: f64) -> Ink {
        let [_, r, g, b] = self.0.to_be_bytes();
        let [_, r2, g2, b2] = other.0.to_be_bytes();
        let channel = |a: u8, b: u8| {
            (f64::from(a) + (f64::from(b) - f64::from(a)) * share)
                .round()
                .clamp(0.0, 255.0) as u8
        };
        Ink(
            u32::from_be_bytes([0, channel(r, r2), channel(g, g2), channel(b, b2)]),
            self.1,
        )
    }
}

/// The point on a line of text that is placed at the given position.
#[derive(Clone, Copy, Debug)]
pub enum Anchor {
    /// The left end of the line.
    Left,
    /// The centre of the line.
    Middle,
    /// The right end of the line.
    Right,
}

/// A sheet of opaque paper.
pub struct Canvas {
    pixmap: Pixmap,
    scale: f32,
    mask: Option<Mask>,
}

impl Canvas {
    /// Creates a sheet of `width` × `height` units. `scale` is the number of pixels per unit.
    ///
    /// # Errors
    /// Returns [`DemoError::TooLarge`] if the memory for the image cannot be allocated.
    pub fn new(width: f64, height: f64, scale: f64, paper: Ink) -> Result<Self, DemoError> {
        let (w, h) = (
            (width * scale).round() as u32,
            (height * scale).round() as u32,
        );
        let mut pixmap = Pixmap::new(w, h).ok_or(DemoError::TooLarge {
            width: w,
            height: h,
        })?;
        pixmap.fill(paper.color());
        Ok(Self {
            pixmap,
            scale: scale as f32,
            mask: None,
        })
    }

    /// Returns the pixels.
    pub fn finish(self) -> Pixmap {
        self.pixmap
    }

    fn transform(&self) -> Transform {
        Transform::from_scale(self.scale, self.scale)
    }

    /// Restricts drawing to the inside of `outline` until [`Canvas::unclip`] is called.
    pub fn clip(&mut self, outline: &Outline) {
        let mask = outline.path().and_then(|path| {
            let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
            mask.fill_path(&path, FillRule::EvenOdd, true, self.transform());
            Some(mask)
        });
        self.mask = mask;
    }

    /// Removes the clip.
    pub fn unclip(&mut self) {
        self.mask = None;
    }

    /// Fills an outline with the even-odd rule.
    pub fn fill(&mut self, outline: &Outline, ink: Ink) {
        self.fill_with_rule(outline, ink, FillRule::EvenOdd);
    }

    fn fill_with_rule(&mut self, outline: &Outline, ink: Ink, rule: FillRule) {
        if let Some(path) = outline.path() {
            let transform = self.transform();
            self.pixmap
                .fill_path(&path, &ink.paint(), rule, transform, self.mask.as_ref());
        }
    }

    /// Strokes an outline with round joins and butt caps.
    pub fn stroke(&mut self, outline: &Outline, ink: Ink, width: f64) {
        self.stroke_with(outline, ink, width, LineCap::Butt, None);
    }

    /// Strokes an outline with round joins and round caps.
    pub fn stroke_round(&mut self, outline: &Outline, ink: Ink, width: f64) {
        self.stroke_with(outline, ink, width, LineCap::Round, None);
    }

    /// Strokes an outline with dashes of `on` units and gaps of `off` units.
    pub fn dash(&mut self, outline: &Outline, ink: Ink, width: f64, on: f64, off: f64) {
        let dash = StrokeDash::new(vec![on as f32, off as f32], 0.0);
        self.stroke_with(outline, ink, width, LineCap::Butt, dash);
    }

    fn stroke_with(
        &mut self,
        outline: &Outline,
        ink: Ink,
        width: f64,
        line_cap: LineCap,
        dash: Option<StrokeDash>,
    ) {
        if let Some(path) = outline.path() {
            let stroke = Stroke {
                width: width as f32,
                line_cap,
                line_join: LineJoin::Round,
                dash,
                ..Stroke::default()
            };
            let transform = self.transform();
            self.pixmap
                .stroke_path(&path, &ink.paint(), &stroke, transform, self.mask.as_ref());
        }
    }

    /// Draws a line of text with its baseline at `at`.
    pub fn text(&mut self, line: &Line, at: Point, anchor: Anchor, ink: Ink) {
        self.text_rotated(line, at, anchor, 0.0, ink);
    }

    /// Draws a line of text, rotated clockwise by `degrees` about `at`.
    pub fn text_rotated(&mut self, line: &Line, at: Point, anchor: Anchor, degrees: f64, ink: Ink) {
        let shift = match anchor {
            Anchor::Left => 0.0,
            Anchor::Middle => -line.width / 2.0,
            Anchor::Right => -line.width,
        };
        let (sin, cos) = degrees.to_radians().sin_cos();
        let outline = Outline::text(line, |(x, y)| {
            let (x, y) = (x + shift, -y);
            (at.0 + x * cos - y * sin, at.1 + x * sin + y * cos)
        });
        // The marks and letters of Amiri overlap, which the even-odd rule would leave unfilled.
        self.fill_with_rule(&outline, ink, FillRule::Winding);
    }

    /// Draws a line of text, transformed by `place`. This function maps each point of the outlines
    /// to the sheet; `x` is measured from the left end of the line, and `y` upwards from the
    /// baseline. `halo` is the colour and width of an outline that separates the letters from the
    /// background.
    pub fn text_transformed(
        &mut self,
        line: &Line,
        place: impl Fn(Point) -> Point,
        halo: Option<(Ink, f64)>,
        ink: Ink,
    ) {
        let outline = Outline::text(line, place);
        if let Some((colour, width)) = halo {
            self.stroke(&outline, colour, width * 2.0);
        }
        self.fill_with_rule(&outline, ink, FillRule::Winding);
    }

    /// Draws a line of text along a circle. The text is centred at `degrees` clockwise from the
    /// top. If `is_inward` is `true`, the tops of the letters point to the centre.
    pub fn text_on_circle(
        &mut self,
        line: &Line,
        centre: Point,
        radius: f64,
        degrees: f64,
        is_inward: bool,
        ink: Ink,
    ) {
        let centre_angle = degrees.to_radians();
        let outline = Outline::text(line, |(x, y)| {
            let along = (x - line.width / 2.0) / radius;
            let (angle, r) = if is_inward {
                (centre_angle - along, radius - y)
            } else {
                (centre_angle + along, radius + y)
            };
            (centre.0 + r * angle.sin(), centre.1 - r * angle.cos())
        });
        self.fill_with_rule(&outline, ink, FillRule::Winding);
    }
}

/// Contours to fill or stroke.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    builder: PathBuilder,
}

impl Outline {
    /// Creates an empty outline.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a circle.
    pub fn circle(centre: Point, radius: f64) -> Self {
        Self::new().and_circle(centre, radius)
    }

    /// Creates a ring between two circles.
    pub fn ring(centre: Point, inner: f64, outer: f64) -> Self {
        Self::circle(centre, outer).and_circle(centre, inner)
    }

    /// Creates a closed polygon.
    pub fn polygon(points: &[Point]) -> Self {
        Self::new().and_polygon(points)
    }

    /// Creates an open polyline.
    pub fn line(points: &[Point]) -> Self {
        Self::new().and_line(points)
    }

    /// Creates a rectangle from its upper left corner, width and height.
    pub fn rect(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self::polygon(&[
            (x, y),
            (x + width, y),
            (x + width, y + height),
            (x, y + height),
        ])
    }

    /// Adds a circle.
    pub fn and_circle(mut self, (x, y): Point, radius: f64) -> Self {
        self.builder
            .push_circle(x as f32, y as f32, radius.abs() as f32);
        self
    }

    /// Adds a closed polygon.
    pub fn and_polygon(self, points: &[Point]) -> Self {
        let mut outline = self.and_line(points);
        if !points.is_empty() {
            outline.builder.close();
        }
        outline
    }

    /// Adds an open polyline.
    pub fn and_line(mut self, points: &[Point]) -> Self {
        for (index, &(x, y)) in points.iter().enumerate() {
            if index == 0 {
                self.builder.move_to(x as f32, y as f32);
            } else {
                self.builder.line_to(x as f32, y as f32);
            }
        }
        self
    }

    fn text(line: &Line, place: impl Fn(Point) -> Point) -> Self {
        let mut outline = Self::new();
        let at = |x: f64, y: f64| {
            let (x, y) = place((x, y));
            (x as f32, y as f32)
        };
        let builder = &mut outline.builder;
        for segment in &line.segments {
            match *segment {
                Segment::Move(x, y) => {
                    let (x, y) = at(x, y);
                    builder.move_to(x, y);
                }
                Segment::Line(x, y) => {
                    let (x, y) = at(x, y);
                    builder.line_to(x, y);
                }
                Segment::Quad(x1, y1, x, y) => {
                    let ((x1, y1), (x, y)) = (at(x1, y1), at(x, y));
                    builder.quad_to(x1, y1, x, y);
                }
                Segment::Cubic(x1, y1, x2, y2, x, y) => {
                    let ((x1, y1), (x2, y2), (x, y)) = (at(x1, y1), at(x2, y2), at(x, y));
                    builder.cubic_to(x1, y1, x2, y2, x, y);
                }
                Segment::Close => builder.close(),
            }
        }
        outline
    }

    /// Returns the path, or `None` if the outline is empty.
    pub fn path(&self) -> Option<Path> {
        self.builder.clone().finish()
    }
}

/// Returns the point on a circle at `degrees` clockwise from the top.
pub fn on_circle(centre: Point, radius: f64, degrees: f64) -> Point {
    let (sin, cos) = degrees.to_radians().sin_cos();
    (centre.0 + radius * sin, centre.1 - radius * cos)
}

/// Returns the points on an arc between two angles, in degrees clockwise from the top. Adjacent
/// points are at most half a degree apart.
pub fn arc(centre: Point, radius: f64, start: f64, end: f64) -> Vec<Point> {
    let steps = ((end - start).abs() / 0.5).ceil().max(2.0) as u32;
    (0..=steps)
        .map(|step| {
            let share = f64::from(step) / f64::from(steps);
            on_circle(centre, radius, start + (end - start) * share)
        })
        .collect()
}
