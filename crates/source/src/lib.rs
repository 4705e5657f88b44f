//! Sources: tables of metadata and the files that they name.
//!
//! [`open`] locates the table, detects its [`Dialect`] and reads `collection.toml`. [`Source::rows`]
//! reads the table once to index identifiers and parents, and then streams its rows:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let source = khizana_source::open("scans".as_ref())?;
//! let mut rows = source.rows()?;
//! for row in rows.by_ref() {
//!     match row.item {
//!         Ok(item) => println!("{}: {} files", item.item.id, item.files.len()),
//!         Err(problems) => problems.iter().for_each(|problem| eprintln!("{problem}")),
//!     }
//! }
//! for problem in rows.finish() {
//!     eprintln!("{problem}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The format is described for curators in `docs/src/source.md`.

mod collection;
mod column;
mod csv;
pub mod date;
mod error;
mod files;
mod item;
mod json;
pub mod language;
mod locate;
mod natural;
mod reader;
mod rows;
pub mod text;
mod wax;
mod yaml;

use std::path::{Path, PathBuf};

use khizana_model::{Collection, Hash, Item, LangMap, LangTag, Problem, RowPosition, TrackKind};

pub use column::Dialect;
pub use error::SourceError;
pub use rows::Rows;

/// A source on disk.
#[derive(Debug, Clone)]
pub struct Source {
    /// The folder of the table. Paths of files are relative to it.
    pub root: PathBuf,
    /// The path of the table.
    pub table: PathBuf,
    /// The file name of the table, as printed in problems.
    pub table_name: String,
    /// The dialect of the table.
    pub dialect: Dialect,
    /// The collection, from `collection.toml`.
    pub collection: Collection,
    /// The language of values whose column has no language tag; `und` by default.
    pub language: LangTag,
    /// Problems of the source, such as several tables in one folder. [`Rows::finish`] returns them too.
    pub problems: Vec<Problem>,
}

/// Opens a source. `path` is a folder or a table.
///
/// # Errors
/// A [`SourceError`] if there is no readable table, or if `collection.toml` is invalid.
pub fn open(path: &Path) -> Result<Source, SourceError> {
    locate::open(path)
}

impl Source {
    /// Indexes the identifiers and parents of the table, and returns an iterator over its rows.
    ///
    /// Only the index and one row are held in memory, except for JSON arrays and YAML.
    ///
    /// # Errors
    /// A [`SourceError`] if the table as a whole cannot be read.
    pub fn rows(&self) -> Result<Rows, SourceError> {
        Rows::new(self)
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// The position of the row.
    pub position: RowPosition,
    /// The item, or the errors that reject the row. [`Rows::finish`] returns the warnings.
    pub item: Result<SourceItem, Vec<Problem>>,
}

/// An item of a source: the description in its row and its files.
#[derive(Debug, Clone)]
pub struct SourceItem {
    /// The description. Its `media` is empty.
    pub item: Item,
    /// The files in order: regular files that are not empty.
    pub files: Vec<FileRef>,
    /// SHA-256 of the description and the names of the files, but not of their content. It changes if the
    /// row changes.
    pub hash: Hash,
    /// The setting of the collection; see [`Collection::location_from_files`].
    pub location_from_files: bool,
}

/// A file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// The path in the source, relative, with `/`, in NFC.
    pub name: String,
    /// The path on disk, whose file name may be in another normal form.
    pub path: PathBuf,
    /// The label of the page or part.
    pub label: LangMap,
    /// The text of the page or part.
    pub text: Option<TextRef>,
    /// Captions, transcripts and chapters of a recording.
    pub tracks: Vec<TrackRef>,
    /// The poster of a recording.
    pub poster: Option<PosterRef>,
}

/// A track of a recording: captions, a transcript or chapters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackRef {
    /// The kind of track.
    pub kind: TrackKind,
    /// The file.
    pub file: TextRef,
}

/// The poster of a recording: the image displayed before it plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosterRef {
    /// The path in the source; see [`FileRef::name`].
    pub name: String,
    /// The path on disk; see [`FileRef::path`].
    pub path: PathBuf,
}

/// The text of a page or part, or the file of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRef {
    /// The path in the source; see [`FileRef::name`].
    pub name: String,
    /// The path on disk; see [`FileRef::path`].
    pub path: PathBuf,
    /// The language. For texts, the first language of the item, that of the collection, or `und`.
    pub language: LangTag,
}
