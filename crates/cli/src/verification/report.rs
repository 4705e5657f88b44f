//! The files of a report: `verify.html` for people, and `verify.json` for programs.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Outcome, html};
use crate::failure::Failure;
use crate::report::file;

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
        file::prepare(folder)?;
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
            file::replace(&self.0, name, &content)?;
        }
        Ok(())
    }
}
