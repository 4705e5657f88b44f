//! The data model of an archive: items, collections, identifiers, language maps, dates, rights,
//! media.
//!
//! This crate defines types and their invariants, and performs no I/O.
//!
//! The types serialise to JSON with serde. This JSON is the format of records, described in
//! `docs/src/record.md`. Absent optional members are omitted, never `null`.

mod collection;
mod config;
mod correction;
mod direction;
mod edtf;
mod hash;
mod hijri;
mod id;
mod identity;
mod item;
mod json;
mod lang;
mod media;
mod nearest;
mod packed_list;
mod problem;
mod problem_list;
mod progress;
mod rate;
mod remote;
mod rights;
mod small_map;
mod state_id;
mod utf8;
mod waveform;

pub use collection::{Collection, CollectionSection, FieldSettings, IiifSettings};
pub use config::{
    ArchiveConfig, FetchConfig, HostConfig, HostName, INTERFACE_LANGUAGES, MAX_REMOTE_HOSTS,
    Originals, Pages,
};
pub use correction::Correction;
pub use direction::{Direction, first_strong, script_is_rtl};
pub use edtf::{Day, Edtf, EdtfError};
pub use hash::{Hash, HashError};
pub use hijri::hijri_parts;
pub use id::{Id, IdError};
pub use identity::{
    ColourConfig, ColourName, FooterConfig, HomeConfig, IdentityConfig, IdentityFile, Located,
    Look, MenuEntryConfig, MenuTarget, PartnerConfig, Rgb, RgbError, TypefacesConfig,
};
pub use item::{Field, Item, ItemDate, Location, Section};
pub use khizana_messages::{Argument, Language, Message, Piece, ToArgument, message, plural};
pub use lang::{LangMap, LangTag, LangTagError};
pub use media::{Media, MediaKind, Storage, TextFile, Track, TrackKind, is_rendered_text};
pub use nearest::nearest_name;
pub use packed_list::PackedList;
pub use problem::{
    GroupedWarnings, Problem, RowPosition, Severity, is_invisible, printable, quoted_sheet,
    sort_problems,
};
pub use problem_list::{MAX_LISTED, ProblemList};
pub use progress::{NoProgress, Progress};
pub use rate::RateLimit;
pub use remote::{RemoteImage, RemoteKind};
pub use rights::{KnownRights, known_rights, probable_rights_uri, rights_uri};
pub use small_map::SmallMap;
pub use state_id::StateId;
pub use utf8::{Utf8Check, Utf8Error};
pub use waveform::Waveform;
