//! The location of the catalogue.

use std::path::{Path, PathBuf};

use khizana_model::Hash;
use sha2::{Digest, Sha256};

use super::CATALOGUE_FILE;
use crate::disk::is_on_network;

/// Returns the path of the catalogue of an archive: in its folder or, if that is on a network disk, in the
/// cache folder of the user, because SQLite's write-ahead log does not work on network disks.
pub(super) fn catalogue_path(archive: &Path) -> PathBuf {
    if is_on_network(archive)
        && let Some(cache) = cache_dir()
    {
        return local_path(archive, &cache);
    }
    archive.join(CATALOGUE_FILE)
}

/// Returns the path of the catalogue in a cache folder, which depends on the path of the archive.
fn local_path(archive: &Path, cache: &Path) -> PathBuf {
    let archive = archive
        .canonicalize()
        .unwrap_or_else(|_| archive.to_owned());
    let digest = Hash(Sha256::digest(archive.to_string_lossy().as_bytes()).into()).to_string();
    let folder = digest.get(..16).unwrap_or_default();
    cache.join("khizana").join(folder).join(CATALOGUE_FILE)
}

/// Returns the folder for files of the user that can be made again.
fn cache_dir() -> Option<PathBuf> {
    let folder = |name: &str| {
        let folder = std::env::var_os(name).map(PathBuf::from);
        folder.filter(|folder| folder.is_absolute())
    };
    folder("XDG_CACHE_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| Some(folder("HOME")?.join(".cache")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_have_different_catalogues_in_the_cache() {
        let path = |archive: &str| local_path(Path::new(archive), Path::new("/cache"));
        assert_ne!(path("/no/archive"), path("/no/other"));
        assert_eq!(path("/no/archive"), path("/no/archive"));
        assert!(path("/no/archive").ends_with(CATALOGUE_FILE));
        assert!(path("/no/archive").starts_with("/cache/khizana"));
    }
}
