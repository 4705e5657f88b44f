//! Dimensions of the primary image of a HEIF file (ISO/IEC 23008-12), read from its boxes. HEIC and
//! AVIF are HEIF with different codecs.

use std::io::{Read, Seek, SeekFrom};

/// Maximum number of boxes before the `meta` box.
const MAX_BOXES_BEFORE_META: usize = 64;
/// Maximum number of bytes that are read from the `meta` box.
const MAX_META_BYTES: u64 = 4 << 20;

/// Returns the width and height of the primary image in pixels, after cropping and rotation.
pub(super) fn read_size(file: impl Read + Seek) -> Option<(u32, u32)> {
    primary_size(&read_meta(file)?)
}

/// Returns the content of the `meta` box.
fn read_meta(mut file: impl Read + Seek) -> Option<Vec<u8>> {
    for _ in 0..MAX_BOXES_BEFORE_META {
        let mut head = [0; 16];
        let (short, long) = head.split_at_mut(8);
        file.read_exact(short).ok()?;
        let mut reader = Bytes(short);
        let length = reader.number(4)?;
        let kind = reader.take(4)?;
        let content = match length {
            // The box extends to the end of the file.
            0 => u64::MAX,
            1 => {
                file.read_exact(long).ok()?;
                Bytes(long).number(8)?.checked_sub(16)?
            }
            length => length.checked_sub(8)?,
        };
        if kind == b"meta" {
            let mut meta = Vec::new();
            file.take(content.min(MAX_META_BYTES))
                .read_to_end(&mut meta)
                .ok()?;
            return Some(meta);
        }
        file.seek(SeekFrom::Current(i64::try_from(content).ok()?))
            .ok()?;
    }
    None
}

/// Returns the size of the primary item. Applies the properties that are associated with the item
/// in their order.
fn primary_size(meta: &[u8]) -> Option<(u32, u32)> {
    let mut meta = Bytes(meta);
    meta.version()?;
    let (mut primary, mut properties) = (None, None);
    while let Some((kind, mut content)) = meta.next_box() {
        match kind {
            b"pitm" => primary = Some(content.item_id()?),
            b"iprp" => properties = Some(content),
            _ => {}
        }
    }
    let (primary, mut properties) = (primary?, properties?);
    let mut list = Vec::new();
    let mut size = None;
    while let Some((kind, mut content)) = properties.next_box() {
        match kind {
            b"ipco" => list.extend(std::iter::from_fn(|| content.next_box())),
            b"ipma" => size = size.or(associated_size(content, primary, &list)?),
            _ => {}
        }
    }
    size
}

/// Returns the size that the properties associated with an item define. Returns `Some(None)` if
/// they do not define a size, and `None` if the data is invalid.
fn associated_size(mut ipma: Bytes, item: u64, list: &[IsoBox]) -> Option<Option<(u32, u32)>> {
    let (version, flags) = ipma.version()?;
    let index_bytes = if flags & 1 == 1 { 2 } else { 1 };
    let mut size = None;
    for _ in 0..ipma.number(4)? {
        let item_id = ipma.number(if version == 0 { 2 } else { 4 })?;
        for _ in 0..ipma.number(1)? {
            // The highest bit marks an essential property and is not part of the index.
            let index = ipma.number(index_bytes)? & if index_bytes == 2 { 0x7fff } else { 0x7f };
            let index = usize::try_from(index).ok()?.checked_sub(1);
            let property = index.and_then(|index| list.get(index));
            if let Some(property) = property.filter(|_| item_id == item) {
                size = apply_property(property, size)?;
            }
        }
    }
    Some(size)
}

/// Returns the size of an image after a property has been applied to it.
fn apply_property(
    (kind, content): &IsoBox,
    size: Option<(u32, u32)>,
) -> Option<Option<(u32, u32)>> {
    let mut content = *content;
    Some(match (*kind, size) {
        (b"ispe", _) => {
            content.version()?;
            Some((content.side()?, content.side()?))
        }
        // The clean aperture (a crop), whose sides are stored as fractions.
        (b"clap", Some((width, height))) => {
            let mut side = || {
                let (numerator, denominator) = (content.number(4)?, content.number(4)?);
                let rounded = (numerator + denominator / 2).checked_div(denominator)?;
                u32::try_from(rounded).ok()
            };
            let (crop_width, crop_height) = (side()?, side()?);
            Some((width.min(crop_width), height.min(crop_height)))
        }
        // The rotation in units of 90°.
        (b"irot", Some((width, height))) if content.number(1)? & 1 == 1 => Some((height, width)),
        _ => size,
    })
}

/// A box: its type and its content.
type IsoBox<'a> = (&'a [u8; 4], Bytes<'a>);

/// A byte reader. Its methods return `None` if there are not enough bytes.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn number(&mut self, length: usize) -> Option<u64> {
        let bytes = self.take(length)?.iter();
        Some(bytes.fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    fn side(&mut self) -> Option<u32> {
        u32::try_from(self.number(4)?).ok()
    }

    /// Reads the version and the flags of a full box.
    fn version(&mut self) -> Option<(u64, u64)> {
        Some((self.number(1)?, self.number(3)?))
    }

    /// Reads the version, the flags and an item ID.
    fn item_id(&mut self) -> Option<u64> {
        let (version, _) = self.version()?;
        self.number(if version == 0 { 2 } else { 4 })
    }

    /// Reads the next child box.
    fn next_box(&mut self) -> Option<IsoBox<'a>> {
        let all = u64::try_from(self.0.len()).ok()?;
        let length = self.number(4)?;
        let kind = self.take(4)?.first_chunk()?;
        let content = match length {
            0 => all.checked_sub(8)?,
            1 => self.number(8)?.checked_sub(16)?,
            length => length.checked_sub(8)?,
        };
        Some((kind, Bytes(self.take(usize::try_from(content).ok()?)?)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn iso_box(kind: &[u8; 4], contents: &[&[u8]]) -> Vec<u8> {
        let content = contents.concat();
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, &content].concat()
    }

    fn ispe(width: u32, height: u32) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        iso_box(b"ispe", &[&[0; 4], &size])
    }

    fn clap(width: u32, height: u32, denominator: u32) -> Vec<u8> {
        let sides = [width, denominator, height, denominator, 0, 1, 0, 1];
        iso_box(b"clap", &[&sides.map(u32::to_be_bytes).concat()])
    }

    fn irot(quarters: u8) -> Vec<u8> {
        iso_box(b"irot", &[&[quarters]])
    }

    /// Returns a file with the given properties. The properties at `indices` are associated with
    /// the primary item.
    fn file(properties: &[Vec<u8>], indices: &[u8]) -> Vec<u8> {
        let all: Vec<&[u8]> = properties.iter().map(Vec::as_slice).collect();
        let ipco = iso_box(b"ipco", &all);
        let count = [u8::try_from(indices.len()).unwrap()];
        // The primary item is preceded by another item, which has only the first property.
        let associations = [
            &[0, 0, 0, 0, 0, 0, 0, 2][..],
            &[0, 7, 1, 1],
            &[0, 1],
            &count,
        ]
        .concat();
        let ipma = iso_box(b"ipma", &[&associations, indices]);
        let iprp = iso_box(b"iprp", &[&ipco, &ipma]);
        let pitm = iso_box(b"pitm", &[&[0, 0, 0, 0, 0, 1]]);
        let meta = iso_box(b"meta", &[&[0; 4], &pitm, &iprp]);
        [iso_box(b"ftyp", &[b"heic\0\0\0\0"]), meta].concat()
    }

    fn size_of(file: &[u8]) -> Option<(u32, u32)> {
        read_size(Cursor::new(file))
    }

    #[test]
    fn applies_crop_and_rotation_to_the_size() {
        let small = ispe(8, 8);
        for (item_properties, indices, size) in [
            (vec![ispe(4032, 3024)], &[2u8][..], (4032, 3024)),
            (vec![ispe(4032, 3024), irot(3)], &[0x82, 0x83], (3024, 4032)),
            (vec![ispe(4032, 3024), irot(2)], &[2, 3], (4032, 3024)),
            (vec![ispe(64, 64), clap(48, 32, 1)], &[2, 3], (48, 32)),
            (
                vec![ispe(64, 64), clap(97, 65, 2), irot(1)],
                &[2, 3, 4],
                (33, 49),
            ),
            // The crop is limited to the image.
            (vec![ispe(64, 64), clap(90, 32, 1)], &[2, 3], (64, 32)),
        ] {
            let properties = [vec![small.clone()], item_properties].concat();
            assert_eq!(
                size_of(&file(&properties, indices)),
                Some(size),
                "{indices:?}"
            );
        }
    }

    #[test]
    fn measures_heic_and_avif() {
        for name in ["scene.heic", "scene.avif"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures")
                .join(name);
            let bytes = std::fs::read(path).unwrap();
            assert_eq!(size_of(&bytes), Some((48, 32)), "{name}");
        }
    }

    #[test]
    fn rejects_damaged_files_without_a_panic() {
        let intact = file(&[ispe(8, 8), ispe(64, 48), irot(1)], &[2, 3]);
        assert_eq!(size_of(&intact), Some((48, 64)));
        for end in 0..intact.len() {
            assert_eq!(size_of(&intact[..end]), None, "{end}");
        }
        for at in 0..intact.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut damaged = intact.clone();
                damaged[at] = value;
                let _ = size_of(&damaged);
            }
        }
        assert_eq!(size_of(&file(&[ispe(8, 8), clap(1, 1, 0)], &[1, 2])), None);
        assert_eq!(size_of(&file(&[ispe(8, 8)], &[9])), None);
        // A box that declares more bytes than any file has.
        assert_eq!(
            size_of(b"\0\0\0\x01free\xff\xff\xff\xff\xff\xff\xff\xff"),
            None
        );
    }
}
