//! The files of a report.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use khizana_model::message;

use crate::failure::Failure;

/// Checks that a file can be written to a folder, so that a report that cannot be written is noticed before
/// work that may take days. Creates the folder if it does not exist.
///
/// # Errors
/// Returns an error if the folder cannot be created or written.
pub fn prepare(folder: &Path) -> Result<(), Failure> {
    let probe = temporary(folder, "report");
    fs::create_dir_all(folder)
        .and_then(|()| File::create(&probe))
        .and_then(|_| fs::remove_file(&probe))
        .map_err(|error| unwritable(folder, &error))
}

/// Writes a file, which replaces an earlier one when it is complete.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn replace(folder: &Path, name: &str, content: &[u8]) -> Result<(), Failure> {
    let temporary = temporary(folder, name);
    let path = folder.join(name);
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, &path)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&temporary);
        unwritable(&path, &error)
    })
}

fn temporary(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{}.tmp", std::process::id()))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure {
        code: "report-unwritable",
        message: message!(
            "{path}: cannot write the report: {error}",
            path = path.display(),
            error
        ),
        hint: "Check the permissions and the free space, or choose another path with --report."
            .into(),
    }
}
