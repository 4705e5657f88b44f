//! Every check and every test, stage after stage.

mod iiif;
mod language;
mod links;
mod ocfl;
mod tally;

use std::process::Command;

use crate::clock::{Clock, shown};
use crate::failure::Failure;
use crate::project::Project;
use crate::{files, need, process, setup, web};
use tally::Tally;

/// Everything compiles with warnings as errors, as clippy sees them.
const STRICT: &str = "-- --deny warnings";

/// Runs all stages and sums them up; `false` where anything failed.
///
/// A stage that fails does not keep the others from running, but for set-up and the viewer: without
/// these nothing else can be built.
pub fn run(project: &Project) -> Result<bool, Failure> {
    let mut clock = Clock::default();
    let mut results: Vec<(String, Tally, String)> = Vec::new();
    let mut stage = |name: &str, work: &dyn Fn() -> Result<Tally, Failure>| {
        let tally = clock.stage(name, work).unwrap_or_else(|failure| {
            eprintln!("error[{}]: {failure}", failure.code());
            Tally::FAILED
        });
        results.push((name.to_owned(), tally, shown(clock.last())));
        tally.failed == 0
    };

    let ready = stage("Set-up", &|| {
        setup::ensure(project, need::WEB)?;
        setup::ensure(project, need::TEST)?;
        Ok(Tally::PASSED)
    }) && stage("The viewer builds", &|| {
        web::build(project)?;
        Ok(Tally::PASSED)
    });
    if ready {
        stage("The viewer is small", &|| {
            Ok(Tally::of(web::size::report(project)?.fits()))
        });
        stage("Formatting", &|| each(project, &["fmt --all --check"]));
        stage("Lints", &|| each(project, &lints()));
        stage("The shared crates on wasm32", &|| {
            each(project, &[&format!("check {SHARED} {WASM}")])
        });
        stage("Tests of the crates and of the command line", &|| {
            tests(process::cargo(project, "test --workspace --no-fail-fast"))
        });
        stage("OCFL conformance", &|| ocfl::run(project));
        stage("IIIF conformance", &|| iiif::run(project));
        stage("In the browser", &|| browser(project));
        stage("Links of the documentation", &|| links::run(project));
    }

    println!();
    let mut sum = Tally::default();
    for (name, tally, took) in &results {
        println!("{name:<46} {tally}  ({took})");
        sum.add(*tally);
    }
    println!("{:<46} {sum}  ({})", "In all", shown(clock.total()));
    Ok(ready && sum.failed == 0)
}

/// The crates that run natively and in the browser from the same source.
const SHARED: &str = "--package khizana-model --package khizana-text --package khizana-format \
                      --package khizana-search";
/// Builds the program. With the whole workspace named, Cargo chooses the same features of each crate
/// as for the tests, and builds nothing twice.
const KHIZANA: &str = "build --workspace --bin khizana";
const WASM: &str = "--target wasm32-unknown-unknown";

/// The viewer is two programs: one that renders natively, and one that runs in the browser. Cargo
/// joins their features in a workspace, so each is looked at by itself too.
fn lints() -> [String; 3] {
    [
        format!("clippy --workspace --all-targets {STRICT}"),
        format!("clippy --package khizana-pages --features ssr {STRICT}"),
        format!("clippy --package khizana-viewer {WASM} {STRICT}"),
    ]
}

/// Runs Cargo with each line of arguments; each counts as one check.
fn each(project: &Project, lines: &[impl AsRef<str>]) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    for line in lines {
        let mut command = process::cargo(project, line.as_ref());
        tally.add(Tally::of(match process::run(&mut command) {
            Ok(()) => true,
            Err(failure @ Failure::Failed { .. }) => {
                eprintln!("error[{}]: {failure}", failure.code());
                false
            }
            Err(other) => return Err(other),
        }));
    }
    Ok(tally)
}

/// Runs a program that prints how many tests passed and failed.
fn tests(mut command: Command) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let status = process::watch(&mut command, |line| tally.read(line))?;
    // A test that does not compile, or a program that dies, prints no result.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// Playwright's tests, of a site that is taken in and published anew for them.
fn browser(project: &Project) -> Result<Tally, Failure> {
    process::run(&mut process::cargo(project, KHIZANA))?;
    language::build(project)?;
    let work = project.target("browser");
    if work.exists() {
        std::fs::remove_dir_all(&work).map_err(Failure::file(&work))?;
    }
    let mut node = process::program(project, "node");
    // One file after the other: each has a browser of its own.
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]);
    for file in files::below(&project.path("tests/browser"), &[])? {
        if file.to_string_lossy().ends_with(".test.mjs") {
            node.arg(file);
        }
    }
    node.env("CHROMIUM", need::chromium_path().unwrap_or_default())
        .env("KHIZANA", project.program("debug", "khizana"))
        .env("KHIZANA_TARGET", project.target(""));
    tests(node)
}
