//! Whose row it is: the identifier of the item, and its place among the others.

use khizana_model::Id;

use super::gather::Gathered;
use super::report::RowReport;
use khizana_model::printable;

/// What stands against an item's identifier or parent, seen over the whole table.
#[derive(Debug)]
pub(crate) enum Place {
    /// Another row had the identifier first.
    Duplicate { row: u64 },
    /// Another row had an identifier first that differs only in capitals.
    Case { id: String, row: u64 },
    /// The parent is not in the table; perhaps one that differs only in capitals is.
    Orphan { near: Option<String> },
    /// The item is among its own ancestors.
    Cycle,
}

pub(super) fn identifier(row: &Gathered, report: &mut RowReport) -> Option<Id> {
    let Some(written) = row.id.as_deref() else {
        // Where the identifier has a control character, that is what is wrong with it.
        if report.problems.is_empty() {
            report.error(
                "id-missing",
                "The row has no identifier.".to_owned(),
                "Give the row an `id` that no other row has.",
            );
        }
        return None;
    };
    match written.parse() {
        Ok(id) => Some(id),
        Err(error) => {
            let hint = match Id::slugify(written) {
                Some(near) => {
                    format!("Use only letters, digits and -_.~+=,@!, for example {near}.")
                }
                None => "Use letters and digits.".to_owned(),
            };
            let message = format!("Invalid identifier: {error}.");
            report.error("id-invalid", message, &hint);
            None
        }
    }
}

pub(super) fn report_place(report: &mut RowReport, place: Place, parent: &str) {
    let parent = printable(parent);
    match place {
        Place::Duplicate { row } => report.error(
            "id-duplicate",
            format!("Row {row} has the same identifier; its item is kept."),
            "Give each row a unique `id`.",
        ),
        Place::Case { id, row } => report.error(
            "id-case",
            format!("The identifier differs from `{id}` in row {row} only by case; some file systems treat both as the same."),
            "Choose identifiers that differ in more than case.",
        ),
        Place::Orphan { near: Some(near) } => report.error(
            "parent-unknown",
            format!("The parent `{parent}` is not an item of this source."),
            &format!("The source contains `{near}`. Check the spelling, including upper and lower case."),
        ),
        Place::Orphan { near: None } => report.error(
            "parent-unknown",
            format!("The parent `{parent}` is not an item of this source."),
            "Add a row for the parent, or correct `parent`.",
        ),
        Place::Cycle => report.error(
            "parent-cycle",
            format!("The item is its own ancestor through its parent `{parent}`."),
            "Remove one of the `parent` values of the cycle.",
        ),
    }
}
