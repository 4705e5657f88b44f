//! A PDF writer that produces searchable text: fonts are embedded as subsets, and a ToUnicode map
//! contains the text of each glyph.

use std::collections::BTreeMap;
use std::path::Path;

use pdf_writer::types::{CidFontType, Direction, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;
use tiny_skia::PathSegment;

use crate::canvas::{Anchor, Ink, Outline, Point};
use crate::error::DemoError;
use crate::lettering::{FontFiles, Fonts, Weight};
use crate::output;

/// The character collection of the fonts: Adobe-Identity, because the character codes are
/// arbitrary.
const CHARACTER_COLLECTION: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// The glyphs of a font that a document uses. Each pair of a glyph and its text has its own
/// character code, because a glyph can represent different texts in different words.
#[derive(Default)]
struct UsedGlyphs {
    codes: BTreeMap<(u16, String), u16>,
    glyphs: Vec<(u16, String)>,
}

impl UsedGlyphs {
    /// Returns the character code of a glyph that represents `text`. Code 0 is reserved for the
    /// missing glyph.
    fn code(&mut self, glyph: u16, text: &str) -> u16 {
        let key = (glyph, text.to_owned());
        let next = self.glyphs.len() as u16 + 1;
        *self.codes.entry(key.clone()).or_insert_with(|| {
            self.glyphs.push(key);
            next
        })
    }
}

/// A PDF document. The unit is the point, and the `y` axis points down.
pub struct Document<'f> {
    files: &'f FontFiles,
    fonts: Fonts<'f>,
    used: BTreeMap<(Weight, usize), UsedGlyphs>,
    size: (f64, f64),
    pages: Vec<Content>,
}

impl<'f> Document<'f> {
    /// Creates a document without pages. `size` is the width and height of its pages.
    pub fn new(files: &'f FontFiles, size: (f64, f64)) -> Self {
        Self {
            files,
            fonts: files.fonts(),
            used: BTreeMap::new(),
            size,
            pages: Vec::new(),
        }
    }

    /// Adds a page. Content is always drawn on the last page.
    pub fn add_page(&mut self) {
        self.pages.push(Content::new());
    }

    /// Returns the width of a line, in points.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
    pub fn width(&self, text: &str, weight: Weight, size: f64) -> Result<f64, DemoError> {
        Ok(self.fonts.glyphs(text, weight, size, 0.0)?.1)
    }

    /// Draws a line with its baseline at `at`. Each space is widened by `stretch`.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
    pub fn text(
        &mut self,
        text: &str,
        (weight, size): (Weight, f64),
        (at, anchor): (Point, Anchor),
        stretch: f64,
        ink: Ink,
    ) -> Result<(), DemoError> {
        let (glyphs, width) = self.fonts.glyphs(text, weight, size, stretch)?;
        let left = match anchor {
            Anchor::Left => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::Right => at.0 - width,
        };
        let Some(content) = self.pages.last_mut() else {
            return Ok(());
        };
        let [r, g, b] = rgb(ink);
        content.set_fill_rgb(r, g, b).begin_text();
        let mut current = None;
        for glyph in glyphs {
            let font = (weight, glyph.face);
            if current.replace(font) != Some(font) {
                content.set_font(Name(resource_name(font).as_bytes()), size as f32);
            }
            let code = self
                .used
                .entry(font)
                .or_default()
                .code(glyph.id, &glyph.text);
            let (x, y) = (
                left + glyph.position.0,
                self.size.1 - at.1 + glyph.position.1,
            );
            content
                .set_text_matrix([1.0, 0.0, 0.0, 1.0, round(x), round(y)])
                .show(Str(&code.to_be_bytes()));
        }
        content.end_text();
        Ok(())
    }

    /// Fills an outline with the even-odd rule.
    pub fn fill(&mut self, outline: &Outline, ink: Ink) {
        let [r, g, b] = rgb(ink);
        if let Some(content) = self.add_path(outline) {
            content.set_fill_rgb(r, g, b).fill_even_odd();
        }
    }

    /// Strokes an outline.
    pub fn stroke(&mut self, outline: &Outline, ink: Ink, width: f64) {
        let [r, g, b] = rgb(ink);
        if let Some(content) = self.add_path(outline) {
            content.set_stroke_rgb(r, g, b).set_line_width(width as f32);
            content.stroke();
        }
    }

    /// Adds the path of an outline to the content of the current page.
    fn add_path(&mut self, outline: &Outline) -> Option<&mut Content> {
        let path = outline.path()?;
        let content = self.pages.last_mut()?;
        let place = |p: tiny_skia::Point| (p.x, self.size.1 as f32 - p.y);
        let mut last = (0.0, 0.0);
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    last = place(to);
                    content.move_to(last.0, last.1);
                }
                PathSegment::LineTo(to) => {
                    last = place(to);
                    content.line_to(last.0, last.1);
                }
                PathSegment::QuadTo(control, to) => {
                    // The quadratic Bézier curve is converted to a cubic one.
                    let (control, to) = (place(control), place(to));
                    let cubic_control = |end: (f32, f32)| {
                        (
                            end.0 + (control.0 - end.0) * 2.0 / 3.0,
                            end.1 + (control.1 - end.1) * 2.0 / 3.0,
                        )
                    };
                    let (one, two) = (cubic_control(last), cubic_control(to));
                    content.cubic_to(one.0, one.1, two.0, two.1, to.0, to.1);
                    last = to;
                }
                PathSegment::CubicTo(one, two, to) => {
                    let (one, two) = (place(one), place(two));
                    last = place(to);
                    content.cubic_to(one.0, one.1, two.0, two.1, last.0, last.1);
                }
                PathSegment::Close => {
                    content.close_path();
                }
            }
        }
        Some(content)
    }

    /// Returns the bytes of the document. The document declares Arabic as its language and right to
    /// left as its reading direction. `path` is used in errors only.
    ///
    /// # Errors
    /// Returns [`DemoError::Unencodable`] if a font cannot be subset.
    pub fn finish(self, path: &Path, title: &str, author: &str) -> Result<Vec<u8>, DemoError> {
        let mut last = 0;
        let mut next = || {
            last += 1;
            Ref::new(last)
        };
        let (catalog, tree, info) = (next(), next(), next());
        let pages: Vec<(Ref, Ref)> = self.pages.iter().map(|_| (next(), next())).collect();
        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr("ar"));
        root.viewer_preferences()
            .direction(Direction::R2L)
            .display_doc_title(true);
        root.finish();
        let mut metadata = pdf.document_info(info);
        metadata.title(TextStr(title)).author(TextStr(author));
        metadata.finish();
        pdf.pages(tree)
            .kids(pages.iter().map(|page| page.0))
            .count(pages.len() as i32);
        let mut fonts = Vec::new();
        for (font, used) in &self.used {
            let ids = [(); 6].map(|()| next());
            self.write_font(&mut pdf, ids, *font, used)
                .map_err(|reason| DemoError::Unencodable {
                    path: path.to_owned(),
                    reason,
                })?;
            fonts.push((resource_name(*font), ids[0]));
        }
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        for ((page_id, content_id), content) in pages.iter().zip(self.pages) {
            let mut page = pdf.page(*page_id);
            page.parent(tree).contents(*content_id);
            page.media_box(Rect::new(0.0, 0.0, width, height));
            let mut resources = page.resources();
            let mut font_resources = resources.fonts();
            for (name, font) in &fonts {
                font_resources.pair(Name(name.as_bytes()), *font);
            }
            font_resources.finish();
            resources.finish();
            page.finish();
            write_stream(&mut pdf, *content_id, &content.finish());
        }
        Ok(pdf.finish())
    }

    /// Writes a subset of a font that contains the used glyphs.
    fn write_font(
        &self,
        pdf: &mut Pdf,
        [id, descendant, descriptor, file, to_unicode, cid_to_gid]: [Ref; 6],
        (weight, face): (Weight, usize),
        used: &UsedGlyphs,
    ) -> Result<(), String> {
        let source = self
            .fonts
            .faces(weight)
            .get(face)
            .ok_or("a text refers to a font that does not exist")?;
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = vec![0u16];
        let mut cmap = UnicodeCmap::new(Name(b"Letters"), CHARACTER_COLLECTION);
        for (index, (glyph, text)) in used.glyphs.iter().enumerate() {
            glyphs.push(remapper.remap(*glyph));
            if !text.is_empty() {
                cmap.pair_with_multiple(index as u16 + 1, text.chars());
            }
        }
        let bytes = subsetter::subset(self.files.bytes(weight, face), 0, &remapper)
            .map_err(|error| error.to_string())?;

        let style = match weight {
            Weight::Regular => "Regular",
            Weight::Bold => "Bold",
        };
        // The name of a subset has a prefix of six capital letters.
        let subset = char::from(b'A' + face as u8);
        let base = format!("KHIZA{subset}+Amiri-{style}");
        let base = Name(base.as_bytes());
        let thousandth = 1000.0 / f64::from(source.units_per_em());
        let scaled = |value: i16| (f64::from(value) * thousandth) as f32;

        pdf.type0_font(id)
            .base_font(base)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(to_unicode);
        let mut cid = pdf.cid_font(descendant);
        cid.subtype(CidFontType::Type2)
            .base_font(base)
            .system_info(CHARACTER_COLLECTION)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_stream(cid_to_gid);
        let widths = used.glyphs.iter().map(|(glyph, _)| {
            let glyph = rustybuzz::ttf_parser::GlyphId(*glyph);
            let advance = source.glyph_hor_advance(glyph).unwrap_or(0);
            (f64::from(advance) * thousandth) as f32
        });
        cid.widths().consecutive(1, widths);
        cid.finish();
        let bounds = source.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(base)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                scaled(bounds.x_min),
                scaled(bounds.y_min),
                scaled(bounds.x_max),
                scaled(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(scaled(source.ascender()))
            .descent(scaled(source.descender()))
            .cap_height(scaled(source.capital_height().unwrap_or(source.ascender())))
            .stem_v(80.0)
            .font_file2(file);
        write_stream(pdf, file, &bytes);
        write_stream(pdf, to_unicode, &cmap.finish());
        let glyphs: Vec<u8> = glyphs.into_iter().flat_map(u16::to_be_bytes).collect();
        write_stream(pdf, cid_to_gid, &glyphs);
        Ok(())
    }
}

fn write_stream(pdf: &mut Pdf, id: Ref, bytes: &[u8]) {
    pdf.stream(id, &output::zlib_compress(bytes))
        .filter(Filter::FlateDecode);
}

/// Returns the resource name of a font.
fn resource_name((weight, face): (Weight, usize)) -> String {
    format!("{weight:?}{face}")
}

fn rgb(Ink(rgb, _): Ink) -> [f32; 3] {
    let [_, r, g, b] = rgb.to_be_bytes();
    [r, g, b].map(|part| f32::from(part) / 255.0)
}

/// Rounds a number of points to a hundredth.
fn round(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}
