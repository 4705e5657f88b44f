//! Wax names no files in its table: it finds them by the item's `pid` in the folders of `images`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::natural;
use khizana_model::printable;

/// The files and folders of pages that lie under `images/*/`, by the `pid` they belong to.
#[derive(Debug, Default)]
pub(super) struct Images {
    by_pid: BTreeMap<String, Vec<String>>,
    claimed: BTreeSet<String>,
}

impl Images {
    /// Looks through `images/*/` in a source. A folder that cannot be read holds nothing here; the
    /// items then go through without files, and the report says which have none.
    pub(super) fn find(root: &Path) -> Images {
        let mut images = Images::default();
        for collection in names(&root.join("images")) {
            let folder = format!("images/{collection}");
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

    /// The files and folders of an item, which are its own from now on.
    pub(super) fn claim(&mut self, pid: &str) -> Vec<String> {
        let paths = self.by_pid.get(pid).cloned().unwrap_or_default();
        if !paths.is_empty() {
            self.claimed.insert(pid.to_owned());
        }
        paths
    }

    /// How many files no row has claimed, and the first of them.
    pub(super) fn unclaimed(&self) -> Option<(usize, String)> {
        let mut left = self
            .by_pid
            .iter()
            .filter(|(pid, _)| !self.claimed.contains(*pid))
            .flat_map(|(_, paths)| paths);
        let first = left.next()?;
        Some((1 + left.count(), printable(first)))
    }
}

/// The names in a folder that are not hidden.
fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect()
}
