//! Error types for an ingest as a whole.

use std::io;
use std::path::PathBuf;

use khizana_model::{Message, message};
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
#[error("{}", self.message())]
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
    CollectionReplaced {
        /// The identifier of the collection, which is derived from the name of the folder.
        collection: String,
        /// The folder from which the collection was ingested last.
        previous: String,
        /// The folder of the source.
        path: String,
    },
    /// The records of the collection are damaged, and no catalogue lists its items.
    RecordsDamaged {
        /// The identifier of the collection.
        collection: String,
    },
    /// A downloaded file cannot be read or written.
    Fetch {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// A thread cannot be started or has panicked.
    Threads(String),
}

impl IngestError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            IngestError::Config(error) => error.message(),
            IngestError::Source(error) => error.message(),
            IngestError::Store(error) => error.message(),
            IngestError::Catalogue(error) => error.message(),
            IngestError::Open(error) => error.message(),
            IngestError::Removal(error) => error.message(),
            IngestError::CollectionReplaced {
                collection,
                previous,
                path,
            } => message!(
                "the collection `{collection}` was ingested from {previous}; {path} contains few of its items and would replace it",
                collection,
                previous,
                path
            ),
            IngestError::RecordsDamaged { collection } => message!(
                "the records of the collection `{collection}` in the store are damaged, so it is unknown which items the source would remove",
                collection
            ),
            IngestError::Fetch { path, error } => {
                message!("cannot write {path}: {error}", path = path.display(), error)
            }
            IngestError::Threads(error) => {
                message!("cannot run the worker threads: {error}", error)
            }
        }
    }

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
    pub fn hint(&self) -> Message {
        match self {
            IngestError::Config(error) => error.hint().into(),
            IngestError::Source(error) => error.hint().into(),
            IngestError::Store(error) => error.hint().into(),
            IngestError::Catalogue(error) => error.hint().into(),
            IngestError::Open(error) => error.hint(),
            IngestError::Removal(error) => error.hint(),
            IngestError::CollectionReplaced { collection, .. } => message!(
                "If this is another collection, set another `id` in its collection.toml. If it is the same collection, set `id = \"{collection}\"`.",
                collection
            ),
            IngestError::RecordsDamaged { .. } => {
                "Restore the records with `khizana repair --from COPY`. Without a copy, check that the source is complete, and run the command again with --remove all.".into()
            }
            IngestError::Fetch { .. } => {
                "Check the disk and its free space, and the permissions of the folder. Then run the command again; it continues where it stopped.".into()
            }
            IngestError::Threads(_) => {
                "Close other programs and try again. If a thread panicked, report it as a bug.".into()
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
