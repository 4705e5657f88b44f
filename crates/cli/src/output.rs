//! What a run says: to people on standard error and output, to programs as one JSON document.

use std::collections::BTreeMap;
use std::io::Write;

use khizana_model::Problem;
use serde::Serialize;

use crate::failure::Failure;

/// Number of problems with the same code that are printed; the others are counted.
const PRINTED_PER_CODE: usize = 20;

/// Prints a failure: for people with the hint on a line of its own.
pub fn failure(failure: &Failure, json: bool) {
    if json {
        let document = serde_json::json!({ "error": {
            "code": failure.code, "message": failure.message, "hint": failure.hint,
        }});
        print(&document.to_string());
    }
    tell(&format!(
        "error[{}]: {}\n  hint: {}",
        failure.code, failure.message, failure.hint
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

/// Prints problems for people: location, message and hint.
pub fn problems(problems: &[Problem]) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        let count = seen.entry(problem.code).or_default();
        *count += 1;
        if *count > PRINTED_PER_CODE {
            continue;
        }
        tell(&format!("{problem}\n  hint: {}", problem.hint));
    }
    for (code, count) in seen
        .into_iter()
        .filter(|(_, count)| *count > PRINTED_PER_CODE)
    {
        tell(&format!(
            "{} more problems with the code {code}; use --json to list all of them",
            count - PRINTED_PER_CODE
        ));
    }
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
    use super::{bytes, count};

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
