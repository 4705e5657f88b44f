//! Decoding of images within limits, creation of image derivatives, and recognition of media files.
//!
//! Input files are not trusted: the extension may be wrong, the header may be false, and the codec
//! may panic. Therefore, [`probe`] recognises a file by its content, and by its extension only if
//! that fails. [`ImageFile`] checks the dimensions in a header against [`Limits`] before it
//! allocates memory, and a panic in a codec is reported as an error in the file.
//!
//! [`ImageFile::decode`] returns an upright, opaque image in 8-bit sRGB or grey, regardless of the
//! format. [`ImageFile::derive`] creates files with smaller widths and the tiles of an image
//! pyramid in a single pass over the rows. The output is deterministic.
//!
//! | Format | Support |
//! |---|---|
//! | JPEG, PNG, WebP, BMP, JPEG XL, JPEG 2000, SVG | decoded |
//! | TIFF | all pages |
//! | GIF | first frame |
//! | HEIC, AVIF | decoded by the command-line tool of libheif, if it is installed |
//! | camera raw formats, PSD, ICO | recognised but not rendered: see [`NotRendered`] |
//! | documents (such as PDF and DjVu), audio, video, 3D models, text | recognised only |
//!
//! A page of a document that another crate renders is also a [`Picture`]. [`derive_picture`]
//! creates the same derivatives from it.
//!
//! This crate does not support WebAssembly.

mod band_file;
mod catch_panic;
mod colour;
mod decode;
mod derive;
mod encode;
mod error;
mod grey_values;
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
mod widths;

#[cfg(test)]
mod tests;

pub use catch_panic::catch_panic;
pub use decode::{ImageFile, heif_program, probe, rendering_obstacle};
pub use derive::{DerivativeRequest, Derivatives, derive_picture};
pub use error::MediaError;
pub use limits::{Limits, MAX_PAGES};
pub use metadata::{EmbeddedMetadata, LangString, has_location, read_embedded};
pub use not_rendered::NotRendered;
pub use picture::Picture;
pub use pixel_gate::PixelGate;
pub use recognise::{Kind, MediaInfo};
pub use rendering_note::RenderingNote;
pub use rendition::{Rendition, RenditionFormat, strip_width};
pub use smaller_levels::{derive_smaller_levels, smaller_level_count, tile_to_jpeg};
