//! JPEG 2000: `.jp2` and bare codestreams.
//!
//! The decoder holds every sample as a number of 32 bits. A picture for which that is too much is
//! decoded at half its size, or a quarter: its wavelets are made for that.

use std::path::Path;

use hayro_jpeg2000::{ColorSpace, DecodeError, DecodeSettings, DecoderContext, Image};
use image::metadata::Orientation;

use super::jp2_codestream::Structure;
use super::lab::to_rgb;
use super::{Header, Raw};
use crate::colour::Samples;
use crate::limits::Claim;
use crate::{Limits, MediaError};

/// What is wrong with the structure of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    Truncated(&'static str),
    Damaged(&'static str),
    Unsupported(&'static str),
}

fn structure(path: &Path, bytes: &[u8]) -> Result<Structure, MediaError> {
    Structure::of(bytes).map_err(|wrong| match wrong {
        Wrong::Truncated(reason) => MediaError::truncated(path, reason),
        Wrong::Damaged(reason) => MediaError::undecodable(path, reason),
        Wrong::Unsupported(what) => MediaError::unsupported(path, format!("JPEG 2000 with {what}")),
    })
}

fn bytes(path: &Path, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let unreadable = |e| MediaError::unreadable(path, e);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > limits.max_alloc {
        return Err(MediaError::unsupported(
            path,
            format!("JPEG 2000 of {length} bytes"),
        ));
    }
    std::fs::read(path).map_err(unreadable)
}

/// How often a picture is halved to be decoded within the limits.
fn halvings(found: &Structure, bytes: &[u8], limits: &Limits) -> u8 {
    let most = limits.max_alloc.saturating_sub(bytes.len() as u64);
    let possible = if found.palette {
        0
    } else {
        found.halvings.min(5)
    };
    let mut halvings = 0;
    while halvings < possible && found.memory(halvings) > most {
        halvings += 1;
    }
    halvings
}

/// The size in which a picture is decoded, where that is not its own.
pub(super) fn reduced(path: &Path, limits: &Limits) -> Result<Option<(u32, u32)>, MediaError> {
    let bytes = bytes(path, limits)?;
    let found = structure(path, &bytes)?;
    let halvings = halvings(&found, &bytes, limits);
    let half = |side: u32| side.div_ceil(1 << halvings);
    Ok((halvings > 0).then(|| (half(found.width), half(found.height))))
}

pub(super) fn header(path: &Path, limits: &Limits) -> Result<Header, MediaError> {
    let bytes = bytes(path, limits)?;
    let found = structure(path, &bytes)?;
    if found.components == 0 || found.components > 5 {
        let reason = format!("JPEG 2000 of {} components", found.components);
        return Err(MediaError::unsupported(path, reason));
    }
    let pixels = u64::from(found.width) * u64::from(found.height);
    let memory = found.memory(halvings(&found, &bytes, limits));
    let claim = Claim {
        width: found.width,
        height: found.height,
        decoded_bytes: memory.div_ceil(pixels),
        stored_bits: u64::from(found.components) * u64::from(found.bits),
    };
    Ok(Header {
        claim,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn read(path: &Path, limits: &Limits) -> Result<Raw, MediaError> {
    let bytes = bytes(path, limits)?;
    let found = structure(path, &bytes)?;
    let failed = |error: DecodeError| MediaError::undecodable(path, error);
    let halvings = halvings(&found, &bytes, limits);
    let target = |side: u32| side.checked_shr(halvings.into()).unwrap_or(1).max(1);
    let settings = DecodeSettings {
        target_resolution: (halvings > 0).then(|| (target(found.width), target(found.height))),
        ..DecodeSettings::default()
    };
    let image = Image::new(&bytes, &settings).map_err(failed)?;
    let mut lab = false;
    let (samples, icc) = match (image.color_space(), image.has_alpha()) {
        (ColorSpace::Gray, false) => (Samples::Grey, None),
        (ColorSpace::Gray, true) => (Samples::GreyAlpha, None),
        (ColorSpace::RGB, false) => (Samples::Rgb, None),
        (ColorSpace::RGB, true) => (Samples::Rgba, None),
        (ColorSpace::CMYK, false) => (Samples::Cmyk, None),
        (
            ColorSpace::Icc {
                profile,
                num_channels,
            },
            alpha,
        ) => {
            let samples = match (num_channels, alpha) {
                (1, false) => Samples::Grey,
                (1, true) => Samples::GreyAlpha,
                (3, false) => Samples::Rgb,
                (3, true) => Samples::Rgba,
                (4, false) => Samples::Cmyk,
                _ => return Err(MediaError::unsupported(path, "JPEG 2000 in such colours")),
            };
            lab = profile.get(16..20) == Some(b"Lab ") && samples == Samples::Rgb;
            (samples, Some(profile.clone()).filter(|_| !lab))
        }
        (other, _) => {
            let reason = format!("JPEG 2000 of {} colours", other.num_channels());
            return Err(MediaError::unsupported(path, reason));
        }
    };
    let (width, height) = (image.width(), image.height());
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(failed)?;
    if decoded.components().len() != samples.channels() {
        return Err(MediaError::undecodable(
            path,
            "it has other channels than it declares",
        ));
    }
    let mut pixels = decoded.data_u8();
    if lab {
        to_rgb(&mut pixels, false);
    }
    Ok(Raw {
        width,
        height,
        samples,
        pixels,
        icc,
    })
}
