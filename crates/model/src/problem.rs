//! Problems in sources, archives and sites.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Correction, Message, message};

/// Severity of a [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The item is rejected, or data is lost or damaged. The exit status is 1.
    Error,
    /// The item is accepted.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// The position of a row in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPosition {
    /// The name of the table.
    pub table: String,
    /// The number of the row as a spreadsheet program counts it: the header is row 1, a blank line
    /// counts as a row, and a row that contains line breaks counts once. In a table without a
    /// header, this is the number of the item.
    pub row: u64,
    /// The line in the text of the table on which the row begins, starting at 1. In a workbook, the
    /// number of the row.
    pub line: u64,
    /// The name of the sheet, if the table is a workbook.
    pub sheet: Option<String>,
}

/// A problem: its location, a description, and a hint.
///
/// A problem has up to two locations: a row of a table, and a file, with the line and the column if
/// it is a text file. If the problem is in the row itself, the file is the table.
///
/// `code` is stable and documented. `message` and `hint` are meant for people and may be reworded.
/// Text that they quote from the source has been escaped with [`printable`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable identifier in kebab case, for example `id-missing`.
    pub code: &'static str,
    /// Severity of the problem.
    pub severity: Severity,
    /// The table that contains the row.
    pub table: Option<String>,
    /// The row; see [`RowPosition::row`].
    pub row: Option<u64>,
    /// All rows in which the problem occurs, if it is reported once for several rows. `row` is the
    /// first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<u64>,
    /// The name of the sheet, if the table is a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The cell in the sheet, or in a CSV file as a spreadsheet program displays it, for example `C17`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// All cells in which the problem occurs, if it is reported once for several cells. `cell` is the
    /// first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
    /// Replacements for the texts of cells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// The path of the file, relative to the source, the archive or the site.
    pub file: Option<String>,
    /// The line in the file, starting at 1.
    pub line: Option<u64>,
    /// The column in the line, in characters, starting at 1.
    pub column: Option<u64>,
    /// Identifier of the item, if it is known.
    pub item: Option<String>,
    /// A description of the problem, in whole sentences.
    pub message: Message,
    /// A hint for fixing the problem, in whole sentences.
    pub hint: Message,
}

impl Problem {
    /// Creates an error without a location.
    pub fn error(
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Problem {
        Problem {
            code,
            severity: Severity::Error,
            table: None,
            row: None,
            rows: Vec::new(),
            sheet: None,
            cell: None,
            cells: Vec::new(),
            corrections: Vec::new(),
            file: None,
            line: None,
            column: None,
            item: None,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// Creates a warning without a location.
    pub fn warning(
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..Problem::error(code, message, hint)
        }
    }

    /// Sets the file.
    pub fn in_file(self, file: impl Into<String>) -> Problem {
        Problem {
            file: Some(file.into()),
            ..self
        }
    }

    /// Sets the line in the file.
    pub fn at_line(self, line: u64) -> Problem {
        Problem {
            line: Some(line),
            ..self
        }
    }

    /// Sets the line and the column in the file.
    pub fn at(self, line: u64, column: u64) -> Problem {
        Problem {
            line: Some(line),
            column: Some(column),
            ..self
        }
    }

    /// Sets the row of the table. If the problem has no file yet, sets the file to the table.
    pub fn in_row(mut self, position: &RowPosition) -> Problem {
        self.table = Some(position.table.clone());
        self.row = Some(position.row);
        self.sheet.clone_from(&position.sheet);
        if self.file.is_none() {
            self.file = Some(position.table.clone());
            self.line = position.text_line();
        }
        self
    }

    /// Sets the cell in the sheet.
    pub fn in_cell(self, cell: impl Into<String>) -> Problem {
        Problem {
            cell: Some(cell.into()),
            ..self
        }
    }

    /// Adds a replacement for the text of a cell.
    pub fn with_correction(mut self, correction: Correction) -> Problem {
        self.corrections.push(correction);
        self
    }

    /// Returns the message about one occurrence, if the problem is reported once for several rows.
    pub fn message_of_occurrence(&self) -> Message {
        match self.rows.is_empty() {
            true => self.message.clone(),
            // `GroupedWarnings` appends the number of occurrences.
            false => self.message.without_last(),
        }
    }

    /// Moves a problem of a row to another position of that row in the table.
    pub fn moved_to(mut self, position: &RowPosition) -> Problem {
        if self.row.is_some() {
            if self.file == self.table {
                self.file = Some(position.table.clone());
                self.line = position.text_line();
            }
            self.table = Some(position.table.clone());
            self.row = Some(position.row);
            self.sheet.clone_from(&position.sheet);
            self.cell = self.cell.map(|cell| moved_cell(&cell, position.row));
            for correction in &mut self.corrections {
                correction.row = position.row;
            }
        }
        self
    }

    /// Sets the identifier of the item to `id`, which is escaped with [`printable`].
    pub fn of_item(self, id: &str) -> Problem {
        Problem {
            item: Some(printable(id)),
            ..self
        }
    }

    /// Formats the location in English. Empty if there is none.
    pub fn location(&self) -> String {
        self.place()
            .map_or_else(String::new, |place| place.to_string())
    }

    /// Returns the location: `metadata.csv, row 4 (item x)`, `metadata.csv:7 (row 4, item x)` if
    /// the line number differs from the row number, or `data.csv:2:7 (metadata.csv, row 4, item
    /// x)`. In a workbook, the row is preceded by the sheet, `metadata.xlsx, Items, row 4`, or the cell
    /// is named instead: `metadata.xlsx, Items!C4`.
    pub fn place(&self) -> Option<Message> {
        let is_table = self.file == self.table;
        let (place, context) = match &self.sheet {
            Some(sheet) => self.place_in_sheet(sheet, is_table),
            None => self.place_in_text(is_table),
        };
        let item = self.item.as_ref().map(|id| message!("item {id}", id));
        let context = Message::list(context.into_iter().chain(item));
        match (place, context) {
            (Some(place), Some(context)) => Some(message!("{place} ({context})", place, context)),
            (place, context) => place.or(context),
        }
    }

    /// Returns the place, and the row if it is not the place.
    fn place_in_text(&self, is_table: bool) -> (Option<Message>, Option<Message>) {
        let row = self.row.map(|row| match &self.table {
            Some(table) if !is_table || self.line == Some(row) => {
                message!("{table}, row {row}", table, row)
            }
            _ => message!("row {row}", row),
        });
        match &self.file {
            Some(_) if is_table && row.is_some() && self.line == self.row => (row, None),
            Some(file) => (Some(self.position_in_file(file)), row),
            None => (row, None),
        }
    }

    /// Returns the place of a problem in a workbook, and the cell or row if it is not the place.
    fn place_in_sheet(&self, sheet: &str, is_table: bool) -> (Option<Message>, Option<Message>) {
        let place = match (&self.cell, self.row) {
            (Some(cell), _) => Message::from(format!("{}!{cell}", quoted_sheet(sheet))),
            (None, Some(row)) => message!("{sheet}, row {row}", sheet, row),
            (None, None) => Message::from(sheet.to_owned()),
        };
        let place = match &self.table {
            Some(table) => message!("{table}, {place}", table, place),
            None => place,
        };
        match &self.file {
            Some(file) if !is_table => (Some(self.position_in_file(file)), Some(place)),
            _ => (Some(place), None),
        }
    }

    /// Returns the file with the line and the column: `data.csv:2:7`.
    fn position_in_file(&self, file: &str) -> Message {
        let numbers = [self.line, self.column].into_iter().flatten();
        let numbers: String = numbers.map(|number| format!(":{number}")).collect();
        Message::from(format!("{file}{numbers}"))
    }
}

impl RowPosition {
    /// Returns the line of the row, if the table is a text.
    fn text_line(&self) -> Option<u64> {
        self.sheet.is_none().then_some(self.line)
    }
}

/// Returns the name of a sheet as it is written before a cell: `Items`, or `'My items'`.
pub fn quoted_sheet(sheet: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    if sheet.chars().all(is_plain) {
        sheet.to_owned()
    } else {
        format!("'{}'", sheet.replace('\'', "''"))
    }
}

/// Returns the cell in the same column of another row.
fn moved_cell(cell: &str, row: u64) -> String {
    let column = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    format!("{column}{row}")
}

impl fmt::Display for Problem {
    /// Formats the problem as `error[id-missing]: metadata.csv, row 4: The row has no identifier.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: ", self.severity, self.code)?;
        let location = self.location();
        if !location.is_empty() {
            write!(f, "{location}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Sorts problems in the order of the table. Problems without a row come first, followed by the
/// others, sorted by row. The problems of a row are sorted by file and line.
pub fn sort_problems(problems: &mut [Problem]) {
    fn key(problem: &Problem) -> impl Ord + '_ {
        (
            problem.row,
            // Problems in the row itself come before problems in its files.
            problem.file != problem.table,
            &problem.file,
            problem.line,
            problem.column,
            problem.code,
        )
    }
    problems.sort_by(|a, b| key(a).cmp(&key(b)));
}

/// Escapes text from a source for use in a message. The result is a single line without terminal or
/// bidirectional control characters. It is truncated after 120 characters of the text.
pub fn printable(text: &str) -> String {
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

/// Returns `true` if a character is invisible and affects how other characters are displayed.
pub fn is_invisible(c: char) -> bool {
    matches!(c as u32, 0x061C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
        | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

impl<'de> Deserialize<'de> for Problem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Members {
            code: String,
            severity: Severity,
            table: Option<String>,
            row: Option<u64>,
            #[serde(default)]
            rows: Vec<u64>,
            sheet: Option<String>,
            cell: Option<String>,
            #[serde(default)]
            cells: Vec<String>,
            #[serde(default)]
            corrections: Vec<Correction>,
            file: Option<String>,
            line: Option<u64>,
            column: Option<u64>,
            item: Option<String>,
            message: Message,
            hint: Message,
        }
        let members = Members::deserialize(deserializer)?;
        Ok(Problem {
            code: interned(members.code),
            severity: members.severity,
            table: members.table,
            row: members.row,
            rows: members.rows,
            sheet: members.sheet,
            cell: members.cell,
            cells: members.cells,
            corrections: members.corrections,
            file: members.file,
            line: members.line,
            column: members.column,
            item: members.item,
            message: members.message,
            hint: members.hint,
        })
    }
}

/// Returns a code with a static lifetime. Each code is allocated once and never released.
fn interned(code: String) -> &'static str {
    static CODES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = codes.iter().find(|known| **known == code) {
        return known;
    }
    let code: &'static str = Box::leak(code.into_boxed_str());
    codes.push(code);
    code
}

/// A set of warnings that may occur in every row of a table. Warnings with the same code and column
/// are merged into one warning that lists all rows.
#[derive(Debug, Default)]
pub struct GroupedWarnings {
    grouped: BTreeMap<(&'static str, String), Problem>,
}

impl GroupedWarnings {
    /// Adds a warning about a column. `column` is empty if the warning does not concern a column.
    pub fn add(&mut self, column: &str, problem: Problem) {
        let (row, cell) = (problem.row, problem.cell.clone());
        match self.grouped.entry((problem.code, column.to_owned())) {
            Entry::Vacant(entry) => {
                let first = entry.insert(problem);
                first.rows.extend(row);
                first.cells.extend(cell);
            }
            Entry::Occupied(mut entry) => {
                let first = entry.get_mut();
                first.rows.extend(row);
                first.cells.extend(cell);
                first.corrections.extend(problem.corrections);
            }
        }
    }

    /// Adds a problem that is reported only once per code and column, however often it occurs.
    pub fn once(&mut self, column: &str, problem: Problem) {
        self.grouped
            .entry((problem.code, column.to_owned()))
            .or_insert(problem);
    }

    /// Returns the problems in the order of the table.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self
            .grouped
            .into_values()
            .map(|mut problem| {
                let count = problem.rows.len();
                if count > 1 {
                    problem.message = problem.message.then(message!(
                        "This occurs {count} times in the table; this is the first occurrence.",
                        count
                    ));
                    // The same warning may occur several times in a row that has several values.
                    problem.rows.dedup();
                    problem.cells.dedup();
                } else {
                    problem.rows.clear();
                    problem.cells.clear();
                }
                problem
            })
            .collect();
        sort_problems(&mut problems);
        problems
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(row: u64) -> RowPosition {
        RowPosition {
            table: "metadata.csv".into(),
            row,
            line: row,
            sheet: None,
        }
    }

    fn problem(number: u64) -> Problem {
        Problem::warning("date-not-edtf", "Not EDTF.", "Use EDTF.")
            .in_row(&row(number))
            .of_item("x")
    }

    #[test]
    fn escapes_control_characters() {
        assert_eq!(
            printable("a\u{202e}b\u{1b}[2J\n\0"),
            "a\\u{202e}b\\u{1b}[2J\\u{a}\\u{0}"
        );
        assert_eq!(printable("كِتاب"), "كِتاب");
        assert_eq!(printable(&"ع".repeat(500)).chars().count(), 121);
    }

    #[test]
    fn merges_warnings_of_a_column_and_lists_their_rows() {
        let mut warnings = GroupedWarnings::default();
        warnings.add("date", problem(7));
        warnings.add("date", problem(9));
        warnings.add("date", problem(9));
        warnings.add("date_hijri", problem(3));
        let grouped = warnings.into_problems();
        assert_eq!(grouped.len(), 2);
        assert_eq!((grouped[0].row, grouped[0].rows.len()), (Some(3), 0));
        assert_eq!(grouped[0].message, "Not EDTF.");
        assert_eq!((grouped[1].row, &*grouped[1].rows), (Some(7), &[7, 9][..]));
        assert!(grouped[1].message.contains("3 times"), "{}", grouped[1]);
        for problem in grouped {
            assert_eq!(problem.message_of_occurrence(), "Not EDTF.");
        }
    }

    #[test]
    fn location_names_the_file_then_the_row_and_the_item() {
        let problem = problem(4);
        assert_eq!(problem.location(), "metadata.csv, row 4 (item x)");
        assert_eq!(
            problem.to_string(),
            "warning[date-not-edtf]: metadata.csv, row 4 (item x): Not EDTF."
        );
        let after_line_break = Problem {
            line: Some(7),
            ..problem
        };
        assert_eq!(
            after_line_break.location(),
            "metadata.csv:7 (row 4, item x)"
        );
        let in_file = Problem::error("text-not-utf8", "", "").in_file("data.csv");
        assert_eq!(in_file.location(), "data.csv");
        let in_file = in_file.at(2, 7).in_row(&row(4)).of_item("x");
        assert_eq!(
            in_file.location(),
            "data.csv:2:7 (metadata.csv, row 4, item x)"
        );
        assert_eq!(
            Problem::error("a", "", "").of_item("x").location(),
            "item x"
        );
        assert_eq!(Problem::error("a", "b", "").to_string(), "error[a]: b");
    }

    #[test]
    fn location_in_a_workbook_names_the_sheet_and_the_cell() {
        let position = RowPosition {
            table: "a.xlsx".into(),
            row: 4,
            line: 4,
            sheet: Some("My items".into()),
        };
        let problem = Problem::error("a", "", "").in_row(&position).of_item("x");
        assert_eq!(problem.location(), "a.xlsx, My items, row 4 (item x)");
        assert_eq!(problem.line, None);
        let problem = problem.in_cell("AB4");
        assert_eq!(problem.location(), "a.xlsx, 'My items'!AB4 (item x)");
        let file = Problem::error("a", "", "").in_file("1.txt").at(2, 7);
        let file = file.in_row(&position).in_cell("C4");
        assert_eq!(file.location(), "1.txt:2:7 (a.xlsx, 'My items'!C4)");
        let moved = problem.moved_to(&RowPosition {
            row: 9,
            sheet: Some("الوثائق".into()),
            ..position
        });
        assert_eq!(moved.location(), "a.xlsx, الوثائق!AB9 (item x)");
    }

    #[test]
    fn sorts_problems_in_the_order_of_the_table() {
        let mut problems = vec![
            Problem::error("d", "", "").in_file("2.jpg").in_row(&row(5)),
            Problem::error("c", "", "")
                .in_file("1.txt")
                .at_line(9)
                .in_row(&row(5)),
            Problem::error("b", "", "").in_row(&row(5)),
            Problem::error("e", "", "").in_row(&row(40)),
            Problem::error("a", "", "").in_file("metadata.csv"),
        ];
        sort_problems(&mut problems);
        let codes: String = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, "abcde");
    }

    #[test]
    fn json_has_the_documented_members() {
        assert_eq!(
            serde_json::to_string(&problem(2)).unwrap(),
            r#"{"code":"date-not-edtf","severity":"warning","table":"metadata.csv","row":2,"file":"metadata.csv","line":2,"column":null,"item":"x","message":"Not EDTF.","hint":"Use EDTF."}"#
        );
    }
}
