//! The Playwright tests in `tests/browser`.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process, requirement};

use super::tally::Tally;

/// Builds the text crate for the browser test `language`. The profile `dev` checks for integer
/// overflow, which occurs earlier with 32-bit integers.
const BUILD_LANGUAGE: &str =
    "build --package khizana-language-in-wasm --target wasm32-unknown-unknown";

/// Returns the path of the browser test with this name.
pub fn file(project: &Project, name: &str) -> PathBuf {
    project.path(&format!("tests/browser/{name}.test.mjs"))
}

/// Runs the browser tests with the given names, or all of them if `names` is empty.
pub fn run(project: &Project, names: &[&str]) -> Result<Tally, Failure> {
    process::run(&mut process::cargo(project, super::BUILD_KHIZANA))?;
    build_language(project)?;
    let work_dir = project.target("browser");
    if work_dir.exists() {
        std::fs::remove_dir_all(&work_dir).map_err(Failure::file(&work_dir))?;
    }
    let mut node = process::program(project, "node");
    // Each file starts a browser and writes to a separate folder, so two of them can run at the
    // same time.
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=2"]);
    if names.is_empty() {
        for path in files::below(&project.path("tests/browser"), &[])? {
            if path.to_string_lossy().ends_with(".test.mjs") {
                node.arg(path);
            }
        }
    } else {
        node.args(names.iter().map(|name| file(project, name)));
    }
    node.env("CHROMIUM", requirement::CHROMIUM.path(project)?)
        .env("KHIZANA", project.program("khizana"))
        .env("KHIZANA_TARGET", project.target(""));
    super::run_tests(&mut node)
}

/// Builds the text crate as WebAssembly into `language` in the target folder, for
/// `tests/browser/language.test.mjs`.
fn build_language(project: &Project) -> Result<(), Failure> {
    process::run(&mut process::cargo(project, BUILD_LANGUAGE))?;
    process::run(
        process::program(project, requirement::WASM_BINDGEN.path(project)?)
            .args(["--target", "web", "--no-typescript", "--out-dir"])
            .arg(project.target("language"))
            .arg(project.target("wasm32-unknown-unknown/debug/language.wasm")),
    )
}
