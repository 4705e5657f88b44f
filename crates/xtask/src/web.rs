//! The build of the viewer with Trunk, and of the outline of the land for maps.

mod land;
pub mod size;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process, requirement};

/// The files and folders from which the viewer is built, relative to the root.
const INPUTS: [&str; 15] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "package-lock.json",
    "web",
    "crates/format",
    "crates/json",
    "crates/messages",
    "crates/model",
    "crates/pages",
    "crates/search",
    "crates/text",
    "crates/xtask/src/web.rs",
    "crates/xtask/src/web/land.rs",
    "crates/xtask/src/requirement/cargo_program.rs",
];

/// The parts of the style sheet, in the order in which they are concatenated.
const STYLES: [&str; 13] = [
    "base",
    "shell",
    "home",
    "lists",
    "browse",
    "item",
    "related",
    "written",
    "map",
    "zoom",
    "states",
    "media",
    "placeholders",
];

/// Returns the folder of the built viewer.
pub fn dist(project: &Project) -> PathBuf {
    project.path("web/dist")
}

/// Builds the viewer into [`dist`], unless the inputs and outputs have not changed since the last
/// build.
pub fn build(project: &Project) -> Result<(), Failure> {
    let stamp = project.target("web/built-from");
    let inputs = input_digest(project)?;
    if std::fs::read_to_string(&stamp).is_ok_and(|text| {
        output_digest(project).is_ok_and(|outputs| text == format!("{inputs}\n{outputs}\n"))
    }) {
        eprintln!("The viewer is up to date.");
        return Ok(());
    }
    process::run(
        process::program(project, requirement::TRUNK.path(project)?)
            // Without `--release`, Trunk does not run wasm-opt, whatever the profile.
            .args(["build", "--release", "--offline", "--cargo-profile", "web"])
            .env("PATH", path_variable(project)?)
            .env("CARGO_TARGET_DIR", project.target("web"))
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags(project))
            // Trunk 0.21 reads NO_COLOR as a boolean and rejects `1`.
            .env_remove("NO_COLOR"),
    )?;
    write_style_sheet(project)?;
    process::run(
        process::program(project, "node")
            .arg("web/fonts.mjs")
            .arg(dist(project)),
    )?;
    land::write(project, &dist(project))?;
    let outputs = output_digest(project)?;
    std::fs::write(&stamp, format!("{inputs}\n{outputs}\n")).map_err(Failure::file(&stamp))
}

/// Concatenates the parts of the style sheet, because each further file would delay rendering by a
/// request. The style sheet of the fonts is loaded later.
fn write_style_sheet(project: &Project) -> Result<(), Failure> {
    let mut sheet = String::new();
    for part in STYLES {
        let path = project.path(&format!("web/style/{part}.css"));
        sheet.push_str(&std::fs::read_to_string(&path).map_err(Failure::file(&path))?);
    }
    let path = dist(project).join("viewer.css");
    std::fs::write(&path, sheet).map_err(Failure::file(&path))?;
    let fonts = project.path("web/style/fonts.css");
    let copy = dist(project).join("fonts.css");
    std::fs::copy(&fonts, &copy)
        .map(drop)
        .map_err(Failure::file(&fonts))
}

/// Returns the compiler flags of the viewer that are used in addition to its Cargo profile, in the
/// encoding of `CARGO_ENCODED_RUSTFLAGS`.
fn rustflags(project: &Project) -> OsString {
    // SHA-256 without unrolled rounds saves 2 KB. It is fast enough, because objects have only
    // about 20 KB each.
    let mut flags = OsString::from("--cfg\u{1f}sha2_backend_soft=\"compact\"");
    // Panic messages contain source paths, so the output would otherwise depend on the machine.
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let cargo_home = cargo_home.iter().map(|home| (home.as_path(), "cargo"));
    for (path, name) in cargo_home.chain([(project.root(), "khizana")]) {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(path);
        flags.push("=");
        flags.push(name);
    }
    flags
}

fn input_digest(project: &Project) -> Result<String, Failure> {
    let mut inputs = Vec::new();
    for input in INPUTS {
        inputs.extend(files::below(
            &project.path(input),
            &["dist", "tests", "examples"],
        )?);
    }
    files::digest(project.root(), &inputs)
}

fn output_digest(project: &Project) -> Result<String, Failure> {
    files::digest(project.root(), &files::below(&dist(project), &[])?)
}

/// Returns the value of `PATH` with the folders of wasm-bindgen and wasm-opt first, where Trunk
/// looks for them.
fn path_variable(project: &Project) -> Result<OsString, Failure> {
    let wasm_bindgen = requirement::WASM_BINDGEN.path(project)?;
    let tools = [
        wasm_bindgen
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default(),
        project.path("node_modules/.bin"),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(tools.into_iter().chain(std::env::split_paths(&path)))
        .map_err(|error| Failure::Usage(format!("cannot extend PATH: {error}.")))
}
