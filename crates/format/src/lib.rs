//! The format of a published archive, with its readers and writers.
//!
//! A published archive is a folder of static files:
//!
//! - the [`Root`], `archive.json`, which refers directly or indirectly to everything else;
//! - objects: zstd frames that are named by the SHA-256 of their bytes;
//! - trees: sorted maps whose nodes are objects ([`TreeRef`], [`Archive::lookup`]), which contain
//!   the records of the items ([`Record`]), their identifiers and the search index;
//! - files that are published unchanged ([`FileRef`]), derivatives of images ([`Image`]) and tile
//!   packs ([`TileIndex`]).
//!
//! `docs/src/format.md` specifies every byte of the format, so that others can write a reader. In
//! this project, only this crate reads or writes the format. The writers need the feature `write`.

mod archive;
mod canvas;
mod encoding;
mod fetch;
#[cfg(any(test, fuzzing))]
#[path = "../tests/support/fuzzing.rs"]
pub mod fuzzing;
mod image;
mod join;
mod object;
mod page_lines;
mod read_error;
mod record;
mod root;
mod tile_index;
mod tile_pack;
mod tree;
#[cfg(feature = "write")]
mod tree_writer;
#[cfg(feature = "write")]
mod write_error;

pub use archive::{Archive, Entries, FetchStats, MAX_ITEMS};
pub use canvas::{Canvas, Cue, FileRef, INERT_SUFFIX, Recording, Track};
pub use encoding::{ByteReader, put_bytes, put_varint};
pub use fetch::{Fetch, FetchError};
pub use image::{Derivative, DerivativeFile, Image, Thumbnail, ThumbnailSize};
pub use join::{join, join_all};
pub use object::{ObjectError, hash_of, object_path};
#[cfg(feature = "write")]
pub use object::{decode_object, encode_object};
pub use page_lines::{PageLine, PageLines};
pub use read_error::ReadError;
pub use record::{ItemRef, MAP_SIZE, Part, Record, RecordSummary};
pub use root::{CollectionSummary, FORMAT, FacetRef, OrderRef, Root, SearchRoot};
pub use tile_index::{Tile, TileIndex, TileLengths};
#[cfg(feature = "write")]
pub use tile_index::{tile_entry, write_tile_index};
pub use tile_pack::{MAX_TILES, PyramidLevel, TilePack, pyramid_levels};
pub use tree::{KeyRange, TreeError, TreeRef};
#[cfg(feature = "write")]
pub use tree_writer::{LeafSize, TreeWriter};
#[cfg(feature = "write")]
pub use write_error::WriteError;
