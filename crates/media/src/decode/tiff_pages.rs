//! The pages of a TIFF: those of its directories that are neither a smaller version of another nor a mask.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use crate::MOST_PAGES;

/// Directories beyond this are not looked at: pages, and the thumbnails and masks between them.
const MOST_DIRECTORIES: usize = 4 * MOST_PAGES as usize;

/// The entries of a directory beyond this are not looked at.
const MOST_ENTRIES: u64 = 4096;

/// What is in a directory, as far as it says which page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    /// Where it begins.
    pub at: u64,
    /// Where it names its colours, and how.
    pub photometric: Option<(u64, u16)>,
    /// Whether it is a smaller version of another, or a mask.
    is_aside: bool,
}

/// The pages of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pages {
    pub order: Order,
    /// In their order, and no more than were asked for; at least one.
    pub pages: Vec<Directory>,
    /// Whether a directory leads to one that cannot be read, or back to one before it.
    pub is_broken: bool,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// With their lowest byte first.
    little: bool,
    /// With 64 bits where there would be 32: BigTIFF.
    big: bool,
}

impl Order {
    fn number(self, bytes: &[u8]) -> u64 {
        let add = |n: u64, byte: &u8| n << 8 | u64::from(*byte);
        if self.little {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        }
    }

    /// A number in so many bytes.
    pub fn bytes(self, number: u64, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = number.to_le_bytes().into_iter().take(count).collect();
        if !self.little {
            bytes.reverse();
        }
        bytes
    }

    /// Bytes of the number of entries, of an entry, of what leads to a directory; and where in an entry
    /// its value is.
    fn lengths(self) -> (usize, usize, usize, usize) {
        if self.big {
            (8, 20, 8, 12)
        } else {
            (2, 12, 4, 8)
        }
    }

    /// Where a file says where its first directory is, and what it says if that is at `at`.
    pub fn first(self, at: u64) -> (u64, Vec<u8>) {
        if self.big {
            (8, self.bytes(at, 8))
        } else {
            (4, self.bytes(at, 4))
        }
    }
}

/// The first pages of a file, up to `most`. One whose directories are all aside has the first of them as
/// its page.
///
/// # Errors
/// Where there is not even one directory.
pub(super) fn pages<R: Read + Seek>(file: &mut R, most: u32) -> io::Result<Pages> {
    let mut head = [0; 16];
    file.seek(SeekFrom::Start(0))?;
    // A classic file may be shorter than the header of a BigTIFF.
    let read = read_up_to(file, &mut head)?;
    if read < 8 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let little = head.starts_with(b"II");
    let big = Order { little, big: false }.number(head.get(2..4).unwrap_or_default()) == 43;
    let order = Order { little, big };
    let first = if big { 8..16 } else { 4..8 };
    let mut at = order.number(head.get(first).unwrap_or_default());
    let mut seen = BTreeSet::new();
    let mut found = Pages {
        order,
        pages: Vec::new(),
        is_broken: false,
    };
    let mut first = None;
    while at != 0 && seen.len() < MOST_DIRECTORIES && found.pages.len() < most as usize {
        let directory = match seen.insert(at) {
            true => directory(file, order, at),
            false => Err(io::ErrorKind::InvalidData.into()),
        };
        let Ok((directory, next)) = directory else {
            found.is_broken = true;
            break;
        };
        first.get_or_insert(directory);
        if !directory.is_aside {
            found.pages.push(directory);
        }
        at = next;
    }
    if found.pages.is_empty() {
        found.pages.push(first.ok_or(io::ErrorKind::UnexpectedEof)?);
    }
    Ok(found)
}

fn read_up_to<R: Read>(file: &mut R, buffer: &mut [u8]) -> io::Result<usize> {
    let mut bytes = Vec::new();
    file.take(buffer.len() as u64).read_to_end(&mut bytes)?;
    let read = bytes.len();
    buffer
        .get_mut(..read)
        .unwrap_or_default()
        .copy_from_slice(&bytes);
    Ok(read)
}

/// The directory at a place, and where the next is; 0 after the last.
fn directory<R: Read + Seek>(file: &mut R, order: Order, at: u64) -> io::Result<(Directory, u64)> {
    const NEW_SUBFILE_TYPE: u64 = 254;
    const SUBFILE_TYPE: u64 = 255;
    const PHOTOMETRIC: u64 = 262;

    let (count, length, link, value) = order.lengths();
    let mut buffer = [0; 20];
    let mut number = |file: &mut R, bytes: usize| -> io::Result<u64> {
        let own = buffer.get_mut(..bytes).unwrap_or_default();
        file.read_exact(own)?;
        Ok(order.number(own))
    };
    file.seek(SeekFrom::Start(at))?;
    let entries = number(file, count)?;
    if entries == 0 || entries > MOST_ENTRIES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut found = Directory {
        at,
        photometric: None,
        is_aside: false,
    };
    let mut entry = [0; 20];
    for place in 0..entries {
        let own = entry.get_mut(..length).unwrap_or_default();
        file.read_exact(own)?;
        let short = || order.number(own.get(value..value + 2).unwrap_or_default());
        match order.number(own.get(..2).unwrap_or_default()) {
            NEW_SUBFILE_TYPE => {
                // 1: a smaller version of another image; 4: a mask.
                let kind = order.number(own.get(value..value + 4).unwrap_or_default());
                found.is_aside |= kind & 5 != 0;
            }
            // 2: a smaller version of another image.
            SUBFILE_TYPE => found.is_aside |= short() == 2,
            PHOTOMETRIC => {
                let place = at + count as u64 + place * length as u64 + value as u64;
                found.photometric = Some((place, u16::try_from(short()).unwrap_or(u16::MAX)));
            }
            _ => {}
        }
    }
    // A file may end before it says that there is no other.
    let next = number(file, link).unwrap_or(0);
    Ok((found, next))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file with directories of these kinds (NewSubfileType), each with two entries, the last leading
    /// to `last`.
    fn file(order: Order, kinds: &[u64], last: u64) -> Vec<u8> {
        let (count, length, link, value) = order.lengths();
        let size = (count + 2 * length + link) as u64;
        let start = if order.big { 16 } else { 8 };
        let mut out = if order.little {
            b"II".to_vec()
        } else {
            b"MM".to_vec()
        };
        out.extend(order.bytes(if order.big { 43 } else { 42 }, 2));
        if order.big {
            out.extend(order.bytes(8, 2));
            out.extend([0; 2]);
        }
        out.extend(order.first(start).1);
        for (place, kind) in (1..).zip(kinds) {
            out.extend(order.bytes(2, count));
            for (tag, format, number, bytes) in [(254, 4, *kind, 4), (262, 3, 2, 2)] {
                let mut entry = order.bytes(tag, 2);
                entry.extend(order.bytes(format, 2));
                entry.extend(order.bytes(1, value - 4));
                entry.extend(order.bytes(number, bytes));
                entry.resize(length, 0);
                out.extend(entry);
            }
            let next = if place == kinds.len() as u64 {
                last
            } else {
                start + place * size
            };
            out.extend(order.bytes(next, link));
        }
        out
    }

    fn places(file: &[u8]) -> (Vec<u64>, bool) {
        let found = pages(&mut Cursor::new(file), MOST_PAGES + 1).unwrap();
        let places = found.pages.iter().map(|own| own.at);
        (places.collect(), found.is_broken)
    }

    #[test]
    fn thumbnails_and_masks_are_no_pages_in_any_order_of_bytes() {
        for little in [true, false] {
            let order = Order { little, big: false };
            let whole = file(order, &[1, 0, 4, 2, 0], 0);
            assert_eq!(places(&whole), (vec![38, 98, 128], false));
            let order = Order { little, big: true };
            let whole = file(order, &[1, 0, 4, 2, 0], 0);
            assert_eq!(places(&whole), (vec![72, 184, 240], false));
            let found = pages(&mut Cursor::new(&whole), 1).unwrap();
            assert_eq!(found.pages[0].photometric, Some((72 + 8 + 20 + 12, 2)));
        }
    }

    #[test]
    fn a_file_of_thumbnails_alone_has_a_page() {
        let order = Order {
            little: true,
            big: false,
        };
        assert_eq!(places(&file(order, &[1, 1], 0)), (vec![8], false));
    }

    #[test]
    fn a_chain_that_leads_back_or_out_of_the_file_is_broken() {
        let order = Order {
            little: true,
            big: false,
        };
        for last in [8, 38, 5_000] {
            assert_eq!(places(&file(order, &[0, 0], last)), (vec![8, 38], true));
        }
        let whole = file(order, &[0, 0, 0], 0);
        assert_eq!(places(&whole[..60]), (vec![8], true));
        // Without what would say that it is the last.
        assert_eq!(places(&whole[..94]), (vec![8, 38, 68], false));
        for end in [0, 7, 8, 20] {
            assert!(pages(&mut Cursor::new(&whole[..end]), 9).is_err(), "{end}");
        }
    }

    #[test]
    fn no_more_pages_are_looked_for_than_are_shown() {
        let order = Order {
            little: false,
            big: false,
        };
        let whole = file(order, &vec![0; MOST_PAGES as usize + 20], 0);
        assert_eq!(places(&whole).0.len(), MOST_PAGES as usize + 1);
    }
}
