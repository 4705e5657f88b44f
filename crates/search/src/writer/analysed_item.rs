//! Analysis of an item: its terms and the other data that the index contains. Items can be analysed
//! in parallel.

use std::collections::BTreeMap;

use khizana_model::{Day, Edtf, Item, ItemDate, LangMap, LangTag, hijri_parts};
use khizana_text::{collation_key, tokenize};

use super::level::{BestPlaces, FieldLengths};
use super::ranked_value::RankedValue;
use super::{CommonWords, FieldLanguages};
use crate::bigrams::SEPARATOR;
use crate::item_values::UNDATED;
use crate::positions::{Occurrence, TEXT_FIELD};
use crate::whole_value::WholeValue;

/// Number of positions between two values of a field, so that a phrase does not match across
/// values.
const VALUE_GAP: u32 = 16;

/// Maximum length of the chunks into which a text is split before it is tokenized, in bytes. Tokens
/// take about a hundred times as much memory as their text.
const MAX_CHUNK_LEN: usize = 256 << 10;

/// Maximum number of words of a text that are indexed. Even large dictionaries have fewer.
const MAX_WORDS: u32 = 3_000_000;
/// Maximum number of distinct terms that a text adds to an item. Even large dictionaries have
/// fewer.
const MAX_DISTINCT_TERMS: usize = 400_000;

/// A term of an item.
#[derive(Default)]
pub(super) struct ItemTerm {
    /// The occurrences of the term. Their fields are indexes in [`AnalysedItem::fields`].
    pub(super) occurrences: Vec<Occurrence>,
    /// Primary subtags of the languages in which the term occurs. Empty for bigrams.
    pub(super) languages: Vec<String>,
    /// The best places of the term in the title and among the creators.
    pub(super) places: BestPlaces,
}

/// The terms at a position, and their best places.
#[derive(Default)]
struct TermsAtPosition {
    places: BestPlaces,
    terms: Vec<String>,
}

/// An item that is ready to be added to an index.
pub struct AnalysedItem {
    /// Names of the fields of the item.
    pub(super) fields: Vec<String>,
    /// Terms and bigrams.
    pub(super) terms: BTreeMap<String, ItemTerm>,
    pub(super) field_lengths: FieldLengths,
    /// The keys of the values of which a query can be the whole, with the fields that contain them.
    pub(super) whole_values: BTreeMap<String, WholeValue>,
    /// Facet values, each with its field, key and name.
    pub(super) facet_values: Vec<(String, String, LangMap)>,
    pub(super) date: Option<Day>,
    pub(super) years: (i32, i32),
    pub(super) hijri_year: Option<i32>,
}

impl AnalysedItem {
    /// Analyses an item.
    ///
    /// `texts` contains, for each text of a canvas, the index of the canvas, the text, and its
    /// language. `field_languages` are the languages of values without a language.
    pub fn new(
        item: &Item,
        texts: &[(u32, String, LangTag)],
        common: &CommonWords,
        field_languages: &FieldLanguages,
    ) -> AnalysedItem {
        let mut terms = TermCollector::new(common);
        for (tag, title) in item.title.iter() {
            let language = field_languages.of("title", tag, title);
            terms.add_value("title", 0, title, language);
        }
        for field in &item.fields {
            for (tag, value) in field.values.iter() {
                let language = field_languages.of(&field.name, tag, value);
                terms.add_value(&field.name, 0, value, language);
            }
        }
        if let Some(date) = &item.date {
            let hijri = date.hijri.as_deref().unwrap_or_default();
            terms.add_value("date", 0, &date.written, "und");
            terms.add_value("date", 0, hijri, "und");
        }
        for (page, text, tag) in texts {
            let language = field_languages.of(TEXT_FIELD, tag, text);
            terms.add_value(TEXT_FIELD, *page, text, language);
        }
        let edtf = item.date.as_ref().and_then(ItemDate::gregorian);
        let (first_year, last_year) = edtf.as_ref().map(Edtf::years).unwrap_or_default();
        AnalysedItem {
            facet_values: facet_values(item),
            date: edtf.and_then(|edtf| edtf.from.or(edtf.to)),
            // An interval with an open end counts as the year of its other end.
            years: match (first_year.or(last_year), last_year.or(first_year)) {
                (Some(first), Some(last)) => (first, last),
                _ => UNDATED,
            },
            hijri_year: item
                .date
                .as_ref()
                .and_then(|date| date.hijri.as_deref())
                .and_then(hijri_year),
            fields: terms.fields,
            terms: terms.terms,
            field_lengths: terms.field_lengths,
            whole_values: terms.whole_values,
        }
    }
}

/// Returns the collation key of the title of an item for readers of a language. It is empty if the item has no title.
pub fn title_key(item: &Item, language: &str) -> Vec<u8> {
    let title = item.title.best(language);
    title.map_or_else(Vec::new, |(_, title)| collation_key(title, language))
}

/// Returns the first year of a Hijri date.
fn hijri_year(date: &str) -> Option<i32> {
    let (year, _, _) = hijri_parts(date.split('/').next()?)?;
    i32::try_from(year).ok()
}

/// Collects the terms of an item, value by value.
struct TermCollector<'a> {
    common: &'a CommonWords,
    fields: Vec<String>,
    /// For each field, the page of its last value, and the position of the next word on that page.
    next_positions: Vec<(u32, u32)>,
    terms: BTreeMap<String, ItemTerm>,
    field_lengths: FieldLengths,
    whole_values: BTreeMap<String, WholeValue>,
}

impl<'a> TermCollector<'a> {
    fn new(common: &'a CommonWords) -> Self {
        TermCollector {
            common,
            fields: Vec::new(),
            next_positions: Vec::new(),
            terms: BTreeMap::new(),
            field_lengths: FieldLengths::default(),
            whole_values: BTreeMap::new(),
        }
    }

    /// Returns the index of a field, and adds the field if it is new.
    fn field_index(&mut self, field: &str, page: u32) -> usize {
        let known = self.fields.iter().position(|known| known == field);
        known.unwrap_or_else(|| {
            self.fields.push(field.to_owned());
            self.next_positions.push((page, 0));
            self.fields.len() - 1
        })
    }

    fn add_value(&mut self, field: &str, page: u32, text: &str, language: &str) {
        let field_index = self.field_index(field, page);
        let Some(next) = self.next_positions.get_mut(field_index) else {
            return;
        };
        if next.0 != page {
            *next = (page, 0);
        }
        let mut first_position = next.1;
        let max_position = first_position.saturating_add(MAX_WORDS);
        let max_terms = self.terms.len() + MAX_DISTINCT_TERMS;
        let primary = language.split('-').next().unwrap_or_default();
        // The terms at each position, if the archive has common words.
        let mut terms_by_position: BTreeMap<u32, TermsAtPosition> = BTreeMap::new();
        let mut words = 0u32;
        for chunk in chunks(text) {
            if first_position >= max_position || self.terms.len() >= max_terms {
                break;
            }
            let mut end_position = first_position;
            let tokens = tokenize(chunk, language);
            let ranked = RankedValue::new(field, chunk, language, &tokens);
            self.add_ranked(field, &ranked);
            for token in tokens {
                let occurrence = Occurrence {
                    field: field_index as u32,
                    page,
                    position: first_position.saturating_add(token.position),
                };
                end_position = end_position.max(occurrence.position.saturating_add(1));
                words += 1;
                let places = ranked.places(&(token.start..token.end));
                for form in [Some(token.word), token.stripped].into_iter().flatten() {
                    if !self.common.is_empty() {
                        let at_position = terms_by_position.entry(occurrence.position);
                        let at_position = at_position.or_default();
                        at_position.places.add(places);
                        at_position.terms.push(form.clone());
                    }
                    let term = self.terms.entry(form).or_default();
                    if term.occurrences.last() != Some(&occurrence) {
                        term.occurrences.push(occurrence);
                    }
                    term.places.add(places);
                    if !term.languages.iter().any(|known| known == primary) {
                        term.languages.push(primary.to_owned());
                    }
                }
            }
            first_position = end_position;
            self.add_bigrams(field_index as u32, page, &terms_by_position);
            // The last position can start a bigram that ends in the next chunk.
            let last = terms_by_position.pop_last();
            terms_by_position.clear();
            terms_by_position.extend(last);
        }
        match field {
            "title" | "creator" => {}
            TEXT_FIELD => self.field_lengths.add_to_page(page, words),
            _ => self.field_lengths.others = self.field_lengths.others.saturating_add(words),
        }
        if let Some(next) = self
            .next_positions
            .get_mut(field_index)
            .filter(|next| next.1 < first_position)
        {
            next.1 = first_position.saturating_add(VALUE_GAP - 1);
        }
    }

    /// Adds what is counted for a whole value.
    fn add_ranked(&mut self, field: &str, ranked: &RankedValue) {
        if field == "title" {
            let (count, words) = &mut self.field_lengths.titles;
            *count = count.saturating_add(1);
            *words = words.saturating_add(ranked.length());
        }
        for (key, value) in ranked.whole_values() {
            self.whole_values.entry(key).or_default().add(value);
        }
    }

    /// Adds the bigrams of terms at consecutive positions, at least one of which is common.
    fn add_bigrams(
        &mut self,
        field: u32,
        page: u32,
        terms_by_position: &BTreeMap<u32, TermsAtPosition>,
    ) {
        let positions = terms_by_position.iter();
        for ((position, first), (next_position, second)) in positions.clone().zip(positions.skip(1))
        {
            if position + 1 != *next_position {
                continue;
            }
            let places = first.places.with_next(second.places);
            let bigrams = first
                .terms
                .iter()
                .flat_map(|term| second.terms.iter().map(move |next| (term, next)))
                .filter(|(term, next)| self.common.contains(term) || self.common.contains(next));
            for (term, next) in bigrams {
                let occurrence = Occurrence {
                    field,
                    page,
                    position: *position,
                };
                let bigram = self
                    .terms
                    .entry(format!("{term}{SEPARATOR}{next}"))
                    .or_default();
                bigram.places.add(places);
                if bigram.occurrences.last() != Some(&occurrence) {
                    bigram.occurrences.push(occurrence);
                }
            }
        }
    }
}

/// Splits a text into chunks of at most [`MAX_CHUNK_LEN`] bytes, between words if possible.
fn chunks(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let max_end = text.floor_char_boundary(MAX_CHUNK_LEN);
        let end = match text.get(..max_end)?.rfind(char::is_whitespace) {
            _ if text.len() <= MAX_CHUNK_LEN => text.len(),
            Some(space) if space > 0 => space,
            _ => max_end,
        };
        let (chunk, rest) = text.split_at_checked(end)?;
        text = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// Returns the facet values of an item, except for its collection and its date.
fn facet_values(item: &Item) -> Vec<(String, String, LangMap)> {
    let mut values = Vec::new();
    for field in &item.fields {
        for label in field.values.entities() {
            values.push((field.name.clone(), label.facet_key().to_owned(), label));
        }
    }
    for language in &item.languages {
        let label = LangMap::of(LangTag::und(), language.as_str());
        values.push(("language".to_owned(), language.to_string(), label));
    }
    if let Some(rights) = &item.rights {
        let label = LangMap::of(LangTag::und(), rights.as_str());
        values.push(("rights".to_owned(), rights.clone(), label));
    }
    values
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Collects the terms of two texts of the same page: `text` and "last".
    fn collect<'a>(text: &str, common: &'a CommonWords) -> TermCollector<'a> {
        let mut terms = TermCollector::new(common);
        terms.add_value(TEXT_FIELD, 0, text, "en");
        terms.add_value(TEXT_FIELD, 0, "last", "en");
        terms
    }

    #[test]
    fn positions_and_bigrams_continue_across_chunks() {
        let count = 120_000u32;
        let text: Vec<String> = (0..count).map(|n| format!("of {n}")).collect();
        let text = text.join(" ");
        assert!(text.len() > 3 * MAX_CHUNK_LEN);
        let common = CommonWords::new(["of".to_owned()]);
        let collected = collect(&text, &common);
        let positions = |term: &str| -> Vec<u32> {
            let occurrences = &collected.terms.get(term).unwrap().occurrences;
            occurrences
                .iter()
                .map(|occurrence| occurrence.position)
                .collect()
        };
        let even: Vec<u32> = (0..count).map(|n| 2 * n).collect();
        assert_eq!(positions("of"), even);
        for n in 0..count {
            assert_eq!(positions(&n.to_string()), [2 * n + 1]);
            assert_eq!(positions(&format!("of{SEPARATOR}{n}")), [2 * n]);
            if n > 0 {
                let previous = n - 1;
                assert_eq!(positions(&format!("{previous}{SEPARATOR}of")), [2 * n - 1]);
            }
        }
        assert_eq!(positions("last"), [2 * count - 1 + VALUE_GAP]);
    }

    #[test]
    fn chunks_cover_the_text_and_end_between_words() {
        let long_word = "ك".repeat(MAX_CHUNK_LEN);
        for text in ["", "a b", &"word ".repeat(MAX_CHUNK_LEN), &long_word] {
            assert_eq!(chunks(text).collect::<String>(), text);
            let mut chunks = chunks(text);
            assert!(chunks.all(|chunk| !chunk.is_empty() && chunk.len() <= MAX_CHUNK_LEN));
        }
        let words = "word ".repeat(MAX_CHUNK_LEN);
        assert!(chunks(&words).all(|chunk| chunk.trim().len() % 5 == 4));
    }

    #[test]
    fn indexed_words_and_terms_of_a_text_are_limited() {
        let common = CommonWords::default();
        let max_words = MAX_WORDS as usize;
        let collected = collect(&"a ".repeat(max_words + MAX_CHUNK_LEN), &common);
        let words = collected.terms.get("a").unwrap().occurrences.len();
        assert!(
            (max_words..max_words + MAX_CHUNK_LEN).contains(&words),
            "{words} words"
        );
        let text: Vec<String> = (0..2 * MAX_DISTINCT_TERMS).map(|n| n.to_string()).collect();
        let terms = collect(&text.join(" "), &common).terms.len();
        assert!(
            (MAX_DISTINCT_TERMS..MAX_DISTINCT_TERMS + MAX_CHUNK_LEN).contains(&terms),
            "{terms} terms"
        );
    }
}
