//! Positions: the occurrences of a term in each item, for phrases, field restrictions and pages.

use std::rc::Rc;

#[cfg(feature = "write")]
use khizana_format::put_varint;
use khizana_format::{Archive, ByteReader, Fetch, KeyRange, ReadError, TreeRef, join_all};
use khizana_model::Hash;

use crate::literal::overlaps;
use crate::malformed;

/// Name of the field that contains the texts of an item. Only its occurrences have pages.
pub(crate) const TEXT_FIELD: &str = "text";

/// An occurrence of a term in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    /// Index of the field.
    pub(crate) field: u32,
    /// Index of the canvas with the text, or 0 for other fields.
    pub(crate) page: u32,
    /// Position in the field or page, in words.
    pub(crate) position: u32,
}

/// Appends the occurrences of an item to `out`. The occurrences must be sorted.
///
/// Writes the number of occurrences, followed by the differences in field, page and position
/// between each occurrence and the previous one. If the field differs, the page and the position
/// are relative to 0; if only the page differs, the position is relative to 0.
#[cfg(feature = "write")]
pub(crate) fn write_occurrences(occurrences: &[Occurrence], out: &mut Vec<u8>) {
    put_varint(out, occurrences.len() as u64);
    let mut previous = Occurrence {
        field: 0,
        page: 0,
        position: 0,
    };
    for occurrence in occurrences {
        put_varint(out, u64::from(occurrence.field - previous.field));
        if occurrence.field != previous.field {
            previous.page = 0;
            previous.position = 0;
        }
        put_varint(out, u64::from(occurrence.page - previous.page));
        if occurrence.page != previous.page {
            previous.position = 0;
        }
        put_varint(out, u64::from(occurrence.position - previous.position));
        previous = *occurrence;
    }
}

/// Reads the output of [`write_occurrences`] and appends the occurrences to `out`. Returns `None`
/// if the bytes do not follow the format.
pub(crate) fn read_occurrences(
    reader: &mut ByteReader<'_>,
    out: &mut Vec<Occurrence>,
) -> Option<()> {
    let count = reader.count()?;
    out.reserve(count);
    let (mut field, mut page, mut position) = (0u32, 0u32, 0u32);
    for _ in 0..count {
        let field_delta = reader.varint_u32()?;
        field = field.checked_add(field_delta)?;
        if field_delta != 0 {
            (page, position) = (0, 0);
        }
        let page_delta = reader.varint_u32()?;
        page = page.checked_add(page_delta)?;
        if page_delta != 0 {
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

/// The occurrences of a term or a bigram, by item.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    /// Item numbers in ascending order.
    items: Vec<u32>,
    /// The end of the occurrences of each item in `occurrences`. The occurrences of an item start
    /// where those of the previous item end.
    ends: Vec<usize>,
    occurrences: Vec<Occurrence>,
}

impl Positions {
    /// Reads and appends the occurrences of an item. Returns `None` if the bytes do not follow the
    /// format, or if the item number is not greater than the previous one.
    pub(crate) fn push_item(&mut self, item: u32, reader: &mut ByteReader<'_>) -> Option<()> {
        if self.items.last().is_some_and(|last| *last >= item) {
            return None;
        }
        read_occurrences(reader, &mut self.occurrences)?;
        self.items.push(item);
        self.ends.push(self.occurrences.len());
        Some(())
    }

    /// Returns the items in ascending order.
    pub(crate) fn items(&self) -> &[u32] {
        &self.items
    }

    /// Returns the occurrences in the item with the given index in `items`.
    fn at_index(&self, index: usize) -> &[Occurrence] {
        let start = index
            .checked_sub(1)
            .and_then(|previous| self.ends.get(previous))
            .copied()
            .unwrap_or_default();
        self.ends
            .get(index)
            .and_then(|end| self.occurrences.get(start..*end))
            .unwrap_or_default()
    }

    /// Returns the occurrences in an item, or none if the list does not contain the item.
    pub(crate) fn of(&self, item: u32) -> &[Occurrence] {
        match self.items.binary_search(&item) {
            Ok(index) => self.at_index(index),
            Err(_) => &[],
        }
    }

    /// Returns a cursor at the first item.
    pub(crate) fn cursor(&self) -> PositionCursor<'_> {
        PositionCursor {
            positions: self,
            index: 0,
        }
    }
}

/// A cursor that visits items in ascending order.
pub(crate) struct PositionCursor<'a> {
    positions: &'a Positions,
    /// Index of the first item that has not been passed.
    index: usize,
}

impl<'a> PositionCursor<'a> {
    /// Moves to an item and returns its occurrences. The item number must not be less than the
    /// previous one.
    pub(crate) fn seek(&mut self, item: u32) -> &'a [Occurrence] {
        let rest = self.positions.items.iter().skip(self.index);
        self.index += rest.take_while(|other| **other < item).count();
        match self.positions.items.get(self.index) {
            Some(other) if *other == item => self.positions.at_index(self.index),
            _ => &[],
        }
    }
}

/// A fetched list of items and their occurrences, or a part of one.
pub(crate) struct PositionList {
    /// The least possible item.
    first: u32,
    /// The greatest possible item.
    last: u32,
    bytes: Rc<Vec<u8>>,
}

impl PositionList {
    /// Creates a list that can contain all items.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn unbounded(bytes: &[u8]) -> PositionList {
        PositionList {
            first: 0,
            last: u32::MAX,
            bytes: Rc::new(bytes.to_vec()),
        }
    }

    /// Calls `read_item` for each item to read the data that follows the item number.
    ///
    /// Item numbers are delta-encoded: 0 means that the item directly follows the previous one.
    /// Returns `None` if the bytes do not follow the format, or if `read_item` returns `None`.
    pub(crate) fn for_each_item(
        &self,
        mut read_item: impl FnMut(u32, &mut ByteReader<'_>) -> Option<()>,
    ) -> Option<()> {
        let mut reader = ByteReader::new(&self.bytes);
        let mut next = 0u32;
        while !reader.is_empty() {
            let item = next.checked_add(reader.varint_u32()?)?;
            if !(self.first..=self.last).contains(&item) {
                return None;
            }
            next = item.checked_add(1)?;
            read_item(item, &mut reader)?;
        }
        Some(())
    }

    /// Appends the occurrences of the given items, which are in ascending order, to `out`.
    fn read_items(&self, items: &[u32], out: &mut Positions) -> Option<()> {
        let mut items = items.iter().peekable();
        let mut skipped = Vec::new();
        self.for_each_item(|item, reader| {
            while items.next_if(|requested| **requested < item).is_some() {}
            if items.peek() == Some(&&item) {
                out.push_item(item, reader)
            } else {
                skipped.clear();
                read_occurrences(reader, &mut skipped)
            }
        })
    }
}

/// A part of a list of positions, before it is fetched.
enum ListPart {
    /// The whole list, which is stored in the entry itself.
    Inline(Vec<u8>),
    /// The positions of the items from `first` to `last`.
    Object { first: u32, last: u32, hash: Hash },
}

/// Reads an entry of the tree of positions or bigrams. Returns `None` if the bytes do not follow
/// the format.
fn read_entry(bytes: &[u8]) -> Option<Vec<ListPart>> {
    let mut reader = ByteReader::new(bytes);
    let count = reader.count()?;
    if count == 0 {
        let list = reader.take(reader.remaining())?.to_vec();
        return Some(vec![ListPart::Inline(list)]);
    }
    let mut parts = Vec::with_capacity(count);
    let mut next = 0;
    for _ in 0..count {
        // The ranges of the parts must not overlap, so that at most one part is fetched for an
        // item.
        let first = reader.varint_u32().filter(|first| *first >= next)?;
        let last = reader.varint_u32().filter(|last| *last >= first)?;
        next = last.checked_add(1)?;
        let hash = Hash(reader.take(32)?.try_into().ok()?);
        parts.push(ListPart::Object { first, last, hash });
    }
    reader.is_empty().then_some(parts)
}

/// Writes an entry of the tree of positions or bigrams.
///
/// If the list is short, writes 0 and the list itself. Otherwise, splits the list into objects,
/// passes them to `store`, and writes the number of objects, followed by the first item, the last
/// item and the hash of each object.
///
/// `items` contains the items in ascending order, each with the bytes that follow its number.
#[cfg(feature = "write")]
pub(crate) fn write_entry<E>(
    items: &[(u32, Vec<u8>)],
    mut store: impl FnMut(&[u8]) -> Result<Hash, E>,
) -> Result<Vec<u8>, E> {
    /// Maximum length of a list that is stored in the entry itself, in bytes.
    const MAX_INLINE_LEN: usize = 24 << 10;
    /// Length at which a part is complete, in bytes.
    const PART_LEN: usize = 384 << 10;
    let mut out = Vec::new();
    let mut list = Vec::new();
    let mut parts: Vec<(u32, u32, Hash)> = Vec::new();
    let (mut first, mut next) = (0, 0);
    for (item, occurrences) in items {
        if list.is_empty() {
            first = *item;
        }
        put_varint(&mut list, u64::from(item - next));
        list.extend(occurrences);
        next = item + 1;
        if list.len() >= PART_LEN {
            parts.push((first, *item, store(&list)?));
            list.clear();
            next = 0;
        }
    }
    if parts.is_empty() && list.len() <= MAX_INLINE_LEN {
        put_varint(&mut out, 0);
        out.extend(list);
        return Ok(out);
    }
    if !list.is_empty() {
        parts.push((first, next - 1, store(&list)?));
    }
    put_varint(&mut out, parts.len() as u64);
    for (first, last, hash) in parts {
        put_varint(&mut out, u64::from(first));
        put_varint(&mut out, u64::from(last));
        out.extend(hash.0);
    }
    Ok(out)
}

/// Fetches the lists of several keys concurrently, each as one or more parts. If `items` is not
/// `None`, fetches only the parts that can contain one of these items.
pub(crate) async fn fetch_lists<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    keys: &[&str],
    items: Option<&[u32]>,
) -> Result<Vec<Vec<PositionList>>, ReadError> {
    let ranges: Vec<KeyRange<'_>> = keys
        .iter()
        .map(|key| KeyRange::exact(key.as_bytes()))
        .collect();
    let mut parts_by_key: Vec<Vec<ListPart>> = Vec::new();
    for entries in archive.lookup(tree, &ranges).await? {
        let parts = entries
            .first()
            .map(|(_, bytes)| read_entry(bytes).ok_or_else(malformed_positions));
        parts_by_key.push(parts.transpose()?.unwrap_or_default());
    }
    let needed = parts_by_key.iter().flatten().filter_map(|part| match part {
        ListPart::Object { first, last, hash } if overlaps(items, *first, *last) => {
            Some(archive.object(hash))
        }
        _ => None,
    });
    let mut objects = join_all(needed.collect()).await.into_iter();
    let mut lists_by_key = Vec::with_capacity(keys.len());
    for parts in parts_by_key {
        let mut lists = Vec::new();
        for part in parts {
            let (first, last, bytes) = match part {
                ListPart::Inline(bytes) => (0, u32::MAX, Rc::new(bytes)),
                ListPart::Object { first, last, .. } if overlaps(items, first, last) => {
                    match objects.next() {
                        Some(bytes) => (first, last, bytes?),
                        None => continue,
                    }
                }
                ListPart::Object { .. } => continue,
            };
            lists.push(PositionList { first, last, bytes });
        }
        lists_by_key.push(lists);
    }
    Ok(lists_by_key)
}

/// Fetches the occurrences of several terms in the given items, which are in ascending order.
pub(crate) async fn read<F: Fetch>(
    archive: &Archive<F>,
    terms: &[&str],
    items: &[u32],
) -> Result<Vec<Positions>, ReadError> {
    let tree = &archive.root().search.positions;
    let mut out = Vec::with_capacity(terms.len());
    for lists in fetch_lists(archive, tree, terms, Some(items)).await? {
        let mut positions = Positions::default();
        for list in lists {
            list.read_items(items, &mut positions)
                .ok_or_else(malformed_positions)?;
        }
        out.push(positions);
    }
    Ok(out)
}

pub(crate) fn malformed_positions() -> ReadError {
    malformed("positions of a term")
}

/// Reads arbitrary bytes as positions and checks the invariants of the results.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_invariants(bytes: &[u8], items: u32) {
    let mut occurrences = Vec::new();
    if read_occurrences(&mut ByteReader::new(bytes), &mut occurrences).is_some() {
        assert!(occurrences.is_sorted());
    }
    let requested: Vec<u32> = (0..items.min(300)).step_by(3).collect();
    let mut positions = Positions::default();
    if PositionList::unbounded(bytes)
        .read_items(&requested, &mut positions)
        .is_some()
    {
        assert!(positions.items.is_sorted_by(|a, b| a < b));
        assert!(positions.items.iter().all(|item| requested.contains(item)));
        let mut cursor = positions.cursor();
        for item in 0..items.min(300) {
            assert_eq!(cursor.seek(item), positions.of(item));
        }
    }
    if let Some(parts) = read_entry(bytes) {
        let mut next = 0;
        for part in parts {
            if let ListPart::Object { first, last, .. } = part {
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
    fn occurrences_round_trip() {
        let occurrences: Vec<Occurrence> = [
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
        write_occurrences(&occurrences, &mut bytes);
        let read = |bytes: &[u8]| {
            let mut out = Vec::new();
            read_occurrences(&mut ByteReader::new(bytes), &mut out).map(|()| out)
        };
        assert_eq!(read(&bytes).unwrap(), occurrences);
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_none(), "truncated to {end} bytes");
        }
    }

    #[test]
    fn parts_with_invalid_ranges_are_rejected() {
        assert!(read_entry(&[1, 0]).is_none(), "truncated");
        let is_valid = |ranges: &[[u8; 2]]| {
            let mut bytes = vec![ranges.len() as u8];
            for range in ranges {
                bytes.extend(range);
                bytes.extend([7; 32]);
            }
            read_entry(&bytes).is_some()
        };
        assert!(is_valid(&[[0, 4], [5, 5]]));
        assert!(!is_valid(&[[0, 4], [4, 9]]), "overlapping ranges");
        assert!(!is_valid(&[[4, 0]]), "a range that ends before it starts");
    }

    #[test]
    fn items_outside_the_range_of_a_part_are_rejected() {
        // Item 4, with one occurrence.
        let list = |first, last| PositionList {
            first,
            last,
            bytes: Rc::new(vec![4, 1, 0, 0, 0]),
        };
        let mut positions = Positions::default();
        assert!(list(4, 4).read_items(&[4], &mut positions).is_some());
        assert_eq!(positions.items(), [4]);
        assert!(
            list(4, 4).read_items(&[4], &mut positions).is_none(),
            "duplicate item"
        );
        assert!(list(5, 9).read_items(&[4], &mut positions).is_none());
    }
}
