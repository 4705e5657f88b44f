//! The places of problems, grouped by the kind of problem.

use std::collections::{BTreeMap, BTreeSet};

use khizana_model::{Correction, Language, Message, Piece, Problem, Severity};

/// Problems of the same kind: their messages and hints have the same templates.
pub(super) struct Kind<'a> {
    pub code: &'static str,
    pub severity: Severity,
    /// The problems, in the order of the table.
    pub problems: Vec<&'a Problem>,
}

/// A place in the source at which a problem occurs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub problem: &'a Problem,
    /// The number of the row, as a spreadsheet program displays it.
    pub row: Option<u64>,
    /// The column of the cell, counted from 0.
    pub column: Option<u32>,
    /// `true` if the message of the problem quotes this place, and not another one.
    pub is_first: bool,
}

/// Returns the kinds of problems: the errors first, and then in the order of their first problems.
pub(super) fn kinds(problems: &[Problem]) -> Vec<Kind<'_>> {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for problem in problems {
        let message = shape(&problem.message_of_occurrence());
        let key = (
            problem.severity,
            problem.code,
            message,
            shape(&problem.hint),
        );
        let index = *known.entry(key).or_insert(kinds.len());
        match kinds.get_mut(index) {
            Some(kind) => kind.problems.push(problem),
            None => kinds.push(Kind {
                code: problem.code,
                severity: problem.severity,
                problems: vec![problem],
            }),
        }
    }
    kinds.sort_by_key(|kind| kind.severity);
    kinds
}

/// Returns the words of a message without its values.
fn shape(message: &Message) -> String {
    let mut shape = String::new();
    message.pieces(Language::English, &mut |piece| match piece {
        Piece::Words(words) => shape.push_str(words),
        Piece::Value(_) => shape.push('…'),
    });
    shape
}

impl<'a> Kind<'a> {
    /// Returns the places at which the problems occur.
    pub(super) fn places(&self) -> Vec<Place<'a>> {
        self.problems
            .iter()
            .flat_map(|problem| places(problem))
            .collect()
    }

    /// Returns the text that all problems of the kind share, if `text` returns the same for all.
    pub(super) fn shared<T: PartialEq>(&self, text: impl Fn(&'a Problem) -> T) -> Option<T> {
        let mut texts = self.problems.iter().map(|problem| text(problem));
        let first = texts.next()?;
        texts.all(|text| text == first).then_some(first)
    }
}

fn places(problem: &Problem) -> Vec<Place<'_>> {
    let place = |row, column, is_first| Place {
        problem,
        row,
        column,
        is_first,
    };
    let cells = problem.cells.iter().filter_map(|cell| parse_cell(cell));
    let cells: BTreeSet<(u64, u32)> = cells.map(|(column, row)| (row, column)).collect();
    if problem.rows.is_empty() {
        let column = problem.cell.as_deref().and_then(parse_cell);
        return vec![place(problem.row, column.map(|(column, _)| column), true)];
    }
    let rows_of_cells: BTreeSet<u64> = cells.iter().map(|(row, _)| *row).collect();
    let rows = problem
        .rows
        .iter()
        .filter(|row| !rows_of_cells.contains(row));
    let mut all: BTreeSet<(u64, Option<u32>)> = rows.map(|row| (*row, None)).collect();
    all.extend(cells.into_iter().map(|(row, column)| (row, Some(column))));
    let mut all: Vec<Place> = all
        .into_iter()
        .map(|(row, column)| place(Some(row), column, false))
        .collect();
    if let Some(first) = all.first_mut() {
        first.is_first = true;
    }
    all
}

impl<'a> Place<'a> {
    /// Returns the corrections of the cell.
    pub(super) fn corrections(&self) -> impl Iterator<Item = &'a Correction> + use<'a> {
        let (row, column) = (self.row, self.column);
        self.problem.corrections.iter().filter(move |correction| {
            Some(correction.row) == row && column.is_none_or(|column| column == correction.column)
        })
    }

    /// Returns the name of the cell, such as `C17`.
    pub(super) fn cell(&self) -> Option<String> {
        self.row
            .zip(self.column)
            .map(|(row, column)| format!("{}{row}", column_name(column)))
    }

    /// Returns the file of the problem with the line and the column, if it is another file than the
    /// table.
    pub(super) fn file(&self) -> Option<String> {
        let problem = self.problem;
        if problem.file == problem.table && problem.row.is_some() {
            return None;
        }
        let mut file = problem.file.clone()?;
        for number in [problem.line, problem.column].into_iter().flatten() {
            file.push_str(&format!(":{number}"));
        }
        Some(file)
    }
}

/// Returns the identifiers of the items that are left out, or the numbers of their rows.
pub(super) fn left_out(problems: &[Problem]) -> Vec<LeftOut<'_>> {
    let mut items: BTreeMap<(&Option<String>, u64), Option<&str>> = BTreeMap::new();
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    for problem in errors {
        if let Some(row) = problem.row {
            let item = items.entry((&problem.table, row)).or_default();
            *item = item.or(problem.item.as_deref());
        }
    }
    let left_out = items.into_iter();
    left_out
        .map(|((_, row), item)| LeftOut { row, item })
        .collect()
}

/// A row whose item is left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LeftOut<'a> {
    pub row: u64,
    /// The identifier of the item, if the row has one.
    pub item: Option<&'a str>,
}

/// Returns the letters of a column, which is counted from 0.
pub(super) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Parses the name of a cell, such as `C17`. Returns the column, counted from 0, and the row.
fn parse_cell(name: &str) -> Option<(u32, u64)> {
    let letters = name.len()
        - name
            .trim_start_matches(|c: char| c.is_ascii_uppercase())
            .len();
    let (letters, row) = name.split_at_checked(letters)?;
    let column = letters.bytes().try_fold(0u32, |column, letter| {
        let digit = u32::from(letter - b'A') + 1;
        column.checked_mul(26)?.checked_add(digit)
    })?;
    Some((column.checked_sub(1)?, row.parse().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::{GroupedWarnings, RowPosition, message};

    use super::*;

    fn position(row: u64) -> RowPosition {
        RowPosition {
            table: "metadata.csv".to_owned(),
            row,
            line: row,
            sheet: None,
        }
    }

    #[test]
    fn cells_have_names() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_name(column), name);
            assert_eq!(parse_cell(&format!("{name}9")), Some((column, 9)));
        }
        for wrong in ["", "9", "A", "a1", "ZZZZZZZZZZ1", "A-1", "ع1"] {
            assert_eq!(parse_cell(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn problems_with_the_same_templates_are_one_kind() {
        let warning = |row: u64| {
            Problem::warning("w", message!("Row {row} is odd.", row), "H.").in_row(&position(row))
        };
        let mut grouped = GroupedWarnings::default();
        grouped.add("a", warning(7).in_cell("C7"));
        grouped.add("a", warning(8).in_cell("C8"));
        grouped.add("b", warning(9));
        let mut problems = grouped.into_problems();
        let error = Problem::error("e", "E.", "H.").in_row(&position(9));
        problems.extend([error.clone(), error.of_item("x")]);
        let kinds = kinds(&problems);
        assert_eq!(kinds.len(), 2);
        assert_eq!((kinds[0].code, kinds[0].places().len()), ("e", 2));
        let places = kinds[1].places();
        let cells: Vec<_> = places
            .iter()
            .map(|place| (place.row, place.cell()))
            .collect();
        assert_eq!(
            cells,
            [
                (Some(7), Some("C7".to_owned())),
                (Some(8), Some("C8".to_owned())),
                (Some(9), None),
            ]
        );
        assert_eq!(places.iter().filter(|place| place.is_first).count(), 2);
        // The row of the two errors is left out once.
        let item = Some("x");
        assert_eq!(left_out(&problems), [LeftOut { row: 9, item }]);
    }
}
