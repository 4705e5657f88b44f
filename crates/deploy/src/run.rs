//! A deployment, from the comparison with the target to the deletion of old files.

use std::num::NonZeroUsize;
use std::sync::Arc;

use khizana_model::{Problem, Progress};

use crate::DeployError;
use crate::headers::FileHeaders;
use crate::local::{LocalSite, ROOT, is_object};
use crate::plan::{Found, Plan};
use crate::prices::Provider;
use crate::record::{Deployed, RECORD, Record, RecordError};
use crate::remote::counted::Counted;
use crate::remote::{Condition, Remote, RemoteError, Version};
use crate::report::{Cost, Summary};
use crate::transfer::Transfer;

/// The smallest number of files after which the record is written, which an interruption repeats at most.
pub(crate) const MIN_BATCH: usize = 500;

/// The number of times that the record is written while files are uploaded: it is large if there are many of them.
const MAX_BATCHES: usize = 10;

/// The settings of a deployment, apart from the connection.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub target: String,
    /// The identifier of the deployment, which no other deployment has.
    pub id: String,
    /// The provider whose prices apply.
    pub provider: Option<Provider>,
    pub connections: NonZeroUsize,
    /// The number of seconds for which objects are kept that the site does not need.
    pub grace: i64,
    /// The time in seconds since 1970.
    pub now: i64,
    pub is_dry: bool,
    /// `true` to compare the files of the target with its record.
    pub repairs: bool,
    /// The smallest number of files after which the record is written.
    pub min_batch: usize,
}

/// The state of the target at the start.
struct Start {
    record: Record,
    record_version: Option<Version>,
    root_version: Option<Version>,
    /// `true` if the files of the target may differ from the record.
    is_uncertain: bool,
}

impl Run {
    /// Deploys a site.
    pub(crate) async fn deploy(
        &self,
        site: &LocalSite,
        remote: Arc<dyn Remote>,
        progress: &dyn Progress,
    ) -> Result<Summary, DeployError> {
        let counted = Arc::new(Counted::new(remote));
        let remote: Arc<dyn Remote> = counted.clone();
        let mut problems = Vec::new();
        let start = self.start(&*remote, &mut problems).await?;
        let found = self.found(site, &start, &remote, progress).await?;
        let can_compress = remote.abilities().has_headers;
        let plan = Plan::new(site, &found, can_compress, (self.now, self.grace));
        let mut summary = self.summary(site, &plan, problems);
        if self.is_dry {
            summary.requests = counted.requests();
            summary.requests += plan.requests(self.batch_size(plan.uploads().count()));
        } else {
            // An interrupted deployment that left nothing to do is ended in the record.
            if !plan.is_empty() || start.record.is_pending() {
                let transfer = Transfer {
                    remote: remote.clone(),
                    connections: self.connections,
                };
                self.carry_out(site, &start, plan, &transfer, &mut summary, progress)
                    .await?;
            }
            summary.requests = counted.requests();
        }
        summary.cost = self
            .provider
            .map(|provider| Cost::new(provider, &summary.requests, summary.bytes));
        Ok(summary)
    }

    fn summary(&self, site: &LocalSite, plan: &Plan, problems: Vec<Problem>) -> Summary {
        let root = u64::from(!plan.has_root);
        let bytes: u64 = plan.uploads().map(|upload| upload.file.bytes).sum();
        Summary {
            target: self.target.clone(),
            snapshot: site.snapshot.clone(),
            dry_run: self.is_dry,
            files: site.files.len() as u64 + 1,
            bytes: site.bytes(),
            uploaded: plan.uploads().count() as u64 + root,
            uploaded_bytes: bytes + root * site.root.len() as u64,
            deleted: plan.deletions.len() as u64,
            retired: plan.retired.len() as u64,
            requests: crate::Requests::default(),
            cost: None,
            problems,
        }
    }

    /// Reads the record and the version of the root.
    async fn start(
        &self,
        remote: &dyn Remote,
        problems: &mut Vec<Problem>,
    ) -> Result<Start, DeployError> {
        let (record, root_version) =
            futures_util::future::try_join(remote.get(RECORD), remote.version(ROOT)).await?;
        let Some((bytes, record_version)) = record else {
            return self.first(remote).await;
        };
        let record = Record::decode(&bytes).map_err(|error| DeployError::Record {
            target: self.target.clone(),
            is_later: error == RecordError::Later,
        })?;
        let recorded = record.files.get(ROOT).map(|root| &root.version);
        let is_changed = !record.is_pending() && recorded != root_version.as_ref();
        if is_changed {
            let problem = Problem::warning(
                "deploy-root-changed",
                "The file was changed or removed by something else than a deployment.",
                "No action is needed: all files were compared with the last deployment. Only `khizana deploy` should write to the target.",
            );
            problems.push(problem.in_file(ROOT));
        }
        Ok(Start {
            is_uncertain: record.is_pending() || is_changed || self.repairs,
            record,
            record_version: Some(record_version),
            root_version,
        })
    }

    /// Checks that the target has no record because it is empty, or because another program uploaded the site.
    async fn first(&self, remote: &dyn Remote) -> Result<Start, DeployError> {
        let occupied = |path: String| DeployError::Occupied {
            target: self.target.clone(),
            path,
        };
        let root_version = match remote.get(ROOT).await? {
            Some((root, version)) if is_archive(&root) => Some(version),
            Some(_) => return Err(occupied(ROOT.to_owned())),
            None => match remote.first().await? {
                Some(path) => return Err(occupied(path)),
                None => None,
            },
        };
        Ok(Start {
            record: Record::new(),
            record_version: None,
            root_version,
            is_uncertain: false,
        })
    }

    async fn found(
        &self,
        site: &LocalSite,
        start: &Start,
        remote: &Arc<dyn Remote>,
        progress: &dyn Progress,
    ) -> Result<Found, DeployError> {
        if !start.is_uncertain {
            return Ok(Found::of_record(&start.record));
        }
        let abilities = remote.abilities();
        let listed = remote.list().await?;
        let mut found = Found::of_list(&start.record, &listed, site, abilities.has_headers);
        let read: Vec<String> = if self.repairs && !abilities.has_content_tags {
            found.files.keys().cloned().collect()
        } else if abilities.is_local {
            // After a power failure, a file can have its size without its content.
            let pending = start.record.pending.iter();
            pending.filter(|path| is_object(path)).cloned().collect()
        } else {
            Vec::new()
        };
        let transfer = Transfer {
            remote: remote.clone(),
            connections: self.connections,
        };
        let tasks = read.into_iter().map(|path| {
            let remote = remote.clone();
            async move {
                let hash = crate::check::content_hash(&*remote, &path).await?;
                Ok((path, hash.plain))
            }
        });
        progress.begin("Files", None);
        transfer
            .run(tasks, progress, |(path, hash)| {
                if let Some(file) = found.files.get_mut(&path)
                    && file.sha256 != Some(hash)
                {
                    file.sha256 = None;
                }
            })
            .await?;
        progress.end();
        Ok(found)
    }

    async fn carry_out(
        &self,
        site: &LocalSite,
        start: &Start,
        plan: Plan,
        transfer: &Transfer,
        summary: &mut Summary,
        progress: &dyn Progress,
    ) -> Result<(), DeployError> {
        let remote = &*transfer.remote;
        let mut claim = plan.claim(&start.record, &self.id);
        let mut claim_version = self
            .write_record(remote, &claim, start.record_version.clone(), summary)
            .await?;
        let mut files = plan.kept.clone();
        let count = plan.uploads().count();
        progress.begin("Upload", Some(count as u64));
        for (batch, is_recorded) in plan.batches(self.batch_size(count)) {
            transfer.upload(site, batch, &mut files, progress).await?;
            // Nothing may refer to a file that a power failure can remove.
            remote.flush().await?;
            if is_recorded {
                claim.files.extend(files.clone());
                claim_version = self
                    .write_record(remote, &claim, Some(claim_version), summary)
                    .await?;
            }
        }
        progress.end();
        // Another deployment may have begun after this one, and has replaced pages since.
        if remote.version(RECORD).await?.as_ref() != Some(&claim_version) {
            return Err(DeployError::Conflict(self.target.clone()));
        }
        let root_version = match (&start.root_version, plan.has_root) {
            (Some(version), true) => version.clone(),
            (version, _) => {
                self.write_root(remote, site, version.clone(), summary)
                    .await?
            }
        };
        files.insert(
            ROOT.to_owned(),
            Deployed {
                sha256: Some(site.root_hash()),
                bytes: site.root.len() as u64,
                version: root_version,
            },
        );
        if !plan.deletions.is_empty() {
            // Nothing may be deleted that a root needs which a power failure brings back.
            remote.flush().await?;
            progress.begin("Deletion", Some(plan.deletions.len() as u64));
            transfer.delete(&plan.deletions, progress).await?;
            progress.end();
        }
        let done = Record {
            snapshot: site.snapshot.clone(),
            running: None,
            pending: Vec::new(),
            files,
            retired: plan.retired,
            ..claim
        };
        self.write_record(remote, &done, Some(claim_version), summary)
            .await?;
        remote.flush().await
    }

    /// Returns the number of files after which the record is written, of which `count` are uploaded.
    fn batch_size(&self, count: usize) -> usize {
        self.min_batch.max(count / MAX_BATCHES)
    }

    async fn write_record(
        &self,
        remote: &dyn Remote,
        record: &Record,
        expected: Option<Version>,
        summary: &mut Summary,
    ) -> Result<Version, DeployError> {
        let headers = FileHeaders::of_record();
        let content = (RECORD, record.encode().into(), &headers);
        self.write(remote, content, expected, summary).await
    }

    async fn write_root(
        &self,
        remote: &dyn Remote,
        site: &LocalSite,
        expected: Option<Version>,
        summary: &mut Summary,
    ) -> Result<Version, DeployError> {
        let headers = FileHeaders {
            // Its readers compare its bytes.
            is_gzip: false,
            ..FileHeaders::of(ROOT, site.root.len() as u64, false)
        };
        let content = (ROOT, site.root.clone(), &headers);
        self.write(remote, content, expected, summary).await
    }

    /// Replaces a file that no other deployment may have replaced since it was read.
    async fn write(
        &self,
        remote: &dyn Remote,
        (path, content, headers): (&str, bytes::Bytes, &FileHeaders),
        expected: Option<Version>,
        summary: &mut Summary,
    ) -> Result<Version, DeployError> {
        let conflict = || DeployError::Conflict(self.target.clone());
        let condition = Condition::unchanged(expected.clone());
        match remote.put(path, content.clone(), headers, &condition).await {
            Ok(version) => Ok(version),
            Err(RemoteError::Other(error)) => Err(error),
            // If the answer to a write was lost, its repetition finds the file changed.
            Err(RemoteError::Changed) => match remote.get(path).await? {
                Some((found, version)) if found == content => Ok(version),
                _ => Err(conflict()),
            },
            Err(RemoteError::Unconditional) => {
                if remote.version(path).await? != expected {
                    return Err(conflict());
                }
                warn_unconditional(&mut summary.problems);
                let put = remote.put(path, content, headers, &Condition::Any).await;
                put.map_err(|error| match error {
                    RemoteError::Other(error) => error,
                    RemoteError::Changed | RemoteError::Unconditional => conflict(),
                })
            }
        }
    }
}

fn warn_unconditional(problems: &mut Vec<Problem>) {
    const CODE: &str = "deploy-unconditional";
    if problems.iter().any(|problem| problem.code == CODE) {
        return;
    }
    problems.push(Problem::warning(
        CODE,
        "The server does not support conditional writes, so that two deployments at once are not always noticed.",
        "Deploy from one computer only.",
    ));
}

/// Returns `true` if a file is the root of a published archive.
fn is_archive(root: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Format {
        format: String,
    }
    serde_json::from_slice::<Format>(root).is_ok_and(|root| root.format.starts_with("khizana/"))
}
