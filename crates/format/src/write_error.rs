//! The error type of the writers.

use khizana_model::{Message, message};

/// An error that occurred while writing a part of an archive.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum WriteError {
    /// A file cannot be written.
    Io {
        /// Path of the file, relative to the root of the site.
        path: String,
        /// Error returned by the operating system.
        source: std::io::Error,
    },
    /// An object cannot be serialized or compressed.
    Encode(std::io::Error),
    /// The keys of a tree are not in strictly ascending order, which is a bug in the caller.
    Order,
}

impl WriteError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            WriteError::Io { path, source } => {
                message!("cannot write {path}: {error}", path, error = source)
            }
            WriteError::Encode(error) => message!("cannot encode an object: {error}", error),
            WriteError::Order => {
                message!("the keys of a tree must be in strictly ascending order")
            }
        }
    }
}
