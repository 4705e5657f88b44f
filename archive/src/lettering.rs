//! Text layout: bidirectional ordering by the Unicode algorithm, and shaping by rustybuzz.

use std::ops::Range;
use std::path::Path;

use rustybuzz::{BufferClusterLevel, Direction, Face, GlyphBuffer, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::error::DemoError;
use crate::woff;

/// The font subsets of each weight, in order of preference.
const SUBSETS: [&str; 3] = ["arabic", "latin", "latin-ext"];

/// A font weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Weight 400.
    Regular,
    /// Weight 700.
    Bold,
}

/// The font files, converted to sfnt.
pub struct FontFiles {
    regular: Vec<Vec<u8>>,
    bold: Vec<Vec<u8>>,
}

impl FontFiles {
    /// Reads the Amiri fonts of the npm package `@fontsource/amiri` from `folder`.
    ///
    /// # Errors
    /// Returns [`DemoError::FontMissing`] if a font file cannot be read, and
    /// [`DemoError::FontDamaged`] if one is not a supported WOFF 1.0 file.
    pub fn read(folder: &Path) -> Result<Self, DemoError> {
        let weight = |number: u32| -> Result<Vec<Vec<u8>>, DemoError> {
            SUBSETS
                .iter()
                .map(|subset| {
                    let path = folder.join(format!("amiri-{subset}-{number}-normal.woff"));
                    let bytes = std::fs::read(&path)
                        .map_err(|_| DemoError::FontMissing { path: path.clone() })?;
                    let sfnt = woff::to_sfnt(&bytes).map_err(|reason| DemoError::FontDamaged {
                        path: path.clone(),
                        reason,
                    })?;
                    if Face::from_slice(&sfnt, 0).is_none() {
                        return Err(DemoError::FontDamaged {
                            path,
                            reason: "its tables do not form a valid font".into(),
                        });
                    }
                    Ok(sfnt)
                })
                .collect()
        };
        Ok(Self {
            regular: weight(400)?,
            bold: weight(700)?,
        })
    }

    /// Returns the bytes of the font with the index `face` in a weight.
    pub fn bytes(&self, weight: Weight, face: usize) -> &[u8] {
        let files = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        files.get(face).map_or(&[], Vec::as_slice)
    }

    /// Returns the parsed fonts.
    pub fn fonts(&self) -> Fonts<'_> {
        fn faces(files: &[Vec<u8>]) -> Vec<Face<'_>> {
            files
                .iter()
                .filter_map(|file| Face::from_slice(file, 0))
                .collect()
        }
        Fonts {
            regular: faces(&self.regular),
            bold: faces(&self.bold),
        }
    }
}

/// Parsed fonts for shaping.
pub struct Fonts<'a> {
    regular: Vec<Face<'a>>,
    bold: Vec<Face<'a>>,
}

/// A segment of an outline. The `y` axis points upwards from the baseline.
#[derive(Clone, Copy, Debug)]
pub enum Segment {
    /// The start of a contour.
    Move(f64, f64),
    /// A straight line.
    Line(f64, f64),
    /// A quadratic Bézier curve.
    Quad(f64, f64, f64, f64),
    /// A cubic Bézier curve.
    Cubic(f64, f64, f64, f64, f64, f64),
    /// The end of a contour.
    Close,
}

/// The outlines of a line of text. The origin is the left end of the baseline.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Outlines of all glyphs, from left to right.
    pub segments: Vec<Segment>,
    /// Advance width of the line, in the units of its font size.
    pub width: f64,
}

/// A positioned glyph and the text that it represents.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// Index of the font among the fonts of the weight.
    pub face: usize,
    /// Glyph index in the font.
    pub id: u16,
    /// Text that the glyph represents. If several glyphs represent the same text, only the first
    /// has it.
    pub text: String,
    /// Position, relative to the left end of the baseline.
    pub position: (f64, f64),
}

impl<'a> Fonts<'a> {
    /// Returns the fonts of a weight, in order of preference.
    pub fn faces(&self, weight: Weight) -> &[Face<'a>] {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Lays out a line of text. `size` is the number of units per em. A line that contains
    /// right-to-left letters runs from right to left.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
    pub fn line(&self, text: &str, weight: Weight, size: f64) -> Result<Line, DemoError> {
        let faces = self.faces(weight);
        let mut line = Line::default();
        for run in runs(faces, text)? {
            let Some((face, part)) = run.resolve(faces, text) else {
                continue;
            };
            let scale = size / f64::from(face.units_per_em());
            let shaped = shape(face, part, run.is_rtl);
            for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
                let mut pen = Pen {
                    scale,
                    x: line.width + f64::from(position.x_offset) * scale,
                    y: f64::from(position.y_offset) * scale,
                    segments: &mut line.segments,
                };
                let glyph = rustybuzz::ttf_parser::GlyphId(info.glyph_id as u16);
                face.outline_glyph(glyph, &mut pen);
                line.width += f64::from(position.x_advance) * scale;
            }
        }
        Ok(line)
    }

    /// Lays out a line of text. Returns its glyphs in logical order, and its width. Each space is
    /// widened by `stretch`.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
    pub fn glyphs(
        &self,
        text: &str,
        weight: Weight,
        size: f64,
        stretch: f64,
    ) -> Result<(Vec<Glyph>, f64), DemoError> {
        let faces = self.faces(weight);
        let mut width = 0.0;
        let mut glyphs: Vec<(usize, Glyph)> = Vec::new();
        for run in runs(faces, text)? {
            let Some((face, part)) = run.resolve(faces, text) else {
                continue;
            };
            let scale = size / f64::from(face.units_per_em());
            let shaped = shape(face, part, run.is_rtl);
            let mut starts: Vec<usize> = shaped
                .glyph_infos()
                .iter()
                .map(|info| info.cluster as usize)
                .collect();
            starts.sort_unstable();
            starts.dedup();
            let mut run_glyphs = Vec::new();
            for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
                let start = info.cluster as usize;
                let end = starts.iter().find(|other| **other > start);
                let letters = part.get(start..end.copied().unwrap_or(part.len()));
                let letters = letters.unwrap_or_default();
                let position_in_line = (
                    width + f64::from(position.x_offset) * scale,
                    f64::from(position.y_offset) * scale,
                );
                let glyph = Glyph {
                    face: run.face,
                    id: info.glyph_id as u16,
                    text: letters.to_owned(),
                    position: position_in_line,
                };
                run_glyphs.push((run.range.start + start, glyph));
                width += f64::from(position.x_advance) * scale;
                if letters == " " {
                    width += stretch;
                }
            }
            if run.is_rtl {
                run_glyphs.reverse();
            }
            glyphs.extend(run_glyphs);
        }
        glyphs.sort_by_key(|(start, _)| *start);
        let mut previous_start = None;
        for (start, glyph) in &mut glyphs {
            if previous_start.replace(*start) == Some(*start) {
                glyph.text.clear();
            }
        }
        let glyphs = glyphs.into_iter().map(|(_, glyph)| glyph).collect();
        Ok((glyphs, width))
    }
}

/// A part of a line that has a single direction and font.
struct Run {
    face: usize,
    range: Range<usize>,
    is_rtl: bool,
}

impl Run {
    /// Returns the font and the text of the run.
    fn resolve<'f, 'a, 't>(
        &self,
        faces: &'f [Face<'a>],
        text: &'t str,
    ) -> Option<(&'f Face<'a>, &'t str)> {
        Some((faces.get(self.face)?, text.get(self.range.clone())?))
    }
}

/// Splits a line into runs, in visual order from left to right.
fn runs(faces: &[Face], text: &str) -> Result<Vec<Run>, DemoError> {
    let level = if text.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}')) {
        Level::rtl()
    } else {
        Level::ltr()
    };
    let bidi = BidiInfo::new(text, Some(level));
    let mut out = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
            let mut parts = split_by_face(faces, run, text)?;
            if is_rtl {
                parts.reverse();
            }
            out.extend(parts.into_iter().map(|(face, range)| Run {
                face,
                range,
                is_rtl,
            }));
        }
    }
    Ok(out)
}

/// Splits a run where the font changes. Each character uses the font of the previous character if
/// possible, otherwise the first font that contains it.
fn split_by_face(
    faces: &[Face],
    run: Range<usize>,
    line: &str,
) -> Result<Vec<(usize, Range<usize>)>, DemoError> {
    let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
    let text = line.get(run.clone()).unwrap_or_default();
    for (offset, character) in text.char_indices() {
        let start = run.start + offset;
        let end = start + character.len_utf8();
        let contains = |face: &Face| face.glyph_index(character).is_some();
        let current = parts.last().map(|part| part.0);
        let is_joiner = matches!(character, '\u{200c}' | '\u{200d}');
        let index = match current {
            Some(index) if is_joiner || faces.get(index).is_some_and(contains) => Some(index),
            _ => faces.iter().position(contains),
        };
        let index = index.ok_or_else(|| DemoError::GlyphMissing {
            character,
            text: line.to_owned(),
        })?;
        match parts.last_mut() {
            Some(part) if part.0 == index => part.1.end = end,
            _ => parts.push((index, start..end)),
        }
    }
    Ok(parts)
}

/// Shapes a run. The cluster of each glyph is the byte offset of its first character.
fn shape(face: &Face, text: &str, is_rtl: bool) -> GlyphBuffer {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_cluster_level(BufferClusterLevel::Characters);
    buffer.set_direction(if is_rtl {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    rustybuzz::shape(face, &[], buffer)
}

/// Collects the outline of a glyph, scaled and moved to its position.
struct Pen<'s> {
    scale: f64,
    x: f64,
    y: f64,
    segments: &'s mut Vec<Segment>,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (
            self.x + f64::from(x) * self.scale,
            self.y + f64::from(y) * self.scale,
        )
    }
}

impl rustybuzz::ttf_parser::OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.segments.push(Segment::Move(x, y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.segments.push(Segment::Line(x, y));
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x, y) = self.at(x, y);
        self.segments.push(Segment::Quad(x1, y1, x, y));
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x2, y2) = self.at(x2, y2);
        let (x, y) = self.at(x, y);
        self.segments.push(Segment::Cubic(x1, y1, x2, y2, x, y));
    }
    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}
