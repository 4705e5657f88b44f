//! The measurements of one search engine.

use serde::{Deserialize, Serialize};

use super::folder::FolderSize;
use super::resource_usage::ResourceUsage;

/// All measurements of a search engine for one number of records.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngineResults {
    pub version: String,
    /// The steps of building the index, in order.
    pub build_steps: Vec<BuildStep>,
    pub size: FolderSize,
    pub browser: BrowserResults,
    /// The result of each query on the command line. Empty for Pagefind, which has no command line,
    /// and `None` for queries that the command line rejects.
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
    /// The query as the first query.
    pub cold: ColdQuery,
    /// The query as the first query over a slow line.
    pub slow: Option<ColdQuery>,
    /// Time of the query after other queries on the same page.
    pub after_ms: f64,
    /// Time of the query when it is repeated on the same page.
    pub again_ms: f64,
}

/// A first query. The cache only contains the programs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColdQuery {
    /// Data that was fetched before the query. The other values include it.
    pub before: Transfer,
    /// Until ten results are displayed.
    pub ten: Transfer,
    /// Until the facet counts are displayed too.
    pub facets: Transfer,
    /// Until nothing more is fetched.
    pub all: Transfer,
    /// Length of the longest chain of requests that depend on each other.
    pub rounds: u64,
}

/// The data that was fetched up to a point in time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Transfer {
    pub bytes: u64,
    pub requests: u64,
    /// Time since the query.
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
