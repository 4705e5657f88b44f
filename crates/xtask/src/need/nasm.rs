//! The assembler of libjpeg-turbo's code for vector instructions.

use super::{Found, Need, debian};
use crate::process;

/// Without it everything builds and runs, and JPEGs are decoded at a third of the speed.
pub const NASM: Need = Need {
    name: "nasm",
    why: "build the fast decoder of JPEG",
    find: |_| {
        // Other processors have an assembler in their C compiler.
        if !cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
            return Ok(Found::Here {
                version: "not needed on this processor".into(),
                place: "/".into(),
            });
        }
        Ok(match process::on_path("nasm") {
            Some(place) => Found::Here {
                version: process::version(&place).unwrap_or_default(),
                place,
            },
            None => Found::Missing("not on PATH".into()),
        })
    },
    how: "apt-get install nasm",
    install: |project| debian::install(project, "nasm"),
};
