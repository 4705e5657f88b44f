//! What the ranking needs to know about the words of a title or of the name of a creator.

use std::ops::Range;

use khizana_text::tokenize;

use super::level::BestPlaces;
use super::names::{self, Person};
use crate::whole_value::{self, WholeValue};

/// Maximum length of the part of a value that is analysed, in bytes.
const MAX_LEN: usize = 16 << 10;

/// A value of a field.
pub(crate) enum RankedValue {
    /// A title, with its words, and `true` if the first of them is an article.
    Title(Vec<Word>, bool),
    /// A creator, with its words and the persons it names.
    Creator(Vec<Word>, Vec<Person>),
    /// A value whose words are all alike.
    Other,
}

/// A word and its range of bytes in the value.
type Word = (Range<usize>, String);

impl RankedValue {
    pub(crate) fn new(field: &str, text: &str, language: &str) -> RankedValue {
        match field {
            "title" => {
                let words = words(text, language);
                let has_article = words.len() > 1
                    && words
                        .first()
                        .is_some_and(|(_, word)| is_article(word, language));
                RankedValue::Title(words, has_article)
            }
            "creator" => RankedValue::Creator(words(text, language), names::persons(text)),
            _ => RankedValue::Other,
        }
    }

    /// Returns the number of words of a title or a creator.
    pub(crate) fn length(&self) -> u32 {
        match self {
            RankedValue::Title(words, _) | RankedValue::Creator(words, _) => words.len() as u32,
            RankedValue::Other => 0,
        }
    }

    /// Returns the place of a word, given as a range of bytes.
    pub(crate) fn places(&self, word: &Range<usize>) -> BestPlaces {
        let mut places = BestPlaces::default();
        match self {
            // An article at the beginning counts as half a word: "The Kiss" is almost as much about
            // a kiss as "Kiss" is.
            RankedValue::Title(words, has_article) => {
                places.add_title(2 * words.len() as u32 - u32::from(*has_article));
            }
            RankedValue::Creator(_, persons) => places.add_name(names::part(persons, word)),
            RankedValue::Other => {}
        }
        places
    }

    /// Returns the keys under which items are listed by their whole values.
    pub(crate) fn whole_values(&self) -> Vec<(String, WholeValue)> {
        let key = |words: &[&Word]| whole_value::key(words.iter().map(|(_, word)| word.as_str()));
        match self {
            RankedValue::Title(words, _) => {
                let key = key(&words.iter().collect::<Vec<_>>());
                key.map(|key| (key, WholeValue::TITLE))
                    .into_iter()
                    .collect()
            }
            RankedValue::Creator(words, persons) => persons
                .iter()
                .filter(|person| !person.is_related)
                .filter_map(|person| {
                    let is_name = |word: &&Word| person.contains(&word.0);
                    key(&words.iter().filter(is_name).collect::<Vec<_>>())
                })
                .map(|key| (key, WholeValue::NAME))
                .collect(),
            RankedValue::Other => Vec::new(),
        }
    }
}

/// Returns `true` if a folded word is an article in a language.
fn is_article(word: &str, language: &str) -> bool {
    let articles: &[&str] = match language.split('-').next().unwrap_or_default() {
        "en" => &["the", "a", "an"],
        "fr" => &["le", "la", "les", "un", "une"],
        "de" => &["der", "die", "das", "ein", "eine"],
        "es" => &["el", "la", "los", "las", "un", "una"],
        "pt" => &["o", "a", "os", "as", "um", "uma"],
        "it" => &["il", "lo", "la", "i", "gli", "le", "un", "una", "uno"],
        "nl" => &["de", "het", "een"],
        _ => &[],
    };
    articles.contains(&word)
}

/// Returns the words of a text. Of several tokens at a position, the first is the word itself.
fn words(text: &str, language: &str) -> Vec<Word> {
    let text = text
        .get(..text.floor_char_boundary(MAX_LEN))
        .unwrap_or(text);
    let mut tokens = tokenize(text, language);
    tokens.dedup_by_key(|token| token.position);
    let words = tokens.into_iter();
    words
        .map(|token| (token.start..token.end, token.word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_at_the_beginning_of_a_title_counts_as_half_a_word() {
        let half_words = |title, language| {
            let value = RankedValue::new("title", title, language);
            value.places(&(0..1)).title
        };
        assert_eq!(half_words("Kiss", "en"), 2);
        assert_eq!(half_words("The Kiss", "en"), 3);
        assert_eq!(half_words("Le Grand Baiser", "fr-CA"), 5);
        assert_eq!(half_words("Die Brücke", "en"), 4);
        assert_eq!(half_words("Kiss the", "en"), 4);
        assert_eq!(half_words("The", "en"), 2);
    }

    #[test]
    fn whole_values_are_titles_and_unqualified_names() {
        let keys = |field, value| RankedValue::new(field, value, "en").whole_values().len();
        assert_eq!(keys("title", "The Kiss"), 1);
        assert_eq!(keys("title", "Kiss"), 0, "the level is sufficient");
        assert_eq!(keys("creator", "John Constable, David Lucas"), 2);
        assert_eq!(keys("creator", "after John Constable"), 0);
        assert_eq!(keys("subject", "The Kiss"), 0);
    }
}
