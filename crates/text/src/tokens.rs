//! The words of a value.

use crate::pieces::{Gap, LONGEST, Piece, pieces};
use crate::script::{self, Script};
use crate::{arabic, hebrew, names};

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where the word begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Counts words, so that the words of a phrase are neighbours. Several tokens may share one: a
    /// character of a script without spaces and the pair it begins.
    pub position: u32,
    /// The folded form, which is indexed and looked up.
    pub word: String,
    /// The same without an article and what else is written together with it.
    pub bare: Option<String>,
}

/// A word of a text or a query, before it is known which of the two it is.
pub(crate) struct Word {
    pub start: usize,
    pub end: usize,
    pub word: String,
    pub bare: Option<String>,
    /// Nothing stands between it and the word before.
    pub adjacent: bool,
    pub unspaced: bool,
}

/// The words of a value in `lang`, a BCP 47 tag. Where the tag is missing, `und`, or does not fit,
/// the script of each word decides.
pub fn tokens(text: &str, lang: &str) -> Vec<Token> {
    let words = words(text, script::primary(lang));
    let mut out = Vec::with_capacity(words.len());
    for (position, word) in (0u32..).zip(&words) {
        let mut add = |position, end, word_form: String, bare: Option<String>| {
            out.push(Token {
                start: word.start,
                end,
                position,
                word: word_form,
                bare,
            });
        };
        add(position, word.end, word.word.clone(), word.bare.clone());
        if let Some((first, second)) = names::parts(&word.word) {
            add(position, word.end, first.to_owned(), None);
            add(position, word.end, second.to_owned(), None);
        }
        let Some(next) = words.get(position as usize + 1) else {
            continue;
        };
        if word.unspaced && next.unspaced && next.adjacent {
            let pair = format!("{}{}", word.word, next.word);
            add(position, next.end, pair, None);
        }
        // At both positions, so that a phrase may go on before it and behind it.
        if let Some(name) = names::joined(word, next) {
            add(position, next.end, name.clone(), None);
            add(position + 1, next.end, name, None);
        }
    }
    out
}

/// The words of a text in order, articles and elided words joined to the word they belong to.
pub(crate) fn words(text: &str, primary: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    // Articles and particles in Latin letters that wait for their word.
    let mut waiting: Option<(usize, String)> = None;
    let mut pieces = pieces(text).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let latin = script::of_word(&piece.word) == Script::Latin;
        if latin
            && let Some(next) = pieces.peek()
            && script::of_word(&next.word) == Script::Latin
            && is_attached(&piece.word, next, primary)
            // However many articles a text puts in a row, a word has an end.
            && waiting.as_ref().is_none_or(|(_, before)| before.len() < LONGEST)
        {
            let (_, before) = waiting.get_or_insert_with(|| (piece.start, String::new()));
            before.push_str(&piece.word);
            continue;
        }
        if latin && waiting.is_none() && piece.gap == Gap::Hyphen && is_izafa(&piece.word) {
            // دیوان حافظ is Dīvān-i Ḥāfiẓ: the vowel is not written in the Persian.
            continue;
        }
        let adjacent = piece.gap == Gap::Nothing;
        let mut word = match latin {
            true => without_apostrophe(piece, primary),
            false => Word {
                start: piece.start,
                end: piece.end,
                bare: bare(&piece.word, primary),
                word: piece.word,
                adjacent,
                unspaced: piece.unspaced,
            },
        };
        word.adjacent = adjacent;
        if let Some((start, mut before)) = waiting.take() {
            before.push_str(&word.word);
            word = Word {
                start,
                bare: Some(word.bare.unwrap_or(word.word)),
                word: before,
                adjacent: false,
                ..word
            };
        }
        out.push(word);
    }
    out
}

fn bare(word: &str, primary: &str) -> Option<String> {
    match script::of_word(word) {
        Script::Arabic => arabic::bare(word, primary),
        Script::Hebrew if primary != "yi" => hebrew::bare(word),
        _ => None,
    }
    .map(str::to_owned)
}

/// Whether a Latin word is an Arabic article or particle that belongs to the next one.
fn is_attached(word: &str, next: &Piece, primary: &str) -> bool {
    match next.gap {
        Gap::Hyphen => {}
        // `al Muqtabas`, `wa Dimna`, but not Spanish `el libro`.
        Gap::Space => {
            return word == "wa"
                || matches!(word, "al" | "el")
                    && !matches!(
                        primary,
                        "es" | "it" | "ca" | "pt" | "ro" | "gl" | "oc" | "an"
                    );
        }
        _ => return false,
    }
    match word {
        "al" | "el" | "ul" | "il" | "l" | "wa" | "wal" | "bi" | "bil" | "lil" | "fal" => true,
        // Assimilated: ar-Raḥmān, ash-Shams, et-Tarikh.
        _ => {
            word.starts_with(['a', 'e', 'u'])
                && matches!(word.len(), 2 | 3)
                && word
                    .get(1..)
                    .is_some_and(|sun| next.word.starts_with(sun) && !sun.starts_with(is_vowel))
        }
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The Persian vowel between two nouns, as it is written in Latin letters.
fn is_izafa(word: &str) -> bool {
    matches!(word, "i" | "e" | "yi" | "ye")
}

/// A Latin word without what an apostrophe parts from it: l’œuvre, d’Ispahan, the king’s.
fn without_apostrophe(piece: Piece, primary: &str) -> Word {
    let mut word = Word {
        start: piece.start,
        end: piece.end,
        word: piece.word,
        bare: None,
        adjacent: false,
        unspaced: false,
    };
    let Some((at, behind)) = piece.joint else {
        return word;
    };
    let Some((before, after)) = word.word.split_at_checked(at) else {
        return word;
    };
    if matches!(primary, "tr" | "az") {
        // Parts a name from its endings: İstanbul’da.
        word.bare = Some(before.to_owned());
        return word;
    }
    if after == "s" && before.len() > 1 {
        word.word.truncate(at);
        return word;
    }
    let elided = match before {
        "l" | "d" | "qu" | "dell" | "nell" | "all" | "dall" | "sull" | "jusqu" | "lorsqu"
        | "puisqu" => true,
        "c" | "j" | "m" | "n" | "s" | "t" => {
            if !matches!(primary, "fr" | "it" | "ca" | "oc") {
                // In a query nothing says whether this is French or a name such as M’hamed.
                word.bare = Some(after.to_owned());
            }
            word.bare.is_none()
        }
        _ => false,
    };
    if elided {
        word.word = after.to_owned();
        word.start = behind;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, lang: &str) -> String {
        let tokens = tokens(text, lang).into_iter();
        let words = tokens.map(|t| match t.bare {
            Some(bare) => format!("{}:{}({bare})", t.position, t.word),
            None => format!("{}:{}", t.position, t.word),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_and_positions() {
        for (text, lang, expected) in [
            ("l’œuvre d'Ispahan", "fr", "0:oeuvre 1:ispahan"),
            ("the king's j'aime", "", "0:the 1:king 2:jaime(aime)"),
            ("Qurʾān, Qur'an", "ar-Latn", "0:quran 1:quran"),
            ("Kitāb al-Aghānī", "ar-Latn", "0:kitab 1:alaghani(aghani)"),
            (
                "Shams ad-Dīn",
                "ar-Latn",
                "0:shams 0:shamsaddin 1:shamsaddin 1:addin(din)",
            ),
            ("wa-al-tārīkh", "ar-Latn", "0:waaltarikh(tarikh)"),
            ("el libro", "es", "0:el 1:libro"),
            ("Dīvān-i Ḥāfiẓ", "fa-Latn", "0:divan 1:hafiz"),
            ("وكتاب القلم", "ar", "0:وكتاب(كتاب) 1:القلم(قلم)"),
            ("北京 x", "zh", "0:北 0:北京 1:京 2:x"),
            ("MS12", "en", "0:ms 1:12"),
            ("al-", "en", "0:al"),
        ] {
            assert_eq!(cut(text, lang), expected, "{text}");
        }
    }

    #[test]
    fn articles_in_a_row_make_no_endless_word() {
        let text = "al-".repeat(10_000) + "kitab";
        let tokens = tokens(&text, "");
        assert!(tokens.len() > 100);
        assert!(tokens.iter().all(|token| token.word.len() < 3 * LONGEST));
    }

    #[test]
    fn ranges_mark_the_word_in_the_text() {
        let text = "Voir l’œuvre du شيخ";
        let marked: Vec<_> = tokens(text, "fr")
            .iter()
            .filter_map(|t| text.get(t.start..t.end))
            .collect();
        assert_eq!(marked, ["Voir", "œuvre", "du", "شيخ"]);
    }
}
