//! The assembler for the vector instructions of libjpeg-turbo.

use super::{Requirement, Status, apt};
use crate::process;

/// NASM. Everything can be built and run without it, but JPEG decoding takes three times as long.
pub const NASM: Requirement = Requirement {
    name: "nasm",
    purpose: "build the fast JPEG decoder",
    find: |_| {
        // On other processors, the C compiler assembles the code.
        if !cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
            return Ok(Status::Installed {
                version: "not required on this processor".into(),
                path: "/".into(),
            });
        }
        Ok(find())
    },
    how: "apt-get install nasm",
    install: |project| apt::install(project, "nasm"),
};

/// NASM for packages for x86 processors, which are built on any processor. A package without it would be slow, and
/// nothing would say so.
pub const NASM_FOR_X86: Requirement = Requirement {
    find: |_| Ok(find()),
    ..NASM
};

fn find() -> Status {
    match process::on_path("nasm") {
        Some(path) => Status::Installed {
            version: process::version(&path).unwrap_or_default(),
            path,
        },
        None => Status::Missing("not found on PATH".into()),
    }
}
