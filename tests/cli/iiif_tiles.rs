//! Tiles of large images for IIIF clients.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Archive, read_files};
use crate::tile_packs::{archive_with_large_image, write_config};

const URL: &str = "url = \"https://example.org/a/\"\n";

/// Changes the settings of the collection and publishes the archive.
fn publish_with_settings(archive: &Archive, settings: &str) {
    let source = archive.sibling("maps");
    std::fs::write(source.join("collection.toml"), settings).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
}

/// Returns the files of the only image by their path relative to the folder of the image.
fn image_files(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let files = read_files(&archive.site())
        .into_iter()
        .filter_map(|(name, content)| {
            let (_, rest) = name.strip_prefix("iiif/")?.split_once('/')?;
            Some((rest.to_owned(), content))
        });
    files.collect()
}

fn image_info(files: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&files["info.json"]).unwrap()
}

/// Returns the width and height of a JPEG from its frame header.
fn jpeg_size(jpeg: &[u8]) -> (u64, u64) {
    let mut marker = 2;
    loop {
        let u16_at = |offset: usize| u64::from(jpeg[offset]) << 8 | u64::from(jpeg[offset + 1]);
        if matches!(jpeg[marker + 1], 0xC0 | 0xC2) {
            return (u16_at(marker + 7), u16_at(marker + 5));
        }
        marker += 2 + u16_at(marker + 2) as usize;
    }
}

/// Returns the paths and sizes of all tiles, computed from `info.json` as described in the
/// implementation notes of the Image API 3.0.
fn expected_tiles(info: &Value) -> Vec<(String, (u64, u64))> {
    let number = |value: &Value| value.as_u64().unwrap();
    let (width, height) = (number(&info["width"]), number(&info["height"]));
    let tile = number(&info["tiles"][0]["width"]);
    let mut out = Vec::new();
    for scale in info["tiles"][0]["scaleFactors"].as_array().unwrap() {
        let scale = number(scale);
        let side = tile * scale;
        for top in (0..height).step_by(side as usize) {
            for left in (0..width).step_by(side as usize) {
                let (w, h) = (side.min(width - left), side.min(height - top));
                let size = (w.div_ceil(scale), h.div_ceil(scale));
                let region = match (w, h) == (width, height) {
                    true => "full".to_owned(),
                    false => format!("{left},{top},{w},{h}"),
                };
                let path = format!("{region}/{},{}/0/default.jpg", size.0, size.1);
                out.push((path, size));
            }
        }
    }
    out
}

#[test]
fn publishes_every_tile_that_a_client_requests() {
    let (archive, _) = archive_with_large_image(URL);
    publish_with_settings(&archive, "[iiif]\ntiles = true\n");
    let files = image_files(&archive);
    let info = image_info(&files);
    assert_eq!(
        info["id"]
            .as_str()
            .unwrap()
            .matches("https://example.org/a/iiif/")
            .count(),
        1
    );
    // 2,100 × 1,500 pixels, halved until the image is a single tile.
    assert_eq!(
        info["tiles"][0]["scaleFactors"],
        serde_json::json!([1, 2, 4, 8])
    );
    let tiles = expected_tiles(&info);
    assert_eq!(tiles.len(), 5 * 3 + 3 * 2 + 2 + 1);
    for (path, expected) in &tiles {
        let tile = files
            .get(path)
            .unwrap_or_else(|| panic!("{path} is missing"));
        assert_eq!(jpeg_size(tile), *expected, "{path}");
    }
    // The other files are two derivatives, the pack and `info.json`.
    assert_eq!(files.len(), tiles.len() + 2 + 1 + 1);
    assert_eq!(jpeg_size(&files["full/max/0/default.jpg"]), (600, 429));
    assert_eq!(
        (&info["maxWidth"], &info["maxHeight"]),
        (&600.into(), &429.into())
    );
    for size in info["sizes"].as_array().unwrap() {
        let path = format!("full/{},{}/0/default.jpg", size["width"], size["height"]);
        assert!(files.contains_key(&path), "{path}");
    }
    // The pack contains the same tiles.
    let pack = &files["tiles.pack"];
    let first = &files["0,0,512,512/512,512/0/default.jpg"];
    assert!(
        pack.windows(first.len())
            .any(|part| part == first.as_slice())
    );
}

#[test]
fn tiles_are_copied_from_the_pack_and_removed_if_disabled() {
    let (archive, _) = archive_with_large_image(URL);
    archive.ok(&["publish"]);
    let without_tiles = image_files(&archive);
    // The only tile is the largest derivative.
    let info = image_info(&without_tiles);
    assert_eq!(
        (&info["width"], &info["height"]),
        (&600.into(), &429.into())
    );
    assert_eq!(
        info["tiles"],
        serde_json::json!([{ "type": "Tile", "width": 600, "height": 429, "scaleFactors": [1] }])
    );
    assert!(without_tiles.contains_key("full/max/0/default.jpg"));

    publish_with_settings(&archive, "iiif.tiles = true\n");
    let with_tiles = image_files(&archive);
    assert!(with_tiles.len() > without_tiles.len());
    assert_eq!(archive.json(0, &["publish"])["written"], 0);

    // A missing tile is restored.
    let images = archive.site().join("iiif");
    let image_dir = std::fs::read_dir(&images)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::remove_file(image_dir.join("0,0,512,512/512,512/0/default.jpg")).unwrap();
    archive.ok(&["publish"]);
    assert_eq!(image_files(&archive), with_tiles);

    // The tiles can be copied from a pack in parts.
    write_config(&archive, &format!("{URL}[host]\nranges = false\n"));
    archive.ok(&["publish"]);
    let with_parts = image_files(&archive);
    let jpegs = |files: &BTreeMap<String, Vec<u8>>| {
        let mut files = files.clone();
        files.retain(|name, _| name.ends_with("default.jpg"));
        files
    };
    assert!(!with_parts.contains_key("tiles.pack"));
    assert_eq!(jpegs(&with_parts), jpegs(&with_tiles));

    write_config(&archive, URL);
    publish_with_settings(&archive, "");
    assert_eq!(image_files(&archive), without_tiles);
}

#[test]
fn no_size_is_published_twice() {
    for config in ["", URL] {
        let (archive, _) = archive_with_large_image(config);
        archive.ok(&["publish"]);
        let files = image_files(&archive);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "full/300,214/0/default.jpg",
                "full/max/0/default.jpg",
                "info.json",
                "tiles.pack"
            ]
        );
    }
}

#[test]
fn rejects_an_unknown_iiif_setting() {
    let (archive, source) = archive_with_large_image("");
    std::fs::write(source.join("collection.toml"), "[iiif]\ntile = true\n").unwrap();
    let document = archive.json(2, &["ingest", source.to_str().unwrap()]);
    assert_eq!(document["error"]["code"], "collection-invalid");
}
