//! CCITT codes of bilevel TIFFs that the `tiff` crate does not read: modified Huffman, Group 3 in one
//! dimension and in two, and Group 4 with its bits in reverse. (ITU-T T.4 and T.6; TIFF 6.0, sections
//! 10 and 11.) The tables of codes are those of the `fax` crate.

use std::convert::Infallible;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

/// How lines are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Compression 2: runs, each line beginning at a byte.
    Runs,
    /// Compression 3: runs, with marks between lines.
    Group3,
    /// Compression 3 with the first bit of T4Options: lines may refer to the one before.
    Group3Both,
    /// Compression 4: every line refers to the one before.
    Group4,
}

/// A bit reader at the end of which zeroes follow, so that the last codes can be looked up.
type Bits<'a> = ByteReader<Box<dyn Iterator<Item = Result<u8, Infallible>> + 'a>>;

/// Decodes a strip into pixels of a byte, `rows` rows of `width`; `None` where its codes are none,
/// or end too early. A white run is `white`, a black one the other of 0 and 255.
pub(super) fn decode(
    bytes: &[u8],
    reversed: bool,
    scheme: Scheme,
    (width, rows): (u16, u32),
    white: u8,
) -> Option<Vec<u8>> {
    let own = bytes
        .iter()
        .map(move |byte| if reversed { byte.reverse_bits() } else { *byte });
    let padded: Box<dyn Iterator<Item = _>> =
        Box::new(own.chain(std::iter::repeat_n(0, 8)).map(Ok));
    let mut bits = ByteReader::new(padded).ok()?;
    let mut pixels = Vec::with_capacity(usize::from(width) * rows as usize);
    let mut before: Vec<u16> = Vec::new();
    for _ in 0..rows {
        let both = match scheme {
            Scheme::Runs => {
                let odd = bits.bits_to_byte_boundary();
                bits.consume(odd).ok()?;
                false
            }
            Scheme::Group3 | Scheme::Group3Both => {
                skip_mark(&mut bits)?;
                // The bit after the mark: 1 for a line of runs alone.
                scheme == Scheme::Group3Both && !take_bit(&mut bits)?
            }
            Scheme::Group4 => true,
        };
        let line = if both {
            match line_by_line(&mut bits, width, &before)? {
                Some(line) => line,
                // The end of a strip whose last lines are white.
                None => break,
            }
        } else {
            line_of_runs(&mut bits, width)?
        };
        paint(&line, width, white, &mut pixels);
        before = line;
    }
    pixels.resize(usize::from(width) * rows as usize, white);
    Some(pixels)
}

fn take_bit(bits: &mut Bits<'_>) -> Option<bool> {
    let bit = bits.peek(1)?;
    bits.consume(1).ok()?;
    Some(bit == 1)
}

/// The mark at the end of a line: eleven zeroes or more, and a one. Some writers leave it out.
fn skip_mark(bits: &mut Bits<'_>) -> Option<()> {
    if bits.peek(11)? == 0 {
        while !take_bit(bits)? {}
    }
    Some(())
}

fn run(bits: &mut Bits<'_>, is_black: bool) -> Option<u16> {
    let mut sum: u16 = 0;
    loop {
        let part = if is_black {
            black::decode(bits)
        } else {
            white::decode(bits)
        }?;
        sum = sum.checked_add(part)?;
        // Larger ones are followed by the rest.
        if part < 64 {
            return Some(sum);
        }
    }
}

/// Where the colour changes, beginning with the end of the first white run.
fn line_of_runs(bits: &mut Bits<'_>, width: u16) -> Option<Vec<u16>> {
    let mut line = Vec::new();
    let (mut at, mut is_black) = (0_u16, false);
    while at < width {
        at = at.checked_add(run(bits, is_black)?)?.min(width);
        line.push(at);
        is_black = !is_black;
    }
    Some(line)
}

/// A line that says how it differs from the one before; the inner `None` is the end of the picture.
fn line_by_line(bits: &mut Bits<'_>, width: u16, before: &[u16]) -> Option<Option<Vec<u16>>> {
    let mut line: Vec<u16> = Vec::new();
    let (mut at, mut is_black, mut begun) = (0_u16, false, false);
    while at < width {
        // The change above, to the right, to the colour that this one is not; and the one after it.
        let first = usize::from(is_black);
        let above = (first..before.len())
            .step_by(2)
            .find(|i| before.get(*i).is_some_and(|place| *place > at || !begun));
        let place = |i: Option<usize>| {
            let place = i.and_then(|i| before.get(i)).copied();
            place.unwrap_or(width).min(width)
        };
        match mode::decode(bits)? {
            Mode::Pass => at = place(above.map(|i| i + 1)),
            Mode::Vertical(by) => {
                let to = i32::from(place(above)) + i32::from(by);
                let to = u16::try_from(to)
                    .ok()
                    .filter(|to| *to >= at && *to <= width)?;
                line.push(to);
                at = to;
                is_black = !is_black;
            }
            Mode::Horizontal => {
                for is_black in [is_black, !is_black] {
                    at = at.checked_add(run(bits, is_black)?)?.min(width);
                    line.push(at);
                }
            }
            Mode::EOF if line.is_empty() => return Some(None),
            Mode::EOF | Mode::Extension => return None,
        }
        begun = true;
    }
    Some(Some(line))
}

fn paint(line: &[u16], width: u16, white: u8, pixels: &mut Vec<u8>) {
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

    /// Bits as they are written in the standard.
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
    fn runs_marks_and_lines_that_refer_to_the_one_before() {
        // White 4, black 8, white 4.
        let runs = "1011 000101 1011";
        let mark = "000000000001";
        let two = [LINE, LINE].concat();
        let size = (16, 2);
        // Each line begins at a byte.
        let coded = bytes(&format!("{runs} 00 {runs}"));
        assert_eq!(
            decode(&coded, false, Scheme::Runs, size, 255).as_ref(),
            Some(&two)
        );
        for coded in [
            format!("{mark}{runs}{mark}{runs}{}", mark.repeat(6)),
            // Filled up, and without a mark before the first line.
            format!("{runs}0000{mark}{runs}"),
        ] {
            let coded = bytes(&coded);
            assert_eq!(
                decode(&coded, false, Scheme::Group3, size, 255).as_ref(),
                Some(&two)
            );
        }
        // The second as the first: each change right below the one above, and the end.
        let coded = bytes(&format!("{mark}1{runs}{mark}0 1 1 1"));
        assert_eq!(
            decode(&coded, false, Scheme::Group3Both, size, 255).as_ref(),
            Some(&two)
        );
        let coded = bytes(&format!("001{}{} 1 111 {mark}{mark}", "1011", "000101"));
        assert_eq!(
            decode(&coded, false, Scheme::Group4, size, 255).as_ref(),
            Some(&two)
        );
        let reversed: Vec<u8> = coded.iter().map(|byte| byte.reverse_bits()).collect();
        assert_eq!(
            decode(&reversed, true, Scheme::Group4, size, 255).as_ref(),
            Some(&two)
        );
    }

    #[test]
    fn codes_that_are_none_or_end_too_early() {
        for scheme in [
            Scheme::Runs,
            Scheme::Group3,
            Scheme::Group3Both,
            Scheme::Group4,
        ] {
            for coded in [&[][..], &[0xff; 3], &[0x00; 9], &[0xb1, 0x6b], &[0x55; 40]] {
                if let Some(pixels) = decode(coded, false, scheme, (1728, 3), 0) {
                    assert_eq!(pixels.len(), 3 * 1728);
                }
            }
        }
        assert_eq!(decode(&[0xb1], false, Scheme::Runs, (16, 2), 0), None);
    }
}
