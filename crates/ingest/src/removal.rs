//! The limit for what an ingest removes without an explicit request.

use std::collections::BTreeMap;
use std::fmt;

use khizana_model::{Message, Problem, message, plural, printable};
use khizana_store::catalogue::CollectionSize;

use crate::Removal;
use crate::compare::Changes;

/// Number of items that an ingest may remove or reduce without an explicit request.
const MAX_ITEMS: u64 = 10;
/// Maximum number of identifiers in a message.
const MAX_LISTED: usize = 5;

/// The error of an ingest that would remove more than ten items, or more than a tenth of the items, the
/// files or the letters of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalRefused {
    /// Number of items that would be removed or reduced.
    pub count: u64,
    changes: Changes,
    size: CollectionSize,
    /// Removed and added identifiers that differ only slightly.
    renamed: Vec<Renamed>,
}

/// An identifier that is probably a changed form of another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Renamed {
    removed: String,
    added: String,
    cause: Message,
}

/// Checks what an ingest would remove.
///
/// # Errors
/// Returns an error if it is more than the limit and not what `allowed` states.
pub fn check(
    changes: &Changes,
    size: CollectionSize,
    allowed: Option<Removal>,
) -> Result<(), Box<RemovalRefused>> {
    let removed = changes.removed.len() as u64;
    let count = removed + changes.reduced.len() as u64;
    let exceeds_tenth = |part: u64, whole: u64| part.saturating_mul(10) > whole;
    let is_refused = match allowed {
        Some(Removal::All) => false,
        Some(Removal::Count(allowed)) => allowed != count,
        None => {
            count > MAX_ITEMS
                || exceeds_tenth(removed, size.items)
                || exceeds_tenth(changes.lost_files, size.files)
                || exceeds_tenth(changes.lost_letters, size.letters)
        }
    };
    if !is_refused {
        return Ok(());
    }
    Err(Box::new(RemovalRefused {
        count,
        renamed: renamed(changes),
        changes: changes.clone(),
        size,
    }))
}

impl RemovalRefused {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        let changes = &self.changes;
        let removed = changes.removed.len() as u64;
        let mut parts = Vec::new();
        if removed > 0 {
            parts.push(message!(
                "{removed} of {items} items would be removed ({names})",
                removed,
                items = self.size.items,
                names = list(&changes.removed)
            ));
        }
        if !changes.reduced.is_empty() {
            parts.push(message!(
                "{count} items would lose files or values ({names})",
                count = changes.reduced.len(),
                names = list(&changes.reduced)
            ));
            parts.extend(lost_columns(changes).map(|columns| {
                message!(
                    "the values that would be lost are those of {columns}",
                    columns
                )
            }));
        }
        if changes.lost_files > 0 {
            parts.push(message!(
                "{lost} of {files} files would be removed",
                lost = changes.lost_files,
                files = self.size.files
            ));
        }
        if changes.lost_letters > 0 {
            parts.push(message!(
                "{lost} of {letters} letters would be lost",
                lost = changes.lost_letters,
                letters = self.size.letters
            ));
        }
        if parts.is_empty() {
            parts.push(message!("no item would be removed or lose files or values"));
        }
        parts.extend(self.renamed.first().map(|first| {
            message!(
                "{count} of the new identifiers are similar to removed ones, such as `{added}` and `{removed}`: {cause}",
                count = self.renamed.len(),
                added = printable(&first.added),
                removed = printable(&first.removed),
                cause = first.cause
            )
        }));
        let join = |first, next| message!("{first}; {next}", first, next);
        parts.into_iter().reduce(join).unwrap_or_else(|| "".into())
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> Message {
        message!(
            "Check that the table and the folder are complete. To make these changes anyway, run the command again with --remove {count}; to see them, with --dry-run.",
            count = self.count
        )
    }
}

impl fmt::Display for RemovalRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for RemovalRefused {}

/// Returns a warning about items that lose files or values, although an ingest is allowed to remove
/// these.
pub fn warning(changes: &Changes) -> Option<Problem> {
    let items = list(&changes.reduced);
    let message = match lost_columns(changes) {
        Some(columns) => message!(
            "Changed items have lost values of {columns}: {items}.",
            columns,
            items
        ),
        None if changes.reduced.is_empty() => return None,
        None => message!("Changed items have lost files: {items}.", items),
    };
    Some(Problem::warning(
        "values-lost",
        message,
        message!(
            "If this is not intended, correct the table and ingest it again. The store keeps the earlier records and files."
        ),
    ))
}

/// Lists the columns whose values are lost, with the numbers of items.
fn lost_columns(changes: &Changes) -> Option<Message> {
    let mut columns: Vec<(&String, &u64)> = changes.lost_values.iter().collect();
    columns.sort_by_key(|(_, items)| std::cmp::Reverse(**items));
    let columns = columns.into_iter().take(MAX_LISTED);
    Message::list(columns.map(|(column, count)| {
        let items = plural!("{count} item", "{count} items", count = *count);
        message!("`{column}` ({items})", column = printable(column), items)
    }))
}

fn list(ids: &[String]) -> Message {
    let names: Vec<String> = ids
        .iter()
        .take(MAX_LISTED)
        .map(|id| printable(id))
        .collect();
    let names = names.join(", ");
    match ids.len().saturating_sub(MAX_LISTED) {
        0 => names.into(),
        more => message!("{names} and {more} more", names, more),
    }
}

/// A function that removes a difference between two forms of an identifier.
type Normalise = fn(&str) -> String;

/// Finds added identifiers that differ from removed ones only in zeros, in case, or in a suffix.
fn renamed(changes: &Changes) -> Vec<Renamed> {
    let by = |normalise: Normalise| -> BTreeMap<String, &String> {
        let removed = changes.removed.iter();
        removed.map(|id| (normalise(id), id)).collect()
    };
    let rules: [(Normalise, Message); 3] = [
        (
            without_leading_zeros,
            message!("leading zeros are missing, as after opening the table in a spreadsheet"),
        ),
        (str::to_lowercase, message!("they differ only in case")),
        (without_suffix, message!("they differ only in a suffix")),
    ];
    let mut renamed: Vec<Renamed> = Vec::new();
    for (normalise, cause) in rules {
        let removed = by(normalise);
        for added in &changes.added {
            if let Some(id) = removed.get(&normalise(added))
                && !renamed.iter().any(|known| known.added == *added)
            {
                renamed.push(Renamed {
                    removed: (*id).clone(),
                    added: added.clone(),
                    cause: cause.clone(),
                });
            }
        }
    }
    renamed
}

/// Removes the zeros at the start of each number in an identifier, and a decimal fraction of zeros.
fn without_leading_zeros(id: &str) -> String {
    let id = id.strip_suffix(".0").unwrap_or(id);
    let mut out = String::new();
    let mut is_in_number = false;
    let mut chars = id.chars().peekable();
    while let Some(c) = chars.next() {
        let is_followed_by_digit = chars.peek().is_some_and(char::is_ascii_digit);
        if c == '0' && !is_in_number && is_followed_by_digit {
            continue;
        }
        is_in_number = c.is_ascii_digit();
        out.push(c);
    }
    out
}

/// Removes what follows the last dot, hyphen or underscore.
fn without_suffix(id: &str) -> String {
    match id.rfind(['.', '-', '_']) {
        Some(end) if end > 0 => id.get(..end).unwrap_or(id).to_owned(),
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(removed: &[&str], added: &[&str]) -> Changes {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Changes {
            removed: owned(removed),
            added: owned(added),
            ..Changes::default()
        }
    }

    fn size(items: u64) -> CollectionSize {
        CollectionSize {
            items,
            files: 0,
            letters: 0,
        }
    }

    #[test]
    fn allows_up_to_ten_items_and_a_tenth_of_the_collection() {
        let ids: Vec<String> = (0..11).map(|n| format!("x{n}")).collect();
        let remove = |count: usize| Changes {
            removed: ids.iter().take(count).cloned().collect(),
            ..Changes::default()
        };
        assert!(check(&remove(10), size(1000), None).is_ok());
        assert!(check(&remove(11), size(1000), None).is_err());
        assert!(check(&remove(2), size(20), None).is_ok());
        assert!(check(&remove(2), size(19), None).is_err());
        assert!(check(&remove(11), size(11), Some(Removal::Count(11))).is_ok());
        assert!(check(&remove(11), size(11), Some(Removal::Count(10))).is_err());
        assert!(check(&remove(11), size(11), Some(Removal::All)).is_ok());
    }

    #[test]
    fn limits_lost_files_and_letters() {
        let size = CollectionSize {
            items: 100,
            files: 100,
            letters: 100,
        };
        let lose = |lost_files, lost_letters| Changes {
            reduced: vec!["a".to_owned()],
            lost_files,
            lost_letters,
            ..Changes::default()
        };
        assert!(check(&lose(10, 10), size, None).is_ok());
        assert!(check(&lose(11, 0), size, None).is_err());
        let error = check(&lose(0, 11), size, None).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err(
                "1 items would lose files or values (a); 11 of 100 letters would be lost"
                    .to_owned()
            )
        );
    }

    #[test]
    fn names_the_likely_cause_of_renamed_identifiers() {
        for (removed, added, cause) in [
            ("0012", "12", "leading zeros"),
            ("p-007", "p-7", "leading zeros"),
            ("Ms1", "ms1", "case"),
            ("plate", "plate.tif", "suffix"),
        ] {
            let changes = changes(&[removed], &[added]);
            let error = check(&changes, size(1), None).map_err(|error| error.to_string());
            assert!(error.is_err_and(|error| error.contains(cause)), "{removed}");
        }
        let unrelated = changes(&["a"], &["b"]);
        let error = check(&unrelated, size(1), None).map_err(|error| error.to_string());
        assert_eq!(error, Err("1 of 1 items would be removed (a)".to_owned()));
    }
}
