//! Sources: tables of metadata, and the files to which they refer.
//!
//! A folder without a table is a source too: each image in it is an item.
//!
//! [`open`] locates the table, detects its [`Dialect`] and reads `collection.toml`.
//! [`Source::rows`] first reads the table once to index identifiers and parents, and then returns
//! an iterator over its rows:
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
pub mod corrected;
mod csv;
pub mod date;
mod encoding;
mod error;
mod files;
mod folder;
mod index;
mod item;
mod json;
pub mod language;
mod literal;
mod locate;
mod natural;
mod reader;
mod records;
mod remote;
mod rows;
mod sections;
mod site;
pub mod template;
pub mod text;
mod text_table;
mod wax;
mod workbook;
mod yaml;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use khizana_model::{
    Collection, Hash, Item, LangMap, LangTag, Problem, RemoteImage, RowPosition, TrackKind,
};

pub use column::Dialect;
pub use error::SourceError;
pub use rows::Rows;
pub use text_table::{TextRow, TextTable};
pub use workbook::{Fault, WorkbookError, cell_name};

/// A source on disk: a table and its files.
#[derive(Debug, Clone)]
pub struct Source {
    /// The folder that contains the table. Paths of files are relative to it.
    pub root: PathBuf,
    /// The path of the table, or of the folder with one file per record or without a table.
    pub table: PathBuf,
    /// The file name of the table, as it is printed in problems.
    pub table_name: String,
    /// The dialect of the table.
    pub dialect: Dialect,
    /// The folder of the images of Wax that the configuration of its site names.
    pub images: Option<String>,
    /// The collection, from `collection.toml`.
    pub collection: Collection,
    /// The language of values in columns without a language tag. The default is `und`.
    pub language: LangTag,
    /// `true` if the identifier of the collection is derived from the name of the folder, and neither
    /// from `collection.toml` nor from the name of the table.
    pub is_named_by_folder: bool,
    /// Problems of the source, such as several tables in one folder. [`Rows::finish`] returns them
    /// as well.
    pub problems: Vec<Problem>,
    /// The lines of the sections of the collection.
    pub(crate) section_lines: Vec<sections::SectionLines>,
    /// The workbook, if the table is one.
    pub(crate) workbook: Option<Arc<workbook::Workbook>>,
    /// The items, if the source is a folder without a table.
    pub(crate) folder: Option<Vec<folder::FolderItem>>,
}

/// Opens a source. `path` is a folder or a table.
///
/// # Errors
/// Returns a [`SourceError`] if there is no readable table, or if `collection.toml` is invalid.
pub fn open(path: &Path) -> Result<Source, SourceError> {
    locate::open(path)
}

impl Source {
    /// Indexes the identifiers and parents of the table, and returns an iterator over its rows.
    ///
    /// Only the index and one row are held in memory, except for JSON arrays and YAML.
    ///
    /// # Errors
    /// Returns a [`SourceError`] if the table as a whole cannot be read.
    pub fn rows(&self) -> Result<Rows, SourceError> {
        Rows::new(self)
    }

    /// Returns `true` if the source is a folder without a table.
    pub fn is_folder(&self) -> bool {
        self.folder.is_some()
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// The position of the row.
    pub position: RowPosition,
    /// The item, or the errors because of which the row is rejected. [`Rows::finish`] returns the
    /// warnings.
    pub item: Result<SourceItem, Vec<Problem>>,
}

/// An item of a source: the description from its table row, and its files.
#[derive(Debug, Clone)]
pub struct SourceItem {
    /// The description. Its `media` is empty.
    pub item: Item,
    /// The files of the item, in order. They are regular files and not empty.
    pub files: Vec<FileRef>,
    /// The images on other hosts, in order. [`Item::remote`] lists them, too.
    pub remote: Vec<RemoteFile>,
    /// SHA-256 of the description and of the names of the files, but not of their contents. It
    /// changes if the row changes.
    pub hash: Hash,
    /// The setting of the collection; see [`Collection::location_from_files`].
    pub location_from_files: bool,
    /// The title if neither the table nor the first file contains one.
    pub fallback_title: Option<String>,
}

/// A file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// The relative path in the source, with `/` as the separator and in NFC.
    pub name: String,
    /// The path on disk. Its file name may be in another normalisation form.
    pub path: PathBuf,
    /// The URL from which the file was fetched. `None` if it is a file of the source.
    pub url: Option<String>,
    /// The label of the page or part.
    pub label: LangMap,
    /// The text of the page or part.
    pub text: Option<TextRef>,
    /// Captions, transcripts and chapters of a recording.
    pub tracks: Vec<TrackRef>,
    /// The poster of a recording.
    pub poster: Option<PosterRef>,
}

/// An image on another host, and its place among the files of its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// The image.
    pub image: RemoteImage,
    /// The label of the page or part.
    pub label: LangMap,
    /// The number of files in [`SourceItem::files`] that precede the image.
    pub position: usize,
}

/// A track of a recording: captions, a transcript or chapters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackRef {
    /// The kind of track.
    pub kind: TrackKind,
    /// The file of the track.
    pub file: TextRef,
}

/// The poster of a recording: the image that is displayed before the recording is played.
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
    /// The language. For a text, it is the first language of the item, else the language of the
    /// collection, else `und`.
    pub language: LangTag,
}
