//! Queries: which items, in what order, with what facets.

use std::collections::BinaryHeap;

use khizana_format::{Archive, Fetch, KeyRange, OrderRef, ReadError, RecordSummary, TreeRef, join};
use khizana_json as json;
use khizana_model::LangMap;

use crate::ask::{Asked, Beside, ask, cut};
use crate::marks::Marks;
use crate::matches::{Lead, Matches, matches, pages};
use crate::{facets, malformed, order};

/// What a visitor asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words, all of which must be found, and the operators of `docs/src/searching.md`. No words: every
    /// item.
    pub text: String,
    /// Facet field and key of a value. Of one field any value suffices; every field must be met.
    pub filters: Vec<(String, String)>,
    /// The first and the last year; items of which a year lies between them are found.
    pub years: Option<(i32, i32)>,
    /// How results are sorted.
    pub sort: Sort,
    /// The language of the interface: whose titles are sorted by.
    pub language: String,
    /// Whether the last word is whole; while it is being typed, words that begin with it are found.
    pub complete: bool,
    /// How many results are passed over, and how many are wanted then.
    pub skip: usize,
    /// See `skip`.
    pub take: usize,
    /// How many values of each facet are named.
    pub values: usize,
}

impl Default for Query {
    fn default() -> Self {
        Query {
            text: String::new(),
            filters: Vec::new(),
            years: None,
            sort: Sort::Relevance,
            language: String::new(),
            complete: true,
            skip: 0,
            take: 12,
            values: 10,
        }
    }
}

/// An order of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best first; without words, in the order of the items.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its number.
    pub number: u32,
    /// How well it fits, greater is better; 0 where there were no words.
    pub score: u32,
    /// What a list shows of it.
    pub brief: RecordSummary,
}

/// What was found.
#[derive(Debug)]
pub struct Results {
    /// How many items.
    pub total: u32,
    /// Those asked for, in order.
    pub hits: Vec<Hit>,
    /// The facets.
    pub facets: Vec<FacetCounts>,
    /// Where a word is in no item: the query with a word that is.
    pub suggestion: Option<String>,
    /// Marks in a text what was found.
    pub marks: Marks,
    asked: Asked,
}

/// A facet and its values among the results.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetCounts {
    /// The field.
    pub field: String,
    /// How many values occur.
    pub distinct: u32,
    /// The most frequent of them, and those selected; of a line of time all, in order.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetValue {
    /// What names it in a query.
    pub key: String,
    /// Its name in the languages it has; empty where the key is its name.
    pub label: LangMap,
    /// How many items would be found with this value as the field's only filter.
    pub count: u32,
    /// Whether it is a filter of this query.
    pub selected: bool,
}

/// The score of an item whose identifier was asked for.
const BY_ID: u32 = 1 << 30;

/// Answers a query.
///
/// # Errors
/// Where a block of the index cannot be had or is not what was published.
pub async fn search<F: Fetch>(archive: &Archive<F>, query: &Query) -> Result<Results, ReadError> {
    let asked = cut(archive, &query.text, query.complete);
    // Lists bring what is shown of the best items of one word.
    let brought = asked.one_word()
        && query.sort == Sort::Relevance
        && query.skip == 0
        && query.years.is_none()
        && query.filters.is_empty();
    let beside = match may_be_id(&query.text) {
        true => Beside::default(),
        false => asked.beside(),
    };
    let ahead = ahead(archive, beside, !brought);
    // First, so that what it brought is there when it is asked for.
    let found = join(ahead, find(archive, query, asked));
    let (columns, ((), found)) = join(facets::columns(archive), found).await;
    let (columns, (asked, mut found, lead)) = (columns?, found?);
    if let Some(years) = query.years {
        in_years(archive, &mut found, years).await?;
    }
    let filters: Vec<(String, String)> = query
        .filters
        .iter()
        .chain(&asked.filters)
        .cloned()
        .collect();
    let counted = facets::narrow(archive, &columns, &filters, &mut found).await?;
    let hits = async {
        let page = sorted(archive, query, &found).await?;
        briefs(archive, &page, &lead).await
    };
    let (facets, hits) = join(facets::named(archive, counted, query.values), hits).await;
    Ok(Results {
        total: found.len() as u32,
        hits: hits?,
        facets: facets?,
        suggestion: asked.suggestion.clone(),
        marks: Marks::of(&asked),
        asked,
    })
}

/// What answers the words of a query, to be marked in a text: as [`search`] finds them, without the items.
///
/// # Errors
/// As [`search`].
pub async fn marks<F: Fetch>(
    archive: &Archive<F>,
    text: &str,
    complete: bool,
) -> Result<Marks, ReadError> {
    let asked = cut(archive, text, complete);
    Ok(Marks::of(&ask(archive, text, asked).await?))
}

impl Results {
    /// Of items of which more is said in a text than in the record: the page of it, from 0.
    ///
    /// # Errors
    /// As [`search`].
    pub async fn pages<F: Fetch>(
        &self,
        archive: &Archive<F>,
    ) -> Result<Vec<Option<u32>>, ReadError> {
        let items: Vec<u32> = self.hits.iter().map(|hit| hit.number).collect();
        if items.is_empty() || self.asked.clauses.is_empty() {
            return Ok(vec![None; items.len()]);
        }
        pages(archive, &self.asked, &items).await
    }
}

/// Fetches, while the words of a query are looked up, what will be asked for when they are known. What
/// goes wrong here goes wrong again then, and is told.
async fn ahead<F: Fetch>(archive: &Archive<F>, beside: Beside, records: bool) {
    let root = archive.root();
    let nodes = async |tree: &TreeRef, keys: &[String]| {
        let wanted: Vec<KeyRange<'_>> = keys
            .iter()
            .map(|key| KeyRange::exact(key.as_bytes()))
            .collect();
        let _ = archive.lookup(tree, &wanted).await;
    };
    let top = async {
        if let Some(top) = root.records.top.filter(|_| records) {
            let _ = archive.object(&top).await;
        }
    };
    let words = nodes(&root.search.positions, &beside.words);
    join(top, join(words, nodes(&root.search.pairs, &beside.pairs))).await;
}

/// Whether a query looks like an identifier: in one piece, with a digit.
fn may_be_id(text: &str) -> bool {
    let text = text.trim();
    text.contains(char::is_numeric) && !text.contains(char::is_whitespace)
}

/// The items that answer the words of a query.
async fn find<F: Fetch>(
    archive: &Archive<F>,
    query: &Query,
    asked: Asked,
) -> Result<(Asked, Matches, Lead), ReadError> {
    let text = query.text.trim();
    // What looks like an identifier, or is no word, may be one.
    let unlike_a_word = may_be_id(text);
    let one = !text.is_empty() && !text.contains(char::is_whitespace);
    let words = async {
        let asked = ask(archive, &query.text, asked).await?;
        let (met, lead) = matches(archive, &asked).await?;
        Ok::<_, ReadError>((asked, met, lead))
    };
    let number = async {
        match unlike_a_word {
            true => archive.item_number(text).await,
            false => Ok(None),
        }
    };
    let (words, number) = join(words, number).await;
    let ((asked, met, lead), mut number) = (words?, number?);
    let mut found = match met {
        Some(found) => found,
        // No words, or none that the index could hold.
        None if text.is_empty() || !asked.filters.is_empty() => {
            (0..archive.root().items).map(|item| (item, 0)).collect()
        }
        None => Vec::new(),
    };
    if one && !unlike_a_word && found.is_empty() {
        number = archive.item_number(text).await?;
    }
    if let Some(number) = number
        && number < archive.root().items
    {
        match found.binary_search_by_key(&number, |(item, _)| *item) {
            Ok(place) => {
                if let Some((_, score)) = found.get_mut(place) {
                    *score = BY_ID;
                }
            }
            Err(place) => found.insert(place, (number, BY_ID)),
        }
    }
    Ok((asked, found, lead))
}

/// Leaves the items of which a year lies between these.
async fn in_years<F: Fetch>(
    archive: &Archive<F>,
    found: &mut Matches,
    (first, last): (i32, i32),
) -> Result<(), ReadError> {
    let tree = &archive.root().search.years;
    if tree.top.is_none() {
        found.clear();
        return Ok(());
    }
    let places = places(found);
    let chunks = order::read_years(archive, tree, &places).await?;
    found.retain(|(item, _)| {
        places
            .binary_search(&(item / order::CHUNK))
            .ok()
            .and_then(|place| chunks.get(place)?.get((item % order::CHUNK) as usize))
            .is_some_and(|(from, to)| from <= to && *from <= last && *to >= first)
    });
    Ok(())
}

/// The chunks in which items lie.
fn places(found: &Matches) -> Vec<u32> {
    let mut places: Vec<u32> = found.iter().map(|(item, _)| item / order::CHUNK).collect();
    places.dedup();
    places
}

/// The page of the matches that a query asks for, in its order.
async fn sorted<F: Fetch>(
    archive: &Archive<F>,
    query: &Query,
    found: &Matches,
) -> Result<Matches, ReadError> {
    let by = match query.sort {
        Sort::Relevance => {
            // Equals stay in the order of the items.
            let keys = found.iter().map(|(item, score)| key(!score, *item));
            return Ok(picked(found, best(keys, query.skip, query.take)));
        }
        Sort::Title => "title",
        Sort::Date | Sort::DateDescending => "date",
    };
    let orders = archive.root().search.orders.iter();
    let order = orders.filter(|order| order.key == by).min_by_key(|order| {
        order
            .language
            .as_ref()
            .is_some_and(|language| *language != query.language)
    });
    let Some(order) = order else {
        return Ok(found
            .iter()
            .skip(query.skip)
            .take(query.take)
            .copied()
            .collect());
    };
    let down = query.sort == Sort::DateDescending;
    // Where much was found, the wanted page is near the beginning of all items in order; where little
    // was found, its ranks are few.
    let items = u64::from(archive.root().items);
    let wanted = query.skip.saturating_add(query.take).min(found.len()) as u64;
    let walked = wanted.saturating_mul(items) / (found.len() as u64).max(1);
    let places = places(found);
    if walked.div_ceil(order::CHUNK.into()) < places.len() as u64 {
        return walk(archive, order, query, found, down).await;
    }
    let chunks = order::read(archive, &order.ranks, &places, archive.root().items).await?;
    let rank = |item: u32| {
        let place = places.binary_search(&(item / order::CHUNK)).ok()?;
        chunks
            .get(place)?
            .get((item % order::CHUNK) as usize)
            .copied()
    };
    let keys = found.iter().map(|(item, _)| {
        let rank = rank(*item).unwrap_or(u32::MAX);
        let rank = if down && rank < order.keyed {
            order.keyed - 1 - rank
        } else {
            rank
        };
        key(rank, *item)
    });
    Ok(picked(found, best(keys, query.skip, query.take)))
}

/// Goes through all items in order, up to the end of the page.
async fn walk<F: Fetch>(
    archive: &Archive<F>,
    order: &OrderRef,
    query: &Query,
    found: &Matches,
    down: bool,
) -> Result<Matches, ReadError> {
    let items = archive.root().items;
    let keyed = order.keyed.min(items);
    // Downwards only what has the key is turned around.
    let turned = if down { keyed } else { 0 };
    let mut page = Vec::new();
    let mut passed = 0;
    let mut held: Option<(u32, Vec<u32>)> = None;
    for step in 0..items {
        if page.len() >= query.take || passed >= found.len() {
            break;
        }
        let rank = if step < turned {
            turned - 1 - step
        } else {
            step
        };
        let place = rank / order::CHUNK;
        if held.as_ref().is_none_or(|(own, _)| *own != place) {
            let mut chunks = order::read(archive, &order.items, &[place], items).await?;
            held = chunks.pop().map(|chunk| (place, chunk));
        }
        let item = held
            .as_ref()
            .and_then(|(_, chunk)| chunk.get((rank % order::CHUNK) as usize))
            .ok_or_else(|| malformed("an order"))?;
        if let Ok(place) = found.binary_search_by_key(item, |(own, _)| *own) {
            if page.iter().any(|(own, _)| own == item) {
                return Err(malformed("an order"));
            }
            if passed >= query.skip {
                page.extend(found.get(place));
            }
            passed += 1;
        }
    }
    Ok(page)
}

/// A key by which the least comes first, equals in the order of the items.
fn key(first: u32, item: u32) -> u64 {
    u64::from(first) << 32 | u64::from(item)
}

/// The least keys, in order: `take` of them after the first `skip`.
fn best(keys: impl Iterator<Item = u64>, skip: usize, take: usize) -> Vec<u64> {
    let wanted = skip.saturating_add(take);
    let mut heap = BinaryHeap::new();
    for key in keys {
        if heap.len() < wanted {
            heap.push(key);
        } else if let Some(mut greatest) = heap.peek_mut()
            && key < *greatest
        {
            *greatest = key;
        }
    }
    let mut sorted = heap.into_sorted_vec();
    sorted.split_off(skip.min(sorted.len()))
}

fn picked(found: &Matches, keys: Vec<u64>) -> Matches {
    keys.into_iter()
        .filter_map(|key| {
            let place = found.binary_search_by_key(&(key as u32), |(item, _)| *item);
            found.get(place.ok()?).copied()
        })
        .collect()
}

/// What a list shows of the items: what the index brought, and the records of the others.
async fn briefs<F: Fetch>(
    archive: &Archive<F>,
    page: &Matches,
    lead: &Lead,
) -> Result<Vec<Hit>, ReadError> {
    let brought = |item: u32| {
        let place = lead.binary_search_by_key(&item, |(own, _)| *own).ok()?;
        lead.get(place).map(|(_, json)| json)
    };
    let missing: Vec<u32> = page
        .iter()
        .map(|(item, _)| *item)
        .filter(|item| brought(*item).is_none())
        .collect();
    let mut records = archive.records(&missing).await?.into_iter();
    let collections = &archive.root().collections;
    page.iter()
        .map(|(number, score)| {
            let brief = match brought(*number) {
                Some(json) => json::from_slice(json).map_err(|_| malformed("a result"))?,
                None => records
                    .next()
                    .map(|record| RecordSummary::of(&record, collections))
                    .ok_or_else(|| malformed("the number of an item"))?,
            };
            Ok(Hit {
                number: *number,
                score: *score,
                brief,
            })
        })
        .collect()
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plain_scan::{Chance, publish, records};
    use khizana_format::{TreeRef, object_path};

    #[test]
    fn a_walk_through_an_order_is_no_longer_than_the_page() {
        let memory = publish(&records(&mut Chance(3), 4));
        let archive = pollster::block_on(Archive::open(&memory)).unwrap();
        let mut order = archive.root().search.orders[0].clone();
        let found: Matches = (0..4).map(|item| (item, 0)).collect();
        let of = |order: &OrderRef, take| {
            let query = Query {
                take,
                ..Query::default()
            };
            pollster::block_on(walk(&archive, order, &query, &found, false))
        };
        let page = |take| of(&order, take).unwrap().len();
        assert_eq!([page(0), page(3), page(9)], [0, 3, 4]);

        let mut store = |hash, bytes| {
            memory.0.borrow_mut().insert(object_path(&hash), bytes);
            Ok(())
        };
        let twice: TreeRef = order::write(&mut store, &[0, 1, 1, 2]).unwrap();
        order.items = twice;
        assert_eq!(of(&order, 2).unwrap().len(), 2);
        assert!(of(&order, 4).is_err(), "an item twice");
    }
}
