//! Pagefind, the peer of the search benchmark.

use std::path::PathBuf;

use serde_json::Value;

use super::{Requirement, Status, npm_packages};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// The version that is used in the comparison.
pub const VERSION: &str = "1.6.0";

pub const PAGEFIND: Requirement = Requirement {
    name: "pagefind",
    purpose: "compare the search with Pagefind",
    find,
    how: "npm install pagefind, into target/bench",
    install,
};

fn prefix(project: &Project) -> PathBuf {
    project.target(&format!("bench/pagefind-{VERSION}"))
}

/// Returns the folder of the npm package.
pub fn package_dir(project: &Project) -> PathBuf {
    prefix(project).join("node_modules/pagefind")
}

fn find(project: &Project) -> Result<Status, Failure> {
    let path = package_dir(project);
    let manifest = std::fs::read(path.join("package.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
    Ok(
        if manifest.get("version").and_then(Value::as_str) == Some(VERSION) {
            Status::Installed {
                version: VERSION.into(),
                path,
            }
        } else {
            Status::Missing(format!("not found in version {VERSION}"))
        },
    )
}

fn install(project: &Project) -> Result<(), Failure> {
    npm_packages::ensure_npm(project)?;
    let prefix = prefix(project);
    std::fs::create_dir_all(&prefix).map_err(Failure::file(&prefix))?;
    // Without a package.json in this folder, npm would use that of a parent folder.
    let manifest = prefix.join("package.json");
    std::fs::write(&manifest, "{\"private\": true}\n").map_err(Failure::file(&manifest))?;
    let mut npm = process::program(project, "npm");
    npm.args(["install", "--no-audit", "--no-fund", "--save-exact"]);
    npm.arg(format!("pagefind@{VERSION}"));
    process::run(npm.current_dir(&prefix))
}
