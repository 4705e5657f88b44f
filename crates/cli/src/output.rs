//! The output of commands: text for people, or a JSON document for programs.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use khizana_model::{Correction, Language, Message, Problem, Severity, message, plural, printable};
use khizana_source::cell_name;
use serde::Serialize;

use crate::failure::Failure;
use crate::language;
use crate::terminal::{self, Kind};

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
    coded(
        Severity::Error,
        failure.code,
        &failure.message,
        &failure.hint,
    );
}

/// Prints a message with its code, and its hint.
fn coded(severity: Severity, code: &str, message: &Message, hint: &Message) {
    let (kind, label) = match severity {
        Severity::Error => (Kind::Error, message!("error")),
        Severity::Warning => (Kind::Warning, message!("warning")),
    };
    if is_quiet() && kind != Kind::Error {
        return;
    }
    let label = format!("{}[{code}]", text(&label));
    terminal::write_labelled(kind, &label, &text(message));
    terminal::write_labelled(Kind::Hint, &text(&message!("hint")), &text(hint));
}

/// Prints an error in the arguments, and a hint.
pub fn usage_error(message: &Message, hint: &Message) {
    terminal::write_labelled(Kind::Error, &text(&message!("error")), &text(message));
    terminal::write_labelled(Kind::Hint, &text(&message!("hint")), &text(hint));
}

/// Returns the text of a message in the language of the user.
pub fn text(message: &Message) -> String {
    message.in_language(language::current())
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

/// Prints a message to standard error, unless only errors are printed.
pub fn message(message: &Message) {
    if !is_quiet() {
        terminal::write_line(&text(message));
    }
}

/// Prints a message that belongs to the one before, unless only errors are printed.
pub fn detail(message: &Message) {
    if !is_quiet() {
        terminal::write_line(&format!("  {}", text(message)));
    }
}

/// Prints a note to standard error, unless only errors are printed.
pub fn note(message: &Message) {
    if !is_quiet() {
        terminal::write_labelled(Kind::Note, &text(&message!("note")), &text(message));
    }
}

fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints the result of a command: `document` if `json` is `true`, otherwise the lines that `lines` returns.
///
/// # Errors
/// Returns an error if the document cannot be serialized.
pub fn result(
    json: bool,
    document: &impl Serialize,
    lines: impl FnOnce() -> Vec<String>,
) -> Result<(), Failure> {
    if json {
        print_line(&serde_json::to_string(document)?);
    } else if !is_quiet() {
        for line in lines() {
            print_line(&line);
        }
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
        let message = problem.message.clone();
        let located = match problem.place() {
            Some(place) => message!("{place}: {message}", place, message),
            None => message,
        };
        coded(problem.severity, problem.code, &located, &problem.hint);
        if let Some(places) = places(problem) {
            detail(&message!("all places: {places}", places));
        }
        for correction in problem.corrections.iter().take(MAX_CORRECTIONS) {
            detail(&proposal(correction));
        }
        let count = problem.corrections.len().saturating_sub(MAX_CORRECTIONS);
        if count > 0 {
            detail(&message!("proposals for other places: {count}", count));
        }
    }
    for (code, count) in counts
        .into_iter()
        .filter(|(_, count)| *count > MAX_PRINTED_PER_CODE)
    {
        message(&message!(
            "Further problems with the code {code}: {count}; use --json to list all of them",
            code,
            count = count - MAX_PRINTED_PER_CODE
        ));
    }
}

/// Returns the text of a correction: the cell, and what to write instead.
pub fn proposal(correction: &Correction) -> Message {
    let cell = cell_name(correction.column, correction.row);
    let (to, from) = (printable(&correction.to), printable(&correction.from));
    match correction.is_safe {
        true => message!("{cell}: write `{to}` instead of `{from}`", cell, to, from),
        false => message!(
            "{cell}: write `{to}` instead of `{from}`, if that is meant",
            cell,
            to,
            from
        ),
    }
}

/// Lists the cells or the rows in which a problem occurs, if there are several.
fn places(problem: &Problem) -> Option<Message> {
    let places: Vec<Message> = match problem.cells.is_empty() {
        true => problem
            .rows
            .iter()
            .map(|row| message!("row {row}", row))
            .collect(),
        false => problem.cells.iter().cloned().map(Message::from).collect(),
    };
    let count = places.len();
    if count < 2 {
        return None;
    }
    let names = Message::list(places.into_iter().take(MAX_PLACES))?;
    Some(match count.saturating_sub(MAX_PLACES) {
        0 => names,
        more => message!("{names} and {more} more", names, more),
    })
}

/// Returns a number of items.
pub fn items(count: u64) -> Message {
    plural!("{count} item", "{count} items", count)
}

/// Returns a number of files.
pub fn files(count: u64) -> Message {
    plural!("{count} file", "{count} files", count)
}

/// Formats a number with one digit after the decimal separator.
pub fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    match language::current() {
        Language::French => text.replace('.', ","),
        Language::Arabic | Language::English => text,
    }
}

/// Formats a size in bytes: `3.4 MB`.
pub fn bytes(size: u64) -> Message {
    let mut value = size as f64 / 1000.0;
    if size < 1000 {
        return plural!("{size} byte", "{size} bytes", size);
    }
    let mut unit = 0;
    while value >= 999.5 && unit < 3 {
        value /= 1000.0;
        unit += 1;
    }
    let size = decimal(value);
    match unit {
        0 => message!("{size} kB", size),
        1 => message!("{size} MB", size),
        2 => message!("{size} GB", size),
        _ => message!("{size} TB", size),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn formats_sizes_with_a_suitable_unit() {
        for (size, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (999_400, "999.4 kB"),
            (3_400_000, "3.4 MB"),
            (u64::MAX, "18446744.1 TB"),
        ] {
            assert_eq!(bytes(size), expected);
        }
    }
}
