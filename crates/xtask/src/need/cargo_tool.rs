//! Trunk and wasm-bindgen: programs from crates.io, each in exactly one version.

use std::path::{Path, PathBuf};

use super::{Found, Need};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

const TRUNK_VERSION: &str = "0.21.14";

pub const TRUNK: Need = Need {
    name: "trunk",
    why: "build the viewer",
    find: |project| find(project, "trunk", "trunk", TRUNK_VERSION),
    how: "cargo install trunk, into a folder of its own (some minutes)",
    install: |project| install(project, "trunk", TRUNK_VERSION, true),
};

pub const WASM_BINDGEN: Need = Need {
    name: "wasm-bindgen",
    why: "join the viewer's WebAssembly to JavaScript",
    find: |project| {
        find(
            project,
            "wasm-bindgen-cli",
            "wasm-bindgen",
            &wasm_bindgen_version(project)?,
        )
    },
    how: "cargo install wasm-bindgen-cli, into a folder of its own (some minutes)",
    install: |project| {
        // Its own lock file names versions that are no longer offered everywhere.
        install(
            project,
            "wasm-bindgen-cli",
            &wasm_bindgen_version(project)?,
            false,
        )
    },
};

/// The folder that Trunk is in.
pub fn trunk_folder(project: &Project) -> Result<PathBuf, Failure> {
    folder(project, &TRUNK)
}

/// The folder that wasm-bindgen is in.
pub fn wasm_bindgen_folder(project: &Project) -> Result<PathBuf, Failure> {
    folder(project, &WASM_BINDGEN)
}

fn folder(project: &Project, need: &Need) -> Result<PathBuf, Failure> {
    match (need.find)(project)? {
        Found::Here { place, .. } => Ok(place.parent().map(Path::to_owned).unwrap_or_default()),
        Found::Missing(reason) => Err(Failure::Missing {
            name: need.name.into(),
            remedy: format!("{reason}; {}.", need.how),
        }),
    }
}

/// Looks on `PATH` and among our own tools for a program in this version.
fn find(project: &Project, package: &str, program: &str, version: &str) -> Result<Found, Failure> {
    let own = project
        .tool(package, version)
        .join("bin")
        .join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    let here = |place: &PathBuf| {
        let said = process::version(place)?;
        said.split_whitespace()
            .any(|word| word == version)
            .then_some(said)
    };
    for place in [Some(own), process::on_path(program)].into_iter().flatten() {
        if let Some(version) = here(&place) {
            return Ok(Found::Here { version, place });
        }
    }
    Ok(Found::Missing(format!("not found in version {version}")))
}

fn install(project: &Project, package: &str, version: &str, locked: bool) -> Result<(), Failure> {
    let root = project.tool(package, version);
    let mut command = process::cargo(project, "install --force");
    if locked {
        command.arg("--locked");
    }
    command
        .args(["--version", version, "--root"])
        .arg(&root)
        .arg(package)
        // It runs for seconds and is built once: build it fast.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_TARGET_DIR", project.target("tools"));
    process::run(&mut command)
}

/// The version of wasm-bindgen that Cargo.lock holds: its program must be of exactly the same.
fn wasm_bindgen_version(project: &Project) -> Result<String, Failure> {
    let path = project.path("Cargo.lock");
    let text = std::fs::read_to_string(&path).map_err(Failure::file(&path))?;
    locked_version(&text, "wasm-bindgen")
        .ok_or_else(|| Failure::malformed(&path, "it names no version of wasm-bindgen"))
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let lock: toml::Table = lock.parse().ok()?;
    lock.get("package")?
        .as_array()?
        .iter()
        .find(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))?
        .get("version")?
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_read_by_the_whole_name() {
        let lock = "version = 4\n\
            [[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\
            [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            locked_version(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(locked_version(lock, "wasm"), None);
        assert_eq!(locked_version("not a lock file", "wasm-bindgen"), None);
    }
}
