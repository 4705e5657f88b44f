//! Extraction of the glyphs and images of a page without rendering it.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

/// Maximum number of glyphs per page. Any further glyphs are ignored.
const MAX_GLYPHS: usize = 200_000;

/// A glyph with its text. Coordinates are in points, relative to the upper left corner of the page
/// after rotation, along the writing direction and perpendicular to it.
#[derive(Debug, Clone, PartialEq)]
pub struct TextGlyph {
    /// Text of the glyph. The letters of a ligature are in logical order.
    pub text: String,
    /// Start along the writing direction.
    pub start: f64,
    /// End along the writing direction.
    pub end: f64,
    /// Position of the baseline perpendicular to the writing direction.
    pub baseline: f64,
    /// Font size in points.
    pub size: f64,
    /// Writing direction in degrees: 0 is to the right, 90 is downwards.
    pub angle: i32,
}

/// An image on a page.
#[derive(Debug, Clone, Copy)]
pub struct PlacedImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Bounding box on the page, in points.
    pub area: Rect,
}

/// The content of a page.
#[derive(Debug, Default)]
pub struct PageContent {
    pub glyphs: Vec<TextGlyph>,
    pub images: Vec<PlacedImage>,
    /// `true` if the page has visible content other than images, that is, paths or glyphs.
    pub has_vector_content: bool,
    /// Total number of dashes in all stroked paths. The renderer creates a path for each dash.
    pub dashes: f64,
}

impl PageContent {
    /// Adds the number of dashes in a path of the given length.
    fn count_dashes(&mut self, mode: &DrawMode, length: impl FnOnce() -> f64) {
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode
            && !stroke.dash_array.is_empty()
        {
            let period: f64 = stroke.dash_array.iter().copied().map(f64::from).sum();
            self.dashes += length() / period.max(f64::MIN_POSITIVE);
        }
    }

    fn add_glyph(&mut self, glyph: &Glyph<'_>, transform: Affine, is_vertical: bool) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => return,
        };
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(type3) => type3.advance_width(),
        };
        // Glyph space has 1,000 units per em.
        let origin = transform * Point::ORIGIN;
        let up = transform * Point::new(0.0, 1000.0) - origin;
        let along = if is_vertical {
            -up
        } else {
            transform * Point::new(1000.0, 0.0) - origin
        };
        let (size, length) = (up.hypot(), along.hypot());
        if !(size.is_finite() && length.is_finite() && size > 0.0 && length > 0.0) {
            return;
        }
        let angle = along.atan2().to_degrees().round();
        let (sin, cos) = angle.to_radians().sin_cos();
        let start = origin.x * cos + origin.y * sin;
        let width = match advance {
            Some(advance) if !is_vertical => f64::from(advance) / 1000.0 * length,
            _ => size,
        };
        self.glyphs.push(TextGlyph {
            text,
            start,
            end: start + width.clamp(0.0, 20.0 * size),
            baseline: origin.y * cos - origin.x * sin,
            size,
            angle: angle as i32,
        });
    }
}

impl Device<'_> for PageContent {
    fn draw_path(&mut self, path: &BezPath, _: DrawProps<'_>, mode: &DrawMode) {
        self.has_vector_content = true;
        self.count_dashes(mode, || path.perimeter(1.0));
    }

    fn draw_rect(&mut self, rect: &Rect, _: DrawProps<'_>, mode: &DrawMode) {
        self.has_vector_content = true;
        self.count_dashes(mode, || rect.perimeter(1.0));
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, mode: &DrawMode) {
        self.has_vector_content |= !matches!(mode, DrawMode::Invisible);
        let is_vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        let run_start = self.glyphs.len();
        for glyph in run.glyphs() {
            if self.glyphs.len() < MAX_GLYPHS {
                self.add_glyph(glyph, props.transform * glyph.transform(), is_vertical);
            }
        }
        // Text that is filled and stroked is reported twice.
        let (before, run_glyphs) = self.glyphs.split_at(run_start);
        if matches!(mode, DrawMode::Stroke(_)) && before.ends_with(run_glyphs) {
            self.glyphs.truncate(run_start);
        }
    }

    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        let (width, height) = (image.width(), image.height());
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        self.images.push(PlacedImage {
            width,
            height,
            area: props.transform.transform_rect_bbox(bounds),
        });
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
