//! A page gone through without being drawn: which letters stand where, and which images.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

/// Letters of a page beyond this are not taken.
const MOST_LETTERS: usize = 200_000;

/// A glyph and what it means. Places are in points from the upper left corner of the upright page,
/// measured along the direction in which the text runs, and across it.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// What it means; several letters of a ligature in the order in which they are read.
    pub text: String,
    /// Where it begins, along.
    pub from: f64,
    /// Where it ends, along.
    pub to: f64,
    /// Where its base line is, across.
    pub base: f64,
    /// The size of its type.
    pub size: f64,
    /// In which direction its text runs, in degrees: 0 to the right, 90 downwards.
    pub turn: i32,
}

/// An image that is drawn on a page.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where it is drawn, in points.
    pub area: Rect,
}

/// What was found on a page.
#[derive(Debug, Default)]
pub struct Walk {
    pub letters: Vec<Letter>,
    pub images: Vec<Drawn>,
    /// Whether anything else is drawn that is seen: lines, areas, letters.
    pub has_marks: bool,
    /// How many dashes its lines are drawn in: each of them is a line of its own.
    pub dashes: f64,
}

impl Walk {
    /// Counts the dashes of a line.
    fn dash(&mut self, mode: &DrawMode, length: impl FnOnce() -> f64) {
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode
            && !stroke.dash_array.is_empty()
        {
            let period: f64 = stroke.dash_array.iter().copied().map(f64::from).sum();
            self.dashes += length() / period.max(f64::MIN_POSITIVE);
        }
    }

    fn letter(&mut self, glyph: &Glyph<'_>, transform: Affine, vertical: bool) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => return,
        };
        let advance = match glyph {
            Glyph::Outline(own) => own.advance_width(),
            Glyph::Type3(own) => own.advance_width(),
        };
        // A glyph is drawn in thousandths of its size.
        let origin = transform * Point::ORIGIN;
        let up = transform * Point::new(0.0, 1000.0) - origin;
        let along = if vertical {
            -up
        } else {
            transform * Point::new(1000.0, 0.0) - origin
        };
        let (size, length) = (up.hypot(), along.hypot());
        if !(size.is_finite() && length.is_finite() && size > 0.0 && length > 0.0) {
            return;
        }
        let turn = along.atan2().to_degrees().round();
        let (sin, cos) = turn.to_radians().sin_cos();
        let from = origin.x * cos + origin.y * sin;
        let width = match advance {
            Some(advance) if !vertical => f64::from(advance) / 1000.0 * length,
            _ => size,
        };
        self.letters.push(Letter {
            text,
            from,
            to: from + width.clamp(0.0, 20.0 * size),
            base: origin.y * cos - origin.x * sin,
            size,
            turn: turn as i32,
        });
    }
}

impl Device<'_> for Walk {
    fn draw_path(&mut self, path: &BezPath, _: DrawProps<'_>, mode: &DrawMode) {
        self.has_marks = true;
        self.dash(mode, || path.perimeter(1.0));
    }

    fn draw_rect(&mut self, rect: &Rect, _: DrawProps<'_>, mode: &DrawMode) {
        self.has_marks = true;
        self.dash(mode, || rect.perimeter(1.0));
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, mode: &DrawMode) {
        self.has_marks |= !matches!(mode, DrawMode::Invisible);
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        let start = self.letters.len();
        for glyph in run.glyphs() {
            if self.letters.len() < MOST_LETTERS {
                self.letter(glyph, props.transform * glyph.transform(), vertical);
            }
        }
        // What is filled and outlined comes twice.
        let (before, own) = self.letters.split_at(start);
        if matches!(mode, DrawMode::Stroke(_)) && before.ends_with(own) {
            self.letters.truncate(start);
        }
    }

    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        let (width, height) = (image.width(), image.height());
        let whole = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        self.images.push(Drawn {
            width,
            height,
            area: props.transform.transform_rect_bbox(whole),
        });
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
