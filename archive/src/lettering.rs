//! Text as outlines: ordered by the bidirectional algorithm, shaped by rustybuzz.

use std::path::Path;

use rustybuzz::{Direction, Face, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::error::DemoError;
use crate::woff;

/// The subsets a weight is split into, the one tried first at the front.
const SUBSETS: [&str; 3] = ["arabic", "latin", "latin-ext"];

/// The two weights the archive is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Fonts<'_> {
    /// Sets one line of text at `size` units to the em. The direction of the line
    /// is that of its first strong character.
    ///
    /// # Errors
    /// [`DemoError::GlyphMissing`] where no font holds a character.
    pub fn line(&self, text: &str, weight: Weight, size: f64) -> Result<Line, DemoError> {
        let faces = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        let level = if text.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}')) {
            Level::rtl()
        } else {
            Level::ltr()
        };
        let bidi = BidiInfo::new(text, Some(level));
        let mut line = Line::default();
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let rtl = levels.get(run.start).is_some_and(Level::is_rtl);
                let mut parts = split_by_face(faces, text.get(run).unwrap_or_default(), text)?;
                if rtl {
                    parts.reverse();
                }
                for (face, part) in parts {
                    shape(face, part, rtl, size, &mut line);
                }
            }
        }
        Ok(line)
    }
}

/// Cuts a run where the font that holds its characters changes.
fn split_by_face<'r, 'f, 'a>(
    faces: &'f [Face<'a>],
    run: &'r str,
    whole: &str,
) -> Result<Vec<(&'f Face<'a>, &'r str)>, DemoError> {
    let mut parts: Vec<(usize, usize, usize)> = Vec::new();
    for (at, character) in run.char_indices() {
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
            Some(part) if part.0 == index => part.2 = end,
            _ => parts.push((index, at, end)),
        }
    }
    Ok(parts
        .into_iter()
        .filter_map(|(index, start, end)| Some((faces.get(index)?, run.get(start..end)?)))
        .collect())
}

/// Shapes one run and appends it to the line.
fn shape(face: &Face, text: &str, rtl: bool, size: f64, line: &mut Line) {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if rtl {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let scale = size / f64::from(face.units_per_em());
    let shaped = rustybuzz::shape(face, &[], buffer);
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
