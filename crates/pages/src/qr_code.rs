//! QR codes of URLs, for printed pages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// Width of the empty margin in modules (ISO/IEC 18004, section 6.3.8).
const MARGIN: i32 = 4;

/// Returns a data URL of the QR code of a text: a bitmap (BMP) with one pixel per module. Returns `None` if
/// the text is too long.
///
/// A bitmap needs neither compression nor checksums, and is a third of the size of a path in SVG.
pub(crate) fn data_url(text: &str) -> Option<String> {
    let segment = [QrSegment::make_bytes(text.as_bytes())];
    // Comparing the masks takes most of the time, which publishing many items cannot spare. Readers accept any mask.
    let (versions, mask) = ((Version::MIN, Version::MAX), Some(Mask::new(3)));
    let level = QrCodeEcc::Medium;
    let code =
        QrCode::encode_segments_advanced(&segment, level, versions.0, versions.1, mask, true)
            .ok()?;
    let size = code.size() + 2 * MARGIN;
    // Rows are padded to four bytes, and are stored from the bottom to the top.
    let row_bytes = (size + 31) / 32 * 4;
    let header_bytes = 62;
    let mut file = Vec::from(*b"BM");
    for value in [
        header_bytes + row_bytes * size,
        0,
        header_bytes,
        40,
        size,
        size,
    ] {
        file.extend(value.to_le_bytes());
    }
    // One plane of one bit per pixel, without compression, and two colours: white and black.
    file.extend([1, 0, 1, 0]);
    for value in [0, 0, 0, 0, 2, 0, 0x00ff_ffff, 0] {
        file.extend(i32::to_le_bytes(value));
    }
    for y in (0..size).rev() {
        for byte in 0..row_bytes {
            let bits = (0..8).map(|bit| code.get_module(byte * 8 + bit - MARGIN, y - MARGIN));
            file.push(bits.fold(0, |byte, is_dark| byte << 1 | u8::from(is_dark)));
        }
    }
    Some(format!("data:image/bmp;base64,{}", STANDARD.encode(&file)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_bitmap_has_a_finder_pattern_within_a_margin() {
        let url = data_url("https://example.org/ar/item/kitab-al-nujum/").unwrap();
        let encoded = url.strip_prefix("data:image/bmp;base64,").unwrap();
        let file = STANDARD.decode(encoded).unwrap();
        assert_eq!(
            usize::from(file[2]) + 256 * usize::from(file[3]),
            file.len()
        );
        let size = usize::from(file[18]);
        let row_bytes = size.div_ceil(32) * 4;
        let is_dark = |x: usize, y: usize| {
            let byte = file[62 + (size - 1 - y) * row_bytes + x / 8];
            byte >> (7 - x % 8) & 1 == 1
        };
        for at in 0..size {
            assert!(!is_dark(at, 3) && !is_dark(3, at));
        }
        let row = |y| -> String {
            let pixels = (4..12).map(|x| if is_dark(x, y) { '#' } else { '.' });
            pixels.collect()
        };
        let rows: Vec<String> = (4..12).map(row).collect();
        assert_eq!(
            rows,
            [
                "#######.", "#.....#.", "#.###.#.", "#.###.#.", "#.###.#.", "#.....#.", "#######.",
                "........"
            ]
        );
    }

    #[test]
    fn a_text_that_is_too_long_has_no_code() {
        assert_eq!(data_url(&"x".repeat(5_000)), None);
    }
}
