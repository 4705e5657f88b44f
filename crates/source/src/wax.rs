//! Location of the files of Wax items.
//!
//! Tables of Wax do not name files. Instead, Wax finds the files of an item by its `pid` in the folder
//! of images that `_config.yml` names. In older versions, it finds them in the subfolders of `images`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::natural;
use khizana_model::printable;

/// The files and page folders of a Wax site, by the `pid` of the item to which they belong.
#[derive(Debug, Default)]
pub(super) struct Images {
    by_pid: BTreeMap<String, Vec<String>>,
    claimed: BTreeSet<String>,
}

impl Images {
    /// Scans `images/*/` and the configured folder in a source. Folders that cannot be read are treated
    /// as if they were empty.
    pub(super) fn scan(root: &Path, configured: Option<&str>) -> Images {
        let mut images = Images::default();
        let folders = names(&root.join("images"));
        let folders = folders.iter().map(|name| format!("images/{name}"));
        for folder in folders.chain(configured.map(str::to_owned)) {
            if !root.join(&folder).is_dir() {
                continue;
            }
            for name in names(&root.join(&folder)) {
                let path = format!("{folder}/{name}");
                let pid = match name.rsplit_once('.') {
                    Some((stem, _)) if !root.join(&path).is_dir() => stem,
                    _ => &name,
                };
                images
                    .by_pid
                    .entry(pid.nfc().collect())
                    .or_default()
                    .push(path);
            }
        }
        for paths in images.by_pid.values_mut() {
            paths.sort_by(|a, b| natural::compare(a, b));
        }
        images
    }

    /// Returns the files and folders of an item, and marks them as claimed.
    pub(super) fn claim(&mut self, pid: &str) -> Vec<String> {
        let paths = self.by_pid.get(pid).cloned().unwrap_or_default();
        if !paths.is_empty() {
            self.claimed.insert(pid.to_owned());
        }
        paths
    }

    /// Returns the number of files and folders that no item has claimed, and the first of them.
    /// Returns `None` if there are none.
    pub(super) fn unclaimed(&self) -> Option<(usize, String)> {
        let mut unclaimed = self
            .by_pid
            .iter()
            .filter(|(pid, _)| !self.claimed.contains(*pid))
            .flat_map(|(_, paths)| paths);
        let first = unclaimed.next()?;
        Some((1 + unclaimed.count(), printable(first)))
    }
}

/// Returns the names of the entries in a folder that are not hidden.
fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect()
}
