//! What lies in a folder that a search engine wrote.

use std::path::Path;

use serde::{Deserialize, Serialize};

use xtask::failure::Failure;
use xtask::files;

/// How much lies there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub files: u64,
    pub bytes: u64,
    /// Of these, the bytes of the index and of the records it finds: without pages and programs.
    pub data_bytes: u64,
}

/// Looks at all files below a folder. `is_data` is asked about paths relative to it.
pub fn measure(folder: &Path, is_data: fn(&Path) -> bool) -> Result<Held, Failure> {
    let mut held = Held::default();
    for path in files::below(folder, &[])? {
        let bytes = path.metadata().map_err(Failure::file(&path))?.len();
        held.files += 1;
        held.bytes += bytes;
        if is_data(path.strip_prefix(folder).unwrap_or(&path)) {
            held.data_bytes += bytes;
        }
    }
    Ok(held)
}

/// A published archive: its root and its objects.
pub fn khizana_data(path: &Path) -> bool {
    path.starts_with("o") || path == Path::new("archive.json")
}

/// Pagefind's files of data begin with `pf_` in their ending.
pub fn pagefind_data(path: &Path) -> bool {
    path.ends_with("pagefind-entry.json")
        || path
            .extension()
            .is_some_and(|ending| ending.to_string_lossy().starts_with("pf_"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn data_is_told_from_programs() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["archive.json", "o/ab/abcd", "en/index.html"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "12345").unwrap();
        }
        let held = measure(dir.path(), khizana_data).unwrap();
        let wanted = Held {
            files: 3,
            bytes: 15,
            data_bytes: 10,
        };
        assert_eq!(held, wanted);
        assert!(pagefind_data(Path::new("pagefind/index/en_1.pf_index")));
        assert!(!pagefind_data(Path::new("pagefind/pagefind.js")));
    }
}
