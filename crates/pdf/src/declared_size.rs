//! Dimensions that are declared in the data of JBIG2 and JPEG 2000 images.
//!
//! They may exceed the dimensions in the image dictionary of the PDF. The renderer allocates memory
//! according to the dimensions in the image data.

use memchr::memmem;

/// The dimensions that the data of an image declares.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DeclaredSize {
    /// Width and height of the image in pixels.
    pub size: (u32, u32),
    /// Total number of pixels in all bitmaps that are decoded to produce the image.
    pub pixels: u64,
}

impl DeclaredSize {
    fn add_bitmap(&mut self, width: u32, height: u32) {
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        self.pixels = self.pixels.saturating_add(pixels);
    }

    fn add_page(&mut self, width: u32, height: u32) {
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        if area((width, height)) > area(self.size) {
            self.size = (width, height);
        }
        self.add_bitmap(width, height);
    }
}

/// Returns the size declared by the segments of a JBIG2 stream (ITU-T T.88, 7.2 and 7.4).
pub fn jbig2(bytes: &[u8]) -> DeclaredSize {
    let mut declared = DeclaredSize::default();
    let mut rest = bytes;
    let mut striped_page_width = None;
    let mut striped_page_height = 0;
    while let Some((kind, data, after)) = segment(rest) {
        rest = after;
        let side = |offset: usize| u32_at(data, offset);
        match kind {
            // A page of unknown height ends with its last stripe.
            48 => match (side(0), side(4)) {
                (Some(width), Some(u32::MAX)) => striped_page_width = Some(width),
                (Some(width), Some(height)) => declared.add_page(width, height),
                _ => {}
            },
            50 => {
                let end = side(0).unwrap_or(0).saturating_add(1);
                striped_page_height = striped_page_height.max(end);
            }
            4..=7 | 20..=23 | 36..=43 => {
                if let (Some(width), Some(height)) = (side(0), side(4)) {
                    declared.add_bitmap(width, height);
                }
                // Each cell of a halftone region holds an integer, not a bit.
                if let (20..=23, Some(columns), Some(rows)) = (kind, side(18), side(22)) {
                    declared.add_bitmap(columns, rows.saturating_mul(32));
                }
            }
            // In a pattern dictionary, all patterns have the same size.
            16 => {
                if let (Some([_, width, height, ..]), Some(last)) = (data.get(..3), side(3)) {
                    let area = u32::from(*width) * u32::from(*height);
                    declared.add_bitmap(area, last.saturating_add(1));
                }
            }
            _ => {}
        }
    }
    if let Some(width) = striped_page_width {
        declared.add_page(width, striped_page_height);
    }
    declared
}

/// Parses the first segment. Returns its type, its data and the remaining bytes.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let number = u32_at(bytes, 0)?;
    let flags = *bytes.get(4)?;
    let short_count = *bytes.get(5)? >> 5;
    let (referred_segments, mut offset) = match short_count {
        0..=4 => (usize::from(short_count), 6),
        7 => {
            let count = (u32_at(bytes, 5)? & 0x1fff_ffff) as usize;
            (count, 9 + (count + 1).div_ceil(8))
        }
        _ => return None,
    };
    offset += referred_segments
        * match number {
            0..=256 => 1,
            257..=65_536 => 2,
            _ => 4,
        };
    offset += if flags & 0x40 == 0 { 1 } else { 4 };
    let len = u32_at(bytes, offset)?;
    let rest = bytes.get(offset + 4..)?;
    let len = match len {
        u32::MAX => generic_region_len(rest)?,
        len => len as usize,
    };
    let kind = flags & 0x3f;
    // If a segment is truncated, the data that is present is evaluated.
    Some(match rest.split_at_checked(len) {
        Some((data, after)) => (kind, data, after),
        None => (kind, rest, &[]),
    })
}

/// Returns the length of a generic region that does not declare it. Such a region ends with a
/// marker and the number of its rows.
fn generic_region_len(data: &[u8]) -> Option<usize> {
    let flags = *data.get(17)?;
    let (marker, adaptive_len) = match (flags & 1, flags >> 1 & 3, flags & 0x10) {
        (1, _, _) => ([0, 0], 0),
        (_, 0, 0) => ([0xff, 0xac], 8),
        (_, 0, _) => ([0xff, 0xac], 24),
        _ => ([0xff, 0xac], 2),
    };
    let start = 18 + adaptive_len;
    Some(start + memmem::find(data.get(start..)?, &marker)? + 6)
}

/// Returns the size declared by a JPEG 2000 codestream (ITU-T T.800, A.5.1), or the largest of
/// these sizes if there are several codestreams.
pub fn jpeg2000(bytes: &[u8]) -> DeclaredSize {
    let mut declared = DeclaredSize::default();
    for start in memmem::find_iter(bytes, &[0xff, 0x4f, 0xff, 0x51]) {
        let header = bytes.get(start..).unwrap_or_default();
        let side = |offset: usize| {
            Some(u32_at(header, offset)?.saturating_sub(u32_at(header, offset + 8)?))
        };
        if let (Some(width), Some(height), true) = (side(8), side(12), has_components(header)) {
            declared.add_page(width, height);
        }
    }
    declared.pixels = u64::from(declared.size.0) * u64::from(declared.size.1);
    declared
}

/// Returns `true` if the SIZ marker at the start of `header` is followed by valid component
/// parameters. Otherwise, the same byte sequence occurs by chance inside compressed data.
fn has_components(header: &[u8]) -> bool {
    let count = header.get(40..).and_then(|rest| rest.first_chunk());
    let count = count.map_or(0, |bytes| usize::from(u16::from_be_bytes(*bytes)));
    let components = header.get(42..42 + 3 * count).unwrap_or_default();
    let is_valid =
        |component: &[u8]| matches!(component, [bits, x, y] if bits & 0x7f < 38 && x.min(y) > &0);
    !components.is_empty() && components.chunks(3).all(is_valid)
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let bytes = bytes.get(offset..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}
