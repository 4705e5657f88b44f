//! PNG, WebP, GIF and BMP, through the `image` crate.

use std::path::Path;

use image::error::UnsupportedErrorKind;
use image::metadata::Orientation;
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::{Header, Raw, narrow, open};
use crate::colour::Samples;
use crate::kind::Format;
use crate::limits::Claim;
use crate::{Limits, MediaError};

/// The most bytes that what stands beside the pixels of a PNG may unpack to: colour profiles have some
/// megabytes at most.
pub(super) const MOST_BESIDE: u64 = 32 << 20;

fn failed(path: &Path, error: &ImageError) -> MediaError {
    match error {
        ImageError::Unsupported(e) if !matches!(e.kind(), UnsupportedErrorKind::Format(_)) => {
            MediaError::unsupported(path, error)
        }
        // `ImageError` does not name the I/O error as its source.
        ImageError::IoError(e) => MediaError::while_decoding(path, e),
        // The header has been weighed: what goes beyond the limits now was not declared.
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
    // What a header claims is weighed by this crate, before anything is decoded; but a colour profile is
    // unpacked with it.
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(MOST_BESIDE);
    reader.limits(allowed);
    reader.into_decoder().map_err(|e| failed(path, &e))
}

/// What the samples mean, and whether they have 16 bits.
fn form(path: &Path, colour: ColorType) -> Result<(Samples, bool), MediaError> {
    Ok(match colour {
        ColorType::L8 => (Samples::Grey, false),
        ColorType::La8 => (Samples::GreyAlpha, false),
        ColorType::Rgb8 => (Samples::Rgb, false),
        ColorType::Rgba8 => (Samples::Rgba, false),
        ColorType::L16 => (Samples::Grey, true),
        ColorType::La16 => (Samples::GreyAlpha, true),
        ColorType::Rgb16 => (Samples::Rgb, true),
        ColorType::Rgba16 => (Samples::Rgba, true),
        other => return Err(MediaError::unsupported(path, format!("{other:?} colour"))),
    })
}

pub(super) fn header(path: &Path, format: Format) -> Result<Header, MediaError> {
    let mut decoder = decoder(path, format)?;
    let (width, height) = decoder.dimensions();
    let decoded_bytes = u64::from(decoder.color_type().bytes_per_pixel());
    let stored_bits = match decoder.original_color_type() {
        // The decoder does not tell a palette's bits from its colours.
        ExtendedColorType::L1 | ExtendedColorType::Rgb1 | ExtendedColorType::Rgba1 => 1,
        _ if format == Format::Png => png_bits(path)?,
        _ => decoded_bytes * 8,
    };
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let claim = Claim {
        width,
        height,
        decoded_bytes,
        stored_bits,
    };
    Ok(Header { claim, orientation })
}

/// Bits a pixel as IHDR has them: a palette's index may be one bit, or eight.
fn png_bits(path: &Path) -> Result<u64, MediaError> {
    use std::io::Read;
    let mut head = [0; 26];
    open(path)?
        .read_exact(&mut head)
        .map_err(|e| MediaError::while_decoding(path, &e))?;
    let [.., depth, colour] = head;
    let channels = match colour {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
    Ok(u64::from(depth) * channels)
}

pub(super) fn read(path: &Path, format: Format, limits: &Limits) -> Result<Raw, MediaError> {
    let mut decoder = decoder(path, format)?;
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(limits.max_alloc);
    decoder.set_limits(allowed).map_err(|e| failed(path, &e))?;
    let (width, height) = decoder.dimensions();
    let (samples, wide) = form(path, decoder.color_type())?;
    let icc = decoder.icc_profile().ok().flatten();
    let size = usize::try_from(decoder.total_bytes())
        .map_err(|_| MediaError::undecodable(path, "it declares an impossible size"))?;
    let mut pixels = vec![0; size];
    decoder
        .read_image(&mut pixels)
        .map_err(|e| failed(path, &e))?;
    if wide {
        // In place: each sample goes to half its offset.
        for i in 0..size / 2 {
            if let Some(&[a, b]) = pixels.get(2 * i..2 * i + 2)
                && let Some(out) = pixels.get_mut(i)
            {
                *out = narrow(u16::from_ne_bytes([a, b]));
            }
        }
        pixels.truncate(size / 2);
        pixels.shrink_to_fit();
    }
    Ok(Raw {
        width,
        height,
        samples,
        pixels,
        icc,
    })
}
