//! What was measured of one side: ours, or the peer's.

use serde::{Deserialize, Serialize};

use super::folder::Held;
use super::peak::Cost;

/// All of it, at one size.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Side {
    pub version: String,
    /// The steps of building, in order.
    pub stages: Vec<Stage>,
    pub held: Held,
    pub asked: Asked,
    /// What the command line says to each query; nothing for the peer, which has none.
    #[serde(default)]
    pub native: Vec<Option<Native>>,
}

/// A step of building.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub cost: Cost,
}

/// What `tools/bench/browser/search.mjs` writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// The version of the browser.
    pub browser: String,
    /// In the order of the queries.
    pub queries: Vec<Answer>,
}

/// What one query took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// How many results there are.
    pub total: u64,
    /// As the first query.
    pub cold: Cold,
    /// The same over the slow line.
    pub slow: Option<Cold>,
    /// After other queries in the same page.
    pub after_ms: f64,
    /// Asked again in the same page.
    pub again_ms: f64,
}

/// A first query, from an empty cache but for the programs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cold {
    /// Data that was fetched before it was asked. The other sums hold it too.
    pub before: Fetched,
    /// Until ten results are there.
    pub ten: Fetched,
    /// Until the counts of the facets are there too.
    pub facets: Fetched,
    /// Until nothing more is fetched.
    pub all: Fetched,
    /// The longest chain of requests that waited for each other.
    pub rounds: u64,
}

/// Fetched until a moment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Fetched {
    pub bytes: u64,
    pub requests: u64,
    /// How long after the query was asked.
    #[serde(default)]
    pub ms: f64,
}

/// `khizana search --json --limit 10`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Native {
    pub total: u64,
    pub requests: u64,
    pub bytes: u64,
    pub ms: f64,
}
