//! Progress bars of commands.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use khizana_model::{Message, Progress, message};

use crate::output;

/// A bar on standard error that shows the progress of a command.
#[derive(Default)]
pub struct TerminalProgress(Mutex<Option<ProgressBar>>);

impl TerminalProgress {
    fn with_bar(&self, update: impl FnOnce(&mut Option<ProgressBar>)) {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for TerminalProgress {
    fn begin(&self, label: &'static str, total: Option<u64>) {
        let (new, template) = match total {
            Some(total) => (
                ProgressBar::new(total),
                "{msg:<12} {wide_bar} {human_pos}/{human_len} {eta}",
            ),
            None => (ProgressBar::new_spinner(), "{msg:<12} {human_pos}"),
        };
        let new = new.with_message(output::text(&label.into()));
        if let Ok(style) = ProgressStyle::with_template(template) {
            new.set_style(style);
        }
        self.with_bar(|bar| *bar = Some(new));
    }

    fn advance(&self, steps: u64) {
        self.with_bar(|bar| {
            if let Some(bar) = bar {
                bar.inc(steps);
            }
        });
    }

    fn end(&self) {
        self.with_bar(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        });
    }

    fn announce(&self, message: &Message) {
        output::note(message);
    }
}

/// A progress that displays nothing except for announcements.
pub struct NoBar;

impl Progress for NoBar {
    fn begin(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, _: u64) {}

    fn end(&self) {}

    fn announce(&self, message: &Message) {
        output::note(message);
    }
}

/// A progress that prints the duration of each stage to standard error.
#[derive(Default)]
pub struct StageTimes {
    /// The label and the start of the current stage.
    stage: Mutex<Option<(&'static str, Instant)>>,
    steps: AtomicU64,
}

impl Progress for StageTimes {
    fn begin(&self, label: &'static str, _: Option<u64>) {
        self.steps.store(0, Ordering::Relaxed);
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = Some((label, Instant::now()));
    }

    fn advance(&self, steps: u64) {
        self.steps.fetch_add(steps, Ordering::Relaxed);
    }

    fn end(&self) {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((label, start)) = stage.take() {
            let seconds = start.elapsed().as_secs_f64();
            let steps = self.steps.load(Ordering::Relaxed);
            output::message(&message!(
                "{label}: {steps} in {seconds} s",
                label = Message::from(label),
                steps,
                seconds = output::decimal(seconds)
            ));
        }
    }

    fn announce(&self, message: &Message) {
        output::note(message);
    }
}
