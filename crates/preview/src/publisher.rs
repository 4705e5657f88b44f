//! The thread that ingests and publishes the source after its rows have been read.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use khizana_ingest::{IngestError, Removal, ingest};
use khizana_model::{Id, NoProgress, Problem, sort_problems};
use khizana_publish::Viewer;
use khizana_store::config::{self, ConfigurationFiles};

use crate::PreviewError;
use crate::config_files::ConfigFolders;
use crate::reader::config_failure;
use crate::reading::{Reading, problems_of_files};
use crate::state::{Phase, Shared};
use crate::translations::KnownMessages;
use crate::workspace::Workspace;

/// A change that the site must follow.
#[derive(Debug)]
pub(crate) enum Request {
    /// The source and perhaps the configuration.
    Source(Arc<Reading>),
    /// Perhaps the configuration; the source cannot be read.
    Configuration,
    /// The preview ends.
    Stop,
}

/// The codes of problems that are about an archive over time, and not about the source.
const OF_ARCHIVES: [&str; 4] = [
    "removal-postponed",
    "values-lost",
    "items-removed",
    "clock-behind",
];

/// The publisher of a source.
pub(crate) struct Publisher {
    pub(crate) source: PathBuf,
    pub(crate) config: ConfigFolders,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) viewer: &'static Viewer<'static>,
    pub(crate) shared: Arc<Shared>,
    /// The configuration in the temporary archive.
    pub(crate) configuration: ConfigurationFiles,
    /// The collection in the temporary archive.
    pub(crate) collection: Option<Id>,
    pub(crate) messages: KnownMessages,
}

impl Publisher {
    /// Handles requests until the preview ends. Only the last of several requests is handled.
    pub(crate) fn run(mut self, requests: &Receiver<Request>) {
        let mut last_reading: Option<Arc<Reading>> = None;
        while let Ok(mut request) = requests.recv() {
            while let Ok(newer) = requests.try_recv() {
                request = newer;
            }
            match request {
                Request::Stop => return,
                Request::Source(reading) => {
                    last_reading = Some(reading);
                }
                Request::Configuration => {}
            }
            self.read_configuration();
            let Some(reading) = last_reading.clone() else {
                continue;
            };
            let result = self.update(&reading);
            let mut state = self.shared.lock();
            state.phase = Phase::Ready;
            state.progress = None;
            if let Err(problem) = result {
                state.failure = Some(*problem);
            }
            drop(state);
            self.shared.notify(false);
        }
    }

    /// Copies the configuration if it has changed and can be used. Otherwise the last one remains.
    fn read_configuration(&mut self) {
        let failure = match self.copy_configuration() {
            Ok(()) => None,
            Err(PreviewError::Config(error)) => {
                let message = error.to_string();
                let archive = self.workspace.archive().display().to_string();
                let message =
                    message.replace(&format!("{archive}{}", std::path::MAIN_SEPARATOR), "");
                Some(config_failure(error.code(), message, error.hint()))
            }
            Err(error) => Some(config_failure(
                error.code(),
                error.to_string(),
                error.hint(),
            )),
        };
        self.shared.lock().config_failure = failure;
    }

    fn copy_configuration(&mut self) -> Result<(), PreviewError> {
        let folder = self
            .config
            .current()
            .map_or_else(PathBuf::new, PathBuf::from);
        let files = self
            .config
            .read()
            .map_err(PreviewError::temporary(&folder))?;
        if files == self.configuration {
            return Ok(());
        }
        self.workspace
            .write_configuration(&files, &self.configuration)?;
        match config::load(&self.workspace.archive()) {
            Ok(_) => {
                self.configuration = files;
                Ok(())
            }
            Err(error) => {
                self.workspace
                    .write_configuration(&self.configuration, &files)?;
                Err(error.into())
            }
        }
    }

    /// Ingests the source and publishes it.
    fn update(&mut self, reading: &Arc<Reading>) -> Result<(), Box<Problem>> {
        let id = &reading.collection.id;
        if self.collection.as_ref().is_some_and(|known| known != id) {
            // The items of the previous collection would remain.
            self.workspace.clear().map_err(problem)?;
            let files = std::mem::take(&mut self.configuration);
            self.workspace
                .write_configuration(&files, &self.configuration)
                .map_err(problem)?;
            self.configuration = files;
            self.workspace.create_store().map_err(problem)?;
        }
        self.collection = Some(id.clone());
        let options = khizana_ingest::Options {
            removal: Some(Removal::All),
            ..khizana_ingest::Options::default()
        };
        let progress: &Shared = &self.shared;
        let ingested = ingest(
            &self.workspace.archive(),
            &self.source,
            &options,
            &|_| {},
            progress,
        );
        let mut ingested = match ingested {
            Ok(summary) => summary.problems,
            // The reader reports an error of the source.
            Err(IngestError::Source(_)) => return Ok(()),
            Err(error) => {
                let failure = Problem::error(error.code(), error.message(), error.hint());
                return Err(Box::new(failure));
            }
        };
        ingested.retain(|problem| !OF_ARCHIVES.contains(&problem.code));
        self.messages.restore(&mut ingested);
        let of_files = problems_of_files(ingested, &reading.problems);
        {
            let mut state = self.shared.lock();
            state.problems = Arc::new(sorted(reading, &of_files));
            state.file_problems.clone_from(&of_files);
            state.phase = Phase::Publishing;
        }
        self.shared.notify(false);
        let (summary, documents) = self
            .workspace
            .publish(self.viewer, progress)
            .map_err(problem)?;
        let mut of_site = summary.problems;
        self.messages.restore(&mut of_site);
        let published = reading.hashes.clone();
        let mut state = self.shared.lock();
        let mut file_problems = of_files;
        file_problems.extend(of_site);
        let newest = state.reading.clone();
        let is_newest = newest
            .as_ref()
            .is_none_or(|newest| Arc::ptr_eq(newest, reading));
        if is_newest {
            state.problems = Arc::new(sorted(reading, &file_problems));
        }
        state.file_problems = file_problems;
        let drafts = state
            .drafts
            .as_ref()
            .map(|drafts| drafts.without(&published));
        state.drafts = drafts.map(Arc::new);
        state.published = published;
        state.documents = Some(Arc::new(documents));
        drop(state);
        self.shared.notify(true);
        Ok(())
    }
}

/// Returns the problems of the rows and the files, in the order of the table.
fn sorted(reading: &Reading, of_files: &[Problem]) -> Vec<Problem> {
    let mut problems = reading.problems.clone();
    problems.extend_from_slice(of_files);
    sort_problems(&mut problems);
    problems
}

fn problem(error: PreviewError) -> Box<Problem> {
    Box::new(Problem::error(error.code(), error.message(), error.hint()))
}

/// Publishes the temporary archive without items, so that the first pages can be displayed before the source has been
/// ingested.
pub(crate) fn publish_empty(
    workspace: &Workspace,
    viewer: &Viewer<'_>,
) -> Result<khizana_publish::Documents, PreviewError> {
    workspace
        .publish(viewer, &NoProgress)
        .map(|(_, documents)| documents)
}
