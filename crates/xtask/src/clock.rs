//! How long each stage took.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// The stages of a command and their durations, in order.
#[derive(Default)]
pub struct Clock {
    stages: Vec<(String, Duration)>,
}

impl Clock {
    /// Runs a stage under its name and notes how long it took, whether or not it succeeded.
    pub fn stage<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let result = work();
        self.stages.push((name.to_owned(), start.elapsed()));
        result
    }

    /// How long the last stage took.
    pub fn last(&self) -> Duration {
        self.stages.last().map_or(Duration::ZERO, |(_, took)| *took)
    }

    /// All of it together.
    pub fn total(&self) -> Duration {
        self.stages.iter().map(|(_, took)| *took).sum()
    }

    /// One line a stage, to standard error.
    pub fn report(&self) {
        eprintln!();
        for (name, took) in &self.stages {
            eprintln!("{:>10}  {name}", shown(*took));
        }
        eprintln!("{:>10}  in all", shown(self.total()));
    }
}

/// `0.4 s`, `12.3 s`, `4 min 05 s`.
pub fn shown(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_easily() {
        assert_eq!(shown(Duration::from_millis(420)), "0.4 s");
        assert_eq!(shown(Duration::from_secs(245)), "4 min 05 s");
    }
}
