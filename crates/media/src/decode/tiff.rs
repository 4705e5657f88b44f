//! Decoding of TIFF pages: bilevel, grey, palette, RGB, CMYK, CIELab, and YCbCr in JPEG;
//! uncompressed or compressed with CCITT, LZW, Deflate, PackBits or JPEG; in strips, tiles or
//! planes.

use khizana_messages::message;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use image::metadata::Orientation;
use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::tiff_rows::plan;
use super::tiff_workarounds::ccitt::{self, Scheme};
use super::tiff_workarounds::{Directories, Interpretation, PatchedSource, cielab};
use super::{Header, RawImage, to_8_bit, unpremultiply};
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};
use crate::{Limits, MediaError};

pub(super) fn failed(path: &Path, error: &TiffError) -> MediaError {
    match error {
        TiffError::UnsupportedError(e) => MediaError::unsupported(path, format!("TIFF: {e}")),
        // The header has been checked, so data that exceeds the limits was not declared there.
        TiffError::LimitsExceeded => MediaError::undecodable(
            path,
            message!("its strips or tiles are larger than the declared image"),
        ),
        e => MediaError::while_decoding(path, e),
    }
}

/// Compression value for JPEG as specified in TIFF 6.0 and deprecated by TIFF Technical Note 2.
const OLD_JPEG: u16 = 6;

/// The sample format of an image.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleFormat {
    /// The layout of the samples after they have been unpacked.
    pub samples: SampleLayout,
    /// Number of bits per sample.
    pub bits: u8,
    /// Number of samples per pixel in the output of the decoder. Extra samples are dropped later.
    pub per_pixel: usize,
}

fn sample_format(
    path: &Path,
    tiff: &mut Decoder<PatchedSource>,
    interpretation: Option<Interpretation>,
) -> Result<SampleFormat, MediaError> {
    if tiff
        .find_tag_unsigned::<u16>(Tag::Compression)
        .ok()
        .flatten()
        == Some(OLD_JPEG)
    {
        let reason = message!("TIFF with old-style JPEG compression, which is ambiguous");
        return Err(MediaError::unsupported(path, reason));
    }
    let colour = tiff.colortype().map_err(|e| failed(path, &e))?;
    let extra = tiff
        .find_tag_unsigned_vec::<u16>(Tag::ExtraSamples)
        .ok()
        .flatten()
        .unwrap_or_default();
    // 1 means associated (premultiplied) alpha, and 2 means unassociated alpha.
    let has_alpha = matches!(extra.first(), Some(1 | 2));
    let (samples, bits) = match (colour, interpretation) {
        (ColorType::Gray(b @ (1 | 2 | 4 | 8)), Some(Interpretation::Palette)) => {
            (SampleLayout::Rgb, b)
        }
        (ColorType::RGB(b @ (8 | 16)), Some(Interpretation::Lab | Interpretation::IccLab)) => {
            (SampleLayout::Rgb, b)
        }
        (ColorType::Gray(b @ (1 | 2 | 4 | 8 | 16)), None) => (SampleLayout::Grey, b),
        (
            ColorType::Multiband {
                bit_depth: b @ (8 | 16),
                ..
            },
            None,
        ) if has_alpha => (SampleLayout::GreyAlpha, b),
        (
            ColorType::Multiband {
                bit_depth: b @ (8 | 16),
                ..
            },
            None,
        ) if !extra.is_empty() => (SampleLayout::Grey, b),
        (ColorType::RGB(b @ (8 | 16)), None) => (SampleLayout::Rgb, b),
        (ColorType::RGBA(b @ (8 | 16)), None) => (SampleLayout::Rgba, b),
        (ColorType::CMYK(b @ (8 | 16)) | ColorType::CMYKA(b @ (8 | 16)), None) => {
            (SampleLayout::Cmyk, b)
        }
        (ColorType::YCbCr(8), None) => (SampleLayout::Rgb, 8),
        (other, interpretation) => {
            let feature = match interpretation {
                Some(Interpretation::Palette) => {
                    format!(
                        "TIFF with a palette and {} bits per sample",
                        other.bit_depth()
                    )
                }
                Some(Interpretation::Lab | Interpretation::IccLab) => {
                    format!("TIFF in CIELab with {} bits per sample", other.bit_depth())
                }
                None => format!("TIFF with the colour type {other:?}"),
            };
            return Err(MediaError::unsupported(path, feature));
        }
    };
    Ok(SampleFormat {
        samples,
        bits,
        per_pixel: colour.num_samples().into(),
    })
}

fn open_tiff(
    path: &Path,
    directories: &Directories,
    page: u32,
) -> Result<(Decoder<PatchedSource>, Option<Interpretation>), MediaError> {
    let (source, interpretation) = PatchedSource::open(path, directories, page)?;
    let decoder = Decoder::new(source).map_err(|e| failed(path, &e))?;
    Ok((decoder, interpretation))
}

pub(super) fn header(
    path: &Path,
    directories: &Directories,
    page: u32,
    limits: &Limits,
) -> Result<Header, MediaError> {
    let mut tiff = open_image(path, directories, page, limits)?;
    let (_, is_streamed) = plan(&mut tiff, limits);
    let (width, height, format) = (tiff.width, tiff.height, tiff.format);
    let orientation = tiff
        .decoder
        .find_tag_unsigned::<u8>(Tag::Orientation)
        .ok()
        .flatten()
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms);
    let stored_bits = u64::from(format.bits) * format.per_pixel as u64;
    let declared = DeclaredSize {
        width,
        height,
        decoded_bytes: stored_bits
            .div_ceil(8)
            .max(format.samples.channels() as u64),
        stored_bits,
        decoding: match is_streamed {
            true => Decoding::Rows,
            false => Decoding::Whole,
        },
    };
    Ok(Header {
        declared,
        orientation,
    })
}

/// A page with its decoder, whose limits have been set, and the format of its samples.
pub(super) struct TiffImage {
    pub decoder: Decoder<PatchedSource>,
    pub width: u32,
    pub height: u32,
    pub format: SampleFormat,
    colours: Colours,
    pub icc: Option<Vec<u8>>,
    /// `true` if each sample is stored in a separate plane (PlanarConfiguration 2).
    pub is_planar: bool,
}

/// The conversion from samples to colours.
enum Colours {
    /// No conversion.
    Identity,
    /// The RGB value of each palette index.
    Palette(Vec<[u8; 3]>),
    /// CIELab. If `is_signed` is `true`, a\* and b\* are signed.
    Lab {
        is_signed: bool,
    },
    YCbCr,
    /// Premultiplied alpha.
    Premultiplied,
}

pub(super) fn open_image(
    path: &Path,
    directories: &Directories,
    page: u32,
    limits: &Limits,
) -> Result<TiffImage, MediaError> {
    let (mut decoder, interpretation) = open_tiff(path, directories, page)?;
    let (width, height) = decoder.dimensions().map_err(|e| failed(path, &e))?;
    let format = sample_format(path, &mut decoder, interpretation)?;
    let colour = decoder.colortype().map_err(|e| failed(path, &e))?;
    let extra = decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples);
    let is_premultiplied = extra
        .ok()
        .flatten()
        .is_some_and(|extra| extra.first() == Some(&1));
    let colours = match (colour, interpretation, format.samples) {
        (_, Some(Interpretation::Palette), _) => {
            Colours::Palette(palette(path, &mut decoder, format.bits)?)
        }
        (_, Some(Interpretation::Lab), _) => Colours::Lab { is_signed: true },
        (_, Some(Interpretation::IccLab), _) => Colours::Lab { is_signed: false },
        (ColorType::YCbCr(_), ..) => Colours::YCbCr,
        (_, _, SampleLayout::GreyAlpha | SampleLayout::Rgba) if is_premultiplied => {
            Colours::Premultiplied
        }
        _ => Colours::Identity,
    };
    // The profile describes the stored samples, not the converted samples.
    let icc = match colours {
        Colours::Palette(_) | Colours::Lab { .. } => None,
        _ => decoder.get_tag_u8_vec(Tag::IccProfile).ok(),
    };
    let planar = decoder
        .find_tag_unsigned::<u16>(Tag::PlanarConfiguration)
        .map_err(|e| failed(path, &e))?;

    let max_bytes = usize::try_from(limits.max_alloc).unwrap_or(usize::MAX);
    let mut allowed = tiff::decoder::Limits::default();
    allowed.decoding_buffer_size = max_bytes;
    allowed.intermediate_buffer_size = max_bytes;
    allowed.ifd_value_size = max_bytes.min(64 << 20);
    Ok(TiffImage {
        decoder: decoder.with_limits(allowed),
        width,
        height,
        format,
        colours,
        icc,
        is_planar: format.per_pixel > 1 && planar == Some(2),
    })
}

/// Reads the palette. It consists of 16-bit values: first all reds, then all greens, then all
/// blues.
fn palette(
    path: &Path,
    decoder: &mut Decoder<PatchedSource>,
    bits: u8,
) -> Result<Vec<[u8; 3]>, MediaError> {
    let map = decoder
        .get_tag_u16_vec(Tag::ColorMap)
        .map_err(|e| failed(path, &e))?;
    let count = 1 << bits;
    let (Some(reds), Some(greens), Some(blues)) = (
        map.get(..count),
        map.get(count..2 * count),
        map.get(2 * count..3 * count),
    ) else {
        return Err(MediaError::undecodable(
            path,
            message!("its palette is truncated"),
        ));
    };
    // Some writers store 8-bit values.
    let is_8_bit = map.iter().all(|v| *v < 256);
    let byte = |v: &u16| {
        if is_8_bit {
            u8::try_from(*v).unwrap_or(u8::MAX)
        } else {
            to_8_bit(*v)
        }
    };
    let colours = reds.iter().zip(greens).zip(blues);
    Ok(colours
        .map(|((r, g), b)| [byte(r), byte(g), byte(b)])
        .collect())
}

impl TiffImage {
    /// Converts the decoded samples to an image. Returns an error if rows are missing.
    pub fn into_raw_image(self, path: &Path, mut pixels: Vec<u8>) -> Result<RawImage, MediaError> {
        self.convert_colours(&mut pixels);
        let (width, height) = (self.width, self.height);
        // A codec may stop early without reporting an error.
        let needed = u64::from(width) * u64::from(height) * self.format.samples.channels() as u64;
        if (pixels.len() as u64) < needed {
            return Err(MediaError::truncated(path, message!("rows are missing")));
        }
        Ok(RawImage {
            width,
            height,
            samples: self.format.samples,
            pixels,
            icc: self.icc,
        })
    }

    /// Returns the number of tiles that lie side by side.
    pub fn chunks_across(&self) -> u32 {
        let (width, _) = self.decoder.chunk_dimensions();
        self.width.div_ceil(width.max(1))
    }

    /// Returns `true` if a strip or tile ends after the end of the file.
    pub fn ends_beyond_file(&mut self) -> bool {
        ends_beyond_file(&mut self.decoder)
    }

    pub fn chunk_error(&mut self, path: &Path, error: &TiffError) -> MediaError {
        if self.ends_beyond_file() {
            return MediaError::truncated(path, error.to_string());
        }
        failed(path, error)
    }

    /// Converts the output of the decoder to 8 bits per sample, in rows of `width` pixels.
    pub fn samples(
        &self,
        path: &Path,
        result: DecodingResult,
        width: u32,
    ) -> Result<Vec<u8>, MediaError> {
        let mut pixels = match result {
            DecodingResult::U8(v) => v,
            DecodingResult::U16(v) if matches!(self.colours, Colours::Lab { .. }) => {
                let is_lightness = |at: usize| !self.is_planar && at.is_multiple_of(3);
                let samples = v.into_iter().enumerate();
                samples
                    .map(|(at, v)| lab_to_8_bit(v, is_lightness(at)))
                    .collect()
            }
            DecodingResult::U16(v) => v.into_iter().map(to_8_bit).collect(),
            _ => {
                return Err(MediaError::unsupported(
                    path,
                    message!("TIFF with signed or floating-point (float) samples"),
                ));
            }
        };
        if self.format.bits < 8 {
            let is_scaled = !matches!(self.colours, Colours::Palette(_));
            pixels = unpack_samples(&pixels, self.format.bits, width as usize, is_scaled);
        }
        Ok(pixels)
    }

    /// Converts unpacked samples to pixels in the sample layout.
    pub fn convert_colours(&self, pixels: &mut Vec<u8>) {
        let (channels, per_pixel) = (self.format.samples.channels(), self.format.per_pixel);
        if let Colours::Palette(colours) = &self.colours {
            let black = [0; 3];
            let colour = |index: &u8| *colours.get(usize::from(*index)).unwrap_or(&black);
            *pixels = pixels.iter().flat_map(colour).collect();
            return;
        }
        if per_pixel > channels {
            drop_extra_samples(pixels, per_pixel, channels);
        }
        match self.colours {
            Colours::Lab { is_signed } => cielab::to_rgb(pixels, is_signed),
            Colours::YCbCr => ycbcr_to_rgb(pixels),
            Colours::Premultiplied => unpremultiply(pixels, channels),
            Colours::Identity | Colours::Palette(_) => {}
        }
    }
}

/// Scales a 16-bit CIELab sample to 8 bits and rounds it. a\* and b\* wrap around at zero.
fn lab_to_8_bit(v: u16, is_lightness: bool) -> u8 {
    let rounded = if is_lightness {
        v.saturating_add(128)
    } else {
        v.wrapping_add(128)
    };
    rounded.to_be_bytes()[0]
}

/// Keeps only the first `channels` of the `per_pixel` samples of each pixel.
fn drop_extra_samples(pixels: &mut Vec<u8>, per_pixel: usize, channels: usize) {
    let count = pixels.len() / per_pixel;
    for i in 0..count {
        pixels.copy_within(i * per_pixel..i * per_pixel + channels, i * channels);
    }
    pixels.truncate(count * channels);
}

/// CCITT parameters of an image whose coding the `tiff` crate does not support.
#[derive(Clone, Copy)]
pub(super) struct CcittCoding {
    scheme: Scheme,
    /// `true` if the bits of each byte are reversed (FillOrder 2).
    is_reversed: bool,
    white: u8,
}

pub(super) fn ccitt_coding(
    path: &Path,
    tiff: &mut TiffImage,
) -> Result<Option<CcittCoding>, MediaError> {
    let mut number = |tag: Tag| tiff.decoder.find_tag_unsigned::<u32>(tag).ok().flatten();
    let compression = number(Tag::Compression);
    let is_reversed = number(Tag::FillOrder) == Some(2);
    let options = number(Tag::Unknown(T4_OPTIONS)).unwrap_or(0);
    let scheme = match compression {
        Some(2) => Scheme::ModifiedHuffman,
        Some(3) if options & 1 == 0 => Scheme::Group3,
        Some(3) => Scheme::Group3TwoDimensional,
        Some(4) if is_reversed => Scheme::Group4,
        _ => return Ok(None),
    };
    let white = if number(Tag::PhotometricInterpretation) == Some(0) {
        255
    } else {
        0
    };
    if tiff.format.per_pixel != 1
        || tiff.format.bits != 1
        || tiff.decoder.get_chunk_type() != ChunkType::Strip
        || !matches!(tiff.colours, Colours::Identity)
    {
        return Err(MediaError::unsupported(
            path,
            message!("TIFF with CCITT compression of tiles or of a colour image"),
        ));
    }
    Ok(Some(CcittCoding {
        scheme,
        is_reversed,
        white,
    }))
}

const T4_OPTIONS: u16 = 292;

/// Decodes the CCITT strip with the given number.
pub(super) fn ccitt_strip(
    path: &Path,
    tiff: &mut TiffImage,
    coding: CcittCoding,
    number: u32,
) -> Result<Vec<u8>, MediaError> {
    let mut list = |tag: Tag| -> Result<u64, MediaError> {
        let all = tiff
            .decoder
            .get_tag_u64_vec(tag)
            .map_err(|e| failed(path, &e))?;
        let value = all.get(number as usize).copied();
        value.ok_or_else(|| MediaError::undecodable(path, message!("a strip is missing")))
    };
    let (offset, length) = (list(Tag::StripOffsets)?, list(Tag::StripByteCounts)?);
    let source = tiff.decoder.inner();
    let end = offset.saturating_add(length);
    if source.length().is_none_or(|file_length| end > file_length) {
        return Err(MediaError::truncated(
            path,
            message!("a strip extends beyond the end of the file"),
        ));
    }
    let mut bytes = Vec::new();
    source
        .seek(SeekFrom::Start(offset))
        .and_then(|_| source.take(length).read_to_end(&mut bytes))
        .map_err(|e| MediaError::unreadable(path, e))?;
    let (width, rows) = tiff.decoder.chunk_data_dimensions(number);
    let damaged = || MediaError::undecodable(path, message!("its CCITT data are damaged"));
    let size = (u16::try_from(width).map_err(|_| damaged())?, rows);
    ccitt::decode(
        &bytes,
        coding.is_reversed,
        coding.scheme,
        size,
        coding.white,
    )
    .ok_or_else(damaged)
}

/// Returns `true` if a strip or tile ends after the end of the file.
///
/// The decoder reports truncated data as invalid codes. This function distinguishes the two cases.
/// It is called only after a failure, because some writers declare too many bytes for the last
/// strip.
fn ends_beyond_file(decoder: &mut Decoder<PatchedSource>) -> bool {
    let Some(length) = decoder.inner().length() else {
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

/// Unpacks samples of 1, 2 or 4 bits to bytes. Packed rows are padded to whole bytes. If
/// `is_scaled` is `true`, values are scaled to 0..=255.
fn unpack_samples(packed: &[u8], bits: u8, width: usize, is_scaled: bool) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let max_value = u8::MAX >> (8 - bits);
    let step = if is_scaled { 255 / max_value } else { 1 };
    // A lookup table with the pixels that each byte contains.
    let mut table = Vec::with_capacity(256 * per_byte);
    for byte in 0..=255_u8 {
        for i in 1..=8 / bits {
            table.push(((byte >> (8 - bits * i)) & max_value) * step);
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

/// Converts full-range YCbCr to RGB in place, with the coefficients of ITU-R BT.601, like JPEG.
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
    fn unpacks_rows_padded_to_bytes() {
        // There are two rows of three pixels, with one bit per pixel.
        assert_eq!(
            unpack_samples(&[0b1010_0000, 0b0110_0000], 1, 3, true),
            [255, 0, 255, 0, 255, 255]
        );
        assert_eq!(
            unpack_samples(&[0b0001_1011], 2, 4, true),
            [0, 85, 170, 255]
        );
        assert_eq!(unpack_samples(&[0b0001_1011], 2, 4, false), [0, 1, 2, 3]);
        assert_eq!(unpack_samples(&[0x0f, 0x70], 4, 3, true), [0, 255, 119]);
    }

    #[test]
    fn drops_extra_samples() {
        let mut pixels = vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        drop_extra_samples(&mut pixels, 5, 4);
        assert_eq!(pixels, [1, 2, 3, 4, 6, 7, 8, 9]);
    }

    #[test]
    fn converts_neutral_ycbcr_to_grey() {
        let mut pixels = [200, 128, 128, 76, 85, 255];
        ycbcr_to_rgb(&mut pixels);
        assert_eq!(pixels, [200, 200, 200, 254, 0, 0]);
    }
}
