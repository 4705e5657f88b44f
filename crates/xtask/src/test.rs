//! The stages of the checks and tests of the project.

mod browser;
mod docs;
mod iiif;
mod lints;
mod ocfl;
mod tally;
mod wording;

use std::process::Command;

use crate::clock::{Clock, format_duration};
use crate::failure::Failure;
use crate::project::Project;
use crate::requirement::{self, Requirement};
use crate::{process, setup, torture, web};
use tally::Tally;

/// Builds the program. `--workspace` selects the same features that the tests use, so that no
/// dependency is compiled twice.
pub(crate) const BUILD_KHIZANA: &str = "build --workspace --bin khizana";

const CARGO_TEST: &str = "test --workspace --no-fail-fast";

/// A group of checks or tests that runs as a whole.
struct Stage {
    /// The name of the stage on the command line.
    name: &'static str,
    title: &'static str,
    /// Tools that the stage requires in addition to [`requirement::BUILD`].
    requirements: &'static [Requirement],
    run: fn(&Project) -> Result<Tally, Failure>,
}

/// All stages, in the order in which they run. Stages that fail often and stages that are short
/// come first.
const STAGES: &[Stage] = &[
    Stage {
        name: "size",
        title: "Size of the viewer",
        requirements: &[],
        run: |project| Ok(Tally::of(web::size::report(project)?.fits())),
    },
    Stage {
        name: "fmt",
        title: "Formatting",
        requirements: &[],
        run: |project| run_cargo(project, &["fmt --all --check"]),
    },
    Stage {
        name: "wording",
        title: "Wording",
        requirements: &[],
        run: wording::run,
    },
    Stage {
        name: "clippy",
        title: "Lints",
        requirements: &[],
        run: lints::run,
    },
    Stage {
        name: "docs",
        title: "Documentation",
        requirements: &[requirement::MDBOOK],
        run: docs::run,
    },
    Stage {
        name: "deny",
        title: "Licenses and sources of the dependencies",
        requirements: &[requirement::CARGO_DENY],
        run: lints::dependencies,
    },
    Stage {
        name: "cargo",
        title: "Tests of the crates and the command line",
        requirements: requirement::SERVERS,
        run: |project| run_tests(&mut process::cargo(project, CARGO_TEST)),
    },
    Stage {
        name: "ocfl",
        title: "OCFL conformance",
        requirements: &[requirement::OCFL, requirement::ROCFL],
        run: ocfl::run,
    },
    Stage {
        name: "iiif",
        title: "IIIF conformance",
        requirements: &[requirement::IIIF],
        run: iiif::run,
    },
    Stage {
        name: "torture",
        title: "Interrupted runs, damaged files and hostile inputs",
        requirements: torture::REQUIREMENTS,
        run: run_torture,
    },
    Stage {
        name: "browser",
        title: "Browser tests",
        requirements: &[requirement::CHROMIUM],
        run: |project| browser::run(project, &[]),
    },
];

/// Runs the selected stages or tests, or all stages if `selection` is empty. Returns `false` if any
/// check or test failed.
///
/// A selected name is the name of a stage, the NAME in `tests/browser/NAME.test.mjs`, or a filter
/// for `cargo test`. The other stages still run if a stage fails. If the viewer cannot be built, no
/// stage runs.
pub fn run(project: &Project, selection: &[String]) -> Result<bool, Failure> {
    let mut report = Report::default();
    let stages: Vec<&Stage> = STAGES
        .iter()
        .filter(|stage| selection.is_empty() || selection.iter().any(|name| name == stage.name))
        .collect();
    let tests: Vec<&str> = selection
        .iter()
        .map(String::as_str)
        .filter(|name| STAGES.iter().all(|stage| stage.name != *name))
        .collect();
    let (browser_files, filters): (Vec<&str>, Vec<&str>) = tests
        .into_iter()
        .partition(|name| browser::file(project, name).is_file());

    let is_ready = report.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        for stage in &stages {
            setup::install_missing(project, stage.requirements)?;
        }
        if !browser_files.is_empty() {
            setup::install_missing(project, &[requirement::CHROMIUM])?;
        }
        Ok(Tally::PASSED)
    }) && report.stage("Viewer", || {
        web::build(project)?;
        Ok(Tally::PASSED)
    });
    if is_ready {
        for stage in stages {
            report.stage(stage.title, || (stage.run)(project));
        }
        for filter in filters {
            report.stage(&format!("Tests named `{filter}`"), || {
                run_filtered_tests(project, filter)
            });
        }
        if !browser_files.is_empty() {
            report.stage("Browser tests", || browser::run(project, &browser_files));
        }
    }
    Ok(report.print() && is_ready)
}

/// The results of the stages.
#[derive(Default)]
struct Report {
    clock: Clock,
    /// The title, result and duration of each stage.
    rows: Vec<(String, Tally, String)>,
}

impl Report {
    /// Runs a stage and adds its result to the report. Returns `true` if nothing failed.
    fn stage(&mut self, title: &str, work: impl FnOnce() -> Result<Tally, Failure>) -> bool {
        let tally = self.clock.stage(title, work).unwrap_or_else(|failure| {
            eprintln!("error[{}]: {failure}", failure.code());
            Tally::FAILED
        });
        let duration = format_duration(self.clock.last());
        self.rows.push((title.to_owned(), tally, duration));
        tally.failed == 0
    }

    /// Prints one line for each stage and a line with the sum. Returns `true` if nothing failed.
    fn print(&self) -> bool {
        println!();
        let mut sum = Tally::default();
        for (title, tally, duration) in &self.rows {
            println!("{title:<46} {tally}  ({duration})");
            sum.add(*tally);
        }
        let total = format_duration(self.clock.total());
        println!("{:<46} {sum}  ({total})", "Total");
        sum.failed == 0
    }
}

/// Runs Cargo once for each line of arguments. Each run counts as one check.
fn run_cargo(project: &Project, lines: &[&str]) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    for line in lines {
        tally.add(run_check(&mut process::cargo(project, line))?);
    }
    Ok(tally)
}

/// Runs a few trials of the torture. Each of them counts as one check.
fn run_torture(project: &Project) -> Result<Tally, Failure> {
    let (passed, failed) = torture::run_short(project)?;
    Ok(Tally {
        passed: u32::try_from(passed).unwrap_or(u32::MAX),
        failed: u32::try_from(failed).unwrap_or(u32::MAX),
    })
}

/// Runs a command that counts as one check.
fn run_check(command: &mut Command) -> Result<Tally, Failure> {
    match process::run(command) {
        Ok(()) => Ok(Tally::PASSED),
        Err(failure @ Failure::Failed { .. }) => {
            eprintln!("error[{}]: {failure}", failure.code());
            Ok(Tally::FAILED)
        }
        Err(other) => Err(other),
    }
}

/// Runs a test runner and counts the passed and failed tests that it reports.
fn run_tests(command: &mut Command) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let status = process::watch(command, |line| tally.read(line))?;
    // A test runner prints no result if a test does not compile.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// Runs the Rust tests whose name contains `filter`.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if no test matches the filter.
fn run_filtered_tests(project: &Project, filter: &str) -> Result<Tally, Failure> {
    let tally = run_tests(process::cargo(project, CARGO_TEST).arg(filter))?;
    if tally == Tally::default() {
        let stages: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
        return Err(Failure::Usage(format!(
            "no stage or test is named `{filter}`. The stages are {}; the browser tests are the files \
             tests/browser/NAME.test.mjs.",
            stages.join(", ")
        )));
    }
    Ok(tally)
}
