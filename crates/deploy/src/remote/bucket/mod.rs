//! A bucket of Amazon S3, Google Cloud Storage or Azure Blob Storage as the target.

mod answer;
mod connect;
mod profile;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::StreamExt as _;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, GetOptions, MultipartUpload, ObjectStore, ObjectStoreExt as _, PutMode,
    PutMultipartOptions, PutOptions, UpdateVersion,
};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Abilities, Condition, LargeUpload, Listed, Remote, RemoteError, Version};
use crate::DeployError;
use crate::error::Answer;
use crate::headers::FileHeaders;
pub(crate) use connect::{Environment, Settings, connect};

/// A folder in a bucket.
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// The target as the user wrote it.
    target: String,
    prefix: String,
    /// Limits the parts of large files that are sent at the same time.
    parts: Arc<Semaphore>,
}

impl Bucket {
    fn path(&self, path: &str) -> Result<Path, DeployError> {
        let full = match self.prefix.as_str() {
            "" => path.to_owned(),
            prefix => format!("{prefix}/{path}"),
        };
        Path::parse(full).map_err(|_| {
            DeployError::Refused(Answer {
                target: self.target.clone(),
                path: path.to_owned(),
                code: "InvalidPath".to_owned(),
            })
        })
    }

    fn failed(&self, path: &str) -> impl Fn(object_store::Error) -> DeployError + use<> {
        let (target, path) = (self.target.clone(), path.to_owned());
        move |error| answer::read(&error, &target, &path)
    }

    /// Returns the path of a file in the list of the bucket, relative to the target.
    fn relative(&self, location: &Path) -> Option<String> {
        let path = location.as_ref();
        match self.prefix.as_str() {
            "" => Some(path.to_owned()),
            prefix => Some(path.strip_prefix(prefix)?.strip_prefix('/')?.to_owned()),
        }
    }

    fn listing(
        &self,
    ) -> futures_util::stream::BoxStream<'static, object_store::Result<object_store::ObjectMeta>>
    {
        let prefix = (!self.prefix.is_empty()).then(|| Path::from(self.prefix.as_str()));
        self.store.list(prefix.as_ref())
    }
}

fn version(tag: Option<String>, generation: Option<String>) -> Version {
    Version { tag, generation }
}

fn attributes(headers: &FileHeaders) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, headers.content_type.clone().into());
    attributes.insert(Attribute::CacheControl, headers.cache_control.into());
    if let Some(disposition) = headers.disposition {
        attributes.insert(Attribute::ContentDisposition, disposition.into());
    }
    if headers.is_gzip {
        attributes.insert(Attribute::ContentEncoding, "gzip".into());
    }
    attributes
}

#[async_trait]
impl Remote for Bucket {
    fn abilities(&self) -> Abilities {
        Abilities {
            has_content_tags: true,
            has_headers: true,
            is_local: false,
        }
    }

    async fn get(&self, path: &str) -> Result<Option<(Bytes, Version)>, DeployError> {
        let failed = self.failed(path);
        let result = match self.store.get(&self.path(path)?).await {
            Ok(result) => result,
            Err(error) if answer::is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let version = version(result.meta.e_tag.clone(), result.meta.version.clone());
        let content = result.bytes().await.map_err(failed)?;
        Ok(Some((content, version)))
    }

    async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<bool, DeployError> {
        let failed = self.failed(path);
        let result = match self.store.get(&self.path(path)?).await {
            Ok(result) => result,
            Err(error) if answer::is_absent(&error) => return Ok(false),
            Err(error) => return Err(failed(error)),
        };
        let mut chunks = result.into_stream();
        while let Some(chunk) = chunks.next().await {
            receive(&chunk.map_err(&failed)?);
        }
        Ok(true)
    }

    async fn version(&self, path: &str) -> Result<Option<Version>, DeployError> {
        let head = GetOptions {
            head: true,
            ..GetOptions::default()
        };
        match self.store.get_opts(&self.path(path)?, head).await {
            Ok(result) => Ok(Some(version(result.meta.e_tag, result.meta.version))),
            Err(error) if answer::is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(path)(error)),
        }
    }

    async fn put(
        &self,
        path: &str,
        content: Bytes,
        headers: &FileHeaders,
        condition: &Condition,
    ) -> Result<Version, RemoteError> {
        let mode = match condition {
            Condition::Any => PutMode::Overwrite,
            Condition::Absent => PutMode::Create,
            Condition::Unchanged(version) => PutMode::Update(UpdateVersion {
                e_tag: version.tag.clone(),
                version: version.generation.clone(),
            }),
        };
        let options = PutOptions {
            mode,
            attributes: attributes(headers),
            ..PutOptions::default()
        };
        let path_in_bucket = self.path(path)?;
        let put = self
            .store
            .put_opts(&path_in_bucket, content.into(), options);
        match put.await {
            Ok(result) => Ok(version(result.e_tag, result.version)),
            Err(error) if *condition == Condition::Any => Err(self.failed(path)(error).into()),
            Err(
                object_store::Error::Precondition { .. }
                | object_store::Error::AlreadyExists { .. },
            ) => Err(RemoteError::Changed),
            Err(error) if answer::is_unsupported(&error) => Err(RemoteError::Unconditional),
            Err(error) => Err(self.failed(path)(error).into()),
        }
    }

    async fn begin(
        &self,
        path: &str,
        headers: &FileHeaders,
    ) -> Result<Box<dyn LargeUpload>, DeployError> {
        let options = PutMultipartOptions {
            attributes: attributes(headers),
            ..PutMultipartOptions::default()
        };
        let upload = self
            .store
            .put_multipart_opts(&self.path(path)?, options)
            .await
            .map_err(self.failed(path))?;
        Ok(Box::new(Multipart {
            upload,
            parts: JoinSet::new(),
            limit: self.parts.clone(),
            target: self.target.clone(),
            path: path.to_owned(),
        }))
    }

    async fn delete(&self, path: &str) -> Result<(), DeployError> {
        match self.store.delete(&self.path(path)?).await {
            Err(error) if !answer::is_absent(&error) => Err(self.failed(path)(error)),
            _ => Ok(()),
        }
    }

    async fn list(&self) -> Result<BTreeMap<String, Listed>, DeployError> {
        let mut files = BTreeMap::new();
        let mut list = self.listing();
        while let Some(meta) = list.next().await {
            let meta = meta.map_err(self.failed(""))?;
            if let Some(path) = self.relative(&meta.location) {
                let listed = Listed {
                    bytes: meta.size,
                    version: version(meta.e_tag, meta.version),
                };
                files.insert(path, listed);
            }
        }
        Ok(files)
    }

    async fn first(&self) -> Result<Option<String>, DeployError> {
        let first = self.listing().next().await.transpose();
        let first = first.map_err(self.failed(""))?;
        Ok(first.and_then(|meta| self.relative(&meta.location)))
    }
}

/// A file that is uploaded in parts.
struct Multipart {
    upload: Box<dyn MultipartUpload>,
    parts: JoinSet<object_store::Result<()>>,
    limit: Arc<Semaphore>,
    target: String,
    path: String,
}

impl Multipart {
    fn result(
        &self,
        part: Result<object_store::Result<()>, tokio::task::JoinError>,
    ) -> Result<(), DeployError> {
        let failed = |error| answer::read(&error, &self.target, &self.path);
        part.map_err(|error| failed(error.into()))?.map_err(failed)
    }
}

#[async_trait]
impl LargeUpload for Multipart {
    async fn write(&mut self, chunk: Bytes) -> Result<(), DeployError> {
        // The limit is never closed.
        let permit = self.limit.clone().acquire_owned().await.ok();
        let part = self.upload.put_part(chunk.into());
        self.parts.spawn(async move {
            let _permit = permit;
            part.await
        });
        while let Some(part) = self.parts.try_join_next() {
            self.result(part)?;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<Version, DeployError> {
        while let Some(part) = self.parts.join_next().await {
            if let Err(error) = self.result(part) {
                self.abort().await;
                return Err(error);
            }
        }
        let result = self.upload.complete().await;
        let result = result.map_err(|error| answer::read(&error, &self.target, &self.path))?;
        Ok(version(result.e_tag, result.version))
    }

    async fn abort(mut self: Box<Self>) {
        self.parts.shutdown().await;
        // The parts are not visible, and the rules of the bucket remove them.
        let _ = self.upload.abort().await;
    }
}
