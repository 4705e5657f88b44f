//! A part of a picture as the encoder of JPEG takes it: brightness of each pixel, and the two colour
//! differences of four pixels together (4:2:0).
//!
//! The encoder would take a picture of its own and average the colour differences that it has worked out for
//! every pixel. Here red, green and blue are added up first, and worked out once for four: a fourth of the work,
//! rounded once. Numbers are those of ITU-T T.871 (JFIF), as whole numbers, so that each machine does the same,
//! however many it does at a time.

use fearless_simd::{Level, Simd, dispatch};
use jpeg_encoder::{ImageBuffer, JpegColorType};

use crate::Picture;

/// From its top to its bottom, some columns of a picture.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    picture: &'a Picture,
    left: u32,
    width: u32,
}

/// Pixels, or fours of them, that are done together.
const RUN: usize = 32;

impl<'a> Part<'a> {
    /// All of a picture.
    pub fn whole(picture: &'a Picture) -> Part<'a> {
        Part::of(picture, 0, picture.width)
    }

    /// The part from `left` on, as wide or less where the picture ends.
    pub fn of(picture: &'a Picture, left: u32, width: u32) -> Part<'a> {
        Part {
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

    /// A row of it; none below the last.
    fn row(&self, y: usize) -> &'a [u8] {
        let channels = self.picture.channels;
        let from = (y * self.picture.width as usize + self.left as usize) * channels;
        let to = from + self.width as usize * channels;
        self.picture.pixels.get(from..to).unwrap_or_default()
    }

    /// Its rows, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.picture.height as usize).map(|y| self.row(y))
    }
}

/// The brightness of some pixels: 0.299, 0.587 and 0.114 of 65,536.
#[inline(always)]
fn bright(run: &[[u8; 3]; RUN]) -> [u8; RUN] {
    let mut out = [0; RUN];
    for (out, [r, g, b]) in out.iter_mut().zip(run) {
        let sum = 19_595 * u32::from(*r) + 38_470 * u32::from(*g) + 7_471 * u32::from(*b);
        *out = ((sum + 32_768) >> 16) as u8;
    }
    out
}

/// The brightness of a row.
#[inline(always)]
fn brightness<S: Simd>(_: S, row: &[u8], out: &mut Vec<u8>) {
    let (runs, last) = row.as_chunks::<3>().0.as_chunks();
    for run in runs {
        out.extend_from_slice(&bright(run));
    }
    let mut rest = [[0; 3]; RUN];
    for (place, pixel) in rest.iter_mut().zip(last) {
        *place = *pixel;
    }
    out.extend(bright(&rest).iter().take(last.len()));
}

/// The colour differences of fours, blue and red, each of them twice, since the encoder leaves every second
/// out: 0.5, 0.168736 and 0.331264, then 0.5, 0.418688 and 0.081312, of 65,536. 128 is none.
#[inline(always)]
fn different(upper: &[u8; 6 * RUN], lower: &[u8; 6 * RUN]) -> [[u8; 2 * RUN]; 2] {
    // Of four: two bits more. The half that is added is so small as to keep 255 below 256.
    const NONE: i32 = (128 << 18) + (1 << 17) - 1;
    let mut sums = [0_u16; 6 * RUN];
    for (sum, (upper, lower)) in sums.iter_mut().zip(upper.iter().zip(lower)) {
        *sum = u16::from(*upper) + u16::from(*lower);
    }
    let [mut blues, mut reds] = [[0; 2 * RUN]; 2];
    // Counted, and not by iterators, which the compiler does one after the other.
    for at in 0..RUN {
        let sum = |colour: usize| i32::from(sums[6 * at + colour] + sums[6 * at + colour + 3]);
        let (r, g, b) = (sum(0), sum(1), sum(2));
        let blue = ((NONE + 32_768 * b - 11_059 * r - 21_709 * g) >> 18) as u8;
        let red = ((NONE + 32_768 * r - 27_439 * g - 5_329 * b) >> 18) as u8;
        (blues[2 * at], blues[2 * at + 1]) = (blue, blue);
        (reds[2 * at], reds[2 * at + 1]) = (red, red);
    }
    [blues, reds]
}

/// The colour differences of two rows.
#[inline(always)]
fn differences<S: Simd>(_: S, upper: &[u8], lower: &[u8], blue: &mut Vec<u8>, red: &mut Vec<u8>) {
    let ((upper_runs, upper), (lower_runs, lower)) = (upper.as_chunks(), lower.as_chunks());
    for (upper, lower) in upper_runs.iter().zip(lower_runs) {
        let [blues, reds] = different(upper, lower);
        blue.extend_from_slice(&blues);
        red.extend_from_slice(&reds);
    }
    // The last of an odd number stands for two.
    let ended = |row: &[u8]| {
        let mut out = [0; 6 * RUN];
        let last = row.last_chunk::<3>().into_iter().flatten();
        for (place, value) in out.iter_mut().zip(row.iter().chain(last)) {
            *place = *value;
        }
        out
    };
    if upper.is_empty() {
        return;
    }
    let [blues, reds] = different(&ended(upper), &ended(lower));
    blue.extend(blues.iter().take(upper.len() / 3));
    red.extend(reds.iter().take(upper.len() / 3));
}

/// Its size has been checked: no side is longer than a JPEG can be.
impl ImageBuffer for Part<'_> {
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
        let [bright, blue, red, _] = buffers;
        if self.picture.channels == 1 {
            bright.extend_from_slice(row);
            return;
        }
        dispatch!(Level::new(), simd => brightness(simd, row, bright));
        let next = usize::from(y) + 1;
        let is_last = next >= self.picture.height as usize;
        if y.is_multiple_of(2) || is_last {
            // The last row of an odd number stands for two, and so does the last of all where the encoder
            // goes on below it.
            let lower = if is_last { row } else { self.row(next) };
            dispatch!(Level::new(), simd => differences(simd, row, lower, blue, red));
        } else {
            // Nobody looks at every second row.
            blue.resize(blue.len() + self.width as usize, 0);
            red.resize(red.len() + self.width as usize, 0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What is to be encoded of a part, down to `rows` rows: brightness, and both colour differences as
    /// the encoder looks at them.
    fn given(part: Part<'_>, rows: u16) -> [Vec<u8>; 3] {
        let mut buffers = [const { Vec::new() }; 4];
        for y in 0..rows {
            part.fill_buffers(y.min(part.height() as u16 - 1), &mut buffers);
        }
        let [bright, blue, red, _] = buffers;
        let width = part.width() as usize;
        let seen = |all: &[u8]| {
            let rows = all.chunks(width).step_by(2);
            rows.flat_map(|row| row.iter().step_by(2).copied())
                .collect()
        };
        [bright, seen(&blue), seen(&red)]
    }

    /// The same from the definition, in fractions.
    fn defined(picture: &Picture, left: u32, width: u32, rows: u32) -> [Vec<f64>; 3] {
        let at = |x: u32, y: u32| {
            let x = (left + x).min(left + width - 1);
            picture.at(x, y.min(picture.height - 1)).map(f64::from)
        };
        let bright = |[r, g, b]: [f64; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
        let mut out = [Vec::new(), Vec::new(), Vec::new()];
        for y in 0..rows {
            for x in 0..width {
                out[0].push(bright(at(x, y)));
                if x % 2 == 0 && y % 2 == 0 {
                    let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
                    let mean = |c: usize| four.iter().map(|own| own[c]).sum::<f64>() / 4.0;
                    let own = [mean(0), mean(1), mean(2)];
                    out[1].push((own[2] - bright(own)) / 1.772 + 128.0);
                    out[2].push((own[0] - bright(own)) / 1.402 + 128.0);
                }
            }
        }
        out
    }

    #[test]
    fn it_is_what_the_definition_says_to_one_half() {
        for (width, height) in [(1, 1), (2, 3), (31, 8), (64, 7), (65, 16), (200, 33)] {
            let mut seed = 7_u32;
            let mut noise = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Often as dark or as bright as can be.
                ((seed >> 20) as i32 % 400 - 70).clamp(0, 255) as u8
            };
            let pixels = (0..width * height * 3).map(|_| noise()).collect();
            let picture = Picture::rgb(width, height, pixels).unwrap();
            for (left, wide) in [(0, width), (width / 3, width.div_ceil(2))] {
                // The encoder goes on to a whole block.
                let rows = height.next_multiple_of(16);
                let found = given(Part::of(&picture, left, wide), rows as u16);
                let wanted = defined(&picture, left, wide, rows);
                for (found, wanted) in found.iter().zip(&wanted) {
                    assert_eq!(found.len(), wanted.len());
                    for (at, (own, other)) in found.iter().zip(wanted).enumerate() {
                        let off = (f64::from(*own) - other).abs();
                        assert!(off < 0.52, "{width} × {height}, {at}: {own}, {other}");
                    }
                }
            }
        }
    }

    #[test]
    fn grey_has_no_colour_and_no_value_runs_over() {
        for value in 0..=255 {
            let picture = Picture::rgb(2, 2, vec![value; 12]).unwrap();
            let [bright, blue, red] = given(Part::whole(&picture), 2);
            assert_eq!((bright, blue, red), (vec![value; 4], vec![128], vec![128]));
        }
        for corner in 0..8_u8 {
            let pixel = [0, 1, 2].map(|c| if corner >> c & 1 == 1 { 255 } else { 0 });
            let picture = Picture::rgb(1, 1, pixel.to_vec()).unwrap();
            let found = given(Part::whole(&picture), 1);
            let wanted = defined(&picture, 0, 1, 1);
            for (own, other) in found.iter().zip(&wanted) {
                assert!(
                    (f64::from(own[0]) - other[0]).abs() < 0.52,
                    "{pixel:?}: {own:?}, {other:?}"
                );
            }
        }
    }
}
