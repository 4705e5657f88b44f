//! The static index: its writer, and the query engine that reads it block by block.
//!
//! `docs/src/format.md` describes the index byte by byte, `docs/src/searching.md` what a query can say
//! and how results are ranked.

mod ask;
mod column;
mod entry;
mod facets;
#[cfg(any(test, fuzzing))]
#[path = "../tests/support/fuzzing.rs"]
pub mod fuzzing;
mod marks;
mod matches;
mod order;
mod pairs;
mod parse;
#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
#[path = "../tests/support/plain_scan.rs"]
mod plain_scan;
mod positions;
mod postings;
mod query;
mod score;
#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
#[path = "../tests/support/seeds.rs"]
mod seeds;
mod sorted;
mod spelling;
#[cfg(feature = "write")]
mod write;

pub use marks::{Marked, Marks};
pub use query::{FacetCounts, FacetValue, Hit, Query, Results, Sort, marks, search};
#[cfg(feature = "write")]
pub(crate) use write::Store;
#[cfg(feature = "write")]
pub use write::{Analysed, Common, IndexWriter, Settings};

use khizana_format::ReadError;

/// A part of the index does not follow the format.
fn malformed(what: &str) -> ReadError {
    ReadError::Malformed {
        part: what.to_owned(),
        reason: "it is not what an index holds".to_owned(),
    }
}
