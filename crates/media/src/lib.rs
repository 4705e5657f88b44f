//! Decoding within limits, derivatives, measured media facts.
//!
//! A file handed in is not to be trusted: its name may be wrong, its header may
//! lie, its codec may panic on it. So [`probe`] looks at content before the
//! name, [`ImageFile`] weigh what a header claims before they
//! reserve memory for it, and a panic inside a codec becomes an error about
//! that one file.
//!
//! What comes out of [`ImageFile::decode`] is always the same thing, whatever came in: an
//! upright, opaque picture in 8-bit sRGB (or grey). [`ImageFile::derive`] makes of it JPEGs in
//! smaller widths and the tiles of a pyramid, in one pass over its rows. The same
//! file gives the same bytes each time.
//!
//! Decoded: JPEG, PNG, TIFF (each of its pages), WebP, GIF (its first frame), BMP,
//! JPEG XL, JPEG 2000 and SVG; HEIC and AVIF where the program of libheif is on the
//! machine. The raw data of cameras are recognised, and no picture is made of them
//! ([`NotRendered`]). Documents, sound, film, models and text are recognised and left
//! alone; what another crate draws of a document is a [`Picture`] too, of which
//! [`derive_picture`] makes the same.
//!
//! This crate is native only.

mod below;
mod colour;
mod decode;
mod derive;
mod embedded;
mod encode;
mod error;
mod gate;
mod kind;
mod limits;
mod not_rendered;
mod note;
mod part;
mod picture;
mod pyramid;
mod quiet;
mod rendition;

#[cfg(test)]
mod tests;

pub use below::{below, jpeg_tile, levels_below};
pub use decode::{ImageFile, probe, unrendered};
pub use derive::{Derivatives, derive_picture};
pub use embedded::{Embedded, Worded, embedded, has_location};
pub use error::MediaError;
pub use gate::PixelGate;
pub use kind::{Facts, Kind};
pub use limits::{Limits, MOST_PAGES};
pub use not_rendered::NotRendered;
pub use note::Note;
pub use picture::Picture;
pub use quiet::quietly;
pub use rendition::Rendition;
