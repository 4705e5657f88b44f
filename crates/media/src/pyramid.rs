//! The tiles of a large picture, level by level.

use rayon::prelude::*;

use crate::encode::{Order, jpeg};
use crate::{MediaError, Picture};

/// A picture of so many pixels or fewer has no tiles: it is fetched whole as fast.
const SMALL: u64 = 3_000_000;

/// How many tiles are encoded side by side before they are handed on.
const TOGETHER: usize = 64;

/// Rows that one thread halves. Even, so that no two threads share a row that is made.
const BAND: usize = 64;

/// A picture that is worth cutting into tiles, in several sizes: the levels. Level 0 is the picture
/// itself; each further level is half as wide and half as high, rounded up.
pub struct Pyramid {
    picture: Picture,
    tile: u32,
    levels: u32,
}

impl Pyramid {
    /// The pyramid of a picture that is also shown in widths of up to `widest` pixels, in tiles of
    /// `tile` pixels each way. It has the levels that are wider than that.
    ///
    /// `None` where that is not even the picture itself, where the picture has no more than three
    /// megapixels, and where `tile` is 0.
    #[must_use]
    pub fn of(picture: Picture, tile: u32, widest: u32) -> Option<Pyramid> {
        let (width, height) = (picture.width, picture.height);
        if tile == 0 || u64::from(width) * u64::from(height) <= SMALL {
            return None;
        }
        let wider = |level: &u32| width.div_ceil(1 << level) > widest.max(1);
        let levels = (0..u32::BITS).take_while(wider).count();
        Some(Pyramid {
            picture,
            tile,
            levels: u32::try_from(levels).ok().filter(|levels| *levels > 0)?,
        })
    }

    /// How many levels it has, the picture itself among them.
    #[must_use]
    pub fn levels(&self) -> u32 {
        self.levels
    }

    /// Makes the tiles and hands each on, with its level: the largest level first, in a level row by
    /// row. Each is a JPEG (4:2:0, quality 80); those at the right and lower edge are smaller.
    ///
    /// Tiles are encoded in parallel, and each level is scaled from the one before, in its place: at
    /// no time there is a second picture in memory. Each pixel of a level is the mean of the four it
    /// covers, in encoded values as in [`crate::renditions`]; where the level before ends in the
    /// middle of it, of the two or the one that are there.
    ///
    /// # Errors
    /// What `take` says, and [`MediaError::Rendition`] where a tile cannot be encoded.
    pub fn tiles<E: From<MediaError>>(
        mut self,
        mut take: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        for level in 0..self.levels {
            if level > 0 {
                halve(&mut self.picture);
            }
            let columns = self.picture.width.div_ceil(self.tile);
            let rows = self.picture.height.div_ceil(self.tile);
            let places: Vec<(u32, u32)> = (0..rows)
                .flat_map(|row| (0..columns).map(move |column| (column, row)))
                .collect();
            for places in places.chunks(TOGETHER) {
                let made: Vec<Result<Vec<u8>, MediaError>> = places
                    .par_iter()
                    .map(|(column, row)| self.encode(*column, *row))
                    .collect();
                for tile in made {
                    take(level, &tile?)?;
                }
            }
        }
        Ok(())
    }

    fn encode(&self, column: u32, row: u32) -> Result<Vec<u8>, MediaError> {
        let tile = cut(&self.picture, self.tile, column, row);
        jpeg(&tile, Order::Baseline).map_err(|reason| MediaError::Rendition {
            width: tile.width,
            reason,
        })
    }
}

/// The part of a picture that is its tile in a column and a row.
fn cut(picture: &Picture, tile: u32, column: u32, row: u32) -> Picture {
    let (left, top) = (column * tile, row * tile);
    let width = picture.width.saturating_sub(left).min(tile);
    let height = picture.height.saturating_sub(top).min(tile);
    let stride = picture.width as usize * picture.channels;
    let from = left as usize * picture.channels;
    let pixels = picture
        .pixels
        .chunks_exact(stride)
        .skip(top as usize)
        .take(height as usize)
        .filter_map(|line| line.get(from..from + width as usize * picture.channels))
        .collect::<Vec<_>>()
        .concat();
    Picture {
        width,
        height,
        channels: picture.channels,
        pixels,
    }
}

/// Scales a picture to half its width and height, rounded up, where it lies. The memory it no longer
/// needs stays reserved: to give it back would take a second place to copy what is left to.
fn halve(picture: &mut Picture) {
    let channels = picture.channels;
    let stride = picture.width as usize * channels;
    let (width, height) = (picture.width.div_ceil(2), picture.height.div_ceil(2));
    let narrow = width as usize * channels;
    picture.pixels.truncate(stride * picture.height as usize);

    // Each band of rows is halved within itself; then the halves are moved together.
    let band = BAND * stride;
    picture
        .pixels
        .par_chunks_mut(band)
        .for_each(|band| match channels {
            1 => halve_band::<1>(band, stride, narrow),
            _ => halve_band::<3>(band, stride, narrow),
        });
    let whole = picture.pixels.len();
    let mut end = 0;
    for start in (0..whole).step_by(band) {
        let rows = (whole - start).min(band) / stride;
        let half = rows.div_ceil(2) * narrow;
        picture.pixels.copy_within(start..start + half, end);
        end += half;
    }
    picture.pixels.truncate(end);
    (picture.width, picture.height) = (width, height);
}

/// Halves some rows of `stride` bytes and leaves the result, rows of `narrow` bytes, at their
/// beginning.
fn halve_band<const CHANNELS: usize>(band: &mut [u8], stride: usize, narrow: usize) {
    let mut row = vec![0; narrow];
    for pair in 0..(band.len() / stride).div_ceil(2) {
        let (_, rest) = band.split_at(2 * pair * stride);
        let (upper, rest) = rest.split_at(stride);
        // The last row of an odd number stands for two.
        halve_rows::<CHANNELS>(upper, rest.get(..stride).unwrap_or(upper), &mut row);
        if let Some(place) = band.get_mut(pair * narrow..(pair + 1) * narrow) {
            place.copy_from_slice(&row);
        }
    }
}

fn halve_rows<const CHANNELS: usize>(upper: &[u8], lower: &[u8], out: &mut [u8]) {
    let (pairs, lower_pairs) = (
        upper.chunks_exact(2 * CHANNELS),
        lower.chunks_exact(2 * CHANNELS),
    );
    let last = pairs.remainder().iter().zip(lower_pairs.remainder());
    let mut made = out.chunks_exact_mut(CHANNELS);
    for ((a, b), out) in pairs.zip(lower_pairs).zip(made.by_ref()) {
        for c in 0..CHANNELS {
            let sum = [a[c], a[CHANNELS + c], b[c], b[CHANNELS + c]].map(u16::from);
            out[c] = ((sum.iter().sum::<u16>() + 2) / 4) as u8;
        }
    }
    // The last pixel of an odd width stands for two.
    for (out, (a, b)) in made.flatten().zip(last) {
        *out = (u16::from(*a) + u16::from(*b)).div_ceil(2) as u8;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Limits;

    /// Colours that rise to the right, downwards and with the channel.
    fn slope(width: u32, height: u32, channels: usize) -> Picture {
        let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = rows
            .flat_map(|(x, y)| (0..channels as u32).map(move |c| (x / 8 + y / 8 + 20 * c) as u8))
            .collect();
        Picture {
            width,
            height,
            channels,
            pixels,
        }
    }

    fn decoded(jpeg: &[u8]) -> Picture {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tile.jpg");
        std::fs::write(&path, jpeg).unwrap();
        crate::decode(&path, &Limits::default()).unwrap()
    }

    /// The tiles of a picture, however small it is.
    fn tiles(picture: Picture, tile: u32, levels: u32) -> Vec<(u32, Vec<u8>)> {
        let pyramid = Pyramid {
            picture,
            tile,
            levels,
        };
        let mut made = Vec::new();
        pyramid
            .tiles(|level, tile| {
                made.push((level, tile.to_vec()));
                Ok::<_, MediaError>(())
            })
            .unwrap();
        made
    }

    /// The half of a picture, pixel by pixel.
    fn half(picture: &Picture) -> Vec<u8> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let at = |x: usize, y: usize, c: usize| {
            let place = y.min(height - 1) * width + x.min(width - 1);
            u32::from(picture.pixels[place * picture.channels + c])
        };
        let mut out = Vec::new();
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(2) {
                for c in 0..picture.channels {
                    let sum = at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c);
                    out.push(((sum + 2) / 4) as u8);
                }
            }
        }
        out
    }

    #[test]
    fn only_what_the_derivatives_do_not_show_has_tiles() {
        let blank = |width: u32, height: u32| Picture {
            width,
            height,
            channels: 1,
            pixels: vec![255; width as usize * height as usize],
        };
        let levels = |width, height, widest| {
            Pyramid::of(blank(width, height), 512, widest).map(|pyramid| pyramid.levels())
        };
        assert_eq!(levels(3_000, 2_000, 2_400), Some(1));
        assert_eq!(levels(4_801, 1_000, 2_400), Some(2), "2,401 pixels wide");
        assert_eq!(levels(4_800, 1_000, 2_400), Some(1));
        assert_eq!(levels(2_400, 9_000, 2_400), None, "no wider than one shown");
        assert_eq!(levels(3_000, 1_000, 2_400), None, "three megapixels");
        assert_eq!(levels(3_000, 1_001, 2_400), Some(1));
        assert_eq!(levels(1, 65_535, 0), None);
        assert!(Pyramid::of(blank(3_000, 2_000), 0, 2_400).is_none());
    }

    #[test]
    fn each_pixel_is_the_mean_of_those_it_covers() {
        for channels in [1, 3] {
            for (width, height) in [
                (1, 1),
                (1, 200),
                (200, 1),
                (2, 2),
                (7, 129),
                (64, 128),
                (5, 131),
            ] {
                let mut picture = slope(width, height, channels);
                for (place, value) in picture.pixels.iter_mut().enumerate() {
                    *value = value.wrapping_add((place * 89 % 251) as u8);
                }
                let expected = half(&picture);
                // Bytes behind the last row are no pixels.
                picture.pixels.extend([1, 2, 3]);
                halve(&mut picture);
                let size = (picture.width, picture.height);
                assert_eq!(size, (width.div_ceil(2), height.div_ceil(2)));
                assert!(
                    picture.pixels == expected,
                    "{width} × {height} × {channels}"
                );
            }
        }
    }

    #[test]
    fn tiles_come_row_by_row_and_the_edges_are_smaller() {
        let made = tiles(slope(130, 70, 3), 64, 3);
        let sizes: Vec<_> = made
            .iter()
            .map(|(level, jpeg)| {
                let tile = decoded(jpeg);
                (*level, tile.width, tile.height)
            })
            .collect();
        let whole = [(64, 64), (64, 64), (2, 64), (64, 6), (64, 6), (2, 6)];
        let mut expected: Vec<_> = whole.iter().map(|(w, h)| (0, *w, *h)).collect();
        expected.extend([(1, 64, 35), (1, 1, 35), (2, 33, 18)]);
        assert_eq!(sizes, expected);
        assert_eq!(made, tiles(slope(130, 70, 3), 64, 3), "the same each time");
    }

    #[test]
    fn tiles_laid_side_by_side_are_the_picture() {
        let picture = slope(200, 150, 3);
        let made = tiles(slope(200, 150, 3), 64, 1);
        for (place, (_, jpeg)) in made.iter().enumerate() {
            let tile = decoded(jpeg);
            let (left, top) = (place % 4 * 64, place / 4 * 64);
            for (x, y) in [(0, 0), (tile.width as usize - 1, tile.height as usize - 1)] {
                let own = (y * tile.width as usize + x) * 3;
                let whole = ((top + y) * 200 + left + x) * 3;
                for c in 0..3 {
                    let (is, was) = (tile.pixels[own + c], picture.pixels[whole + c]);
                    assert!(is.abs_diff(was) < 6, "tile {place}: {is} is not {was}");
                }
            }
        }
    }

    #[test]
    fn a_picture_of_one_tile_or_one_pixel_in_width() {
        let made = tiles(slope(512, 512, 3), 512, 1);
        assert_eq!(made.len(), 1);
        let made = tiles(slope(1, 1_025, 1), 512, 2);
        let sizes: Vec<_> = made.iter().map(|(_, jpeg)| decoded(jpeg).height).collect();
        assert_eq!(sizes, [512, 512, 1, 512, 1]);
    }

    #[test]
    fn grey_stays_grey() {
        for (level, jpeg) in tiles(slope(100, 100, 1), 64, 2) {
            assert_eq!(decoded(&jpeg).channels, 1, "level {level}");
        }
    }

    #[test]
    fn what_does_not_want_a_tile_ends_it() {
        let pyramid = Pyramid {
            picture: slope(130, 70, 1),
            tile: 64,
            levels: 2,
        };
        let mut taken = 0;
        let ended = pyramid.tiles(|_, _| {
            taken += 1;
            Err(MediaError::Rendition {
                width: 64,
                reason: "the disk is full".to_owned(),
            })
        });
        assert!(ended.is_err() && taken == 1);
    }
}
