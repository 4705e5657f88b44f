//! Facet columns: the values of a field, and the set of values of each item.

use khizana_format::ByteReader;
#[cfg(feature = "write")]
use khizana_format::{put_bytes, put_varint};
use khizana_json as json;
use khizana_model::{Hash, LangMap};

/// A value: its key, and its name in the available languages. The name is empty if it equals the
/// key.
pub(crate) type Value = (String, LangMap);

/// Number of values that are stored in the column itself. These are the most frequent values; the
/// other values are stored in blocks.
#[cfg(feature = "write")]
pub(crate) const INLINE_VALUES: usize = 96;
/// Number of values per block.
pub(crate) const VALUES_PER_BLOCK: usize = 512;

/// The column of a facet.
#[derive(Debug, PartialEq)]
pub(crate) struct FacetColumn {
    pub(crate) field: String,
    /// Number of values. The values are numbered in descending order of their frequency.
    pub(crate) values: u32,
    /// The most frequent values, which are stored in the column itself.
    pub(crate) inline_values: Vec<Value>,
    /// The blocks with the other values, [`VALUES_PER_BLOCK`] in each.
    pub(crate) blocks: Vec<Hash>,
    /// The distinct sets of values of the items.
    pub(crate) sets: Vec<Vec<u32>>,
    /// Runs of consecutive items with the same set. Each pair contains the number of the item after
    /// the run and the index of the set.
    pub(crate) runs: Vec<(u32, u32)>,
}

/// Writes the number of values, followed by the key and the name of each value. The name is written
/// as JSON, or as an empty byte string if it equals the key.
#[cfg(feature = "write")]
pub(crate) fn write_values(values: &[Value], out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    put_varint(out, values.len() as u64);
    for (key, label) in values {
        put_bytes(out, key.as_bytes());
        let equals_key = label.iter().all(|(tag, text)| tag.is_und() && text == key);
        let label = if equals_key {
            Vec::new()
        } else {
            serde_json::to_vec(label)?
        };
        put_bytes(out, &label);
    }
    Ok(())
}

/// Reads a block of values. Returns `None` if the bytes do not follow the format.
pub(crate) fn read_values(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut reader = ByteReader::new(bytes);
    let values = read_values_from(&mut reader)?;
    reader.is_empty().then_some(values)
}

fn read_values_from(reader: &mut ByteReader<'_>) -> Option<Vec<Value>> {
    let count = reader.count()?;
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        let key = std::str::from_utf8(reader.bytes()?).ok()?.to_owned();
        let label = match reader.bytes()? {
            [] => LangMap::new(),
            label => json::from_slice(label).ok()?,
        };
        values.push((key, label));
    }
    Some(values)
}

/// The content of a column to be written.
#[cfg(feature = "write")]
pub(crate) struct ColumnContent<'a> {
    pub(crate) field: &'a str,
    /// See [`FacetColumn::values`].
    pub(crate) values: u32,
    pub(crate) inline_values: &'a [Value],
    pub(crate) blocks: &'a [Hash],
    /// The sorted value numbers of each item, by item number.
    pub(crate) items: &'a [Vec<u32>],
}

/// Writes a column: the name of the field; the number of values; the inline values; the hashes of
/// the blocks; the sets of values, each as a count and value numbers; and the number of runs, the
/// set of each run, and the length of each run.
#[cfg(feature = "write")]
pub(crate) fn write(
    content: &ColumnContent<'_>,
    out: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    use std::collections::BTreeMap;
    put_bytes(out, content.field.as_bytes());
    put_varint(out, u64::from(content.values));
    write_values(content.inline_values, out)?;
    put_varint(out, content.blocks.len() as u64);
    for block in content.blocks {
        out.extend(block.0);
    }
    let mut sets: BTreeMap<&[u32], u32> = content
        .items
        .iter()
        .map(|set| (set.as_slice(), 0))
        .collect();
    put_varint(out, sets.len() as u64);
    for (number, (set, index)) in (0u32..).zip(&mut sets) {
        *index = number;
        put_varint(out, set.len() as u64);
        for value in *set {
            put_varint(out, u64::from(*value));
        }
    }
    let runs: Vec<&[Vec<u32>]> = content.items.chunk_by(|a, b| a == b).collect();
    put_varint(out, runs.len() as u64);
    for run in &runs {
        let index = run.first().and_then(|set| sets.get(set.as_slice()));
        put_varint(out, u64::from(index.copied().unwrap_or_default()));
    }
    for run in &runs {
        put_varint(out, run.len() as u64);
    }
    Ok(())
}

impl FacetColumn {
    /// Reads all columns of an object. `items` is the number of items in the archive. Returns
    /// `None` if the bytes do not follow the format.
    pub(crate) fn read_all(bytes: &[u8], items: u32) -> Option<Vec<FacetColumn>> {
        let mut reader = ByteReader::new(bytes);
        let mut columns = Vec::new();
        while !reader.is_empty() {
            columns.push(FacetColumn::read(&mut reader, items)?);
        }
        Some(columns)
    }

    fn read(reader: &mut ByteReader<'_>, items: u32) -> Option<FacetColumn> {
        let field = std::str::from_utf8(reader.bytes()?).ok()?.to_owned();
        let values = reader.varint_u32()?;
        let inline_values = read_values_from(reader)?;
        let mut blocks = Vec::new();
        for _ in 0..reader.count()? {
            blocks.push(Hash(reader.take(32)?.try_into().ok()?));
        }
        let values_in_blocks = (values as usize).checked_sub(inline_values.len())?;
        if values_in_blocks.div_ceil(VALUES_PER_BLOCK) != blocks.len() {
            return None;
        }
        let mut sets = Vec::new();
        let mut members = 0;
        for _ in 0..reader.count()? {
            let set = read_set(reader, values)?;
            members += set.len();
            sets.push(set);
        }
        // Each value is in at least one set. Otherwise a small column could declare so many values
        // that the counters of the values take an arbitrary amount of memory.
        if values as usize > members {
            return None;
        }
        let mut runs = Vec::new();
        for _ in 0..reader.count()? {
            let set = reader.varint_u32()?;
            sets.get(set as usize)?;
            runs.push((0, set));
        }
        let mut end = 0u32;
        for run in &mut runs {
            let len = reader.varint_u32().filter(|len| *len > 0)?;
            end = end.checked_add(len)?;
            run.0 = end;
        }
        (end == items).then_some(FacetColumn {
            field,
            values,
            inline_values,
            blocks,
            sets,
            runs,
        })
    }

    /// Returns a cursor at the first item.
    pub(crate) fn cursor(&self) -> ColumnCursor<'_> {
        ColumnCursor {
            column: self,
            run: 0,
        }
    }
}

/// Reads a set of value numbers below `values`. The numbers must be strictly ascending; otherwise
/// an item could be counted twice for a value.
fn read_set(reader: &mut ByteReader<'_>, values: u32) -> Option<Vec<u32>> {
    let mut set = Vec::new();
    let mut next = 0;
    for _ in 0..reader.count()? {
        let value = reader.varint_u32()?;
        if !(next..values).contains(&value) {
            return None;
        }
        next = value + 1;
        set.push(value);
    }
    Some(set)
}

/// A cursor that visits items in ascending order.
pub(crate) struct ColumnCursor<'a> {
    column: &'a FacetColumn,
    /// Index of the current run.
    run: usize,
}

impl<'a> ColumnCursor<'a> {
    /// Moves to an item, whose number must not be less than that of the previous one. Returns the
    /// index of the set of the item, and the number of the first item that can have another set.
    /// Both values are `u32::MAX` if the item does not exist.
    pub(crate) fn seek(&mut self, item: u32) -> (u32, u32) {
        while let Some((end, set)) = self.column.runs.get(self.run) {
            if item < *end {
                return (*set, *end);
            }
            self.run += 1;
        }
        (u32::MAX, u32::MAX)
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_model::LangTag;

    /// Writes two columns of five items with the same content, for the fields `type` and `place`.
    fn write_columns(values: &[Value], items: &[Vec<u32>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for field in ["type", "place"] {
            let content = ColumnContent {
                field,
                values: 2,
                inline_values: values,
                blocks: &[],
                items,
            };
            write(&content, &mut bytes).unwrap();
        }
        bytes
    }

    fn values() -> Vec<Value> {
        let tag: LangTag = "ar".parse().unwrap();
        vec![
            ("a".into(), LangMap::new()),
            ("ب".into(), LangMap::of(tag, "باء")),
        ]
    }

    const ITEM_VALUES: [&[u32]; 5] = [&[0], &[0], &[], &[0, 1], &[0, 1]];

    #[test]
    fn columns_round_trip() {
        let (values, items) = (values(), ITEM_VALUES.map(<[u32]>::to_vec));
        let columns = FacetColumn::read_all(&write_columns(&values, &items), 5).unwrap();
        assert_eq!(columns.len(), 2);
        let column = &columns[1];
        assert_eq!(column.field, "place");
        assert_eq!(column.inline_values, values);
        let mut cursor = column.cursor();
        let sets: Vec<_> = (0..6)
            .map(|item| column.sets.get(cursor.seek(item).0 as usize))
            .collect();
        let expected: Vec<_> = items.iter().map(Some).chain([None]).collect();
        assert_eq!(sets, expected);
    }

    #[test]
    fn malformed_columns_are_rejected() {
        let bytes = write_columns(&values(), &ITEM_VALUES.map(<[u32]>::to_vec));
        assert!(FacetColumn::read_all(&bytes, 4).is_none(), "too many items");
        // A column with an empty name, one value with an empty key, one set, and one run of five
        // items.
        let with_set = |set: &[u8]| [&[0, 1, 1, 0, 0, 0, 1], set, &[1, 0, 5]].concat();
        assert!(FacetColumn::read_all(&with_set(&[1, 0]), 5).is_some());
        for (defect, set) in [
            ("duplicate value in a set", &[2, 0, 0][..]),
            ("value out of range", &[1, 1]),
            ("value without items", &[0]),
        ] {
            let column = FacetColumn::read_all(&with_set(set), 5);
            assert!(column.is_none(), "{defect}");
        }
        // An object may end between the two columns.
        let boundary = bytes.len() / 2;
        for end in (1..bytes.len()).filter(|end| (*end as i64 - boundary as i64).abs() > 1) {
            assert!(
                FacetColumn::read_all(&bytes[..end], 5).is_none(),
                "truncated to {end} bytes"
            );
        }
    }
}
