//! The programs of libvips, the peer of the image benchmark.

use super::{Requirement, Status, apt};
use crate::process;

pub const VIPS: Requirement = Requirement {
    name: "vips",
    purpose: "compare tiles and derivatives with libvips",
    find: |_| {
        Ok(match process::on_path("vips") {
            Some(path) => Status::Installed {
                version: process::version(&path).unwrap_or_default(),
                path,
            },
            None => Status::Missing("not found on PATH".into()),
        })
    },
    how: "apt-get install libvips-tools",
    install: |project| apt::install(project, "libvips-tools"),
};
