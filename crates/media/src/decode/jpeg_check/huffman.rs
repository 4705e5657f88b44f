//! Huffman tables of JPEG (ITU-T T.81, annexes C and F.2.2.3).

/// Number of bits of the codes that are found with a single look-up.
const LOOKUP_BITS: u32 = 10;

/// A table of codes that have at most 16 bits each.
pub(super) struct HuffmanTable {
    /// The length and the value of the code at the beginning of each sequence of bits. The length
    /// is 0 if the code is longer than the sequence.
    lookup: Vec<(u8, u8)>,
    /// For each length in bits, starting with 1: the code that follows the last code of this
    /// length, aligned with the most significant of 16 bits, and the offset of the index of a value
    /// from its code.
    lengths: [(u32, i32); 16],
    values: Vec<u8>,
}

impl HuffmanTable {
    /// Creates a table from the number of codes of each length and the values in the order of their
    /// codes. Returns `None` if there are more codes of a length than are possible.
    pub fn new(counts: &[u8; 16], values: &[u8]) -> Option<HuffmanTable> {
        let mut lookup = vec![(0, 0); 1 << LOOKUP_BITS];
        let mut lengths = [(0, 0); 16];
        let (mut code, mut index) = (0u32, 0usize);
        for ((count, slot), length) in counts.iter().zip(&mut lengths).zip(1u32..) {
            let offset = i32::try_from(index).ok()? - i32::try_from(code).ok()?;
            for _ in 0..*count {
                let value = *values.get(index)?;
                if let Some(free_bits) = LOOKUP_BITS.checked_sub(length) {
                    let start = (code << free_bits) as usize;
                    let slots = lookup.get_mut(start..start + (1 << free_bits))?;
                    slots.fill((length as u8, value));
                }
                code += 1;
                index += 1;
            }
            if code > 1 << length {
                return None;
            }
            *slot = (code << (16 - length), offset);
            code <<= 1;
        }
        Some(HuffmanTable {
            lookup,
            lengths,
            values: values.to_vec(),
        })
    }

    /// Returns the length and the value of the code at the beginning of 16 bits, or `None` if there
    /// is no such code.
    #[inline]
    pub fn find(&self, bits: u16) -> Option<(u8, u8)> {
        match self.lookup.get(usize::from(bits >> (16 - LOOKUP_BITS))) {
            Some((length @ 1.., value)) => Some((*length, *value)),
            _ => self.find_long(bits),
        }
    }

    #[cold]
    fn find_long(&self, bits: u16) -> Option<(u8, u8)> {
        let bits = u32::from(bits);
        let mut lengths = self.lengths.iter().zip(1u8..);
        let ((_, offset), length) = lengths.find(|((end, _), _)| bits < *end)?;
        let index = (bits >> (16 - length)).cast_signed() + offset;
        let value = self.values.get(usize::try_from(index).ok()?)?;
        Some((length, *value))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn finds_short_and_long_codes() {
        // The codes are 0, 10, 110, and two of sixteen bits.
        let mut counts = [0; 16];
        (counts[0], counts[1], counts[2], counts[15]) = (1, 1, 1, 2);
        let table = HuffmanTable::new(&counts, &[5, 6, 7, 8, 9]).unwrap();
        assert_eq!(table.find(0b0111_1111_1111_1111), Some((1, 5)));
        assert_eq!(table.find(0b1000_0000_0000_0000), Some((2, 6)));
        assert_eq!(table.find(0b1101_0101_0101_0101), Some((3, 7)));
        assert_eq!(table.find(0b1110_0000_0000_0000), Some((16, 8)));
        assert_eq!(table.find(0b1110_0000_0000_0001), Some((16, 9)));
        assert_eq!(table.find(0b1110_0000_0000_0010), None);
        assert_eq!(table.find(0xffff), None);
    }

    #[test]
    fn rejects_too_many_codes_and_missing_values() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(HuffmanTable::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 2;
        assert!(HuffmanTable::new(&counts, &[1]).is_none());
        counts[1] = 1;
        assert!(HuffmanTable::new(&counts, &[1, 2, 3]).is_none());
        assert!(HuffmanTable::new(&[0; 16], &[]).is_some());
    }
}
