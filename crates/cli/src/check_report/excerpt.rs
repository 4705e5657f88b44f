//! Rows of the table in the report.

use std::collections::{BTreeMap, BTreeSet};

use khizana_source::Source;

use super::places::Place;

/// Rows of a table, as a spreadsheet program displays them.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The names of the columns. Empty if the table has no columns.
    pub header: Vec<String>,
    rows: BTreeMap<u64, Vec<String>>,
}

impl Excerpt {
    /// Reads the rows with these numbers. The excerpt is empty if the table has no columns or cannot be read,
    /// which a problem reports.
    pub(super) fn read(source: &Source, wanted: &BTreeSet<u64>) -> Excerpt {
        let Ok(Some(table)) = source.text_table() else {
            return Excerpt::default();
        };
        let mut rows = BTreeMap::new();
        // After an error, the rows before it are known.
        let _ = table.for_each_row(|row| {
            if wanted.contains(&row.number) || row.number == table.header_row {
                rows.insert(row.number, row.cells);
            }
        });
        Excerpt {
            header: table.header,
            rows,
        }
    }

    /// Returns the cells of a row.
    pub(super) fn row(&self, row: u64) -> Option<&[String]> {
        self.rows.get(&row).map(Vec::as_slice)
    }

    /// Returns the identifier of the item in the row of a place, if it is known.
    pub(super) fn item<'a>(&'a self, place: &Place<'a>) -> Option<&'a str> {
        let item = place.problem.item.as_deref()?;
        if place.is_first {
            return Some(item);
        }
        // The problem names the item of its first row. The others are in the same column.
        let first = self.row(place.problem.row?)?;
        let column = first.iter().position(|cell| cell.trim() == item)?;
        let cell = self.row(place.row?)?.get(column)?;
        Some(cell.trim()).filter(|id| !id.is_empty())
    }

    /// Returns the text of a cell, which is empty if the row is shorter.
    pub(super) fn cell(&self, row: u64, column: u32) -> Option<&str> {
        let cells = self.rows.get(&row)?;
        Some(cells.get(column as usize).map_or("", String::as_str))
    }
}
