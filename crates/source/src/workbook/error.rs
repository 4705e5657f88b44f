//! Errors of workbooks.

use std::io;

use khizana_model::{printable, quoted_sheet};

/// An error that prevents reading a workbook.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", location(file, sheet.as_deref(), cell.as_deref()))]
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
pub enum Fault {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
    /// The file is encrypted.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// The file is not a workbook in a supported format.
    #[error("the file is not a workbook: {0}")]
    NotWorkbook(&'static str),
    /// The file is incomplete, or its parts contradict each other.
    #[error("the workbook is damaged: {0}")]
    Damaged(String),
    /// The workbook exceeds a limit.
    #[error("the workbook is too large: {0}")]
    TooLarge(String),
    /// Several sheets have a column of identifiers or titles.
    #[error("several sheets have a column `id` or `title`: {}", list(.0))]
    SeveralSheets(Vec<String>),
    /// No sheet has a column of identifiers or titles.
    #[error("no sheet has a column `id` or `title` in its first 20 rows; the sheets are {}", list(.0))]
    NoSheet(Vec<String>),
    /// The sheet that `collection.toml` names does not exist.
    #[error(
        "there is no sheet `{}`; the sheets are {}",
        printable(name),
        list(sheets)
    )]
    UnknownSheet {
        /// The name in `collection.toml`.
        name: String,
        /// The names of the sheets.
        sheets: Vec<String>,
    },
    /// The sheet that `collection.toml` names has no column of identifiers or titles.
    #[error("the sheet has no column `id` or `title` in its first 20 rows")]
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
    pub(super) fn damaged(what: impl Into<String>) -> Fault {
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
