//! How large an image says itself that it is, where its format says so: more than the PDF says of it, it may
//! be, and the program that draws believes it.

use memchr::memmem;

/// What the parts of an image claim.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Claim {
    /// Width and height of the page, or of the image.
    pub size: (u32, u32),
    /// The pixels of everything that is decoded to make it.
    pub pixels: u64,
}

impl Claim {
    fn add(&mut self, width: u32, height: u32) {
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        self.pixels = self.pixels.saturating_add(pixels);
    }

    fn page(&mut self, width: u32, height: u32) {
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        if area((width, height)) > area(self.size) {
            self.size = (width, height);
        }
        self.add(width, height);
    }
}

/// What the segments of JBIG2 claim (ITU-T T.88, 7.2 and 7.4).
pub fn jbig2(bytes: &[u8]) -> Claim {
    let mut claim = Claim::default();
    let mut rest = bytes;
    let mut open = None;
    let mut lowest = 0;
    while let Some((kind, data, behind)) = segment(rest) {
        rest = behind;
        let side = |at: usize| u32_at(data, at);
        match kind {
            // A page whose height is not known yet ends with its last stripe.
            48 => match (side(0), side(4)) {
                (Some(width), Some(u32::MAX)) => open = Some(width),
                (Some(width), Some(height)) => claim.page(width, height),
                _ => {}
            },
            50 => lowest = lowest.max(side(0).unwrap_or(0).saturating_add(1)),
            4..=7 | 20..=23 | 36..=43 => {
                if let (Some(width), Some(height)) = (side(0), side(4)) {
                    claim.add(width, height);
                }
                // The cells of a halftone are numbers and not bits.
                if let (20..=23, Some(across), Some(down)) = (kind, side(18), side(22)) {
                    claim.add(across, down.saturating_mul(32));
                }
            }
            // So many patterns of one size.
            16 => {
                if let (Some([_, width, height, ..]), Some(last)) = (data.get(..3), side(3)) {
                    let area = u32::from(*width) * u32::from(*height);
                    claim.add(area, last.saturating_add(1));
                }
            }
            _ => {}
        }
    }
    if let Some(width) = open {
        claim.page(width, lowest);
    }
    claim
}

/// The kind of the first segment, its data, and what follows it.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let number = u32_at(bytes, 0)?;
    let flags = *bytes.get(4)?;
    let short = *bytes.get(5)? >> 5;
    let (count, mut at) = match short {
        0..=4 => (usize::from(short), 6),
        7 => {
            let count = (u32_at(bytes, 5)? & 0x1fff_ffff) as usize;
            (count, 9 + (count + 1).div_ceil(8))
        }
        _ => return None,
    };
    at += count
        * match number {
            0..=256 => 1,
            257..=65_536 => 2,
            _ => 4,
        };
    at += if flags & 0x40 == 0 { 1 } else { 4 };
    let length = u32_at(bytes, at)?;
    let rest = bytes.get(at + 4..)?;
    let length = match length {
        u32::MAX => unknown_length(rest)?,
        length => length as usize,
    };
    let kind = flags & 0x3f;
    // What is cut off claims what it claims.
    Some(match rest.split_at_checked(length) {
        Some((data, behind)) => (kind, data, behind),
        None => (kind, rest, &[]),
    })
}

/// How long a generic region is that does not say so: up to a mark, and the number of its rows.
fn unknown_length(data: &[u8]) -> Option<usize> {
    let flags = *data.get(17)?;
    let (mark, adaptive) = match (flags & 1, flags >> 1 & 3, flags & 0x10) {
        (1, _, _) => ([0, 0], 0),
        (_, 0, 0) => ([0xff, 0xac], 8),
        (_, 0, _) => ([0xff, 0xac], 24),
        _ => ([0xff, 0xac], 2),
    };
    let from = 18 + adaptive;
    Some(from + memmem::find(data.get(from..)?, &mark)? + 6)
}

/// What a codestream of JPEG 2000 claims (ITU-T T.800, A.5.1), or the largest where there are several.
pub fn jpeg2000(bytes: &[u8]) -> Claim {
    let mut claim = Claim::default();
    for at in memmem::find_iter(bytes, &[0xff, 0x4f, 0xff, 0x51]) {
        let head = bytes.get(at..).unwrap_or_default();
        let side = |at: usize| Some(u32_at(head, at)?.saturating_sub(u32_at(head, at + 8)?));
        if let (Some(width), Some(height), true) = (side(8), side(12), has_parts(head)) {
            claim.page(width, height);
        }
    }
    claim.pixels = u64::from(claim.size.0) * u64::from(claim.size.1);
    claim
}

/// Whether what a codestream begins with is followed by its colours, and is not the same bytes by chance.
fn has_parts(head: &[u8]) -> bool {
    let count = head.get(40..).and_then(|rest| rest.first_chunk());
    let count = count.map_or(0, |two| usize::from(u16::from_be_bytes(*two)));
    let parts = head.get(42..42 + 3 * count).unwrap_or_default();
    let is_part = |part: &[u8]| matches!(part, [bits, x, y] if bits & 0x7f < 38 && x.min(y) > &0);
    !parts.is_empty() && parts.chunks(3).all(is_part)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*four))
}
