//! The tiles of a large image for IIIF viewers, asked for as these ask.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::packs::{configure, held};
use crate::support::{Archive, files};

const URL: &str = "url = \"https://example.org/a/\"\n";

/// Lets the collection have tiles, or not.
fn want(archive: &Archive, settings: &str) {
    let source = archive.beside("maps");
    std::fs::write(source.join("collection.toml"), settings).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
}

/// What the site has of its only image: paths below the image's own, with their bytes.
fn published(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let found = files(&archive.site())
        .into_iter()
        .filter_map(|(name, content)| {
            let (_, rest) = name.strip_prefix("iiif/")?.split_once('/')?;
            Some((rest.to_owned(), content))
        });
    found.collect()
}

fn info(image: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&image["info.json"]).unwrap()
}

/// Width and height of a JPEG, from its frame header.
fn size(jpeg: &[u8]) -> (u64, u64) {
    let mut at = 2;
    loop {
        let number = |at: usize| u64::from(jpeg[at]) << 8 | u64::from(jpeg[at + 1]);
        if matches!(jpeg[at + 1], 0xC0 | 0xC2) {
            return (number(at + 7), number(at + 5));
        }
        at += 2 + number(at + 2) as usize;
    }
}

/// The addresses of all tiles and their sizes, as the API has a client compute them from `info.json`
/// (Image API 3.0, implementation notes).
fn tiles(info: &Value) -> Vec<(String, (u64, u64))> {
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
fn every_tile_that_a_client_computes_is_there_and_of_its_size() {
    let (archive, _) = held(URL);
    want(&archive, "[iiif]\ntiles = true\n");
    let image = published(&archive);
    let info = info(&image);
    assert_eq!(
        info["id"]
            .as_str()
            .unwrap()
            .matches("https://example.org/a/iiif/")
            .count(),
        1
    );
    // 2,100 × 1,500, halved until it is one tile of 512.
    assert_eq!(
        info["tiles"][0]["scaleFactors"],
        serde_json::json!([1, 2, 4, 8])
    );
    let tiles = tiles(&info);
    assert_eq!(tiles.len(), 5 * 3 + 3 * 2 + 2 + 1);
    for (path, expected) in &tiles {
        let tile = image
            .get(path)
            .unwrap_or_else(|| panic!("there is no {path}"));
        assert_eq!(size(tile), *expected, "{path}");
    }
    // Beside them: the derivatives, the largest by its other name, the pack, the information.
    assert_eq!(image.len(), tiles.len() + 2 + 1 + 1 + 1);
    assert_eq!(
        image["full/max/0/default.jpg"],
        image["full/600,429/0/default.jpg"]
    );
    assert_eq!(
        (&info["maxWidth"], &info["maxHeight"]),
        (&600.into(), &429.into())
    );
    for own in info["sizes"].as_array().unwrap() {
        let path = format!("full/{},{}/0/default.jpg", own["width"], own["height"]);
        assert!(image.contains_key(&path), "{path}");
    }
    // The pack has the same tiles.
    let pack = &image["tiles.pack"];
    let first = &image["0,0,512,512/512,512/0/default.jpg"];
    assert!(
        pack.windows(first.len())
            .any(|part| part == first.as_slice())
    );
}

#[test]
fn tiles_come_from_the_pack_and_go_when_they_are_not_wanted() {
    let (archive, _) = held(URL);
    archive.ok(&["publish"]);
    let before = published(&archive);
    assert!(info(&before).get("tiles").is_none());
    assert!(before.contains_key("full/max/0/default.jpg"));

    // The derivatives are there already; tiles are made of what is published.
    want(&archive, "iiif.tiles = true\n");
    let with = published(&archive);
    assert!(with.len() > before.len());
    assert_eq!(archive.json(0, &["publish"])["written"], 0);

    let images = archive.site().join("iiif");
    let key = std::fs::read_dir(&images)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::remove_file(key.join("0,0,512,512/512,512/0/default.jpg")).unwrap();
    archive.ok(&["publish"]);
    assert_eq!(published(&archive), with);

    // A host without ranges has the pack in parts, and the same tiles.
    configure(&archive, &format!("{URL}[host]\nranges = false\n"));
    archive.ok(&["publish"]);
    let parts = published(&archive);
    let tiles_only = |image: &BTreeMap<String, Vec<u8>>| {
        let mut image = image.clone();
        image.retain(|name, _| name.ends_with("default.jpg"));
        image
    };
    assert!(!parts.contains_key("tiles.pack"));
    assert_eq!(tiles_only(&parts), tiles_only(&with));

    configure(&archive, URL);
    want(&archive, "");
    assert_eq!(published(&archive), before);
}

#[test]
fn without_an_address_and_without_tiles_nothing_is_there_twice() {
    let (archive, _) = held("");
    archive.ok(&["publish"]);
    assert!(!published(&archive).contains_key("full/max/0/default.jpg"));
}

#[test]
fn a_setting_that_is_none_is_told_of() {
    let (archive, source) = held("");
    std::fs::write(source.join("collection.toml"), "[iiif]\ntile = true\n").unwrap();
    let document = archive.json(2, &["ingest", source.to_str().unwrap()]);
    assert_eq!(document["error"]["code"], "collection-invalid");
}
