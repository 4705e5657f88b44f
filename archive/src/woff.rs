//! Conversion of WOFF 1.0 fonts (W3C Recommendation, 13 December 2012) to sfnt.

use std::io::Read;

/// Maximum size of a table in bytes. The tables of the fonts are much smaller.
const MAX_TABLE_LEN: usize = 16 << 20;

/// Converts a WOFF 1.0 file to an sfnt (TrueType or OpenType) font.
///
/// The tables remain in the order of the WOFF directory, which is sorted by tag. Metadata and
/// private blocks are omitted.
///
/// # Errors
/// Returns a description of the defect if `woff` is not a valid WOFF 1.0 file.
pub fn to_sfnt(woff: &[u8]) -> Result<Vec<u8>, String> {
    if woff.get(..4) != Some(b"wOFF") {
        return Err("it does not start with the signature `wOFF`".into());
    }
    let flavor = u32_at(woff, 4)?;
    let count = u16_at(woff, 12)?;
    if count == 0 {
        return Err("it has no tables".into());
    }

    let mut out = Vec::new();
    out.extend(flavor.to_be_bytes());
    out.extend(count.to_be_bytes());
    let entry_selector = count.ilog2() as u16;
    let search_range = 16u16 << entry_selector.min(11);
    out.extend(search_range.to_be_bytes());
    out.extend(entry_selector.to_be_bytes());
    out.extend((count.saturating_mul(16).saturating_sub(search_range)).to_be_bytes());

    let mut bodies = Vec::new();
    let first_body = 12 + 16 * usize::from(count);
    for index in 0..usize::from(count) {
        let entry = 44 + 20 * index;
        let tag = u32_at(woff, entry)?;
        let offset = u32_at(woff, entry + 4)? as usize;
        let stored = u32_at(woff, entry + 8)? as usize;
        let length = u32_at(woff, entry + 12)? as usize;
        let checksum = u32_at(woff, entry + 16)?;
        let body = offset
            .checked_add(stored)
            .and_then(|end| woff.get(offset..end))
            .ok_or_else(|| format!("table {index} extends beyond the end of the file"))?;
        if length > MAX_TABLE_LEN || length < stored {
            return Err(format!(
                "table {index} declares an invalid length of {length} bytes"
            ));
        }

        out.extend(tag.to_be_bytes());
        out.extend(checksum.to_be_bytes());
        out.extend(((first_body + bodies.len()) as u32).to_be_bytes());
        out.extend((length as u32).to_be_bytes());

        let start = bodies.len();
        if stored == length {
            bodies.extend(body);
        } else {
            flate2::read::ZlibDecoder::new(body)
                .take(length as u64 + 1)
                .read_to_end(&mut bodies)
                .map_err(|error| format!("table {index} cannot be decompressed: {error}"))?;
        }
        if bodies.len() - start != length {
            return Err(format!("table {index} does not have the declared length"));
        }
        bodies.resize(bodies.len().next_multiple_of(4), 0);
    }
    out.extend(bodies);
    Ok(out)
}

fn u32_at(bytes: &[u8], offset: usize) -> Result<u32, String> {
    bytes
        .get(offset..)
        .and_then(|rest| rest.first_chunk())
        .map(|bytes| u32::from_be_bytes(*bytes))
        .ok_or_else(|| "the directory is truncated".into())
}

fn u16_at(bytes: &[u8], offset: usize) -> Result<u16, String> {
    bytes
        .get(offset..)
        .and_then(|rest| rest.first_chunk())
        .map(|bytes| u16::from_be_bytes(*bytes))
        .ok_or_else(|| "the header is truncated".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write;

    /// Returns a WOFF file with one compressed table that declares `length` bytes.
    fn woff_with_table(body: &[u8], length: u32) -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(body).unwrap();
        let compressed = zlib.finish().unwrap();
        let mut woff = b"wOFF\0\x01\0\0".to_vec();
        woff.extend(0u32.to_be_bytes());
        woff.extend(1u16.to_be_bytes());
        woff.resize(44, 0);
        woff.extend(b"test");
        woff.extend(64u32.to_be_bytes());
        woff.extend((compressed.len() as u32).to_be_bytes());
        woff.extend(length.to_be_bytes());
        woff.extend(7u32.to_be_bytes());
        woff.extend(compressed);
        woff
    }

    #[test]
    fn inflates_and_pads_a_table() {
        let body = [9u8; 401];
        let sfnt = to_sfnt(&woff_with_table(&body, 401)).unwrap();
        assert_eq!(sfnt.get(12..16).unwrap(), b"test");
        assert_eq!(sfnt.get(28..28 + 401).unwrap(), body);
        assert_eq!(sfnt.len(), 28 + 404);
    }

    #[test]
    fn rejects_malformed_files() {
        assert!(to_sfnt(b"").unwrap_err().contains("signature"));
        assert!(to_sfnt(b"wOF2 and more").unwrap_err().contains("signature"));
        assert!(to_sfnt(b"wOFF").unwrap_err().contains("truncated"));
        let mut truncated = woff_with_table(&[9; 401], 401);
        truncated.truncate(70);
        assert!(to_sfnt(&truncated).unwrap_err().contains("beyond the end"));
        let mut corrupted = woff_with_table(&[9; 401], 401);
        corrupted[64] ^= 0xff;
        assert!(to_sfnt(&corrupted).unwrap_err().contains("decompress"));
    }

    #[test]
    fn rejects_tables_of_another_length_than_declared() {
        let error = to_sfnt(&woff_with_table(&[9; 401], 400)).unwrap_err();
        assert!(error.contains("declared length"), "{error}");
        let error = to_sfnt(&woff_with_table(&[9; 401], u32::MAX)).unwrap_err();
        assert!(error.contains("declares"), "{error}");
    }
}
