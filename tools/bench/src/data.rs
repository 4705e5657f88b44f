//! The records of the Tate, as JSON Lines.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use xtask::failure::Failure;

/// The environment variable that contains the path of the file.
pub const VARIABLE: &str = "KHIZANA_TATE";

/// A record in the file.
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

/// Returns the path of the file, from the command line or the environment.
pub fn file(option: Option<&Path>) -> Result<PathBuf, Failure> {
    option
        .map(Path::to_owned)
        .or_else(|| {
            std::env::var_os(VARIABLE)
                .filter(|name| !name.is_empty())
                .map(PathBuf::from)
        })
        .ok_or_else(|| Failure::Missing {
            name: "the file with the records".into(),
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
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(Failure::file(path))?;
        if line.trim().is_empty() {
            continue;
        }
        let record = serde_json::from_str(&line)
            .map_err(|error| Failure::malformed(path, format!("line {}: {error}", index + 1)))?;
        records.push(record);
    }
    if records.is_empty() {
        return Err(Failure::malformed(path, "the file contains no records"));
    }
    Ok(records)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reports_the_line_of_a_malformed_record() {
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
    fn the_command_line_overrides_the_environment() {
        assert_eq!(file(Some(Path::new("a"))).unwrap(), Path::new("a"));
    }
}
