//! Letters in the order in which they are read, and not as they are seen.

use std::collections::BTreeSet;

use unicode_bidi_mirroring::get_mirrored;
use unicode_normalization::UnicodeNormalization;

/// A letter, or several that are one sign, and where it is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub text: String,
    pub from: f64,
    pub to: f64,
    pub size: f64,
}

/// Letters in place of the forms that they take within a word, which PDFs often name. Nothing else is
/// changed.
pub fn composed(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}') {
            // The form of a sign by itself stands on a space.
            let plain: String = std::iter::once(c).nfkc().collect();
            out.push_str(plain.trim_start_matches(' '));
        } else {
            out.push(c);
        }
    }
    out
}

/// A letter that is read from the right: Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours.
pub fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{5be}' | '\u{5c0}' | '\u{5c3}' | '\u{5c6}' | '\u{5d0}'..='\u{5f4}' | '\u{608}' | '\u{60b}'
        | '\u{60d}' | '\u{61b}'..='\u{64a}' | '\u{66d}'..='\u{66f}' | '\u{671}'..='\u{6d5}'
        | '\u{6e5}' | '\u{6e6}' | '\u{6ee}' | '\u{6ef}' | '\u{6fa}'..='\u{710}' | '\u{712}'..='\u{72f}'
        | '\u{74d}'..='\u{7a5}' | '\u{7b1}' | '\u{7c0}'..='\u{7ea}' | '\u{7f4}' | '\u{7f5}'
        | '\u{800}'..='\u{815}' | '\u{840}'..='\u{858}' | '\u{860}'..='\u{86a}' | '\u{8a0}'..='\u{8c9}'
        | '\u{fb1d}' | '\u{fb1f}'..='\u{fb4f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// A sign that stands on a letter: the vowels of Arabic and Hebrew, accents.
pub fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// What a piece is for its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Rtl,
    Ltr,
    Number,
    Neutral,
}

fn class(piece: &str) -> Class {
    let mut found = Class::Neutral;
    for c in piece.chars() {
        if is_rtl(c) {
            return Class::Rtl;
        }
        if c.is_numeric() {
            found = Class::Number;
        } else if c.is_alphabetic() {
            return Class::Ltr;
        }
    }
    found
}

/// Pieces of a line with letters that are read from the right, which come as they are seen from the
/// left, in the order in which they are read.
pub fn as_read(mut pieces: Vec<String>) -> Vec<String> {
    let classes: Vec<Class> = pieces.iter().map(|piece| class(piece)).collect();
    // A word counts by its first letter, as words of one script are longer than those of another.
    let words = pieces
        .split(|piece| piece == " ")
        .map(|word| word.iter().map(|piece| class(piece)));
    let words: Vec<Class> = words
        .filter_map(|mut word| word.find(|own| matches!(own, Class::Rtl | Class::Ltr)))
        .collect();
    let count = |wanted| words.iter().filter(|own| **own == wanted).count();
    if count(Class::Rtl) >= count(Class::Ltr) {
        pieces.reverse();
        let classes: Vec<Class> = classes.into_iter().rev().collect();
        let is_own = |own| matches!(own, Class::Ltr | Class::Number);
        let turned = turn(&mut pieces, &classes, is_own);
        mirror(&mut pieces, |at| !turned.contains(&at));
        return pieces;
    }
    let turned = turn(&mut pieces, &classes, |own| own == Class::Rtl);
    mirror(&mut pieces, |at| turned.contains(&at));
    pieces
}

/// Brackets and what else is seen turned over where it is read from the right, as it is read. A PDF mostly
/// names the sign that is seen; where it names the one that is read, they match as they are.
fn mirror(pieces: &mut [String], is_rtl: impl Fn(usize) -> bool) {
    let read: Vec<String> = (pieces.iter().enumerate())
        .map(|(at, piece)| match is_rtl(at) {
            true => piece
                .chars()
                .map(|c| get_mirrored(c).unwrap_or(c))
                .collect(),
            false => piece.clone(),
        })
        .collect();
    if !is_matched(&read) && is_matched(pieces) {
        return;
    }
    pieces.clone_from_slice(&read);
}

/// Whether brackets are closed as often as they are opened, and after.
fn is_matched(pieces: &[String]) -> bool {
    let signs = pieces.iter().flat_map(|piece| piece.chars());
    let mut open: i64 = 0;
    for c in signs {
        open += match c {
            '(' | '[' | '{' | '«' | '‹' => 1,
            ')' | ']' | '}' | '»' | '›' => -1,
            _ => 0,
        };
        if open < 0 {
            return false;
        }
    }
    open == 0
}

fn position(classes: &[Class], start: usize, is: impl Fn(Class) -> bool) -> Option<usize> {
    let rest = classes.get(start..)?;
    rest.iter().position(|own| is(*own)).map(|at| start + at)
}

fn reverse(pieces: &mut [String], from: usize, to: usize) {
    if let Some(run) = pieces.get_mut(from..to) {
        run.reverse();
    }
}

/// Turns each run of pieces of one sort around, with what stands between them, and says which these are.
/// Two numbers with a space between them are two runs.
fn turn(
    pieces: &mut [String],
    classes: &[Class],
    is_own: impl Fn(Class) -> bool,
) -> BTreeSet<usize> {
    let mut turned = BTreeSet::new();
    let mut start = 0;
    while let Some(from) = position(classes, start, &is_own) {
        let mut to = from + 1;
        let mut last = classes.get(from).copied();
        let mut has_space = false;
        for at in from + 1..classes.len() {
            let class = classes.get(at).copied();
            if class == Some(Class::Neutral) {
                has_space |= pieces.get(at).is_some_and(|piece| piece == " ");
                continue;
            }
            let both = Some(Class::Number);
            let is_other = has_space && last == both && class == both;
            if is_other || !class.is_some_and(&is_own) {
                break;
            }
            (to, last, has_space) = (at + 1, class, false);
        }
        // The bracket that closes a run stands before it, as the run is still the wrong way round.
        let from = match from.checked_sub(1) {
            Some(before) if before >= start && closes(pieces, before, to) => before,
            _ => from,
        };
        reverse(pieces, from, to);
        turned.extend(from..to);
        start = to;
    }
    turned
}

/// Whether a piece is a bracket whose other half stands alone in what follows it.
fn closes(pieces: &[String], at: usize, to: usize) -> bool {
    let Some((own, run)) = pieces.get(at..to).and_then(<[String]>::split_first) else {
        return false;
    };
    let mut signs = own.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else {
        return false;
    };
    let Some(other) = get_mirrored(sign) else {
        return false;
    };
    let count = |wanted: char| {
        run.iter()
            .flat_map(|piece| piece.chars())
            .filter(|c| *c == wanted)
            .count()
    };
    count(other) > count(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(seen: &str) -> String {
        as_read(seen.chars().map(|c| c.to_string()).collect()).concat()
    }

    #[test]
    fn presentation_forms_become_letters_and_nothing_else_changes() {
        for (form, letters) in [
            ("ﺧﺰﺍﻧﺔ", "خزانة"),
            ("ﻻ", "لا"),
            ("ﷲ", "الله"),
            ("ﹰ", "ً"),
            ("ﬁ ½ ②", "ﬁ ½ ②"),
        ] {
            assert_eq!(composed(form), letters);
        }
    }

    #[test]
    fn what_is_seen_from_the_left_is_read_from_the_right() {
        // Each as it is seen from the left, letter by letter.
        for (seen, as_read) in [
            ("باتك", "كتاب"),
            ("١٩٠٦ ةنس", "سنة ١٩٠٦"),
            ("1906-02-25 ةنس", "سنة 1906-02-25"),
            (".Tate Modern يف باتك", "كتاب في Tate Modern."),
            ("the باتك is", "the كتاب is"),
            ("٤٣ ٢١ ص", "ص ٢١ ٤٣"),
            ("םולש", "שלום"),
            ("(لوألا) باتك", "كتاب (الأول)"),
            ("«ةنازخ» باتك", "كتاب «خزانة»"),
            ("(1906) ةنس", "سنة (1906)"),
            (".Tate (Modern) يف باتك", "كتاب في Tate (Modern)."),
            ("باتك (١", "١) كتاب"),
            ("the (باتك) is", "the (كتاب) is"),
            ("a b c (ميدق) باتك", "a b c كتاب (قديم)"),
            // Named as they are read, and not as they are seen.
            (")لوألا( باتك", "كتاب (الأول)"),
        ] {
            assert_eq!(read(seen), as_read, "{seen}");
        }
    }
}
