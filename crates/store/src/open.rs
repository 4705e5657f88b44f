//! Opening an archive for writing: the lock, and the comparison of the store with the catalogue.

use std::collections::BTreeSet;
use std::path::Path;

use khizana_model::{Id, Message, Problem, message, printable};

use crate::catalogue::{Catalogue, CatalogueError, Condition, recorded_store};
use crate::config::{self, CONFIG_FILE};
use crate::consistency::{ConsistencyError, RecordedBy, RecordedState, check_state, lost_store};
use crate::ocfl::{ObjectId, StateId, StoreError, Writer};

/// An error from opening an archive for writing.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store does not contain what the catalogue records.
    #[error(transparent)]
    Consistency(#[from] ConsistencyError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalogue cannot be read or written.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

impl OpenError {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            OpenError::Consistency(error) => error.code(),
            OpenError::Store(error) => error.code(),
            OpenError::Catalogue(error) => error.code(),
        }
    }

    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            OpenError::Consistency(error) => error.message(),
            OpenError::Store(error) => error.message(),
            OpenError::Catalogue(error) => error.message(),
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> Message {
        match self {
            OpenError::Consistency(error) => error.hint(),
            OpenError::Store(error) => error.hint().into(),
            OpenError::Catalogue(error) => error.hint().into(),
        }
    }
}

/// An archive that is opened for writing.
#[derive(Debug)]
pub struct OpenArchive {
    /// The writer of the store, which holds the lock of the archive.
    pub writer: Writer,
    /// The catalogue. It corresponds to the newest state of the store.
    pub catalogue: Catalogue,
    /// The state that the catalogue was made from, if the store does not contain it and the user accepts
    /// that.
    pub accepted_loss_of: Option<StateId>,
    /// OCFL identifiers of items that a catalogue of version 1 lists and the store does not contain.
    pub missing: Vec<String>,
    /// The objects that the newest state lists and that are missing from the store.
    pub missing_objects: BTreeSet<ObjectId>,
    /// The objects in which the last `verify` found damage.
    pub damaged_objects: BTreeSet<ObjectId>,
    /// Problems of objects that an interrupted run has left.
    pub problems: Vec<Problem>,
}

/// Opens an archive for writing. `accept_state` is the number of the newest state of the store if the user
/// wants to continue although the store lacks what the catalogue records.
///
/// # Errors
/// Returns [`OpenError::Consistency`] if the store lacks what the catalogue records; then nothing is
/// written. Returns another error if the store or the catalogue cannot be read or written.
pub fn open(archive_dir: &Path, accept_state: Option<u64>) -> Result<OpenArchive, OpenError> {
    if let Some(path) = lost_store(archive_dir) {
        let recorded = recorded_store(archive_dir);
        match accept_state {
            Some(0) => {}
            Some(accepted) => {
                let newest = 0;
                return Err(ConsistencyError::WrongState { accepted, newest }.into());
            }
            None if recorded.items > 0 || recorded.state.is_some() => {
                let items = recorded.items;
                return Err(ConsistencyError::StoreLost { path, items }.into());
            }
            None => {}
        }
    }
    let mut writer = Writer::open(archive_dir)?;
    let (mut catalogue, condition) = Catalogue::open(archive_dir)?;
    let mut accepted_loss_of = None;
    let mut missing = Vec::new();
    let newest = writer.states().newest();
    let mut damaged = Vec::new();
    match condition {
        Condition::Empty => {
            damaged = catalogue.rebuild(writer.store())?;
            catalogue.set_state(newest)?;
        }
        Condition::Version1 => {
            missing = catalogue.missing_items(writer.store())?;
            if !missing.is_empty() && accept_state != Some(0) {
                return Err(ConsistencyError::Incomplete { missing }.into());
            }
            damaged = catalogue.migrate(writer.store())?;
        }
        Condition::Current => {
            let state = catalogue.state()?;
            if state != newest {
                if newest.is_some() && catalogue.pending_state()? == newest {
                    // The last run was interrupted after it had written the state.
                    catalogue.set_state(newest)?;
                } else {
                    if let Some(state) = state {
                        let recorded = RecordedState {
                            recorded_by: RecordedBy::Catalogue,
                            state,
                        };
                        let list_missing = || {
                            let missing = catalogue.missing_items(writer.store());
                            missing.unwrap_or_default()
                        };
                        accepted_loss_of =
                            check_state(writer.states(), recorded, accept_state, list_missing)?;
                    }
                    if accepted_loss_of.is_some() {
                        // The state records what the store has lost, before the catalogue is replaced.
                        missing = catalogue.missing_items(writer.store()).unwrap_or_default();
                    }
                    damaged = catalogue.rebuild(writer.store())?;
                    catalogue.set_state(newest)?;
                }
            }
        }
    }
    let mut problems = Vec::new();
    problems.extend(clock_behind(
        writer.states().newest_created(),
        jiff::Timestamp::now(),
    ));
    if writer.has_unrecorded_changes() {
        damaged.extend(writer.adopt_unrecorded()?);
    }
    let damaged = damaged.iter();
    problems.extend(damaged.map(|error| damaged_object(archive_dir, error)));
    problems.dedup();
    let missing_objects = writer
        .states()
        .missing_objects(writer.store())
        .iter()
        .filter_map(|urn| ObjectId::from_urn(urn))
        .collect();
    let damaged_objects = writer.suspects().iter();
    let damaged_objects = damaged_objects.filter_map(|urn| ObjectId::from_urn(urn));
    let mut archive = OpenArchive {
        damaged_objects: damaged_objects.collect(),
        writer,
        catalogue,
        accepted_loss_of,
        missing,
        missing_objects,
        problems,
    };
    // The loss is recorded before anything else, so that it is not forgotten if the run is refused.
    if archive.accepted_loss_of.is_some() || !archive.missing.is_empty() {
        archive.record_state("accept-state")?;
    }
    Ok(archive)
}

impl OpenArchive {
    /// Adds the configuration of the archive in the folder `archive` to the store, unless the store contains
    /// it already.
    ///
    /// # Errors
    /// Returns an error if the configuration cannot be read or the store cannot be written.
    pub fn store_configuration(&self, archive: &Path) -> Result<(), StoreError> {
        let path = archive.join(CONFIG_FILE);
        let files = config::read_files(archive).map_err(StoreError::io("read", &path))?;
        self.writer.put_configuration(files)
    }

    /// Adds a state to the store if anything has changed, and records in the catalogue that it corresponds
    /// to the newest state. Returns the number of that state, or `None` if the store has no states.
    ///
    /// # Errors
    /// Returns an error if the store or the catalogue cannot be written.
    pub fn record_state(&mut self, command: &str) -> Result<Option<u64>, OpenError> {
        let missing = std::mem::take(&mut self.missing);
        let accepted = self.accepted_loss_of.take();
        if let Some(state) = self.writer.prepare_state(command, accepted, missing)? {
            self.catalogue.set_pending_state(state.id)?;
            self.writer.put_state(state)?;
        }
        let newest = self.writer.states().newest();
        if self.catalogue.state()? != newest {
            self.catalogue.set_state(newest)?;
        }
        Ok(newest.map(|state| state.number))
    }
}

/// Returns a warning if the time `now` is before the time of creation of the newest state, so that the clock
/// was wrong then or is wrong now.
fn clock_behind(newest_created: &str, now: jiff::Timestamp) -> Option<Problem> {
    let created: jiff::Timestamp = newest_created.parse().ok()?;
    let now = jiff::Timestamp::from_second(now.as_second()).unwrap_or(now);
    (now < created).then(|| {
        Problem::warning(
            "clock-behind",
            message!("The clock of this computer shows {now}, but the newest state of the store was written at {created}.", now = now.to_string(), created = created.to_string()),
            "Set the clock of the computer. The order of the versions does not depend on it.",
        )
    })
}

/// Returns the problem of an object that cannot be read.
pub(crate) fn damaged_object(archive: &Path, error: &StoreError) -> Problem {
    let problem = Problem::error(error.code(), error.message(), error.hint());
    match error.path() {
        Some(path) => {
            let path = path.strip_prefix(archive).unwrap_or(path);
            problem.in_file(printable(&path.to_string_lossy()))
        }
        None => problem,
    }
}

/// Returns the problem of an object that is missing from the store.
pub fn missing_object(id: &ObjectId) -> Problem {
    let hint =
        "Ingest the source that contains it, or restore the object from a backup of the store.";
    let name = |id: &Id| printable(id.as_str());
    match id {
        ObjectId::Item(id) => Problem::error(
            "object-lost",
            message!(
                "The store has lost the object of the item `{name}`, with all of its files.",
                name = name(id)
            ),
            hint,
        )
        .of_item(id.as_str()),
        ObjectId::Collection(id) => Problem::error(
            "object-lost",
            message!(
                "The store has lost the object of the collection `{name}`, with all of its records.",
                name = name(id)
            ),
            hint,
        ),
        ObjectId::States(_) => Problem::error(
            "object-lost",
            message!("The store has lost an object with states."),
            "Restore the object from a backup of the store.",
        ),
        ObjectId::Configuration => Problem::error(
            "object-lost",
            "The store has lost the object that contains the configuration.",
            "Ingest a source, which adds the configuration of the archive again.",
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reports_a_clock_that_is_behind_the_newest_state() {
        let now: jiff::Timestamp = "2026-01-01T00:00:00.9Z".parse().unwrap();
        assert_eq!(clock_behind("", now), None);
        assert_eq!(clock_behind("2026-01-01T00:00:00Z", now), None);
        let problem = clock_behind("2026-01-01T00:00:01Z", now).unwrap();
        assert_eq!(problem.code, "clock-behind");
    }
}
