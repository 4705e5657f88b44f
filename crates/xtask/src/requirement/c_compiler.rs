//! A C compiler for SQLite, zstd and libjpeg-turbo.

use super::{Requirement, Status, apt};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

pub const C: Requirement = Requirement {
    name: "C compiler",
    purpose: "build SQLite, zstd and libjpeg-turbo",
    find,
    how: "apt-get install build-essential",
    install: |project| apt::install(project, "build-essential"),
};

fn find(_: &Project) -> Result<Status, Failure> {
    for name in ["cc", "gcc", "clang"] {
        if let Some(path) = process::on_path(name) {
            let version = process::version(&path).unwrap_or_default();
            return Ok(Status::Installed { version, path });
        }
    }
    Ok(Status::Missing(
        "not found on PATH (cc, gcc or clang)".into(),
    ))
}
