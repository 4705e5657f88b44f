//! Reports of the problems of rows.

use khizana_model::{Problem, RowPosition};

use super::FileError;

/// The errors found in a row so far.
pub(super) struct RowReport {
    position: RowPosition,
    /// The identifier of the item as written in the row, if there is one.
    pub item: Option<String>,
    pub problems: Vec<Problem>,
}

impl RowReport {
    pub(super) fn new(position: RowPosition) -> RowReport {
        RowReport {
            position,
            item: None,
            problems: Vec::new(),
        }
    }

    /// Creates an error about the row without adding it.
    pub(super) fn problem(&self, code: &'static str, message: String, hint: &str) -> Problem {
        let problem = Problem::error(code, message, hint).in_row(&self.position);
        match &self.item {
            Some(id) => problem.of_item(id),
            None => problem,
        }
    }

    /// Creates a warning about the row without adding it.
    pub(super) fn warning(&self, code: &'static str, message: String, hint: &str) -> Problem {
        Problem {
            severity: khizana_model::Severity::Warning,
            ..self.problem(code, message, hint)
        }
    }

    /// Adds an error about the row.
    pub(super) fn error(&mut self, code: &'static str, message: String, hint: &str) {
        let problem = self.problem(code, message, hint);
        self.problems.push(problem);
    }

    /// Adds an error about a path in the row.
    pub(super) fn file_error(&mut self, error: &FileError) {
        self.error(error.code, error.message.clone(), &error.hint);
    }

    /// Returns the first value of a column. Adds an error if there are several values.
    pub(super) fn at_most_one(&mut self, name: &str, values: Vec<String>) -> Option<String> {
        if values.len() > 1 {
            self.error(
                "value-invalid",
                format!(
                    "`{name}` has {} values; at most one is allowed.",
                    values.len()
                ),
                "Keep one of them.",
            );
        }
        values.into_iter().next()
    }
}
