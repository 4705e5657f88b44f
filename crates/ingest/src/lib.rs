//! From a source into the store and the catalogue; and the same look at a source with nothing
//! written.

mod check;
mod companions;
mod contents;
mod embedded;
mod error;
mod facts;
mod item;
mod page_text;
mod run;
mod utf8;

use serde::Serialize;

pub use check::{CheckReport, check};
pub use error::IngestError;
pub use run::ingest;

use khizana_model::{Problem, Severity};

/// What a run of `ingest` came to; `ingest --json` prints it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Identifier of the collection.
    pub collection: String,
    /// Items that the whole archive holds after the run.
    pub items: u64,
    /// Items that are new.
    pub added: u64,
    /// Items whose row or files changed.
    pub changed: u64,
    /// Items that are as they were.
    pub unchanged: u64,
    /// Items that the source no longer has. Their objects stay in the store.
    pub removed: u64,
    /// Everything that is wrong with the source; warnings too, which reject nothing.
    pub rejected: Vec<Problem>,
    /// Bytes of the files that were read from the source.
    pub bytes_in: u64,
    /// Bytes of the files that were added to the store, as stored.
    pub bytes_stored: u64,
}

impl Summary {
    /// Whether anything was rejected: exit status 1.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.rejected)
    }
}

fn has_errors(problems: &[Problem]) -> bool {
    problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
}

/// Problems in the order of the source: those of a line together, those of no line first.
fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| (a.line, &a.file, a.code).cmp(&(b.line, &b.file, b.code)));
}
