//! Pagefind, the search engine that ours is measured against.

use std::path::PathBuf;

use serde_json::Value;

use super::{Found, Need, debian};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// The version, exactly.
pub const VERSION: &str = "1.6.0";

pub const PAGEFIND: Need = Need {
    name: "pagefind",
    why: "measure our search against it",
    find,
    how: "npm install pagefind, into a folder of its own below target",
    install,
};

fn prefix(project: &Project) -> PathBuf {
    project.target(&format!("bench/pagefind-{VERSION}"))
}

/// The folder of its npm package.
pub fn package(project: &Project) -> PathBuf {
    prefix(project).join("node_modules/pagefind")
}

fn find(project: &Project) -> Result<Found, Failure> {
    let place = package(project);
    let described = std::fs::read(place.join("package.json")).unwrap_or_default();
    let described: Value = serde_json::from_slice(&described).unwrap_or_default();
    Ok(
        if described.get("version").and_then(Value::as_str) == Some(VERSION) {
            Found::Here {
                version: VERSION.into(),
                place,
            }
        } else {
            Found::Missing(format!("not found in version {VERSION}"))
        },
    )
}

fn install(project: &Project) -> Result<(), Failure> {
    if process::on_path("npm").is_none() {
        debian::install(project, "npm")?;
    }
    let prefix = prefix(project);
    std::fs::create_dir_all(&prefix).map_err(Failure::file(&prefix))?;
    // A package of its own, or npm would look for one in the folders above.
    let own = prefix.join("package.json");
    std::fs::write(&own, "{\"private\": true}\n").map_err(Failure::file(&own))?;
    let mut npm = process::program(project, "npm");
    npm.args(["install", "--no-audit", "--no-fund", "--save-exact"]);
    npm.arg(format!("pagefind@{VERSION}"));
    process::run(npm.current_dir(&prefix))
}
