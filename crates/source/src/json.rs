//! JSON: one object a line, or one array of objects.

use std::io::{BufRead, BufReader};

use super::SourceError;
use super::reader::{Input, ReadError, RowError, TableRow, Value, table_row, unreadable, whole};

const MALFORMED: &str = "json-malformed";

/// JSON Lines: one object a line. What is held is one line.
#[derive(Debug)]
pub(super) struct JsonLines {
    input: BufReader<Input>,
    name: String,
    line: u64,
    /// Number of items so far.
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
        let flaw = |column, code, message, hint| {
            ReadError::Row(RowError {
                number: self.count,
                line: self.line,
                column: Some(column),
                code,
                message,
                hint,
            })
        };
        let text = std::str::from_utf8(self.buffer.trim_ascii_end()).map_err(|error| {
            let at = error.valid_up_to();
            let byte = self.buffer.get(at).copied().unwrap_or_default();
            flaw(
                column(&self.buffer, at),
                "not-utf8",
                format!("The line is not UTF-8: the byte 0x{byte:02X} is invalid."),
                "Save the table as UTF-8.",
            )
        })?;
        let value = serde_json::from_str(text).map_err(|error| {
            flaw(
                // `serde_json` counts bytes from 1.
                column(&self.buffer, error.column().saturating_sub(1)),
                MALFORMED,
                format!("The line is not valid JSON: {}.", reason(&error)),
                "Write one complete object per line.",
            )
        })?;
        table_row(self.count, self.line, value, MALFORMED)
    }
}

/// The column of a byte in a line, in characters from 1.
fn column(line: &[u8], offset: usize) -> u64 {
    let before = line.get(..offset).unwrap_or(line);
    String::from_utf8_lossy(before).chars().count() as u64 + 1
}

/// The message of `serde_json` without its position.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// A JSON file that is one array of objects. The text is held, the objects are read one by one.
#[derive(Debug)]
pub(super) struct JsonArray {
    text: String,
    name: String,
    at: usize,
    line: u64,
    /// Number of items so far.
    count: u64,
    begun: bool,
    done: bool,
}

impl JsonArray {
    pub(super) fn read(input: Input, name: &str) -> Result<Self, SourceError> {
        let text = whole(input, name)?;
        Ok(JsonArray {
            text,
            name: name.to_owned(),
            at: 0,
            line: 1,
            count: 0,
            begun: false,
            done: false,
        })
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        if self.done {
            return None;
        }
        let next = self.element();
        // After an error in its text the rest of the array is not to be trusted.
        self.done = matches!(next, None | Some(Err(ReadError::Table(_))));
        next
    }

    fn element(&mut self) -> Option<Result<TableRow, ReadError>> {
        match (self.begun, self.peek()) {
            (false, Some('[')) => {
                self.begun = true;
                self.forward(1);
                if self.peek() == Some(']') {
                    self.forward(1);
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
                    self.malformed("the file must be one array: [ {…}, {…} ]")
                ));
            }
            (true, Some(',')) => self.forward(1),
            (true, Some(']')) => {
                self.forward(1);
                return self.end();
            }
            (true, Some(_)) => {
                return Some(Err(
                    self.malformed("expected a comma or the end of the array")
                ));
            }
            (true, None) => {
                return Some(Err(self.malformed("the file ends inside the array")));
            }
        }
        self.peek();
        let line = self.line;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let value = values.next();
        let taken = values.byte_offset();
        match value {
            Some(Ok(value)) => {
                self.forward(taken);
                self.count += 1;
                Some(table_row(self.count, line, value, MALFORMED))
            }
            Some(Err(error)) => {
                self.line += error.line().saturating_sub(1) as u64;
                Some(Err(self.malformed(&format!(
                    "the file is not valid JSON: {}",
                    reason(&error)
                ))))
            }
            None => Some(Err(self.malformed("the file ends inside the array"))),
        }
    }

    /// After the array there may be nothing else.
    fn end(&mut self) -> Option<Result<TableRow, ReadError>> {
        self.peek()
            .map(|_| Err(self.malformed("unexpected content after the end of the array")))
    }

    /// The next character that is not white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.text.get(self.at..)?;
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.forward(skipped);
        self.text.get(self.at..)?.chars().next()
    }

    fn forward(&mut self, bytes: usize) {
        let passed = self
            .text
            .as_bytes()
            .get(self.at..self.at + bytes)
            .unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at += bytes;
    }

    fn malformed(&self, what: &str) -> ReadError {
        ReadError::Table(SourceError::Malformed {
            file: self.name.clone(),
            line: self.line,
            what: what.to_owned(),
        })
    }
}
