//! Helpers for writing HTML.

use khizana_model::{Direction, LangTag};
use khizana_pages::escape;

/// Appends a text with its markup characters escaped. Control characters that HTML does not allow
/// are replaced with U+FFFD.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let allowed = |c: char| match c {
        '\t' | '\n' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let text: String = text.chars().map(allowed).collect();
    out.push_str(&escape(&text));
}

/// Returns the value of the `dir` attribute for a text, which depends on the first letter of the
/// text.
pub(super) fn direction(text: &str) -> &'static str {
    LangTag::und()
        .direction_of(text)
        .map_or("auto", Direction::as_str)
}
