//! The progress of a verification, saved so that a stopped run can be continued.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use khizana_model::{Problem, ProblemList, Severity, StateId};
use serde::{Deserialize, Serialize};

use super::{CODES, Part};

/// The name of the file in an archive that contains the progress of a verification that has not finished.
pub const PROGRESS_FILE: &str = "verify-progress.json";

/// The time between two savings.
const INTERVAL: Duration = Duration::from_secs(5);

/// The point at which a verification starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The beginning, as requested.
    Beginning,
    /// The place where the last verification stopped, after this number of objects.
    Continued(u64),
    /// The beginning, because there is no saved progress that can be read.
    NoProgress,
    /// The beginning, because the saved progress belongs to another state of the store.
    OtherState,
    /// The beginning, because another version of the program saved the progress.
    OtherVersion,
}

/// The results of checking all entries of the store up to one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// The newest state of the store, or `None` if the states cannot be read.
    pub(super) state: Option<Option<StateId>>,
    /// The time at which the verification was begun (RFC 3339).
    pub(super) started: String,
    /// The path of the last entry, relative to the store. `None` at the beginning.
    pub(super) after: Option<String>,
    pub(super) objects: u64,
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) problems: ProblemList,
    /// The OCFL identifiers of damaged objects.
    pub(super) damaged: BTreeSet<String>,
}

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct Saved {
    version: String,
    state: Option<StateId>,
    started: String,
    after: String,
    objects: u64,
    files: u64,
    bytes: u64,
    problems: Vec<SavedProblem>,
    omitted: u64,
    damaged: BTreeSet<String>,
}

/// A problem. The checks of the store use no other members.
#[derive(Serialize, Deserialize)]
struct SavedProblem {
    code: String,
    severity: Severity,
    file: Option<String>,
    item: Option<String>,
    message: String,
    hint: String,
}

impl SavedProblem {
    fn new(problem: &Problem) -> Self {
        SavedProblem {
            code: problem.code.to_owned(),
            severity: problem.severity,
            file: problem.file.clone(),
            item: problem.item.clone(),
            message: problem.message.to_string(),
            hint: problem.hint.to_string(),
        }
    }

    /// Returns the problem, or `None` if no check reports its code.
    fn problem(self) -> Option<Problem> {
        let code = CODES.into_iter().find(|code| *code == self.code)?;
        Some(Problem {
            severity: self.severity,
            file: self.file,
            item: self.item,
            ..Problem::error(code, self.message, self.hint)
        })
    }
}

/// Returns where to start. `state` is the newest state of the store, or `None` if the states cannot be read.
///
/// The file is removed if the verification starts at the beginning.
pub(super) fn start(
    archive: &Path,
    resume: bool,
    state: Option<Option<StateId>>,
) -> (Start, Checkpoint) {
    let start = if resume {
        match load(archive) {
            None => Start::NoProgress,
            Some(saved) if saved.version != env!("CARGO_PKG_VERSION") => Start::OtherVersion,
            Some(saved) if state != Some(saved.state) => Start::OtherState,
            Some(saved) => match continue_from(saved) {
                Some(checkpoint) => return (Start::Continued(checkpoint.objects), checkpoint),
                None => Start::NoProgress,
            },
        }
    } else {
        Start::Beginning
    };
    remove(archive);
    let checkpoint = Checkpoint {
        state,
        started: crate::ocfl::now(),
        ..Checkpoint::default()
    };
    (start, checkpoint)
}

fn load(archive: &Path) -> Option<Saved> {
    let json = fs::read(archive.join(PROGRESS_FILE)).ok()?;
    serde_json::from_slice(&json).ok()
}

fn continue_from(saved: Saved) -> Option<Checkpoint> {
    let mut problems = ProblemList::default();
    for problem in saved.problems {
        problems.push(problem.problem()?);
    }
    problems.omit(saved.omitted);
    Some(Checkpoint {
        state: Some(saved.state),
        started: saved.started,
        after: Some(saved.after),
        objects: saved.objects,
        files: saved.files,
        bytes: saved.bytes,
        problems,
        damaged: saved.damaged,
    })
}

/// Removes the file, if it exists.
pub(super) fn remove(archive: &Path) {
    let _ = fs::remove_file(archive.join(PROGRESS_FILE));
}

/// Adds the results of the parts in the order of the store, and saves them regularly.
pub(super) struct Saver<'a> {
    archive: &'a Path,
    checkpoint: Checkpoint,
    saved: Instant,
    interval: Duration,
}

impl<'a> Saver<'a> {
    pub(super) fn new(archive: &'a Path, checkpoint: Checkpoint) -> Self {
        Saver {
            archive,
            checkpoint,
            saved: Instant::now(),
            interval: INTERVAL,
        }
    }

    /// Adds the results of the next part.
    pub(super) fn add(&mut self, part: Part) {
        let checkpoint = &mut self.checkpoint;
        checkpoint.objects += part.objects;
        checkpoint.files += part.files;
        checkpoint.bytes += part.bytes;
        checkpoint.problems.append(part.problems);
        checkpoint.damaged.extend(part.damaged);
        // The file cannot name a path that is not UTF-8. It is saved after the next part.
        let path = part
            .path
            .and_then(|path| path.into_os_string().into_string().ok());
        if path.is_none() {
            return;
        }
        checkpoint.after = path;
        if self.saved.elapsed() >= self.interval {
            // Without the file, the verification cannot be continued, as on a disk that is read-only.
            let _ = save(self.archive, &self.checkpoint);
            self.saved = Instant::now();
        }
    }

    /// Saves the results after each part.
    #[cfg(test)]
    pub(super) fn save_always(&mut self) {
        self.interval = Duration::ZERO;
    }

    /// Returns the results.
    pub(super) fn finish(self) -> Checkpoint {
        self.checkpoint
    }
}

fn save(archive: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
    let (Some(state), Some(after)) = (checkpoint.state, &checkpoint.after) else {
        return Ok(());
    };
    let saved = Saved {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        state,
        started: checkpoint.started.clone(),
        after: after.clone(),
        objects: checkpoint.objects,
        files: checkpoint.files,
        bytes: checkpoint.bytes,
        problems: checkpoint
            .problems
            .problems()
            .iter()
            .map(SavedProblem::new)
            .collect(),
        omitted: checkpoint.problems.omitted(),
        damaged: checkpoint.damaged.clone(),
    };
    let temporary = archive.join(format!("{PROGRESS_FILE}.{}.tmp", std::process::id()));
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec(&saved)?)?;
        file.sync_all()?;
        fs::rename(&temporary, archive.join(PROGRESS_FILE))
    };
    let result = write();
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}
