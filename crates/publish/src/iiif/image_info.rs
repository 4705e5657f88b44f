//! What the IIIF Image API 3.0 says of an image: `info.json`, level 0, and `full/max`.

use std::fs;

use khizana_format::{Derivative, Image};
use serde_json::{Value, json};

use crate::PublishError;
use crate::iiif::tiles;
use khizana_site::Site;

/// Writes the information of an image; with `tiles`, that there are tiles of it.
///
/// Its `id` is absolute, as the API asks, where the archive knows its address, and relative to the
/// site's root otherwise. In the first case, or with tiles, others may read it, and what level 0 asks
/// for is there: the largest size by the name `max`.
pub(crate) fn write(
    site: &Site,
    image: &Image,
    url: Option<&str>,
    tiles: bool,
) -> Result<(), PublishError> {
    let max = image.sizes.last().filter(|_| tiles || url.is_some());
    if let Some(max) = max {
        write_max(site, image, max)?;
    }
    let info = info(image, url.unwrap_or_default(), tiles);
    let path = format!("iiif/{}/info.json", image.key);
    Ok(site.put(&path, info.to_string().as_bytes())?)
}

/// The largest derivative by its other name: a second link to the file where the disk has such, a copy
/// otherwise.
fn write_max(site: &Site, image: &Image, max: &Derivative) -> Result<(), PublishError> {
    let path = format!("iiif/{}/full/max/0/default.jpg", image.key);
    let bytes = u64::from(max.bytes);
    if site.keep(&path, bytes) {
        return Ok(());
    }
    let from = site.path(&image.path(max));
    Ok(site.place(&path, bytes, |target| {
        // One that a run left which was cut short.
        let _ = fs::remove_file(target);
        fs::hard_link(&from, target).or_else(|_| fs::copy(&from, target).map(|_| ()))
    })?)
}

fn info(image: &Image, root: &str, tiles: bool) -> Value {
    let mut info = json!({
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": format!("{root}iiif/{}", image.key),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        "width": image.width,
        "height": image.height,
    });
    let largest = image.sizes.last();
    if let Some(largest) = largest.filter(|size| size.width < image.width) {
        info["maxWidth"] = largest.width.into();
        info["maxHeight"] = largest.height.into();
    }
    let factors = match tiles {
        true => tiles::scale_factors(image),
        false => Vec::new(),
    };
    let sizes: Vec<Value> = listed(image, factors.len())
        .map(|(width, height)| json!({ "type": "Size", "width": width, "height": height }))
        .collect();
    info["sizes"] = sizes.into();
    if let Some(pack) = image.pack.as_ref().filter(|_| !factors.is_empty()) {
        info["tiles"] = json!([{
            "type": "Tile",
            "width": pack.tile,
            "height": pack.tile,
            "scaleFactors": factors,
        }]);
    }
    info
}

/// The sizes that are named, smallest first. OpenSeadragon, with which Mirador and TIFY show images,
/// takes sizes for those of the levels of tiles where there are as many as levels, or one fewer; ours
/// are others. Then one more or one fewer is named: the whole image as a single tile, which is there
/// too, or not the largest, which is `max`.
fn listed(image: &Image, levels: usize) -> impl Iterator<Item = (u32, u32)> {
    let mut sizes: Vec<(u32, u32)> = image
        .sizes
        .iter()
        .map(|size| (size.width, size.height))
        .collect();
    if levels > 0 && sizes.len() == levels {
        let scale = |side: u32| side.div_ceil(1 << (levels - 1));
        let single = (scale(image.width), scale(image.height));
        if sizes.contains(&single) {
            // One more of the same would be none: so two fewer.
            sizes.truncate(levels.saturating_sub(2));
        } else {
            sizes.push(single);
            sizes.sort_unstable();
        }
    } else if sizes.len() + 1 == levels {
        sizes.pop();
    }
    sizes.into_iter()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_format::TilePack;
    use khizana_model::Hash;

    fn image(width: u32, height: u32, widths: &[u32], pack: bool) -> Image {
        let sha256 = Hash([1; 32]);
        let sizes = widths.iter().map(|own| Derivative {
            width: *own,
            height: own * height / width,
            sha256,
            bytes: 9,
        });
        Image {
            key: "k".into(),
            width,
            height,
            tone: "ffffff".into(),
            sizes: sizes.collect(),
            pack: pack.then_some(TilePack {
                tile: 512,
                levels: 1,
                index: 9,
                sha256,
                bytes: 99,
                part: 0,
            }),
        }
    }

    fn widths(info: &Value) -> Vec<u64> {
        let sizes = info["sizes"].as_array().unwrap();
        sizes
            .iter()
            .map(|size| size["width"].as_u64().unwrap())
            .collect()
    }

    #[test]
    fn an_image_that_is_a_derivative_itself_has_no_larger_and_no_limit() {
        let info = info(&image(1_000, 800, &[320, 1_000], false), "https://a/", true);
        assert_eq!(info["id"], "https://a/iiif/k");
        assert_eq!(widths(&info), [320, 1_000]);
        assert!(info.get("maxWidth").is_none() && info.get("tiles").is_none());
    }

    #[test]
    fn a_large_image_says_how_large_its_largest_is_and_where_its_tiles_are() {
        let image = image(4_000, 6_000, &[320, 800], true);
        let plain = info(&image, "", false);
        assert_eq!(
            (&plain["maxWidth"], &plain["maxHeight"]),
            (&800.into(), &1_200.into())
        );
        assert!(plain.get("tiles").is_none());
        let tiled = info(&image, "", true);
        assert_eq!(tiled["tiles"][0]["scaleFactors"], json!([1, 2, 4, 8, 16]));
        assert_eq!(tiled["tiles"][0]["width"], 512);
        assert_eq!(widths(&tiled), [320, 800]);
    }

    #[test]
    fn there_are_never_as_many_sizes_as_levels_or_one_fewer() {
        // Five levels: 4,000, 2,000, 1,000, 500, 250.
        for own in [
            &[320, 800, 1_600][..],
            &[320, 800, 1_600, 2_400],
            &[320, 800, 1_200, 1_600, 2_400],
            &[250, 800, 1_200, 1_600, 2_400],
            &[320, 500, 800, 1_200, 1_600, 2_400],
        ] {
            let image = image(4_000, 6_000, own, true);
            let sizes = widths(&info(&image, "", true));
            assert!(![4, 5].contains(&sizes.len()), "{own:?}: {sizes:?}");
            assert!(sizes.is_sorted(), "{sizes:?}");
            assert!(
                sizes
                    .iter()
                    .all(|width| own.contains(&(*width as u32)) || *width == 250)
            );
        }
    }
}
