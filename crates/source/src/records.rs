//! Folders with one JSON file per record, as museums publish their collections.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use khizana_model::{message, printable};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::SourceError;
use super::json::reason;
use super::natural;
use super::reader::{ReadError, RowError, TableRow, Value, table_row, unreadable};

const MALFORMED: &str = "json-malformed";
/// Maximum size of a record in bytes.
const MAX_BYTES: u64 = 16 << 20;
/// Maximum depth of subfolders.
const MAX_DEPTH: usize = 8;

/// The records in a folder. One of them is held in memory at a time.
#[derive(Debug)]
pub(super) struct Records {
    /// The paths of the files relative to the folder, in reverse order.
    files: Vec<PathBuf>,
    folder: PathBuf,
    /// Number of records read so far.
    count: u64,
    /// `true` if nested values are skipped; see [`Records::shallow`].
    is_shallow: bool,
}

impl Records {
    /// Lists the JSON files in a folder and its subfolders, in natural order.
    pub(super) fn open(folder: &Path, name: &str) -> Result<Records, SourceError> {
        let mut files = Vec::new();
        list(folder, Path::new(""), 0, &mut files).map_err(|error| unreadable(name, error))?;
        let mut named: Vec<(String, PathBuf)> = files
            .into_iter()
            .map(|file| (file.to_string_lossy().into_owned(), file))
            .collect();
        named.sort_by(|(a, _), (b, _)| natural::compare(b, a));
        let files = named.into_iter().map(|(_, file)| file).collect();
        Ok(Records {
            files,
            folder: folder.to_owned(),
            count: 0,
            is_shallow: false,
        })
    }

    /// Skips the objects in records, and all but the first two values of lists. This is enough to
    /// read identifiers, and much faster.
    pub(super) fn shallow(self) -> Records {
        Records {
            is_shallow: true,
            ..self
        }
    }

    /// Returns `true` if a folder contains records: its first JSON file contains an object.
    pub(super) fn are_in(folder: &Path) -> bool {
        let files = Records::open(folder, "").map(|records| records.files);
        let first = files.ok().and_then(|mut files| files.pop());
        first.is_some_and(|file| {
            let mut start = Vec::new();
            let file = File::open(folder.join(file));
            let read = file.and_then(|file| file.take(512).read_to_end(&mut start));
            let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
            read.is_ok() && start.trim_ascii_start().starts_with(b"{")
        })
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        let file = self.files.pop()?;
        self.count += 1;
        let name = printable(&file.to_string_lossy());
        let row = self.read(&file).map(|mut row| {
            row.file = Some(name.clone());
            row
        });
        Some(row.map_err(|error| match error {
            ReadError::Row(error) => ReadError::Row(RowError {
                file: Some(name),
                ..error
            }),
            table => table,
        }))
    }

    fn read(&self, file: &Path) -> Result<TableRow, ReadError> {
        let error = |line, column, code, message, hint| {
            ReadError::Row(RowError {
                number: self.count,
                line,
                column,
                code,
                message,
                hint,
                file: None,
            })
        };
        let mut bytes = Vec::new();
        let opened = File::open(self.folder.join(file));
        let read = opened.and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        if let Err(cause) = read {
            return Err(error(
                1,
                None,
                "file-unreadable",
                message!("The record cannot be read: {error}.", error = cause),
                "Check that you have permission to read it.",
            ));
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Err(error(
                1,
                None,
                "value-too-long",
                message!("The record is larger than 16 MiB."),
                "Put long texts into separate files, and name them in `text`.",
            ));
        }
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let parsed = match self.is_shallow {
            true => serde_json::from_slice::<ShallowRecord>(text).map(|record| record.0),
            false => serde_json::from_slice::<Value>(text),
        };
        let value = parsed.map_err(|cause| {
            error(
                cause.line() as u64,
                Some(cause.column() as u64),
                MALFORMED,
                message!(
                    "The file is not valid JSON: {reason}.",
                    reason = reason(&cause)
                ),
                "Write one complete object in UTF-8.",
            )
        })?;
        table_row(self.count, 1, value, MALFORMED)
    }
}

/// Adds the JSON files in `folder/prefix` to `files`. Hidden files and folders, and those whose name
/// begins with an underscore, are skipped.
fn list(
    folder: &Path,
    prefix: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(folder.join(prefix))? {
        let entry = entry?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        if shown.starts_with(['.', '_']) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < MAX_DEPTH {
            list(folder, &prefix.join(&name), depth + 1, files)?;
        } else if kind.is_file() && shown.to_ascii_lowercase().ends_with(".json") {
            files.push(prefix.join(&name));
        }
    }
    Ok(())
}

/// A record whose members are [`Shallow`].
struct ShallowRecord(Value);

impl<'de> Deserialize<'de> for ShallowRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RecordVisitor;
        impl<'de> Visitor<'de> for RecordVisitor {
            type Value = ShallowRecord;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut entries: A,
            ) -> Result<ShallowRecord, A::Error> {
                let mut members = Vec::new();
                while let Some((name, Shallow(value))) = entries.next_entry()? {
                    members.push((name, value));
                }
                Ok(ShallowRecord(Value::Map(members)))
            }
        }
        deserializer.deserialize_map(RecordVisitor)
    }
}

/// A value without the objects in it.
struct Shallow(Value);

impl<'de> Deserialize<'de> for Shallow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShallowVisitor;
        impl<'de> Visitor<'de> for ShallowVisitor {
            type Value = Shallow;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Shallow, E> {
                Ok(Shallow(Value::Nothing))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Shallow, E> {
                Ok(Shallow(Value::One(value.to_string())))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Shallow, E> {
                Ok(Shallow(Value::One(value.to_string())))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Shallow, E> {
                Ok(Shallow(Value::One(value.to_string())))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Shallow, E> {
                Ok(Shallow(Value::One(value.to_string())))
            }
            fn visit_str<E>(self, value: &str) -> Result<Shallow, E> {
                Ok(Shallow(Value::One(value.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shallow, A::Error> {
                let mut values = Vec::new();
                while values.len() < 2 {
                    match items.next_element()? {
                        Some(Shallow(value)) => values.push(value),
                        None => return Ok(Shallow(Value::Many(values))),
                    }
                }
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Shallow(Value::Many(values)))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Shallow, A::Error> {
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Shallow(Value::Map(Vec::new())))
            }
        }
        deserializer.deserialize_any(ShallowVisitor)
    }
}
