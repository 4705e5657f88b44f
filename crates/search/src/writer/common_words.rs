//! The common words of an archive, whose bigrams with other words are indexed.
//!
//! The positions of a common word take more bytes than all other data that a phrase search needs.
//! HathiTrust uses the same technique for phrase searches in whole libraries: Burton-West, "Slow
//! Queries and Common Words" (2010).

use std::collections::{BTreeMap, BTreeSet};

use super::AnalysedItem;

/// Number of occurrences in the archive that a common word must exceed. The positions of this many
/// occurrences take about 50 KB.
const MIN_OCCURRENCES: usize = 16_384;
/// Minimum frequency of a common word: more than one in this number of words. If the limit were
/// lower, bigrams would make up most of the index of a large archive.
const MIN_FREQUENCY: usize = 128;
/// Maximum number of common words.
const MAX_COMMON_WORDS: usize = 64;

/// The common words of an archive.
#[derive(Debug, Clone, Default)]
pub struct CommonWords(BTreeSet<String>);

impl CommonWords {
    /// Number of items that is sufficient as a sample for [`CommonWords::detect`].
    pub const SAMPLE_SIZE: usize = 256;

    /// Creates a set of the given words, which must be folded.
    pub fn new(words: impl IntoIterator<Item = String>) -> CommonWords {
        CommonWords(words.into_iter().collect())
    }

    /// Determines the common words of an archive with `items` items from a sample of them.
    pub fn detect(sample: &[AnalysedItem], items: usize) -> CommonWords {
        let mut occurrences: BTreeMap<&str, usize> = BTreeMap::new();
        for (word, term) in sample.iter().flat_map(|item| &item.terms) {
            *occurrences.entry(word).or_default() += term.occurrences.len();
        }
        let total: usize = occurrences.values().sum();
        let mut common: Vec<(usize, &str)> = occurrences
            .into_iter()
            .map(|(word, count)| (count, word))
            .filter(|(count, _)| {
                let in_archive = count.saturating_mul(items) / sample.len().max(1);
                in_archive > MIN_OCCURRENCES && count.saturating_mul(MIN_FREQUENCY) > total
            })
            .collect();
        common.sort_by(|a, b| b.cmp(a));
        let most_common = common.into_iter().take(MAX_COMMON_WORDS);
        CommonWords::new(most_common.map(|(_, word)| word.to_owned()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    pub(super) fn into_words(self) -> Vec<String> {
        self.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldLanguages;
    use crate::test_archive::{Rng, random_items};
    use khizana_model::{Item, LangMap, LangTag};

    #[test]
    fn frequent_words_are_common() {
        let item = |title: &str| Item {
            title: LangMap::of(LangTag::und(), title),
            ..random_items(&mut Rng(1), 1).remove(0).item
        };
        // 300 distinct words of three letters.
        let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
        let rare = |start: usize| -> String {
            let words = (start..start + 300).map(|n| [n / 676, n / 26, n].map(letter));
            let words: Vec<String> = words.map(|word| word.iter().collect()).collect();
            words.join(" ")
        };
        // One word in 31 is "the".
        let titles = [0, 300, 600].map(|start| format!("{}{}", "the ".repeat(10), rare(start)));
        let sample: Vec<AnalysedItem> = titles
            .iter()
            .map(|title| {
                AnalysedItem::new(
                    &item(title),
                    &[],
                    &CommonWords::default(),
                    &FieldLanguages::default(),
                )
            })
            .collect();
        let common = |items| CommonWords::detect(&sample, items).into_words();
        assert_eq!(common(60_000), ["the"]);
        assert!(common(1_000).is_empty(), "only 10,000 occurrences");
    }
}
