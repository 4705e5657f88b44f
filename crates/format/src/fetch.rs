//! Access to the files of a published archive.

use std::future::Future;

use khizana_model::{Message, message};

/// A source of the files of a published archive, such as a folder or an HTTP server.
pub trait Fetch {
    /// Fetches a file. `path` is relative to the root of the site.
    fn get(&self, path: &str) -> impl Future<Output = Result<Vec<u8>, FetchError>>;
}

/// An error that occurred while fetching a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The file does not exist.
    #[error("{0}: not found")]
    NotFound(String),
    /// The server responded with an HTTP status that indicates an error.
    #[error("{path}: the server responded with status {status}")]
    Status {
        /// Path of the requested file.
        path: String,
        /// HTTP status code.
        status: u16,
    },
    /// The server could not be reached, or the file could not be read.
    #[error("{path}: {reason}")]
    Unreachable {
        /// Path of the requested file.
        path: String,
        /// Error message from the operating system or the browser.
        reason: String,
    },
}

impl FetchError {
    /// Returns the description of the error, without a full stop. The viewer, which does not translate it, displays
    /// the error itself and needs no messages.
    pub fn message(&self) -> Message {
        match self {
            FetchError::NotFound(path) => message!("{path}: not found", path),
            FetchError::Status { path, status } => message!(
                "{path}: the server responded with status {status}",
                path,
                status
            ),
            FetchError::Unreachable { path, reason } => {
                message!("{path}: {reason}", path, reason)
            }
        }
    }
}
