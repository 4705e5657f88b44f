//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
//!
//! Pictures are made by libjpeg-turbo (in its form of MozJPEG), which hands out rows as it reads and
//! so needs no memory for the picture, is true for every sampling of the colours and every order of
//! scans, and is what browsers show. But it hides damage: what it cannot read it leaves grey. So a
//! file is checked, once, by `jpeg-decoder`, which says what is wrong.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use image::metadata::Orientation;
use jpeg_decoder::{CodingProcess, Decoder, Error, ImageInfo, PixelFormat};
use mozjpeg::decompress::Format;
use mozjpeg::{Decompress, Marker};

use super::rows::Upright;
use super::{Header, open};
use crate::MediaError;
use crate::colour::Samples;
use crate::limits::Claim;
use crate::quiet::quietly;

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
        // The coefficients of a progressive one, of two bytes each, are held until its last scan.
        decoded_bytes: match info.coding_process {
            CodingProcess::DctProgressive => channels * 2,
            _ => channels,
        },
        stored_bits: channels * 8,
    };
    Ok(Header { claim, orientation })
}

/// The most pixels that are gone through in all scans: a progressive image of 400 megapixels in ten.
const MOST_DRAWN: u64 = 4_000_000_000;

/// Opens a file that has an end, and does not go through its pixels again and again. It is not held in
/// memory: that of a large scan is as large as what is held of its pixels.
fn whole(path: &Path) -> Result<BufReader<File>, MediaError> {
    let unreadable = |e| MediaError::unreadable(path, e);
    let Claim { width, height, .. } = header(path)?.claim;
    let mut file = open(path)?;
    let Some(scans) = scans(&mut file).map_err(unreadable)? else {
        return Err(MediaError::truncated(path, "it has no end-of-image marker"));
    };
    let pixels = u64::from(width) * u64::from(height);
    if pixels.saturating_mul(scans) > MOST_DRAWN {
        return Err(MediaError::TooLarge {
            path: path.into(),
            width,
            height,
            reason: format!("its {scans} scans go through too many pixels"),
        });
    }
    file.rewind().map_err(unreadable)?;
    Ok(file)
}

/// Reads all of it and keeps nothing.
pub(super) fn check(path: &Path) -> Result<(), MediaError> {
    let mut decoder = Decoder::new(whole(path)?);
    info(path, &mut decoder)?;
    decoder.decode().map_err(|e| failed(path, &e))?;
    Ok(())
}

/// Rows that are decoded before they are handed on: what blocks of 16 rows make, twice.
const ROWS: usize = 32;

pub(super) fn rows(path: &Path, mut upright: Upright) -> Result<(), MediaError> {
    let file = whole(path)?;
    // libjpeg ends on what it cannot read at all with a panic of its own, which has the reason.
    let read = quietly(|| turbo(path, file, &mut upright));
    let flow = read.unwrap_or_else(|reason| {
        let reason = reason.strip_prefix(FATAL).unwrap_or(&reason);
        Err(MediaError::undecodable(path, reason))
    })?;
    match flow {
        ControlFlow::Continue(()) => upright.end(),
        ControlFlow::Break(()) => Ok(()),
    }
}

/// How MozJPEG begins the message of its panics.
const FATAL: &str = "libjpeg fatal error: ";

fn turbo(
    path: &Path,
    file: BufReader<File>,
    upright: &mut Upright,
) -> Result<ControlFlow<()>, MediaError> {
    let wrong = |e: std::io::Error| MediaError::undecodable(path, e);
    let decoder = Decompress::with_markers(&[Marker::APP(2)])
        .from_reader(file)
        .map_err(wrong)?;
    let icc = icc(decoder.markers().map(|marker| marker.data));
    let (samples, mut decoder) = match decoder.image().map_err(wrong)? {
        Format::Gray(decoder) => (Samples::Grey, decoder),
        Format::RGB(decoder) => (Samples::Rgb, decoder),
        Format::CMYK(decoder) => (Samples::Cmyk, decoder),
    };
    let (width, height) = (decoder.width(), decoder.height());
    let side = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let flow = upright.begin(side(width), side(height), samples, icc.as_deref());
    if flow.is_break() {
        return Ok(flow);
    }
    let stride = width * samples.channels();
    let mut left = height;
    let mut band = Vec::new();
    while left > 0 {
        let count = left.min(ROWS);
        band.resize(count * stride, 0);
        decoder
            .read_scanlines_into(band.as_mut_slice())
            .map_err(wrong)?;
        if samples == Samples::Cmyk {
            // Inks are stored the other way round, as Adobe's programs began to do.
            band.iter_mut().for_each(|ink| *ink = 255 - *ink);
        }
        let flow = upright.rows(&mut band);
        if flow.is_break() {
            return Ok(flow);
        }
        left -= count;
    }
    Ok(ControlFlow::Continue(()))
}

/// The ICC profile, which may lie in several segments that are numbered from 1; ICC.1, annex B.4.
fn icc<'a>(segments: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut parts: Vec<(u8, u8, &[u8])> = segments
        .filter_map(|data| match data.strip_prefix(b"ICC_PROFILE\0")? {
            [number, count, part @ ..] => Some((*number, *count, part)),
            _ => None,
        })
        .collect();
    parts.sort_unstable_by_key(|(number, ..)| *number);
    let whole = (1..=u8::MAX).zip(&parts).all(|(n, part)| part.0 == n);
    let counted = parts.first().map(|part| usize::from(part.1)) == Some(parts.len());
    (whole && counted).then(|| parts.iter().flat_map(|part| part.2).copied().collect())
}

/// How many scans there are, where an end-of-image marker follows them.
///
/// The decoder fills what is missing with grey and says nothing, so this is how a file cut short is
/// found. In a segment the bytes of a marker may occur, as those of a whole image do in the thumbnail
/// of EXIF: segments are stepped over by their length. Within a scan none but those of restarts do.
fn scans(file: &mut (impl BufRead + Seek)) -> io::Result<Option<u64>> {
    let mut scans = 0;
    file.seek(SeekFrom::Start(2))?;
    while to_marker(file)? {
        let mut marker = 0xff;
        // A marker may have fill bytes before it.
        while marker == 0xff {
            let Some(next) = byte(file)? else {
                return Ok(None);
            };
            marker = next;
        }
        match marker {
            0xd9 if scans > 0 => return Ok(Some(scans)),
            // A byte of a scan, or stray ones between segments; restarts.
            0x00 | 0x01 | 0xd0..=0xd9 => continue,
            0xda => scans += 1,
            _ => {}
        }
        let (Some(high), Some(low)) = (byte(file)?, byte(file)?) else {
            return Ok(None);
        };
        let length = u16::from_be_bytes([high, low]).max(2);
        file.seek_relative(i64::from(length) - 2)?;
    }
    Ok(None)
}

/// Steps behind the next byte with which a marker may begin, if there is one.
fn to_marker(file: &mut impl BufRead) -> io::Result<bool> {
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

fn byte(file: &mut impl BufRead) -> io::Result<Option<u8>> {
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

    /// A progressive image of one colour and a side, with so many scans.
    fn progressive(side: u16, count: usize) -> Vec<u8> {
        let [high, low] = side.to_be_bytes();
        let mut out = vec![0xff, 0xd8];
        // A segment with markers in it, and a stray byte behind it.
        out.extend([0xff, 0xe1, 0, 6, 0xff, 0xd9, 0xff, 0xda, 7]);
        out.extend([0xff, 0xc2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
        out.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0]);
        // A byte that is no marker, and a restart.
        out.extend([0xff, 0, 0x12, 0xff, 0xd0, 0x34]);
        for _ in 1..count {
            out.extend(SCAN);
            out.extend([0, 0]);
        }
        out.extend([0xff, 0xff, 0xd9]);
        out
    }

    #[test]
    fn scans_are_counted_up_to_the_end_of_the_image() {
        for count in [1, 2, 300] {
            let whole = progressive(8, count);
            let expected = Some(count as u64);
            assert_eq!(scans(&mut Cursor::new(&whole)).unwrap(), expected);
            let cut = &whole[..whole.len() - 1];
            assert_eq!(scans(&mut Cursor::new(cut)).unwrap(), None);
            assert_eq!(
                scans(&mut Cursor::new([&whole, cut].concat())).unwrap(),
                expected
            );
        }
        assert_eq!(scans(&mut Cursor::new(b"\xff\xd8\xff\xd9")).unwrap(), None);
    }

    #[test]
    fn an_image_that_is_gone_through_too_often_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (count, too_often) in [(160, false), (161, true)] {
            std::fs::write(file.path(), progressive(5_000, count)).unwrap();
            let found = whole(file.path()).map(|_| ()).map_err(|e| e.code());
            assert_eq!(found.is_err(), too_often, "{found:?}");
            assert!(found.is_ok() || found == Err("image-too-large"));
        }
    }
}
