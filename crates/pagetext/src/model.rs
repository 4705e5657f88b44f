//! What is read: lines, their words, and their places.

use khizana_model::{Direction, LangTag};

/// The text of one page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageText {
    /// How it is written.
    pub format: Format,
    /// Width and height of the page, in the unit in which the file measures: pixels of the image that
    /// was read, or, in ALTO, parts of an inch or a millimetre. `None` where the file does not say;
    /// nothing has a place then.
    pub size: Option<(f64, f64)>,
    /// Its lines, as they are read one after the other.
    pub lines: Vec<Line>,
    /// Places that were all of the page, which say nothing: they were left out.
    pub whole_page: u32,
    /// Places that could not be read, and were left out.
    pub misplaced: Option<Misplaced>,
}

/// How the text of a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PAGE XML, of PRImA.
    PageXml,
    /// ALTO, of the Library of Congress.
    Alto,
    /// hOCR.
    Hocr,
    /// TEI.
    Tei,
    /// Text without anything.
    Plain,
}

/// Places that are no numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced {
    /// The line in the file of the first of them, from 1.
    pub line: u64,
    /// How many.
    pub count: u32,
}

/// A line of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its text: one line, with single spaces.
    pub text: String,
    /// Whether it begins a paragraph or a region.
    pub starts: bool,
    /// Its language, where the file says one.
    pub language: Option<LangTag>,
    /// Its direction, where the file says one.
    pub direction: Option<Direction>,
    /// Its place.
    pub area: Option<Area>,
    /// The words of it that have places, in order.
    pub words: Vec<Word>,
}

/// A word of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// Where it begins in the text of the line, in bytes of UTF-8.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its place.
    pub area: Area,
}

/// A part of a page, in shares of its width and height: 0 is the left or the upper edge, 1 the right
/// or the lower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its right edge.
    pub right: f64,
    /// Its lower edge.
    pub bottom: f64,
}

impl Area {
    /// The least box of whole pixels around it, on an image: left edge, upper edge, width, height.
    pub fn on(&self, width: u32, height: u32) -> [u32; 4] {
        let along = |from: f64, to: f64, length: u32| {
            let whole = f64::from(length.max(1));
            // A millionth of a pixel is an error of calculation and no pixel more.
            let from = (from * whole + 1e-6).floor().clamp(0.0, whole - 1.0);
            let to = (to * whole - 1e-6).ceil().clamp(from + 1.0, whole);
            (from as u32, (to - from) as u32)
        };
        let (x, w) = along(self.left, self.right, width);
        let (y, h) = along(self.top, self.bottom, height);
        [x, y, w, h]
    }
}

impl PageText {
    /// The text alone: a line for each line, an empty one before each paragraph.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            if line.starts && !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }

    /// Whether the places fit an image: its proportions are those of the page, as far as a crop of a
    /// fiftieth goes. A text of the image before it was turned does not fit.
    pub fn fits(&self, width: u32, height: u32) -> bool {
        self.size.is_some_and(|(own_width, own_height)| {
            let own = own_width / own_height;
            let image = f64::from(width.max(1)) / f64::from(height.max(1));
            (own / image - 1.0).abs() <= 0.02
        })
    }

    /// Whether anything has a place.
    pub fn has_places(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.area.is_some() || !line.words.is_empty())
    }
}
