//! Rust's standard library for WebAssembly.

use std::path::PathBuf;

use super::{Found, Need};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// The target the viewer is built for.
pub const NAME: &str = "wasm32-unknown-unknown";

pub const TARGET: Need = Need {
    name: "wasm32-unknown-unknown",
    why: "build the viewer, which is Rust compiled to WebAssembly",
    find,
    how: "rustup target add wasm32-unknown-unknown",
    install,
};

fn find(project: &Project) -> Result<Found, Failure> {
    let mut rustc = process::program(project, "rustc");
    let root = process::capture(rustc.args(["--print", "sysroot"]))?;
    let place = PathBuf::from(root.trim()).join("lib/rustlib").join(NAME);
    if !place.join("lib").is_dir() {
        return Ok(Found::Missing(
            "this Rust toolchain does not have it".into(),
        ));
    }
    let version = process::capture(process::program(project, "rustc").arg("--version"))?;
    Ok(Found::Here {
        version: version.trim().to_owned(),
        place,
    })
}

fn install(project: &Project) -> Result<(), Failure> {
    if process::on_path("rustup").is_none() {
        return Err(Failure::Missing {
            name: NAME.into(),
            remedy: "without rustup, install your system's package of Rust's standard library \
                     for it (Debian: libstd-rust-dev-wasm32)."
                .into(),
        });
    }
    process::run(process::program(project, "rustup").args(["target", "add", NAME]))
}
