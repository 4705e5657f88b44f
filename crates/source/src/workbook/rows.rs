//! Conversion of the rows of a sheet to rows of a table.

use std::sync::Arc;

use khizana_model::Problem;

use super::cell::{Cell, Content, SheetRow};
use super::error::WorkbookError;
use super::links::{is_worth_reporting, linked_value};
use super::notes::{Note, Notes};
use super::serial::is_year;
use super::sheet::SheetReader;
use super::{Fault, Workbook};
use crate::column::{Column, Role, columns};
use crate::reader::{ReadError, TableRow, Value};
use crate::{Dialect, SourceError, literal};

/// An iterator over the rows below the header of a sheet.
#[derive(Debug)]
pub(crate) struct WorkbookRows {
    workbook: Arc<Workbook>,
    columns: Vec<Column>,
    reader: SheetReader,
    row: SheetRow,
    notes: Notes,
    /// `true` for each column whose values were already reported to be hidden.
    hidden_reported: Vec<bool>,
    is_done: bool,
}

impl WorkbookRows {
    pub(super) fn new(workbook: Arc<Workbook>) -> Result<WorkbookRows, WorkbookError> {
        let reader = workbook.reader();
        let reader = reader.map_err(|fault| workbook.error(None, fault))?;
        let dialect = Dialect::detect(workbook.header()).unwrap_or(Dialect::Khizana);
        let columns = columns(workbook.header(), dialect);
        let mut notes = Notes::new(&workbook.file, &workbook.sheet);
        for (row, column) in workbook.book.images() {
            notes.add((*row, *column), "", Note::Image);
        }
        if workbook.book.is_xls() {
            notes.add_for_sheet(
                "xls-limited",
                "The workbook is in the old format of Excel, of which links, number formats such as 007, hidden rows and images are not read.",
                "Save it as Excel Workbook (.xlsx).",
            );
        }
        Ok(WorkbookRows {
            hidden_reported: vec![false; columns.len()],
            workbook,
            columns,
            reader,
            row: SheetRow::default(),
            notes,
            is_done: false,
        })
    }

    pub(crate) fn header(&self) -> &[String] {
        self.workbook.header()
    }

    /// Returns the number of the row with the names of the columns.
    pub(crate) fn header_row(&self) -> u64 {
        self.workbook.header.row
    }

    /// Returns the warnings about the cells that have been read.
    pub(crate) fn into_notes(mut self) -> Vec<Problem> {
        if self.reader.has_image() {
            self.notes.add_for_sheet(
                "image-pasted",
                "An image is pasted into the sheet. It does not become a file of an item.",
                "Save the image as a file next to the workbook, and write its name in the column `file` of its item, unless the cell already names it.",
            );
        }
        self.notes.into_problems()
    }

    /// Reads the next row that is not empty. Returns `None` after the last row.
    pub(crate) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        while !self.is_done {
            match self.read() {
                Ok(Some(row)) => return Some(Ok(row)),
                Ok(None) => {}
                Err(fault) => {
                    self.is_done = true;
                    let error = self.workbook.error(self.reader.position(), fault);
                    return Some(Err(ReadError::Table(SourceError::Workbook(error))));
                }
            }
        }
        None
    }

    /// Reads the next row. Returns `None` if it is empty or belongs to the header.
    fn read(&mut self) -> Result<Option<TableRow>, Fault> {
        let mut row = std::mem::take(&mut self.row);
        let has_row = self.reader.next_row(&mut row);
        let result = match has_row {
            Ok(true) if row.number > self.header_row() => Ok(self.convert(&row)),
            Ok(has_row) => {
                self.is_done = !has_row;
                Ok(None)
            }
            Err(fault) => Err(fault),
        };
        self.row = row;
        result
    }

    fn convert(&mut self, row: &SheetRow) -> Option<TableRow> {
        let mut values = vec![Value::Nothing; self.columns.len()];
        for cell in &row.cells {
            let value = self.value(row.number, cell);
            match values.get_mut(cell.column as usize) {
                Some(place) => *place = value,
                None if value != Value::Nothing => {
                    self.notes.add((row.number, cell.column), "", Note::Unnamed);
                }
                None => {}
            }
        }
        if values.iter().all(|value| *value == Value::Nothing) {
            return None;
        }
        if row.is_hidden {
            self.notes.add((row.number, 0), "", Note::HiddenRow);
        }
        Some(TableRow {
            number: row.number,
            line: row.number,
            names: None,
            values,
            file: None,
        })
    }

    /// Returns the value of a cell, and reports what is unusual about the cell.
    fn value(&mut self, row: u64, cell: &Cell) -> Value {
        let at = (row, cell.column);
        let index = cell.column as usize;
        let column = self.columns.get(index);
        let header = column.map_or("", |column| column.header.as_str());
        let notes = &mut self.notes;
        if let Some(range) = &cell.merged {
            notes.add(at, header, Note::Merged(range));
        }
        if cell.has_image {
            notes.add(at, header, Note::Image);
            return Value::Nothing;
        }
        if cell.is_external && cell.content != Content::Uncomputed {
            notes.add(at, header, Note::External);
        }
        let role = column.map(|column| &column.role);
        let text = match &cell.content {
            Content::Empty => return Value::Nothing,
            Content::Uncomputed => {
                let note = match cell.is_external {
                    true => Note::UncomputedExternal,
                    false => Note::Uncomputed,
                };
                notes.add(at, header, note);
                return Value::Nothing;
            }
            Content::Error(error) => {
                notes.add(at, header, Note::Error(error));
                return Value::Nothing;
            }
            Content::Text(text) => text.trim(),
            Content::Number { shown, plain } => number_text(column, shown, plain),
            Content::Date { text, serial } => {
                if let Some(serial) = serial.filter(|serial| is_year(*serial)) {
                    notes.add(at, header, Note::YearAsDate { serial, date: text });
                } else if matches!(role, Some(Role::Id | Role::Parent | Role::File)) {
                    notes.add(at, header, Note::Date(text));
                }
                text
            }
        };
        if text.is_empty() {
            return Value::Nothing;
        }
        let hidden = self.reader.hidden_columns(&self.workbook.book);
        if hidden
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&cell.column))
            && let Some(is_reported) = self.hidden_reported.get_mut(index)
            && !std::mem::replace(is_reported, true)
        {
            notes.add(at, header, Note::HiddenColumn);
        }
        if let (Some(column), Some(link)) = (column, &cell.link) {
            if let Some(value) = linked_value(&self.workbook.folder, column, text, link) {
                return value;
            }
            if is_worth_reporting(cell, text) {
                notes.add(at, header, Note::Link(link));
            }
        }
        let list = literal::parse(text);
        list.unwrap_or_else(|| Value::One(text.to_owned()))
    }
}

/// Returns the text of a number. In columns of coordinates, resolutions and dates, this is the number
/// itself, unless its format only adds zeros.
pub(super) fn number_text<'a>(column: Option<&Column>, shown: &'a str, plain: &'a str) -> &'a str {
    let is_measured = column.is_some_and(|column| match column.role {
        Role::Latitude | Role::Longitude | Role::Dpi | Role::Date | Role::Hijri => true,
        _ => matches!(column.substitute, Some(("date", _))),
    });
    let is_padded = shown.trim_start_matches('0') == plain;
    if is_measured && !is_padded {
        plain
    } else {
        shown.trim()
    }
}
