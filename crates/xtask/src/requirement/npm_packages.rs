//! Packages from npm, in the versions that package-lock.json specifies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{Requirement, Status, apt};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

pub const PACKAGES: Requirement = Requirement {
    name: "npm packages",
    purpose: "optimise the viewer (binaryen), the fonts of the viewer (fontsource, subset-font), draw \
              Arabic text (Amiri) and maps (world-atlas), and test in a browser (Playwright, axe-core, html-validate, \
              schema-dts, libxml2, citeproc) \
              and with other IIIF viewers (Mirador, TIFY)",
    find,
    how: "npm ci, into node_modules",
    install,
};

fn find(project: &Project) -> Result<Status, Failure> {
    let path = project.path("node_modules");
    let lock_path = project.path("package-lock.json");
    let lock = read_json(&lock_path)?;
    let direct = direct_dependencies(&lock);
    let locked = package_versions(&lock)
        .ok_or_else(|| Failure::malformed(&lock_path, "the member `packages` is missing"))?;
    // npm writes this file last, so it is missing after an interrupted installation.
    let installed_lock = path.join(".package-lock.json");
    let installed = installed_lock
        .is_file()
        .then(|| read_json(&installed_lock))
        .transpose()?
        .and_then(|lock| package_versions(&lock))
        .unwrap_or_default();
    let outdated: Vec<&str> = locked
        .iter()
        .filter(|(name, version)| installed.get(*name) != Some(version))
        .map(|(name, _)| name.as_str())
        .collect();
    if let Some(first) = outdated.first() {
        return Ok(Status::Missing(format!(
            "{} of {} packages are missing or outdated, for example {first}",
            outdated.len(),
            locked.len()
        )));
    }
    if process::on_path("node").is_none() {
        return Ok(Status::Missing("node is not on PATH".into()));
    }
    // Only direct dependencies are listed. They have about two hundred dependencies themselves.
    let versions = locked.iter().filter_map(|(folder, version)| {
        let name = folder
            .strip_prefix("node_modules/")
            .filter(|name| direct.contains(*name))?;
        Some(format!("{name} {version}"))
    });
    let versions: Vec<String> = versions.collect();
    Ok(Status::Installed {
        version: versions.join(", "),
        path,
    })
}

fn install(project: &Project) -> Result<(), Failure> {
    ensure_npm(project)?;
    process::run(process::program(project, "npm").args(["ci", "--no-audit", "--no-fund"]))
}

/// Installs npm if it is not on `PATH`.
pub fn ensure_npm(project: &Project) -> Result<(), Failure> {
    if process::on_path("npm").is_none() {
        apt::install(project, "npm")?;
    }
    Ok(())
}

fn read_json(path: &Path) -> Result<Value, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(path, error))
}

/// Returns the names of the packages in `package.json`, which its lock file repeats.
fn direct_dependencies(lock: &Value) -> BTreeSet<String> {
    lock.pointer("/packages//devDependencies")
        .and_then(Value::as_object)
        .map(|dependencies| dependencies.keys().cloned().collect())
        .unwrap_or_default()
}

/// Returns the version of each package folder in a lock file. Optional packages are omitted,
/// because npm installs them only on some systems.
fn package_versions(lock: &Value) -> Option<BTreeMap<String, String>> {
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

    fn project(installed: Option<&str>) -> (tempfile::TempDir, Project) {
        let dir = tempfile::tempdir().unwrap();
        let lock = r#"{"packages": {"": {"name": "x", "devDependencies": {"a": "1.0.0"}},
            "node_modules/a": {"version": "1.0.0"},
            "node_modules/b": {"version": "2.0.0", "optional": true},
            "node_modules/c": {"version": "3.0.0"}}}"#;
        std::fs::write(dir.path().join("package-lock.json"), lock).unwrap();
        std::fs::create_dir(dir.path().join("node_modules")).unwrap();
        if let Some(version) = installed {
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
    fn find_requires_the_locked_versions() {
        let (_dir, other) = project(Some("0.9.0"));
        assert!(
            matches!(find(&other).unwrap(), Status::Missing(why) if why.ends_with("node_modules/a"))
        );
        let (_dir, none) = project(None);
        assert!(matches!(find(&none).unwrap(), Status::Missing(_)));
        let (_dir, same) = project(Some("1.0.0"));
        if process::on_path("node").is_some() {
            assert!(matches!(
                find(&same).unwrap(),
                Status::Installed { version, .. } if version == "a 1.0.0"
            ));
        }
    }

    #[test]
    fn find_names_a_malformed_lock_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("package-lock.json"), "{}").unwrap();
        let failure = find(&Project::at(dir.path())).unwrap_err();
        assert_eq!(failure.code(), "file-malformed");
        assert!(failure.to_string().contains("package-lock.json"));
    }
}
