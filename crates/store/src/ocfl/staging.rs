//! Staging of files: the source is read once to hash, compress and copy it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use khizana_model::{Hash, Storage};
use sha2::{Digest, Sha256};

use super::{StoreError, durable};

/// Number of bytes that are read at a time. Including the window of the compressor, staging a file
/// takes a few MiB of memory, regardless of the size of the file.
const CHUNK: usize = 1 << 20;
/// The compression level. It is the default of zstd, which achieves most of the possible
/// compression in a fraction of the time.
const LEVEL: i32 = 3;
/// Interval, in chunks, at which a chunk is compressed as a sample while a file is copied, because
/// the first chunk may not be representative.
const TRIAL_EVERY: u64 = 16;

/// A synced file in the work folder that is to be moved into the store. The file is removed when
/// this value is dropped.
#[derive(Debug)]
pub struct StagedFile {
    pub(super) path: PathBuf,
    /// SHA-256 of the staged file, which may be compressed.
    pub digest: Hash,
    /// Length of the staged file, in bytes.
    pub bytes: u64,
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // This fails if the file has been moved into an object.
        let _ = fs::remove_file(&self.path);
    }
}

/// An original that has been staged.
#[derive(Debug)]
pub struct StagedOriginal {
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// The form in which the original was staged.
    pub storage: Storage,
    /// Size and modification time of the source file when it was read.
    pub stamp: FileStamp,
    /// The staged file.
    pub staged: StagedFile,
}

/// Size and modification time of a file. They allow changes to be detected without reading the
/// file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// Length in bytes.
    pub bytes: u64,
    /// Modification time in nanoseconds since the Unix epoch.
    pub mtime_ns: i64,
}

impl FileStamp {
    /// Reads the stamp of a file.
    ///
    /// # Errors
    /// Returns an error if the metadata of the file cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::from(&fs::metadata(path)?))
    }

    fn from(facts: &fs::Metadata) -> Self {
        let nanoseconds = |time: SystemTime| match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
        };
        FileStamp {
            bytes: facts.len(),
            mtime_ns: facts.modified().map_or(0, nanoseconds),
        }
    }
}

/// An error from staging a file.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The source file cannot be read.
    #[error("the file cannot be read: {0}")]
    Source(io::Error),
    /// The source file changed while it was being read.
    #[error("the file changed while it was being read")]
    Changed,
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stages the file at `source` by writing it to `raw` or `packed`. Neither of these files may
/// exist.
///
/// The source is read once. If its first chunk compresses well, the file is compressed while it is
/// being read; otherwise it is copied. If the whole file turns out to be better stored in the other
/// form, that form is created from the staged copy, and the source is not read again.
pub fn stage_original(
    source: &Path,
    raw: &Path,
    packed: &Path,
    raw_only: bool,
) -> Result<StagedOriginal, StageError> {
    let mut file = File::open(source).map_err(StageError::Source)?;
    let before = FileStamp::from(&file.metadata().map_err(StageError::Source)?);
    let mut chunk = vec![0; CHUNK.min(usize::try_from(before.bytes).unwrap_or(CHUNK).max(1))];
    let mut original = Sha256::new();

    let first = read_full(&mut file, &mut chunk).map_err(StageError::Source)?;
    let head = chunk.get(..first).unwrap_or_default();
    let starts_packed = !raw_only && worth(head.len() as u64, trial(head)?);
    let mut out = if starts_packed {
        Out::packed(packed, before.bytes)?
    } else {
        Out::raw(raw)?
    };

    let (mut bytes, mut tried, mut tried_packed, mut count) = (0u64, 0u64, 0u64, 0u64);
    let mut filled = first;
    while filled > 0 {
        let part = chunk.get(..filled).unwrap_or_default();
        bytes += filled as u64;
        if bytes > before.bytes {
            return Err(StageError::Changed);
        }
        original.update(part);
        if !starts_packed && !raw_only && count.is_multiple_of(TRIAL_EVERY) {
            tried += filled as u64;
            tried_packed += trial(part)?;
        }
        count += 1;
        out.write(part)?;
        filled = read_full(&mut file, &mut chunk).map_err(StageError::Source)?;
    }
    // Both the open file and the path are checked, because another file may have been moved to the
    // path.
    let after = FileStamp::from(&file.metadata().map_err(StageError::Source)?);
    let named = FileStamp::of(source).map_err(StageError::Source)?;
    if bytes != before.bytes || after != before || named != before {
        return Err(StageError::Changed);
    }

    let sha256 = Hash(original.finalize().into());
    let (storage, staged) = if starts_packed {
        let staged = out.finish(None)?;
        if worth(bytes, staged.bytes) {
            (Storage::Zstd, staged)
        } else {
            (Storage::Raw, unpack(&staged, raw, sha256)?)
        }
    } else if count > 1 && worth(tried, tried_packed) {
        let copy = out.finish_unsynced(sha256)?;
        let smaller = pack(&copy, packed)?;
        if worth(bytes, smaller.bytes) {
            (Storage::Zstd, smaller)
        } else {
            sync(&copy.path)?;
            (Storage::Raw, copy)
        }
    } else {
        (Storage::Raw, out.finish(Some(sha256))?)
    };
    Ok(StagedOriginal {
        sha256,
        bytes,
        storage,
        stamp: before,
        staged,
    })
}

/// Compresses the output of `fill` with zstd and stages it.
pub fn stage_packed(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<StagedFile, StoreError> {
    let mut out = Out::packed_unsized(path)?;
    fill(&mut out.sink).map_err(StoreError::io("write", path))?;
    out.finish(None)
}

/// Returns `true` if the compressed form is at least 10 % smaller than the original.
fn worth(bytes: u64, packed: u64) -> bool {
    bytes > 0 && packed.saturating_mul(10) <= bytes.saturating_mul(9)
}

/// Returns the compressed length of a chunk, in bytes.
fn trial(chunk: &[u8]) -> Result<u64, StoreError> {
    zstd::bulk::compress(chunk, LEVEL)
        .map(|packed| packed.len() as u64)
        .map_err(StoreError::io("compress", Path::new("")))
}

fn sync(path: &Path) -> Result<(), StoreError> {
    durable::sync_file(path).map_err(StoreError::io("sync", path))
}

/// Reads until the chunk is full or the file ends.
fn read_full(file: &mut File, chunk: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = chunk.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Creates the raw form of an original from its compressed copy.
fn unpack(packed: &StagedFile, raw: &Path, sha256: Hash) -> Result<StagedFile, StoreError> {
    let mut out = Out::raw(raw)?;
    let mut copy = || -> io::Result<()> {
        let mut from = zstd::Decoder::new(File::open(&packed.path)?)?;
        io::copy(&mut from, &mut out.sink)?;
        Ok(())
    };
    copy().map_err(StoreError::io("write", raw))?;
    out.finish(Some(sha256))
}

/// Creates the compressed form of an original from its raw copy.
fn pack(raw: &StagedFile, packed: &Path) -> Result<StagedFile, StoreError> {
    let mut out = Out::packed(packed, raw.bytes)?;
    let mut copy = || -> io::Result<()> {
        let mut chunk = vec![0; CHUNK];
        let mut from = File::open(&raw.path)?;
        loop {
            let filled = read_full(&mut from, &mut chunk)?;
            if filled == 0 {
                return Ok(());
            }
            out.sink
                .write_all(chunk.get(..filled).unwrap_or_default())?;
        }
    };
    copy().map_err(StoreError::io("write", packed))?;
    out.finish(None)
}

/// A file that is being written in one of the two forms.
struct Out {
    path: PathBuf,
    sink: Sink,
}

enum Sink {
    Raw(Counted<Plain>),
    Packed(zstd::Encoder<'static, Counted<Hashing>>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Raw(file) => file.write(bytes),
            Sink::Packed(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Raw(file) => file.flush(),
            Sink::Packed(encoder) => encoder.flush(),
        }
    }
}

impl Out {
    fn raw(path: &Path) -> Result<Self, StoreError> {
        let file = File::create_new(path).map_err(StoreError::io("write", path))?;
        Ok(Out {
            path: path.to_owned(),
            sink: Sink::Raw(Counted::new(Plain(file))),
        })
    }

    /// Creates a file that contains a single zstd frame with content length and checksum, so that
    /// `zstd -t` can verify it.
    fn packed(path: &Path, bytes: u64) -> Result<Self, StoreError> {
        Self::encoder(path, Some(bytes))
    }

    fn packed_unsized(path: &Path) -> Result<Self, StoreError> {
        Self::encoder(path, None)
    }

    fn encoder(path: &Path, bytes: Option<u64>) -> Result<Self, StoreError> {
        let make = || -> io::Result<Sink> {
            let file = File::create_new(path)?;
            let hashing = Hashing(file, Sha256::new());
            let mut encoder = zstd::Encoder::new(Counted::new(hashing), LEVEL)?;
            encoder.include_checksum(true)?;
            encoder.include_contentsize(bytes.is_some())?;
            encoder.set_pledged_src_size(bytes)?;
            Ok(Sink::Packed(encoder))
        };
        Ok(Out {
            path: path.to_owned(),
            sink: make().map_err(StoreError::io("write", path))?,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.sink
            .write_all(bytes)
            .map_err(StoreError::io("write", &self.path))
    }

    /// Completes and syncs the file. `digest` is the digest of the original if the file is raw.
    fn finish(self, digest: Option<Hash>) -> Result<StagedFile, StoreError> {
        let path = self.path.clone();
        let staged = self.end(digest)?;
        staged
            .0
            .sync_data()
            .map_err(StoreError::io("sync", &path))?;
        Ok(staged.1)
    }

    fn finish_unsynced(self, digest: Hash) -> Result<StagedFile, StoreError> {
        self.end(Some(digest)).map(|(_, staged)| staged)
    }

    fn end(self, digest: Option<Hash>) -> Result<(File, StagedFile), StoreError> {
        let (file, digest, bytes) = match self.sink {
            Sink::Raw(counted) => (counted.inner.0, digest, counted.bytes),
            Sink::Packed(encoder) => {
                let counted = encoder
                    .finish()
                    .map_err(StoreError::io("write", &self.path))?;
                let Hashing(file, hash) = counted.inner;
                (file, Some(Hash(hash.finalize().into())), counted.bytes)
            }
        };
        let digest = digest.unwrap_or(Hash([0; 32]));
        Ok((
            file,
            StagedFile {
                path: self.path,
                digest,
                bytes,
            },
        ))
    }
}

/// A file that is written without being hashed, because its digest is computed elsewhere.
struct Plain(File);

impl Write for Plain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A file that is hashed as it is written.
struct Hashing(File, Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes)?;
        self.1.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A writer that counts the bytes that are written.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W> Counted<W> {
    fn new(inner: W) -> Self {
        Counted { inner, bytes: 0 }
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns bytes that cannot be compressed: the SHA-256 digests of a counter.
    fn noise(bytes: usize) -> Vec<u8> {
        let mut noise = Vec::with_capacity(bytes + 32);
        let mut n = 0u64;
        while noise.len() < bytes {
            noise.extend_from_slice(&Sha256::digest(n.to_le_bytes()));
            n += 1;
        }
        noise.truncate(bytes);
        noise
    }

    fn take(content: &[u8], raw_only: bool) -> (StagedOriginal, Vec<u8>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        fs::write(&source, content).unwrap();
        let (raw, packed) = (folder.path().join("raw"), folder.path().join("packed"));
        let taken = stage_original(&source, &raw, &packed, raw_only).unwrap();
        let stored = fs::read(&taken.staged.path).unwrap();
        // Exactly one of the two files is left.
        assert_ne!(raw.exists(), packed.exists());
        assert_eq!(taken.sha256, Hash(Sha256::digest(content).into()));
        assert_eq!(taken.staged.digest, Hash(Sha256::digest(&stored).into()));
        assert_eq!(taken.staged.bytes, stored.len() as u64);
        assert_eq!(taken.bytes, content.len() as u64);
        (taken, stored, folder)
    }

    #[test]
    fn compresses_to_one_frame_with_length_and_checksum() {
        let text = "المقتبس ".repeat(400_000).into_bytes();
        let (taken, stored, _folder) = take(&text, false);
        assert_eq!(taken.storage, Storage::Zstd);
        assert_eq!(zstd::decode_all(stored.as_slice()).unwrap(), text);
        let length = zstd::zstd_safe::get_frame_content_size(&stored).unwrap();
        assert_eq!(length, Some(text.len() as u64));
        // Bit 2 of the frame header descriptor is set if the frame has a checksum.
        assert_eq!(stored[4] & 4, 4);
        let frame = zstd::zstd_safe::find_frame_compressed_size(&stored);
        assert_eq!(frame, Ok(stored.len()));
    }

    #[test]
    fn keeps_incompressible_files() {
        for content in [noise(3_000_000), noise(1), noise(100), Vec::new()] {
            let (taken, stored, _folder) = take(&content, false);
            assert_eq!(taken.storage, Storage::Raw);
            assert_eq!(stored, content);
        }
    }

    #[test]
    fn corrects_a_misleading_beginning() {
        let mut content = vec![0; CHUNK];
        content.extend(noise(20 * CHUNK));
        let (taken, stored, _folder) = take(&content, false);
        assert_eq!(taken.storage, Storage::Raw);
        assert!(stored == content);

        let mut content = noise(CHUNK);
        content.extend(vec![b'x'; 40 * CHUNK]);
        let (taken, stored, _folder) = take(&content, false);
        assert_eq!(taken.storage, Storage::Zstd);
        assert!(zstd::decode_all(stored.as_slice()).unwrap() == content);
    }

    #[test]
    fn compresses_if_a_tenth_is_saved() {
        assert!(worth(1000, 900));
        assert!(!worth(1000, 901));
        assert!(!worth(0, 0));
        assert!(worth(u64::MAX, 1));
    }

    #[test]
    fn does_not_compress_if_raw_only() {
        let text = vec![b'a'; 100_000];
        let (taken, stored, _folder) = take(&text, true);
        assert_eq!(taken.storage, Storage::Raw);
        assert_eq!(stored, text);
    }

    #[test]
    fn a_missing_file_is_an_error_of_the_source() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name| folder.path().join(name);
        let result = stage_original(&at("none"), &at("raw"), &at("packed"), false);
        assert!(matches!(result, Err(StageError::Source(_))));
    }
}
