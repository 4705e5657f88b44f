//! Decoding of WebP, GIF, BMP and interlaced PNG with the `image` crate.

use khizana_messages::message;
use std::io::Read;
use std::path::Path;

use image::error::UnsupportedErrorKind;
use image::metadata::Orientation;
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::{Header, RawImage, open, to_8_bit};
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};
use crate::recognise::Format;
use crate::{Limits, MediaError};

/// Maximum size of the decompressed ancillary data of a PNG, such as ICC profiles, in bytes.
/// Profiles have at most a few megabytes.
pub(super) const MAX_ANCILLARY_BYTES: u64 = 32 << 20;

fn failed(path: &Path, error: &ImageError) -> MediaError {
    match error {
        ImageError::Unsupported(e) if !matches!(e.kind(), UnsupportedErrorKind::Format(_)) => {
            MediaError::unsupported(path, error.to_string())
        }
        // `ImageError` does not expose the I/O error as its source.
        ImageError::IoError(e) => MediaError::while_decoding(path, e),
        // The header has been checked, so data that exceeds the limits was not declared there.
        e => MediaError::while_decoding(path, e),
    }
}

fn decoder(path: &Path, format: Format) -> Result<impl ImageDecoder, MediaError> {
    let format = match format {
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
        Format::Bmp => ImageFormat::Bmp,
        _ => ImageFormat::Png,
    };
    let mut reader = ImageReader::with_format(open(path)?, format);
    // The declared dimensions are checked by this crate before anything is decoded, but the ICC
    // profile is decompressed with the header.
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(MAX_ANCILLARY_BYTES);
    reader.limits(allowed);
    reader.into_decoder().map_err(|e| failed(path, &e))
}

/// Returns the sample layout, and `true` if the samples have 16 bits.
fn sample_layout(path: &Path, colour: ColorType) -> Result<(SampleLayout, bool), MediaError> {
    Ok(match colour {
        ColorType::L8 => (SampleLayout::Grey, false),
        ColorType::La8 => (SampleLayout::GreyAlpha, false),
        ColorType::Rgb8 => (SampleLayout::Rgb, false),
        ColorType::Rgba8 => (SampleLayout::Rgba, false),
        ColorType::L16 => (SampleLayout::Grey, true),
        ColorType::La16 => (SampleLayout::GreyAlpha, true),
        ColorType::Rgb16 => (SampleLayout::Rgb, true),
        ColorType::Rgba16 => (SampleLayout::Rgba, true),
        other => {
            return Err(MediaError::unsupported(
                path,
                format!("colour type {other:?}"),
            ));
        }
    })
}

pub(super) fn header(path: &Path, format: Format) -> Result<Header, MediaError> {
    let mut decoder = decoder(path, format)?;
    let (width, height) = decoder.dimensions();
    let decoded_bytes = u64::from(decoder.color_type().bytes_per_pixel());
    let png = match format {
        Format::Png => Some(PngHeader::read(path)?),
        _ => None,
    };
    let stored_bits = match (decoder.original_color_type(), &png) {
        // The decoder does not report the bit depth of palette indices.
        (ExtendedColorType::L1 | ExtendedColorType::Rgb1 | ExtendedColorType::Rgba1, _) => 1,
        (_, Some(png)) => png.bits_per_pixel,
        _ => decoded_bytes * 8,
    };
    let decoding = match png {
        Some(png) if !png.is_interlaced => Decoding::Rows,
        _ => Decoding::Whole,
    };
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let declared = DeclaredSize {
        width,
        height,
        decoded_bytes,
        stored_bits,
        decoding,
    };
    Ok(Header {
        declared,
        orientation,
    })
}

/// The properties in the IHDR chunk of a PNG that the decoder does not report.
struct PngHeader {
    /// Number of bits per pixel. Palette indices have one to eight bits.
    bits_per_pixel: u64,
    is_interlaced: bool,
}

impl PngHeader {
    fn read(path: &Path) -> Result<PngHeader, MediaError> {
        let mut head = [0; 29];
        open(path)?
            .read_exact(&mut head)
            .map_err(|e| MediaError::while_decoding(path, &e))?;
        let [.., depth, colour, _compression, _filter, interlacing] = head;
        let channels = match colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        Ok(PngHeader {
            bits_per_pixel: u64::from(depth) * channels,
            is_interlaced: interlacing != 0,
        })
    }
}

pub(super) fn read(path: &Path, format: Format, limits: &Limits) -> Result<RawImage, MediaError> {
    let mut decoder = decoder(path, format)?;
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(limits.max_alloc);
    decoder.set_limits(allowed).map_err(|e| failed(path, &e))?;
    let (width, height) = decoder.dimensions();
    let (samples, is_16_bit) = sample_layout(path, decoder.color_type())?;
    let icc = decoder.icc_profile().ok().flatten();
    let size = usize::try_from(decoder.total_bytes())
        .map_err(|_| MediaError::undecodable(path, message!("the declared size is impossible")))?;
    let mut pixels = vec![0; size];
    decoder
        .read_image(&mut pixels)
        .map_err(|e| failed(path, &e))?;
    if is_16_bit {
        // The conversion is done in place: sample `i` moves from byte `2 * i` to byte `i`.
        for i in 0..size / 2 {
            if let Some(&[a, b]) = pixels.get(2 * i..2 * i + 2)
                && let Some(out) = pixels.get_mut(i)
            {
                *out = to_8_bit(u16::from_ne_bytes([a, b]));
            }
        }
        pixels.truncate(size / 2);
        pixels.shrink_to_fit();
    }
    Ok(RawImage {
        width,
        height,
        samples,
        pixels,
        icc,
    })
}
