//! Warnings about cells, which are merged by column.

use khizana_model::{Correction, GroupedWarnings, Problem, RowPosition, printable};

use super::cell::cell_name;

/// The warnings about the cells of a sheet.
#[derive(Debug)]
pub(super) struct Notes {
    warnings: GroupedWarnings,
    table: String,
    sheet: String,
}

/// The kinds of warnings about a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Note<'a> {
    /// The cell has a value, but its column has no name.
    Unnamed,
    /// The cell is merged with others in this range.
    Merged(&'a str),
    /// The row of the cell is hidden.
    HiddenRow,
    /// The column of the cell is hidden.
    HiddenColumn,
    /// An image lies on the cell.
    Image,
    /// The cell contains a year that is displayed as a date.
    YearAsDate { serial: i64, date: &'a str },
    /// The cell contains a date, but its column contains identifiers or paths.
    Date(&'a str),
    /// The cell contains a formula without a result.
    Uncomputed,
    /// The cell contains this error.
    Error(&'a str),
    /// The value was computed from another workbook.
    External,
    /// The cell has a link that is not read.
    Link(&'a str),
}

impl Notes {
    pub(super) fn new(table: &str, sheet: &str) -> Notes {
        Notes {
            warnings: GroupedWarnings::default(),
            table: table.to_owned(),
            sheet: sheet.to_owned(),
        }
    }

    /// Adds a warning about a cell. `header` is the name of its column.
    pub(super) fn add(&mut self, (row, column): (u64, u32), header: &str, note: Note<'_>) {
        let (code, message, hint) = describe(note, header);
        // Warnings of these kinds concern the row or the sheet, and not the column.
        let group = match note {
            Note::HiddenRow | Note::Image | Note::Merged(_) | Note::Unnamed => "",
            _ => header,
        };
        let position = RowPosition {
            table: self.table.clone(),
            row,
            line: row,
            sheet: Some(printable(&self.sheet)),
        };
        let problem = Problem::warning(code, message, hint).in_row(&position);
        let problem = match note {
            Note::HiddenRow => problem,
            _ => problem.in_cell(cell_name(column, row)),
        };
        let problem = match note {
            Note::YearAsDate { serial, date } => problem.with_correction(Correction {
                row,
                column,
                from: date.to_owned(),
                to: serial.to_string(),
                is_safe: false,
            }),
            _ => problem,
        };
        self.warnings.add(group, problem);
    }

    /// Adds a warning about the sheet.
    pub(super) fn add_for_sheet(&mut self, code: &'static str, message: &str, hint: &str) {
        let problem = Problem {
            table: Some(self.table.clone()),
            sheet: Some(printable(&self.sheet)),
            ..Problem::warning(code, message, hint).in_file(self.table.clone())
        };
        self.warnings.once("", problem);
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.warnings.into_problems()
    }
}

/// Returns the code, the message and the hint of a warning.
fn describe(note: Note<'_>, header: &str) -> (&'static str, String, String) {
    let header = printable(header);
    match note {
        Note::Unnamed => (
            "column-unnamed",
            "A column without a name has values, which are ignored.".to_owned(),
            "Give the column a name, or delete its values.".to_owned(),
        ),
        Note::Merged(range) => (
            "cells-merged",
            format!("The cells {range} are merged. Their value belongs to the first cell only; the others are empty."),
            "Unmerge the cells, and repeat the value in each row to which it belongs.".to_owned(),
        ),
        Note::HiddenRow => (
            "rows-hidden",
            "The row is hidden, for example by a filter, and is read like the others.".to_owned(),
            "Delete the row if its item must not be published. Otherwise no action is needed.".to_owned(),
        ),
        Note::HiddenColumn => (
            "columns-hidden",
            format!("The column `{header}` is hidden, and is read like the others."),
            "Delete the column if its values must not be published. Otherwise no action is needed.".to_owned(),
        ),
        Note::Image => (
            "image-pasted",
            "An image is pasted into the sheet. It does not become a file of the item.".to_owned(),
            "Save the image as a file next to the workbook, and write its name in the column `file`.".to_owned(),
        ),
        Note::YearAsDate { serial, date } => (
            "date-year",
            format!("The cell in `{header}` contains the number {serial}, which is displayed and read as the date {date}."),
            format!("If the year {serial} is meant, set the format of the cells to Text, and type the year again."),
        ),
        Note::Date(date) => (
            "cell-date",
            format!("The cell in `{header}` contains the date {date}. Spreadsheet programs change a text such as 3-4 into a date when it is typed."),
            "Set the format of the cells to Text, and type the value again.".to_owned(),
        ),
        Note::Uncomputed => (
            "formula-empty",
            format!("The formula of the cell in `{header}` has no stored result; the cell is read as empty."),
            "Open the workbook in a spreadsheet program, and save it again; or replace the formula with its value.".to_owned(),
        ),
        Note::Error(error) => (
            "cell-error",
            format!("The cell in `{header}` contains the error `{}`; it is read as empty.", printable(error)),
            "Correct the formula, or type the value.".to_owned(),
        ),
        Note::External => (
            "workbook-external",
            format!("The value of the cell in `{header}` was computed from another workbook. The stored result is read, which may be outdated."),
            "Copy the cells, and paste them as values.".to_owned(),
        ),
        Note::Link(target) => (
            "link-ignored",
            format!("The link of the cell in `{header}` is not read: {}.", printable(target)),
            "If the address is needed, write it in a separate column, for example `relation`.".to_owned(),
        ),
    }
}
