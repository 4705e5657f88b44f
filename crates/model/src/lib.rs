//! What an item is: identifiers, language maps, dates, rights, media. Types and their rules, no I/O.
//!
//! The types serialise to JSON with serde; that JSON is the interchange form of Khizana, described
//! in `docs/src/record.md`. Absent optional members are left out, never written as `null`.

mod collection;
mod config;
mod direction;
mod edtf;
mod few;
mod hash;
mod id;
mod item;
pub mod json;
mod lang;
mod media;
mod rights;
mod waveform;

pub use collection::{Collection, FieldSettings, IiifSettings};
pub use config::{ArchiveConfig, HostConfig, Originals, Pages};
pub use direction::{Direction, first_strong, script_is_rtl};
pub use edtf::{Day, Edtf, EdtfError};
pub use few::Few;
pub use hash::{Hash, HashError};
pub use id::{Id, IdError};
pub use item::{Field, Item, ItemDate, Location, Section};
pub use lang::{LangMap, LangTag, LangTagError};
pub use media::{Media, MediaKind, Storage, TextFile, Track, TrackKind};
pub use rights::{KnownRights, known_rights};
pub use waveform::Waveform;
