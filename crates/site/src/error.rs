//! Error types for writing a site.

use std::io;
use std::path::{Path, PathBuf};

/// An error that occurs while writing a site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The folder contains something other than a published archive.
    #[error("{} is not empty and does not contain a published archive", .0.display())]
    NotASite(PathBuf),
    /// Another process is publishing to the folder.
    #[error("another khizana process is publishing to {}", .0.display())]
    InUse(PathBuf),
    /// A file or folder cannot be written, or cannot be removed.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// The path of the file or folder.
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

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            SiteError::NotASite(_) => "site-not-ours",
            SiteError::InUse(_) => "site-in-use",
            SiteError::Write { .. } => "site-unwritable",
        }
    }

    /// Returns the hint for the user.
    pub fn hint(&self) -> &'static str {
        match self {
            SiteError::NotASite(_) => {
                "Specify an empty folder, or the folder of a published site, with --out."
            }
            SiteError::InUse(_) => "Wait until the other process has finished.",
            SiteError::Write { .. } => {
                "Check the free space on the disk and the permissions of the folder, then publish again."
            }
        }
    }
}
