//! Tokenization of queries.

use crate::tokenize::words;
use crate::{phonetic_key, stem};

/// A word of a query, with all forms under which it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTerm {
    /// Start of the word in the query, in bytes.
    pub start: usize,
    /// End of the word in the query, in bytes.
    pub end: usize,
    /// The folded word.
    pub word: String,
    /// The folded word without its article and other proclitics, if it has any.
    pub stripped: Option<String>,
    /// The word itself and its possible stems in all languages of the archive. A word of a text
    /// matches if its stem is one of these. If the word of the text has no stem, the word itself is
    /// compared.
    pub stems: Vec<String>,
    /// The possible phonetic keys of the word. A word of a text is a candidate for a phonetic match
    /// if its key is one of these.
    pub phonetic_keys: Vec<String>,
    /// The parts of a word that contains zero-width non-joiners, otherwise empty. A text with spaces
    /// between the parts also matches.
    pub parts: Vec<String>,
    /// `true` if the word must directly follow the previous one. This applies to the bigrams of a
    /// run of characters in a script without spaces, and to words that have no space between them.
    pub is_adjacent: bool,
}

impl QueryTerm {
    /// Returns terms that match the parts of the word, at the place of the word in the query.
    pub fn part_terms(&self) -> Vec<QueryTerm> {
        let term = |part: &String| QueryTerm::exact(self.start, self.end, part.clone(), false);
        self.parts.iter().map(term).collect()
    }

    /// Creates a term that matches only the exact word.
    fn exact(start: usize, end: usize, word: String, is_adjacent: bool) -> Self {
        QueryTerm {
            start,
            end,
            stems: vec![word.clone()],
            word,
            stripped: None,
            phonetic_keys: Vec::new(),
            parts: Vec::new(),
            is_adjacent,
        }
    }

    /// Adds the stems and phonetic keys of a form of the word.
    fn add_lookup_forms(&mut self, form: &str, langs: &[&str]) {
        stem::lookup_stems(form, langs, &mut self.stems);
        phonetic_key::lookup_keys(form, &mut self.phonetic_keys);
    }
}

/// Splits a query, or a part of one, into terms.
///
/// `langs` are the languages of the archive, in which the words are stemmed.
pub fn tokenize_query(text: &str, langs: &[&str]) -> Vec<QueryTerm> {
    let words = words(text, "");
    let mut terms: Vec<QueryTerm> = Vec::with_capacity(words.len());
    // `true` if the previous word was a character of a script without spaces.
    let mut after_unspaced = false;
    for (i, word) in words.iter().enumerate() {
        if word.is_unspaced {
            let next = words
                .get(i + 1)
                .filter(|next| next.is_unspaced && next.is_adjacent);
            let starts_run = !(after_unspaced && word.is_adjacent);
            match next {
                // The previous bigram contains the last character of a run.
                None if !starts_run => continue,
                None => terms.push(QueryTerm::exact(
                    word.start,
                    word.end,
                    word.word.clone(),
                    word.is_adjacent,
                )),
                Some(next) => {
                    let bigram = format!("{}{}", word.word, next.word);
                    let term = QueryTerm::exact(word.start, next.end, bigram, word.is_adjacent);
                    terms.push(term);
                }
            }
            after_unspaced = true;
            continue;
        }
        // The positions after a run of such characters are not consecutive, because the last bigram
        // starts one character before the end of the run.
        let is_adjacent = word.is_adjacent && !after_unspaced;
        after_unspaced = false;
        let mut term = QueryTerm::exact(word.start, word.end, word.word.clone(), is_adjacent);
        term.stripped.clone_from(&word.stripped);
        term.parts.clone_from(&word.parts);
        term.add_lookup_forms(&word.word, langs);
        if let Some(stripped) = &word.stripped {
            term.add_lookup_forms(stripped, langs);
        }
        term.stems = deduplicate(term.stems);
        term.phonetic_keys = deduplicate(term.phonetic_keys);
        terms.push(term);
    }
    terms
}

/// Removes duplicates. Keeps the order of the remaining strings.
fn deduplicate(strings: Vec<String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(strings.len());
    for string in strings {
        if !unique.contains(&string) {
            unique.push(string);
        }
    }
    unique
}
