//! Scripts that text analysis distinguishes.

/// A script that requires specific analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Syriac,
    /// Scripts that are written without spaces between words, and Hangul, whose suffixes are not
    /// separated from the stem. They are indexed as character bigrams.
    Unspaced,
    /// Any other script, and characters without a script.
    Other,
}

/// Returns the script of a folded character.
pub(crate) fn of_char(c: char) -> Script {
    match c as u32 {
        0x61..=0x7A | 0xC0..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
        0x370..=0x3FF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x5D0..=0x5EA => Script::Hebrew,
        0x620..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8C9 => Script::Arabic,
        0x710..=0x72F => Script::Syriac,
        // The Katakana middle dot separates words.
        0x30FB => Script::Other,
        0x0E01..=0x0E4E
        | 0x0E81..=0x0EDF
        | 0x1000..=0x103F
        | 0x1050..=0x109F
        | 0x1780..=0x17D3
        | 0x3005..=0x3007
        | 0x3041..=0x30FF
        | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0x20000..=0x323AF => Script::Unspaced,
        _ => Script::Other,
    }
}

/// Returns the script of a folded word, which is the script of its first character in a known
/// script.
pub(crate) fn of_word(word: &str) -> Script {
    word.chars()
        .map(of_char)
        .find(|script| *script != Script::Other)
        .unwrap_or(Script::Other)
}

/// Returns the ISO 15924 code of the script of a folded word. Returns `Zyyy` if phonetic matching
/// does not support the script.
pub fn script(word: &str) -> &'static str {
    match of_word(word) {
        Script::Latin => "Latn",
        Script::Greek => "Grek",
        Script::Cyrillic => "Cyrl",
        Script::Hebrew => "Hebr",
        Script::Arabic => "Arab",
        Script::Syriac => "Syrc",
        Script::Unspaced | Script::Other => "Zyyy",
    }
}

/// Returns the primary language subtag of a BCP 47 tag, such as `ar` for `ar-Latn-EG`.
pub(crate) fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}
