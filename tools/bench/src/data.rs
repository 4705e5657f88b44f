//! The records that are searched: JSON Lines, one record a line.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use xtask::failure::Failure;

/// The variable of the environment that names the file where the command line does not.
pub const VARIABLE: &str = "KHIZANA_TATE";

/// A record, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Record {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub artist: String,
    #[serde(default)]
    pub date: String,
    #[serde(default)]
    pub medium: String,
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub decade: String,
    #[serde(default)]
    pub subjects: Vec<String>,
}

/// The file: as the command line names it, or the environment.
pub fn file(named: Option<&Path>) -> Result<PathBuf, Failure> {
    named
        .map(Path::to_owned)
        .or_else(|| {
            std::env::var_os(VARIABLE)
                .filter(|name| !name.is_empty())
                .map(PathBuf::from)
        })
        .ok_or_else(|| Failure::Missing {
            name: "the file of records".into(),
            hint: format!(
                "Pass its path with --data or in the variable {VARIABLE}. The format is JSON Lines: the \
                 69,202 artworks of Tate (github.com/tategallery/collection), each an object with the \
                 members `id`, `title`, `artist`, `date`, `medium`, `type`, `decade` and `subjects` (an \
                 array)."
            ),
        })
}

/// Reads all records.
pub fn read(path: &Path) -> Result<Vec<Record>, Failure> {
    let file = std::fs::File::open(path).map_err(Failure::file(path))?;
    let mut records = Vec::new();
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(Failure::file(path))?;
        if line.trim().is_empty() {
            continue;
        }
        let record = serde_json::from_str(&line)
            .map_err(|error| Failure::malformed(path, format!("line {}: {error}", at + 1)))?;
        records.push(record);
    }
    if records.is_empty() {
        return Err(Failure::malformed(path, "it holds no record"));
    }
    Ok(records)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_record_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.jsonl");
        std::fs::write(&path, "{\"id\": \"a\", \"title\": \"A\"}\n\n{\"id\": 1}\n").unwrap();
        let failure = read(&path).unwrap_err();
        assert_eq!(failure.code(), "file-malformed");
        assert!(failure.to_string().contains("line 3"), "{failure}");
        std::fs::write(&path, "{\"id\": \"a\", \"title\": \"A\"}\n").unwrap();
        assert_eq!(read(&path).unwrap().len(), 1);
        std::fs::write(&path, "\n").unwrap();
        assert!(read(&path).is_err());
    }

    #[test]
    fn the_command_line_comes_before_the_environment() {
        assert_eq!(file(Some(Path::new("a"))).unwrap(), Path::new("a"));
    }
}
