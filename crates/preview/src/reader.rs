//! The thread that reads the rows of the source after each change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use khizana_model::{Message, Problem, sort_problems};
use khizana_source::SourceError;
use khizana_store::config::CONFIG_FILE;

use crate::draft_images::DraftImages;
use crate::drafts::SourceDrafts;
use crate::publisher::Request;
use crate::reading::Reading;
use crate::state::{Phase, Shared, State};
use crate::watcher::Watcher;

/// The time for which a source that has become invalid is read again before the error is displayed, because a program
/// may be replacing the table.
const GRACE: Duration = Duration::from_millis(1500);
/// The interval between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// The reader of a source.
pub(crate) struct Reader {
    pub(crate) source: PathBuf,
    /// The archive with which the source is compared, and the folder for a copy of its catalogue.
    pub(crate) archive: Option<(PathBuf, PathBuf)>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) images: Arc<DraftImages>,
    pub(crate) widths: Vec<u32>,
    pub(crate) requests: Sender<Request>,
}

impl Reader {
    /// Reads the source, and again after each change, until the watcher is stopped.
    pub(crate) fn run(self, mut watcher: Watcher) {
        loop {
            self.read();
            if !watcher.wait() {
                return;
            }
        }
    }

    fn read(&self) {
        let published = self.shared.lock().published.clone();
        let mut reading = match self.read_rows(&published) {
            Ok(reading) => reading,
            Err(error) => {
                let mut state = self.shared.lock();
                state.failure = Some(failure(&error));
                state.phase = Phase::Ready;
                drop(state);
                self.shared.notify(false);
                // The configuration may have changed.
                let _ = self.requests.send(Request::Configuration);
                return;
            }
        };
        let drafts = SourceDrafts::new(
            &mut reading,
            &published,
            self.images.clone(),
            self.widths.clone(),
        );
        let (changes, comparison_failure) = match reading.pending.take() {
            None => (None, None),
            Some(Ok(changes)) => (Some(Arc::new(changes)), None),
            Some(Err(error)) => {
                let problem = Problem::error(error.code(), error.message(), error.hint());
                (None, Some(problem))
            }
        };
        let reading = Arc::new(reading);
        let mut state = self.shared.lock();
        // The publisher may have published another reading meanwhile.
        let drafts = match Arc::ptr_eq(&state.published, &published) {
            true => drafts,
            false => drafts.without(&state.published),
        };
        state.failure = None;
        (state.changes, state.comparison_failure) = (changes, comparison_failure);
        let mut problems = reading.problems.clone();
        problems.extend(reading.kept_problems(&state.published, &state.file_problems));
        sort_problems(&mut problems);
        state.problems = Arc::new(problems);
        state.phase = Phase::Ingesting;
        state.reading = Some(reading.clone());
        state.drafts = Some(Arc::new(drafts));
        drop(state);
        self.shared.notify(true);
        let _ = self.requests.send(Request::Source(reading));
    }

    /// Reads the rows. If a source that could be read has become invalid, tries again for a while.
    fn read_rows(&self, published: &crate::reading::RowHashes) -> Result<Reading, SourceError> {
        let was_valid = {
            let State {
                reading, failure, ..
            } = &*self.shared.lock();
            reading.is_some() && failure.is_none()
        };
        let archive = self.archive.as_ref();
        let archive = archive.map(|(archive, folder)| (archive.as_path(), folder.as_path()));
        let end = Instant::now() + GRACE;
        loop {
            let source = khizana_source::open(&self.source);
            let read = source.and_then(|source| Reading::read(&source, published, archive));
            if read.is_ok() || !was_valid || Instant::now() > end {
                return read;
            }
            std::thread::sleep(RETRY_INTERVAL);
        }
    }
}

/// Returns the error of a source as a problem.
fn failure(error: &SourceError) -> Problem {
    Problem::error(error.code(), error.message(), error.hint())
}

/// Returns an error of the configuration as a problem.
pub(crate) fn config_failure(
    code: &'static str,
    message: impl Into<Message>,
    hint: impl Into<Message>,
) -> Problem {
    Problem::error(code, message, hint).in_file(CONFIG_FILE)
}

/// Returns the folder that contains a source.
pub(crate) fn folder_of(source: &Path) -> PathBuf {
    let source = source.canonicalize().unwrap_or_else(|_| source.to_owned());
    match source.parent() {
        Some(parent) if !source.is_dir() => parent.to_owned(),
        _ => source,
    }
}
