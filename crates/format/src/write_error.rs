//! The error type of the writers.

/// An error that occurred while writing a part of an archive.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file cannot be written.
    #[error("cannot write {path}: {source}")]
    Io {
        /// Path of the file, relative to the root of the site.
        path: String,
        /// Error returned by the operating system.
        source: std::io::Error,
    },
    /// An object cannot be serialized or compressed.
    #[error("cannot encode an object: {0}")]
    Encode(std::io::Error),
    /// The keys of a tree are not in strictly ascending order, which is a bug in the caller.
    #[error("the keys of a tree must be in strictly ascending order")]
    Order,
}
