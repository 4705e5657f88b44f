//! Extraction of metadata blocks from JPEG, TIFF, PNG and WebP files.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use image::{ImageDecoder, ImageFormat, ImageReader};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::{EmbeddedMetadata, iptc, tiff_tags};
use crate::recognise::{Format, recognise};

/// Maximum length of a block in bytes.
const MAX_BLOCK_BYTES: usize = 1 << 20;

/// Number of bytes that are read to recognise a file.
const HEAD_BYTES: u64 = 4096;

/// The metadata blocks of an image.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The EXIF block, which has the structure of a TIFF, without the prefix `Exif`.
    pub exif: Option<Vec<u8>>,
    /// The EXIF properties of a TIFF, which are read from its tags.
    pub tags: EmbeddedMetadata,
    pub iptc: Option<Vec<u8>>,
    pub xmp: Option<Vec<u8>>,
}

fn read_head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)
        .ok()?
        .take(HEAD_BYTES)
        .read_to_end(&mut head)
        .ok()?;
    Some(head)
}

pub(super) fn read_blocks(path: &Path) -> Blocks {
    let format = read_head(path).and_then(|head| recognise(path, &head).format);
    match format {
        Some(Format::Jpeg) => jpeg_blocks(path),
        Some(Format::Tiff) => tiff_blocks(path),
        Some(Format::Png) => image_crate_blocks(path, ImageFormat::Png),
        Some(Format::WebP) => image_crate_blocks(path, ImageFormat::WebP),
        _ => None,
    }
    .unwrap_or_default()
}

/// Reads the segments before the first scan: APP1 for EXIF and XMP, and APP13 for Photoshop image
/// resources. Extended XMP is not read, because the descriptive properties are in the main block.
fn jpeg_blocks(path: &Path) -> Option<Blocks> {
    let mut file = BufReader::new(File::open(path).ok()?);
    file.seek(SeekFrom::Start(2)).ok()?;
    let mut blocks = Blocks::default();
    let mut resources = Vec::new();
    let mut marker = [0; 2];
    while file.read_exact(&mut marker).is_ok() {
        match marker {
            // The first byte is a fill byte.
            [0xff, 0xff] => file.seek_relative(-1).ok()?,
            [0xff, 0x01 | 0xd0..=0xd8] => {}
            // SOS or EOI ends the metadata.
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
                    if let Some(resource) = content.strip_prefix(b"Photoshop 3.0\0")
                        && resources.len() < MAX_BLOCK_BYTES
                    {
                        resources.extend_from_slice(resource);
                    }
                } else if blocks.exif.is_none() && content.starts_with(b"Exif\0") {
                    blocks.exif = block(b"Exif\0\0").or_else(|| block(b"Exif\0\xff"));
                } else if blocks.xmp.is_none() {
                    blocks.xmp = block(b"http://ns.adobe.com/xap/1.0/\0");
                }
            }
            // Stray bytes are skipped one at a time.
            _ => file.seek_relative(-1).ok()?,
        }
    }
    blocks.iptc = iptc::from_photoshop(&resources);
    Some(blocks)
}

/// Reads the tags in the first directory. EXIF is read tag by tag, because the file may have
/// several gigabytes.
fn tiff_blocks(path: &Path) -> Option<Blocks> {
    let mut decoder = Decoder::new(BufReader::new(File::open(path).ok()?)).ok()?;
    let tags = tiff_tags::read(&mut decoder);
    let mut bytes = |number: u16| {
        let value = decoder.find_tag(Tag::Unknown(number)).ok().flatten()?;
        let bytes = match value.clone().into_u8_vec() {
            Ok(bytes) => bytes,
            // Some writers store the bytes with the type LONG.
            Err(_) => {
                let numbers = value.into_u32_vec().ok()?;
                numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
            }
        };
        (bytes.len() <= MAX_BLOCK_BYTES).then_some(bytes)
    };
    let xmp = bytes(XMP);
    let iptc = bytes(IPTC).or_else(|| iptc::from_photoshop(&bytes(PHOTOSHOP)?));
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

fn image_crate_blocks(path: &Path, format: ImageFormat) -> Option<Blocks> {
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path).ok()?), format);
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(64 << 20);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let within_limit = |block: image::ImageResult<Option<Vec<u8>>>| {
        block
            .ok()
            .flatten()
            .filter(|block| block.len() <= MAX_BLOCK_BYTES)
    };
    let exif =
        within_limit(decoder.exif_metadata()).map(|block| match block.strip_prefix(b"Exif\0\0") {
            Some(rest) => rest.to_vec(),
            None => block,
        });
    Some(Blocks {
        exif,
        tags: EmbeddedMetadata::default(),
        iptc: within_limit(decoder.iptc_metadata()),
        xmp: within_limit(decoder.xmp_metadata()),
    })
}
