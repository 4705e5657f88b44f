//! The Rust standard library for a target.

use std::path::PathBuf;

use super::Status;
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// Looks for the standard library for a target in the installed toolchain.
pub fn find(project: &Project, name: &str) -> Result<Status, Failure> {
    let mut rustc = process::program(project, "rustc");
    let sysroot = process::capture(rustc.args(["--print", "sysroot"]))?;
    let path = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(name);
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

/// Adds a target to the toolchain with rustup.
pub fn install(project: &Project, name: &str) -> Result<(), Failure> {
    if process::on_path("rustup").is_none() {
        return Err(Failure::Missing {
            name: name.into(),
            hint: "Install rustup, or the system package of the Rust standard library for this \
                   target (on Debian, for WebAssembly: libstd-rust-dev-wasm32)."
                .into(),
        });
    }
    process::run(process::program(project, "rustup").args(["target", "add", name]))
}

/// Adds a target if it is missing. Announces the installation first.
pub fn install_missing(project: &Project, name: &str) -> Result<(), Failure> {
    if let Status::Missing(reason) = find(project, name)? {
        eprintln!(
            "Installing the Rust standard library for {name}, needed to compile for this \
             system: {reason}.\n  rustup target add {name}"
        );
        install(project, name)?;
    }
    Ok(())
}
