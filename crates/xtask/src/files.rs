//! File lists and digests.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Returns the sorted paths of all files below `path`. Hidden files and the folders whose names are
/// in `skip` are omitted. If `path` is a file, the list contains only this file. If it does not
/// exist, the list is empty.
pub fn below(path: &Path, skip: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    collect(path, skip, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(path: &Path, skip: &[&str], files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(Failure::file(path))? {
        let entry = entry.map_err(Failure::file(path))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && !skip.contains(&name.as_ref()) {
            collect(&entry.path(), skip, files)?;
        }
    }
    Ok(())
}

/// Returns the SHA-256 of the paths (relative to `root`) and contents of files, in hexadecimal.
pub fn digest(root: &Path, files: &[PathBuf]) -> Result<String, Failure> {
    let mut hasher = Sha256::new();
    for file in files {
        let content = std::fs::read(file).map_err(Failure::file(file))?;
        let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy();
        // The lengths make the encoding of the list unambiguous.
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name.as_bytes());
        hasher.update((content.len() as u64).to_be_bytes());
        hasher.update(&content);
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn digest_depends_on_names_and_contents() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("in/dist")).unwrap();
        std::fs::write(dir.path().join("in/one"), "a").unwrap();
        std::fs::write(dir.path().join("in/.hidden"), "a").unwrap();
        std::fs::write(dir.path().join("in/dist/two"), "a").unwrap();
        let current = || {
            let files = below(dir.path(), &["dist"]).unwrap();
            (files.len(), digest(dir.path(), &files).unwrap())
        };
        let (count, first) = current();
        assert_eq!(count, 1);
        std::fs::write(dir.path().join("in/one"), "b").unwrap();
        assert_ne!(current().1, first);
        std::fs::write(dir.path().join("in/one"), "a").unwrap();
        assert_eq!(current().1, first);
        std::fs::rename(dir.path().join("in/one"), dir.path().join("in/three")).unwrap();
        assert_ne!(current().1, first);
    }

    #[test]
    fn below_is_empty_for_a_missing_path() {
        assert!(below(Path::new("no-such-folder"), &[]).unwrap().is_empty());
    }
}
