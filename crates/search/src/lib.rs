//! The search index of a published archive: its writer, and the query engine.
//!
//! The index consists of static files. The engine runs in the browser and fetches only the blocks
//! that a query needs. `docs/src/format.md` specifies the index to the byte;
//! `docs/src/searching.md` describes the query language and the ranking.
//!
//! A query passes through these stages:
//!
//! 1. `syntax` parses the query language, and `parsed_query` tokenizes the words of a query.
//! 2. `expand` looks up the terms of the index that match each word: the word itself, other words
//!    with the same stem, transliterations, completions, and corrections of misspellings.
//! 3. `evaluate` intersects and unites the posting lists of the terms, and scores the items with
//!    BM25F.
//! 4. `facets` applies filters and counts facet values, and `result_page` sorts the items and
//!    selects a page.
//!
//! The writer needs the feature `write`.

mod best_page;
mod bigrams;
mod evaluate;
mod expand;
mod facet_column;
mod facets;
#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
#[path = "../tests/support/fuzz_seeds.rs"]
mod fuzz_seeds;
#[cfg(any(test, fuzzing))]
#[path = "../tests/support/fuzzing.rs"]
pub mod fuzzing;
mod highlight;
mod item_values;
mod literal;
mod numeric_sort;
mod parsed_query;
mod positions;
mod postings;
mod query;
#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
#[path = "../tests/support/ranking.rs"]
mod ranking;
#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
#[path = "../tests/support/reference_scan.rs"]
mod reference_scan;
mod result_page;
mod results;
mod score;
mod scored_items;
mod search;
mod spelling;
mod syntax;
mod term_entry;
#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
#[path = "../tests/support/test_archive.rs"]
mod test_archive;
mod whole_value;
#[cfg(feature = "write")]
pub(crate) mod writer;

pub use highlight::{Fragment, Highlighter};
pub use query::{Query, Sort};
pub use results::{FacetCounts, FacetValue, Hit, Results};
pub use search::{highlighter, search};
#[cfg(feature = "write")]
pub(crate) use writer::Store;
#[cfg(feature = "write")]
pub use writer::{
    AnalysedItem, CommonWords, FieldLanguages, IndexSettings, IndexWriter, title_key,
};

use khizana_format::ReadError;

/// Returns an error for a part of the index that does not follow the format.
fn malformed(part: &str) -> ReadError {
    ReadError::Malformed {
        part: "the search index".to_owned(),
        reason: format!("invalid {part}"),
    }
}
