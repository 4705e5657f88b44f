//! Copies of folders, on the disk and in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The files of a folder: the path relative to it, and the content.
pub type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Returns the relative paths of all files below a folder, also of hidden ones. Links are not followed.
pub fn paths(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    let mut ahead = vec![PathBuf::new()];
    while let Some(folder) = ahead.pop() {
        let path = root.join(&folder);
        for entry in fs::read_dir(&path).map_err(Failure::file(&path))? {
            let entry = entry.map_err(Failure::file(&path))?;
            let kind = entry.file_type().map_err(Failure::file(&path))?;
            let relative = folder.join(entry.file_name());
            if kind.is_dir() {
                ahead.push(relative);
            } else {
                paths.push(relative);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads all files below a folder.
pub fn read(root: &Path) -> Result<Tree, Failure> {
    let mut tree = Tree::new();
    for path in paths(root)? {
        let file = root.join(&path);
        let content = fs::read(&file).map_err(Failure::file(&file))?;
        tree.insert(path, content);
    }
    Ok(tree)
}

/// Writes files into a folder.
pub fn write(root: &Path, tree: &Tree) -> Result<(), Failure> {
    fs::create_dir_all(root).map_err(Failure::file(root))?;
    for (path, content) in tree {
        write_file(&root.join(path), content)?;
    }
    Ok(())
}

/// Writes a file, and creates its folder if it is missing.
pub fn write_file(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    fs::write(path, content).map_err(Failure::file(path))
}

/// Removes a folder if it exists.
pub fn remove(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(Failure::file(path))?;
    }
    Ok(())
}

/// Replaces the content of the folder `to` with that of the folder `from`.
pub fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    remove(to)?;
    copy_into(from, to)
}

fn copy_into(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(Failure::file(to))?;
    for entry in fs::read_dir(from).map_err(Failure::file(from))? {
        let entry = entry.map_err(Failure::file(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            copy_into(&source, &target)?;
        } else {
            fs::copy(&source, &target).map_err(Failure::file(&source))?;
        }
    }
    Ok(())
}

/// Describes the first difference between two trees, or returns `None` if they are equal.
pub fn difference(expected: &Tree, found: &Tree) -> Option<String> {
    for (path, content) in expected {
        match found.get(path) {
            None => return Some(format!("{} is missing", path.display())),
            Some(other) if other != content => return Some(format!("{} differs", path.display())),
            Some(_) => {}
        }
    }
    let mut unexpected = found.keys().filter(|path| !expected.contains_key(*path));
    let path = unexpected.next()?;
    Some(format!("{} is unexpected", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_equal_until_a_file_changes() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        write_file(&from.join("a/.hidden"), "1").unwrap();
        write_file(&from.join("b"), "2").unwrap();
        copy(&from, &to).unwrap();
        let expected = read(&from).unwrap();
        let compare = || difference(&expected, &read(&to).unwrap());
        assert_eq!(compare(), None);
        write_file(&to.join("b"), "3").unwrap();
        assert_eq!(compare().unwrap(), "b differs");
        fs::remove_file(to.join("b")).unwrap();
        assert_eq!(compare().unwrap(), "b is missing");
        write_file(&to.join("b"), "2").unwrap();
        write_file(&to.join("c"), "2").unwrap();
        assert_eq!(compare().unwrap(), "c is unexpected");
    }
}
