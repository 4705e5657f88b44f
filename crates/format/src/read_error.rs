//! The error type of the reader.

use khizana_model::{Message, message};

use crate::fetch::FetchError;
use crate::object::ObjectError;
use crate::root::{FORMAT, PREVIOUS_FORMAT};
use crate::tree::TreeError;

/// An error that occurred while reading a published archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum ReadError {
    /// A file could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// An object or a file is corrupt.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// A node of a tree does not follow the format.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Another part of the archive does not follow the format.
    Malformed {
        /// The malformed part, such as `archive.json` or `record 7`.
        part: String,
        /// Description of the defect.
        reason: String,
    },
    /// The archive has a format that this reader does not support.
    Format(String),
}

impl ReadError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            ReadError::Fetch(error) => error.message(),
            ReadError::Object(error) => error.message(),
            ReadError::Tree(error) => error.message(),
            ReadError::Malformed { part, reason } => {
                message!("{part} is malformed: {reason}", part, reason)
            }
            ReadError::Format(format) => message!(
                "unsupported archive format `{format}`; this version reads `{newest}` and `{previous}`",
                format,
                newest = FORMAT,
                previous = PREVIOUS_FORMAT
            ),
        }
    }

    /// Returns `true` if the received data is corrupt or unsupported, and `false` if no data could
    /// be fetched.
    pub fn is_corruption(&self) -> bool {
        !matches!(self, ReadError::Fetch(_))
    }
}
