//! TIFF, a page of it: bilevel, grey, palette, RGB, CMYK, CIELab, YCbCr within JPEG; CCITT, LZW,
//! Deflate, PackBits, JPEG, or not compressed; in strips, tiles or planes.

use std::io::{Read, Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::path::Path;

use image::metadata::Orientation;
use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::ccitt::{self, Scheme};
use super::rows::Upright;
use super::tiff_source::{Directories, Disguise, Source};
use super::{Header, Raw, divide_by_alpha, lab, narrow};
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

/// The compression that TIFF 6.0 calls JPEG, and that was given up.
const OLD_JPEG: u16 = 6;

/// What an image is made of.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// What the samples mean once they are pixels.
    samples: Samples,
    /// Bits a sample.
    bits: u8,
    /// Samples a pixel as the decoder gives them: those beyond the colours are left out.
    per_pixel: usize,
}

fn form(
    path: &Path,
    tiff: &mut Decoder<Source>,
    as_if: Option<Disguise>,
) -> Result<Form, MediaError> {
    if tiff
        .find_tag_unsigned::<u16>(Tag::Compression)
        .ok()
        .flatten()
        == Some(OLD_JPEG)
    {
        let reason = "TIFF with JPEG as TIFF 6.0 had it, which programs read in different ways";
        return Err(MediaError::unsupported(path, reason));
    }
    let colour = tiff.colortype().map_err(|e| failed(path, &e))?;
    let extra = tiff
        .find_tag_unsigned_vec::<u16>(Tag::ExtraSamples)
        .ok()
        .flatten()
        .unwrap_or_default();
    // 1: multiplied with the colours; 2: not.
    let has_alpha = matches!(extra.first(), Some(1 | 2));
    let (samples, bits) = match (colour, as_if) {
        (ColorType::Gray(b @ (1 | 2 | 4 | 8)), Some(Disguise::Palette)) => (Samples::Rgb, b),
        (ColorType::RGB(b @ (8 | 16)), Some(Disguise::Lab | Disguise::IccLab)) => (Samples::Rgb, b),
        (ColorType::Gray(b @ (1 | 2 | 4 | 8 | 16)), None) => (Samples::Grey, b),
        (
            ColorType::Multiband {
                bit_depth: b @ (8 | 16),
                ..
            },
            None,
        ) if has_alpha => (Samples::GreyAlpha, b),
        (
            ColorType::Multiband {
                bit_depth: b @ (8 | 16),
                ..
            },
            None,
        ) if !extra.is_empty() => (Samples::Grey, b),
        (ColorType::RGB(b @ (8 | 16)), None) => (Samples::Rgb, b),
        (ColorType::RGBA(b @ (8 | 16)), None) => (Samples::Rgba, b),
        (ColorType::CMYK(b @ (8 | 16)) | ColorType::CMYKA(b @ (8 | 16)), None) => {
            (Samples::Cmyk, b)
        }
        (ColorType::YCbCr(8), None) => (Samples::Rgb, 8),
        (other, as_if) => {
            let what = match as_if {
                Some(Disguise::Palette) => {
                    format!("TIFF with a palette and {} bits", other.bit_depth())
                }
                Some(Disguise::Lab | Disguise::IccLab) => {
                    format!("TIFF in CIELab of {} bits", other.bit_depth())
                }
                None => format!("TIFF with {other:?} colour"),
            };
            return Err(MediaError::unsupported(path, what));
        }
    };
    Ok(Form {
        samples,
        bits,
        per_pixel: colour.num_samples().into(),
    })
}

fn open_tiff(
    path: &Path,
    directories: &Directories,
    page: u32,
) -> Result<(Decoder<Source>, Option<Disguise>), MediaError> {
    let (source, as_if) = Source::open(path, directories, page)?;
    let decoder = Decoder::new(source).map_err(|e| failed(path, &e))?;
    Ok((decoder, as_if))
}

pub(super) fn header(
    path: &Path,
    directories: &Directories,
    page: u32,
) -> Result<Header, MediaError> {
    let (mut decoder, as_if) = open_tiff(path, directories, page)?;
    let (width, height) = decoder.dimensions().map_err(|e| failed(path, &e))?;
    let form = form(path, &mut decoder, as_if)?;
    let orientation = decoder
        .find_tag_unsigned::<u8>(Tag::Orientation)
        .ok()
        .flatten()
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms);
    let stored_bits = u64::from(form.bits) * form.per_pixel as u64;
    let claim = Claim {
        width,
        height,
        decoded_bytes: stored_bits.div_ceil(8).max(form.samples.channels() as u64),
        stored_bits,
    };
    Ok(Header { claim, orientation })
}

/// A decoder that has been told the limits, and what its samples are.
struct Opened {
    decoder: Decoder<Source>,
    width: u32,
    height: u32,
    form: Form,
    colours: Colours,
    icc: Option<Vec<u8>>,
    /// Whether planes of one sample lie one after the other.
    planar: bool,
}

/// How samples become colours.
enum Colours {
    /// They are colours.
    Same,
    /// The colour of each index.
    Palette(Vec<[u8; 3]>),
    /// CIELab; whether a and b are signed.
    Lab(bool),
    YCbCr,
    /// Multiplied with the alpha that follows them.
    Multiplied,
}

fn opened(
    path: &Path,
    directories: &Directories,
    page: u32,
    limits: &Limits,
) -> Result<Opened, MediaError> {
    let (mut decoder, as_if) = open_tiff(path, directories, page)?;
    let (width, height) = decoder.dimensions().map_err(|e| failed(path, &e))?;
    let form = form(path, &mut decoder, as_if)?;
    let colour = decoder.colortype().map_err(|e| failed(path, &e))?;
    let alpha = decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples);
    let multiplied = alpha
        .ok()
        .flatten()
        .is_some_and(|extra| extra.first() == Some(&1));
    let colours = match (colour, as_if, form.samples) {
        (_, Some(Disguise::Palette), _) => {
            Colours::Palette(palette(path, &mut decoder, form.bits)?)
        }
        (_, Some(Disguise::Lab), _) => Colours::Lab(true),
        (_, Some(Disguise::IccLab), _) => Colours::Lab(false),
        (ColorType::YCbCr(_), ..) => Colours::YCbCr,
        (_, _, Samples::GreyAlpha | Samples::Rgba) if multiplied => Colours::Multiplied,
        _ => Colours::Same,
    };
    // A profile is about the samples as they are stored.
    let icc = match colours {
        Colours::Palette(_) | Colours::Lab(_) => None,
        _ => decoder.get_tag_u8_vec(Tag::IccProfile).ok(),
    };
    let planar = decoder
        .find_tag_unsigned::<u16>(Tag::PlanarConfiguration)
        .map_err(|e| failed(path, &e))?;

    let most = usize::try_from(limits.max_alloc).unwrap_or(usize::MAX);
    let mut allowed = tiff::decoder::Limits::default();
    allowed.decoding_buffer_size = most;
    allowed.intermediate_buffer_size = most;
    allowed.ifd_value_size = most.min(64 << 20);
    Ok(Opened {
        decoder: decoder.with_limits(allowed),
        width,
        height,
        form,
        colours,
        icc,
        planar: form.per_pixel > 1 && planar == Some(2),
    })
}

/// The colours of a palette: all reds, all greens, all blues, of 16 bits.
fn palette(
    path: &Path,
    decoder: &mut Decoder<Source>,
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
        return Err(MediaError::undecodable(path, "its palette is too short"));
    };
    // Some writers give values of 8 bits.
    let small = map.iter().all(|v| *v < 256);
    let byte = |v: &u16| {
        if small {
            u8::try_from(*v).unwrap_or(u8::MAX)
        } else {
            narrow(*v)
        }
    };
    let colours = reds.iter().zip(greens).zip(blues);
    Ok(colours
        .map(|((r, g), b)| [byte(r), byte(g), byte(b)])
        .collect())
}

impl Opened {
    /// The whole picture.
    fn raw(self, path: &Path, mut pixels: Vec<u8>) -> Result<Raw, MediaError> {
        self.finish(&mut pixels);
        let (width, height) = (self.width, self.height);
        // A codec that stops early without saying so would leave rows out.
        let needed = u64::from(width) * u64::from(height) * self.form.samples.channels() as u64;
        if (pixels.len() as u64) < needed {
            return Err(MediaError::truncated(path, "rows are missing"));
        }
        Ok(Raw {
            width,
            height,
            samples: self.form.samples,
            pixels,
            icc: self.icc,
        })
    }

    /// How high the strips or tiles are, where they can be read row of chunks by row of chunks.
    /// Planes that lie one after the other, and samples of less than a byte in tiles, are read whole.
    fn band(&mut self) -> Option<u32> {
        let strips = self.decoder.get_chunk_type() == ChunkType::Strip;
        let high = self.decoder.chunk_dimensions().1;
        (!self.planar && (strips || self.form.bits >= 8) && 0 < high && high < self.height)
            .then_some(high)
    }

    /// How many strips or tiles stand side by side.
    fn across(&self) -> u32 {
        match self.decoder.get_chunk_type() {
            ChunkType::Strip => 1,
            ChunkType::Tile => {
                let (wide, _) = self.decoder.chunk_dimensions();
                self.width.div_ceil(wide.max(1))
            }
        }
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
            DecodingResult::U16(v) if matches!(self.colours, Colours::Lab(_)) => {
                let lightness = |at: usize| !self.planar && at.is_multiple_of(3);
                let numbers = v.into_iter().enumerate();
                numbers
                    .map(|(at, v)| narrow_lab(v, lightness(at)))
                    .collect()
            }
            DecodingResult::U16(v) => v.into_iter().map(narrow).collect(),
            _ => {
                return Err(MediaError::unsupported(
                    path,
                    "TIFF with signed or float samples",
                ));
            }
        };
        if self.form.bits < 8 {
            let scaled = !matches!(self.colours, Colours::Palette(_));
            pixels = expand(&pixels, self.form.bits, width as usize, scaled);
        }
        Ok(pixels)
    }

    /// What is left to do once samples are pixels.
    fn finish(&self, pixels: &mut Vec<u8>) {
        let (channels, per_pixel) = (self.form.samples.channels(), self.form.per_pixel);
        if let Colours::Palette(colours) = &self.colours {
            let black = [0; 3];
            let colour = |index: &u8| *colours.get(usize::from(*index)).unwrap_or(&black);
            *pixels = pixels.iter().flat_map(colour).collect();
            return;
        }
        if per_pixel > channels {
            leave_out(pixels, per_pixel, channels);
        }
        match self.colours {
            Colours::Lab(signed) => lab::to_rgb(pixels, signed),
            Colours::YCbCr => ycbcr_to_rgb(pixels),
            Colours::Multiplied => divide_by_alpha(pixels, channels),
            Colours::Same | Colours::Palette(_) => {}
        }
    }
}

/// The upper 8 bits of a number of CIELab, rounded; those of a and b go around at zero.
fn narrow_lab(v: u16, lightness: bool) -> u8 {
    let rounded = if lightness {
        v.saturating_add(128)
    } else {
        v.wrapping_add(128)
    };
    rounded.to_be_bytes()[0]
}

/// Keeps the first samples of each pixel.
fn leave_out(pixels: &mut Vec<u8>, per_pixel: usize, channels: usize) {
    let count = pixels.len() / per_pixel;
    for i in 0..count {
        pixels.copy_within(i * per_pixel..i * per_pixel + channels, i * channels);
    }
    pixels.truncate(count * channels);
}

pub(super) fn rows(
    path: &Path,
    directories: &Directories,
    page: u32,
    limits: &Limits,
    mut upright: Upright,
) -> Result<(), MediaError> {
    let mut tiff = opened(path, directories, page, limits)?;
    let coded = coding(path, &mut tiff)?;
    let Some(high) = tiff.band() else {
        let pixels = match coded {
            Some(coding) => strip(path, &mut tiff, coding, 0)?,
            None if tiff.planar => planes(path, &mut tiff)?,
            None => whole(path, &mut tiff)?,
        };
        return upright.whole(tiff.raw(path, pixels)?);
    };
    let icc = tiff.icc.take();
    let flow = upright.begin(tiff.width, tiff.height, tiff.form.samples, icc.as_deref());
    if flow.is_break() {
        return Ok(());
    }
    let across = tiff.across();
    // Kept from strip to strip: memory that is taken anew is cleared first.
    let mut band = Vec::new();
    for down in 0..tiff.height.div_ceil(high) {
        if let Some(coding) = coded {
            band = strip(path, &mut tiff, coding, down)?;
        } else if across == 1 {
            let (wide, _) = tiff.decoder.chunk_data_dimensions(down);
            let mut read = DecodingResult::U8(band);
            let layout = tiff.decoder.image_chunk_buffer_layout(down);
            let done = layout.and_then(|layout| {
                let stride = layout.row_stride.map_or(0, NonZeroUsize::get);
                tiff.decoder.read_chunk_to_buffer(&mut read, down, stride)
            });
            done.map_err(|e| tiff.wrong(path, &e))?;
            band = tiff.samples(path, read, wide)?;
        } else {
            let rows = (tiff.height - down * high).min(high) as usize;
            let stride = tiff.width as usize * tiff.form.per_pixel;
            band.clear();
            band.resize(stride * rows, 0);
            let mut left = 0;
            for column in 0..across {
                let chunk = down * across + column;
                let (wide, _) = tiff.decoder.chunk_data_dimensions(chunk);
                let read = tiff.decoder.read_chunk(chunk);
                let read = read.map_err(|e| tiff.wrong(path, &e))?;
                let tile = tiff.samples(path, read, wide)?;
                let narrow = wide as usize * tiff.form.per_pixel;
                let lines = band.chunks_exact_mut(stride);
                for (line, part) in lines.zip(tile.chunks_exact(narrow.max(1))) {
                    if let Some(place) = line.get_mut(left..left + narrow) {
                        place.copy_from_slice(part);
                    }
                }
                left += narrow;
            }
        }
        tiff.finish(&mut band);
        if upright.rows(&mut band).is_break() {
            return Ok(());
        }
    }
    upright.end()
}

fn whole(path: &Path, tiff: &mut Opened) -> Result<Vec<u8>, MediaError> {
    let mut result = DecodingResult::U8(Vec::new());
    let layout = tiff.decoder.read_image_to_buffer(&mut result);
    let layout = layout.map_err(|e| tiff.wrong(path, &e))?;
    if result.as_buffer(0).as_bytes().len() < layout.complete_len {
        return Err(MediaError::undecodable(
            path,
            "it is larger than it declares",
        ));
    }
    tiff.samples(path, result, tiff.width)
}

/// Planes of one sample each, put together to pixels; those beyond the colours are not read.
fn planes(path: &Path, tiff: &mut Opened) -> Result<Vec<u8>, MediaError> {
    let form = tiff.form;
    if form.bits < 8 {
        let reason = format!("TIFF in planes of {} bits", form.bits);
        return Err(MediaError::unsupported(path, reason));
    }
    let (width, height) = (tiff.width as usize, tiff.height as usize);
    let (wide, high) = tiff.decoder.chunk_dimensions();
    let across = tiff.across();
    let down = tiff.height.div_ceil(high.max(1));
    let per_pixel = form.per_pixel;
    let mut pixels = vec![0; width * height * per_pixel];
    for plane in 0..per_pixel {
        for chunk in 0..across * down {
            let number = plane as u32 * across * down + chunk;
            let (own_width, _) = tiff.decoder.chunk_data_dimensions(number);
            let read = tiff.decoder.read_chunk(number);
            let read = read.map_err(|e| tiff.wrong(path, &e))?;
            let samples = tiff.samples(path, read, own_width)?;
            let left = (chunk % across * wide) as usize;
            let top = (chunk / across * high) as usize;
            // The last chunks may go on below the image.
            let rows = samples.chunks_exact((own_width as usize).max(1));
            for (row, samples) in rows.take(height.saturating_sub(top)).enumerate() {
                let start = ((top + row) * width + left) * per_pixel;
                let row = pixels.get_mut(start..).unwrap_or_default();
                for (pixel, value) in row.chunks_exact_mut(per_pixel).zip(samples) {
                    if let Some(place) = pixel.get_mut(plane) {
                        *place = *value;
                    }
                }
            }
        }
    }
    Ok(pixels)
}

/// How a bilevel image is coded whose codes are read here.
#[derive(Clone, Copy)]
struct Coding {
    scheme: Scheme,
    /// Whether the bits of a byte stand in reverse.
    reversed: bool,
    white: u8,
}

fn coding(path: &Path, tiff: &mut Opened) -> Result<Option<Coding>, MediaError> {
    let mut number = |tag: Tag| tiff.decoder.find_tag_unsigned::<u32>(tag).ok().flatten();
    let compression = number(Tag::Compression);
    let reversed = number(Tag::FillOrder) == Some(2);
    let options = number(Tag::Unknown(T4_OPTIONS)).unwrap_or(0);
    let scheme = match compression {
        Some(2) => Scheme::Runs,
        Some(3) if options & 1 == 0 => Scheme::Group3,
        Some(3) => Scheme::Group3Both,
        Some(4) if reversed => Scheme::Group4,
        _ => return Ok(None),
    };
    let white = if number(Tag::PhotometricInterpretation) == Some(0) {
        255
    } else {
        0
    };
    if tiff.form.per_pixel != 1
        || tiff.form.bits != 1
        || tiff.decoder.get_chunk_type() != ChunkType::Strip
        || !matches!(tiff.colours, Colours::Same)
    {
        return Err(MediaError::unsupported(
            path,
            "TIFF with CCITT codes in tiles or colours",
        ));
    }
    Ok(Some(Coding {
        scheme,
        reversed,
        white,
    }))
}

const T4_OPTIONS: u16 = 292;

/// The pixels of a strip whose codes are read here.
fn strip(
    path: &Path,
    tiff: &mut Opened,
    coding: Coding,
    number: u32,
) -> Result<Vec<u8>, MediaError> {
    let mut list = |tag: Tag| -> Result<u64, MediaError> {
        let all = tiff
            .decoder
            .get_tag_u64_vec(tag)
            .map_err(|e| failed(path, &e))?;
        let own = all.get(number as usize).copied();
        own.ok_or_else(|| MediaError::undecodable(path, "a strip is missing"))
    };
    let (at, length) = (list(Tag::StripOffsets)?, list(Tag::StripByteCounts)?);
    let source = tiff.decoder.inner();
    let end = at.saturating_add(length);
    if source.length().is_none_or(|whole| end > whole) {
        return Err(MediaError::truncated(path, "a strip ends after the file"));
    }
    let mut bytes = Vec::new();
    source
        .seek(SeekFrom::Start(at))
        .and_then(|_| source.take(length).read_to_end(&mut bytes))
        .map_err(|e| MediaError::unreadable(path, e))?;
    let (width, rows) = tiff.decoder.chunk_data_dimensions(number);
    let wrong = || MediaError::undecodable(path, "its CCITT codes are damaged");
    let size = (u16::try_from(width).map_err(|_| wrong())?, rows);
    ccitt::decode(&bytes, coding.reversed, coding.scheme, size, coding.white).ok_or_else(wrong)
}

/// Whether a strip or tile is said to end where the file has ended already.
/// To a decoder a code word cut in two is only damage; this tells why. Asked
/// only after a failure, since some writers give a last strip too many bytes.
fn ends_beyond_file(decoder: &mut Decoder<Source>) -> bool {
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

/// Samples of 1, 2 or 4 bits, rows padded to bytes, as bytes: from 0 to 255, or as they are.
fn expand(packed: &[u8], bits: u8, width: usize, scaled: bool) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let most = u8::MAX >> (8 - bits);
    let step = if scaled { 255 / most } else { 1 };
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
            expand(&[0b1010_0000, 0b0110_0000], 1, 3, true),
            [255, 0, 255, 0, 255, 255]
        );
        assert_eq!(expand(&[0b0001_1011], 2, 4, true), [0, 85, 170, 255]);
        assert_eq!(expand(&[0b0001_1011], 2, 4, false), [0, 1, 2, 3]);
        assert_eq!(expand(&[0x0f, 0x70], 4, 3, true), [0, 255, 119]);
    }

    #[test]
    fn samples_beyond_the_colours_are_left_out() {
        let mut pixels = vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        leave_out(&mut pixels, 5, 4);
        assert_eq!(pixels, [1, 2, 3, 4, 6, 7, 8, 9]);
    }

    #[test]
    fn grey_stays_grey_in_ycbcr() {
        let mut pixels = [200, 128, 128, 76, 85, 255];
        ycbcr_to_rgb(&mut pixels);
        assert_eq!(pixels, [200, 200, 200, 254, 0, 0]);
    }
}
