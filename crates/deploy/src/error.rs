//! Errors that stop a deployment.

use std::io;
use std::path::{Path, PathBuf};

use khizana_format::{FetchError, ReadError};
use khizana_model::{Message, message, printable};
use khizana_site::SiteError;

/// An error that stops a deployment. The site that is online remains complete in all cases.
///
/// No variant contains a secret: answers of servers are reduced to their code and status.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum DeployError {
    /// The target is not written as one of the supported forms.
    Target(String),
    /// The target is the folder of the site, or inside of it.
    TargetIsSite(PathBuf),
    /// The target contains files, but no published archive.
    Occupied {
        /// The target.
        target: String,
        /// The path of one of the files.
        path: String,
    },
    /// The site is being published, or its last publication was interrupted.
    Site(#[from] SiteError),
    /// The list of the files of the site cannot be read.
    Read(#[from] ReadError),
    /// The site was published by a version that did not list its files.
    NoManifest(PathBuf),
    /// Files of the site are missing, or have another size than when they were published.
    Incomplete {
        /// The first of the files.
        path: PathBuf,
        /// Number of these files.
        count: u64,
    },
    /// The content of a file differs from what was published.
    Damaged(PathBuf),
    /// A file of the site cannot be read.
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The environment and the files of the provider contain no credentials.
    NoCredentials {
        /// The target.
        target: String,
        /// The variable or file that may contain them.
        expected: &'static str,
    },
    /// Settings of the provider cannot be used.
    Settings {
        /// The variable or file.
        name: String,
        /// A description of the problem, without values.
        reason: Message,
    },
    /// The server does not accept the credentials.
    Rejected(Answer),
    /// The clock of this computer differs too much from that of the server.
    Clock(Answer),
    /// The credentials do not permit an operation.
    Forbidden(Answer),
    /// The bucket, the container or the folder does not exist.
    NoBucket(Answer),
    /// The bucket is in another region.
    Region(Answer),
    /// The quota or the disk of the target is full.
    Full(Answer),
    /// The server answered with another error.
    Refused(Answer),
    /// The server cannot be reached.
    Unreachable {
        /// The target.
        target: String,
        /// A description of the error.
        reason: String,
    },
    /// Another deployment changed the target since this one began.
    Conflict(String),
    /// The key of an SSH server is not known.
    HostUnknown {
        /// The host, as in `known_hosts`.
        host: String,
        /// The fingerprint of the key.
        fingerprint: String,
    },
    /// The key of an SSH server differs from the known one.
    HostChanged {
        /// The host, as in `known_hosts`.
        host: String,
        /// The fingerprint of the key.
        fingerprint: String,
        /// The line in `known_hosts`.
        line: usize,
    },
    /// The record of the last deployment on the target cannot be read.
    Record {
        /// The target.
        target: String,
        /// `true` if a later version of the program wrote it.
        is_later: bool,
    },
    /// There is nothing to check: nothing was deployed to the target.
    NotDeployed(String),
    /// The runtime cannot be started.
    Runtime(io::Error),
}

/// An error that a server answered, without anything that may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The target.
    pub target: String,
    /// The path of the file, or an empty text if the request concerned the whole target.
    pub path: String,
    /// The code or the status, such as `SignatureDoesNotMatch`.
    pub code: String,
}

impl Answer {
    /// Returns the address of the file.
    fn place(&self) -> String {
        match self.path.as_str() {
            "" => printable(&self.target),
            path => printable(&format!("{}/{path}", self.target.trim_end_matches('/'))),
        }
    }
}

impl DeployError {
    /// Returns a function for `map_err` that adds the path of a file that could not be read.
    pub(crate) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> DeployError {
        let path = path.to_owned();
        move |source| DeployError::Unreadable { path, source }
    }

    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            DeployError::Target(target) => {
                message!("`{target}` is not a target", target = printable(target))
            }
            DeployError::TargetIsSite(path) => message!(
                "{path} is the folder of the site, or inside of it",
                path = path.display()
            ),
            DeployError::Occupied { target, path } => message!(
                "{target} contains files that are not of a published archive, such as `{path}`",
                target = printable(target),
                path = printable(path)
            ),
            DeployError::Site(error) => error.message(),
            DeployError::Read(error) => error.message(),
            DeployError::NoManifest(path) => message!(
                "{path} was published by a version of khizana that did not list its files",
                path = path.display()
            ),
            DeployError::Incomplete { path, count } => message!(
                "the site is incomplete: {path} is missing or has another size than when it was published ({count} such files)",
                path = path.display(),
                count
            ),
            DeployError::Damaged(path) => message!(
                "the content of {path} differs from what was published",
                path = path.display()
            ),
            DeployError::Unreadable { path, source } => message!(
                "cannot read {path}: {error}",
                path = path.display(),
                error = source
            ),
            DeployError::NoCredentials { target, expected } => message!(
                "there are no credentials for {target}: {expected} is not set",
                target = printable(target),
                expected
            ),
            DeployError::Settings { name, reason } => {
                message!("{name}: {reason}", name = printable(name), reason)
            }
            DeployError::Rejected(answer) => message!(
                "{place}: the server does not accept the credentials ({code})",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::Clock(answer) => message!(
                "{place}: the clock of this computer differs from that of the server ({code})",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::Forbidden(answer) => message!(
                "{place}: access is denied ({code})",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::NoBucket(answer) => message!(
                "{place} does not exist ({code})",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::Region(answer) => message!(
                "{place}: the bucket is in another region ({code})",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::Full(answer) => message!(
                "{place}: there is no more space ({code})",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::Refused(answer) => message!(
                "{place}: the server answered {code}",
                place = answer.place(),
                code = printable(&answer.code)
            ),
            DeployError::Unreachable { target, reason } => message!(
                "{target} cannot be reached: {reason}",
                target = printable(target),
                reason = printable(reason)
            ),
            DeployError::Conflict(target) => message!(
                "another deployment to {target} is running, or finished after this one began",
                target = printable(target)
            ),
            DeployError::HostUnknown { host, fingerprint } => message!(
                "the key of {host} is not in known_hosts: {fingerprint}",
                host = printable(host),
                fingerprint
            ),
            DeployError::HostChanged {
                host,
                fingerprint,
                line,
            } => message!(
                "the key of {host} is not the one in line {line} of known_hosts: {fingerprint}",
                host = printable(host),
                line,
                fingerprint
            ),
            DeployError::Record {
                target,
                is_later: true,
            } => message!(
                "a later version of khizana deployed to {target}",
                target = printable(target)
            ),
            DeployError::Record { target, .. } => message!(
                "the record of the last deployment on {target} is damaged",
                target = printable(target)
            ),
            DeployError::NotDeployed(target) => message!(
                "nothing was deployed to {target}",
                target = printable(target)
            ),
            DeployError::Runtime(error) => {
                message!("cannot start the threads of the upload: {error}", error)
            }
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            DeployError::Target(_) => "deploy-target",
            DeployError::TargetIsSite(_) => "deploy-target-is-site",
            DeployError::Occupied { .. } => "deploy-target-occupied",
            DeployError::Site(error) => error.code(),
            DeployError::Read(ReadError::Fetch(FetchError::NotFound(path)))
                if path == "archive.json" =>
            {
                "site-missing"
            }
            DeployError::Read(_) => "deploy-site-damaged",
            DeployError::NoManifest(_) => "deploy-site-unlisted",
            DeployError::Incomplete { .. } => "deploy-site-incomplete",
            DeployError::Damaged(_) => "deploy-site-damaged",
            DeployError::Unreadable { .. } => "deploy-site-unreadable",
            DeployError::NoCredentials { .. } => "deploy-credentials-missing",
            DeployError::Settings { .. } => "deploy-settings",
            DeployError::Rejected(_) => "deploy-credentials-rejected",
            DeployError::Clock(_) => "deploy-clock",
            DeployError::Forbidden(_) => "deploy-forbidden",
            DeployError::NoBucket(_) => "deploy-target-missing",
            DeployError::Region(_) => "deploy-region",
            DeployError::Full(_) => "deploy-target-full",
            DeployError::Refused(_) => "deploy-refused",
            DeployError::Unreachable { .. } => "deploy-unreachable",
            DeployError::Conflict(_) => "deploy-conflict",
            DeployError::HostUnknown { .. } => "deploy-host-unknown",
            DeployError::HostChanged { .. } => "deploy-host-changed",
            DeployError::Record { is_later: true, .. } => "deploy-record-later",
            DeployError::Record { .. } => "deploy-record-damaged",
            DeployError::NotDeployed(_) => "deploy-missing",
            DeployError::Runtime(_) => "deploy-runtime",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> Message {
        match self {
            DeployError::Target(_) => {
                "Specify s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX, sftp://USER@HOST:PORT/PATH or a folder.".into()
            }
            DeployError::TargetIsSite(_) => "Specify a folder outside of the site.".into(),
            DeployError::Occupied { .. } => {
                "Specify an empty bucket, prefix or folder, or remove the files.".into()
            }
            DeployError::Site(error) => error.hint().into(),
            DeployError::Read(ReadError::Fetch(FetchError::NotFound(path)))
                if path == "archive.json" =>
            {
                "Publish the archive first, or specify the folder of the site with --site.".into()
            }
            DeployError::Read(_) | DeployError::Incomplete { .. } | DeployError::Damaged(_) => {
                "Publish the archive again with --rehash. Nothing of the site that is online was replaced by a damaged file.".into()
            }
            DeployError::NoManifest(_) => "Publish the archive again.".into(),
            DeployError::Unreadable { .. } => {
                "Check that the file exists and that you have permission to read it.".into()
            }
            DeployError::NoCredentials { .. } => {
                "Set the variables of the provider, or create its file of credentials; they are listed on the page “Deploying” of the documentation.".into()
            }
            DeployError::Settings { .. } => "Correct the value.".into(),
            DeployError::Rejected(_) => {
                "Check the key and its secret in the environment or in the file of the provider. They may have been revoked, or belong to another server.".into()
            }
            DeployError::Clock(_) => "Set the clock of this computer, then deploy again.".into(),
            DeployError::Forbidden(_) => {
                "Check the name of the bucket, which may belong to somebody else, and that the credentials permit to list, read, write and delete its files.".into()
            }
            DeployError::NoBucket(_) => {
                "Check the name, or create the bucket, the container or the folder first.".into()
            }
            DeployError::Region(_) => "Set AWS_REGION to the region of the bucket.".into(),
            DeployError::Full(_) => {
                "Free some space or raise the quota, then deploy again: the upload continues where it stopped. The site that is online is complete.".into()
            }
            DeployError::Refused(_) => {
                "Deploy again later: the upload continues where it stopped. If the error remains, check the settings of the server.".into()
            }
            DeployError::Unreachable { .. } => {
                "Check the address and the network, then deploy again: the upload continues where it stopped.".into()
            }
            DeployError::Conflict(_) => {
                "Wait until the other deployment has finished, then deploy again.".into()
            }
            DeployError::HostUnknown { .. } => {
                "Compare the fingerprint with that of the administrator, then connect once with `ssh`, which records the key.".into()
            }
            DeployError::HostChanged { .. } => {
                "Somebody may be intercepting the connection. Ask the administrator; if the key was replaced, remove the line with `ssh-keygen -R`.".into()
            }
            DeployError::Record { is_later: true, .. } => {
                "Use this version or a later one.".into()
            }
            DeployError::Record { .. } => {
                "Remove `deployment.json.zst` from the target, then deploy again: all files are uploaded again.".into()
            }
            DeployError::NotDeployed(_) => "Deploy the site first.".into(),
            DeployError::Runtime(_) => {
                "Check the limits of processes and memory of the system.".into()
            }
        }
    }
}
