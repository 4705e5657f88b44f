//! Columns of an image as input for the JPEG encoder, converted to YCbCr 4:2:0.
//!
//! By default, `jpeg_encoder` copies the image, computes the colour differences (Cb and Cr) of each
//! pixel and averages them afterwards. This module first sums RGB over 2 × 2 pixels, so that Cb and
//! Cr are computed only once per four pixels. This takes a quarter of the work and rounds only
//! once.
//!
//! The coefficients of ITU-T T.871 (JFIF) are used in fixed-point arithmetic, so that the result
//! does not depend on the CPU or on the SIMD width.

use fearless_simd::{Level, Simd, dispatch};
use jpeg_encoder::{ImageBuffer, JpegColorType};

use crate::Picture;

/// A range of columns of an image, with the full height of the image.
#[derive(Clone, Copy)]
pub(crate) struct PictureView<'a> {
    picture: &'a Picture,
    left: u32,
    width: u32,
}

/// Number of pixels, or of blocks of 2 × 2 pixels, that are processed in one batch.
const BATCH: usize = 32;

impl<'a> PictureView<'a> {
    /// Returns a view of the whole image.
    pub fn full(picture: &'a Picture) -> PictureView<'a> {
        PictureView::columns(picture, 0, picture.width)
    }

    /// Returns a view of at most `width` columns, starting at the column `left`.
    pub fn columns(picture: &'a Picture, left: u32, width: u32) -> PictureView<'a> {
        PictureView {
            picture,
            left,
            width: picture.width.saturating_sub(left).min(width),
        }
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.picture.height
    }

    pub fn channels(&self) -> usize {
        self.picture.channels
    }

    /// Returns a row, or an empty slice if `y` is after the last row.
    fn row(&self, y: usize) -> &'a [u8] {
        let channels = self.picture.channels;
        let start = (y * self.picture.width as usize + self.left as usize) * channels;
        let end = start + self.width as usize * channels;
        self.picture.pixels.get(start..end).unwrap_or_default()
    }

    /// Returns the rows from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.picture.height as usize).map(|y| self.row(y))
    }
}

/// Returns the luma (Y) of a batch of pixels. The weights are 0.299, 0.587 and 0.114, in units of
/// 1/65,536.
#[inline(always)]
fn luma(batch: &[[u8; 3]; BATCH]) -> [u8; BATCH] {
    let mut out = [0; BATCH];
    for (out, [r, g, b]) in out.iter_mut().zip(batch) {
        let sum = 19_595 * u32::from(*r) + 38_470 * u32::from(*g) + 7_471 * u32::from(*b);
        *out = ((sum + 32_768) >> 16) as u8;
    }
    out
}

/// Appends the luma of a row.
#[inline(always)]
fn append_luma<S: Simd>(_: S, row: &[u8], out: &mut Vec<u8>) {
    let (batches, last) = row.as_chunks::<3>().0.as_chunks();
    for batch in batches {
        out.extend_from_slice(&luma(batch));
    }
    let mut rest = [[0; 3]; BATCH];
    for (slot, pixel) in rest.iter_mut().zip(last) {
        *slot = *pixel;
    }
    out.extend(luma(&rest).iter().take(last.len()));
}

/// Returns Cb and Cr of a batch of blocks of 2 × 2 pixels. The weights are 0.5, 0.168736 and
/// 0.331264 for Cb, and 0.5, 0.418688 and 0.081312 for Cr, in units of 1/65,536. The neutral value
/// is 128.
///
/// Each value is repeated once, because the encoder skips every second sample.
#[inline(always)]
fn chroma(upper: &[u8; 6 * BATCH], lower: &[u8; 6 * BATCH]) -> [[u8; 2 * BATCH]; 2] {
    // The sum of four pixels needs two more bits. The rounding term is slightly less than a half,
    // so that 255 does not become 256.
    const NEUTRAL: i32 = (128 << 18) + (1 << 17) - 1;
    let mut sums = [0_u16; 6 * BATCH];
    for (sum, (upper, lower)) in sums.iter_mut().zip(upper.iter().zip(lower)) {
        *sum = u16::from(*upper) + u16::from(*lower);
    }
    let [mut cb_row, mut cr_row] = [[0; 2 * BATCH]; 2];
    // The loop uses indexes because the compiler does not vectorise a version with iterators.
    for at in 0..BATCH {
        let sum = |colour: usize| i32::from(sums[6 * at + colour] + sums[6 * at + colour + 3]);
        let (r, g, b) = (sum(0), sum(1), sum(2));
        let cb = ((NEUTRAL + 32_768 * b - 11_059 * r - 21_709 * g) >> 18) as u8;
        let cr = ((NEUTRAL + 32_768 * r - 27_439 * g - 5_329 * b) >> 18) as u8;
        (cb_row[2 * at], cb_row[2 * at + 1]) = (cb, cb);
        (cr_row[2 * at], cr_row[2 * at + 1]) = (cr, cr);
    }
    [cb_row, cr_row]
}

/// Appends the Cb and Cr values of two rows.
#[inline(always)]
fn append_chroma<S: Simd>(
    _: S,
    upper: &[u8],
    lower: &[u8],
    cb_out: &mut Vec<u8>,
    cr_out: &mut Vec<u8>,
) {
    let ((upper_batches, upper), (lower_batches, lower)) = (upper.as_chunks(), lower.as_chunks());
    for (upper, lower) in upper_batches.iter().zip(lower_batches) {
        let [cb, cr] = chroma(upper, lower);
        cb_out.extend_from_slice(&cb);
        cr_out.extend_from_slice(&cr);
    }
    // If the width is odd, the last pixel of each row is repeated.
    let padded = |row: &[u8]| {
        let mut out = [0; 6 * BATCH];
        let last = row.last_chunk::<3>().into_iter().flatten();
        for (slot, value) in out.iter_mut().zip(row.iter().chain(last)) {
            *slot = *value;
        }
        out
    };
    if upper.is_empty() {
        return;
    }
    let [cb, cr] = chroma(&padded(upper), &padded(lower));
    cb_out.extend(cb.iter().take(upper.len() / 3));
    cr_out.extend(cr.iter().take(upper.len() / 3));
}

/// The casts to `u16` are lossless, because `encode_jpeg` has checked the dimensions.
impl ImageBuffer for PictureView<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.picture.channels == 1 {
            JpegColorType::Luma
        } else {
            JpegColorType::Ycbcr
        }
    }

    fn width(&self) -> u16 {
        self.width as u16
    }

    fn height(&self) -> u16 {
        self.picture.height as u16
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let row = self.row(y.into());
        let [luma, cb, cr, _] = buffers;
        if self.picture.channels == 1 {
            luma.extend_from_slice(row);
            return;
        }
        dispatch!(Level::new(), simd => append_luma(simd, row, luma));
        let next = usize::from(y) + 1;
        let is_last = next >= self.picture.height as usize;
        if y.is_multiple_of(2) || is_last {
            // If the height is odd, the last row is repeated. The last row is also repeated when
            // the encoder requests it again to fill its last blocks.
            let lower = if is_last { row } else { self.row(next) };
            dispatch!(Level::new(), simd => append_chroma(simd, row, lower, cb, cr));
        } else {
            // The encoder skips every second row of chroma.
            cb.resize(cb.len() + self.width as usize, 0);
            cr.resize(cr.len() + self.width as usize, 0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns the luma, Cb and Cr values of `rows` rows in the way the encoder samples them.
    fn encoder_input(view: PictureView<'_>, rows: u16) -> [Vec<u8>; 3] {
        let mut buffers = [const { Vec::new() }; 4];
        for y in 0..rows {
            view.fill_buffers(y.min(view.height() as u16 - 1), &mut buffers);
        }
        let [luma, cb, cr, _] = buffers;
        let width = view.width() as usize;
        let subsampled = |all: &[u8]| {
            let rows = all.chunks(width).step_by(2);
            rows.flat_map(|row| row.iter().step_by(2).copied())
                .collect()
        };
        [luma, subsampled(&cb), subsampled(&cr)]
    }

    /// Computes the same values in floating point, according to the definition in T.871.
    fn reference(picture: &Picture, left: u32, width: u32, rows: u32) -> [Vec<f64>; 3] {
        let at = |x: u32, y: u32| {
            let x = (left + x).min(left + width - 1);
            picture.pixel(x, y.min(picture.height - 1)).map(f64::from)
        };
        let luma = |[r, g, b]: [f64; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
        let mut out = [Vec::new(), Vec::new(), Vec::new()];
        for y in 0..rows {
            for x in 0..width {
                out[0].push(luma(at(x, y)));
                if x % 2 == 0 && y % 2 == 0 {
                    let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
                    let mean = |c: usize| four.iter().map(|pixel| pixel[c]).sum::<f64>() / 4.0;
                    let mean = [mean(0), mean(1), mean(2)];
                    out[1].push((mean[2] - luma(mean)) / 1.772 + 128.0);
                    out[2].push((mean[0] - luma(mean)) / 1.402 + 128.0);
                }
            }
        }
        out
    }

    #[test]
    fn matches_the_t871_definition_within_one_half() {
        for (width, height) in [(1, 1), (2, 3), (31, 8), (64, 7), (65, 16), (200, 33)] {
            let mut seed = 7_u32;
            let mut noise = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // The values are clamped, so that the extremes are frequent.
                ((seed >> 20) as i32 % 400 - 70).clamp(0, 255) as u8
            };
            let pixels = (0..width * height * 3).map(|_| noise()).collect();
            let picture = Picture::from_rgb(width, height, pixels).unwrap();
            for (left, view_width) in [(0, width), (width / 3, width.div_ceil(2))] {
                // The encoder pads the height to a whole block.
                let rows = height.next_multiple_of(16);
                let actual = encoder_input(
                    PictureView::columns(&picture, left, view_width),
                    rows as u16,
                );
                let expected = reference(&picture, left, view_width, rows);
                for (actual, expected) in actual.iter().zip(&expected) {
                    assert_eq!(actual.len(), expected.len());
                    for (at, (actual, expected)) in actual.iter().zip(expected).enumerate() {
                        let error = (f64::from(*actual) - expected).abs();
                        assert!(
                            error < 0.52,
                            "{width} × {height}, {at}: {actual}, {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn keeps_grey_neutral_and_does_not_overflow() {
        for value in 0..=255 {
            let picture = Picture::from_rgb(2, 2, vec![value; 12]).unwrap();
            let [luma, cb, cr] = encoder_input(PictureView::full(&picture), 2);
            assert_eq!((luma, cb, cr), (vec![value; 4], vec![128], vec![128]));
        }
        for corner in 0..8_u8 {
            let pixel = [0, 1, 2].map(|c| if corner >> c & 1 == 1 { 255 } else { 0 });
            let picture = Picture::from_rgb(1, 1, pixel.to_vec()).unwrap();
            let actual = encoder_input(PictureView::full(&picture), 1);
            let expected = reference(&picture, 0, 1, 1);
            for (actual, expected) in actual.iter().zip(&expected) {
                assert!(
                    (f64::from(actual[0]) - expected[0]).abs() < 0.52,
                    "{pixel:?}: {actual:?}, {expected:?}"
                );
            }
        }
    }
}
