//! Error types for publishing.

use std::path::Path;

use khizana_model::{Id, Message, Problem, message, printable};
use khizana_site::SiteError;

/// An error that prevents a site from being published.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum PublishError {
    /// The configuration of the archive cannot be used.
    #[error(transparent)]
    Config(#[from] khizana_store::config::ConfigError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] khizana_store::StoreError),
    /// The archive cannot be opened for writing.
    #[error(transparent)]
    Open(#[from] khizana_store::open::OpenError),
    /// The store does not contain what the catalogue or the site records.
    #[error(transparent)]
    Consistency(#[from] khizana_store::consistency::ConsistencyError),
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] khizana_store::catalogue::CatalogueError),
    /// The store has lost the object of a collection.
    CollectionLost {
        /// The identifier of the collection.
        collection: String,
    },
    /// The folder of the site cannot be written to.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// An object or a tree cannot be written.
    #[error(transparent)]
    Format(#[from] khizana_format::WriteError),
    /// A record or another document cannot be serialized.
    Serialize {
        /// The identifier of the item, or the name of the document.
        name: String,
        /// The error of the serializer.
        source: serde_json::Error,
    },
    /// A document that has been written cannot be parsed.
    Deserialize(khizana_json::JsonError),
    /// The search index that has been written cannot be read.
    Index(#[from] khizana_format::ReadError),
    /// A file of a source cannot be read.
    Original {
        /// The path of the file.
        path: std::path::PathBuf,
        /// The error of the operating system.
        error: std::io::Error,
    },
    /// The program was built without the viewer.
    NoViewer,
    /// The pages are more files than the host accepts.
    TooManyFiles {
        /// Number of pages that would be written.
        planned: u64,
        /// Maximum number of files.
        limit: u64,
    },
    /// The archive has more items than the format supports.
    TooManyItems,
}

impl PublishError {
    /// Returns a function for `map_err` that adds the path of a file that could not be written.
    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> PublishError {
        let site_error = SiteError::write(path);
        move |source| PublishError::Site(site_error(source))
    }

    /// Returns a function for `map_err` that reports a damaged file of the site.
    pub(crate) fn damaged<E>(path: &Path) -> impl FnOnce(E) -> PublishError
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let publish_error = PublishError::write(path);
        move |error| publish_error(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }

    /// Returns a function for `map_err` that adds the name of a document that could not be
    /// serialized.
    pub(crate) fn serialize(name: impl ToString) -> impl FnOnce(serde_json::Error) -> PublishError {
        move |source| PublishError::Serialize {
            name: name.to_string(),
            source,
        }
    }

    /// Converts the error of a missing or damaged file of an item in the store to a problem, so that
    /// everything else is published.
    ///
    /// # Errors
    /// Returns the error if it is another one.
    pub(crate) fn into_damage(self, item: &Id, file: &str) -> Result<Problem, PublishError> {
        match self {
            PublishError::Store(error) if error.is_damage() => {
                let problem = Problem::error(
                    error.code(),
                    message!(
                        "The file is not published, because the store has lost it or it is damaged: {error}.",
                        error = error.message()
                    ),
                    message!(
                        "Ingest the source that contains the file again, or restore the file from a backup of the store."
                    ),
                );
                Ok(problem.in_file(printable(file)).of_item(item.as_str()))
            }
            error => Err(error),
        }
    }

    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            PublishError::Config(error) => error.message(),
            PublishError::Store(error) => error.message(),
            PublishError::Open(error) => error.message(),
            PublishError::Consistency(error) => error.message(),
            PublishError::Catalogue(error) => error.message(),
            PublishError::CollectionLost { collection } => message!(
                "the store has lost the object of the collection `{collection}`; all of its items would disappear from the site",
                collection
            ),
            PublishError::Site(error) => error.message(),
            PublishError::Format(error) => error.message(),
            PublishError::Serialize { name, source } => message!(
                "cannot write {name} as JSON: {error}",
                name,
                error = source.to_string()
            ),
            PublishError::Deserialize(error) => message!(
                "cannot read a published document: {error}",
                error = error.to_string()
            ),
            PublishError::Index(error) => message!(
                "cannot read the published search index: {error}",
                error = error.message()
            ),
            PublishError::Original { path, error } => {
                message!("cannot read {path}: {error}", path = path.display(), error)
            }
            PublishError::NoViewer => message!("khizana was built without the viewer"),
            PublishError::TooManyFiles { planned, limit } => message!(
                "the pages of items and collections are {planned} files, but the host accepts {limit}; nothing was written",
                planned,
                limit
            ),
            PublishError::TooManyItems => message!(
                "the archive exceeds the limit of {limit} items",
                limit = khizana_format::MAX_ITEMS
            ),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            PublishError::Config(error) => error.code(),
            PublishError::Store(error) => error.code(),
            PublishError::Open(error) => error.code(),
            PublishError::Consistency(error) => error.code(),
            PublishError::Catalogue(error) => error.code(),
            PublishError::CollectionLost { .. } => "object-lost",
            PublishError::Site(error) => error.code(),
            PublishError::Format(_) | PublishError::Index(_) => "object-unwritable",
            PublishError::Serialize { .. } | PublishError::Deserialize(_) => "record-unwritable",
            PublishError::Original { .. } => "file-unreadable",
            PublishError::NoViewer => "viewer-missing",
            PublishError::TooManyFiles { .. } => "host-files",
            PublishError::TooManyItems => "items-too-many",
        }
    }

    /// Returns the hint for the user.
    pub fn hint(&self) -> Message {
        let hint = match self {
            PublishError::Config(error) => error.hint(),
            PublishError::Store(error) => error.hint(),
            PublishError::Open(error) => return error.hint(),
            PublishError::Consistency(error) => return error.hint(),
            PublishError::Catalogue(error) => error.hint(),
            PublishError::CollectionLost { .. } => {
                "Ingest the source of the collection again, or restore the object from a backup of the store."
            }
            PublishError::Site(error) => error.hint(),
            PublishError::Format(_) | PublishError::Index(_) => {
                "Check the free space on the disk and the permissions of the folder, then publish again."
            }
            PublishError::Serialize { .. } | PublishError::Deserialize(_) => {
                "This is a bug in Khizana: a stored record must always be publishable. Report it."
            }
            PublishError::Original { .. } => {
                "Check that the file exists and that you have permission to read it."
            }
            PublishError::NoViewer => {
                "Build the viewer with `cargo xtask web`, then build khizana again."
            }
            PublishError::TooManyFiles { .. } => {
                "Leave out `pages` in khizana.toml, publish fewer languages, choose another host, or correct `host`."
            }
            PublishError::TooManyItems => "Split the collections into several archives.",
        };
        hint.into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Covers the errors that the tests of the command line cannot provoke.
    #[test]
    fn every_error_has_a_code_and_a_hint() {
        let serde_error = serde_json::from_str::<u8>("x").unwrap_err();
        let json_error = khizana_json::from_slice::<khizana_model::Item>(b"{").unwrap_err();
        let cases = [
            (PublishError::TooManyItems, "items-too-many"),
            (PublishError::NoViewer, "viewer-missing"),
            (
                PublishError::Original {
                    path: "a.jpg".into(),
                    error: std::io::ErrorKind::NotFound.into(),
                },
                "file-unreadable",
            ),
            (
                PublishError::Format(khizana_format::WriteError::Order),
                "object-unwritable",
            ),
            (
                PublishError::Serialize {
                    name: "رسالة".to_owned(),
                    source: serde_error,
                },
                "record-unwritable",
            ),
            (PublishError::Deserialize(json_error), "record-unwritable"),
        ];
        for (error, code) in cases {
            assert_eq!(error.code(), code, "{error}");
            assert!(!error.hint().is_empty());
        }
    }

    #[test]
    fn publishing_without_the_viewer_fails() {
        let progress = &khizana_model::NoProgress;
        let archive = Path::new("no such archive");
        let error = crate::publish(archive, &crate::Options::default(), &[], progress).unwrap_err();
        assert_eq!(error.code(), "viewer-missing");
    }
}
