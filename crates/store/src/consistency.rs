//! Comparison of the store with the states that the catalogue and a site were made from.
//!
//! The store is the source of truth. But if it is lost, or replaced by an older copy, the catalogue and the
//! published site still record a state that the store does not contain.

use std::path::{Path, PathBuf};

use crate::ocfl::{StateId, States};

/// A state that the catalogue or a site was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedState {
    /// The description of the file that records the state: `the catalogue`, or `the site in …`.
    pub recorded_by: String,
    /// The state.
    pub state: StateId,
}

/// An error from comparing the store with a recorded state.
#[derive(Debug, thiserror::Error)]
pub enum ConsistencyError {
    /// The store does not exist, but the catalogue lists items.
    #[error(
        "{}: the store does not exist, but the catalogue lists {items} items; they would be lost",
        path.display()
    )]
    StoreLost {
        /// The expected folder of the store.
        path: PathBuf,
        /// Number of items in the catalogue.
        items: u64,
    },
    /// The store does not contain the state that the catalogue or a site was made from.
    #[error(
        "{} was made from state {} of the store, but {}{}",
        recorded.recorded_by,
        recorded.state.number,
        newest_state(*newest),
        list(missing)
    )]
    Behind {
        /// The recorded state.
        recorded: RecordedState,
        /// The number of the newest state of the store, or 0 if it has none.
        newest: u64,
        /// The OCFL identifiers of items that the store does not contain.
        missing: Vec<String>,
    },
    /// The store differs from a catalogue that was made before there were states.
    #[error(
        "the store does not contain all items that the catalogue lists{}",
        list(missing)
    )]
    Incomplete {
        /// The OCFL identifiers of items that the store does not contain.
        missing: Vec<String>,
    },
    /// The state that the user accepted is not the newest state of the store.
    #[error("the newest state of the store is {newest}, not {accepted}")]
    WrongState {
        /// The number that the user specified.
        accepted: u64,
        /// The number of the newest state of the store, or 0 if it has none.
        newest: u64,
    },
}

/// Maximum number of identifiers in a message.
const MAX_LISTED: usize = 10;

fn newest_state(number: u64) -> String {
    match number {
        0 => "the store has no states".to_owned(),
        number => {
            format!("the newest state of the store is {number}, which does not contain that state")
        }
    }
}

fn list(missing: &[String]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let names: Vec<String> = missing
        .iter()
        .take(MAX_LISTED)
        .map(|urn| khizana_model::printable(urn.rsplit(':').next().unwrap_or(urn)))
        .collect();
    let more = missing.len() - names.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("; missing from the store: {}{more}", names.join(", "))
}

impl ConsistencyError {
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
    pub fn hint(&self) -> String {
        match self {
            ConsistencyError::StoreLost { .. } => {
                "Restore the folder of the store from a backup. To begin a new store instead, run the command again with --accept-state 0.".to_owned()
            }
            ConsistencyError::Behind { newest, .. } => format!(
                "Restore a newer copy of the store. If there is none, copy the published site, which may contain files that the store lacks, and continue with `khizana ingest SOURCE --accept-state {newest}` or `khizana publish --accept-state {newest}`."
            ),
            ConsistencyError::Incomplete { .. } => {
                "Restore the missing objects from a backup of the store. To continue without them, run the command again with --accept-state 0.".to_owned()
            }
            ConsistencyError::WrongState { newest, .. } => format!(
                "To continue with the store as it is, run the command again with --accept-state {newest}."
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
