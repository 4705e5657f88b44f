//! Verification of a site on a web server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

use khizana_format::{Archive, FetchError, ReadError};
use khizana_model::{Message, Problem, ProblemList, Progress, RateLimit, message, printable};

use super::host::{CONNECTIONS, Refused};
use super::settings::{self, Samples};
use super::{
    HINT, Host, HostError, SiteReport, check_root, damaged_manifest, hash_reader, missing_manifest,
    other_content, other_size,
};
use crate::manifest::{SiteFile, visit_files};

/// Files that hosts read and do not serve.
const HOST_FILES: [&str; 2] = ["_headers", "_redirects"];

/// Number of files in a row that cannot be fetched, after which the verification ends.
const MAX_FAILURES: u64 = 20;

/// Number of files of the manifest that are read ahead.
const READ_AHEAD: usize = 1024;

/// Compares every file of a site on a web server with what was published: its size and its hash. Files that
/// do not belong to the site cannot be seen.
///
/// # Errors
/// Returns [`HostError::Unreachable`] if `archive.json` or many files in a row cannot be fetched.
pub fn verify_host(
    host: &Host,
    rate: Option<&RateLimit>,
    progress: &dyn Progress,
) -> Result<SiteReport, HostError> {
    let mut report = SiteReport::default();
    let mut problems = ProblemList::default();
    let mut published = None;
    let read = pollster::block_on(khizana_format::Fetch::get(&host, "archive.json"));
    let unreachable = |reason: Message| HostError::Unreachable {
        url: host.url("archive.json"),
        reason,
    };
    match read {
        Ok(json) => {
            let (root, problem) = check_root(&json);
            if let Some(root) = root {
                (report.state, report.title) = (root.state, root.title.clone());
                published = Some(root);
            }
            if let Some(problem) = problem {
                problems.push(problem);
                return Ok(finish(report, problems));
            }
        }
        Err(FetchError::Unreachable { reason, .. }) => return Err(unreachable(reason.into())),
        Err(error) => {
            let message = message!("The file cannot be read: {error}.", error = error.message());
            let problem = Problem::error("site-file-missing", message, HINT);
            problems.push(problem.in_file("archive.json"));
            return Ok(finish(report, problems));
        }
    }
    let check = Check {
        host,
        rate,
        progress,
        files: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
        failures: AtomicU64::new(0),
        problems: Mutex::new(problems),
        samples: Mutex::default(),
    };
    let listed = check.all();
    progress.end();
    report.files = check.files.into_inner();
    report.bytes = check.bytes.into_inner();
    let mut problems = check
        .problems
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if check.failures.into_inner() >= MAX_FAILURES {
        return Err(unreachable(message!(
            "{count} files in a row could not be fetched",
            count = MAX_FAILURES
        )));
    }
    let samples = check
        .samples
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if let (Ok(true), Some(root)) = (&listed, &published) {
        for problem in settings::check(host, root, &samples) {
            problems.push(problem);
        }
    }
    match listed {
        Ok(true) => {}
        Ok(false) => problems.push(missing_manifest()),
        Err(ReadError::Fetch(FetchError::Unreachable { path, reason })) => {
            let url = host.url(&path);
            let reason = reason.into();
            return Err(HostError::Unreachable { url, reason });
        }
        Err(error) => problems.push(damaged_manifest(&error)),
    }
    Ok(finish(report, problems))
}

fn finish(report: SiteReport, problems: ProblemList) -> SiteReport {
    let (problems, omitted) = problems.into_sorted();
    SiteReport {
        problems,
        omitted,
        ..report
    }
}

struct Check<'a> {
    host: &'a Host,
    rate: Option<&'a RateLimit>,
    progress: &'a dyn Progress,
    files: AtomicU64,
    bytes: AtomicU64,
    /// Number of files in a row that could not be fetched. It stays at [`MAX_FAILURES`].
    failures: AtomicU64,
    problems: Mutex<ProblemList>,
    samples: Mutex<Samples>,
}

impl Check<'_> {
    /// Checks all files that the manifest lists, while it is read. Returns `false` if there is no manifest.
    fn all(&self) -> Result<bool, ReadError> {
        let (sender, receiver) = sync_channel(READ_AHEAD);
        let receiver = Mutex::new(receiver);
        std::thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| self.some(&receiver));
            }
            // The threads end when the sender is dropped.
            let sender = sender;
            pollster::block_on(async {
                let archive = Archive::open(self.host).await?;
                let Some(tree) = &archive.root().files else {
                    return Ok(false);
                };
                self.progress.begin("Files", Some(u64::from(tree.entries)));
                visit_files(&archive, tree, |path, file| {
                    let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
                    samples.offer(&path);
                    // The receiver exists as long as the threads.
                    let _ = sender.send((path, file));
                })
                .await?;
                Ok(true)
            })
        })
    }

    fn some(&self, receiver: &Mutex<Receiver<(String, SiteFile)>>) {
        let next = || {
            receiver
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .recv()
        };
        while let Ok((path, file)) = next() {
            if self.failures.load(Ordering::Relaxed) >= MAX_FAILURES {
                continue;
            }
            let problem = self.file(&path, &file);
            self.progress.advance(1);
            if let Some((code, message)) = problem {
                let hint = match code {
                    "site-file-unreachable" => "Run the command again later.",
                    _ => "Upload the file again.",
                };
                let problem = Problem::error(code, message, hint).in_file(printable(&path));
                let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
                problems.push(problem);
            }
        }
    }

    /// Returns the code and the message of the problem with a file, if there is one.
    fn file(&self, path: &str, file: &SiteFile) -> Option<(&'static str, Message)> {
        let hashed = self
            .host
            .fetch(path, |body| hash_reader(body, file.bytes, self.rate));
        let (bytes, found) = match hashed {
            Ok(hashed) => hashed,
            Err(Refused::Status(status)) => {
                self.reached();
                return (!HOST_FILES.contains(&path)).then(|| {
                    let status = status.to_string();
                    let message = message!("The server responded with status {status}.", status);
                    ("site-file-missing", message)
                });
            }
            Err(Refused::Unreachable(reason)) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                let message = message!("The file could not be fetched: {reason}.", reason);
                return Some(("site-file-unreachable", message));
            }
        };
        self.reached();
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if bytes > file.bytes {
            let message = message!(
                "The file has more than {bytes} bytes, with which it was published.",
                bytes = file.bytes
            );
            return Some(("site-file-damaged", message));
        }
        if bytes != file.bytes {
            return Some(("site-file-damaged", other_size(bytes, file.bytes)));
        }
        (found != file.sha256).then(|| ("site-file-damaged", other_content(&found, &file.sha256)))
    }

    /// Ends a row of failures, unless it was long enough to end the verification.
    fn reached(&self) {
        let end = |failures| (failures < MAX_FAILURES).then_some(0);
        let _ = self
            .failures
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, end);
    }
}
