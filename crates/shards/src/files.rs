//! Writing and reading of files that must be complete after a crash.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::ShardsError;

/// Writes a file and waits until it is on the disk.
pub fn write_synced(path: &Path, content: &[u8]) -> Result<(), ShardsError> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(ShardsError::io("write", path))
}

/// Waits until a file is on the disk.
pub fn sync_file(path: &Path) -> Result<(), ShardsError> {
    // Windows only syncs files that are open for writing.
    let file = File::options().read(true).write(cfg!(windows)).open(path);
    file.and_then(|file| file.sync_all())
        .map_err(ShardsError::io("sync", path))
}

/// Waits until the entries of a folder are on the disk. Windows cannot open folders.
pub fn sync_folder(path: &Path) -> Result<(), ShardsError> {
    if cfg!(windows) {
        return Ok(());
    }
    let sync = || File::open(path)?.sync_all();
    sync().map_err(ShardsError::io("sync", path))
}

/// Creates a folder and the folders above it.
pub fn make_folder(path: &Path) -> Result<(), ShardsError> {
    fs::create_dir_all(path).map_err(ShardsError::io("create", path))
}

/// Returns the number and the total size of the files in a folder and its subfolders.
pub fn count(path: &Path) -> std::io::Result<(u64, u64)> {
    let (mut files, mut bytes) = (0, 0);
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let (more_files, more_bytes) = match entry.file_type()?.is_dir() {
            true => count(&entry.path())?,
            false => (1, entry.metadata()?.len()),
        };
        files += more_files;
        bytes += more_bytes;
    }
    Ok((files, bytes))
}
