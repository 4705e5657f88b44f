//! Counts the requests to a target.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;

use super::{Abilities, Condition, LargeUpload, Listed, Remote, RemoteError, Version};
use crate::DeployError;
use crate::headers::FileHeaders;
use crate::prices::Requests;

/// Number of files that a request lists.
const LIST_PAGE: u64 = 1000;

#[derive(Default)]
struct Counts {
    write: AtomicU64,
    list: AtomicU64,
    read: AtomicU64,
    delete: AtomicU64,
}

/// A target whose requests are counted.
pub(crate) struct Counted {
    remote: Arc<dyn Remote>,
    counts: Arc<Counts>,
}

impl Counted {
    pub(crate) fn new(remote: Arc<dyn Remote>) -> Counted {
        Counted {
            remote,
            counts: Arc::default(),
        }
    }

    pub(crate) fn requests(&self) -> Requests {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Requests {
            write: count(&self.counts.write),
            list: count(&self.counts.list),
            read: count(&self.counts.read),
            delete: count(&self.counts.delete),
        }
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

#[async_trait]
impl Remote for Counted {
    fn abilities(&self) -> Abilities {
        self.remote.abilities()
    }

    async fn get(&self, path: &str) -> Result<Option<(Bytes, Version)>, DeployError> {
        add(&self.counts.read, 1);
        self.remote.get(path).await
    }

    async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<bool, DeployError> {
        add(&self.counts.read, 1);
        self.remote.read(path, receive).await
    }

    async fn version(&self, path: &str) -> Result<Option<Version>, DeployError> {
        add(&self.counts.read, 1);
        self.remote.version(path).await
    }

    async fn put(
        &self,
        path: &str,
        content: Bytes,
        headers: &FileHeaders,
        condition: &Condition,
    ) -> Result<Version, RemoteError> {
        add(&self.counts.write, 1);
        self.remote.put(path, content, headers, condition).await
    }

    async fn begin(
        &self,
        path: &str,
        headers: &FileHeaders,
    ) -> Result<Box<dyn LargeUpload>, DeployError> {
        // One request begins the upload, and one ends it.
        add(&self.counts.write, 2);
        Ok(Box::new(CountedUpload {
            upload: self.remote.begin(path, headers).await?,
            counts: self.counts.clone(),
        }))
    }

    async fn delete(&self, path: &str) -> Result<(), DeployError> {
        add(&self.counts.delete, 1);
        self.remote.delete(path).await
    }

    async fn list(&self) -> Result<BTreeMap<String, Listed>, DeployError> {
        let files = self.remote.list().await?;
        let pages = (files.len() as u64).div_ceil(LIST_PAGE).max(1);
        add(&self.counts.list, pages);
        Ok(files)
    }

    async fn first(&self) -> Result<Option<String>, DeployError> {
        add(&self.counts.list, 1);
        self.remote.first().await
    }

    async fn flush(&self) -> Result<(), DeployError> {
        self.remote.flush().await
    }

    async fn close(&self) {
        self.remote.close().await;
    }
}

struct CountedUpload {
    upload: Box<dyn LargeUpload>,
    counts: Arc<Counts>,
}

#[async_trait]
impl LargeUpload for CountedUpload {
    async fn write(&mut self, chunk: Bytes) -> Result<(), DeployError> {
        add(&self.counts.write, 1);
        self.upload.write(chunk).await
    }

    async fn finish(self: Box<Self>) -> Result<Version, DeployError> {
        self.upload.finish().await
    }

    async fn abort(self: Box<Self>) {
        self.upload.abort().await;
    }
}
