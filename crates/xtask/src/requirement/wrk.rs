//! wrk, which sends requests to the servers that a benchmark compares.

use super::{Requirement, Status, apt};
use crate::process;

pub const WRK: Requirement = Requirement {
    name: "wrk",
    purpose: "measure requests per second",
    find: |_| {
        Ok(match process::on_path("wrk") {
            Some(path) => Status::Installed {
                version: String::new(),
                path,
            },
            None => Status::Missing("not found on PATH".into()),
        })
    },
    how: "apt-get install wrk",
    install: |project| apt::install(project, "wrk"),
};
