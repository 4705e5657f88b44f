//! WOFF 1.0 (W3C Recommendation, 13 December 2012) back to the sfnt it wraps.

use std::io::Read;

/// No table of a font this program uses comes near this size, in bytes.
const LARGEST_TABLE: usize = 16 << 20;

/// Unwraps a WOFF 1.0 file into an sfnt (TrueType or OpenType) font.
///
/// The tables keep the order of the WOFF directory, which the standard wants
/// sorted by tag. Metadata and private blocks are left out.
///
/// # Errors
/// A sentence saying what is wrong with the bytes.
pub fn to_sfnt(woff: &[u8]) -> Result<Vec<u8>, String> {
    if woff.get(..4) != Some(b"wOFF") {
        return Err("does not begin with the signature wOFF".into());
    }
    let flavor = u32_at(woff, 4)?;
    let count = u16_at(woff, 12)?;
    if count == 0 {
        return Err("holds no tables".into());
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
            .ok_or_else(|| format!("table {index} lies outside the file"))?;
        if length > LARGEST_TABLE || length < stored {
            return Err(format!("table {index} claims {length} bytes"));
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
                .map_err(|error| format!("table {index} does not inflate ({error})"))?;
        }
        if bodies.len() - start != length {
            return Err(format!(
                "table {index} inflates to another length than it claims"
            ));
        }
        bodies.resize(bodies.len().next_multiple_of(4), 0);
    }
    out.extend(bodies);
    Ok(out)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, String> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map(|four| u32::from_be_bytes(*four))
        .ok_or_else(|| "ends in the middle of its directory".into())
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, String> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map(|two| u16::from_be_bytes(*two))
        .ok_or_else(|| "ends in the middle of its header".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write;

    /// A WOFF of one table, compressed, that claims `length` bytes of it.
    fn one_table(body: &[u8], length: u32) -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(body).unwrap();
        let packed = zlib.finish().unwrap();
        let mut woff = b"wOFF\0\x01\0\0".to_vec();
        woff.extend(0u32.to_be_bytes());
        woff.extend(1u16.to_be_bytes());
        woff.resize(44, 0);
        woff.extend(b"test");
        woff.extend(64u32.to_be_bytes());
        woff.extend((packed.len() as u32).to_be_bytes());
        woff.extend(length.to_be_bytes());
        woff.extend(7u32.to_be_bytes());
        woff.extend(packed);
        woff
    }

    #[test]
    fn a_compressed_table_comes_back_whole_and_padded() {
        let body = [9u8; 401];
        let sfnt = to_sfnt(&one_table(&body, 401)).unwrap();
        assert_eq!(sfnt.get(12..16).unwrap(), b"test");
        assert_eq!(sfnt.get(28..28 + 401).unwrap(), body);
        assert_eq!(sfnt.len(), 28 + 404);
    }

    #[test]
    fn garbage_is_refused_with_a_reason() {
        assert!(to_sfnt(b"").unwrap_err().contains("signature"));
        assert!(to_sfnt(b"wOF2 and more").unwrap_err().contains("signature"));
        assert!(to_sfnt(b"wOFF").unwrap_err().contains("ends"));
        let mut cut = one_table(&[9; 401], 401);
        cut.truncate(70);
        assert!(to_sfnt(&cut).unwrap_err().contains("outside"));
        let mut spoilt = one_table(&[9; 401], 401);
        spoilt[64] ^= 0xff;
        assert!(to_sfnt(&spoilt).unwrap_err().contains("inflate"));
    }

    #[test]
    fn a_table_of_another_length_than_claimed_is_refused() {
        let error = to_sfnt(&one_table(&[9; 401], 400)).unwrap_err();
        assert!(error.contains("another length"), "{error}");
        let error = to_sfnt(&one_table(&[9; 401], u32::MAX)).unwrap_err();
        assert!(error.contains("claims"), "{error}");
    }
}
