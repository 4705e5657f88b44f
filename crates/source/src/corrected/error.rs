//! Errors of the copies of tables.

use std::io;

use rust_xlsxwriter::XlsxError;

use crate::SourceError;
use crate::workbook::{Fault, WorkbookError};

/// An error that prevents writing a copy of a table.
#[derive(Debug, thiserror::Error)]
#[error("the corrected table `{file}` cannot be written: {fault}")]
pub struct CorrectionError {
    /// The path of the copy.
    pub file: String,
    /// The error.
    pub fault: Box<CorrectionFault>,
}

/// The kinds of errors of the copies of tables.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionFault {
    /// The source has no table with cells.
    #[error("the source is not a CSV file or a workbook")]
    Unsupported,
    /// The path of the copy has another extension than its format.
    #[error("its name does not end in .{0}")]
    Extension(&'static str),
    /// The table cannot be read.
    #[error("{0}")]
    Source(#[from] SourceError),
    /// The workbook cannot be read.
    #[error("{0}")]
    Workbook(#[from] WorkbookError),
    /// A part of the workbook cannot be read or written.
    #[error("{0}")]
    Part(#[from] Fault),
    /// The workbook cannot be created.
    #[error("{0}")]
    Xlsx(#[from] XlsxError),
    /// The copy cannot be written, for example because a file with its name exists.
    #[error("{0}")]
    Write(io::Error),
}

impl CorrectionError {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self.fault.as_ref() {
            CorrectionFault::Unsupported => "fix-unsupported",
            CorrectionFault::Extension(_) => "fix-extension",
            CorrectionFault::Source(error) => error.code(),
            CorrectionFault::Workbook(error) => error.code(),
            CorrectionFault::Part(_) | CorrectionFault::Xlsx(_) | CorrectionFault::Write(_) => {
                "fix-not-written"
            }
        }
    }

    /// Returns a hint for fixing the error, in complete sentences.
    pub fn hint(&self) -> String {
        match self.fault.as_ref() {
            CorrectionFault::Unsupported => {
                "Correct the files by hand; the warnings say what to write.".to_owned()
            }
            CorrectionFault::Extension(extension) => {
                format!("Name the copy for example corrected.{extension}.")
            }
            CorrectionFault::Source(error) => error.hint().to_owned(),
            CorrectionFault::Workbook(error) => error.hint().to_owned(),
            CorrectionFault::Part(_) | CorrectionFault::Xlsx(_) => {
                "Open the workbook in a spreadsheet program, save it again, and repeat the command."
                    .to_owned()
            }
            CorrectionFault::Write(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                "Choose a name that no file has; an existing file is never replaced.".to_owned()
            }
            CorrectionFault::Write(_) => {
                "Check that the folder exists and that you have permission to write to it."
                    .to_owned()
            }
        }
    }
}
