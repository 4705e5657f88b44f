//! Hashing of stored files, within a limit of bytes per second.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use khizana_model::{Hash, RateLimit};
use sha2::{Digest, Sha256};
use zstd::zstd_safe::{DCtx, ResetDirective};

use crate::ocfl::StoreError;

/// Maximum number of bytes that are read at once.
const CHUNK: u64 = 1 << 18;

thread_local! {
    /// The context of decompression, which takes longer to create than a small file to decompress.
    static CONTEXT: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// Checks the SHA-256 of a file and returns the length of the file in bytes. If the file is a
/// compressed original, the decompressed content is hashed in the same pass.
pub(super) fn check_content(
    path: &Path,
    expected: Hash,
    original: Option<&(Hash, u64)>,
    rate: Option<&RateLimit>,
) -> Result<u64, StoreError> {
    let mut reader = HashingReader::open(path, rate)?;
    let unpacked = original.map(|(_, bytes)| unpack(&mut reader, *bytes));
    let (found, bytes) = reader.finish().map_err(StoreError::io("read", path))?;
    let fixity = |expected, found| StoreError::Fixity {
        path: path.to_owned(),
        expected,
        found,
    };
    if found != expected {
        return Err(fixity(expected, found));
    }
    if let (Some((sha256, _)), Some(unpacked)) = (original, unpacked) {
        let found = unpacked.map_err(StoreError::io("unpack", path))?;
        if found != *sha256 {
            return Err(fixity(*sha256, found));
        }
    }
    Ok(bytes)
}

/// Waits as long as reading a file takes within the limit. For small files that are read in one piece.
pub(super) fn wait_for_file(path: &Path, rate: Option<&RateLimit>) {
    if let Some(rate) = rate
        && let Ok(file) = std::fs::metadata(path)
    {
        rate.wait(file.len());
    }
}

/// A reader that hashes what it reads.
struct HashingReader<'a> {
    file: File,
    /// Length of the file when it was opened.
    length: u64,
    hash: Sha256,
    bytes: u64,
    rate: Option<&'a RateLimit>,
}

impl<'a> HashingReader<'a> {
    fn open(path: &Path, rate: Option<&'a RateLimit>) -> Result<Self, StoreError> {
        let error = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::Lost {
                path: path.to_owned(),
            },
            _ => StoreError::io("read", path)(error),
        };
        let metadata = std::fs::symlink_metadata(path).map_err(error)?;
        if !metadata.is_file() {
            return Err(StoreError::Link {
                path: path.to_owned(),
            });
        }
        Ok(HashingReader {
            file: File::open(path).map_err(error)?,
            length: metadata.len(),
            hash: Sha256::new(),
            bytes: 0,
            rate,
        })
    }

    /// Reads the rest of the file. Returns the digest and the length of the whole file.
    fn finish(mut self) -> io::Result<(Hash, u64)> {
        // One byte more than the file, so that the end of a small file is found by the first read.
        let left = self.length.saturating_sub(self.bytes);
        let size = left.saturating_add(1).min(CHUNK);
        let mut chunk = vec![0; usize::try_from(size).unwrap_or(1)];
        while self.read(&mut chunk)? > 0 {}
        Ok((Hash(self.hash.finalize().into()), self.bytes))
    }
}

impl Read for HashingReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        if let Some(rate) = self.rate {
            rate.wait(count as u64);
        }
        Ok(count)
    }
}

/// Returns the SHA-256 of the decompressed content. Decompresses at most one byte more than the
/// expected length `bytes`.
fn unpack(reader: &mut HashingReader<'_>, bytes: u64) -> io::Result<Hash> {
    CONTEXT.with_borrow_mut(|context| {
        // The last file may have been damaged.
        context
            .reset(ResetDirective::SessionOnly)
            .map_err(|code| io::Error::other(zstd::zstd_safe::get_error_name(code)))?;
        unpack_with(context, reader, bytes)
    })
}

fn unpack_with(
    context: &mut DCtx<'static>,
    reader: &mut HashingReader<'_>,
    bytes: u64,
) -> io::Result<Hash> {
    let size = bytes.saturating_add(1).min(CHUNK);
    let capacity = reader.length.saturating_add(1).min(CHUNK);
    let reader = BufReader::with_capacity(usize::try_from(capacity).unwrap_or(1), reader);
    let decoder = zstd::Decoder::with_context(reader, context);
    let mut hash = Sha256::new();
    let mut chunk = vec![0; usize::try_from(size).unwrap_or(1)];
    let mut limited = decoder.take(bytes.saturating_add(1));
    loop {
        match limited.read(&mut chunk)? {
            0 => return Ok(Hash(hash.finalize().into())),
            n => hash.update(chunk.get(..n).unwrap_or_default()),
        }
    }
}
