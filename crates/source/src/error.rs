//! Error types for reading a source.

use std::io;

use khizana_model::{Message, message};

use super::column::MAX_COLUMNS;
use super::workbook::WorkbookError;

/// An error that prevents reading a source as a whole (exit status 2).
///
/// Errors that reject a single row or item are [`Problem`](khizana_model::Problem)s.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum SourceError {
    /// The file or folder does not exist.
    NotFound {
        /// The path as it was passed.
        path: String,
    },
    /// The folder contains no table.
    NoTable {
        /// The path of the folder.
        path: String,
        /// The folders in it that contain tables.
        folders: Vec<String>,
    },
    /// The workbook cannot be read.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// The file has a format that is not supported.
    Format {
        /// The name of the file.
        file: String,
    },
    /// A file or folder cannot be read.
    Unreadable {
        /// The path of the file or folder.
        file: String,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The table is UTF-16, or a part that is needed to read any row is not UTF-8.
    NotUtf8 {
        /// The name of the table.
        file: String,
        /// The line of the error, counted from 1.
        line: u64,
        /// A description of the invalid part.
        what: Message,
    },
    /// The table has no rows, not even a row of column names.
    Empty {
        /// The name of the table.
        file: String,
    },
    /// The table has more columns than a spreadsheet can have.
    TooManyColumns {
        /// The name of the table.
        file: String,
        /// The line of the column names, counted from 1.
        line: u64,
        /// The number of columns.
        count: usize,
    },
    /// The table has no identifier column.
    NoId {
        /// The name of the table.
        file: String,
        /// The names of its columns.
        columns: String,
    },
    /// The JSON or YAML of the table is malformed.
    Malformed {
        /// The name of the table.
        file: String,
        /// The line of the error, counted from 1.
        line: u64,
        /// A description of the error.
        what: Message,
    },
    /// `collection.toml` is malformed or has an invalid value.
    Collection {
        /// The name of the file, `collection.toml`.
        file: String,
        /// The line of the error, counted from 1.
        line: u64,
        /// A description of the error.
        what: Message,
    },
    /// The collection has no identifier, and none can be derived from the name of the source.
    NoCollectionId {
        /// The name of the folder or the table.
        name: String,
    },
}

impl SourceError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            SourceError::NotFound { path } => {
                message!("the file or folder `{path}` does not exist", path)
            }
            SourceError::NoTable { path, folders } if !folders.is_empty() => message!(
                "the folder `{path}` contains no table, but folders in it do: {folders}",
                path,
                folders = folders.join(", ")
            ),
            SourceError::NoTable { path, .. } => message!(
                "the folder `{path}` contains no table (.xlsx, .ods, .xls, .csv, .tsv, .jsonl, .json or .yaml)",
                path
            ),
            SourceError::Workbook(error) => error.message(),
            SourceError::Format { file } => {
                message!("`{file}` is not a table in a supported format", file)
            }
            SourceError::Unreadable { file, error } => {
                message!("`{file}` cannot be read: {error}", file, error)
            }
            SourceError::NotUtf8 { file, line, what } => message!(
                "{file}:{line}: the table is not valid UTF-8: {what}",
                file,
                line,
                what
            ),
            SourceError::Empty { file } => message!("`{file}` is empty", file),
            SourceError::TooManyColumns { file, line, count } => message!(
                "{file}:{line}: the table has {count} columns; the limit is {limit}",
                file,
                line,
                count,
                limit = MAX_COLUMNS
            ),
            SourceError::NoId { file, columns } => message!(
                "{file}:1: the table has no column `id`; its columns are {columns}",
                file,
                columns
            ),
            SourceError::Malformed { file, line, what }
            | SourceError::Collection { file, line, what } => {
                message!("{file}:{line}: {what}", file, line, what)
            }
            SourceError::NoCollectionId { name } => message!(
                "cannot derive a collection identifier from the name `{name}`",
                name
            ),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            SourceError::NotFound { .. } => "source-not-found",
            SourceError::NoTable { .. } => "source-no-table",
            SourceError::Workbook(error) => error.code(),
            SourceError::Format { .. } => "source-format",
            SourceError::Unreadable { .. } => "source-unreadable",
            SourceError::NotUtf8 { .. } => "source-not-utf8",
            SourceError::Empty { .. } => "source-empty",
            SourceError::TooManyColumns { .. } => "source-too-wide",
            SourceError::NoId { .. } => "source-no-id",
            SourceError::Malformed { .. } => "source-malformed",
            SourceError::Collection { .. } => "collection-invalid",
            SourceError::NoCollectionId { .. } => "collection-no-id",
        }
    }

    /// Returns a hint for fixing the error, in complete sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            SourceError::NotFound { .. } => "Check the spelling of the path.",
            SourceError::NoTable { folders, .. } if !folders.is_empty() => {
                "Each of these folders is a source. Pass one at a time."
            }
            SourceError::NoTable { .. } => {
                "Save the table in the folder as metadata.xlsx or metadata.csv, or pass the path of the table."
            }
            SourceError::Workbook(error) => error.hint(),
            SourceError::Format { .. } => {
                "Save the table as CSV in UTF-8 (in Excel: Save As > CSV UTF-8; in LibreOffice: Save As > Text CSV, with the character set Unicode (UTF-8))."
            }
            SourceError::Unreadable { .. } => "Check that you have permission to read the file.",
            SourceError::NotUtf8 { .. } => {
                "Save the table as UTF-8 (in LibreOffice: Save As > Edit filter settings > Character set: Unicode (UTF-8))."
            }
            SourceError::Empty { .. } => "Add a first row with the column names, including `id`.",
            SourceError::TooManyColumns { .. } => {
                "Remove the columns without values, or write each item in a row if the table has items as columns."
            }
            SourceError::NoId { .. } => "Add a column `id` with a unique value in each row.",
            SourceError::Malformed { .. } => {
                "Correct that line of the table. Each item must be an object."
            }
            SourceError::Collection { .. } => {
                "Correct that line of collection.toml, or remove the file."
            }
            SourceError::NoCollectionId { .. } => {
                "Set `id = \"…\"` in a `collection.toml` next to the table, or rename the folder or the table."
            }
        }
    }

    /// Returns the line of the error, counted from 1, if it is known.
    pub fn line(&self) -> Option<u64> {
        match self {
            SourceError::NotUtf8 { line, .. }
            | SourceError::TooManyColumns { line, .. }
            | SourceError::Malformed { line, .. }
            | SourceError::Collection { line, .. } => Some(*line),
            SourceError::NoId { .. } => Some(1),
            _ => None,
        }
    }
}
