//! Deterministic generation of a set of records of any size from the records in a file.
//!
//! - A smaller set is sampled from the file at equal intervals.
//! - A larger set consists of all records in the file, followed by copy 1 of each record, copy 2 of
//!   each record, and so on.
//!
//! Identical copies would not change the vocabulary and would lengthen every posting list equally.
//! Therefore, copy `k` of a record has:
//!
//! - the identifier with the suffix `x` and `k`, which is a new word like an accession number;
//! - the first half of its title and the second half of the title of a partner. The partner is the
//!   record of the same type that is `k` × 7,919 places further on. Common words keep their
//!   frequency, but occur in new pairs;
//! - in every second record, new words instead of the words that occur in only one title. A new
//!   word is the first half of the original word and the second half of another such word. This
//!   imitates the names and places of a growing collection, whose vocabulary grows more slowly than
//!   the collection;
//! - the first half of its subjects and the second half of the subjects of the partner.
//!
//! Artist, date, medium, type and decade do not change.

use std::collections::BTreeMap;

use super::data::Record;

/// The distance between a record and its partner. It is a prime, so that each copy has a different
/// partner.
const STRIDE: usize = 7_919;

/// A generator of records from those in a file.
pub struct Recipe<'a> {
    base: &'a [Record],
    /// The indexes of the records of each type.
    by_type: BTreeMap<&'a str, Vec<usize>>,
    /// The position of each record among those of its type.
    position_in_type: Vec<usize>,
    /// The words that occur in only one title, in the order of the titles.
    unique_words: Vec<String>,
    /// The index of each of these words, by its key.
    unique_word_indexes: BTreeMap<String, usize>,
}

impl<'a> Recipe<'a> {
    /// Analyses the records of a file.
    pub fn new(base: &'a [Record]) -> Self {
        let mut by_type: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut position_in_type = Vec::with_capacity(base.len());
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (index, record) in base.iter().enumerate() {
            let same_type = by_type.entry(&record.kind).or_default();
            position_in_type.push(same_type.len());
            same_type.push(index);
            for word in record.title.split_whitespace() {
                *counts.entry(key(word)).or_default() += 1;
            }
        }
        let unique_words: Vec<String> = base
            .iter()
            .flat_map(|record| record.title.split_whitespace())
            .filter(|word| counts.get(&key(word)) == Some(&1) && key(word).chars().count() > 3)
            .map(|word| core(word).to_owned())
            .collect();
        let unique_word_indexes = unique_words
            .iter()
            .enumerate()
            .map(|(index, word)| (key(word), index))
            .collect();
        Recipe {
            base,
            by_type,
            position_in_type,
            unique_words,
            unique_word_indexes,
        }
    }

    /// Returns a set of `size` records.
    pub fn records(&self, size: usize) -> impl Iterator<Item = Record> {
        let length = self.base.len();
        (0..size).filter_map(move |number| {
            let index = if size < length {
                number * length / size
            } else {
                number % length
            };
            self.copy(index, number / length)
        })
    }

    fn copy(&self, index: usize, copy: usize) -> Option<Record> {
        let original = self.base.get(index)?;
        if copy == 0 {
            return Some(original.clone());
        }
        let partner = self.partner(index, copy).unwrap_or(original);
        let original_words: Vec<&str> = original.title.split_whitespace().collect();
        let partner_words: Vec<&str> = partner.title.split_whitespace().collect();
        let first = original_words.iter().take(original_words.len().div_ceil(2));
        let second = partner_words.iter().skip(partner_words.len() / 2);
        let has_new_words = (index + copy).is_multiple_of(2);
        let title: Vec<String> = first
            .chain(second)
            .map(
                |word| match self.new_word(word, copy).filter(|_| has_new_words) {
                    Some(new_word) => new_word,
                    None => (*word).to_owned(),
                },
            )
            .collect();
        let first = original
            .subjects
            .iter()
            .take(original.subjects.len().div_ceil(2));
        let second = partner.subjects.iter().skip(partner.subjects.len() / 2);
        let mut subjects: Vec<String> = Vec::new();
        for subject in first.chain(second) {
            if !subjects.contains(subject) {
                subjects.push(subject.clone());
            }
        }
        Some(Record {
            id: format!("{}x{copy}", original.id),
            title: title.join(" "),
            subjects,
            ..original.clone()
        })
    }

    fn partner(&self, index: usize, copy: usize) -> Option<&'a Record> {
        let same_type = self.by_type.get(self.base.get(index)?.kind.as_str())?;
        let position = (self.position_in_type.get(index)? + copy * STRIDE) % same_type.len();
        self.base.get(*same_type.get(position)?)
    }

    /// Returns the replacement for a word that occurs in only one title, and `None` for other
    /// words.
    fn new_word(&self, word: &str, copy: usize) -> Option<String> {
        let index = self.unique_word_indexes.get(&key(word))?;
        let other = self
            .unique_words
            .get((index + copy * STRIDE) % self.unique_words.len())?;
        let half = |text: &str| text.chars().count().div_ceil(2);
        let word = core(word);
        let first = word.chars().take(half(word));
        Some(first.chain(other.chars().skip(half(other))).collect())
    }
}

/// Returns a word without leading and trailing punctuation.
fn core(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn key(word: &str) -> String {
    core(word).to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn base() -> Vec<Record> {
        let title = |index: usize| match index % 3 {
            0 => format!("View of the castle, Placename{index}"),
            1 => "Study of a river with castle".to_owned(),
            _ => "Untitled".to_owned(),
        };
        (0..60)
            .map(|index| Record {
                id: format!("t{index}"),
                title: title(index),
                artist: "Somebody".into(),
                date: "1819".into(),
                medium: "Graphite on paper".into(),
                kind: if index % 2 == 0 {
                    "drawing"
                } else {
                    "painting"
                }
                .into(),
                decade: "1810s".into(),
                subjects: vec![format!("s{}", index % 4), format!("s{}", index % 5)],
            })
            .collect()
    }

    #[test]
    fn is_deterministic() {
        let base = base();
        let generate = || Recipe::new(&base).records(200).collect::<Vec<_>>();
        assert_eq!(generate(), generate());
    }

    #[test]
    fn generates_the_requested_number_of_distinct_records() {
        let base = base();
        let recipe = Recipe::new(&base);
        for size in [7, 60, 61, 200] {
            let ids: BTreeSet<String> = recipe.records(size).map(|record| record.id).collect();
            assert_eq!(ids.len(), size);
        }
        assert_eq!(recipe.records(60).collect::<Vec<_>>(), base);
        assert_eq!(Recipe::new(&[]).records(0).count(), 0);
    }

    #[test]
    fn samples_a_smaller_set_from_the_whole_file() {
        let base = base();
        let ids: Vec<_> = Recipe::new(&base)
            .records(3)
            .map(|record| record.id)
            .collect();
        assert_eq!(ids, ["t0", "t20", "t40"]);
    }

    #[test]
    fn word_frequencies_and_vocabulary_grow() {
        let base = base();
        let recipe = Recipe::new(&base);
        let words = |size| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for record in recipe.records(size) {
                for word in record.title.split_whitespace() {
                    *counts.entry(key(word)).or_default() += 1;
                }
            }
            counts
        };
        let (small, large) = (words(60), words(240));
        let castles = |counts: &BTreeMap<String, usize>| counts.get("castle").copied().unwrap();
        assert!((3..=5).contains(&(castles(&large) / castles(&small))));
        assert!(large.len() > small.len());
        assert!(large.len() < 4 * small.len());
    }
}
