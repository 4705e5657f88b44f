//! Progress reports of long operations.

use khizana_messages::Message;

/// A receiver of progress reports. Its methods are called from several threads.
pub trait Progress: Sync {
    /// Begins a stage. `label` is a name that is displayed to users. `total` is the number of
    /// steps, if it is known.
    fn begin(&self, label: &'static str, total: Option<u64>);
    /// Reports that `n` more steps have been completed.
    fn advance(&self, n: u64);
    /// Ends the stage.
    fn end(&self);
    /// Reports a decision before the work that follows from it begins.
    fn announce(&self, _message: &Message) {}
}

/// A [`Progress`] that ignores all reports.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _label: &'static str, _total: Option<u64>) {}
    fn advance(&self, _n: u64) {}
    fn end(&self) {}
}
