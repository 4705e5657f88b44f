//! Files and folders that are still there after the power went.
//!
//! A file's bytes are safe once the file is synced, its name once its folder is. Both are done
//! here, in that order, before anything refers to them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Writes a new file whole and syncs it; its name is safe once its folder is synced.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let write = || -> io::Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_data()
    };
    write().map_err(StoreError::io("write", path))
}

/// Makes a folder and those above it.
pub fn make_dir(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("create the folder", path))
}

/// Syncs the names in a folder. Windows has no such call and orders its metadata by itself.
pub fn sync_dir(path: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::io("sync the folder", path))?;
    }
    Ok(())
}

/// Syncs a folder and every folder in it.
pub fn sync_tree(path: &Path) -> Result<(), StoreError> {
    for entry in list(path)? {
        if entry.is_dir {
            sync_tree(&entry.path)?;
        }
    }
    sync_dir(path)
}

/// Gives a file or folder another name.
pub fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(StoreError::io("move a file here", to))
}

/// Removes a folder with all that is in it, if it is there.
pub fn remove_tree(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// A file or folder in a folder.
#[derive(Debug)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// Its name; one that is not UTF-8 is written with U+FFFD.
    pub name: String,
    /// Whether it is a folder (a link is not).
    pub is_dir: bool,
}

/// What is in a folder, by name, so that two runs see the same order.
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

/// Copies a folder by giving each of its files a second name (a hard link), so that nothing is read
/// or written twice. Where the file system has no hard links (FAT), the files are copied.
pub fn link_tree(from: &Path, to: &Path) -> Result<(), StoreError> {
    make_dir(to)?;
    for entry in list(from)? {
        let target = to.join(entry.path.file_name().unwrap_or_default());
        if entry.is_dir {
            link_tree(&entry.path, &target)?;
        } else if fs::hard_link(&entry.path, &target).is_err() {
            fs::copy(&entry.path, &target)
                .and_then(|_| File::open(&target)?.sync_all())
                .map_err(StoreError::io("copy a file here", &target))?;
        }
    }
    Ok(())
}

/// Exchanges two folders in one step of the file system. `Ok(false)` where it cannot do that.
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
