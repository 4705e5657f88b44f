//! Identifiers and parents of items.

use khizana_model::Id;

use super::Role;
use super::gather::RowValues;
use super::report::RowReport;
use khizana_model::printable;

/// A conflict between the identifier or parent of an item and the rest of the table.
#[derive(Debug)]
pub(crate) enum IdentityConflict {
    /// An earlier row has the same identifier.
    Duplicate { row: u64 },
    /// An earlier row has an identifier that differs only in case.
    Case { id: String, row: u64 },
    /// The parent is not in the table. `similar` is an identifier in the table that differs from
    /// the given one only in case.
    UnknownParent { similar: Option<String> },
    /// The item is its own ancestor.
    Cycle,
}

impl IdentityConflict {
    /// Returns the roles of the column in which the conflict is.
    pub(super) fn roles(&self) -> &'static [Role] {
        match self {
            IdentityConflict::Duplicate { .. } | IdentityConflict::Case { .. } => &[Role::Id],
            IdentityConflict::UnknownParent { .. } | IdentityConflict::Cycle => &[Role::Parent],
        }
    }
}

/// Parses the identifier of a row. Reports an error if it is missing or invalid.
pub(super) fn identifier(row: &RowValues, report: &mut RowReport) -> Option<Id> {
    let Some(text) = row.id.as_deref() else {
        // An identifier with a control character has already been reported.
        if report.problems.is_empty() {
            report.error(
                "id-missing",
                "The row has no identifier.".to_owned(),
                "Give the row an `id` that no other row has.",
            );
        }
        return None;
    };
    match text.parse() {
        Ok(id) => Some(id),
        Err(error) => {
            let hint = match Id::slugify(text) {
                Some(slug) => {
                    format!("Use only letters, digits and `-_.~+=,@!`, for example `{slug}`.")
                }
                None => "Use letters and digits.".to_owned(),
            };
            let message = format!("Invalid `id`: {error}.");
            report.error("id-invalid", message, &hint);
            None
        }
    }
}

/// Reports a conflict as an error of the row.
pub(super) fn report_conflict(report: &mut RowReport, conflict: IdentityConflict, parent: &str) {
    let parent = printable(parent);
    match conflict {
        IdentityConflict::Duplicate { row } => report.error(
            "id-duplicate",
            format!("Row {row} has the same identifier; its item is kept."),
            "Give each row a unique `id`.",
        ),
        IdentityConflict::Case { id, row } => report.error(
            "id-case",
            format!("The identifier differs from `{id}` in row {row} only in case, which some file systems do not distinguish."),
            "Choose identifiers that differ in more than case.",
        ),
        IdentityConflict::UnknownParent { similar: Some(similar) } => report.error(
            "parent-unknown",
            format!("The parent `{parent}` is not an item of this source."),
            &format!("The source contains `{similar}`. Check the spelling, including upper and lower case."),
        ),
        IdentityConflict::UnknownParent { similar: None } => report.error(
            "parent-unknown",
            format!("The parent `{parent}` is not an item of this source."),
            "Add a row for the parent, or correct `parent`.",
        ),
        IdentityConflict::Cycle => report.error(
            "parent-cycle",
            format!("The item is its own ancestor through its parent `{parent}`."),
            "Remove one of the `parent` values in the cycle.",
        ),
    }
}
