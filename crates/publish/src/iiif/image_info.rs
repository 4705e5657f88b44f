//! Image information for compliance level 0 of the IIIF Image API 3.0: `info.json`.

use khizana_format::{Derivative, DerivativeFile, Image};
use serde_json::{Value, json};

use crate::PublishError;
use crate::iiif::tiles;
use khizana_site::Site;

/// Writes the image information, unless the image has no JPEG for IIIF clients. `tiles` is `true` if the tiles of the image are published.
///
/// `base_url` is the address of the archive. If it is empty, `id` is relative to the root of the
/// site.
pub(crate) fn write(
    site: &Site,
    image: &Image,
    base_url: &str,
    tiles: bool,
) -> Result<(), PublishError> {
    let Some(largest) = image.largest_jpeg() else {
        return Ok(());
    };
    let info = info(image, largest, base_url, tiles);
    let path = format!("iiif/{}/info.json", image.key);
    Ok(site.put(&path, info.to_string().as_bytes())?)
}

/// Returns the image information. `largest` is the JPEG at `full/max`, which level 0 requires.
///
/// Without tiles, the service describes an image with the size of `largest`, and `largest` as its
/// only tile. A client thus finds it at `full/max` only. If it were one of the `sizes`, it would also
/// have to be published at `full/<w>,<h>`.
fn info(image: &Image, largest: &Derivative, base_url: &str, tiles: bool) -> Value {
    let scale_factors = match tiles {
        true => tiles::scale_factors(image),
        false => Vec::new(),
    };
    let mut info = json!({
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": format!("{base_url}iiif/{}", image.key),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
    });
    let pack = image.pack.as_ref().filter(|_| !scale_factors.is_empty());
    let (size, tile, scale_factors) = match pack {
        Some(pack) => (
            (image.width, image.height),
            (pack.tile, pack.tile),
            scale_factors,
        ),
        None => {
            let size = (largest.width, largest.height);
            (size, size, vec![1])
        }
    };
    (info["width"], info["height"]) = (size.0.into(), size.1.into());
    if largest.width < size.0 {
        info["maxWidth"] = largest.width.into();
        info["maxHeight"] = largest.height.into();
    }
    let sizes: Vec<Value> = listed_sizes(image, size, scale_factors.len())
        .into_iter()
        .map(|(width, height)| json!({ "type": "Size", "width": width, "height": height }))
        .collect();
    if !sizes.is_empty() {
        info["sizes"] = sizes.into();
    }
    info["tiles"] = json!([{
        "type": "Tile",
        "width": tile.0,
        "height": tile.1,
        "scaleFactors": scale_factors,
    }]);
    info
}

/// Returns the sizes for `info.json`, in ascending order. The largest JPEG, which is available as
/// `max`, is not one of them. `full_size` is the width and height of the service.
///
/// OpenSeadragon, which Mirador and TIFY use, mistakes the sizes for those of the tile levels if
/// there are as many sizes as levels, or one fewer. If there are as many, this function adds the
/// size of the whole image as a single tile. If there is one fewer, it omits the largest size.
fn listed_sizes(image: &Image, full_size: (u32, u32), levels: usize) -> Vec<(u32, u32)> {
    let mut sizes: Vec<(u32, u32)> = image
        .sizes
        .iter()
        .filter(|size| size.file == DerivativeFile::Jpeg && size.width < full_size.0)
        .map(|size| (size.width, size.height))
        .collect();
    if levels > 1 && sizes.len() == levels {
        let scale = |side: u32| side.div_ceil(1 << (levels - 1));
        let single_tile = (scale(image.width), scale(image.height));
        if sizes.contains(&single_tile) {
            // The size cannot be listed twice, so two sizes are omitted instead.
            sizes.truncate(levels - 2);
        } else {
            sizes.push(single_tile);
            sizes.sort_unstable();
        }
    } else if sizes.len() == levels || sizes.len() + 1 == levels {
        sizes.pop();
    }
    sizes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_format::TilePack;
    use khizana_model::Hash;

    fn image(width: u32, height: u32, widths: &[u32], has_pack: bool) -> Image {
        let sha256 = Hash([1; 32]);
        let sizes = widths.iter().map(|derivative_width| Derivative {
            width: *derivative_width,
            height: derivative_width * height / width,
            file: match widths.last() == Some(derivative_width) {
                true => DerivativeFile::Max,
                false => DerivativeFile::Jpeg,
            },
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
            pack: has_pack.then_some(TilePack {
                tile: 512,
                levels: 1,
                index: 9,
                sha256,
                bytes: 99,
                part: 0,
            }),
        }
    }

    fn info_of(image: &Image, tiles: bool) -> Value {
        info(image, image.largest_jpeg().unwrap(), "https://a/", tiles)
    }

    fn widths(info: &Value) -> Vec<u64> {
        let sizes = info["sizes"].as_array().into_iter().flatten();
        sizes.map(|size| size["width"].as_u64().unwrap()).collect()
    }

    #[test]
    fn without_tiles_the_largest_derivative_is_the_only_tile() {
        for (image, tiles) in [
            (image(4_000, 3_200, &[320, 800, 1_000], true), false),
            (image(1_000, 800, &[320, 800, 1_000], false), true),
        ] {
            let info = info_of(&image, tiles);
            assert_eq!(info["id"], "https://a/iiif/k");
            assert_eq!(
                (&info["width"], &info["height"]),
                (&json!(1_000), &json!(800))
            );
            assert_eq!(widths(&info), [320, 800]);
            assert!(info.get("maxWidth").is_none());
            assert_eq!(
                info["tiles"],
                json!([{ "type": "Tile", "width": 1_000, "height": 800, "scaleFactors": [1] }])
            );
        }
    }

    #[test]
    fn lists_only_jpegs() {
        let mut image = image(4_000, 3_200, &[320, 800, 1_600], true);
        let jpeg = image.sizes[2].clone();
        for size in &mut image.sizes {
            size.file = DerivativeFile::Png;
        }
        assert!(image.largest_jpeg().is_none());
        image.jpeg = Some(jpeg);
        let info = info_of(&image, false);
        assert_eq!(
            (&info["width"], &info["height"]),
            (&json!(1_600), &json!(1_280))
        );
        assert!(info.get("sizes").is_none());
    }

    #[test]
    fn lists_max_width_and_tiles_of_a_large_image() {
        let image = image(4_000, 6_000, &[320, 800, 1_000], true);
        let tiled = info_of(&image, true);
        assert_eq!(tiled["width"], 4_000);
        assert_eq!(
            (&tiled["maxWidth"], &tiled["maxHeight"]),
            (&1_000.into(), &1_500.into())
        );
        assert_eq!(tiled["tiles"][0]["scaleFactors"], json!([1, 2, 4, 8, 16]));
        assert_eq!(tiled["tiles"][0]["width"], 512);
        assert_eq!(widths(&tiled), [320, 800]);
    }

    #[test]
    fn never_lists_as_many_sizes_as_levels_or_one_less() {
        // The image has five levels, which are 4,000, 2,000, 1,000, 500 and 250 pixels wide.
        for derivative_widths in [
            &[2_400][..],
            &[320, 2_400],
            &[320, 800, 1_600, 2_400],
            &[320, 800, 1_200, 1_600, 2_400],
            &[320, 800, 1_200, 1_600, 2_000, 2_400],
            &[250, 800, 1_200, 1_600, 2_000, 2_400],
            &[320, 500, 800, 1_200, 1_600, 2_000, 2_400],
        ] {
            let image = image(4_000, 6_000, derivative_widths, true);
            let sizes = widths(&info_of(&image, true));
            assert!(
                ![4, 5].contains(&sizes.len()),
                "{derivative_widths:?}: {sizes:?}"
            );
            assert!(sizes.is_sorted(), "{sizes:?}");
            assert!(
                sizes
                    .iter()
                    .all(|width| derivative_widths.contains(&(*width as u32)) || *width == 250)
            );
            // Without tiles there is one level. No sizes are listed in place of one.
            assert_ne!(widths(&info_of(&image, false)).len(), 1);
        }
    }
}
