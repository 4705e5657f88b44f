//! Clippy and cargo-deny.

use crate::failure::Failure;
use crate::project::Project;
use crate::{process, requirement};

use super::tally::Tally;
use super::{run_cargo, run_check};

/// Lints the native programs and the viewer, each with the features with which it is built. Cargo
/// unifies the features of all packages that it is given, so a single run for both would compile
/// `pages` with the features of both.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    run_cargo(
        project,
        &[
            "clippy --workspace --exclude khizana-viewer --all-targets -- --deny warnings",
            "clippy --target wasm32-unknown-unknown --package khizana-viewer --package khizana-pages \
             --package khizana-search --package khizana-format --package khizana-text \
             --package khizana-model --package khizana-messages --package khizana-json -- --deny warnings",
            "clippy --package khizana-viewer --all-targets -- --deny warnings",
        ],
    )
}

/// Checks the dependencies against `deny.toml`: licences, banned crates and registries.
pub fn dependencies(project: &Project) -> Result<Tally, Failure> {
    let cargo_deny = requirement::CARGO_DENY.path(project)?;
    run_check(
        process::program(project, cargo_deny)
            .args([
                "--offline",
                "--log-level",
                "error",
                "check",
                "--hide-inclusion-graph",
            ])
            .args(["licenses", "bans", "sources"]),
    )
}
