//! The place from which originals are read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use khizana_model::{Hash, Id, Media, Storage, TextFile};
use khizana_store::Store;

use crate::PublishError;

/// The place from which originals are read.
#[derive(Clone, Copy)]
pub(crate) enum Reader<'a> {
    /// The store of an archive.
    Store(&'a Store),
    /// A source that has not been ingested: the paths of its files, by SHA-256.
    Source(&'a BTreeMap<Hash, PathBuf>),
}

impl Reader<'_> {
    /// Returns the path of an original in which decoders can seek, and the temporary folder that contains the
    /// original if it was decompressed.
    pub(crate) fn file(
        &self,
        item: &Id,
        media: &Media,
    ) -> Result<(PathBuf, Option<tempfile::TempDir>), PublishError> {
        match (self, media.storage) {
            (Reader::Source(paths), _) => Ok((source_path(paths, &media.sha256)?, None)),
            (Reader::Store(store), Storage::Raw) => {
                Ok((store.stored_path(item, media.into())?, None))
            }
            (Reader::Store(store), Storage::Zstd) => {
                let folder =
                    tempfile::tempdir().map_err(PublishError::write(&std::env::temp_dir()))?;
                let path = folder.path().join("original");
                store.copy_original(item, media, &path)?;
                Ok((path, Some(folder)))
            }
        }
    }

    /// Reads at most the first `limit` bytes of a text.
    pub(crate) fn text(
        &self,
        item: &Id,
        text: &TextFile,
        limit: u64,
    ) -> Result<Vec<u8>, PublishError> {
        let paths = match self {
            Reader::Store(store) => return Ok(store.read_original(item, text, limit)?),
            Reader::Source(paths) => paths,
        };
        let path = source_path(paths, &text.sha256)?;
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(limit).read_to_end(&mut bytes))
            .map_err(|error| PublishError::Original { path, error })?;
        Ok(bytes)
    }
}

fn source_path(paths: &BTreeMap<Hash, PathBuf>, hash: &Hash) -> Result<PathBuf, PublishError> {
    let path = paths.get(hash).cloned();
    path.ok_or_else(|| PublishError::Original {
        path: PathBuf::from(hash.to_string()),
        error: std::io::ErrorKind::NotFound.into(),
    })
}
