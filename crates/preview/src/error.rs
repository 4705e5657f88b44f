//! Errors that prevent a preview.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use khizana_model::{Message, message};
use khizana_publish::PublishError;
use khizana_source::SourceError;
use khizana_store::config::ConfigError;
use khizana_store::open::OpenError;

/// An error that prevents a preview from being started, or ends it.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum PreviewError {
    /// The source does not exist.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The folder is not an archive, or its configuration cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The temporary archive cannot be created.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The temporary site cannot be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The temporary folder cannot be written to.
    Temporary {
        /// The folder.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The server cannot listen on the requested address.
    Address {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The server stopped because of an error.
    Stopped(io::Error),
}

impl PreviewError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            PreviewError::Source(error) => error.message(),
            PreviewError::Config(error) => error.message(),
            PreviewError::Open(error) => error.message(),
            PreviewError::Publish(error) => error.message(),
            PreviewError::Temporary { path, error } => message!(
                "cannot write to the temporary folder {path}: {error}",
                path = path.display(),
                error
            ),
            PreviewError::Address { address, error } => {
                message!("cannot listen on {address}: {error}", address, error)
            }
            PreviewError::Stopped(error) => message!("the server stopped: {error}", error),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            PreviewError::Source(error) => error.code(),
            PreviewError::Config(error) => error.code(),
            PreviewError::Open(error) => error.code(),
            PreviewError::Publish(error) => error.code(),
            PreviewError::Temporary { .. } => "temporary-unwritable",
            PreviewError::Address { .. } => "address-unusable",
            PreviewError::Stopped(_) => "server-stopped",
        }
    }

    /// Returns the hint for the user.
    pub fn hint(&self) -> Message {
        match self {
            PreviewError::Source(error) => error.hint().into(),
            PreviewError::Config(error) => error.hint().into(),
            PreviewError::Open(error) => error.hint(),
            PreviewError::Publish(error) => error.hint(),
            PreviewError::Temporary { .. } => {
                "Check the free space on the disk and the permissions, or choose another folder with the \
                 environment variable TMPDIR (on Windows, TEMP).".into()
            }
            PreviewError::Address { .. } => {
                "Choose another address with --addr. Port 0 selects a free port, as in 127.0.0.1:0.".into()
            }
            PreviewError::Stopped(_) => "Start the preview again.".into(),
        }
    }

    /// Returns a function for `map_err` that adds the path in the temporary folder.
    pub(crate) fn temporary(path: &std::path::Path) -> impl FnOnce(io::Error) -> PreviewError {
        let path = path.to_owned();
        move |error| PreviewError::Temporary { path, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_preview_have_codes_and_hints() {
        let io = || io::Error::other("no space");
        let cases = [
            (
                PreviewError::temporary("/tmp/x".as_ref())(io()),
                "temporary-unwritable",
            ),
            (PreviewError::Stopped(io()), "server-stopped"),
            (
                PreviewError::Address {
                    address: ([127, 0, 0, 1], 1).into(),
                    error: io(),
                },
                "address-unusable",
            ),
        ];
        for (error, code) in cases {
            assert_eq!(error.code(), code);
            assert!(error.to_string().contains("no space"), "{error}");
            assert!(!error.hint().is_empty());
        }
    }
}
