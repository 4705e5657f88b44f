//! Plain text.

use crate::build::clean;
use crate::model::{Format, Line, PageText};

/// The lines of a plain text; an empty line begins a paragraph.
pub(crate) fn read(text: &str) -> PageText {
    let mut starts = true;
    let mut lines = Vec::new();
    for line in text.lines() {
        let text = clean(line);
        if text.is_empty() {
            starts = true;
            continue;
        }
        lines.push(Line {
            text,
            starts: std::mem::take(&mut starts),
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
        whole_page: 0,
        misplaced: None,
    }
}
