//! A PDF whose text is text: typefaces are in it, cut down to the glyphs that are drawn, and each glyph
//! says which letters it stands for.

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

/// How the letters of a typeface in a PDF are numbered: by nothing that others know.
const NUMBERS: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// What is drawn of a font: a number for each glyph and the letters it stands for, since one glyph may stand
/// for several in different words.
#[derive(Default)]
struct Used {
    numbers: BTreeMap<(u16, String), u16>,
    glyphs: Vec<(u16, String)>,
}

impl Used {
    /// The number in the PDF; 0 is the glyph for what is missing.
    fn number(&mut self, glyph: u16, text: &str) -> u16 {
        let key = (glyph, text.to_owned());
        let next = self.glyphs.len() as u16 + 1;
        *self.numbers.entry(key.clone()).or_insert_with(|| {
            self.glyphs.push(key);
            next
        })
    }
}

/// A document; its unit is the point, `y` downward.
pub struct Document<'f> {
    files: &'f FontFiles,
    fonts: Fonts<'f>,
    used: BTreeMap<(Weight, usize), Used>,
    size: (f64, f64),
    pages: Vec<Content>,
}

impl<'f> Document<'f> {
    /// A document of pages of this size, without any yet.
    pub fn new(files: &'f FontFiles, size: (f64, f64)) -> Self {
        Self {
            files,
            fonts: files.fonts(),
            used: BTreeMap::new(),
            size,
            pages: Vec::new(),
        }
    }

    /// Begins a page.
    pub fn page(&mut self) {
        self.pages.push(Content::new());
    }

    /// How long a line is.
    ///
    /// # Errors
    /// [`DemoError::GlyphMissing`].
    pub fn width(&self, text: &str, weight: Weight, size: f64) -> Result<f64, DemoError> {
        Ok(self.fonts.glyphs(text, weight, size, 0.0)?.1)
    }

    /// Sets a line with its baseline at `at`, each of its spaces so much wider.
    ///
    /// # Errors
    /// [`DemoError::GlyphMissing`].
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
        let [r, g, b] = parts(ink);
        content.set_fill_rgb(r, g, b).begin_text();
        let mut current = None;
        for glyph in glyphs {
            let font = (weight, glyph.face);
            if current.replace(font) != Some(font) {
                content.set_font(Name(name(font).as_bytes()), size as f32);
            }
            let number = self
                .used
                .entry(font)
                .or_default()
                .number(glyph.id, &glyph.text);
            let (x, y) = (left + glyph.at.0, self.size.1 - at.1 + glyph.at.1);
            content
                .set_text_matrix([1.0, 0.0, 0.0, 1.0, round(x), round(y)])
                .show(Str(&number.to_be_bytes()));
        }
        content.end_text();
        Ok(())
    }

    /// Fills an outline; where it overlaps itself it is left open.
    pub fn fill(&mut self, outline: &Outline, ink: Ink) {
        let [r, g, b] = parts(ink);
        if let Some(content) = self.path(outline) {
            content.set_fill_rgb(r, g, b).fill_even_odd();
        }
    }

    /// Strokes an outline.
    pub fn stroke(&mut self, outline: &Outline, ink: Ink, width: f64) {
        let [r, g, b] = parts(ink);
        if let Some(content) = self.path(outline) {
            content.set_stroke_rgb(r, g, b).set_line_width(width as f32);
            content.stroke();
        }
    }

    fn path(&mut self, outline: &Outline) -> Option<&mut Content> {
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
                PathSegment::QuadTo(by, to) => {
                    let (by, to) = (place(by), place(to));
                    let near = |end: (f32, f32)| {
                        (
                            end.0 + (by.0 - end.0) * 2.0 / 3.0,
                            end.1 + (by.1 - end.1) * 2.0 / 3.0,
                        )
                    };
                    let (one, two) = (near(last), near(to));
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

    /// The bytes of the file `path`, in Arabic and read from the right.
    ///
    /// # Errors
    /// [`DemoError::Unencodable`] where a typeface cannot be cut down.
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
        let mut about = pdf.document_info(info);
        about.title(TextStr(title)).author(TextStr(author));
        about.finish();
        pdf.pages(tree)
            .kids(pages.iter().map(|page| page.0))
            .count(pages.len() as i32);
        let mut fonts = Vec::new();
        for (font, used) in &self.used {
            let own = [(); 6].map(|()| next());
            self.font(&mut pdf, own, *font, used)
                .map_err(|what| DemoError::Unencodable {
                    path: path.to_owned(),
                    what,
                })?;
            fonts.push((name(*font), own[0]));
        }
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        for ((page, content), drawn) in pages.iter().zip(self.pages) {
            let mut own = pdf.page(*page);
            own.parent(tree).contents(*content);
            own.media_box(Rect::new(0.0, 0.0, width, height));
            let mut resources = own.resources();
            let mut named = resources.fonts();
            for (name, font) in &fonts {
                named.pair(Name(name.as_bytes()), *font);
            }
            named.finish();
            resources.finish();
            own.finish();
            stream(&mut pdf, *content, &drawn.finish());
        }
        Ok(pdf.finish())
    }

    /// Writes a font, cut down to what is used of it.
    fn font(
        &self,
        pdf: &mut Pdf,
        [id, descendant, descriptor, file, letters, map]: [Ref; 6],
        (weight, face): (Weight, usize),
        used: &Used,
    ) -> Result<(), String> {
        let source = self.fonts.faces(weight).get(face).ok_or("no such font")?;
        let mut kept = GlyphRemapper::new();
        let mut glyphs = vec![0u16];
        let mut cmap = UnicodeCmap::new(Name(b"Letters"), NUMBERS);
        for (index, (glyph, text)) in used.glyphs.iter().enumerate() {
            glyphs.push(kept.remap(*glyph));
            if !text.is_empty() {
                cmap.pair_with_multiple(index as u16 + 1, text.chars());
            }
        }
        let bytes = subsetter::subset(self.files.bytes(weight, face), 0, &kept)
            .map_err(|error| error.to_string())?;

        let style = match weight {
            Weight::Regular => "Regular",
            Weight::Bold => "Bold",
        };
        // A font that is cut down has six capitals before its name.
        let subset = char::from(b'A' + face as u8);
        let base = format!("KHIZA{subset}+Amiri-{style}");
        let base = Name(base.as_bytes());
        let thousandth = 1000.0 / f64::from(source.units_per_em());
        let scaled = |value: i16| (f64::from(value) * thousandth) as f32;

        pdf.type0_font(id)
            .base_font(base)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(letters);
        let mut cid = pdf.cid_font(descendant);
        cid.subtype(CidFontType::Type2)
            .base_font(base)
            .system_info(NUMBERS)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_stream(map);
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
        stream(pdf, file, &bytes);
        stream(pdf, letters, &cmap.finish());
        let glyphs: Vec<u8> = glyphs.into_iter().flat_map(u16::to_be_bytes).collect();
        stream(pdf, map, &glyphs);
        Ok(())
    }
}

fn stream(pdf: &mut Pdf, id: Ref, bytes: &[u8]) {
    pdf.stream(id, &output::deflated(bytes))
        .filter(Filter::FlateDecode);
}

/// What a font is called on a page.
fn name((weight, face): (Weight, usize)) -> String {
    format!("{weight:?}{face}")
}

fn parts(Ink(rgb, _): Ink) -> [f32; 3] {
    let [_, r, g, b] = rgb.to_be_bytes();
    [r, g, b].map(|part| f32::from(part) / 255.0)
}

/// A hundredth of a point is enough.
fn round(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}
