//! Term expansion: finds the terms of the index that match the words of a query.

use khizana_format::{Archive, Entries, Fetch, KeyRange, ReadError};
use khizana_text::{edit_distance, max_edits, phonetic_similarity};

use crate::numeric_sort::sort_by_key;
use crate::parsed_query::{ParsedQuery, ParsedWord};
use crate::term_entry::{
    PHONETIC_MARKER, PREFIX_MARKER, STEM_MARKER, TermEntry, is_term, read_words,
};
use crate::{malformed, score, spelling};

/// Maximum number of longer terms that complete a word that is being typed. The terms with the
/// highest document frequency are used.
pub(crate) const MAX_COMPLETIONS: usize = 8;
/// Maximum number of other terms per stem.
const MAX_STEM_TERMS: usize = 12;
/// Maximum number of terms per phonetic key that are compared with the word, because each
/// comparison takes time. The index does not list more.
const MAX_PHONETIC_CANDIDATES: usize = 64;
/// Maximum number of phonetically similar terms per phonetic key.
const MAX_PHONETIC_TERMS: usize = 8;
/// Maximum number of corrections of a misspelling.
const MAX_CORRECTIONS: usize = 3;

/// The kind of a key that is looked up in the tree of terms.
#[derive(Clone, Copy)]
enum LookupKind {
    /// A term, which matches with this weight.
    Term { weight: u32 },
    /// A stem, which leads to terms.
    Stem,
    /// A phonetic key, which leads to candidate terms.
    PhoneticKey,
    /// A prefix, which leads to a list of completions.
    Prefix,
    /// A prefix that has no list of completions. It leads to all terms that start with it.
    PrefixRange,
}

/// A key to look up for a word of the query.
struct Lookup {
    /// Index of the word in the query.
    word: usize,
    kind: LookupKind,
    key: String,
}

/// Adds the matching terms to all words of a query, and a suggestion if a word is misspelled.
pub(crate) async fn expand<F: Fetch>(
    archive: &Archive<F>,
    text: &str,
    mut query: ParsedQuery,
) -> Result<ParsedQuery, ReadError> {
    let scripts = &archive.root().search.scripts;
    let mut words: Vec<&mut ParsedWord> = Vec::new();
    let mut lookups = Vec::new();
    for literal in query.literals_mut() {
        let is_single = literal.words.len() == 1;
        for word in &mut literal.words {
            push_lookups(&mut lookups, words.len(), word, is_single, scripts);
            words.push(word);
        }
    }
    let follow_ups = look_up(archive, &mut words, lookups).await?;
    look_up(archive, &mut words, follow_ups).await?;
    let corrections = correct_spelling(archive, &mut words).await?;
    if !corrections.is_empty() {
        query.suggestion = Some(apply_corrections(text, corrections));
    }
    Ok(query)
}

/// Adds the lookups of a word. A word of a phrase only matches itself.
fn push_lookups(
    lookups: &mut Vec<Lookup>,
    index: usize,
    word: &ParsedWord,
    is_single: bool,
    scripts: &[String],
) {
    let query_term = &word.query_term;
    let mut push = |kind, key: String| {
        lookups.push(Lookup {
            word: index,
            kind,
            key,
        });
    };
    for (form, weight) in word.exact_forms() {
        push(LookupKind::Term { weight }, form.clone());
    }
    if !is_single {
        return;
    }
    for stem in &query_term.stems {
        let weight = score::STEM;
        push(LookupKind::Term { weight }, stem.clone());
        push(LookupKind::Stem, format!("{stem}{STEM_MARKER}"));
    }
    let script = khizana_text::script(&query_term.word);
    if scripts.iter().any(|other| other != script) {
        for key in &query_term.phonetic_keys {
            push(LookupKind::PhoneticKey, format!("{key}{PHONETIC_MARKER}"));
        }
    }
    // A prefix of one letter has too many completions to be useful.
    if word.is_prefix && query_term.word.chars().nth(1).is_some() {
        let key = format!("{}{PREFIX_MARKER}", query_term.word);
        push(LookupKind::Prefix, key);
    }
}

/// Performs all lookups concurrently and adds the terms they find to the words. Returns the lookups
/// that follow from the results.
async fn look_up<F: Fetch>(
    archive: &Archive<F>,
    words: &mut [&mut ParsedWord],
    lookups: Vec<Lookup>,
) -> Result<Vec<Lookup>, ReadError> {
    let ranges: Vec<KeyRange<'_>> = lookups
        .iter()
        .map(|lookup| match lookup.kind {
            LookupKind::PrefixRange => KeyRange::prefix(lookup.key.as_bytes()),
            _ => KeyRange::exact(lookup.key.as_bytes()),
        })
        .collect();
    let results = archive
        .lookup(&archive.root().search.terms, &ranges)
        .await?;
    let mut follow_ups = Vec::new();
    for (lookup, entries) in lookups.iter().zip(results) {
        let Some(word) = words.get_mut(lookup.word) else {
            continue;
        };
        let mut follow_up = |term: String, weight| {
            follow_ups.push(Lookup {
                word: lookup.word,
                kind: LookupKind::Term { weight },
                key: term,
            });
        };
        match lookup.kind {
            LookupKind::Term { weight } => {
                if let Some((_, bytes)) = entries.first() {
                    word.add_term(&lookup.key, weight, read_entry(bytes)?);
                }
            }
            LookupKind::Stem => {
                for term in read_terms(&entries)?.into_iter().take(MAX_STEM_TERMS) {
                    follow_up(term, score::STEM);
                }
            }
            LookupKind::PhoneticKey => {
                let candidates = read_terms(&entries)?;
                for (weight, term) in phonetic_matches(word, candidates) {
                    follow_up(term, weight);
                }
            }
            LookupKind::Prefix if entries.is_empty() => follow_ups.push(Lookup {
                word: lookup.word,
                kind: LookupKind::PrefixRange,
                key: word.query_term.word.clone(),
            }),
            LookupKind::Prefix => {
                for term in read_terms(&entries)?.into_iter().take(MAX_COMPLETIONS) {
                    follow_up(term, score::PREFIX);
                }
            }
            LookupKind::PrefixRange => add_completions(word, &lookup.key, entries)?,
        }
    }
    Ok(follow_ups)
}

/// Returns the candidates that sound like the word, with their weights, best first.
fn phonetic_matches(word: &ParsedWord, candidates: Vec<String>) -> Vec<(u32, String)> {
    let mut matches: Vec<(u32, String)> = Vec::new();
    for candidate in candidates.into_iter().take(MAX_PHONETIC_CANDIDATES) {
        let weight = word
            .exact_forms()
            .filter_map(|(form, _)| phonetic_similarity(form, &candidate))
            .map(|similarity| (similarity * score::PHONETIC as f32) as u32)
            .max();
        if let Some(weight) = weight.filter(|weight| *weight > 0) {
            matches.push((weight, candidate));
        }
    }
    sort_by_key(&mut matches, |(weight, _)| !weight);
    matches.truncate(MAX_PHONETIC_TERMS);
    matches
}

/// Adds the most frequent terms that are longer than `prefix`. `entries` are all entries with that
/// prefix.
fn add_completions(word: &mut ParsedWord, prefix: &str, entries: Entries) -> Result<(), ReadError> {
    let mut longer: Vec<(String, TermEntry)> = Vec::new();
    for (key, bytes) in entries {
        let key = String::from_utf8(key).map_err(|_| malformed("term"))?;
        if is_term(&key) && key != prefix {
            longer.push((key, read_entry(&bytes)?));
        }
    }
    // The sort is stable: terms of equal frequency stay in alphabetical order.
    sort_by_key(&mut longer, |(_, entry)| !entry.doc_freq);
    for (term, entry) in longer.into_iter().take(MAX_COMPLETIONS) {
        word.add_term(&term, score::PREFIX, entry);
    }
    Ok(())
}

/// A replacement of a misspelled word: the start and end of the word in the query, in bytes, and
/// the best correction.
type Correction = (usize, usize, String);

/// Adds corrections to the words that have no terms, and returns the best correction of each of
/// these words.
async fn correct_spelling<F: Fetch>(
    archive: &Archive<F>,
    words: &mut [&mut ParsedWord],
) -> Result<Vec<Correction>, ReadError> {
    let mut corrections = Vec::new();
    let mut lookups = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let misspelled = &word.query_term.word;
        if !word.terms.is_empty() || word.is_alternative || max_edits(misspelled) == 0 {
            continue;
        }
        // A word whose parts occur is not misspelled.
        let rest = words.get(index + 1..).unwrap_or_default();
        let mut alternative = rest
            .iter()
            .take_while(|word| word.is_alternative)
            .peekable();
        if alternative.peek().is_some() && alternative.all(|word| !word.terms.is_empty()) {
            continue;
        }
        let closest = spelling::closest_words(archive, misspelled, |candidate, max| {
            edit_distance(misspelled, candidate, max)
        })
        .await?;
        if let Some(best) = closest.first() {
            corrections.push((word.start, word.end, best.clone()));
        }
        lookups.extend(closest.into_iter().take(MAX_CORRECTIONS).map(|key| Lookup {
            word: index,
            kind: LookupKind::Term {
                weight: score::FUZZY,
            },
            key,
        }));
    }
    look_up(archive, words, lookups).await?;
    Ok(corrections)
}

fn apply_corrections(text: &str, corrections: Vec<Correction>) -> String {
    let mut corrected = String::new();
    let mut copied = 0;
    for (start, end, word) in corrections {
        corrected.push_str(text.get(copied..start).unwrap_or_default());
        corrected.push_str(&word);
        copied = end;
    }
    corrected.push_str(text.get(copied..).unwrap_or_default());
    corrected
}

fn read_entry(bytes: &[u8]) -> Result<TermEntry, ReadError> {
    TermEntry::read(bytes).ok_or_else(|| malformed("term entry"))
}

/// Reads the list of terms of a stem, a phonetic key or a prefix.
fn read_terms(entries: &Entries) -> Result<Vec<String>, ReadError> {
    match entries.first() {
        Some((_, bytes)) => read_words(bytes).ok_or_else(|| malformed("list of terms")),
        None => Ok(Vec::new()),
    }
}
