//! Measurement of the folders that search engines write.

use std::path::Path;

use serde::{Deserialize, Serialize};

use xtask::failure::Failure;
use xtask::files;

/// The size of a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderSize {
    pub files: u64,
    pub bytes: u64,
    /// Size of the index and the records in bytes, without pages and programs.
    pub data_bytes: u64,
}

/// Measures the size of all files in a folder. `is_data` receives paths relative to the folder.
pub fn measure(folder: &Path, is_data: fn(&Path) -> bool) -> Result<FolderSize, Failure> {
    let mut size = FolderSize::default();
    for path in files::below(folder, &[])? {
        let bytes = path.metadata().map_err(Failure::file(&path))?.len();
        size.files += 1;
        size.bytes += bytes;
        if is_data(path.strip_prefix(folder).unwrap_or(&path)) {
            size.data_bytes += bytes;
        }
    }
    Ok(size)
}

/// Returns `true` for the root and the objects of a published archive.
pub fn is_khizana_data(path: &Path) -> bool {
    path.starts_with("o") || path == Path::new("archive.json")
}

/// Returns `true` for the data files of Pagefind, whose extensions start with `pf_`.
pub fn is_pagefind_data(path: &Path) -> bool {
    path.ends_with("pagefind-entry.json")
        || path
            .extension()
            .is_some_and(|extension| extension.to_string_lossy().starts_with("pf_"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_data_from_pages_and_programs() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["archive.json", "o/ab/abcd", "en/index.html"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "12345").unwrap();
        }
        let size = measure(dir.path(), is_khizana_data).unwrap();
        let expected = FolderSize {
            files: 3,
            bytes: 15,
            data_bytes: 10,
        };
        assert_eq!(size, expected);
        assert!(is_pagefind_data(Path::new("pagefind/index/en_1.pf_index")));
        assert!(!is_pagefind_data(Path::new("pagefind/pagefind.js")));
    }
}
