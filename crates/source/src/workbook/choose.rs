//! Choice of the sheet that is the table, and of its header.

use unicode_normalization::UnicodeNormalization;

use super::SheetInfo;
use super::cell::SheetRow;
use super::error::{Fault, WorkbookError};
use super::sheet::SheetBook;
use crate::Dialect;
use crate::column::{HEADER_ROWS, has_own_names, header_columns};

/// The name of the sheet of examples in the workbook that `khizana init --workbook` writes.
pub(crate) const EXAMPLES: &str = "Examples";

/// The names of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The number of the row with the names, counted from 1.
    pub row: u64,
    /// The names, from the first column of the sheet. A column without a name has an empty name.
    pub names: Vec<String>,
}

/// Chooses a sheet. Returns its index and its header.
pub(super) fn sheet(
    book: &SheetBook,
    file: &str,
    wanted: Option<&str>,
) -> Result<(usize, Header), WorkbookError> {
    let sheets = book.sheets();
    let names = || sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let in_sheet = |sheet: &SheetInfo, (cell, fault): (Option<String>, Fault)| WorkbookError {
        file: file.to_owned(),
        sheet: Some(sheet.name.clone()),
        cell,
        fault,
    };
    if let Some(wanted) = wanted {
        let index = find(&sheets, wanted).ok_or_else(|| {
            let unknown = Fault::UnknownSheet {
                name: wanted.to_owned(),
                sheets: names(),
            };
            unknown.in_file(file)
        })?;
        let sheet = sheets.get(index);
        let fault = |fault| match sheet {
            Some(sheet) => in_sheet(sheet, fault),
            None => fault.1.in_file(file),
        };
        return match header(book, index).map_err(fault)? {
            Some(header) => Ok((index, header)),
            None => Err(fault((None, Fault::NoHeader))),
        };
    }
    let mut found: Vec<(usize, Header)> = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        if sheet.is_hidden || sheet.name == EXAMPLES {
            continue;
        }
        let header = header(book, index).map_err(|fault| in_sheet(sheet, fault))?;
        found.extend(header.map(|header| (index, header)));
    }
    // A list of values, such as one with the columns `uri` and `label`, may look like a table.
    if found.iter().any(|(_, header)| has_own_names(&header.names)) {
        found.retain(|(_, header)| has_own_names(&header.names));
    }
    if found.len() > 1 {
        let candidates = found.iter().filter_map(|(index, _)| sheets.get(*index));
        let candidates = candidates.map(|sheet| sheet.name.clone()).collect();
        return Err(Fault::SeveralSheets(candidates).in_file(file));
    }
    found
        .pop()
        .ok_or_else(|| Fault::NoSheet(names()).in_file(file))
}

/// Finds a sheet by its name. A name in another case is accepted if no sheet has the exact name.
fn find(sheets: &[SheetInfo], wanted: &str) -> Option<usize> {
    let simple = |name: &str| name.trim().nfc().collect::<String>().to_lowercase();
    sheets
        .iter()
        .position(|sheet| sheet.name == wanted)
        .or_else(|| {
            sheets
                .iter()
                .position(|sheet| simple(&sheet.name) == simple(wanted))
        })
}

/// Finds the header of a sheet in its first rows, as that of a CSV file is found. Otherwise the header
/// is the first row with a column of identifiers or titles.
///
/// # Errors
/// Returns the last cell that was read, and the error.
fn header(book: &SheetBook, index: usize) -> Result<Option<Header>, (Option<String>, Fault)> {
    let mut reader = book.reader(index).map_err(|fault| (None, fault))?;
    let mut row = SheetRow::default();
    let mut second_choice = None;
    let mut is_first = true;
    loop {
        let has_row = reader.next_row(&mut row);
        if !has_row.map_err(|fault| (reader.position(), fault))? || row.number > HEADER_ROWS as u64
        {
            return Ok(second_choice);
        }
        let names = names(&row);
        let header = Header {
            row: row.number,
            names,
        };
        if header_columns(&header.names, is_first).is_some() {
            return Ok(Some(header));
        }
        is_first &= header.names.is_empty();
        let is_possible = Dialect::detect(&header.names).is_some() || has_own_names(&header.names);
        if is_possible && second_choice.is_none() {
            second_choice = Some(header);
        }
    }
}

/// Returns the texts of the cells of a row, from the first column to the last that has a text.
fn names(row: &SheetRow) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for cell in &row.cells {
        let text = cell.content.text().unwrap_or_default().trim();
        if !text.is_empty() {
            names.resize(cell.column as usize, String::new());
            names.push(text.to_owned());
        }
    }
    names
}
