//! Attempts to destroy archives: interrupted runs, damaged files and hostile inputs.
//!
//! The program is run as a subprocess on small archives that are made for this purpose. A trial passes if
//! nothing is lost.

mod damage;
mod holdings;
mod inputs;
mod kills;
mod outcome;
mod program;
mod random;
mod report;
mod specimen;
mod tree;
mod validator;

use crate::failure::Failure;
use crate::project::Project;
use crate::requirement::{self, Requirement};
use crate::{process, setup, web};
use outcome::Outcomes;
use program::Khizana;

/// Tools that are required in addition to those for building the program.
pub const REQUIREMENTS: &[Requirement] = &[requirement::OCFL, requirement::STRACE];

/// A kind of torture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Runs are killed, or the power fails.
    Kills,
    /// Files of a store and of a site are damaged.
    Damage,
    /// Sources and configuration files are hostile.
    Inputs,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Kills, Kind::Damage, Kind::Inputs];

    fn title(self) -> &'static str {
        match self {
            Kind::Kills => "Interrupted runs",
            Kind::Damage => "Damaged files",
            Kind::Inputs => "Hostile inputs",
        }
    }

    /// The number of trials of a full run.
    fn full_count(self) -> usize {
        match self {
            Kind::Kills | Kind::Damage => 1000,
            Kind::Inputs => 10_000,
        }
    }

    /// The number of trials of the test stage.
    fn short_count(self) -> usize {
        match self {
            Kind::Kills => 30,
            Kind::Damage => 60,
            Kind::Inputs => 200,
        }
    }
}

/// The options of a run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The kind of torture. `None` for all kinds.
    pub kind: Option<Kind>,
    /// The number of trials. For damage, the number for the store and for the site.
    pub count: Option<usize>,
    /// The seed of the random numbers.
    pub seed: u64,
    /// Power failures lose files and folders whose path contains this text, although they were synced.
    pub without_sync: Option<String>,
}

/// Runs the torture and writes the results to the documentation if all kinds were run. Returns `false` if a trial
/// failed.
pub fn run(project: &Project, options: &Options) -> Result<bool, Failure> {
    let khizana = prepare(project)?;
    let mut results = Vec::new();
    for kind in Kind::ALL {
        if options.kind.is_none_or(|only| only == kind) {
            let count = options.count.unwrap_or(kind.full_count());
            results.push((kind, torture(project, &khizana, kind, count, options)?));
        }
    }
    let mut failed = 0;
    for (kind, outcomes) in &results {
        println!("\n{}\n\n{}", kind.title(), outcomes.table());
        for outcome in &outcomes.0 {
            for failure in &outcome.failures {
                println!("FAILED {}: {failure}", outcome.kind);
            }
        }
        failed += outcomes.failed();
    }
    if options.kind.is_none() && options.without_sync.is_none() {
        report::write(project, options, &results)?;
    }
    Ok(failed == 0)
}

/// Runs a few trials of each kind, and checks that a missing sync is noticed. Returns the numbers of trials that
/// passed and failed.
pub fn run_short(project: &Project) -> Result<(usize, usize), Failure> {
    let khizana = prepare(project)?;
    let options = Options::default();
    let (mut trials, mut failed) = (0, 0);
    for kind in Kind::ALL {
        let outcomes = torture(project, &khizana, kind, kind.short_count(), &options)?;
        trials += outcomes.trials();
        failed += outcomes.failed();
    }
    trials += 1;
    if !kills::notices_missing_syncs(project, &khizana)? {
        eprintln!("FAILED: no trial noticed that records are not synced");
        failed += 1;
    }
    Ok((trials - failed, failed))
}

/// Builds the program. The viewer is built only if it is missing, because it is only copied.
fn prepare(project: &Project) -> Result<Khizana, Failure> {
    setup::install_missing(project, REQUIREMENTS)?;
    if !web::dist(project).exists() {
        setup::install_missing(project, requirement::BUILD)?;
        web::build(project)?;
    }
    process::run(&mut process::cargo(project, crate::test::BUILD_KHIZANA))?;
    Khizana::new(
        project.program("khizana"),
        &project.target(&format!("torture/output-{}", std::process::id())),
    )
}

fn torture(
    project: &Project,
    khizana: &Khizana,
    kind: Kind,
    count: usize,
    options: &Options,
) -> Result<Outcomes, Failure> {
    eprintln!(
        "\n== {}: {count} trials with seed {}",
        kind.title(),
        options.seed
    );
    let seed = options.seed;
    match kind {
        Kind::Kills => kills::run(
            project,
            khizana,
            count,
            seed,
            options.without_sync.as_deref(),
        ),
        Kind::Damage => damage::run(project, khizana, count, seed),
        Kind::Inputs => inputs::run(project, khizana, count, seed),
    }
}
