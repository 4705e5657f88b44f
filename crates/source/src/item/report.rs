//! Reports of the problems of rows.

use khizana_model::{Correction, Message, Problem, RowPosition, message};

use super::{Column, FileError, Role, cell_name};

/// The errors found in a row so far.
pub(super) struct RowReport<'a> {
    position: RowPosition,
    columns: &'a [Column],
    /// `true` if the row consists of cells, and not of the members of an object.
    has_cells: bool,
    /// The column to which the next problems belong, counted from 0.
    column: Option<u32>,
    /// The columns whose values are used for a role instead of those of the column with the role.
    moved: Vec<(Role, Option<u32>)>,
    /// The identifier of the item as written in the row, if there is one.
    pub item: Option<String>,
    pub problems: Vec<Problem>,
}

impl RowReport<'_> {
    pub(super) fn new(position: RowPosition, columns: &[Column], has_cells: bool) -> RowReport<'_> {
        RowReport {
            position,
            columns,
            has_cells,
            column: None,
            moved: Vec::new(),
            item: None,
            problems: Vec::new(),
        }
    }

    /// Assigns the next problems to a column.
    pub(super) fn about(&mut self, column: usize) {
        self.column = u32::try_from(column).ok();
    }

    /// Returns the column to which the next problems belong, counted from 0.
    pub(super) fn column(&self) -> Option<u32> {
        self.column
    }

    /// Assigns the problems of a role to another column.
    pub(super) fn move_role(&mut self, role: Role, column: Option<u32>) {
        self.moved.push((role, column));
    }

    /// Assigns the next problems to the first column with one of the roles.
    pub(super) fn about_role(&mut self, roles: &[Role]) {
        if !self.has_cells {
            return;
        }
        let mut moved = self.moved.iter();
        if let Some((_, column)) = moved.find(|(role, _)| roles.contains(role)) {
            self.column = *column;
        } else {
            let mut roles_of_columns = self.columns.iter().map(|column| &column.role);
            let column = roles_of_columns.position(|role| roles.contains(role));
            self.column = column.and_then(|column| u32::try_from(column).ok());
        }
    }

    /// Assigns the next problems to the column with this name.
    pub(super) fn about_header(&mut self, header: &str) {
        let mut columns = self.columns.iter();
        let column = columns.position(|column| column.header == header);
        self.column = column.and_then(|column| u32::try_from(column).ok());
    }

    /// Creates an error about the row without adding it.
    pub(super) fn problem(
        &self,
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Problem {
        let mut problem = Problem::error(code, message, hint).in_row(&self.position);
        if let Some(column) = self.column.filter(|_| self.has_cells) {
            problem = problem.in_cell(cell_name(column, self.position.row));
        }
        match &self.item {
            Some(id) => problem.of_item(id),
            None => problem,
        }
    }

    /// Creates a warning about the row without adding it.
    pub(super) fn warning(
        &self,
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Problem {
        Problem {
            severity: khizana_model::Severity::Warning,
            ..self.problem(code, message, hint)
        }
    }

    /// Adds a replacement for a text in the current cell to a problem. `is_safe` is `true` if the
    /// replacement certainly means the same.
    pub(super) fn corrected(
        &self,
        problem: Problem,
        from: &str,
        to: impl Into<String>,
        is_safe: bool,
    ) -> Problem {
        match self.column.filter(|_| self.has_cells) {
            Some(column) => problem.with_correction(Correction {
                row: self.position.row,
                column,
                from: from.to_owned(),
                to: to.into(),
                is_safe,
            }),
            None => problem,
        }
    }

    /// Adds an error about the row.
    pub(super) fn error(
        &mut self,
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) {
        let problem = self.problem(code, message, hint);
        self.problems.push(problem);
    }

    /// Adds an error about a path in the row. `path` is the path as it is written.
    pub(super) fn file_error(&mut self, path: &str, error: &FileError) {
        let mut problem = self.problem(error.code, error.message.clone(), error.hint.clone());
        if let Some(corrected) = &error.corrected {
            // The same name in letters of another case, or the end of an absolute path.
            let (old, new) = (
                path.replace('\\', "/").to_lowercase(),
                corrected.to_lowercase(),
            );
            let is_end = error.code == "file-outside" && old.ends_with(&format!("/{new}"));
            let is_safe = old == new || is_end;
            problem = self.corrected(problem, path, corrected, is_safe);
        }
        self.problems.push(problem);
    }

    /// Returns the first value of a column. Adds an error if there are several values.
    pub(super) fn at_most_one(&mut self, name: &str, values: Vec<String>) -> Option<String> {
        if values.len() > 1 {
            self.error(
                "value-invalid",
                message!(
                    "`{name}` has {count} values; at most one is allowed.",
                    name,
                    count = values.len()
                ),
                "Keep one of them.",
            );
        }
        values.into_iter().next()
    }
}
