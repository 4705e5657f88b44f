//! A copy of the table with marked cells, in the report as a workbook.

use std::collections::BTreeMap;

use khizana_model::{Severity, quoted_sheet};
use khizana_source::TextTable;
use rust_xlsxwriter::{Format, Note, Worksheet, XlsxError};

use super::Report;
use super::message_text::Shown;
use super::places::Place;
use super::xlsx::{ERROR, MAX_CELL, WARNING, fitting, header_format, text_format};
use crate::report::text::{LANGUAGE, LANGUAGES, language};

/// Maximum number of rows of a table that is copied completely. Of a larger table, only the rows with
/// problems are copied, and the others are hidden.
const MAX_ROWS: u64 = 100_000;
/// The size of a sheet.
const SHEET_ROWS: u64 = 1_048_576;
const SHEET_COLUMNS: u32 = 16_384;
/// Maximum number of cells with notes.
const MAX_NOTES: usize = 20_000;
/// Maximum number of places of a problem that are marked.
const MAX_PLACES: usize = 100_000;
/// Maximum length of a note in each language, so that the note is within the limit of 32,767 characters.
const MAX_NOTE: usize = 2_000;
/// Maximum length of the name of a sheet.
const MAX_NAME: usize = 31;

/// The mark of a cell.
struct Mark {
    severity: Severity,
    /// The note, by language.
    note: [String; 3],
}

/// The copy of the table.
pub(super) struct TableCopy<'a> {
    table: TextTable<'a>,
    name: String,
}

impl<'a> TableCopy<'a> {
    /// Returns `None` if the source has no table with columns, or if it cannot be opened.
    pub(super) fn new(report: &'a Report<'_>) -> Option<TableCopy<'a>> {
        let source = report.opened.as_ref()?;
        let table = source.text_table().ok()??;
        let stem = source.table.file_stem()?.to_string_lossy();
        let name = sheet_name(table.sheet.as_deref().unwrap_or(&stem));
        Some(TableCopy { table, name })
    }

    /// Returns the name of the sheet.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the link to the cell of a place, if the copy contains it.
    pub(super) fn link(&self, place: &Place<'_>) -> Option<String> {
        let fits = place.row? <= SHEET_ROWS && place.column? < SHEET_COLUMNS;
        let cell = place.cell().filter(|_| fits)?;
        Some(format!("internal:{}!{cell}", quoted_sheet(&self.name)))
    }
}

/// Returns a name for a sheet: without the characters that Excel rejects, and different from the names of
/// the lists.
fn sheet_name(name: &str) -> String {
    let is_rejected = |c: char| "[]:*?/\\".contains(c) || c.is_control();
    let clean: String = name.chars().filter(|c| !is_rejected(*c)).collect();
    let mut units = 0;
    let short: String = clean
        .trim_matches('\'')
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MAX_NAME - 2
        })
        .collect();
    let short = short.trim_matches('\'').trim();
    let is_taken = LANGUAGES
        .iter()
        .any(|(_, lang)| LANGUAGE.in_language(*lang).to_lowercase() == short.to_lowercase());
    match (short.is_empty(), is_taken) {
        (true, _) => "Table".to_owned(),
        (_, true) => format!("{short} 2"),
        _ => short.to_owned(),
    }
}

/// Writes the table. Each row has the number that it has in the table.
///
/// # Errors
/// Returns an error if the sheet cannot be written.
pub(super) fn write(
    sheet: &mut Worksheet,
    report: &Report<'_>,
    copy: &TableCopy<'_>,
) -> Result<(), XlsxError> {
    let table = &copy.table;
    let marks = marks(report, &table.header);
    let rows = report
        .checked
        .map_or(0, |checked| checked.items + checked.rejected);
    let is_complete = rows <= MAX_ROWS;
    let (text, header) = (text_format(), header_format());
    let mut result = Ok(());
    // After an error of the table, the rows before it are copied.
    let _ = table.for_each_row(|row| {
        let marked = marks.range((row.number, 0)..=(row.number, u32::MAX)).next();
        let is_copied = is_complete || marked.is_some() || row.number == table.header_row;
        if !is_copied || row.number > SHEET_ROWS || result.is_err() {
            return;
        }
        let format = match row.number == table.header_row {
            true => &header,
            false => &text,
        };
        let cells = (0..SHEET_COLUMNS).zip(&row.cells);
        result = cells
            .filter(|(column, cell)| {
                !cell.is_empty() && !marks.contains_key(&(row.number, *column))
            })
            .try_for_each(|(column, cell)| write_cell(sheet, (row.number, column), cell, format));
        if result.is_ok() {
            let marks = marks.range((row.number, 0)..=(row.number, u32::MAX));
            result = marks.into_iter().try_for_each(|((number, column), mark)| {
                let cell = row.cells.get(*column as usize).map_or("", String::as_str);
                let format = marked_format(format, mark);
                write_cell(sheet, (*number, *column), cell, &format)
            });
        }
    });
    result?;
    for ((row, column), mark) in marks.iter().take(MAX_NOTES) {
        if let Some((row, column)) = position((*row, *column)) {
            sheet.insert_note(row, column, &note(mark))?;
        }
    }
    for column in 0..table.header.len().min(SHEET_COLUMNS as usize) {
        sheet.set_column_width(u16::try_from(column).unwrap_or(u16::MAX), 22)?;
    }
    if let Some((row, _)) = position((table.header_row + 1, 0)) {
        sheet.set_freeze_panes(row, 0)?;
    }
    if !is_complete {
        sheet.hide_unused_rows(true);
    }
    Ok(())
}

/// Returns the marked cells of the table.
fn marks(report: &Report<'_>, header: &[String]) -> BTreeMap<(u64, u32), Mark> {
    let mut marks = BTreeMap::new();
    // The kinds of errors come first.
    for kind in &report.kinds {
        for place in kind.places().into_iter().take(MAX_PLACES) {
            let Some(row) = place.row else { continue };
            // A problem of the row as a whole is noted in its first cell.
            let cell = (row, place.column.unwrap_or(0));
            let mark: &mut Mark = marks.entry(cell).or_insert_with(|| Mark {
                severity: kind.severity,
                note: Default::default(),
            });
            for (note, (_, lang)) in mark.note.iter_mut().zip(LANGUAGES) {
                if note.len() > MAX_NOTE {
                    continue;
                }
                let message = Shown::of_cell(&place, header).text(lang);
                let hint = place.problem.hint.in_language(language(lang));
                if !note.is_empty() {
                    note.push('\n');
                }
                note.push_str(&format!("{message} {hint}"));
                for correction in place.corrections() {
                    note.push_str(&format!(" → {}", correction.to));
                }
            }
        }
    }
    marks
}

fn note(mark: &Mark) -> Note {
    let texts = mark.note.each_ref().map(|text| fitting(text, MAX_NOTE));
    Note::new(texts.join("\n\n"))
        .add_author_prefix(false)
        .set_width(360)
        .set_height(260)
}

fn marked_format(format: &Format, mark: &Mark) -> Format {
    format.clone().set_background_color(match mark.severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    })
}

/// Returns the position of a cell in a sheet, from 0, if a sheet has the cell.
fn position((row, column): (u64, u32)) -> Option<(u32, u16)> {
    let row = row.checked_sub(1).filter(|row| *row < SHEET_ROWS)?;
    let column = Some(column).filter(|column| *column < SHEET_COLUMNS)?;
    Some((u32::try_from(row).ok()?, u16::try_from(column).ok()?))
}

fn write_cell(
    sheet: &mut Worksheet,
    cell: (u64, u32),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let Some((row, column)) = position(cell) else {
        return Ok(());
    };
    match text.is_empty() {
        true => sheet.write_blank(row, column, format)?,
        false => sheet.write_string_with_format(row, column, fitting(text, MAX_CELL), format)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_those_that_excel_accepts() {
        for (name, expected) in [
            ("metadata", "metadata"),
            ("a[1]: b/c\\d*?", "a1 bcd"),
            ("'quoted'", "quoted"),
            ("", "Table"),
            ("[]", "Table"),
            ("ENGLISH", "ENGLISH 2"),
            ("العربية", "العربية 2"),
        ] {
            assert_eq!(sheet_name(name), expected);
        }
        assert_eq!(sheet_name(&"𐤀".repeat(40)).encode_utf16().count(), 28);
    }
}
