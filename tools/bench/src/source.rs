//! Writing of records as a source for Khizana. Pagefind reads the same file.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::data::Record;
use xtask::failure::Failure;

const COLLECTION: &str = r#"id = "tate"
language = "en"
facets = ["type", "decade", "creator"]

[title]
en = "Tate"
"#;

/// Writes a source to a folder. Returns the path of its table.
pub fn write(folder: &Path, records: impl Iterator<Item = Record>) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let collection = folder.join("collection.toml");
    std::fs::write(&collection, COLLECTION).map_err(Failure::file(&collection))?;
    let table = folder.join("metadata.jsonl");
    let file_error = || Failure::file(&table);
    let mut out = BufWriter::new(std::fs::File::create(&table).map_err(file_error())?);
    for record in records {
        writeln!(out, "{}", source_item(&record)).map_err(file_error())?;
    }
    out.flush().map_err(file_error())?;
    Ok(table)
}

fn source_item(record: &Record) -> serde_json::Value {
    json!({
        "id": record.id,
        "title": record.title,
        "creator": record.artist,
        "date": record.date,
        "medium": record.medium,
        "type": record.kind,
        "decade": record.decade,
        "subject": record.subjects,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn writes_a_line_for_each_record() {
        let dir = tempfile::tempdir().unwrap();
        let record: Record = serde_json::from_str(
            r#"{"id": "a", "title": "A", "artist": "B", "type": "c", "subjects": ["d"]}"#,
        )
        .unwrap();
        let table = write(dir.path(), [record.clone(), record].into_iter()).unwrap();
        let text = std::fs::read_to_string(table).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains(r#""creator":"B""#) && text.contains(r#""subject":["d"]"#));
    }
}
