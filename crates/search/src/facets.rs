//! Facets: filtering the matching items, and counting their values.

use khizana_format::{Archive, Fetch, ReadError, join_all};
use khizana_model::{Hash, LangMap};

use crate::facet_column::{ColumnCursor, FacetColumn, VALUES_PER_BLOCK, Value, read_values};
use crate::malformed;
use crate::numeric_sort::{sort_by_key, sorted};
use crate::parsed_query::ParsedQuery;
use crate::results::{FacetCounts, FacetValue, Hit};
use crate::scored_items::ScoredItems;
use crate::{Highlighter, score};

/// Field whose values are in the summaries of the hits.
const CREATOR: &str = "creator";

/// Fetches the columns of all facets and returns them in the order in which the root lists the
/// facets.
pub(crate) async fn fetch_columns<F: Fetch>(
    archive: &Archive<F>,
) -> Result<Vec<FacetColumn>, ReadError> {
    let facets = &archive.root().search.facets;
    let mut hashes: Vec<Hash> = Vec::new();
    for facet in facets {
        if !hashes.contains(&facet.object) {
            hashes.push(facet.object);
        }
    }
    let objects = join_all(hashes.iter().map(|hash| archive.object(hash)).collect()).await;
    let mut columns: Vec<FacetColumn> = Vec::new();
    for bytes in objects {
        let object_columns = FacetColumn::read_all(&bytes?, archive.root().items);
        columns.extend(object_columns.ok_or_else(|| malformed("facet column"))?);
    }
    let in_root_order: Option<Vec<FacetColumn>> = facets
        .iter()
        .map(|facet| {
            let index = columns
                .iter()
                .position(|column| column.field == facet.field)?;
            Some(columns.swap_remove(index))
        })
        .collect();
    in_root_order.ok_or_else(|| malformed("facet column"))
}

/// A column, the filters on its field, and the number of items that have each of its sets.
struct ColumnCounter<'a> {
    column: &'a FacetColumn,
    cursor: ColumnCursor<'a>,
    /// `true` if the query has a filter on the field.
    is_filtered: bool,
    /// Numbers of the values that are filters of the query.
    selected: Vec<u32>,
    /// For each set of the column, `true` if it contains a selected value.
    passes: Vec<bool>,
    /// For each set of the column, the number of items that have it.
    counts: Vec<u32>,
}

/// A column and the number of items that have each of its values.
pub(crate) struct ColumnCounts<'a> {
    column: &'a FacetColumn,
    /// Numbers of the values that are filters of the query.
    selected: Vec<u32>,
    /// The number of items, by value number.
    counts: Vec<u32>,
    /// Numbers of the values that occur, in descending order of their counts. Values with equal counts are in the order
    /// of their numbers, that is, in descending order of their frequency in the archive.
    by_count: Vec<u32>,
}

impl<'a> ColumnCounts<'a> {
    fn of(counter: ColumnCounter<'a>) -> ColumnCounts<'a> {
        let counts = value_counts(&counter);
        let order = (0u32..)
            .zip(&counts)
            .filter(|(_, count)| **count > 0)
            .map(|(number, count)| u64::from(!*count) << 32 | u64::from(number));
        let order = sorted(order.collect());
        ColumnCounts {
            column: counter.column,
            selected: counter.selected,
            counts,
            by_count: order.into_iter().map(|key| key as u32).collect(),
        }
    }
}

/// Removes the items that do not pass the filters, and counts the values of all columns. `in_years`
/// contains, for each item, whether it passes the year filter, if there is one.
///
/// The values of a field are counted as if the field had no filter, so a count is the number of
/// items that would match if the value were the only filter of its field. Timelines are counted as
/// if there were no year filter.
pub(crate) async fn filter_and_count<'a, F: Fetch>(
    archive: &Archive<F>,
    columns: &'a [FacetColumn],
    filters: &[(String, String)],
    in_years: Option<&[bool]>,
    items: &mut ScoredItems,
) -> Result<Vec<ColumnCounts<'a>>, ReadError> {
    // No item passes a filter on a field that is not a facet.
    if filters
        .iter()
        .any(|(field, _)| !columns.iter().any(|column| column.field == *field))
    {
        items.clear();
    }
    let mut counters = Vec::with_capacity(columns.len());
    for column in columns {
        let keys: Vec<&str> = filters
            .iter()
            .filter(|(field, _)| *field == column.field)
            .map(|(_, key)| key.as_str())
            .collect();
        let selected = value_numbers(archive, column, &keys).await?;
        let passes = column
            .sets
            .iter()
            .map(|set| set.iter().any(|value| selected.contains(value)));
        counters.push(ColumnCounter {
            is_filtered: !keys.is_empty(),
            passes: passes.collect(),
            selected,
            counts: vec![0; column.sets.len()],
            cursor: column.cursor(),
            column,
        });
    }

    let is_in_years = |index: usize| in_years.is_none_or(|flags| flags.get(index) == Some(&true));
    // Consecutive items that have the same sets in all columns, and pass the year filter or not, are
    // processed together.
    let mut sets = vec![0; counters.len()];
    let (mut start, mut kept) = (0, 0);
    while let Some((item, _)) = items.get(start) {
        // The number of filters that the item does not pass, and the last of these columns.
        let (mut failed, mut failed_column) = (0, usize::MAX);
        let mut run_end = u32::MAX;
        for (index, (counter, set)) in counters.iter_mut().zip(&mut sets).enumerate() {
            let (number, end) = counter.cursor.seek(*item);
            run_end = run_end.min(end);
            *set = number as usize;
            let passes = counter.passes.get(*set).copied().unwrap_or_default();
            if counter.is_filtered && !passes {
                (failed, failed_column) = (failed + 1, index);
            }
        }
        let passes_years = is_in_years(start);
        // Skipping in an iterator would visit all items before the run.
        let rest = items.get(start + 1..).unwrap_or_default();
        let run = rest
            .iter()
            .zip(start + 1..)
            .take_while(|((item, _), index)| {
                *item < run_end && is_in_years(*index) == passes_years
            });
        let run_len = 1 + run.count();
        if failed < 2 {
            for (index, (counter, set)) in counters.iter_mut().zip(&sets).enumerate() {
                // The items pass all filters on the other fields.
                if (failed == 0 || failed_column == index)
                    && (passes_years || counter.column.field.contains(':'))
                    && let Some(count) = counter.counts.get_mut(*set)
                {
                    *count += run_len as u32;
                }
            }
        }
        if failed == 0 && passes_years {
            items.copy_within(start..start + run_len, kept);
            kept += run_len;
        }
        start += run_len;
    }
    items.truncate(kept);
    Ok(counters.into_iter().map(ColumnCounts::of).collect())
}

/// The words of a query with which the names of values are compared.
pub(crate) struct NameMatcher {
    /// The words as they are in the query.
    exact: Highlighter,
    /// All terms that match the words.
    all: Highlighter,
}

impl NameMatcher {
    pub(crate) fn new(query: &ParsedQuery) -> NameMatcher {
        NameMatcher {
            exact: Highlighter::with_weight(query, score::STRIPPED),
            all: Highlighter::new(query),
        }
    }

    /// Returns the rank of a name: 0 if it contains a word of the query, 1 if it contains another term that matches,
    /// and `None` otherwise.
    fn rank(&self, name: &LangMap, key: &str) -> Option<u8> {
        let contains = |highlighter: &Highlighter| {
            let matches = |text: &str, lang: &str| !highlighter.ranges(text, lang).is_empty();
            name.iter().any(|(tag, text)| matches(text, tag.as_str())) || matches(key, "und")
        };
        // All exact words are among the other terms, so most names are compared only once.
        contains(&self.all).then(|| u8::from(!contains(&self.exact)))
    }
}

/// Fetches the names of the most frequent values while the hits are being fetched. Errors are ignored, because they
/// occur again when the names are requested.
pub(crate) async fn prefetch_names<F: Fetch>(
    archive: &Archive<F>,
    columns: &[ColumnCounts<'_>],
    max_values: usize,
) {
    let fetches = columns.iter().map(async |column| {
        let first = column.by_count.len().min(max_values);
        let numbers = column.by_count.get(..first).unwrap_or_default();
        let _ = named_values(archive, column.column, numbers).await;
    });
    join_all(fetches.collect()).await;
}

/// Returns the counts of the values of each column. They include at most `max_values` values, those
/// with the highest counts, and all selected values. For timelines, all values that occur are included.
///
/// Values that match the query come first, if they are among the most frequent ones of the archive or of the matching
/// items, or creators of `hits`. The names of the other values are not known: a search does not fetch all names of a
/// large facet.
pub(crate) async fn facet_counts<F: Fetch>(
    archive: &Archive<F>,
    columns: Vec<ColumnCounts<'_>>,
    max_values: usize,
    matcher: &NameMatcher,
    hits: &[Hit],
) -> Result<Vec<FacetCounts>, ReadError> {
    let counts = columns
        .into_iter()
        .map(|column| column_counts(archive, column, max_values, matcher, hits));
    join_all(counts.collect()).await.into_iter().collect()
}

/// Returns the numbers of the values with the given keys. Omits keys that do not exist.
async fn value_numbers<F: Fetch>(
    archive: &Archive<F>,
    column: &FacetColumn,
    keys: &[&str],
) -> Result<Vec<u32>, ReadError> {
    let mut numbers = Vec::new();
    let mut missing: Vec<&str> = keys.to_vec();
    // Returns `true` if all keys have been found.
    let mut search = |first: u32, values: &[Value]| {
        for (number, (key, _)) in (first..).zip(values) {
            if let Some(index) = missing.iter().position(|missing| missing == key) {
                missing.swap_remove(index);
                numbers.push(number);
            }
        }
        missing.is_empty()
    };
    if search(0, &column.inline_values) {
        return Ok(numbers);
    }
    let mut first = column.inline_values.len() as u32;
    for hash in &column.blocks {
        let values = fetch_values(archive, hash).await?;
        if search(first, &values) {
            break;
        }
        first += VALUES_PER_BLOCK as u32;
    }
    Ok(numbers)
}

async fn fetch_values<F: Fetch>(
    archive: &Archive<F>,
    hash: &Hash,
) -> Result<Vec<Value>, ReadError> {
    read_values(&archive.object(hash).await?).ok_or_else(|| malformed("facet values"))
}

async fn column_counts<F: Fetch>(
    archive: &Archive<F>,
    counted: ColumnCounts<'_>,
    max_values: usize,
    matcher: &NameMatcher,
    hits: &[Hit],
) -> Result<FacetCounts, ReadError> {
    let ColumnCounts {
        column,
        selected,
        counts,
        by_count: mut numbers,
    } = counted;
    let distinct = numbers.len() as u32;
    let is_timeline = column.field.contains(':');
    if !is_timeline {
        if !matcher.all.is_empty() {
            let of_hits = matching_creators(column, matcher, hits);
            let inline = column.inline_values.len();
            let has_known_name = |(index, number): &(usize, u32)| {
                *index < max_values || (*number as usize) < inline || of_hits.contains(number)
            };
            let known = numbers.iter().copied().enumerate().filter(has_known_name);
            let known: Vec<u32> = known.map(|(_, number)| number).collect();
            numbers = matches_first(archive, column, known, matcher).await?;
        }
        numbers.truncate(max_values);
    }
    for number in &selected {
        if !numbers.contains(number) {
            numbers.push(*number);
        }
    }
    let named_values = named_values(archive, column, &numbers).await?;
    let mut values: Vec<FacetValue> = numbers
        .iter()
        .zip(named_values)
        .map(|(number, (key, label))| FacetValue {
            key,
            label,
            count: counts.get(*number as usize).copied().unwrap_or_default(),
            is_selected: selected.contains(number),
        })
        .collect();
    if is_timeline {
        sort_by_key(&mut values, |value| {
            // Flipping the sign bit makes the unsigned order equal to the signed order.
            let year = value.key.parse::<i32>().unwrap_or(i32::MAX);
            (year as u32) ^ (1 << 31)
        });
    }
    Ok(FacetCounts {
        field: column.field.clone(),
        distinct,
        values,
    })
}

/// Returns the numbers of the values of the hits whose creator matches the query, if the column is that of creators.
fn matching_creators(column: &FacetColumn, matcher: &NameMatcher, hits: &[Hit]) -> Vec<u32> {
    if column.field != CREATOR {
        return Vec::new();
    }
    let matching = hits
        .iter()
        .filter(|hit| matcher.rank(&hit.summary.creator, "").is_some());
    let sets = matching.filter_map(|hit| {
        let (set, _) = column.cursor().seek(hit.number);
        column.sets.get(set as usize)
    });
    sets.flatten().copied().collect()
}

/// Moves the values that match the query to the start: first those that contain a word as it is in the query.
/// Otherwise keeps their order.
async fn matches_first<F: Fetch>(
    archive: &Archive<F>,
    column: &FacetColumn,
    numbers: Vec<u32>,
    matcher: &NameMatcher,
) -> Result<Vec<u32>, ReadError> {
    let values = named_values(archive, column, &numbers).await?;
    let keys = values.iter().zip(0u64..).map(|((key, name), index)| {
        let rank = matcher.rank(name, key).unwrap_or(u8::MAX);
        u64::from(rank) << 32 | index
    });
    let order = sorted(keys.collect());
    let numbers = order
        .iter()
        .filter_map(|key| numbers.get(*key as u32 as usize));
    Ok(numbers.copied().collect())
}

/// Returns the number of items that have each value, by value number.
fn value_counts(counter: &ColumnCounter<'_>) -> Vec<u32> {
    let mut counts = vec![0u32; counter.column.values as usize];
    for (set, items) in counter.column.sets.iter().zip(&counter.counts) {
        for value in set {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count += items;
            }
        }
    }
    counts
}

/// Returns the values with the given numbers. Fetches the blocks that contain them concurrently.
async fn named_values<F: Fetch>(
    archive: &Archive<F>,
    column: &FacetColumn,
    numbers: &[u32],
) -> Result<Vec<Value>, ReadError> {
    let inline = column.inline_values.len();
    let block_indexes = numbers.iter().filter_map(|number| {
        let in_blocks = (*number as usize).checked_sub(inline)?;
        Some((in_blocks / VALUES_PER_BLOCK) as u64)
    });
    let mut block_indexes = sorted(block_indexes.collect());
    block_indexes.dedup();
    let fetches = block_indexes
        .iter()
        .filter_map(|index| column.blocks.get(*index as usize))
        .map(|hash| fetch_values(archive, hash))
        .collect();
    let mut blocks = Vec::new();
    for (index, values) in block_indexes.iter().zip(join_all(fetches).await) {
        blocks.push((*index, values?));
    }
    let value = |number: &u32| match (*number as usize).checked_sub(inline) {
        None => column.inline_values.get(*number as usize),
        Some(in_blocks) => blocks
            .iter()
            .find(|(index, _)| *index == (in_blocks / VALUES_PER_BLOCK) as u64)
            .and_then(|(_, values)| values.get(in_blocks % VALUES_PER_BLOCK)),
    };
    numbers
        .iter()
        .map(|number| value(number).cloned())
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("facet values"))
}
