//! Advice for commands that were run in the wrong folder.

use std::path::{Path, PathBuf};

use khizana_model::message;

use crate::failure::Failure;

/// The file that makes a folder an archive.
const MARKER: &str = "khizana.toml";

/// Maximum number of subfolders that are searched.
const MAX_FOLDERS: usize = 1000;

/// Names an archive in a folder above or below in the hint of a failure, if there is none in `archive`.
pub fn advise(mut failure: Failure, archive: &Path) -> Failure {
    if failure.code == "archive-missing"
        && let Some(found) = find(archive)
    {
        failure.hint = message!(
            "There is an archive in {path}. Run the command in that folder, or with --archive \"{path}\".",
            path = found.display()
        );
    }
    failure
}

/// Returns the nearest archive: in a folder above, or in a subfolder.
fn find(folder: &Path) -> Option<PathBuf> {
    let is_archive = |folder: &Path| folder.join(MARKER).is_file();
    let absolute = folder.canonicalize().ok()?;
    if let Some(above) = absolute.ancestors().skip(1).find(|above| is_archive(above)) {
        return Some(above.to_owned());
    }
    let entries = std::fs::read_dir(folder).ok()?.take(MAX_FOLDERS).flatten();
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_archive(path))
        .collect();
    folders.sort();
    let found = folders.into_iter().next()?;
    Some(found.strip_prefix(".").unwrap_or(&found).to_owned())
}
