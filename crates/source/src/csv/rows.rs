//! Splitting of CSV into rows and cells.

use std::io::{self, BufRead};

use memchr::memchr3;

/// Maximum length of a row, in bytes. Without a limit, a quotation mark that is never closed would
/// cause the whole table to be read into memory.
const MAX_ROW_BYTES: usize = 16 << 20;

const QUOTE: u8 = b'"';

/// A fault of a row. The numbers are those of lines within the row, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowFault {
    /// A quotation is not closed before the last line, or not before the row is too long.
    Open { opened: u64, last: u64 },
    /// The row is too long, and contains no open quotation.
    TooLong,
    /// Text follows the closing quotation mark of a cell.
    Tail { opened: u64, closed: u64 },
}

/// The position in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of a cell, or in the white space there.
    Start,
    Plain,
    Quoted,
    /// After a quotation mark in a quoted cell. The mark closes the cell unless another one follows.
    Quote,
    /// In the white space after a quoted cell.
    Closed,
}

/// A reader that holds one row at a time.
#[derive(Debug)]
pub(super) struct RowReader<R> {
    input: R,
    delimiter: u8,
    /// The concatenated cells of the current row.
    bytes: Vec<u8>,
    /// The end of each cell in `bytes`.
    ends: Vec<usize>,
    /// The number of the current row, as a spreadsheet counts rows.
    pub number: u64,
    /// The line on which the current row begins.
    pub line: u64,
    /// The number of the next row. A blank line counts as a row.
    pub next_number: u64,
    /// The line that contains the next byte.
    pub next_line: u64,
    /// `true` if the previous byte was a carriage return.
    after_return: bool,
    /// The first fault in the current row.
    pub fault: Option<RowFault>,
    is_done: bool,
}

impl<R: BufRead> RowReader<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        RowReader {
            input,
            delimiter,
            bytes: Vec::new(),
            ends: Vec::new(),
            number: 1,
            next_number: 1,
            line: 1,
            next_line: 1,
            after_return: false,
            fault: None,
            is_done: false,
        }
    }

    /// Returns an iterator over the cells of the current row.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let cell = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        })
    }

    /// Returns the input after the current row.
    pub(super) fn rest(&self) -> &R {
        &self.input
    }

    /// Reads the next row into `self`. Returns `None` after the last row.
    pub(super) fn next(&mut self) -> io::Result<Option<()>> {
        if self.is_done || !self.skip_line_ends()? {
            return Ok(None);
        }
        self.line = self.next_line;
        self.number = self.next_number;
        self.next_number += 1;
        self.fault = None;
        self.bytes.clear();
        self.ends.clear();
        let mut state = State::Start;
        // The line on which the current quotation begins.
        let mut opened = 0;
        // The beginning of the current cell.
        let mut start = 0;
        loop {
            let input = self.input.fill_buf()?;
            let Some(byte) = input.first().copied() else {
                self.is_done = true;
                if state == State::Quoted {
                    let ends_line = u64::from(self.bytes.ends_with(b"\n"));
                    let last = (self.next_line - self.line).saturating_sub(ends_line);
                    self.fault = Some(RowFault::Open { opened, last });
                }
                self.ends.push(self.bytes.len());
                return Ok(Some(()));
            };
            // Most bytes belong to a cell and are copied at once.
            let plain = match state {
                State::Plain => memchr3(self.delimiter, b'\n', b'\r', input),
                State::Quoted => memchr3(QUOTE, b'\n', b'\r', input),
                _ => Some(0),
            }
            .unwrap_or(input.len());
            if plain > 0 {
                self.bytes
                    .extend_from_slice(input.get(..plain).unwrap_or_default());
                self.after_return = false;
                self.input.consume(plain);
                if self.bytes.len() > MAX_ROW_BYTES {
                    self.is_done = true;
                    let last = self.next_line - self.line;
                    self.fault = Some(match state {
                        State::Quoted => RowFault::Open { opened, last },
                        _ => RowFault::TooLong,
                    });
                    return Ok(Some(()));
                }
                continue;
            }
            self.input.consume(1);
            let is_line_end = matches!(byte, b'\n' | b'\r');
            self.next_line += u64::from(byte == b'\r' || (byte == b'\n' && !self.after_return));
            self.after_return = byte == b'\r';
            match (state, byte) {
                (State::Quoted, QUOTE) => state = State::Quote,
                (State::Quoted, _) => self.bytes.push(byte),
                (State::Quote, QUOTE) => {
                    self.bytes.push(QUOTE);
                    state = State::Quoted;
                }
                (_, byte) if byte == self.delimiter => {
                    self.ends.push(self.bytes.len());
                    start = self.bytes.len();
                    state = State::Start;
                }
                _ if is_line_end => {
                    self.ends.push(self.bytes.len());
                    return Ok(Some(()));
                }
                (State::Start, QUOTE) => {
                    // White space before a quotation mark is not part of the cell.
                    self.bytes.truncate(start);
                    opened = self.next_line - self.line;
                    state = State::Quoted;
                }
                (State::Start | State::Plain, _) => {
                    self.bytes.push(byte);
                    if byte != b' ' {
                        state = State::Plain;
                    }
                }
                (State::Quote | State::Closed, b' ' | b'\t') => state = State::Closed,
                (State::Quote | State::Closed, _) => {
                    let closed = self.next_line - self.line;
                    self.fault.get_or_insert(RowFault::Tail { opened, closed });
                    self.bytes.push(byte);
                    state = State::Plain;
                }
            }
        }
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
            for byte in input.get(..blank).unwrap_or_default() {
                self.next_line += u64::from(*byte == b'\r' || !self.after_return);
                self.after_return = *byte == b'\r';
            }
            if has_row {
                self.after_return = false;
            }
            self.next_number += self.next_line - first_line;
            self.input.consume(blank);
            if has_row {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns the number, line and cells of each row, with its fault.
    fn rows(text: &str, capacity: usize) -> Vec<(u64, u64, Vec<String>, Option<RowFault>)> {
        let input = io::BufReader::with_capacity(capacity, text.as_bytes());
        let mut reader = RowReader::new(input, b',');
        let mut rows = Vec::new();
        while reader.next().unwrap().is_some() {
            let cells = reader
                .cells()
                .map(|cell| String::from_utf8(cell.to_vec()).unwrap());
            rows.push((reader.number, reader.line, cells.collect(), reader.fault));
        }
        rows
    }

    fn row(number: u64, line: u64, cells: &[&str]) -> (u64, u64, Vec<String>, Option<RowFault>) {
        (
            number,
            line,
            cells.iter().map(|c| (*c).to_owned()).collect(),
            None,
        )
    }

    #[test]
    fn splits_rows_regardless_of_the_size_of_the_buffer() {
        let text = "a,\"b \"\"c\"\"\",\r\n\r\n\"x\r\ny\",  \"z, w\" ,6\" disc\n\n,\nlast";
        for capacity in [1, 2, 3, 7, 4096] {
            assert_eq!(
                rows(text, capacity),
                [
                    row(1, 1, &["a", "b \"c\"", ""]),
                    row(3, 3, &["x\r\ny", "z, w", "6\" disc"]),
                    row(5, 6, &["", ""]),
                    row(6, 7, &["last"]),
                ],
                "{capacity}"
            );
        }
    }

    #[test]
    fn finds_faults_in_quotation_marks() {
        let fault = |text: &str| rows(text, 4096).iter().find_map(|row| row.3);
        assert_eq!(
            fault("a\n\"b\nc\n"),
            Some(RowFault::Open { opened: 0, last: 1 })
        );
        assert_eq!(
            fault("a,\"b\nc"),
            Some(RowFault::Open { opened: 0, last: 1 })
        );
        assert_eq!(
            fault("a,\"b\"c,d"),
            Some(RowFault::Tail {
                opened: 0,
                closed: 0
            })
        );
        assert_eq!(
            fault("a,\"b\nc\nd,\"e\",f\n"),
            Some(RowFault::Tail {
                opened: 0,
                closed: 2
            })
        );
        assert_eq!(fault("a,\"b\" ,\"\"\n\"\"\"c\"\"\"\n"), None);
    }
}
