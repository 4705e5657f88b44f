//! The tiles of a large picture, level by level, from rows as they come.

use rayon::prelude::*;

use crate::decode::Shape;
use crate::encode::tile;
use crate::part::Part;
use crate::{MediaError, Picture};

/// A picture of so many pixels or fewer has no tiles: it is fetched whole as fast.
const SMALL: u64 = 3_000_000;

/// How many levels the pyramid of a picture has that is also shown in widths of up to `widest` pixels:
/// those that are wider than that. Level 0 is the picture itself; each further level is half as wide
/// and half as high, rounded up. A picture of no more than three megapixels has none.
fn levels(shape: &Shape, widest: u32) -> u32 {
    let (width, height) = (shape.width, shape.height);
    if u64::from(width) * u64::from(height) <= SMALL {
        return 0;
    }
    let wider = |level: &u32| width.div_ceil(1 << level) > widest.max(1);
    (0..u32::BITS).take_while(wider).count() as u32
}

/// A picture on its way into tiles. Of each level as many rows are held as a tile is high; of the last
/// level all, since what is smaller than the tiles is made from it.
pub(crate) struct Pyramid {
    channels: usize,
    tile: u32,
    /// With tiles; the last of them is kept. Where there are none, the picture alone, kept.
    levels: Vec<Level>,
    tiled: bool,
    last: Picture,
}

struct Level {
    width: u32,
    /// Rows that are still to come.
    left: u32,
    /// Rows that no tile has been made of.
    band: Vec<u8>,
    /// The last band at half its size. It is kept, since what is let go of and taken again and again an
    /// allocator holds several times.
    halved: Vec<u8>,
}

impl Pyramid {
    /// The pyramid of a picture that is also shown in widths of up to `widest` pixels, in tiles of
    /// `tile` pixels each way, an even number.
    pub fn of(shape: Shape, tile: u32, widest: u32) -> Pyramid {
        Pyramid::with(shape, tile, levels(&shape, widest))
    }

    /// A pyramid of so many levels.
    pub fn with(shape: Shape, tile: u32, count: u32) -> Pyramid {
        let levels: Vec<Level> = (0..count.max(1))
            .map(|level| Level {
                width: shape.width.div_ceil(1 << level),
                left: shape.height.div_ceil(1 << level),
                band: Vec::new(),
                halved: Vec::new(),
            })
            .collect();
        let (width, height) = levels.last().map_or((0, 0), |last| (last.width, last.left));
        Pyramid {
            channels: shape.channels,
            tile: tile.max(2).next_multiple_of(2),
            levels,
            tiled: count > 0,
            last: Picture {
                width,
                height,
                channels: shape.channels,
                pixels: Vec::with_capacity(width as usize * height as usize * shape.channels),
            },
        }
    }

    /// How many levels have tiles.
    pub fn levels(&self) -> u32 {
        if self.tiled {
            self.levels.len() as u32
        } else {
            0
        }
    }

    /// The smallest level, or the picture itself where no level has tiles; once all rows are there.
    pub fn last(self) -> Picture {
        self.last
    }

    /// Takes some whole rows, and hands each tile on that they complete, with its level. In a level
    /// tiles come row by row. Each is 4:2:0 JPEG of quality 80, or PNG where it has few greys and is
    /// smaller so; those at the right and lower edge are smaller.
    ///
    /// Tiles are encoded in parallel. Each pixel of a level is the mean of the four it covers, in
    /// encoded values as in [`crate::renditions`]; where the level before ends in the middle of it,
    /// of the two or the one that are there.
    ///
    /// # Errors
    /// What `take` says, and [`MediaError::Rendition`] where a tile cannot be encoded.
    pub fn rows<E: From<MediaError>>(
        &mut self,
        rows: &[u8],
        take: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.tiled {
            self.last.pixels.extend_from_slice(rows);
            return Ok(());
        }
        self.push(0, rows, take)
    }

    fn push<E: From<MediaError>>(
        &mut self,
        number: usize,
        mut rows: &[u8],
        take: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            let is_last = number + 1 == self.levels.len();
            let Some(level) = self.levels.get_mut(number) else {
                return Ok(());
            };
            let stride = level.width as usize * self.channels;
            let high = level.left.min(self.tile);
            let missing = (stride * high as usize).saturating_sub(level.band.len());
            let (now, later) = rows.split_at(missing.min(rows.len()));
            // Grown by and by it would take twice what it holds.
            level.band.reserve_exact(missing);
            level.band.extend_from_slice(now);
            rows = later;
            if high == 0 || now.len() < missing {
                return Ok(());
            }
            level.left -= high;
            let band = Picture {
                width: level.width,
                height: high,
                channels: self.channels,
                pixels: std::mem::take(&mut level.band),
            };
            for tile in encode(&band, self.tile) {
                take(number as u32, &tile?)?;
            }
            let mut halved = std::mem::take(&mut level.halved);
            if is_last {
                self.last.pixels.extend_from_slice(&band.pixels);
            } else {
                half(&band, &mut halved);
                self.push(number + 1, &halved, take)?;
            }
            if let Some(level) = self.levels.get_mut(number) {
                (level.band, level.halved) = (band.pixels, halved);
                level.band.clear();
            }
        }
    }
}

/// The tiles of one row of them, from the left.
fn encode(band: &Picture, side: u32) -> Vec<Result<Vec<u8>, MediaError>> {
    (0..band.width.div_ceil(side))
        .into_par_iter()
        .map(|column| {
            let part = Part::of(band, column * side, side);
            tile(part).map_err(|reason| MediaError::Rendition {
                width: part.width(),
                reason,
            })
        })
        .collect()
}

/// Half the width and height of some rows, rounded up.
pub(crate) fn half(band: &Picture, out: &mut Vec<u8>) {
    let stride = band.width as usize * band.channels;
    let narrow = band.width.div_ceil(2) as usize * band.channels;
    out.resize(narrow * band.height.div_ceil(2) as usize, 0);
    if stride == 0 {
        return;
    }
    out.par_chunks_mut(narrow)
        .zip(band.pixels.par_chunks(2 * stride))
        .with_min_len(16)
        .for_each(|(row, pair)| {
            let (upper, lower) = pair.split_at(stride);
            // The last row of an odd number stands for two.
            let lower = if lower.is_empty() { upper } else { lower };
            match band.channels {
                1 => halve_rows::<1>(upper, lower, row),
                _ => halve_rows::<3>(upper, lower, row),
            }
        });
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

    fn decoded(jpeg: &[u8]) -> Picture {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tile.jpg");
        std::fs::write(&path, jpeg).unwrap();
        crate::ImageFile::open(&path)
            .unwrap()
            .decode(0, &Limits::default())
            .unwrap()
    }

    fn shape(picture: &Picture) -> Shape {
        Shape {
            width: picture.width,
            height: picture.height,
            channels: picture.channels,
        }
    }

    /// The tiles of a picture, however small it is, that comes in parcels of so many bytes; and what
    /// is left for the smaller sizes.
    fn parcels(
        picture: &Picture,
        tile: u32,
        levels: u32,
        parcel: usize,
    ) -> (Vec<(u32, Vec<u8>)>, Picture) {
        let mut pyramid = Pyramid::with(shape(picture), tile, levels);
        let mut made = Vec::new();
        let mut take = |level, tile: &[u8]| {
            made.push((level, tile.to_vec()));
            Ok::<_, MediaError>(())
        };
        for rows in picture.pixels.chunks(parcel) {
            pyramid.rows(rows, &mut take).unwrap();
        }
        // As a pack has them, but for the order of levels.
        made.sort_by_key(|(level, _)| *level);
        (made, pyramid.last())
    }

    fn tiles(picture: &Picture, tile: u32, levels: u32) -> Vec<(u32, Vec<u8>)> {
        parcels(picture, tile, levels, usize::MAX).0
    }

    /// The half of a picture, pixel by pixel.
    fn by_pixel(picture: &Picture) -> Vec<u8> {
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
        let levels = |width, height, widest| {
            let shape = Shape {
                width,
                height,
                channels: 1,
            };
            levels(&shape, widest)
        };
        assert_eq!(levels(3_000, 2_000, 2_400), 1);
        assert_eq!(levels(4_801, 1_000, 2_400), 2, "2,401 pixels wide");
        assert_eq!(levels(4_800, 1_000, 2_400), 1);
        assert_eq!(levels(2_400, 9_000, 2_400), 0, "no wider than one shown");
        assert_eq!(levels(3_000, 1_000, 2_400), 0, "three megapixels");
        assert_eq!(levels(3_000, 1_001, 2_400), 1);
        assert_eq!(levels(1, 65_535, 0), 0);
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
                let mut picture = Picture::slope(width, height, channels);
                for (place, value) in picture.pixels.iter_mut().enumerate() {
                    *value = value.wrapping_add((place * 89 % 251) as u8);
                }
                let expected = by_pixel(&picture);
                let mut halved = Vec::new();
                half(&picture, &mut halved);
                assert!(halved == expected, "{width} × {height} × {channels}");
            }
        }
    }

    #[test]
    fn rows_may_come_in_any_portion_and_what_is_left_is_the_smallest_level() {
        for (width, height) in [(200, 150), (130, 129), (64, 64), (1, 300), (300, 1)] {
            let picture = Picture::slope(width, height, 3);
            let (whole, last) = parcels(&picture, 64, 2, usize::MAX);
            for parcel in [1, 7, 600, 64 * 3 * 200] {
                let (made, left) = parcels(&picture, 64, 2, parcel);
                assert!(made == whole, "{width} × {height} by {parcel} bytes");
                assert_eq!(left.pixels, last.pixels);
            }
            assert_eq!(
                (last.width, last.height),
                (width.div_ceil(2), height.div_ceil(2))
            );
            let scene = parcels(&picture, 64, 0, 50);
            assert!(scene.0.is_empty() && scene.1.pixels == picture.pixels);
        }
    }

    #[test]
    fn black_and_white_are_exact_and_what_is_not_few_greys_is_a_jpeg() {
        let mut picture = Picture::slope(100, 67, 1);
        for (place, value) in picture.pixels.iter_mut().enumerate() {
            *value = if place * 7919 % 5 < 2 { 0 } else { 255 };
        }
        let made = tiles(&picture, 100, 1);
        assert_eq!(made.len(), 1);
        assert_eq!(decoded(&made[0].1).pixels, picture.pixels);
        for (value, pixel) in (100..).zip(&mut picture.pixels[77..117]) {
            *pixel = value;
        }
        assert!(tiles(&picture, 100, 1)[0].1.starts_with(b"\xff\xd8"));
    }

    #[test]
    fn tiles_come_row_by_row_and_the_edges_are_smaller() {
        let made = tiles(&Picture::slope(130, 70, 3), 64, 3);
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
        assert_eq!(
            made,
            tiles(&Picture::slope(130, 70, 3), 64, 3),
            "the same each time"
        );
    }

    #[test]
    fn tiles_laid_side_by_side_are_the_picture() {
        let picture = Picture::slope(200, 150, 3);
        let made = tiles(&Picture::slope(200, 150, 3), 64, 1);
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
        let made = tiles(&Picture::slope(512, 512, 3), 512, 1);
        assert_eq!(made.len(), 1);
        let made = tiles(&Picture::slope(1, 1_025, 1), 512, 2);
        let sizes: Vec<_> = made.iter().map(|(_, jpeg)| decoded(jpeg).height).collect();
        assert_eq!(sizes, [512, 512, 1, 512, 1]);
    }

    #[test]
    fn grey_stays_grey() {
        for (level, jpeg) in tiles(&Picture::slope(100, 100, 1), 64, 2) {
            assert_eq!(decoded(&jpeg).channels, 1, "level {level}");
        }
    }

    #[test]
    fn what_does_not_want_a_tile_ends_it() {
        let picture = Picture::slope(130, 70, 1);
        let mut pyramid = Pyramid::with(shape(&picture), 64, 2);
        let mut taken = 0;
        let ended = pyramid.rows(&picture.pixels, &mut |_, _| {
            taken += 1;
            Err(MediaError::Rendition {
                width: 64,
                reason: "the disk is full".to_owned(),
            })
        });
        assert!(ended.is_err() && taken == 1);
    }
}
