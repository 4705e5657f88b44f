//! What can go wrong with the store as a whole.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("{}: cannot {action}: {error}", path.display())]
    Io {
        /// What was tried: `write`, `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own words.
        error: io::Error,
    },
    /// No room is left for what is to be kept.
    #[error("{}: the disk is full", path.display())]
    Full {
        /// The file that no longer fits.
        path: PathBuf,
    },
    /// Another run is at work on the archive.
    #[error("{}: another khizana process is writing to this archive", path.display())]
    InUse {
        /// The lock file.
        path: PathBuf,
    },
    /// Nothing was taken in yet, or the folder is no archive.
    #[error("{}: the store does not exist", path.display())]
    Missing {
        /// Where it would be.
        path: PathBuf,
    },
    /// The folder is not a storage root as Khizana writes it.
    #[error("{}: not an OCFL 1.1 storage root with the layout {layout}", path.display())]
    Unknown {
        /// The folder.
        path: PathBuf,
        /// The layout that is understood.
        layout: &'static str,
    },
    /// An inventory that cannot be trusted.
    #[error("{}: {why}", path.display())]
    Inventory {
        /// The inventory's file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file that the store should hold is not there.
    #[error("{}: the file is missing from the store", path.display())]
    Lost {
        /// The file.
        path: PathBuf,
    },
    /// A file that is not what it was.
    #[error("{}: SHA-256 mismatch: expected {expected}, found {found}", path.display())]
    Fixity {
        /// The file.
        path: PathBuf,
        /// What the inventory or the record says.
        expected: khizana_model::Hash,
        /// What was read.
        found: khizana_model::Hash,
    },
    /// A record that cannot be read.
    #[error("{}: line {line}: {why}", path.display())]
    Record {
        /// The file that holds it.
        path: PathBuf,
        /// Its line.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A name that would lie outside its object.
    #[error("`{name}` is not a valid path in the store")]
    Path {
        /// The name.
        name: String,
    },
}

impl StoreError {
    /// The stable code of this error.
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
            StoreError::Record { .. } => "record-invalid",
            StoreError::Path { .. } => "store-path",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            StoreError::Io { .. } => {
                "Check that the disk is available and that you have permission to write to the archive, then run the command again."
            }
            StoreError::Full { .. } => {
                "Free disk space, or move the archive to a larger disk, and run the command again; completed work is kept."
            }
            StoreError::InUse { .. } => "Wait until the other process has finished.",
            StoreError::Missing { .. } => {
                "Ingest a source with `khizana ingest SOURCE`, or pass the folder of the archive with --archive."
            }
            StoreError::Unknown { .. } => {
                "Check the folder passed with --archive; Khizana does not write to a store created by another program."
            }
            StoreError::Inventory { .. }
            | StoreError::Lost { .. }
            | StoreError::Fixity { .. }
            | StoreError::Record { .. } => {
                "Run `khizana verify` to list all damaged files, and restore them from a backup."
            }
            StoreError::Path { .. } => "Rename the file in the source.",
        }
    }

    /// The file or folder it is about, where there is one.
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
            | StoreError::Record { path, .. } => Some(path),
            StoreError::Path { .. } => None,
        }
    }

    /// Wraps an error of the file system.
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
    fn a_disk_or_a_quota_without_room_is_told_from_other_faults() {
        let code =
            |kind: io::ErrorKind| StoreError::io("write", Path::new("f"))(kind.into()).code();
        assert_eq!(code(io::ErrorKind::StorageFull), "disk-full");
        assert_eq!(code(io::ErrorKind::QuotaExceeded), "disk-full");
        assert_eq!(code(io::ErrorKind::PermissionDenied), "store-io");
    }
}
