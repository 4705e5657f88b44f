//! Identifiers and parents of items.

use khizana_model::{Field, Id, LangTag, message, printable};

use super::gather::RowValues;
use super::report::RowReport;
use super::{ItemBuilder, Role};
use crate::index::Identity;

/// A conflict between the identifier or parent of an item and the rest of the table.
#[derive(Debug)]
pub(crate) enum IdentityConflict {
    /// An earlier row has the same identifier.
    Duplicate { row: u64 },
    /// An earlier row has an identifier that differs only in case.
    Case { id: String, row: u64 },
    /// An earlier row has an identifier that differs only in invisible characters or white space.
    Invisible { id: String, row: u64 },
    /// The parent is not in the table. `similar` is an identifier in the table that differs from
    /// the given one only in case.
    UnknownParent { similar: Option<String> },
    /// The item is its own ancestor.
    Cycle,
}

impl IdentityConflict {
    /// Returns the roles of the column in which the conflict is.
    fn roles(&self) -> &'static [Role] {
        match self {
            IdentityConflict::Duplicate { .. }
            | IdentityConflict::Case { .. }
            | IdentityConflict::Invisible { .. } => &[Role::Id],
            IdentityConflict::UnknownParent { .. } | IdentityConflict::Cycle => &[Role::Parent],
        }
    }
}

impl ItemBuilder {
    /// Identifies the item of a row. Reports an error if the identifier is missing or conflicts with
    /// that of another item. If the identifier as written is not valid, it is kept in the field
    /// `identifier`, and the item has the identifier that is derived from it.
    pub(super) fn identity(
        &mut self,
        row: &mut RowValues,
        report: &mut RowReport,
        identify: impl FnOnce(&str, Option<&str>) -> Identity,
    ) -> (Option<Id>, Option<Id>) {
        report.about_role(&[Role::Parent]);
        let parent = report.at_most_one("parent", std::mem::take(&mut row.parent));
        report.about_role(&[Role::Id]);
        let Some(original) = row.id.as_deref() else {
            // An identifier with a control character has already been reported.
            if report.problems.is_empty() {
                report.error(
                    "id-missing",
                    "The row has no identifier.",
                    "Give the row an `id` that no other row has.",
                );
            }
            return (None, None);
        };
        let identity = identify(original, parent.as_deref());
        let is_unique = identity.conflicts.is_empty();
        for conflict in identity.conflicts {
            report.about_role(conflict.roles());
            report_conflict(report, conflict, parent.as_deref().unwrap_or_default());
        }
        report.about_role(&[Role::Id]);
        match (original.parse::<Id>(), &identity.id) {
            (Ok(_), Some(_)) => {}
            (Err(error), Some(id)) => {
                self.warnings.add("", report.warning(
                    "id-derived",
                    message!("The item is called `{id}`, because {error}. The identifier as written is kept in the field `identifier`.", id, error = error.message()),
                    "No action is needed. To choose another name, write an `id` of letters, digits and `-_.~+=,@!`.",
                ));
                let original = original.to_owned();
                let is_listed = |field: &Field| {
                    field.name == "identifier" && field.values.iter().any(|(_, v)| v == original)
                };
                if !row.fields.iter().any(is_listed) {
                    row.add_field("identifier", LangTag::und(), original);
                }
            }
            (_, None) if is_unique => report.error(
                "id-invalid",
                message!(
                    "No unique name can be derived from the identifier `{original}`.",
                    original = printable(original)
                ),
                "Use only letters, digits and `-_.~+=,@!`, for example MS-1.",
            ),
            (_, None) => {}
        }
        (identity.id, identity.parent)
    }
}

/// Reports a conflict as an error of the row.
pub(super) fn report_conflict(report: &mut RowReport, conflict: IdentityConflict, parent: &str) {
    let shown = printable(parent);
    match conflict {
        IdentityConflict::Duplicate { row } => report.error(
            "id-duplicate",
            message!("Row {row} has the same identifier. This row is left out.", row),
            "Give each row a unique `id`.",
        ),
        IdentityConflict::Case { id, row } => report.error(
            "id-case",
            message!("The identifier differs from `{id}` in row {row} only in case, which some file systems do not distinguish.", id, row),
            "Choose identifiers that differ in more than case.",
        ),
        IdentityConflict::Invisible { id, row } => report.error(
            "id-invisible",
            message!("The identifier differs from `{id}` in row {row} only in invisible characters or white space.", id, row),
            "Remove the invisible characters. If the rows describe different items, choose identifiers that look different.",
        ),
        IdentityConflict::UnknownParent { similar: Some(similar) } => {
            let problem = report.problem(
                "parent-unknown",
                message!("The parent `{parent}` is not an item of this source.", parent = shown),
                message!("The source contains `{similar}`. Check the spelling, including upper and lower case.", similar),
            );
            let problem = report.corrected(problem, parent, similar, true);
            report.problems.push(problem);
        }
        IdentityConflict::UnknownParent { similar: None } => report.error(
            "parent-unknown",
            message!("The parent `{parent}` is not an item of this source.", parent = shown),
            "Add a row for the parent, or correct `parent`.",
        ),
        IdentityConflict::Cycle => report.error(
            "parent-cycle",
            message!("The item is its own ancestor through its parent `{parent}`.", parent = shown),
            "Remove one of the `parent` values in the cycle.",
        ),
    }
}
