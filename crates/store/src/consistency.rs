//! Comparison of the store with the states that the catalogue and a site were made from.
//!
//! The store is the source of truth. But if it is lost, or replaced by an older copy, the catalogue and the
//! published site still record a state that the store does not contain.

use std::path::{Path, PathBuf};

use khizana_model::{Message, message};

use crate::ocfl::{StateId, States};

/// A part of an archive that records the state that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedBy {
    /// The catalogue.
    Catalogue,
    /// The published site in a folder, or the one that is being verified.
    Site(Option<PathBuf>),
}

/// A state that the catalogue or a site was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedState {
    /// The part that records the state.
    pub recorded_by: RecordedBy,
    /// The state.
    pub state: StateId,
}

/// An error from comparing the store with a recorded state.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ConsistencyError {
    /// The store does not exist, but the catalogue lists items.
    StoreLost {
        /// The expected folder of the store.
        path: PathBuf,
        /// Number of items in the catalogue.
        items: u64,
    },
    /// The store does not contain the state that the catalogue or a site was made from.
    Behind {
        /// The recorded state.
        recorded: RecordedState,
        /// The number of the newest state of the store, or 0 if it has none.
        newest: u64,
        /// The OCFL identifiers of items that the store does not contain.
        missing: Vec<String>,
    },
    /// The store differs from a catalogue that was made before there were states.
    Incomplete {
        /// The OCFL identifiers of items that the store does not contain.
        missing: Vec<String>,
    },
    /// The state that the user accepted is not the newest state of the store.
    WrongState {
        /// The number that the user specified.
        accepted: u64,
        /// The number of the newest state of the store, or 0 if it has none.
        newest: u64,
    },
}

/// Maximum number of identifiers in a message.
const MAX_LISTED: usize = 10;

/// Lists items that are missing from the store.
fn list(missing: &[String]) -> String {
    let names: Vec<String> = missing
        .iter()
        .take(MAX_LISTED)
        .map(|urn| khizana_model::printable(urn.rsplit(':').next().unwrap_or(urn)))
        .collect();
    names.join(", ")
}

/// Returns the message for a state that the store does not contain.
fn behind(recorded: &RecordedState, newest: u64) -> Message {
    let number = recorded.state.number;
    let made = match &recorded.recorded_by {
        RecordedBy::Catalogue => {
            message!(
                "the catalogue was made from state {number} of the store",
                number
            )
        }
        RecordedBy::Site(None) => {
            message!("the site was made from state {number} of the store", number)
        }
        RecordedBy::Site(Some(folder)) => message!(
            "the site in {folder} was made from state {number} of the store",
            folder = folder.display(),
            number
        ),
    };
    match newest {
        0 => message!("{made}, but the store has no states", made),
        newest => message!(
            "{made}, but the newest state of the store is {newest}, which does not contain that state",
            made,
            newest
        ),
    }
}

/// Adds the items that are missing from the store to a message.
fn with_missing(message: Message, missing: &[String]) -> Message {
    if missing.is_empty() {
        return message;
    }
    let names = list(missing);
    let missing = match missing.len().saturating_sub(MAX_LISTED) {
        0 => message!("missing from the store: {names}", names),
        more => message!(
            "missing from the store: {names} and {more} more",
            names,
            more
        ),
    };
    message!("{message}; {missing}", message, missing)
}

impl ConsistencyError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            ConsistencyError::StoreLost { path, items } => message!(
                "{path}: the store does not exist, but the catalogue lists {items} items; they would be lost",
                path = path.display(),
                items
            ),
            ConsistencyError::Behind {
                recorded,
                newest,
                missing,
            } => with_missing(behind(recorded, *newest), missing),
            ConsistencyError::Incomplete { missing } => with_missing(
                message!("the store does not contain all items that the catalogue lists"),
                missing,
            ),
            ConsistencyError::WrongState { accepted, newest } => message!(
                "the newest state of the store is {newest}, not {accepted}",
                newest,
                accepted
            ),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            ConsistencyError::StoreLost { .. } => "store-lost",
            ConsistencyError::Behind { .. } => "store-behind",
            ConsistencyError::Incomplete { .. } => "store-incomplete",
            ConsistencyError::WrongState { .. } => "accept-state",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> Message {
        match self {
            ConsistencyError::StoreLost { .. } => {
                "Restore the folder of the store from a backup. To begin a new store instead, run the command again with --accept-state 0.".into()
            }
            ConsistencyError::Behind { newest, .. } => message!(
                "Restore a newer copy of the store. If there is none, copy the published site, which may contain files that the store lacks, and continue with `khizana ingest SOURCE --accept-state {newest}` or `khizana publish --accept-state {newest}`.",
                newest
            ),
            ConsistencyError::Incomplete { .. } => {
                "Restore the missing objects from a backup of the store. To continue without them, run the command again with --accept-state 0.".into()
            }
            ConsistencyError::WrongState { newest, .. } => message!(
                "To continue with the store as it is, run the command again with --accept-state {newest}.",
                newest
            ),
        }
    }
}

/// Checks that the states of the store contain a recorded state. `accepted` is the number of the state with
/// which the user wants to continue although the recorded one is missing. Returns the recorded state in that
/// case.
///
/// # Errors
/// Returns [`ConsistencyError::Behind`] if the recorded state is missing and no state is accepted, and
/// [`ConsistencyError::WrongState`] if the accepted state is not the newest one.
pub fn check_state(
    states: &States,
    recorded: RecordedState,
    accepted: Option<u64>,
    missing: impl FnOnce() -> Vec<String>,
) -> Result<Option<StateId>, ConsistencyError> {
    if states.contains(&recorded.state) || states.accepts_loss_of(&recorded.state) {
        return Ok(None);
    }
    let newest = states.newest().map_or(0, |state| state.number);
    match accepted {
        Some(accepted) if accepted == newest => Ok(Some(recorded.state)),
        Some(accepted) => Err(ConsistencyError::WrongState { accepted, newest }),
        None => Err(ConsistencyError::Behind {
            recorded,
            newest,
            missing: missing(),
        }),
    }
}

/// Returns the path of the store that an archive must contain, if it does not exist.
pub fn lost_store(archive: &Path) -> Option<PathBuf> {
    let path = archive.join(crate::ocfl::STORE_DIR);
    (!path.exists()).then_some(path)
}
