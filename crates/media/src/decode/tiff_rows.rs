//! Decoding of the pixels of a TIFF page, row by row if possible.

use khizana_messages::message;
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use tiff::decoder::{ChunkType, DecodingResult};
use tiff::tags::Tag;

use super::rows::RowConverter;
use super::tiff::{CcittCoding, TiffImage, ccitt_coding, ccitt_strip, failed, open_image};
use super::tiff_strip::{Compression, RowFormat, StripReader};
use super::tiff_workarounds::Directories;
use crate::band_file::{BandFile, Columns};
use crate::{Limits, MediaError};

/// The method by which a page is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// In one piece.
    Whole,
    /// One row of strips or tiles at a time, in memory.
    Bands,
    /// One row of tiles at a time, in a temporary file.
    SpilledTiles,
    /// Row by row, with [`StripReader`].
    Strips(RowFormat),
}

/// Returns the method by which a page is decoded, and `true` if only a few rows are in memory.
pub(super) fn plan(tiff: &mut TiffImage, limits: &Limits) -> (Plan, bool) {
    // A row of tiles of the pyramid is in memory at the same time.
    let max_bytes = limits.max_band / 2;
    let (chunk_width, chunk_height) = tiff.decoder.chunk_dimensions();
    let pixel_bytes = tiff.format.per_pixel as u64 * u64::from(tiff.format.bits.div_ceil(8));
    let bytes = |width: u32, height: u32| {
        (u64::from(width) * u64::from(height)).saturating_mul(pixel_bytes)
    };
    let is_small = bytes(tiff.width, chunk_height.min(tiff.height)) <= max_bytes;
    if tiff.is_planar || chunk_height == 0 {
        return (Plan::Whole, false);
    }
    match tiff.decoder.get_chunk_type() {
        ChunkType::Strip => match row_format(tiff).filter(|_| !is_small) {
            Some(format) => (Plan::Strips(format), true),
            None if chunk_height < tiff.height => (Plan::Bands, is_small && has_fax_size(tiff)),
            None => (Plan::Whole, false),
        },
        ChunkType::Tile if tiff.format.bits < 8 => (Plan::Whole, false),
        // A tile is decoded in memory, including the part beyond the edge of the image.
        ChunkType::Tile if bytes(chunk_width, chunk_height) > max_bytes => (Plan::Bands, false),
        ChunkType::Tile if is_small => (Plan::Bands, true),
        ChunkType::Tile => (Plan::SpilledTiles, true),
    }
}

/// Returns `false` if the decoder of CCITT compression does not support the size of the strips.
fn has_fax_size(tiff: &mut TiffImage) -> bool {
    let (width, height) = tiff.decoder.chunk_dimensions();
    let compression = tiff.decoder.find_tag_unsigned::<u16>(Tag::Compression);
    let is_fax = matches!(compression, Ok(Some(2..=4)));
    !is_fax || width.max(height) <= u16::MAX.into()
}

/// Returns the form of the rows of strips, or `None` if [`StripReader`] does not support it.
fn row_format(tiff: &mut TiffImage) -> Option<RowFormat> {
    const WHITE_IS_ZERO: u32 = 0;
    const YCBCR: u32 = 6;

    let mut numbers = |tag: Tag| tiff.decoder.find_tag_unsigned_vec::<u32>(tag).ok();
    let mut number = |tag: Tag, default: u32| match numbers(tag)? {
        Some(list) => list.first().copied(),
        None => Some(default),
    };
    let compression = Compression::from_tag(number(Tag::Compression, 1)?)?;
    let is_predicted = match number(Tag::Predictor, 1)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let stored_samples = number(Tag::SamplesPerPixel, 1)? as usize;
    let photometric = number(Tag::PhotometricInterpretation, WHITE_IS_ZERO)?;
    let formats = numbers(Tag::SampleFormat)?.unwrap_or_default();
    let subsampling = numbers(Tag::ChromaSubsampling)?.unwrap_or_default();
    let format = tiff.format;
    let is_supported = formats.iter().all(|format| *format == 1)
        && (photometric != YCBCR || subsampling == [1, 1])
        && (photometric != WHITE_IS_ZERO || stored_samples == 1)
        && (format.bits >= 8 || (!is_predicted && stored_samples == format.per_pixel))
        && stored_samples >= format.per_pixel;
    is_supported.then_some(RowFormat {
        compression,
        byte_order: tiff.decoder.byte_order(),
        is_predicted,
        is_inverted: photometric == WHITE_IS_ZERO,
        bits: format.bits,
        stored_samples,
        samples: format.per_pixel,
        width: tiff.width as usize,
    })
}

pub(super) fn rows(
    path: &Path,
    directories: &Directories,
    page: u32,
    limits: &Limits,
    mut converter: RowConverter,
) -> Result<(), MediaError> {
    let mut tiff = open_image(path, directories, page, limits)?;
    let ccitt = ccitt_coding(path, &mut tiff)?;
    let (plan, _) = plan(&mut tiff, limits);
    if plan == Plan::Whole {
        let pixels = match ccitt {
            Some(coding) => ccitt_strip(path, &mut tiff, coding, 0)?,
            None if tiff.is_planar => decode_planes(path, &mut tiff)?,
            None => decode_image(path, &mut tiff)?,
        };
        return converter.push_image(tiff.into_raw_image(path, pixels)?);
    }
    let icc = tiff.icc.take();
    let flow = converter.begin(tiff.width, tiff.height, tiff.format.samples, icc.as_deref());
    if flow.is_break() {
        return Ok(());
    }
    let mut push = |tiff: &TiffImage, band: &mut Vec<u8>| {
        tiff.convert_colours(band);
        converter.push_rows(band)
    };
    let flow = match plan {
        Plan::Strips(format) => strip_rows(path, &mut tiff, format, &mut push)?,
        Plan::SpilledTiles => spilled_tile_rows(path, &mut tiff, &mut push)?,
        Plan::Bands | Plan::Whole => match (tiff.decoder.get_chunk_type(), ccitt) {
            (ChunkType::Tile, _) => tile_rows(path, &mut tiff, &mut push)?,
            (ChunkType::Strip, ccitt) => bands_of_strips(path, &mut tiff, ccitt, &mut push)?,
        },
    };
    match flow {
        ControlFlow::Continue(()) => converter.finish(),
        ControlFlow::Break(()) => Ok(()),
    }
}

/// A function that receives rows in 8 bits per sample.
type PushBand<'a> = dyn FnMut(&TiffImage, &mut Vec<u8>) -> ControlFlow<()> + 'a;

/// The result of decoding rows, which is `Break` if the receiver does not want more.
type Flow = Result<ControlFlow<()>, MediaError>;

/// Decodes one strip after another.
fn bands_of_strips(
    path: &Path,
    tiff: &mut TiffImage,
    ccitt: Option<CcittCoding>,
    push: &mut PushBand<'_>,
) -> Flow {
    let (_, band_height) = tiff.decoder.chunk_dimensions();
    // The buffer is reused for all strips, because the operating system would zero new memory.
    let mut band = Vec::new();
    for strip in 0..tiff.height.div_ceil(band_height) {
        if let Some(coding) = ccitt {
            band = ccitt_strip(path, tiff, coding, strip)?;
        } else {
            let (width, _) = tiff.decoder.chunk_data_dimensions(strip);
            let mut result = DecodingResult::U8(band);
            let layout = tiff.decoder.image_chunk_buffer_layout(strip);
            let read = layout.and_then(|layout| {
                let stride = layout.row_stride.map_or(0, NonZeroUsize::get);
                tiff.decoder
                    .read_chunk_to_buffer(&mut result, strip, stride)
            });
            read.map_err(|e| tiff.chunk_error(path, &e))?;
            band = tiff.samples(path, result, width)?;
        }
        if push(tiff, &mut band).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Number of bytes of the rows that are passed on together.
const BAND_BYTES: usize = 1 << 20;

/// Decodes strips row by row.
fn strip_rows(
    path: &Path,
    tiff: &mut TiffImage,
    format: RowFormat,
    push: &mut PushBand<'_>,
) -> Flow {
    let (_, strip_height) = tiff.decoder.chunk_dimensions();
    let mut list = |tag: Tag| tiff.decoder.get_tag_u64_vec(tag);
    let offsets = list(Tag::StripOffsets).map_err(|e| failed(path, &e))?;
    let lengths = list(Tag::StripByteCounts).map_err(|e| failed(path, &e))?;
    let row_bytes = tiff.width as usize * tiff.format.per_pixel;
    let rows_per_band = (BAND_BYTES / row_bytes.max(1)).max(1);
    let mut rows_left = tiff.height;
    for range in offsets.into_iter().zip(lengths) {
        let mut strip = StripReader::open(path, range, format)?;
        let strip_rows = strip_height.min(rows_left);
        rows_left -= strip_rows;
        for start in (0..strip_rows).step_by(rows_per_band) {
            let mut rows = start..strip_rows.min(start.saturating_add(rows_per_band as u32));
            let read = if format.bits == 16 {
                let mut samples = Vec::with_capacity(rows.len() * row_bytes);
                rows.try_for_each(|_| strip.read_row_16(&mut samples))
                    .map(|()| DecodingResult::U16(samples))
            } else {
                let mut samples = Vec::with_capacity(rows.len() * row_bytes);
                rows.try_for_each(|_| strip.read_row(&mut samples))
                    .map(|()| DecodingResult::U8(samples))
            };
            let read = read.map_err(|e| match tiff.ends_beyond_file() {
                true => MediaError::truncated(path, e.to_string()),
                false => MediaError::while_decoding(path, &e),
            })?;
            let mut band = tiff.samples(path, read, tiff.width)?;
            if push(tiff, &mut band).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Decodes the tiles of some columns of a row of tiles, and joins them to rows of pixels. Returns
/// the number of bytes of these rows.
fn join_tiles(
    path: &Path,
    tiff: &mut TiffImage,
    row: u32,
    columns: Range<u32>,
    out: &mut Vec<u8>,
) -> Result<usize, MediaError> {
    let across = tiff.chunks_across();
    let per_pixel = tiff.format.per_pixel;
    let (tile_width, _) = tiff.decoder.chunk_dimensions();
    let right = columns.end.saturating_mul(tile_width).min(tiff.width);
    let stride = (right - columns.start * tile_width) as usize * per_pixel;
    let mut left = 0;
    out.clear();
    for column in columns {
        let chunk = row * across + column;
        let (width, height) = tiff.decoder.chunk_data_dimensions(chunk);
        out.resize(stride * height as usize, 0);
        let read = tiff.decoder.read_chunk(chunk);
        let read = read.map_err(|e| tiff.chunk_error(path, &e))?;
        let tile = tiff.samples(path, read, width)?;
        let tile_stride = width as usize * per_pixel;
        let lines = out.chunks_exact_mut(stride.max(1));
        for (line, tile_row) in lines.zip(tile.chunks_exact(tile_stride.max(1))) {
            if let Some(target) = line.get_mut(left..left + tile_stride) {
                target.copy_from_slice(tile_row);
            }
        }
        left += tile_stride;
    }
    Ok(stride)
}

/// Decodes one row of tiles after another in memory.
fn tile_rows(path: &Path, tiff: &mut TiffImage, push: &mut PushBand<'_>) -> Flow {
    let (_, tile_height) = tiff.decoder.chunk_dimensions();
    let across = tiff.chunks_across();
    let mut band = Vec::new();
    for row in 0..tiff.height.div_ceil(tile_height) {
        join_tiles(path, tiff, row, 0..across, &mut band)?;
        if push(tiff, &mut band).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Decodes one row of tiles after another, and keeps its pixels in a temporary file.
fn spilled_tile_rows(path: &Path, tiff: &mut TiffImage, push: &mut PushBand<'_>) -> Flow {
    let (tile_width, tile_height) = tiff.decoder.chunk_dimensions();
    let across = tiff.chunks_across();
    let per_pixel = tiff.format.per_pixel;
    let row_bytes = tiff.width as usize * per_pixel;
    let column_bytes = (tile_width as usize * tile_height as usize).saturating_mul(per_pixel);
    let columns_per_group = (GROUP_BYTES / column_bytes.max(1)).max(1) as u32;
    let rows_per_band = (BAND_BYTES / row_bytes.max(1)).max(1);
    let file = BandFile::new(row_bytes)?;
    let mut group = Vec::new();
    for row in 0..tiff.height.div_ceil(tile_height) {
        for column in (0..across).step_by(columns_per_group as usize) {
            let columns = column..across.min(column.saturating_add(columns_per_group));
            let length = join_tiles(path, tiff, row, columns, &mut group)?;
            let start = column as usize * tile_width as usize * per_pixel;
            file.write_columns(Columns { start, length }, &group)?;
        }
        let rows = (tiff.height - row * tile_height).min(tile_height) as usize;
        let mut band = Vec::new();
        for start in (0..rows).step_by(rows_per_band) {
            band.resize((rows - start).min(rows_per_band) * row_bytes, 0);
            file.read_rows(start, &mut band)?;
            if push(tiff, &mut band).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Number of bytes of the tiles that are written to a temporary file together.
const GROUP_BYTES: usize = 4 << 20;

fn decode_image(path: &Path, tiff: &mut TiffImage) -> Result<Vec<u8>, MediaError> {
    let mut result = DecodingResult::U8(Vec::new());
    let layout = tiff.decoder.read_image_to_buffer(&mut result);
    let layout = layout.map_err(|e| tiff.chunk_error(path, &e))?;
    if result.as_buffer(0).as_bytes().len() < layout.complete_len {
        return Err(MediaError::undecodable(
            path,
            message!("the decoder returned less data than declared"),
        ));
    }
    tiff.samples(path, result, tiff.width)
}

/// Decodes planar data to interleaved pixels.
fn decode_planes(path: &Path, tiff: &mut TiffImage) -> Result<Vec<u8>, MediaError> {
    let format = tiff.format;
    if format.bits < 8 {
        let reason = format!("planar TIFF with {} bits per sample", format.bits);
        return Err(MediaError::unsupported(path, reason));
    }
    let (width, height) = (tiff.width as usize, tiff.height as usize);
    let (chunk_width, chunk_height) = tiff.decoder.chunk_dimensions();
    let across = tiff.chunks_across();
    let down = tiff.height.div_ceil(chunk_height.max(1));
    let per_pixel = format.per_pixel;
    let mut pixels = vec![0; width * height * per_pixel];
    for plane in 0..per_pixel {
        for chunk in 0..across * down {
            let number = plane as u32 * across * down + chunk;
            let (data_width, _) = tiff.decoder.chunk_data_dimensions(number);
            let read = tiff.decoder.read_chunk(number);
            let read = read.map_err(|e| tiff.chunk_error(path, &e))?;
            let samples = tiff.samples(path, read, data_width)?;
            let left = (chunk % across * chunk_width) as usize;
            let top = (chunk / across * chunk_height) as usize;
            // The last chunks may extend below the image.
            let rows = samples.chunks_exact((data_width as usize).max(1));
            for (row, samples) in rows.take(height.saturating_sub(top)).enumerate() {
                let start = ((top + row) * width + left) * per_pixel;
                let row = pixels.get_mut(start..).unwrap_or_default();
                for (pixel, value) in row.chunks_exact_mut(per_pixel).zip(samples) {
                    if let Some(sample) = pixel.get_mut(plane) {
                        *sample = *value;
                    }
                }
            }
        }
    }
    Ok(pixels)
}
