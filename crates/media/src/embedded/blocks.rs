//! Where the metadata lie in a JPEG, TIFF, PNG or WebP.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use image::{ImageDecoder, ImageFormat, ImageReader};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::{Embedded, iptc, tiff_tags};
use crate::kind::{Format, recognise};

/// The longest block that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// How much of a file is read to recognise it.
const HEAD: u64 = 4096;

/// The metadata of an image, as they lie in its file.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// A TIFF of its own, without the `Exif` before it.
    pub exif: Option<Vec<u8>>,
    /// What EXIF says, where the image is a TIFF itself.
    pub tags: Embedded,
    pub iptc: Option<Vec<u8>>,
    pub xmp: Option<Vec<u8>>,
}

fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)
        .ok()?
        .take(HEAD)
        .read_to_end(&mut head)
        .ok()?;
    Some(head)
}

pub(super) fn of(path: &Path) -> Blocks {
    let format = head(path).and_then(|head| recognise(path, &head).format);
    match format {
        Some(Format::Jpeg) => of_jpeg(path),
        Some(Format::Tiff) => of_tiff(path),
        Some(Format::Png) => of_image(path, ImageFormat::Png),
        Some(Format::WebP) => of_image(path, ImageFormat::WebP),
        _ => None,
    }
    .unwrap_or_default()
}

/// The segments before the picture: APP1 for EXIF and XMP, APP13 for Photoshop's resources. The rest
/// of an XMP that is longer than a segment is not read; what describes the image comes first.
fn of_jpeg(path: &Path) -> Option<Blocks> {
    let mut file = BufReader::new(File::open(path).ok()?);
    file.seek(SeekFrom::Start(2)).ok()?;
    let mut blocks = Blocks::default();
    let mut resources = Vec::new();
    let mut marker = [0; 2];
    while file.read_exact(&mut marker).is_ok() {
        match marker {
            // Fill bytes.
            [0xff, 0xff] => file.seek_relative(-1).ok()?,
            [0xff, 0x01 | 0xd0..=0xd8] => {}
            // The picture, or its end.
            [0xff, 0xda | 0xd9] => break,
            [0xff, kind] => {
                let mut length = [0; 2];
                file.read_exact(&mut length).ok()?;
                let length = usize::from(u16::from_be_bytes(length)).checked_sub(2)?;
                if kind != 0xe1 && kind != 0xed {
                    file.seek_relative(i64::try_from(length).ok()?).ok()?;
                    continue;
                }
                let mut content = vec![0; length];
                file.read_exact(&mut content).ok()?;
                let block = |name: &[u8]| content.strip_prefix(name).map(<[u8]>::to_vec);
                if kind == 0xed {
                    if let Some(part) = content.strip_prefix(b"Photoshop 3.0\0")
                        && resources.len() < LONGEST
                    {
                        resources.extend_from_slice(part);
                    }
                } else if blocks.exif.is_none() && content.starts_with(b"Exif\0") {
                    blocks.exif = block(b"Exif\0\0").or_else(|| block(b"Exif\0\xff"));
                } else if blocks.xmp.is_none() {
                    blocks.xmp = block(b"http://ns.adobe.com/xap/1.0/\0");
                }
            }
            // Stray bytes.
            _ => file.seek_relative(-1).ok()?,
        }
    }
    blocks.iptc = iptc::of_photoshop(&resources);
    Some(blocks)
}

/// Tags of the first directory. What EXIF says is read tag by tag: the file may be gigabytes.
fn of_tiff(path: &Path) -> Option<Blocks> {
    let mut decoder = Decoder::new(BufReader::new(File::open(path).ok()?)).ok()?;
    let tags = tiff_tags::read(&mut decoder);
    let mut bytes = |number: u16| {
        let value = decoder.find_tag(Tag::Unknown(number)).ok().flatten()?;
        let bytes = match value.clone().into_u8_vec() {
            Ok(bytes) => bytes,
            // Some writers call the bytes numbers of 32 bits.
            Err(_) => {
                let numbers = value.into_u32_vec().ok()?;
                numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
            }
        };
        (bytes.len() <= LONGEST).then_some(bytes)
    };
    let xmp = bytes(XMP);
    let iptc = bytes(IPTC).or_else(|| iptc::of_photoshop(&bytes(PHOTOSHOP)?));
    Some(Blocks {
        exif: None,
        tags,
        iptc,
        xmp,
    })
}

const XMP: u16 = 700;
const IPTC: u16 = 33_723;
const PHOTOSHOP: u16 = 34_377;

fn of_image(path: &Path, format: ImageFormat) -> Option<Blocks> {
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path).ok()?), format);
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(64 << 20);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let short = |block: image::ImageResult<Option<Vec<u8>>>| {
        block.ok().flatten().filter(|block| block.len() <= LONGEST)
    };
    let exif = short(decoder.exif_metadata()).map(|block| match block.strip_prefix(b"Exif\0\0") {
        Some(rest) => rest.to_vec(),
        None => block,
    });
    Some(Blocks {
        exif,
        tags: Embedded::default(),
        iptc: short(decoder.iptc_metadata()),
        xmp: short(decoder.xmp_metadata()),
    })
}
