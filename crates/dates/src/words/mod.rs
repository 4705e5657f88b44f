//! Words of written dates, in one table for each language.

mod arabic;
mod english;
mod french;
mod german;
mod persian;
mod transliteration;
mod turkish;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::calendar::Calendar;
use crate::fold::fold;

/// A meaning of a word or a phrase in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A month, numbered from 1.
    Month(Calendar, u8),
    /// A weekday, from 1 (Monday) to 7 (Sunday).
    Weekday(u8),
    /// The name of a calendar.
    Era(Calendar),
    /// `AM`: the Hebrew calendar if the year permits no other, otherwise ambiguous.
    AnnoMundi,
    /// Before the first year of a calendar: such dates have no reading.
    BeforeEra,
    /// A century, as in `17th century`.
    Century,
    /// A decade, as in `decade of 1870`.
    Decade,
    /// A part of a century or a month.
    Part(Part),
    /// `half`, after an ordinal number.
    Half,
    /// `third`, after an ordinal number.
    Third,
    /// `quarter`, after an ordinal number.
    Quarter,
    Ordinal(u8),
    /// An approximate date.
    Circa,
    /// An uncertain date.
    Uncertain,
    Before,
    After,
    Between,
    And,
    Or,
    From,
    To,
    /// `undated`: no date, or one that is not written on the object.
    Undated,
    /// A word that says which event the date belongs to, as in `dated 1650`.
    Label,
    /// An article, a preposition or the word `year`, without an effect on the date.
    Filler,
    /// `corresponding to`, between a date and the same date in another calendar.
    Equals,
}

/// A part of a century.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Early,
    Middle,
    Late,
    Beginning,
    End,
    /// A half, numbered from 1.
    Half(u8),
    /// A third, numbered from 1.
    Third(u8),
    /// A quarter, numbered from 1.
    Quarter(u8),
}

/// A table of words: spellings, separated by `|`, and their meaning.
type Table = &'static [(&'static str, Meaning)];

/// The greatest number of words in a phrase.
pub(crate) const MAX_PHRASE: usize = 6;

static WORDS: LazyLock<BTreeMap<String, Vec<Meaning>>> = LazyLock::new(|| {
    let mut words: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
    let mut add = |spelling: &str, meaning| {
        let meanings = words.entry(key(spelling)).or_default();
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    };
    let tables = [
        english::WORDS,
        french::WORDS,
        german::WORDS,
        turkish::WORDS,
        arabic::WORDS,
        persian::WORDS,
        transliteration::WORDS,
    ];
    for (spellings, meaning) in tables.into_iter().flatten() {
        for spelling in spellings.split('|') {
            add(spelling, *meaning);
        }
    }
    transliteration::compound_months(|spelling, month| {
        add(spelling, Meaning::Month(Calendar::Hijri, month));
    });
    words
});

/// Returns the meanings of a phrase, from its folded words without the separators between them.
pub(crate) fn meanings(phrase: &str) -> Option<&'static [Meaning]> {
    WORDS.get(phrase).map(Vec::as_slice)
}

/// Adds a folded word to the key of a phrase. Numbers of months are set off: `Rab. II` is not `Rabi I`.
pub(crate) fn add_word(key: &mut String, word: &str) {
    if matches!(word, "i" | "ii") {
        key.push('#');
    }
    key.push_str(word);
}

/// Returns the key of a spelling: its folded words.
fn key(spelling: &str) -> String {
    let mut key = String::new();
    for word in fold(spelling).split(|c: char| !c.is_alphabetic()) {
        add_word(&mut key, word);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_two_months_of_a_calendar_or_a_hijri_month_and_another() {
        for (word, meanings) in WORDS.iter() {
            let calendars: Vec<Calendar> = meanings
                .iter()
                .filter_map(|meaning| match meaning {
                    Meaning::Month(calendar, _) => Some(*calendar),
                    _ => None,
                })
                .collect();
            for (index, calendar) in calendars.iter().enumerate() {
                let others = calendars.iter().skip(index + 1);
                for other in others {
                    assert_ne!(calendar, other, "{word}");
                    assert!(![*calendar, *other].contains(&Calendar::Hijri), "{word}");
                }
            }
        }
    }

    #[test]
    fn the_number_of_a_month_is_set_off() {
        let month = |spelling| meanings(&key(spelling)).unwrap_or_default();
        assert_eq!(month("Rabi I"), [Meaning::Month(Calendar::Hijri, 3)]);
        assert_eq!(month("Rab. II"), [Meaning::Month(Calendar::Hijri, 4)]);
    }
}
