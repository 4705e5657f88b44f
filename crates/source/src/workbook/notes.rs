//! Warnings about cells, which are merged by column.

use khizana_model::{
    Correction, GroupedWarnings, Message, Problem, RowPosition, message, printable,
};

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
    /// A formula without a stored result that refers to another workbook.
    UncomputedExternal,
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
    pub(super) fn add_for_sheet(
        &mut self,
        code: &'static str,
        message: &'static str,
        hint: &'static str,
    ) {
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
fn describe(note: Note<'_>, header: &str) -> (&'static str, Message, Message) {
    let header = printable(header);
    match note {
        Note::Unnamed => (
            "column-unnamed",
            "A column without a name has values, which are ignored.".into(),
            "Give the column a name, or delete its values.".into(),
        ),
        Note::Merged(range) => (
            "cells-merged",
            message!("The cells {range} are merged. Their value belongs to the first cell only; the others are empty.", range),
            "Unmerge the cells, and repeat the value in each row to which it belongs.".into(),
        ),
        Note::HiddenRow => (
            "rows-hidden",
            "The row is hidden, for example by a filter, and is read like the others.".into(),
            "Delete the row if its item must not be published. Otherwise no action is needed.".into(),
        ),
        Note::HiddenColumn => (
            "columns-hidden",
            message!("The column `{header}` is hidden, and is read like the others.", header),
            "Delete the column if its values must not be published. Otherwise no action is needed.".into(),
        ),
        Note::Image => (
            "image-pasted",
            "An image is pasted into the sheet. It does not become a file of the item.".into(),
            "Save the image as a file next to the workbook, and write its name in the column `file` of its item, unless the cell already names it.".into(),
        ),
        Note::YearAsDate { serial, date } => (
            "date-year",
            message!("The cell in `{header}` contains the number {serial}, which is displayed and read as the date {date}.", header, serial, date),
            message!("If the year {serial} is meant, set the format of the cells to Text, and type the year again.", serial),
        ),
        Note::Date(date) => (
            "cell-date",
            message!("The cell in `{header}` contains the date {date}. Spreadsheet programs change a text such as 3-4 into a date when it is typed.", header, date),
            "Set the format of the cells to Text, and type the value again.".into(),
        ),
        Note::Uncomputed => (
            "formula-empty",
            message!("The formula of the cell in `{header}` has no stored result; the cell is read as empty.", header),
            "Open the workbook in a spreadsheet program, and save it again; or replace the formula with its value.".into(),
        ),
        Note::UncomputedExternal => (
            "formula-empty",
            message!("The cell in `{header}` takes its value from another workbook, and no result is stored; the cell is read as empty.", header),
            "Type the value in the cell.".into(),
        ),
        Note::Error(error) => (
            "cell-error",
            message!("The cell in `{header}` contains the error `{error}`; it is read as empty.", header, error = printable(error)),
            "Correct the formula, or type the value.".into(),
        ),
        Note::External => (
            "workbook-external",
            message!("The value of the cell in `{header}` was computed from another workbook. The stored result is read, which may be outdated.", header),
            "Copy the cells, and paste them as values.".into(),
        ),
        Note::Link(target) => (
            "link-ignored",
            message!("The link of the cell in `{header}` is not read: {target}.", header, target = printable(target)),
            "If the address is needed, write it in a separate column, for example `relation`.".into(),
        ),
    }
}
