//! A TIFF whose colours are named otherwise than they are, as far as its decoder can see.
//!
//! The `tiff` crate decodes everything that is in a palette image or in CIELab, and refuses them for
//! the names of their colours. So it is told other names, grey and RGB, by two bytes that it reads
//! otherwise than they stand in the file; what the numbers mean is this crate's affair.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::open;
use crate::MediaError;

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

/// A file, read with other names of colours where that is needed.
pub(super) struct Source {
    file: BufReader<File>,
    /// Where it is read.
    at: u64,
    /// Two bytes that are read in place of those of the file, and where.
    other: Option<(u64, [u8; 2])>,
}

impl Source {
    pub fn open(path: &Path) -> Result<(Source, Option<Disguise>), MediaError> {
        let mut source = Source {
            file: open(path)?,
            at: 0,
            other: None,
        };
        // What cannot be read here, the decoder will name.
        let found = photometric(&mut source.file).unwrap_or(None);
        source
            .file
            .seek(SeekFrom::Start(0))
            .map_err(|e| MediaError::unreadable(path, e))?;
        let (disguise, name) = match found {
            Some((_, 3, _)) => (Some(Disguise::Palette), 1_u16),
            Some((_, 8, _)) => (Some(Disguise::Lab), 2),
            Some((_, 9, _)) => (Some(Disguise::IccLab), 2),
            _ => (None, 0),
        };
        source.other = found.filter(|_| disguise.is_some()).map(|(at, _, little)| {
            let bytes = if little {
                name.to_le_bytes()
            } else {
                name.to_be_bytes()
            };
            (at, bytes)
        });
        Ok((source, disguise))
    }

    /// Bytes of the file.
    pub fn length(&self) -> Option<u64> {
        Some(self.file.get_ref().metadata().ok()?.len())
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some((place, bytes)) = self.other {
            for (at, byte) in (place..).zip(bytes) {
                let own = at
                    .checked_sub(self.at)
                    .and_then(|own| usize::try_from(own).ok());
                if let Some(own) = own.filter(|own| *own < read)
                    && let Some(slot) = buffer.get_mut(own)
                {
                    *slot = byte;
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

const PHOTOMETRIC: u16 = 262;

/// Where the first directory names its colours, how, and whether numbers begin with their lowest byte.
fn photometric<R: Read + Seek>(file: &mut R) -> io::Result<Option<(u64, u16, bool)>> {
    let mut head = [0; 16];
    file.read_exact(&mut head)?;
    let little = head.starts_with(b"II");
    let number = |bytes: &[u8]| {
        let add = |n: u64, byte: &u8| n << 8 | u64::from(*byte);
        if little {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        }
    };
    // BigTIFF has longer numbers.
    let big = number(head.get(2..4).unwrap_or_default()) == 43;
    let (start, count, length, value) = if big {
        (8..16, 8, 20, 12)
    } else {
        (4..8, 2, 12, 8)
    };
    let start = number(head.get(start).unwrap_or_default());
    file.seek(SeekFrom::Start(start))?;
    let mut buffer = [0; 20];
    let counted = buffer.get_mut(..count).unwrap_or_default();
    file.read_exact(counted)?;
    let entries = number(counted).min(4096);
    for entry in 0..entries {
        let whole = buffer.get_mut(..length).unwrap_or_default();
        file.read_exact(whole)?;
        if number(whole.get(..2).unwrap_or_default()) == PHOTOMETRIC.into() {
            let name = number(whole.get(value..value + 2).unwrap_or_default());
            let at = start + count as u64 + entry * length as u64 + value as u64;
            return Ok(Some((at, u16::try_from(name).unwrap_or(u16::MAX), little)));
        }
    }
    Ok(None)
}
