//! Support for TIFF features that the upstream crates lack.
//!
//! The crate `tiff` 0.11 has these limitations:
//!
//! - It rejects palette images and CIELab (photometric interpretations 3, 8 and 9), although it can
//!   decode their samples as grey or RGB. [`PatchedSource`] therefore presents a file in which the
//!   tag PhotometricInterpretation has the value for grey or RGB, and returns the actual
//!   [`Interpretation`]. `super::tiff` applies palettes, and [`cielab`] converts CIELab to sRGB.
//! - It finds a page by following the chain of directories from the first one. `PatchedSource`
//!   presents the requested page as the first and last directory, so that opening all pages takes linear
//!   time, and a directory that links to itself can be read.
//! - It supports only Group 4 of the CCITT compressions, and ignores FillOrder. [`ccitt`] decodes
//!   the others: Modified Huffman, Group 3, and Group 4 with reversed bits.
//!
//! `tiff` uses the crate `fax` 0.2 for Group 4. The Group 3 decoder of `fax` requires EOL codes and
//! does not support two-dimensional coding, so [`ccitt`] uses only its code tables.

pub(super) mod ccitt;
pub(super) mod cielab;
mod patched_source;

pub(super) use patched_source::{Directories, Interpretation, PatchedSource};
