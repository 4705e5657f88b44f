//! What is wrong with a source, one report a line: the `rejected` list of `ingest --json`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// Whether a problem keeps an item out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The item is rejected, or something the curator wrote could not be taken as meant: exit status 1.
    Error,
    /// The item goes through; the curator should know.
    Warning,
}

/// One problem: where it is, what it is, and what to do about it.
///
/// `code` is stable and documented in `docs/src/source.md`. `message` and `remedy` are for people
/// and may be reworded; whatever they repeat from the source has gone through [`shown`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable, kebab-case: `id-missing`.
    pub code: &'static str,
    /// Whether the item is kept out.
    pub severity: Severity,
    /// The file the problem is in, relative to the source.
    pub file: String,
    /// The line on which the row begins, counted from 1, and of WebVTT the line in the file itself;
    /// absent where the problem is not in a line.
    pub line: Option<u64>,
    /// The identifier of the item, as far as it is known.
    pub item: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Problem {
    /// `metadata.csv:12: error[id-missing]: … Remedy.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, ": {severity}[{}]", self.code)?;
        if let Some(item) = &self.item {
            write!(f, " {item}")?;
        }
        write!(f, ": {} {}", self.message, self.remedy)
    }
}

/// A text of the source made safe to print: in one line, without characters that control a
/// terminal or turn the line around, cut at 120 characters.
pub fn shown(text: &str) -> String {
    let mut safe = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == 120 {
            safe.push('…');
            break;
        }
        if c.is_control() || is_invisible(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Characters that change how others are shown and are not seen themselves.
fn is_invisible(c: char) -> bool {
    matches!(c as u32, 0x061C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
        | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

/// Problems that may come once a row, folded into one a column: the first, and how many more.
#[derive(Debug, Default)]
pub struct Notes {
    folded: BTreeMap<(&'static str, String), (u64, Problem)>,
}

impl Notes {
    /// Adds a problem of a column (empty where it is of none).
    pub fn add(&mut self, column: &str, problem: Problem) {
        if let Some((count, _)) = self.folded.get_mut(&(problem.code, column.to_owned())) {
            *count += 1;
        } else {
            self.folded
                .insert((problem.code, column.to_owned()), (1, problem));
        }
    }

    /// Adds a problem that is told once, however often it comes.
    pub fn once(&mut self, column: &str, problem: Problem) {
        self.folded
            .entry((problem.code, column.to_owned()))
            .or_insert((1, problem));
    }

    /// The problems, in order of their first lines.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self
            .folded
            .into_values()
            .map(|(count, mut problem)| {
                if count > 1 {
                    problem
                        .message
                        .push_str(&format!(" {count} times in this table; this is the first."));
                }
                problem
            })
            .collect();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn problem(line: u64) -> Problem {
        Problem {
            code: "date-not-edtf",
            severity: Severity::Warning,
            file: "metadata.csv".into(),
            line: Some(line),
            item: Some("x".into()),
            message: "Not EDTF.".into(),
            remedy: "Write it so.".into(),
        }
    }

    #[test]
    fn what_is_printed_cannot_turn_the_line_or_drive_the_terminal() {
        assert_eq!(
            shown("a\u{202e}b\u{1b}[2J\n\0"),
            "a\\u{202e}b\\u{1b}[2J\\u{a}\\u{0}"
        );
        assert_eq!(shown("كِتاب"), "كِتاب");
        assert_eq!(shown(&"ع".repeat(500)).chars().count(), 121);
    }

    #[test]
    fn repeated_problems_of_a_column_are_one_with_their_count() {
        let mut notes = Notes::default();
        notes.add("date", problem(7));
        notes.add("date", problem(9));
        notes.add("date_hijri", problem(3));
        let folded = notes.into_problems();
        assert_eq!(folded.len(), 2);
        assert_eq!(folded[0].line, Some(3));
        assert_eq!(folded[0].message, "Not EDTF.");
        assert_eq!(folded[1].line, Some(7));
        assert!(
            folded[1].message.contains("2 times"),
            "{}",
            folded[1].message
        );
    }

    #[test]
    fn the_report_is_the_documented_json() {
        assert_eq!(
            serde_json::to_string(&problem(2)).unwrap(),
            r#"{"code":"date-not-edtf","severity":"warning","file":"metadata.csv","line":2,"item":"x","message":"Not EDTF.","remedy":"Write it so."}"#
        );
        assert_eq!(
            problem(2).to_string(),
            "metadata.csv:2: warning[date-not-edtf] x: Not EDTF. Write it so."
        );
    }
}
