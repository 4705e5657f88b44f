//! The output of commands: text for people, or a JSON document for programs.

use std::collections::BTreeMap;
use std::io::Write;

use khizana_model::{Problem, printable};
use serde::Serialize;

use crate::failure::Failure;

/// Maximum number of printed problems with the same code. Further problems are only counted.
const MAX_PRINTED_PER_CODE: usize = 20;

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

/// Prints a line to standard error. Errors, such as a closed pipe, are ignored.
pub fn message(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
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
    } else {
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
        let mut corrections = problem.corrections.iter();
        // The proposal belongs to the row that the message names.
        if let Some(correction) = corrections.find(|c| Some(c.row) == problem.row) {
            message(&format!(
                "  write `{}` instead of `{}`",
                printable(&correction.to),
                printable(&correction.from)
            ));
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
