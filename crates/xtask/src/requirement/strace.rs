//! strace, which records the file-system calls of a run.

use super::{Requirement, Status, apt};
use crate::process;

/// strace, with which power failures are simulated.
pub const STRACE: Requirement = Requirement {
    name: "strace",
    purpose: "simulate power failures",
    find: |_| {
        Ok(match process::on_path("strace") {
            Some(path) => Status::Installed {
                version: process::version(&path).unwrap_or_default(),
                path,
            },
            None => Status::Missing("not found on PATH".into()),
        })
    },
    how: "apt-get install strace",
    install: |project| apt::install(project, "strace"),
};
