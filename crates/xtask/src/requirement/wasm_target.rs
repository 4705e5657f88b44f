//! The Rust standard library for WebAssembly.

use std::path::PathBuf;

use super::{Requirement, Status};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// The target of the viewer.
pub const NAME: &str = "wasm32-unknown-unknown";

pub const TARGET: Requirement = Requirement {
    name: NAME,
    purpose: "compile the viewer to WebAssembly",
    find,
    how: "rustup target add wasm32-unknown-unknown",
    install,
};

fn find(project: &Project) -> Result<Status, Failure> {
    let mut rustc = process::program(project, "rustc");
    let sysroot = process::capture(rustc.args(["--print", "sysroot"]))?;
    let path = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(NAME);
    if !path.join("lib").is_dir() {
        return Ok(Status::Missing(
            "not part of the installed Rust toolchain".into(),
        ));
    }
    let version = process::capture(process::program(project, "rustc").arg("--version"))?;
    Ok(Status::Installed {
        version: version.trim().to_owned(),
        path,
    })
}

fn install(project: &Project) -> Result<(), Failure> {
    if process::on_path("rustup").is_none() {
        return Err(Failure::Missing {
            name: NAME.into(),
            hint: "Install rustup, or the system package of the Rust standard library for \
                   WebAssembly (on Debian: libstd-rust-dev-wasm32)."
                .into(),
        });
    }
    process::run(process::program(project, "rustup").args(["target", "add", NAME]))
}
