//! Text as it is taken from a table: composed, trimmed, and without what only controls its display.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::natural;

/// A text that was taken, and what was noticed about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    /// In NFC, trimmed, with `\n` for every line end.
    pub text: String,
    /// Bidirectional control characters that had no partner were taken out.
    pub bidi: bool,
    /// It looks like markup.
    pub markup: bool,
}

/// Takes a value, or gives the control character for which it cannot be taken.
pub fn take(text: &str) -> Result<Taken, char> {
    let text = text.trim();
    let mut taken = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        _ => text.nfc().collect(),
    };
    if taken.contains('\r') {
        taken = taken.replace("\r\n", "\n").replace('\r', "\n");
    }
    if let Some(control) = taken
        .chars()
        .find(|c| c.is_control() && !"\n\t".contains(*c))
    {
        return Err(control);
    }
    let bidi = !bidi_is_balanced(&taken);
    if bidi {
        taken.retain(|c| !is_bidi_control(c));
        taken = taken.trim().to_owned();
    }
    let markup = looks_like_markup(&taken);
    Ok(Taken {
        text: taken,
        bidi,
        markup,
    })
}

fn is_bidi_control(c: char) -> bool {
    matches!(c as u32, 0x202A..=0x202E | 0x2066..=0x2069)
}

/// Whether every embedding and isolate is closed where it belongs and nothing is overridden. (An
/// override shows letters in an order in which they do not stand, so it is never taken.)
fn bidi_is_balanced(text: &str) -> bool {
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

/// Whether a tag seems to begin somewhere: `<b`, `</p`, `<!--`.
fn looks_like_markup(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        c == '<'
            && text.get(at + 1..).is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
                    && rest.contains('>')
            })
    })
}

/// A text with its Arabic-Indic digits (of both kinds) as ASCII.
pub(super) fn ascii_digits(text: &str) -> String {
    text.chars()
        .map(|c| {
            natural::digit(c)
                .and_then(|d| char::from_digit(d, 10))
                .unwrap_or(c)
        })
        .collect()
}

/// A number of decimal degrees, in any of our digits, with the Arabic decimal separator or a point.
pub(super) fn degrees(text: &str) -> Option<f64> {
    let text = ascii_digits(text)
        .replace('\u{066B}', ".")
        .replace('\u{2212}', "-");
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.".contains(&b));
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        take(text).unwrap().text
    }

    #[test]
    fn text_is_composed_and_trimmed() {
        assert_eq!(text(" e\u{301}te\u{301}\u{a0}"), "été");
        assert_eq!(text("ا\u{654}"), "أ");
        assert_eq!(text("a\r\nb\rc\td"), "a\nb\nc\td");
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(take("a\0b"), Err('\0'));
        assert_eq!(take("a\u{1b}[2J"), Err('\u{1b}'));
        assert_eq!(take("a\u{9b}"), Err('\u{9b}'));
    }

    #[test]
    fn overrides_and_lone_bidi_controls_are_taken_out() {
        for (written, kept, noticed) in [
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
            let taken = take(written).unwrap();
            assert_eq!(
                (taken.text.as_str(), taken.bidi),
                (kept, noticed),
                "{written:?}"
            );
        }
    }

    #[test]
    fn markup_is_noticed_and_kept() {
        let taken = take("<script>alert(1)</script>").unwrap();
        assert!(taken.markup && taken.text == "<script>alert(1)</script>");
        assert!(take("x <!-- y -->").unwrap().markup);
        for plain in ["3 < 4 > 2", "a <- b", "<", "<<اسم>>", "a <b"] {
            assert!(!take(plain).unwrap().markup, "{plain}");
        }
    }

    #[test]
    fn degrees_are_read_in_arabic_digits() {
        assert_eq!(degrees("٣٣٫٣١"), Some(33.31));
        assert_eq!(degrees("۳۳.۵"), Some(33.5));
        assert_eq!(degrees("\u{2212}7.5"), Some(-7.5));
        for wrong in ["", "33,5", "33° N", "NaN", "inf", "1e3", "--1"] {
            assert_eq!(degrees(wrong), None, "{wrong}");
        }
    }
}
