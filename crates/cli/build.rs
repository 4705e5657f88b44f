//! Carries the built viewer into the program, so that publishing needs nothing but `khizana`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    gather(&dist, "", &mut files);
    files.sort();
    if files.is_empty() {
        // Everything but `publish` works without; it says what is missing.
        println!("cargo::warning=the viewer is not built: `cargo xtask web` builds it");
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

fn gather(folder: &Path, below: &str, files: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(name) = entry
            .file_name()
            .to_str()
            .map(|name| format!("{below}{name}"))
        else {
            continue;
        };
        if path.is_dir() {
            gather(&path, &format!("{name}/"), files);
        } else if !name.starts_with('.') && name != "index.html" {
            // Trunk's page is only the list of what to build; pages are written by `publish`.
            let path = path.canonicalize().unwrap_or(path);
            files.push((name, path));
        }
    }
}
