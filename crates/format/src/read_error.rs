//! The error type of the reader.

use crate::fetch::FetchError;
use crate::object::ObjectError;
use crate::root::{FORMAT, PREVIOUS_FORMAT};
use crate::tree::TreeError;

/// An error that occurred while reading a published archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    #[error("{part} is malformed: {reason}")]
    Malformed {
        /// The malformed part, such as `archive.json` or `record 7`.
        part: String,
        /// Description of the defect.
        reason: String,
    },
    /// The archive has a format that this reader does not support.
    #[error(
        "unsupported archive format `{0}`; this version reads `{FORMAT}` and `{PREVIOUS_FORMAT}`"
    )]
    Format(String),
}

impl ReadError {
    /// Returns `true` if the received data is corrupt or unsupported, and `false` if no data could
    /// be fetched.
    pub fn is_corruption(&self) -> bool {
        !matches!(self, ReadError::Fetch(_))
    }
}
