//! The text of a page: its lines, their words, and their positions.

use khizana_model::{Direction, LangTag};

/// The text of one page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageText {
    /// Format of the file.
    pub format: Format,
    /// Width and height of the page in the unit of the file: pixels or, in ALTO, possibly fractions
    /// of an inch or of a millimetre. `None` if the file does not contain them, in which case no
    /// line or word has a position.
    pub size: Option<(f64, f64)>,
    /// Lines in reading order.
    pub lines: Vec<Line>,
    /// Number of omitted positions that cover the whole page.
    pub whole_page_positions: u32,
    /// Omitted positions that are not valid numbers, if any.
    pub invalid_positions: Option<InvalidPositions>,
}

/// The format of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PAGE XML (PRImA).
    PageXml,
    /// ALTO (Library of Congress).
    Alto,
    /// hOCR.
    Hocr,
    /// TEI.
    Tei,
    /// Plain text.
    Plain,
}

/// Positions that are not valid numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPositions {
    /// Line number of the first invalid position in the file, starting at 1.
    pub line: u64,
    /// Number of invalid positions.
    pub count: u32,
}

/// A line of text on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Text of the line, without line breaks and with single spaces.
    pub text: String,
    /// `true` if the line starts a paragraph or a region.
    pub starts_paragraph: bool,
    /// Language of the line, if the file specifies it.
    pub language: Option<LangTag>,
    /// Writing direction of the line, if the file specifies it.
    pub direction: Option<Direction>,
    /// Bounding box of the line, if known.
    pub area: Option<Area>,
    /// Words of the line whose positions are known, in the order of the text.
    pub words: Vec<Word>,
}

/// A word in a line, with its position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// Start of the word in [`Line::text`], in bytes of UTF-8.
    pub start: usize,
    /// End of the word in [`Line::text`], in bytes of UTF-8.
    pub end: usize,
    /// Bounding box of the word.
    pub area: Area,
}

/// A rectangle on a page, relative to the width and height of the page: 0 is the left or upper edge
/// of the page, and 1 is the right or lower edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Area {
    /// Returns the smallest rectangle of whole pixels that contains the area in an image of the
    /// given size, as its left edge, top edge, width and height.
    pub fn to_pixels(&self, width: u32, height: u32) -> [u32; 4] {
        let span = |start: f64, end: f64, length: u32| {
            let length = f64::from(length.max(1));
            // The tolerance absorbs rounding errors, which must not add a pixel.
            let start = (start * length + 1e-6).floor().clamp(0.0, length - 1.0);
            let end = (end * length - 1e-6).ceil().clamp(start + 1.0, length);
            (start as u32, (end - start) as u32)
        };
        let (x, w) = span(self.left, self.right, width);
        let (y, h) = span(self.top, self.bottom, height);
        [x, y, w, h]
    }
}

/// Returns `true` if the aspect ratio of a page differs by at most 2 % from that of an image.
pub fn is_proportional(page: (f64, f64), image: (u32, u32)) -> bool {
    let page_ratio = page.0 / page.1;
    let image_ratio = f64::from(image.0.max(1)) / f64::from(image.1.max(1));
    (page_ratio / image_ratio - 1.0).abs() <= 0.02
}

impl PageText {
    /// Returns the text without positions. Each line ends with a line break, and an empty line
    /// separates paragraphs.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            if line.starts_paragraph && !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }

    /// Returns `true` if the positions are valid for an image of the given size in pixels, that is,
    /// if the aspect ratio of the page differs by at most 2 % from that of the image. The positions
    /// are not valid for an image that was rotated after they were determined.
    pub fn matches_image(&self, width: u32, height: u32) -> bool {
        self.size
            .is_some_and(|page| is_proportional(page, (width, height)))
    }

    /// Returns `true` if any line or word has a position.
    pub fn has_positions(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.area.is_some() || !line.words.is_empty())
    }
}
