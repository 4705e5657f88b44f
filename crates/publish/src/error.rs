//! What can stop a publication.

use std::path::Path;

use khizana_site::SiteError;

/// Why a site could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The archive's configuration.
    #[error(transparent)]
    Config(#[from] khizana_store::config::ConfigError),
    /// The store.
    #[error(transparent)]
    Store(#[from] khizana_store::StoreError),
    /// The folder of the site.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// An object or a tree.
    #[error(transparent)]
    Format(#[from] khizana_format::WriteError),
    /// A record that cannot be serialised.
    #[error("the record of {item} cannot be written: {source}")]
    Record {
        /// Which item.
        item: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A record that was written and cannot be read back.
    #[error("a record was written that cannot be read back: {0}")]
    Reread(khizana_json::JsonError),
    /// The program was built without the viewer.
    #[error("this khizana was built without the viewer")]
    NoViewer,
    /// More items than a reader takes.
    #[error("the archive has more than {} items", khizana_format::MAX_ITEMS)]
    TooMany,
}

impl PublishError {
    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> PublishError {
        let failed = SiteError::write(path);
        move |source| PublishError::Site(failed(source))
    }

    /// For `map_err`: a file of the site is there, and is not what was published.
    pub(crate) fn damaged<E>(path: &Path) -> impl FnOnce(E) -> PublishError
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let failed = PublishError::write(path);
        move |error| failed(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }

    /// For `map_err`: what was to be published of an item, or of what else has a name, cannot be
    /// written as JSON.
    pub(crate) fn record(item: impl ToString) -> impl FnOnce(serde_json::Error) -> PublishError {
        move |source| PublishError::Record {
            item: item.to_string(),
            source,
        }
    }

    /// A stable name for the error.
    pub fn code(&self) -> &'static str {
        match self {
            PublishError::Config(error) => error.code(),
            PublishError::Store(error) => error.code(),
            PublishError::Site(error) => error.code(),
            PublishError::Format(_) => "object-unwritable",
            PublishError::Record { .. } | PublishError::Reread(_) => "record-unwritable",
            PublishError::NoViewer => "viewer-missing",
            PublishError::TooMany => "items-too-many",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &str {
        match self {
            PublishError::Config(error) => error.hint(),
            PublishError::Store(error) => error.hint(),
            PublishError::Site(error) => error.hint(),
            PublishError::Format(_) => {
                "make room on the disk, or let the program write there, and publish again"
            }
            PublishError::Record { .. } | PublishError::Reread(_) => {
                "report it: a record of the store should always be publishable"
            }
            PublishError::NoViewer => "build it with `cargo xtask web`, then build khizana again",
            PublishError::TooMany => "publish it as several archives",
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_no_disk_or_archive_here_can_provoke_has_its_code_too() {
        let unreadable = serde_json::from_str::<u8>("x").unwrap_err();
        let unread = khizana_json::from_slice::<khizana_model::Item>(b"{").unwrap_err();
        let id = || "رسالة".to_owned();
        let cases = [
            (PublishError::TooMany, "items-too-many"),
            (PublishError::NoViewer, "viewer-missing"),
            (
                PublishError::Format(khizana_format::WriteError::Order),
                "object-unwritable",
            ),
            (
                PublishError::Record {
                    item: id(),
                    source: unreadable,
                },
                "record-unwritable",
            ),
            (PublishError::Reread(unread), "record-unwritable"),
        ];
        for (error, code) in cases {
            assert_eq!(error.code(), code, "{error}");
            assert!(!error.hint().is_empty());
        }
    }

    #[test]
    fn a_program_without_the_viewer_publishes_nothing() {
        let quiet = &khizana_model::NoProgress;
        let nowhere = Path::new("no such archive");
        let error = crate::publish(nowhere, &crate::Options::default(), &[], quiet).unwrap_err();
        assert_eq!(error.code(), "viewer-missing");
    }
}
