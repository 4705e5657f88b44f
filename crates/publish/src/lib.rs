//! Store to site: records, index, derivatives, HTML pages, headers; and a local server for the result.

mod cache;
mod error;
mod folder;
mod found;
mod headers;
mod iiif_tiles;
mod image_info;
mod images;
mod inspect;
mod originals;
mod packs;
mod pages;
mod plan;
mod presentation;
mod publish;
mod recordings;
mod records;
mod serve;
mod site;
mod texts;
mod threads;
mod unpacked;
mod waveform;
mod written;

pub use error::PublishError;
pub use folder::Folder;
pub use inspect::{LevelReport, PackError, PackReport, inspect_pack};
pub use publish::{Options, Summary, Viewer, publish};
pub use serve::{ServeError, Server};
