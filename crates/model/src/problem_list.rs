//! A list of problems whose length is limited.

use crate::{Problem, Severity};

/// Maximum number of errors, and of warnings, that a verification lists.
pub const MAX_LISTED: usize = 10_000;

/// The problems that a verification has found. Keeps at most [`MAX_LISTED`] errors and as many warnings, and
/// counts the others, so that a damaged disk does not fill the memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProblemList {
    problems: Vec<Problem>,
    errors: usize,
    warnings: usize,
    omitted: u64,
}

impl ProblemList {
    /// Adds a problem, or counts it if the list is full.
    pub fn push(&mut self, problem: Problem) {
        let listed = match problem.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *listed < MAX_LISTED {
            *listed += 1;
            self.problems.push(problem);
        } else {
            self.omitted += 1;
        }
    }

    /// Adds the problems of another list.
    pub fn append(&mut self, other: ProblemList) {
        self.omitted += other.omitted;
        for problem in other.problems {
            self.push(problem);
        }
    }

    /// Adds a number of problems that are not listed.
    pub fn omit(&mut self, count: u64) {
        self.omitted += count;
    }

    /// Returns the listed problems.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the number of problems that are not listed.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Returns `true` if an error was found. The first error is always listed.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Returns the listed problems, sorted by file and without duplicates, and the number of the others.
    pub fn into_sorted(mut self) -> (Vec<Problem>, u64) {
        self.problems.sort_by(|a, b| {
            (&a.file, a.code, a.message.as_str()).cmp(&(&b.file, b.code, b.message.as_str()))
        });
        self.problems.dedup();
        (self.problems, self.omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_a_limited_number_and_always_an_error() {
        let mut list = ProblemList::default();
        for number in 0..MAX_LISTED + 5 {
            let problem = Problem::warning("w", "W.", "H.");
            list.push(problem.in_file(number.to_string()));
        }
        assert!(!list.has_errors());
        list.push(Problem::error("e", "E.", "H."));
        list.push(Problem::error("e", "E.", "H."));
        assert!(list.has_errors());
        let mut both = ProblemList::default();
        both.append(list.clone());
        both.append(list);
        let (problems, omitted) = both.into_sorted();
        // Both lists have the same errors. The second one has no place for its warnings.
        assert_eq!(problems.len(), MAX_LISTED + 1);
        assert_eq!(omitted, 5 + 5 + MAX_LISTED as u64);
    }
}
