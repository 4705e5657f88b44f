//! Detection of location data, which is used before a file is published unchanged.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use exif::{Context, Tag, Value};
use jxl_oxide::{AuxBoxData, JxlImage, JxlThreadPool};

use super::{blocks, exif as embedded_exif, read_embedded};
use crate::catch_panic::catch_panic;
use crate::recognise::{Format, recognise};

/// Number of bytes that are searched at the beginning of a file.
const HEAD_BYTES: u64 = 4 << 20;
/// Number of bytes that are searched at the beginning of a file in a format whose metadata blocks
/// are parsed.
const PARSED_FORMAT_HEAD_BYTES: u64 = 256 << 10;
/// Number of bytes that are searched at the end of a file.
const TAIL_BYTES: u64 = 1 << 20;

/// Maximum number of positions that are examined because EXIF data may start there.
const MAX_EXIF_CANDIDATES: usize = 64;
/// Maximum number of bytes that are parsed at such a position.
const MAX_EXIF_BYTES: usize = 256 << 10;

/// Maximum number of bytes in the `moov` box that are searched.
const MAX_MOOV_BYTES: u64 = 64 << 20;

/// Name of the latitude property in XMP, which most files store as plain text.
const XMP_LATITUDE: &[u8] = b"GPSLatitude";

/// Returns `true` if an image, audio or video file contains the place where it was taken, in EXIF,
/// XMP, or the metadata that phones write into videos.
///
/// Also returns `true` if this is uncertain, for example because the file cannot be read.
#[must_use]
pub fn has_location(path: &Path) -> bool {
    let check = || {
        let in_xmp = blocks::read_blocks(path)
            .xmp
            .is_some_and(|xmp| contains_bytes(&xmp, XMP_LATITUDE));
        in_xmp || read_embedded(path).location.is_some() || search(path).unwrap_or(true)
    };
    catch_panic(check).unwrap_or(true)
}

fn search(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let mut buffer = Vec::new();
    (&mut file)
        .take(PARSED_FORMAT_HEAD_BYTES)
        .read_to_end(&mut buffer)?;
    let is_parsed_format = matches!(
        recognise(path, &buffer).format,
        Some(Format::Jpeg | Format::Tiff | Format::Png | Format::WebP)
    );
    if !is_parsed_format {
        (&mut file)
            .take(HEAD_BYTES - PARSED_FORMAT_HEAD_BYTES)
            .read_to_end(&mut buffer)?;
    }
    if exif_has_location(&buffer)
        || contains_bytes(&buffer, XMP_LATITUDE)
        || jxl_has_location(&buffer)
    {
        return Ok(true);
    }
    if is_parsed_format {
        return Ok(false);
    }
    buffer.clear();
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    (&mut file).take(TAIL_BYTES).read_to_end(&mut buffer)?;
    Ok(contains_bytes(&buffer, XMP_LATITUDE) || moov_has_location(&mut file)?)
}

/// Returns `true` if EXIF data with a location is found. EXIF has the structure of a TIFF, like
/// most camera raw formats. In HEIC, AVIF, JPEG XL and JPEG 2000, it can be at any position.
fn exif_has_location(head: &[u8]) -> bool {
    // The raw formats of Panasonic and Olympus have different magic numbers than TIFF.
    let starts_exif = |bytes: &[u8]| {
        [&b"II*\0"[..], b"MM\0*", b"IIU\0", b"IIRO", b"IIRS", b"MMOR"]
            .iter()
            .any(|magic| bytes.starts_with(magic))
    };
    (0..head.len())
        .filter_map(|at| head.get(at..))
        .filter(|rest| starts_exif(rest))
        .take(MAX_EXIF_CANDIDATES)
        .any(|rest| {
            let mut block = rest.get(..rest.len().min(MAX_EXIF_BYTES)).unwrap_or_default().to_vec();
            let is_little_endian = block.starts_with(b"II");
            if let Some(magic) = block.get_mut(2..4) {
                magic.copy_from_slice(if is_little_endian { b"*\0" } else { b"\0*" });
            }
            embedded_exif::parse(block).is_some_and(|exif| {
                exif.fields().any(|field| {
                    // Canon stores the GPS directory as a separate TIFF, in which the tag does not
                    // have the GPS context.
                    let is_separate_gps = field.tag == Tag(Context::Tiff, 2);
                    (is_separate_gps || field.tag == Tag::GPSLatitude)
                        && matches!(&field.value, Value::Rational(values) if values.iter().any(|p| p.num != 0))
                })
            })
        })
}

/// Returns `true` if the metadata boxes of a JPEG XL file, which may be compressed with Brotli,
/// contain a location.
fn jxl_has_location(head: &[u8]) -> bool {
    if !head.starts_with(b"\0\0\0\x0cJXL ") {
        return false;
    }
    let image = JxlImage::builder().pool(JxlThreadPool::none()).read(head);
    image.is_ok_and(|image| {
        let boxes = image.aux_boxes();
        let exif = boxes.first_exif();
        matches!(exif, Ok(AuxBoxData::Data(exif)) if exif_has_location(exif.payload()))
            || matches!(boxes.first_xml(), AuxBoxData::Data(xml) if contains_bytes(xml, XMP_LATITUDE))
    })
}

/// Returns `true` if the `moov` box of a video (ISO/IEC 14496-12, QuickTime) contains a location.
fn moov_has_location(file: &mut File) -> std::io::Result<bool> {
    let end = file.metadata()?.len();
    let mut at = 0;
    while at + 8 <= end {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        let read = file.read(&mut head)?;
        let [a, b, c, d, kind @ ..] = head;
        let length = match u32::from_be_bytes([a, b, c, d]) {
            0 => end - at,
            1 if read == 16 => kind.last_chunk::<8>().map_or(0, |n| u64::from_be_bytes(*n)),
            n => n.into(),
        };
        if length < 8 {
            break;
        }
        if kind.starts_with(b"moov") {
            file.seek(SeekFrom::Start(at))?;
            let mut index = Vec::new();
            file.take(length.min(MAX_MOOV_BYTES))
                .read_to_end(&mut index)?;
            let names: [&[u8]; 3] = [b"\xa9xyz", b"com.apple.quicktime.location", b"loci\0\0\0\0"];
            return Ok(names.iter().any(|name| contains_bytes(&index, name)));
        }
        at = at.saturating_add(length);
    }
    Ok(false)
}

fn contains_bytes(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return true;
    };
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| *byte == first)
        .any(|(at, _)| {
            bytes
                .get(at + 1..)
                .is_some_and(|after| after.starts_with(rest))
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns EXIF data that contains only the position 33° 30′ N, 36° 15′ E.
    fn exif() -> Vec<u8> {
        let mut block = b"MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
        block.extend(b"\0\x04\0\x01\0\x02\0\0\0\x02N\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x50");
        block.extend(b"\0\x03\0\x02\0\0\0\x02E\0\0\0\0\x04\0\x05\0\0\0\x03\0\0\0\x68\0\0\0\0");
        assert_eq!(block.len(), 0x50);
        for number in [33_u32, 1, 30, 1, 0, 1, 36, 1, 15, 1, 0, 1] {
            block.extend(number.to_be_bytes());
        }
        block
    }

    fn file_has_location(name: &str, bytes: &[u8]) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        has_location(&path)
    }

    fn atom(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32 + 8).to_be_bytes();
        [&length[..], kind, content].concat()
    }

    #[test]
    fn finds_the_location_in_jpeg_tiff_heic_and_phone_videos() {
        let length = (exif().len() as u16 + 8).to_be_bytes();
        let jpeg = [
            b"\xff\xd8\xff\xe1",
            &length[..],
            b"Exif\0\0",
            &exif(),
            b"\xff\xd9",
        ]
        .concat();
        assert!(file_has_location("a.jpg", &jpeg));
        assert!(file_has_location("a.tif", &exif()));
        let heic = [
            atom(b"ftyp", b"heic\0\0\0\0mif1"),
            atom(b"mdat", &[b"\0\0\0\x06Exif\0\0", &exif()[..]].concat()),
        ]
        .concat();
        assert!(file_has_location("a.heic", &heic));
        // In Canon CR3, the GPS directory is a separate TIFF.
        let separate_gps = [&exif()[..4], b"\0\0\0\x1a", &exif()[8..]].concat();
        assert!(file_has_location(
            "a.cr3",
            &[&b"\0\0\0\x18ftypcrx "[..], &separate_gps].concat()
        ));
        for location in [
            &b"\xa9xyz\0\x12\x15\xc7+33.5138+036.2765/"[..],
            b"com.apple.quicktime.location.ISO6709",
        ] {
            let video = [
                atom(b"ftyp", b"qt  "),
                atom(b"mdat", &[7; 99]),
                atom(b"moov", &atom(b"udta", location)),
            ]
            .concat();
            assert!(file_has_location("a.mov", &video));
        }
        assert!(file_has_location(
            "a.jp2",
            b"\0\0\0\x0cjP  \r\n\x87\n <x exif:GPSLatitude='33,30N'/>"
        ));
    }

    #[test]
    fn accepts_files_without_a_location() {
        let zero: Vec<u8> = exif()[..0x50].iter().copied().chain([0; 48]).collect();
        assert!(
            !file_has_location("a.tif", &zero),
            "a camera without a GPS fix"
        );
        assert!(!file_has_location("a.png", b"\x89PNG\r\n\x1a\n"));
        let video = [
            atom(b"ftyp", b"isom"),
            atom(b"mdat", b"\xa9xyz, in a picture"),
            atom(b"moov", b"loci"),
        ]
        .concat();
        assert!(!file_has_location("a.mp4", &video));
    }

    #[test]
    fn treats_unreadable_files_as_located() {
        assert!(has_location(Path::new("/nowhere/a.jpg")));
    }
}
