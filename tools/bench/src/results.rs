//! The measurements of one search engine.

use serde::{Deserialize, Serialize};

use super::folder::FolderSize;
use super::resource_usage::ResourceUsage;

/// All measurements of a search engine for one number of records.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngineResults {
    pub version: String,
    /// The steps in which the index was built, in order.
    pub build_steps: Vec<BuildStep>,
    pub size: FolderSize,
    pub browser: BrowserResults,
    /// The result of each query on the command line, or `None` for a query that the command line
    /// rejects. Empty for Pagefind, which has no command line.
    #[serde(default)]
    pub command_line: Vec<Option<CommandLineResult>>,
}

/// A step of building an index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BuildStep {
    pub name: String,
    pub usage: ResourceUsage,
}

/// The output of `tools/bench/browser/search.mjs`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BrowserResults {
    /// The version of the browser.
    pub browser: String,
    /// The results in the order of the queries.
    pub queries: Vec<QueryResult>,
}

/// The measurements of one query in the browser.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueryResult {
    /// Number of search results.
    pub total: u64,
    /// The measurements when the query is the first query.
    pub cold: ColdQuery,
    /// The measurements when the query is the first query over a slow line.
    pub slow: Option<ColdQuery>,
    /// Time that the query takes after other queries on the same page, in milliseconds.
    pub after_ms: f64,
    /// Time that the query takes when it is repeated on the same page, in milliseconds.
    pub again_ms: f64,
}

/// The measurements of a first query, for which the cache contains only the programs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColdQuery {
    /// Data that was fetched before the query. It is included in the other values.
    pub before: Transfer,
    /// Data that was fetched until ten results were displayed.
    pub ten: Transfer,
    /// Data that was fetched until the facet counts were displayed too.
    pub facets: Transfer,
    /// All data that was fetched, including data that was fetched after the display was complete.
    pub all: Transfer,
    /// Number of requests in the longest chain of requests that depend on each other.
    pub rounds: u64,
}

/// The data that had been fetched at a point in time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Transfer {
    pub bytes: u64,
    pub requests: u64,
    /// Time since the query was started, in milliseconds.
    #[serde(default)]
    pub ms: f64,
}

/// The output of `khizana search --json --limit 10`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CommandLineResult {
    pub total: u64,
    pub requests: u64,
    pub bytes: u64,
    pub ms: f64,
}
