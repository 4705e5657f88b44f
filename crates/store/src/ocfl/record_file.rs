//! A file of records with an index by identifier, for the records of a collection while it is ingested.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use khizana_model::{Id, Item};
use sha2::{Digest, Sha256};

use super::digest::HashingReader;
use super::{Object, ObjectId, RECORDS_FILE, StoreError, Writer};

/// Records as lines of JSON in a temporary file. Later records replace earlier ones with the same
/// identifier. The file is removed when the value is dropped.
#[derive(Debug)]
pub struct RecordFile {
    file: File,
    path: PathBuf,
    bytes: u64,
    /// The offset and the length of each line, by the first half of the SHA-256 of the identifier.
    lines: BTreeMap<[u8; 16], (u64, usize)>,
}

impl Drop for RecordFile {
    fn drop(&mut self) {
        // The next run removes a file that cannot be removed now.
        let _ = fs::remove_file(&self.path);
    }
}

fn key(id: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(id).into();
    let mut key = [0; 16];
    key.copy_from_slice(digest.split_at(16).0);
    key
}

impl RecordFile {
    pub(super) fn create(path: PathBuf) -> Result<Self, StoreError> {
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(StoreError::io("write", &path))?;
        Ok(RecordFile {
            file,
            path,
            bytes: 0,
            lines: BTreeMap::new(),
        })
    }

    /// Appends a record. `line` does not end with a line feed.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn push(&mut self, id: &str, line: &str) -> Result<(), StoreError> {
        self.file
            .seek(SeekFrom::Start(self.bytes))
            .and_then(|_| self.file.write_all(line.as_bytes()))
            .map_err(StoreError::io("write", &self.path))?;
        self.lines.insert(key(id), (self.bytes, line.len()));
        self.bytes += line.len() as u64;
        Ok(())
    }

    /// Returns the line with an identifier, if the file contains it.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn line(&mut self, id: &str) -> Result<Option<String>, StoreError> {
        let Some((offset, length)) = self.lines.get(&key(id)).copied() else {
            return Ok(None);
        };
        let mut line = vec![0; length];
        self.file
            .seek(SeekFrom::Start(offset))
            .and_then(|_| self.file.read_exact(&mut line))
            .map_err(StoreError::io("read", &self.path))?;
        String::from_utf8(line)
            .map(Some)
            .map_err(|error| self.malformed(error.to_string()))
    }

    /// Parses the record with an identifier, if the file contains it.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or the record is malformed.
    pub fn record(&mut self, id: &str) -> Result<Option<Item>, StoreError> {
        let Some(line) = self.line(id)? else {
            return Ok(None);
        };
        serde_json::from_str(&line)
            .map(Some)
            .map_err(|error| self.malformed(error.to_string()))
    }

    fn malformed(&self, why: String) -> StoreError {
        StoreError::Record {
            path: self.path.clone(),
            line: 1,
            why: why.into(),
        }
    }
}

/// The identifier of a record.
#[derive(serde::Deserialize)]
struct RecordId {
    id: String,
}

impl Writer {
    /// Creates an empty file of records.
    ///
    /// # Errors
    /// Returns an error if the file cannot be created.
    pub fn new_record_file(&self) -> Result<RecordFile, StoreError> {
        RecordFile::create(self.free_name())
    }

    /// Decompresses the records of a collection into a temporary file. Returns `None` if the store does
    /// not contain the collection.
    ///
    /// # Errors
    /// Returns an error if the records are missing, damaged or malformed.
    pub fn stored_records(&self, collection: &Id) -> Result<Option<RecordFile>, StoreError> {
        let id = ObjectId::Collection(collection.clone());
        let Some(object) = self.store().object(&id)? else {
            return Ok(None);
        };
        let mut records = self.new_record_file()?;
        read_records(&object, &mut records)?;
        Ok(Some(records))
    }
}

fn read_records(object: &Object, records: &mut RecordFile) -> Result<(), StoreError> {
    let path = object.file(RECORDS_FILE)?;
    let expected = object
        .inventory
        .head_version()
        .and_then(|version| version.digest_of(RECORDS_FILE));
    let mut packed = HashingReader::open(&path)?;
    let read = read_lines(&mut packed, &path, records);
    let (found, _) = packed.finish().map_err(StoreError::io("read", &path))?;
    match expected {
        Some(expected) if expected != found => Err(StoreError::Fixity {
            path,
            expected,
            found,
        }),
        _ => read,
    }
}

fn read_lines(
    packed: &mut HashingReader,
    path: &std::path::Path,
    records: &mut RecordFile,
) -> Result<(), StoreError> {
    let decoder = zstd::Decoder::new(packed).map_err(StoreError::io("decompress", path))?;
    let mut reader = BufReader::with_capacity(1 << 16, decoder);
    let (mut line, mut number) = (String::new(), 0);
    let mut buffer = std::io::BufWriter::with_capacity(
        1 << 18,
        records
            .file
            .try_clone()
            .map_err(StoreError::io("write", &records.path))?,
    );
    loop {
        line.clear();
        let read = reader
            .read_line(&mut line)
            .map_err(StoreError::io("decompress", path))?;
        if read == 0 {
            break;
        }
        number += 1;
        let text = line.trim_end_matches('\n');
        let RecordId { id } = serde_json::from_str(text).map_err(|error| StoreError::Record {
            path: path.to_owned(),
            line: number,
            why: error.to_string().into(),
        })?;
        buffer
            .write_all(text.as_bytes())
            .map_err(StoreError::io("write", &records.path))?;
        records.lines.insert(key(&id), (records.bytes, text.len()));
        records.bytes += text.len() as u64;
    }
    buffer
        .flush()
        .map_err(StoreError::io("write", &records.path))
}
