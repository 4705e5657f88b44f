//! rclone, the peer of the benchmark of deployments.

use super::{Requirement, Status, apt};
use crate::process;

pub const RCLONE: Requirement = Requirement {
    name: "rclone",
    purpose: "compare deployments with rclone",
    find: |_| {
        Ok(match process::on_path("rclone") {
            Some(path) => Status::Installed {
                version: process::version(&path).unwrap_or_default(),
                path,
            },
            None => Status::Missing("not found on PATH".into()),
        })
    },
    how: "apt-get install rclone",
    install: |project| apt::install(project, "rclone"),
};
