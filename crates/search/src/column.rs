//! Facet columns: the values of a field, and which of them each item has.

use khizana_format::Reader;
#[cfg(feature = "write")]
use khizana_format::{put_bytes, put_varint};
use khizana_model::{LangMap, json};

/// The values, each with its key and its name in the languages it has.
pub(crate) type Values = Vec<(String, LangMap)>;

/// Count of values; each: key, name as JSON. Count of items; each: count of its values, their
/// indices.
#[cfg(feature = "write")]
pub(crate) fn write(values: &Values, items: &[Vec<u32>]) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    put_varint(&mut out, values.len() as u64);
    for (key, label) in values {
        put_bytes(&mut out, key.as_bytes());
        put_bytes(&mut out, &serde_json::to_vec(label)?);
    }
    put_varint(&mut out, items.len() as u64);
    for own in items {
        put_varint(&mut out, own.len() as u64);
        for value in own {
            put_varint(&mut out, u64::from(*value));
        }
    }
    Ok(out)
}

/// A column, read: its values, and for item `i` the range `starts[i]..starts[i + 1]` of `members`.
pub(crate) struct Column {
    pub(crate) values: Values,
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Column {
    /// `None` where the bytes do not follow the format or are not of an archive of `items`.
    pub(crate) fn read(bytes: &[u8], items: u32) -> Option<Column> {
        let mut reader = Reader::new(bytes);
        let count = reader.count()?;
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            let key = std::str::from_utf8(reader.bytes()?).ok()?.to_owned();
            values.push((key, json::from_slice(reader.bytes()?).ok()?));
        }
        if reader.count()? != usize::try_from(items).ok()? {
            return None;
        }
        let (mut starts, mut members) = (vec![0u32], Vec::new());
        for _ in 0..items {
            for _ in 0..reader.count()? {
                let value = reader.varint_u32()?;
                values.get(usize::try_from(value).ok()?)?;
                members.push(value);
            }
            starts.push(u32::try_from(members.len()).ok()?);
        }
        reader.is_empty().then_some(Column {
            values,
            starts,
            members,
        })
    }

    /// The indices of an item's values.
    pub(crate) fn of(&self, item: u32) -> &[u32] {
        let at = item as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => self
                .members
                .get(*from as usize..*to as usize)
                .unwrap_or(&[]),
            _ => &[],
        }
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_model::LangTag;

    #[test]
    fn a_column_comes_back_and_a_broken_one_does_not() {
        let values: Values = ["a", "ب"]
            .iter()
            .map(|v| ((*v).to_owned(), LangMap::of(LangTag::und(), *v)))
            .collect();
        let bytes = write(&values, &[vec![0], vec![], vec![0, 1]]).unwrap();
        let column = Column::read(&bytes, 3).unwrap();
        assert_eq!(column.values, values);
        assert_eq!(
            (column.of(0), column.of(1), column.of(2), column.of(3)),
            (&[0][..], &[][..], &[0, 1][..], &[][..])
        );
        assert!(Column::read(&bytes, 4).is_none());
        for end in 0..bytes.len() {
            assert!(Column::read(&bytes[..end], 3).is_none(), "cut at {end}");
        }
    }
}
