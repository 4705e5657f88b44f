//! The texts of the cells of a table.

use std::path::Path;

use super::csv;
use super::reader::{Format, Input, Reader};
use super::{Source, SourceError};

/// A table whose rows have columns: a CSV file or a sheet of a workbook.
#[derive(Debug)]
pub struct TextTable<'a> {
    source: &'a Source,
    /// The name of the sheet, if the table is a workbook.
    pub sheet: Option<String>,
    /// The number of the row with the names of the columns.
    pub header_row: u64,
    /// The names of the columns.
    pub header: Vec<String>,
}

/// A row of a table, as a spreadsheet program displays it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRow {
    /// The number of the row; see [`RowPosition::row`](khizana_model::RowPosition::row).
    pub number: u64,
    /// The texts of the cells from the first column on. Empty cells at the end may be missing.
    pub cells: Vec<String>,
}

impl Source {
    /// Returns the table, or `None` if the source is a folder without a table, or its table has no
    /// columns, such as a JSON file.
    ///
    /// # Errors
    /// Returns an error if the table cannot be opened.
    pub fn text_table(&self) -> Result<Option<TextTable<'_>>, SourceError> {
        let reader = Reader::of(self)?;
        let (header_row, _) = reader.header_position();
        Ok(reader.header().map(|header| TextTable {
            source: self,
            sheet: self.workbook.as_ref().map(|book| book.sheet().to_owned()),
            header_row,
            header: header.to_vec(),
        }))
    }
}

impl TextTable<'_> {
    /// Calls a function with each row that has a text, including the row with the names of the columns
    /// and the rows above. Rows that are rejected because of a quotation mark are included too.
    ///
    /// # Errors
    /// Returns an error if the table cannot be read.
    pub fn for_each_row(&self, mut f: impl FnMut(TextRow)) -> Result<(), SourceError> {
        let Some(workbook) = &self.source.workbook else {
            return for_each_csv_row(&self.source.table, &self.source.table_name, f);
        };
        let mut row: Option<TextRow> = None;
        workbook.for_each_text(|number, column, text| {
            if row.as_ref().is_none_or(|row| row.number != number) {
                let cells = Vec::new();
                row.replace(TextRow { number, cells }).map(&mut f);
            }
            if let Some(row) = &mut row {
                let column = column as usize;
                row.cells
                    .resize(row.cells.len().max(column + 1), String::new());
                if let Some(cell) = row.cells.get_mut(column) {
                    text.clone_into(cell);
                }
            }
            Ok::<(), SourceError>(())
        })?;
        row.map(f);
        Ok(())
    }
}

fn for_each_csv_row(
    path: &Path,
    name: &str,
    mut f: impl FnMut(TextRow),
) -> Result<(), SourceError> {
    let is_tsv = Format::of(path) == Some(Format::Tsv);
    let input = Input::open(path, name)?;
    csv::for_each_row(input, is_tsv.then_some(b'\t'), name, |number, cells| {
        f(TextRow { number, cells });
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rows(source: &Source) -> Vec<(u64, Vec<String>)> {
        let mut rows = Vec::new();
        let table = source.text_table().unwrap().unwrap();
        let collect = |row: TextRow| rows.push((row.number, row.cells));
        table.for_each_row(collect).unwrap();
        rows
    }

    #[test]
    fn rows_of_a_csv_file_have_the_numbers_of_a_spreadsheet() {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("metadata.csv");
        std::fs::write(&table, "A list\n\nid,title\na,\"1\n2\"\n,\nb,\"x\n").unwrap();
        let source = crate::open(folder.path()).unwrap();
        let table = source.text_table().unwrap().unwrap();
        assert_eq!((table.header_row, table.header.len()), (3, 2));
        let row = |cells: &[&str]| -> Vec<String> {
            cells.iter().map(|cell| (*cell).to_owned()).collect()
        };
        assert_eq!(
            rows(&source),
            [
                (1, row(&["A list"])),
                (3, row(&["id", "title"])),
                (4, row(&["a", "1\n2"])),
                (6, row(&["b", "x\n"])),
            ]
        );
    }

    #[test]
    fn rows_of_a_workbook_have_the_texts_of_all_columns() {
        let folder = tempfile::tempdir().unwrap();
        let item = crate::template::TemplateItem {
            id: "007".to_owned(),
            title: "Sept".to_owned(),
            files: Vec::new(),
        };
        let bytes = crate::template::create(&[item]).unwrap();
        std::fs::write(folder.path().join("metadata.xlsx"), bytes).unwrap();
        let source = crate::open(folder.path()).unwrap();
        let table = source.text_table().unwrap().unwrap();
        assert_eq!(table.sheet.as_deref(), Some("Items"));
        let rows = rows(&source);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].1, table.header);
        assert_eq!(
            (rows[1].0, &*rows[1].1[0], &*rows[1].1[1]),
            (2, "007", "Sept")
        );
    }

    #[test]
    fn a_json_file_has_no_columns() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("metadata.jsonl"), "{\"id\": \"a\"}\n").unwrap();
        let source = crate::open(folder.path()).unwrap();
        assert!(source.text_table().unwrap().is_none());
    }
}
