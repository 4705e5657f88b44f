//! Text as HTML.

use khizana_model::{Direction, LangTag};

/// Adds a text, with what would be markup written out. A character that HTML forbids is one that stands
/// for it.
pub(super) fn push(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// The direction of a whole, by its first letter.
pub(super) fn direction(text: &str) -> &'static str {
    LangTag::und()
        .direction_of(text)
        .map_or("auto", Direction::as_str)
}
