//! Parser for plain text.

use crate::build::normalise_text;
use crate::model::{Format, Line, PageText};

/// Parses plain text. Empty lines separate paragraphs.
pub(crate) fn parse(text: &str) -> PageText {
    let mut starts_paragraph = true;
    let mut lines = Vec::new();
    for line in text.lines() {
        let text = normalise_text(line);
        if text.is_empty() {
            starts_paragraph = true;
            continue;
        }
        lines.push(Line {
            text,
            starts_paragraph: std::mem::take(&mut starts_paragraph),
            language: None,
            direction: None,
            area: None,
            words: Vec::new(),
        });
    }
    PageText {
        format: Format::Plain,
        size: None,
        lines,
        whole_page_positions: 0,
        invalid_positions: None,
    }
}
