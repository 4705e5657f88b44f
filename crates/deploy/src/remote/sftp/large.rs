//! A large file that is written to an SSH server in chunks.

use async_trait::async_trait;
use bytes::Bytes;
use russh_sftp::protocol::OpenFlags;

use super::client::Client;
use super::version;
use crate::DeployError;
use crate::remote::{LargeUpload, Version};

/// A temporary file that is open for writing.
pub(super) struct LargeFile {
    client: Client,
    path: String,
    temporary: String,
    handle: String,
    offset: u64,
    written: Result<(), russh_sftp::client::error::Error>,
}

impl LargeFile {
    pub(super) async fn begin(client: &Client, path: &str) -> Result<LargeFile, DeployError> {
        let temporary = client.temporary();
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
        let handle = client.open(&temporary, flags).await?;
        Ok(LargeFile {
            client: client.clone(),
            path: path.to_owned(),
            temporary,
            handle,
            offset: 0,
            written: Ok(()),
        })
    }
}

#[async_trait]
impl LargeUpload for LargeFile {
    async fn write(&mut self, chunk: Bytes) -> Result<(), DeployError> {
        // An error is reported when the file is closed, which finds its reason.
        if self.written.is_ok() {
            self.written = self.client.write(&self.handle, self.offset, &chunk).await;
            self.offset += chunk.len() as u64;
        }
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<Version, DeployError> {
        let close = self
            .client
            .close(&self.temporary, self.handle, self.written);
        let attributes = close.await?;
        self.client.create_parents(&self.path).await?;
        self.client.rename(&self.temporary, &self.path).await?;
        Ok(version(&attributes))
    }

    async fn abort(self: Box<Self>) {
        let close = self
            .client
            .close(&self.temporary, self.handle, self.written);
        let _ = close.await;
        let _ = self.client.remove(&self.temporary).await;
    }
}
