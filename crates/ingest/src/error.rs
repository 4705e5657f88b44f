//! Why a run could not be done at all (exit status 2).

use khizana_source::SourceError;
use khizana_store::catalogue::CatalogueError;
use khizana_store::config::ConfigError;
use khizana_store::ocfl::StoreError;

/// Why a run could not be done at all. What was taken in before stays, and the next run goes on.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The archive is none, or its `khizana.toml` is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalogue cannot be read or written.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The system gives us no threads.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

impl IngestError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            IngestError::Config(error) => error.code(),
            IngestError::Source(error) => error.code(),
            IngestError::Store(error) => error.code(),
            IngestError::Catalogue(error) => error.code(),
            IngestError::Threads(_) => "no-threads",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &str {
        match self {
            IngestError::Config(error) => error.hint(),
            IngestError::Source(error) => error.hint(),
            IngestError::Store(error) => error.hint(),
            IngestError::Catalogue(error) => error.hint(),
            IngestError::Threads(_) => "Close other programs and try again.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_without_threads_is_named() {
        let error = IngestError::Threads("none left".to_owned());
        assert_eq!(error.code(), "no-threads");
        assert!(error.to_string().contains("none left"));
    }
}
