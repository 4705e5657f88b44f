//! Decoding of JPEG 2000: `.jp2` files and bare codestreams.
//!
//! The decoder stores each sample as a 32-bit number. If an image needs too much memory, its
//! resolution is halved as often as necessary during decoding, which the wavelet transform supports
//! directly.

use khizana_messages::message;
use std::path::Path;

use hayro_jpeg2000::{ColorSpace, DecodeError, DecodeSettings, DecoderContext, Image};
use image::metadata::Orientation;

use super::jp2_codestream::Structure;
use super::tiff_workarounds::cielab;
use super::{Header, RawImage};
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};
use crate::{Limits, MediaError};

/// An error in the structure of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StructureError {
    Truncated(&'static str),
    Damaged(&'static str),
    Unsupported(&'static str),
}

fn read_structure(path: &Path, bytes: &[u8]) -> Result<Structure, MediaError> {
    Structure::read(bytes).map_err(|error| match error {
        StructureError::Truncated(reason) => MediaError::truncated(path, reason),
        StructureError::Damaged(reason) => MediaError::undecodable(path, reason),
        StructureError::Unsupported(feature) => {
            MediaError::unsupported(path, format!("JPEG 2000 with {feature}"))
        }
    })
}

fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let unreadable = |e| MediaError::unreadable(path, e);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > limits.max_alloc {
        return Err(MediaError::unsupported(
            path,
            format!("JPEG 2000 file that is too large ({length} bytes)"),
        ));
    }
    std::fs::read(path).map_err(unreadable)
}

/// Returns the number of times that the resolution is halved to stay within the limits.
fn choose_halvings(structure: &Structure, bytes: &[u8], limits: &Limits) -> u8 {
    let max_bytes = limits.max_alloc.saturating_sub(bytes.len() as u64);
    let max_halvings = if structure.has_palette {
        0
    } else {
        structure.halvings.min(5)
    };
    let mut halvings = 0;
    while halvings < max_halvings && structure.memory(halvings) > max_bytes {
        halvings += 1;
    }
    halvings
}

/// Returns the dimensions at which an image is decoded, in pixels, if its resolution is reduced.
pub(super) fn downscaled_size(
    path: &Path,
    limits: &Limits,
) -> Result<Option<(u32, u32)>, MediaError> {
    let bytes = read_file(path, limits)?;
    let structure = read_structure(path, &bytes)?;
    let halvings = choose_halvings(&structure, &bytes, limits);
    let scaled = |side: u32| side.div_ceil(1 << halvings);
    Ok((halvings > 0).then(|| (scaled(structure.width), scaled(structure.height))))
}

pub(super) fn header(path: &Path, limits: &Limits) -> Result<Header, MediaError> {
    let bytes = read_file(path, limits)?;
    let structure = read_structure(path, &bytes)?;
    if structure.components == 0 || structure.components > 5 {
        let reason = format!("JPEG 2000 with {} components", structure.components);
        return Err(MediaError::unsupported(path, reason));
    }
    let pixels = u64::from(structure.width) * u64::from(structure.height);
    let memory = structure.memory(choose_halvings(&structure, &bytes, limits));
    let declared = DeclaredSize {
        width: structure.width,
        height: structure.height,
        decoded_bytes: memory.div_ceil(pixels),
        stored_bits: u64::from(structure.components) * u64::from(structure.bits),
        decoding: Decoding::Whole,
    };
    Ok(Header {
        declared,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn read(path: &Path, limits: &Limits) -> Result<RawImage, MediaError> {
    let bytes = read_file(path, limits)?;
    let structure = read_structure(path, &bytes)?;
    let failed = |error: DecodeError| MediaError::undecodable(path, error.to_string());
    let halvings = choose_halvings(&structure, &bytes, limits);
    let target = |side: u32| side.checked_shr(halvings.into()).unwrap_or(1).max(1);
    let settings = DecodeSettings {
        target_resolution: (halvings > 0)
            .then(|| (target(structure.width), target(structure.height))),
        ..DecodeSettings::default()
    };
    let image = Image::new(&bytes, &settings).map_err(failed)?;
    let mut is_lab = false;
    let (samples, icc) = match (image.color_space(), image.has_alpha()) {
        (ColorSpace::Gray, false) => (SampleLayout::Grey, None),
        (ColorSpace::Gray, true) => (SampleLayout::GreyAlpha, None),
        (ColorSpace::RGB, false) => (SampleLayout::Rgb, None),
        (ColorSpace::RGB, true) => (SampleLayout::Rgba, None),
        (ColorSpace::CMYK, false) => (SampleLayout::Cmyk, None),
        (
            ColorSpace::Icc {
                profile,
                num_channels,
            },
            alpha,
        ) => {
            let samples = match (num_channels, alpha) {
                (1, false) => SampleLayout::Grey,
                (1, true) => SampleLayout::GreyAlpha,
                (3, false) => SampleLayout::Rgb,
                (3, true) => SampleLayout::Rgba,
                (4, false) => SampleLayout::Cmyk,
                _ => {
                    return Err(MediaError::unsupported(
                        path,
                        format!("JPEG 2000 with an ICC profile of {num_channels} channels"),
                    ));
                }
            };
            is_lab = profile.get(16..20) == Some(b"Lab ") && samples == SampleLayout::Rgb;
            (samples, Some(profile.clone()).filter(|_| !is_lab))
        }
        (other, _) => {
            let reason = format!("JPEG 2000 with {} colour channels", other.num_channels());
            return Err(MediaError::unsupported(path, reason));
        }
    };
    let (width, height) = (image.width(), image.height());
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(failed)?;
    if decoded.components().len() != samples.channels() {
        return Err(MediaError::undecodable(
            path,
            message!("the number of channels differs from the declared number"),
        ));
    }
    let mut pixels = decoded.data_u8();
    if is_lab {
        cielab::to_rgb(&mut pixels, false);
    }
    Ok(RawImage {
        width,
        height,
        samples,
        pixels,
        icc,
    })
}
