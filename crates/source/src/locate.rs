//! Location of the table of a source.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::column::Dialect;
use super::reader::{Format, ReadError, Reader, unreadable};
use super::records::Records;
use super::workbook::Workbook;
use super::{Source, SourceError, collection, encoding, folder, site};
use khizana_model::{Problem, message, printable};

/// The names of tables that are read even if the folder is that of a site.
const NAMES: [&str; 5] = [
    "metadata.csv",
    "metadata.tsv",
    "metadata.xlsx",
    "metadata.ods",
    "metadata.xls",
];

pub(super) fn open(path: &Path) -> Result<Source, SourceError> {
    let shown_path = printable(&path.to_string_lossy());
    let is_folder = match std::fs::metadata(path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(SourceError::NotFound { path: shown_path });
        }
        Err(error) => return Err(unreadable(&shown_path, error)),
    };
    let mut items = None;
    let (root, table, ignored) = if is_folder {
        match find_table(path, &shown_path)? {
            Some((table, others)) => (path.to_owned(), table, others),
            None => {
                let folders = folders_with_tables(path);
                let found = folder::items(path, &shown_path)?;
                if found.is_empty() || !folders.is_empty() {
                    let path = shown_path;
                    return Err(SourceError::NoTable { path, folders });
                }
                items = Some(found);
                (path.to_owned(), path.to_owned(), Vec::new())
            }
        }
    } else {
        let root = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        (root, path.to_owned(), Vec::new())
    };
    // Paths in the table of a site are relative to the folder of the site.
    let site = match &items {
        Some(_) => None,
        None => site::folder_of(&table).map(Path::to_owned),
    };
    let tables = site.as_deref().and_then(site::tables).unwrap_or_default();
    let is_only_table = tables.len() == 1;
    let images = tables
        .into_iter()
        .find_map(|site| site.images.filter(|_| site.table == table));
    let has_site = site.is_some();
    let root = site.unwrap_or(root);
    let table_name = match table.is_dir() {
        // The path may be `.`.
        true => printable(&name_of(
            &table.canonicalize().unwrap_or_else(|_| table.clone()),
        )),
        false => printable(&name_of(&table)),
    };
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
    let mut settings = collection::read(&root, &collection_name)?;
    if has_site && is_only_table {
        site::describe(&root, &mut settings.collection, &settings.language);
    }
    let workbook = match Format::of(&table) {
        Some(Format::Workbook) if table.is_file() => {
            let workbook = Workbook::open(&table, &table_name, settings.sheet.as_deref())?;
            Some(Arc::new(workbook))
        }
        _ => None,
    };
    let dialect = match &workbook {
        Some(workbook) => dialect_of_header(workbook.header(), &table_name)?,
        None if items.is_some() => Dialect::Khizana,
        None => detect_dialect(&table, &table_name)?,
    };
    let mut problems = several_tables(&table_name, &ignored);
    if workbook.is_none() && table.is_file() {
        problems.extend(encoding::warning(&table, &table_name)?);
    }
    if items.is_some() {
        problems.push(Problem::warning(
            "source-folder",
            "The folder contains no table. Each media file in it, and each subfolder with media files, is an item, which has the title that its first file contains, or else its name.",
            "To describe the items, write a workbook with `khizana check FOLDER --write-table FOLDER/metadata.xlsx`, and fill it in.",
        ));
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
        section_lines: settings.section_lines,
        workbook,
        folder: items,
    })
}

/// Returns the names of the folders in a folder that are sources with one of the usual [`NAMES`], in alphabetical order.
fn folders_with_tables(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path());
    let folders = folders.filter(|path| NAMES.iter().any(|name| path.join(name).is_file()));
    let mut names: Vec<String> = folders.map(|path| printable(&name_of(&path))).collect();
    names.sort_unstable();
    names
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A table, or a folder with one file per record, and the names of tables that are ignored.
type FoundTable = (PathBuf, Vec<String>);

/// Finds the table in a folder. Returns `None` if there is none.
fn find_table(folder: &Path, shown_path: &str) -> Result<Option<FoundTable>, SourceError> {
    let is_named = |name: &&str| folder.join(name).is_file();
    if !NAMES.iter().any(is_named)
        && let Some(tables) = site::tables(folder)
    {
        let mut tables = tables.into_iter().map(|site| site.table);
        if let Some(table) = tables.next() {
            return Ok(Some((table, tables.map(|table| name_of(&table)).collect())));
        }
    }
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(shown_path, error))? {
        let entry = entry.map_err(|error| unreadable(shown_path, error))?;
        let (path, name) = (entry.path(), name_of(&entry.path()));
        if let Some(format) = Format::of(&path)
            && !is_left_by_a_program(&name)
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
        return Ok(Some((folder.to_owned(), Vec::new())));
    }
    // `metadata` precedes all other names. The other tables are sorted by format and then by name.
    tables.sort();
    let mut tables = tables.into_iter();
    let Some((is_other_name, _, _, table)) = tables.next() else {
        return Ok(None);
    };
    // If there is a `metadata` file, tables with other names may be files of items.
    let others = tables
        .filter(|(other, ..)| *other == is_other_name)
        .map(|(_, _, name, _)| name)
        .collect();
    Ok(Some((table, others)))
}

/// Returns `true` for files that programs leave behind: `~$table.xlsx` and `.~lock.table.ods#` of
/// spreadsheet programs, `._table.csv` of macOS, and other hidden files.
fn is_left_by_a_program(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}

/// Returns a warning about tables that are ignored, if there are any.
fn several_tables(table: &str, ignored: &[String]) -> Vec<Problem> {
    if ignored.is_empty() {
        return Vec::new();
    }
    vec![
        Problem::warning(
            "source-several-tables",
            message!("The folder contains several tables; {table} is read and the others are ignored: {ignored}.", table, ignored = printable(&ignored.join(", "))),
            "Pass the path of the table instead of that of the folder, or give the table the name `metadata`, as in metadata.csv.",
        )
        .in_file(table),
    ]
}

/// Detects the dialect of a table from its header.
fn dialect_of_header(header: &[String], name: &str) -> Result<Dialect, SourceError> {
    Dialect::detect(header).ok_or_else(|| SourceError::NoId {
        file: name.to_owned(),
        columns: printable(&header.join(", ")),
    })
}

/// Detects the dialect of a table from its header, or from the first object that has an identifier.
fn detect_dialect(table: &Path, name: &str) -> Result<Dialect, SourceError> {
    let mut reader = Reader::open(table, name)?;
    if let Some(header) = reader.header() {
        return dialect_of_header(header, name);
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
