//! Durable file operations.
//!
//! The content of a file is durable once the file has been synced, and its name is durable once its
//! folder has been synced. The file is synced before the folder, and both are synced before
//! anything refers to the file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Writes a new file and syncs its content. Its name is durable only after the folder has been
/// synced.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let write = || -> io::Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_data()
    };
    write().map_err(StoreError::io("write", path))
}

/// Syncs the content of a file.
pub fn sync_file(path: &Path) -> io::Result<()> {
    // Windows only syncs files that are open for writing.
    let file = File::options().read(true).write(cfg!(windows)).open(path)?;
    file.sync_all()
}

/// Creates a folder and any missing parent folders.
pub fn make_dir(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("create the folder", path))
}

/// Syncs the names of the files in a folder. Does nothing on Windows, which has no such call and
/// orders metadata updates itself.
pub fn sync_dir(path: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::io("sync the folder", path))?;
    }
    Ok(())
}

/// Syncs a folder and, recursively, all folders in it.
pub fn sync_tree(path: &Path) -> Result<(), StoreError> {
    for entry in list(path)? {
        if entry.is_dir {
            sync_tree(&entry.path)?;
        }
    }
    sync_dir(path)
}

/// Renames a file or folder.
pub fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(StoreError::io("move a file here", to))
}

/// Removes a folder and its contents if the folder exists.
pub fn remove_tree(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// An entry of a folder.
#[derive(Debug)]
pub struct Entry {
    /// The path of the entry.
    pub path: PathBuf,
    /// The name of the entry. Invalid UTF-8 is replaced with U+FFFD.
    pub name: String,
    /// `true` if the entry is a folder. It is `false` for a symbolic link to a folder.
    pub is_dir: bool,
}

/// Returns the entries of a folder, sorted by name so that the order is deterministic.
pub fn list(path: &Path) -> Result<Vec<Entry>, StoreError> {
    let read = || -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            entries.push(Entry {
                path: entry.path(),
                name: entry.file_name().to_string_lossy().into_owned(),
                is_dir: entry.file_type()?.is_dir(),
            });
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    };
    read().map_err(StoreError::io("list", path))
}

/// Copies a folder by creating hard links to its files. Copies the content of the files if the file
/// system does not support hard links (FAT).
pub fn link_tree(from: &Path, to: &Path) -> Result<(), StoreError> {
    make_dir(to)?;
    for entry in list(from)? {
        let target = to.join(entry.path.file_name().unwrap_or_default());
        if entry.is_dir {
            link_tree(&entry.path, &target)?;
        } else if fs::hard_link(&entry.path, &target).is_err() {
            fs::copy(&entry.path, &target)
                .and_then(|_| sync_file(&target))
                .map_err(StoreError::io("copy a file here", &target))?;
        }
    }
    Ok(())
}

/// Exchanges two folders atomically. Returns `false` if the system does not support this operation.
pub fn exchange(a: &Path, b: &Path) -> Result<bool, StoreError> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
            Err(error) => Err(StoreError::io("replace", b)(error.into())),
        }
    }
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    {
        let _ = (a, b);
        Ok(false)
    }
}
