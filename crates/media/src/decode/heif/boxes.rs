//! How large the picture in a HEIF file is (ISO/IEC 23008-12), read from its boxes: HEIC and AVIF are
//! HEIF with different codecs in it.

use std::io::{Read, Seek, SeekFrom};

/// The most boxes that are passed over before the one with the metadata.
const BEFORE: usize = 64;
/// The most bytes of that one that are read.
const LONGEST: u64 = 4 << 20;

/// Width and height of the picture that a file shows first, as it is seen: cut and turned.
pub(super) fn size(file: impl Read + Seek) -> Option<(u32, u32)> {
    of(&meta(file)?)
}

/// The content of the box `meta`.
fn meta(mut file: impl Read + Seek) -> Option<Vec<u8>> {
    for _ in 0..BEFORE {
        let mut head = [0; 16];
        let (short, long) = head.split_at_mut(8);
        file.read_exact(short).ok()?;
        let mut read = Bytes(short);
        let length = read.number(4)?;
        let kind = read.take(4)?;
        let content = match length {
            // To the end of the file.
            0 => u64::MAX,
            1 => {
                file.read_exact(long).ok()?;
                Bytes(long).number(8)?.checked_sub(16)?
            }
            length => length.checked_sub(8)?,
        };
        if kind == b"meta" {
            let mut meta = Vec::new();
            file.take(content.min(LONGEST))
                .read_to_end(&mut meta)
                .ok()?;
            return Some(meta);
        }
        file.seek(SeekFrom::Current(i64::try_from(content).ok()?))
            .ok()?;
    }
    None
}

/// The size of the primary item, from the properties that are associated with it, in their order.
fn of(meta: &[u8]) -> Option<(u32, u32)> {
    let mut meta = Bytes(meta);
    meta.version()?;
    let (mut primary, mut properties) = (None, None);
    while let Some((kind, mut own)) = meta.part() {
        match kind {
            b"pitm" => primary = Some(own.identifier()?),
            b"iprp" => properties = Some(own),
            _ => {}
        }
    }
    let (primary, mut properties) = (primary?, properties?);
    let mut list = Vec::new();
    let mut size = None;
    while let Some((kind, mut own)) = properties.part() {
        match kind {
            b"ipco" => list.extend(std::iter::from_fn(|| own.part())),
            b"ipma" => size = size.or(associated(own, primary, &list)?),
            _ => {}
        }
    }
    size
}

/// The size that a list of associations gives an item; the inner is `None` where the item is not in it.
fn associated(mut ipma: Bytes, item: u64, list: &[Part]) -> Option<Option<(u32, u32)>> {
    let (version, flags) = ipma.version()?;
    let wide = if flags & 1 == 1 { 2 } else { 1 };
    let mut size = None;
    for _ in 0..ipma.number(4)? {
        let own = ipma.number(if version == 0 { 2 } else { 4 })?;
        for _ in 0..ipma.number(1)? {
            // The highest bit says whether a reader has to understand it.
            let place = ipma.number(wide)? & if wide == 2 { 0x7fff } else { 0x7f };
            let place = usize::try_from(place).ok()?.checked_sub(1);
            let property = place.and_then(|place| list.get(place));
            if let Some(property) = property.filter(|_| own == item) {
                size = seen(property, size)?;
            }
        }
    }
    Some(size)
}

/// The size of a picture once a property is applied to it.
fn seen((kind, content): &Part, size: Option<(u32, u32)>) -> Option<Option<(u32, u32)>> {
    let mut content = *content;
    Some(match (*kind, size) {
        (b"ispe", _) => {
            content.version()?;
            Some((content.side()?, content.side()?))
        }
        // The part of it that is seen, as fractions.
        (b"clap", Some((width, height))) => {
            let mut side = || {
                let (whole, part) = (content.number(4)?, content.number(4)?);
                let rounded = (whole + part / 2).checked_div(part)?;
                u32::try_from(rounded).ok()
            };
            let (wide, high) = (side()?, side()?);
            Some((width.min(wide), height.min(high)))
        }
        // Quarters of a turn.
        (b"irot", Some((width, height))) if content.number(1)? & 1 == 1 => Some((height, width)),
        _ => size,
    })
}

/// A box: what it is, and what is in it.
type Part<'a> = (&'a [u8; 4], Bytes<'a>);

/// Bytes that are read from their beginning. `None` where there are not enough.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (own, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(own)
    }

    fn number(&mut self, length: usize) -> Option<u64> {
        let bytes = self.take(length)?.iter();
        Some(bytes.fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    fn side(&mut self) -> Option<u32> {
        u32::try_from(self.number(4)?).ok()
    }

    /// The version and the flags with which some boxes begin.
    fn version(&mut self) -> Option<(u64, u64)> {
        Some((self.number(1)?, self.number(3)?))
    }

    /// A version, and the number of an item.
    fn identifier(&mut self) -> Option<u64> {
        let (version, _) = self.version()?;
        self.number(if version == 0 { 2 } else { 4 })
    }

    /// The next box in a box.
    fn part(&mut self) -> Option<Part<'a>> {
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

    fn a_box(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, &content].concat()
    }

    fn ispe(width: u32, height: u32) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        a_box(b"ispe", &[&[0; 4], &size])
    }

    fn clap(width: u32, height: u32, part: u32) -> Vec<u8> {
        let sides = [width, part, height, part, 0, 1, 0, 1];
        a_box(b"clap", &[&sides.map(u32::to_be_bytes).concat()])
    }

    fn irot(quarters: u8) -> Vec<u8> {
        a_box(b"irot", &[&[quarters]])
    }

    /// A file with these properties, the first item of which has those of these places.
    fn file(properties: &[Vec<u8>], places: &[u8]) -> Vec<u8> {
        let all: Vec<&[u8]> = properties.iter().map(Vec::as_slice).collect();
        let ipco = a_box(b"ipco", &all);
        let count = [u8::try_from(places.len()).unwrap()];
        // Another item comes first, with the first property alone.
        let two = [
            &[0, 0, 0, 0, 0, 0, 0, 2][..],
            &[0, 7, 1, 1],
            &[0, 1],
            &count,
        ]
        .concat();
        let ipma = a_box(b"ipma", &[&two, places]);
        let iprp = a_box(b"iprp", &[&ipco, &ipma]);
        let pitm = a_box(b"pitm", &[&[0, 0, 0, 0, 0, 1]]);
        let meta = a_box(b"meta", &[&[0; 4], &pitm, &iprp]);
        [a_box(b"ftyp", &[b"heic\0\0\0\0"]), meta].concat()
    }

    fn size_of(file: &[u8]) -> Option<(u32, u32)> {
        size(Cursor::new(file))
    }

    #[test]
    fn a_picture_is_as_large_as_it_is_seen() {
        let small = ispe(8, 8);
        for (own, places, size) in [
            (vec![ispe(4032, 3024)], &[2u8][..], (4032, 3024)),
            (vec![ispe(4032, 3024), irot(3)], &[0x82, 0x83], (3024, 4032)),
            (vec![ispe(4032, 3024), irot(2)], &[2, 3], (4032, 3024)),
            (vec![ispe(64, 64), clap(48, 32, 1)], &[2, 3], (48, 32)),
            (
                vec![ispe(64, 64), clap(97, 65, 2), irot(1)],
                &[2, 3, 4],
                (33, 49),
            ),
            // It shows no more than there is.
            (vec![ispe(64, 64), clap(90, 32, 1)], &[2, 3], (64, 32)),
        ] {
            let properties = [vec![small.clone()], own].concat();
            assert_eq!(
                size_of(&file(&properties, places)),
                Some(size),
                "{places:?}"
            );
        }
    }

    #[test]
    fn the_fixtures_are_48_pixels_wide_and_32_high() {
        for name in ["kept.heic", "kept.avif"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures")
                .join(name);
            let bytes = std::fs::read(path).unwrap();
            assert_eq!(size_of(&bytes), Some((48, 32)), "{name}");
        }
    }

    #[test]
    fn damage_is_no_size_and_never_a_panic() {
        let whole = file(&[ispe(8, 8), ispe(64, 48), irot(1)], &[2, 3]);
        assert_eq!(size_of(&whole), Some((48, 64)));
        for end in 0..whole.len() {
            assert_eq!(size_of(&whole[..end]), None, "{end}");
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut other = whole.clone();
                other[at] = value;
                let _ = size_of(&other);
            }
        }
        assert_eq!(size_of(&file(&[ispe(8, 8), clap(1, 1, 0)], &[1, 2])), None);
        assert_eq!(size_of(&file(&[ispe(8, 8)], &[9])), None);
        // A box that says it has more than any file.
        assert_eq!(
            size_of(b"\0\0\0\x01free\xff\xff\xff\xff\xff\xff\xff\xff"),
            None
        );
    }
}
