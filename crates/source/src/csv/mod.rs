//! Reading of CSV and TSV files.
//!
//! The rows are read one by one. Their exact lines are tracked across all kinds of line ends, quoted
//! line breaks and empty lines.

mod layout;
mod rows;
mod spans;

use std::io::{BufRead, BufReader};

use self::layout::Layout;
use self::rows::{RowFault, RowReader};
pub(super) use self::spans::RowSpans;
use super::SourceError;
use super::column::MAX_COLUMNS;
use super::literal;
use super::reader::{Input, ReadError, RowError, TableRow, Value, unreadable};
use khizana_model::{message, printable};

/// A CSV or TSV file.
#[derive(Debug)]
pub(super) struct Csv {
    rows: RowReader<BufReader<Input>>,
    delimiter: u8,
    /// The first text above the column names, if there are rows above.
    text_above: Option<String>,
    header: Vec<String>,
    header_position: (u64, u64),
    name: String,
}

/// Calls a function with the number and the cells of each row that is not empty, from the first row of the
/// file on. Bytes that are not UTF-8 become U+FFFD.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub(super) fn for_each_row(
    input: Input,
    delimiter: Option<u8>,
    name: &str,
    mut f: impl FnMut(u64, Vec<String>),
) -> Result<(), SourceError> {
    let unreadable = |error| unreadable(name, error);
    let mut input = BufReader::with_capacity(128 * 1024, input);
    let layout = Layout::detect(input.fill_buf().map_err(unreadable)?, delimiter);
    input.consume(layout.separator_line);
    let mut rows = RowReader::new(input, layout.delimiter);
    while rows.next().map_err(unreadable)?.is_some() {
        let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
        let cells: Vec<String> = rows.cells().map(text).collect();
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            f(rows.number, cells);
        }
    }
    Ok(())
}

impl Csv {
    /// Opens a file and reads its header. `delimiter` is the delimiter if the name of the file
    /// determines it.
    pub(super) fn open(
        input: Input,
        delimiter: Option<u8>,
        name: &str,
    ) -> Result<Self, SourceError> {
        let unreadable = |error| unreadable(name, error);
        let mut input = BufReader::with_capacity(128 * 1024, input);
        let start = input.fill_buf().map_err(unreadable)?;
        let Layout {
            delimiter,
            separator_line,
            rows_above,
        } = Layout::detect(start, delimiter);
        input.consume(separator_line);
        let mut rows = RowReader::new(input, delimiter);
        rows.next_line += u64::from(separator_line > 0);
        let mut text_above = None;
        for _ in 0..rows_above {
            rows.next().map_err(unreadable)?;
            let mut cells = rows.cells().map(|cell| String::from_utf8_lossy(cell));
            let text = cells.find(|cell| !cell.trim().is_empty());
            text_above = text_above.or(text.map(|text| printable(text.trim())));
        }
        if rows.next().map_err(unreadable)?.is_none() {
            return Err(SourceError::Empty {
                file: name.to_owned(),
            });
        }
        let header = rows
            .cells()
            .map(|cell| {
                std::str::from_utf8(cell)
                    .map(str::to_owned)
                    .map_err(|error| {
                        let byte = cell.get(error.valid_up_to()).copied().unwrap_or_default();
                        SourceError::NotUtf8 {
                            file: name.to_owned(),
                            line: rows.line,
                            what: message!(
                                "a column name contains the invalid byte {byte}",
                                byte = format!("0x{byte:02X}")
                            ),
                        }
                    })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if header.len() > MAX_COLUMNS {
            return Err(SourceError::TooManyColumns {
                file: name.to_owned(),
                line: rows.line,
                count: header.len(),
            });
        }
        Ok(Csv {
            header_position: (rows.number, rows.line),
            rows,
            delimiter,
            text_above,
            header,
            name: name.to_owned(),
        })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Returns the first text above the column names, if there is one.
    pub(super) fn text_above(&self) -> Option<&str> {
        self.text_above.as_deref()
    }

    /// Returns the row number and the line of the header.
    pub(super) fn header_position(&self) -> (u64, u64) {
        self.header_position
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        loop {
            match self.rows.next() {
                Ok(None) => return None,
                Err(error) => return Some(Err(ReadError::Table(unreadable(&self.name, error)))),
                Ok(Some(())) if self.rows.cells().all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(Some(())) => return Some(self.row().map_err(ReadError::Row)),
            }
        }
    }

    /// Converts the current row to a [`TableRow`].
    fn row(&self) -> Result<TableRow, RowError> {
        let line = self.rows.line;
        let number = self.rows.number;
        let row_error = |code, message, hint| RowError {
            number,
            line,
            column: None,
            code,
            message,
            hint,
            file: None,
        };
        // The rows of a spreadsheet in which each line is a row.
        let row_of = |line: u64| number + line;
        match self.rows.fault {
            Some(RowFault::Open { opened, last }) => {
                let (first, last) = (row_of(opened), row_of(last));
                return Err(row_error(
                    "quote-open",
                    message!(
                        "A quotation mark that opens in row {first} is not closed, so rows {first} to {last} cannot be read.",
                        first,
                        last
                    ),
                    "Add the closing quotation mark, or double each quotation mark that belongs to the text.",
                ));
            }
            Some(RowFault::TooLong) => {
                return Err(row_error(
                    "value-too-long",
                    message!(
                        "The row is longer than 16 MB, so it and the rows after it cannot be read."
                    ),
                    "Put long texts into separate files, and name them in `text`.",
                ));
            }
            Some(RowFault::Tail { opened, closed }) => {
                let rows = match (row_of(opened), row_of(closed)) {
                    (first, last) if first == last => message!(
                        "In row {first}, text follows a closing quotation mark, so the end of the value is unknown.",
                        first
                    ),
                    (first, last) => message!(
                        "A quotation mark that opens in row {first} closes in row {last}, where text follows it, so rows {first} to {last} cannot be read.",
                        first,
                        last
                    ),
                };
                return Err(row_error(
                    "quote-text",
                    rows,
                    "Add the missing quotation mark, or double each quotation mark that belongs to the text.",
                ));
            }
            None => {}
        }
        if let Some(swallowed) = self.swallowed_rows() {
            let (first, last) = (row_of(0), row_of(swallowed));
            return Err(row_error(
                "quote-rows",
                message!(
                    "A quotation mark that opens in row {first} closes in row {last}, and the lines between them look like rows, so rows {first} to {last} cannot be read.",
                    first,
                    last
                ),
                "Add the missing quotation mark, or double each quotation mark that belongs to the text.",
            ));
        }
        let mut values = Vec::with_capacity(self.header.len());
        for (index, cell) in self.rows.cells().enumerate() {
            let text = std::str::from_utf8(cell).map_err(|error| {
                let offset = error.valid_up_to();
                let byte = cell.get(offset).copied().unwrap_or_default();
                let column = self.header.get(index).map_or("", String::as_str);
                row_error(
                    "not-utf8",
                    message!("The cell in the column `{column}` is not UTF-8: byte {offset} ({byte}) is invalid.", column = printable(column), offset = offset + 1, byte = format!("0x{byte:02X}")),
                    "Save the table as UTF-8.",
                )
            })?;
            match text.trim() {
                text if index >= self.header.len() => {
                    if !text.is_empty() {
                        return Err(row_error(
                            "row-too-long",
                            message!(
                                "The row has more cells than the table has columns ({count}); the first extra cell is `{value}`.",
                                count = self.header.len(),
                                value = printable(text)
                            ),
                            "Enclose values that contain the separator in quotation marks.",
                        ));
                    }
                }
                "" => values.push(Value::Nothing),
                _ => {
                    let list = literal::parse(text);
                    values.push(list.unwrap_or_else(|| Value::One(text.to_owned())));
                }
            }
        }
        Ok(TableRow {
            number,
            line,
            names: None,
            values,
            file: None,
        })
    }

    /// Returns the number of line breaks in a cell that seems to contain whole rows, because a
    /// quotation mark is missing: all complete lines in it have the cells of a row and begin with a
    /// word, as an identifier is.
    fn swallowed_rows(&self) -> Option<u64> {
        let columns = self.header.len();
        let looks_like_row = |line: &str| {
            let mut cells = line.split(char::from(self.delimiter));
            let first = cells.next().unwrap_or_default();
            !first.is_empty()
                && !first.contains(char::is_whitespace)
                && cells.count() + 1 == columns
        };
        self.rows.cells().find_map(|cell| {
            let breaks = memchr::memchr_iter(b'\n', cell).count();
            if columns < 3 || breaks < 2 {
                return None;
            }
            let text = String::from_utf8_lossy(cell);
            let mut inner = text.lines().skip(1).take(breaks - 1);
            inner.all(looks_like_row).then_some(breaks as u64)
        })
    }
}
