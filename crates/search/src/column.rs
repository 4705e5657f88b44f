//! Facet columns: the values of a field, and which of them each item has.

use khizana_format::ByteReader;
#[cfg(feature = "write")]
use khizana_format::{put_bytes, put_varint};
use khizana_json as json;
use khizana_model::{Hash, LangMap};

/// A value: its key, and its name in the languages it has; empty where the key says it all.
pub(crate) type Value = (String, LangMap);

/// So many of a column's most frequent values lie in the column, the others in blocks beside it.
#[cfg(feature = "write")]
pub(crate) const FIRST: usize = 96;
/// Values of a block.
pub(crate) const BLOCK: usize = 512;

/// A column, read.
#[derive(Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) field: String,
    /// How many values there are; they are numbered from the most frequent.
    pub(crate) values: u32,
    /// The first of them.
    pub(crate) first: Vec<Value>,
    /// The blocks of the others, [`BLOCK`] in each.
    pub(crate) blocks: Vec<Hash>,
    /// The sets of values that occur.
    pub(crate) sets: Vec<Vec<u32>>,
    /// Runs of items with the same set: the end of the run, and the set.
    pub(crate) runs: Vec<(u32, u32)>,
}

/// Count; each: key, name as JSON or nothing.
#[cfg(feature = "write")]
pub(crate) fn write_values(values: &[Value], out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    put_varint(out, values.len() as u64);
    for (key, label) in values {
        put_bytes(out, key.as_bytes());
        let said = label.iter().all(|(tag, text)| tag.is_und() && text == key);
        let label = if said {
            Vec::new()
        } else {
            serde_json::to_vec(label)?
        };
        put_bytes(out, &label);
    }
    Ok(())
}

/// `None` where the bytes do not follow the format.
pub(crate) fn read_values(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut reader = ByteReader::new(bytes);
    let values = values(&mut reader)?;
    reader.is_empty().then_some(values)
}

fn values(reader: &mut ByteReader<'_>) -> Option<Vec<Value>> {
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

/// The parts of a column, to be written.
#[cfg(feature = "write")]
pub(crate) struct Parts<'a> {
    pub(crate) field: &'a str,
    pub(crate) values: u32,
    pub(crate) first: &'a [Value],
    pub(crate) blocks: &'a [Hash],
    /// The values of each item, in order.
    pub(crate) items: &'a [Vec<u32>],
}

/// The name of the field; how many values; the first of them; the blocks of the others; the sets of
/// values that occur, each a count and values; the runs: how many, then the set of each, then the
/// length of each.
#[cfg(feature = "write")]
pub(crate) fn write(parts: &Parts<'_>, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    use std::collections::BTreeMap;
    put_bytes(out, parts.field.as_bytes());
    put_varint(out, u64::from(parts.values));
    write_values(parts.first, out)?;
    put_varint(out, parts.blocks.len() as u64);
    for block in parts.blocks {
        out.extend(block.0);
    }
    let mut sets: BTreeMap<&[u32], u32> = BTreeMap::new();
    for own in parts.items {
        sets.insert(own, 0);
    }
    put_varint(out, sets.len() as u64);
    for (number, (set, place)) in (0u32..).zip(&mut sets) {
        *place = number;
        put_varint(out, set.len() as u64);
        for value in *set {
            put_varint(out, u64::from(*value));
        }
    }
    let runs: Vec<&[Vec<u32>]> = parts.items.chunk_by(|a, b| a == b).collect();
    put_varint(out, runs.len() as u64);
    for run in &runs {
        let set = run.first().and_then(|own| sets.get(own.as_slice()));
        put_varint(out, u64::from(set.copied().unwrap_or_default()));
    }
    for run in &runs {
        put_varint(out, run.len() as u64);
    }
    Ok(())
}

impl Column {
    /// The columns of an object; `None` where the bytes do not follow the format or are not of an
    /// archive of `items`.
    pub(crate) fn read_all(bytes: &[u8], items: u32) -> Option<Vec<Column>> {
        let mut reader = ByteReader::new(bytes);
        let mut columns = Vec::new();
        while !reader.is_empty() {
            columns.push(Column::read(&mut reader, items)?);
        }
        Some(columns)
    }

    fn read(reader: &mut ByteReader<'_>, items: u32) -> Option<Column> {
        let field = std::str::from_utf8(reader.bytes()?).ok()?.to_owned();
        let count = reader.varint_u32()?;
        let first = values(reader)?;
        let mut blocks = Vec::new();
        for _ in 0..reader.count()? {
            blocks.push(Hash(reader.take(32)?.try_into().ok()?));
        }
        let places = (count as usize).checked_sub(first.len())?;
        if places.div_ceil(BLOCK) != blocks.len() {
            return None;
        }
        let mut sets = Vec::new();
        let mut members = 0;
        for _ in 0..reader.count()? {
            let mut set = Vec::new();
            let mut next = 0;
            for _ in 0..reader.count()? {
                // They rise: a value that a set named twice would be counted twice.
                let value = reader.varint_u32()?;
                if !(next..count).contains(&value) {
                    return None;
                }
                next = value + 1;
                set.push(value);
            }
            members += set.len();
            sets.push(set);
        }
        // Every value is one that some item has. Of more there would be a count each, in memory that
        // a block of a few bytes could ask for.
        if count as usize > members {
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
            let length = reader.varint_u32().filter(|length| *length > 0)?;
            end = end.checked_add(length)?;
            run.0 = end;
        }
        (end == items).then_some(Column {
            field,
            values: count,
            first,
            blocks,
            sets,
            runs,
        })
    }

    /// A way through the column, for items whose numbers rise.
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor {
            column: self,
            run: 0,
        }
    }
}

/// Reads a column from its beginning to its end.
pub(crate) struct Cursor<'a> {
    column: &'a Column,
    run: usize,
}

impl<'a> Cursor<'a> {
    /// The set of an item, and the first item that may have another; the item's number must not be
    /// less than the one asked for before.
    pub(crate) fn set(&mut self, item: u32) -> (u32, u32) {
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

    #[test]
    fn a_column_comes_back_and_a_broken_one_does_not() {
        let values: Vec<Value> = vec![
            ("a".into(), LangMap::new()),
            (
                "ب".into(),
                LangMap::of("ar".parse::<LangTag>().unwrap(), "باء"),
            ),
        ];
        let items = [vec![0], vec![0], vec![], vec![0, 1], vec![0, 1]];
        let mut bytes = Vec::new();
        for field in ["type", "place"] {
            let parts = Parts {
                field,
                values: 2,
                first: &values,
                blocks: &[],
                items: &items,
            };
            write(&parts, &mut bytes).unwrap();
        }
        let columns = Column::read_all(&bytes, 5).unwrap();
        assert_eq!(columns.len(), 2);
        let column = &columns[1];
        assert_eq!((column.field.as_str(), &column.first), ("place", &values));
        let mut cursor = column.cursor();
        let sets: Vec<_> = (0..6)
            .map(|item| column.sets.get(cursor.set(item).0 as usize))
            .collect();
        let expected: Vec<_> = items.iter().map(Some).chain([None]).collect();
        assert_eq!(sets, expected);

        assert!(Column::read_all(&bytes, 4).is_none());
        // A column without a name and with one value, which has no name either: the set, and the run
        // of all five items.
        let with_set = |set: &[u8]| [&[0, 1, 1, 0, 0, 0, 1], set, &[1, 0, 5]].concat();
        assert!(Column::read_all(&with_set(&[1, 0]), 5).is_some());
        for (what, set) in [
            ("a value twice", &[2, 0, 0][..]),
            ("a value that does not exist", &[1, 1]),
            ("a value that no item has", &[0]),
        ] {
            assert!(Column::read_all(&with_set(set), 5).is_none(), "{what}");
        }
        let one = bytes.len() / 2;
        for end in (1..bytes.len()).filter(|end| (*end as i64 - one as i64).abs() > 1) {
            assert!(Column::read_all(&bytes[..end], 5).is_none(), "cut at {end}");
        }
    }
}
