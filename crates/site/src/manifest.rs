//! The manifest of a site: the path, the size and the hash of every published file.
//!
//! It is a tree of the published archive (`files` of `archive.json`), so that a reader can verify it. It
//! contains all files except `archive.json` and the objects of the tree itself, which are verified by their
//! names.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use khizana_format::{Archive, Fetch, FetchError, ReadError, TreeRef, hash_of};
use khizana_model::Hash;

use crate::Folder;

/// The size and the hash of a published file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteFile {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content.
    pub sha256: Hash,
}

/// The files of a site by path. Paths are relative to the root of the site and use `/`.
pub type SiteManifest = BTreeMap<String, SiteFile>;

impl SiteFile {
    /// Encodes the value of a manifest entry: the size (eight bytes, big-endian), then the hash.
    pub fn encode(&self) -> Vec<u8> {
        [&self.bytes.to_be_bytes()[..], &self.sha256.0].concat()
    }

    fn decode(value: &[u8]) -> Option<Self> {
        let (bytes, sha256) = value.split_first_chunk()?;
        Some(SiteFile {
            bytes: u64::from_be_bytes(*bytes),
            sha256: Hash(sha256.try_into().ok()?),
        })
    }
}

/// Reads the manifest of the site in a folder. Returns `None` if the site has none, as a site of an earlier
/// version.
///
/// # Errors
/// Returns an error if `archive.json` or an object of the manifest is missing or damaged.
pub fn read_manifest(root: &Path) -> Result<Option<SiteManifest>, ReadError> {
    pollster::block_on(async {
        let archive = Archive::open(Folder::new(root)).await?;
        match &archive.root().files {
            Some(tree) => entries(&archive, tree).await.map(Some),
            None => Ok(None),
        }
    })
}

/// All files of a site, as they are copied or uploaded.
#[derive(Debug)]
pub struct SiteContents {
    /// The content of `archive.json`.
    pub root: Vec<u8>,
    /// The snapshot identifier in `archive.json`.
    pub snapshot: String,
    /// All other files, including the objects of the manifest.
    pub files: SiteManifest,
}

/// Reads the list of all files of the site in a folder. Returns `None` if the site has no manifest.
///
/// # Errors
/// Returns an error like [`read_manifest`].
pub fn read_contents(root: &Path) -> Result<Option<SiteContents>, ReadError> {
    let fetched = RefCell::new(BTreeMap::new());
    let folder = Recorder {
        folder: Folder::new(root),
        fetched: &fetched,
    };
    let (snapshot, files) = pollster::block_on(async {
        let archive = Archive::open(folder).await?;
        let files = match &archive.root().files {
            Some(tree) => Some(entries(&archive, tree).await?),
            None => None,
        };
        Ok::<_, ReadError>((archive.root().snapshot.clone(), files))
    })?;
    let Some(mut files) = files else {
        return Ok(None);
    };
    // The manifest cannot contain the objects that it consists of.
    let mut fetched = fetched.into_inner();
    let root = fetched.remove(ROOT).unwrap_or_default();
    files.extend(fetched.into_iter().map(|(path, content)| {
        let file = SiteFile {
            bytes: content.len() as u64,
            sha256: hash_of(&content),
        };
        (path, file)
    }));
    Ok(Some(SiteContents {
        root,
        snapshot,
        files,
    }))
}

const ROOT: &str = "archive.json";

/// A reader that keeps the files it reads.
struct Recorder<'a> {
    folder: Folder,
    fetched: &'a RefCell<BTreeMap<String, Vec<u8>>>,
}

impl Fetch for Recorder<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let content = self.folder.get(path).await?;
        let mut fetched = self.fetched.borrow_mut();
        fetched.insert(path.to_owned(), content.clone());
        Ok(content)
    }
}

async fn entries<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
) -> Result<SiteManifest, ReadError> {
    let mut manifest = SiteManifest::new();
    visit_files(archive, tree, |path, file| {
        manifest.insert(path, file);
    })
    .await?;
    Ok(manifest)
}

/// Passes the path, the size and the hash of every file in a manifest to `visit`.
pub(crate) async fn visit_files<F: Fetch>(
    archive: &Archive<F>,
    tree: &TreeRef,
    mut visit: impl FnMut(String, SiteFile),
) -> Result<(), ReadError> {
    let entry = |key: Vec<u8>, value: Vec<u8>| {
        let entry = String::from_utf8(key).ok().zip(SiteFile::decode(&value));
        let Some((path, file)) = entry.filter(|(path, _)| is_relative(path)) else {
            return Err(ReadError::Malformed {
                part: "the manifest of the site".into(),
                reason: "an entry is not a path, a size and a hash".to_owned(),
            });
        };
        visit(path, file);
        Ok(())
    };
    archive.visit_entries(tree, entry).await
}

/// Returns `true` if a path cannot lead out of the site.
pub fn is_relative(path: &str) -> bool {
    !path.contains(['\\', ':', '\0'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn entries_round_trip() {
        let file = SiteFile {
            bytes: 1 << 40,
            sha256: Hash([7; 32]),
        };
        assert_eq!(file.encode().len(), 40);
        assert_eq!(SiteFile::decode(&file.encode()), Some(file));
        assert_eq!(SiteFile::decode(&file.encode()[1..]), None);
    }

    #[test]
    fn rejects_paths_outside_the_site() {
        assert!(is_relative("en/item/a/index.html"));
        for path in ["", "/etc/passwd", "../x", "a//b", "a/./b", "c:/x", "a\\b"] {
            assert!(!is_relative(path), "{path}");
        }
    }
}
