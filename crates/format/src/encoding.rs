//! The two building blocks of all binary parts of the format: varints and length-prefixed byte
//! strings.

/// Appends `value` as an unsigned LEB128 varint: seven bits per byte, least significant bits first,
/// with the high bit set in all bytes except the last.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a byte string: its length as a varint, followed by the bytes.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A reader for the output of [`put_varint`] and [`put_bytes`].
///
/// The bytes are untrusted. Every method that reads them returns `None` if they end too early or if
/// a number is out of range.
pub struct ByteReader<'a>(&'a [u8]);

impl<'a> ByteReader<'a> {
    /// Creates a reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        ByteReader(bytes)
    }

    /// Returns `true` if all bytes have been read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of bytes that have not been read yet.
    pub fn remaining(&self) -> usize {
        self.0.len()
    }

    /// Reads one byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Reads a varint of up to ten bytes.
    pub fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// Reads a varint whose value fits into 32 bits.
    pub fn varint_u32(&mut self) -> Option<u32> {
        self.varint()?.try_into().ok()
    }

    /// Reads a varint that is a number of elements, each of which takes at least one byte. Returns
    /// `None` if the remaining bytes cannot contain that many elements, so it is safe for callers
    /// to allocate memory for all of them.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.varint()?).ok()?;
        (count <= self.remaining()).then_some(count)
    }

    /// Reads `n` bytes.
    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Reads a length-prefixed byte string.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let n = self.count()?;
        self.take(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varint_round_trips() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            assert_eq!(ByteReader::new(&out).varint(), Some(value));
        }
    }

    #[test]
    fn truncated_and_oversized_values_are_rejected() {
        assert_eq!(ByteReader::new(&[0x80]).varint(), None);
        assert_eq!(ByteReader::new(&[0xff; 11]).varint(), None);
        assert_eq!(
            ByteReader::new(&[0x80, 0x80, 0x80, 0x80, 0x10]).varint_u32(),
            None
        );
        assert_eq!(ByteReader::new(&[200, 1, 7]).bytes(), None);
        assert_eq!(ByteReader::new(&[5]).count(), None);
    }
}
