//! The limits within which a file is decoded, and what its header may claim.

use std::path::Path;

use crate::MediaError;
use crate::kind::Format;

/// The most pages of a file that are shown.
pub const MOST_PAGES: u32 = 5_000;

/// Limits within which a file is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels an image may declare. Default 400,000,000.
    pub max_pixels: u64,
    /// The longest side an image may declare, in pixels. Default 65,535,
    /// which is also the longest side of a JPEG.
    pub max_side: u32,
    /// The most bytes the decoded image, and the file itself, may take.
    /// Default 1.5 GiB.
    pub max_alloc: u64,
    /// The most declared pixels for each byte of the file that are believed,
    /// counted only above 50 megapixels. Default 2,000. JPEG has a stricter
    /// one of its own, and bilevel images have none: see `weigh`.
    pub max_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: 400_000_000,
            max_side: 65_535,
            max_alloc: 3 << 29,
            max_ratio: 2_000,
        }
    }
}

/// The most bytes that a decoder may take which holds samples as numbers of 32 bits.
const WIDE: u64 = 800_000_000;

impl Limits {
    /// Whether so many pixels of all pages together are believed of a file of so many bytes. The pages of
    /// a file may all be made of the same few bytes.
    #[must_use]
    pub fn believes(&self, pixels: u64, bytes: u64) -> bool {
        pixels <= self.max_pixels || pixels / bytes.max(1) <= self.max_ratio
    }

    /// Those for a format: decoders that take many bytes a pixel are kept shorter.
    pub(crate) fn within(&self, format: Format) -> Limits {
        match format {
            Format::Jxl | Format::Jp2 | Format::Svg => Limits {
                max_alloc: self.max_alloc.min(WIDE),
                ..*self
            },
            _ => *self,
        }
    }
}

/// Below this a false header costs little, and is found out by decoding.
const DOUBTED_FROM: u64 = 50_000_000;

/// The most pixels a byte of JPEG is believed to hold.
///
/// JPEG spends bits on every block of 8 × 8 pixels however empty it is. With
/// the usual Huffman tables a grey block without content takes 6 bits, 85
/// pixels a byte; with 4:2:0 colour it is 64 pixels a byte. Tables made for
/// the purpose get down to 2 bits a block, 256 pixels a byte, and only with
/// nothing in the picture at all. A photograph holds 4 to 20 pixels a byte.
const JPEG_RATIO: u64 = 100;

/// Deflate cannot expand a byte to more than 1,032.
const DEFLATE_EXPANSION: u64 = 1_032;

/// What a header claims of an image.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub width: u32,
    pub height: u32,
    /// Bytes that one pixel takes in the decoder's output.
    pub decoded_bytes: u64,
    /// Bits that one pixel takes before compression.
    pub stored_bits: u64,
}

impl Claim {
    /// Bytes that decoding takes.
    pub fn memory(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        pixels.saturating_mul(self.decoded_bytes)
    }

    /// Whether the claim can be believed and afforded.
    ///
    /// - Sides, pixels and bytes are held to the limits first.
    /// - Above 50 megapixels the pixels are compared with the bytes of the
    ///   file. A JPEG is believed up to [`JPEG_RATIO`].
    /// - A PNG is not believed where deflate could not have made it. A line
    ///   drawing in flat colour stays well within that.
    /// - A bilevel image has no other rule: CCITT Group 4 codes a blank line
    ///   in one bit, so that the empty back of a large sheet is honestly
    ///   80,000 pixels a byte, and it is small once decoded.
    /// - Everything else is held to `max_ratio`.
    pub fn weigh(
        &self,
        path: &Path,
        format: Format,
        bytes: u64,
        limits: &Limits,
    ) -> Result<(), MediaError> {
        let Self { width, height, .. } = *self;
        let pixels = u64::from(width) * u64::from(height);
        let too_large = |reason: String| MediaError::TooLarge {
            path: path.into(),
            width,
            height,
            reason,
        };
        if pixels == 0 {
            return Err(MediaError::undecodable(path, "it has no pixels"));
        }
        if width.max(height) > limits.max_side {
            return Err(too_large(format!(
                "the longest side allowed is {}",
                limits.max_side
            )));
        }
        if pixels > limits.max_pixels {
            return Err(too_large(format!(
                "the most pixels allowed are {}",
                limits.max_pixels
            )));
        }
        let decoded = pixels.saturating_mul(self.decoded_bytes);
        if decoded.max(bytes) > limits.max_alloc {
            return Err(too_large(format!(
                "the most memory allowed is {} bytes",
                limits.max_alloc
            )));
        }
        if pixels <= DOUBTED_FROM {
            return Ok(());
        }
        let ratio = pixels / bytes.max(1);
        let stored = pixels.saturating_mul(self.stored_bits) / 8;
        let impossible = format == Format::Png && stored / DEFLATE_EXPANSION > bytes;
        let implausible = match format {
            Format::Jpeg => ratio > JPEG_RATIO.min(limits.max_ratio),
            _ if self.stored_bits == 1 => false,
            _ => ratio > limits.max_ratio,
        };
        if impossible || implausible {
            return Err(MediaError::Suspicious {
                path: path.into(),
                width,
                height,
                bytes,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn code(format: Format, width: u32, height: u32, bits: u64, bytes: u64) -> &'static str {
        let claim = Claim {
            width,
            height,
            decoded_bytes: bits.div_ceil(8),
            stored_bits: bits,
        };
        match claim.weigh(Path::new("x"), format, bytes, &Limits::default()) {
            Ok(()) => "ok",
            Err(e) => e.code(),
        }
    }

    #[test]
    fn a_jpeg_of_280_megapixels_in_a_megabyte_is_suspicious() {
        assert_eq!(
            code(Format::Jpeg, 20_000, 14_000, 8, 1_093_910),
            "image-suspicious"
        );
        assert_eq!(code(Format::Jpeg, 20_000, 14_000, 24, 30_000_000), "ok");
    }

    #[test]
    fn large_line_drawings_and_blank_scans_pass() {
        // A line drawing of 150 megapixels in 600 kB of PNG.
        assert_eq!(code(Format::Png, 15_000, 10_000, 24, 600_000), "ok");
        assert_eq!(code(Format::Png, 15_000, 10_000, 1, 100_000), "ok");
        // The blank back of a sheet: one bit a line in CCITT Group 4.
        assert_eq!(code(Format::Tiff, 10_000, 6_000, 1, 900), "ok");
        // Small pictures are left to the decoder.
        assert_eq!(code(Format::Jpeg, 5_000, 5_000, 8, 1_000), "ok");
    }

    #[test]
    fn what_deflate_cannot_have_made_is_suspicious() {
        assert_eq!(
            code(Format::Png, 10_000, 10_000, 24, 200_000),
            "image-suspicious"
        );
        assert_eq!(
            code(Format::WebP, 10_000, 10_000, 24, 2_000),
            "image-suspicious"
        );
    }

    #[test]
    fn pages_made_of_the_same_bytes_are_not_believed() {
        let limits = Limits::default();
        // A book of 500 pages of 9 megapixels, in 40 KB each; and one page over and over.
        assert!(limits.believes(500 * 9_000_000, 500 * 40_000));
        assert!(!limits.believes(500 * 9_000_000, 600_000));
        assert!(
            limits.believes(400_000_000, 900),
            "one page has limits of its own"
        );
    }

    #[test]
    fn limits_are_held_at_their_edges() {
        assert_eq!(code(Format::Png, 20_000, 20_000, 24, 9_000_000), "ok");
        assert_eq!(
            code(Format::Png, 20_001, 20_000, 24, 9_000_000),
            "image-too-large"
        );
        assert_eq!(code(Format::Png, 65_536, 1, 24, 9_000), "image-too-large");
        // 400 megapixels of 48 bits do not fit in 1.5 GiB.
        assert_eq!(
            code(Format::Png, 20_000, 20_000, 48, 9_000_000),
            "image-too-large"
        );
        assert_eq!(code(Format::Png, 0, 20_000, 24, 9_000), "image-undecodable");
    }
}
