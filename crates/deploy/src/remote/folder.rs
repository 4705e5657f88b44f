//! A folder as the target.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use bytes::Bytes;

use super::{Abilities, CHUNK, Condition, LargeUpload, Listed, Remote, RemoteError, Version};
use crate::DeployError;
use crate::error::Answer;
use crate::headers::FileHeaders;

/// The folder in the target in which files are written before they are moved into place.
pub(crate) const UPLOADS: &str = ".khizana-upload";

/// A folder to which files are written.
pub(crate) struct Folder {
    root: PathBuf,
    next: AtomicU64,
    /// Prevents two deployments at once. `None` if the folder does not exist, or the system cannot lock folders.
    _lock: Option<File>,
}

impl Folder {
    /// Opens a folder. If `is_written` is `true`, creates it if it does not exist, and removes what an interrupted
    /// deployment left.
    pub(crate) fn open(root: &Path, is_written: bool) -> Result<Folder, DeployError> {
        let failed = failure(root, "");
        if is_written {
            fs::create_dir_all(root).map_err(failed)?;
        }
        let lock = match File::open(root).map(|folder| (folder.try_lock(), folder)) {
            Ok((Ok(()), folder)) => Some(folder),
            Ok((Err(TryLockError::WouldBlock), _)) => {
                return Err(DeployError::Conflict(root.display().to_string()));
            }
            _ => None,
        };
        if is_written {
            match fs::remove_dir_all(root.join(UPLOADS)) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(failure(root, UPLOADS)(error));
                }
                _ => {}
            }
        }
        Ok(Folder {
            root: root.to_owned(),
            next: AtomicU64::new(0),
            _lock: lock,
        })
    }

    fn failed(&self, path: &str) -> impl FnOnce(io::Error) -> DeployError + use<> {
        failure(&self.root, path)
    }

    /// Creates a file that is later moved into place.
    fn temporary(&self) -> io::Result<(PathBuf, File)> {
        let folder = self.root.join(UPLOADS);
        fs::create_dir_all(&folder)?;
        let path = folder.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let file = File::create(&path)?;
        Ok((path, file))
    }

    fn version_of(&self, path: &str) -> Result<Option<Version>, DeployError> {
        match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) => Ok(Some(version(&metadata))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(path)(error)),
        }
    }

    fn collect(&self, folder: &Path, files: &mut BTreeMap<String, Listed>) -> io::Result<()> {
        let entries = match fs::read_dir(folder) {
            Err(error) if is_absent(&error) => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() && entry.file_name() != UPLOADS {
                self.collect(&path, files)?;
            } else if kind.is_file() {
                let metadata = entry.metadata()?;
                let relative = path.strip_prefix(&self.root).unwrap_or(&path);
                let parts: Vec<_> = relative
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect();
                let listed = Listed {
                    bytes: metadata.len(),
                    version: version(&metadata),
                };
                files.insert(parts.join("/"), listed);
            }
        }
        Ok(())
    }
}

/// Returns a function that converts an error of the operating system. `path` is a file in the folder `root`.
fn failure(root: &Path, path: &str) -> impl FnOnce(io::Error) -> DeployError + use<> {
    let answer = Answer {
        target: root.display().to_string(),
        path: path.to_owned(),
        code: String::new(),
    };
    move |error| {
        let answer = Answer {
            code: error.to_string(),
            ..answer
        };
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => DeployError::Full(answer),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                DeployError::Forbidden(answer)
            }
            _ => DeployError::Refused(answer),
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn version(metadata: &Metadata) -> Version {
    let modified = metadata.modified().ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Version {
        tag: since.map(|since| format!("{:x}-{:x}", since.as_nanos(), metadata.len())),
        generation: None,
    }
}

/// Moves a complete file into place.
fn place(root: &Path, temporary: &Path, path: &str) -> io::Result<Version> {
    let target = root.join(path);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let version = version(&fs::metadata(temporary)?);
    fs::rename(temporary, target)?;
    Ok(version)
}

#[async_trait]
impl Remote for Folder {
    fn abilities(&self) -> Abilities {
        Abilities {
            has_content_tags: false,
            has_headers: false,
            is_local: true,
        }
    }

    async fn get(&self, path: &str) -> Result<Option<(Bytes, Version)>, DeployError> {
        let Some(version) = self.version_of(path)? else {
            return Ok(None);
        };
        let content = fs::read(self.root.join(path)).map_err(self.failed(path))?;
        Ok(Some((content.into(), version)))
    }

    async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<bool, DeployError> {
        let mut file = match File::open(self.root.join(path)) {
            Err(error) if is_absent(&error) => return Ok(false),
            file => file.map_err(self.failed(path))?,
        };
        let mut chunk = vec![0; 1 << 18];
        loop {
            match file.read(&mut chunk).map_err(self.failed(path))? {
                0 => return Ok(true),
                count => receive(chunk.get(..count).unwrap_or_default()),
            }
        }
    }

    async fn version(&self, path: &str) -> Result<Option<Version>, DeployError> {
        self.version_of(path)
    }

    async fn put(
        &self,
        path: &str,
        content: Bytes,
        _headers: &FileHeaders,
        condition: &Condition,
    ) -> Result<Version, RemoteError> {
        let failed = || self.failed(path);
        let (temporary, mut file) = self.temporary().map_err(failed())?;
        file.write_all(&content).map_err(failed())?;
        drop(file);
        // The lock of the folder prevents a change between the comparison and the renaming.
        let is_met = match condition {
            Condition::Any => true,
            Condition::Absent => self.version_of(path)?.is_none(),
            Condition::Unchanged(version) => self.version_of(path)?.as_ref() == Some(version),
        };
        if !is_met {
            return Err(RemoteError::Changed);
        }
        Ok(place(&self.root, &temporary, path).map_err(failed())?)
    }

    async fn begin(
        &self,
        path: &str,
        _headers: &FileHeaders,
    ) -> Result<Box<dyn LargeUpload>, DeployError> {
        let (temporary, file) = self.temporary().map_err(self.failed(path))?;
        Ok(Box::new(LargeFile {
            root: self.root.clone(),
            path: path.to_owned(),
            temporary,
            file,
        }))
    }

    async fn delete(&self, path: &str) -> Result<(), DeployError> {
        // Nothing behind a link is deleted.
        let mut folder = self.root.clone();
        let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
        for part in parents.split('/').filter(|part| !part.is_empty()) {
            folder.push(part);
            if !fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir()) {
                return Ok(());
            }
        }
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(self.failed(path)(error));
            }
            _ => {}
        }
        // Fails if the folder is not empty.
        while folder != self.root && fs::remove_dir(&folder).is_ok() {
            folder.pop();
        }
        Ok(())
    }

    async fn list(&self) -> Result<BTreeMap<String, Listed>, DeployError> {
        let mut files = BTreeMap::new();
        self.collect(&self.root, &mut files)
            .map_err(self.failed(""))?;
        Ok(files)
    }

    async fn flush(&self) -> Result<(), DeployError> {
        #[cfg(target_os = "linux")]
        {
            let folder = File::open(&self.root).map_err(self.failed(""))?;
            rustix::fs::syncfs(&folder).map_err(|error| self.failed("")(error.into()))?;
        }
        Ok(())
    }

    async fn close(&self) {
        let _ = fs::remove_dir_all(self.root.join(UPLOADS));
    }
}

/// A large file in a folder.
struct LargeFile {
    root: PathBuf,
    path: String,
    temporary: PathBuf,
    file: File,
}

#[async_trait]
impl LargeUpload for LargeFile {
    async fn write(&mut self, chunk: Bytes) -> Result<(), DeployError> {
        debug_assert!(chunk.len() <= CHUNK);
        let failed = failure(&self.root, &self.path);
        self.file.write_all(&chunk).map_err(failed)
    }

    async fn finish(self: Box<Self>) -> Result<Version, DeployError> {
        drop(self.file);
        place(&self.root, &self.temporary, &self.path).map_err(failure(&self.root, &self.path))
    }

    async fn abort(self: Box<Self>) {
        let _ = fs::remove_file(&self.temporary);
    }
}
