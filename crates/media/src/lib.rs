//! Image decoding within limits, image derivatives, and facts about media files.
//!
//! Input files are not trusted: the extension may be wrong, the header may be false, and the codec
//! may panic. [`probe`] therefore recognises a file by its content before its name, [`ImageFile`]
//! checks the dimensions in a header against [`Limits`] before it allocates memory, and a panic in
//! a codec becomes an error about that file.
//!
//! [`ImageFile::decode`] returns an upright, opaque image in 8-bit sRGB or grey, whatever the
//! format. [`ImageFile::derive`] creates JPEGs of smaller widths and the tiles of an image pyramid
//! in a single pass over the rows. The output is deterministic.
//!
//! | Format | Support |
//! |---|---|
//! | JPEG, PNG, WebP, BMP, JPEG XL, JPEG 2000, SVG | decoded |
//! | TIFF | all pages |
//! | GIF | first frame |
//! | HEIC, AVIF | decoded by the command-line tool of libheif, if it is installed |
//! | camera raw formats, PSD, ICO, DjVu | recognised, not rendered: see [`NotRendered`] |
//! | documents, audio, video, 3D models, text | recognised only |
//!
//! A page of a document that another crate renders is a [`Picture`] too; [`derive_picture`] creates
//! the same derivatives from it.
//!
//! This crate does not compile to WebAssembly.

mod catch_panic;
mod colour;
mod decode;
mod derive;
mod encode;
mod error;
mod limits;
mod metadata;
mod not_rendered;
mod picture;
mod picture_view;
mod pixel_gate;
mod pyramid;
mod recognise;
mod rendering_note;
mod rendition;
mod smaller_levels;

#[cfg(test)]
mod tests;

pub use catch_panic::catch_panic;
pub use decode::{ImageFile, probe, rendering_obstacle};
pub use derive::{Derivatives, derive_picture};
pub use error::MediaError;
pub use limits::{Limits, MAX_PAGES};
pub use metadata::{EmbeddedMetadata, LangString, has_location, read_embedded};
pub use not_rendered::NotRendered;
pub use picture::Picture;
pub use pixel_gate::PixelGate;
pub use recognise::{Kind, MediaInfo};
pub use rendering_note::RenderingNote;
pub use rendition::Rendition;
pub use smaller_levels::{derive_smaller_levels, smaller_level_count, tile_to_jpeg};
