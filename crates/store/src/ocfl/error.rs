//! Error types of the store.

use std::io;
use std::path::{Path, PathBuf};

/// An error from reading or writing the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file system operation failed.
    #[error("{}: cannot {action}: {error}", path.display())]
    Io {
        /// The operation, as a phrase that completes "cannot …", such as `write` or `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The disk is full.
    #[error("{}: the disk is full", path.display())]
    Full {
        /// The file that could not be written.
        path: PathBuf,
    },
    /// Another process is writing to the archive.
    #[error("{}: another khizana process is writing to this archive", path.display())]
    InUse {
        /// The lock file.
        path: PathBuf,
    },
    /// The archive has no store, because nothing has been ingested yet.
    #[error("{}: the store does not exist", path.display())]
    Missing {
        /// The expected folder of the store.
        path: PathBuf,
    },
    /// The folder is not a storage root with the layout that Khizana uses.
    #[error("{}: not an OCFL 1.1 storage root with the layout {layout}: the file {file} is missing or invalid", path.display())]
    Unknown {
        /// The folder.
        path: PathBuf,
        /// The file that should declare the version or the layout, relative to the folder.
        file: String,
        /// The supported layout.
        layout: &'static str,
    },
    /// An inventory is invalid.
    #[error("{}: {why}", path.display())]
    Inventory {
        /// The file of the inventory.
        path: PathBuf,
        /// A description of the error.
        why: String,
    },
    /// A file is missing from the store.
    #[error("{}: the file is missing from the store", path.display())]
    Lost {
        /// The file.
        path: PathBuf,
    },
    /// The content of a file does not have the expected hash.
    #[error("{}: SHA-256 mismatch: expected {expected}, found {found}", path.display())]
    Fixity {
        /// The file.
        path: PathBuf,
        /// The hash in the inventory or the record.
        expected: khizana_model::Hash,
        /// The hash of the content.
        found: khizana_model::Hash,
    },
    /// A compressed file cannot be decompressed.
    #[error("{}: cannot be decompressed: {why}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// A description of the error.
        why: String,
    },
    /// A file of the store was replaced by a link or a folder.
    #[error("{}: not a regular file", path.display())]
    Link {
        /// The path.
        path: PathBuf,
    },
    /// A file that declares the version or the layout of the store was changed.
    #[error("{}: the content of the file was changed", path.display())]
    RootFile {
        /// The path.
        path: PathBuf,
    },
    /// An object is older than the newest state of the store lists it, or was replaced.
    #[error("{}: the object is not the version that the newest state of the store lists", path.display())]
    OlderObject {
        /// The folder of the object.
        path: PathBuf,
    },
    /// A record is malformed.
    #[error("{}: line {line}: {why}", path.display())]
    Record {
        /// The file of the record.
        path: PathBuf,
        /// The line number, starting at 1.
        line: u64,
        /// A description of the error.
        why: String,
    },
    /// A file name would refer to a path outside the object.
    #[error("`{name}` is not a valid path in the store")]
    Path {
        /// The name.
        name: String,
    },
}

impl StoreError {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Io { .. } => "store-io",
            StoreError::Full { .. } => "disk-full",
            StoreError::InUse { .. } => "archive-in-use",
            StoreError::Missing { .. } => "store-missing",
            StoreError::Unknown { .. } => "store-unknown",
            StoreError::Inventory { .. } => "inventory-invalid",
            StoreError::Lost { .. } => "file-lost",
            StoreError::Fixity { .. } => "fixity-mismatch",
            StoreError::Corrupt { .. } => "fixity-mismatch",
            StoreError::Link { .. } => "file-link",
            StoreError::RootFile { .. } => "declaration-changed",
            StoreError::OlderObject { .. } => "object-older",
            StoreError::Record { .. } => "record-invalid",
            StoreError::Path { .. } => "store-path",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            StoreError::Io { .. } => {
                "Check that the disk is available and that you have permission to write to the archive, then run the command again."
            }
            StoreError::Full { .. } => {
                "Free some disk space, or move the archive to a larger disk, then run the command again. Completed work is kept."
            }
            StoreError::InUse { .. } => {
                "Wait until the other process has finished, then run the command again."
            }
            StoreError::Missing { .. } => {
                "Ingest a source with `khizana ingest SOURCE`, or pass the folder of the archive with --archive."
            }
            StoreError::Unknown { .. } => {
                "Check that --archive names the intended folder. Khizana writes only to stores that it created. If the file was \
                 lost, run `khizana repair`."
            }
            StoreError::Inventory { .. }
            | StoreError::Lost { .. }
            | StoreError::Fixity { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Link { .. }
            | StoreError::RootFile { .. }
            | StoreError::OlderObject { .. }
            | StoreError::Record { .. } => {
                "Run `khizana verify` to list all damaged files, and restore them from a backup."
            }
            StoreError::Path { .. } => {
                "Rename the file in the source. Its path must not contain backslashes or the components `.` and `..`."
            }
        }
    }

    /// Returns `true` if a part of the store is missing or damaged, while the store as a whole can be
    /// read.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            StoreError::Inventory { .. }
                | StoreError::Lost { .. }
                | StoreError::Fixity { .. }
                | StoreError::Corrupt { .. }
                | StoreError::Link { .. }
                | StoreError::RootFile { .. }
                | StoreError::OlderObject { .. }
                | StoreError::Record { .. }
        )
    }

    /// Returns the file or folder that the error concerns, if there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            StoreError::Io { path, .. }
            | StoreError::Full { path }
            | StoreError::InUse { path }
            | StoreError::Missing { path }
            | StoreError::Unknown { path, .. }
            | StoreError::Inventory { path, .. }
            | StoreError::Lost { path }
            | StoreError::Fixity { path, .. }
            | StoreError::Corrupt { path, .. }
            | StoreError::Link { path }
            | StoreError::RootFile { path }
            | StoreError::OlderObject { path }
            | StoreError::Record { path, .. } => Some(path),
            StoreError::Path { .. } => None,
        }
    }

    /// Converts an error from the file system to a store error.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.to_owned();
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
            _ => StoreError::Io {
                action,
                path,
                error,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_a_full_disk_or_quota_from_other_errors() {
        let code =
            |kind: io::ErrorKind| StoreError::io("write", Path::new("f"))(kind.into()).code();
        assert_eq!(code(io::ErrorKind::StorageFull), "disk-full");
        assert_eq!(code(io::ErrorKind::QuotaExceeded), "disk-full");
        assert_eq!(code(io::ErrorKind::PermissionDenied), "store-io");
    }
}
