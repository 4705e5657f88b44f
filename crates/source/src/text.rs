//! Cleaning of text from tables and embedded metadata.

use std::borrow::Cow;

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
    /// `true` if control characters (U+0080 to U+009F) were read as the characters that they denote
    /// in Windows-1252.
    pub has_windows_1252: bool,
    /// `true` if the text looks like markup. Markup is not changed.
    pub has_markup: bool,
}

/// Normalises a text to NFC, trims it and unifies its line ends. Reads the control characters U+0080
/// to U+009F as Windows-1252, from which careless conversions produce them. Removes all bidirectional control
/// characters if they are unbalanced or override the direction of text.
///
/// # Errors
/// Returns the first control character that is neither a line end nor a tab, if there is one.
pub fn clean(text: &str) -> Result<CleanText, char> {
    let has_windows_1252 = text.contains(is_c1);
    // U+0085, which is white space, is an ellipsis in Windows-1252.
    let converted = match has_windows_1252 {
        true => Cow::Owned(text.chars().map(from_windows_1252).collect::<String>()),
        false => Cow::Borrowed(text),
    };
    let text = converted.trim();
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
        has_windows_1252,
        has_markup: looks_like_markup(&clean),
        text: clean,
        removed_bidi,
    })
}

/// Returns a text without control characters other than line ends and tabs. The vertical tab and the form
/// feed, with which some programs separate lines, become line ends.
pub(super) fn without_controls(text: &str) -> String {
    let lines = text.replace(['\u{B}', '\u{C}'], "\n");
    let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    lines.chars().filter(is_kept).collect()
}

fn is_c1(c: char) -> bool {
    matches!(c as u32, 0x80..=0x9F)
}

/// Returns the character that a control character denotes in Windows-1252. Five of them denote none
/// and are returned unchanged, as are all other characters.
fn from_windows_1252(c: char) -> char {
    let byte = u8::try_from(c as u32).ok().filter(|_| is_c1(c));
    let decoded = byte.and_then(|byte| {
        let bytes = [byte];
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        text.chars().next()
    });
    decoded.unwrap_or(c)
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

/// Parses degrees: decimal (`33.31`, `33,31`) or with minutes and seconds (`33° 18' 36" N`), with
/// ASCII or Arabic digits. South and west are negative.
pub(super) fn parse_degrees(text: &str) -> Option<f64> {
    let text = ascii_digits(text)
        .replace('\u{066B}', ".")
        .replace(['\u{2212}', '\u{2013}'], "-")
        .replace(['\u{2032}', '\u{2019}'], "'")
        .replace(['\u{2033}', '\u{201D}'], "\"")
        .replace("''", "\"")
        .replace('\u{BA}', "°")
        .to_ascii_uppercase();
    let text = text.trim().trim_end_matches([',', ';']).trim_end();
    let is_direction = |c: char| "NSEW".contains(c);
    let text = text.strip_suffix("DEG").unwrap_or(text);
    let direction = text
        .chars()
        .next()
        .into_iter()
        .chain(text.chars().next_back())
        .find(|c| is_direction(*c));
    let text = match direction {
        Some(_) => text.strip_prefix(is_direction).unwrap_or(text),
        None => text,
    };
    let text = text.strip_suffix(is_direction).unwrap_or(text).trim();
    let (sign, text) = match text.strip_prefix(['-', '+']) {
        Some(rest) if text.starts_with('-') => (-1.0, rest),
        Some(rest) => (1.0, rest),
        None => (1.0, text),
    };
    let sign = if matches!(direction, Some('S' | 'W')) {
        -1.0
    } else {
        sign
    };
    // The comma is a decimal comma, because a position has one number per unit.
    let mut degrees = 0.0;
    let mut count = 0;
    let mut rest = text;
    for (unit, mark) in [(1.0, '°'), (60.0, '\''), (3600.0, '"')] {
        rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let (number, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        if number.is_empty() {
            break;
        }
        let number: f64 = number.replace(',', ".").parse().ok()?;
        if unit > 1.0 && number >= 60.0 {
            return None;
        }
        degrees += number / unit;
        count += 1;
        let after = after.trim_start();
        rest = after.strip_prefix([mark, ':']).unwrap_or(after);
    }
    (count > 0 && rest.trim().is_empty()).then_some(sign * degrees)
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
    fn removes_control_characters() {
        assert_eq!(without_controls("a\u{B}b\0\u{1b}[2J\tc"), "a\nb[2J\tc");
    }

    #[test]
    fn rejects_control_characters() {
        assert_eq!(clean("a\0b"), Err('\0'));
        assert_eq!(clean("a\u{1b}[2J"), Err('\u{1b}'));
        // Windows-1252 does not define this byte.
        assert_eq!(clean("a\u{81}"), Err('\u{81}'));
    }

    #[test]
    fn reads_c1_controls_as_windows_1252() {
        let clean = clean("Boys\u{92} coi\u{9c}ure\u{85}").unwrap();
        assert_eq!(clean.text, "Boys’ coiœure…");
        assert!(clean.has_windows_1252);
        assert!(!super::clean("œ").unwrap().has_windows_1252);
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
    fn parses_degrees() {
        for (text, degrees) in [
            ("٣٣٫٣١", 33.31),
            ("۳۳.۵", 33.5),
            ("\u{2212}7.5", -7.5),
            ("33,5", 33.5),
            ("33.31,", 33.31),
            ("33.31°", 33.31),
            ("33° N", 33.0),
            ("7.5 W", -7.5),
            ("S7.5", -7.5),
            ("33°18'36\"N", 33.31),
            ("33° 18′ 36″ S", -33.31),
            ("33 18 36", 33.31),
            ("33:18:36", 33.31),
            ("30° 3'", 30.05),
            ("-30° 3'", -30.05),
        ] {
            let parsed = parse_degrees(text).unwrap_or(f64::NAN);
            assert!((parsed - degrees).abs() < 1e-9, "{text}: {parsed}");
        }
        for wrong in [
            "",
            "NaN",
            "inf",
            "1e3",
            "--1",
            "33° 75'",
            "north",
            "33.31 44.36 1 2",
            "1.2.3",
            "N",
            "-",
        ] {
            assert_eq!(parse_degrees(wrong), None, "{wrong}");
        }
    }
}
