//! skopeo, which reads container images.

use super::{Requirement, Status, apt};
use crate::process;

/// skopeo, with which the container image is checked.
pub const SKOPEO: Requirement = Requirement {
    name: "skopeo",
    purpose: "check the container image",
    find: |_| {
        Ok(match process::on_path("skopeo") {
            Some(path) => Status::Installed {
                version: process::version(&path).unwrap_or_default(),
                path,
            },
            None => Status::Missing("not found on PATH".into()),
        })
    },
    how: "apt-get install skopeo",
    install: |project| apt::install(project, "skopeo"),
};
