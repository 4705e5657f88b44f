//! Reading of the rows of tables, independent of the format.

use std::io::{self, Read};
use std::path::Path;

use khizana_model::{Message, Problem, message};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::column::MAX_COLUMNS;
use super::csv::Csv;
pub(super) use super::encoding::Input;
use super::folder::FolderRows;
use super::json::{JsonArray, JsonLines};
use super::records::Records;
use super::workbook::WorkbookRows;
use super::yaml::Yaml;
use super::{Source, SourceError};

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// No value: an empty cell or `null`.
    Nothing,
    /// A string, number or boolean, as a string.
    One(String),
    /// A list of values.
    Many(Vec<Value>),
    /// An object, which must be a language map.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Returns the length of the longest text in the value, in bytes.
    pub fn longest_text(&self) -> usize {
        match self {
            Value::Nothing => 0,
            Value::One(text) => text.len(),
            Value::Many(values) => values.iter().map(Value::longest_text).max().unwrap_or(0),
            Value::Map(members) => {
                let values = members.iter().map(|(_, value)| value.longest_text());
                values.max().unwrap_or(0)
            }
        }
    }

    /// Returns the text of a single value. A list with only one value counts as a single value.
    pub(super) fn single(&self) -> Option<&str> {
        match self {
            Value::One(text) => Some(text),
            Value::Many(values) => match values.as_slice() {
                [value] => value.single(),
                _ => None,
            },
            Value::Nothing | Value::Map(_) => None,
        }
    }
}

/// A row of a table: a row of a CSV file, or an object in a JSON or YAML file.
#[derive(Debug)]
pub(super) struct TableRow {
    /// The number of the row; see [`khizana_model::RowPosition::row`].
    pub number: u64,
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// The names of the values, if the table has no header.
    pub names: Option<Vec<String>>,
    /// The values, in the order of the names.
    pub values: Vec<Value>,
    /// The file that contains the row, if it is not the table.
    pub file: Option<String>,
}

/// An error because of which one row is rejected.
#[derive(Debug)]
pub(super) struct RowError {
    pub number: u64,
    pub line: u64,
    /// The column in the line, in characters from 1, if it is known.
    pub column: Option<u64>,
    pub code: &'static str,
    pub message: Message,
    pub hint: &'static str,
    /// The file that contains the row, if it is not the table.
    pub file: Option<String>,
}

/// An error that occurs while reading a table.
#[derive(Debug)]
pub(super) enum ReadError {
    /// One row cannot be read.
    Row(RowError),
    /// The rest of the table cannot be read.
    Table(SourceError),
}

/// The formats of tables, in order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Format {
    Csv,
    Tsv,
    Workbook,
    JsonLines,
    Json,
    Yaml,
}

impl Format {
    /// Returns the format of a file by its extension.
    pub(super) fn of(path: &Path) -> Option<Format> {
        Some(
            match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
                "csv" => Format::Csv,
                "tsv" => Format::Tsv,
                "xlsx" | "xlsm" | "ods" | "xls" | "xlsb" => Format::Workbook,
                "jsonl" | "ndjson" => Format::JsonLines,
                "json" => Format::Json,
                "yaml" | "yml" => Format::Yaml,
                _ => return None,
            },
        )
    }
}

/// A reader of the rows of a table.
#[derive(Debug)]
pub(super) enum Reader {
    Csv(Box<Csv>),
    Workbook(Box<WorkbookRows>),
    Folder(FolderRows),
    JsonLines(JsonLines),
    Json(JsonArray),
    Yaml(Yaml),
    /// A folder with one file per record.
    Records(Records),
}

impl Reader {
    /// Opens the table of a source.
    pub(super) fn of(source: &Source) -> Result<Reader, SourceError> {
        match (&source.workbook, &source.folder) {
            (Some(workbook), _) => Ok(Reader::Workbook(Box::new(workbook.rows()?))),
            (None, Some(items)) => Ok(Reader::Folder(FolderRows::new(items.clone()))),
            (None, None) => Reader::open(&source.table, &source.table_name),
        }
    }

    /// Opens a table that is not a workbook. `name` is the name of the table in errors.
    pub(super) fn open(path: &Path, name: &str) -> Result<Reader, SourceError> {
        if path.is_dir() {
            return Records::open(path, name).map(Reader::Records);
        }
        let format = Format::of(path).ok_or_else(|| SourceError::Format {
            file: name.to_owned(),
        })?;
        let input = Input::open(path, name)?;
        match format {
            Format::Csv => Csv::open(input, None, name).map(|csv| Reader::Csv(Box::new(csv))),
            Format::Tsv => {
                Csv::open(input, Some(b'\t'), name).map(|csv| Reader::Csv(Box::new(csv)))
            }
            Format::Workbook => Err(SourceError::Format {
                file: name.to_owned(),
            }),
            Format::JsonLines => Ok(Reader::JsonLines(JsonLines::new(input, name))),
            Format::Json => JsonArray::read(input, name).map(Reader::Json),
            Format::Yaml => Yaml::read(input, name).map(Reader::Yaml),
        }
    }

    /// Opens the table of a source to read only the identifiers and parents of its rows.
    pub(super) fn of_identifiers(source: &Source) -> Result<Reader, SourceError> {
        Ok(match Reader::of(source)? {
            Reader::Records(records) => Reader::Records(records.shallow()),
            reader => reader,
        })
    }

    /// Returns the names of the columns, if the table has a header.
    pub(super) fn header(&self) -> Option<&[String]> {
        match self {
            Reader::Csv(csv) => Some(csv.header()),
            Reader::Workbook(rows) => Some(rows.header()),
            _ => None,
        }
    }

    /// Returns the row number and the line of the header. If there is no header, returns those of
    /// the beginning of the table.
    pub(super) fn header_position(&self) -> (u64, u64) {
        match self {
            Reader::Csv(csv) => csv.header_position(),
            Reader::Workbook(rows) => (rows.header_row(), rows.header_row()),
            _ => (1, 1),
        }
    }

    /// Returns the first text above the column names, if there is one. In a workbook, titles above
    /// the column names are usual and not reported.
    pub(super) fn text_above(&self) -> Option<&str> {
        match self {
            Reader::Csv(csv) => csv.text_above(),
            _ => None,
        }
    }

    /// Returns the warnings about the cells of a workbook. Must be called after the last row has been
    /// read.
    pub(super) fn into_notes(self) -> Vec<Problem> {
        match self {
            Reader::Workbook(rows) => rows.into_notes(),
            _ => Vec::new(),
        }
    }

    /// Reads the next row. Returns `None` after the last row.
    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        match self {
            Reader::Csv(csv) => csv.next(),
            Reader::Workbook(rows) => rows.next(),
            Reader::Folder(rows) => rows.next(),
            Reader::JsonLines(lines) => lines.next(),
            Reader::Json(array) => array.next(),
            Reader::Yaml(yaml) => yaml.next(),
            Reader::Records(records) => records.next(),
        }
    }
}

pub(super) fn unreadable(name: &str, error: io::Error) -> SourceError {
    SourceError::Unreadable {
        file: name.to_owned(),
        error,
    }
}

/// Reads a table into memory, for formats that cannot be streamed.
pub(super) fn read_to_string(mut input: Input, name: &str) -> Result<String, SourceError> {
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(name, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let valid = error.as_bytes().get(..offset).unwrap_or_default();
        SourceError::NotUtf8 {
            file: name.to_owned(),
            line: 1 + valid.iter().filter(|byte| **byte == b'\n').count() as u64,
            what: match error.as_bytes().get(offset) {
                Some(byte) => {
                    message!("the byte {byte} is invalid", byte = format!("0x{byte:02X}"))
                }
                None => message!("it ends in the middle of a character"),
            },
        }
    })
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Nothing)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::One(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::One(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(Value::One(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(Value::One(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(Value::One(value.to_owned()))
            }
            fn visit_string<E>(self, value: String) -> Result<Value, E> {
                Ok(Value::One(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = items.next_element()? {
                    values.push(value);
                }
                Ok(Value::Many(values))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    members.push(entry);
                }
                Ok(Value::Map(members))
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// Converts an object to a row. `code` is the code of the error that is returned if the value is
/// not an object.
pub(super) fn table_row(
    number: u64,
    line: u64,
    value: Value,
    code: &'static str,
) -> Result<TableRow, ReadError> {
    match value {
        Value::Map(members) if members.len() > MAX_COLUMNS => Err(ReadError::Row(RowError {
            number,
            line,
            column: None,
            code: "record-too-wide",
            message: message!(
                "The item has {count} members; the limit is {limit}.",
                count = members.len(),
                limit = MAX_COLUMNS
            ),
            hint: "Write lists of values as arrays.",
            file: None,
        })),
        Value::Map(members) => {
            let (names, values) = members.into_iter().unzip();
            Ok(TableRow {
                number,
                line,
                names: Some(names),
                values,
                file: None,
            })
        }
        _ => Err(ReadError::Row(RowError {
            number,
            line,
            column: None,
            code,
            message: "The item is not an object.".into(),
            hint: "Write each item as an object: {\"id\": \"…\", \"title\": \"…\"}.",
            file: None,
        })),
    }
}
