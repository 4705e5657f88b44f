//! Counts of passed and failed tests.

use std::fmt;

/// The number of tests or checks that passed, and the number that failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of tests or checks that passed.
    pub passed: u32,
    /// The number of tests or checks that failed.
    pub failed: u32,
}

impl Tally {
    /// The tally of one check that passed.
    pub const PASSED: Tally = Tally {
        passed: 1,
        failed: 0,
    };
    /// The tally of one check that failed.
    pub const FAILED: Tally = Tally {
        passed: 0,
        failed: 1,
    };

    /// Returns the tally of one check.
    pub fn of(passed: bool) -> Tally {
        if passed { Tally::PASSED } else { Tally::FAILED }
    }

    /// Adds the counts of another tally.
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds the counts in a line of the output of a test runner: `test result: …` (Cargo) or
    /// `# pass 3` (Node).
    pub fn read(&mut self, line: &str) {
        let number = |text: &str| text.trim().parse::<u32>().unwrap_or_default();
        if let Some(result) = line.strip_prefix("test result: ") {
            for part in result.split(['.', ';']) {
                let part = part.trim();
                if let Some(count) = part.strip_suffix(" passed") {
                    self.passed += number(count);
                } else if let Some(count) = part.strip_suffix(" failed") {
                    self.failed += number(count);
                }
            }
        } else if let Some(count) = line.strip_prefix("# pass ") {
            self.passed += number(count);
        } else if let Some(count) = line
            .strip_prefix("# fail ")
            .or_else(|| line.strip_prefix("# cancelled "))
        {
            self.failed += number(count);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_adds_the_results_of_cargo_and_node() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; \
             finished in 0.01s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            "test a::failed ... ok",
            "# pass 7",
            "# fail 1",
            "# cancelled 1",
        ] {
            tally.read(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 22,
                failed: 4
            }
        );
        assert_eq!(tally.to_string(), "22 passed, 4 failed");
    }
}
