//! The browser the viewer is tested in.

use std::path::PathBuf;

use super::{Found, Need, debian};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

pub const CHROMIUM: Need = Need {
    name: "chromium",
    why: "test the viewer in a browser",
    find,
    how: "apt-get install chromium",
    install: |project| debian::install(project, "chromium"),
};

/// The browser: `$CHROMIUM` where it is set, otherwise by its usual names.
pub fn path() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(process::on_path)
}

fn find(_: &Project) -> Result<Found, Failure> {
    Ok(match path() {
        Some(place) => Found::Here {
            version: process::version(&place).unwrap_or_default(),
            place,
        },
        None => Found::Missing("not on PATH, and CHROMIUM names no file".into()),
    })
}
