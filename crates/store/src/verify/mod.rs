//! `verify`: checks the fixity of the store.
//!
//! The objects are checked in the order of their paths, by several threads. `checkpoint` saves the path up to
//! which everything has been checked, so that a stopped run can be continued.

mod checkpoint;
mod hash;
mod object;
mod ordered;
mod problems;
mod root;

use std::path::{Path, PathBuf};

use khizana_model::{Problem, ProblemList, Progress, RateLimit, Severity, StateId};
use serde::Serialize;

use crate::damage;
use crate::ocfl::{States, Store, StoreEntry, StoreError};
use checkpoint::{Checkpoint, Saver};

pub use checkpoint::{PROGRESS_FILE, Start};
pub use problems::CODES;

/// The result of verifying a store. `verify --json` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// The newest state of the store, if the store has states and they can be read.
    pub state: Option<StateId>,
    /// Number of objects in the store.
    pub objects: u64,
    /// Number of content files that were hashed.
    pub files: u64,
    /// Total length of these files in bytes.
    pub bytes: u64,
    /// The problems that were found. Their file paths are relative to the archive.
    pub problems: Vec<Problem>,
    /// Number of further problems. See [`ProblemList`].
    pub omitted: u64,
}

impl VerifyReport {
    /// Returns `true` if no error was found.
    pub fn is_intact(&self) -> bool {
        self.problems.iter().all(|p| p.severity != Severity::Error)
    }
}

/// The options of a verification.
#[derive(Debug, Default)]
pub struct Options {
    /// Continues where the last verification stopped, if it did not finish.
    pub resume: bool,
    /// Limit on the bytes that are read per second.
    pub rate: Option<RateLimit>,
}

/// The results of checking a part of the store.
#[derive(Debug, Default)]
struct Part {
    objects: u64,
    files: u64,
    bytes: u64,
    problems: ProblemList,
    /// The OCFL identifier of the object, if it is damaged.
    damaged: Option<String>,
    /// The path in the store up to which everything is checked once this part is.
    path: Option<PathBuf>,
}

/// Verifies the store of an archive. See [`Verification::run`].
///
/// # Errors
/// Returns a [`StoreError`] if the archive has no readable store.
pub fn verify(archive: &Path, progress: &dyn Progress) -> Result<VerifyReport, StoreError> {
    Verification::open(archive, Options::default())?.run(progress)
}

/// A verification that has not begun.
#[derive(Debug)]
pub struct Verification {
    archive: PathBuf,
    store: Store,
    states: Result<States, StoreError>,
    rate: Option<RateLimit>,
    start: Start,
    checkpoint: Checkpoint,
}

impl Verification {
    /// Opens the store of an archive, and the progress of the last verification if it is to be continued.
    ///
    /// # Errors
    /// Returns a [`StoreError`] if the archive has no readable store.
    pub fn open(archive: &Path, options: Options) -> Result<Self, StoreError> {
        let store = Store::open(archive)?;
        let states = store.states();
        let newest = states.as_ref().ok().map(States::newest);
        let (start, checkpoint) = checkpoint::start(archive, options.resume, newest);
        Ok(Verification {
            archive: archive.to_owned(),
            store,
            states,
            rate: options.rate,
            start,
            checkpoint,
        })
    }

    /// Returns where the verification starts.
    pub fn start(&self) -> Start {
        self.start
    }

    /// Returns the time at which the verification was begun, before it was continued (RFC 3339).
    pub fn started(&self) -> &str {
        &self.checkpoint.started
    }

    /// Verifies the store.
    ///
    /// The SHA-256 of each content file is compared with the inventory of its object. Compressed
    /// originals are also decompressed and compared with the SHA-256 in their record. Files that are
    /// not in any inventory, missing objects to which a record refers, and contradictory inventories
    /// are also reported.
    ///
    /// # Errors
    /// Returns a [`StoreError`] if the folder of the store cannot be read.
    pub fn run(self, progress: &dyn Progress) -> Result<VerifyReport, StoreError> {
        let (states, states_error) = match self.states {
            Ok(states) => (states, None),
            Err(error) => (States::default(), Some(error)),
        };
        let verifier = Verifier {
            archive: &self.archive,
            store: &self.store,
            states: &states,
            progress,
            rate: self.rate.as_ref(),
        };
        progress.begin("Files", None);
        progress.advance(self.checkpoint.files);
        let after = self.checkpoint.after.clone().map(PathBuf::from);
        let entries = self.store.entries()?.filter(|entry| match (entry, &after) {
            (Ok(entry), Some(after)) => verifier.relative(entry) > after.as_path(),
            _ => true,
        });
        let mut saver = Saver::new(&self.archive, self.checkpoint);
        let threads = rayon::current_num_threads();
        let check = |entry| verifier.entry(entry);
        ordered::in_order(threads, entries, check, |part| saver.add(part));
        let Checkpoint {
            objects,
            files,
            bytes,
            mut problems,
            damaged,
            ..
        } = saver.finish();
        verifier.root_files(&mut problems);
        verifier.extensions(&mut problems);
        verifier.lost_objects(&mut problems);
        match states_error {
            // Without the states, they cannot be compared with the catalogue.
            Some(error) => problems.push(verifier.problem(None, &error)),
            None => verifier.recorded_state(&mut problems),
        }
        progress.end();
        // The report is printed in any case. Without the file, `ingest` reads fewer files again.
        let _ = damage::save(&self.archive, &damaged);
        checkpoint::remove(&self.archive);
        let (problems, omitted) = problems.into_sorted();
        debug_assert!(problems.iter().all(|p| CODES.contains(&p.code)));
        Ok(VerifyReport {
            state: states.newest(),
            objects,
            files,
            bytes,
            problems,
            omitted,
        })
    }
}

struct Verifier<'a> {
    archive: &'a Path,
    store: &'a Store,
    /// The states of the store. Empty if they cannot be read.
    states: &'a States,
    progress: &'a dyn Progress,
    rate: Option<&'a RateLimit>,
}

impl Verifier<'_> {
    fn entry(&self, entry: Result<StoreEntry, StoreError>) -> Part {
        let path = match &entry {
            Ok(entry) => Some(self.relative(entry).to_owned()),
            Err(_) => None,
        };
        let mut part = match entry {
            Ok(StoreEntry::Object(object)) => self.object(&object.path),
            Ok(StoreEntry::File(path)) => {
                let mut part = Part::default();
                self.stray_file(&path, &mut part.problems);
                part
            }
            Err(error) => {
                let mut part = Part::default();
                part.problems.push(self.problem(None, &error));
                part
            }
        };
        part.path = path;
        part
    }

    /// Returns the path of an entry, relative to the store.
    fn relative<'e>(&self, entry: &'e StoreEntry) -> &'e Path {
        let path = match entry {
            StoreEntry::Object(object) => &object.path,
            StoreEntry::File(path) => path,
        };
        path.strip_prefix(self.store.root()).unwrap_or(path)
    }

    fn problem(&self, item: Option<&str>, error: &StoreError) -> Problem {
        problems::from_error(self.archive, item, error)
    }
}

#[cfg(test)]
mod tests;
