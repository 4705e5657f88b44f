//! Upload of a published site to object storage, to an SSH server or to a folder.
//!
//! A reader of the target sees the old or the new publication at every moment: [`deploy`] uploads the files whose names
//! contain a hash first, then the pages, and the root last. The record of a deployment on the target lists its files, so
//! that the next one uploads only what changed. [`check()`] compares a target with its record.

mod check;
mod error;
mod headers;
mod local;
mod plan;
mod prices;
mod record;
mod remote;
mod report;
mod run;
mod target;
#[cfg(test)]
mod tests;
mod transfer;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use khizana_model::Progress;

pub use check::CODES;
pub use error::{Answer, DeployError};
pub use prices::{HOSTINGS, Hosting, PRICES_AS_OF, Prices, Provider, Requests};
pub use report::{CheckReport, Cost, Summary};

use local::LocalSite;
use remote::Remote;
use remote::bucket::{self, Settings};
use remote::folder::Folder;
use remote::sftp::Sftp;
use run::Run;
use target::Target;

/// The place of a deployment, and how it is reached.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The target: `s3://`, `gs://`, `az://`, `sftp://` or a folder.
    pub target: String,
    /// The address of a server with the interface of the provider.
    pub endpoint: Option<String>,
    /// Number of requests at the same time.
    pub connections: NonZeroUsize,
}

/// Options of a deployment.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the site.
    pub site: PathBuf,
    /// The number of days for which files are kept that the site does not need.
    pub grace_days: u32,
    /// `true` to report what would be done, and write nothing.
    pub dry_run: bool,
    /// `true` to compare the files of the target with the last deployment, and upload again what differs.
    pub repair: bool,
}

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// Deploys a site. Files that are on the target already are not uploaded again.
///
/// # Errors
/// Returns an error if the site is incomplete, the target cannot be reached or written, or another deployment is
/// running. The site that is online remains complete; the next deployment continues where this one stopped.
pub fn deploy(
    connection: &Connection,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Summary, DeployError> {
    let target = Target::parse(&connection.target)?;
    if let Target::Folder(folder) = &target {
        check_is_outside(folder, &options.site)?;
    }
    let site = LocalSite::open(&options.site)?;
    let now = jiff::Timestamp::now();
    let run = Run {
        target: connection.target.clone(),
        id: format!("{}-{}", now.as_nanosecond(), std::process::id()),
        provider: match &target {
            // The prices of other servers with the same interface are not known.
            Target::Bucket { provider, .. } if !has_endpoint(connection) => Some(*provider),
            _ => None,
        },
        connections: connection.connections,
        grace: i64::from(options.grace_days) * SECONDS_PER_DAY,
        now: now.as_second(),
        is_dry: options.dry_run,
        repairs: options.repair,
        min_batch: run::MIN_BATCH,
    };
    block_on(async {
        let remote = connect(connection, &target, !options.dry_run).await?;
        let result = run.deploy(&site, remote.clone(), progress).await;
        remote.close().await;
        result
    })
}

/// Compares the files of a target with the last deployment.
///
/// # Errors
/// Returns an error if nothing was deployed, or the target cannot be reached.
pub fn check(connection: &Connection, progress: &dyn Progress) -> Result<CheckReport, DeployError> {
    let target = Target::parse(&connection.target)?;
    block_on(async {
        let remote = connect(connection, &target, false).await?;
        check::check(&connection.target, remote, connection.connections, progress).await
    })
}

fn block_on<T>(future: impl Future<Output = Result<T, DeployError>>) -> Result<T, DeployError> {
    let runtime = tokio::runtime::Runtime::new().map_err(DeployError::Runtime)?;
    runtime.block_on(future)
}

fn has_endpoint(connection: &Connection) -> bool {
    let variables = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"];
    connection.endpoint.is_some()
        || variables
            .iter()
            .any(|variable| std::env::var_os(variable).is_some())
}

/// Connects to a target. If `is_written` is `false`, a folder is not created.
async fn connect(
    connection: &Connection,
    target: &Target,
    is_written: bool,
) -> Result<Arc<dyn Remote>, DeployError> {
    Ok(match target {
        Target::Bucket {
            provider,
            bucket,
            prefix,
        } => {
            let settings = Settings {
                environment: bucket::Environment::of_process(),
                endpoint: connection.endpoint.clone(),
                connections: connection.connections,
            };
            let place = (*provider, bucket.as_str(), prefix.as_str());
            Arc::new(bucket::connect(place, &settings, &connection.target)?)
        }
        Target::Sftp(sftp) => Arc::new(Sftp::connect(sftp, &connection.target).await?),
        Target::Folder(folder) => Arc::new(Folder::open(folder, is_written)?),
    })
}

/// Returns an error if a target is the folder of the site or inside of it.
fn check_is_outside(target: &Path, site: &Path) -> Result<(), DeployError> {
    let Ok(site) = site.canonicalize() else {
        // The site does not exist, which is reported later.
        return Ok(());
    };
    // The target need not exist, but one of the folders above it does.
    let mut existing = std::path::absolute(target).unwrap_or_else(|_| target.to_owned());
    while !existing.exists() && existing.pop() {}
    match existing.canonicalize() {
        Ok(existing) if existing.starts_with(&site) => {
            Err(DeployError::TargetIsSite(target.to_owned()))
        }
        _ => Ok(()),
    }
}
