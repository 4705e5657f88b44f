//! SHA-256 digests of files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use khizana_model::Hash;
use sha2::{Digest, Sha256};

use super::StoreError;

/// A reader that hashes what it reads.
pub(crate) struct HashingReader {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl HashingReader {
    /// Opens a file.
    ///
    /// # Errors
    /// Returns [`StoreError::Lost`] if the file does not exist, and another error if it cannot be opened.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::Lost {
                path: path.to_owned(),
            },
            _ => StoreError::io("read", path)(error),
        })?;
        Ok(HashingReader {
            file,
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Reads the rest of the file. Returns the digest and the length of the whole file.
    pub(crate) fn finish(mut self) -> io::Result<(Hash, u64)> {
        io::copy(&mut self, &mut io::sink())?;
        Ok((Hash(self.hash.finalize().into()), self.bytes))
    }
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }
}

/// Returns the SHA-256 and the length of a file.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub fn hash_file(path: &Path) -> io::Result<(Hash, u64)> {
    let reader = HashingReader {
        file: File::open(path)?,
        hash: Sha256::new(),
        bytes: 0,
    };
    reader.finish()
}

/// Checks the digest of a file.
///
/// # Errors
/// Returns an error if the file is missing, cannot be read, or has another digest.
pub(crate) fn check_file(path: &Path, expected: Hash) -> Result<(), StoreError> {
    let reader = HashingReader::open(path)?;
    let (found, _) = reader.finish().map_err(StoreError::io("read", path))?;
    if found == expected {
        Ok(())
    } else {
        Err(StoreError::Fixity {
            path: path.to_owned(),
            expected,
            found,
        })
    }
}
