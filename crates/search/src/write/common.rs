//! Words that are so common that pairs of them with their neighbours are terms of their own.
//!
//! Where such a word stands takes more bytes than all else that a phrase needs. HathiTrust answers
//! phrases over whole libraries in the same way (Burton-West, "Slow queries and common words", 2010).

use std::collections::{BTreeMap, BTreeSet};

use super::Analysed;

/// A common word stands in more places than these: its positions are some fifty kilobytes.
const PLACES: usize = 16_384;
/// And one word in so many is it: otherwise pairs would be most of the index of a large archive.
const SHARE: usize = 128;
/// At most so many are.
const MOST: usize = 64;

/// The common words of an archive.
#[derive(Debug, Clone, Default)]
pub struct Common(BTreeSet<String>);

impl Common {
    /// As many items as say what is common.
    pub const SAMPLE: usize = 256;

    /// These words.
    pub fn new(words: impl IntoIterator<Item = String>) -> Common {
        Common(words.into_iter().collect())
    }

    /// What is common among `items` items of which these are some.
    pub fn of(sample: &[Analysed], items: usize) -> Common {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (word, own) in sample.iter().flat_map(|item| &item.words) {
            *places.entry(word).or_default() += own.occurrences.len();
        }
        let all: usize = places.values().sum();
        let mut common: Vec<(usize, &str)> = places
            .into_iter()
            .map(|(word, places)| (places, word))
            .filter(|(places, _)| {
                let of_archive = places.saturating_mul(items) / sample.len().max(1);
                of_archive > PLACES && places.saturating_mul(SHARE) > all
            })
            .collect();
        common.sort_by(|a, b| b.cmp(a));
        Common::new(common.into_iter().take(MOST).map(|(_, w)| w.to_owned()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    pub(super) fn into_words(self) -> Vec<String> {
        self.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use khizana_model::{Item, LangMap, LangTag};

    #[test]
    fn what_stands_in_many_places_is_common() {
        let item = |title: &str| Item {
            title: LangMap::of(LangTag::und(), title),
            ..crate::plain_scan::records(&mut crate::plain_scan::Chance(1), 1)
                .remove(0)
                .item
        };
        // One word in thirty, and words of which each stands once.
        let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
        let rare = |from: usize| -> String {
            let words = (from..from + 300).map(|n| [n / 676, n / 26, n].map(letter));
            let words: Vec<String> = words.map(|word| word.iter().collect()).collect();
            words.join(" ")
        };
        let titles = [0, 300, 600].map(|from| format!("{}{}", "the ".repeat(10), rare(from)));
        let sample: Vec<Analysed> = titles
            .iter()
            .map(|title| Analysed::of(&item(title), &[], &[], &Common::default()))
            .collect();
        let common = |items| Common::of(&sample, items).into_words();
        assert_eq!(common(60_000), ["the"]);
        assert!(common(1_000).is_empty(), "in ten thousand places");
    }
}
