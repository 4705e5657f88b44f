//! CSV and TSV, read record by record with `csv-core`, so that the line on which a record begins is
//! exact whatever the line ends, the quoted newlines and the empty lines.

use std::io::{self, BufRead, BufReader};

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::SourceError;
use super::reader::{Input, ReadError, RowError, TableRow, Value, unreadable};
use khizana_model::printable;

/// The largest record. A quotation mark that is never closed would otherwise take the whole table.
const MAX_RECORD: usize = 16 << 20;

/// A CSV or TSV.
#[derive(Debug)]
pub(super) struct Csv {
    records: Records,
    header: Vec<String>,
    header_position: (u64, u64),
    name: String,
}

impl Csv {
    /// Reads the header. Without a `delimiter` it is a comma, or the semicolon that spreadsheets
    /// write where the comma is the decimal sign, if the header has that and no comma.
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
        let mut records = Records::new(input, delimiter);
        if records
            .next()
            .map_err(|error| unreadable(name, error))?
            .is_none()
        {
            return Err(SourceError::Empty {
                file: name.to_owned(),
            });
        }
        let header = records
            .cells()
            .map(|cell| {
                std::str::from_utf8(cell)
                    .map(str::to_owned)
                    .map_err(|error| {
                        let byte = cell.get(error.valid_up_to()).copied().unwrap_or_default();
                        SourceError::NotUtf8 {
                            file: name.to_owned(),
                            line: records.line,
                            what: format!("the column names contain the byte 0x{byte:02X}"),
                        }
                    })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Csv {
            header_position: (records.number, records.line),
            records,
            header,
            name: name.to_owned(),
        })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Number and line of the header.
    pub(super) fn header_position(&self) -> (u64, u64) {
        self.header_position
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        loop {
            match self.records.next() {
                Ok(None) => return None,
                Err(error) => return Some(Err(ReadError::Table(unreadable(&self.name, error)))),
                Ok(Some(()))
                    if self
                        .records
                        .cells()
                        .all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(Some(())) => return Some(self.record().map_err(ReadError::Row)),
            }
        }
    }

    fn record(&self) -> Result<TableRow, RowError> {
        let line = self.records.line;
        let number = self.records.number;
        let flaw = |code, message, hint| RowError {
            number,
            line,
            column: None,
            code,
            message,
            hint,
        };
        if self.records.open_quote {
            return Err(flaw(
                "quote-open",
                "A quotation mark that opens in this row is never closed, so the rows after it cannot be read.".to_owned(),
                "Close the quotation mark, or double each quotation mark that belongs to the text.",
            ));
        }
        let mut values = Vec::with_capacity(self.header.len());
        for (index, cell) in self.records.cells().enumerate() {
            let text = std::str::from_utf8(cell).map_err(|error| {
                let at = error.valid_up_to();
                let byte = cell.get(at).copied().unwrap_or_default();
                let column = self.header.get(index).map_or("", String::as_str);
                flaw(
                    "not-utf8",
                    format!(
                        "The cell in the column `{}` is not UTF-8: byte {} (0x{byte:02X}) is invalid.",
                        printable(column),
                        at + 1
                    ),
                    "Save the table as UTF-8.",
                )
            })?;
            match text.trim() {
                text if index >= self.header.len() => {
                    if !text.is_empty() {
                        return Err(flaw(
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
                _ => values.push(Value::One(text.to_owned())),
            }
        }
        Ok(TableRow {
            number,
            line,
            names: None,
            values,
        })
    }
}

/// The records of a table, one held at a time.
#[derive(Debug)]
struct Records {
    input: BufReader<Input>,
    core: csv_core::Reader,
    /// The cells of the record, one after the other, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    cells: usize,
    /// The number of the record as a spreadsheet counts it, and the line on which it begins.
    number: u64,
    line: u64,
    /// The number of the next record; a blank line counts as one.
    next_number: u64,
    /// The line of the next byte, and whether the byte before it was a carriage return.
    next_line: u64,
    after_return: bool,
    open_quote: bool,
    done: bool,
}

impl Records {
    fn new(input: BufReader<Input>, delimiter: u8) -> Self {
        Records {
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
            open_quote: false,
            done: false,
        }
    }

    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().take(self.cells).map(move |end| {
            let cell = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        })
    }

    fn next(&mut self) -> io::Result<Option<()>> {
        if self.done || !self.skip_line_ends()? {
            return Ok(None);
        }
        self.line = self.next_line;
        self.number = self.next_number;
        self.next_number += 1;
        let (mut written, mut cells) = (0, 0);
        let mut at_end = false;
        loop {
            let input = self.input.fill_buf()?;
            // At the end of the file a newline is fed, then nothing: a record that the newline does
            // not end is inside quotation marks.
            let (input, real): (&[u8], _) = match (input.is_empty(), at_end) {
                (false, _) => (input, true),
                (true, false) => (b"\n", false),
                (true, true) => (b"", false),
            };
            let (result, read, wrote, ended) = self.core.read_record(
                input,
                self.bytes.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(cells..).unwrap_or_default(),
            );
            if real {
                count_lines(
                    input.get(..read).unwrap_or_default(),
                    &mut self.next_line,
                    &mut self.after_return,
                );
                self.input.consume(read);
            } else if read > 0 || input.is_empty() {
                self.open_quote |= at_end || result == ReadRecordResult::InputEmpty;
                at_end = true;
            }
            written += wrote;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => {
                    self.done = true;
                    if cells == 0 {
                        return Ok(None);
                    }
                    break;
                }
            }
            if written > MAX_RECORD {
                self.open_quote = true;
                break;
            }
        }
        self.done |= self.open_quote;
        self.cells = cells;
        Ok(Some(()))
    }

    /// Passes over line ends (empty lines, and the second half of the last one); false at the end.
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
            let more = blank < input.len();
            let before = self.next_line;
            count_lines(
                input.get(..blank).unwrap_or_default(),
                &mut self.next_line,
                &mut self.after_return,
            );
            self.next_number += self.next_line - before;
            self.input.consume(blank);
            if more {
                return Ok(true);
            }
        }
    }
}

/// Counts line ends: LF, CRLF, and CR alone.
fn count_lines(bytes: &[u8], line: &mut u64, after_return: &mut bool) {
    for byte in bytes {
        *line += u64::from(*byte == b'\r' || (*byte == b'\n' && !*after_return));
        *after_return = *byte == b'\r';
    }
}
