//! `init`: creates an archive with an example source that can be ingested unchanged.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use khizana_model::{Message, message};

use crate::catalogue::CATALOGUE_FILE;
use crate::config::CONFIG_FILE;
use crate::ocfl::STORE_DIR;

/// The folder of the example source in a new archive.
pub const EXAMPLE_SOURCE: &str = "source";

/// The files of the example source, each with its path and its content.
const FILES: [(&str, &str); 3] = [
    (
        "source/collection.toml",
        include_str!("init/collection.toml"),
    ),
    ("source/khizana.txt", include_str!("init/khizana.txt")),
    ("source/lam-alif.txt", include_str!("init/lam-alif.txt")),
];
/// The table of the example source, unless another is passed.
const TABLE: (&str, &str) = ("source/metadata.csv", include_str!("init/metadata.csv"));
/// The text of the configuration.
pub(crate) const CONFIG_TEXT: &str = include_str!("init/khizana.toml");

/// An error from creating an archive.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum InitError {
    /// The folder already contains an archive.
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A file of the example source already exists.
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder cannot be created.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
}

impl InitError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            InitError::Exists { path } => message!(
                "{path}: the folder already contains an archive",
                path = path.display()
            ),
            InitError::InTheWay { path } => {
                message!("{path}: the file already exists", path = path.display())
            }
            InitError::Io { path, error } => {
                message!("cannot write {path}: {error}", path = path.display(), error)
            }
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            InitError::Exists { .. } => "archive-exists",
            InitError::InTheWay { .. } => "file-exists",
            InitError::Io { .. } => "archive-io",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            InitError::Exists { .. } => "Pass another folder, or use the existing archive.",
            InitError::InTheWay { .. } => "Pass an empty folder, or move the file.",
            InitError::Io { .. } => {
                "Check that the disk is available and that you have permission to write to the folder."
            }
        }
    }
}

/// A table that replaces that of the example source.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// The file name.
    pub name: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

/// Creates an archive in `dir`: `khizana.toml` and an example source in `source/`. If `table` is not
/// `None`, it replaces the table of the example source. Does not change existing files.
///
/// # Errors
/// Returns an error if the folder already contains an archive or a file of the example source, or
/// if a file cannot be created.
pub fn init(dir: &Path, table: Option<Table<'_>>) -> Result<(), InitError> {
    let at = |name: &str| dir.join(name);
    if [CONFIG_FILE, STORE_DIR, CATALOGUE_FILE]
        .iter()
        .any(|name| at(name).exists())
    {
        return Err(InitError::Exists {
            path: dir.to_owned(),
        });
    }
    let table = match table {
        Some(table) => (format!("{EXAMPLE_SOURCE}/{}", table.name), table.bytes),
        None => (TABLE.0.to_owned(), TABLE.1.as_bytes()),
    };
    let mut files = vec![table];
    // `khizana.toml` is written last because it marks the folder as an archive.
    for (name, text) in FILES.into_iter().chain([(CONFIG_FILE, CONFIG_TEXT)]) {
        files.push((name.to_owned(), text.as_bytes()));
    }
    if let Some((name, _)) = files.iter().find(|(name, _)| at(name).exists()) {
        return Err(InitError::InTheWay { path: at(name) });
    }
    let source = at(EXAMPLE_SOURCE);
    fs::create_dir_all(&source).map_err(|error| InitError::Io {
        path: source,
        error,
    })?;
    for (name, bytes) in files {
        let path = at(&name);
        File::create_new(&path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| InitError::Io { path, error })?;
    }
    Ok(())
}
