//! Whether a file tells where it was taken: asked before it is published as it is.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use exif::{Context, Tag, Value};
use jxl_oxide::{AuxBoxData, JxlImage, JxlThreadPool};

use super::{blocks, embedded, exif as own_exif};
use crate::kind::{Format, recognise};
use crate::quiet::quietly;

/// How much of a file's beginning is searched, and of its end, in bytes. Of formats whose metadata are
/// read where they lie it is less.
const BEGINNING: u64 = 4 << 20;
const KNOWN: u64 = 256 << 10;
const END: u64 = 1 << 20;

/// The most places that may be the beginning of EXIF, and the longest that it may be.
const PLACES: usize = 64;
const LONGEST: usize = 256 << 10;

/// The largest index of a film that is searched, in bytes.
const INDEX: u64 = 64 << 20;

/// The name of the latitude in XMP, which stands in most files as the text it is.
const IN_XMP: &[u8] = b"GPSLatitude";

/// Whether a picture or a film tells where it was taken, in EXIF, in XMP, or as phones write it into
/// their films. Says yes where it is in doubt, and where the file cannot be read.
#[must_use]
pub fn has_location(path: &Path) -> bool {
    let told = || {
        let in_xmp = blocks::of(path).xmp.is_some_and(|xmp| holds(&xmp, IN_XMP));
        in_xmp || embedded(path).location.is_some() || search(path).unwrap_or(true)
    };
    quietly(told).unwrap_or(true)
}

fn search(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let mut part = Vec::new();
    (&mut file).take(KNOWN).read_to_end(&mut part)?;
    let known = matches!(
        recognise(path, &part).format,
        Some(Format::Jpeg | Format::Tiff | Format::Png | Format::WebP)
    );
    if !known {
        (&mut file).take(BEGINNING - KNOWN).read_to_end(&mut part)?;
    }
    if in_exif(&part) || holds(&part, IN_XMP) || packed(&part) {
        return Ok(true);
    }
    if known {
        return Ok(false);
    }
    part.clear();
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    (&mut file).take(END).read_to_end(&mut part)?;
    Ok(holds(&part, IN_XMP) || in_film(&mut file)?)
}

/// EXIF is a TIFF, and so are most raw data of cameras; it lies somewhere in HEIC, AVIF, JPEG XL and
/// JPEG 2000.
fn in_exif(head: &[u8]) -> bool {
    // Two makers have a number of their own in its place.
    let begins = |at: &[u8]| {
        [&b"II*\0"[..], b"MM\0*", b"IIU\0", b"IIRO", b"IIRS", b"MMOR"]
            .iter()
            .any(|magic| at.starts_with(magic))
    };
    (0..head.len())
        .filter_map(|at| head.get(at..))
        .filter(|rest| begins(rest))
        .take(PLACES)
        .any(|rest| {
            let mut block = rest.get(..rest.len().min(LONGEST)).unwrap_or_default().to_vec();
            let little = block.starts_with(b"II");
            if let Some(magic) = block.get_mut(2..4) {
                magic.copy_from_slice(if little { b"*\0" } else { b"\0*" });
            }
            own_exif::parse(block).is_some_and(|exif| {
                exif.fields().any(|field| {
                    // Canon keeps the place in a TIFF of its own, where the tag stands alone.
                    let alone = field.tag == Tag(Context::Tiff, 2);
                    (alone || field.tag == Tag::GPSLatitude)
                        && matches!(&field.value, Value::Rational(parts) if parts.iter().any(|p| p.num != 0))
                })
            })
        })
}

/// JPEG XL may pack its metadata.
fn packed(head: &[u8]) -> bool {
    if !head.starts_with(b"\0\0\0\x0cJXL ") {
        return false;
    }
    let image = JxlImage::builder().pool(JxlThreadPool::none()).read(head);
    image.is_ok_and(|image| {
        let boxes = image.aux_boxes();
        let exif = boxes.first_exif();
        matches!(exif, Ok(AuxBoxData::Data(exif)) if in_exif(exif.payload()))
            || matches!(boxes.first_xml(), AuxBoxData::Data(xml) if holds(xml, IN_XMP))
    })
}

/// The index of a film (ISO 14496-12, QuickTime).
fn in_film(file: &mut File) -> std::io::Result<bool> {
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
            file.take(length.min(INDEX)).read_to_end(&mut index)?;
            let names: [&[u8]; 3] = [b"\xa9xyz", b"com.apple.quicktime.location", b"loci\0\0\0\0"];
            return Ok(names.iter().any(|name| holds(&index, name)));
        }
        at = at.saturating_add(length);
    }
    Ok(false)
}

fn holds(bytes: &[u8], name: &[u8]) -> bool {
    let Some((first, rest)) = name.split_first() else {
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

    /// EXIF that says 33° 30' north, 36° 15' east, and nothing else.
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

    fn tells(name: &str, bytes: &[u8]) -> bool {
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
    fn a_place_is_found_in_jpeg_tiff_heic_and_the_films_of_phones() {
        let length = (exif().len() as u16 + 8).to_be_bytes();
        let jpeg = [
            b"\xff\xd8\xff\xe1",
            &length[..],
            b"Exif\0\0",
            &exif(),
            b"\xff\xd9",
        ]
        .concat();
        assert!(tells("a.jpg", &jpeg));
        assert!(tells("a.tif", &exif()));
        let heic = [
            atom(b"ftyp", b"heic\0\0\0\0mif1"),
            atom(b"mdat", &[b"\0\0\0\x06Exif\0\0", &exif()[..]].concat()),
        ]
        .concat();
        assert!(tells("a.heic", &heic));
        // As in Canon's CR3: the place in a TIFF of its own.
        let alone = [&exif()[..4], b"\0\0\0\x1a", &exif()[8..]].concat();
        assert!(tells(
            "a.cr3",
            &[&b"\0\0\0\x18ftypcrx "[..], &alone].concat()
        ));
        for place in [
            &b"\xa9xyz\0\x12\x15\xc7+33.5138+036.2765/"[..],
            b"com.apple.quicktime.location.ISO6709",
        ] {
            let film = [
                atom(b"ftyp", b"qt  "),
                atom(b"mdat", &[7; 99]),
                atom(b"moov", &atom(b"udta", place)),
            ]
            .concat();
            assert!(tells("a.mov", &film));
        }
        assert!(tells(
            "a.jp2",
            b"\0\0\0\x0cjP  \r\n\x87\n <x exif:GPSLatitude='33,30N'/>"
        ));
    }

    #[test]
    fn a_file_without_a_place_is_not_suspected() {
        let zero: Vec<u8> = exif()[..0x50].iter().copied().chain([0; 48]).collect();
        assert!(!tells("a.tif", &zero), "a camera without a fix");
        assert!(!tells("a.png", b"\x89PNG\r\n\x1a\n"));
        let film = [
            atom(b"ftyp", b"isom"),
            atom(b"mdat", b"\xa9xyz, in a picture"),
            atom(b"moov", b"loci"),
        ]
        .concat();
        assert!(!tells("a.mp4", &film));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_suspected() {
        assert!(has_location(Path::new("/nowhere/a.jpg")));
    }
}
