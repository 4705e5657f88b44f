//! Building the viewer with Trunk.

pub mod size;

use std::ffi::OsString;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, need, process};

/// What the viewer is made of, below the root. A crate of which it uses a part is named whole.
const INPUTS: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "package-lock.json",
    "web",
    "crates/format",
    "crates/json",
    "crates/model",
    "crates/pages",
    "crates/search",
    "crates/text",
    "crates/xtask/src/web.rs",
    "crates/xtask/src/need/cargo_tool.rs",
];

/// The folder the viewer is built into.
pub fn dist(project: &Project) -> PathBuf {
    project.path("web/dist")
}

/// Builds the viewer into [`dist`], unless it was built from the same inputs and is still as it was.
pub fn build(project: &Project) -> Result<(), Failure> {
    let stamp = project.target("web/built-from");
    let inputs = inputs(project)?;
    if std::fs::read_to_string(&stamp).is_ok_and(|text| {
        outputs(project).is_ok_and(|outputs| text == format!("{inputs}\n{outputs}\n"))
    }) {
        eprintln!("The viewer is built: nothing it is made of has changed.");
        return Ok(());
    }
    process::run(
        process::program(project, need::trunk_folder(project)?.join("trunk"))
            // Without `--release` Trunk leaves wasm-opt out, whatever the profile.
            .args(["build", "--release", "--offline", "--cargo-profile", "web"])
            .env("PATH", path(project)?)
            .env("CARGO_TARGET_DIR", project.target("web"))
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags(project))
            // Trunk 0.21 reads NO_COLOR as true or false and stops at `1`.
            .env_remove("NO_COLOR"),
    )?;
    let built = outputs(project)?;
    std::fs::write(&stamp, format!("{inputs}\n{built}\n")).map_err(Failure::file(&stamp))
}

/// What the compiler is told beyond the profile, in Cargo's encoding.
fn rustflags(project: &Project) -> OsString {
    // SHA-256 without its rounds written out: two kilobytes less, for objects of some 20 KB each.
    let mut flags = OsString::from("--cfg\u{1f}sha2_backend_soft=\"compact\"");
    // Messages of a panic name source files; those of this machine are nobody's business, and would
    // make the same sources another viewer elsewhere.
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let hidden = home.iter().map(|home| (home.as_path(), "cargo"));
    for (place, name) in hidden.chain([(project.root(), "khizana")]) {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(place);
        flags.push("=");
        flags.push(name);
    }
    flags
}

fn inputs(project: &Project) -> Result<String, Failure> {
    let mut found = Vec::new();
    for input in INPUTS {
        found.extend(files::below(
            &project.path(input),
            &["dist", "tests", "examples"],
        )?);
    }
    files::digest(project.root(), &found)
}

fn outputs(project: &Project) -> Result<String, Failure> {
    files::digest(project.root(), &files::below(&dist(project), &[])?)
}

/// `PATH` with wasm-bindgen and wasm-opt in front, where Trunk looks for them.
fn path(project: &Project) -> Result<OsString, Failure> {
    let before = [
        need::wasm_bindgen_folder(project)?,
        project.path("node_modules/.bin"),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(before.into_iter().chain(std::env::split_paths(&path)))
        .map_err(|error| Failure::Started(format!("PATH cannot be extended: {error}.")))
}
