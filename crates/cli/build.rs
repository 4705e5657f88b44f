//! Embeds the viewer into the program, so that `khizana publish` does not need any other files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use embed_manifest::manifest::{ExecutionLevel, Setting, SupportedOS};
use embed_manifest::{embed_manifest, empty_manifest};

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    // Packages state their commit. Other builds do not, so that a commit need not build the program again.
    println!("cargo::rerun-if-env-changed=KHIZANA_COMMIT");
    let version = std::env::var("CARGO_PKG_VERSION").expect("cargo sets CARGO_PKG_VERSION");
    let commit = std::env::var("KHIZANA_COMMIT");
    let commit = commit.map_or_else(|_| String::new(), |commit| format!(" ({commit})"));
    println!("cargo::rustc-env=KHIZANA_VERSION={version}{commit}");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_some() {
        // The manifest allows paths of more than 260 characters, also for SQLite.
        let manifest = empty_manifest()
            .name("Khizana")
            .supported_os(SupportedOS::Windows10..)
            .requested_execution_level(ExecutionLevel::AsInvoker)
            .long_path_aware(Setting::Enabled);
        embed_manifest(manifest).expect("OUT_DIR can be written");
    }
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    collect_files(&dist, "", &mut files);
    files.sort();
    if files.is_empty() {
        // Only `publish` needs the viewer. It reports an error if the viewer is missing.
        println!("cargo::warning=the viewer is not built. Build it with `cargo xtask web`.");
    }
    let mut code = String::from("&[\n");
    for (name, path) in files {
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(code, "    ({name:?}, include_bytes!({path:?}).as_slice()),")
            .expect("writing to a string");
    }
    code.push(']');
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("viewer.rs"), code).expect("OUT_DIR can be written");
}

/// Appends every file in `dir` to `files`: its path relative to the viewer, and its path on disk.
fn collect_files(dir: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(name) = entry
            .file_name()
            .to_str()
            .map(|name| format!("{prefix}{name}"))
        else {
            continue;
        };
        if path.is_dir() {
            collect_files(&path, &format!("{name}/"), files);
        } else if !name.starts_with('.') && name != "index.html" {
            // `index.html` only configures Trunk. `publish` writes the pages.
            let path = path.canonicalize().unwrap_or(path);
            files.push((name, path));
        }
    }
}
