//! Media files that no row names.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::files::LocalFile;
use crate::folder::media_in;
use crate::natural;

/// The files that the rows name, by folder.
#[derive(Debug, Default)]
pub(super) struct NamedFiles(BTreeMap<PathBuf, BTreeSet<OsString>>);

impl NamedFiles {
    pub(super) fn add(&mut self, file: &LocalFile) {
        if let (Some(folder), Some(name)) = (file.path.parent(), file.path.file_name()) {
            match self.0.get_mut(folder) {
                Some(names) => names.insert(name.to_owned()),
                None => self
                    .0
                    .entry(folder.to_owned())
                    .or_default()
                    .insert(name.to_owned()),
            };
        }
    }

    /// Returns the number of the other media files in the same folders, and the path of the first of them
    /// in the source. Folders without a named file may belong to something else.
    pub(super) fn others(&self, root: &Path) -> Option<(u64, String)> {
        let (mut count, mut first) = (0, None);
        for (folder, names) in &self.0 {
            let mut media = media_in(folder).unwrap_or_default();
            media.retain(|name| !names.contains(Path::new(name).as_os_str()));
            media.sort_by(|a, b| natural::compare(a, b));
            count += media.len() as u64;
            if let (None, Some(name)) = (&first, media.first()) {
                let path = folder.join(name);
                let path = path.strip_prefix(root).unwrap_or(&path);
                first = Some(path.to_string_lossy().replace('\\', "/"));
            }
        }
        first.map(|first| (count, first))
    }
}
