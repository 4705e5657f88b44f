//! A reader that presents a TIFF file to the `tiff` crate with a few bytes changed.

use khizana_messages::message;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::OnceLock;

use crate::decode::open;
use crate::decode::tiff_pages::{ByteLayout, Directory, Pages, read_pages};
use crate::{MAX_PAGES, MediaError};

/// The actual photometric interpretation of an image that is presented as grey or RGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Interpretation {
    /// Palette indices, presented as grey.
    Palette,
    /// CIELab with signed a\* and b\*, presented as RGB.
    Lab,
    /// ICCLab, with an offset of 128 for a\* and b\*, presented as RGB.
    IccLab,
}

/// The pages of a TIFF file. They are read when a page other than the first is requested.
#[derive(Debug, Default)]
pub(in crate::decode) struct Directories(OnceLock<Option<Pages>>);

impl Directories {
    fn get(&self, file: &mut BufReader<File>) -> Option<&Pages> {
        self.0
            .get_or_init(|| read_pages(file, MAX_PAGES).ok())
            .as_ref()
    }
}

/// A reader for a file that replaces some of its bytes.
pub(in crate::decode) struct PatchedSource {
    file: BufReader<File>,
    /// The current position in the file, in bytes.
    position: u64,
    /// Positions in the file, in bytes, and the bytes that replace those at the positions.
    patches: Vec<(u64, Vec<u8>)>,
}

impl PatchedSource {
    /// Opens a file and presents `page`, which is counted from 0, as its only page.
    pub fn open(
        path: &Path,
        directories: &Directories,
        page: u32,
    ) -> Result<(PatchedSource, Option<Interpretation>), MediaError> {
        let mut source = PatchedSource {
            file: open(path)?,
            position: 0,
            patches: Vec::new(),
        };
        // If the pages cannot be read, the decoder reports the error.
        let first;
        let pages = match page {
            0 => {
                first = read_pages(&mut source.file, 1).ok();
                first.as_ref()
            }
            _ => directories.get(&mut source.file),
        };
        source
            .file
            .seek(SeekFrom::Start(0))
            .map_err(|e| MediaError::unreadable(path, e))?;
        let directory = pages.and_then(|pages| pages.pages.get(page as usize));
        if directory.is_none() && page > 0 {
            return Err(MediaError::undecodable(
                path,
                message!("it has no page {page}", page = u64::from(page) + 1),
            ));
        }
        let mut interpretation = None;
        if let (Some(pages), Some(directory)) = (pages, directory) {
            source
                .patches
                .push(pages.layout.first_directory(directory.offset));
            source.patches.push(pages.layout.last_directory(directory));
            interpretation = source.patch_photometric(directory, pages.layout);
        }
        Ok((source, interpretation))
    }

    /// Replaces the photometric interpretation of a page if the decoder does not support it.
    /// Returns the actual interpretation in that case.
    fn patch_photometric(
        &mut self,
        directory: &Directory,
        layout: ByteLayout,
    ) -> Option<Interpretation> {
        let (offset, actual) = directory.photometric?;
        let (interpretation, presented) = match actual {
            3 => (Interpretation::Palette, 1),
            8 => (Interpretation::Lab, 2),
            9 => (Interpretation::IccLab, 2),
            _ => return None,
        };
        self.patches.push((offset, layout.encode(presented, 2)));
        Some(interpretation)
    }

    /// Returns the length of the file in bytes.
    pub fn length(&self) -> Option<u64> {
        Some(self.file.get_ref().metadata().ok()?.len())
    }
}

impl Read for PatchedSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        for (start, bytes) in &self.patches {
            for (offset, byte) in (*start..).zip(bytes) {
                let index = offset
                    .checked_sub(self.position)
                    .and_then(|index| usize::try_from(index).ok());
                if let Some(index) = index.filter(|index| *index < read)
                    && let Some(slot) = buffer.get_mut(index)
                {
                    *slot = *byte;
                }
            }
        }
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for PatchedSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.file.seek(to)?;
        Ok(self.position)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns a file of `count` pages whose directories have two entries each. The second entry is
    /// PhotometricInterpretation.
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
    fn opens_each_of_the_maximum_number_of_pages() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), chain(MAX_PAGES)).unwrap();
        let directories = Directories::default();
        for page in 0..MAX_PAGES {
            let (source, interpretation) =
                PatchedSource::open(file.path(), &directories, page).unwrap();
            assert_eq!(
                source.patches[0],
                (4, (8 + page * 30).to_le_bytes().to_vec())
            );
            assert_eq!(interpretation, Some(Interpretation::Palette));
        }
        assert!(PatchedSource::open(file.path(), &directories, MAX_PAGES).is_err());
    }
}
