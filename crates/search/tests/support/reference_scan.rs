//! Compares the engine with a reference implementation, which answers random queries by scanning
//! all items.

use std::collections::{BTreeMap, BTreeSet};

use khizana_format::Archive;
use khizana_text::{
    QueryTerm, edit_distance, max_edits, phonetic_key, phonetic_similarity, stem, tokenize,
    tokenize_query,
};

use crate::expand::MAX_COMPLETIONS;
use crate::item_values::UNDATED;
use crate::score::{self, idf};
use crate::test_archive::{COMMON_WORDS, Rng, TestItem, publish, random_items};
use crate::whole_value::{self, WholeValue};
use crate::writer::level::{AverageLengths, BestPlaces, FieldLengths, FieldWeights, level};
use crate::writer::ranked_value::RankedValue;
use crate::{Query, Results, Sort, search};

/// The fields of the items, in the order of their indexes.
const FIELDS: [&str; 7] = [
    "title", "type", "creator", "subject", "note", "date", "text",
];

fn field_index(name: &str) -> u32 {
    FIELDS.iter().position(|field| *field == name).unwrap() as u32
}

/// A token of an item.
struct ItemToken {
    /// The word, and the word without proclitics if it has any.
    forms: Vec<String>,
    field: &'static str,
    page: u32,
    position: u32,
    language: String,
    places: BestPlaces,
}

impl ItemToken {
    /// Returns `true` if `next` directly follows this token.
    fn is_followed_by(&self, next: &ItemToken) -> bool {
        (next.field, next.page, next.position) == (self.field, self.page, self.position + 1)
    }
}

fn ranked(field: &str, text: &str, language: &str) -> RankedValue {
    RankedValue::new(field, text, language, &tokenize(text, language))
}

/// Returns the whole values of an item.
fn whole_values(item: &TestItem) -> BTreeMap<String, WholeValue> {
    let mut values = BTreeMap::<String, WholeValue>::new();
    let titles = item.item.title.iter().map(|value| ("title", value));
    let fields = item.item.fields.iter();
    let fields = fields.flat_map(|field| field.values.iter().map(|value| (&*field.name, value)));
    for (field, (tag, text)) in titles.chain(fields) {
        for (key, value) in ranked(field, text, tag.as_str()).whole_values() {
            values.entry(key).or_default().add(value);
        }
    }
    values
}

/// Returns the number and the total length of the titles of an item.
fn title_lengths(item: &TestItem) -> (u32, u32) {
    let titles = item.item.title.iter();
    let lengths: Vec<u32> = titles
        .map(|(tag, text)| ranked("title", text, tag.as_str()).length())
        .collect();
    (lengths.len() as u32, lengths.iter().sum())
}

/// Returns the tokens of all values of an item.
fn item_tokens(item: &TestItem) -> Vec<ItemToken> {
    let mut tokens: Vec<ItemToken> = Vec::new();
    let mut next_positions: BTreeMap<(&str, u32), u32> = BTreeMap::new();
    let mut add_value = |field: &str, page: u32, text: &str, language: &str| {
        let field = FIELDS[field_index(field) as usize];
        let ranked = ranked(field, text, language);
        let first = next_positions
            .get(&(field, page))
            .copied()
            .unwrap_or_default();
        for token in tokenize(text, language) {
            let position = first + token.position;
            next_positions.insert((field, page), position + 16);
            let forms = [Some(token.word), token.stripped];
            tokens.push(ItemToken {
                forms: forms.into_iter().flatten().collect(),
                field,
                page,
                position,
                language: language.split('-').next().unwrap().to_owned(),
                places: ranked.places(&(token.start..token.end)),
            });
        }
    };
    for (tag, title) in item.item.title.iter() {
        add_value("title", 0, title, tag.as_str());
    }
    for field in &item.item.fields {
        for (tag, text) in field.values.iter() {
            add_value(&field.name, 0, text, tag.as_str());
        }
    }
    if let Some(date) = &item.item.date {
        add_value("date", 0, &date.written, "und");
    }
    for (page, text, tag) in &item.texts {
        add_value("text", *page, text, tag.as_str());
    }
    tokens
}

/// A tokenized literal: its field, its words, and `true` if the last word can be a prefix.
type TokenizedLiteral = (Option<&'static str>, Vec<QueryTerm>, bool);

/// A word of a query and the terms that match it, with their weights.
type ExpandedWord = (QueryTerm, BTreeMap<String, u32>);

/// A literal with its field and its words.
type ExpandedLiteral = (Option<&'static str>, Vec<ExpandedWord>);

/// A clause: `true` if it is negated, and its literals.
type ExpandedClause = (bool, Vec<ExpandedLiteral>);

/// Returns the word and, if it has proclitics, the word without them, with their weights.
fn exact_forms(word: &QueryTerm) -> Vec<(&str, u32)> {
    let stripped = word.stripped.iter();
    std::iter::once((word.word.as_str(), score::EXACT))
        .chain(stripped.map(|stripped| (stripped.as_str(), score::STRIPPED)))
        .collect()
}

fn is_common(word: &QueryTerm) -> bool {
    exact_forms(word)
        .iter()
        .all(|(form, _)| COMMON_WORDS.contains(form))
}

/// The reference implementation.
struct ReferenceScan {
    /// The tokens of each item.
    items: Vec<Vec<ItemToken>>,
    /// For each term, the items and the languages in which it occurs.
    terms: BTreeMap<String, (BTreeSet<u32>, BTreeSet<String>)>,
    /// For each bigram, the items in which it occurs.
    bigrams: BTreeMap<String, BTreeSet<u32>>,
    /// The level of each term and bigram in each item.
    levels: BTreeMap<(String, u32), u8>,
    languages: Vec<String>,
    /// The whole values of each item.
    whole_values: Vec<BTreeMap<String, WholeValue>>,
}

/// The best places of a term in an item, and the number of occurrences by field and page.
type TermUse = (BestPlaces, BTreeMap<(u32, u32), u32>);

/// Counts the occurrences of terms and bigrams by item, field and page. Several tokens with the same form
/// at the same position count once.
#[derive(Default)]
struct OccurrenceCounter {
    counts: BTreeMap<(String, u32), TermUse>,
    counted: BTreeSet<(u32, u32, u32, u32, String)>,
}

impl OccurrenceCounter {
    fn count(&mut self, item: u32, token: &ItemToken, term: &str, places: BestPlaces) {
        let (best, counts) = self.counts.entry((term.to_owned(), item)).or_default();
        best.add(places);
        let field = field_index(token.field);
        let occurrence = (item, field, token.page, token.position, term.to_owned());
        if self.counted.insert(occurrence) {
            *counts.entry((field, token.page)).or_default() += 1;
        }
    }
}

impl ReferenceScan {
    fn new(items: &[TestItem]) -> ReferenceScan {
        let whole_values = items.iter().map(whole_values).collect();
        let titles: Vec<(u32, u32)> = items.iter().map(title_lengths).collect();
        let items: Vec<Vec<ItemToken>> = items.iter().map(item_tokens).collect();
        let mut terms: BTreeMap<String, (BTreeSet<u32>, BTreeSet<String>)> = BTreeMap::new();
        let mut bigrams: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        let mut field_lengths: Vec<FieldLengths> = Vec::new();
        let mut counter = OccurrenceCounter::default();
        let is_common = |form: &String| COMMON_WORDS.contains(&form.as_str());
        for (number, tokens) in (0u32..).zip(&items) {
            let mut lengths = FieldLengths {
                titles: titles[number as usize],
                ..FieldLengths::default()
            };
            for token in tokens {
                match token.field {
                    "title" | "creator" => {}
                    "text" => lengths.add_to_page(token.page, 1),
                    _ => lengths.others += 1,
                }
                for form in &token.forms {
                    let (term_items, languages) = terms.entry(form.clone()).or_default();
                    term_items.insert(number);
                    languages.insert(token.language.clone());
                    counter.count(number, token, form, token.places);
                }
                for next in tokens.iter().filter(|next| token.is_followed_by(next)) {
                    for first in &token.forms {
                        for second in &next.forms {
                            if is_common(first) || is_common(second) {
                                let bigram = format!("{first} {second}");
                                let places = token.places.with_next(next.places);
                                counter.count(number, token, &bigram, places);
                                bigrams.entry(bigram).or_default().insert(number);
                            }
                        }
                    }
                }
            }
            field_lengths.push(lengths);
        }
        let averages = AverageLengths::of(&field_lengths);
        let fields: Vec<String> = FIELDS.map(str::to_owned).into();
        let weights = FieldWeights::new(&fields, &BTreeMap::new());
        let levels = counter.counts.into_iter().map(|((term, item), counts)| {
            let (places, counts) = counts;
            let counts: Vec<(u32, u32, u32)> = counts
                .into_iter()
                .map(|((field, page), count)| (field, page, count))
                .collect();
            let lengths = &field_lengths[item as usize];
            let level = level(places, &counts, lengths, &averages, &weights);
            ((term, item), level)
        });
        let languages: BTreeSet<String> = terms
            .values()
            .flat_map(|(_, languages)| languages.clone())
            .collect();
        ReferenceScan {
            levels: levels.collect(),
            languages: languages.into_iter().collect(),
            items,
            terms,
            bigrams,
            whole_values,
        }
    }

    fn doc_freq(&self, term: &str) -> u32 {
        self.terms
            .get(term)
            .map_or(0, |(items, _)| items.len() as u32)
    }

    /// Returns at most `max` terms, those with the highest document frequency.
    fn most_frequent<'a>(&self, mut terms: Vec<&'a String>, max: usize) -> Vec<&'a String> {
        terms.sort_by_key(|term| (u32::MAX - self.doc_freq(term), (*term).clone()));
        terms.truncate(max);
        terms
    }

    /// Returns the terms that match a word of a query, with their weights.
    fn expand(&self, word: &QueryTerm, is_prefix: bool) -> BTreeMap<String, u32> {
        let mut matches: BTreeMap<String, u32> = BTreeMap::new();
        let mut add = |term: &str, weight: u32| {
            if self.terms.contains_key(term) {
                let best = matches.entry(term.to_owned()).or_default();
                *best = weight.max(*best);
            }
        };
        for (form, weight) in exact_forms(word) {
            add(form, weight);
        }
        for (term, (_, languages)) in &self.terms {
            let mut stems = languages.iter().filter_map(|language| stem(term, language));
            if word.stems.contains(term) || stems.any(|stem| word.stems.contains(&stem)) {
                add(term, score::STEM);
            }
            if phonetic_key(term).is_some_and(|key| word.phonetic_keys.contains(&key)) {
                let weight = exact_forms(word)
                    .into_iter()
                    .filter_map(|(form, _)| phonetic_similarity(form, term))
                    .map(|similarity| (similarity * score::PHONETIC as f32) as u32)
                    .max();
                if let Some(weight) = weight {
                    add(term, weight);
                }
            }
        }
        if is_prefix && word.word.chars().count() > 1 {
            let longer = self
                .terms
                .keys()
                .filter(|term| term.starts_with(&word.word) && **term != word.word);
            for term in self.most_frequent(longer.collect(), MAX_COMPLETIONS) {
                add(term, score::PREFIX);
            }
        }
        if matches.is_empty() {
            for term in self.corrections(&word.word) {
                matches.insert(term.clone(), score::FUZZY);
            }
        }
        matches
    }

    /// Returns the most frequent terms with the smallest edit distance to a misspelled word.
    fn corrections(&self, word: &str) -> Vec<&String> {
        let max = max_edits(word);
        if max == 0 {
            return Vec::new();
        }
        let distance = |term: &&String| {
            edit_distance(word, term, max)
                .filter(|_| max_edits(term) > 0 && crate::spelling::share_an_end(word, term))
        };
        let terms = self.terms.keys();
        let Some(min) = terms.clone().filter_map(|term| distance(&term)).min() else {
            return Vec::new();
        };
        let closest = terms.filter(|term| distance(term) == Some(min));
        self.most_frequent(closest.collect(), 3)
    }

    /// Returns the score of a word or bigram in an item, and `true` if its title contains it, or
    /// `None` if it does not occur.
    fn score(
        &self,
        item: u32,
        matches: &BTreeMap<&String, &u32>,
        doc_freq: impl Fn(&String) -> u32,
    ) -> Option<(u32, bool)> {
        let max_doc_freq = matches.keys().map(|term| doc_freq(term)).max()?;
        let levels: Vec<(u8, u32)> = matches
            .iter()
            .filter_map(|(term, weight)| {
                let level = self.levels.get(&((*term).clone(), item))?;
                Some((*level, **weight))
            })
            .collect();
        let scores = levels
            .iter()
            .map(|(level, weight)| u32::from(level & 31) * weight);
        let in_title = levels.iter().any(|(level, _)| level & 32 != 0);
        let idf = idf(self.items.len() as u32, max_doc_freq);
        Some((idf * scores.max()? / score::EXACT, in_title))
    }

    /// Returns the score of a literal in an item, and for each of its parts, `true` if the title
    /// contains it, or `None` if it does not match.
    fn literal_score(
        &self,
        item: u32,
        field: Option<&'static str>,
        words: &[ExpandedWord],
    ) -> Option<(u32, Vec<bool>)> {
        let is_phrase = words.len() > 1;
        // Two consecutive words are scored as a bigram if one of them is common.
        let bigram_at = |i: usize| {
            let (word, next) = (&words.get(i)?.0, &words.get(i + 1)?.0);
            (is_common(word) || is_common(next)).then_some((word, next))
        };
        let mut sum = 0;
        let mut in_title = Vec::new();
        let mut add = |(score, is_in_title)| {
            sum += score;
            in_title.push(is_in_title);
        };
        let mut positions: Vec<BTreeSet<(&'static str, u32, u32)>> = Vec::new();
        for (i, (_, matches)) in words.iter().enumerate() {
            let matches: BTreeMap<&String, &u32> = matches
                .iter()
                .filter(|(_, weight)| !is_phrase || **weight >= score::STRIPPED)
                .collect();
            if let Some((word, next)) = bigram_at(i) {
                let bigrams = exact_forms(word)
                    .into_iter()
                    .flat_map(|(first, first_weight)| {
                        exact_forms(next)
                            .into_iter()
                            .map(move |(second, second_weight)| {
                                let bigram = format!("{first} {second}");
                                (bigram, first_weight.min(second_weight))
                            })
                    });
                let bigrams: BTreeMap<String, u32> = bigrams.collect();
                let doc_freq =
                    |bigram: &String| self.bigrams.get(bigram).map_or(0, BTreeSet::len) as u32;
                add(self.score(item, &bigrams.iter().collect(), doc_freq)?);
            } else if i == 0 || bigram_at(i - 1).is_none() {
                add(self.score(item, &matches, |term| self.doc_freq(term))?);
            }
            let matching = self.items[item as usize].iter().filter(|token| {
                field.is_none_or(|field| token.field == field)
                    && token.forms.iter().any(|form| matches.contains_key(form))
            });
            positions.push(
                matching
                    .map(|token| (token.field, token.page, token.position))
                    .collect(),
            );
        }
        let (first, rest) = positions.split_first()?;
        let are_consecutive = first.iter().any(|(field, page, position)| {
            (1u32..)
                .zip(rest)
                .all(|(offset, other)| other.contains(&(field, *page, position + offset)))
        });
        are_consecutive.then_some((sum, in_title))
    }

    /// Splits the clauses of a query as the engine does: each plain word is a separate clause,
    /// except for words that must be adjacent.
    fn expand_clauses(&self, clauses: &[QueryClause], is_complete: bool) -> Vec<ExpandedClause> {
        let languages: Vec<&str> = self.languages.iter().map(String::as_str).collect();
        let mut tokenized: Vec<(bool, Vec<TokenizedLiteral>)> = Vec::new();
        for (i, clause) in clauses.iter().enumerate() {
            let is_last_clause = i + 1 == clauses.len();
            let mut literals = Vec::new();
            for (j, (field, text, is_phrase)) in clause.literals.iter().enumerate() {
                let can_be_prefix = !is_complete
                    && is_last_clause
                    && j + 1 == clause.literals.len()
                    && !is_phrase
                    && !clause.is_negated;
                let words = tokenize_query(text, &languages);
                if clause.literals.len() == 1 && !clause.is_negated && !is_phrase && field.is_none()
                {
                    let mut runs: Vec<Vec<QueryTerm>> = Vec::new();
                    for word in words {
                        match runs.last_mut() {
                            Some(run) if word.is_adjacent => run.push(word),
                            _ => runs.push(vec![word]),
                        }
                    }
                    let count = runs.len();
                    for (k, run) in runs.into_iter().enumerate() {
                        let is_prefix = can_be_prefix && k + 1 == count;
                        tokenized.push((false, vec![(None, run, is_prefix)]));
                    }
                } else {
                    literals.push((*field, words, can_be_prefix));
                }
            }
            if !literals.is_empty() {
                tokenized.push((clause.is_negated, literals));
            }
        }
        let expand_literal = |(field, words, is_prefix): TokenizedLiteral| {
            let count = words.len();
            let words = words.into_iter().enumerate().map(|(i, word)| {
                let matches = self.expand(&word, is_prefix && i + 1 == count);
                (word, matches)
            });
            (field, words.collect())
        };
        tokenized
            .into_iter()
            .map(|(is_negated, literals)| {
                (
                    is_negated,
                    literals.into_iter().map(expand_literal).collect(),
                )
            })
            .collect()
    }

    /// Returns the items that match a query, with their scores.
    fn evaluate(&self, clauses: &[QueryClause], is_complete: bool) -> Vec<(u32, u32)> {
        let clauses = self.expand_clauses(clauses, is_complete);
        (0..self.items.len() as u32)
            .filter_map(|item| {
                let mut sum = 0;
                let mut in_title = Vec::new();
                for (is_negated, literals) in &clauses {
                    let scores: Vec<(u32, Vec<bool>)> = literals
                        .iter()
                        .filter_map(|(field, words)| self.literal_score(item, *field, words))
                        .collect();
                    if scores.is_empty() != *is_negated {
                        return None;
                    }
                    for (score, parts) in scores {
                        sum += score;
                        in_title.extend(parts);
                    }
                }
                let has_only_words = clauses.iter().all(|(is_negated, literals)| {
                    !is_negated && matches!(literals.as_slice(), [(None, _)])
                });
                if has_only_words && in_title.len() > 1 && in_title.iter().all(|in_title| *in_title)
                {
                    sum += sum / 8 * 2;
                }
                Some((item, sum))
            })
            .collect()
    }

    /// Raises the scores of the items of which a query is a whole value.
    fn raise_scores(&self, query: &Query, clauses: &[QueryClause], items: &mut [(u32, u32)]) {
        let has_only_words = clauses.iter().all(|clause| {
            !clause.is_negated && clause.literals.len() == 1 && clause.literals[0].0.is_none()
        });
        let key = whole_value::key_of_query(&query.text);
        let Some(key) = key.filter(|_| has_only_words && items.len() > 1) else {
            return;
        };
        for (item, score) in items {
            if let Some(value) = self.whole_values[*item as usize].get(&key) {
                *score = value.raise(*score);
            }
        }
    }
}

/// A clause of a random query.
struct QueryClause {
    is_negated: bool,
    /// The literals: the field, the text, and `true` if the literal is a phrase.
    literals: Vec<(Option<&'static str>, String, bool)>,
}

/// Returns consecutive words of a random item.
fn random_quote(rng: &mut Rng, items: &[TestItem]) -> String {
    let TestItem { item, texts } = &items[rng.below(items.len())];
    let texts = texts.iter().map(|(_, text, _)| text.as_str());
    let text = texts
        .chain(item.title.iter().map(|(_, title)| title))
        .next();
    let words: Vec<&str> = text.unwrap_or_default().split(' ').collect();
    let first = rng.below(words.len());
    let words = words.iter().skip(first).take(2 + rng.below(3));
    words.copied().collect::<Vec<_>>().join(" ")
}

fn random_clauses(rng: &mut Rng, items: &[TestItem]) -> Vec<QueryClause> {
    (0..=rng.below(3))
        .map(|_| {
            let is_negated = rng.below(6) == 0;
            let count = if is_negated || rng.below(4) > 0 { 1 } else { 2 };
            let literals = (0..count)
                .map(|_| {
                    let field = match rng.below(6) {
                        0 => Some("title"),
                        1 => Some("subject"),
                        _ => None,
                    };
                    let is_phrase = rng.below(4) == 0;
                    let text = if is_phrase && rng.below(2) == 0 {
                        random_quote(rng, items)
                    } else if is_phrase {
                        let words = (0..2 + rng.below(2)).map(|_| rng.word());
                        words.collect::<Vec<_>>().join(" ")
                    } else if rng.below(8) == 0 {
                        let misspelled = ["astrolab", "figuer", "landscap", "qqqq"];
                        rng.choose(&misspelled).to_owned()
                    } else {
                        rng.word().to_owned()
                    };
                    (field, text, is_phrase)
                })
                .collect();
            QueryClause {
                is_negated,
                literals,
            }
        })
        .collect()
}

/// Writes clauses in the query language.
fn query_text(clauses: &[QueryClause]) -> String {
    let clauses = clauses.iter().map(|clause| {
        let literals = clause.literals.iter().map(|(field, text, is_phrase)| {
            let field = field.map(|field| format!("{field}:")).unwrap_or_default();
            let quote = if *is_phrase { "\"" } else { "" };
            format!("{field}{quote}{text}{quote}")
        });
        let sign = if clause.is_negated { "-" } else { "" };
        format!("{sign}{}", literals.collect::<Vec<_>>().join(" OR "))
    });
    clauses.collect::<Vec<_>>().join(" ")
}

fn random_query(rng: &mut Rng, clauses: &[QueryClause], items: usize) -> Query {
    let mut query = Query {
        text: query_text(clauses),
        is_complete: rng.below(3) > 0,
        limit: usize::MAX,
        facet_values: usize::MAX,
        language: "en".into(),
        ..Query::default()
    };
    if items > 1 && rng.below(4) == 0 {
        let value = rng.choose(&["map", "book", "none"]);
        query.filters.push(("type".into(), value.into()));
    }
    if rng.below(5) == 0 {
        let first = 1700 + rng.below(300) as i32;
        query.years = Some((first, first + rng.below(40) as i32));
    }
    query
}

/// Returns `true` if the date of an item overlaps a range of years.
fn overlaps_years(item: &TestItem, range: Option<(i32, i32)>) -> bool {
    let edtf = item.item.date.as_ref().and_then(|date| date.edtf.as_ref());
    let years = edtf.and_then(|edtf| {
        let (from, to) = edtf.years();
        from.zip(to)
    });
    let (from, to) = years.unwrap_or(UNDATED);
    range.is_none_or(|(first, last)| from <= to && from <= last && to >= first)
}

fn type_of(item: &TestItem) -> String {
    let types = item.item.field("type").unwrap();
    types.iter().next().unwrap().1.to_owned()
}

/// Returns the matching items in the order of their dates. Items without a date are last.
fn sort_by_date(items: &[TestItem], matching: &[(u32, u32)], is_descending: bool) -> Vec<u32> {
    let day = |item: &u32| {
        let date = items[*item as usize].item.date.as_ref();
        date.and_then(|date| date.edtf.as_ref()?.from)
    };
    let numbers = matching.iter().map(|(item, _)| *item);
    let (mut dated, mut undated): (Vec<u32>, Vec<u32>) =
        numbers.partition(|item| day(item).is_some());
    dated.sort();
    dated.sort_by_key(day);
    if is_descending {
        dated.reverse();
    }
    undated.sort();
    dated.append(&mut undated);
    dated
}

fn run(archive: &crate::test_archive::MemoryArchive, query: &Query) -> Results {
    pollster::block_on(async {
        search(&Archive::open(archive).await.unwrap(), query)
            .await
            .unwrap()
    })
}

fn numbers_and_scores(results: &Results) -> Vec<(u32, u32)> {
    results
        .hits
        .iter()
        .map(|hit| (hit.number, hit.score))
        .collect()
}

#[test]
fn engine_agrees_with_reference_scan() {
    let mut queries = 0;
    let mut queries_with_results = 0;
    for seed in 1..=9u64 {
        let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let count = [1, 30, 200][seed as usize % 3];
        let items = random_items(&mut rng, count);
        let archive = publish(&items);
        let scan = ReferenceScan::new(&items);
        for _ in 0..30 {
            let clauses = random_clauses(&mut rng, &items);
            let query = random_query(&mut rng, &clauses, count);
            let item = |number: u32| &items[number as usize];
            let mut expected = scan.evaluate(&clauses, query.is_complete);
            scan.raise_scores(&query, &clauses, &mut expected);
            expected.retain(|(number, _)| overlaps_years(item(*number), query.years));
            let mut expected_counts: BTreeMap<String, u32> = BTreeMap::new();
            for (number, _) in &expected {
                *expected_counts.entry(type_of(item(*number))).or_default() += 1;
            }
            let passes = |number: u32| {
                let value = type_of(item(number));
                query.filters.iter().all(|(_, filter)| value == *filter)
            };
            expected.retain(|(number, _)| passes(*number));
            expected.sort_by_key(|(number, score)| (u32::MAX - score, *number));

            let results = run(&archive, &query);
            assert_eq!(
                numbers_and_scores(&results),
                expected,
                "seed {seed}, {query:?}"
            );
            assert_eq!(results.total as usize, expected.len());
            for hit in &results.hits {
                assert_eq!(hit.summary.id.as_str(), format!("item-{}", hit.number));
            }
            if let Some(facet) = results.facets.iter().find(|facet| facet.field == "type") {
                let counts: BTreeMap<String, u32> = facet
                    .values
                    .iter()
                    .filter(|value| value.count > 0)
                    .map(|value| (value.key.clone(), value.count))
                    .collect();
                assert_eq!(counts, expected_counts, "seed {seed}, {query:?}");
            }
            let second_page = Query {
                offset: 3,
                limit: 5,
                ..query.clone()
            };
            assert_eq!(
                numbers_and_scores(&run(&archive, &second_page)),
                expected.iter().skip(3).take(5).copied().collect::<Vec<_>>()
            );
            for (sort, is_descending) in [(Sort::Date, false), (Sort::DateDescending, true)] {
                let by_date = Query {
                    sort,
                    ..query.clone()
                };
                let results = run(&archive, &by_date);
                let numbers: Vec<u32> = results.hits.iter().map(|hit| hit.number).collect();
                assert_eq!(
                    numbers,
                    sort_by_date(&items, &expected, is_descending),
                    "seed {seed}, {by_date:?}"
                );
            }
            queries += 1;
            queries_with_results += u32::from(!expected.is_empty());
        }
    }
    // A test with few results would not be meaningful.
    assert!(
        queries_with_results * 3 > queries,
        "{queries_with_results} of {queries} queries have results"
    );
}
