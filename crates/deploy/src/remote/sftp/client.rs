//! Requests to an SFTP server. Paths are relative to the target.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use russh::Disconnect;
use russh_sftp::client::RawSftpSession;
use russh_sftp::client::error::Error;
use russh_sftp::protocol::{FileAttributes, OpenFlags, Packet, StatusCode};

use super::UPLOADS;
use super::connect::Handler;
use crate::DeployError;
use crate::error::Answer;

/// The number of bytes that every server accepts in a request.
const BLOCK: usize = 32 << 10;
/// Number of requests with parts of one file that are on their way at the same time.
const WRITES: usize = 16;

/// The extension of OpenSSH that replaces a file atomically.
pub(super) const RENAME: &str = "posix-rename@openssh.com";

/// A connection to a server, and the folder of the target.
#[derive(Clone)]
pub(super) struct Client(Arc<Inner>);

struct Inner {
    session: RawSftpSession,
    connection: russh::client::Handle<Handler>,
    /// The target as the user wrote it.
    shown: String,
    /// The absolute path of the folder.
    root: String,
    can_replace: bool,
    /// Distinguishes the temporary files of deployments that run at the same time.
    run: String,
    next: AtomicU64,
    /// The folders that exist.
    folders: Mutex<BTreeSet<String>>,
}

/// Returns `true` if an error says that a file does not exist.
pub(super) fn is_absent(error: &Error) -> bool {
    matches!(error, Error::Status(status) if status.status_code == StatusCode::NoSuchFile)
}

impl Client {
    pub(super) fn new(
        session: RawSftpSession,
        connection: russh::client::Handle<Handler>,
        (shown, root): (&str, &str),
        can_replace: bool,
    ) -> Client {
        let now = jiff::Timestamp::now().as_nanosecond();
        Client(Arc::new(Inner {
            session,
            connection,
            shown: shown.to_owned(),
            root: root.to_owned(),
            can_replace,
            run: format!("{now:x}-{:x}", std::process::id()),
            next: AtomicU64::new(0),
            folders: Mutex::default(),
        }))
    }

    fn full(&self, path: &str) -> String {
        match path {
            "" => self.0.root.clone(),
            path => format!("{}/{path}", self.0.root),
        }
    }

    fn answer(&self, path: &str, code: impl ToString) -> Answer {
        Answer {
            target: self.0.shown.clone(),
            path: path.to_owned(),
            code: code.to_string(),
        }
    }

    fn failed(&self, path: &str) -> impl FnOnce(Error) -> DeployError + use<> {
        let (target, path) = (self.0.shown.clone(), path.to_owned());
        move |error| match error {
            Error::Status(status) => {
                let answer = Answer {
                    target,
                    path,
                    code: status.status_code.to_string(),
                };
                match status.status_code {
                    StatusCode::PermissionDenied => DeployError::Forbidden(answer),
                    StatusCode::NoConnection | StatusCode::ConnectionLost => {
                        DeployError::Unreachable {
                            target: answer.target,
                            reason: answer.code,
                        }
                    }
                    _ => DeployError::Refused(answer),
                }
            }
            error => DeployError::Unreachable {
                target,
                reason: error.to_string(),
            },
        }
    }

    /// Returns the path of a new temporary file.
    pub(super) fn temporary(&self) -> String {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        format!("{UPLOADS}/{}-{number}", self.0.run)
    }

    pub(super) async fn open(&self, path: &str, flags: OpenFlags) -> Result<String, DeployError> {
        let open = self
            .0
            .session
            .open(self.full(path), flags, FileAttributes::empty());
        Ok(open.await.map_err(self.failed(path))?.handle)
    }

    /// Creates an empty file. Returns `false` if it exists.
    pub(super) async fn create_new(&self, path: &str) -> Result<bool, DeployError> {
        let flags = OpenFlags::CREATE | OpenFlags::EXCLUDE | OpenFlags::WRITE;
        let open = self
            .0
            .session
            .open(self.full(path), flags, FileAttributes::empty());
        match open.await {
            Ok(handle) => {
                let close = self.0.session.close(handle.handle);
                close.await.map_err(self.failed(path))?;
                Ok(true)
            }
            // The protocol has no status for a file that exists.
            Err(Error::Status(status)) if status.status_code == StatusCode::Failure => Ok(false),
            Err(error) => Err(self.failed(path)(error)),
        }
    }

    /// Writes a part of an open file.
    pub(super) async fn write(
        &self,
        handle: &str,
        offset: u64,
        content: &Bytes,
    ) -> Result<(), Error> {
        let requests: Vec<_> = (0..content.len())
            .step_by(BLOCK)
            .map(|start| {
                let block = content.slice(start..content.len().min(start + BLOCK));
                self.0
                    .session
                    .write(handle, offset + start as u64, block.to_vec())
            })
            .collect();
        stream::iter(requests)
            .buffered(WRITES)
            .try_for_each(|_| futures_util::future::ready(Ok(())))
            .await
    }

    /// Closes a file after it was written, and returns its attributes. `written` is the result of the writes.
    pub(super) async fn close(
        &self,
        path: &str,
        handle: String,
        written: Result<(), Error>,
    ) -> Result<FileAttributes, DeployError> {
        let session = &self.0.session;
        let attributes = match written {
            Ok(()) => session.fstat(handle.clone()).await,
            Err(error) => Err(error),
        };
        let closed = session.close(handle).await;
        let error = match (attributes, closed) {
            (Ok(attributes), Ok(_)) => return Ok(attributes.attrs),
            (Err(error), _) | (_, Err(error)) => error,
        };
        let _ = self.remove(path).await;
        // The protocol has no status for a full disk.
        let has_failed =
            matches!(&error, Error::Status(status) if status.status_code == StatusCode::Failure);
        if has_failed
            && let Ok(space) = session.statvfs(self.full("")).await
            && (space.blocks_avail == 0 || space.inodes_avail == 0)
        {
            return Err(DeployError::Full(self.answer(path, "no space left")));
        }
        Err(self.failed(path)(error))
    }

    /// Moves a file, which replaces an existing one.
    pub(super) async fn rename(&self, from: &str, to: &str) -> Result<(), DeployError> {
        let (from, to) = (self.full(from), self.full(to));
        if !self.0.can_replace {
            // Fails if the file exists.
            let renamed = self.0.session.rename(from, to.clone()).await;
            return renamed.map(|_| ()).map_err(self.failed(&to));
        }
        let mut data = Vec::new();
        for path in [&from, &to] {
            let length = u32::try_from(path.len()).unwrap_or(u32::MAX);
            data.extend(length.to_be_bytes());
            data.extend(path.as_bytes());
        }
        let renamed = self.0.session.extended(RENAME, data).await;
        match renamed.map_err(self.failed(&to))? {
            Packet::Status(status) if status.status_code == StatusCode::Ok => Ok(()),
            Packet::Status(status) => Err(self.failed(&to)(Error::Status(status))),
            _ => Err(self.failed(&to)(Error::UnexpectedPacket)),
        }
    }

    /// Removes a file, if it exists.
    pub(super) async fn remove(&self, path: &str) -> Result<(), DeployError> {
        match self.0.session.remove(self.full(path)).await {
            Err(error) if !is_absent(&error) => Err(self.failed(path)(error)),
            _ => Ok(()),
        }
    }

    /// Removes a folder. Returns `false` if it is not empty or cannot be removed.
    pub(super) async fn remove_folder(&self, path: &str) -> bool {
        let is_removed = self.0.session.rmdir(self.full(path)).await.is_ok();
        if is_removed {
            self.folders().remove(path);
        }
        is_removed
    }

    fn folders(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0
            .folders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates the folder of the target in an existing folder.
    pub(super) async fn create_root(&self) -> Result<(), DeployError> {
        if self.attributes("").await?.is_some() {
            return Ok(());
        }
        let made = self
            .0
            .session
            .mkdir(self.full(""), FileAttributes::empty())
            .await;
        match made {
            Err(error) if is_absent(&error) => {
                Err(DeployError::NoBucket(self.answer("", "No such file")))
            }
            made => made.map(|_| ()).map_err(self.failed("")),
        }
    }

    /// Creates a folder, unless it exists.
    pub(super) async fn create_folder(&self, path: &str) -> Result<(), DeployError> {
        if self.folders().contains(path) {
            return Ok(());
        }
        let mkdir = self
            .0
            .session
            .mkdir(self.full(path), FileAttributes::empty());
        if let Err(error) = mkdir.await {
            // The protocol has no status for a folder that exists.
            let found = self.attributes(path).await?;
            if !found.is_some_and(|attributes| attributes.is_dir()) {
                return Err(self.failed(path)(error));
            }
        }
        self.folders().insert(path.to_owned());
        Ok(())
    }

    /// Creates the folders above a file.
    pub(super) async fn create_parents(&self, path: &str) -> Result<(), DeployError> {
        for (at, _) in path.match_indices('/') {
            self.create_folder(path.get(..at).unwrap_or_default())
                .await?;
        }
        Ok(())
    }

    /// Returns the attributes of a file or folder, or `None` if it does not exist.
    pub(super) async fn attributes(
        &self,
        path: &str,
    ) -> Result<Option<FileAttributes>, DeployError> {
        match self.0.session.stat(self.full(path)).await {
            Ok(attributes) => Ok(Some(attributes.attrs)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(path)(error)),
        }
    }

    /// Reads a file. Returns its attributes, or `None` if it does not exist.
    pub(super) async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<Option<FileAttributes>, DeployError> {
        let session = &self.0.session;
        let open = session.open(self.full(path), OpenFlags::READ, FileAttributes::empty());
        let handle = match open.await {
            Ok(handle) => handle.handle,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(self.failed(path)(error)),
        };
        let read = self.read_open(&handle, receive).await;
        let _ = session.close(handle).await;
        read.map(Some).map_err(self.failed(path))
    }

    async fn read_open(
        &self,
        handle: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<FileAttributes, Error> {
        let session = &self.0.session;
        let attributes = session.fstat(handle).await?.attrs;
        let mut offset = 0;
        loop {
            match session.read(handle, offset, BLOCK as u32).await {
                Ok(data) if data.data.is_empty() => return Ok(attributes),
                Ok(data) => {
                    receive(&data.data);
                    offset += data.data.len() as u64;
                }
                Err(Error::Status(status)) if status.status_code == StatusCode::Eof => {
                    return Ok(attributes);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Lists the names and attributes in a folder. Returns an empty list if it does not exist.
    pub(super) async fn entries(
        &self,
        path: &str,
    ) -> Result<Vec<(String, FileAttributes)>, DeployError> {
        let session = &self.0.session;
        let handle = match session.opendir(self.full(path)).await {
            Ok(handle) => handle.handle,
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(path)(error)),
        };
        let mut entries = Vec::new();
        let result = loop {
            match session.readdir(handle.as_str()).await {
                Ok(names) => {
                    let files = names.files.into_iter();
                    let files = files.map(|file| (file.filename, file.attrs));
                    entries.extend(files.filter(|(name, _)| name != "." && name != ".."));
                }
                Err(Error::Status(status)) if status.status_code == StatusCode::Eof => {
                    break Ok(());
                }
                Err(error) => break Err(error),
            }
        };
        let _ = session.close(handle).await;
        result.map(|()| entries).map_err(self.failed(path))
    }

    /// Ends the connection.
    pub(super) async fn disconnect(&self) {
        let _ = self.0.session.close_session();
        let disconnect = self
            .0
            .connection
            .disconnect(Disconnect::ByApplication, "", "en");
        let _ = disconnect.await;
    }
}
