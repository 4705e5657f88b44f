//! Reading of the structure of a JPEG 2000 file without decoding it: the dimensions, the tiles and
//! the code blocks (ISO/IEC 15444-1, annexes A and I). A file with incomplete tile parts is
//! rejected.
//!
//! The decoder allocates memory according to these values, so they are checked first.

use super::jp2::StructureError;

/// Dimensions and partitioning of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Structure {
    pub width: u32,
    pub height: u32,
    pub components: u16,
    /// Bit depth of the first component.
    pub bits: u8,
    pub tile_width: u32,
    pub tile_height: u32,
    /// Number of times that the resolution can be halved: the minimum of all tiles and components.
    pub halvings: u8,
    /// Maximum number of quality layers in a tile.
    pub layers: u16,
    /// Base-2 logarithm of the number of coefficients in the smallest code block or precinct.
    pub smallest_block_log2: u8,
    /// `true` if colours are looked up in a palette. Such an image cannot be decoded at a reduced
    /// resolution.
    pub has_palette: bool,
    /// `true` if the channels may be reordered, which requires a second copy of the samples.
    pub has_channel_definition: bool,
}

impl Structure {
    /// Reads the structure of a `.jp2` file or a bare codestream.
    pub fn read(bytes: &[u8]) -> Result<Structure, StructureError> {
        if bytes.starts_with(b"\xff\x4f") {
            return read_codestream(bytes, true);
        }
        let (mut has_palette, mut has_channel_definition) = (false, false);
        let mut structure = None;
        let mut boxes = Boxes { bytes };
        while let Some(jp2_box) = boxes.next()? {
            match &jp2_box.kind {
                b"jp2h" => {
                    let mut inner = Boxes {
                        bytes: jp2_box.content,
                    };
                    while let Some(inner_box) = inner.next()? {
                        has_palette |= &inner_box.kind == b"pclr";
                        has_channel_definition |= &inner_box.kind == b"cdef";
                    }
                }
                b"jp2c" if structure.is_some() => {
                    return Err(StructureError::Unsupported("several codestreams"));
                }
                b"jp2c" => structure = Some(read_codestream(jp2_box.content, jp2_box.is_complete)?),
                _ => {}
            }
        }
        let structure = structure.ok_or(StructureError::Damaged("it has no codestream"))?;
        Ok(Structure {
            has_palette,
            has_channel_definition,
            ..structure
        })
    }

    /// Returns the number of bytes of memory that decoding takes if the resolution is halved
    /// `halvings` times.
    pub fn memory(&self, halvings: u8) -> u64 {
        let area = |width: u32, height: u32| u128::from(width) * u128::from(height);
        let scaled = |side: u32| side.div_ceil(1 << halvings);
        let image = area(scaled(self.width), scaled(self.height));
        let (tile_width, tile_height) = (
            self.tile_width.min(self.width),
            self.tile_height.min(self.height),
        );
        let tile = area(scaled(tile_width), scaled(tile_height));
        let components = u128::from(self.components);
        // Each sample is a 32-bit number. A palette adds up to four channels.
        let palette_channels = if self.has_palette { 4 } else { 0 };
        let copies = if self.has_channel_definition { 2 } else { 1 };
        let samples = image * 4 * (components + palette_channels) * copies;
        // Tile components are transformed one at a time, which requires memory for the coefficients
        // and for two buffers of the transform.
        let transform = tile * 4 * 3;
        let pixels = image * components.max(3);
        // Descriptors are allocated for all code blocks and precincts of a tile, even if they are
        // skipped.
        let blocks = (area(tile_width, tile_height) * components) >> self.smallest_block_log2;
        let descriptors = blocks * (300 + 32 * u128::from(self.layers));
        u64::try_from(samples + transform + pixels + descriptors).unwrap_or(u64::MAX)
    }
}

struct Boxes<'a> {
    bytes: &'a [u8],
}

struct Jp2Box<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// `true` if the content is not truncated.
    is_complete: bool,
}

impl<'a> Boxes<'a> {
    fn next(&mut self) -> Result<Option<Jp2Box<'a>>, StructureError> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let truncated = StructureError::Truncated("it ends within the header of a box");
        let (length, rest) = self.bytes.split_first_chunk::<4>().ok_or(truncated)?;
        let (kind, mut rest) = rest.split_first_chunk::<4>().ok_or(truncated)?;
        let length = match u32::from_be_bytes(*length) {
            // The box extends to the end of the file.
            0 => rest.len() as u64,
            1 => {
                let (length, after) = rest.split_first_chunk::<8>().ok_or(truncated)?;
                rest = after;
                u64::from_be_bytes(*length).saturating_sub(16)
            }
            2..8 => return Err(StructureError::Damaged("a box is shorter than its header")),
            n => u64::from(n) - 8,
        };
        let is_complete = length <= rest.len() as u64;
        let available = usize::try_from(length)
            .unwrap_or(usize::MAX)
            .min(rest.len());
        let (content, rest) = rest.split_at(available);
        self.bytes = rest;
        Ok(Some(Jp2Box {
            kind: *kind,
            content,
            is_complete,
        }))
    }
}

/// A reader for the numbers in a marker segment.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], StructureError> {
        let (number, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(StructureError::Truncated("it ends within its header"))?;
        self.0 = rest;
        Ok(*number)
    }

    fn u8(&mut self) -> Result<u8, StructureError> {
        Ok(u8::from_be_bytes(self.take()?))
    }

    fn u16(&mut self) -> Result<u16, StructureError> {
        Ok(u16::from_be_bytes(self.take()?))
    }

    fn u32(&mut self) -> Result<u32, StructureError> {
        Ok(u32::from_be_bytes(self.take()?))
    }
}

const SIZ: u16 = 0xff51;
const COD: u16 = 0xff52;
const COC: u16 = 0xff53;
const SOT: u16 = 0xff90;
const SOD: u16 = 0xff93;
const EOC: u16 = 0xffd9;

fn read_codestream(bytes: &[u8], is_complete: bool) -> Result<Structure, StructureError> {
    let mut reader = Reader(bytes);
    // SOC is followed by SIZ, which is always the first marker segment.
    if reader.u16()? != 0xff4f || reader.u16()? != SIZ {
        return Err(StructureError::Damaged(
            "its header does not start with SOC and SIZ",
        ));
    }
    let mut structure = read_siz(segment(&mut reader)?)?;
    loop {
        match reader.u16()? {
            SOT => break,
            marker => read_coding_style(marker, segment(&mut reader)?, &mut structure)?,
        }
    }
    // The tile parts follow. Each of them declares its length.
    loop {
        let start = bytes.len() - reader.0.len() - 2;
        let mut header = Reader(segment(&mut reader)?);
        let _tile = header.u16()?;
        let length = header.u32()? as usize;
        loop {
            match reader.u16()? {
                SOD => break,
                marker => read_coding_style(marker, segment(&mut reader)?, &mut structure)?,
            }
        }
        // The last tile part may have a length of 0, which means that it extends to EOC.
        let end = match length {
            0 => bytes.len() - usize::from(bytes.ends_with(&EOC.to_be_bytes())) * 2,
            _ => start + length,
        };
        let truncated = StructureError::Truncated("its last tile part is incomplete");
        reader = Reader(bytes.get(end..).ok_or(truncated)?);
        match reader.0 {
            // Some writers omit EOC.
            [] if length > 0 && is_complete => return Ok(structure),
            _ => match reader.u16().map_err(|_| truncated)? {
                SOT => {}
                EOC => return Ok(structure),
                _ => {
                    return Err(StructureError::Damaged(
                        "the length of a tile part is wrong",
                    ));
                }
            },
        }
    }
}

/// Returns the content of a marker segment, which starts with its length.
fn segment<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], StructureError> {
    let length = usize::from(reader.u16()?);
    let content = length.checked_sub(2).ok_or(StructureError::Damaged(
        "a marker segment has an invalid length",
    ))?;
    let (content, rest) = reader
        .0
        .split_at_checked(content)
        .ok_or(StructureError::Truncated("it ends within its header"))?;
    reader.0 = rest;
    Ok(content)
}

/// Reads the SIZ marker segment (A.5.1).
fn read_siz(content: &[u8]) -> Result<Structure, StructureError> {
    let mut reader = Reader(content);
    let _capabilities = reader.u16()?;
    let [right, bottom, left, top] = [(); 4].map(|()| reader.u32());
    let (right, bottom, left, top) = (right?, bottom?, left?, top?);
    let (tile_width, tile_height) = (reader.u32()?, reader.u32()?);
    let _offsets = (reader.u32()?, reader.u32()?);
    let components = reader.u16()?;
    let mut bits = 0;
    let mut subsampling = None;
    for component in 0..components {
        let precision = (reader.u8()? & 0x7f) + 1;
        let current = (u32::from(reader.u8()?), u32::from(reader.u8()?));
        if component == 0 {
            (bits, subsampling) = (precision, Some(current));
        } else if subsampling != Some(current) {
            subsampling = None;
        }
    }
    // If all components have the same subsampling, it determines the size of the image.
    let (across, down) = subsampling.unwrap_or((1, 1));
    let empty = StructureError::Damaged("it has no pixels");
    let side = |start: u32, end: u32, step: u32| {
        let last = end.checked_div(step).map(|_| end.div_ceil(step))?;
        last.checked_sub(start.div_ceil(step))
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
        smallest_block_log2: u8::MAX,
        has_palette: false,
        has_channel_definition: false,
    })
}

/// Reads the COD and COC marker segments (A.6.1, A.6.2). Ignores other marker segments.
fn read_coding_style(
    marker: u16,
    content: &[u8],
    structure: &mut Structure,
) -> Result<(), StructureError> {
    let mut reader = Reader(content);
    let has_precincts = match marker {
        COD => {
            let flags = reader.u8()?;
            let _order = reader.u8()?;
            structure.layers = structure.layers.max(reader.u16()?);
            let _transform = reader.u8()?;
            flags & 1 != 0
        }
        COC => {
            if structure.components < 257 {
                reader.u8()?;
            } else {
                reader.u16()?;
            }
            reader.u8()? & 1 != 0
        }
        _ => return Ok(()),
    };
    let levels = reader.u8()?;
    structure.halvings = structure.halvings.min(levels);
    let block = (reader.u8()? & 15) + (reader.u8()? & 15) + 4;
    structure.smallest_block_log2 = structure.smallest_block_log2.min(block);
    let (_style, _wavelet) = (reader.u8()?, reader.u8()?);
    if has_precincts {
        for resolution in 0..=levels {
            let exponents = reader.u8()?;
            // The precincts of the lowest resolution are few and are not counted.
            if resolution > 0 || levels == 0 {
                let precinct = (exponents & 15) + (exponents >> 4);
                structure.smallest_block_log2 = structure.smallest_block_log2.min(precinct);
            }
        }
    }
    Ok(())
}
