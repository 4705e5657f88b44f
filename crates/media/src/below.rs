//! The levels below one of which there are tiles: for readers that want every size in tiles, down to
//! the one that is a single tile.

use std::borrow::Cow;

use crate::decode::Shape;
use crate::encode::{Order, jpeg};
use crate::part::Part;
use crate::pyramid::{Pyramid, half};
use crate::{MediaError, Picture};

/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG";

/// Makes the levels below one from its tiles, each half as wide and half as high as the one before,
/// rounded up, until one is no larger than a tile; and hands each tile on, with its level, 1 being the
/// first below: in a level row by row, always as JPEG (4:2:0, quality 80). `size` is the width and
/// height of the level that is there, `tile` the side of its tiles, an even number; `read` gives the
/// tile of a column and a row, as [`crate::ImageFile::derive`] made it.
///
/// A row of tiles is held at a time.
///
/// # Errors
/// What `read` and `take` say, and [`MediaError::Rendition`] where a tile cannot be decoded or is not of
/// the size that its place asks for.
pub fn below<E: From<MediaError>>(
    (width, height): (u32, u32),
    tile: u32,
    mut read: impl FnMut(u32, u32) -> Result<Vec<u8>, E>,
    mut take: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let tile = tile.max(2).next_multiple_of(2);
    let count = levels_below(width, height, tile);
    if count == 0 {
        return Ok(());
    }
    let mut pyramid: Option<Pyramid> = None;
    let mut take = |level: u32, tile: &[u8]| take(level + 1, &jpeg_tile(tile)?);
    let mut halved = Vec::new();
    for row in 0..height.div_ceil(tile) {
        let high = (height - row * tile).min(tile);
        let mut band: Option<Picture> = None;
        for column in 0..width.div_ceil(tile) {
            let wide = (width - column * tile).min(tile);
            let own = decoded(&read(column, row)?)?;
            let band = band.get_or_insert_with(|| Picture {
                width,
                height: high,
                channels: own.channels,
                pixels: vec![0; width as usize * high as usize * own.channels],
            });
            if (own.width, own.height, own.channels) != (wide, high, band.channels) {
                return Err(failed(wide, "a tile is not of the size of its place").into());
            }
            paste(band, column * tile, &own);
        }
        let Some(band) = band else { return Ok(()) };
        let pyramid = pyramid.get_or_insert_with(|| {
            let shape = Shape {
                width: width.div_ceil(2),
                height: height.div_ceil(2),
                channels: band.channels,
            };
            Pyramid::with(shape, tile, count)
        });
        half(&band, &mut halved);
        pyramid.rows(&halved, &mut take)?;
    }
    Ok(())
}

/// How many levels there are below one of this size, down to the first that is a single tile; 0 where
/// it is one itself.
pub fn levels_below(width: u32, height: u32, tile: u32) -> u32 {
    let fits = |level: &u32| width.max(height).div_ceil(1 << level) <= tile.max(1);
    (0..u32::BITS).find(fits).unwrap_or(0)
}

/// A tile as JPEG, whichever of the two it was made as.
///
/// # Errors
/// [`MediaError::Rendition`] where it is a PNG that cannot be decoded.
pub fn jpeg_tile(tile: &[u8]) -> Result<Cow<'_, [u8]>, MediaError> {
    if !tile.starts_with(PNG) {
        return Ok(Cow::Borrowed(tile));
    }
    let picture = decoded(tile)?;
    let made = jpeg(Part::whole(&picture), Order::Baseline);
    made.map(Cow::Owned)
        .map_err(|reason| failed(picture.width, reason))
}

fn failed(width: u32, reason: impl ToString) -> MediaError {
    MediaError::Rendition {
        width,
        reason: reason.to_string(),
    }
}

/// A tile of ours: small, in grey or sRGB, without profile or orientation.
fn decoded(tile: &[u8]) -> Result<Picture, MediaError> {
    let unread = |reason: String| failed(0, format!("a tile cannot be decoded: {reason}"));
    if tile.starts_with(PNG) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(tile));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().map_err(|e| unread(e.to_string()))?;
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
        let frame = reader
            .next_frame(&mut pixels)
            .map_err(|e| unread(e.to_string()))?;
        return Ok(Picture {
            width: frame.width,
            height: frame.height,
            channels: frame.color_type.samples(),
            pixels,
        });
    }
    let mut decoder = jpeg_decoder::Decoder::new(tile);
    let pixels = decoder.decode().map_err(|e| unread(e.to_string()))?;
    let info = decoder.info().ok_or_else(|| unread("it is empty".into()))?;
    Ok(Picture {
        width: info.width.into(),
        height: info.height.into(),
        channels: info.pixel_format.pixel_bytes(),
        pixels,
    })
}

/// Puts a tile into the band of its row, `left` pixels from its edge.
fn paste(band: &mut Picture, left: u32, tile: &Picture) {
    let channels = band.channels;
    let stride = band.width as usize * channels;
    let (from, length) = (left as usize * channels, tile.width as usize * channels);
    let rows = band.pixels.chunks_exact_mut(stride.max(1));
    for (row, own) in rows.zip(tile.pixels.chunks_exact(length.max(1))) {
        if let Some(place) = row.get_mut(from..from + length) {
            place.copy_from_slice(own);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::encode::tile;

    fn encoded(picture: &Picture) -> Result<Vec<u8>, String> {
        tile(Part::whole(picture))
    }

    fn part(picture: &Picture, side: u32, column: u32, row: u32) -> Picture {
        let (left, top) = (column * side, row * side);
        let (width, height) = (
            (picture.width - left).min(side),
            (picture.height - top).min(side),
        );
        let at = |x: u32, y: u32| {
            let start = (y * picture.width + x) as usize * picture.channels;
            &picture.pixels[start..start + picture.channels]
        };
        let rows = (top..top + height).flat_map(|y| (left..left + width).map(move |x| (x, y)));
        Picture {
            width,
            height,
            channels: picture.channels,
            pixels: rows.flat_map(|(x, y)| at(x, y).to_vec()).collect(),
        }
    }

    /// The levels below a picture, each tile as width and height, and the last one itself.
    fn made(picture: &Picture, side: u32) -> (Vec<(u32, u32, u32)>, Option<Picture>) {
        let mut told = Vec::new();
        let mut last = None;
        below(
            (picture.width, picture.height),
            side,
            |column, row| Ok(encoded(&part(picture, side, column, row)).unwrap()),
            |level, tile| {
                assert!(tile.starts_with(b"\xff\xd8"), "a JPEG");
                let own = decoded(tile)?;
                told.push((level, own.width, own.height));
                last = Some(own);
                Ok::<_, MediaError>(())
            },
        )
        .unwrap();
        told.sort_unstable();
        (told, last)
    }

    #[test]
    fn levels_are_halved_down_to_a_single_tile() {
        for channels in [1, 3] {
            let picture = Picture::slope(301, 150, channels);
            let (told, last) = made(&picture, 64);
            assert_eq!(
                told,
                [
                    // 151 × 75.
                    (1, 23, 11),
                    (1, 23, 64),
                    (1, 64, 11),
                    (1, 64, 11),
                    (1, 64, 64),
                    (1, 64, 64),
                    // 76 × 38.
                    (2, 12, 38),
                    (2, 64, 38),
                    // 38 × 19.
                    (3, 38, 19),
                ]
            );
            let last = last.unwrap();
            assert_eq!(last.channels, channels);
            // A pixel is the mean of eight by eight.
            let middle = (9 * 38 + 19) * channels;
            assert!(last.pixels[middle].abs_diff((19 * 8 + 4) / 8 + (9 * 8 + 4) / 8) < 4);
        }
    }

    #[test]
    fn what_is_one_tile_has_nothing_below_it() {
        assert_eq!(made(&Picture::slope(64, 30, 3), 64).0, []);
        assert_eq!(levels_below(65, 1, 64), 1);
        assert_eq!(levels_below(8_400, 8_400, 512), 5);
        assert_eq!(levels_below(0, 0, 512), 0);
    }

    #[test]
    fn black_and_white_becomes_a_jpeg_too() {
        let bilevel = Picture {
            width: 130,
            height: 70,
            channels: 1,
            pixels: (0..130 * 70)
                .map(|n| if n % 130 < 90 { 255 } else { 0 })
                .collect(),
        };
        let tile = encoded(&part(&bilevel, 64, 0, 0)).unwrap();
        assert!(tile.starts_with(PNG));
        let made_of = decoded(&jpeg_tile(&tile).unwrap()).unwrap();
        assert_eq!(
            (made_of.width, made_of.height, made_of.channels),
            (64, 64, 1)
        );
        assert!(made_of.pixels.iter().all(|v| *v > 250));
        let (told, _) = made(&bilevel, 64);
        assert_eq!(told, [(1, 1, 35), (1, 64, 35), (2, 33, 18)]);
    }

    #[test]
    fn a_tile_that_is_damaged_or_of_another_size_is_an_error() {
        let wrong = |tile: Vec<u8>| {
            let took = below(
                (100, 100),
                64,
                |_, _| Ok::<_, MediaError>(tile.clone()),
                |_, _| Ok(()),
            );
            took.unwrap_err().code()
        };
        let small = encoded(&Picture::slope(10, 10, 3)).unwrap();
        assert_eq!(wrong(small), "rendition-failed");
        assert_eq!(wrong(b"\xff\xd8\xff".to_vec()), "rendition-failed");
        assert_eq!(wrong(b"\x89PNG".to_vec()), "rendition-failed");
        assert_eq!(wrong(Vec::new()), "rendition-failed");
    }
}
