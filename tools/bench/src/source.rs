//! Records as a source that Khizana reads. The peer is fed from the same file.

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

/// Writes the source into a folder and returns its table.
pub fn write(folder: &Path, records: impl Iterator<Item = Record>) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let collection = folder.join("collection.toml");
    std::fs::write(&collection, COLLECTION).map_err(Failure::file(&collection))?;
    let table = folder.join("metadata.jsonl");
    let failed = || Failure::file(&table);
    let mut out = BufWriter::new(std::fs::File::create(&table).map_err(failed())?);
    for record in records {
        writeln!(out, "{}", line(&record)).map_err(failed())?;
    }
    out.flush().map_err(failed())?;
    Ok(table)
}

fn line(record: &Record) -> serde_json::Value {
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
    fn a_source_has_a_line_for_each_record() {
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
