//! Lists of terms by stem, by phonetic key and by prefix.

use std::collections::BTreeMap;

use khizana_text::{phonetic_key, stem};
use rayon::prelude::*;

use super::terms::TermData;
use crate::expand::MAX_COMPLETIONS;
use crate::term_entry::{PHONETIC_MARKER, PREFIX_MARKER, STEM_MARKER, write_words};

/// Maximum number of terms per stem or phonetic key.
const MAX_GROUP_TERMS: usize = 64;
/// Maximum number of terms with a common prefix for which no list is written. The terms with such a
/// prefix are read from the tree.
const MAX_UNLISTED_TERMS: usize = 64;
/// Lengths, in letters, of the prefixes that have lists.
const PREFIX_LETTERS: std::ops::RangeInclusive<usize> = 2..=6;

/// Entries of the tree of terms, by key.
pub(super) type TermLists = BTreeMap<String, Vec<u8>>;

/// Returns the lists of all stems and phonetic keys. `languages` are the names of the languages to
/// which [`TermData::languages`] refers by index.
pub(super) fn stem_and_phonetic_lists(
    terms: &[(String, TermData)],
    languages: &[String],
) -> TermLists {
    let keys: Vec<(String, usize)> = terms
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, (term, data))| {
            let mut keys: Vec<String> = data
                .languages
                .iter()
                .filter_map(|language| languages.get(*language as usize))
                .filter_map(|language| stem(term, language))
                .filter(|stem| stem != term)
                .map(|stem| format!("{stem}{STEM_MARKER}"))
                .collect();
            keys.extend(phonetic_key(term).map(|key| format!("{key}{PHONETIC_MARKER}")));
            keys.sort();
            keys.dedup();
            keys.into_iter().map(move |key| (key, index))
        })
        .collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (key, index) in keys {
        groups.entry(key).or_default().push(index);
    }
    groups
        .into_iter()
        .map(|(key, indexes)| (key, most_frequent(terms, indexes, MAX_GROUP_TERMS)))
        .collect()
}

/// Adds a list of the most frequent completions for each prefix that many terms share. `terms` are
/// in alphabetical order.
pub(super) fn add_prefix_lists(terms: &[(String, TermData)], lists: &mut TermLists) {
    for letters in PREFIX_LETTERS {
        let mut group_start = 0;
        let have_same_prefix = |a: &(String, TermData), b: &(String, TermData)| {
            let prefix = prefix(&a.0, letters);
            prefix.is_some() && prefix == self::prefix(&b.0, letters)
        };
        for group in terms.chunk_by(have_same_prefix) {
            let start = group_start;
            group_start += group.len();
            if group.len() <= MAX_UNLISTED_TERMS {
                continue;
            }
            let Some(prefix) = group.first().and_then(|(term, _)| prefix(term, letters)) else {
                continue;
            };
            let completions = (start..group_start)
                .filter(|index| terms.get(*index).is_some_and(|(term, _)| term != prefix));
            let list = most_frequent(terms, completions.collect(), MAX_COMPLETIONS);
            lists.insert(format!("{prefix}{PREFIX_MARKER}"), list);
        }
    }
}

/// Returns the first `letters` letters of a term, or `None` if the term is shorter.
fn prefix(term: &str, letters: usize) -> Option<&str> {
    let mut ends = term.char_indices().map(|(i, _)| i).chain([term.len()]);
    term.get(..ends.nth(letters)?)
}

/// Writes a list of at most `max` terms, those with the highest document frequency.
fn most_frequent(terms: &[(String, TermData)], mut indexes: Vec<usize>, max: usize) -> Vec<u8> {
    let doc_freq = |index: &usize| terms.get(*index).map_or(0, |(_, data)| data.doc_freq);
    indexes.sort_by_key(|index| (u32::MAX - doc_freq(index), *index));
    indexes.truncate(max);
    let words: Vec<&str> = indexes
        .iter()
        .filter_map(|index| terms.get(*index))
        .map(|(term, _)| term.as_str())
        .collect();
    write_words(words.into_iter())
}
