//! The licences of the libraries that the program and the viewer contain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process};

/// The packages whose dependencies are listed.
const ROOTS: [&str; 2] = ["khizana-cli", "khizana-viewer"];

/// The beginnings of the names of files with licences, in capitals.
const NAMES: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];

/// Extensions of files that have such a name and another content.
const OTHER_EXTENSIONS: [&str; 8] = ["rs", "c", "h", "py", "sh", "js", "json", "html"];

const INTRODUCTION: &str = "\
Khizana contains the following libraries. This list is the same for all systems, so that it also names libraries that
are only part of the program for another system. The source of each library is available at https://crates.io/ under
its name and version.

The program also contains the standard library of Rust (Apache-2.0 OR MIT) and, on Linux, the C library musl (MIT);
on Windows, parts of the runtime of mingw-w64 (public domain, and ZPL-2.1). The licences of the fonts of the viewer
are in the file fonts.txt of each published site.
";

/// Returns the names, versions and licences of the libraries, and the texts of the licences. Each text occurs once.
pub fn text(project: &Project) -> Result<String, Failure> {
    let mut cargo = process::cargo(project, "metadata --locked --format-version 1");
    let metadata: Value = serde_json::from_str(&process::capture(&mut cargo)?)
        .map_err(|error| Failure::malformed(project.root(), error))?;
    let packages = list(&metadata, "/packages");
    let needed = dependencies(&metadata);
    let mut libraries = String::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut needed: Vec<&Value> = packages
        .iter()
        .filter(|package| needed.contains(string(package, "id")))
        .filter(|package| {
            package
                .get("source")
                .is_some_and(|source| !source.is_null())
        })
        .collect();
    needed.sort_by_key(|package| (string(package, "name"), string(package, "version")));
    for package in needed {
        let name = format!("{} {}", string(package, "name"), string(package, "version"));
        let _ = writeln!(libraries, "{name}: {}", string(package, "license"));
        let Some(folder) = Path::new(string(package, "manifest_path")).parent() else {
            continue;
        };
        for path in files::below(folder, &["target"])? {
            if is_licence(&path) {
                let bytes = std::fs::read(&path).map_err(Failure::file(&path))?;
                let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
                let names = texts.entry(text.trim().to_owned()).or_default();
                if names.last() != Some(&name) {
                    names.push(name.clone());
                }
            }
        }
    }
    let mut out = format!("{INTRODUCTION}\n{libraries}");
    let mut texts: Vec<(String, Vec<String>)> = texts.into_iter().collect();
    texts.sort_by(|(_, a), (_, b)| a.cmp(b));
    for (text, names) in texts {
        let _ = write!(
            out,
            "\n{}\n{}\n\n{text}\n",
            "-".repeat(78),
            names.join(", ")
        );
    }
    Ok(out)
}

/// Returns the identifiers of the packages on which [`ROOTS`] depend when they run.
fn dependencies(metadata: &Value) -> BTreeSet<&str> {
    let nodes: BTreeMap<&str, &Value> = list(metadata, "/resolve/nodes")
        .iter()
        .map(|node| (string(node, "id"), node))
        .collect();
    let roots = list(metadata, "/packages")
        .iter()
        .filter(|package| ROOTS.contains(&string(package, "name")));
    let mut open: Vec<&str> = roots.map(|package| string(package, "id")).collect();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        let dependencies = nodes.get(id).map_or(&[][..], |node| list(node, "/deps"));
        // Other kinds are dependencies of tests and of build scripts.
        let is_normal = |dependency: &&Value| {
            let mut kinds = list(dependency, "/dep_kinds").iter();
            kinds.any(|kind| kind.get("kind").is_some_and(Value::is_null))
        };
        let normal = dependencies.iter().filter(is_normal);
        open.extend(normal.map(|dependency| string(dependency, "pkg")));
    }
    found
}

fn is_licence(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_uppercase();
    let extension = path.extension().unwrap_or_default();
    NAMES.iter().any(|start| name.starts_with(start))
        && OTHER_EXTENSIONS.iter().all(|other| extension != *other)
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn string<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_tests_and_build_scripts_are_not_listed() {
        let node = |id: &str, deps: &[(&str, Option<&str>)]| {
            let deps: Vec<Value> = deps
                .iter()
                .map(|(id, kind)| serde_json::json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] }))
                .collect();
            serde_json::json!({ "id": id, "deps": deps })
        };
        let metadata = serde_json::json!({
            "packages": [{ "name": "khizana-cli", "id": "cli" }, { "name": "other", "id": "other" }],
            "resolve": { "nodes": [
                node("cli", &[("a", None), ("test", Some("dev")), ("script", Some("build"))]),
                node("a", &[("b", None), ("cli", None)]),
                node("other", &[("c", None)]),
            ] },
        });
        let found: Vec<_> = dependencies(&metadata).into_iter().collect();
        assert_eq!(found, ["a", "b", "cli"]);
    }

    #[test]
    fn licences_are_recognised_by_their_names() {
        for name in ["LICENSE", "License.txt", "LICENSE-APACHE-2.0", "COPYING.md"] {
            assert!(is_licence(Path::new(name)), "{name}");
        }
        for name in ["license.rs", "README.md"] {
            assert!(!is_licence(Path::new(name)), "{name}");
        }
    }
}
