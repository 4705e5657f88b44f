//! Sorting of the matching items, and selection of a page of results.

use std::collections::BinaryHeap;

use khizana_format::{Archive, Fetch, OrderRef, ReadError};

use crate::item_values::{CHUNK_LEN, fetch_numbers};
use crate::malformed;
use crate::query::{Query, Sort};
use crate::scored_items::ScoredItems;

/// Returns the requested page of the matching items, in the order of the query.
pub(crate) async fn result_page<F: Fetch>(
    archive: &Archive<F>,
    query: &Query,
    items: &ScoredItems,
) -> Result<ScoredItems, ReadError> {
    let key = match query.sort {
        Sort::Relevance => {
            let keys = items.iter().map(|(item, score)| sort_key(!score, *item));
            return Ok(select(items, smallest(keys, query.offset, query.limit)));
        }
        Sort::Title => "title",
        Sort::Date | Sort::DateDescending => "date",
    };
    let Some(order) = find_order(&archive.root().search.orders, key, &query.language) else {
        let page = items.iter().skip(query.offset).take(query.limit);
        return Ok(page.copied().collect());
    };
    let is_descending = query.sort == Sort::DateDescending;
    // A walk through the order visits about `walk_len` items if the matching items are evenly
    // distributed, which is few if many items match. If few items match, their ranks are in few
    // chunks.
    let all_items = u64::from(archive.root().items);
    let page_end = query.offset.saturating_add(query.limit).min(items.len()) as u64;
    let walk_len = page_end.saturating_mul(all_items) / (items.len() as u64).max(1);
    let rank_chunks = chunks_of(items);
    if walk_len.div_ceil(CHUNK_LEN.into()) < rank_chunks.len() as u64 {
        return walk_order(archive, order, query, items, is_descending).await;
    }
    let chunks = fetch_numbers(archive, &order.ranks, &rank_chunks, archive.root().items).await?;
    let rank = |item: u32| {
        let index = rank_chunks.binary_search(&(item / CHUNK_LEN)).ok()?;
        let rank = *chunks.get(index)?.get((item % CHUNK_LEN) as usize)?;
        // Items without the key are last in both directions.
        Some(if is_descending && rank < order.keyed {
            order.keyed - 1 - rank
        } else {
            rank
        })
    };
    let keys = items
        .iter()
        .map(|(item, _)| sort_key(rank(*item).unwrap_or(u32::MAX), *item));
    Ok(select(items, smallest(keys, query.offset, query.limit)))
}

/// Returns the sort order for a key in the given language. If there is none, returns the sort order
/// for the key in another language.
fn find_order<'a>(orders: &'a [OrderRef], key: &str, language: &str) -> Option<&'a OrderRef> {
    orders
        .iter()
        .filter(|order| order.key == key)
        .min_by_key(|order| order.language.as_ref().is_some_and(|tag| tag != language))
}

/// Returns the indexes of the chunks that contain the items.
pub(crate) fn chunks_of(items: &ScoredItems) -> Vec<u32> {
    let mut chunks: Vec<u32> = items.iter().map(|(item, _)| item / CHUNK_LEN).collect();
    chunks.dedup();
    chunks
}

/// Collects a page by visiting all items of the archive in order, until the page is full.
async fn walk_order<F: Fetch>(
    archive: &Archive<F>,
    order: &OrderRef,
    query: &Query,
    items: &ScoredItems,
    is_descending: bool,
) -> Result<ScoredItems, ReadError> {
    let all_items = archive.root().items;
    // Only the items that have the key are reversed.
    let reversed = if is_descending {
        order.keyed.min(all_items)
    } else {
        0
    };
    let mut page = Vec::new();
    let mut matches_seen = 0;
    let mut current_chunk: Option<(u32, Vec<u32>)> = None;
    for step in 0..all_items {
        if page.len() >= query.limit || matches_seen >= items.len() {
            break;
        }
        let rank = if step < reversed {
            reversed - 1 - step
        } else {
            step
        };
        let index = rank / CHUNK_LEN;
        if current_chunk
            .as_ref()
            .is_none_or(|(current, _)| *current != index)
        {
            let mut chunks = fetch_numbers(archive, &order.items, &[index], all_items).await?;
            current_chunk = chunks.pop().map(|chunk| (index, chunk));
        }
        let item = current_chunk
            .as_ref()
            .and_then(|(_, chunk)| chunk.get((rank % CHUNK_LEN) as usize))
            .ok_or_else(|| malformed("sort order"))?;
        if let Ok(index) = items.binary_search_by_key(item, |(item, _)| *item) {
            if page.iter().any(|(other, _)| other == item) {
                return Err(malformed("sort order"));
            }
            if matches_seen >= query.offset {
                page.extend(items.get(index));
            }
            matches_seen += 1;
        }
    }
    Ok(page)
}

/// Combines a primary sort key and an item number. The item number decides the order of items with
/// equal keys.
fn sort_key(primary: u32, item: u32) -> u64 {
    u64::from(primary) << 32 | u64::from(item)
}

/// Skips the `offset` smallest keys and returns the next `limit` keys in ascending order.
fn smallest(keys: impl Iterator<Item = u64>, offset: usize, limit: usize) -> Vec<u64> {
    let heap_len = offset.saturating_add(limit);
    let mut heap = BinaryHeap::new();
    for key in keys {
        if heap.len() < heap_len {
            heap.push(key);
        } else if let Some(mut greatest) = heap.peek_mut()
            && key < *greatest
        {
            *greatest = key;
        }
    }
    let mut sorted = heap.into_sorted_vec();
    sorted.split_off(offset.min(sorted.len()))
}

/// Returns the items with the given [`sort_key`]s.
fn select(items: &ScoredItems, keys: Vec<u64>) -> ScoredItems {
    keys.into_iter()
        .filter_map(|key| {
            let index = items.binary_search_by_key(&(key as u32), |(item, _)| *item);
            items.get(index.ok()?).copied()
        })
        .collect()
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::item_values;
    use crate::test_archive::{Rng, publish, random_items};
    use khizana_format::object_path;

    fn walk(
        archive: &Archive<impl Fetch>,
        order: &OrderRef,
        limit: usize,
    ) -> Result<ScoredItems, ReadError> {
        let items: ScoredItems = (0..4).map(|item| (item, 0)).collect();
        let query = Query {
            limit,
            ..Query::default()
        };
        pollster::block_on(walk_order(archive, order, &query, &items, false))
    }

    #[test]
    fn walk_stops_at_the_end_of_the_page() {
        let memory = publish(&random_items(&mut Rng(3), 4));
        let archive = pollster::block_on(Archive::open(&memory)).unwrap();
        let order = &archive.root().search.orders[0];
        let page_len = |limit| walk(&archive, order, limit).unwrap().len();
        assert_eq!([page_len(0), page_len(3), page_len(9)], [0, 3, 4]);
    }

    #[test]
    fn order_with_duplicate_item_is_rejected() {
        let memory = publish(&random_items(&mut Rng(3), 4));
        let archive = pollster::block_on(Archive::open(&memory)).unwrap();
        let mut store = |hash, bytes| {
            memory.0.borrow_mut().insert(object_path(&hash), bytes);
            Ok(())
        };
        let mut order = archive.root().search.orders[0].clone();
        order.items = item_values::write_numbers(&mut store, &[0, 1, 1, 2]).unwrap();
        assert_eq!(walk(&archive, &order, 2).unwrap().len(), 2);
        assert!(walk(&archive, &order, 4).is_err());
    }
}
