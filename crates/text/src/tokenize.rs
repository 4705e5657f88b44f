//! Tokenization of texts.

use crate::script::{self, Script};
use crate::segment::{Gap, MAX_WORD_BYTES, Segment, segments};
use crate::{arabic, compound_names, hebrew, persian};

/// A word of a text, in the form in which it is indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Start of the word in the text, in bytes.
    pub start: usize,
    /// End of the word in the text, in bytes.
    pub end: usize,
    /// Position of the word in the text, in words. The words of a phrase have consecutive
    /// positions.
    ///
    /// Several tokens can have the same position: a character of a script without spaces and the
    /// bigram that starts with it, a compound name and its parts, or a part of a word that is
    /// divided at the end of a line and the whole word.
    pub position: u32,
    /// The folded word.
    pub word: String,
    /// The folded word without its article and other proclitics, if it has any.
    pub stripped: Option<String>,
}

/// A word of a text or a query.
pub(crate) struct Word {
    pub start: usize,
    pub end: usize,
    pub word: String,
    pub stripped: Option<String>,
    /// The parts of a word in Arabic script that contains zero-width non-joiners, otherwise empty.
    pub parts: Vec<String>,
    /// `true` if only a space separates the word from the previous one.
    pub is_after_space: bool,
    /// `true` if there are no characters between the word and the previous one.
    pub is_adjacent: bool,
    /// `true` if a hyphen at the end of a line separates the word from the previous one.
    pub is_after_line_end: bool,
    /// `true` if the word is a single character of a script without spaces.
    pub is_unspaced: bool,
}

/// A word that is divided at the ends of lines.
struct DividedWord {
    start: usize,
    end: usize,
    word: String,
    stripped: Option<String>,
    /// Number of its parts for which no token has been added.
    parts_left: usize,
}

/// Maximum number of parts of a divided word. Words have three parts in narrow columns.
const MAX_PARTS: usize = 4;

impl DividedWord {
    /// Joins the parts of a divided word. The first of `words` is the first part. Returns `None` if
    /// the word is not divided.
    fn join(words: &[Word], primary: &str) -> Option<DividedWord> {
        let (first, rest) = words.split_first()?;
        let is_part = |part: &&Word| part.is_after_line_end;
        let parts: Vec<&Word> = rest
            .iter()
            .take(MAX_PARTS - 1)
            .take_while(is_part)
            .collect();
        let end = parts.last()?.end;
        let rest: String = parts.iter().map(|part| part.word.as_str()).collect();
        let word = format!("{}{rest}", first.word);
        let stripped = match &first.stripped {
            Some(stripped) => Some(format!("{stripped}{rest}")),
            None => strip_proclitics(&word, primary),
        };
        Some(DividedWord {
            start: first.start,
            end,
            word,
            stripped,
            parts_left: parts.len() + 1,
        })
    }
}

/// Splits a text into tokens.
///
/// `lang` is the BCP 47 tag of the language of the text. If it is empty or `und`, or if the
/// language is not written in the script of a word, the analysis depends only on the script.
pub fn tokenize(text: &str, lang: &str) -> Vec<Token> {
    let primary = script::primary(lang);
    let words = words(text, primary);
    let mut tokens = Vec::with_capacity(words.len());
    let mut divided: Option<DividedWord> = None;
    for (position, word) in (0u32..).zip(&words) {
        if divided
            .as_ref()
            .is_none_or(|divided| divided.parts_left == 0)
        {
            let rest = words.get(position as usize..).unwrap_or_default();
            divided = DividedWord::join(rest, primary);
        }
        let mut push_from = |start, position, end, form: String, stripped: Option<String>| {
            tokens.push(Token {
                start,
                end,
                position,
                word: form,
                stripped,
            });
        };
        let mut push = |position, end, form, stripped| {
            push_from(word.start, position, end, form, stripped);
        };
        push(position, word.end, word.word.clone(), word.stripped.clone());
        if let Some((first, second)) = compound_names::split(&word.word) {
            push(position, word.end, first.to_owned(), None);
            push(position, word.end, second.to_owned(), None);
        }
        // Readers type a space instead of the zero-width non-joiner, which many keyboards lack.
        for part in &word.parts {
            push(position, word.end, part.clone(), None);
        }
        if word.parts.is_empty()
            && let Some((first, second)) = persian::split(&word.word, primary)
        {
            push(position, word.end, first.to_owned(), None);
            push(position, word.end, second.to_owned(), None);
        }
        // The whole word is added at the positions of all its parts, so that other words of a phrase
        // can precede and follow it. The parts are kept, because the hyphen may join two words.
        if let Some(divided) = &mut divided {
            divided.parts_left = divided.parts_left.saturating_sub(1);
            let DividedWord {
                start,
                end,
                word,
                stripped,
                ..
            } = divided;
            push_from(*start, position, *end, word.clone(), stripped.clone());
        }
        let Some(next) = words.get(position as usize + 1) else {
            continue;
        };
        let mut push = |position, end, form, stripped| {
            push_from(word.start, position, end, form, stripped);
        };
        if word.is_unspaced && next.is_unspaced && next.is_adjacent {
            let bigram = format!("{}{}", word.word, next.word);
            push(position, next.end, bigram, None);
        }
        // The compound is added at the positions of both of its parts, so that other words of a
        // phrase can precede and follow it.
        let persian = (next.is_after_space && script::of_word(&word.word) == Script::Arabic)
            .then(|| persian::join(&word.word, &next.word, primary));
        let compound = compound_names::join(word, next).or_else(|| persian.flatten());
        if let Some(compound) = compound {
            push(position, next.end, compound.clone(), None);
            push(position + 1, next.end, compound, None);
        }
    }
    tokens
}

/// Splits a text into words. Attaches romanized Arabic articles and particles to the next word, and
/// removes elided words and genitive endings.
pub(crate) fn words(text: &str, primary: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    // The start and the letters of the romanized articles and particles that belong to the next
    // word.
    let mut proclitics: Option<(usize, String)> = None;
    let mut segments = segments(text).into_iter().peekable();
    while let Some(segment) = segments.next() {
        let is_latin = script::of_word(&segment.word) == Script::Latin;
        if is_latin
            && let Some(next) = segments.peek()
            && script::of_word(&next.word) == Script::Latin
            && is_proclitic(&segment.word, next, primary)
            // This condition limits the length of a word in a text that repeats articles.
            && proclitics.as_ref().is_none_or(|(_, letters)| letters.len() < MAX_WORD_BYTES)
        {
            let (_, letters) = proclitics.get_or_insert_with(|| (segment.start, String::new()));
            letters.push_str(&segment.word);
            continue;
        }
        if is_latin && proclitics.is_none() && segment.gap == Gap::Hyphen && is_ezafe(&segment.word)
        {
            // Dīvān-i Ḥāfiẓ is دیوان حافظ: Persian script does not write the ezafe.
            continue;
        }
        let is_adjacent = segment.gap == Gap::None;
        let is_after_space = segment.gap == Gap::Space;
        let mut is_after_line_end = segment.gap == Gap::LineEndHyphen;
        let mut word = if is_latin {
            latin_word(segment, primary)
        } else {
            Word {
                start: segment.start,
                end: segment.end,
                stripped: strip_proclitics(&segment.word, primary),
                parts: parts(&segment),
                word: segment.word,
                is_after_space,
                is_adjacent,
                is_after_line_end,
                is_unspaced: segment.is_unspaced,
            }
        };
        word.is_adjacent = is_adjacent;
        if let Some((start, mut letters)) = proclitics.take() {
            letters.push_str(&word.word);
            word = Word {
                start,
                stripped: Some(word.stripped.unwrap_or(word.word)),
                word: letters,
                is_adjacent: false,
                ..word
            };
            is_after_line_end = false;
        }
        word.is_after_line_end = is_after_line_end;
        words.push(word);
    }
    words
}

/// Returns the parts of a word in Arabic script between zero-width non-joiners, or no parts if there
/// are fewer than two.
fn parts(segment: &Segment) -> Vec<String> {
    if segment.joints.is_empty() || script::of_word(&segment.word) != Script::Arabic {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for end in segment.joints.iter().copied().chain([segment.word.len()]) {
        let part = segment.word.get(start..end).unwrap_or_default();
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
        start = end;
    }
    if parts.len() < 2 {
        parts.clear();
    }
    parts
}

fn strip_proclitics(word: &str, primary: &str) -> Option<String> {
    match script::of_word(word) {
        Script::Arabic => arabic::strip_proclitics(word, primary),
        Script::Hebrew if primary != "yi" => hebrew::strip_proclitics(word),
        _ => None,
    }
    .map(str::to_owned)
}

/// Returns `true` if a Latin word is a romanized Arabic article or particle that belongs to the
/// next word.
fn is_proclitic(word: &str, next: &Segment, primary: &str) -> bool {
    match next.gap {
        Gap::Hyphen | Gap::LineEndHyphen => {}
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
        // An article that is assimilated to a sun letter: ar-Raḥmān, ash-Shams, et-Tarikh.
        _ => {
            word.starts_with(['a', 'e', 'u'])
                && matches!(word.len(), 2 | 3)
                && word.get(1..).is_some_and(|sun_letter| {
                    next.word.starts_with(sun_letter) && !sun_letter.starts_with(is_vowel)
                })
        }
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Returns `true` if a word is the romanized ezafe, the vowel that links two Persian nouns.
fn is_ezafe(word: &str) -> bool {
    matches!(word, "i" | "e" | "yi" | "ye")
}

/// Converts a segment in Latin script to a word. Removes an elided article or preposition
/// (`l’œuvre` → `œuvre`) and a possessive ending (`king’s` → `king`).
fn latin_word(segment: Segment, primary: &str) -> Word {
    let mut word = Word {
        start: segment.start,
        end: segment.end,
        word: segment.word,
        stripped: None,
        parts: Vec::new(),
        is_after_space: false,
        is_adjacent: false,
        is_after_line_end: false,
        is_unspaced: false,
    };
    let Some(apostrophe) = segment.apostrophe else {
        return word;
    };
    let Some((before, after)) = word.word.split_at_checked(apostrophe.word_offset) else {
        return word;
    };
    if matches!(primary, "tr" | "az") {
        // The apostrophe separates a proper noun from its suffixes: İstanbul’da.
        word.stripped = Some(before.to_owned());
        return word;
    }
    if after == "s" && before.len() > 1 {
        word.word.truncate(apostrophe.word_offset);
        return word;
    }
    let is_elided = match before {
        "l" | "d" | "qu" | "dell" | "nell" | "all" | "dall" | "sull" | "jusqu" | "lorsqu"
        | "puisqu" => true,
        "c" | "j" | "m" | "n" | "s" | "t" => {
            if !matches!(primary, "fr" | "it" | "ca" | "oc") {
                // The language is unknown, as in queries, so this may be French or a name such as
                // M’hamed.
                word.stripped = Some(after.to_owned());
            }
            word.stripped.is_none()
        }
        _ => false,
    };
    if is_elided {
        word.word = after.to_owned();
        word.start = apostrophe.end;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats tokens as `position:word(stripped)`.
    fn describe(text: &str, lang: &str) -> String {
        let tokens = tokenize(text, lang)
            .into_iter()
            .map(|token| match token.stripped {
                Some(stripped) => format!("{}:{}({stripped})", token.position, token.word),
                None => format!("{}:{}", token.position, token.word),
            });
        tokens.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn text_is_tokenized_by_language() {
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
            (
                "می\u{200c}نویسد کتاب ها",
                "fa",
                "0:مينويسد 0:مي 0:نويسد 1:كتاب 1:كتابها 2:كتابها 2:ها",
            ),
            ("کتابها\u{200c}", "fa", "0:كتابها 0:كتاب 0:ها"),
            (
                "the cata-\nlogue of",
                "en",
                "0:the 1:cata 1:catalogue 2:logue 2:catalogue 3:of",
            ),
            (
                "l’inven¬\ntai\u{ad}\nre",
                "fr",
                "0:inven 0:inventaire 1:tai 1:inventaire 2:re 2:inventaire",
            ),
            ("al-\nKitāb", "ar-Latn", "0:alkitab(kitab)"),
            (
                "הספ-\nרים",
                "he",
                "0:הספ 0:הספרימ(ספרימ) 1:רימ 1:הספרימ(ספרימ)",
            ),
        ] {
            assert_eq!(describe(text, lang), expected, "{text}");
        }
    }

    #[test]
    fn repeated_articles_do_not_make_an_unbounded_word() {
        let text = "al-".repeat(10_000) + "kitab";
        let tokens = tokenize(&text, "");
        assert!(tokens.len() > 100);
        assert!(
            tokens
                .iter()
                .all(|token| token.word.len() < 3 * MAX_WORD_BYTES)
        );
    }

    #[test]
    fn repeated_hyphens_do_not_make_an_unbounded_word() {
        let tokens = tokenize(&"word-\n".repeat(1_000), "");
        let longest = tokens.iter().map(|token| token.word.len()).max();
        assert_eq!(longest, Some("word".len() * MAX_PARTS));
    }

    #[test]
    fn token_range_covers_the_word_in_the_text() {
        let text = "Voir l’œuvre du شيخ";
        let words: Vec<_> = tokenize(text, "fr")
            .iter()
            .filter_map(|token| text.get(token.start..token.end))
            .collect();
        assert_eq!(words, ["Voir", "œuvre", "du", "شيخ"]);
    }
}
