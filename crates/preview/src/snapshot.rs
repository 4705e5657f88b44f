//! The sizes and times of the files of a source, by which a change is recognised.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use khizana_store::config::{CONFIG_FILE, PAGES_DIR};

use crate::config_files::ConfigFolders;

/// Maximum depth of the folders that are read.
const MAX_DEPTH: usize = 16;
/// The folders of an archive that ingest and publish write.
const WRITTEN_FOLDERS: [&str; 3] = ["store", "site", "cache"];

/// The size and the modification time of each file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Snapshot(BTreeMap<PathBuf, (u64, Option<SystemTime>)>);

impl Snapshot {
    /// Takes a snapshot of the folder of a source and of its configuration.
    pub(crate) fn take(source: &Path, config: &ConfigFolders) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let is_archive = source.join(CONFIG_FILE).is_file();
        snapshot.add(source, 0, is_archive);
        for folder in config.all() {
            snapshot.add_file(&folder.join(CONFIG_FILE));
        }
        if let Some(folder) = config.current() {
            snapshot.add(&folder.join(PAGES_DIR), 0, false);
            for (name, _) in config.read().unwrap_or_default() {
                snapshot.add_file(&folder.join(name));
            }
        }
        snapshot
    }

    fn add_file(&mut self, path: &Path) {
        if let Ok(metadata) = fs::metadata(path)
            && metadata.is_file()
        {
            let stamp = (metadata.len(), metadata.modified().ok());
            self.0.insert(path.to_owned(), stamp);
        }
    }

    fn add(&mut self, folder: &Path, depth: usize, is_archive: bool) {
        let Ok(entries) = fs::read_dir(folder) else {
            // The source may be a single file.
            self.add_file(folder);
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if is_temporary(&name) || (is_archive && WRITTEN_FOLDERS.contains(&&*name)) {
                continue;
            }
            let path = entry.path();
            if !path.is_dir() {
                self.add_file(&path);
            } else if depth < MAX_DEPTH {
                self.add(&path, depth + 1, false);
            }
        }
    }
}

/// Returns `true` if a file is hidden, or is one of those that programs create while a table is open.
fn is_temporary(name: &str) -> bool {
    name.starts_with(['.', '~'])
        || name.ends_with('~')
        || name.to_ascii_lowercase().ends_with(".tmp")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_source_and_the_configuration_change_a_snapshot() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        fs::create_dir_all(source.join("scans")).unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("source/metadata.csv", "id\n");
        let config = ConfigFolders::new(&source, None);
        let take = || Snapshot::take(&source, &config);
        let mut before = take();
        for name in [
            "source/~$metadata.xlsx",
            "source/.~lock.metadata.csv#",
            "source/x.tmp",
            "other",
        ] {
            put(name, "x");
            assert_eq!(take(), before, "{name}");
        }
        for (name, text) in [
            ("source/metadata.csv", "id\nx\n"),
            ("source/scans/1.jpg", "x"),
            ("khizana.toml", "[identity]\nlogo = \"logo.svg\""),
            ("logo.svg", "<svg/>"),
        ] {
            put(name, text);
            let now = take();
            assert_ne!(now, before, "{name}");
            before = now;
        }
    }
}
