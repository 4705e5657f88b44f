//! A decoder for the CCITT compression schemes of bilevel TIFF images that the `tiff` crate does not
//! support: Modified Huffman, Group 3 with one- and two-dimensional coding, and Group 4 with reversed
//! bit order (FillOrder 2).
//!
//! The schemes are specified in ITU-T T.4 and T.6, and in sections 10 and 11 of TIFF 6.0. The code
//! tables are those of the `fax` crate.

use std::convert::Infallible;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

/// The coding scheme of a CCITT image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Scheme {
    /// Compression 2: lines use one-dimensional coding, and each line starts at a byte boundary.
    ModifiedHuffman,
    /// Compression 3: lines use one-dimensional coding, with EOL codes between them.
    Group3,
    /// Compression 3 with bit 0 of T4Options set: each line uses one- or two-dimensional coding.
    Group3TwoDimensional,
    /// Compression 4: all lines use two-dimensional coding.
    Group4,
}

/// A bit reader. Zero bits are appended to the data, so that the last codes can be looked up.
type Bits<'a> = ByteReader<Box<dyn Iterator<Item = Result<u8, Infallible>> + 'a>>;

/// Decodes a strip of `rows` rows to one byte per pixel. The pixels of white runs have the value
/// `white`, which is 0 or 255, and the pixels of black runs have the complement of this value.
///
/// Returns `None` if a code is invalid or if the data ends too early.
pub(in crate::decode) fn decode(
    bytes: &[u8],
    is_reversed: bool,
    scheme: Scheme,
    (width, rows): (u16, u32),
    white: u8,
) -> Option<Vec<u8>> {
    let msb_first = bytes.iter().map(move |byte| {
        if is_reversed {
            byte.reverse_bits()
        } else {
            *byte
        }
    });
    let padded: Box<dyn Iterator<Item = _>> =
        Box::new(msb_first.chain(std::iter::repeat_n(0, 8)).map(Ok));
    let mut bits = ByteReader::new(padded).ok()?;
    let mut pixels = Vec::with_capacity(usize::from(width) * rows as usize);
    let mut reference: Vec<u16> = Vec::new();
    for _ in 0..rows {
        let is_two_dimensional = match scheme {
            Scheme::ModifiedHuffman => {
                let padding = bits.bits_to_byte_boundary();
                bits.consume(padding).ok()?;
                false
            }
            Scheme::Group3 | Scheme::Group3TwoDimensional => {
                skip_eol(&mut bits)?;
                // The tag bit after EOL is 1 for a line that uses one-dimensional coding.
                scheme == Scheme::Group3TwoDimensional && !take_bit(&mut bits)?
            }
            Scheme::Group4 => true,
        };
        let line = if is_two_dimensional {
            match line_2d(&mut bits, width, &reference)? {
                Some(line) => line,
                // After EOFB, the remaining lines are white.
                None => break,
            }
        } else {
            line_1d(&mut bits, width)?
        };
        append_pixels(&line, width, white, &mut pixels);
        reference = line;
    }
    pixels.resize(usize::from(width) * rows as usize, white);
    Some(pixels)
}

fn take_bit(bits: &mut Bits<'_>) -> Option<bool> {
    let bit = bits.peek(1)?;
    bits.consume(1).ok()?;
    Some(bit == 1)
}

/// Skips an EOL code: eleven or more zeros, followed by a one. Some writers omit it.
fn skip_eol(bits: &mut Bits<'_>) -> Option<()> {
    if bits.peek(11)? == 0 {
        while !take_bit(bits)? {}
    }
    Some(())
}

fn decode_run(bits: &mut Bits<'_>, is_black: bool) -> Option<u16> {
    let mut sum: u16 = 0;
    loop {
        let length = if is_black {
            black::decode(bits)
        } else {
            white::decode(bits)
        }?;
        sum = sum.checked_add(length)?;
        // A make-up code is followed by further codes for the same run.
        if length < 64 {
            return Some(sum);
        }
    }
}

/// Decodes a line that uses one-dimensional coding. Returns the positions of the colour changes;
/// the first is the end of the first white run.
fn line_1d(bits: &mut Bits<'_>, width: u16) -> Option<Vec<u16>> {
    let mut line = Vec::new();
    let (mut a0, mut is_black) = (0_u16, false);
    while a0 < width {
        a0 = a0.checked_add(decode_run(bits, is_black)?)?.min(width);
        line.push(a0);
        is_black = !is_black;
    }
    Some(line)
}

/// Decodes a line that uses two-dimensional coding relative to the reference line. Returns the
/// positions of the colour changes, or `Some(None)` at EOFB.
fn line_2d(bits: &mut Bits<'_>, width: u16, reference: &[u16]) -> Option<Option<Vec<u16>>> {
    let mut line: Vec<u16> = Vec::new();
    let (mut a0, mut is_black, mut has_begun) = (0_u16, false, false);
    while a0 < width {
        // b1 is the first change in the reference line to the right of a0 that has the opposite
        // colour. b2 is the next change.
        let first = usize::from(is_black);
        let b1 = (first..reference.len()).step_by(2).find(|i| {
            reference
                .get(*i)
                .is_some_and(|position| *position > a0 || !has_begun)
        });
        let position = |i: Option<usize>| {
            let position = i.and_then(|i| reference.get(i)).copied();
            position.unwrap_or(width).min(width)
        };
        match mode::decode(bits)? {
            Mode::Pass => a0 = position(b1.map(|i| i + 1)),
            Mode::Vertical(offset) => {
                let a1 = i32::from(position(b1)) + i32::from(offset);
                let a1 = u16::try_from(a1)
                    .ok()
                    .filter(|a1| *a1 >= a0 && *a1 <= width)?;
                line.push(a1);
                a0 = a1;
                is_black = !is_black;
            }
            Mode::Horizontal => {
                for is_black in [is_black, !is_black] {
                    a0 = a0.checked_add(decode_run(bits, is_black)?)?.min(width);
                    line.push(a0);
                }
            }
            Mode::EOF if line.is_empty() => return Some(None),
            Mode::EOF | Mode::Extension => return None,
        }
        has_begun = true;
    }
    Some(Some(line))
}

fn append_pixels(line: &[u16], width: u16, white: u8, pixels: &mut Vec<u8>) {
    let (mut at, mut colour) = (0, white);
    let end = pixels.len() + usize::from(width);
    for change in line {
        let run = change.saturating_sub(at);
        pixels.resize(pixels.len() + usize::from(run), colour);
        at = (*change).max(at);
        colour = !colour;
    }
    pixels.resize(end, colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Converts bits as printed in the standard to bytes.
    fn bytes(bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits
            .bytes()
            .filter(|b| *b != b' ')
            .map(|b| b - b'0')
            .collect();
        let byte = |bits: &[u8]| (0..8).fold(0, |n, i| n << 1 | bits.get(i).unwrap_or(&0));
        bits.chunks(8).map(byte).collect()
    }

    const LINE: [u8; 16] = [
        255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255,
    ];

    #[test]
    fn decodes_all_schemes() {
        // Four white, eight black and four white pixels.
        let runs = "1011 000101 1011";
        let eol = "000000000001";
        let two_lines = [LINE, LINE].concat();
        let size = (16, 2);
        // Each line starts at a byte boundary.
        let coded = bytes(&format!("{runs} 00 {runs}"));
        assert_eq!(
            decode(&coded, false, Scheme::ModifiedHuffman, size, 255).as_ref(),
            Some(&two_lines)
        );
        for coded in [
            format!("{eol}{runs}{eol}{runs}{}", eol.repeat(6)),
            // This strip has fill bits, and no EOL before the first line.
            format!("{runs}0000{eol}{runs}"),
        ] {
            let coded = bytes(&coded);
            assert_eq!(
                decode(&coded, false, Scheme::Group3, size, 255).as_ref(),
                Some(&two_lines)
            );
        }
        // The second line repeats the first in vertical mode 0.
        let coded = bytes(&format!("{eol}1{runs}{eol}0 1 1 1"));
        assert_eq!(
            decode(&coded, false, Scheme::Group3TwoDimensional, size, 255).as_ref(),
            Some(&two_lines)
        );
        let coded = bytes(&format!("001{}{} 1 111 {eol}{eol}", "1011", "000101"));
        assert_eq!(
            decode(&coded, false, Scheme::Group4, size, 255).as_ref(),
            Some(&two_lines)
        );
        let reversed: Vec<u8> = coded.iter().map(|byte| byte.reverse_bits()).collect();
        assert_eq!(
            decode(&reversed, true, Scheme::Group4, size, 255).as_ref(),
            Some(&two_lines)
        );
    }

    #[test]
    fn rejects_invalid_and_truncated_codes() {
        for scheme in [
            Scheme::ModifiedHuffman,
            Scheme::Group3,
            Scheme::Group3TwoDimensional,
            Scheme::Group4,
        ] {
            for coded in [&[][..], &[0xff; 3], &[0x00; 9], &[0xb1, 0x6b], &[0x55; 40]] {
                if let Some(pixels) = decode(coded, false, scheme, (1728, 3), 0) {
                    assert_eq!(pixels.len(), 3 * 1728);
                }
            }
        }
        assert_eq!(
            decode(&[0xb1], false, Scheme::ModifiedHuffman, (16, 2), 0),
            None
        );
    }
}
