//! The tiles of a large image as files of their own, where a IIIF client of level 0 looks for them.
//!
//! They are made from the tile pack, whose tiles they are: in the sizes that the pack has not, halved
//! from its smallest level until the whole image is a single tile. So nothing is decoded again that is
//! published already.

use khizana_format::{Image, PyramidLevel, TileIndex, TilePack, pyramid_levels};
use khizana_media::{derive_smaller_levels, smaller_level_count, tile_to_jpeg};

use crate::PublishError;
use crate::images::packs::{self, Failed};
use khizana_site::Site;

/// Writes the tiles of an image that are not there yet. An image without a pack has none.
pub(crate) fn write(site: &Site, image: &Image) -> Result<(), Failed> {
    let Some((pack, all)) = image.pack.as_ref().zip(pyramid(image)) else {
        return Ok(());
    };
    let kept = |(level, number): (&PyramidLevel, u32)| {
        (0..level.rows).all(|row| {
            (0..level.columns).all(|column| match path(image, pack, number, column, row) {
                Some(path) => site.keep_any(&path),
                None => true,
            })
        })
    };
    if all.iter().zip(0..).all(kept) {
        return Ok(());
    }
    let damaged = || {
        let place = site.path(&image.pack_path());
        Failed::from(PublishError::damaged(&place)("its index is damaged"))
    };
    let index = packs::read(site, image, pack, 0, pack.index)?;
    let index = TileIndex::read(&index).ok_or_else(damaged)?;
    let read = |level: u32, column, row| -> Result<Vec<u8>, Failed> {
        let tile = index.tile(level as usize, column, row);
        let tile = tile.ok_or_else(damaged)?;
        Ok(packs::read(site, image, pack, tile.offset, tile.len)?)
    };
    let put = |level, column, row, tile: &[u8]| -> Result<(), Failed> {
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
    // Tiles come row by row in each level; the rows of different levels take turns.
    let mut next = vec![0u32; all.len()];
    derive_smaller_levels(
        (level.width, level.height),
        pack.tile,
        |column, row| read(smallest, column, row),
        |level, tile| {
            let level = smallest + level;
            let (Some(own), Some(next)) = (all.get(level as usize), next.get_mut(level as usize))
            else {
                return Ok(());
            };
            let (column, row) = (*next % own.columns, *next / own.columns);
            *next += 1;
            put(level, column, row, tile)
        },
    )
}

/// All levels of which there are tiles, the image itself first, the last a single tile.
fn pyramid(image: &Image) -> Option<Vec<PyramidLevel>> {
    let pack = image.pack.as_ref()?;
    let count = 1 + smaller_level_count(image.width, image.height, pack.tile);
    pyramid_levels(image.width, image.height, pack.tile, count.max(pack.levels))
}

/// By which numbers the image is divided for its levels: the `scaleFactors` of its information; none
/// where it has no tiles.
pub(crate) fn scale_factors(image: &Image) -> Vec<u64> {
    let all = pyramid(image).unwrap_or_default();
    (0..all.len()).map(|level| 1 << level).collect()
}

/// The path of a tile, in the form that the Image API calls canonical (3.0, 4.7), but that its size is
/// always said in pixels: clients ask for `512,512` and not for `max` where a tile is not scaled.
/// `None` where it shows the whole image in a size in which there is a derivative.
fn path(image: &Image, pack: &TilePack, level: u32, column: u32, row: u32) -> Option<String> {
    let scale = 1u64 << level;
    let side = u64::from(pack.tile) * scale;
    let (left, top) = (u64::from(column) * side, u64::from(row) * side);
    let width = u64::from(image.width).saturating_sub(left).min(side);
    let height = u64::from(image.height).saturating_sub(top).min(side);
    let size = (width.div_ceil(scale), height.div_ceil(scale));
    let is_whole = (width, height) == (image.width.into(), image.height.into());
    let region = if is_whole {
        let same = image
            .sizes
            .iter()
            .any(|own| (u64::from(own.width), u64::from(own.height)) == size);
        if same {
            return None;
        }
        "full".to_owned()
    } else {
        format!("{left},{top},{width},{height}")
    };
    let (key, (wide, high)) = (&image.key, size);
    Some(format!("iiif/{key}/{region}/{wide},{high}/0/default.jpg"))
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
            sha256,
            bytes: 9,
        });
        Image {
            key: "k".into(),
            width,
            height,
            tone: "ffffff".into(),
            sizes: sizes.collect(),
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
    fn tiles_lie_where_a_client_computes_them() {
        let image = image(5_001, 3_333, &[(2_400, 1_600)]);
        let pack = image.pack.as_ref().unwrap();
        assert_eq!(scale_factors(&image), [1, 2, 4, 8, 16]);
        let at = |level, column, row| path(&image, pack, level, column, row).unwrap();
        assert_eq!(at(0, 0, 0), "iiif/k/0,0,512,512/512,512/0/default.jpg");
        assert_eq!(
            at(0, 9, 6),
            "iiif/k/4608,3072,393,261/393,261/0/default.jpg"
        );
        // Half of 393 is 197 pixels, as half of 5,001 is 2,501.
        assert_eq!(
            at(1, 4, 3),
            "iiif/k/4096,3072,905,261/453,131/0/default.jpg"
        );
        assert_eq!(at(3, 1, 0), "iiif/k/4096,0,905,3333/114,417/0/default.jpg");
        assert_eq!(at(4, 0, 0), "iiif/k/full/313,209/0/default.jpg");
    }

    #[test]
    fn a_derivative_of_the_same_size_stays_what_it_is() {
        let image = image(5_001, 3_333, &[(313, 209), (2_400, 1_600)]);
        let pack = image.pack.as_ref().unwrap();
        assert_eq!(path(&image, pack, 4, 0, 0), None);
    }
}
