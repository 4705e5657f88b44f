//! The operations that a deployment needs of a target, and their implementations.

pub(crate) mod bucket;
pub(crate) mod counted;
pub(crate) mod folder;
#[cfg(test)]
pub(crate) mod memory;
pub(crate) mod sftp;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::DeployError;
use crate::headers::FileHeaders;

/// A version of a file on a target, which changes with each upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    /// The entity tag, or the modification time on targets without tags.
    pub tag: Option<String>,
    /// The generation of Google Cloud Storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
}

/// A file in the list of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub bytes: u64,
    pub version: Version,
}

/// The state that a file must have before it is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Any,
    Absent,
    Unchanged(Version),
}

impl Condition {
    /// Returns the condition that a file still has the version that was read.
    pub(crate) fn unchanged(version: Option<Version>) -> Condition {
        version.map_or(Condition::Absent, Condition::Unchanged)
    }
}

/// An error of an operation on a target.
#[derive(Debug)]
pub(crate) enum RemoteError {
    /// The file does not have the state that the condition requires.
    Changed,
    /// The server does not support conditions.
    Unconditional,
    Other(DeployError),
}

impl From<DeployError> for RemoteError {
    fn from(error: DeployError) -> Self {
        RemoteError::Other(error)
    }
}

/// The abilities of a target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abilities {
    /// `true` if the tag of a version changes whenever the content does, whoever writes it.
    pub has_content_tags: bool,
    /// `true` if files are stored with headers, and so can be stored in compressed form.
    pub has_headers: bool,
    /// `true` if files can be read as fast as those of the site.
    pub is_local: bool,
}

/// A place to which files are uploaded. Paths are relative to it and use `/`.
///
/// A file appears with its whole content or not at all.
#[async_trait]
pub(crate) trait Remote: Send + Sync {
    fn abilities(&self) -> Abilities;

    /// Reads a small file. Returns `None` if it does not exist.
    async fn get(&self, path: &str) -> Result<Option<(Bytes, Version)>, DeployError>;

    /// Reads a file in chunks, each of which is passed to `receive`. Returns `false` if it does not exist.
    async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<bool, DeployError>;

    /// Returns the version of a file, or `None` if it does not exist.
    async fn version(&self, path: &str) -> Result<Option<Version>, DeployError>;

    /// Writes a file.
    async fn put(
        &self,
        path: &str,
        content: Bytes,
        headers: &FileHeaders,
        condition: &Condition,
    ) -> Result<Version, RemoteError>;

    /// Begins to write a large file in chunks.
    async fn begin(
        &self,
        path: &str,
        headers: &FileHeaders,
    ) -> Result<Box<dyn LargeUpload>, DeployError>;

    /// Deletes a file, if it exists.
    async fn delete(&self, path: &str) -> Result<(), DeployError>;

    /// Lists all files.
    async fn list(&self) -> Result<BTreeMap<String, Listed>, DeployError>;

    /// Returns `true` if the target contains any file.
    async fn first(&self) -> Result<Option<String>, DeployError> {
        Ok(self.list().await?.into_keys().next())
    }

    /// Waits until all files that were written survive a power failure.
    async fn flush(&self) -> Result<(), DeployError> {
        Ok(())
    }

    /// Ends the use of the target.
    async fn close(&self) {}
}

/// A large file that is being written. All chunks except for the last have the size [`CHUNK`].
#[async_trait]
pub(crate) trait LargeUpload: Send {
    /// Writes the next chunk.
    async fn write(&mut self, chunk: Bytes) -> Result<(), DeployError>;
    /// Ends the file, which then replaces an earlier one.
    async fn finish(self: Box<Self>) -> Result<Version, DeployError>;
    /// Discards what was written.
    async fn abort(self: Box<Self>);
}

/// The size of the chunks of a large file. Servers require parts of at least 5 MiB, and of the same size.
pub(crate) const CHUNK: usize = 8 << 20;
