//! The words of titles and of the names of creators, which are ranked differently from other words.

use std::ops::Range;

use khizana_text::Token;

use super::level::BestPlaces;
use super::names::{self, Person};
use crate::whole_value::{self, WholeValue};

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
    /// Creates the value of a field from its text and its tokens.
    pub(crate) fn new(field: &str, text: &str, language: &str, tokens: &[Token]) -> RankedValue {
        match field {
            "title" => {
                let words = words(tokens);
                let first = words.first().filter(|_| words.len() > 1);
                let has_article = first.is_some_and(|(_, word)| is_article(word, language));
                RankedValue::Title(words, has_article)
            }
            "creator" => RankedValue::Creator(words(tokens), names::persons(text)),
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

/// Returns the words of a value. Of several tokens at a position, the first is the word itself.
fn words(tokens: &[Token]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    let mut last_position = None;
    for token in tokens {
        if last_position != Some(token.position) {
            words.push((token.start..token.end, token.word.clone()));
            last_position = Some(token.position);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(field: &str, text: &str, language: &str) -> RankedValue {
        let tokens = khizana_text::tokenize(text, language);
        RankedValue::new(field, text, language, &tokens)
    }

    #[test]
    fn an_article_at_the_beginning_of_a_title_counts_as_half_a_word() {
        let half_words = |title, language| {
            let value = ranked("title", title, language);
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
        let keys = |field, value| ranked(field, value, "en").whole_values().len();
        assert_eq!(keys("title", "The Kiss"), 1);
        assert_eq!(keys("title", "Kiss"), 0, "the level is sufficient");
        assert_eq!(keys("creator", "John Constable, David Lucas"), 2);
        assert_eq!(keys("creator", "after John Constable"), 0);
        assert_eq!(keys("subject", "The Kiss"), 0);
    }
}
