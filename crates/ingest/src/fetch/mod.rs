//! Fetching of images from other hosts into the folder `fetch` of an archive, from which they are
//! ingested like files of the source.
//!
//! `robots.txt` is not read: it addresses programs that follow links, and these are files that a curator
//! names. Requests are polite nevertheless; see [`FetchSettings`].

mod client;
mod error;
mod media;
mod partial;
mod plan;
mod schedule;
mod service;
mod settings;
mod transfer;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use khizana_media::PixelGate;
use khizana_model::{GroupedWarnings, Problem, Progress};

use self::client::Client;
use self::error::FetchError;
use self::partial::Download;
use self::plan::Wanted;
use self::schedule::{Attempt, Job, Schedule};
use crate::IngestError;
use crate::target::Target;

pub use self::media::prefix;
pub use self::partial::key;
pub use self::settings::FetchSettings;

/// The folder in an archive that contains downloads until they are in the store. It can be deleted at any
/// time.
pub const FETCH_FOLDER: &str = "fetch";

/// A file that was fetched.
#[derive(Debug, Clone)]
pub struct FetchedFile {
    /// The name of the file in the item; see [`Media::name`](khizana_model::Media::name).
    pub name: String,
    /// The path on disk.
    pub path: PathBuf,
}

/// The result of fetching the images of a source.
#[derive(Debug, Default)]
pub struct Fetched {
    /// The files by URL.
    pub files: BTreeMap<String, FetchedFile>,
    /// Warnings about the URLs that were not fetched.
    pub problems: Vec<Problem>,
}

/// Fetches the images of the source that the store does not contain.
///
/// # Errors
/// Returns an error if the source or the catalogue cannot be read, or if a file in the archive cannot be
/// read or written. What was fetched is kept for the next run.
pub fn fetch(
    target: &Target<'_>,
    settings: &FetchSettings,
    progress: &dyn Progress,
) -> Result<Fetched, IngestError> {
    let wanted = plan::wanted(target)?;
    if wanted.is_empty() {
        return Ok(Fetched::default());
    }
    let folder = target.fetch_folder();
    fs::create_dir_all(&folder).map_err(|error| IngestError::Fetch {
        path: folder.clone(),
        error,
    })?;
    progress.begin("Downloads", Some(wanted.len() as u64));
    let run = Run {
        folder,
        settings,
        progress,
        client: Client::new(settings),
        gate: PixelGate::default(),
        schedule: Schedule::new(settings, wanted.iter().map(|wanted| wanted.host.as_str())),
        outcome: Mutex::default(),
    };
    std::thread::scope(|scope| {
        for _ in 0..settings.connections.min(wanted.len()) {
            scope.spawn(|| run.work(&wanted));
        }
    });
    progress.end();
    let outcome = run
        .outcome
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    match outcome.fatal {
        Some((path, error)) => Err(IngestError::Fetch { path, error }),
        None => Ok(outcome.into_fetched()),
    }
}

struct Run<'a> {
    folder: PathBuf,
    settings: &'a FetchSettings,
    progress: &'a dyn Progress,
    client: Client,
    gate: PixelGate,
    schedule: Schedule<'a>,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Outcome {
    files: BTreeMap<String, FetchedFile>,
    problems: Vec<Problem>,
    /// Files that were not requested, by host.
    skipped: GroupedWarnings,
    /// The error that ends the run.
    fatal: Option<(PathBuf, std::io::Error)>,
}

impl Outcome {
    fn into_fetched(mut self) -> Fetched {
        self.problems.append(&mut self.skipped.into_problems());
        Fetched {
            files: self.files,
            problems: self.problems,
        }
    }
}

impl Run<'_> {
    /// Fetches files until none is left.
    fn work(&self, wanted: &[Wanted]) {
        let _guard = StopOnPanic(&self.schedule);
        while let Some(job) = self.schedule.next() {
            let Some(file) = wanted.get(job.index) else {
                continue;
            };
            let result = transfer::fetch(&self.client, &file.image, &self.folder, self.settings);
            let result = result.and_then(|download| self.check(file, download));
            let (attempt, skipped) = self.schedule.finish(job, &file.host, result);
            self.settle(file, attempt, wanted, &skipped);
        }
    }

    /// Checks that a download is a media file, and removes it if it is not.
    fn check(&self, file: &Wanted, mut download: Download) -> Result<FetchedFile, FetchError> {
        match media::check(file, download.path(), &self.gate) {
            Ok(name) => Ok(FetchedFile {
                name,
                path: download.path().to_owned(),
            }),
            Err(error) => {
                download.remove();
                Err(error)
            }
        }
    }

    fn settle(
        &self,
        file: &Wanted,
        attempt: Attempt<FetchedFile>,
        wanted: &[Wanted],
        skipped: &[Job],
    ) {
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = &mut *outcome;
        match attempt {
            Attempt::Repeated => return,
            Attempt::Final(Ok(fetched)) => {
                outcome.files.insert(file.image.url.clone(), fetched);
            }
            Attempt::Final(Err(FetchError::Local { path, error })) => {
                outcome.fatal = Some((path, error));
                self.schedule.stop();
            }
            Attempt::Final(Err(error)) => outcome.problems.extend(file.problems(&error)),
        }
        for job in skipped {
            if let Some(file) = wanted.get(job.index) {
                let error = FetchError::Skipped(file.host.clone());
                for problem in file.problems(&error) {
                    outcome.skipped.add(&file.host, problem);
                }
            }
        }
        self.progress.advance(1 + skipped.len() as u64);
    }
}

/// Ends the schedule if a thread panics, because the other threads would wait for it.
struct StopOnPanic<'a>(&'a Schedule<'a>);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}
