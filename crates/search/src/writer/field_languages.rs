//! The languages of the fields whose values have no language.

use std::collections::BTreeMap;

use khizana_model::{Item, LangTag};
use khizana_text::LanguageGuess;

use crate::positions::TEXT_FIELD;

/// Fields that contain names, whose inflection is not that of the language around them.
const NAMES: [&str; 4] = ["creator", "contributor", "publisher", "place"];

/// Length of the part of a text from which its language is guessed, in bytes.
const TEXT_SAMPLE_LEN: usize = 4 << 10;

/// The guessed languages of the fields of a collection, for values without a language.
///
/// A title is too short for a guess, so all titles of a collection are assumed to have the same
/// language. The guess affects only stemming.
#[derive(Debug, Clone, Default)]
pub struct FieldLanguages(BTreeMap<String, &'static str>);

impl FieldLanguages {
    /// Number of items that is sufficient as a sample for [`FieldLanguages::guess`].
    pub const SAMPLE_SIZE: usize = 512;

    /// Guesses the languages of the fields of a collection from a sample of its items.
    pub fn guess<'a>(sample: impl IntoIterator<Item = &'a Item>) -> FieldLanguages {
        let mut guesses: BTreeMap<&str, LanguageGuess> = BTreeMap::new();
        for item in sample {
            let titles = item.title.iter().map(|value| ("title", value));
            let fields = item.fields.iter().flat_map(|field| {
                let values = field.values.iter();
                values.map(|value| (field.name.as_str(), value))
            });
            for (field, (tag, value)) in titles.chain(fields) {
                if is_unknown(tag) && !NAMES.contains(&field) {
                    guesses.entry(field).or_default().add(value);
                }
            }
        }
        let languages = guesses
            .into_iter()
            .filter_map(|(field, guess)| Some((field.to_owned(), guess.language()?)));
        FieldLanguages(languages.collect())
    }

    /// Returns the language in which a value is analysed.
    pub(super) fn of<'a>(&self, field: &str, tag: &'a LangTag, value: &str) -> &'a str {
        if !is_unknown(tag) {
            return tag.as_str();
        }
        if field != TEXT_FIELD {
            return self.0.get(field).copied().unwrap_or(tag.as_str());
        }
        let sample = value.get(..value.floor_char_boundary(TEXT_SAMPLE_LEN));
        let mut guess = LanguageGuess::default();
        guess.add(sample.unwrap_or_default());
        guess.language().unwrap_or(tag.as_str())
    }
}

fn is_unknown(tag: &LangTag) -> bool {
    tag.as_str() == LangTag::UNKNOWN
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_archive::{Rng, random_items};
    use khizana_model::{Field, LangMap};

    fn item(title: (&str, &str), creator: &str) -> Item {
        Item {
            title: LangMap::of(title.0.parse().unwrap(), title.1),
            fields: vec![Field {
                name: "creator".into(),
                values: LangMap::of(LangTag::und(), creator),
            }],
            ..random_items(&mut Rng(1), 1).remove(0).item
        }
    }

    #[test]
    fn fields_have_languages_and_names_have_none() {
        let items = [
            item(("und", "The Tea Party"), "The Master of the Playing Cards"),
            item(("und", "View of the Castle"), "The Master of the Housebook"),
            item(("fr", "Vue du port de la ville"), "The Master of the Die"),
        ];
        let languages = FieldLanguages::guess(&items);
        let und = LangTag::und();
        assert_eq!(languages.of("title", &und, "Teapots"), "en");
        assert_eq!(languages.of("creator", &und, "The Master"), "und");
        assert_eq!(languages.of("note", &und, "x"), "und");
        let french = "fr".parse().unwrap();
        assert_eq!(languages.of("title", &french, "Théières"), "fr");
        let text = "The ship left in the night and came to the coast of Wales.";
        assert_eq!(languages.of(TEXT_FIELD, &und, text), "en");
        assert_eq!(languages.of(TEXT_FIELD, &und, "1906"), "und");
    }
}
