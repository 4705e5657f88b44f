//! Packages from npm: `wasm-opt`, Playwright, axe-core, the Arabic typeface, other people's viewers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{Found, Need, debian};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

pub const PACKAGES: Need = Need {
    name: "npm packages",
    why: "shrink the viewer (binaryen), set Arabic (Amiri) and test in a browser (Playwright, axe-core) with other people's IIIF viewers (Mirador, TIFY)",
    find,
    how: "npm ci, into node_modules",
    install,
};

fn find(project: &Project) -> Result<Found, Failure> {
    let place = project.path("node_modules");
    let wanted = project.path("package-lock.json");
    let held = place.join(".package-lock.json");
    let lock = read(&wanted)?;
    let asked = asked(&lock);
    let wanted = versions(&lock).ok_or_else(|| {
        Failure::malformed(&wanted, "it is not a lock file of npm with `packages`")
    })?;
    // A folder that npm did not finish has no such file.
    let held = held
        .is_file()
        .then(|| read(&held))
        .transpose()?
        .and_then(|lock| versions(&lock))
        .unwrap_or_default();
    let differing: Vec<&str> = wanted
        .iter()
        .filter(|(name, version)| held.get(*name) != Some(version))
        .map(|(name, _)| name.as_str())
        .collect();
    if let Some(first) = differing.first() {
        return Ok(Found::Missing(format!(
            "{} of {} not there as locked, {first} among them",
            differing.len(),
            wanted.len()
        )));
    }
    if process::on_path("node").is_none() {
        return Ok(Found::Missing("node is not on PATH".into()));
    }
    // What is asked for; what that wants itself is some two hundred more.
    let own = |folder: &str| asked.contains(folder);
    let named = wanted.iter().filter_map(|(folder, version)| {
        let name = folder
            .strip_prefix("node_modules/")
            .filter(|name| own(name))?;
        Some(format!("{name} {version}"))
    });
    let named: Vec<String> = named.collect();
    Ok(Found::Here {
        version: named.join(", "),
        place,
    })
}

fn install(project: &Project) -> Result<(), Failure> {
    if process::on_path("npm").is_none() {
        debian::install(project, "npm")?;
    }
    process::run(process::program(project, "npm").args(["ci", "--no-audit", "--no-fund"]))
}

fn read(path: &Path) -> Result<Value, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(path, error))
}

/// The packages that `package.json` names, as a lock file of npm repeats them.
fn asked(lock: &Value) -> BTreeSet<String> {
    let own = lock.pointer("/packages//devDependencies");
    let own = own.and_then(Value::as_object);
    own.map(|own| own.keys().cloned().collect())
        .unwrap_or_default()
}

/// Package folder to version, of a lock file of npm. Optional packages (for other systems) are left
/// out: npm does not install them everywhere.
fn versions(lock: &Value) -> Option<BTreeMap<String, String>> {
    let packages = lock.get("packages")?.as_object()?;
    Some(
        packages
            .iter()
            .filter(|(name, package)| !name.is_empty() && package.get("optional").is_none())
            .filter_map(|(name, package)| {
                Some((name.clone(), package.get("version")?.as_str()?.to_owned()))
            })
            .collect(),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn project(held: Option<&str>) -> (tempfile::TempDir, Project) {
        let dir = tempfile::tempdir().unwrap();
        let lock = r#"{"packages": {"": {"name": "x", "devDependencies": {"a": "1.0.0"}},
            "node_modules/a": {"version": "1.0.0"},
            "node_modules/b": {"version": "2.0.0", "optional": true},
            "node_modules/c": {"version": "3.0.0"}}}"#;
        std::fs::write(dir.path().join("package-lock.json"), lock).unwrap();
        std::fs::create_dir(dir.path().join("node_modules")).unwrap();
        if let Some(version) = held {
            std::fs::write(
                dir.path().join("node_modules/.package-lock.json"),
                format!(
                    r#"{{"packages": {{"node_modules/a": {{"version": "{version}"}},
                    "node_modules/c": {{"version": "3.0.0"}}}}}}"#
                ),
            )
            .unwrap();
        }
        let project = Project::at(dir.path());
        (dir, project)
    }

    #[test]
    fn the_locked_version_counts_and_no_other() {
        let (_dir, other) = project(Some("0.9.0"));
        assert!(matches!(find(&other).unwrap(), Found::Missing(why) if why.contains("a among")));
        let (_dir, none) = project(None);
        assert!(matches!(find(&none).unwrap(), Found::Missing(_)));
        let (_dir, same) = project(Some("1.0.0"));
        if process::on_path("node").is_some() {
            let named = |version: &str| version == "a 1.0.0";
            assert!(matches!(find(&same).unwrap(), Found::Here { version, .. } if named(&version)));
        }
    }

    #[test]
    fn a_lock_file_that_is_none_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("package-lock.json"), "{}").unwrap();
        let failure = find(&Project::at(dir.path())).unwrap_err();
        assert_eq!(failure.code(), "file-malformed");
        assert!(failure.to_string().contains("package-lock.json"));
    }
}
