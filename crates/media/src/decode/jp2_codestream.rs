//! What a JPEG 2000 file says of itself, read without decoding anything (ISO/IEC 15444-1, annexes
//! A and I): how large it is, how its parts are cut, and whether all of them are there.
//!
//! A decoder believes these numbers when it reserves memory. So they are weighed first.

use super::jp2::Wrong;

/// How a picture is cut into parts, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Structure {
    pub width: u32,
    pub height: u32,
    pub components: u16,
    /// Bits of the first component's samples.
    pub bits: u8,
    pub tile_width: u32,
    pub tile_height: u32,
    /// How often the picture can be halved: the fewest of all tiles and components.
    pub halvings: u8,
    /// The most layers of a tile.
    pub layers: u16,
    /// Coefficients of the smallest code block or precinct, as a power of two.
    pub smallest: u8,
    /// Whether colours are looked up in a palette: then no halved picture can be decoded.
    pub palette: bool,
    /// Whether channels are put into another order: then there are two of each for a while.
    pub reordered: bool,
}

impl Structure {
    /// Reads a `.jp2` or a bare codestream.
    pub fn of(bytes: &[u8]) -> Result<Structure, Wrong> {
        if bytes.starts_with(b"\xff\x4f") {
            return codestream(bytes, true);
        }
        let (mut palette, mut reordered) = (false, false);
        let mut found = None;
        let mut rest = Boxes { bytes };
        while let Some(part) = rest.next()? {
            match &part.kind {
                b"jp2h" => {
                    let mut inner = Boxes {
                        bytes: part.content,
                    };
                    while let Some(part) = inner.next()? {
                        palette |= &part.kind == b"pclr";
                        reordered |= &part.kind == b"cdef";
                    }
                }
                b"jp2c" if found.is_some() => return Err(Wrong::Unsupported("several pictures")),
                b"jp2c" => found = Some(codestream(part.content, part.whole)?),
                _ => {}
            }
        }
        let found = found.ok_or(Wrong::Damaged("it has no codestream"))?;
        Ok(Structure {
            palette,
            reordered,
            ..found
        })
    }

    /// Bytes that decoding takes after so many halvings.
    pub fn memory(&self, halvings: u8) -> u64 {
        let area = |width: u32, height: u32| u128::from(width) * u128::from(height);
        let half = |side: u32| side.div_ceil(1 << halvings);
        let whole = area(half(self.width), half(self.height));
        let (tile_width, tile_height) = (
            self.tile_width.min(self.width),
            self.tile_height.min(self.height),
        );
        let tile = area(half(tile_width), half(tile_height));
        let components = u128::from(self.components);
        // Each sample is a number of 32 bits; up to four come out of a palette.
        let looked_up = if self.palette { 4 } else { 0 };
        let twice = if self.reordered { 2 } else { 1 };
        let samples = whole * 4 * (components + looked_up) * twice;
        // One component of a tile at a time: its coefficients, and two steps of the transform.
        let transform = tile * 4 * 3;
        let pixels = whole * components.max(3);
        // Code blocks and precincts of a tile are all described, also those that are left out.
        let parts = (area(tile_width, tile_height) * components) >> self.smallest;
        let described = parts * (300 + 32 * u128::from(self.layers));
        u64::try_from(samples + transform + pixels + described).unwrap_or(u64::MAX)
    }
}

struct Boxes<'a> {
    bytes: &'a [u8],
}

struct Part<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// Whether all the content is there.
    whole: bool,
}

impl<'a> Boxes<'a> {
    fn next(&mut self) -> Result<Option<Part<'a>>, Wrong> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let cut = Wrong::Truncated("it ends within the head of a box");
        let (length, rest) = self.bytes.split_first_chunk::<4>().ok_or(cut)?;
        let (kind, mut rest) = rest.split_first_chunk::<4>().ok_or(cut)?;
        let length = match u32::from_be_bytes(*length) {
            // To the end of the file.
            0 => rest.len() as u64,
            1 => {
                let (length, after) = rest.split_first_chunk::<8>().ok_or(cut)?;
                rest = after;
                u64::from_be_bytes(*length).saturating_sub(16)
            }
            2..8 => return Err(Wrong::Damaged("a box is shorter than its head")),
            n => u64::from(n) - 8,
        };
        let whole = length <= rest.len() as u64;
        let here = usize::try_from(length)
            .unwrap_or(usize::MAX)
            .min(rest.len());
        let (content, rest) = rest.split_at(here);
        self.bytes = rest;
        Ok(Some(Part {
            kind: *kind,
            content,
            whole,
        }))
    }
}

/// Numbers of a marker segment, in order.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Wrong> {
        let (number, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(Wrong::Truncated("it ends within its header"))?;
        self.0 = rest;
        Ok(*number)
    }

    fn u8(&mut self) -> Result<u8, Wrong> {
        Ok(u8::from_be_bytes(self.take()?))
    }

    fn u16(&mut self) -> Result<u16, Wrong> {
        Ok(u16::from_be_bytes(self.take()?))
    }

    fn u32(&mut self) -> Result<u32, Wrong> {
        Ok(u32::from_be_bytes(self.take()?))
    }
}

const SIZ: u16 = 0xff51;
const COD: u16 = 0xff52;
const COC: u16 = 0xff53;
const SOT: u16 = 0xff90;
const SOD: u16 = 0xff93;
const EOC: u16 = 0xffd9;

fn codestream(bytes: &[u8], whole: bool) -> Result<Structure, Wrong> {
    let mut reader = Reader(bytes);
    // The start of the codestream; then the size, always first.
    if reader.u16()? != 0xff4f || reader.u16()? != SIZ {
        return Err(Wrong::Damaged("its header does not begin with a size"));
    }
    let mut found = size(segment(&mut reader)?)?;
    loop {
        match reader.u16()? {
            SOT => break,
            marker => style(marker, segment(&mut reader)?, &mut found)?,
        }
    }
    // Tile parts: each says how long it is.
    loop {
        let start = bytes.len() - reader.0.len() - 2;
        let mut head = Reader(segment(&mut reader)?);
        let _tile = head.u16()?;
        let length = head.u32()? as usize;
        loop {
            match reader.u16()? {
                SOD => break,
                marker => style(marker, segment(&mut reader)?, &mut found)?,
            }
        }
        // The last may leave its length open: it goes up to the end marker.
        let end = match length {
            0 => bytes.len() - usize::from(bytes.ends_with(&EOC.to_be_bytes())) * 2,
            _ => start + length,
        };
        let cut = Wrong::Truncated("its last part is not whole");
        reader = Reader(bytes.get(end..).ok_or(cut)?);
        match reader.0 {
            // Some writers leave the end marker out.
            [] if length > 0 && whole => return Ok(found),
            _ => match reader.u16().map_err(|_| cut)? {
                SOT => {}
                EOC => return Ok(found),
                _ => return Err(Wrong::Damaged("a part is not as long as it says")),
            },
        }
    }
}

/// The content of a marker segment, which begins with its length.
fn segment<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Wrong> {
    let length = usize::from(reader.u16()?);
    let content = length
        .checked_sub(2)
        .ok_or(Wrong::Damaged("a marker has no length"))?;
    let (content, rest) = reader
        .0
        .split_at_checked(content)
        .ok_or(Wrong::Truncated("it ends within its header"))?;
    reader.0 = rest;
    Ok(content)
}

/// SIZ (A.5.1).
fn size(content: &[u8]) -> Result<Structure, Wrong> {
    let mut reader = Reader(content);
    let _capabilities = reader.u16()?;
    let [right, bottom, left, top] = [(); 4].map(|()| reader.u32());
    let (right, bottom, left, top) = (right?, bottom?, left?, top?);
    let (tile_width, tile_height) = (reader.u32()?, reader.u32()?);
    let _offsets = (reader.u32()?, reader.u32()?);
    let components = reader.u16()?;
    let mut bits = 0;
    let mut steps = None;
    for component in 0..components {
        let precision = (reader.u8()? & 0x7f) + 1;
        let own = (u32::from(reader.u8()?), u32::from(reader.u8()?));
        if component == 0 {
            (bits, steps) = (precision, Some(own));
        } else if steps != Some(own) {
            steps = None;
        }
    }
    // Where all components have the same steps, a pixel is what lies between two.
    let (across, down) = steps.unwrap_or((1, 1));
    let empty = Wrong::Damaged("it has no pixels");
    let side = |from: u32, to: u32, step: u32| {
        let end = to.checked_div(step).map(|_| to.div_ceil(step))?;
        end.checked_sub(from.div_ceil(step))
            .filter(|side| *side > 0)
    };
    Ok(Structure {
        width: side(left, right, across).ok_or(empty)?,
        height: side(top, bottom, down).ok_or(empty)?,
        components,
        bits,
        tile_width,
        tile_height,
        halvings: u8::MAX,
        layers: 0,
        smallest: u8::MAX,
        palette: false,
        reordered: false,
    })
}

/// What COD and COC (A.6.1, A.6.2) say; other markers say nothing of the sizes.
fn style(marker: u16, content: &[u8], found: &mut Structure) -> Result<(), Wrong> {
    let mut reader = Reader(content);
    let own_precincts = match marker {
        COD => {
            let flags = reader.u8()?;
            let _order = reader.u8()?;
            found.layers = found.layers.max(reader.u16()?);
            let _transform = reader.u8()?;
            flags & 1 != 0
        }
        COC => {
            if found.components < 257 {
                reader.u8()?;
            } else {
                reader.u16()?;
            }
            reader.u8()? & 1 != 0
        }
        _ => return Ok(()),
    };
    let levels = reader.u8()?;
    found.halvings = found.halvings.min(levels);
    let block = (reader.u8()? & 15) + (reader.u8()? & 15) + 4;
    found.smallest = found.smallest.min(block);
    let (_style, _wavelet) = (reader.u8()?, reader.u8()?);
    if own_precincts {
        for resolution in 0..=levels {
            let exponents = reader.u8()?;
            // Those of the smallest picture are small with it, and few.
            if resolution > 0 || levels == 0 {
                let precinct = (exponents & 15) + (exponents >> 4);
                found.smallest = found.smallest.min(precinct);
            }
        }
    }
    Ok(())
}
