//! The browser in which the browser tests run.

use std::path::PathBuf;

use super::{Requirement, Status, apt};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// Chromium, in which the browser tests run.
pub const CHROMIUM: Requirement = Requirement {
    name: "chromium",
    purpose: "test the viewer in a browser",
    find,
    how: "apt-get install chromium",
    install: |project| apt::install(project, "chromium"),
};

/// Returns the path of Chromium: the value of the environment variable `CHROMIUM` if it is set,
/// otherwise the path of the first of the usual names that is found on `PATH`.
fn path() -> Option<PathBuf> {
    if let Some(configured) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(configured)).filter(|path| path.is_file());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(process::on_path)
}

fn find(_: &Project) -> Result<Status, Failure> {
    Ok(match path() {
        Some(path) => Status::Installed {
            version: process::version(&path).unwrap_or_default(),
            path,
        },
        None => Status::Missing("not found on PATH, and CHROMIUM does not name a file".into()),
    })
}
