//! Reading of JSON Lines files, and of JSON arrays of objects.

use khizana_model::{Message, message};
use std::io::{BufRead, BufReader};

use super::SourceError;
use super::reader::{
    Input, ReadError, RowError, TableRow, Value, read_to_string, table_row, unreadable,
};

const MALFORMED: &str = "json-malformed";

/// A JSON Lines file. Only one line is held in memory at a time.
#[derive(Debug)]
pub(super) struct JsonLines {
    input: BufReader<Input>,
    name: String,
    line: u64,
    /// Number of items read so far.
    count: u64,
    buffer: Vec<u8>,
}

impl JsonLines {
    pub(super) fn new(input: Input, name: &str) -> Self {
        JsonLines {
            input: BufReader::with_capacity(128 * 1024, input),
            name: name.to_owned(),
            line: 0,
            count: 0,
            buffer: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        loop {
            self.buffer.clear();
            self.line += 1;
            match self.input.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(ReadError::Table(unreadable(&self.name, error)))),
            }
            if !self.buffer.trim_ascii().is_empty() {
                self.count += 1;
                return Some(self.row());
            }
        }
    }

    fn row(&self) -> Result<TableRow, ReadError> {
        let row_error = |column, code, message, hint| {
            ReadError::Row(RowError {
                number: self.count,
                line: self.line,
                column: Some(column),
                code,
                message,
                hint,
                file: None,
            })
        };
        let text = std::str::from_utf8(self.buffer.trim_ascii_end()).map_err(|error| {
            let offset = error.valid_up_to();
            let byte = self.buffer.get(offset).copied().unwrap_or_default();
            row_error(
                column(&self.buffer, offset),
                "not-utf8",
                message!(
                    "The line is not UTF-8: the byte {byte} is invalid.",
                    byte = format!("0x{byte:02X}")
                ),
                "Save the table as UTF-8.",
            )
        })?;
        let value = serde_json::from_str(text).map_err(|error| {
            row_error(
                // `serde_json` counts columns in bytes, from 1.
                column(&self.buffer, error.column().saturating_sub(1)),
                MALFORMED,
                message!(
                    "The line is not valid JSON: {reason}.",
                    reason = reason(&error)
                ),
                "Write one complete object per line.",
            )
        })?;
        table_row(self.count, self.line, value, MALFORMED)
    }
}

/// Returns the column of the byte at `offset` in a line, in characters from 1.
fn column(line: &[u8], offset: usize) -> u64 {
    let before = line.get(..offset).unwrap_or(line);
    String::from_utf8_lossy(before).chars().count() as u64 + 1
}

/// Returns the message of an error without its position.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// A JSON file that contains one array of objects. The whole text is held in memory, and the
/// objects are parsed one by one.
#[derive(Debug)]
pub(super) struct JsonArray {
    text: String,
    name: String,
    /// Offset of the next byte.
    offset: usize,
    /// The line that contains the next byte.
    line: u64,
    /// Number of items read so far.
    count: u64,
    /// `true` after the opening bracket has been read.
    is_in_array: bool,
    is_done: bool,
}

impl JsonArray {
    pub(super) fn read(input: Input, name: &str) -> Result<Self, SourceError> {
        let text = read_to_string(input, name)?;
        Ok(JsonArray {
            text,
            name: name.to_owned(),
            offset: 0,
            line: 1,
            count: 0,
            is_in_array: false,
            is_done: false,
        })
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        if self.is_done {
            return None;
        }
        let next = self.element();
        // After a syntax error, the rest of the array cannot be parsed.
        self.is_done = matches!(next, None | Some(Err(ReadError::Table(_))));
        next
    }

    fn element(&mut self) -> Option<Result<TableRow, ReadError>> {
        match (self.is_in_array, self.peek()) {
            (false, Some('[')) => {
                self.is_in_array = true;
                self.advance(1);
                if self.peek() == Some(']') {
                    self.advance(1);
                    return self.end();
                }
            }
            (false, None) => {
                return Some(Err(ReadError::Table(SourceError::Empty {
                    file: self.name.clone(),
                })));
            }
            (false, _) => {
                return Some(Err(
                    self.malformed(message!("the file must be one array: [ {…}, {…} ]"))
                ));
            }
            (true, Some(',')) => self.advance(1),
            (true, Some(']')) => {
                self.advance(1);
                return self.end();
            }
            (true, Some(_)) => {
                return Some(Err(
                    self.malformed(message!("expected a comma or the end of the array"))
                ));
            }
            (true, None) => {
                return Some(Err(
                    self.malformed(message!("the file ends inside the array"))
                ));
            }
        }
        self.peek();
        let line = self.line;
        let rest = self.text.get(self.offset..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let value = values.next();
        let length = values.byte_offset();
        match value {
            Some(Ok(value)) => {
                self.advance(length);
                self.count += 1;
                Some(table_row(self.count, line, value, MALFORMED))
            }
            Some(Err(error)) => {
                self.line += error.line().saturating_sub(1) as u64;
                Some(Err(self.malformed(message!(
                    "the file is not valid JSON: {reason}",
                    reason = reason(&error)
                ))))
            }
            None => Some(Err(
                self.malformed(message!("the file ends inside the array"))
            )),
        }
    }

    /// Checks that nothing follows the end of the array.
    fn end(&mut self) -> Option<Result<TableRow, ReadError>> {
        self.peek()
            .map(|_| Err(self.malformed(message!("unexpected content after the end of the array"))))
    }

    /// Skips white space. Returns the next character without consuming it.
    fn peek(&mut self) -> Option<char> {
        let rest = self.text.get(self.offset..)?;
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.advance(skipped);
        self.text.get(self.offset..)?.chars().next()
    }

    fn advance(&mut self, bytes: usize) {
        let passed = self
            .text
            .as_bytes()
            .get(self.offset..self.offset + bytes)
            .unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.offset += bytes;
    }

    fn malformed(&self, what: Message) -> ReadError {
        ReadError::Table(SourceError::Malformed {
            file: self.name.clone(),
            line: self.line,
            what,
        })
    }
}
