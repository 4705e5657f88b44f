//! Text as HTML.

use khizana_model::{Direction, LangTag};
use khizana_pages::escape;

/// Adds a text, with what would be markup written out. A character that HTML forbids is one that stands
/// for it.
pub(super) fn push(out: &mut String, text: &str) {
    let allowed = |c: char| match c {
        '\t' | '\n' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let text: String = text.chars().map(allowed).collect();
    out.push_str(&escape(&text));
}

/// The direction of a whole, by its first letter.
pub(super) fn direction(text: &str) -> &'static str {
    LangTag::und()
        .direction_of(text)
        .map_or("auto", Direction::as_str)
}
