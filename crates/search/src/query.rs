//! Queries: which items, in what order, with what facets.

use std::collections::BinaryHeap;

use khizana_format::{Archive, Fetch, ReadError};
use khizana_model::{Hash, LangMap};
use khizana_text::query_words;

use crate::column::Column;
use crate::{order, postings};

/// What a visitor asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Words, all of which must be found. No words: every item.
    pub text: String,
    /// Facet field and key of a value. Of one field any value suffices; every field must be met.
    pub filters: Vec<(String, String)>,
    /// How results are sorted.
    pub sort: Sort,
    /// The language of the interface: whose titles are sorted by.
    pub language: String,
    /// Whether the last word is whole; while it is being typed, words that begin with it are found.
    pub complete: bool,
}

/// An order of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best first; without words, as the curators ordered them.
    #[default]
    Relevance,
    /// By title.
    Title,
    /// Oldest first.
    Date,
    /// Newest first.
    DateDescending,
}

/// An item that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its number.
    pub number: u32,
    /// How well it fits, greater is better; 0 where there were no words.
    pub score: f32,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// All of it, in order.
    pub hits: Vec<Hit>,
    /// The facets.
    pub facets: Vec<FacetCounts>,
}

/// A facet and its values among the results.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetCounts {
    /// The field.
    pub field: String,
    /// Values that occur, most frequent first, then by key; selected ones are always there.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetValue {
    /// What names it in a query.
    pub key: String,
    /// Its name in the languages it has.
    pub label: LangMap,
    /// How many items would be found with this value as the field's only filter.
    pub count: u32,
    /// Whether it is a filter of this query.
    pub selected: bool,
}

/// A word that begins another counts for less than the word itself.
const BEGINNING: f32 = 0.6;

fn malformed(what: &str) -> ReadError {
    ReadError::Malformed {
        what: what.to_owned(),
        reason: "it is not what an index holds".to_owned(),
    }
}

/// Answers a query.
///
/// # Errors
/// Where a block of the index cannot be had or is not what was published.
pub async fn search<F: Fetch>(archive: &Archive<F>, query: &Query) -> Result<Results, ReadError> {
    let items = archive.root().items;
    let words = query_words(&query.text, query.complete);
    let asked = !query.text.trim().is_empty();
    let mut found = if asked {
        matches(archive, query, &words).await?
    } else {
        (0..items).map(|n| (n, 0.0)).collect()
    };

    let mut columns = Vec::new();
    for facet in &archive.root().search.facets {
        let bytes = archive.object(&facet.object).await?;
        let column = Column::read(&bytes, items).ok_or_else(|| malformed(&facet.field))?;
        let selected: Vec<u32> = (0u32..)
            .zip(&column.values)
            .filter(|(_, (key, _))| {
                query
                    .filters
                    .iter()
                    .any(|(field, value)| *field == facet.field && value == key)
            })
            .map(|(index, _)| index)
            .collect();
        let active = query.filters.iter().any(|(field, _)| *field == facet.field);
        columns.push((facet.field.clone(), column, selected, active));
    }
    // A filter on a field that is no facet, or on a value that no item has, finds nothing.
    if query
        .filters
        .iter()
        .any(|(field, _)| !columns.iter().any(|(own, ..)| own == field))
    {
        found.clear();
    }

    let mut counts: Vec<Vec<u32>> = columns
        .iter()
        .map(|(_, column, ..)| vec![0; column.values.len()])
        .collect();
    let mut hits = Vec::new();
    for (number, score) in found {
        let misses = |(_, column, selected, active): &(String, Column, Vec<u32>, bool)| {
            *active
                && !column
                    .of(number)
                    .iter()
                    .any(|value| selected.contains(value))
        };
        let missed: Vec<usize> = columns
            .iter()
            .enumerate()
            .filter(|(_, c)| misses(c))
            .map(|(i, _)| i)
            .take(2)
            .collect();
        for (i, ((_, column, ..), count)) in columns.iter().zip(&mut counts).enumerate() {
            // What a value would find if it were the field's only filter: every other field is met.
            if missed.is_empty() || missed == [i] {
                for value in column.of(number) {
                    if let Some(count) = count.get_mut(*value as usize) {
                        *count += 1;
                    }
                }
            }
        }
        if missed.is_empty() {
            hits.push(Hit { number, score });
        }
    }
    let order = sort(archive, query, &hits).await?;
    let hits = picked(hits, &order);
    let facets = columns
        .into_iter()
        .zip(counts)
        .map(|((field, column, selected, _), counts)| {
            let values: Vec<FacetValue> = (0u32..)
                .zip(column.values)
                .zip(counts)
                .map(|((index, (key, label)), count)| FacetValue {
                    selected: selected.contains(&index),
                    key,
                    label,
                    count,
                })
                .filter(|value| value.count > 0 || value.selected)
                .collect();
            // A column's values are in order of their keys.
            let keys = values.iter().map(|value| u64::from(u32::MAX - value.count));
            let order = sorted(keys.collect());
            FacetCounts {
                field,
                values: picked(values, &order),
            }
        });
    Ok(Results {
        hits,
        facets: facets.collect(),
    })
}

/// The items in which every word occurs, in order of their numbers, with their scores.
async fn matches<F: Fetch>(
    archive: &Archive<F>,
    query: &Query,
    words: &[String],
) -> Result<Vec<(u32, f32)>, ReadError> {
    let (root, mut found) = (archive.root(), None::<Vec<(u32, f32)>>);
    let typing = !query.complete
        && query
            .text
            .chars()
            .next_back()
            .is_some_and(|c| !c.is_whitespace());
    for (i, word) in words.iter().enumerate() {
        // One letter begins too many words to be worth fetching.
        let as_beginning = typing && i + 1 == words.len() && word.chars().nth(1).is_some();
        let terms = if as_beginning {
            archive.range(&root.search.terms, word.as_bytes()).await?
        } else {
            let value = archive.value(&root.search.terms, word.as_bytes()).await?;
            value
                .map(|value| (word.as_bytes().to_vec(), value))
                .into_iter()
                .collect()
        };
        let mut scores = vec![0.0f32; root.items as usize];
        for (term, value) in terms {
            let postings = postings::read(&value, root.items)
                .ok_or_else(|| malformed("the postings of a term"))?;
            let rarity = (1.0 + root.items as f32 / postings.len().max(1) as f32).ln();
            let whole = if term == word.as_bytes() {
                1.0
            } else {
                BEGINNING
            };
            for (item, weight) in postings {
                let score = whole * rarity * (1.0 + f32::from(weight)).ln();
                if let Some(best) = scores.get_mut(item as usize) {
                    *best = best.max(score);
                }
            }
        }
        // Every item that has the word scores more than nothing.
        let mut all: Vec<(u32, f32)> = (0..)
            .zip(scores)
            .filter(|(_, score)| *score > 0.0)
            .collect();
        if let Some(before) = found {
            let other = |item: u32| {
                let place = before.binary_search_by_key(&item, |(item, _)| *item).ok()?;
                before.get(place).map(|(_, score)| *score)
            };
            all = all
                .into_iter()
                .filter_map(|(item, score)| Some((item, score + other(item)?)))
                .collect();
        }
        if all.is_empty() {
            return Ok(Vec::new());
        }
        found = Some(all);
    }
    Ok(found.unwrap_or_default())
}

/// The places of `keys`, the least first, equals as they were.
///
/// Sorting whole things by what each of them says would put a sort of its own into the viewer for
/// every kind of thing, four kilobytes each; and a heap takes a tenth of what the quicker sort does.
fn sorted(keys: Vec<u64>) -> Vec<u32> {
    let keys: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
    let sorted = BinaryHeap::from(keys).into_sorted_vec();
    sorted.into_iter().map(|(_, place)| place).collect()
}

/// `things` in another order.
fn picked<T: Clone>(things: Vec<T>, order: &[u32]) -> Vec<T> {
    order
        .iter()
        .filter_map(|place| things.get(*place as usize).cloned())
        .collect()
}

/// The order of `hits` that a query asks for.
async fn sort<F: Fetch>(
    archive: &Archive<F>,
    query: &Query,
    hits: &[Hit],
) -> Result<Vec<u32>, ReadError> {
    let key = match query.sort {
        Sort::Relevance => {
            // Scores are not negative: their bits are in the order of their sizes. Equals stay in
            // the curators' order.
            let keys = hits.iter().map(|hit| u64::from(!hit.score.to_bits()));
            return Ok(sorted(keys.collect()));
        }
        Sort::Title => "title",
        Sort::Date | Sort::DateDescending => "date",
    };
    let orders = &archive.root().search.orders;
    let object: Option<Hash> = orders
        .iter()
        .filter(|order| order.key == key)
        .min_by_key(|order| {
            order
                .language
                .as_ref()
                .is_some_and(|language| *language != query.language)
        })
        .map(|order| order.object);
    let Some(object) = object else {
        return Ok(sorted(vec![0; hits.len()]));
    };
    let ranks = order::read(&archive.object(&object).await?, archive.root().items)
        .ok_or_else(|| malformed(key))?;
    let rank = |hit: &Hit| {
        ranks
            .get(hit.number as usize)
            .copied()
            .unwrap_or(order::WITHOUT)
    };
    let keys = hits.iter().map(|hit| match (query.sort, rank(hit)) {
        (Sort::DateDescending, rank) if rank != order::WITHOUT => order::WITHOUT - 1 - rank,
        (_, rank) => rank,
    });
    Ok(sorted(keys.map(u64::from).collect()))
}
