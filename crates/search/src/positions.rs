//! Positions: where a word stands in each item, for phrases, fields and pages.

use std::rc::Rc;

#[cfg(feature = "write")]
use khizana_format::put_varint;
use khizana_format::{Archive, ByteReader, Fetch, KeyRange, ReadError, TreeRef, join_all};
use khizana_model::Hash;

use crate::malformed;

/// The name of the field of texts: their occurrences have a page.
pub(crate) const TEXT: &str = "text";

/// An occurrence: the number of the field, the page (0 outside texts), and how many words stand
/// before it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    pub(crate) field: u32,
    pub(crate) page: u32,
    pub(crate) position: u32,
}

/// Appends the occurrences of an item, in order: how many; of each the field less that of the one
/// before, the page likewise where the field is the same, and the position likewise where both are.
#[cfg(feature = "write")]
pub(crate) fn write_item(occurrences: &[Occurrence], out: &mut Vec<u8>) {
    put_varint(out, occurrences.len() as u64);
    let mut before = Occurrence {
        field: 0,
        page: 0,
        position: 0,
    };
    for own in occurrences {
        put_varint(out, u64::from(own.field - before.field));
        if own.field != before.field {
            before.page = 0;
            before.position = 0;
        }
        put_varint(out, u64::from(own.page - before.page));
        if own.page != before.page {
            before.position = 0;
        }
        put_varint(out, u64::from(own.position - before.position));
        before = *own;
    }
}

/// Reads what [`write_item`] wrote, and appends it.
pub(crate) fn read_item(reader: &mut ByteReader<'_>, out: &mut Vec<Occurrence>) -> Option<()> {
    let count = reader.count()?;
    out.reserve(count);
    let (mut field, mut page, mut position) = (0u32, 0u32, 0u32);
    for _ in 0..count {
        let step = reader.varint_u32()?;
        field = field.checked_add(step)?;
        if step != 0 {
            (page, position) = (0, 0);
        }
        let step = reader.varint_u32()?;
        page = page.checked_add(step)?;
        if step != 0 {
            position = 0;
        }
        position = position.checked_add(reader.varint_u32()?)?;
        out.push(Occurrence {
            field,
            page,
            position,
        });
    }
    Some(())
}

/// Items in order of their numbers, and where a word or a pair stands in each.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    items: Vec<u32>,
    /// Where the occurrences of each end.
    ends: Vec<usize>,
    all: Vec<Occurrence>,
}

impl Positions {
    /// Reads the occurrences of an item that comes after all others.
    pub(crate) fn read_item(&mut self, item: u32, reader: &mut ByteReader<'_>) -> Option<()> {
        if self.items.last().is_some_and(|last| *last >= item) {
            return None;
        }
        read_item(reader, &mut self.all)?;
        self.items.push(item);
        self.ends.push(self.all.len());
        Some(())
    }

    /// The items.
    pub(crate) fn items(&self) -> &[u32] {
        &self.items
    }

    fn at(&self, place: usize) -> &[Occurrence] {
        let before = place
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let begin = before.copied().unwrap_or_default();
        let own = self
            .ends
            .get(place)
            .and_then(|end| self.all.get(begin..*end));
        own.unwrap_or_default()
    }

    /// Where it stands in an item.
    pub(crate) fn of(&self, item: u32) -> &[Occurrence] {
        match self.items.binary_search(&item) {
            Ok(place) => self.at(place),
            Err(_) => &[],
        }
    }

    /// A way through them, for items whose numbers rise.
    pub(crate) fn walk(&self) -> Walk<'_> {
        Walk {
            positions: self,
            place: 0,
        }
    }
}

/// See [`Positions::walk`].
pub(crate) struct Walk<'a> {
    positions: &'a Positions,
    place: usize,
}

impl<'a> Walk<'a> {
    /// Where it stands in an item; its number must not be less than the one asked for before.
    pub(crate) fn of(&mut self, item: u32) -> &'a [Occurrence] {
        let rest = self.positions.items.iter().skip(self.place);
        self.place += rest.take_while(|own| **own < item).count();
        match self.positions.items.get(self.place) {
            Some(own) if *own == item => self.positions.at(self.place),
            _ => &[],
        }
    }
}

/// Positions of a word that were fetched: of the items from `first` to `last`.
pub(crate) struct Loaded {
    first: u32,
    last: u32,
    bytes: Rc<Vec<u8>>,
}

impl Loaded {
    /// Positions of any items.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn here(bytes: &[u8]) -> Loaded {
        Loaded {
            first: 0,
            last: u32::MAX,
            bytes: Rc::new(bytes.to_vec()),
        }
    }

    /// Hands each item to `each`, which reads what follows it. An item is written as the distance from
    /// the one after the item before, the first as itself.
    pub(crate) fn items(
        &self,
        mut each: impl FnMut(u32, &mut ByteReader<'_>) -> Option<()>,
    ) -> Option<()> {
        let mut reader = ByteReader::new(&self.bytes);
        let mut next = 0u32;
        while !reader.is_empty() {
            let item = next.checked_add(reader.varint_u32()?)?;
            if !(self.first..=self.last).contains(&item) {
                return None;
            }
            next = item.checked_add(1)?;
            each(item, &mut reader)?;
        }
        Some(())
    }

    fn wanted(&self, wanted: &[u32], out: &mut Positions) -> Option<()> {
        let mut wanted = wanted.iter().peekable();
        let mut passed = Vec::new();
        self.items(|item, reader| {
            while wanted.next_if(|wanted| **wanted < item).is_some() {}
            if wanted.peek() == Some(&&item) {
                out.read_item(item, reader)
            } else {
                passed.clear();
                read_item(reader, &mut passed)
            }
        })
    }
}

/// The parts of a word's positions: the first and the last item of each, and where it lies.
enum Part {
    Here(Vec<u8>),
    Object(u32, u32, Hash),
}

fn read_parts(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut reader = ByteReader::new(bytes);
    let count = reader.count()?;
    if count == 0 {
        return Some(vec![Part::Here(reader.take(reader.remaining())?.to_vec())]);
    }
    let mut parts = Vec::with_capacity(count);
    let mut next = 0;
    for _ in 0..count {
        // No two parts have an item in common, so that none is fetched in vain.
        let first = reader.varint_u32().filter(|first| *first >= next)?;
        let last = reader.varint_u32().filter(|last| *last >= first)?;
        next = last.checked_add(1)?;
        let object = Hash(reader.take(32)?.try_into().ok()?);
        parts.push(Part::Object(first, last, object));
    }
    reader.is_empty().then_some(parts)
}

/// Cuts the positions of a word where they are long: how many parts, of each the first and last item
/// and its object; 0 and the positions themselves where they are short.
#[cfg(feature = "write")]
pub(crate) fn write_parts<E>(
    items: &[(u32, Vec<u8>)],
    mut store: impl FnMut(&[u8]) -> Result<Hash, E>,
) -> Result<Vec<u8>, E> {
    const HERE: usize = 24 << 10;
    const PART: usize = 384 << 10;
    let mut out = Vec::new();
    let mut bytes = Vec::new();
    let mut parts: Vec<(u32, u32, Hash)> = Vec::new();
    let (mut first, mut next) = (0, 0);
    for (item, own) in items {
        if bytes.is_empty() {
            first = *item;
        }
        put_varint(&mut bytes, u64::from(item - next));
        bytes.extend(own);
        next = item + 1;
        if bytes.len() >= PART {
            parts.push((first, *item, store(&bytes)?));
            bytes.clear();
            next = 0;
        }
    }
    if parts.is_empty() && bytes.len() <= HERE {
        put_varint(&mut out, 0);
        out.extend(bytes);
        return Ok(out);
    }
    if !bytes.is_empty() {
        parts.push((first, next - 1, store(&bytes)?));
    }
    put_varint(&mut out, parts.len() as u64);
    for (first, last, object) in parts {
        put_varint(&mut out, u64::from(first));
        put_varint(&mut out, u64::from(last));
        out.extend(object.0);
    }
    Ok(out)
}

/// Fetches what a tree says of each key; where items are `wanted`, the parts in which these may be.
pub(crate) async fn load<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    keys: &[&str],
    wanted: Option<&[u32]>,
) -> Result<Vec<Vec<Loaded>>, ReadError> {
    let keys: Vec<KeyRange<'_>> = keys
        .iter()
        .map(|key| KeyRange::exact(key.as_bytes()))
        .collect();
    let mut parts: Vec<Vec<Part>> = Vec::new();
    for entries in archive.lookup(tree, &keys).await? {
        let part = entries
            .first()
            .map(|(_, bytes)| read_parts(bytes).ok_or_else(wrong));
        parts.push(part.transpose()?.unwrap_or_default());
    }
    let touched = |first: u32, last: u32| {
        wanted.is_none_or(|items| {
            let start = items.partition_point(|item| *item < first);
            items.get(start).is_some_and(|item| *item <= last)
        })
    };
    let needed = parts.iter().flatten().filter_map(|part| match part {
        Part::Object(first, last, object) if touched(*first, *last) => Some(archive.object(object)),
        _ => None,
    });
    let mut objects = join_all(needed.collect()).await.into_iter();
    let mut out = Vec::with_capacity(keys.len());
    for parts in parts {
        let mut loaded = Vec::new();
        for part in parts {
            let (first, last, bytes) = match part {
                Part::Here(bytes) => (0, u32::MAX, Rc::new(bytes)),
                Part::Object(first, last, _) if touched(first, last) => match objects.next() {
                    Some(bytes) => (first, last, bytes?),
                    None => continue,
                },
                Part::Object(..) => continue,
            };
            loaded.push(Loaded { first, last, bytes });
        }
        out.push(loaded);
    }
    Ok(out)
}

/// Where each of `words` stands in those of `items` in which it occurs.
pub(crate) async fn read<F: Fetch>(
    archive: &Archive<F>,
    words: &[&str],
    items: &[u32],
) -> Result<Vec<Positions>, ReadError> {
    let tree = &archive.root().search.positions;
    let mut out = Vec::with_capacity(words.len());
    for parts in load(archive, tree, words, Some(items)).await? {
        let mut positions = Positions::default();
        for part in parts {
            part.wanted(items, &mut positions).ok_or_else(wrong)?;
        }
        out.push(positions);
    }
    Ok(out)
}

pub(crate) fn wrong() -> ReadError {
    malformed("the positions of a word")
}

/// Whatever the bytes, what is read of them is in order, and no more than was asked for.
#[cfg(any(test, fuzzing))]
pub(crate) fn promises(bytes: &[u8], items: u32) {
    let mut own = Vec::new();
    if read_item(&mut ByteReader::new(bytes), &mut own).is_some() {
        assert!(own.is_sorted());
    }
    let wanted: Vec<u32> = (0..items.min(300)).step_by(3).collect();
    let mut found = Positions::default();
    if Loaded::here(bytes).wanted(&wanted, &mut found).is_some() {
        assert!(found.items.is_sorted_by(|a, b| a < b));
        assert!(found.items.iter().all(|item| wanted.contains(item)));
        let mut walk = found.walk();
        for item in 0..items.min(300) {
            assert_eq!(walk.of(item), found.of(item));
        }
    }
    if let Some(parts) = read_parts(bytes) {
        let mut next = 0;
        for part in parts {
            if let Part::Object(first, last, _) = part {
                assert!(next <= first && first <= last);
                next = last.saturating_add(1);
            }
        }
    }
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_come_back_and_broken_ones_do_not() {
        let own: Vec<Occurrence> = [
            (0, 0, 3),
            (0, 0, 9),
            (2, 0, 1),
            (5, 0, 2),
            (5, 7, 2),
            (5, 7, 3),
        ]
        .map(|(field, page, position)| Occurrence {
            field,
            page,
            position,
        })
        .into();
        let mut bytes = Vec::new();
        write_item(&own, &mut bytes);
        let read = |bytes: &[u8]| {
            let mut out = Vec::new();
            read_item(&mut ByteReader::new(bytes), &mut out).map(|()| out)
        };
        assert_eq!(read(&bytes).unwrap(), own);
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_none(), "cut at {end}");
        }
        assert!(read_parts(&[1, 0]).is_none());
        let parts = |borders: &[[u8; 2]]| {
            let mut bytes = vec![borders.len() as u8];
            for own in borders {
                bytes.extend(own);
                bytes.extend([7; 32]);
            }
            read_parts(&bytes).is_some()
        };
        assert!(parts(&[[0, 4], [5, 5]]));
        assert!(!parts(&[[0, 4], [4, 9]]), "parts with an item in common");
        assert!(!parts(&[[4, 0]]), "a part that ends before it begins");
        // Item 4, which has the word once.
        let one = |first, last| Loaded {
            first,
            last,
            bytes: Rc::new(vec![4, 1, 0, 0, 0]),
        };
        let mut found = Positions::default();
        assert!(one(4, 4).wanted(&[4], &mut found).is_some());
        assert_eq!(found.items(), [4]);
        assert!(one(4, 4).wanted(&[4], &mut found).is_none(), "twice");
        assert!(one(5, 9).wanted(&[4], &mut found).is_none());
    }
}
