//! Progress on a terminal; silence elsewhere.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use khizana_model::Progress;

/// A bar on standard error.
#[derive(Default)]
pub struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn with(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.0.lock().unwrap_or_else(|broken| broken.into_inner()));
    }
}

impl Progress for Bar {
    fn begin(&self, label: &'static str, total: Option<u64>) {
        let (bar, form) = match total {
            Some(total) => (
                ProgressBar::new(total),
                "{msg:<12} {wide_bar} {human_pos}/{human_len} {eta}",
            ),
            None => (ProgressBar::new_spinner(), "{msg:<12} {human_pos}"),
        };
        let bar = bar.with_message(label);
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        self.with(|own| *own = Some(bar));
    }

    fn advance(&self, steps: u64) {
        self.with(|own| {
            if let Some(bar) = own {
                bar.inc(steps);
            }
        });
    }

    fn end(&self) {
        self.with(|own| {
            if let Some(bar) = own.take() {
                bar.finish_and_clear();
            }
        });
    }
}
