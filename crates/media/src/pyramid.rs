//! The tile pyramid of a large image, built from a stream of rows.

use rayon::prelude::*;

use crate::band_file::{BandFile, Columns};
use crate::decode::Shape;
use crate::encode::encode_tile;
use crate::grey_values::GreyValues;
use crate::picture_view::PictureView;
use crate::widths::smallest_level;
use crate::{MediaError, Picture};

/// An image pyramid under construction.
///
/// Each level keeps one row of tiles, in memory or in a temporary file. The smallest level is kept
/// in memory completely, because the renditions are scaled from it.
pub(crate) struct Pyramid {
    channels: usize,
    tile_size: u32,
    /// The levels, from the image itself to the one that the renditions are scaled from.
    levels: Vec<Level>,
    /// Number of levels that are tiled, starting with the image itself.
    tiled: usize,
    smallest: Picture,
    greys: GreyValues,
}

struct Level {
    width: u32,
    /// Number of rows that are not in a completed row of tiles.
    rows_left: u32,
    /// The received rows that have not been passed on yet.
    band: Vec<u8>,
    /// A buffer for rows at half their size. It is reused, because an allocator would otherwise
    /// retain several freed blocks of this size.
    halved: Vec<u8>,
    /// The temporary file for a row of tiles that is too large to be kept in `band`.
    spilled: Option<Spilled>,
}

/// The part of a row of tiles that is in a temporary file.
struct Spilled {
    file: BandFile,
    rows: u32,
}

/// Number of bytes that are halved or written to a file together.
const SLICE_BYTES: usize = 4 << 20;

/// Number of tiles side by side that are read from a file together.
const SPILLED_TILES: u32 = 16;

/// Number of bytes of a row up to which several rows are halved by the same task.
const HALVING_BYTES: usize = 32 << 10;

/// Returns the number of rows of `stride` bytes that are halved or written together, which is even.
fn slice_rows(stride: usize) -> usize {
    (SLICE_BYTES / stride.max(1)).max(2) / 2 * 2
}

impl Pyramid {
    /// Creates the pyramid of an image whose widest requested rendition has a width of `widest`
    /// pixels. `tile_size` is the side of the tiles in pixels, an even number. A row of tiles that
    /// takes more than `max_band` bytes is kept in a temporary file.
    ///
    /// A level that is hardly wider than the widest rendition is not tiled. Its only purpose is to
    /// scale the renditions from fewer pixels.
    ///
    /// # Errors
    /// Returns [`MediaError::TemporaryFile`].
    pub fn new(
        shape: Shape,
        tile_size: u32,
        widest: u32,
        max_band: u64,
    ) -> Result<Pyramid, MediaError> {
        let (count, tiled) = match smallest_level(shape.width, shape.height, widest) {
            Some(smallest) => (smallest.number + 1, smallest.tiled),
            None => (1, 0),
        };
        let mut pyramid = Pyramid::with_levels(shape, tile_size, count);
        pyramid.tiled = tiled as usize;
        pyramid.spill(max_band)?;
        Ok(pyramid)
    }

    /// Creates a pyramid without tiles. The smallest level is the last one that is wider than
    /// `width`, or the image itself.
    ///
    /// # Errors
    /// Returns [`MediaError::TemporaryFile`].
    pub fn untiled(shape: Shape, width: u32, max_band: u64) -> Result<Pyramid, MediaError> {
        /// Number of rows that are halved together.
        const ROWS: u32 = 64;
        let count = match smallest_level(shape.width, shape.height, width) {
            Some(smallest) => smallest.number + 1,
            None => 1,
        };
        let mut pyramid = Pyramid::with_levels(shape, ROWS, count);
        pyramid.tiled = 0;
        pyramid.spill(max_band)?;
        Ok(pyramid)
    }

    /// Creates a pyramid with `count` tiled levels.
    pub fn with_levels(shape: Shape, tile_size: u32, count: u32) -> Pyramid {
        let levels: Vec<Level> = (0..count.max(1))
            .map(|level| Level {
                width: shape.width.div_ceil(1 << level),
                rows_left: shape.height.div_ceil(1 << level),
                band: Vec::new(),
                halved: Vec::new(),
                spilled: None,
            })
            .collect();
        let (width, height) = levels
            .last()
            .map_or((0, 0), |last| (last.width, last.rows_left));
        Pyramid {
            channels: shape.channels,
            tile_size: tile_size.max(2).next_multiple_of(2),
            levels,
            tiled: count as usize,
            greys: GreyValues::new(shape.channels),
            smallest: Picture {
                width,
                height,
                channels: shape.channels,
                pixels: Vec::with_capacity(width as usize * height as usize * shape.channels),
            },
        }
    }

    /// Creates a temporary file for each level whose rows of tiles take more than `max_band` bytes.
    fn spill(&mut self, max_band: u64) -> Result<(), MediaError> {
        for level in &mut self.levels {
            let stride = level.width as usize * self.channels;
            let rows = level.rows_left.min(self.tile_size);
            if stride as u64 * u64::from(rows) > max_band {
                let file = BandFile::new(stride)?;
                level.spilled = Some(Spilled { file, rows: 0 });
            }
        }
        Ok(())
    }

    /// Returns the number of tiled levels.
    pub fn levels(&self) -> u32 {
        self.tiled as u32
    }

    /// Returns the grey values of the image itself.
    pub fn greys(&self) -> &GreyValues {
        &self.greys
    }

    /// Returns the smallest level. All rows must have been pushed.
    pub fn into_smallest(self) -> Picture {
        self.smallest
    }

    /// Appends rows, and passes the tiles that these rows complete to `put_tile`, together with the
    /// numbers of their levels.
    ///
    /// Within a level, tiles are passed row by row. Each tile is a 4:2:0 JPEG with quality 80, or a
    /// PNG if it has few grey values and the PNG is smaller. Tiles at the right and bottom edges
    /// may be smaller. The tiles in a row are encoded in parallel.
    ///
    /// A pixel of a level is the mean of the 2 × 2 pixels that it covers, computed with
    /// gamma-encoded values like in renditions. If the width or height is odd, a pixel at that edge
    /// is the mean of the one or two remaining pixels.
    ///
    /// # Errors
    /// Returns the errors of `put_tile`, [`MediaError::Rendition`] if a tile cannot be encoded, and
    /// [`MediaError::TemporaryFile`].
    pub fn push_rows<E: From<MediaError>>(
        &mut self,
        rows: &[u8],
        put_tile: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.greys.add(rows);
        if self.tiled == 0 && self.levels.len() == 1 {
            self.smallest.pixels.extend_from_slice(rows);
            return Ok(());
        }
        self.push(0, rows, put_tile)
    }

    fn push<E: From<MediaError>>(
        &mut self,
        number: usize,
        mut rows: &[u8],
        put_tile: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            let Some(level) = self.levels.get_mut(number) else {
                return Ok(());
            };
            let stride = level.width as usize * self.channels;
            let band_height = level.rows_left.min(self.tile_size);
            // All rows of a row of tiles are collected, or only some if they are in a file.
            let height = match &level.spilled {
                Some(spilled) => (band_height - spilled.rows).min(slice_rows(stride) as u32),
                None => band_height,
            };
            let missing = (stride * height as usize).saturating_sub(level.band.len());
            let (now, later) = rows.split_at(missing.min(rows.len()));
            // The reserved size is exact, because amortised growth would allocate up to twice the
            // size.
            level.band.reserve_exact(missing);
            level.band.extend_from_slice(now);
            rows = later;
            if band_height == 0 || now.len() < missing {
                return Ok(());
            }
            let band = Picture {
                width: level.width,
                height,
                channels: self.channels,
                pixels: std::mem::take(&mut level.band),
            };
            self.put_tiles(number, &band, band_height, put_tile)?;
            self.pass_on(number, &band, put_tile)?;
            if let Some(level) = self.levels.get_mut(number) {
                level.band = band.pixels;
                level.band.clear();
            }
        }
    }

    /// Encodes a row of tiles if `band` completes it. If the row of tiles is in a file, `band` is
    /// only a part of it and is appended to the file.
    fn put_tiles<E: From<MediaError>>(
        &mut self,
        number: usize,
        band: &Picture,
        band_height: u32,
        put_tile: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(level) = self.levels.get_mut(number) else {
            return Ok(());
        };
        let is_tiled = number < self.tiled;
        if let Some(spilled) = &mut level.spilled {
            if is_tiled {
                spilled
                    .file
                    .write_rows(spilled.rows as usize, &band.pixels)?;
            }
            spilled.rows += band.height;
            if spilled.rows < band_height {
                return Ok(());
            }
            spilled.rows = 0;
        }
        level.rows_left -= band_height;
        if !is_tiled {
            return Ok(());
        }
        let level_number = number as u32;
        let Some(spilled) = &level.spilled else {
            for tile in encode_tile_row(band, self.tile_size) {
                put_tile(level_number, &tile?)?;
            }
            return Ok(());
        };
        let group_width = self.tile_size * SPILLED_TILES;
        let mut group = Picture {
            width: 0,
            height: band_height,
            channels: self.channels,
            pixels: Vec::new(),
        };
        for left in (0..level.width).step_by(group_width as usize) {
            group.width = group_width.min(level.width - left);
            let columns = Columns {
                start: left as usize * self.channels,
                length: group.width as usize * self.channels,
            };
            group
                .pixels
                .resize(columns.length * band_height as usize, 0);
            spilled.file.read_columns(columns, &mut group.pixels)?;
            for tile in encode_tile_row(&group, self.tile_size) {
                put_tile(level_number, &tile?)?;
            }
        }
        Ok(())
    }

    /// Passes rows at half their size to the next level, or appends them to the smallest level.
    fn pass_on<E: From<MediaError>>(
        &mut self,
        number: usize,
        band: &Picture,
        put_tile: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if number + 1 == self.levels.len() {
            self.smallest.pixels.extend_from_slice(&band.pixels);
            return Ok(());
        }
        let Some(level) = self.levels.get_mut(number) else {
            return Ok(());
        };
        let mut halved = std::mem::take(&mut level.halved);
        let stride = band.width as usize * self.channels;
        for slice in band.pixels.chunks((slice_rows(stride) * stride).max(1)) {
            halve(slice, band.width, self.channels, &mut halved);
            self.push(number + 1, &halved, put_tile)?;
        }
        if let Some(level) = self.levels.get_mut(number) {
            level.halved = halved;
        }
        Ok(())
    }
}

/// Encodes one row of tiles, and returns the tiles from left to right.
fn encode_tile_row(band: &Picture, tile_size: u32) -> Vec<Result<Vec<u8>, MediaError>> {
    (0..band.width.div_ceil(tile_size))
        .into_par_iter()
        .map(|column| {
            let view = PictureView::columns(band, column * tile_size, tile_size);
            encode_tile(view).map_err(|reason| MediaError::Rendition {
                width: view.width(),
                reason: reason.into(),
            })
        })
        .collect()
}

/// Scales rows of `width` pixels to half their width and height, rounded up, and writes the result
/// to `out`.
pub(crate) fn halve(rows: &[u8], width: u32, channels: usize, out: &mut Vec<u8>) {
    let stride = width as usize * channels;
    let narrow = width.div_ceil(2) as usize * channels;
    if stride == 0 {
        out.clear();
        return;
    }
    out.resize(narrow * (rows.len() / stride).div_ceil(2), 0);
    out.par_chunks_mut(narrow)
        .zip(rows.par_chunks(2 * stride))
        .with_min_len((HALVING_BYTES / stride).max(1))
        .for_each(|(row, pair)| {
            let (upper, lower) = pair.split_at(stride);
            // If the height is odd, the last row is used twice.
            let lower = if lower.is_empty() { upper } else { lower };
            match channels {
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
    let mut pixels = out.chunks_exact_mut(CHANNELS);
    for ((a, b), out) in pairs.zip(lower_pairs).zip(pixels.by_ref()) {
        for c in 0..CHANNELS {
            let sum = [a[c], a[CHANNELS + c], b[c], b[CHANNELS + c]].map(u16::from);
            out[c] = ((sum.iter().sum::<u16>() + 2) / 4) as u8;
        }
    }
    // If the width is odd, the last pixel of each row is used twice.
    for (out, (a, b)) in pixels.flatten().zip(last) {
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

    /// Pushes an image in chunks of `chunk` bytes, which need not be whole rows. Returns the tiles
    /// and the smallest level.
    fn tiles_in_chunks(
        picture: &Picture,
        tile_size: u32,
        levels: u32,
        chunk: usize,
    ) -> (Vec<(u32, Vec<u8>)>, Picture) {
        let pyramid = Pyramid::with_levels(shape(picture), tile_size, levels);
        tiles_of(pyramid, picture, chunk)
    }

    fn tiles_of(
        mut pyramid: Pyramid,
        picture: &Picture,
        chunk: usize,
    ) -> (Vec<(u32, Vec<u8>)>, Picture) {
        let mut tiles = Vec::new();
        let mut put_tile = |level, tile: &[u8]| {
            tiles.push((level, tile.to_vec()));
            Ok::<_, MediaError>(())
        };
        for rows in picture.pixels.chunks(chunk) {
            pyramid.push_rows(rows, &mut put_tile).unwrap();
        }
        // In a tile pack, levels are not interleaved.
        tiles.sort_by_key(|(level, _)| *level);
        (tiles, pyramid.into_smallest())
    }

    fn tiles(picture: &Picture, tile_size: u32, levels: u32) -> Vec<(u32, Vec<u8>)> {
        tiles_in_chunks(picture, tile_size, levels, usize::MAX).0
    }

    /// Scales an image to half its size pixel by pixel.
    fn halved_by_pixel(picture: &Picture) -> Vec<u8> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let at = |x: usize, y: usize, c: usize| {
            let index = y.min(height - 1) * width + x.min(width - 1);
            u32::from(picture.pixels[index * picture.channels + c])
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
    fn tiles_only_levels_wider_than_the_renditions() {
        let levels = |width, height, widest| {
            let shape = Shape {
                width,
                height,
                channels: 1,
            };
            let pyramid = Pyramid::new(shape, 512, widest, u64::MAX).unwrap();
            (pyramid.levels(), pyramid.levels.len())
        };
        assert_eq!(levels(3_001, 2_000, 2_400), (1, 1));
        assert_eq!(levels(9_000, 9_000, 2_400), (2, 2), "2,250 pixels wide");
        assert_eq!(levels(5_000, 1_000, 2_400), (1, 2), "2,500 pixels wide");
        assert_eq!(levels(6_001, 1_000, 2_400), (2, 2), "3,001 pixels wide");
        assert_eq!(levels(3_000, 9_000, 2_400), (1, 1), "27 megapixels");
        // These images have no tiles: there is a rendition of full size, or they are small.
        assert_eq!(levels(3_000, 2_000, 2_400), (0, 1));
        assert_eq!(levels(2_400, 60_000, 2_400), (0, 1));
        assert_eq!(levels(5_000, 600, 2_400), (0, 1));
        assert_eq!(levels(1, 65_535, 0), (0, 1));
    }

    #[test]
    fn halves_each_pixel_to_the_mean_of_those_it_covers() {
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
                let mut picture = Picture::gradient(width, height, channels);
                for (index, value) in picture.pixels.iter_mut().enumerate() {
                    *value = value.wrapping_add((index * 89 % 251) as u8);
                }
                let expected = halved_by_pixel(&picture);
                let mut halved = Vec::new();
                halve(&picture.pixels, width, channels, &mut halved);
                assert!(halved == expected, "{width} × {height} × {channels}");
            }
        }
    }

    #[test]
    fn accepts_rows_in_any_chunk_size_and_keeps_the_smallest_level() {
        for (width, height) in [(200, 150), (130, 129), (64, 64), (1, 300), (300, 1)] {
            let picture = Picture::gradient(width, height, 3);
            let (expected, smallest) = tiles_in_chunks(&picture, 64, 2, usize::MAX);
            for chunk in [1, 7, 600, 64 * 3 * 200] {
                let (tiles, last) = tiles_in_chunks(&picture, 64, 2, chunk);
                assert!(tiles == expected, "{width} × {height} by {chunk} bytes");
                assert_eq!(last.pixels, smallest.pixels);
            }
            assert_eq!(
                (smallest.width, smallest.height),
                (width.div_ceil(2), height.div_ceil(2))
            );
            let (tiles, untiled) = tiles_in_chunks(&picture, 64, 0, 50);
            assert!(tiles.is_empty() && untiled.pixels == picture.pixels);
        }
    }

    #[test]
    fn a_row_of_tiles_in_a_file_makes_the_same_tiles_as_in_memory() {
        for (width, height, channels) in [(2_001, 150, 3), (64, 70, 1), (3_000, 1, 3), (7, 9, 3)] {
            let picture = Picture::gradient(width, height, channels);
            let (expected, smallest) = tiles_in_chunks(&picture, 64, 3, usize::MAX);
            // Levels with more than this number of bytes per row of tiles are in files.
            for max_band in [0, 100_000] {
                let mut pyramid = Pyramid::with_levels(shape(&picture), 64, 3);
                pyramid.spill(max_band).unwrap();
                let spilled = pyramid.levels.iter().filter(|l| l.spilled.is_some());
                assert_eq!(spilled.count() == 3, max_band == 0);
                let (tiles, last) = tiles_of(pyramid, &picture, 1_000);
                assert!(tiles == expected, "{width} × {height}, {max_band} bytes");
                assert_eq!(last.pixels, smallest.pixels);
            }
        }
    }

    #[test]
    fn an_untiled_pyramid_has_only_a_smallest_level() {
        let picture = Picture::gradient(2_500, 1_300, 3);
        let expected = tiles_in_chunks(&picture, 512, 3, usize::MAX).1;
        for max_band in [0, u64::MAX] {
            let pyramid = Pyramid::untiled(shape(&picture), 400, max_band).unwrap();
            let (tiles, last) = tiles_of(pyramid, &picture, 9_999);
            assert!(tiles.is_empty());
            assert_eq!((last.width, last.height), (625, 325));
            assert!(last.pixels == expected.pixels);
        }
    }

    #[test]
    fn the_smallest_level_of_a_huge_image_has_few_pixels() {
        for (width, height, tiled, smallest) in [
            (40_000, 30_000, 4, (2_500, 1_875)),
            (300_000, 13_333, 7, (4_688, 209)),
            (13_333, 300_000, 4, (834, 18_750)),
            (300_000, 2, 7, (4_688, 1)),
            (1, 300_000, 3, (1, 37_500)),
            (2_000, 300_000, 3, (250, 37_500)),
            (36_000, 54_000, 4, (2_250, 3_375)),
        ] {
            let shape = Shape {
                width,
                height,
                channels: 1,
            };
            let pyramid = Pyramid::new(shape, 512, 2_400, 1 << 20).unwrap();
            let last = pyramid.smallest;
            assert_eq!((last.width, last.height), smallest);
            assert_eq!(pyramid.tiled, tiled, "{width} × {height}");
        }
    }

    #[test]
    fn encodes_bilevel_tiles_losslessly_and_others_as_jpeg() {
        let mut picture = Picture::gradient(100, 67, 1);
        for (index, value) in picture.pixels.iter_mut().enumerate() {
            *value = if index * 7919 % 5 < 2 { 0 } else { 255 };
        }
        let encoded = tiles(&picture, 100, 1);
        assert_eq!(encoded.len(), 1);
        assert_eq!(decoded(&encoded[0].1).pixels, picture.pixels);
        for (value, pixel) in (100..).zip(&mut picture.pixels[77..117]) {
            *pixel = value;
        }
        assert!(tiles(&picture, 100, 1)[0].1.starts_with(b"\xff\xd8"));
    }

    #[test]
    fn passes_tiles_row_by_row_with_smaller_edge_tiles() {
        let encoded = tiles(&Picture::gradient(130, 70, 3), 64, 3);
        let sizes: Vec<_> = encoded
            .iter()
            .map(|(level, jpeg)| {
                let tile = decoded(jpeg);
                (*level, tile.width, tile.height)
            })
            .collect();
        let level_0 = [(64, 64), (64, 64), (2, 64), (64, 6), (64, 6), (2, 6)];
        let mut expected: Vec<_> = level_0.iter().map(|(w, h)| (0, *w, *h)).collect();
        expected.extend([(1, 64, 35), (1, 1, 35), (2, 33, 18)]);
        assert_eq!(sizes, expected);
        assert_eq!(
            encoded,
            tiles(&Picture::gradient(130, 70, 3), 64, 3),
            "deterministic"
        );
    }

    #[test]
    fn tiles_reassemble_to_the_image() {
        let picture = Picture::gradient(200, 150, 3);
        let encoded = tiles(&Picture::gradient(200, 150, 3), 64, 1);
        for (number, (_, jpeg)) in encoded.iter().enumerate() {
            let tile = decoded(jpeg);
            let (left, top) = (number % 4 * 64, number / 4 * 64);
            for (x, y) in [(0, 0), (tile.width as usize - 1, tile.height as usize - 1)] {
                let in_tile = (y * tile.width as usize + x) * 3;
                let in_image = ((top + y) * 200 + left + x) * 3;
                for c in 0..3 {
                    let (actual, expected) =
                        (tile.pixels[in_tile + c], picture.pixels[in_image + c]);
                    assert!(
                        actual.abs_diff(expected) < 6,
                        "tile {number}: {actual}, {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn tiles_an_image_of_one_tile_and_of_one_pixel_width() {
        let encoded = tiles(&Picture::gradient(512, 512, 3), 512, 1);
        assert_eq!(encoded.len(), 1);
        let encoded = tiles(&Picture::gradient(1, 1_025, 1), 512, 2);
        let sizes: Vec<_> = encoded
            .iter()
            .map(|(_, jpeg)| decoded(jpeg).height)
            .collect();
        assert_eq!(sizes, [512, 512, 1, 512, 1]);
    }

    #[test]
    fn keeps_grey_tiles_grey() {
        for (level, jpeg) in tiles(&Picture::gradient(100, 100, 1), 64, 2) {
            assert_eq!(decoded(&jpeg).channels, 1, "level {level}");
        }
    }

    #[test]
    fn stops_at_the_first_error_of_the_callback() {
        let picture = Picture::gradient(130, 70, 1);
        let mut pyramid = Pyramid::with_levels(shape(&picture), 64, 2);
        let mut calls = 0;
        let result = pyramid.push_rows(&picture.pixels, &mut |_, _| {
            calls += 1;
            Err(MediaError::Rendition {
                width: 64,
                reason: "the disk is full".to_owned().into(),
            })
        });
        assert!(result.is_err() && calls == 1);
    }
}
