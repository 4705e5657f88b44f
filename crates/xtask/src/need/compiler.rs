//! A C compiler, for SQLite, zstd and libjpeg-turbo.

use super::{Found, Need, debian};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

pub const C: Need = Need {
    name: "C compiler",
    why: "build SQLite, zstd and libjpeg-turbo",
    find,
    how: "apt-get install build-essential",
    install,
};

fn find(_: &Project) -> Result<Found, Failure> {
    for name in ["cc", "gcc", "clang"] {
        if let Some(place) = process::on_path(name) {
            let version = process::version(&place).unwrap_or_default();
            return Ok(Found::Here { version, place });
        }
    }
    Ok(Found::Missing("no cc, gcc or clang on PATH".into()))
}

fn install(project: &Project) -> Result<(), Failure> {
    debian::install(project, "build-essential")
}
