//! `init`: a new archive, with an example source that can be taken in as it stands.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::catalogue::CATALOGUE;
use crate::config::CONFIG;
use crate::ocfl::STORE;

/// The example's folder in the archive.
pub const SOURCE: &str = "source";

/// What the archive is made of: path, content.
const FILES: [(&str, &str); 4] = [
    ("source/metadata.csv", include_str!("init/metadata.csv")),
    (
        "source/collection.toml",
        include_str!("init/collection.toml"),
    ),
    ("source/khizana.txt", include_str!("init/khizana.txt")),
    ("source/lam-alif.txt", include_str!("init/lam-alif.txt")),
];
const CONFIG_TEXT: &str = include_str!("init/khizana.toml");

/// Why no archive was made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is an archive already.
    #[error("{}: the folder already contains an archive", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A file of the example would take the place of another.
    #[error("{}: the file already exists", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("{}: cannot be written: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's own words.
        error: io::Error,
    },
}

impl InitError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            InitError::Exists { .. } => "archive-exists",
            InitError::InTheWay { .. } => "file-exists",
            InitError::Io { .. } => "archive-io",
        }
    }

    /// What to do about it.
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

/// Makes a new archive in `dir`: `khizana.toml`, and an example source in `source/`. No file that is
/// there is touched.
pub fn init(dir: &Path) -> Result<(), InitError> {
    let at = |name: &str| dir.join(name);
    if [CONFIG, STORE, CATALOGUE]
        .iter()
        .any(|name| at(name).exists())
    {
        return Err(InitError::Exists {
            path: dir.to_owned(),
        });
    }
    if let Some((name, _)) = FILES.iter().find(|(name, _)| at(name).exists()) {
        return Err(InitError::InTheWay { path: at(name) });
    }
    let source = at(SOURCE);
    fs::create_dir_all(&source).map_err(|error| InitError::Io {
        path: source,
        error,
    })?;
    // `khizana.toml` last: it is what makes the folder an archive.
    for (name, text) in FILES.into_iter().chain([(CONFIG, CONFIG_TEXT)]) {
        let path = at(name);
        File::create_new(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| InitError::Io { path, error })?;
    }
    Ok(())
}
