//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.

use std::path::Path;

use image::metadata::Orientation;
use zune_core::bytestream::{ZByteReaderTrait, ZCursor};
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::{Header, Raw, open};
use crate::MediaError;
use crate::colour::Samples;
use crate::limits::Claim;

/// Not strict: scanners and cameras leave stray bytes between segments that
/// every viewer passes over.
fn options() -> DecoderOptions {
    DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
}

fn failed(path: &Path, error: &DecodeErrors) -> MediaError {
    match error {
        DecodeErrors::Unsupported(_) => MediaError::unsupported(path, format!("JPEG: {error}")),
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => {
            MediaError::truncated(path, error)
        }
        _ => MediaError::undecodable(path, error),
    }
}

fn size<T: ZByteReaderTrait>(
    path: &Path,
    decoder: &mut JpegDecoder<T>,
) -> Result<(u32, u32), MediaError> {
    decoder.decode_headers().map_err(|e| failed(path, &e))?;
    decoder
        .dimensions()
        .and_then(|(w, h)| Some((u32::try_from(w).ok()?, u32::try_from(h).ok()?)))
        .ok_or_else(|| MediaError::undecodable(path, "it declares no size"))
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    let mut decoder = JpegDecoder::new_with_options(open(path)?, options());
    let (width, height) = size(path, &mut decoder)?;
    let orientation = decoder
        .exif()
        .and_then(|exif| Orientation::from_exif_chunk(exif))
        .unwrap_or(Orientation::NoTransforms);
    let channels = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => 1,
        _ => 3,
    };
    let claim = Claim {
        width,
        height,
        decoded_bytes: channels,
        stored_bits: channels * 8,
    };
    Ok(Header { claim, orientation })
}

pub(super) fn read(path: &Path) -> Result<Raw, MediaError> {
    let bytes = std::fs::read(path).map_err(|e| MediaError::unreadable(path, e))?;
    if !ends(&bytes) {
        return Err(MediaError::truncated(path, "it has no end-of-image marker"));
    }
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes.as_slice()), options());
    let (width, height) = size(path, &mut decoder)?;
    let (wanted, samples) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, Samples::Grey),
        _ => (ColorSpace::RGB, Samples::Rgb),
    };
    let icc = decoder.icc_profile();
    decoder.set_options(options().jpeg_set_out_colorspace(wanted));
    let pixels = decoder.decode().map_err(|e| failed(path, &e))?;
    Ok(Raw {
        width,
        height,
        samples,
        pixels,
        icc,
    })
}

/// Whether an end-of-image marker follows the first scan.
///
/// The decoder fills what is missing with grey and says nothing, so this is
/// how a file cut short is found. Inside a scan the bytes FF D9 cannot occur;
/// before it they can, in the thumbnail of the EXIF segment, so segments are
/// stepped over by their length.
fn ends(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        match bytes.get(at..) {
            Some([0xff, 0xda, rest @ ..]) => {
                return rest.windows(2).any(|w| w == [0xff, 0xd9]);
            }
            // Fill bytes, and markers without a length.
            Some([0xff, 0xff, ..]) => at += 1,
            Some([0xff, 0x01 | 0xd0..=0xd8, ..]) => at += 2,
            Some([0xff, _, high, low, ..]) => {
                at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2);
            }
            // Stray bytes between segments.
            Some([_, _, ..]) => at += 1,
            _ => return false,
        }
    }
}
