//! Durations of the stages of a command.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// The stages of a command and their durations, in order.
#[derive(Default)]
pub struct Clock {
    stages: Vec<(String, Duration)>,
}

impl Clock {
    /// Runs a stage with a title. Stores its duration even if it fails.
    pub fn stage<T>(
        &mut self,
        title: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        eprintln!("\n== {title}");
        let start = Instant::now();
        let result = work();
        self.stages.push((title.to_owned(), start.elapsed()));
        result
    }

    /// Returns the duration of the last stage.
    pub fn last(&self) -> Duration {
        self.stages
            .last()
            .map_or(Duration::ZERO, |(_, duration)| *duration)
    }

    /// Returns the sum of the durations.
    pub fn total(&self) -> Duration {
        self.stages.iter().map(|(_, duration)| *duration).sum()
    }

    /// Prints one line for each stage to standard error.
    pub fn report(&self) {
        eprintln!();
        for (title, duration) in &self.stages {
            eprintln!("{:>10}  {title}", format_duration(*duration));
        }
        eprintln!("{:>10}  total", format_duration(self.total()));
    }
}

/// Formats a duration as `0.4 s`, `12.3 s` or `4 min 05 s`.
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_from_a_minute_on_have_minutes() {
        assert_eq!(format_duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(format_duration(Duration::from_secs(245)), "4 min 05 s");
    }
}
