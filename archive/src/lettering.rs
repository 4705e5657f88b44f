//! Text as outlines: ordered by the bidirectional algorithm, shaped by rustybuzz.

use std::ops::Range;
use std::path::Path;

use rustybuzz::{BufferClusterLevel, Direction, Face, GlyphBuffer, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::error::DemoError;
use crate::woff;

/// The subsets a weight is split into, the one tried first at the front.
const SUBSETS: [&str; 3] = ["arabic", "latin", "latin-ext"];

/// The two weights the archive is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// 400.
    Regular,
    /// 700.
    Bold,
}

/// The bytes of the fonts, unwrapped.
pub struct FontFiles {
    regular: Vec<Vec<u8>>,
    bold: Vec<Vec<u8>>,
}

impl FontFiles {
    /// Reads the Amiri fonts of the npm package `@fontsource/amiri` from `folder`.
    ///
    /// # Errors
    /// [`DemoError::FontMissing`] and [`DemoError::FontDamaged`].
    pub fn read(folder: &Path) -> Result<Self, DemoError> {
        let weight = |number: u32| -> Result<Vec<Vec<u8>>, DemoError> {
            SUBSETS
                .iter()
                .map(|subset| {
                    let path = folder.join(format!("amiri-{subset}-{number}-normal.woff"));
                    let bytes = std::fs::read(&path)
                        .map_err(|_| DemoError::FontMissing { path: path.clone() })?;
                    let sfnt = woff::to_sfnt(&bytes).map_err(|what| DemoError::FontDamaged {
                        path: path.clone(),
                        what,
                    })?;
                    if Face::from_slice(&sfnt, 0).is_none() {
                        return Err(DemoError::FontDamaged {
                            path,
                            what: "its tables are not those of a font".into(),
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

    /// The bytes of one font of a weight.
    pub fn bytes(&self, weight: Weight, face: usize) -> &[u8] {
        let files = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        files.get(face).map_or(&[], Vec::as_slice)
    }

    /// The fonts, ready to shape with.
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

/// Fonts to shape text with.
pub struct Fonts<'a> {
    regular: Vec<Face<'a>>,
    bold: Vec<Face<'a>>,
}

/// One step of an outline; `y` grows upward from the baseline.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Begin a contour.
    Move(f64, f64),
    /// A straight line.
    Line(f64, f64),
    /// A quadratic curve.
    Quad(f64, f64, f64, f64),
    /// A cubic curve.
    Cubic(f64, f64, f64, f64, f64, f64),
    /// Close the contour.
    Close,
}

/// One line of set text, its left end at the origin.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The outlines of all glyphs, from left to right.
    pub steps: Vec<Step>,
    /// The advance of the whole line.
    pub width: f64,
}

/// A glyph of a line that is kept as text.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// Which font of the weight it is from.
    pub face: usize,
    /// Its number in that font.
    pub id: u16,
    /// The letters it stands for; a part of a letter that another glyph has named stands for none.
    pub text: String,
    /// Where it is drawn, from the left end of the line and up from the baseline.
    pub at: (f64, f64),
}

impl<'a> Fonts<'a> {
    /// The fonts of a weight, the one tried first at the front.
    pub fn faces(&self, weight: Weight) -> &[Face<'a>] {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Sets one line of text at `size` units to the em. The direction of the line
    /// is that of its first strong character.
    ///
    /// # Errors
    /// [`DemoError::GlyphMissing`] where no font holds a character.
    pub fn line(&self, text: &str, weight: Weight, size: f64) -> Result<Line, DemoError> {
        let faces = self.faces(weight);
        let mut line = Line::default();
        for run in runs(faces, text)? {
            let Some((face, part)) = run.of(faces, text) else {
                continue;
            };
            let scale = size / f64::from(face.units_per_em());
            let shaped = shape(face, part, run.rtl);
            for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
                let mut pen = Pen {
                    scale,
                    x: line.width + f64::from(position.x_offset) * scale,
                    y: f64::from(position.y_offset) * scale,
                    steps: &mut line.steps,
                };
                let glyph = rustybuzz::ttf_parser::GlyphId(info.glyph_id as u16);
                face.outline_glyph(glyph, &mut pen);
                line.width += f64::from(position.x_advance) * scale;
            }
        }
        Ok(line)
    }

    /// Sets one line as glyphs that know their letters, in the order in which they are read, and says how
    /// long it is. Each space is `stretch` wider than it is in the font.
    ///
    /// # Errors
    /// [`DemoError::GlyphMissing`] where no font holds a character.
    pub fn glyphs(
        &self,
        text: &str,
        weight: Weight,
        size: f64,
        stretch: f64,
    ) -> Result<(Vec<Glyph>, f64), DemoError> {
        let faces = self.faces(weight);
        let mut width = 0.0;
        let mut all: Vec<(usize, Glyph)> = Vec::new();
        for run in runs(faces, text)? {
            let Some((face, part)) = run.of(faces, text) else {
                continue;
            };
            let scale = size / f64::from(face.units_per_em());
            let shaped = shape(face, part, run.rtl);
            let mut starts: Vec<usize> = shaped
                .glyph_infos()
                .iter()
                .map(|info| info.cluster as usize)
                .collect();
            starts.sort_unstable();
            starts.dedup();
            let mut own = Vec::new();
            for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
                let start = info.cluster as usize;
                let end = starts.iter().find(|other| **other > start);
                let letters = part.get(start..end.copied().unwrap_or(part.len()));
                let letters = letters.unwrap_or_default();
                let at = (
                    width + f64::from(position.x_offset) * scale,
                    f64::from(position.y_offset) * scale,
                );
                let glyph = Glyph {
                    face: run.face,
                    id: info.glyph_id as u16,
                    text: letters.to_owned(),
                    at,
                };
                own.push((run.range.start + start, glyph));
                width += f64::from(position.x_advance) * scale;
                if letters == " " {
                    width += stretch;
                }
            }
            if run.rtl {
                own.reverse();
            }
            all.extend(own);
        }
        all.sort_by_key(|(start, _)| *start);
        let mut before = None;
        for (start, glyph) in &mut all {
            if before.replace(*start) == Some(*start) {
                glyph.text.clear();
            }
        }
        Ok((all.into_iter().map(|(_, glyph)| glyph).collect(), width))
    }
}

/// A part of a line in one direction and one font.
struct Run {
    face: usize,
    range: Range<usize>,
    rtl: bool,
}

impl Run {
    fn of<'f, 'a, 't>(
        &self,
        faces: &'f [Face<'a>],
        text: &'t str,
    ) -> Option<(&'f Face<'a>, &'t str)> {
        Some((faces.get(self.face)?, text.get(self.range.clone())?))
    }
}

/// The runs of a line, from left to right.
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
            let rtl = levels.get(run.start).is_some_and(Level::is_rtl);
            let mut parts = split_by_face(faces, run, text)?;
            if rtl {
                parts.reverse();
            }
            out.extend(
                parts
                    .into_iter()
                    .map(|(face, range)| Run { face, range, rtl }),
            );
        }
    }
    Ok(out)
}

/// Cuts a run where the font that holds its characters changes.
fn split_by_face(
    faces: &[Face],
    run: Range<usize>,
    whole: &str,
) -> Result<Vec<(usize, Range<usize>)>, DemoError> {
    let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
    let text = whole.get(run.clone()).unwrap_or_default();
    for (at, character) in text.char_indices() {
        let at = run.start + at;
        let end = at + character.len_utf8();
        let holds = |face: &Face| face.glyph_index(character).is_some();
        let current = parts.last().map(|part| part.0);
        let joins = matches!(character, '\u{200c}' | '\u{200d}');
        let chosen = match current {
            Some(index) if joins || faces.get(index).is_some_and(holds) => Some(index),
            _ => faces.iter().position(holds),
        };
        let index = chosen.ok_or_else(|| DemoError::GlyphMissing {
            character,
            text: whole.to_owned(),
        })?;
        match parts.last_mut() {
            Some(part) if part.0 == index => part.1.end = end,
            _ => parts.push((index, at..end)),
        }
    }
    Ok(parts)
}

/// Shapes one run; each glyph knows the letter at which it begins.
fn shape(face: &Face, text: &str, rtl: bool) -> GlyphBuffer {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_cluster_level(BufferClusterLevel::Characters);
    buffer.set_direction(if rtl {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    rustybuzz::shape(face, &[], buffer)
}

struct Pen<'s> {
    scale: f64,
    x: f64,
    y: f64,
    steps: &'s mut Vec<Step>,
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
        self.steps.push(Step::Move(x, y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Line(x, y));
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Quad(x1, y1, x, y));
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x2, y2) = self.at(x2, y2);
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Cubic(x1, y1, x2, y2, x, y));
    }
    fn close(&mut self) {
        self.steps.push(Step::Close);
    }
}
