//! Files below a folder, and one digest over many of them.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Every file below `dir`, in order of their paths, without hidden ones and without folders that
/// `skip` names. A file stands for itself; what does not exist has none.
pub fn below(dir: &Path, skip: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    collect(dir, skip, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(path: &Path, skip: &[&str], found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_file() {
        found.push(path.to_owned());
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
            collect(&entry.path(), skip, found)?;
        }
    }
    Ok(())
}

/// SHA-256 over the paths (relative to `root`) and contents of files, in hexadecimal.
pub fn digest(root: &Path, files: &[PathBuf]) -> Result<String, Failure> {
    let mut hasher = Sha256::new();
    for file in files {
        let content = std::fs::read(file).map_err(Failure::file(file))?;
        let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy();
        // Lengths first, so that no two lists of files can give the same bytes.
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
    fn a_digest_sees_names_and_contents() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("in/dist")).unwrap();
        std::fs::write(dir.path().join("in/one"), "a").unwrap();
        std::fs::write(dir.path().join("in/.hidden"), "a").unwrap();
        std::fs::write(dir.path().join("in/dist/two"), "a").unwrap();
        let digest_now = || {
            let files = below(dir.path(), &["dist"]).unwrap();
            (files.len(), digest(dir.path(), &files).unwrap())
        };
        let (count, first) = digest_now();
        assert_eq!(count, 1);
        std::fs::write(dir.path().join("in/one"), "b").unwrap();
        assert_ne!(digest_now().1, first);
        std::fs::write(dir.path().join("in/one"), "a").unwrap();
        assert_eq!(digest_now().1, first);
        std::fs::rename(dir.path().join("in/one"), dir.path().join("in/three")).unwrap();
        assert_ne!(digest_now().1, first);
    }

    #[test]
    fn what_does_not_exist_has_no_files() {
        assert!(below(Path::new("no-such-folder"), &[]).unwrap().is_empty());
    }
}
