//! A TIFF of one page whose colours are named otherwise than they are, as far as its decoder can see.
//!
//! The `tiff` crate decodes everything that is in a palette image or in CIELab, and refuses them for
//! the names of their colours. So it is told other names, grey and RGB, by two bytes that it reads
//! otherwise than they stand in the file; what the numbers mean is this crate's affair. In the same way
//! it is told that the page which is wanted is the first.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::OnceLock;

use super::open;
use super::tiff_pages::{Directory, Order, Pages, pages};
use crate::{MOST_PAGES, MediaError};

/// What the numbers of an image mean that its decoder takes for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disguise {
    /// Indices of a palette, taken for greys.
    Palette,
    /// CIELab, a and b with a sign, taken for RGB.
    Lab,
    /// CIELab as ICC has it, all numbers from zero, taken for RGB.
    IccLab,
}

/// The directories of a TIFF file, read when a page after the first is asked for.
#[derive(Debug, Default)]
pub(super) struct Directories(OnceLock<Option<Pages>>);

impl Directories {
    fn get(&self, file: &mut BufReader<File>) -> Option<&Pages> {
        self.0.get_or_init(|| pages(file, MOST_PAGES).ok()).as_ref()
    }
}

/// A file, read with other bytes in some places.
pub(super) struct Source {
    file: BufReader<File>,
    /// Where it is read.
    at: u64,
    /// Bytes that are read in place of those of the file, and where.
    other: Vec<(u64, Vec<u8>)>,
}

impl Source {
    /// Opens a file as if `page`, from 0, were its only one.
    pub fn open(
        path: &Path,
        directories: &Directories,
        page: u32,
    ) -> Result<(Source, Option<Disguise>), MediaError> {
        let mut source = Source {
            file: open(path)?,
            at: 0,
            other: Vec::new(),
        };
        // An error is left to the decoder to report.
        let first;
        let found = match page {
            0 => {
                first = pages(&mut source.file, 1).ok();
                first.as_ref()
            }
            _ => directories.get(&mut source.file),
        };
        source
            .file
            .seek(SeekFrom::Start(0))
            .map_err(|e| MediaError::unreadable(path, e))?;
        let own = found.and_then(|found| found.pages.get(page as usize));
        if own.is_none() && page > 0 {
            return Err(MediaError::undecodable(
                path,
                format!("it has no page {}", u64::from(page) + 1),
            ));
        }
        let mut disguise = None;
        if let (Some(found), Some(own)) = (found, own) {
            source.other.push(found.order.first(own.at));
            disguise = source.name_colours(own, found.order);
        }
        Ok((source, disguise))
    }

    /// Gives the colours of a page a name that its decoder knows.
    fn name_colours(&mut self, page: &Directory, order: Order) -> Option<Disguise> {
        let (at, named) = page.photometric?;
        let (disguise, name) = match named {
            3 => (Disguise::Palette, 1),
            8 => (Disguise::Lab, 2),
            9 => (Disguise::IccLab, 2),
            _ => return None,
        };
        self.other.push((at, order.bytes(name, 2)));
        Some(disguise)
    }

    /// Bytes of the file.
    pub fn length(&self) -> Option<u64> {
        Some(self.file.get_ref().metadata().ok()?.len())
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        for (place, bytes) in &self.other {
            for (at, byte) in (*place..).zip(bytes) {
                let own = at
                    .checked_sub(self.at)
                    .and_then(|own| usize::try_from(own).ok());
                if let Some(own) = own.filter(|own| *own < read)
                    && let Some(slot) = buffer.get_mut(own)
                {
                    *slot = *byte;
                }
            }
        }
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A file of so many pages, each of two entries, the second naming the colours.
    fn chain(count: u32) -> Vec<u8> {
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        for page in 1..=count {
            out.extend([2, 0]);
            out.extend([254, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
            out.extend([6, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0]);
            let next = if page == count { 0 } else { 8 + page * 30 };
            out.extend(next.to_le_bytes());
        }
        out
    }

    #[test]
    fn every_page_of_many_is_found() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), chain(MOST_PAGES)).unwrap();
        let directories = Directories::default();
        for page in 0..MOST_PAGES {
            let (source, disguise) = Source::open(file.path(), &directories, page).unwrap();
            assert_eq!(source.other[0], (4, (8 + page * 30).to_le_bytes().to_vec()));
            assert_eq!(disguise, Some(Disguise::Palette));
        }
        assert!(Source::open(file.path(), &directories, MOST_PAGES).is_err());
    }
}
