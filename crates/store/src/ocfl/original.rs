//! Reading of originals.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use khizana_model::{Hash, Id, Item, Media, Storage, TextFile};
use sha2::{Digest, Sha256};

use super::{Inventory, Object, ObjectId, RECORD_FILE, Store, StoreError, durable, logical_path};

/// The description of an original in a record.
#[derive(Debug, Clone, Copy)]
pub struct OriginalRef<'a> {
    /// The path of the original in the source.
    pub name: &'a str,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// The form in which the store keeps the original.
    pub storage: Storage,
}

impl<'a> From<&'a Media> for OriginalRef<'a> {
    fn from(media: &'a Media) -> Self {
        OriginalRef {
            name: &media.name,
            sha256: media.sha256,
            bytes: media.bytes,
            storage: media.storage,
        }
    }
}

impl<'a> From<&'a TextFile> for OriginalRef<'a> {
    fn from(text: &'a TextFile) -> Self {
        OriginalRef {
            name: &text.name,
            sha256: text.sha256,
            bytes: text.bytes,
            storage: text.storage,
        }
    }
}

/// Returns an iterator over the originals of an item. Each media file is followed by its text,
/// tracks and poster.
pub fn item_files(item: &Item) -> impl Iterator<Item = OriginalRef<'_>> {
    item.media.iter().flat_map(|media| {
        let tracks = media.tracks.iter().map(|track| (&track.file).into());
        std::iter::once(OriginalRef::from(media))
            .chain(media.text.as_ref().map(Into::into))
            .chain(tracks)
            .chain(media.poster.as_deref().map(Into::into))
    })
}

impl Store {
    /// Opens an original of an item.
    ///
    /// The SHA-256 is computed while the original is read. If it differs from the SHA-256 in the
    /// record, the read at the end of the original fails.
    ///
    /// # Errors
    /// Returns an error if the original is missing or cannot be opened.
    pub fn open_original<'a>(
        &self,
        item: &Id,
        original: impl Into<OriginalRef<'a>>,
    ) -> Result<Original, StoreError> {
        let original = original.into();
        let path = self.stored_path(item, original)?;
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::Lost { path: path.clone() },
            _ => StoreError::io("read", &path)(error),
        })?;
        let inner = match original.storage {
            Storage::Raw => Form::Raw(file),
            Storage::Zstd => {
                Form::Zstd(zstd::Decoder::new(file).map_err(StoreError::io("read", &path))?)
            }
        };
        Ok(Original {
            inner,
            hash: Some(Sha256::new()),
            expected: original.sha256,
            left: original.bytes,
            path,
        })
    }

    /// Copies an original to a new file and checks its SHA-256. Removes the new file if this fails.
    ///
    /// # Errors
    /// Returns an error if the original is missing or damaged, or the file cannot be written.
    pub fn copy_original<'a>(
        &self,
        item: &Id,
        original: impl Into<OriginalRef<'a>>,
        target: &Path,
    ) -> Result<(), StoreError> {
        let mut from = self.open_original(item, original)?;
        let path = from.path.clone();
        let mut to = File::create_new(target).map_err(StoreError::io("write", target))?;
        let copied = from.copy_to(&mut to, &path, target);
        if copied.is_err() {
            let _ = std::fs::remove_file(target);
        }
        copied
    }

    /// Reads at most the first `limit` bytes of an original. The SHA-256 is checked only if the
    /// original is shorter than `limit`.
    ///
    /// # Errors
    /// Returns an error if the original is missing, cannot be read, or is found to be damaged.
    pub fn read_original<'a>(
        &self,
        item: &Id,
        original: impl Into<OriginalRef<'a>>,
        limit: u64,
    ) -> Result<Vec<u8>, StoreError> {
        let from = self.open_original(item, original)?;
        let path = from.path.clone();
        let mut bytes = Vec::new();
        from.take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| as_store_error(error, &path))?;
        Ok(bytes)
    }

    /// Returns the path of the file that contains an original in the store. The file may be
    /// compressed; see [`OriginalRef::storage`].
    ///
    /// # Errors
    /// Returns an error if the original is missing, or the inventory cannot be read.
    pub fn stored_path(&self, item: &Id, original: OriginalRef<'_>) -> Result<PathBuf, StoreError> {
        let id = ObjectId::Item(item.clone());
        let object = self.object(&id)?.ok_or_else(|| StoreError::Lost {
            path: self.root.join(super::object_path(&id.urn())),
        })?;
        let digest = match original.storage {
            // The stored file is the unchanged original, so that both have the same digest.
            Storage::Raw => Some(original.sha256),
            Storage::Zstd => object.packed_digest(original)?,
        };
        digest
            .and_then(|digest| object.content(&digest))
            .ok_or_else(|| StoreError::Lost {
                path: object
                    .path
                    .join(logical_path(original.name, original.storage)),
            })
    }
}

impl Object {
    /// Returns the digest of the compressed form of an original.
    ///
    /// If a run was interrupted before it wrote the collection, the record that the caller has may
    /// be older than the newest version of the object. Therefore, this method searches for the
    /// newest version whose record contains the original.
    fn packed_digest(&self, original: OriginalRef<'_>) -> Result<Option<Hash>, StoreError> {
        let logical = logical_path(original.name, original.storage);
        for version in self.inventory.newest_first() {
            let Some(digest) = version.digest_of(&logical) else {
                continue;
            };
            let Some(record) = record_of(&self.path, &self.inventory, version)? else {
                continue;
            };
            if item_files(&record)
                .any(|file| file.name == original.name && file.sha256 == original.sha256)
            {
                return Ok(Some(digest));
            }
        }
        Ok(None)
    }
}

/// Reads the record of a version. Returns `None` if the version has no record.
pub(crate) fn record_of(
    object: &Path,
    inventory: &Inventory,
    version: &super::Version,
) -> Result<Option<Item>, StoreError> {
    version
        .digest_of(RECORD_FILE)
        .and_then(|digest| inventory.content_path(&digest))
        .map(|path| super::read_json(&object.join(path)))
        .transpose()
}

enum Form {
    Raw(File),
    Zstd(zstd::Decoder<'static, io::BufReader<File>>),
}

/// A reader of an original. It checks the SHA-256 at the end of the original.
pub struct Original {
    inner: Form,
    hash: Option<Sha256>,
    expected: Hash,
    left: u64,
    path: PathBuf,
}

impl Original {
    fn copy_to(&mut self, to: &mut File, path: &Path, target: &Path) -> Result<(), StoreError> {
        let mut chunk = vec![0; 1 << 20];
        loop {
            let n = self
                .read(&mut chunk)
                .map_err(|error| as_store_error(error, path))?;
            if n == 0 {
                break;
            }
            io::Write::write_all(to, chunk.get(..n).unwrap_or_default())
                .map_err(StoreError::io("write", target))?;
        }
        to.sync_all().map_err(StoreError::io("sync", target))?;
        target.parent().map_or(Ok(()), durable::sync_dir)
    }
}

/// Extracts the store error from an error of [`Original::read`].
fn as_store_error(error: io::Error, path: &Path) -> StoreError {
    match error.downcast::<StoreError>() {
        Ok(error) => error,
        Err(error) => StoreError::io("read", path)(error),
    }
}

impl Read for Original {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let n = match &mut self.inner {
            Form::Raw(file) => file.read(buffer)?,
            Form::Zstd(decoder) => decoder.read(buffer).map_err(|error| {
                io::Error::other(StoreError::Corrupt {
                    path: self.path.clone(),
                    why: error.to_string().into(),
                })
            })?,
        };
        if let Some(hash) = &mut self.hash {
            hash.update(buffer.get(..n).unwrap_or_default());
        }
        // Reading stops at the length in the record, because damaged zstd data could decompress to
        // far more data.
        let too_long = n as u64 > self.left;
        self.left = self.left.saturating_sub(n as u64);
        if (n == 0 || too_long)
            && let Some(hash) = self.hash.take()
        {
            let found = Hash(hash.finalize().into());
            if too_long || found != self.expected {
                return Err(io::Error::other(StoreError::Fixity {
                    path: self.path.clone(),
                    expected: self.expected,
                    found,
                }));
            }
        }
        Ok(n)
    }
}

/// Returns the list of the originals of an item in the format that `sha256sum --check` reads, sorted by
/// name. `originals` are names and SHA-256.
pub fn sha256sum_list<'a>(originals: impl IntoIterator<Item = (&'a str, Hash)>) -> Vec<u8> {
    let mut originals: Vec<_> = originals.into_iter().collect();
    originals.sort();
    originals.dedup();
    let mut list = String::new();
    for (name, sha256) in originals {
        let escaped = name
            .replace('\\', "\\\\")
            .replace('\n', "\\n")
            .replace('\r', "\\r");
        // A backslash at the beginning of a line announces escaped characters.
        let mark = if escaped == name { "" } else { "\\" };
        list.push_str(&format!("{mark}{sha256}  {escaped}\n"));
    }
    list.into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn escapes_names_in_lists_like_sha256sum() {
        let list = sha256sum_list([
            ("b\nc\\d.txt", Hash([2; 32])),
            ("a  b.txt", Hash([1; 32])),
            ("a  b.txt", Hash([1; 32])),
        ]);
        let (one, two) = ("01".repeat(32), "02".repeat(32));
        let expected = format!("{one}  a  b.txt\n\\{two}  b\\nc\\\\d.txt\n");
        assert_eq!(String::from_utf8(list).unwrap(), expected);
    }
}
