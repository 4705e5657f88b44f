//! The queries, from `tools/bench/browser/queries.json`: both sides are asked the same ones in the same order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use xtask::failure::Failure;
use xtask::project::Project;

/// One query.
#[derive(Debug, Clone, Deserialize)]
pub struct Query {
    /// What it stands for: a common word, a phrase, a word misspelt.
    pub kind: String,
    /// What is typed.
    pub q: String,
    /// Fields and the value each must have.
    #[serde(default)]
    pub filter: BTreeMap<String, String>,
    /// Whether it is asked over the slow line too, which takes the peer minutes.
    #[serde(default)]
    pub slow: bool,
}

impl Query {
    /// As one reads it: `castle, type = painting`.
    pub fn shown(&self) -> String {
        let filters = self.filter.iter();
        let filters = filters.map(|(field, value)| format!(", {field} = {value}"));
        std::iter::once(self.q.clone()).chain(filters).collect()
    }
}

/// Where the list is.
pub fn file(project: &Project) -> PathBuf {
    project.path("tools/bench/browser/queries.json")
}

/// Reads the list.
pub fn read(path: &Path) -> Result<Vec<Query>, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(path, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const OWN: &str = include_str!("../browser/queries.json");

    #[test]
    fn there_are_forty_of_every_kind_and_eight_go_over_the_slow_line() {
        let all: Vec<Query> = serde_json::from_str(OWN).unwrap();
        assert_eq!(all.len(), 40);
        assert_eq!(all.iter().filter(|query| query.slow).count(), 8);
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
            let of_kind = all.iter().filter(|query| query.kind == kind);
            assert!(of_kind.count() >= 2, "{kind}");
        }
        let mut shown: Vec<String> = all.iter().map(Query::shown).collect();
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), 40, "each is asked once");
        for query in &all {
            let is_phrase = query.q.starts_with('"') && query.q.ends_with('"');
            assert_eq!(is_phrase, query.kind == "phrase", "{}", query.q);
            assert_eq!(query.filter.is_empty(), query.kind != "with a filter");
        }
    }

    #[test]
    fn a_list_that_is_none_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queries.json");
        std::fs::write(&path, "[{}]").unwrap();
        assert_eq!(read(&path).unwrap_err().code(), "file-malformed");
    }
}
