//! Resource limits, and checks of the declared dimensions of images.

use khizana_messages::{Message, message};
use std::path::Path;

use crate::MediaError;
use crate::recognise::Format;

/// Maximum number of pages per file that are rendered.
pub const MAX_PAGES: u32 = 5_000;

/// Resource limits for decoding a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of pixels in an image that is decoded in one piece. The default is
    /// 400,000,000.
    pub max_pixels: u64,
    /// Maximum width and height in pixels of an image that is decoded in one piece. The default is
    /// 65,535.
    pub max_side: u32,
    /// Maximum number of pixels in an image that is decoded row by row. The default is
    /// 4,000,000,000.
    pub max_streamed_pixels: u64,
    /// Maximum width and height in pixels of an image that is decoded row by row. The default is
    /// 300,000. JPEG has a lower maximum.
    pub max_streamed_side: u32,
    /// Maximum size in bytes of an image that is decoded in one piece, and of its file. The default
    /// is 1.5 GiB.
    pub max_alloc: u64,
    /// Maximum size in bytes of consecutive rows that are kept in memory while an image is decoded
    /// row by row. More rows are kept in a temporary file. The default is 64 MiB.
    pub max_band: u64,
    /// Maximum number of declared pixels per byte of the file. It is checked for images of more
    /// than 50 megapixels. The default is 2,000. JPEG has a lower maximum, and bilevel images have
    /// none.
    pub max_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: 400_000_000,
            max_side: 65_535,
            max_streamed_pixels: 4_000_000_000,
            max_streamed_side: 300_000,
            max_alloc: 3 << 29,
            max_band: 64 << 20,
            max_ratio: 2_000,
        }
    }
}

/// Maximum memory, in bytes, of decoders that use many bytes per pixel, such as those that store
/// samples as 32-bit numbers.
const MAX_ALLOC_32_BIT: u64 = 800_000_000;

impl Limits {
    /// Returns `true` if `pixels`, the total number of pixels of all pages, is plausible for a file
    /// of `bytes` bytes.
    ///
    /// A small TIFF can declare a huge number of pixels by letting many directories refer to the
    /// same image data.
    #[must_use]
    pub fn is_plausible(&self, pixels: u64, bytes: u64) -> bool {
        pixels <= self.max_pixels || pixels / bytes.max(1) <= self.max_ratio
    }

    /// Returns the limits for an image that is decoded in one piece, regardless of the format.
    pub(crate) fn for_whole_images(&self) -> Limits {
        Limits {
            max_streamed_pixels: self.max_pixels,
            max_streamed_side: self.max_side,
            ..*self
        }
    }

    /// Returns the limits for a format. The memory limit is lower for decoders that use many bytes
    /// per pixel.
    pub(crate) fn for_format(&self, format: Format) -> Limits {
        match format {
            Format::Jxl | Format::Jp2 | Format::Svg => Limits {
                max_alloc: self.max_alloc.min(MAX_ALLOC_32_BIT),
                ..*self
            },
            _ => *self,
        }
    }
}

/// Number of pixels up to which the declared dimensions are not compared with the length of the
/// file. For such small images, a false header costs little memory, and decoding detects it.
const RATIO_CHECK_FROM: u64 = 50_000_000;

/// Maximum number of pixels per byte of a JPEG.
///
/// JPEG stores some bits for each block of 8 × 8 pixels, even if the block is empty. With the usual
/// Huffman tables, an empty grey block takes 6 bits, which is 85 pixels per byte. For 4:2:0 colour,
/// the ratio is 64 pixels per byte. Custom tables reach 2 bits per block, or 256 pixels per byte,
/// but only if the image is entirely empty. A photograph has 4 to 20 pixels per byte.
const JPEG_RATIO: u64 = 100;

/// Maximum expansion ratio of Deflate.
const DEFLATE_EXPANSION: u64 = 1_032;

/// The dimensions and sample sizes that a header declares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeclaredSize {
    pub width: u32,
    pub height: u32,
    /// Number of bytes of memory per pixel that decoding takes.
    pub decoded_bytes: u64,
    /// Number of bits per pixel before compression.
    pub stored_bits: u64,
    /// The method by which the image is decoded.
    pub decoding: Decoding,
}

/// The method by which an image is decoded, which determines its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decoding {
    /// Row by row. Only a few rows are in memory.
    Rows,
    /// In one piece.
    Whole,
    /// In one piece, because the scans of a JPEG must be combined.
    Scans,
}

impl DeclaredSize {
    /// Returns the number of bytes of memory that decoding takes.
    pub fn memory(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        pixels.saturating_mul(self.decoded_bytes)
    }

    /// Checks the declared dimensions against the limits and the length of the file.
    ///
    /// The sides, the number of pixels and the number of bytes are checked against the limits, which
    /// are higher for images that are decoded row by row. If the image has more than 50 megapixels,
    /// the number of pixels is also compared with the length of the file:
    ///
    /// - A JPEG may have up to [`JPEG_RATIO`] pixels per byte.
    /// - A PNG is also rejected if Deflate cannot reach the compression ratio. A line drawing in
    ///   flat colours stays well below this ratio.
    /// - A bilevel image may have any number of pixels per byte. CCITT Group 4 codes a blank line
    ///   in one bit, so the empty back of a large sheet has 80,000 pixels per byte. Its decoded
    ///   size is small.
    /// - All other images may have up to `max_ratio` pixels per byte.
    pub fn check(
        &self,
        path: &Path,
        format: Format,
        bytes: u64,
        limits: &Limits,
    ) -> Result<(), MediaError> {
        let Self { width, height, .. } = *self;
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(MediaError::undecodable(path, message!("it has no pixels")));
        }
        if let Some(reason) = self.excess(format, bytes, limits) {
            let path = path.into();
            return Err(match self.decoding {
                Decoding::Scans => MediaError::ProgressiveTooLarge {
                    path,
                    width,
                    height,
                    reason,
                },
                Decoding::Rows | Decoding::Whole => MediaError::TooLarge {
                    path,
                    width,
                    height,
                    reason,
                },
            });
        }
        if pixels <= RATIO_CHECK_FROM {
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

    /// Returns a description of the limit that the image exceeds, if any.
    fn excess(&self, format: Format, bytes: u64, limits: &Limits) -> Option<Message> {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let (max_pixels, max_side) = match (self.decoding, format) {
            (Decoding::Rows, Format::Jpeg) => (
                limits.max_streamed_pixels,
                limits.max_streamed_side.min(MAX_JPEG_SIDE),
            ),
            (Decoding::Rows, _) => (limits.max_streamed_pixels, limits.max_streamed_side),
            (_, Format::Jpeg) => (limits.max_pixels, limits.max_side.min(MAX_JPEG_SIDE)),
            _ => (limits.max_pixels, limits.max_side),
        };
        if self.width.max(self.height) > max_side {
            return Some(message!(
                "the maximum side length is {max} pixels",
                max = max_side
            ));
        }
        if pixels > max_pixels {
            return Some(message!(
                "the maximum is {max} pixels in total",
                max = max_pixels
            ));
        }
        let is_whole = self.decoding != Decoding::Rows;
        (is_whole && self.memory().max(bytes) > limits.max_alloc)
            .then(|| message!("the memory limit is {max} bytes", max = limits.max_alloc))
    }
}

/// Maximum width and height in pixels that the JPEG decoder supports.
const MAX_JPEG_SIDE: u32 = 65_500;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn code(format: Format, width: u32, height: u32, bits: u64, bytes: u64) -> &'static str {
        code_of(Decoding::Whole, format, (width, height), bits, bytes)
    }

    fn code_of(
        decoding: Decoding,
        format: Format,
        (width, height): (u32, u32),
        bits: u64,
        bytes: u64,
    ) -> &'static str {
        let declared = DeclaredSize {
            width,
            height,
            decoded_bytes: bits.div_ceil(8),
            stored_bits: bits,
            decoding,
        };
        match declared.check(Path::new("x"), format, bytes, &Limits::default()) {
            Ok(()) => "ok",
            Err(e) => e.code(),
        }
    }

    #[test]
    fn rejects_a_jpeg_of_280_megapixels_in_one_megabyte() {
        assert_eq!(
            code(Format::Jpeg, 20_000, 14_000, 8, 1_093_910),
            "image-suspicious"
        );
        assert_eq!(code(Format::Jpeg, 20_000, 14_000, 24, 30_000_000), "ok");
    }

    #[test]
    fn accepts_large_line_drawings_and_blank_bilevel_scans() {
        // A line drawing of 150 megapixels in a PNG of 600 kB.
        assert_eq!(code(Format::Png, 15_000, 10_000, 24, 600_000), "ok");
        assert_eq!(code(Format::Png, 15_000, 10_000, 1, 100_000), "ok");
        // The blank back of a sheet takes one bit per line in CCITT Group 4.
        assert_eq!(code(Format::Tiff, 10_000, 6_000, 1, 900), "ok");
        // Small images are not checked.
        assert_eq!(code(Format::Jpeg, 5_000, 5_000, 8, 1_000), "ok");
    }

    #[test]
    fn rejects_a_png_beyond_the_expansion_ratio_of_deflate() {
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
    fn rejects_pages_that_share_the_same_data() {
        let limits = Limits::default();
        // 500 pages of 9 megapixels, with 40 kB per page or with 600 kB for all pages.
        assert!(limits.is_plausible(500 * 9_000_000, 500 * 40_000));
        assert!(!limits.is_plausible(500 * 9_000_000, 600_000));
        assert!(
            limits.is_plausible(400_000_000, 900),
            "a single page is checked by `max_pixels` only"
        );
    }

    #[test]
    fn enforces_limits_at_their_boundaries() {
        assert_eq!(code(Format::Png, 20_000, 20_000, 24, 9_000_000), "ok");
        assert_eq!(
            code(Format::Png, 20_001, 20_000, 24, 9_000_000),
            "image-too-large"
        );
        assert_eq!(code(Format::Png, 65_536, 1, 24, 9_000), "image-too-large");
        // 400 megapixels with 48 bits each exceed 1.5 GiB.
        assert_eq!(
            code(Format::Png, 20_000, 20_000, 48, 9_000_000),
            "image-too-large"
        );
        assert_eq!(code(Format::Png, 0, 20_000, 24, 9_000), "image-undecodable");
    }
    #[test]
    fn accepts_four_gigapixels_that_are_decoded_row_by_row() {
        let rows = |format, size, bytes| code_of(Decoding::Rows, format, size, 24, bytes);
        let large = "image-too-large";
        // The file may be longer than the memory limit.
        let bytes = 12_000_000_000;
        assert_eq!(rows(Format::Tiff, (300_000, 13_333), bytes), "ok");
        assert_eq!(rows(Format::Tiff, (13_333, 300_000), bytes), "ok");
        assert_eq!(rows(Format::Tiff, (300_001, 1), bytes), large);
        assert_eq!(rows(Format::Tiff, (63_246, 63_246), bytes), large);
        assert_eq!(rows(Format::Jpeg, (65_500, 61_068), 400_000_000), "ok");
        assert_eq!(rows(Format::Jpeg, (65_501, 1_000), 400_000_000), large);
        let whole = |size| code_of(Decoding::Whole, Format::Tiff, size, 24, bytes / 100);
        assert_eq!(whole((40_000, 30_000)), large);
        // The length of the file is compared with the pixels nevertheless.
        let suspicious = "image-suspicious";
        assert_eq!(rows(Format::Tiff, (60_000, 60_000), 1_700_000), suspicious);
        assert_eq!(rows(Format::Jpeg, (60_000, 60_000), 35_000_000), suspicious);
    }

    #[test]
    fn names_the_conversion_of_a_jpeg_with_several_scans_that_is_too_large() {
        let scans = |width, height| {
            let declared = DeclaredSize {
                width,
                height,
                decoded_bytes: 6,
                stored_bits: 24,
                decoding: Decoding::Scans,
            };
            let limits = Limits::default();
            declared.check(Path::new("x"), Format::Jpeg, 90_000_000, &limits)
        };
        assert!(scans(16_000, 16_000).is_ok());
        let error = scans(17_000, 16_000).unwrap_err();
        assert_eq!(error.code(), "image-progressive-too-large");
        assert!(error.hint().contains("jpegtran -copy all"));
    }
}
