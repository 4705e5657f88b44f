//! The text crate as WebAssembly, in which a browser runs the table of language cases.

use crate::failure::Failure;
use crate::project::Project;
use crate::{need, process};

/// Of the profile of the tests: built in seconds from what they built before, and with overflow
/// checked, which on 32 bits comes sooner.
const BUILD: &str = "build --package khizana-language-in-wasm --target wasm32-unknown-unknown";

/// Builds it into `language` in the target folder, where `tests/browser/language.test.mjs` looks.
pub fn build(project: &Project) -> Result<(), Failure> {
    process::run(&mut process::cargo(project, BUILD))?;
    let program = need::wasm_bindgen_folder(project)?.join("wasm-bindgen");
    process::run(
        process::program(project, program)
            .args(["--target", "web", "--no-typescript", "--out-dir"])
            .arg(project.target("language"))
            .arg(project.target("wasm32-unknown-unknown/debug/language.wasm")),
    )
}
