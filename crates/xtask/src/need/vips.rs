//! libvips' programs, which our tiles are measured against.

use super::{Found, Need, debian};
use crate::process;

pub const VIPS: Need = Need {
    name: "vips",
    why: "measure our tiles and derivatives against libvips",
    find: |_| {
        Ok(match process::on_path("vips") {
            Some(place) => Found::Here {
                version: process::version(&place).unwrap_or_default(),
                place,
            },
            None => Found::Missing("not on PATH".into()),
        })
    },
    how: "apt-get install libvips-tools",
    install: |project| debian::install(project, "libvips-tools"),
};
