//! The site that is deployed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use khizana_format::hash_of;
use khizana_model::Hash;
use khizana_site::headers::is_immutable;
use khizana_site::{SiteFile, SiteLock, lock_shared, read_contents};

use crate::DeployError;
use crate::headers::FileHeaders;

/// The path of the root of a site.
pub(crate) const ROOT: &str = "archive.json";

/// The level of gzip. Higher ones save little more.
const LEVEL: u32 = 6;

/// A site whose files exist and have the sizes with which they were published.
pub(crate) struct LocalSite {
    folder: PathBuf,
    pub snapshot: String,
    pub root: Bytes,
    /// All files except for the root.
    pub files: BTreeMap<String, SiteFile>,
    _lock: SiteLock,
}

/// Returns `true` if the name of a file changes with its content.
pub(crate) fn is_object(path: &str) -> bool {
    is_immutable(&format!("/{path}"))
}

impl LocalSite {
    /// Opens a site, and compares the sizes of its files with its manifest.
    pub(crate) fn open(folder: &Path) -> Result<LocalSite, DeployError> {
        let lock = lock_shared(folder)?;
        let contents =
            read_contents(folder)?.ok_or_else(|| DeployError::NoManifest(folder.to_owned()))?;
        let mut wrong = contents.files.iter().filter(|(path, file)| {
            let metadata = fs::symlink_metadata(folder.join(path));
            !metadata.is_ok_and(|found| found.is_file() && found.len() == file.bytes)
        });
        if let Some((path, _)) = wrong.next() {
            return Err(DeployError::Incomplete {
                path: folder.join(path),
                count: 1 + wrong.count() as u64,
            });
        }
        Ok(LocalSite {
            folder: folder.to_owned(),
            snapshot: contents.snapshot,
            root: contents.root.into(),
            files: contents.files,
            _lock: lock,
        })
    }

    /// Returns the path of a file on the disk.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Returns the hash of the root.
    pub(crate) fn root_hash(&self) -> Hash {
        hash_of(&self.root)
    }

    /// Returns the total size of the site in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        let files: u64 = self.files.values().map(|file| file.bytes).sum();
        files + self.root.len() as u64
    }
}

/// Reads a file of a site, checks that it has the content that was published, and compresses it if its headers say
/// so.
pub(crate) fn read(
    path: &Path,
    expected: &SiteFile,
    headers: &FileHeaders,
) -> Result<Bytes, DeployError> {
    let mut content = Vec::with_capacity(usize::try_from(expected.bytes).unwrap_or_default());
    let file = fs::File::open(path).map_err(DeployError::unreadable(path))?;
    file.take(expected.bytes + 1)
        .read_to_end(&mut content)
        .map_err(DeployError::unreadable(path))?;
    if hash_of(&content) != expected.sha256 {
        return Err(DeployError::Damaged(path.to_owned()));
    }
    match headers.is_gzip {
        true => gzip(&content).map_err(DeployError::unreadable(path)),
        false => Ok(content.into()),
    }
}

fn gzip(content: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(content)?;
    Ok(encoder.finish()?.into())
}
