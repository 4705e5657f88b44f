//! Uploads and deletions in parallel.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use khizana_model::{Hash, Progress};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

use crate::DeployError;
use crate::local::{self, LocalSite};
use crate::plan::Upload;
use crate::record::Deployed;
use crate::remote::{CHUNK, Condition, Remote, RemoteError};

/// A target, and the number of requests that it receives at the same time.
#[derive(Clone)]
pub(crate) struct Transfer {
    pub remote: Arc<dyn Remote>,
    pub connections: NonZeroUsize,
}

impl Transfer {
    /// Uploads files, and adds them to `done`. Stops at the first error.
    pub(crate) async fn upload(
        &self,
        site: &LocalSite,
        uploads: &[Upload],
        done: &mut BTreeMap<String, Deployed>,
        progress: &dyn Progress,
    ) -> Result<(), DeployError> {
        let tasks = uploads.iter().map(|upload| {
            let (remote, upload) = (self.remote.clone(), upload.clone());
            let local = site.path(&upload.path);
            async move {
                let deployed = upload_file(&*remote, local, &upload).await?;
                Ok((upload.path, deployed))
            }
        });
        self.run(tasks, progress, |(path, deployed)| {
            done.insert(path, deployed);
        })
        .await
    }

    /// Deletes files. Stops at the first error.
    pub(crate) async fn delete(
        &self,
        paths: &[String],
        progress: &dyn Progress,
    ) -> Result<(), DeployError> {
        let tasks = paths.iter().map(|path| {
            let (remote, path) = (self.remote.clone(), path.clone());
            async move { remote.delete(&path).await }
        });
        self.run(tasks, progress, |()| {}).await
    }

    /// Runs tasks in parallel, and passes their results to `receive`. After an error, the other tasks are stopped.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        tasks: impl Iterator<Item = impl Future<Output = Result<T, DeployError>> + Send + 'static>,
        progress: &dyn Progress,
        mut receive: impl FnMut(T),
    ) -> Result<(), DeployError> {
        let mut tasks = tasks.fuse();
        let mut running = JoinSet::new();
        loop {
            while running.len() < self.connections.get()
                && let Some(task) = tasks.next()
            {
                running.spawn(task);
            }
            let Some(result) = running.join_next().await else {
                return Ok(());
            };
            receive(result.map_err(panicked)??);
            progress.advance(1);
        }
    }
}

fn panicked(error: tokio::task::JoinError) -> DeployError {
    DeployError::Runtime(error.into())
}

async fn upload_file(
    remote: &dyn Remote,
    local: PathBuf,
    upload: &Upload,
) -> Result<Deployed, DeployError> {
    let sha256 = Some(upload.file.sha256);
    if upload.is_large() {
        let version = upload_large(remote, &local, upload).await?;
        return Ok(Deployed {
            sha256,
            bytes: upload.file.bytes,
            version,
        });
    }
    let (file, headers) = (upload.file, upload.headers.clone());
    let read = tokio::task::spawn_blocking(move || local::read(&local, &file, &headers));
    let content = read.await.map_err(panicked)??;
    let bytes = content.len() as u64;
    let put = remote.put(&upload.path, content, &upload.headers, &Condition::Any);
    let version = put.await.map_err(|error| unconditioned(error, upload))?;
    Ok(Deployed {
        sha256,
        bytes,
        version,
    })
}

/// Returns the error of a write without a condition.
fn unconditioned(error: RemoteError, upload: &Upload) -> DeployError {
    match error {
        RemoteError::Other(error) => error,
        RemoteError::Changed | RemoteError::Unconditional => {
            DeployError::Conflict(upload.path.clone())
        }
    }
}

/// Uploads a file in chunks. The upload is discarded if the content differs from what was published.
async fn upload_large(
    remote: &dyn Remote,
    local: &Path,
    upload: &Upload,
) -> Result<crate::remote::Version, DeployError> {
    let mut file = File::open(local).map_err(DeployError::unreadable(local))?;
    let mut large = remote.begin(&upload.path, &upload.headers).await?;
    let mut hash = Sha256::new();
    loop {
        // The next chunk is read and hashed on another thread, which returns the file and the hash.
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = Vec::with_capacity(CHUNK);
            let result = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk);
            hash.update(&chunk);
            (file, hash, result.map(|_| chunk))
        });
        let chunk;
        (file, hash, chunk) = read.await.map_err(panicked)?;
        let written = match chunk {
            Ok(chunk) if chunk.is_empty() => break,
            Ok(chunk) => large.write(Bytes::from(chunk)).await,
            Err(error) => Err(DeployError::unreadable(local)(error)),
        };
        if let Err(error) = written {
            large.abort().await;
            return Err(error);
        }
    }
    if Hash(hash.finalize().into()) != upload.file.sha256 {
        large.abort().await;
        return Err(DeployError::Damaged(local.to_owned()));
    }
    large.finish().await
}
