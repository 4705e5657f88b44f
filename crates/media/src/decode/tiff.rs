//! TIFF, its first image: bilevel (CCITT Group 4 and the rest), grey, RGB, CMYK,
//! YCbCr within JPEG; LZW, Deflate, PackBits, JPEG, or not compressed.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::metadata::Orientation;
use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::rows::Upright;
use super::{Header, Raw, narrow, open};
use crate::colour::Samples;
use crate::limits::Claim;
use crate::{Limits, MediaError};

fn failed(path: &Path, error: &TiffError) -> MediaError {
    match error {
        TiffError::UnsupportedError(e) => MediaError::unsupported(path, format!("TIFF: {e}")),
        // The header has been weighed: what goes beyond the limits now was not declared.
        TiffError::LimitsExceeded => {
            MediaError::undecodable(path, "its parts are larger than the image it declares")
        }
        e => MediaError::while_decoding(path, e),
    }
}

/// What the samples mean, bits a sample, samples a pixel.
fn form(path: &Path, colour: ColorType) -> Result<(Samples, u8, u16), MediaError> {
    Ok(match colour {
        ColorType::Gray(b @ (1 | 2 | 4 | 8 | 16)) => (Samples::Grey, b, 1),
        ColorType::GrayA(b @ (8 | 16)) => (Samples::GreyAlpha, b, 2),
        ColorType::RGB(b @ (8 | 16)) => (Samples::Rgb, b, 3),
        ColorType::RGBA(b @ (8 | 16)) => (Samples::Rgba, b, 4),
        ColorType::CMYK(b @ (8 | 16)) => (Samples::Cmyk, b, 4),
        ColorType::YCbCr(8) => (Samples::Rgb, 8, 3),
        other => {
            return Err(MediaError::unsupported(
                path,
                format!("TIFF with {other:?} colour"),
            ));
        }
    })
}

fn open_tiff(path: &Path) -> Result<Decoder<BufReader<File>>, MediaError> {
    Decoder::new(open(path)?).map_err(|e| failed(path, &e))
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    let mut decoder = open_tiff(path)?;
    let (width, height) = decoder.dimensions().map_err(|e| failed(path, &e))?;
    let colour = decoder.colortype().map_err(|e| failed(path, &e))?;
    let (_, bits, samples) = form(path, colour)?;
    let orientation = decoder
        .find_tag_unsigned::<u8>(Tag::Orientation)
        .ok()
        .flatten()
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms);
    let stored_bits = u64::from(bits) * u64::from(samples);
    let claim = Claim {
        width,
        height,
        decoded_bytes: stored_bits.div_ceil(8),
        stored_bits,
    };
    Ok(Header { claim, orientation })
}

/// A decoder that has been told the limits, and what its samples are.
struct Opened {
    decoder: Decoder<BufReader<File>>,
    width: u32,
    height: u32,
    colour: ColorType,
    samples: Samples,
    bits: u8,
    per_pixel: u16,
    icc: Option<Vec<u8>>,
}

fn opened(path: &Path, limits: &Limits) -> Result<Opened, MediaError> {
    let mut decoder = open_tiff(path)?;
    let (width, height) = decoder.dimensions().map_err(|e| failed(path, &e))?;
    let colour = decoder.colortype().map_err(|e| failed(path, &e))?;
    let (samples, bits, per_pixel) = form(path, colour)?;
    let icc = decoder.get_tag_u8_vec(Tag::IccProfile).ok();

    let most = usize::try_from(limits.max_alloc).unwrap_or(usize::MAX);
    let mut allowed = tiff::decoder::Limits::default();
    allowed.decoding_buffer_size = most;
    allowed.intermediate_buffer_size = most;
    allowed.ifd_value_size = most.min(64 << 20);
    Ok(Opened {
        decoder: decoder.with_limits(allowed),
        width,
        height,
        colour,
        samples,
        bits,
        per_pixel,
        icc,
    })
}

impl Opened {
    /// How high the strips or tiles are, where they can be read row of chunks by row of chunks.
    /// Planes that lie one after the other, and samples of less than a byte in tiles, are read whole.
    fn band(&mut self) -> Option<u32> {
        let planar = self
            .decoder
            .find_tag_unsigned::<u16>(Tag::PlanarConfiguration)
            .ok()?;
        let by_rows = self.per_pixel == 1 || planar.is_none_or(|planar| planar == 1);
        let strips = self.decoder.get_chunk_type() == ChunkType::Strip;
        let high = self.decoder.chunk_dimensions().1;
        (by_rows && (strips || self.bits >= 8) && 0 < high && high < self.height).then_some(high)
    }

    fn wrong(&mut self, path: &Path, error: &TiffError) -> MediaError {
        if ends_beyond_file(&mut self.decoder) {
            return MediaError::truncated(path, error);
        }
        failed(path, error)
    }

    /// Whole samples of 8 bits in pixels, of rows of `width` pixels.
    fn samples(
        &self,
        path: &Path,
        result: DecodingResult,
        width: u32,
    ) -> Result<Vec<u8>, MediaError> {
        let mut pixels = match result {
            DecodingResult::U8(v) => v,
            DecodingResult::U16(v) => v.into_iter().map(narrow).collect(),
            _ => {
                return Err(MediaError::unsupported(
                    path,
                    "TIFF with signed or float samples",
                ));
            }
        };
        if self.bits < 8 {
            pixels = expand(&pixels, self.bits, width as usize);
        }
        Ok(pixels)
    }
}

/// What is left to do once samples are pixels.
fn finish(colour: ColorType, pixels: &mut [u8]) {
    if matches!(colour, ColorType::YCbCr(_)) {
        ycbcr_to_rgb(pixels);
    }
}

pub(super) fn rows(path: &Path, limits: &Limits, mut upright: Upright) -> Result<(), MediaError> {
    let mut tiff = opened(path, limits)?;
    let Some(high) = tiff.band() else {
        return upright.whole(whole(path, tiff)?);
    };
    let icc = tiff.icc.take();
    let flow = upright.begin(tiff.width, tiff.height, tiff.samples, icc.as_deref());
    if flow.is_break() {
        return Ok(());
    }
    let across = match tiff.decoder.get_chunk_type() {
        ChunkType::Strip => 1,
        ChunkType::Tile => tiff
            .width
            .div_ceil(tiff.decoder.chunk_dimensions().0.max(1)),
    };
    for down in 0..tiff.height.div_ceil(high) {
        let mut band = Vec::new();
        if across == 1 {
            let (wide, _) = tiff.decoder.chunk_data_dimensions(down);
            let read = tiff.decoder.read_chunk(down);
            let read = read.map_err(|e| tiff.wrong(path, &e))?;
            band = tiff.samples(path, read, wide)?;
        } else {
            let rows = (tiff.height - down * high).min(high) as usize;
            let stride = tiff.width as usize * tiff.samples.channels();
            band.resize(stride * rows, 0);
            let mut left = 0;
            for column in 0..across {
                let chunk = down * across + column;
                let (wide, _) = tiff.decoder.chunk_data_dimensions(chunk);
                let read = tiff.decoder.read_chunk(chunk);
                let read = read.map_err(|e| tiff.wrong(path, &e))?;
                let tile = tiff.samples(path, read, wide)?;
                let narrow = wide as usize * tiff.samples.channels();
                let lines = band.chunks_exact_mut(stride);
                for (line, part) in lines.zip(tile.chunks_exact(narrow.max(1))) {
                    if let Some(place) = line.get_mut(left..left + narrow) {
                        place.copy_from_slice(part);
                    }
                }
                left += narrow;
            }
        }
        finish(tiff.colour, &mut band);
        if upright.rows(&mut band).is_break() {
            return Ok(());
        }
    }
    upright.end()
}

fn whole(path: &Path, mut tiff: Opened) -> Result<Raw, MediaError> {
    let mut result = DecodingResult::U8(Vec::new());
    let layout = tiff.decoder.read_image_to_buffer(&mut result);
    let layout = layout.map_err(|e| tiff.wrong(path, &e))?;
    if result.as_buffer(0).as_bytes().len() < layout.complete_len {
        return Err(MediaError::undecodable(
            path,
            "its planes are larger than it declares",
        ));
    }
    let mut pixels = tiff.samples(path, result, tiff.width)?;
    if layout.planes > 1 {
        pixels = interleave(&pixels, usize::from(tiff.per_pixel), layout.planes);
    }
    finish(tiff.colour, &mut pixels);
    let (width, height) = (tiff.width, tiff.height);
    // A codec that stops early without saying so would leave rows out.
    let needed = u64::from(width) * u64::from(height) * tiff.samples.channels() as u64;
    if (pixels.len() as u64) < needed {
        return Err(MediaError::truncated(path, "rows are missing"));
    }
    Ok(Raw {
        width,
        height,
        samples: tiff.samples,
        pixels,
        icc: tiff.icc,
    })
}

/// Whether a strip or tile is said to end where the file has ended already.
/// To a decoder a code word cut in two is only damage; this tells why. Asked
/// only after a failure, since some writers give a last strip too many bytes.
fn ends_beyond_file(decoder: &mut Decoder<BufReader<File>>) -> bool {
    let Ok(length) = decoder.inner().get_ref().metadata().map(|m| m.len()) else {
        return false;
    };
    [
        (Tag::StripOffsets, Tag::StripByteCounts),
        (Tag::TileOffsets, Tag::TileByteCounts),
    ]
    .into_iter()
    .any(|(offsets, counts)| {
        match (
            decoder.get_tag_u64_vec(offsets),
            decoder.get_tag_u64_vec(counts),
        ) {
            (Ok(offsets), Ok(counts)) => offsets
                .iter()
                .zip(&counts)
                .any(|(offset, count)| offset.saturating_add(*count) > length),
            _ => false,
        }
    })
}

/// Samples of 1, 2 or 4 bits, rows padded to bytes, as bytes from 0 to 255.
fn expand(packed: &[u8], bits: u8, width: usize) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let most = u8::MAX >> (8 - bits);
    let step = 255 / most;
    // Each byte becomes the same few pixels each time: look them up.
    let mut table = Vec::with_capacity(256 * per_byte);
    for byte in 0..=255_u8 {
        for i in 1..=8 / bits {
            table.push(((byte >> (8 - bits * i)) & most) * step);
        }
    }
    let stride = width.div_ceil(per_byte).max(1);
    let mut pixels = Vec::with_capacity(packed.len() / stride * width);
    for row in packed.chunks_exact(stride) {
        let end = pixels.len() + width;
        for byte in row {
            let at = usize::from(*byte) * per_byte;
            pixels.extend_from_slice(table.get(at..at + per_byte).unwrap_or_default());
        }
        pixels.truncate(end);
    }
    pixels
}

/// Planes one after another, as pixels; planes beyond `per_pixel` are left out.
fn interleave(planes: &[u8], per_pixel: usize, count: usize) -> Vec<u8> {
    let size = planes.len() / count.max(1);
    let mut pixels = vec![0; size * per_pixel];
    for (channel, plane) in planes.chunks_exact(size.max(1)).take(per_pixel).enumerate() {
        for (pixel, value) in pixels.chunks_exact_mut(per_pixel).zip(plane) {
            if let Some(sample) = pixel.get_mut(channel) {
                *sample = *value;
            }
        }
    }
    pixels
}

/// Full-range YCbCr with the coefficients of ITU-R BT.601, as JPEG has it.
fn ycbcr_to_rgb(pixels: &mut [u8]) {
    for pixel in pixels.chunks_exact_mut(3) {
        let [y, cb, cr] = pixel else { continue };
        let (luma, b, r) = (
            i32::from(*y) << 16,
            i32::from(*cb) - 128,
            i32::from(*cr) - 128,
        );
        let byte = |v: i32| u8::try_from(((v + (1 << 15)) >> 16).clamp(0, 255)).unwrap_or(0);
        *y = byte(luma + 91_881 * r);
        *cb = byte(luma - 22_554 * b - 46_802 * r);
        *cr = byte(luma + 116_130 * b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rows_end_at_bytes() {
        // Two rows of three pixels, one bit each.
        assert_eq!(
            expand(&[0b1010_0000, 0b0110_0000], 1, 3),
            [255, 0, 255, 0, 255, 255]
        );
        assert_eq!(expand(&[0b0001_1011], 2, 4), [0, 85, 170, 255]);
        assert_eq!(expand(&[0x0f, 0x70], 4, 3), [0, 255, 119]);
    }

    #[test]
    fn planes_become_pixels() {
        assert_eq!(interleave(&[1, 2, 3, 4, 5, 6], 3, 3), [1, 3, 5, 2, 4, 6]);
    }

    #[test]
    fn grey_stays_grey_in_ycbcr() {
        let mut pixels = [200, 128, 128, 76, 85, 255];
        ycbcr_to_rgb(&mut pixels);
        assert_eq!(pixels, [200, 200, 200, 254, 0, 0]);
    }
}
