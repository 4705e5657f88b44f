//! What a run says: to people on standard error and output, to programs as one JSON document.

use std::collections::BTreeMap;
use std::io::Write;

use khizana_model::{Problem, Severity};
use serde::Serialize;

use crate::failure::Failure;

/// Problems of one code that are spelt out before the rest are counted.
const SPELT_OUT: usize = 20;

/// Prints a failure: for people with the hint on a line of its own.
pub fn failure(failure: &Failure, json: bool) {
    if json {
        let document = serde_json::json!({ "error": {
            "code": failure.code, "message": failure.message, "remedy": failure.remedy,
        }});
        print(&document.to_string());
    }
    tell(&format!(
        "error[{}]: {}\n  hint: {}",
        failure.code, failure.message, failure.remedy
    ));
}

/// Prints a line for people. Nobody reading is no error.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn print(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints the result of a run: the document for programs, or the words for people.
pub fn result(
    json: bool,
    document: &impl Serialize,
    words: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if json {
        print(&serde_json::to_string(document)?);
    } else {
        print(&words());
    }
    Ok(())
}

/// Prints problems for people: each with its place and what to do, the first of each code in full.
pub fn problems(problems: &[Problem]) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        let count = seen.entry(problem.code).or_default();
        *count += 1;
        if *count > SPELT_OUT {
            continue;
        }
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        tell(&format!(
            "{severity}[{}]: {}: {}\n  hint: {}",
            problem.code,
            place(problem),
            problem.message,
            problem.remedy
        ));
    }
    for (code, count) in seen.into_iter().filter(|(_, count)| *count > SPELT_OUT) {
        tell(&format!(
            "{} more of {code}; --json lists them all",
            count - SPELT_OUT
        ));
    }
}

/// Where a problem is. The line is one of the table: `metadata.csv:4 (item x)`, but
/// `scan.jp2 (item x, line 4)`, as the scan itself has no fourth line.
fn place(problem: &Problem) -> String {
    let is_of_table = [".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml"]
        .iter()
        .any(|end| problem.file.to_ascii_lowercase().ends_with(end));
    let mut place = problem.file.clone();
    let mut inside = Vec::new();
    if let Some(item) = &problem.item {
        inside.push(format!("item {item}"));
    }
    match problem.line {
        Some(line) if is_of_table => place.push_str(&format!(":{line}")),
        Some(line) => inside.push(format!("line {line}")),
        None => {}
    }
    if !inside.is_empty() {
        place.push_str(&format!(" ({})", inside.join(", ")));
    }
    place
}

/// A number with what it counts: `1 item`, `2 items`.
pub fn count(number: u64, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

/// A length in bytes, as people say it: `3.4 MB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        format!("{count} {name}")
    } else {
        format!("{value:.1} {name}")
    }
}

#[cfg(test)]
mod tests {
    use khizana_model::{Problem, Severity};

    use super::{bytes, count, place};

    #[test]
    fn a_line_is_that_of_the_table() {
        let mut problem = Problem {
            code: "image-truncated",
            severity: Severity::Error,
            file: "metadata.csv".into(),
            line: Some(4),
            item: Some("x".into()),
            message: String::new(),
            remedy: String::new(),
        };
        assert_eq!(place(&problem), "metadata.csv:4 (item x)");
        problem.file = "scans/1.jp2".into();
        assert_eq!(place(&problem), "scans/1.jp2 (item x, line 4)");
        problem.line = None;
        problem.item = None;
        assert_eq!(place(&problem), "scans/1.jp2");
    }

    #[test]
    fn one_of_a_thing_is_not_many() {
        assert_eq!(count(1, "item"), "1 item");
        assert_eq!(count(0, "item"), "0 items");
    }

    #[test]
    fn lengths_are_said_as_people_say_them() {
        for (count, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (3_400_000, "3.4 MB"),
            (u64::MAX, "18446744.1 TB"),
        ] {
            assert_eq!(bytes(count), said);
        }
    }
}
