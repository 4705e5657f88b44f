//! Cleaning of text from tables and embedded metadata.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::natural;

/// A cleaned text and the problems that were found in it.
#[derive(Debug, PartialEq, Eq)]
pub struct CleanText {
    /// The text in NFC, trimmed, with `\n` as the line end.
    pub text: String,
    /// `true` if bidirectional control characters were removed because they were unbalanced or
    /// override the direction.
    pub removed_bidi: bool,
    /// `true` if the text looks like markup. Markup is not changed.
    pub has_markup: bool,
}

/// Normalises a text to NFC, trims it and unifies its line ends. Removes all bidirectional control
/// characters if they are unbalanced or override the direction of text.
///
/// # Errors
/// Returns the first control character that is neither a line end nor a tab, if there is one.
pub fn clean(text: &str) -> Result<CleanText, char> {
    let text = text.trim();
    let mut clean = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        _ => text.nfc().collect(),
    };
    if clean.contains('\r') {
        clean = clean.replace("\r\n", "\n").replace('\r', "\n");
    }
    if let Some(control) = clean
        .chars()
        .find(|c| c.is_control() && !"\n\t".contains(*c))
    {
        return Err(control);
    }
    let removed_bidi = !is_bidi_balanced(&clean);
    if removed_bidi {
        clean.retain(|c| !is_bidi_control(c));
        clean = clean.trim().to_owned();
    }
    Ok(CleanText {
        has_markup: looks_like_markup(&clean),
        text: clean,
        removed_bidi,
    })
}

fn is_bidi_control(c: char) -> bool {
    matches!(c as u32, 0x202A..=0x202E | 0x2066..=0x2069)
}

/// Returns `true` if all embeddings and isolates are closed in the right order and there are no
/// overrides. With overrides, a text can be displayed in an order that differs from its meaning.
fn is_bidi_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '\u{202D}' | '\u{202E}' => return false,
            '\u{202A}' | '\u{202B}' => open.push('\u{202C}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202C}' | '\u{2069}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Returns `true` if the text seems to contain a tag, such as `<b`, `</p` or `<!--`.
fn looks_like_markup(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        c == '<'
            && text.get(at + 1..).is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
                    && rest.contains('>')
            })
    })
}

/// Replaces Arabic-Indic and Extended Arabic-Indic digits with ASCII digits.
pub(super) fn ascii_digits(text: &str) -> String {
    text.chars()
        .map(|c| {
            natural::digit(c)
                .and_then(|d| char::from_digit(d, 10))
                .unwrap_or(c)
        })
        .collect()
}

/// Parses decimal degrees, written with ASCII or Arabic digits and with a point or the Arabic
/// decimal separator.
pub(super) fn parse_degrees(text: &str) -> Option<f64> {
    let text = ascii_digits(text)
        .replace('\u{066B}', ".")
        .replace('\u{2212}', "-");
    let is_plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.".contains(&b));
    is_plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        clean(text).unwrap().text
    }

    #[test]
    fn normalises_and_trims_text() {
        assert_eq!(cleaned(" e\u{301}te\u{301}\u{a0}"), "été");
        assert_eq!(cleaned("ا\u{654}"), "أ");
        assert_eq!(cleaned("a\r\nb\rc\td"), "a\nb\nc\td");
    }

    #[test]
    fn rejects_control_characters() {
        assert_eq!(clean("a\0b"), Err('\0'));
        assert_eq!(clean("a\u{1b}[2J"), Err('\u{1b}'));
        assert_eq!(clean("a\u{9b}"), Err('\u{9b}'));
    }

    #[test]
    fn removes_overrides_and_unbalanced_bidi_controls() {
        for (text, expected, is_removed) in [
            ("abc\u{202e}gpj.exe", "abcgpj.exe", true),
            ("\u{202e}abc\u{202c}", "abc", true),
            ("a\u{2067}b", "ab", true),
            ("a\u{2069}b", "ab", true),
            ("\u{202b}\u{2067}a\u{202c}\u{2069}", "a", true),
            (
                "a \u{2067}كتاب\u{2069} b",
                "a \u{2067}كتاب\u{2069} b",
                false,
            ),
            ("\u{202b}كتاب\u{202c}", "\u{202b}كتاب\u{202c}", false),
            ("كتاب\u{200f}!", "كتاب\u{200f}!", false),
        ] {
            let clean = clean(text).unwrap();
            assert_eq!(
                (clean.text.as_str(), clean.removed_bidi),
                (expected, is_removed),
                "{text:?}"
            );
        }
    }

    #[test]
    fn detects_markup_without_changing_it() {
        let script = clean("<script>alert(1)</script>").unwrap();
        assert!(script.has_markup && script.text == "<script>alert(1)</script>");
        assert!(clean("x <!-- y -->").unwrap().has_markup);
        for plain in ["3 < 4 > 2", "a <- b", "<", "<<اسم>>", "a <b"] {
            assert!(!clean(plain).unwrap().has_markup, "{plain}");
        }
    }

    #[test]
    fn parses_degrees_with_arabic_digits() {
        assert_eq!(parse_degrees("٣٣٫٣١"), Some(33.31));
        assert_eq!(parse_degrees("۳۳.۵"), Some(33.5));
        assert_eq!(parse_degrees("\u{2212}7.5"), Some(-7.5));
        for wrong in ["", "33,5", "33° N", "NaN", "inf", "1e3", "--1"] {
            assert_eq!(parse_degrees(wrong), None, "{wrong}");
        }
    }
}
