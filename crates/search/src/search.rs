//! Functions that search an archive and create highlighters for queries.

use khizana_format::{Archive, Fetch, KeyRange, ReadError, RecordSummary, TreeRef, join};
use khizana_json as json;

use crate::evaluate::{Summaries, evaluate};
use crate::expand::expand;
use crate::facets::NameMatcher;
use crate::highlight::Highlighter;
use crate::item_values::{CHUNK_LEN, fetch_years};
use crate::parsed_query::{ParsedQuery, PrefetchKeys};
use crate::query::{Query, Sort};
use crate::result_page::{chunks_of, result_page};
use crate::results::{Hit, Results};
use crate::scored_items::ScoredItems;
use crate::{facets, malformed, whole_value};

/// Score of an item whose identifier is the query. It is higher than any score of a term match.
const ID_MATCH_SCORE: u32 = 1 << 30;

/// Searches an archive.
///
/// # Errors
/// Returns an error if a part of the index cannot be fetched or is damaged.
pub async fn search<F: Fetch>(archive: &Archive<F>, query: &Query) -> Result<Results, ReadError> {
    let parsed = ParsedQuery::parse(&archive.root().search, &query.text, query.is_complete);
    // The term block of a single word contains the summaries of its best items.
    let needs_no_records = parsed.is_single_word()
        && query.sort == Sort::Relevance
        && query.offset == 0
        && query.years.is_none()
        && query.filters.is_empty();
    let prefetch_keys = if looks_like_id(&query.text) {
        PrefetchKeys::default()
    } else {
        parsed.prefetch_keys()
    };
    let prefetch = prefetch(archive, prefetch_keys, !needs_no_records);
    // `prefetch` is polled first, so that its responses are cached when the same data is requested.
    let found = join(prefetch, find_items(archive, query, parsed));
    let (columns, ((), found)) = join(facets::fetch_columns(archive), found).await;
    let (columns, found) = (columns?, found?);
    let Found {
        query: parsed,
        mut items,
        summaries,
    } = found;
    let filters: Vec<(String, String)> = query
        .filters
        .iter()
        .chain(&parsed.filters)
        .cloned()
        .collect();
    let in_years = match query.years {
        Some(years) => Some(in_years(archive, &items, years).await?),
        None => None,
    };
    let in_years = in_years.as_deref();
    let counted =
        facets::filter_and_count(archive, &columns, &filters, in_years, &mut items).await?;
    let hits = async {
        let page = result_page(archive, query, &items).await?;
        load_hits(archive, &page, &summaries).await
    };
    let max_values = query.facet_values;
    let names = facets::prefetch_names(archive, &counted, max_values);
    let (hits, ()) = join(hits, names).await;
    let hits = hits?;
    let matcher = NameMatcher::new(&parsed);
    Ok(Results {
        total: items.len() as u32,
        facets: facets::facet_counts(archive, counted, max_values, &matcher, &hits).await?,
        hits,
        suggestion: parsed.suggestion.clone(),
        highlighter: Highlighter::new(&parsed),
        parsed,
    })
}

/// Returns a highlighter for a query without searching for items.
///
/// It highlights the same terms as the [`Results::highlighter`] of a [`search`] for `text`.
///
/// # Errors
/// Returns an error if a part of the index cannot be fetched or is damaged.
pub async fn highlighter<F: Fetch>(
    archive: &Archive<F>,
    text: &str,
    is_complete: bool,
) -> Result<Highlighter, ReadError> {
    let parsed = ParsedQuery::parse(&archive.root().search, text, is_complete);
    Ok(Highlighter::new(&expand(archive, text, parsed).await?))
}

/// Fetches data that will be needed once the terms of the query are known, while the terms are
/// being looked up.
///
/// Errors are ignored, because they occur again when the data is requested.
async fn prefetch<F: Fetch>(archive: &Archive<F>, keys: PrefetchKeys, needs_records: bool) {
    let root = archive.root();
    let entries = async |tree: &TreeRef, keys: &[String]| {
        let ranges: Vec<KeyRange<'_>> = keys
            .iter()
            .map(|key| KeyRange::exact(key.as_bytes()))
            .collect();
        let _ = archive.lookup(tree, &ranges).await;
    };
    let top_of_records = async {
        if let Some(top) = root.records.top.filter(|_| needs_records) {
            let _ = archive.object(&top).await;
        }
    };
    let positions = entries(&root.search.positions, &keys.positions);
    let bigrams = entries(&root.search.pairs, &keys.bigrams);
    join(top_of_records, join(positions, bigrams)).await;
}

/// Returns `true` if a query looks like an identifier: it contains a digit and no white space.
fn looks_like_id(text: &str) -> bool {
    let text = text.trim();
    text.contains(char::is_numeric) && !text.contains(char::is_whitespace)
}

/// Returns the number of the item with an identifier, in any letter case. If several identifiers
/// differ only in case, the one that is written as in the query is preferred.
async fn item_with_id<F: Fetch>(
    archive: &Archive<F>,
    text: &str,
) -> Result<Option<u32>, ReadError> {
    if let Some(number) = archive.item_number(text).await? {
        return Ok(Some(number));
    }
    let lowercase = text.to_lowercase();
    if lowercase == text {
        return Ok(None);
    }
    archive.item_number(&lowercase).await
}

/// The items that match the text of a query.
struct Found {
    /// The query with the matching terms.
    query: ParsedQuery,
    items: ScoredItems,
    summaries: Summaries,
}

/// Finds the items that match the text of a query, either by its words or because it is the
/// identifier of an item.
async fn find_items<F: Fetch>(
    archive: &Archive<F>,
    query: &Query,
    parsed: ParsedQuery,
) -> Result<Found, ReadError> {
    let text = query.text.trim();
    let looks_like_id = looks_like_id(text);
    let ranks_by_score = query.sort == Sort::Relevance;
    let by_words = async {
        let parsed = expand(archive, &query.text, parsed).await?;
        let (mut items, summaries) = evaluate(archive, &parsed).await?;
        if let Some(items) = items.as_mut().filter(|_| ranks_by_score) {
            whole_value::raise_scores(archive, &query.text, &parsed, items).await?;
        }
        Ok::<_, ReadError>((parsed, items, summaries))
    };
    let by_id = async {
        if looks_like_id {
            item_with_id(archive, text).await
        } else {
            Ok(None)
        }
    };
    let (by_words, by_id) = join(by_words, by_id).await;
    let ((parsed, items, summaries), mut item_by_id) = (by_words?, by_id?);
    let mut items = match items {
        Some(items) => items,
        // A query that has no text, or only filters, matches all items. A text that contains no
        // word, such as punctuation, matches no item.
        None if text.is_empty() || !parsed.filters.is_empty() => {
            (0..archive.root().items).map(|item| (item, 0)).collect()
        }
        None => Vec::new(),
    };
    let is_one_word = !text.is_empty() && !text.contains(char::is_whitespace);
    if is_one_word && !looks_like_id && items.is_empty() {
        item_by_id = item_with_id(archive, text).await?;
    }
    if let Some(number) = item_by_id
        && number < archive.root().items
    {
        match items.binary_search_by_key(&number, |(item, _)| *item) {
            Ok(index) => {
                if let Some((_, score)) = items.get_mut(index) {
                    *score = ID_MATCH_SCORE;
                }
            }
            Err(index) => items.insert(index, (number, ID_MATCH_SCORE)),
        }
    }
    Ok(Found {
        query: parsed,
        items,
        summaries,
    })
}

/// Returns, for each item, `true` if its date overlaps a range of years.
async fn in_years<F: Fetch>(
    archive: &Archive<F>,
    items: &ScoredItems,
    (first, last): (i32, i32),
) -> Result<Vec<bool>, ReadError> {
    let tree = &archive.root().search.years;
    if tree.top.is_none() {
        return Ok(vec![false; items.len()]);
    }
    let chunk_indexes = chunks_of(items);
    let chunks = fetch_years(archive, tree, &chunk_indexes).await?;
    let overlaps = items.iter().map(|(item, _)| {
        chunk_indexes
            .binary_search(&(item / CHUNK_LEN))
            .ok()
            .and_then(|index| chunks.get(index)?.get((item % CHUNK_LEN) as usize))
            .is_some_and(|(from, to)| from <= to && *from <= last && *to >= first)
    });
    Ok(overlaps.collect())
}

/// Returns the hits of a page. Takes the summaries of the items from `summaries`, and fetches the
/// records of the items that it does not contain.
async fn load_hits<F: Fetch>(
    archive: &Archive<F>,
    page: &ScoredItems,
    summaries: &Summaries,
) -> Result<Vec<Hit>, ReadError> {
    let summary_of = |item: u32| {
        let index = summaries
            .binary_search_by_key(&item, |(item, _)| *item)
            .ok()?;
        summaries.get(index).map(|(_, json)| json)
    };
    let without_summary: Vec<u32> = page
        .iter()
        .map(|(item, _)| *item)
        .filter(|item| summary_of(*item).is_none())
        .collect();
    let mut records = archive.records(&without_summary).await?.into_iter();
    let collections = &archive.root().collections;
    page.iter()
        .map(|(number, score)| {
            let summary = match summary_of(*number) {
                Some(json) => json::from_slice(json).map_err(|_| malformed("record summary"))?,
                None => records
                    .next()
                    .map(|record| RecordSummary::of(&record, collections))
                    .ok_or_else(|| malformed("item number"))?,
            };
            Ok(Hit {
                number: *number,
                score: *score,
                summary,
            })
        })
        .collect()
}
