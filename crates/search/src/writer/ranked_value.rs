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
    /// A title, with its words.
    Title(Vec<Word>),
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
            "title" => RankedValue::Title(words(text, language)),
            "creator" => RankedValue::Creator(words(text, language), names::persons(text)),
            _ => RankedValue::Other,
        }
    }

    /// Returns the number of words of a title or a creator.
    pub(crate) fn length(&self) -> u32 {
        match self {
            RankedValue::Title(words) | RankedValue::Creator(words, _) => words.len() as u32,
            RankedValue::Other => 0,
        }
    }

    /// Returns the place of a word, given as a range of bytes.
    pub(crate) fn places(&self, word: &Range<usize>) -> BestPlaces {
        let mut places = BestPlaces::default();
        match self {
            RankedValue::Title(words) => places.add_title(words.len() as u32),
            RankedValue::Creator(_, persons) => places.add_name(names::part(persons, word)),
            RankedValue::Other => {}
        }
        places
    }

    /// Returns the keys under which items are listed by their whole values.
    pub(crate) fn whole_values(&self) -> Vec<(String, WholeValue)> {
        let key = |words: &[&Word]| whole_value::key(words.iter().map(|(_, word)| word.as_str()));
        match self {
            RankedValue::Title(words) => {
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
