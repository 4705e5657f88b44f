//! Errors of writing a site.

use std::io;
use std::path::{Path, PathBuf};

/// An error of writing a site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The folder holds something other than a published archive.
    #[error("{} is not empty and does not hold a published archive", .0.display())]
    NotASite(PathBuf),
    /// A file or folder cannot be written.
    #[error("{} cannot be written: {source}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl SiteError {
    /// Returns a function for `map_err` that adds the path of a file that could not be written.
    pub fn write(path: &Path) -> impl FnOnce(io::Error) -> SiteError {
        let path = path.to_owned();
        move |source| SiteError::Write { path, source }
    }

    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            SiteError::NotASite(_) => "site-not-ours",
            SiteError::Write { .. } => "site-unwritable",
        }
    }

    /// The hint for the user.
    pub fn hint(&self) -> &'static str {
        match self {
            SiteError::NotASite(_) => {
                "name an empty folder, or one that khizana published to, with --out"
            }
            SiteError::Write { .. } => {
                "make room on the disk, or let the program write there, and publish again"
            }
        }
    }
}
