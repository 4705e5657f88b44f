//! Getting an original back, bit for bit.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use khizana_model::{Hash, Id, Item, Media, Storage, TextFile};
use sha2::{Digest, Sha256};

use super::{Inventory, Object, ObjectId, RECORD, Store, StoreError, durable, logical_path};

/// What a record says of a file.
#[derive(Debug, Clone, Copy)]
pub struct OriginalRef<'a> {
    /// Its path in the source.
    pub name: &'a str,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// Length of the original.
    pub bytes: u64,
    /// How the store keeps it.
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

/// Every file of an item: of each its text, tracks and poster after it.
pub fn files_of(item: &Item) -> impl Iterator<Item = OriginalRef<'_>> {
    item.media.iter().flat_map(|media| {
        let tracks = media.tracks.iter().map(|track| (&track.file).into());
        std::iter::once(OriginalRef::from(media))
            .chain(media.text.as_ref().map(Into::into))
            .chain(tracks)
            .chain(media.poster.as_deref().map(Into::into))
    })
}

impl Store {
    /// Opens an original of the item `item`, as the record at hand describes it. Reading it to its
    /// end checks it: where it is not what the record says, the last read fails.
    pub fn open_original<'a>(
        &self,
        item: &Id,
        original: impl Into<OriginalRef<'a>>,
    ) -> Result<Original, StoreError> {
        let original = original.into();
        let path = self.original_path(item, original)?;
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

    /// Writes an original to a new file, checked; on failure no file is left.
    pub fn original_to_path<'a>(
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

    /// The first bytes of an original, `most` at most; checked where that is all of it.
    pub fn original_bytes<'a>(
        &self,
        item: &Id,
        original: impl Into<OriginalRef<'a>>,
        most: u64,
    ) -> Result<Vec<u8>, StoreError> {
        let from = self.open_original(item, original)?;
        let path = from.path.clone();
        let mut bytes = Vec::new();
        from.take(most)
            .read_to_end(&mut bytes)
            .map_err(|error| as_store_error(error, &path))?;
        Ok(bytes)
    }

    /// The file in the store that holds an original, in the form in which it is stored.
    pub fn original_path(
        &self,
        item: &Id,
        original: OriginalRef<'_>,
    ) -> Result<PathBuf, StoreError> {
        let id = ObjectId::Item(item.clone());
        let object = self.object(&id)?.ok_or_else(|| StoreError::Lost {
            path: self.root.join(super::object_path(&id.urn())),
        })?;
        let digest = match original.storage {
            // The stored bytes are the original's, and so is their digest.
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
    /// The digest under which a packed original is stored. The record at hand may be older than the
    /// object's newest version (a run died before it wrote the collection), so the version is
    /// sought whose own record names this original.
    fn packed_digest(&self, original: OriginalRef<'_>) -> Result<Option<Hash>, StoreError> {
        let logical = logical_path(original.name, original.storage);
        for version in self.inventory.newest_first() {
            let Some(digest) = version.digest_of(&logical) else {
                continue;
            };
            let Some(record) = record_of(&self.path, &self.inventory, version)? else {
                continue;
            };
            if files_of(&record)
                .any(|file| file.name == original.name && file.sha256 == original.sha256)
            {
                return Ok(Some(digest));
            }
        }
        Ok(None)
    }
}

/// The record that a version holds; `None` where it has none.
pub(crate) fn record_of(
    object: &Path,
    inventory: &Inventory,
    version: &super::Version,
) -> Result<Option<Item>, StoreError> {
    version
        .digest_of(RECORD)
        .and_then(|digest| inventory.content_path(&digest))
        .map(|path| super::read_json(&object.join(path)))
        .transpose()
}

enum Form {
    Raw(File),
    Zstd(zstd::Decoder<'static, io::BufReader<File>>),
}

/// An original being read.
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

/// The store's own error, where a read carried one.
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
            Form::Zstd(decoder) => decoder.read(buffer)?,
        };
        if let Some(hash) = &mut self.hash {
            hash.update(buffer.get(..n).unwrap_or_default());
        }
        // Longer than the record says is as wrong as shorter; and a packed file must not unfold
        // without end.
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
