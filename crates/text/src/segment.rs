//! Segmentation of a text into runs of letters, runs of digits, and characters of scripts without
//! spaces.
//!
//! The segmentation follows the word boundaries of UAX #29, with two exceptions that catalogues
//! require. Digits and adjacent letters are separate segments, so that `Or.1234` and `Or 1234` are
//! the same shelf mark. The position of an apostrophe is recorded, because it can mark an elision,
//! a genitive or a hamza.

use crate::compose::composed_chars;
use crate::fold::fold_char;
use crate::script::{self, Script};

/// Maximum length of an indexed word, in bytes. Longer words are truncated, both in the index and
/// in queries.
pub(crate) const MAX_WORD_BYTES: usize = 96;

/// Maximum number of zero-width non-joiners per word whose positions are recorded.
const MAX_JOINTS: usize = 4;

/// The characters between a segment and the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The segments are adjacent.
    None,
    Hyphen,
    /// A hyphen at the end of a line, which may divide a word.
    LineEndHyphen,
    Space,
    Other,
}

/// A hyphen after a letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hyphen {
    /// A mark that only divides words at the end of a line: `¬` or the soft hyphen.
    LineEnd,
    /// A mark that also joins words. It divides a word only if a line break follows.
    Any,
    /// Such a mark before a line break.
    BeforeLineBreak,
}

/// A run of characters of one kind.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Start of the segment in the text, in bytes.
    pub start: usize,
    /// End in the text, in bytes.
    pub end: usize,
    /// The folded characters.
    pub word: String,
    /// The first apostrophe within the segment, if there is one.
    pub apostrophe: Option<Apostrophe>,
    /// Positions of zero-width non-joiners in the folded word, in bytes. The word does not contain
    /// them.
    pub joints: Vec<usize>,
    /// The characters before the segment.
    pub gap: Gap,
    /// `true` if the segment is a single character of a script without spaces.
    pub is_unspaced: bool,
}

/// The position of an apostrophe. The folded word does not contain the apostrophe itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Apostrophe {
    /// Position of the apostrophe in the folded word, in bytes.
    pub word_offset: usize,
    /// End in the text, in bytes.
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CharKind {
    Letter,
    Digit,
    Unspaced,
}

impl CharKind {
    /// Returns the kind of a folded character, or `None` if it separates words.
    fn of(c: char) -> Option<CharKind> {
        match script::of_char(c) {
            Script::Unspaced => Some(CharKind::Unspaced),
            _ if c.is_ascii_digit() => Some(CharKind::Digit),
            _ if c.is_alphanumeric() || is_indic_sign(c) => Some(CharKind::Letter),
            _ => None,
        }
    }
}

/// Returns `true` if a character is a sign of an Indic script that is part of a word but is not
/// alphabetic in Unicode, such as a virama or a nukta.
fn is_indic_sign(c: char) -> bool {
    matches!(c as u32, 0x0900..=0x0DFF) && !matches!(c as u32, 0x0964..=0x0965 | 0x0970 | 0x0DF4)
}

/// Returns `true` if the punctuation mark `c`, between two letters, does not end `word`.
fn is_word_internal(c: char, word: &str) -> bool {
    match c {
        '\'' | '’' | '‘' | '`' | '´' | '′' | '‛' => true,
        // The Catalan punt volat.
        '·' | '‧' => script::of_word(word) == Script::Latin,
        // Quotation marks are often typed instead of gershayim, which marks Hebrew abbreviations.
        '"' | '“' | '”' => script::of_word(word) == Script::Hebrew,
        _ => false,
    }
}

/// Returns `true` if a character at the end of a line can divide a word: a hyphen, a soft hyphen, the
/// double hyphen of Fraktur or an equals sign in its place, or the sign `¬` of transcriptions.
pub fn is_line_end_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '⸗' | '=' | '¬' | '\u{ad}')
}

/// Returns the segments of a text in order.
pub(crate) fn segments(text: &str) -> Vec<Segment> {
    let mut segmenter = Segmenter {
        segments: Vec::new(),
        open: None,
        apostrophe_end: None,
        hyphen: None,
        gap: Gap::Other,
    };
    let mut folded = String::new();
    for (start, end, c) in composed_chars(text) {
        folded.clear();
        fold_char(c, &mut folded);
        if folded.is_empty() {
            segmenter.ignorable(c, end);
        }
        for part in folded.chars() {
            match CharKind::of(part) {
                Some(kind) => segmenter.word_char(part, kind, start, end),
                None => segmenter.separator(c, end),
            }
        }
    }
    segmenter.segments
}

/// The state of the segmentation.
struct Segmenter {
    segments: Vec<Segment>,
    /// The kind of the last segment, or `None` if the segment has ended.
    open: Option<CharKind>,
    /// End of an apostrophe after the last segment, in the text, in bytes. The apostrophe is part
    /// of the word if a letter follows.
    apostrophe_end: Option<usize>,
    /// A hyphen after the last segment, if only white space follows it.
    hyphen: Option<Hyphen>,
    /// The characters after the last segment.
    gap: Gap,
}

impl Segmenter {
    /// Handles a character that folding removes, such as a mark or a joiner. Such a character
    /// extends the current word.
    fn ignorable(&mut self, c: char, end: usize) {
        if c == '\u{ad}' && self.open == Some(CharKind::Letter) {
            self.hyphen = Some(Hyphen::LineEnd);
        }
        if let (Some(_), None, Some(last)) =
            (self.open, self.apostrophe_end, self.segments.last_mut())
        {
            last.end = end;
            if c == '\u{200c}' && last.joints.len() < MAX_JOINTS {
                last.joints.push(last.word.len());
            }
        }
    }

    fn separator(&mut self, c: char, end: usize) {
        let may_continue = self.open == Some(CharKind::Letter)
            && self.apostrophe_end.is_none()
            && self
                .segments
                .last()
                .is_some_and(|last| is_word_internal(c, &last.word));
        if may_continue {
            self.apostrophe_end = Some(end);
            return;
        }
        self.hyphen = match (c, self.hyphen) {
            ('\n' | '\r' | '\u{2028}', Some(Hyphen::Any)) => Some(Hyphen::BeforeLineBreak),
            (c, hyphen) if c.is_whitespace() => hyphen,
            (c, _) if self.open == Some(CharKind::Letter) && is_line_end_hyphen(c) => match c {
                '¬' => Some(Hyphen::LineEnd),
                _ => Some(Hyphen::Any),
            },
            _ => None,
        };
        self.gap = match (c, self.gap, self.open.is_some()) {
            ('-' | '‐' | '‑' | '־', _, true) => Gap::Hyphen,
            (c, _, true) | (c, Gap::Space, false) if c.is_whitespace() => Gap::Space,
            _ => Gap::Other,
        };
        self.open = None;
        self.apostrophe_end = None;
    }

    fn word_char(&mut self, c: char, kind: CharKind, start: usize, end: usize) {
        let apostrophe_end = self.apostrophe_end.take();
        let hyphen = self.hyphen.take();
        let continues = self.open == Some(kind)
            && kind != CharKind::Unspaced
            && (apostrophe_end.is_none() || kind == CharKind::Letter);
        if let Some(last) = self.segments.last_mut().filter(|_| continues) {
            if let (Some(end), None) = (apostrophe_end, last.apostrophe) {
                last.apostrophe = Some(Apostrophe {
                    word_offset: last.word.len(),
                    end,
                });
            }
            last.end = end;
            if last.word.len() + c.len_utf8() <= MAX_WORD_BYTES {
                last.word.push(c);
            }
            return;
        }
        let gap = match (self.open, apostrophe_end) {
            (Some(_), None) => Gap::None,
            (Some(_), Some(_)) => Gap::Other,
            (None, _) if kind == CharKind::Letter && hyphen.is_some_and(|h| h != Hyphen::Any) => {
                Gap::LineEndHyphen
            }
            (None, _) => self.gap,
        };
        self.open = Some(kind);
        self.segments.push(Segment {
            start,
            end,
            word: c.to_string(),
            apostrophe: None,
            joints: Vec::new(),
            gap,
            is_unspaced: kind == CharKind::Unspaced,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        segments(text)
            .into_iter()
            .map(|segment| segment.word)
            .collect()
    }

    #[test]
    fn text_is_segmented_at_word_boundaries() {
        for (text, expected) in [
            ("Or.1234, f. 12v", "or|1234|f|12|v"),
            ("٣٥هـ", "35|ه"),
            ("l’œuvre", "loeuvre"),
            ("צה\"ל צה״ל", "צהל|צהל"),
            ("col·lecció", "colleccio"),
            ("someone@example.org", "someone|example|org"),
            ("'quoted' words'", "quoted|words"),
            ("北京 图", "北|京|图"),
            ("\u{301}\u{200d}", ""),
            ("हिन्दी", "हिन्दी"),
            ("a\u{0}b", "a|b"),
        ] {
            assert_eq!(words(text).join("|"), expected, "{text}");
        }
    }

    #[test]
    fn hyphens_at_line_ends_are_distinguished_from_others() {
        for (text, expected) in [
            ("cata-\nlogue", true),
            ("cata-\r\n\r\n  logue", true),
            ("cata‐\nlogue cata", true),
            ("cata⸗\nlogue", true),
            ("cata¬\nlogue", true),
            ("cata¬ logue", true),
            ("cata\u{ad}\nlogue", true),
            ("cata\u{ad} logue", true),
            ("cata\u{ad}logue", false),
            ("cata- logue", false),
            ("cata-logue", false),
            ("cata -\nlogue", false),
            ("cata--\nlogue", false),
            ("cata-\n12", false),
            ("12-\nlogue", false),
            ("cata-\n(logue", false),
            ("cata\nlogue", false),
        ] {
            let gap = segments(text).get(1).map(|segment| segment.gap);
            assert_eq!(gap == Some(Gap::LineEndHyphen), expected, "{text:?}");
        }
    }

    #[test]
    fn zero_width_non_joiners_are_recorded() {
        let joints = |text| segments(text).first().map(|segment| segment.joints.clone());
        assert_eq!(joints("می\u{200c}روم"), Some(vec![4]));
        assert_eq!(joints("روم"), Some(vec![]));
        let many = joints(&"a\u{200c}".repeat(20)).map(|joints| joints.len());
        assert_eq!(many, Some(MAX_JOINTS));
    }

    #[test]
    fn segment_includes_trailing_marks() {
        let text = "كِتابُ x";
        let first_end = segments(text).first().map(|segment| segment.end);
        assert_eq!(first_end, text.find(' '));
    }

    #[test]
    fn long_words_are_truncated() {
        let words = words(&"ع".repeat(1000));
        assert!(words.iter().all(|word| word.len() <= MAX_WORD_BYTES));
    }
}
