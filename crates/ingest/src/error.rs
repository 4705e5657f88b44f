//! Error types for an ingest as a whole.

use khizana_source::SourceError;
use khizana_store::catalogue::CatalogueError;
use khizana_store::config::ConfigError;
use khizana_store::ocfl::StoreError;

/// An error that ends an ingest (exit status 2).
///
/// Items that were ingested before the error remain in the archive, and the next run continues from
/// there.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The folder is not an archive, or its configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store cannot be read or written to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalogue cannot be read or written to.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A thread cannot be started or has panicked.
    #[error("cannot run the worker threads: {0}")]
    Threads(String),
}

impl IngestError {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            IngestError::Config(error) => error.code(),
            IngestError::Source(error) => error.code(),
            IngestError::Store(error) => error.code(),
            IngestError::Catalogue(error) => error.code(),
            IngestError::Threads(_) => "no-threads",
        }
    }

    /// Returns a hint for fixing the error, in complete sentences.
    pub fn hint(&self) -> &str {
        match self {
            IngestError::Config(error) => error.hint(),
            IngestError::Source(error) => error.hint(),
            IngestError::Store(error) => error.hint(),
            IngestError::Catalogue(error) => error.hint(),
            IngestError::Threads(_) => {
                "Close other programs and try again. If a thread panicked, report it as a bug."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_error_of_a_system_without_threads() {
        let error = IngestError::Threads("none left".to_owned());
        assert_eq!(error.code(), "no-threads");
        assert!(error.to_string().contains("none left"));
    }
}
