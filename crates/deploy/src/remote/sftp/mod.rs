//! A folder on an SSH server as the target.

mod client;
mod connect;
mod large;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use russh_sftp::protocol::{FileAttributes, OpenFlags};
use tokio::sync::OnceCell;

use super::{Abilities, Condition, LargeUpload, Listed, Remote, RemoteError, Version};
use crate::DeployError;
use crate::headers::FileHeaders;
use crate::target::SftpTarget;
use client::Client;
use large::LargeFile;

/// The folder in the target in which files are written before they are moved into place.
pub(super) const UPLOADS: &str = ".khizana-upload";

/// The file that excludes other deployments while the record or the root is compared and replaced.
const LOCK: &str = ".khizana-upload/lock";

/// The age in seconds at which a lock was left by an interrupted deployment. A lock is held for some requests.
const LOCK_EXPIRES: u32 = 60;

/// The age in seconds at which a partial file was left by an interrupted deployment.
const PARTIAL_EXPIRES: u32 = 24 * 60 * 60;

/// A folder on an SSH server.
pub(crate) struct Sftp {
    client: Client,
    /// Set when the folders exist in which files are written.
    is_prepared: OnceCell<()>,
}

impl Sftp {
    /// Connects to a server. `shown` is the target as the user wrote it.
    pub(crate) async fn connect(target: &SftpTarget, shown: &str) -> Result<Sftp, DeployError> {
        Ok(Sftp {
            client: connect::connect(target, shown).await?,
            is_prepared: OnceCell::new(),
        })
    }

    /// Creates the folder of the target in an existing folder, before the first file is written.
    async fn prepare(&self) -> Result<(), DeployError> {
        let prepare = async || {
            self.client.create_root().await?;
            self.client.create_folder(UPLOADS).await?;
            self.remove_partial_files().await
        };
        self.is_prepared.get_or_try_init(prepare).await?;
        Ok(())
    }

    /// Removes what deployments left that were interrupted long ago.
    async fn remove_partial_files(&self) -> Result<(), DeployError> {
        // Its time is the time of the server.
        let clock = self.client.temporary();
        self.client.create_new(&clock).await?;
        let entries = self.client.entries(UPLOADS).await?;
        self.client.remove(&clock).await?;
        let newest = entries
            .iter()
            .filter_map(|(_, attributes)| attributes.mtime);
        let Some(newest) = newest.max() else {
            return Ok(());
        };
        for (name, attributes) in entries {
            let is_old = attributes
                .mtime
                .is_some_and(|time| newest.saturating_sub(time) > PARTIAL_EXPIRES);
            if is_old {
                self.client.remove(&format!("{UPLOADS}/{name}")).await?;
            }
        }
        Ok(())
    }

    /// Moves a complete file into place.
    async fn place(
        &self,
        temporary: &str,
        path: &str,
        condition: &Condition,
        written: &Version,
    ) -> Result<(), RemoteError> {
        self.client.create_parents(path).await?;
        if *condition == Condition::Any {
            return Ok(self.client.rename(temporary, path).await?);
        }
        if !self.lock(written).await? {
            return Err(RemoteError::Changed);
        }
        let placed = self.place_locked(temporary, path, condition).await;
        self.client.remove(LOCK).await?;
        placed
    }

    async fn place_locked(
        &self,
        temporary: &str,
        path: &str,
        condition: &Condition,
    ) -> Result<(), RemoteError> {
        let found = self.version(path).await?;
        let is_met = match condition {
            Condition::Any => true,
            Condition::Absent => found.is_none(),
            Condition::Unchanged(version) => found.as_ref() == Some(version),
        };
        if !is_met {
            return Err(RemoteError::Changed);
        }
        Ok(self.client.rename(temporary, path).await?)
    }

    /// Creates the lock. Returns `false` if another deployment holds it. `now` is the version of a file that was just
    /// written, which contains the time of the server.
    async fn lock(&self, now: &Version) -> Result<bool, DeployError> {
        if self.client.create_new(LOCK).await? {
            return Ok(true);
        }
        let held = self.client.attributes(LOCK).await?;
        let since = held.and_then(|attributes| attributes.mtime).unwrap_or(0);
        if time_of(now).saturating_sub(since) <= LOCK_EXPIRES {
            return Ok(false);
        }
        self.client.remove(LOCK).await?;
        self.client.create_new(LOCK).await
    }
}

/// Returns the version of a file: its modification time in seconds and its size.
fn version(attributes: &FileAttributes) -> Version {
    let (time, size) = (attributes.mtime, attributes.size);
    Version {
        tag: time
            .zip(size)
            .map(|(time, size)| format!("{time:x}-{size:x}")),
        generation: None,
    }
}

/// Returns the time in a version.
fn time_of(version: &Version) -> u32 {
    let tag = version.tag.as_deref().unwrap_or_default();
    let time = tag.split('-').next().unwrap_or_default();
    u32::from_str_radix(time, 16).unwrap_or(0)
}

#[async_trait]
impl Remote for Sftp {
    fn abilities(&self) -> Abilities {
        Abilities {
            has_content_tags: false,
            has_headers: false,
            is_local: false,
        }
    }

    async fn get(&self, path: &str) -> Result<Option<(Bytes, Version)>, DeployError> {
        let mut content = Vec::new();
        let attributes = self
            .client
            .read(path, &mut |chunk| content.extend_from_slice(chunk))
            .await?;
        Ok(attributes.map(|attributes| (content.into(), version(&attributes))))
    }

    async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<bool, DeployError> {
        Ok(self.client.read(path, receive).await?.is_some())
    }

    async fn version(&self, path: &str) -> Result<Option<Version>, DeployError> {
        let attributes = self.client.attributes(path).await?;
        Ok(attributes.map(|attributes| version(&attributes)))
    }

    async fn put(
        &self,
        path: &str,
        content: Bytes,
        _headers: &FileHeaders,
        condition: &Condition,
    ) -> Result<Version, RemoteError> {
        self.prepare().await?;
        let temporary = self.client.temporary();
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
        let handle = self.client.open(&temporary, flags).await?;
        let written = self.client.write(&handle, 0, &content).await;
        let attributes = self.client.close(&temporary, handle, written).await?;
        let version = version(&attributes);
        let placed = self.place(&temporary, path, condition, &version).await;
        if placed.is_err() {
            let _ = self.client.remove(&temporary).await;
        }
        placed.map(|()| version)
    }

    async fn begin(
        &self,
        path: &str,
        _headers: &FileHeaders,
    ) -> Result<Box<dyn LargeUpload>, DeployError> {
        self.prepare().await?;
        Ok(Box::new(LargeFile::begin(&self.client, path).await?))
    }

    async fn delete(&self, path: &str) -> Result<(), DeployError> {
        self.client.remove(path).await?;
        let mut folder = path;
        // Fails if the folder is not empty.
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if !self.client.remove_folder(parent).await {
                break;
            }
            folder = parent;
        }
        Ok(())
    }

    async fn list(&self) -> Result<BTreeMap<String, Listed>, DeployError> {
        let mut files = BTreeMap::new();
        let mut folders = vec![String::new()];
        while !folders.is_empty() {
            // The requests of several folders are on their way at the same time.
            let at_once = folders.split_off(folders.len().saturating_sub(16));
            let lists = at_once.iter().map(|folder| self.client.entries(folder));
            let lists = futures_util::future::try_join_all(lists).await?;
            for (folder, entries) in at_once.iter().zip(lists) {
                for (name, attributes) in entries {
                    let path = match folder.as_str() {
                        "" => name,
                        folder => format!("{folder}/{name}"),
                    };
                    if attributes.is_dir() {
                        folders.extend((path != UPLOADS).then_some(path));
                    } else if attributes.is_regular() {
                        let listed = Listed {
                            bytes: attributes.len(),
                            version: version(&attributes),
                        };
                        files.insert(path, listed);
                    }
                }
            }
        }
        Ok(files)
    }

    async fn close(&self) {
        let _ = self.client.remove_folder(UPLOADS).await;
        self.client.disconnect().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_contains_the_time() {
        let version = Version {
            tag: Some("6a1b2c3d-10".to_owned()),
            generation: None,
        };
        assert_eq!(time_of(&version), 0x6a1b_2c3d);
    }
}
