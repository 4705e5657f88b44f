//! Error types for writing a site.

use std::io;
use std::path::{Path, PathBuf};

use khizana_model::{Message, message};

/// An error that occurs while writing a site.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum SiteError {
    /// The folder contains something other than a published archive.
    NotASite(PathBuf),
    /// Another process is publishing to the folder.
    InUse(PathBuf),
    /// The last publication to the folder was interrupted.
    Unfinished(PathBuf),
    /// A file or folder cannot be written, or cannot be removed.
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

    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            SiteError::NotASite(path) => message!(
                "{path} is not empty and does not contain a published archive",
                path = path.display()
            ),
            SiteError::InUse(path) => message!(
                "another khizana process is publishing to {path}",
                path = path.display()
            ),
            SiteError::Unfinished(path) => message!(
                "the last publication to {path} was interrupted",
                path = path.display()
            ),
            SiteError::Write { path, source } => message!(
                "cannot write {path}: {error}",
                path = path.display(),
                error = source
            ),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            SiteError::NotASite(_) => "site-not-ours",
            SiteError::InUse(_) => "site-in-use",
            SiteError::Unfinished(_) => "site-unfinished",
            SiteError::Write { source, .. } if is_full(source) => "disk-full",
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
            SiteError::Unfinished(_) => "Publish the archive again.",
            SiteError::Write { source, .. } if is_full(source) => {
                "Free some disk space, then publish again. The previous publication remains usable."
            }
            SiteError::Write { .. } => {
                "Check the free space on the disk and the permissions of the folder, then publish again."
            }
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_a_full_disk_from_other_errors() {
        let code = |kind: io::ErrorKind| SiteError::write(Path::new("f"))(kind.into()).code();
        assert_eq!(code(io::ErrorKind::StorageFull), "disk-full");
        assert_eq!(code(io::ErrorKind::PermissionDenied), "site-unwritable");
    }
}
