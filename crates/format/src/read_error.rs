//! The error type of the reader.

use khizana_model::{Message, message};

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
    /// Returns the description of the error, without a full stop. The viewer, which does not translate it, displays
    /// the error itself and needs no messages.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_the_texts_of_the_errors() {
        let hash = khizana_model::Hash([7; 32]);
        let path = || "o/x".to_owned();
        let errors: [ReadError; 9] = [
            FetchError::NotFound(path()).into(),
            FetchError::Status {
                path: path(),
                status: 503,
            }
            .into(),
            FetchError::Unreachable {
                path: path(),
                reason: "closed".to_owned(),
            }
            .into(),
            ObjectError::Damaged {
                expected: hash,
                actual: hash,
            }
            .into(),
            ObjectError::Undecodable(hash).into(),
            TreeError::Malformed(hash).into(),
            TreeError::WrongHeight(hash).into(),
            ReadError::Malformed {
                part: path(),
                reason: "short".to_owned(),
            },
            ReadError::Format("x/9".to_owned()),
        ];
        for error in errors {
            assert_eq!(error.message().as_str(), error.to_string());
        }
    }
}
