//! Runs that are killed, and runs during which the power fails.

mod disk;
mod recording;
mod scenario;
mod trace;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::holdings;
use super::outcome::Outcomes;
use super::program::{Khizana, Run};
use super::random::Random;
use super::tree;
use super::validator::Validator;
use crate::failure::Failure;
use crate::project::Project;
use recording::Recording;
use scenario::Scenario;

/// The number of power failures that use the same recording of a run.
const FAILURES_PER_RECORDING: usize = 20;

/// Interrupts `count` runs. A third of them is interrupted by a power failure, or all of them if
/// `ignored_syncs` is given: then syncs of paths that contain this text have no effect.
pub fn run(
    project: &Project,
    khizana: &Khizana,
    count: usize,
    seed: u64,
    ignored_syncs: Option<&str>,
) -> Result<Outcomes, Failure> {
    interrupt(project, khizana, count, seed, (ignored_syncs, false))
}

/// Interrupts runs. If `is_check` is `true`, only runs that write records, until the first trial fails.
fn interrupt(
    project: &Project,
    khizana: &Khizana,
    count: usize,
    seed: u64,
    (ignored_syncs, is_check): (Option<&str>, bool),
) -> Result<Outcomes, Failure> {
    let work = project.target("torture/kills");
    tree::remove(&work)?;
    let mut scenarios = scenario::prepare(khizana, &work)?;
    if is_check {
        scenarios.retain(|scenario| scenario.is_ingest);
    }
    let mut torture = Kills {
        khizana,
        validator: Validator::start(project)?,
        archive: work.join("archive"),
        interrupted: work.join("interrupted"),
        recorded: work.join("recorded"),
        ignored_syncs,
    };
    let mut outcomes = Outcomes::default();
    let mut duration = Vec::new();
    for scenario in &scenarios {
        // Only runs that are killed need a moment.
        duration.push(match ignored_syncs {
            None => torture.measure(scenario)?,
            Some(_) => Duration::ZERO,
        });
    }
    let mut recordings: Vec<Option<(Recording, usize)>> = scenarios.iter().map(|_| None).collect();
    let mut trial = 0;
    while outcomes.trials() < count && !(is_check && outcomes.failed() > 0) {
        let mut random = Random::new(seed, trial);
        let index = trial as usize % scenarios.len();
        let is_power_failure =
            ignored_syncs.is_some() || (trial as usize / scenarios.len()) % 3 == 2;
        trial += 1;
        let (Some(scenario), Some(duration), Some(recording)) = (
            scenarios.get(index),
            duration.get(index),
            recordings.get_mut(index),
        ) else {
            break;
        };
        let moment = if is_power_failure {
            let is_used_up = |uses: &usize| *uses >= FAILURES_PER_RECORDING;
            if recording.as_ref().is_none_or(|(_, uses)| is_used_up(uses)) {
                *recording = Some((Recording::new(khizana, scenario, &torture.recorded)?, 0));
            }
            let Some((recording, uses)) = recording else {
                break;
            };
            *uses += 1;
            let step = recording.fail(&torture.archive, ignored_syncs, &mut random)?;
            format!("power failure after step {step}")
        } else {
            tree::copy(&scenario.base, &torture.archive)?;
            let delay = Duration::from_micros(random.below(duration.as_micros() as usize) as u64);
            if !torture.kill(scenario, delay)? {
                // The run ended before it was killed.
                continue;
            }
            format!("killed after {delay:?}")
        };
        let kind = match is_power_failure {
            true => format!("{}: power failure", scenario.name),
            false => format!("{}: killed", scenario.name),
        };
        tree::copy(&torture.archive, &torture.interrupted)?;
        let failure = torture.examine(scenario, *duration, &mut random)?;
        let described =
            failure.map(|text| format!("seed {seed}, trial {}, {moment}: {text}", trial - 1));
        if described.is_some() && ignored_syncs.is_none() {
            tree::copy(
                &torture.interrupted,
                &work.join(format!("failed-{}", trial - 1)),
            )?;
        }
        outcomes.add(&kind, described);
    }
    Ok(outcomes)
}

struct Kills<'a> {
    khizana: &'a Khizana,
    validator: Validator,
    archive: PathBuf,
    /// A copy of the archive as the interrupted run left it.
    interrupted: PathBuf,
    recorded: PathBuf,
    ignored_syncs: Option<&'a str>,
}

impl Kills<'_> {
    /// Measures the duration of a whole run.
    fn measure(&self, scenario: &Scenario) -> Result<Duration, Failure> {
        let mut shortest = Duration::MAX;
        for _ in 0..3 {
            tree::copy(&scenario.base, &self.archive)?;
            let start = Instant::now();
            self.khizana.expect(&self.archive, &arguments(scenario))?;
            shortest = shortest.min(start.elapsed());
        }
        Ok(shortest)
    }

    /// Starts the command and kills it after `delay`. Returns `false` if it ended before.
    fn kill(&self, scenario: &Scenario, delay: Duration) -> Result<bool, Failure> {
        let mut child = self.khizana.start(&self.archive, &arguments(scenario))?;
        std::thread::sleep(delay);
        let unusable = || Failure::file(&self.archive);
        let has_ended = child.try_wait().map_err(unusable())?.is_some();
        if !has_ended {
            child.kill().map_err(unusable())?;
            child.wait().map_err(unusable())?;
        }
        Ok(!has_ended)
    }

    /// Examines the archive after an interruption. Returns a description of the first fault.
    fn examine(
        &mut self,
        scenario: &Scenario,
        duration: Duration,
        random: &mut Random,
    ) -> Result<Option<String>, Failure> {
        let store = self.archive.join("store");
        if let Some(fault) = self.invalid_object(&scenario.damaged)? {
            return Ok(Some(fault));
        }
        // The next run may be interrupted too.
        for _ in 0..2 {
            if self.ignored_syncs.is_none() && random.one_in(4) {
                let delay = random.below(duration.as_micros() as usize);
                self.kill(scenario, Duration::from_micros(delay as u64))?;
                if let Some(fault) = self.invalid_object(&scenario.damaged)? {
                    return Ok(Some(format!("after another kill: {fault}")));
                }
            }
        }
        let can_publish = scenario.is_ingest && store.exists() && random.one_in(3);
        if can_publish && let Some(fault) = self.publish("before the next run")? {
            return Ok(Some(fault));
        }
        let next = self.khizana.run(&self.archive, &arguments(scenario))?;
        if let Some(fault) = fault("the next run", &next) {
            return Ok(Some(fault));
        }
        let verified = self.khizana.run(&self.archive, &["verify"])?;
        if !verified.is_success() || !verified.problems().is_empty() {
            return Ok(Some(format!("verify afterwards: {}", verified.summary())));
        }
        if let Some(difference) = holdings::difference(&store, &scenario.originals)? {
            return Ok(Some(difference));
        }
        if let Some(fault) = self.invalid_object(&BTreeSet::new())? {
            return Ok(Some(format!("after the next run: {fault}")));
        }
        if let Some(expected) = &scenario.site {
            let site = tree::read(&self.archive.join("site"))?;
            if let Some(difference) = tree::difference(expected, &site) {
                return Ok(Some(format!("the site: {difference}")));
            }
        }
        if scenario.is_ingest && random.one_in(3) {
            return self.publish("at the end");
        }
        Ok(None)
    }

    /// Validates the objects of the store except those in `damaged`, which an interrupted repair leaves damaged.
    fn invalid_object(&mut self, damaged: &BTreeSet<PathBuf>) -> Result<Option<String>, Failure> {
        let store = self.archive.join("store");
        if !store.exists() {
            return Ok(None);
        }
        let errors = self.validator.validate(&store, damaged)?;
        let error = errors.into_iter().next();
        Ok(error.map(|error| format!("ocfl-py: {error}")))
    }

    /// Publishes the archive, and verifies the site.
    fn publish(&self, when: &str) -> Result<Option<String>, Failure> {
        let published = self.khizana.run(&self.archive, &["publish"])?;
        if let Some(fault) = fault(&format!("publish {when}"), &published) {
            return Ok(Some(fault));
        }
        let site = self.archive.join("site").display().to_string();
        let verified = self
            .khizana
            .run(&self.archive, &["verify", "--site", &site])?;
        let is_intact = verified.is_success() && verified.problems().is_empty();
        Ok((!is_intact).then(|| format!("verify --site {when}: {}", verified.summary())))
    }
}

fn arguments(scenario: &Scenario) -> Vec<&str> {
    scenario.arguments.iter().map(String::as_str).collect()
}

fn fault(what: &str, run: &Run) -> Option<String> {
    (!run.is_success()).then(|| format!("{what}: {}", run.summary()))
}

/// Returns `true` if a trial fails when records are never synced, so that the other trials can fail too.
pub fn notices_missing_syncs(project: &Project, khizana: &Khizana) -> Result<bool, Failure> {
    eprintln!("\n== Power failures without the syncs of records: a trial must fail");
    let outcomes = interrupt(project, khizana, 40, 1, (Some("record.json"), true))?;
    Ok(outcomes.failed() > 0)
}
