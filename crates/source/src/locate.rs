//! Location of the table of a source.

use std::path::{Path, PathBuf};

use super::column::Dialect;
use super::reader::{Format, ReadError, Reader, unreadable};
use super::records::Records;
use super::{Source, SourceError, collection, encoding, site};
use khizana_model::{Problem, printable};

pub(super) fn open(path: &Path) -> Result<Source, SourceError> {
    let shown_path = printable(&path.to_string_lossy());
    let is_folder = match std::fs::metadata(path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(SourceError::NotFound { path: shown_path });
        }
        Err(error) => return Err(unreadable(&shown_path, error)),
    };
    let (root, table, ignored) = if is_folder {
        let (table, others) = find_table(path, &shown_path)?;
        (path.to_owned(), table, others)
    } else {
        let root = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        (root, path.to_owned(), Vec::new())
    };
    // Paths in the table of a site are relative to the folder of the site.
    let site = site::folder_of(&table).map(Path::to_owned);
    let tables = site.as_deref().and_then(site::tables).unwrap_or_default();
    let images = tables
        .into_iter()
        .find_map(|site| site.images.filter(|_| site.table == table));
    let root = site.unwrap_or(root);
    // The path is canonicalised, because it may be `.`.
    let full_path = table.canonicalize().unwrap_or_else(|_| table.clone());
    let table_name = printable(&name_of(&full_path));
    let stem = table
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let named_table = stem.filter(|stem| !is_folder && stem != "metadata");
    let is_named_by_folder = named_table.is_none();
    let collection_name = named_table.unwrap_or_else(|| {
        // The path is canonicalised, because it may be `.`.
        root.canonicalize()
            .map(|root| name_of(&root))
            .unwrap_or_default()
    });
    let dialect = detect_dialect(&table, &table_name)?;
    let settings = collection::read(&root, &collection_name)?;
    let mut problems = several_tables(&table_name, &ignored);
    if Format::of(&table).is_some() && !table.is_dir() {
        problems.extend(encoding::warning(&table, &table_name)?);
    }
    Ok(Source {
        root,
        table,
        table_name,
        dialect,
        images,
        collection: settings.collection,
        language: settings.language,
        is_named_by_folder: is_named_by_folder && !settings.has_id,
        problems,
    })
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Finds the table in a folder. Also returns the names of tables that are ignored.
fn find_table(folder: &Path, shown_path: &str) -> Result<(PathBuf, Vec<String>), SourceError> {
    let is_named = |name: &str| folder.join(name).is_file();
    if !["metadata.csv", "metadata.tsv"].into_iter().any(is_named)
        && let Some(tables) = site::tables(folder)
    {
        let mut tables = tables.into_iter().map(|site| site.table);
        if let Some(table) = tables.next() {
            return Ok((table, tables.map(|table| name_of(&table)).collect()));
        }
    }
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(shown_path, error))? {
        let entry = entry.map_err(|error| unreadable(shown_path, error))?;
        let (path, name) = (entry.path(), name_of(&entry.path()));
        if let Some(format) = Format::of(&path)
            && !name.starts_with('.')
            && path.is_file()
        {
            let is_other_name = path.file_stem().is_none_or(|stem| stem != "metadata");
            tables.push((is_other_name, format, name, path));
        }
    }
    // Several JSON files that are not called `metadata` are usually records, not tables.
    let is_json = |(is_other_name, format, ..): &(bool, Format, String, PathBuf)| {
        *is_other_name && *format == Format::Json
    };
    if tables.iter().all(is_json) && Records::are_in(folder) {
        return Ok((folder.to_owned(), Vec::new()));
    }
    // `metadata` precedes all other names. The other tables are sorted by format and then by name.
    tables.sort();
    let mut tables = tables.into_iter();
    let Some((is_other_name, _, _, table)) = tables.next() else {
        if Records::are_in(folder) {
            return Ok((folder.to_owned(), Vec::new()));
        }
        return Err(SourceError::NoTable {
            path: shown_path.to_owned(),
        });
    };
    // If there is a `metadata` file, tables with other names may be files of items.
    let others = tables
        .filter(|(other, ..)| *other == is_other_name)
        .map(|(_, _, name, _)| name)
        .collect();
    Ok((table, others))
}

/// Returns a warning about tables that are ignored, if there are any.
fn several_tables(table: &str, ignored: &[String]) -> Vec<Problem> {
    if ignored.is_empty() {
        return Vec::new();
    }
    vec![
        Problem::warning(
            "source-several-tables",
            format!(
                "The folder contains several tables; {table} is read and the others are ignored: {}.",
                printable(&ignored.join(", "))
            ),
            "Pass the path of the table instead of that of the folder, or give the table the name `metadata`, as in metadata.csv.",
        )
        .in_file(table),
    ]
}

/// Detects the dialect of a table from its header, or from the first object that has an identifier.
fn detect_dialect(table: &Path, name: &str) -> Result<Dialect, SourceError> {
    let mut reader = Reader::open(table, name)?;
    if let Some(header) = reader.header() {
        return Dialect::detect(header).ok_or_else(|| SourceError::NoId {
            file: name.to_owned(),
            columns: printable(&header.join(", ")),
        });
    }
    let mut first = None;
    while let Some(row) = reader.next() {
        match row {
            Ok(row) => {
                let names = row.names.unwrap_or_default();
                if let Some(dialect) = Dialect::detect(&names) {
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
