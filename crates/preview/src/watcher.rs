//! Notification of changes to files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use khizana_store::config::PAGES_DIR;
use khizana_store::disk::is_on_network;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::config_files::ConfigFolders;
use crate::snapshot::Snapshot;

/// The interval at which files are looked at if the system does not report changes.
const POLL_INTERVAL: Duration = Duration::from_secs(2);
/// The interval between two snapshots that must be equal before a change is read, because programs write a file in
/// several steps.
const SETTLE_INTERVAL: Duration = Duration::from_millis(40);
/// Number of equal snapshots after a change.
const EQUAL_SNAPSHOTS: u32 = 2;

/// A reason to look at the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// A file may have changed.
    Change,
    /// The preview ends.
    Stop,
}

/// A watcher of the source and its configuration.
pub(crate) struct Watcher {
    source: PathBuf,
    config: ConfigFolders,
    signals: Receiver<Signal>,
    /// Reports changes, or is `None` if the files are polled.
    system: Option<RecommendedWatcher>,
    /// The folders of pages and logos that are watched.
    named: BTreeSet<PathBuf>,
    last: Snapshot,
}

impl Watcher {
    /// Starts watching a folder. Returns the watcher, and a sender that stops it.
    pub(crate) fn new(source: &Path, config: ConfigFolders) -> (Watcher, Sender<Signal>) {
        let (sender, signals) = channel();
        let system = match is_on_network(source) {
            true => None,
            false => watch(source, &config, sender.clone()).ok(),
        };
        let watcher = Watcher {
            last: Snapshot::take(source, &config),
            source: source.to_owned(),
            config,
            signals,
            system,
            named: BTreeSet::new(),
        };
        (watcher, sender)
    }

    /// Waits until files have changed and are no longer being written. Returns `false` if the preview ends.
    pub(crate) fn wait(&mut self) -> bool {
        self.watch_named();
        loop {
            let signal = match self.system {
                Some(_) => self.signals.recv().unwrap_or(Signal::Stop),
                None => match self.signals.recv_timeout(POLL_INTERVAL) {
                    Ok(signal) => signal,
                    Err(RecvTimeoutError::Timeout) => Signal::Change,
                    Err(RecvTimeoutError::Disconnected) => Signal::Stop,
                },
            };
            if signal == Signal::Stop {
                return false;
            }
            // A folder that has just been created is watched before its files are looked at, so that no change to
            // them is missed.
            self.watch_named();
            match self.settle() {
                None => return false,
                Some(true) => return true,
                Some(false) => {}
            }
        }
    }

    /// Returns `true` if files have changed since the last call, after they are no longer being written.
    fn settle(&mut self) -> Option<bool> {
        let mut now = Snapshot::take(&self.source, &self.config);
        if now == self.last {
            return Some(false);
        }
        let mut equal = 0;
        while equal < EQUAL_SNAPSHOTS {
            std::thread::sleep(SETTLE_INTERVAL);
            // The next snapshot contains the changes that these signals report.
            while let Ok(signal) = self.signals.try_recv() {
                if signal == Signal::Stop {
                    return None;
                }
            }
            let next = Snapshot::take(&self.source, &self.config);
            equal = if next == now { equal + 1 } else { 0 };
            now = next;
        }
        let has_changed = now != self.last;
        self.last = now;
        Some(has_changed)
    }

    /// Watches the folders of the pages and logos, which may have been created or named since the last call.
    fn watch_named(&mut self) {
        let Some(system) = &mut self.system else {
            return;
        };
        let Some(config) = self.config.current() else {
            return;
        };
        let files = self.config.read().unwrap_or_default();
        let folders = files
            .iter()
            .filter_map(|(name, _)| config.join(name).parent().map(Path::to_owned));
        for folder in folders.chain([config.join(PAGES_DIR)]) {
            let is_watched = self.config.all().contains(&folder) || self.named.contains(&folder);
            if !is_watched && system.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                self.named.insert(folder);
            }
        }
    }
}

fn watch(
    source: &Path,
    config: &ConfigFolders,
    signals: Sender<Signal>,
) -> notify::Result<RecommendedWatcher> {
    let mut system = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let is_change = event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_)));
        if is_change {
            // There is no receiver after the preview has ended.
            let _ = signals.send(Signal::Change);
        }
    })?;
    system.watch(source, RecursiveMode::Recursive)?;
    for folder in config.all() {
        if folder.is_dir() && folder != source {
            system.watch(folder, RecursiveMode::NonRecursive)?;
        }
    }
    Ok(system)
}
