//! The problems that a verification of the store reports.

use std::path::Path;

use khizana_model::{Problem, printable};

use crate::ocfl::StoreError;

/// The codes of all problems that a verification of the store can report.
pub const CODES: [&str; 15] = [
    "declaration-changed",
    "disk-full",
    "file-link",
    "file-lost",
    "file-unknown",
    "fixity-mismatch",
    "inventory-invalid",
    "object-foreign",
    "object-older",
    "object-unrecorded",
    "readme-changed",
    "record-invalid",
    "state-damaged",
    "store-behind",
    "store-io",
];

/// Converts an error of a file in an archive to a problem.
pub(super) fn from_error(archive: &Path, item: Option<&str>, error: &StoreError) -> Problem {
    let hint = match error {
        StoreError::Foreign { .. } | StoreError::State { .. } => error.hint(),
        _ => "Restore the file from a backup of the store with `khizana repair --from COPY`.",
    };
    Problem {
        file: error.path().map(|path| name(archive, path)),
        item: item.map(printable),
        ..Problem::error(error.code(), error.description().sentence(), hint)
    }
}

/// Returns a problem for a file that does not belong to the store.
pub(super) fn unexpected(archive: &Path, item: Option<&str>, path: &Path) -> Problem {
    Problem {
        item: item.map(printable),
        ..Problem::error(
            "file-unknown",
            "The file is not in any inventory.",
            "Move the file out of the store; nothing refers to it.",
        )
        .in_file(name(archive, path))
    }
}

/// Returns the path of a file relative to the archive, with its control characters escaped.
pub(super) fn name(archive: &Path, path: &Path) -> String {
    let path = path.strip_prefix(archive).unwrap_or(path);
    path.to_string_lossy()
        .chars()
        .flat_map(|c| match c.is_control() {
            true => c.escape_unicode().collect::<Vec<_>>(),
            false => vec![c],
        })
        .collect()
}
