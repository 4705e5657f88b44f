//! The writer of a site folder. It writes only files that have changed. After all other files have been
//! written, it removes the files of the previous publication that the new one does not contain.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use khizana_format::hash_of;
use khizana_model::Hash;

use crate::SiteError;
use crate::manifest::{SiteFile, SiteManifest, is_relative, read_manifest};

/// The name of a file that exists while a site is being published. It lists the files that have been
/// written, so that an interrupted publication leaves no unknown files.
const UNFINISHED: &str = ".khizana-unfinished";

/// A site that is being written.
pub struct Site {
    root: PathBuf,
    /// A folder with files that were made in advance, if it exists.
    prepared: Option<PathBuf>,
    /// The files of the previous publication.
    previous: SiteManifest,
    /// `true` if the previous publication has no manifest, because an earlier version wrote it.
    is_earlier: bool,
    /// `true` if existing files are hashed before they are kept.
    rehash: bool,
    /// `true` if the last publication was interrupted. Files that the previous manifest does not list may not
    /// have reached the disk, and have the right size but no content.
    is_unfinished: bool,
    state: Mutex<State>,
    /// Holds the lock of the folder.
    _lock: Option<File>,
}

struct State {
    /// The files that belong to this publication: the size, and the hash if it is known.
    belongs: BTreeMap<String, (u64, Option<Hash>)>,
    written: u64,
    bytes: u64,
    /// Files that an interrupted publication has written.
    unfinished: BTreeSet<String>,
    log: File,
}

/// The totals of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteTotals {
    /// Number of files that belong to the site.
    pub files: u64,
    /// Total size of the files in bytes.
    pub bytes: u64,
    /// Number of files that were written. The other files already existed.
    pub written: u64,
}

impl Site {
    /// Opens the folder of a site, or creates it. If `rehash` is `true`, existing files are hashed before
    /// they are kept; otherwise only their sizes are compared.
    ///
    /// # Errors
    /// Returns an error if the folder is neither empty nor a published site, if another process is
    /// publishing to it, or if it cannot be written to.
    pub fn open(root: &Path, rehash: bool) -> Result<Site, SiteError> {
        let is_occupied = fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some());
        if is_occupied && !is_site(root) {
            return Err(SiteError::NotASite(root.to_owned()));
        }
        fs::create_dir_all(root).map_err(SiteError::write(root))?;
        let lock = lock(root)?;
        let log_path = root.join(UNFINISHED);
        let is_unfinished = log_path.is_file();
        let unfinished = match File::open(&log_path) {
            Ok(log) => BufReader::new(log)
                .lines()
                .map_while(Result::ok)
                .filter(|path| is_relative(path))
                .collect(),
            Err(_) => BTreeSet::new(),
        };
        let log = File::options()
            .create(true)
            .append(true)
            .open(&log_path)
            .map_err(SiteError::write(&log_path))?;
        // No file may be on the disk without the log, which says that it may be incomplete.
        log.sync_all().map_err(SiteError::write(&log_path))?;
        if cfg!(unix) {
            let folder = File::open(root).and_then(|folder| folder.sync_all());
            folder.map_err(SiteError::write(root))?;
        }
        // A damaged manifest is rewritten. The files that only it lists are left alone.
        let previous = read_manifest(root);
        let is_earlier = matches!(previous, Ok(None));
        Ok(Site {
            root: root.to_owned(),
            prepared: None,
            previous: previous.ok().flatten().unwrap_or_default(),
            is_earlier,
            rehash,
            is_unfinished,
            state: Mutex::new(State {
                belongs: BTreeMap::new(),
                written: 0,
                bytes: 0,
                unfinished,
                log,
            }),
            _lock: lock,
        })
    }

    /// Adds files that are in another folder when they are to be kept and do not exist. Their paths in the folder
    /// are the same as in the site. The folder need not exist, and remains unchanged.
    pub fn with_prepared(mut self, folder: &Path) -> Site {
        self.prepared = folder.is_dir().then(|| folder.to_owned());
        self
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Adds a file to this publication. Returns `false` if it has already been added.
    fn note(&self, path: &str, bytes: u64, hash: Option<Hash>, is_written: bool) -> bool {
        let mut state = self.state();
        let hash = hash.or_else(|| hash_in_name(path));
        let is_new = !state.belongs.contains_key(path);
        if is_new {
            state.belongs.insert(path.to_owned(), (bytes, hash));
            state.bytes += bytes;
        }
        if is_written {
            state.written += 1;
        }
        is_new
    }

    /// Records that a file of this publication is about to be written.
    fn log(&self, path: &str) -> Result<(), SiteError> {
        let mut state = self.state();
        writeln!(state.log, "{path}").map_err(SiteError::write(&self.root.join(UNFINISHED)))
    }

    /// Returns the path of a file on disk.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Creates the parent folder of a file and returns the path of the folder on disk.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created.
    pub fn folder(&self, path: &str) -> Result<PathBuf, SiteError> {
        let path = self.path(path);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(SiteError::write(folder))?;
        Ok(folder.to_owned())
    }

    /// Marks an existing file as a part of this publication. Returns `false` if the file does not
    /// exist, does not have the size `bytes`, or is to be hashed and does not have the hash that it was
    /// published with, and there is no such file in the folder [`Site::with_prepared`] either.
    ///
    /// The name of the file must determine its content.
    pub fn keep(&self, path: &str, bytes: u64) -> bool {
        let is_there = self.size(path) == Some(bytes) && self.is_intact(path, bytes);
        if is_there {
            self.note(path, bytes, self.previous_hash(path, bytes), false);
        }
        is_there || self.take_prepared(path, bytes).unwrap_or(false)
    }

    /// Adds a file that was made in advance to this publication. Returns `false` if there is none with the size
    /// `bytes`, or if its content does not have the hash in its name.
    ///
    /// The file is linked if that is possible, so that it takes no space and an interrupted publication can
    /// take it again.
    fn take_prepared(&self, path: &str, bytes: u64) -> Option<bool> {
        let from = self.prepared.as_ref()?.join(path);
        let metadata = fs::symlink_metadata(&from).ok()?;
        if !metadata.is_file() || metadata.len() != bytes {
            return None;
        }
        let hash = hash_file(&from).ok()?;
        if hash_in_name(path).is_some_and(|expected| expected != hash) {
            return None;
        }
        let placed = self.place_hashed(path, bytes, Some(hash), |target| {
            let _ = fs::remove_file(target);
            fs::hard_link(&from, target).or_else(|_| fs::copy(&from, target).map(|_| ()))
        });
        Some(placed.is_ok())
    }

    /// Marks an existing file of any size as a part of this publication; see [`Site::keep`].
    pub fn keep_with_any_size(&self, path: &str) -> bool {
        let prepared = || {
            let metadata = fs::symlink_metadata(self.prepared.as_ref()?.join(path)).ok()?;
            metadata.is_file().then_some(metadata.len())
        };
        let bytes = self.size(path).or_else(prepared);
        bytes.is_some_and(|bytes| self.keep(path, bytes))
    }

    /// Returns the size of a file. A link is not a file.
    fn size(&self, path: &str) -> Option<u64> {
        let metadata = fs::symlink_metadata(self.path(path)).ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    /// Marks files of the previous publication as a part of this one, because their content would be the same. Returns
    /// `false` and marks none if one is not there with the size that it was published with, or if the files of
    /// the site are to be hashed or may be incomplete.
    pub fn keep_published(&self, paths: &[String]) -> bool {
        if self.rehash || self.is_unfinished {
            return false;
        }
        let published = |path: &String| {
            let file = self.previous.get(path)?;
            (self.size(path) == Some(file.bytes)).then_some((file.bytes, file.sha256))
        };
        let Some(files) = paths.iter().map(published).collect::<Option<Vec<_>>>() else {
            return false;
        };
        for (path, (bytes, hash)) in paths.iter().zip(files) {
            self.note(path, bytes, Some(hash), false);
        }
        true
    }

    /// Returns the hash that a file of the previous publication has.
    fn previous_hash(&self, path: &str, bytes: u64) -> Option<Hash> {
        let file = self.previous.get(path).filter(|file| file.bytes == bytes);
        file.map(|file| file.sha256)
    }

    /// Returns `true` if the content of an existing file must be checked.
    fn is_checked(&self, path: &str) -> bool {
        self.rehash || (self.is_unfinished && !self.previous.contains_key(path))
    }

    fn is_intact(&self, path: &str, bytes: u64) -> bool {
        if !self.is_checked(path) {
            return true;
        }
        // A file whose hash is unknown is written again.
        let expected = hash_in_name(path).or_else(|| self.previous_hash(path, bytes));
        expected.is_some_and(|expected| {
            hash_file(&self.path(path)).is_ok_and(|found| found == expected)
        })
    }

    /// Writes a file whose name determines its content, unless it exists with the same size.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn put_named(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        let bytes = content.len() as u64;
        let is_kept = if self.is_checked(path) {
            self.size(path) == Some(bytes)
                && fs::read(self.path(path)).is_ok_and(|found| found == content)
        } else {
            self.size(path) == Some(bytes)
        };
        if is_kept {
            self.note(path, bytes, Some(hash_of(content)), false);
            return Ok(());
        }
        self.replace(path, content)
    }

    /// Writes a file, unless it already exists with the same content.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn put(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        let is_same = self.size(path) == Some(content.len() as u64)
            && fs::read(self.path(path)).is_ok_and(|old| old == content);
        if is_same {
            self.note(path, content.len() as u64, Some(hash_of(content)), false);
            return Ok(());
        }
        self.replace(path, content)
    }

    fn replace(&self, path: &str, content: &[u8]) -> Result<(), SiteError> {
        let hash = Some(hash_of(content));
        self.place_hashed(path, content.len() as u64, hash, |target| {
            fs::write(target, content)
        })
    }

    /// Writes a file: `write` writes to a temporary path that it receives, and the result is renamed.
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
        self.place_hashed(path, bytes, None, write)
    }

    fn place_hashed(
        &self,
        path: &str,
        bytes: u64,
        hash: Option<Hash>,
        write: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<(), SiteError> {
        let target = self.path(path);
        if !self.note(path, bytes, hash, true) {
            // Another thread writes the same content to this path.
            return Ok(());
        }
        self.log(path)?;
        self.folder(path)?;
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".tmp");
        let temporary = target.with_file_name(name);
        let written = write(&temporary)
            .map_err(SiteError::write(&temporary))
            .and_then(|()| fs::rename(&temporary, &target).map_err(SiteError::write(&target)));
        if written.is_err() {
            let mut state = self.state();
            state.belongs.remove(path);
            state.bytes -= bytes;
            state.written -= 1;
        }
        written
    }

    /// Records the files of the previous publication that will be removed, so that the next publication
    /// removes them if this one is interrupted after it has written the root.
    ///
    /// # Errors
    /// Returns an error if the record cannot be written.
    pub fn log_removals(&self) -> Result<(), SiteError> {
        let mut state = self.state();
        let mut lines = String::new();
        for path in self.previous.keys() {
            if !state.belongs.contains_key(path) {
                lines.push_str(path);
                lines.push('\n');
            }
        }
        let log = self.root.join(UNFINISHED);
        state
            .log
            .write_all(lines.as_bytes())
            .and_then(|()| state.log.sync_all())
            .map_err(SiteError::write(&log))
    }

    /// Returns the number of files that have been added to this publication so far.
    pub fn file_count(&self) -> u64 {
        self.state().belongs.len() as u64
    }

    /// Returns the manifest of the files that have been added to this publication so far. Hashes files
    /// whose hash is not known.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read.
    pub fn manifest(&self) -> Result<SiteManifest, SiteError> {
        let mut state = self.state();
        let mut manifest = SiteManifest::new();
        for (path, (bytes, hash)) in &mut state.belongs {
            let sha256 = match *hash {
                Some(hash) => hash,
                None => {
                    let file = self.root.join(path);
                    let found = hash_file(&file).map_err(SiteError::write(&file))?;
                    *hash.insert(found)
                }
            };
            let bytes = *bytes;
            manifest.insert(path.clone(), SiteFile { bytes, sha256 });
        }
        Ok(manifest)
    }

    /// Waits until all files that have been written are on the disk. Must be called before the root of
    /// the site is written, which refers to them.
    ///
    /// # Errors
    /// Returns an error if the file system reports one.
    pub fn sync(&self) -> Result<(), SiteError> {
        #[cfg(target_os = "linux")]
        {
            let folder = File::open(&self.root).map_err(SiteError::write(&self.root))?;
            rustix::fs::syncfs(&folder)
                .map_err(|error| SiteError::write(&self.root)(error.into()))?;
        }
        #[cfg(not(target_os = "linux"))]
        for path in self.state().belongs.keys() {
            let path = self.root.join(path);
            // Windows only syncs files that are open for writing.
            let file = File::options().read(true).write(cfg!(windows)).open(&path);
            file.and_then(|file| file.sync_all())
                .map_err(SiteError::write(&path))?;
        }
        Ok(())
    }

    /// Removes the files of the previous publication and of interrupted ones that do not belong to this
    /// publication, and the folders that become empty. All other files are left alone, and so is
    /// everything behind a link.
    ///
    /// # Errors
    /// Returns an error if a file cannot be removed.
    pub fn finish(self) -> Result<SiteTotals, SiteError> {
        let state = self.state();
        let unlisted = self.files_named_by_hash(&state.belongs);
        let old = self
            .previous
            .keys()
            .chain(&state.unfinished)
            .chain(&unlisted);
        for path in old {
            if !state.belongs.contains_key(path) {
                self.remove(path)?;
            }
            // An interrupted write leaves a temporary file.
            if self.is_unfinished {
                self.remove(&format!("{path}.tmp"))?;
            }
        }
        let log = self.root.join(UNFINISHED);
        fs::remove_file(&log).map_err(SiteError::write(&log))?;
        Ok(SiteTotals {
            files: state.belongs.len() as u64,
            bytes: state.bytes,
            written: state.written,
        })
    }

    /// Removes a file, unless it or a folder above it is a link.
    fn remove(&self, path: &str) -> Result<(), SiteError> {
        let is_file = |file: &Path| fs::symlink_metadata(file).is_ok_and(|file| file.is_file());
        if !is_file(&self.root.join(path)) {
            return Ok(());
        }
        let mut folder = self.root.clone();
        let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
        for part in parents.split('/').filter(|part| !part.is_empty()) {
            folder.push(part);
            if !fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir()) {
                return Ok(());
            }
        }
        let file = folder.join(name);
        fs::remove_file(&file).map_err(SiteError::write(&file))?;
        while folder != self.root && fs::remove_dir(&folder).is_ok() {
            folder.pop();
        }
        Ok(())
    }

    /// Returns the files that are not in `belongs` and whose name is their hash: objects, such as those of
    /// the previous manifest, and the originals of a site without a manifest.
    fn files_named_by_hash<T>(&self, belongs: &BTreeMap<String, T>) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        let mut ahead = vec!["o".to_owned()];
        if self.is_earlier {
            ahead.push("f".to_owned());
        }
        while let Some(folder) = ahead.pop() {
            let Ok(entries) = fs::read_dir(self.root.join(&folder)) else {
                continue;
            };
            for entry in entries.flatten() {
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => ahead.push(path),
                    Ok(kind) if kind.is_file() && !belongs.contains_key(&path) => {
                        let expected = hash_in_name(&path);
                        let found = || hash_file(&entry.path()).ok();
                        if expected.is_some() && expected == found() {
                            files.insert(path);
                        }
                    }
                    _ => {}
                }
            }
        }
        files
    }
}

/// Returns `true` if a folder contains a published site, or the beginning of one.
fn is_site(root: &Path) -> bool {
    if root.join(UNFINISHED).is_file() {
        return true;
    }
    // The root may be missing or damaged.
    if root.join("o").is_dir() && root.join("viewer").is_dir() {
        return true;
    }
    let Ok(json) = fs::read(root.join("archive.json")) else {
        return false;
    };
    #[derive(serde::Deserialize)]
    struct Format {
        format: String,
    }
    serde_json::from_slice::<Format>(&json).is_ok_and(|root| root.format.starts_with("khizana/"))
}

/// Locks a folder. Returns `None` if the system cannot lock folders.
fn lock(root: &Path) -> Result<Option<File>, SiteError> {
    let Ok(folder) = File::open(root) else {
        return Ok(None);
    };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(SiteError::InUse(root.to_owned())),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// A lock that prevents publications to a site while it is being read.
#[derive(Debug)]
pub struct SiteLock {
    /// `None` if the system cannot lock folders.
    _folder: Option<File>,
}

/// Prevents publications to a site until the lock is dropped.
///
/// # Errors
/// Returns [`SiteError::InUse`] if the site is being published, and [`SiteError::Unfinished`] if its last publication
/// was interrupted.
pub fn lock_shared(root: &Path) -> Result<SiteLock, SiteError> {
    let folder = match File::open(root).map(|folder| (folder.try_lock_shared(), folder)) {
        Ok((Ok(()), folder)) => Some(folder),
        Ok((Err(TryLockError::WouldBlock), _)) => return Err(SiteError::InUse(root.to_owned())),
        Ok((Err(TryLockError::Error(_)), _)) | Err(_) => None,
    };
    if root.join(UNFINISHED).is_file() {
        return Err(SiteError::Unfinished(root.to_owned()));
    }
    Ok(SiteLock { _folder: folder })
}

/// Returns the hash in the name of an object or an original: `o/ab/<hash>` and `f/<hash>/<name>`.
fn hash_in_name(path: &str) -> Option<Hash> {
    let mut parts = path.split('/');
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
        ("o", _, hash, None) | ("f", hash, _, None) => hash.parse().ok(),
        _ => None,
    }
}

pub(crate) fn hash_file(path: &Path) -> std::io::Result<Hash> {
    use sha2::{Digest, Sha256};
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 18];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Hash(hash.finalize().into())),
            count => hash.update(chunk.get(..count).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ROOT: &[u8] = br#"{"format":"khizana/1"}"#;

    fn open(root: &Path) -> Site {
        Site::open(root, false).unwrap()
    }

    #[test]
    fn takes_files_that_were_made_in_advance() {
        let dir = tempfile::tempdir().unwrap();
        let (root, prepared) = (dir.path().join("site"), dir.path().join("prepared"));
        let object = format!("o/ab/{}", hash_of(b"one"));
        let damaged = format!("o/ab/{}", hash_of(b"two"));
        fs::create_dir_all(prepared.join("o/ab")).unwrap();
        fs::write(prepared.join("a.jpg"), b"one").unwrap();
        fs::write(prepared.join(&object), b"one").unwrap();
        fs::write(prepared.join(&damaged), b"tw0").unwrap();
        let site = open(&root).with_prepared(&prepared);
        assert!(site.keep("a.jpg", 3) && site.keep(&object, 3));
        assert!(!site.keep("a.jpg.none", 3) && !site.keep_with_any_size("none"));
        assert!(!site.keep(&damaged, 3) && !site.keep("a.jpg", 4));
        let manifest = site.manifest().unwrap();
        assert_eq!(manifest.len(), 2);
        assert_eq!(manifest.get("a.jpg").unwrap().sha256, hash_of(b"one"));
        assert_eq!(fs::read(root.join("a.jpg")).unwrap(), b"one");
        // The folder is unchanged, so that an interrupted publication can be repeated.
        assert!(prepared.join("a.jpg").is_file());
        drop(site);
        let site = open(&root).with_prepared(&prepared);
        assert!(site.keep("a.jpg", 3) && site.keep_with_any_size(&object));
        assert!(!open(&dir.path().join("other")).keep("a.jpg", 3));
    }

    #[test]
    fn writes_changed_files_and_removes_those_of_an_interrupted_publication() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        let site = open(&root);
        site.put_named("o/ab/abc", b"one").unwrap();
        site.put("ar/index.html", b"page").unwrap();
        site.put("archive.json", ROOT).unwrap();
        // The publication is interrupted.
        drop(site);
        fs::write(root.join("notes.txt"), b"not published by khizana").unwrap();
        fs::write(root.join("ar/index.html.tmp"), b"pa").unwrap();

        let site = open(&root);
        site.put_named("o/ab/abc", b"one").unwrap();
        site.put("archive.json", ROOT).unwrap();
        let totals = site.finish().unwrap();
        assert_eq!((totals.files, totals.written), (2, 0));
        assert!(!root.join("ar").exists() && root.join("notes.txt").exists());
        assert!(!root.join(UNFINISHED).exists());
    }

    #[test]
    fn rejects_a_folder_of_something_else() {
        let dir = tempfile::tempdir().unwrap();
        let code = || {
            Site::open(dir.path(), false)
                .map(|_| ())
                .unwrap_err()
                .code()
        };
        fs::write(dir.path().join("thesis.odt"), b"x").unwrap();
        assert_eq!(code(), "site-not-ours");
        fs::write(
            dir.path().join("archive.json"),
            br#"{"some":"other program"}"#,
        )
        .unwrap();
        assert_eq!(code(), "site-not-ours");
    }

    #[test]
    fn accepts_the_folder_of_an_interrupted_first_publication() {
        let dir = tempfile::tempdir().unwrap();
        let site = open(dir.path());
        site.put_named("o/ab/abc", b"one").unwrap();
        drop(site);
        assert!(Site::open(dir.path(), false).is_ok());
    }

    #[test]
    fn rejects_a_second_publication_at_the_same_time() {
        let dir = tempfile::tempdir().unwrap();
        let site = open(dir.path());
        let error = Site::open(dir.path(), false).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "site-in-use");
        drop(site);
        assert!(Site::open(dir.path(), false).is_ok());
    }

    #[test]
    fn a_site_is_not_read_while_it_is_written_or_unfinished() {
        let dir = tempfile::tempdir().unwrap();
        let site = open(dir.path());
        assert_eq!(lock_shared(dir.path()).unwrap_err().code(), "site-in-use");
        drop(site);
        let error = lock_shared(dir.path()).unwrap_err();
        assert_eq!(error.code(), "site-unfinished");
        open(dir.path()).finish().unwrap();
        let lock = lock_shared(dir.path()).unwrap();
        assert!(lock_shared(dir.path()).is_ok());
        let error = Site::open(dir.path(), false).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "site-in-use");
        drop(lock);
    }

    #[test]
    fn rehashing_replaces_damaged_files() {
        let dir = tempfile::tempdir().unwrap();
        let hash = hash_of(b"one").to_string();
        let path = format!("f/{hash}/a.txt");
        let site = open(dir.path());
        site.put_named(&path, b"one").unwrap();
        site.put("archive.json", ROOT).unwrap();
        site.finish().unwrap();
        fs::write(dir.path().join(&path), b"two").unwrap();
        let site = open(dir.path());
        assert!(site.keep(&path, 3));
        site.finish().unwrap();
        let site = Site::open(dir.path(), true).unwrap();
        assert!(!site.keep(&path, 3));
        site.put_named(&path, b"one").unwrap();
        assert_eq!(fs::read(dir.path().join(&path)).unwrap(), b"one");
    }

    #[test]
    fn files_of_an_interrupted_publication_are_checked() {
        let dir = tempfile::tempdir().unwrap();
        let hash = hash_of(b"one").to_string();
        let path = format!("f/{hash}/a.txt");
        let site = open(dir.path());
        site.put_named(&path, b"one").unwrap();
        site.place("iiif/key/full.jpg", 3, |to| fs::write(to, b"two"))
            .unwrap();
        drop(site);
        // The power failed before the content was on the disk.
        fs::write(dir.path().join(&path), [0; 3]).unwrap();
        let site = open(dir.path());
        assert!(!site.keep(&path, 3));
        assert!(!site.keep("iiif/key/full.jpg", 3));
        site.put_named(&path, b"one").unwrap();
        assert_eq!(fs::read(dir.path().join(&path)).unwrap(), b"one");
    }

    #[test]
    #[cfg(unix)]
    fn does_not_remove_files_behind_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (root, outside) = (dir.path().join("site"), dir.path().join("outside"));
        let site = open(&root);
        site.put("icons/a.svg", b"icon").unwrap();
        drop(site);
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("a.svg"), b"precious").unwrap();
        fs::remove_dir_all(root.join("icons")).unwrap();
        std::os::unix::fs::symlink(&outside, root.join("icons")).unwrap();
        open(&root).finish().unwrap();
        assert_eq!(fs::read(outside.join("a.svg")).unwrap(), b"precious");
    }
}
