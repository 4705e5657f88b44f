//! Tiles of large images as separate files, for IIIF clients that support only compliance level 0.
//!
//! The tiles are copied from the tile pack. Smaller levels, which the pack does not contain, are
//! derived by scaling its smallest level down until the image is a single tile. The original is not
//! decoded again.

use khizana_format::{DerivativeFile, Image, PyramidLevel, TileIndex, TilePack, pyramid_levels};
use khizana_media::{derive_smaller_levels, smaller_level_count, tile_to_jpeg};

use crate::PublishError;
use crate::images::{DeriveError, tile_pack};
use khizana_site::Site;

/// Writes the tiles of an image that have not been published yet. An image without a tile pack has
/// no tiles.
pub(crate) fn write(site: &Site, image: &Image) -> Result<(), DeriveError> {
    let Some((pack, pyramid)) = image.pack.as_ref().zip(pyramid(image)) else {
        return Ok(());
    };
    let is_published = |(level, number): (&PyramidLevel, u32)| {
        (0..level.rows).all(|row| {
            (0..level.columns).all(|column| match path(image, pack, number, column, row) {
                Some(path) => site.keep_with_any_size(&path),
                None => true,
            })
        })
    };
    if pyramid.iter().zip(0..).all(is_published) {
        return Ok(());
    }
    let damaged = || {
        let path = site.path(&image.pack_path());
        DeriveError::from(PublishError::damaged(&path)("the index is damaged"))
    };
    let index = tile_pack::read(site, image, pack, 0, pack.index)?;
    let index = TileIndex::read(&index).ok_or_else(damaged)?;
    let read = |level: u32, column, row| -> Result<Vec<u8>, DeriveError> {
        let tile = index.tile(level as usize, column, row);
        let tile = tile.ok_or_else(damaged)?;
        Ok(tile_pack::read(site, image, pack, tile.offset, tile.len)?)
    };
    let put = |level, column, row, tile: &[u8]| -> Result<(), DeriveError> {
        match path(image, pack, level, column, row) {
            Some(path) => Ok(site.put_named(&path, tile)?),
            None => Ok(()),
        }
    };
    for (level, number) in index.levels.iter().zip(0..) {
        for row in 0..level.rows {
            for column in 0..level.columns {
                let tile = read(number, column, row)?;
                put(number, column, row, &tile_to_jpeg(&tile)?)?;
            }
        }
    }
    let smallest = pack.levels - 1;
    let Some(level) = index.levels.get(smallest as usize) else {
        return Ok(());
    };
    // `derive_smaller_levels` returns the tiles of each level row by row, but the rows of different
    // levels are interleaved.
    let mut next_tile = vec![0u32; pyramid.len()];
    derive_smaller_levels(
        (level.width, level.height),
        pack.tile,
        |column, row| read(smallest, column, row),
        |level, tile| {
            let level = smallest + level;
            let (Some(size), Some(next_tile)) = (
                pyramid.get(level as usize),
                next_tile.get_mut(level as usize),
            ) else {
                return Ok(());
            };
            let (column, row) = (*next_tile % size.columns, *next_tile / size.columns);
            *next_tile += 1;
            put(level, column, row, tile)
        },
    )
}

/// Returns all levels that have tiles, from the full size to a single tile.
fn pyramid(image: &Image) -> Option<Vec<PyramidLevel>> {
    let pack = image.pack.as_ref()?;
    let count = 1 + smaller_level_count(image.width, image.height, pack.tile);
    pyramid_levels(image.width, image.height, pack.tile, count.max(pack.levels))
}

/// Returns the `scaleFactors` of the levels. The list is empty if the image has no tiles.
pub(crate) fn scale_factors(image: &Image) -> Vec<u64> {
    let levels = pyramid(image).unwrap_or_default();
    (0..levels.len()).map(|level| 1 << level).collect()
}

/// Returns the path of a tile, or `None` if a derivative with the same path is published.
///
/// The path is the canonical URI of the Image API 3.0, section 4.7, except that the size is always
/// given in pixels: clients request `512,512` instead of `max` for tiles that are not scaled.
fn path(image: &Image, pack: &TilePack, level: u32, column: u32, row: u32) -> Option<String> {
    let scale = 1u64 << level;
    let side = u64::from(pack.tile) * scale;
    let (left, top) = (u64::from(column) * side, u64::from(row) * side);
    let width = u64::from(image.width).saturating_sub(left).min(side);
    let height = u64::from(image.height).saturating_sub(top).min(side);
    let size = (width.div_ceil(scale), height.div_ceil(scale));
    let is_whole = (width, height) == (image.width.into(), image.height.into());
    let region = if is_whole {
        let is_derivative = image.sizes.iter().chain(&image.strip).any(|derivative| {
            derivative.file == DerivativeFile::Jpeg
                && (u64::from(derivative.width), u64::from(derivative.height)) == size
        });
        if is_derivative {
            return None;
        }
        "full".to_owned()
    } else {
        format!("{left},{top},{width},{height}")
    };
    let (key, (scaled_width, scaled_height)) = (&image.key, size);
    Some(format!(
        "iiif/{key}/{region}/{scaled_width},{scaled_height}/0/default.jpg"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_format::Derivative;
    use khizana_model::Hash;

    fn image(width: u32, height: u32, sizes: &[(u32, u32)]) -> Image {
        let sha256 = Hash([7; 32]);
        let sizes = sizes.iter().map(|(width, height)| Derivative {
            width: *width,
            height: *height,
            file: DerivativeFile::Jpeg,
            sha256,
            bytes: 9,
        });
        Image {
            key: "k".into(),
            width,
            height,
            tone: "ffffff".into(),
            sizes: sizes.collect(),
            strip: None,
            jpeg: None,
            pack: Some(TilePack {
                tile: 512,
                levels: 2,
                index: 9,
                sha256,
                bytes: 99,
                part: 0,
            }),
        }
    }

    #[test]
    fn returns_the_paths_that_clients_compute() {
        let image = image(5_001, 3_333, &[(2_400, 1_600)]);
        let pack = image.pack.as_ref().unwrap();
        assert_eq!(scale_factors(&image), [1, 2, 4, 8, 16]);
        let path_of = |level, column, row| path(&image, pack, level, column, row).unwrap();
        assert_eq!(path_of(0, 0, 0), "iiif/k/0,0,512,512/512,512/0/default.jpg");
        assert_eq!(
            path_of(0, 9, 6),
            "iiif/k/4608,3072,393,261/393,261/0/default.jpg"
        );
        // Scaled sizes are rounded up.
        assert_eq!(
            path_of(1, 4, 3),
            "iiif/k/4096,3072,905,261/453,131/0/default.jpg"
        );
        assert_eq!(
            path_of(3, 1, 0),
            "iiif/k/4096,0,905,3333/114,417/0/default.jpg"
        );
        assert_eq!(path_of(4, 0, 0), "iiif/k/full/313,209/0/default.jpg");
    }

    #[test]
    fn returns_no_path_for_a_tile_with_the_size_of_a_derivative() {
        let image = image(5_001, 3_333, &[(313, 209), (2_400, 1_600)]);
        let pack = image.pack.as_ref().unwrap();
        assert_eq!(path(&image, pack, 4, 0, 0), None);
    }
}
