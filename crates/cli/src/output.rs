//! The output of commands: text for people, or a JSON document for programs.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use khizana_model::{Correction, Problem, printable};
use khizana_source::cell_name;
use serde::Serialize;

use crate::failure::Failure;
use crate::terminal;

/// Maximum number of printed problems with the same code. Further problems are only counted.
const MAX_PRINTED_PER_CODE: usize = 20;
/// Maximum number of printed places of a problem.
const MAX_PLACES: usize = 8;
/// Maximum number of printed proposals of a problem.
const MAX_CORRECTIONS: usize = 5;

/// Prints a failure to standard error. If `json` is `true`, also prints it as a JSON document to
/// standard output.
pub fn failure(failure: &Failure, json: bool) {
    if json {
        let document = serde_json::json!({ "error": {
            "code": failure.code, "message": failure.message, "hint": failure.hint,
        }});
        print_line(&document.to_string());
    }
    message(&format!(
        "error[{}]: {}\n  hint: {}",
        failure.code, failure.message, failure.hint
    ));
}

/// `true` if only errors are printed.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Sets whether only errors are printed.
pub fn set_quiet(is_quiet: bool) {
    IS_QUIET.store(is_quiet, Ordering::Relaxed);
}

fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Prints a message to standard error, unless only errors are printed and it is not one.
pub fn message(line: &str) {
    if !is_quiet() || line.starts_with("error[") {
        terminal::write_line(line);
    }
}

fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints the result of a command: `document` if `json` is `true`, otherwise `text`.
///
/// # Errors
/// Returns an error if the document cannot be serialized.
pub fn result(
    json: bool,
    document: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if json {
        print_line(&serde_json::to_string(document)?);
    } else if !is_quiet() {
        print_line(&text());
    }
    Ok(())
}

/// Prints problems with their hints to standard error.
pub fn problems(problems: &[Problem]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        let count = counts.entry(problem.code).or_default();
        *count += 1;
        if *count > MAX_PRINTED_PER_CODE {
            continue;
        }
        message(&format!("{problem}\n  hint: {}", problem.hint));
        if let Some(places) = places(problem) {
            message(&format!("  all places: {places}"));
        }
        for correction in problem.corrections.iter().take(MAX_CORRECTIONS) {
            message(&format!("  {}", proposal(correction)));
        }
        let more = problem.corrections.len().saturating_sub(MAX_CORRECTIONS);
        if more > 0 {
            message(&format!("  proposals for other places: {more}"));
        }
    }
    for (code, count) in counts
        .into_iter()
        .filter(|(_, count)| *count > MAX_PRINTED_PER_CODE)
    {
        message(&format!(
            "Further problems with the code {code}: {}; use --json to list all of them",
            count - MAX_PRINTED_PER_CODE
        ));
    }
}

/// Formats a correction: the cell, and what to write instead.
pub fn proposal(correction: &Correction) -> String {
    let condition = match correction.is_safe {
        true => "",
        false => ", if that is meant",
    };
    format!(
        "{}: write `{}` instead of `{}`{condition}",
        cell_name(correction.column, correction.row),
        printable(&correction.to),
        printable(&correction.from)
    )
}

/// Lists the cells or the rows in which a problem occurs, if there are several.
fn places(problem: &Problem) -> Option<String> {
    let places: Vec<String> = match problem.cells.is_empty() {
        true => problem
            .rows
            .iter()
            .map(|row| format!("row {row}"))
            .collect(),
        false => problem.cells.clone(),
    };
    if places.len() < 2 {
        return None;
    }
    let listed = places.get(..MAX_PLACES.min(places.len()))?.join(", ");
    Some(match places.len().saturating_sub(MAX_PLACES) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    })
}

/// Formats a number with a noun: `1 item`, `2 items`.
pub fn count(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// Formats a size in bytes: `3.4 MB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = size as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        format!("{size} {name}")
    } else {
        format!("{value:.1} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, count};

    #[test]
    fn pluralises_nouns() {
        assert_eq!(count(1, "item"), "1 item");
        assert_eq!(count(0, "item"), "0 items");
    }

    #[test]
    fn formats_sizes_with_a_suitable_unit() {
        for (size, expected) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (3_400_000, "3.4 MB"),
            (u64::MAX, "18446744.1 TB"),
        ] {
            assert_eq!(bytes(size), expected);
        }
    }
}
