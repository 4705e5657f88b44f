//! The comparison of a target with its last deployment.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;

use flate2::write::GzDecoder;
use khizana_model::{Hash, Message, Problem, ProblemList, Progress, message, printable};
use sha2::{Digest as _, Sha256};

use crate::DeployError;
use crate::local::ROOT;
use crate::record::{Deployed, RECORD, Record, RecordError};
use crate::remote::Remote;
use crate::report::CheckReport;
use crate::transfer::Transfer;

/// The codes of all problems that a deployment or a check can report.
pub const CODES: [&str; 6] = [
    "deploy-file-changed",
    "deploy-file-missing",
    "deploy-file-unknown",
    "deploy-interrupted",
    "deploy-root-changed",
    "deploy-unconditional",
];

const HINT: &str = "Run `khizana deploy` with --repair, which uploads the file again.";

/// Compares the files of a target with its record.
pub(crate) async fn check(
    target: &str,
    remote: Arc<dyn Remote>,
    connections: NonZeroUsize,
    progress: &dyn Progress,
) -> Result<CheckReport, DeployError> {
    let Some((bytes, _)) = remote.get(RECORD).await? else {
        return Err(DeployError::NotDeployed(target.to_owned()));
    };
    let record = Record::decode(&bytes).map_err(|error| DeployError::Record {
        target: target.to_owned(),
        is_later: error == RecordError::Later,
    })?;
    let listed = remote.list().await?;
    let mut problems = ProblemList::default();
    if record.is_pending() {
        problems.push(Problem::warning(
            "deploy-interrupted",
            "The last deployment was interrupted, or is still running.",
            "If it is not running, run `khizana deploy` again.",
        ));
    }
    let pending: BTreeSet<&String> = record.pending.iter().collect();
    let retired = record.retired.iter();
    let expected = record
        .files
        .iter()
        .chain(retired.map(|(path, retired)| (path, &retired.file)));
    let (mut files, mut uncertain) = (0, Vec::new());
    for (path, file) in expected {
        files += 1;
        match listed.get(path) {
            // An interrupted deployment may have deleted or replaced it.
            _ if pending.contains(path) => {}
            None => problems.push(problem(
                "deploy-file-missing",
                path,
                message!("The file was removed from the target."),
            )),
            Some(listed) if remote.abilities().has_content_tags && file.is_same(listed) => {}
            Some(_) => uncertain.push((path.clone(), file.clone())),
        }
    }
    let read = uncertain.len() as u64;
    let transfer = Transfer {
        remote: remote.clone(),
        connections,
    };
    progress.begin("Files", Some(read));
    let tasks = uncertain.into_iter().map(|(path, file)| {
        let remote = remote.clone();
        async move { compare(&*remote, &path, &file).await }
    });
    transfer
        .run(tasks, progress, |found| {
            if let Some(problem) = found {
                problems.push(problem);
            }
        })
        .await?;
    progress.end();
    for path in listed.keys() {
        let is_known = record.files.contains_key(path)
            || record.retired.contains_key(path)
            || pending.contains(path)
            || [ROOT, RECORD].contains(&path.as_str());
        if !is_known {
            let problem = Problem::warning(
                "deploy-file-unknown",
                "The file was not deployed by khizana.",
                "If the file is not needed, remove it.",
            );
            problems.push(problem.in_file(printable(path)));
        }
    }
    let (problems, omitted) = problems.into_sorted();
    Ok(CheckReport {
        target: target.to_owned(),
        snapshot: record.snapshot,
        files,
        read,
        problems,
        omitted,
    })
}

fn problem(code: &'static str, path: &str, message: Message) -> Problem {
    Problem::error(code, message, HINT).in_file(printable(path))
}

async fn compare(
    remote: &dyn Remote,
    path: &str,
    file: &Deployed,
) -> Result<Option<Problem>, DeployError> {
    let found = content_hash(remote, path).await?;
    let is_same = file.sha256.is_none_or(|expected| {
        found.plain == expected || found.decompressed.is_some_and(|found| found == expected)
    });
    Ok((!is_same).then(|| {
        let message = message!("The content of the file was changed on the target.");
        problem("deploy-file-changed", path, message)
    }))
}

/// The hashes of a file on a target.
pub(crate) struct ContentHash {
    /// The hash of the stored bytes.
    pub plain: Hash,
    /// The hash of what was compressed with gzip, if the file is.
    pub decompressed: Option<Hash>,
}

/// Reads a file of a target and hashes it.
pub(crate) async fn content_hash(
    remote: &dyn Remote,
    path: &str,
) -> Result<ContentHash, DeployError> {
    let mut plain = Sha256::new();
    let mut decoder = Some(GzDecoder::new(HashWriter(Sha256::new())));
    remote
        .read(path, &mut |chunk| {
            plain.update(chunk);
            // A file that is not compressed cannot be decoded.
            decoder = decoder
                .take()
                .and_then(|mut decoder| decoder.write_all(chunk).ok().map(|()| decoder));
        })
        .await?;
    let decompressed = decoder.and_then(|decoder| decoder.finish().ok());
    Ok(ContentHash {
        plain: Hash(plain.finalize().into()),
        decompressed: decompressed.map(|writer| Hash(writer.0.finalize().into())),
    })
}

struct HashWriter(Sha256);

impl std::io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
