//! Ingest of sources into the store and the catalogue, and validation of sources by the same rules.

mod check;
mod contents;
mod embedded;
mod error;
mod facts;
mod file_problem;
mod inspect;
mod item;
mod page_text;
mod run;
mod tracks;
mod utf8;
mod validate;

use serde::Serialize;

pub use check::{CheckReport, check};
pub use error::IngestError;
pub use run::ingest;

use khizana_model::{Problem, Severity};

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
    /// Total size of the files that were read from the source, in bytes.
    pub bytes_in: u64,
    /// Total size of the files that were added to the store, in bytes, as stored.
    pub bytes_stored: u64,
}

impl Summary {
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
