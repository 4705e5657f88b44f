//! The files of a report: `verify.html` for people, and `verify.json` for programs.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Outcome, html};
use crate::failure::Failure;

/// The names of the files.
const HTML: &str = "verify.html";
const JSON: &str = "verify.json";

/// The folder of a report. It exists.
pub(super) struct ReportFolder(PathBuf);

impl ReportFolder {
    /// Creates the folder if it does not exist, and checks that a file can be written there.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created or written.
    pub(super) fn create(folder: &Path) -> Result<Self, Failure> {
        let probe = temporary(folder, "verify");
        fs::create_dir_all(folder)
            .and_then(|()| File::create(&probe))
            .and_then(|_| fs::remove_file(&probe))
            .map_err(|error| unwritable(folder, &error))?;
        Ok(ReportFolder(folder.to_owned()))
    }

    /// Writes both files. Each replaces an earlier one when it is complete.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written.
    pub(super) fn write(
        &self,
        document: &impl Serialize,
        outcome: &Outcome<'_>,
    ) -> Result<(), Failure> {
        let mut json = serde_json::to_vec(document)?;
        json.push(b'\n');
        for (name, content) in [(JSON, json), (HTML, html::page(outcome).into_bytes())] {
            replace(&self.0, name, &content)
                .map_err(|error| unwritable(&self.0.join(name), &error))?;
        }
        Ok(())
    }
}

fn temporary(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{}.tmp", std::process::id()))
}

fn replace(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let temporary = temporary(folder, name);
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, folder.join(name))
    };
    let result = write();
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure {
        code: "report-unwritable",
        message: format!("{}: cannot write the report: {error}", path.display()),
        hint: "Check the permissions and the free space, or choose another folder with --report."
            .to_owned(),
    }
}
