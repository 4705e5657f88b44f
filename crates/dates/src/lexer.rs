//! Tokens of a folded wording.

use crate::words::{MAX_PHRASE, Meaning, add_word, meanings};

/// A token of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Token {
    /// A number, and how many digits it is written with.
    Number(u32, usize),
    /// A number with the suffix of an ordinal, as in `17th`.
    Ordinal(u32),
    /// The first year of a decade, as in `1870s`.
    Decade(u32),
    /// A year of which only the first digits are known: the first and the last year that it can be.
    Masked(u32, u32),
    /// A Roman number, with or without the suffix of an ordinal.
    Roman(u32),
    /// A word or a phrase.
    Word(&'static [Meaning]),
    /// A punctuation mark.
    Mark(char),
}

/// A piece of text before the phrases are looked up.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Token(Token),
    Letters(String),
}

/// Divides a folded text into tokens. Returns `None` if it contains a word, a number or a sign that no date has.
pub(crate) fn tokens(folded: &str) -> Option<Vec<Token>> {
    join_phrases(&pieces(folded)?)
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let (number, after) = split(rest, |c| c.is_ascii_digit());
            let (token, after) = number_token(number, after)?;
            pieces.push(Piece::Token(token));
            rest = after;
        } else if first.is_alphabetic() {
            let (letters, after) = split(rest, char::is_alphabetic);
            pieces.push(Piece::Letters(letters.to_owned()));
            rest = after;
        } else if matches!(
            first,
            '.' | ',' | ';' | ':' | '-' | '/' | '=' | '(' | ')' | '[' | ']' | '?' | '~'
        ) {
            pieces.push(Piece::Token(Token::Mark(first)));
            rest = rest.get(first.len_utf8()..)?;
        } else {
            return None;
        }
        rest = rest.trim_start();
    }
    Some(pieces)
}

fn split(text: &str, is_part: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Reads a number with the letters or signs that follow it immediately. Returns the rest of the text, too.
fn number_token<'a>(number: &str, after: &'a str) -> Option<(Token, &'a str)> {
    if number.len() > 4 {
        return None;
    }
    let value: u32 = number.parse().ok()?;
    if let Some(masked) = masked(number.len(), value, after) {
        return Some(masked);
    }
    let (suffix, rest) = split(after, char::is_alphabetic);
    let is_year = number.len() >= 3;
    let token = match suffix {
        "st" | "nd" | "rd" | "th" | "eme" | "ieme" | "e" | "re" | "ere" if !is_year => {
            Token::Ordinal(value)
        }
        "er" if value == 1 => Token::Ordinal(1),
        "inci" | "nci" | "uncu" | "ncu" if !is_year => Token::Ordinal(value),
        // `1800s` is a decade or a century.
        "s" | "er" | "ler" | "lar" | "lerde" | "larda" if number.len() == 4 && is_decade(value) => {
            Token::Decade(value)
        }
        _ => return Some((Token::Number(value, number.len()), after)),
    };
    Some((token, rest))
}

/// Returns `true` for the first year of a decade that is not the first one of a century.
pub(crate) fn is_decade(year: u32) -> bool {
    year.is_multiple_of(10) && !year.is_multiple_of(100)
}

/// Reads a year whose last digits are unknown: `17??`, `17--`, `17xx`, `187x`.
fn masked(digits: usize, value: u32, after: &str) -> Option<(Token, &str)> {
    let (signs, span) = match digits {
        2 => (["??", "--", "xx"].as_slice(), 100),
        3 => (["x"].as_slice(), 10),
        _ => return None,
    };
    let rest = signs.iter().find_map(|sign| after.strip_prefix(sign))?;
    // A sign more would be another form.
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
        return None;
    }
    let first = value * span;
    Some((Token::Masked(first, first + span - 1), rest))
}

/// Looks up the longest phrases. The words of a phrase may be separated by full stops and hyphens.
fn join_phrases(pieces: &[Piece]) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = pieces;
    while let Some((first, after)) = rest.split_first() {
        match first {
            Piece::Token(token) => {
                tokens.push(*token);
                rest = after;
            }
            Piece::Letters(letters) => {
                let (token, length) = longest_phrase(rest)
                    .or_else(|| roman(letters).map(|number| (Token::Roman(number), 1)))?;
                tokens.push(token);
                rest = rest.get(length..)?;
                // The full stop of an abbreviation.
                if let Some((Piece::Token(Token::Mark('.')), after)) = rest.split_first() {
                    rest = after;
                }
            }
        }
    }
    Some(tokens)
}

/// Returns the longest phrase at the start of some pieces, and the number of its pieces.
fn longest_phrase(pieces: &[Piece]) -> Option<(Token, usize)> {
    let mut phrase = String::new();
    let mut words = 0;
    let mut longest = None;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Letters(letters) => {
                words += 1;
                if words > MAX_PHRASE {
                    break;
                }
                add_word(&mut phrase, letters);
                if let Some(meanings) = meanings(&phrase) {
                    longest = Some((Token::Word(meanings), index + 1));
                }
            }
            Piece::Token(Token::Mark('.' | '-')) => {}
            Piece::Token(_) => break,
        }
    }
    longest
}

/// Reads a Roman number up to 39, with or without the suffix of an ordinal in French.
fn roman(letters: &str) -> Option<u32> {
    let digits = ["ieme", "eme", "es", "e"]
        .iter()
        .find_map(|suffix| letters.strip_suffix(suffix))
        .unwrap_or(letters);
    (1..=39).find(|number| to_roman(*number) == digits)
}

fn to_roman(number: u32) -> String {
    let mut roman = String::new();
    let mut rest = number;
    for (value, digits) in [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")] {
        while rest >= value {
            roman.push_str(digits);
            rest -= value;
        }
    }
    roman
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_meaning_of_their_suffix() {
        for (text, token) in [
            ("1650", Token::Number(1650, 4)),
            ("17th", Token::Ordinal(17)),
            ("1870s", Token::Decade(1870)),
            ("17??", Token::Masked(1700, 1799)),
            ("187x", Token::Masked(1870, 1879)),
            ("xviie", Token::Roman(17)),
            ("xix", Token::Roman(19)),
        ] {
            assert_eq!(tokens(text).unwrap(), [token], "{text}");
        }
    }

    #[test]
    fn phrases_are_joined_across_hyphens_and_full_stops() {
        let month = tokens("jumada al-ula").unwrap();
        assert_eq!(month.len(), 1);
        for spelling in [
            "jumada i",
            "jum. i",
            "jumada-i",
            "cemaziel evvel",
            "jumada l-ula",
        ] {
            assert_eq!(tokens(spelling).unwrap(), month, "{spelling}");
        }
    }

    #[test]
    fn rejects_unknown_words_and_long_numbers() {
        for text in ["ms 1650", "16500", "1650*", "ry 12", "1650 & 1651", "iiii"] {
            assert_eq!(tokens(text), None, "{text}");
        }
    }
}
