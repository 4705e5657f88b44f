//! Decoding within limits, derivatives, measured media facts.
//!
//! A file handed in is not to be trusted: its name may be wrong, its header may
//! lie, its codec may panic on it. So [`probe`] looks at content before the
//! name, [`decode`] and [`check`] weigh what a header claims before they
//! reserve memory for it, and a panic inside a codec becomes an error about
//! that one file.
//!
//! What comes out of [`decode`] is always the same thing, whatever came in: an
//! upright, opaque picture in 8-bit sRGB (or grey). [`derive()`] makes of it JPEGs in
//! smaller widths and the tiles of a pyramid, in one pass over its rows. The same
//! file gives the same bytes each time.
//!
//! Decoded: JPEG, PNG, TIFF, WebP, GIF (its first frame) and BMP. Documents,
//! sound, film, models and text are recognised and left alone.
//!
//! This crate is native only.

mod colour;
mod decode;
mod derive;
mod encode;
mod error;
mod kind;
mod limits;
mod picture;
mod pyramid;
mod quiet;
mod rendition;

#[cfg(test)]
mod tests;

pub use decode::{check, decode, probe};
pub use derive::{Derivatives, derive};
pub use error::MediaError;
pub use kind::{Facts, Kind};
pub use limits::Limits;
pub use picture::Picture;
pub use rendition::Rendition;
