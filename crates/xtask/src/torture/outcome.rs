//! The results of trials.

/// The trials of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub kind: String,
    pub trials: usize,
    /// The descriptions of the trials that failed.
    pub failures: Vec<String>,
}

/// The trials of all kinds, in the order in which the kinds were first used.
#[derive(Debug, Default)]
pub struct Outcomes(pub Vec<Outcome>);

impl Outcomes {
    /// Adds a trial. `failure` describes the failure if the trial failed. Prints failures at once.
    pub fn add(&mut self, kind: &str, failure: Option<String>) {
        if let Some(failure) = &failure {
            eprintln!("FAILED {kind}: {failure}");
        }
        let index = self.0.iter().position(|outcome| outcome.kind == kind);
        let index = index.unwrap_or_else(|| {
            self.0.push(Outcome {
                kind: kind.to_owned(),
                ..Outcome::default()
            });
            self.0.len() - 1
        });
        if let Some(outcome) = self.0.get_mut(index) {
            outcome.trials += 1;
            outcome.failures.extend(failure);
        }
        let trials = self.trials();
        if trials.is_multiple_of(100) {
            eprintln!("{trials} trials, {} failed", self.failed());
        }
    }

    /// Returns the number of trials.
    pub fn trials(&self) -> usize {
        self.0.iter().map(|outcome| outcome.trials).sum()
    }

    /// Returns the number of trials that failed.
    pub fn failed(&self) -> usize {
        self.0.iter().map(|outcome| outcome.failures.len()).sum()
    }

    /// Formats the rows of a table in Markdown: the kind, the number of trials, and the number that passed.
    pub fn table(&self) -> String {
        let mut rows = String::from("| | trials | passed |\n|---|--:|--:|\n");
        for outcome in &self.0 {
            let passed = outcome.trials - outcome.failures.len();
            rows.push_str(&format!(
                "| {} | {} | {passed} |\n",
                outcome.kind, outcome.trials
            ));
        }
        let (trials, failed) = (self.trials(), self.failed());
        rows.push_str(&format!("| all | {trials} | {} |\n", trials - failed));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_counts_each_kind() {
        let mut outcomes = Outcomes::default();
        outcomes.add("cut", None);
        outcomes.add("deleted", Some("a file".to_owned()));
        outcomes.add("cut", None);
        assert_eq!((outcomes.trials(), outcomes.failed()), (3, 1));
        let table = outcomes.table();
        assert!(table.ends_with("| cut | 2 | 2 |\n| deleted | 1 | 0 |\n| all | 3 | 2 |\n"));
    }
}
