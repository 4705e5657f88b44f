//! Writing of a workbook for a folder without a table.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use khizana_model::{Message, message};
use khizana_source::template::{self, TemplateItem};
use khizana_source::{self as source, SourceError};

use crate::embedded::embedded_title;

/// An error from writing a workbook.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum TableError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The source already has a table.
    HasTable {
        /// The name of the table.
        table: String,
    },
    /// The workbook already exists.
    Exists {
        /// The path of the workbook.
        path: PathBuf,
    },
    /// The workbook cannot be written.
    Io {
        /// The path of the workbook.
        path: PathBuf,
        /// The error.
        error: io::Error,
    },
}

impl TableError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            TableError::Source(error) => error.message(),
            TableError::HasTable { table } => {
                message!("the source already has the table `{table}`", table)
            }
            TableError::Exists { path } => {
                message!("{path}: the file already exists", path = path.display())
            }
            TableError::Io { path, error } => {
                message!("cannot write {path}: {error}", path = path.display(), error)
            }
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            TableError::Source(error) => error.code(),
            TableError::HasTable { .. } => "table-exists",
            TableError::Exists { .. } => "file-exists",
            TableError::Io { .. } => "table-unwritable",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            TableError::Source(error) => error.hint(),
            TableError::HasTable { .. } => {
                "Continue with that table; --write-table is for folders without one."
            }
            TableError::Exists { .. } => "Pass the path of a new file.",
            TableError::Io { .. } => {
                "Check that the disk is available and that you have permission to write to the folder."
            }
        }
    }
}

/// Writes a workbook with a row for each item of a folder without a table: its identifier, its title
/// from the metadata or the name of its first file, and its files. Returns the number of items.
///
/// # Errors
/// Returns an error if the source has a table or cannot be read, or if the workbook exists or cannot
/// be written.
pub fn write_table(path: &Path, workbook: &Path) -> Result<u64, TableError> {
    let source = source::open(path)?;
    if !source.is_folder() {
        return Err(TableError::HasTable {
            table: source.table_name,
        });
    }
    let items: Vec<TemplateItem> = source
        .rows()?
        .filter_map(|row| row.item.ok())
        .map(|item| TemplateItem {
            id: item.item.id.to_string(),
            title: embedded_title(&item)
                .or_else(|| item.fallback_title.clone())
                .unwrap_or_default(),
            files: item.files.iter().map(|file| file.name.clone()).collect(),
        })
        .collect();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => TableError::Exists {
            path: workbook.to_owned(),
        },
        _ => TableError::Io {
            path: workbook.to_owned(),
            error,
        },
    };
    let bytes = template::create(&items).map_err(|error| failed(io::Error::other(error)))?;
    File::create_new(workbook)
        .and_then(|mut file| file.write_all(&bytes))
        .map_err(failed)?;
    Ok(items.len() as u64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_becomes_a_workbook_that_is_its_table() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["plates/10.tif", "plates/2.tif", "map of Damascus.jpg"] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let workbook = folder.path().join("metadata.xlsx");
        assert_eq!(write_table(folder.path(), &workbook).unwrap(), 2);
        let source = source::open(folder.path()).unwrap();
        assert_eq!(source.table_name, "metadata.xlsx");
        let mut rows = source.rows().unwrap();
        let items: Vec<_> = rows.by_ref().map(|row| row.item.unwrap()).collect();
        assert_eq!(rows.finish(), []);
        assert_eq!(items[0].item.id.as_str(), "map-of-Damascus");
        assert_eq!(items[0].item.title.get("und"), ["map of Damascus"]);
        let files: Vec<&str> = items[1]
            .files
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        assert_eq!(files, ["plates/2.tif", "plates/10.tif"]);

        let error = write_table(folder.path(), &workbook).unwrap_err();
        assert_eq!(error.code(), "table-exists");
        assert!(error.to_string().contains("metadata.xlsx"));
        let other = tempfile::tempdir().unwrap();
        std::fs::write(other.path().join("1.tif"), "x").unwrap();
        let error = write_table(other.path(), &workbook).unwrap_err();
        assert_eq!(error.code(), "file-exists");
        let error = write_table(other.path(), &other.path().join("no/a.xlsx")).unwrap_err();
        assert_eq!(error.code(), "table-unwritable");
        assert!(error.hint().contains("permission"));
    }
}
