//! Error types of the store.

use std::io;
use std::path::{Path, PathBuf};

use khizana_model::{Message, message};

/// An error from reading or writing the store.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum StoreError {
    /// A file system operation failed.
    Io {
        /// The operation, as a phrase that completes "cannot …", such as `write` or `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The disk is full.
    Full {
        /// The file that could not be written.
        path: PathBuf,
    },
    /// Another process is writing to the archive.
    InUse {
        /// The lock file.
        path: PathBuf,
    },
    /// Another computer is writing to an archive on a network disk.
    InUseElsewhere {
        /// The file that names the computer.
        path: PathBuf,
        /// The name of the computer.
        computer: String,
    },
    /// The archive has no store, because nothing has been ingested yet.
    Missing {
        /// The expected folder of the store.
        path: PathBuf,
    },
    /// The folder is not a storage root with the layout that Khizana uses.
    Unknown {
        /// The folder.
        path: PathBuf,
        /// The file that should declare the version or the layout, relative to the folder.
        file: String,
        /// The supported layout.
        layout: &'static str,
    },
    /// The store was written by a newer version of Khizana or of OCFL.
    Newer {
        /// The storage root.
        path: PathBuf,
        /// The name of the file that declares the version.
        declaration: String,
    },
    /// The disk or the folder is read-only.
    ReadOnly {
        /// The operation, as in [`StoreError::Io`].
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// An object was not written by Khizana.
    Foreign {
        /// The folder of the object.
        path: PathBuf,
    },
    /// A state is missing or damaged that is needed to know what the store must contain.
    State {
        /// The number of the damaged state.
        number: u64,
        /// The number of the newest state.
        newest: u64,
        /// The damage.
        error: Box<StoreError>,
    },
    /// An inventory is invalid.
    Inventory {
        /// The file of the inventory.
        path: PathBuf,
        /// A description of the error.
        why: Message,
    },
    /// A file is missing from the store.
    Lost {
        /// The file.
        path: PathBuf,
    },
    /// The content of a file does not have the expected hash.
    Fixity {
        /// The file.
        path: PathBuf,
        /// The hash in the inventory or the record.
        expected: khizana_model::Hash,
        /// The hash of the content.
        found: khizana_model::Hash,
    },
    /// A compressed file cannot be decompressed.
    Corrupt {
        /// The file.
        path: PathBuf,
        /// A description of the error.
        why: Message,
    },
    /// A file of the store was replaced by a link or a folder.
    Link {
        /// The path.
        path: PathBuf,
    },
    /// A file that declares the version or the layout of the store was changed.
    RootFile {
        /// The path.
        path: PathBuf,
    },
    /// An object is older than the newest state of the store lists it, or was replaced.
    OlderObject {
        /// The folder of the object.
        path: PathBuf,
    },
    /// A record is malformed.
    Record {
        /// The file of the record.
        path: PathBuf,
        /// The line number, starting at 1.
        line: u64,
        /// A description of the error.
        why: Message,
    },
    /// The variable `SOURCE_DATE_EPOCH` is not a time.
    Time {
        /// The value of the variable.
        value: String,
    },
    /// A file name would refer to a path outside the object.
    Path {
        /// The name.
        name: String,
    },
}

impl StoreError {
    /// Returns the description of the error with its path, without a full stop.
    pub fn message(&self) -> Message {
        let what = self.description();
        match (self, self.path()) {
            (StoreError::State { .. }, _) | (_, None) => what,
            (_, Some(path)) => message!("{path}: {what}", path = path.display(), what),
        }
    }

    /// Returns the description of the error without its path and without a full stop.
    pub fn description(&self) -> Message {
        match self {
            StoreError::Io { action, error, .. } => {
                message!(
                    "cannot {action}: {error}",
                    action = Message::from(*action),
                    error
                )
            }
            StoreError::Full { .. } => message!("the disk is full"),
            StoreError::InUse { .. } => {
                message!("another khizana process is writing to this archive")
            }
            StoreError::InUseElsewhere { computer, .. } => message!(
                "the computer `{computer}` is writing to this archive",
                computer
            ),
            StoreError::Missing { .. } => message!("the store does not exist"),
            StoreError::Unknown { file, layout, .. } => message!(
                "not an OCFL 1.1 storage root with the layout {layout}: the file {file} is missing or invalid",
                layout,
                file
            ),
            StoreError::Newer { declaration, .. } => message!(
                "the store was declared as `{declaration}`, which this version of khizana does not support",
                declaration
            ),
            StoreError::ReadOnly { action, error, .. } => message!(
                "cannot {action}: no permission to write: {error}",
                action = Message::from(*action),
                error
            ),
            StoreError::Foreign { .. } => message!("the object was not written by khizana"),
            StoreError::State {
                number,
                newest,
                error,
            } => message!(
                "state {number} is damaged (the newest one is {newest}): {error}",
                number,
                newest,
                error = error.message()
            ),
            StoreError::Inventory { why, .. } => why.clone(),
            StoreError::Lost { .. } => message!("the file is missing from the store"),
            StoreError::Fixity {
                expected, found, ..
            } => message!(
                "SHA-256 mismatch: expected {expected}, found {found}",
                expected,
                found
            ),
            StoreError::Corrupt { why, .. } => message!("cannot be decompressed: {why}", why),
            StoreError::Link { .. } => message!("not a regular file"),
            StoreError::RootFile { .. } => message!("the content of the file was changed"),
            StoreError::OlderObject { .. } => {
                message!("the object is not the version that the newest state of the store lists")
            }
            StoreError::Record { line, why, .. } => message!("line {line}: {why}", line, why),
            StoreError::Time { value } => message!(
                "`{value}` in the variable SOURCE_DATE_EPOCH is not a number of seconds since 1970",
                value
            ),
            StoreError::Path { name } => {
                message!("`{name}` is not a valid path in the store", name)
            }
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Io { .. } => "store-io",
            StoreError::Full { .. } => "disk-full",
            StoreError::InUse { .. } | StoreError::InUseElsewhere { .. } => "archive-in-use",
            StoreError::Missing { .. } => "store-missing",
            StoreError::Unknown { .. } => "store-unknown",
            StoreError::Newer { .. } => "store-newer",
            StoreError::ReadOnly { .. } => "store-read-only",
            StoreError::Foreign { .. } => "object-foreign",
            StoreError::State { .. } => "state-damaged",
            StoreError::Inventory { .. } => "inventory-invalid",
            StoreError::Lost { .. } => "file-lost",
            StoreError::Fixity { .. } => "fixity-mismatch",
            StoreError::Corrupt { .. } => "fixity-mismatch",
            StoreError::Link { .. } => "file-link",
            StoreError::RootFile { .. } => "declaration-changed",
            StoreError::OlderObject { .. } => "object-older",
            StoreError::Record { .. } => "record-invalid",
            StoreError::Time { .. } => "time-invalid",
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
            StoreError::InUseElsewhere { .. } => {
                "Wait until khizana has finished on that computer. If it is not running there, because it was interrupted, delete the file, then run the command again."
            }
            StoreError::Missing { .. } => {
                "If the archive had a store, restore its folder from a backup. In a new archive, ingest a source with `khizana ingest SOURCE`. If this is another folder, pass that of the archive with --archive."
            }
            StoreError::Unknown { .. } => {
                "Check that --archive names the intended folder. Khizana writes only to stores that it created. If the file was \
                 lost, run `khizana repair`."
            }
            StoreError::Newer { .. } => {
                "Use the version of khizana that wrote the store, or a newer version. Nothing was written."
            }
            StoreError::ReadOnly { .. } => {
                "Check that the disk is not mounted read-only and that you have permission to write to the archive. Nothing was written there."
            }
            StoreError::Foreign { .. } => {
                "Move the object to another storage root. Khizana does not change it."
            }
            StoreError::State { .. } => {
                "Restore the state with `khizana repair --from COPY`, where COPY is another copy of the archive or of its store. Without a copy, `khizana repair --accept-state N`, with the number of the newest state, records the objects of the store as they are."
            }
            StoreError::Inventory { .. }
            | StoreError::Lost { .. }
            | StoreError::Fixity { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Link { .. }
            | StoreError::RootFile { .. }
            | StoreError::OlderObject { .. }
            | StoreError::Record { .. } => {
                "Run `khizana verify` to list all damaged files, and restore them with `khizana repair --from COPY`."
            }
            StoreError::Time { .. } => {
                "Remove the variable, or set it to the output of `date +%s`."
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
                | StoreError::Foreign { .. }
                | StoreError::State { .. }
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
            | StoreError::InUseElsewhere { path, .. }
            | StoreError::Missing { path }
            | StoreError::Unknown { path, .. }
            | StoreError::Newer { path, .. }
            | StoreError::ReadOnly { path, .. }
            | StoreError::Foreign { path }
            | StoreError::Inventory { path, .. }
            | StoreError::Lost { path }
            | StoreError::Fixity { path, .. }
            | StoreError::Corrupt { path, .. }
            | StoreError::Link { path }
            | StoreError::RootFile { path }
            | StoreError::OlderObject { path }
            | StoreError::Record { path, .. } => Some(path),
            StoreError::State { error, .. } => error.path(),
            StoreError::Path { .. } | StoreError::Time { .. } => None,
        }
    }

    /// Converts an error from the file system to a store error.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.to_owned();
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
            io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly {
                action,
                path,
                error,
            },
            io::ErrorKind::PermissionDenied if !action.starts_with("read") => {
                StoreError::ReadOnly {
                    action,
                    path,
                    error,
                }
            }
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
        assert_eq!(code(io::ErrorKind::ReadOnlyFilesystem), "store-read-only");
        assert_eq!(code(io::ErrorKind::PermissionDenied), "store-read-only");
        assert_eq!(code(io::ErrorKind::Interrupted), "store-io");
    }
}
