//! Media files that no row names.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use khizana_model::printable;

use crate::files::LocalFile;
use crate::folder::media_in;
use crate::natural;

/// The maximum number of files that a message lists.
const MAX_LISTED: usize = 20;

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

    /// Returns the number of the other media files in the same folders, and the paths of the first of them
    /// in the source. Folders without a named file may belong to something else. Returns `None` if there are
    /// none.
    pub(super) fn others(&self, root: &Path) -> Option<(u64, Vec<String>)> {
        let (mut count, mut names_of_others) = (0, Vec::new());
        for (folder, names) in &self.0 {
            let mut media = media_in(folder).unwrap_or_default();
            media.retain(|name| !names.contains(Path::new(name).as_os_str()));
            media.sort_by(|a, b| natural::compare(a, b));
            count += media.len() as u64;
            for name in media.iter().take(MAX_LISTED - names_of_others.len()) {
                let path = folder.join(name);
                let path = path.strip_prefix(root).unwrap_or(&path);
                names_of_others.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
        (count > 0).then_some((count, names_of_others))
    }
}

/// Quotes and joins the names of files, and adds an ellipsis if there are more than `names`.
pub(super) fn quoted_names(names: &[String], count: u64) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", printable(name)))
        .collect();
    let more = if count > names.len() as u64 {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", quoted.join(", "))
}
