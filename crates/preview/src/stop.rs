//! Waiting until the user ends the preview.

use std::io;

/// The signals that end a preview: Ctrl+C and, on Unix, those that end a process or close its terminal. They are
/// received from the time at which the value is created, so that the temporary folder is removed.
#[cfg(unix)]
pub(crate) struct StopSignals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl StopSignals {
    /// Starts to receive the signals. Must be called in a runtime.
    pub(crate) fn new() -> io::Result<StopSignals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(StopSignals([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    /// Waits for a signal.
    pub(crate) async fn received(mut self) {
        let [interrupt, terminate, hang_up] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
}

/// The signals that end a preview: Ctrl+C and the closing of the window.
#[cfg(windows)]
pub(crate) struct StopSignals(
    tokio::signal::windows::CtrlC,
    tokio::signal::windows::CtrlClose,
);

#[cfg(windows)]
impl StopSignals {
    /// Starts to receive the signals. Must be called in a runtime.
    pub(crate) fn new() -> io::Result<StopSignals> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(StopSignals(ctrl_c()?, ctrl_close()?))
    }

    /// Waits for a signal.
    pub(crate) async fn received(mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
