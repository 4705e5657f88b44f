//! Why a source cannot be read at all.

use std::io;

/// A source that cannot be read at all; the run stops before it begins (exit status 2).
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No such file or folder.
    #[error("there is no file or folder `{path}`")]
    NotFound {
        /// As it was asked for.
        path: String,
    },
    /// A folder without a table.
    #[error("the folder `{path}` has no metadata.csv, .tsv, .jsonl, .json or .yaml")]
    NoTable {
        /// The folder.
        path: String,
    },
    /// A file of a format that is not read.
    #[error("`{file}` is not a table of a known format")]
    Format {
        /// The file.
        file: String,
    },
    /// The operating system refused.
    #[error("`{file}` cannot be read: {error}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        error: io::Error,
    },
    /// UTF-16, or a heading that is not UTF-8.
    #[error("{file}:{line}: the table is not UTF-8: {what}")]
    NotUtf8 {
        /// The table.
        file: String,
        /// Where.
        line: u64,
        /// What it seems to be.
        what: String,
    },
    /// A table without any row, not even of column names.
    #[error("`{file}` is empty")]
    Empty {
        /// The table.
        file: String,
    },
    /// No column of identifiers.
    #[error("{file}:1: no column is called `id`; the columns are {columns}")]
    NoId {
        /// The table.
        file: String,
        /// The columns there are.
        columns: String,
    },
    /// JSON or YAML that breaks off the whole table.
    #[error("{file}:{line}: {what}")]
    Malformed {
        /// The table.
        file: String,
        /// Where.
        line: u64,
        /// What the parser said.
        what: String,
    },
    /// `collection.toml` is not as it should be.
    #[error("{file}:{line}: {what}")]
    Collection {
        /// `collection.toml`.
        file: String,
        /// Where.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// No identifier for the collection.
    #[error("no identifier of a collection can be made of the name `{name}`")]
    NoCollectionId {
        /// Of the folder or the table.
        name: String,
    },
}

impl SourceError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SourceError::NotFound { .. } => "source-not-found",
            SourceError::NoTable { .. } => "source-no-table",
            SourceError::Format { .. } => "source-format",
            SourceError::Unreadable { .. } => "source-unreadable",
            SourceError::NotUtf8 { .. } => "source-not-utf8",
            SourceError::Empty { .. } => "source-empty",
            SourceError::NoId { .. } => "source-no-id",
            SourceError::Malformed { .. } => "source-malformed",
            SourceError::Collection { .. } => "collection-invalid",
            SourceError::NoCollectionId { .. } => "collection-no-id",
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            SourceError::NotFound { .. } => "Check the spelling of the path.",
            SourceError::NoTable { .. } => {
                "Put the table into the folder as metadata.csv, or name the table itself."
            }
            SourceError::Format { .. } => {
                "Save the table as CSV in UTF-8 (in LibreOffice and Excel: Save as, CSV UTF-8)."
            }
            SourceError::Unreadable { .. } => "Check that you may read the file.",
            SourceError::NotUtf8 { .. } => {
                "Save the table in UTF-8 (in LibreOffice: Save as, Edit filter settings, Unicode UTF-8)."
            }
            SourceError::Empty { .. } => {
                "Begin the table with a row of column names, `id` among them."
            }
            SourceError::NoId { .. } => {
                "Give the table a column `id` with a different value in each row."
            }
            SourceError::Malformed { .. } => {
                "Mend the table at that line; each item is one object."
            }
            SourceError::Collection { .. } => "Mend collection.toml at that line, or take it away.",
            SourceError::NoCollectionId { .. } => {
                "Write id = \"…\" into collection.toml beside the table, or give the folder another name."
            }
        }
    }

    /// The line, where there is one.
    pub fn line(&self) -> Option<u64> {
        match self {
            SourceError::NotUtf8 { line, .. }
            | SourceError::Malformed { line, .. }
            | SourceError::Collection { line, .. } => Some(*line),
            SourceError::NoId { .. } => Some(1),
            _ => None,
        }
    }
}
