//! Verification of a published site: every file is compared with the manifest.
//!
//! [`verify_site`] verifies a site in a folder, and [`verify_host`] a site on a web server.

mod folder;
mod host;
mod remote;
mod settings;

use std::io::{self, Read};

use khizana_format::{FetchError, ObjectError, ReadError, Root, hash_of, object_path};
use khizana_model::{Hash, LangMap, Message, Problem, RateLimit, Severity, StateId, message};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use folder::verify_site;
pub use host::{Host, HostError};
pub use remote::verify_host;

/// The codes of all problems that a verification of a site can report.
pub const CODES: [&str; 12] = [
    "host-cache",
    "host-compression",
    "host-headers",
    "host-index",
    "host-not-found",
    "host-ranges",
    "host-type",
    "site-file-damaged",
    "site-file-missing",
    "site-file-unknown",
    "site-file-unreachable",
    "site-manifest-missing",
];

/// The result of verifying a site. `verify --site --json` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SiteReport {
    /// Number of files that were hashed.
    pub files: u64,
    /// Total size of these files in bytes.
    pub bytes: u64,
    /// The state of the store that the site was published from, if it is known.
    pub state: Option<StateId>,
    /// The problems that were found. File paths are relative to the site.
    pub problems: Vec<Problem>,
    /// Number of further problems. See [`khizana_model::ProblemList`].
    pub omitted: u64,
    /// The name of the archive, if `archive.json` can be read.
    #[serde(skip)]
    pub title: LangMap,
}

impl SiteReport {
    /// Returns `true` if no error was found.
    pub fn is_intact(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.all(|problem| problem.severity != Severity::Error)
    }
}

const HINT: &str = "Publish the archive again.";

/// Maximum number of bytes that are read at once.
const CHUNK: u64 = 1 << 18;

/// Parses `archive.json`, and checks it against its snapshot identifier. Returns the problem if it is
/// damaged.
fn check_root(json: &[u8]) -> (Option<Root>, Option<Problem>) {
    let damaged = |message: Message| {
        let problem = Problem::error("site-file-damaged", message, HINT);
        Some(problem.in_file("archive.json"))
    };
    let parsed: Root = match khizana_json::from_slice(json) {
        Ok(parsed) => parsed,
        Err(error) => {
            return (
                None,
                damaged(message!(
                    "The file is malformed: {error}.",
                    error = error.to_string()
                )),
            );
        }
    };
    let is_canonical = serde_json::to_vec(&parsed).is_ok_and(|canonical| canonical == json);
    let without_later_members = Root {
        snapshot: String::new(),
        state: None,
        files: None,
        ..parsed.clone()
    };
    let snapshot = serde_json::to_vec(&without_later_members).unwrap_or_default();
    if !is_canonical || hash_of(&snapshot).to_string() != parsed.snapshot {
        let message = "The file was changed: it does not match its snapshot identifier.";
        return (Some(parsed), damaged(message.into()));
    }
    (Some(parsed), None)
}

fn missing_manifest() -> Problem {
    let message = "The site was published by a version of khizana that did not list its files.";
    Problem::error("site-manifest-missing", message, HINT).in_file("archive.json")
}

fn damaged_manifest(error: &ReadError) -> Problem {
    let path = match error {
        ReadError::Fetch(
            FetchError::NotFound(path)
            | FetchError::Status { path, .. }
            | FetchError::Unreachable { path, .. },
        ) => path.clone(),
        ReadError::Object(
            ObjectError::Damaged { expected: hash, .. } | ObjectError::Undecodable(hash),
        ) => object_path(hash),
        _ => "archive.json".to_owned(),
    };
    let message = message!(
        "The list of the published files cannot be read: {error}.",
        error = error.message()
    );
    Problem::error("site-file-damaged", message, HINT).in_file(path)
}

/// Returns the message for a file that has another size than the published one.
fn other_size(found: u64, expected: u64) -> Message {
    message!(
        "The file has {found} bytes, and was published with {expected}.",
        found,
        expected
    )
}

/// Returns the message for a file that has another content than the published one.
fn other_content(found: &Hash, expected: &Hash) -> Message {
    message!(
        "SHA-256 mismatch: expected {expected}, found {found}.",
        expected,
        found
    )
}

/// Returns the number of bytes that a reader returns, and their SHA-256. `length` is the expected number; at
/// most one byte more is read.
fn hash_reader(
    reader: impl Read,
    length: u64,
    rate: Option<&RateLimit>,
) -> io::Result<(u64, Hash)> {
    let limit = length.saturating_add(1);
    let mut chunk = vec![0; usize::try_from(limit.min(CHUNK)).unwrap_or(1)];
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut limited = reader.take(limit);
    loop {
        let count = match limited.read(&mut chunk) {
            Ok(0) => return Ok((bytes, Hash(hash.finalize().into()))),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(chunk.get(..count).unwrap_or_default());
        bytes += count as u64;
        if let Some(rate) = rate {
            rate.wait(count as u64);
        }
    }
}
