//! Postings: the items in which a term occurs.

use khizana_format::Reader;
#[cfg(feature = "write")]
use khizana_format::put_varint;

/// One item and how much the term weighs in it, 1 to 255.
pub(crate) type Posting = (u32, u8);

/// Count, then for each item the distance to the one before (the first: its number) and the weight.
#[cfg(feature = "write")]
pub(crate) fn write(postings: &[Posting]) -> Vec<u8> {
    let mut out = Vec::with_capacity(postings.len() * 3);
    put_varint(&mut out, postings.len() as u64);
    let mut before = 0;
    for (item, weight) in postings {
        put_varint(&mut out, u64::from(item - before));
        out.push(*weight);
        before = *item;
    }
    out
}

/// `None` where the bytes do not follow the format, or name an item of `items` or more.
pub(crate) fn read(bytes: &[u8], items: u32) -> Option<Vec<Posting>> {
    let mut reader = Reader::new(bytes);
    let count = reader.count()?;
    let mut postings = Vec::with_capacity(count);
    let mut item = 0u32;
    for i in 0..count {
        let step = reader.varint_u32()?;
        if i > 0 && step == 0 {
            return None;
        }
        item = item.checked_add(step).filter(|item| *item < items)?;
        postings.push((item, reader.byte()?));
    }
    reader.is_empty().then_some(postings)
}

#[cfg(all(test, feature = "write"))]
mod tests {
    use super::*;

    #[test]
    fn postings_come_back() {
        for postings in [vec![], vec![(0, 1)], vec![(3, 255), (4, 1), (100_000, 9)]] {
            assert_eq!(read(&write(&postings), 100_001), Some(postings));
        }
    }

    #[test]
    fn hostile_postings_are_refused() {
        let whole = write(&[(3, 1), (9, 2)]);
        assert_eq!(read(&whole, 9), None, "an item that does not exist");
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end], 10), None, "cut at {end}");
        }
        assert_eq!(read(&[2, 3, 1, 0, 1], 10), None, "an item twice");
        assert_eq!(
            read(&[0xff, 0xff, 0xff, 0xff, 0x0f], 10),
            None,
            "more than there are bytes"
        );
    }
}
