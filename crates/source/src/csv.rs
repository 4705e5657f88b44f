//! Reading of CSV and TSV files.
//!
//! The rows are read one by one with `csv-core`, so that the exact line of each row can be tracked
//! across all kinds of line ends, quoted line breaks and empty lines.

use std::io::{self, BufRead, BufReader};

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::SourceError;
use super::literal;
use super::reader::{Input, ReadError, RowError, TableRow, Value, unreadable};
use khizana_model::printable;

/// Maximum length of a row, in bytes. Without a limit, a quotation mark that is never closed would
/// cause the whole table to be read into memory.
const MAX_ROW_BYTES: usize = 16 << 20;

/// A CSV or TSV file.
#[derive(Debug)]
pub(super) struct Csv {
    rows: RowReader,
    header: Vec<String>,
    header_position: (u64, u64),
    name: String,
}

impl Csv {
    /// Opens a file and reads its header.
    ///
    /// If `delimiter` is `None`, the delimiter is a semicolon if the first line contains semicolons
    /// but no comma, as in files that spreadsheets write in locales with a decimal comma.
    /// Otherwise, it is a comma.
    pub(super) fn open(
        input: Input,
        delimiter: Option<u8>,
        name: &str,
    ) -> Result<Self, SourceError> {
        let mut input = BufReader::with_capacity(128 * 1024, input);
        let delimiter = match delimiter {
            Some(delimiter) => delimiter,
            None => {
                let start = input.fill_buf().map_err(|error| unreadable(name, error))?;
                let line = start
                    .trim_ascii_start()
                    .split(|b| *b == b'\n')
                    .next()
                    .unwrap_or_default();
                if line.contains(&b';') && !line.contains(&b',') {
                    b';'
                } else {
                    b','
                }
            }
        };
        let mut rows = RowReader::new(input, delimiter);
        if rows
            .next()
            .map_err(|error| unreadable(name, error))?
            .is_none()
        {
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
                            what: format!("a column name contains the invalid byte 0x{byte:02X}"),
                        }
                    })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Csv {
            header_position: (rows.number, rows.line),
            rows,
            header,
            name: name.to_owned(),
        })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
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
        if self.rows.has_open_quote {
            return Err(row_error(
                "quote-open",
                "A quotation that begins in this row is not closed, so the rows after it cannot be read.".to_owned(),
                "Add the closing quotation mark, or double each quotation mark that belongs to the text.",
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
                    format!(
                        "The cell in the column `{}` is not UTF-8: byte {} (0x{byte:02X}) is invalid.",
                        printable(column),
                        offset + 1
                    ),
                    "Save the table as UTF-8.",
                )
            })?;
            match text.trim() {
                text if index >= self.header.len() => {
                    if !text.is_empty() {
                        return Err(row_error(
                            "row-too-long",
                            format!(
                                "The row has more cells than the table has columns ({}); the first extra cell is `{}`.",
                                self.header.len(),
                                printable(text)
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
}

/// A reader that holds one row at a time.
#[derive(Debug)]
struct RowReader {
    input: BufReader<Input>,
    core: csv_core::Reader,
    /// The concatenated cells of the current row.
    bytes: Vec<u8>,
    /// The end of each cell in `bytes`.
    ends: Vec<usize>,
    /// Number of cells in the current row.
    cells: usize,
    /// The number of the current row, as a spreadsheet counts rows.
    number: u64,
    /// The line on which the current row begins.
    line: u64,
    /// The number of the next row. A blank line counts as a row.
    next_number: u64,
    /// The line that contains the next byte.
    next_line: u64,
    /// `true` if the previous byte was a carriage return.
    after_return: bool,
    /// `true` if a quotation mark in the current row is not closed.
    has_open_quote: bool,
    is_done: bool,
}

impl RowReader {
    fn new(input: BufReader<Input>, delimiter: u8) -> Self {
        RowReader {
            input,
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            bytes: vec![0; 4096],
            ends: vec![0; 64],
            cells: 0,
            number: 1,
            next_number: 1,
            line: 1,
            next_line: 1,
            after_return: false,
            has_open_quote: false,
            is_done: false,
        }
    }

    /// Returns an iterator over the cells of the current row.
    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().take(self.cells).map(move |end| {
            let cell = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        })
    }

    /// Reads the next row into `self`. Returns `None` after the last row.
    fn next(&mut self) -> io::Result<Option<()>> {
        if self.is_done || !self.skip_line_ends()? {
            return Ok(None);
        }
        self.line = self.next_line;
        self.number = self.next_number;
        self.next_number += 1;
        let (mut length, mut cells) = (0, 0);
        let mut is_at_end = false;
        loop {
            let input = self.input.fill_buf()?;
            // At the end of the file, the parser receives a line feed and then an empty input. If
            // the line feed does not end the row, it is inside quotation marks.
            let (input, is_from_file): (&[u8], _) = match (input.is_empty(), is_at_end) {
                (false, _) => (input, true),
                (true, false) => (b"\n", false),
                (true, true) => (b"", false),
            };
            let (result, read, output_length, ended) = self.core.read_record(
                input,
                self.bytes.get_mut(length..).unwrap_or_default(),
                self.ends.get_mut(cells..).unwrap_or_default(),
            );
            if is_from_file {
                count_lines(
                    input.get(..read).unwrap_or_default(),
                    &mut self.next_line,
                    &mut self.after_return,
                );
                self.input.consume(read);
            } else if read > 0 || input.is_empty() {
                self.has_open_quote |= is_at_end || result == ReadRecordResult::InputEmpty;
                is_at_end = true;
            }
            length += output_length;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => {
                    self.is_done = true;
                    if cells == 0 {
                        return Ok(None);
                    }
                    break;
                }
            }
            if length > MAX_ROW_BYTES {
                self.has_open_quote = true;
                break;
            }
        }
        self.is_done |= self.has_open_quote;
        self.cells = cells;
        Ok(Some(()))
    }

    /// Skips empty lines and the rest of the last line end. Returns `false` at the end of the file.
    fn skip_line_ends(&mut self) -> io::Result<bool> {
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(false);
            }
            let blank = input
                .iter()
                .take_while(|b| matches!(b, b'\r' | b'\n'))
                .count();
            let has_row = blank < input.len();
            let first_line = self.next_line;
            count_lines(
                input.get(..blank).unwrap_or_default(),
                &mut self.next_line,
                &mut self.after_return,
            );
            self.next_number += self.next_line - first_line;
            self.input.consume(blank);
            if has_row {
                return Ok(true);
            }
        }
    }
}

/// Counts the line ends in `bytes`, which may be LF, CRLF or CR, and adds their number to `line`.
fn count_lines(bytes: &[u8], line: &mut u64, after_return: &mut bool) {
    for byte in bytes {
        *line += u64::from(*byte == b'\r' || (*byte == b'\n' && !*after_return));
        *after_return = *byte == b'\r';
    }
}
