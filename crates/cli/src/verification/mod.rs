//! `verify`: verifies the store or a site, and writes reports.

mod html;
mod report;
mod texts;

use std::num::NonZeroU64;
use std::path::Path;

use khizana_model::{
    LangMap, Message, Problem, Progress, RateLimit, Severity, StateId, message, plural,
};
use khizana_site::SiteReport;
use khizana_store::ocfl::now;
use khizana_store::verify::{Options, Start, Verification, VerifyReport};
use serde::Serialize;

use crate::failure::Failure;
use crate::output;
use khizana_args::{Args, VerifyArgs};
use report::ReportFolder;

/// The JSON document of `verify`. Its members are stable.
#[derive(Serialize)]
struct Document<'a, R> {
    /// The version of the program.
    version: &'static str,
    /// The time at which the verification was begun, before it was continued (RFC 3339).
    started: &'a str,
    /// The time at which it ended (RFC 3339).
    finished: &'a str,
    #[serde(flatten)]
    report: &'a R,
}

/// The result of a verification, as the report for people describes it.
struct Outcome<'a> {
    title: &'a LangMap,
    /// The site that was verified, or `None` for the store.
    site: Option<&'a str>,
    started: &'a str,
    finished: &'a str,
    state: Option<StateId>,
    objects: Option<u64>,
    files: u64,
    bytes: u64,
    problems: &'a [Problem],
    omitted: u64,
}

impl Outcome<'_> {
    /// Returns the number of listed problems with a severity.
    fn count(&self, severity: Severity) -> u64 {
        let problems = self.problems.iter();
        problems
            .filter(|problem| problem.severity == severity)
            .count() as u64
    }

    fn is_intact(&self) -> bool {
        self.count(Severity::Error) == 0
    }
}

/// Verifies the store or a site. Returns `false` if damage was found.
///
/// # Errors
/// Returns an error if there is nothing to verify, or a report cannot be written.
pub fn run(args: &Args, options: &VerifyArgs, progress: &dyn Progress) -> Result<bool, Failure> {
    // A folder that cannot be written is reported before the verification, which may take days.
    let folder = options
        .report
        .as_deref()
        .map(ReportFolder::create)
        .transpose()?;
    let rate = options
        .rate
        .map(|megabytes| RateLimit::new(NonZeroU64::from(megabytes).saturating_mul(MEGABYTE)));
    match &options.site {
        Some(site) => verify_site(args, site, rate.as_ref(), folder.as_ref(), progress),
        None => {
            let resume = options.resume;
            verify_store(args, Options { resume, rate }, folder.as_ref(), progress)
        }
    }
}

/// The number of bytes of a megabyte.
const MEGABYTE: NonZeroU64 = match NonZeroU64::new(1_000_000) {
    Some(bytes) => bytes,
    None => NonZeroU64::MIN,
};

fn verify_store(
    args: &Args,
    options: Options,
    folder: Option<&ReportFolder>,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let verification = Verification::open(&args.archive, options)?;
    if let Some(message) = start_message(verification.start()) {
        output::message(&message);
    }
    let started = verification.started().to_owned();
    let report = verification.run(progress)?;
    let VerifyReport {
        state,
        objects,
        files,
        bytes,
        omitted,
        ..
    } = report;
    let config = khizana_store::config::load(&args.archive);
    let outcome = Outcome {
        title: &config.map(|config| config.title).unwrap_or_default(),
        site: None,
        started: &started,
        finished: &now(),
        state,
        objects: Some(objects),
        files,
        bytes,
        problems: &report.problems,
        omitted,
    };
    print(args, &outcome, &report, folder)
}

fn verify_site(
    args: &Args,
    site: &Path,
    rate: Option<&RateLimit>,
    folder: Option<&ReportFolder>,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let started = now();
    let address = site
        .to_str()
        .filter(|site| site.starts_with("http://") || site.starts_with("https://"));
    let archive = &args.archive;
    let report = match address {
        Some(address) => khizana_publish::verify_host(archive, address, rate, progress)?,
        None => khizana_publish::verify_site(archive, site, rate, progress),
    };
    let SiteReport {
        files,
        bytes,
        state,
        omitted,
        ..
    } = report;
    let outcome = Outcome {
        title: &report.title,
        site: Some(&site.to_string_lossy()),
        started: &started,
        finished: &now(),
        state,
        objects: None,
        files,
        bytes,
        problems: &report.problems,
        omitted,
    };
    print(args, &outcome, &report, folder)
}

/// Prints the result, and writes the report.
fn print(
    args: &Args,
    outcome: &Outcome<'_>,
    report: &impl Serialize,
    folder: Option<&ReportFolder>,
) -> Result<bool, Failure> {
    let document = Document {
        version: env!("CARGO_PKG_VERSION"),
        started: outcome.started,
        finished: outcome.finished,
        report,
    };
    output::problems(outcome.problems);
    if outcome.omitted > 0 {
        output::message(&plural!(
            "{count} further problem was found and is not listed",
            "{count} further problems were found and are not listed",
            count = outcome.omitted
        ));
    }
    let files = output::files(outcome.files);
    let checked = match outcome.objects {
        Some(count) => message!("{files} of {objects}", files, objects = objects(count)),
        None => files,
    };
    output::result(args.json, &document, || {
        let result = match outcome.is_intact() {
            true => message!("all files are intact"),
            false => message!("damage was found"),
        };
        let verified = message!(
            "verified {checked}, {bytes}: {result}",
            checked,
            bytes = output::bytes(outcome.bytes),
            result
        );
        vec![output::text(&verified)]
    })?;
    if let Some(folder) = folder {
        folder.write(&document, outcome)?;
    }
    Ok(outcome.is_intact())
}

fn objects(count: u64) -> Message {
    plural!("{count} object", "{count} objects", count)
}

/// Returns a message that says where a verification starts, if that was not requested.
fn start_message(start: Start) -> Option<Message> {
    Some(match start {
        Start::Beginning => return None,
        Start::Continued(count) => {
            message!("continuing after {objects}", objects = objects(count))
        }
        Start::NoProgress => {
            message!("starting at the beginning: there is no progress of an earlier verification")
        }
        Start::OtherState => message!(
            "starting at the beginning: the store has changed since the last verification was stopped"
        ),
        Start::OtherVersion => message!(
            "starting at the beginning: another version of khizana began the last verification"
        ),
    })
}
