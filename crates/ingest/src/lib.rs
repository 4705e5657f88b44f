//! Ingest of sources into the store and the catalogue, and validation of sources by the same rules.

mod check;
mod compare;
mod completeness;
mod contents;
mod embedded;
mod error;
mod facts;
mod fetch;
mod file_problem;
mod ingest;
mod inspect;
mod item;
mod known;
mod options;
mod page_text;
mod pending;
mod records;
mod remote;
mod removal;
mod run;
mod table;
mod target;
mod tracks;
mod utf8;
mod validate;

use serde::Serialize;

pub use check::{CheckReport, check};
pub use compare::Changes;
pub use completeness::Completeness;
pub use error::IngestError;
pub use fetch::FetchSettings;
pub use ingest::{Prepared, ingest, ingest_prepared};
pub use inspect::{FileUses, file_uses};
pub use known::{FileFacts, KnownFiles};
pub use options::{Options, Removal};
pub use pending::PendingChanges;
pub use removal::RemovalRefused;
pub use table::{TableError, write_table};

use khizana_model::{Id, Problem, Severity};

/// The result of an ingest. `ingest --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Identifier of the collection into which the source was ingested.
    pub collection: String,
    /// Total number of items in the archive after the run, in all collections.
    pub items: u64,
    /// Number of new items.
    pub added: u64,
    /// Number of items whose row or files have changed.
    pub changed: u64,
    /// Number of unchanged items.
    pub unchanged: u64,
    /// Number of items that are no longer in the source. Their objects remain in the store.
    pub removed: u64,
    /// All problems of the rows that were read, in the order of the table. An item with an error is
    /// rejected.
    pub problems: Vec<Problem>,
    /// Number of files that were fetched from other hosts.
    pub fetched: u64,
    /// Total size of the files that were read from the source, in bytes.
    pub bytes_in: u64,
    /// Total size of the files that were added to the store, in bytes, as stored.
    pub bytes_stored: u64,
    /// Files of the store that were missing or damaged and have been restored, relative to the store.
    pub restored: Vec<String>,
    /// Number of the newest state of the store, or `None` if nothing has been written.
    pub state: Option<u64>,
    /// The changes that the run would make, if it is a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

impl Summary {
    pub(crate) fn new(collection: &Id) -> Self {
        Summary {
            collection: collection.to_string(),
            items: 0,
            added: 0,
            changed: 0,
            unchanged: 0,
            removed: 0,
            problems: Vec::new(),
            fetched: 0,
            bytes_in: 0,
            bytes_stored: 0,
            restored: Vec::new(),
            state: None,
            changes: None,
        }
    }

    /// Returns `true` if one of the problems is an error (exit status 1).
    pub fn has_errors(&self) -> bool {
        has_errors(&self.problems)
    }
}

fn has_errors(problems: &[Problem]) -> bool {
    problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
}
