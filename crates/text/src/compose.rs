//! Canonical composition of letters that folding must not decompose: й, Hangul syllables, voiced
//! kana.

/// Returns the combining form of a sound mark of kana that is a separate character, as in half width, and
/// other characters unchanged.
fn combining_sound_mark(c: u32) -> u32 {
    match c {
        0x309B | 0xFF9E => 0x3099,
        0x309C | 0xFF9F => 0x309A,
        c => c,
    }
}

/// Returns the full-width form of a half-width katakana that can have a sound mark, and other
/// characters unchanged.
fn full_width(c: u32) -> u32 {
    match c {
        0xFF66 => 0x30F2,
        0xFF73 => 0x30A6,
        0xFF76..=0xFF81 => 0x30AB + (c - 0xFF76) * 2,
        0xFF82..=0xFF84 => 0x30C4 + (c - 0xFF82) * 2,
        0xFF8A..=0xFF8E => 0x30CF + (c - 0xFF8A) * 3,
        0xFF9C => 0x30EF,
        c => c,
    }
}

/// Composes two characters into one letter if folding them separately would result in a different
/// letter. Returns `None` for all other pairs.
fn compose(a: char, b: char) -> Option<char> {
    let (first, second) = (full_width(a as u32), combining_sound_mark(b as u32));
    let code = match (first, second) {
        (0x418 | 0x438, 0x306) => 0x439,
        // Hangul: a leading consonant and a vowel, or an open syllable and a final consonant.
        (0x1100..=0x1112, 0x1161..=0x1175) => {
            0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28
        }
        (0xAC00..=0xD7A3, 0x11A8..=0x11C2) if (first - 0xAC00) % 28 == 0 => {
            first + (second - 0x11A7)
        }
        // Kana with a voiced (U+3099) or semi-voiced (U+309A) sound mark.
        (0x3046 | 0x30A6, 0x3099) => first + 0x4E,
        (0x304B..=0x3062 | 0x30AB..=0x30C2, 0x3099) if first % 2 == 1 => first + 1,
        (0x3064..=0x3068 | 0x30C4..=0x30C8, 0x3099) if first % 2 == 0 => first + 1,
        (0x306F..=0x307B | 0x30CF..=0x30DB, 0x3099) if first % 3 == 0 => first + 1,
        (0x306F..=0x307B | 0x30CF..=0x30DB, 0x309A) if first % 3 == 0 => first + 2,
        (0x30EF..=0x30F2, 0x3099) => first + 8,
        (0x309D | 0x30FD, 0x3099) => first + 1,
        _ => return None,
    };
    char::from_u32(code)
}

/// Returns `true` if a folded character can be the second character of a composition.
pub(crate) fn is_trailing_part(c: char) -> bool {
    matches!(c as u32, 0x1161..=0x11C2 | 0x3099..=0x309C)
}

/// Returns the composed characters of a text, each with its start and end in bytes.
pub(crate) fn composed_chars(text: &str) -> impl Iterator<Item = (usize, usize, char)> + '_ {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, mut c) = rest.next()?;
        let mut end = start + c.len_utf8();
        while let Some((next_start, next)) = rest.peek().copied() {
            let Some(composed) = compose(c, next) else {
                break;
            };
            c = composed;
            end = next_start + next.len_utf8();
            rest.next();
        }
        Some((start, end, c))
    })
}

#[cfg(test)]
mod tests {
    use super::composed_chars;

    #[test]
    fn parts_are_composed() {
        for (parts, expected) in [
            ("и\u{306}", "й"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("か\u{3099}", "が"),
            ("ハ\u{309a}", "パ"),
            ("ウ\u{3099}", "ヴ"),
            ("つ\u{3099}", "づ"),
            ("と\u{3099}", "ど"),
            ("ほ\u{3099}", "ぼ"),
            ("ｶﾞ", "ガ"),
            ("ﾄﾞ", "ド"),
            ("ﾂﾞ", "ヅ"),
            ("ﾁﾞ", "ヂ"),
            ("ﾎﾟﾎﾞ", "ポボ"),
            ("ｳﾞ", "ヴ"),
            ("ﾜﾞｦﾞ", "ヷヺ"),
            ("ハ゜", "パ"),
            ("ﾅﾞ", "ﾅﾞ"),
            ("e\u{301}", "e\u{301}"),
        ] {
            let composed: String = composed_chars(parts).map(|(.., c)| c).collect();
            assert_eq!(composed, expected);
        }
    }
}
