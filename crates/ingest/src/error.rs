//! Error types for an ingest as a whole.

use std::io;
use std::path::PathBuf;

use khizana_source::SourceError;
use khizana_store::catalogue::CatalogueError;
use khizana_store::config::ConfigError;
use khizana_store::ocfl::StoreError;
use khizana_store::open::OpenError;

use crate::RemovalRefused;

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
    /// The archive cannot be opened for writing, for example because the store does not contain what
    /// the catalogue records.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The run would remove too much.
    #[error(transparent)]
    Removal(#[from] Box<RemovalRefused>),
    /// The source would replace a collection that was ingested from another folder.
    #[error(
        "the collection `{collection}` was ingested from {previous}; {path} contains few of its items and would replace it"
    )]
    CollectionReplaced {
        /// The identifier of the collection, which is derived from the name of the folder.
        collection: String,
        /// The folder from which the collection was ingested last.
        previous: String,
        /// The folder of the source.
        path: String,
    },
    /// The records of the collection are damaged, and no catalogue lists its items.
    #[error(
        "the records of the collection `{collection}` in the store are damaged, so it is unknown which items the source would remove"
    )]
    RecordsDamaged {
        /// The identifier of the collection.
        collection: String,
    },
    /// A downloaded file cannot be read or written.
    #[error("cannot write {}: {error}", path.display())]
    Fetch {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
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
            IngestError::Open(error) => error.code(),
            IngestError::Removal(_) => "removal-refused",
            IngestError::CollectionReplaced { .. } => "collection-replaced",
            IngestError::RecordsDamaged { .. } => "records-damaged",
            IngestError::Fetch { error, .. } if error.kind() == io::ErrorKind::StorageFull => {
                "disk-full"
            }
            IngestError::Fetch { .. } => "fetch-io",
            IngestError::Threads(_) => "no-threads",
        }
    }

    /// Returns a hint for fixing the error, in complete sentences.
    pub fn hint(&self) -> String {
        match self {
            IngestError::Config(error) => error.hint().to_owned(),
            IngestError::Source(error) => error.hint().to_owned(),
            IngestError::Store(error) => error.hint().to_owned(),
            IngestError::Catalogue(error) => error.hint().to_owned(),
            IngestError::Open(error) => error.hint(),
            IngestError::Removal(error) => error.hint().to_string(),
            IngestError::CollectionReplaced { collection, .. } => format!(
                "If this is another collection, set another `id` in its collection.toml. If it is the same collection, set `id = \"{collection}\"`."
            ),
            IngestError::RecordsDamaged { .. } => {
                "Restore the records with `khizana repair --from COPY`. Without a copy, check that the source is complete, and run the command again with --remove all."
                    .to_owned()
            }
            IngestError::Fetch { .. } => {
                "Check the disk and its free space, and the permissions of the folder. Then run the command again; it continues where it stopped.".to_owned()
            }
            IngestError::Threads(_) => {
                "Close other programs and try again. If a thread panicked, report it as a bug."
                    .to_owned()
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
