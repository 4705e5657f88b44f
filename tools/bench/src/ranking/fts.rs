//! Full-text search with SQLite FTS5.

use std::path::Path;

use rusqlite::{Connection, params};
use xtask::failure::Failure;

use super::records::Record;

/// An index in memory, with the columns title, creator and everything else.
pub struct Index(Connection);

impl Index {
    pub fn new(records: &[Record]) -> Result<Index, Failure> {
        let index = Connection::open_in_memory().map_err(failure)?;
        let create = "CREATE VIRTUAL TABLE records USING fts5(title, creator, rest, id UNINDEXED, \
                      tokenize = 'unicode61 remove_diacritics 2')";
        index.execute_batch(create).map_err(failure)?;
        {
            let mut insert = index
                .prepare("INSERT INTO records VALUES (?, ?, ?, ?)")
                .map_err(failure)?;
            for record in records {
                let values = params![
                    record.values("title").join(" | "),
                    record.values("creator").join(" | "),
                    record.rest().join(" | "),
                    record.id(),
                ];
                insert.execute(values).map_err(failure)?;
            }
        }
        Ok(Index(index))
    }

    /// Returns the identifiers of the first ten records that contain all words of a query.
    pub fn search(&self, query: &str) -> Result<Vec<String>, Failure> {
        // The tokenizer folds the words like those of the records.
        let words: Vec<String> = query
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\""))
            .collect();
        let select = "SELECT id FROM records WHERE records MATCH ? \
                      ORDER BY bm25(records, 10, 5, 1), rowid LIMIT 10";
        let mut statement = self.0.prepare(select).map_err(failure)?;
        let ids = statement
            .query_map([words.join(" AND ")], |row| row.get(0))
            .map_err(failure)?;
        ids.collect::<Result<_, _>>().map_err(failure)
    }
}

fn failure(error: rusqlite::Error) -> Failure {
    Failure::malformed(Path::new("SQLite"), error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn titles_weigh_more_than_the_rest() {
        let record = |id: &str, title: &str, creator: &str, note: &str| {
            Record::new([
                ("id", id),
                ("title", title),
                ("creator", creator),
                ("note", note),
            ])
        };
        let records = [
            record("note", "A view", "A painter", "castle"),
            record("title", "A castle", "A painter", "view"),
            record("other", "A boat", "A painter", "sea"),
        ];
        let index = Index::new(&records).unwrap();
        assert_eq!(index.search("Castle").unwrap(), ["title", "note"]);
        assert_eq!(index.search("painter castle view").unwrap().len(), 2);
        assert!(index.search("tower").unwrap().is_empty());
    }
}
