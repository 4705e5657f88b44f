//! Reading of the rows of a source, without its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use khizana_ingest::{Changes, IngestError, PendingChanges};
use khizana_model::{Collection, Hash, Problem, RowPosition};
use khizana_source::{Source, SourceError, SourceItem};

/// The hash of the row of each item, by identifier.
pub(crate) type RowHashes = BTreeMap<String, Hash>;

/// Maximum number of changed items that are kept in memory. Further ones are displayed when the site has been published.
const MAX_CHANGED: usize = 20_000;

/// The rows of a source at one time.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) collection: Collection,
    /// The accepted items, in the order of the source.
    pub(crate) items: Vec<ReadItem>,
    pub(crate) hashes: Arc<RowHashes>,
    /// The name of the table, and of the sheet if it is a workbook.
    table: (String, Option<String>),
    /// The items that differ from the published ones, at most [`MAX_CHANGED`].
    pub(crate) changed: BTreeMap<String, SourceItem>,
    /// Number of rejected rows.
    pub(crate) rejected: u64,
    /// The problems of the rows.
    pub(crate) problems: Vec<Problem>,
    /// The changes that the next ingest into the archive would make, or the error of the comparison.
    pub(crate) pending: Option<Result<Changes, IngestError>>,
}

/// The place of an item in the source.
#[derive(Debug)]
pub(crate) struct ReadItem {
    pub(crate) id: String,
    /// The number of the row, and its line in the text of the table.
    row: u64,
    line: u64,
}

impl Reading {
    /// Reads the rows of a source. `published` are the hashes of the published items, and `archive` is an archive with
    /// which the source is compared, and a folder for the copy of its catalogue.
    ///
    /// # Errors
    /// Returns an error if the source as a whole cannot be read.
    pub(crate) fn read(
        source: &Source,
        published: &RowHashes,
        archive: Option<(&Path, &Path)>,
    ) -> Result<Reading, SourceError> {
        let mut reading = Reading {
            collection: source.collection.clone(),
            items: Vec::new(),
            hashes: Arc::default(),
            table: (source.table_name.clone(), None),
            changed: BTreeMap::new(),
            rejected: 0,
            problems: Vec::new(),
            pending: None,
        };
        let mut hashes = RowHashes::new();
        let mut pending = archive
            .map(|(archive, folder)| PendingChanges::begin(archive, folder, &source.collection.id));
        let mut rows = source.rows()?;
        for row in rows.by_ref() {
            if let Some(Ok(changes)) = &mut pending {
                let added = match &row.item {
                    Ok(item) => changes.add(item),
                    Err(problems) => changes.add_rejected(problems),
                };
                if let Err(error) = added {
                    pending = Some(Err(error));
                }
            }
            match row.item {
                Ok(item) => {
                    hashes.insert(item.item.id.to_string(), item.hash);
                    reading.add(item, row.position, published);
                }
                Err(mut problems) => {
                    reading.rejected += 1;
                    reading.problems.append(&mut problems);
                }
            }
        }
        reading.problems.append(&mut rows.finish());
        reading.hashes = Arc::new(hashes);
        reading.pending = pending.map(|pending| pending.and_then(PendingChanges::finish));
        Ok(reading)
    }

    fn add(&mut self, item: SourceItem, position: RowPosition, published: &RowHashes) {
        let id = item.item.id.to_string();
        self.items.push(ReadItem {
            id: id.clone(),
            row: position.row,
            line: position.line,
        });
        // All rows are in the same table.
        self.table = (position.table, position.sheet);
        if published.get(&id) != Some(&item.hash) && self.changed.len() < MAX_CHANGED {
            self.changed.insert(id, item);
        }
    }

    /// Returns the identifier of the item in a row.
    pub(crate) fn item_in_row(&self, row: u64) -> Option<&str> {
        // Rows are read in ascending order.
        let index = self
            .items
            .binary_search_by_key(&row, |item| item.row)
            .ok()?;
        self.items.get(index).map(|item| item.id.as_str())
    }

    fn position(&self, item: &ReadItem) -> RowPosition {
        let (table, sheet) = self.table.clone();
        RowPosition {
            table,
            row: item.row,
            line: item.line,
            sheet,
        }
    }

    /// Returns the problems of the files of items whose rows are the same in `previous`, which has the problems
    /// `known`.
    pub(crate) fn kept_problems(&self, previous: &RowHashes, known: &[Problem]) -> Vec<Problem> {
        if known.is_empty() {
            return Vec::new();
        }
        let items = self.items.iter();
        let positions: BTreeMap<&str, &ReadItem> =
            items.map(|item| (item.id.as_str(), item)).collect();
        let kept = known.iter().filter_map(|problem| {
            let Some(id) = &problem.item else {
                return Some(problem.clone());
            };
            let is_same = previous.contains_key(id) && previous.get(id) == self.hashes.get(id);
            let item = positions.get(id.as_str()).filter(|_| is_same)?;
            Some(problem.clone().moved_to(&self.position(item)))
        });
        kept.collect()
    }
}

/// Returns the problems of an ingest that the rows alone do not have.
pub(crate) fn problems_of_files(ingested: Vec<Problem>, rows: &[Problem]) -> Vec<Problem> {
    let key = |problem: &Problem| {
        let message = problem.message.as_str().to_owned();
        (problem.code, problem.row, problem.cell.clone(), message)
    };
    let of_rows: BTreeSet<_> = rows.iter().map(key).collect();
    let ingested = ingested.into_iter();
    ingested
        .filter(|problem| !of_rows.contains(&key(problem)))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TABLE: &str = "id,title@en,date\na,First,1900\nb,Second,\nc,Third,\n";

    fn read(table: &str, published: &RowHashes) -> Reading {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("metadata.csv"), table).unwrap();
        std::fs::write(folder.path().join("collection.toml"), "id = \"letters\"").unwrap();
        let source = khizana_source::open(folder.path()).unwrap();
        Reading::read(&source, published, None).unwrap()
    }

    #[test]
    fn only_changed_rows_are_kept() {
        let first = read(TABLE, &RowHashes::new());
        assert_eq!(first.changed.len(), 3);
        assert_eq!(first.item_in_row(3), Some("b"));
        let second = read(&TABLE.replace("Second", "Other"), &first.hashes);
        let changed: Vec<&String> = second.changed.keys().collect();
        assert_eq!(changed, ["b"]);
    }

    #[test]
    fn a_large_source_is_not_kept_in_memory() {
        let rows = (0..MAX_CHANGED + 10).map(|number| format!("i{number}\n"));
        let table: String = std::iter::once("id\n".to_owned()).chain(rows).collect();
        let reading = read(&table, &RowHashes::new());
        assert_eq!(reading.items.len(), MAX_CHANGED + 10);
        assert_eq!(reading.changed.len(), MAX_CHANGED);
    }

    #[test]
    fn problems_of_files_are_kept_for_rows_that_have_not_changed() {
        let first = read(TABLE, &RowHashes::new());
        let problem = |id: &str, row| {
            let mut items = first.items.iter();
            let position = first.position(items.find(|item| item.id == id).unwrap());
            assert_eq!(position.row, row);
            Problem::error("image-damaged", "Damaged.", "Scan it again.")
                .in_file("1.jpg")
                .in_row(&position)
                .of_item(id)
        };
        let known = [problem("a", 2), problem("b", 3), problem("c", 4)];
        let table = "id,title@en,date\nnew,New,\na,First,1900\nb,Other,\n";
        let second = read(table, &first.hashes);
        let kept = second.kept_problems(&first.hashes, &known);
        // The row of `b` has changed, and `c` was removed.
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].item.as_deref(), kept[0].row), (Some("a"), Some(3)));
    }

    #[test]
    fn problems_of_rows_are_not_problems_of_files() {
        let reading = read("id,date\na,soon\n", &RowHashes::new());
        assert!(!reading.problems.is_empty());
        let mut ingested = reading.problems.clone();
        ingested.push(Problem::error(
            "image-damaged",
            "Damaged.",
            "Scan it again.",
        ));
        let of_files = problems_of_files(ingested, &reading.problems);
        assert_eq!(of_files.len(), 1);
        assert_eq!(of_files[0].code, "image-damaged");
    }
}
