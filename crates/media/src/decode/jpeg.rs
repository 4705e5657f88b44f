//! Decoding of JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
//!
//! Images are decoded by MozJPEG (a fork of libjpeg-turbo), which returns rows while it reads the
//! file and therefore does not need memory for the whole image. It supports all chroma subsamplings
//! and scan layouts, and its output matches that of browsers. However, it conceals errors:
//! unreadable parts become grey. Each file is therefore checked once: a sequential image with
//! [`jpeg_check`], and a progressive one with `jpeg-decoder`, which reports errors.

use khizana_messages::message;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use image::metadata::Orientation;
use jpeg_decoder::{CodingProcess, Decoder, Error, ImageInfo, PixelFormat};
use mozjpeg::decompress::Format;
use mozjpeg::{Decompress, Marker};

use super::jpeg_check::{self, ScanError};
use super::rows::RowConverter;
use super::{Header, open};
use crate::MediaError;
use crate::catch_panic::catch_panic;
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};

fn failed(path: &Path, error: &Error) -> MediaError {
    match error {
        Error::Unsupported(feature) => MediaError::unsupported(path, format!("JPEG: {feature:?}")),
        Error::Io(e) if e.kind() == ErrorKind::UnexpectedEof => {
            MediaError::truncated(path, error.to_string())
        }
        _ => MediaError::undecodable(path, error.to_string()),
    }
}

fn info<R: Read>(
    path: &Path,
    decoder: &mut Decoder<R>,
) -> Result<(ImageInfo, SampleLayout), MediaError> {
    decoder.read_info().map_err(|e| failed(path, &e))?;
    let info = decoder
        .info()
        .ok_or_else(|| MediaError::undecodable(path, message!("it has no frame header")))?;
    let samples = match info.pixel_format {
        PixelFormat::L8 => SampleLayout::Grey,
        PixelFormat::RGB24 => SampleLayout::Rgb,
        // This includes YCCK.
        PixelFormat::CMYK32 => SampleLayout::Cmyk,
        PixelFormat::L16 => {
            let reason = message!("JPEG: more than 8 bits per sample");
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
    let decoding = match info.coding_process {
        CodingProcess::DctProgressive => Decoding::Scans,
        _ if has_single_scan(path)? => Decoding::Rows,
        _ => Decoding::Scans,
    };
    let declared = DeclaredSize {
        width: info.width.into(),
        height: info.height.into(),
        // The decoder keeps all coefficients, which have two bytes each, until the last scan.
        decoded_bytes: match decoding {
            Decoding::Scans => channels * 2,
            Decoding::Rows | Decoding::Whole => channels,
        },
        stored_bits: channels * 8,
        decoding,
    };
    Ok(Header {
        declared,
        orientation,
    })
}

/// Returns `true` if the first scan contains all components.
fn has_single_scan(path: &Path) -> Result<bool, MediaError> {
    match jpeg_check::has_single_scan(open(path)?) {
        Ok(is_single) => Ok(is_single),
        // The file is checked in detail later.
        Err(ScanError::Io(e)) if e.kind() != ErrorKind::UnexpectedEof => {
            Err(MediaError::unreadable(path, e))
        }
        Err(_) => Ok(false),
    }
}

/// Maximum total number of pixels in all scans. A progressive image of 400 megapixels with ten
/// scans reaches it.
const MAX_SCANNED_PIXELS: u64 = 4_000_000_000;

/// Opens a file and checks that it has an end-of-image marker and not too many scans.
///
/// The file is not read into memory, because a large file may take as much memory as its decoded
/// rows.
fn open_checked(path: &Path) -> Result<BufReader<File>, MediaError> {
    let unreadable = |e| MediaError::unreadable(path, e);
    let DeclaredSize { width, height, .. } = header(path)?.declared;
    let mut file = open(path)?;
    let Some(scans) = count_scans(&mut file).map_err(unreadable)? else {
        return Err(MediaError::truncated(
            path,
            message!("it has no end-of-image marker"),
        ));
    };
    let pixels = u64::from(width) * u64::from(height);
    if pixels.saturating_mul(scans) > MAX_SCANNED_PIXELS {
        return Err(MediaError::TooLarge {
            path: path.into(),
            width,
            height,
            reason: message!("its {count} scans cover too many pixels", count = scans),
        });
    }
    file.rewind().map_err(unreadable)?;
    Ok(file)
}

/// Maximum number of pixels of an image without Huffman tables. Only frames of Motion JPEG lack
/// them.
const MAX_FRAME_PIXELS: u64 = 50_000_000;

/// Reads the file without keeping the pixels, and reports damage.
pub(super) fn check(path: &Path) -> Result<(), MediaError> {
    let mut file = open_checked(path)?;
    let (info, _) = info(path, &mut Decoder::new(&mut file))?;
    let rewound = |mut file: BufReader<File>| match file.rewind() {
        Ok(()) => Ok(file),
        Err(e) => Err(MediaError::unreadable(path, e)),
    };
    let mut file = rewound(file)?;
    if info.coding_process != CodingProcess::DctProgressive {
        let pixels = u64::from(info.width) * u64::from(info.height);
        let reason = match jpeg_check::check(&mut file) {
            Ok(()) => return Ok(()),
            Err(ScanError::Io(e)) => return Err(MediaError::while_decoding(path, &e)),
            Err(ScanError::Segment) => Some(message!("a segment of the JPEG is damaged")),
            Err(ScanError::Codes { row }) => Some(message!(
                "its compressed data are damaged in row {row} or before",
                row
            )),
            Err(ScanError::MissingTable) => {
                (pixels > MAX_FRAME_PIXELS).then(|| message!("a Huffman table is missing"))
            }
        };
        if let Some(reason) = reason {
            return Err(MediaError::undecodable(path, reason));
        }
        file = rewound(file)?;
    }
    Decoder::new(file).decode().map_err(|e| failed(path, &e))?;
    Ok(())
}

/// Number of rows that are decoded before they are passed on: two rows of MCUs, each 16 pixels
/// high.
const BAND_ROWS: usize = 32;

pub(super) fn rows(path: &Path, mut converter: RowConverter) -> Result<(), MediaError> {
    let file = open_checked(path)?;
    // A fatal error of libjpeg is reported as a panic with its message.
    let result = catch_panic(|| decode_rows(path, file, &mut converter));
    let flow = result.unwrap_or_else(|reason| {
        let reason = reason.strip_prefix(FATAL_PREFIX).unwrap_or(&reason);
        Err(MediaError::undecodable(path, reason.to_owned()))
    })?;
    match flow {
        ControlFlow::Continue(()) => converter.finish(),
        ControlFlow::Break(()) => Ok(()),
    }
}

/// Prefix of the panic messages of MozJPEG.
const FATAL_PREFIX: &str = "libjpeg fatal error: ";

fn decode_rows(
    path: &Path,
    file: BufReader<File>,
    converter: &mut RowConverter,
) -> Result<ControlFlow<()>, MediaError> {
    let undecodable = |e: std::io::Error| MediaError::undecodable(path, e.to_string());
    let decoder = Decompress::with_markers(&[Marker::APP(2)])
        .from_reader(file)
        .map_err(undecodable)?;
    let icc = assemble_icc(decoder.markers().map(|marker| marker.data));
    let (samples, mut decoder) = match decoder.image().map_err(undecodable)? {
        Format::Gray(decoder) => (SampleLayout::Grey, decoder),
        Format::RGB(decoder) => (SampleLayout::Rgb, decoder),
        Format::CMYK(decoder) => (SampleLayout::Cmyk, decoder),
    };
    let (width, height) = (decoder.width(), decoder.height());
    let side = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let flow = converter.begin(side(width), side(height), samples, icc.as_deref());
    if flow.is_break() {
        return Ok(flow);
    }
    let stride = width * samples.channels();
    let mut rows_left = height;
    let mut band = Vec::new();
    while rows_left > 0 {
        let count = rows_left.min(BAND_ROWS);
        band.resize(count * stride, 0);
        decoder
            .read_scanlines_into(band.as_mut_slice())
            .map_err(undecodable)?;
        if samples == SampleLayout::Cmyk {
            // CMYK values are stored inverted, following a convention of Adobe programs.
            band.iter_mut().for_each(|ink| *ink = 255 - *ink);
        }
        let flow = converter.push_rows(&mut band);
        if flow.is_break() {
            return Ok(flow);
        }
        rows_left -= count;
    }
    Ok(ControlFlow::Continue(()))
}

/// Assembles the ICC profile from its segments, which are numbered from 1 (ICC.1, annex B.4).
fn assemble_icc<'a>(segments: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut chunks: Vec<(u8, u8, &[u8])> = segments
        .filter_map(|data| match data.strip_prefix(b"ICC_PROFILE\0")? {
            [number, count, data @ ..] => Some((*number, *count, data)),
            _ => None,
        })
        .collect();
    chunks.sort_unstable_by_key(|(number, ..)| *number);
    let is_complete = (1..=u8::MAX).zip(&chunks).all(|(n, chunk)| chunk.0 == n);
    let has_all = chunks.first().map(|chunk| usize::from(chunk.1)) == Some(chunks.len());
    (is_complete && has_all).then(|| chunks.iter().flat_map(|chunk| chunk.2).copied().collect())
}

/// Returns the number of scans, or `None` if they are not followed by an end-of-image marker.
///
/// This check detects truncated files, because MozJPEG fills missing data with grey without
/// reporting an error. Segments are skipped according to their length, because they may contain the
/// bytes of a marker, for example in an EXIF thumbnail. Within a scan, only restart markers occur.
fn count_scans(file: &mut (impl BufRead + Seek)) -> io::Result<Option<u64>> {
    let mut scans = 0;
    file.seek(SeekFrom::Start(2))?;
    while skip_to_marker(file)? {
        let mut marker = 0xff;
        // A marker may be preceded by fill bytes.
        while marker == 0xff {
            let Some(next) = read_byte(file)? else {
                return Ok(None);
            };
            marker = next;
        }
        match marker {
            0xd9 if scans > 0 => return Ok(Some(scans)),
            // This is a stuffed byte in a scan, a stray byte between segments, or a restart marker.
            0x00 | 0x01 | 0xd0..=0xd9 => continue,
            0xda => scans += 1,
            _ => {}
        }
        let (Some(high), Some(low)) = (read_byte(file)?, read_byte(file)?) else {
            return Ok(None);
        };
        let length = u16::from_be_bytes([high, low]).max(2);
        file.seek_relative(i64::from(length) - 2)?;
    }
    Ok(None)
}

/// Advances past the next 0xff byte. Returns `false` at the end of the file.
fn skip_to_marker(file: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = file.fill_buf()?;
        let all = bytes.len();
        let at = bytes.iter().position(|byte| *byte == 0xff);
        file.consume(at.map_or(all, |at| at + 1));
        if all == 0 || at.is_some() {
            return Ok(at.is_some());
        }
    }
}

fn read_byte(file: &mut impl BufRead) -> io::Result<Option<u8>> {
    let next = file.fill_buf()?.first().copied();
    file.consume(usize::from(next.is_some()));
    Ok(next)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const SCAN: [u8; 10] = [0xff, 0xda, 0, 8, 1, 1, 0, 1, 0x3f, 0];

    /// Returns a square progressive grey image with the given side in pixels and number of scans.
    fn progressive(side: u16, count: usize) -> Vec<u8> {
        let [high, low] = side.to_be_bytes();
        let mut out = vec![0xff, 0xd8];
        // This segment contains marker bytes and is followed by a stray byte.
        out.extend([0xff, 0xe1, 0, 6, 0xff, 0xd9, 0xff, 0xda, 7]);
        out.extend([0xff, 0xc2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
        out.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0]);
        // The scan contains a stuffed byte and a restart marker.
        out.extend([0xff, 0, 0x12, 0xff, 0xd0, 0x34]);
        for _ in 1..count {
            out.extend(SCAN);
            out.extend([0, 0]);
        }
        out.extend([0xff, 0xff, 0xd9]);
        out
    }

    #[test]
    fn counts_scans_up_to_the_end_of_image_marker() {
        for count in [1, 2, 300] {
            let complete = progressive(8, count);
            let expected = Some(count as u64);
            assert_eq!(count_scans(&mut Cursor::new(&complete)).unwrap(), expected);
            let truncated = &complete[..complete.len() - 1];
            assert_eq!(count_scans(&mut Cursor::new(truncated)).unwrap(), None);
            assert_eq!(
                count_scans(&mut Cursor::new([&complete, truncated].concat())).unwrap(),
                expected
            );
        }
        assert_eq!(
            count_scans(&mut Cursor::new(b"\xff\xd8\xff\xd9")).unwrap(),
            None
        );
    }

    #[test]
    fn rejects_an_image_with_too_many_scans() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (count, is_rejected) in [(160, false), (161, true)] {
            std::fs::write(file.path(), progressive(5_000, count)).unwrap();
            let result = open_checked(file.path()).map(|_| ()).map_err(|e| e.code());
            assert_eq!(result.is_err(), is_rejected, "{result:?}");
            assert!(result.is_ok() || result == Err("image-too-large"));
        }
    }
}
