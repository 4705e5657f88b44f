//! Image information for compliance level 0 of the IIIF Image API 3.0: `info.json` and `full/max`.

use std::fs;

use khizana_format::{Derivative, Image};
use serde_json::{Value, json};

use crate::PublishError;
use crate::iiif::tiles;
use khizana_site::Site;

/// Writes the image information. `tiles` is `true` if the tiles of the image are published.
///
/// If `url`, the address of the archive, is configured, `id` is absolute; otherwise it is relative
/// to the root of the site. If `url` is configured or tiles are published, external clients can use
/// the image. In these cases `full/max`, which level 0 requires, is published too.
pub(crate) fn write(
    site: &Site,
    image: &Image,
    url: Option<&str>,
    tiles: bool,
) -> Result<(), PublishError> {
    let largest = image.sizes.last().filter(|_| tiles || url.is_some());
    if let Some(largest) = largest {
        write_max(site, image, largest)?;
    }
    let info = info(image, url.unwrap_or_default(), tiles);
    let path = format!("iiif/{}/info.json", image.key);
    Ok(site.put(&path, info.to_string().as_bytes())?)
}

/// Publishes the largest derivative as `full/max`: as a hard link, or as a copy if the file system
/// does not support hard links.
fn write_max(site: &Site, image: &Image, largest: &Derivative) -> Result<(), PublishError> {
    let path = format!("iiif/{}/full/max/0/default.jpg", image.key);
    let bytes = u64::from(largest.bytes);
    if site.keep(&path, bytes) {
        return Ok(());
    }
    let source = site.path(&image.path(largest));
    Ok(site.place(&path, bytes, |target| {
        // An interrupted run may have left a file.
        let _ = fs::remove_file(target);
        fs::hard_link(&source, target).or_else(|_| fs::copy(&source, target).map(|_| ()))
    })?)
}

fn info(image: &Image, base_url: &str, tiles: bool) -> Value {
    let mut info = json!({
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": format!("{base_url}iiif/{}", image.key),
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
    let scale_factors = match tiles {
        true => tiles::scale_factors(image),
        false => Vec::new(),
    };
    let sizes: Vec<Value> = listed_sizes(image, scale_factors.len())
        .map(|(width, height)| json!({ "type": "Size", "width": width, "height": height }))
        .collect();
    info["sizes"] = sizes.into();
    if let Some(pack) = image.pack.as_ref().filter(|_| !scale_factors.is_empty()) {
        info["tiles"] = json!([{
            "type": "Tile",
            "width": pack.tile,
            "height": pack.tile,
            "scaleFactors": scale_factors,
        }]);
    }
    info
}

/// Returns the sizes for `info.json`, in ascending order.
///
/// OpenSeadragon, which Mirador and TIFY use, mistakes the sizes for those of the tile levels if
/// there are as many sizes as levels, or one fewer. If there are as many, this function adds the
/// size of the whole image as a single tile. If there is one fewer, it omits the largest size,
/// which is also available as `max`.
fn listed_sizes(image: &Image, levels: usize) -> impl Iterator<Item = (u32, u32)> {
    let mut sizes: Vec<(u32, u32)> = image
        .sizes
        .iter()
        .map(|size| (size.width, size.height))
        .collect();
    if levels > 0 && sizes.len() == levels {
        let scale = |side: u32| side.div_ceil(1 << (levels - 1));
        let single_tile = (scale(image.width), scale(image.height));
        if sizes.contains(&single_tile) {
            // The size cannot be listed twice, so two sizes are omitted instead.
            sizes.truncate(levels.saturating_sub(2));
        } else {
            sizes.push(single_tile);
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

    fn image(width: u32, height: u32, widths: &[u32], has_pack: bool) -> Image {
        let sha256 = Hash([1; 32]);
        let sizes = widths.iter().map(|derivative_width| Derivative {
            width: *derivative_width,
            height: derivative_width * height / width,
            sha256,
            bytes: 9,
        });
        Image {
            key: "k".into(),
            width,
            height,
            tone: "ffffff".into(),
            sizes: sizes.collect(),
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

    fn widths(info: &Value) -> Vec<u64> {
        let sizes = info["sizes"].as_array().unwrap();
        sizes
            .iter()
            .map(|size| size["width"].as_u64().unwrap())
            .collect()
    }

    #[test]
    fn omits_max_width_if_a_derivative_has_full_size() {
        let info = info(&image(1_000, 800, &[320, 1_000], false), "https://a/", true);
        assert_eq!(info["id"], "https://a/iiif/k");
        assert_eq!(widths(&info), [320, 1_000]);
        assert!(info.get("maxWidth").is_none() && info.get("tiles").is_none());
    }

    #[test]
    fn lists_max_width_and_tiles_of_a_large_image() {
        let image = image(4_000, 6_000, &[320, 800], true);
        let untiled = info(&image, "", false);
        assert_eq!(
            (&untiled["maxWidth"], &untiled["maxHeight"]),
            (&800.into(), &1_200.into())
        );
        assert!(untiled.get("tiles").is_none());
        let tiled = info(&image, "", true);
        assert_eq!(tiled["tiles"][0]["scaleFactors"], json!([1, 2, 4, 8, 16]));
        assert_eq!(tiled["tiles"][0]["width"], 512);
        assert_eq!(widths(&tiled), [320, 800]);
    }

    #[test]
    fn never_lists_as_many_sizes_as_levels_or_one_less() {
        // The image has five levels, which are 4,000, 2,000, 1,000, 500 and 250 pixels wide.
        for derivative_widths in [
            &[320, 800, 1_600][..],
            &[320, 800, 1_600, 2_400],
            &[320, 800, 1_200, 1_600, 2_400],
            &[250, 800, 1_200, 1_600, 2_400],
            &[320, 500, 800, 1_200, 1_600, 2_400],
        ] {
            let image = image(4_000, 6_000, derivative_widths, true);
            let sizes = widths(&info(&image, "", true));
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
        }
    }
}
