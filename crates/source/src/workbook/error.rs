//! Errors of workbooks.

use std::io;

use khizana_model::{Message, message, printable, quoted_sheet};

/// An error that prevents reading a workbook.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct WorkbookError {
    /// The name of the file.
    pub file: String,
    /// The sheet, if the error is in a sheet.
    pub sheet: Option<String>,
    /// The last cell that was read before the error, for example `C17`.
    pub cell: Option<String>,
    /// The error.
    pub fault: Fault,
}

/// Formats a location: `metadata.xlsx, Items!C17`.
fn location(file: &str, sheet: Option<&str>, cell: Option<&str>) -> String {
    match (sheet, cell) {
        (Some(sheet), Some(cell)) => format!("{file}, {}!{cell}", quoted_sheet(&printable(sheet))),
        (Some(sheet), None) => format!("{file}, {}", printable(sheet)),
        _ => file.to_owned(),
    }
}

/// The kinds of errors of workbooks.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum Fault {
    /// The file cannot be read.
    Io(io::Error),
    /// The file is encrypted.
    Encrypted,
    /// The file is not a workbook in a supported format.
    NotWorkbook(Message),
    /// The file is incomplete, or its parts contradict each other.
    Damaged(Message),
    /// The workbook exceeds a limit.
    TooLarge(Message),
    /// Several sheets have a column of identifiers or titles.
    SeveralSheets(Vec<String>),
    /// No sheet has a column of identifiers or titles.
    NoSheet(Vec<String>),
    /// The sheet that `collection.toml` names does not exist.
    UnknownSheet {
        /// The name in `collection.toml`.
        name: String,
        /// The names of the sheets.
        sheets: Vec<String>,
    },
    /// The sheet that `collection.toml` names has no column of identifiers or titles.
    NoHeader,
}

/// Formats the names of sheets.
fn list(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", printable(name)))
        .collect();
    names.join(", ")
}

impl Fault {
    /// Returns the description of the fault, without a full stop.
    pub(crate) fn message(&self) -> Message {
        match self {
            Fault::Io(error) => message!("the file cannot be read: {error}", error),
            Fault::Encrypted => message!("the workbook is protected by a password"),
            Fault::NotWorkbook(why) => message!("the file is not a workbook: {why}", why),
            Fault::Damaged(why) => message!("the workbook is damaged: {why}", why),
            Fault::TooLarge(why) => message!("the workbook is too large: {why}", why),
            Fault::SeveralSheets(sheets) => message!(
                "several sheets have a column `id` or `title`: {sheets}",
                sheets = list(sheets)
            ),
            Fault::NoSheet(sheets) => message!(
                "no sheet has a column `id` or `title` in its first 20 rows; the sheets are {sheets}",
                sheets = list(sheets)
            ),
            Fault::UnknownSheet { name, sheets } => message!(
                "there is no sheet `{name}`; the sheets are {sheets}",
                name = printable(name),
                sheets = list(sheets)
            ),
            Fault::NoHeader => {
                message!("the sheet has no column `id` or `title` in its first 20 rows")
            }
        }
    }

    pub(crate) fn damaged(what: impl Into<Message>) -> Fault {
        Fault::Damaged(what.into())
    }

    /// Adds the name of the file.
    pub(super) fn in_file(self, file: &str) -> WorkbookError {
        WorkbookError {
            file: file.to_owned(),
            sheet: None,
            cell: None,
            fault: self,
        }
    }
}

impl WorkbookError {
    /// Returns the location and the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        message!(
            "{location}: {fault}",
            location = location(&self.file, self.sheet.as_deref(), self.cell.as_deref()),
            fault = self.fault.message()
        )
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self.fault {
            Fault::Io(_) => "source-unreadable",
            Fault::Encrypted => "workbook-encrypted",
            Fault::NotWorkbook(_) => "workbook-format",
            Fault::Damaged(_) => "workbook-damaged",
            Fault::TooLarge(_) => "workbook-too-large",
            Fault::SeveralSheets(_) => "workbook-several-sheets",
            Fault::NoSheet(_) | Fault::UnknownSheet { .. } | Fault::NoHeader => "workbook-no-sheet",
        }
    }

    /// Returns a hint for fixing the error, in complete sentences.
    pub fn hint(&self) -> &'static str {
        match self.fault {
            Fault::Io(_) => "Check that you have permission to read the file.",
            Fault::Encrypted => {
                "Save a copy without the password (in Excel: File > Info > Protect Workbook > Encrypt with Password, and delete the password)."
            }
            Fault::NotWorkbook(_) => {
                "Open the file in a spreadsheet program, and save it as Excel Workbook (.xlsx) or OpenDocument Spreadsheet (.ods)."
            }
            Fault::Damaged(_) => {
                "Open the workbook in a spreadsheet program, let it repair the file, and save it again as .xlsx or .ods; or copy it again."
            }
            Fault::TooLarge(_) => {
                "Copy the cells of the table into a new workbook, without the empty rows and columns around it."
            }
            Fault::SeveralSheets(_) | Fault::UnknownSheet { .. } => {
                "Write the name of the sheet in a `collection.toml` next to the workbook: sheet = \"Items\"."
            }
            Fault::NoSheet(_) | Fault::NoHeader => {
                "Write the names of the columns in the first row of the sheet, including `id`. If the sheet is hidden or is called Examples, write its name in a `collection.toml` next to the workbook: sheet = \"Items\"."
            }
        }
    }
}
