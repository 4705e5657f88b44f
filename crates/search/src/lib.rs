//! The static index: its writer, and the query engine that reads it block by block.
//!
//! The index is a tree of terms with their postings, a column for each facet and a rank for each
//! order; `docs/src/format.md` describes them byte by byte.

mod column;
mod order;
mod postings;
mod query;
#[cfg(feature = "write")]
mod write;

pub use query::{FacetCounts, FacetValue, Hit, Query, Results, Sort, search};
#[cfg(feature = "write")]
pub use write::IndexWriter;
