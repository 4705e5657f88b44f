//! Building the viewer with Trunk.

mod names;
mod order;
pub mod size;
mod split;
mod without;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use split::linked::Linked;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, need, process};

/// What the viewer is made of, below the root. A crate of which it uses a part is named whole.
const INPUTS: [&str; 14] = [
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
    "crates/xtask/src/web",
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
    cut(project)?;
    lighten(project)?;
    shorten(project)?;
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

/// Where the viewer is cut in two: what reads the archive is not needed to show a page of an item. wasm-opt is
/// told in `web/index.html` to leave them as they are.
const GATES: [&str; 2] = [
    "khizana_viewer::browser::load::",
    "khizana_text::fold::fold_char",
];

/// What never runs, beside what a panic would say: Yew's listening to events, since the viewer hears them
/// itself and gives no element a listener, and what Yew says of a page that is not as it was published, since
/// that is a panic. wasm-opt is told of them as of gates.
const NEVER: [&str; 3] = [
    "yew::dom_bundle::btag::listeners::ListenerRegistration::register",
    "yew::dom_bundle::subtree_root::SubtreeData::add_listener",
    "yew::dom_bundle::utils::feat_hydration::node_type_str",
];

/// Gives the viewer's imports short names, takes out what never runs, and cuts it in two.
fn cut(project: &Project) -> Result<(), Failure> {
    let dist = dist(project);
    let (module, script) = (dist.join("viewer_bg.wasm"), dist.join("viewer.js"));
    let text = std::fs::read_to_string(&script).map_err(Failure::file(&script))?;
    let named = names::shorten(&read(&module)?, &text).map_err(odd(&module))?;
    std::fs::write(&script, named.script).map_err(Failure::file(&script))?;
    let linked = linked(project, "viewer")?;
    let wasm = without::without(&named.wasm, &linked, &NEVER).map_err(odd(&module))?;
    std::fs::write(&module, wasm).map_err(Failure::file(&module))?;
    // A trap is seen through as long as the module is whole: what is worked out for it goes too.
    let gates = GATES.map(|gate| format!("--no-inline={gate}*"));
    optimise(project, &module, &gates)?;
    let halves = split::split(&read(&module)?, &linked, &GATES).map_err(odd(&module))?;
    pack(project, &module, &halves.first)?;
    pack(project, &dist.join("viewer_rest.wasm"), &halves.rest)
}

/// Takes out of the program of the first tiles what never runs.
fn lighten(project: &Project) -> Result<(), Failure> {
    let module = dist(project).join("first_bg.wasm");
    let wasm = without::without(&read(&module)?, &linked(project, "first")?, &[]);
    pack(project, &module, &wasm.map_err(odd(&module))?)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(Failure::file(path))
}

/// What the linker wrote.
fn linked(project: &Project, name: &str) -> Result<Linked, Failure> {
    let folder = project.target("web/wasm32-unknown-unknown/web");
    let path = folder.join(name).with_extension("wasm");
    Linked::read(&read(&path)?).map_err(odd(&path))
}

fn odd(path: &Path) -> impl Fn(split::SplitError) -> Failure {
    let path = path.to_owned();
    move |error| Failure::Malformed {
        path: path.clone(),
        reason: error.to_string(),
    }
}

/// Makes a module as small as wasm-opt can, and keeps its names.
fn optimise(project: &Project, module: &Path, more: &[String]) -> Result<(), Failure> {
    process::run(
        process::program(project, project.path("node_modules/.bin/wasm-opt"))
            .args(FEATURES)
            // Where nothing is put into memory there are zeros.
            .args(["-Oz", "-g", "--zero-filled-memory"])
            .args(more)
            .arg(module)
            .arg("-o")
            .arg(module),
    )
}

/// Writes a module as small as it can be, and beside the build what its functions are called.
fn pack(project: &Project, module: &Path, wasm: &[u8]) -> Result<(), Failure> {
    std::fs::write(module, wasm).map_err(Failure::file(module))?;
    optimise(project, module, &[])?;
    let alike = order::alike(&read(module)?).map_err(odd(module))?;
    std::fs::write(module, alike.wasm).map_err(Failure::file(module))?;
    let names = names_of(project, module);
    std::fs::write(&names, alike.names).map_err(Failure::file(&names))
}

/// The names of the functions of a module, a line each. A trap says no more than their numbers.
fn names_of(project: &Project, module: &Path) -> PathBuf {
    let name = module.file_stem().unwrap_or_default();
    project.target("web").join(name).with_extension("functions")
}

/// The parts of WebAssembly that the viewer uses; every browser since 2022 has them.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Shortens the scripts; what Trunk 0.21 does that with does not read what wasm-bindgen writes.
fn shorten(project: &Project) -> Result<(), Failure> {
    for name in ["boot.js", "first.js", "viewer.js"] {
        let script = dist(project).join(name);
        process::run(
            process::program(project, project.path("node_modules/.bin/terser"))
                .args(["--module", "--compress", "passes=2", "--mangle", "--output"])
                .arg(&script)
                .arg("--")
                .arg(&script),
        )?;
    }
    Ok(())
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
