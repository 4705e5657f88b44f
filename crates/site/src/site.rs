//! The folder of a site: files are written only where they differ, and what no longer belongs is
//! taken away once everything else is in place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use khizana_model::INTERFACE_LANGUAGES;

use crate::SiteError;

/// Folders in which every file is ours, and files at the top that are.
const FOLDERS: [&str; 6] = ["o", "f", "iiif", "manifests", "viewer", "icons"];

/// A site being written.
pub struct Site {
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Paths below the root that belong to this publication.
    belongs: BTreeSet<String>,
    written: u64,
    bytes: u64,
}

/// Totals of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// Number of files that belong to the site.
    pub files: u64,
    /// Their size in bytes.
    pub bytes: u64,
    /// Number of files that were written; the others were already there.
    pub written: u64,
}

impl Site {
    /// Opens a folder: an empty one, one that is not there yet, or one that was published to.
    pub fn open(root: &Path) -> Result<Site, SiteError> {
        let occupied = fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !root.join("archive.json").is_file() && !root.join(UNFINISHED).is_file() {
            return Err(SiteError::NotASite(root.to_owned()));
        }
        fs::create_dir_all(root).map_err(SiteError::write(root))?;
        if !root.join("archive.json").is_file() {
            // A first publication that is cut short leaves a folder that is known to be ours.
            let mark = root.join(UNFINISHED);
            fs::write(&mark, b"").map_err(SiteError::write(&mark))?;
        }
        Ok(Site {
            root: root.to_owned(),
            state: Mutex::default(),
        })
    }

    fn note(&self, path: &str, bytes: u64, written: bool) -> bool {
        let mut state = self
            .state
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        let new = state.belongs.insert(path.to_owned());
        if new {
            state.bytes += bytes;
        }
        if written {
            state.written += 1;
        }
        new
    }

    /// Where a file of the site lies on disk.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Makes the folder in which a file of the site lies.
    pub fn folder(&self, path: &str) -> Result<PathBuf, SiteError> {
        let path = self.path(path);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(SiteError::write(folder))?;
        Ok(folder.to_owned())
    }

    /// Whether a file whose name says what it holds is there with its full length; it then belongs
    /// to this publication.
    pub fn keep(&self, path: &str, bytes: u64) -> bool {
        let there =
            fs::metadata(self.path(path)).is_ok_and(|meta| meta.is_file() && meta.len() == bytes);
        if there {
            self.note(path, bytes, false);
        }
        there
    }

    /// As [`Site::keep`], where it is not known how long the file is.
    pub fn keep_any(&self, path: &str) -> bool {
        match fs::metadata(self.path(path)) {
            Ok(meta) if meta.is_file() => {
                self.note(path, meta.len(), false);
                true
            }
            _ => false,
        }
    }

    /// Writes a file whose name says what it holds, unless it is there.
    pub fn put_named(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        if self.keep(path, content.len() as u64) {
            return Ok(());
        }
        self.replace(path, content)
    }

    /// Writes a file, unless one of the same content is there.
    pub fn put(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        let same = fs::metadata(self.path(path))
            .is_ok_and(|meta| meta.len() == content.len() as u64)
            && fs::read(self.path(path)).is_ok_and(|old| old == content);
        if same {
            self.note(path, content.len() as u64, false);
            return Ok(());
        }
        self.replace(path, content)
    }

    fn replace(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        self.place(path, content.len() as u64, |target| {
            fs::write(target, content)
        })
    }

    /// Lets `fill` write a file under a temporary name, then gives it its own. A reader never sees
    /// half a file.
    pub fn place(
        &self,
        path: &str,
        bytes: u64,
        fill: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<(), SiteError> {
        let target = self.path(path);
        if !self.note(path, bytes, true) {
            // Another thread writes the same content under this name.
            return Ok(());
        }
        self.folder(path)?;
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".tmp");
        let temporary = target.with_file_name(name);
        fill(&temporary).map_err(SiteError::write(&temporary))?;
        fs::rename(&temporary, &target).map_err(SiteError::write(&target))
    }

    /// Removes what does not belong: files of earlier publications, and what a run that was cut
    /// short left. Only in the folders that are wholly ours.
    pub fn finish(self) -> Result<Total, SiteError> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(|broken| broken.into_inner());
        for folder in FOLDERS.into_iter().chain(INTERFACE_LANGUAGES) {
            let folder = self.root.join(folder);
            sweep(&self.root, &folder, &state.belongs)?;
            // Fails where something is left in it, which is what is wanted.
            let _ = fs::remove_dir(&folder);
        }
        let mark = self.root.join(UNFINISHED);
        if mark.exists() {
            fs::remove_file(&mark).map_err(SiteError::write(&mark))?;
        }
        Ok(Total {
            files: state.belongs.len() as u64,
            bytes: state.bytes,
            written: state.written,
        })
    }
}

/// Marks a folder whose first publication has not come to its end.
const UNFINISHED: &str = ".khizana-unfinished";

/// Removes the files below `folder` that do not belong, and the folders that are empty then.
fn sweep(root: &Path, folder: &Path, belongs: &BTreeSet<String>) -> Result<(), SiteError> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(SiteError::write(folder))?;
        let path = entry.path();
        // A link is removed, never followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sweep(root, &path, belongs)?;
            // Fails where something is left in it, which is what is wanted.
            let _ = fs::remove_dir(&path);
            continue;
        }
        let own: Vec<String> = path
            .strip_prefix(root)
            .map(|rest| {
                rest.components()
                    .map(|part| part.as_os_str().to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        if !belongs.contains(&own.join("/")) {
            fs::remove_file(&path).map_err(SiteError::write(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_written_and_what_no_longer_belongs_goes() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        let site = Site::open(&root).unwrap();
        site.put_named("o/ab/abc", b"one").unwrap();
        site.put("ar/index.html", b"page").unwrap();
        site.put("archive.json", b"{}").unwrap();
        let total = site.finish().unwrap();
        assert_eq!((total.files, total.bytes, total.written), (3, 9, 3));
        fs::write(root.join("notes.txt"), b"the institution's own").unwrap();

        let site = Site::open(&root).unwrap();
        site.put_named("o/ab/abc", b"one").unwrap();
        site.put("archive.json", b"{ }").unwrap();
        let total = site.finish().unwrap();
        assert_eq!((total.files, total.written), (2, 1));
        assert!(!root.join("ar").exists() && root.join("notes.txt").exists());
    }

    #[test]
    fn a_folder_that_holds_something_else_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.odt"), b"x").unwrap();
        let error = Site::open(dir.path()).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "site-not-ours");
    }

    #[test]
    fn a_first_publication_that_was_cut_short_can_be_taken_up() {
        let dir = tempfile::tempdir().unwrap();
        let site = Site::open(dir.path()).unwrap();
        site.put_named("o/ab/abc", b"one").unwrap();
        drop(site);
        assert!(Site::open(dir.path()).is_ok());
    }
}
