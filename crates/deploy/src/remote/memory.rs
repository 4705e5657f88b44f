//! A target in memory for tests, which can fail at any moment.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;

use super::{Abilities, Condition, LargeUpload, Listed, Remote, RemoteError, Version};
use crate::DeployError;
use crate::error::Answer;
use crate::headers::FileHeaders;

/// A target that several deployments share.
pub(crate) struct Memory {
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub files: BTreeMap<String, (Bytes, u64)>,
    pub headers: BTreeMap<String, FileHeaders>,
    /// Number of the last version.
    next: u64,
    /// Number of changes that succeed before all operations fail.
    pub changes_left: Option<u64>,
    /// The path that cannot be written, because the target is full.
    pub full_at: Option<String>,
    /// All requests, in their order.
    pub requests: Vec<String>,
    /// `true` to answer the next write of the root with an error although it was done.
    pub loses_answer: bool,
    pub is_unconditional: bool,
    /// The path whose next write is followed by a claim of another deployment.
    pub claimed_at: Option<String>,
    /// The states of all files after each change.
    pub history: Vec<BTreeMap<String, Bytes>>,
    pub keeps_history: bool,
}

impl Memory {
    pub(crate) fn new() -> Memory {
        Memory {
            state: Mutex::default(),
        }
    }

    #[allow(clippy::unwrap_used)]
    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    /// Returns the content of a file, without compression.
    pub(crate) fn content(&self, path: &str) -> Option<Vec<u8>> {
        self.with(|state| {
            let (content, _) = state.files.get(path)?;
            Some(plain(content))
        })
    }

    /// Replaces a file as another program would.
    pub(crate) fn change(&self, path: &str, content: &[u8]) {
        self.with(|state| {
            state.next += 1;
            let next = state.next;
            let content = Bytes::copy_from_slice(content);
            state.files.insert(path.to_owned(), (content, next));
        });
    }
}

/// Returns a content without compression.
pub(crate) fn plain(content: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut plain = Vec::new();
    match flate2::read::GzDecoder::new(content).read_to_end(&mut plain) {
        Ok(_) => plain,
        Err(_) => content.to_vec(),
    }
}

fn version(number: u64) -> Version {
    Version {
        tag: Some(number.to_string()),
        generation: None,
    }
}

fn answer(path: &str, code: &str) -> Answer {
    Answer {
        target: "memory".to_owned(),
        path: path.to_owned(),
        code: code.to_owned(),
    }
}

impl State {
    /// Counts an operation. Fails if the target was stopped.
    fn request(&mut self, kind: &str, path: &str, is_change: bool) -> Result<(), DeployError> {
        if self.changes_left == Some(0) {
            return Err(DeployError::Refused(answer(path, "stopped")));
        }
        if let Some(left) = self.changes_left.as_mut().filter(|_| is_change) {
            *left -= 1;
        }
        self.requests.push(format!("{kind} {path}"));
        Ok(())
    }

    fn remember(&mut self) {
        if self.keeps_history {
            let files = self.files.iter();
            let files = files.map(|(path, (content, _))| (path.clone(), content.clone()));
            let files = files.collect();
            self.history.push(files);
        }
    }
}

#[async_trait]
impl Remote for std::sync::Arc<Memory> {
    fn abilities(&self) -> Abilities {
        Abilities {
            has_content_tags: true,
            has_headers: true,
            is_local: false,
        }
    }

    async fn get(&self, path: &str) -> Result<Option<(Bytes, Version)>, DeployError> {
        self.with(|state| {
            state.request("get", path, false)?;
            let file = state.files.get(path);
            Ok(file.map(|(content, number)| (content.clone(), version(*number))))
        })
    }

    async fn read(
        &self,
        path: &str,
        receive: &mut (dyn for<'a> FnMut(&'a [u8]) + Send),
    ) -> Result<bool, DeployError> {
        let file = self.get(path).await?;
        if let Some((content, _)) = &file {
            receive(content);
        }
        Ok(file.is_some())
    }

    async fn version(&self, path: &str) -> Result<Option<Version>, DeployError> {
        self.with(|state| {
            state.request("head", path, false)?;
            Ok(state.files.get(path).map(|(_, number)| version(*number)))
        })
    }

    async fn put(
        &self,
        path: &str,
        content: Bytes,
        headers: &FileHeaders,
        condition: &Condition,
    ) -> Result<Version, RemoteError> {
        tokio::task::yield_now().await;
        self.with(|state| {
            if state.is_unconditional && *condition != Condition::Any {
                return Err(RemoteError::Unconditional);
            }
            let found = state.files.get(path).map(|(_, number)| version(*number));
            let is_met = match condition {
                Condition::Any => true,
                Condition::Absent => found.is_none(),
                Condition::Unchanged(version) => found.as_ref() == Some(version),
            };
            state.request("put", path, is_met)?;
            if !is_met {
                return Err(RemoteError::Changed);
            }
            if state.full_at.as_deref() == Some(path) {
                return Err(DeployError::Full(answer(path, "QuotaExceeded")).into());
            }
            state.next += 1;
            let next = state.next;
            state.files.insert(path.to_owned(), (content, next));
            state.headers.insert(path.to_owned(), headers.clone());
            if state.claimed_at.take_if(|at| at == path).is_some()
                && let Some((_, number)) = state.files.get_mut(crate::record::RECORD)
            {
                *number += 1_000_000;
            }
            state.remember();
            if path == crate::local::ROOT && std::mem::take(&mut state.loses_answer) {
                // The client of the server repeats the request, which then fails.
                return Err(RemoteError::Changed);
            }
            Ok(version(next))
        })
    }

    async fn begin(
        &self,
        path: &str,
        headers: &FileHeaders,
    ) -> Result<Box<dyn LargeUpload>, DeployError> {
        Ok(Box::new(LargeFile {
            memory: self.clone(),
            path: path.to_owned(),
            headers: headers.clone(),
            content: Vec::new(),
        }))
    }

    async fn delete(&self, path: &str) -> Result<(), DeployError> {
        self.with(|state| {
            state.request("delete", path, true)?;
            state.files.remove(path);
            state.remember();
            Ok(())
        })
    }

    async fn list(&self) -> Result<BTreeMap<String, Listed>, DeployError> {
        self.with(|state| {
            state.request("list", "", false)?;
            let listed = |(path, (content, number)): (&String, &(Bytes, u64))| {
                let listed = Listed {
                    bytes: content.len() as u64,
                    version: version(*number),
                };
                (path.clone(), listed)
            };
            Ok(state.files.iter().map(listed).collect())
        })
    }
}

struct LargeFile {
    memory: std::sync::Arc<Memory>,
    path: String,
    headers: FileHeaders,
    content: Vec<u8>,
}

#[async_trait]
impl LargeUpload for LargeFile {
    async fn write(&mut self, chunk: Bytes) -> Result<(), DeployError> {
        self.content.extend_from_slice(&chunk);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<Version, DeployError> {
        let content = self.content.into();
        let put = self
            .memory
            .put(&self.path, content, &self.headers, &Condition::Any);
        put.await.map_err(|error| match error {
            RemoteError::Other(error) => error,
            _ => DeployError::Refused(answer(&self.path, "condition")),
        })
    }

    async fn abort(self: Box<Self>) {}
}
