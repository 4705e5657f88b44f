//! Derivation of the levels of a pyramid that are smaller than its stored levels. They are needed
//! by viewers that request the tiles of all levels, down to a level that fits into a single tile.

use khizana_messages::Message;
use std::borrow::Cow;

use crate::decode::Shape;
use crate::encode::{JpegMode, encode_jpeg};
use crate::picture_view::PictureView;
use crate::pyramid::{Pyramid, halve};
use crate::{MediaError, Picture};

/// The first bytes of the signature of a PNG.
const PNG_SIGNATURE: &[u8] = b"\x89PNG";

/// Derives the smaller levels of a pyramid from the tiles of a given level.
///
/// Each level is half as wide and half as high as the preceding one, rounded up. The last level
/// fits into a single tile. The first argument is the width and height of the given level in
/// pixels, and `tile_size` is the side of its tiles in pixels, an even number. `read_tile` returns
/// the tile in a column and a row, as created by [`crate::ImageFile::derive`].
///
/// `put_tile` receives each new tile with the number of its level. The first level after the given
/// one has the number 1. Within a level, tiles are passed row by row. All tiles are JPEGs (4:2:0,
/// quality 80).
///
/// One row of tiles per level is kept in memory.
///
/// # Errors
/// Returns the errors of `read_tile` and `put_tile`, and [`MediaError::Rendition`] if a tile cannot
/// be decoded or has the wrong dimensions.
pub fn derive_smaller_levels<E: From<MediaError>>(
    (width, height): (u32, u32),
    tile_size: u32,
    mut read_tile: impl FnMut(u32, u32) -> Result<Vec<u8>, E>,
    mut put_tile: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let tile_size = tile_size.max(2).next_multiple_of(2);
    let count = smaller_level_count(width, height, tile_size);
    if count == 0 {
        return Ok(());
    }
    let mut pyramid: Option<Pyramid> = None;
    let mut put_tile = |level: u32, tile: &[u8]| put_tile(level + 1, &tile_to_jpeg(tile)?);
    let mut halved = Vec::new();
    for row in 0..height.div_ceil(tile_size) {
        let tile_height = (height - row * tile_size).min(tile_size);
        let mut band: Option<Picture> = None;
        for column in 0..width.div_ceil(tile_size) {
            let tile_width = (width - column * tile_size).min(tile_size);
            let tile = decode_tile(&read_tile(column, row)?)?;
            let band = band.get_or_insert_with(|| Picture {
                width,
                height: tile_height,
                channels: tile.channels,
                pixels: vec![0; width as usize * tile_height as usize * tile.channels],
            });
            if (tile.width, tile.height, tile.channels) != (tile_width, tile_height, band.channels)
            {
                return Err(failed(tile_width, "a tile has the wrong dimensions").into());
            }
            paste(band, column * tile_size, &tile);
        }
        let Some(band) = band else { return Ok(()) };
        let pyramid = pyramid.get_or_insert_with(|| {
            let shape = Shape {
                width: width.div_ceil(2),
                height: height.div_ceil(2),
                channels: band.channels,
            };
            Pyramid::with_levels(shape, tile_size, count)
        });
        halve(&band.pixels, band.width, band.channels, &mut halved);
        pyramid.push_rows(&halved, &mut put_tile)?;
    }
    Ok(())
}

/// Returns the number of levels that follow a level of the given size in pixels, down to the first
/// level that fits into a single tile. Returns 0 if the given level itself fits into a single tile.
pub fn smaller_level_count(width: u32, height: u32, tile_size: u32) -> u32 {
    let fits = |level: &u32| width.max(height).div_ceil(1 << level) <= tile_size.max(1);
    (0..u32::BITS).find(fits).unwrap_or(0)
}

/// Converts a tile to JPEG, unless it already is a JPEG. Tiles are stored as JPEG or PNG.
///
/// # Errors
/// Returns [`MediaError::Rendition`] if the tile is a PNG that cannot be decoded.
pub fn tile_to_jpeg(tile: &[u8]) -> Result<Cow<'_, [u8]>, MediaError> {
    if !tile.starts_with(PNG_SIGNATURE) {
        return Ok(Cow::Borrowed(tile));
    }
    let picture = decode_tile(tile)?;
    encode_jpeg(PictureView::full(&picture), JpegMode::Baseline)
        .map(Cow::Owned)
        .map_err(|reason| failed(picture.width, reason))
}

fn failed(width: u32, reason: impl ToString) -> MediaError {
    MediaError::Rendition {
        width,
        reason: Message::from(reason.to_string()),
    }
}

/// Decodes a tile that was encoded by this crate, which is in grey or sRGB and has neither a
/// profile nor an orientation.
fn decode_tile(tile: &[u8]) -> Result<Picture, MediaError> {
    let undecodable = |reason: String| failed(0, format!("a tile cannot be decoded: {reason}"));
    if tile.starts_with(PNG_SIGNATURE) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(tile));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder
            .read_info()
            .map_err(|e| undecodable(e.to_string()))?;
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
        let frame = reader
            .next_frame(&mut pixels)
            .map_err(|e| undecodable(e.to_string()))?;
        return Ok(Picture {
            width: frame.width,
            height: frame.height,
            channels: frame.color_type.samples(),
            pixels,
        });
    }
    let mut decoder = jpeg_decoder::Decoder::new(tile);
    let pixels = decoder.decode().map_err(|e| undecodable(e.to_string()))?;
    let info = decoder
        .info()
        .ok_or_else(|| undecodable("it is empty".into()))?;
    Ok(Picture {
        width: info.width.into(),
        height: info.height.into(),
        channels: info.pixel_format.pixel_bytes(),
        pixels,
    })
}

/// Copies a tile to a row of tiles, `left` pixels from the left edge.
fn paste(band: &mut Picture, left: u32, tile: &Picture) {
    let channels = band.channels;
    let stride = band.width as usize * channels;
    let (start, length) = (left as usize * channels, tile.width as usize * channels);
    let rows = band.pixels.chunks_exact_mut(stride.max(1));
    for (row, tile_row) in rows.zip(tile.pixels.chunks_exact(length.max(1))) {
        if let Some(target) = row.get_mut(start..start + length) {
            target.copy_from_slice(tile_row);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::encode::encode_tile;

    fn encoded(picture: &Picture) -> Result<Vec<u8>, String> {
        encode_tile(PictureView::full(picture))
    }

    fn crop(picture: &Picture, side: u32, column: u32, row: u32) -> Picture {
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

    /// Returns the level, width and height of each derived tile, and the last tile.
    fn derive_all(picture: &Picture, side: u32) -> (Vec<(u32, u32, u32)>, Option<Picture>) {
        let mut sizes = Vec::new();
        let mut last = None;
        derive_smaller_levels(
            (picture.width, picture.height),
            side,
            |column, row| Ok(encoded(&crop(picture, side, column, row)).unwrap()),
            |level, tile| {
                assert!(tile.starts_with(b"\xff\xd8"), "a JPEG");
                let tile = decode_tile(tile)?;
                sizes.push((level, tile.width, tile.height));
                last = Some(tile);
                Ok::<_, MediaError>(())
            },
        )
        .unwrap();
        sizes.sort_unstable();
        (sizes, last)
    }

    #[test]
    fn halves_levels_down_to_a_single_tile() {
        for channels in [1, 3] {
            let picture = Picture::gradient(301, 150, channels);
            let (sizes, last) = derive_all(&picture, 64);
            assert_eq!(
                sizes,
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
            // Each pixel is the mean of 8 × 8 pixels.
            let middle = (9 * 38 + 19) * channels;
            assert!(last.pixels[middle].abs_diff((19 * 8 + 4) / 8 + (9 * 8 + 4) / 8) < 4);
        }
    }

    #[test]
    fn derives_no_levels_from_a_single_tile() {
        assert_eq!(derive_all(&Picture::gradient(64, 30, 3), 64).0, []);
        assert_eq!(smaller_level_count(65, 1, 64), 1);
        assert_eq!(smaller_level_count(8_400, 8_400, 512), 5);
        assert_eq!(smaller_level_count(0, 0, 512), 0);
    }

    #[test]
    fn converts_bilevel_png_tiles_to_jpeg() {
        let bilevel = Picture {
            width: 130,
            height: 70,
            channels: 1,
            pixels: (0..130 * 70)
                .map(|n| if n % 130 < 90 { 255 } else { 0 })
                .collect(),
        };
        let tile = encoded(&crop(&bilevel, 64, 0, 0)).unwrap();
        assert!(tile.starts_with(PNG_SIGNATURE));
        let converted = decode_tile(&tile_to_jpeg(&tile).unwrap()).unwrap();
        assert_eq!(
            (converted.width, converted.height, converted.channels),
            (64, 64, 1)
        );
        assert!(converted.pixels.iter().all(|v| *v > 250));
        let (sizes, _) = derive_all(&bilevel, 64);
        assert_eq!(sizes, [(1, 1, 35), (1, 64, 35), (2, 33, 18)]);
    }

    #[test]
    fn rejects_damaged_tiles_and_wrong_dimensions() {
        let error_code = |tile: Vec<u8>| {
            let result = derive_smaller_levels(
                (100, 100),
                64,
                |_, _| Ok::<_, MediaError>(tile.clone()),
                |_, _| Ok(()),
            );
            result.unwrap_err().code()
        };
        let small = encoded(&Picture::gradient(10, 10, 3)).unwrap();
        assert_eq!(error_code(small), "rendition-failed");
        assert_eq!(error_code(b"\xff\xd8\xff".to_vec()), "rendition-failed");
        assert_eq!(error_code(b"\x89PNG".to_vec()), "rendition-failed");
        assert_eq!(error_code(Vec::new()), "rendition-failed");
    }
}
