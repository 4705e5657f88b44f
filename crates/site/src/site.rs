//! The writer of a site folder. It only writes files that have changed. Files that do not belong to
//! the publication are removed after all others have been written.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use khizana_model::INTERFACE_LANGUAGES;

use crate::SiteError;

/// Names of the folders that only contain published files.
const FOLDERS: [&str; 6] = ["o", "f", "iiif", "manifests", "viewer", "icons"];

/// A site that is being written.
pub struct Site {
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Paths of the files that belong to this publication, relative to the root.
    belongs: BTreeSet<String>,
    written: u64,
    bytes: u64,
}

/// The totals of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteTotals {
    /// Number of files that belong to the site.
    pub files: u64,
    /// Total size of the files in bytes.
    pub bytes: u64,
    /// Number of files that were written. All other files already existed.
    pub written: u64,
}

impl Site {
    /// Opens the folder of a site, or creates it if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the folder is neither empty nor a published site, or cannot be written
    /// to.
    pub fn open(root: &Path) -> Result<Site, SiteError> {
        let occupied = fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !root.join("archive.json").is_file() && !root.join(UNFINISHED).is_file() {
            return Err(SiteError::NotASite(root.to_owned()));
        }
        fs::create_dir_all(root).map_err(SiteError::write(root))?;
        if !root.join("archive.json").is_file() {
            // Marks the folder as a site, so that an interrupted first publication can be repeated.
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

    /// Returns the path of a file on disk. `path` is relative to the root of the site.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Creates the parent folder of a file. Returns the path of that folder on disk.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created.
    pub fn folder(&self, path: &str) -> Result<PathBuf, SiteError> {
        let path = self.path(path);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(SiteError::write(folder))?;
        Ok(folder.to_owned())
    }

    /// Marks an existing file as part of this publication. Returns `false` if the file does not
    /// exist or does not have a size of `bytes` bytes.
    ///
    /// The name of the file must determine its content.
    pub fn keep(&self, path: &str, bytes: u64) -> bool {
        let there =
            fs::metadata(self.path(path)).is_ok_and(|meta| meta.is_file() && meta.len() == bytes);
        if there {
            self.note(path, bytes, false);
        }
        there
    }

    /// Marks an existing file of unknown size as part of this publication, like [`Site::keep`].
    pub fn keep_any(&self, path: &str) -> bool {
        match fs::metadata(self.path(path)) {
            Ok(meta) if meta.is_file() => {
                self.note(path, meta.len(), false);
                true
            }
            _ => false,
        }
    }

    /// Writes a file whose name determines its content, unless it already exists with the same
    /// size.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn put_named(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        if self.keep(path, content.len() as u64) {
            return Ok(());
        }
        self.replace(path, content)
    }

    /// Writes a file, unless it already exists with the same content.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
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

    /// Calls `write` with a temporary path to create a file, and then renames that file to `path`.
    /// Readers never see a partial file.
    ///
    /// Does nothing if the file already belongs to this publication.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn place(
        &self,
        path: &str,
        bytes: u64,
        write: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<(), SiteError> {
        let target = self.path(path);
        if !self.note(path, bytes, true) {
            // Another thread is writing the same content to this path.
            return Ok(());
        }
        self.folder(path)?;
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".tmp");
        let temporary = target.with_file_name(name);
        write(&temporary).map_err(SiteError::write(&temporary))?;
        fs::rename(&temporary, &target).map_err(SiteError::write(&target))
    }

    /// Removes the files of earlier publications and of interrupted runs. Files in folders that
    /// `khizana` does not create are kept.
    ///
    /// # Errors
    /// Returns an error if a file cannot be removed.
    pub fn finish(self) -> Result<SiteTotals, SiteError> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(|broken| broken.into_inner());
        for folder in FOLDERS.into_iter().chain(INTERFACE_LANGUAGES) {
            let folder = self.root.join(folder);
            sweep(&self.root, &folder, &state.belongs)?;
            // This fails if the folder is not empty.
            let _ = fs::remove_dir(&folder);
        }
        let mark = self.root.join(UNFINISHED);
        if mark.exists() {
            fs::remove_file(&mark).map_err(SiteError::write(&mark))?;
        }
        Ok(SiteTotals {
            files: state.belongs.len() as u64,
            bytes: state.bytes,
            written: state.written,
        })
    }
}

/// The name of the file that marks a folder whose first publication has not been completed.
const UNFINISHED: &str = ".khizana-unfinished";

/// Removes the files in `folder` that do not belong to the publication. Also removes empty folders.
fn sweep(root: &Path, folder: &Path, belongs: &BTreeSet<String>) -> Result<(), SiteError> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(SiteError::write(folder))?;
        let path = entry.path();
        // Symbolic links are removed instead of being followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sweep(root, &path, belongs)?;
            // This fails if the folder is not empty.
            let _ = fs::remove_dir(&path);
            continue;
        }
        let components: Vec<String> = path
            .strip_prefix(root)
            .map(|rest| {
                rest.components()
                    .map(|part| part.as_os_str().to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        if !belongs.contains(&components.join("/")) {
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
    fn writes_changed_files_and_removes_old_files() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        let site = Site::open(&root).unwrap();
        site.put_named("o/ab/abc", b"one").unwrap();
        site.put("ar/index.html", b"page").unwrap();
        site.put("archive.json", b"{}").unwrap();
        let totals = site.finish().unwrap();
        assert_eq!((totals.files, totals.bytes, totals.written), (3, 9, 3));
        fs::write(root.join("notes.txt"), b"not published by khizana").unwrap();

        let site = Site::open(&root).unwrap();
        site.put_named("o/ab/abc", b"one").unwrap();
        site.put("archive.json", b"{ }").unwrap();
        let totals = site.finish().unwrap();
        assert_eq!((totals.files, totals.written), (2, 1));
        assert!(!root.join("ar").exists() && root.join("notes.txt").exists());
    }

    #[test]
    fn rejects_a_folder_with_other_files() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.odt"), b"x").unwrap();
        let error = Site::open(dir.path()).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "site-not-ours");
    }

    #[test]
    fn accepts_the_folder_of_an_interrupted_first_publication() {
        let dir = tempfile::tempdir().unwrap();
        let site = Site::open(dir.path()).unwrap();
        site.put_named("o/ab/abc", b"one").unwrap();
        drop(site);
        assert!(Site::open(dir.path()).is_ok());
    }
}
