//! Narrowing the matches, and counting what they could be narrowed by.

use khizana_format::{Archive, Fetch, ReadError, join_all};
use khizana_model::Hash;

use crate::column::{BLOCK, Column, Cursor, Value, read_values};
use crate::malformed;
use crate::matches::Matches;
use crate::query::{FacetCounts, FacetValue};
use crate::sorted::{sort_by_number, sorted};

/// The columns of an archive.
pub(crate) async fn columns<F: Fetch>(archive: &Archive<F>) -> Result<Vec<Column>, ReadError> {
    let facets = &archive.root().search.facets;
    let mut objects: Vec<Hash> = Vec::new();
    for facet in facets {
        if !objects.contains(&facet.object) {
            objects.push(facet.object);
        }
    }
    let fetched = join_all(objects.iter().map(|hash| archive.object(hash)).collect()).await;
    let mut all: Vec<Column> = Vec::new();
    for bytes in fetched {
        let columns = Column::read_all(&bytes?, archive.root().items);
        all.extend(columns.ok_or_else(|| malformed("the columns of the facets"))?);
    }
    // In the order of the root.
    let columns: Option<Vec<Column>> = facets
        .iter()
        .map(|facet| {
            let place = all.iter().position(|column| column.field == facet.field)?;
            Some(all.swap_remove(place))
        })
        .collect();
    columns.ok_or_else(|| malformed("the columns of the facets"))
}

/// A column, the values chosen of it, and how often each of its sets was counted.
pub(crate) struct Counting<'a> {
    column: &'a Column,
    /// Whether the field is narrowed at all.
    active: bool,
    /// The numbers of the values chosen.
    chosen: Vec<u32>,
    /// Whether a set has one of them.
    meets: Vec<bool>,
    counts: Vec<u32>,
    cursor: Cursor<'a>,
}

/// Leaves of `found` what the filters let through, and counts the values: of each field as if the field
/// itself were not narrowed.
pub(crate) async fn narrow<'a, F: Fetch>(
    archive: &Archive<F>,
    columns: &'a [Column],
    filters: &[(String, String)],
    found: &mut Matches,
) -> Result<Vec<Counting<'a>>, ReadError> {
    // A filter on a field that is no facet finds nothing.
    if filters
        .iter()
        .any(|(field, _)| !columns.iter().any(|column| column.field == *field))
    {
        found.clear();
    }
    let mut counting = Vec::with_capacity(columns.len());
    for column in columns {
        let keys: Vec<&str> = filters
            .iter()
            .filter(|(field, _)| *field == column.field)
            .map(|(_, key)| key.as_str())
            .collect();
        let chosen = chosen(archive, column, &keys).await?;
        let meets = column
            .sets
            .iter()
            .map(|set| set.iter().any(|value| chosen.contains(value)));
        counting.push(Counting {
            active: !keys.is_empty(),
            meets: meets.collect(),
            chosen,
            counts: vec![0; column.sets.len()],
            cursor: column.cursor(),
            column,
        });
    }

    // Neighbours that are alike in every column are counted, kept or left as one.
    let mut sets = vec![0; counting.len()];
    let (mut start, mut kept) = (0, 0);
    while let Some((item, _)) = found.get(start) {
        let (mut missed, mut misses) = (usize::MAX, 0);
        let mut next = u32::MAX;
        for (place, (own, set)) in counting.iter_mut().zip(&mut sets).enumerate() {
            let (number, end) = own.cursor.set(*item);
            next = next.min(end);
            *set = number as usize;
            if own.active && !own.meets.get(*set).copied().unwrap_or_default() {
                (missed, misses) = (place, misses + 1);
            }
        }
        let rest = found.iter().skip(start + 1);
        let alike = 1 + rest.take_while(|(item, _)| *item < next).count();
        if misses < 2 {
            for (place, (own, set)) in counting.iter_mut().zip(&sets).enumerate() {
                // What a value would find if it were the field's only filter: every other is met.
                if (misses == 0 || missed == place)
                    && let Some(count) = own.counts.get_mut(*set)
                {
                    *count += alike as u32;
                }
            }
        }
        if misses == 0 {
            found.copy_within(start..start + alike, kept);
            kept += alike;
        }
        start += alike;
    }
    found.truncate(kept);
    Ok(counting)
}

/// Names `most` values of each column, those of most items, and how often each was counted.
pub(crate) async fn named<F: Fetch>(
    archive: &Archive<F>,
    counted: Vec<Counting<'_>>,
    most: usize,
) -> Result<Vec<FacetCounts>, ReadError> {
    let named = counted.into_iter().map(|own| count(archive, own, most));
    join_all(named.collect()).await.into_iter().collect()
}

/// The numbers of the values with these keys.
async fn chosen<F: Fetch>(
    archive: &Archive<F>,
    column: &Column,
    keys: &[&str],
) -> Result<Vec<u32>, ReadError> {
    let mut chosen = Vec::new();
    let mut left: Vec<&str> = keys.to_vec();
    let mut take = |first: u32, values: &[Value]| {
        for (number, (key, _)) in (first..).zip(values) {
            if let Some(place) = left.iter().position(|own| own == key) {
                left.swap_remove(place);
                chosen.push(number);
            }
        }
        left.is_empty()
    };
    let mut first = 0;
    if take(first, &column.first) {
        return Ok(chosen);
    }
    first += column.first.len() as u32;
    for hash in &column.blocks {
        let values = block(archive, hash).await?;
        if take(first, &values) {
            break;
        }
        first += BLOCK as u32;
    }
    Ok(chosen)
}

async fn block<F: Fetch>(archive: &Archive<F>, hash: &Hash) -> Result<Vec<Value>, ReadError> {
    read_values(&archive.object(hash).await?).ok_or_else(|| malformed("the values of a facet"))
}

async fn count<F: Fetch>(
    archive: &Archive<F>,
    counted: Counting<'_>,
    most: usize,
) -> Result<FacetCounts, ReadError> {
    let column = counted.column;
    let mut counts = vec![0u32; column.values as usize];
    for (set, found) in column.sets.iter().zip(&counted.counts) {
        for value in set {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count += found;
            }
        }
    }
    // The most frequent first; equals as they are numbered, which is by how frequent they are in all.
    let mut order: Vec<u64> = (0u32..)
        .zip(&counts)
        .filter(|(_, count)| **count > 0)
        .map(|(number, count)| u64::from(!*count) << 32 | u64::from(number))
        .collect();
    let distinct = order.len() as u32;
    order = sorted(order);
    // A line of time is of use only whole.
    let timeline = column.field.contains(':');
    if !timeline {
        order.truncate(most);
    }
    let mut numbers: Vec<u32> = order.iter().map(|key| *key as u32).collect();
    for chosen in &counted.chosen {
        if !numbers.contains(chosen) {
            numbers.push(*chosen);
        }
    }

    let inside = column.first.len();
    let wanted = numbers
        .iter()
        .filter_map(|number| Some(((*number as usize).checked_sub(inside)? / BLOCK) as u64));
    let mut wanted = sorted(wanted.collect());
    wanted.dedup();
    let fetched = wanted
        .iter()
        .filter_map(|place| column.blocks.get(*place as usize))
        .map(|hash| block(archive, hash))
        .collect();
    let mut blocks = Vec::new();
    for (place, values) in wanted.iter().zip(join_all(fetched).await) {
        blocks.push((*place, values?));
    }
    let mut values = Vec::with_capacity(numbers.len());
    for number in numbers {
        let named = match (number as usize).checked_sub(inside) {
            None => column.first.get(number as usize),
            Some(beyond) => blocks
                .iter()
                .find(|(place, _)| *place == (beyond / BLOCK) as u64)
                .and_then(|(_, values)| values.get(beyond % BLOCK)),
        };
        let (key, label) = named.ok_or_else(|| malformed("the values of a facet"))?;
        values.push(FacetValue {
            key: key.clone(),
            label: label.clone(),
            count: counts.get(number as usize).copied().unwrap_or_default(),
            selected: counted.chosen.contains(&number),
        });
    }
    if timeline {
        sort_by_number(&mut values, |value| {
            // Before the first year comes what is below it.
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
