//! The state of a preview, which the threads and the server share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use khizana_ingest::Changes;
use khizana_model::{Problem, Progress};
use khizana_publish::Documents;
use tokio::sync::watch;

use crate::drafts::SourceDrafts;
use crate::reading::{Reading, RowHashes};

/// The work that is under way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The rows are being read.
    #[default]
    Reading,
    /// The files are being read.
    Ingesting,
    /// The site is being published.
    Publishing,
    /// Everything is up to date.
    Ready,
}

/// The number of the newest state, and of the newest content of the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Revision {
    pub(crate) state: u64,
    pub(crate) site: u64,
}

/// The state of a preview.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    /// The number of finished steps of the phase, and of all steps if it is known.
    pub(crate) progress: Option<(u64, u64)>,
    /// The pages of the last publication.
    pub(crate) documents: Option<Arc<Documents>>,
    /// The items that have changed since.
    pub(crate) drafts: Option<Arc<SourceDrafts>>,
    /// The last rows that could be read.
    pub(crate) reading: Option<Arc<Reading>>,
    /// The hashes of the published items.
    pub(crate) published: Arc<RowHashes>,
    /// The problems of the files, of the last ingest and publication.
    pub(crate) file_problems: Vec<Problem>,
    /// All problems, in the order of the table.
    pub(crate) problems: Arc<Vec<Problem>>,
    /// The error because of which the last good site is displayed.
    pub(crate) failure: Option<Problem>,
    /// The error in the configuration.
    pub(crate) config_failure: Option<Problem>,
    /// The changes that the next ingest would make.
    pub(crate) changes: Option<Arc<Changes>>,
    /// The error of the comparison with the archive.
    pub(crate) comparison_failure: Option<Problem>,
}

/// The state, and the notification of the open pages.
pub(crate) struct Shared {
    state: Mutex<State>,
    revision: watch::Sender<Revision>,
}

impl Shared {
    pub(crate) fn new() -> Shared {
        Shared {
            state: Mutex::default(),
            revision: watch::Sender::new(Revision::default()),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notifies the open pages that the state has changed and, if `is_site` is `true`, the pages of the site.
    pub(crate) fn notify(&self, is_site: bool) {
        self.revision.send_modify(|revision| {
            revision.state += 1;
            revision.site += u64::from(is_site);
        });
    }

    /// Returns the newest revision.
    pub(crate) fn revision(&self) -> Revision {
        *self.revision.borrow()
    }

    /// Returns a receiver of revisions.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Revision> {
        self.revision.subscribe()
    }
}

/// Number of steps after which the progress is displayed again, as a fraction of all steps.
const STEPS_SHOWN: u64 = 50;

impl Progress for Shared {
    fn begin(&self, _label: &'static str, total: Option<u64>) {
        self.lock().progress = total.map(|total| (0, total));
        self.notify(false);
    }

    fn advance(&self, n: u64) {
        let mut state = self.lock();
        let Some((done, total)) = &mut state.progress else {
            return;
        };
        let step = (*total / STEPS_SHOWN).max(1);
        let before = *done / step;
        *done += n;
        let is_shown = *done / step > before;
        drop(state);
        if is_shown {
            self.notify(false);
        }
    }

    fn end(&self) {
        self.lock().progress = None;
    }
}
