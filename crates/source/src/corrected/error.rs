//! Errors of the copies of tables.

use std::io;

use khizana_model::{Message, message};
use rust_xlsxwriter::XlsxError;

use crate::SourceError;
use crate::workbook::{Fault, WorkbookError};

/// An error that prevents writing a copy of a table.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct CorrectionError {
    /// The path of the copy.
    pub file: String,
    /// The error.
    pub fault: Box<CorrectionFault>,
}

/// The kinds of errors of the copies of tables.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum CorrectionFault {
    /// The source has no table with cells.
    Unsupported,
    /// The path of the copy has another extension than its format.
    Extension(&'static str),
    /// The table cannot be read.
    Source(#[from] SourceError),
    /// The workbook cannot be read.
    Workbook(#[from] WorkbookError),
    /// A part of the workbook cannot be read or written.
    Part(#[from] Fault),
    /// The workbook cannot be created.
    Xlsx(#[from] XlsxError),
    /// The copy cannot be written, for example because a file with its name exists.
    Write(io::Error),
}

impl CorrectionFault {
    /// Returns the description of the fault, without a full stop.
    fn message(&self) -> Message {
        match self {
            CorrectionFault::Unsupported => message!("the source is not a CSV file or a workbook"),
            CorrectionFault::Extension(extension) => {
                message!("its name does not end in .{extension}", extension)
            }
            CorrectionFault::Source(error) => error.message(),
            CorrectionFault::Workbook(error) => error.message(),
            CorrectionFault::Part(fault) => fault.message(),
            CorrectionFault::Xlsx(error) => error.to_string().into(),
            CorrectionFault::Write(error) => error.to_string().into(),
        }
    }
}

impl CorrectionError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        message!(
            "the corrected table `{file}` cannot be written: {fault}",
            file = self.file,
            fault = self.fault.message()
        )
    }

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
    pub fn hint(&self) -> Message {
        match self.fault.as_ref() {
            CorrectionFault::Unsupported => {
                "Correct the files by hand; the warnings say what to write.".into()
            }
            CorrectionFault::Extension(extension) => {
                message!(
                    "Name the copy for example corrected.{extension}.",
                    extension
                )
            }
            CorrectionFault::Source(error) => error.hint().into(),
            CorrectionFault::Workbook(error) => error.hint().into(),
            CorrectionFault::Part(_) | CorrectionFault::Xlsx(_) => {
                "Open the workbook in a spreadsheet program, save it again, and repeat the command."
                    .into()
            }
            CorrectionFault::Write(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                "Choose a name that no file has; an existing file is never replaced.".into()
            }
            CorrectionFault::Write(_) => {
                "Check that the folder exists and that you have permission to write to it.".into()
            }
        }
    }
}
