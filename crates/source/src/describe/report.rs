//! The row that is being described, and what is wrong with it.

use super::FileFlaw;
use khizana_model::{Problem, Severity};

/// The row that is being described, and what is wrong with it.
pub(super) struct RowReport<'a> {
    pub table: &'a str,
    pub line: u64,
    pub item: Option<String>,
    pub problems: Vec<Problem>,
}

impl RowReport<'_> {
    pub(super) fn problem(
        &self,
        severity: Severity,
        code: &'static str,
        message: String,
        remedy: &str,
    ) -> Problem {
        Problem {
            code,
            severity,
            file: self.table.to_owned(),
            line: Some(self.line),
            item: self.item.clone(),
            message,
            remedy: remedy.to_owned(),
        }
    }

    pub(super) fn error(&mut self, code: &'static str, message: String, remedy: &str) {
        let problem = self.problem(Severity::Error, code, message, remedy);
        self.problems.push(problem);
    }

    pub(super) fn warning(&self, code: &'static str, message: String, remedy: &str) -> Problem {
        self.problem(Severity::Warning, code, message, remedy)
    }

    pub(super) fn file_error(&mut self, flaw: &FileFlaw) {
        self.error(flaw.code, flaw.message.clone(), &flaw.remedy);
    }

    /// The only value, or an error where there are several.
    pub(super) fn only(&mut self, name: &str, values: Vec<String>) -> Option<String> {
        if values.len() > 1 {
            self.error(
                "value-invalid",
                format!("`{name}` has {} values; it can have one.", values.len()),
                "Keep one of them.",
            );
        }
        values.into_iter().next()
    }
}
