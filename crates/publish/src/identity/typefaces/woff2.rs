//! Tables of fonts in WOFF2 (W3C WOFF File Format 2.0). The tables that are read here are never transformed.

use std::io::Read;

/// The first bytes of a WOFF2 file.
pub(super) const SIGNATURE: &[u8] = b"wOF2";

/// Maximum size of the decompressed tables in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// The flavour of a file with several fonts.
const COLLECTION: &[u8] = b"ttcf";

/// The tags that the directory abbreviates, by their numbers (section 4.1).
const KNOWN_TAGS: &[u8; 252] = b"cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgasphdmx\
kernLTSHPCLTVDMXvheavmtxBASEGDEFGPOSGSUBEBSCJSTFMATHCBDTCBLCCOLRCPALSVG sbixacntavarbdatblocbslncvarfdscfeatfmtxfvar\
gvarhstyjustlcarmortmorxopbdproptrakZapfSilfGlatGlocFeatSill";

/// The decompressed tables of a font.
pub(super) struct Tables {
    bytes: Vec<u8>,
    /// The tag, the position and the length of each table.
    directory: Vec<([u8; 4], usize, usize)>,
}

impl Tables {
    /// Reads a font. Returns `None` if the file is damaged, too large, or a collection.
    pub(super) fn read(file: &[u8]) -> Option<Tables> {
        let mut reader = Reader(file);
        if reader.take(4)? != SIGNATURE || reader.take(4)? == COLLECTION {
            return None;
        }
        reader.take(4)?;
        let count = reader.u16()?;
        reader.take(6)?;
        let compressed = reader.u32()? as usize;
        reader.take(24)?;
        let mut directory = Vec::new();
        let mut at = 0usize;
        for _ in 0..count {
            let flags = *reader.take(1)?.first()?;
            let number = usize::from(flags & 0x3f);
            let tag = match KNOWN_TAGS.get(number * 4..number * 4 + 4) {
                Some(tag) => tag,
                None => reader.take(4)?,
            };
            let tag = <[u8; 4]>::try_from(tag).ok()?;
            let mut length = reader.base128()?;
            let version = flags >> 6;
            let is_outline = matches!(&tag, b"glyf" | b"loca");
            if (is_outline && version != 3) || (!is_outline && version != 0) {
                length = reader.base128()?;
            }
            directory.push((tag, at, length as usize));
            at = at.checked_add(length as usize)?;
        }
        if at as u64 > MAX_BYTES {
            return None;
        }
        let stream = reader.0.get(..compressed)?;
        let mut bytes = Vec::new();
        let decompressor = brotli::Decompressor::new(stream, 4096);
        let read = decompressor.take(at as u64 + 1).read_to_end(&mut bytes);
        (read.is_ok() && bytes.len() == at).then_some(Tables { bytes, directory })
    }

    /// Returns `true` if the font has a table.
    pub(super) fn has(&self, tag: &[u8]) -> bool {
        self.directory.iter().any(|(name, _, _)| name == tag)
    }

    /// Returns a table that is not transformed.
    pub(super) fn get(&self, tag: [u8; 4]) -> Option<&[u8]> {
        let mut entries = self.directory.iter();
        let (_, at, length) = entries.find(|(name, _, _)| *name == tag)?;
        self.bytes.get(*at..at.checked_add(*length)?)
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// Reads a number of variable length, of at most five bytes.
    fn base128(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for _ in 0..5 {
            let byte = *self.take(1)?.first()?;
            value = value.checked_mul(128)? | u32::from(byte & 0x7f);
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}
