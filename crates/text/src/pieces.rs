//! Cutting a text into pieces: runs of letters, of digits, and of scripts without spaces.
//!
//! It follows the word boundaries of UAX 29, with what a catalogue needs otherwise: digits and the
//! letters beside them part (`Or.1234` and `Or 1234` are one shelfmark), and an apostrophe is
//! remembered, since it may be an elision, a genitive, or a hamza.

use crate::compose::composed;
use crate::fold::fold_char;
use crate::script::{self, Script};

/// The longest word that is indexed, in bytes; longer ones are cut, in the index as in the query.
pub(crate) const LONGEST: usize = 96;

/// What stands between a piece and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    Nothing,
    Hyphen,
    Space,
    Other,
}

/// A run of characters of one kind, folded.
#[derive(Debug)]
pub(crate) struct Piece {
    pub start: usize,
    pub end: usize,
    pub word: String,
    /// Where an apostrophe stood: in `word`, and in the text behind it.
    pub joint: Option<(usize, usize)>,
    pub gap: Gap,
    /// Written without spaces: `word` is one character.
    pub unspaced: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Unspaced,
}

/// What a folded character is to a word; `None` where it parts words.
fn kind(c: char) -> Option<Kind> {
    match script::of_char(c) {
        Script::Unspaced => Some(Kind::Unspaced),
        _ if c.is_ascii_digit() => Some(Kind::Digit),
        _ if c.is_alphanumeric() || is_sign(c) => Some(Kind::Letter),
        _ => None,
    }
}

/// Signs inside a word of the Indic scripts that Rust does not count as alphabetic (viramas, nuktas).
fn is_sign(c: char) -> bool {
    matches!(c as u32, 0x0900..=0x0DFF) && !matches!(c as u32, 0x0964..=0x0965 | 0x0970 | 0x0DF4)
}

/// Whether a character that is no letter holds two letters of a word together.
fn joins(c: char, word: &str) -> bool {
    match c {
        '\'' | '’' | '‘' | '`' | '´' | '′' | '‛' => true,
        '·' | '‧' => script::of_word(word) == Script::Latin,
        // Gershayim, the mark of a Hebrew abbreviation, as it is typed.
        '"' | '“' | '”' => script::of_word(word) == Script::Hebrew,
        _ => false,
    }
}

/// The pieces of a text, in its order.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut cutter = Cutter {
        out: Vec::new(),
        open: None,
        apostrophe: None,
        gap: Gap::Other,
    };
    let mut folded = String::new();
    for (start, end, c) in composed(text) {
        folded.clear();
        fold_char(c, &mut folded);
        if folded.is_empty() {
            cutter.mark(end);
        }
        for part in folded.chars() {
            match kind(part) {
                Some(kind) => cutter.part_of_word(part, kind, start, end),
                None => cutter.between_words(c, end),
            }
        }
    }
    cutter.out
}

/// The pieces so far, and what may still go on.
struct Cutter {
    out: Vec<Piece>,
    /// The kind of the last piece, while it may go on.
    open: Option<Kind>,
    /// Where an apostrophe behind it ends.
    apostrophe: Option<usize>,
    /// What stands behind the last piece, once it has ended.
    gap: Gap,
}

impl Cutter {
    /// What folds to nothing (a mark, a joiner) belongs to the word it stands in.
    fn mark(&mut self, end: usize) {
        if let (Some(_), None, Some(last)) = (self.open, self.apostrophe, self.out.last_mut()) {
            last.end = end;
        }
    }

    fn between_words(&mut self, c: char, end: usize) {
        let holds = self.open == Some(Kind::Letter)
            && self.apostrophe.is_none()
            && self.out.last().is_some_and(|last| joins(c, &last.word));
        if holds {
            self.apostrophe = Some(end);
            return;
        }
        self.gap = match (c, self.gap, self.open.is_some()) {
            ('-' | '‐' | '‑' | '־', _, true) => Gap::Hyphen,
            (c, _, true) | (c, Gap::Space, false) if c.is_whitespace() => Gap::Space,
            _ => Gap::Other,
        };
        self.open = None;
        self.apostrophe = None;
    }

    fn part_of_word(&mut self, c: char, kind: Kind, start: usize, end: usize) {
        let apostrophe = self.apostrophe.take();
        let goes_on = self.open == Some(kind)
            && kind != Kind::Unspaced
            && (apostrophe.is_none() || kind == Kind::Letter);
        if let Some(last) = self.out.last_mut().filter(|_| goes_on) {
            if let (Some(behind), None) = (apostrophe, last.joint) {
                last.joint = Some((last.word.len(), behind));
            }
            last.end = end;
            if last.word.len() + c.len_utf8() <= LONGEST {
                last.word.push(c);
            }
            return;
        }
        let gap = match (self.open, apostrophe) {
            (Some(_), None) => Gap::Nothing,
            (Some(_), Some(_)) => Gap::Other,
            (None, _) => self.gap,
        };
        self.open = Some(kind);
        self.out.push(Piece {
            start,
            end,
            word: c.to_string(),
            joint: None,
            gap,
            unspaced: kind == Kind::Unspaced,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|piece| piece.word).collect()
    }

    #[test]
    fn pieces_part_where_words_do() {
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
    fn marks_belong_to_their_word_and_long_words_are_cut() {
        let text = "كِتابُ x";
        assert_eq!(pieces(text).first().map(|p| p.end), text.find(' '));
        assert!(words(&"ع".repeat(1000)).iter().all(|w| w.len() <= LONGEST));
    }
}
