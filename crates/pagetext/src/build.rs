//! Conversion of parsed elements to the lines of [`PageText`], shared by all XML formats.

use khizana_model::{Direction, LangTag, message};

use crate::error::PageTextError;
use crate::language;
use crate::model::{Area, Format, InvalidPositions, Line, PageText, Word};
use crate::position::{BoundingBox, Coverage, parse_number};
use crate::tree::Element;

/// Maximum number of lines per page. A newspaper page has about 2,000.
const MAX_LINES: usize = 20_000;
/// Maximum number of words per line.
const MAX_WORDS: usize = 2_000;

/// Returns the only page of a file, or `None` if the file has no page. Several pages are an error.
pub(crate) fn single_page<'a>(pages: &[&'a Element]) -> Result<Option<&'a Element>, PageTextError> {
    match pages {
        [_, second, ..] => Err(PageTextError::MultiplePages {
            line: second.line,
            count: pages.len(),
        }),
        pages => Ok(pages.first().copied()),
    }
}

/// Attributes of an element that its descendants inherit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inherited {
    pub(crate) language: Option<LangTag>,
    pub(crate) direction: Option<Direction>,
}

impl Inherited {
    /// Returns the attributes that apply to the content of `element`. The language is taken from
    /// the first of `language_attributes` that has a valid value.
    pub(crate) fn within(
        &self,
        element: &Element,
        language_attributes: &[&str],
        direction: Option<Direction>,
    ) -> Inherited {
        let language = language_attributes
            .iter()
            .find_map(|name| language::parse(element.get(name)?));
        Inherited {
            language: language.or_else(|| self.language.clone()),
            direction: direction.or(self.direction),
        }
    }
}

/// A word as parsed from a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct DraftWord {
    pub(crate) text: String,
    /// `true` if a space separates the word from the preceding word.
    pub(crate) has_space_before: bool,
    pub(crate) bounds: Option<BoundingBox>,
}

/// A line as parsed from a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct DraftLine {
    /// Text of the line. If it is `None`, the words are joined to form the text.
    pub(crate) text: Option<String>,
    pub(crate) words: Vec<DraftWord>,
    pub(crate) bounds: Option<BoundingBox>,
}

/// Builds a [`PageText`] line by line.
pub(crate) struct PageBuilder {
    page: PageText,
    /// `true` if the next line starts a paragraph.
    starts_paragraph: bool,
}

impl PageBuilder {
    pub(crate) fn new(format: Format) -> PageBuilder {
        PageBuilder {
            page: PageText {
                format,
                size: None,
                lines: Vec::new(),
                whole_page_positions: 0,
                invalid_positions: None,
            },
            starts_paragraph: true,
        }
    }

    /// Sets the size of the page. Has no effect unless both dimensions are given and positive.
    pub(crate) fn set_size(&mut self, width: Option<f64>, height: Option<f64>) {
        if let (Some(width), Some(height)) = (width, height)
            && width > 0.0
            && height > 0.0
        {
            self.page.size = Some((width, height));
        }
    }

    pub(crate) fn has_size(&self) -> bool {
        self.page.size.is_some()
    }

    /// Marks the next line as the first line of a paragraph.
    pub(crate) fn start_paragraph(&mut self) {
        self.starts_paragraph = true;
    }

    /// Counts an element whose position is invalid.
    pub(crate) fn report_invalid_position(&mut self, element: &Element) {
        let invalid = self.page.invalid_positions.get_or_insert(InvalidPositions {
            line: element.line,
            count: 0,
        });
        invalid.count = invalid.count.saturating_add(1);
    }

    /// Parses a position that is stored in four attributes: the left and top edges, followed by the
    /// width and height if `is_size` is `true`, or otherwise by the right and bottom edges.
    pub(crate) fn bounds_in_attributes(
        &mut self,
        element: &Element,
        names: [&str; 4],
        is_size: bool,
    ) -> Option<BoundingBox> {
        let [x, y, w, h] = names.map(|name| element.get(name));
        // An element without these attributes is valid and has no position.
        if x.is_none() && y.is_none() && w.is_none() && h.is_none() {
            return None;
        }
        let numbers = [x?, y?, w?, h?].map(parse_number);
        let [Some(x), Some(y), Some(w), Some(h)] = numbers else {
            self.report_invalid_position(element);
            return None;
        };
        Some(match is_size {
            true => BoundingBox(x, y, x + w, y + h),
            false => BoundingBox(x, y, w, h),
        })
    }

    /// Parses a position that is stored as a list of points in one attribute.
    pub(crate) fn bounds_of_points(
        &mut self,
        element: &Element,
        name: &str,
    ) -> Option<BoundingBox> {
        let points = element.get(name)?;
        let bounds = BoundingBox::of_points(points);
        if bounds.is_none() {
            self.report_invalid_position(element);
        }
        bounds
    }

    fn area(&mut self, bounds: Option<BoundingBox>) -> Option<Area> {
        match bounds?.coverage(self.page.size?) {
            Coverage::Part(area) => Some(area),
            Coverage::WholePage => {
                self.page.whole_page_positions = self.page.whole_page_positions.saturating_add(1);
                None
            }
            Coverage::Nothing => None,
        }
    }

    /// Adds a line. If its text contains line breaks, it is split into several lines with the same
    /// position. No line is added for an empty text.
    pub(crate) fn add_line(
        &mut self,
        element: &Element,
        inherited: &Inherited,
        mut draft: DraftLine,
    ) -> Result<(), PageTextError> {
        let too_large = |unit, max| PageTextError::TooLarge {
            line: element.line,
            unit,
            max,
        };
        if draft.words.len() > MAX_WORDS {
            return Err(too_large(message!("words in a line"), MAX_WORDS));
        }
        // Some programs do not write spaces. In that case, all words are separated by spaces.
        let has_spaces = draft.words.iter().skip(1).any(|word| word.has_space_before);
        for word in &mut draft.words {
            word.has_space_before |= !has_spaces;
        }
        let word_bounds = draft
            .words
            .iter()
            .filter_map(|word| word.bounds)
            .reduce(BoundingBox::union);
        let area = self.area(draft.bounds.or(word_bounds));
        let text = draft.text.filter(|text| !text.trim().is_empty());
        let texts: Vec<String> = match &text {
            Some(text) => text.lines().map(normalise_text).collect(),
            None => vec![join_words(&draft.words)],
        };
        let is_single_line = texts.len() == 1;
        for text in texts {
            if text.is_empty() {
                continue;
            }
            if self.page.lines.len() >= MAX_LINES {
                return Err(too_large(message!("lines"), MAX_LINES));
            }
            let words = if is_single_line {
                self.locate_words(&text, &draft.words)
            } else {
                Vec::new()
            };
            self.page.lines.push(Line {
                words,
                text,
                starts_paragraph: std::mem::take(&mut self.starts_paragraph),
                language: inherited.language.clone(),
                direction: inherited.direction,
                area,
            });
        }
        Ok(())
    }

    /// Finds the words in the text of their line. Words that do not occur there or have no position
    /// are omitted.
    fn locate_words(&mut self, text: &str, drafts: &[DraftWord]) -> Vec<Word> {
        let mut words = Vec::new();
        let mut search_start = 0;
        for draft in drafts {
            let word = normalise_text(&draft.text);
            let offset = text
                .get(search_start..)
                .filter(|_| !word.is_empty())
                .and_then(|rest| rest.find(&word));
            let Some(offset) = offset else { continue };
            let start = search_start + offset;
            let end = start + word.len();
            search_start = end;
            if let Some(area) = self.area(draft.bounds) {
                words.push(Word { start, end, area });
            }
        }
        words
    }

    pub(crate) fn finish(self) -> PageText {
        self.page
    }
}

fn join_words(words: &[DraftWord]) -> String {
    let mut out = String::new();
    for word in words {
        let text = normalise_text(&word.text);
        if word.has_space_before && !out.is_empty() && !text.is_empty() {
            out.push(' ');
        }
        out.push_str(&text);
    }
    out
}

/// Appends a soft hyphen to the first part of a word that a file declares as divided, unless it ends
/// with a mark that divides words.
pub(crate) fn mark_divided_word(text: &mut String) {
    let part = text.trim_end();
    if part.ends_with(char::is_alphanumeric) {
        text.truncate(part.len());
        text.push('\u{ad}');
    }
}

/// Collapses white space into single spaces, and removes surrounding white space, control
/// characters and explicit bidirectional formatting characters.
pub(crate) fn normalise_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_not_bidi_control = |c: &char| !matches!(*c as u32, 0x202A..=0x202E | 0x2066..=0x2069);
    for c in text.chars().filter(is_not_bidi_control) {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() {
            out.push(c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}
