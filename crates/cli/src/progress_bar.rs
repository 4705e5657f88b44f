//! Progress bars of commands.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use khizana_model::Progress;

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
        let new = new.with_message(label);
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
}
