//! Which table a source is, whose columns it has, and which collection it makes.

use std::path::{Path, PathBuf};

use super::column::Dialect;
use super::reader::{Format, ReadError, Reader, unreadable};
use super::{Source, SourceError, collection};
use khizana_model::{Problem, printable};

pub(super) fn open(path: &Path) -> Result<Source, SourceError> {
    let asked = printable(&path.to_string_lossy());
    let is_folder = match std::fs::metadata(path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(SourceError::NotFound { path: asked });
        }
        Err(error) => return Err(unreadable(&asked, error)),
    };
    let (root, table, passed_over) = if is_folder {
        let (table, others) = table_in(path, &asked)?;
        (path.to_owned(), table, others)
    } else {
        let root = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        (root, path.to_owned(), Vec::new())
    };
    let table_name = printable(&name_of(&table));
    let stem = table
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let collection_name = match stem {
        Some(stem) if !is_folder && stem != "metadata" => stem,
        // The path may be `.`, which says nothing.
        _ => root
            .canonicalize()
            .map(|root| name_of(&root))
            .unwrap_or_default(),
    };
    let dialect = dialect(&table, &table_name)?;
    let (collection, language) = collection::read(&root, &collection_name)?;
    let problems = several(&table_name, &passed_over);
    Ok(Source {
        root,
        table,
        table_name,
        dialect,
        collection,
        language,
        problems,
    })
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The table of a folder, and those that were passed over for it.
fn table_in(folder: &Path, asked: &str) -> Result<(PathBuf, Vec<String>), SourceError> {
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(asked, error))? {
        let entry = entry.map_err(|error| unreadable(asked, error))?;
        let (path, name) = (entry.path(), name_of(&entry.path()));
        if let Some(format) = Format::of(&path)
            && !name.starts_with('.')
            && path.is_file()
        {
            let other_name = path.file_stem().is_none_or(|stem| stem != "metadata");
            tables.push((other_name, format, name, path));
        }
    }
    // `metadata` before every other name; then by format, then by name.
    tables.sort();
    let mut tables = tables.into_iter();
    let Some((other_name, _, _, table)) = tables.next() else {
        return Err(SourceError::NoTable {
            path: asked.to_owned(),
        });
    };
    // Beside a `metadata` file, tables of other names are nobody's concern: they may be items.
    let others = tables
        .filter(|(other, ..)| *other == other_name)
        .map(|(_, _, name, _)| name)
        .collect();
    Ok((table, others))
}

fn several(table: &str, passed_over: &[String]) -> Vec<Problem> {
    if passed_over.is_empty() {
        return Vec::new();
    }
    vec![
        Problem::warning(
            "source-several-tables",
            format!(
                "The folder contains several tables; {table} is read and the others are ignored: {}.",
                printable(&passed_over.join(", "))
            ),
            "Pass the path of the table instead of the folder, or rename the table to metadata.",
        )
        .in_file(table),
    ]
}

/// The dialect of a table by its header, or by the first object that can be read.
fn dialect(table: &Path, name: &str) -> Result<Dialect, SourceError> {
    let mut reader = Reader::open(table, name)?;
    if let Some(header) = reader.header() {
        return Dialect::of(header).ok_or_else(|| SourceError::NoId {
            file: name.to_owned(),
            columns: printable(&header.join(", ")),
        });
    }
    let mut first = None;
    while let Some(record) = reader.next() {
        match record {
            Ok(record) => {
                let names = record.names.unwrap_or_default();
                if let Some(dialect) = Dialect::of(&names) {
                    return Ok(dialect);
                }
                first.get_or_insert(names);
            }
            Err(ReadError::Row(_)) => {}
            Err(ReadError::Table(error)) => return Err(error),
        }
    }
    match first {
        Some(names) => Err(SourceError::NoId {
            file: name.to_owned(),
            columns: printable(&names.join(", ")),
        }),
        None => Err(SourceError::Empty {
            file: name.to_owned(),
        }),
    }
}
