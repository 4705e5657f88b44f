//! The published archive: objects, blocks, trees, the root. One definition, read and written here only.
//!
//! `docs/src/format.md` describes it byte by byte, so that somebody else can write a reader.

mod bytes;
#[cfg(any(test, fuzzing))]
#[path = "../tests/support/fuzzing.rs"]
pub mod fuzzing;
mod object;
mod page_lines;
mod read;
mod record;
mod root;
mod tile_pack;
mod together;
mod tree;
#[cfg(feature = "write")]
mod write;

pub use bytes::{Reader, put_bytes, put_varint};
#[cfg(feature = "write")]
pub use object::open;
pub use object::{ObjectError, hash_of, object_path};
pub use page_lines::{PageLine, PageLines};
pub use read::{Archive, Entries, Fetch, FetchError, MAX_ITEMS, ReadError, Stats, Wanted};
pub use record::{Brief, Canvas, Child, Cue, Image, Origin, Record, Recording, Size, Thumb, Track};
pub use root::{CollectionSummary, FORMAT, FacetRef, OrderRef, Root, SearchRoot};
pub use tile_pack::{Level, MOST_TILES, Tile, TileIndex, TileLengths, TilePack, levels};
#[cfg(feature = "write")]
pub use tile_pack::{tile_entry, write_tile_index};
pub use together::{both, together};
pub use tree::{TreeError, TreeRef};
#[cfg(feature = "write")]
pub use write::{Shape, TreeWriter, WriteError, pack};
