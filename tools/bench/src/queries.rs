//! The queries in `tools/bench/browser/queries.json`. Both engines run them in the same order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use xtask::failure::Failure;
use xtask::project::Project;

/// A query that both engines run.
#[derive(Debug, Clone, Deserialize)]
pub struct Query {
    /// The kind of query, such as `common word`, `phrase` or `misspelt`.
    pub kind: String,
    /// The text of the query.
    pub q: String,
    /// The filters: the required value of each field.
    #[serde(default)]
    pub filter: BTreeMap<String, String>,
    /// `true` if the query is also run over a slow line, which takes minutes with Pagefind.
    #[serde(default)]
    pub slow: bool,
}

impl Query {
    /// Returns the query as text: `castle, type = painting`.
    pub fn label(&self) -> String {
        let filters = self.filter.iter();
        let filters = filters.map(|(field, value)| format!(", {field} = {value}"));
        std::iter::once(self.q.clone()).chain(filters).collect()
    }
}

/// Returns the path of the list of queries.
pub fn file(project: &Project) -> PathBuf {
    project.path("tools/bench/browser/queries.json")
}

/// Reads the list of queries.
pub fn read(path: &Path) -> Result<Vec<Query>, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(path, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const QUERIES: &str = include_str!("../browser/queries.json");

    #[test]
    fn the_list_has_forty_distinct_queries_of_all_kinds() {
        let queries: Vec<Query> = serde_json::from_str(QUERIES).unwrap();
        assert_eq!(queries.len(), 40);
        assert_eq!(queries.iter().filter(|query| query.slow).count(), 8);
        for kind in [
            "common word",
            "word",
            "rare word",
            "two words",
            "three words",
            "phrase",
            "as typed",
            "with a filter",
            "accents",
            "misspelt",
            "nothing",
        ] {
            let of_kind = queries.iter().filter(|query| query.kind == kind);
            assert!(of_kind.count() >= 2, "{kind}");
        }
        let mut labels: Vec<String> = queries.iter().map(Query::label).collect();
        labels.sort();
        labels.dedup();
        assert_eq!(labels.len(), 40, "the queries are distinct");
        for query in &queries {
            let is_phrase = query.q.starts_with('"') && query.q.ends_with('"');
            assert_eq!(is_phrase, query.kind == "phrase", "{}", query.q);
            assert_eq!(query.filter.is_empty(), query.kind != "with a filter");
        }
    }

    #[test]
    fn rejects_a_malformed_list() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queries.json");
        std::fs::write(&path, "[{}]").unwrap();
        assert_eq!(read(&path).unwrap_err().code(), "file-malformed");
    }
}
