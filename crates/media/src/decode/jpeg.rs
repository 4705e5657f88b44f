//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
//!
//! `jpeg-decoder` is not the fastest, but it is true for every sampling of the colours and every
//! order of scans; the tests hold it to that.

use std::io::{ErrorKind, Read};
use std::path::Path;

use image::metadata::Orientation;
use jpeg_decoder::{Decoder, Error, ImageInfo, PixelFormat};

use super::{Header, Raw, open};
use crate::MediaError;
use crate::colour::Samples;
use crate::limits::Claim;

fn failed(path: &Path, error: &Error) -> MediaError {
    match error {
        Error::Unsupported(feature) => MediaError::unsupported(path, format!("JPEG: {feature:?}")),
        Error::Io(e) if e.kind() == ErrorKind::UnexpectedEof => MediaError::truncated(path, error),
        _ => MediaError::undecodable(path, error),
    }
}

fn info<R: Read>(
    path: &Path,
    decoder: &mut Decoder<R>,
) -> Result<(ImageInfo, Samples), MediaError> {
    decoder.read_info().map_err(|e| failed(path, &e))?;
    let info = decoder
        .info()
        .ok_or_else(|| MediaError::undecodable(path, "it declares no size"))?;
    let samples = match info.pixel_format {
        PixelFormat::L8 => Samples::Grey,
        PixelFormat::RGB24 => Samples::Rgb,
        // Inks, whether they were stored as they are or as YCCK.
        PixelFormat::CMYK32 => Samples::Cmyk,
        PixelFormat::L16 => {
            let reason = "JPEG: more than 8 bits a sample";
            return Err(MediaError::unsupported(path, reason));
        }
    };
    Ok((info, samples))
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    let mut decoder = Decoder::new(open(path)?);
    let (info, samples) = info(path, &mut decoder)?;
    let orientation = decoder
        .exif_data()
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms);
    let channels = samples.channels() as u64;
    let claim = Claim {
        width: info.width.into(),
        height: info.height.into(),
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
    let mut decoder = Decoder::new(bytes.as_slice());
    let (info, samples) = info(path, &mut decoder)?;
    let pixels = decoder.decode().map_err(|e| failed(path, &e))?;
    Ok(Raw {
        width: info.width.into(),
        height: info.height.into(),
        samples,
        pixels,
        icc: decoder.icc_profile(),
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
