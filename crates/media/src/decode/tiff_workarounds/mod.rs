//! TIFF features that the upstream crates do not support.
//!
//! `tiff` 0.11:
//!
//! - It rejects palette images and CIELab (photometric interpretations 3, 8 and 9), although it can
//!   decode their samples as grey or RGB. [`PatchedSource`] therefore presents
//!   a file in which the value of the tag PhotometricInterpretation is that of grey or RGB, and
//!   returns the actual [`Interpretation`]. Palettes are applied in `super::tiff`, and [`cielab`]
//!   converts CIELab to sRGB.
//! - It finds a page by following the chain of directories from the first one. `PatchedSource`
//!   presents the requested page as the first directory, so that opening all pages takes linear
//!   time.
//! - Of the CCITT compressions it supports Group 4 only, and ignores FillOrder. [`ccitt`] decodes
//!   the others: Modified Huffman, Group 3, and Group 4 with reversed bits.
//!
//! `fax` 0.2, which `tiff` uses for Group 4: its Group 3 decoder requires EOL codes and does not
//! support two-dimensional coding. [`ccitt`] uses its code tables only.

pub(super) mod ccitt;
pub(super) mod cielab;
mod patched_source;

pub(super) use patched_source::{Directories, Interpretation, PatchedSource};
