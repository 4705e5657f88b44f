//! Parts of a workbook that is a zip package.
//!
//! The list of the parts is read by the crate `zip`; the parts are decompressed here, so that several
//! can be read at the same time, each within a limit.

use khizana_model::message;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::error::Fault;

/// Maximum number of parts. A workbook with hundreds of images has some thousands.
const MAX_PARTS: usize = 100_000;
/// Maximum size of a part with the cells of a sheet, in bytes.
pub(super) const MAX_SHEET_BYTES: u64 = 2 << 30;
/// Maximum size of the part with the texts of all cells, in bytes.
pub(super) const MAX_STRINGS_BYTES: u64 = 512 << 20;
/// Maximum size of any other part, in bytes.
pub(super) const MAX_PART_BYTES: u64 = 64 << 20;

/// A zip package.
#[derive(Debug)]
pub(super) struct Package {
    path: PathBuf,
    parts: BTreeMap<String, Part>,
}

/// The position of a part in the file.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: u64,
    compressed: u64,
    size: u64,
    crc: u32,
    method: CompressionMethod,
    is_encrypted: bool,
}

impl Package {
    /// Reads the list of the parts.
    pub(super) fn open(path: &Path) -> Result<Package, Fault> {
        let file = File::open(path).map_err(Fault::Io)?;
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| {
            Fault::Damaged(message!(
                "its list of parts cannot be read ({error})",
                error = error.to_string()
            ))
        })?;
        if archive.len() > MAX_PARTS {
            return Err(Fault::TooLarge(message!(
                "it has more than {limit} parts",
                limit = MAX_PARTS
            )));
        }
        let mut parts = BTreeMap::new();
        for index in 0..archive.len() {
            let unreadable = |error: zip::result::ZipError| {
                Fault::Damaged(message!(
                    "the list of its parts is wrong ({error})",
                    error = error.to_string()
                ))
            };
            let file = archive.by_index_raw(index).map_err(unreadable)?;
            let name = file.name().map_err(unreadable)?;
            let Some(start) = file.data_start() else {
                continue;
            };
            let part = Part {
                start,
                compressed: file.compressed_size(),
                size: file.size(),
                crc: file.crc32(),
                method: file.compression(),
                is_encrypted: file.encrypted(),
            };
            // Some programs write backslashes, or begin the names with a slash.
            let name = name.replace('\\', "/");
            parts.insert(name.trim_start_matches('/').to_owned(), part);
        }
        Ok(Package {
            path: path.to_owned(),
            parts,
        })
    }

    /// Returns `true` if the package has this part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    /// Returns the name of a part, which may be written in another case, as Excel accepts it.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        let name = name.trim_start_matches('/');
        match self.parts.get_key_value(name) {
            Some((exact, _)) => Some(exact),
            None => self
                .parts
                .keys()
                .map(String::as_str)
                .find(|other| other.eq_ignore_ascii_case(name)),
        }
    }

    /// Opens a part. Reading more than `limit` bytes is an error.
    pub(super) fn read(&self, name: &str, limit: u64) -> Result<PartReader, Fault> {
        let part = self
            .parts
            .get(name)
            .ok_or_else(|| Fault::Damaged(message!("the part {name} is missing", name)))?;
        if part.is_encrypted {
            return Err(Fault::Encrypted);
        }
        if part.size > limit {
            return Err(Fault::TooLarge(message!(
                "the part {name} has {size} MB; the limit is {limit} MB",
                name,
                size = part.size >> 20,
                limit = limit >> 20
            )));
        }
        let mut file = File::open(&self.path).map_err(Fault::Io)?;
        file.seek(SeekFrom::Start(part.start)).map_err(Fault::Io)?;
        let input = BufReader::with_capacity(64 << 10, file.take(part.compressed));
        let data = match part.method {
            CompressionMethod::Stored => Data::Stored(input),
            CompressionMethod::Deflated => Data::Deflated(Box::new(DeflateDecoder::new(input))),
            _ => {
                return Err(Fault::Damaged(message!(
                    "the part {name} is compressed in an unusual way",
                    name
                )));
            }
        };
        Ok(PartReader {
            data,
            name: name.to_owned(),
            crc: Crc::new(),
            expected_crc: part.crc,
            remaining: part.size,
        })
    }

    /// Reads a small part as a whole.
    pub(super) fn read_all(&self, name: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        let mut reader = self.read(name, limit)?;
        reader
            .read_to_end(&mut bytes)
            .map_err(|error| Fault::damaged(error.to_string()))?;
        Ok(bytes)
    }
}

/// The content of a part.
#[derive(Debug)]
pub(super) struct PartReader {
    data: Data,
    name: String,
    crc: Crc,
    expected_crc: u32,
    /// Number of bytes that have not been read yet, according to the list of parts.
    remaining: u64,
}

#[derive(Debug)]
enum Data {
    Stored(BufReader<Take<File>>),
    Deflated(Box<DeflateDecoder<BufReader<Take<File>>>>),
}

impl Read for PartReader {
    /// Reads the next bytes. Fails if the part is longer or shorter than it claims to be, or if its
    /// checksum is wrong.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let damaged = |what: &str| io::Error::other(format!("the part {} {what}", self.name));
        let count = match &mut self.data {
            Data::Stored(input) => input.read(buffer),
            Data::Deflated(input) => input.read(buffer),
        }
        .map_err(|error| damaged(&format!("cannot be decompressed ({error})")))?;
        if count == 0 && !buffer.is_empty() {
            if self.remaining > 0 {
                return Err(damaged("ends too early"));
            }
            if self.crc.sum() != self.expected_crc {
                return Err(damaged("has a wrong checksum"));
            }
            return Ok(0);
        }
        self.remaining = self
            .remaining
            .checked_sub(count as u64)
            .ok_or_else(|| damaged("is longer than the list of parts says"))?;
        self.crc.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
