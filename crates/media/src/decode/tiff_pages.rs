//! Listing of the pages of a TIFF, which are its directories except thumbnails and masks.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use crate::MAX_PAGES;

/// Maximum number of directories that are read: pages, and the thumbnails and masks between them.
const MAX_DIRECTORIES: usize = 4 * MAX_PAGES as usize;

/// Maximum number of entries in a directory.
const MAX_ENTRIES: u64 = 4096;

/// The parts of a directory that are needed to list pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    /// Offset of the directory in the file, in bytes.
    pub offset: u64,
    /// Offset in the file, in bytes, and value of PhotometricInterpretation.
    pub photometric: Option<(u64, u16)>,
    /// Offset in the file, in bytes, of the link to the next directory.
    link: u64,
    /// `true` if the directory is a thumbnail or a mask.
    is_auxiliary: bool,
}

/// The pages of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pages {
    pub layout: ByteLayout,
    /// The directories of the pages, in order: at least one, and at most the requested number.
    pub pages: Vec<Directory>,
    /// `true` if the directory after the last one that was read is unreadable or was already
    /// visited.
    pub is_broken: bool,
}

/// The byte order and offset size of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteLayout {
    /// `true` for little-endian byte order.
    is_little_endian: bool,
    /// `true` for BigTIFF, with 64-bit offsets.
    is_big_tiff: bool,
}

impl ByteLayout {
    fn decode(self, bytes: &[u8]) -> u64 {
        let append = |n: u64, byte: &u8| n << 8 | u64::from(*byte);
        if self.is_little_endian {
            bytes.iter().rev().fold(0, append)
        } else {
            bytes.iter().fold(0, append)
        }
    }

    /// Encodes a number in `count` bytes.
    pub fn encode(self, number: u64, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = number.to_le_bytes().into_iter().take(count).collect();
        if !self.is_little_endian {
            bytes.reverse();
        }
        bytes
    }

    /// Returns, in bytes, the sizes of the entry count, of an entry and of the link to the next
    /// directory, followed by the offset of the value within an entry.
    fn sizes(self) -> (usize, usize, usize, usize) {
        if self.is_big_tiff {
            (8, 20, 8, 12)
        } else {
            (2, 12, 4, 8)
        }
    }

    /// Returns the position in the file, and the content, of the link that makes a directory the last
    /// one.
    pub fn last_directory(self, directory: &Directory) -> (u64, Vec<u8>) {
        let (_, _, link_size, _) = self.sizes();
        (directory.link, self.encode(0, link_size))
    }

    /// Returns the position in the file, and the content, of the header field that contains the
    /// offset of the first directory.
    pub fn first_directory(self, offset: u64) -> (u64, Vec<u8>) {
        if self.is_big_tiff {
            (8, self.encode(offset, 8))
        } else {
            (4, self.encode(offset, 4))
        }
    }
}

/// Reads the directories of the first `limit` pages of a file. If all directories are auxiliary,
/// the first one counts as a page.
///
/// # Errors
/// Returns an error if the header or the first directory is unreadable.
pub(super) fn read_pages<R: Read + Seek>(file: &mut R, limit: u32) -> io::Result<Pages> {
    let mut head = [0; 16];
    file.seek(SeekFrom::Start(0))?;
    // A classic TIFF may be shorter than the header of a BigTIFF.
    let read = read_up_to(file, &mut head)?;
    if read < 8 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let classic = ByteLayout {
        is_little_endian: head.starts_with(b"II"),
        is_big_tiff: false,
    };
    let version = classic.decode(head.get(2..4).unwrap_or_default());
    let layout = ByteLayout {
        is_big_tiff: version == 43,
        ..classic
    };
    let first = if layout.is_big_tiff { 8..16 } else { 4..8 };
    let mut offset = layout.decode(head.get(first).unwrap_or_default());
    let mut visited = BTreeSet::new();
    let mut result = Pages {
        layout,
        pages: Vec::new(),
        is_broken: false,
    };
    let mut first = None;
    while offset != 0 && visited.len() < MAX_DIRECTORIES && result.pages.len() < limit as usize {
        let directory = match visited.insert(offset) {
            true => read_directory(file, layout, offset),
            false => Err(io::ErrorKind::InvalidData.into()),
        };
        let Ok((directory, next)) = directory else {
            result.is_broken = true;
            break;
        };
        first.get_or_insert(directory);
        if !directory.is_auxiliary {
            result.pages.push(directory);
        }
        offset = next;
    }
    if result.pages.is_empty() {
        result
            .pages
            .push(first.ok_or(io::ErrorKind::UnexpectedEof)?);
    }
    Ok(result)
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

/// Reads the directory at an offset. Also returns the offset of the next directory, or 0 if it is
/// the last one.
fn read_directory<R: Read + Seek>(
    file: &mut R,
    layout: ByteLayout,
    offset: u64,
) -> io::Result<(Directory, u64)> {
    const NEW_SUBFILE_TYPE: u64 = 254;
    const SUBFILE_TYPE: u64 = 255;
    const PHOTOMETRIC: u64 = 262;

    let (count_size, entry_size, link_size, value_at) = layout.sizes();
    let mut buffer = [0; 20];
    let mut number = |file: &mut R, bytes: usize| -> io::Result<u64> {
        let encoded = buffer.get_mut(..bytes).unwrap_or_default();
        file.read_exact(encoded)?;
        Ok(layout.decode(encoded))
    };
    file.seek(SeekFrom::Start(offset))?;
    let entries = number(file, count_size)?;
    if entries == 0 || entries > MAX_ENTRIES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut directory = Directory {
        offset,
        photometric: None,
        link: offset + count_size as u64 + entries * entry_size as u64,
        is_auxiliary: false,
    };
    let mut entry = [0; 20];
    for index in 0..entries {
        let entry = entry.get_mut(..entry_size).unwrap_or_default();
        file.read_exact(entry)?;
        let short = || layout.decode(entry.get(value_at..value_at + 2).unwrap_or_default());
        match layout.decode(entry.get(..2).unwrap_or_default()) {
            NEW_SUBFILE_TYPE => {
                // Bit 0 marks a reduced-resolution version, and bit 2 marks a mask.
                let kind = layout.decode(entry.get(value_at..value_at + 4).unwrap_or_default());
                directory.is_auxiliary |= kind & 5 != 0;
            }
            // The value 2 marks a reduced-resolution version.
            SUBFILE_TYPE => directory.is_auxiliary |= short() == 2,
            PHOTOMETRIC => {
                let position =
                    offset + count_size as u64 + index * entry_size as u64 + value_at as u64;
                directory.photometric =
                    Some((position, u16::try_from(short()).unwrap_or(u16::MAX)));
            }
            _ => {}
        }
    }
    // Some files end before the link to the next directory.
    let next = number(file, link_size).unwrap_or(0);
    Ok((directory, next))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Returns a file that contains a directory with two entries for each of the given
    /// NewSubfileType values. The last directory links to `last`.
    fn file(layout: ByteLayout, kinds: &[u64], last: u64) -> Vec<u8> {
        let (count_size, entry_size, link_size, value_at) = layout.sizes();
        let size = (count_size + 2 * entry_size + link_size) as u64;
        let start = if layout.is_big_tiff { 16 } else { 8 };
        let mut out = if layout.is_little_endian {
            b"II".to_vec()
        } else {
            b"MM".to_vec()
        };
        out.extend(layout.encode(if layout.is_big_tiff { 43 } else { 42 }, 2));
        if layout.is_big_tiff {
            out.extend(layout.encode(8, 2));
            out.extend([0; 2]);
        }
        out.extend(layout.first_directory(start).1);
        for (number, kind) in (1..).zip(kinds) {
            out.extend(layout.encode(2, count_size));
            for (tag, format, value, bytes) in [(254, 4, *kind, 4), (262, 3, 2, 2)] {
                let mut entry = layout.encode(tag, 2);
                entry.extend(layout.encode(format, 2));
                entry.extend(layout.encode(1, value_at - 4));
                entry.extend(layout.encode(value, bytes));
                entry.resize(entry_size, 0);
                out.extend(entry);
            }
            let next = if number == kinds.len() as u64 {
                last
            } else {
                start + number * size
            };
            out.extend(layout.encode(next, link_size));
        }
        out
    }

    fn offsets(file: &[u8]) -> (Vec<u64>, bool) {
        let pages = read_pages(&mut Cursor::new(file), MAX_PAGES + 1).unwrap();
        let offsets = pages.pages.iter().map(|directory| directory.offset);
        (offsets.collect(), pages.is_broken)
    }

    #[test]
    fn skips_thumbnails_and_masks_in_all_byte_layouts() {
        for is_little_endian in [true, false] {
            let layout = ByteLayout {
                is_little_endian,
                is_big_tiff: false,
            };
            let bytes = file(layout, &[1, 0, 4, 2, 0], 0);
            assert_eq!(offsets(&bytes), (vec![38, 98, 128], false));
            let layout = ByteLayout {
                is_little_endian,
                is_big_tiff: true,
            };
            let bytes = file(layout, &[1, 0, 4, 2, 0], 0);
            assert_eq!(offsets(&bytes), (vec![72, 184, 240], false));
            let pages = read_pages(&mut Cursor::new(&bytes), 1).unwrap();
            assert_eq!(pages.pages[0].photometric, Some((72 + 8 + 20 + 12, 2)));
        }
    }

    #[test]
    fn lists_the_first_directory_if_all_are_auxiliary() {
        let layout = ByteLayout {
            is_little_endian: true,
            is_big_tiff: false,
        };
        assert_eq!(offsets(&file(layout, &[1, 1], 0)), (vec![8], false));
    }

    #[test]
    fn reports_a_cyclic_or_out_of_bounds_chain_as_broken() {
        let layout = ByteLayout {
            is_little_endian: true,
            is_big_tiff: false,
        };
        for last in [8, 38, 5_000] {
            assert_eq!(offsets(&file(layout, &[0, 0], last)), (vec![8, 38], true));
        }
        let bytes = file(layout, &[0, 0, 0], 0);
        assert_eq!(offsets(&bytes[..60]), (vec![8], true));
        // This file ends before the link to the next directory.
        assert_eq!(offsets(&bytes[..94]), (vec![8, 38, 68], false));
        for end in [0, 7, 8, 20] {
            assert!(
                read_pages(&mut Cursor::new(&bytes[..end]), 9).is_err(),
                "{end}"
            );
        }
    }

    #[test]
    fn stops_after_the_maximum_number_of_pages() {
        let layout = ByteLayout {
            is_little_endian: false,
            is_big_tiff: false,
        };
        let bytes = file(layout, &vec![0; MAX_PAGES as usize + 20], 0);
        assert_eq!(offsets(&bytes).0.len(), MAX_PAGES as usize + 1);
    }
}
