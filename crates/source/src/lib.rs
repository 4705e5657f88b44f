//! What a curator hands in: a table of metadata and the files it names.
//!
//! [`open`] finds the table, its [`Dialect`] and its collection; [`Source::rows`] looks through the
//! table once for identifiers and parents and then streams it:
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
mod describe;
mod error;
mod files;
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

/// A source found on disk.
#[derive(Debug, Clone)]
pub struct Source {
    /// The folder in which the table lies and its files are looked for.
    pub root: PathBuf,
    /// The table.
    pub table: PathBuf,
    /// The name of the table, as problems give it.
    pub table_name: String,
    /// Whose columns the table has.
    pub dialect: Dialect,
    /// What `collection.toml` says; only an identifier where there is none.
    pub collection: Collection,
    /// The language of values whose column names none: the collection's, `und` otherwise.
    pub language: LangTag,
    /// Problems found before the first row, such as several tables in one folder. Also among those
    /// of [`Rows::finish`].
    pub problems: Vec<Problem>,
}

/// Opens a source: a folder, or a table in it.
///
/// # Errors
/// A [`SourceError`] where there is nothing that could be read as a table.
pub fn open(path: &Path) -> Result<Source, SourceError> {
    locate::open(path)
}

impl Source {
    /// Looks through the table for its identifiers and parents, then gives its rows in order. The
    /// rows are described as they are asked for; what is held is one row, and the identifiers.
    ///
    /// # Errors
    /// A [`SourceError`] where the table as a whole cannot be read.
    pub fn rows(&self) -> Result<Rows, SourceError> {
        Rows::new(self)
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// Its position.
    pub position: RowPosition,
    /// The item, or the errors for which the row is rejected. Warnings are grouped and come with
    /// [`Rows::finish`].
    pub item: Result<SourceItem, Vec<Problem>>,
}

/// An item as its row describes it, and the files it names.
#[derive(Debug, Clone)]
pub struct SourceItem {
    /// The item; its `media` is empty.
    pub item: Item,
    /// Its files, in order. They were there, were ordinary files and not empty.
    pub files: Vec<FileRef>,
    /// SHA-256 over the description and the names of the files (not over their content): another
    /// hash means that the row changed.
    pub hash: Hash,
    /// As the collection has it: [`Collection::location_from_files`].
    pub location_from_files: bool,
}

/// A file that an item names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// Its path in the source, relative, with `/`, in NFC.
    pub name: String,
    /// Where it is on this machine (its name there may be in another normal form).
    pub path: PathBuf,
    /// The label the curator gave this page or part.
    pub label: LangMap,
    /// The text of this page or part.
    pub text: Option<TextRef>,
    /// Captions, transcripts and chapters of this recording.
    pub tracks: Vec<TrackRef>,
    /// The image that stands for this recording.
    pub poster: Option<PosterRef>,
}

/// Captions, a transcript or chapters of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackRef {
    /// What it is for.
    pub kind: TrackKind,
    /// The file.
    pub file: TextRef,
}

/// An image that stands for a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosterRef {
    /// As [`FileRef::name`].
    pub name: String,
    /// As [`FileRef::path`].
    pub path: PathBuf,
}

/// The text of a page or part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRef {
    /// As [`FileRef::name`].
    pub name: String,
    /// As [`FileRef::path`].
    pub path: PathBuf,
    /// The language it is in: the item's first, or the collection's, or `und`.
    pub language: LangTag,
}
