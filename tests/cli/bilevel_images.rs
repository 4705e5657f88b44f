//! Derivatives of bilevel scans.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Archive, read_files};
use crate::tile_packs::write_config;

const URL: &str = "url = \"https://example.org/a/\"\n";

/// Returns an uncompressed bilevel TIFF of vertical bars.
fn bilevel_tiff(width: u32, height: u32, bar: u32) -> Vec<u8> {
    let stride = width.div_ceil(8);
    let tags = [
        (256_u16, width),
        (257, height),
        (258, 1),
        (259, 1),
        (262, 1),
        (273, 8 + 2 + 12 * 9 + 4),
        (277, 1),
        (278, height),
        (279, stride * height),
    ];
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    for _ in 0..height {
        for byte in 0..stride {
            let bit = |bit: u32| u8::from((byte * 8 + bit) / bar % 2 == 1) << (7 - bit);
            bytes.push((0..8).map(bit).sum());
        }
    }
    bytes
}

/// Writes the source of a book of bilevel pages.
fn write_book(archive: &Archive, pages: &[(u32, u32)]) {
    let source = archive.sibling("book");
    std::fs::create_dir_all(&source).unwrap();
    let mut names = Vec::new();
    for (bar, (width, height)) in (3..).zip(pages) {
        let name = format!("{bar}.tif");
        std::fs::write(source.join(&name), bilevel_tiff(*width, *height, bar)).unwrap();
        names.push(name);
    }
    let table = format!("id,title@en,file\nbook,Book,{}\n", names.join("|"));
    std::fs::write(source.join("metadata.csv"), table).unwrap();
}

fn ingest(archive: &Archive, pages: &[(u32, u32)]) {
    write_book(archive, pages);
    archive.ok(&["ingest", archive.sibling("book").to_str().unwrap()]);
}

fn archive_with_book(pages: &[(u32, u32)], config: &str) -> Archive {
    let archive = Archive::new();
    ingest(&archive, pages);
    write_config(&archive, config);
    archive.ok(&["publish"]);
    archive
}

/// Returns the images in the order of their widths, from the derivative cache.
fn images(archive: &Archive) -> Vec<Value> {
    let cache = archive.path().join("cache/derivatives.jsonl");
    let cache = std::fs::read_to_string(cache).unwrap();
    let lines = cache.lines();
    let mut images: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    images.sort_by_key(|image| image["width"].as_u64());
    images
}

/// Returns the files of all images by their path relative to the folder of their image.
fn files(site: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = read_files(&site.join("iiif"));
    let path = |name: &String| name.split_once('/').unwrap().1.to_owned();
    files
        .iter()
        .map(|(name, file)| (path(name), file.clone()))
        .collect()
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> BTreeSet<&str> {
    files.keys().map(String::as_str).collect()
}

#[test]
fn pages_are_png_and_have_a_small_image_for_the_list_of_pages() {
    let archive = archive_with_book(&[(700, 1_000), (2_100, 1_500)], "");
    let files = files(&archive.site());
    assert_eq!(
        names(&files),
        BTreeSet::from([
            // The width 600 would be close to that of the image.
            "full/103,147/0/default.png",
            "full/300,429/0/default.png",
            "full/700,1000/0/default.png",
            "full/207,148/0/default.png",
            "full/300,214/0/default.png",
            "full/600,429/0/default.png",
            "tiles.pack",
        ])
    );
    for (name, file) in files.iter().filter(|(name, _)| name.ends_with(".png")) {
        assert!(file.starts_with(b"\x89PNG"), "{name}");
    }
    let bit_depth = |name: &str| files[name][24];
    assert_eq!(bit_depth("full/700,1000/0/default.png"), 1);
    assert_eq!(bit_depth("full/600,429/0/default.png"), 4);

    let images = images(&archive);
    assert_eq!(images[0]["strip"]["file"], "png");
    assert_eq!(images[1]["pack"]["levels"], 2);
    assert!(images[0].get("jpeg").is_none() && images[0].get("pack").is_none());
    let page = std::fs::read_to_string(archive.site().join("en/item/book/index.html")).unwrap();
    let (strip, largest) = ("full/103,147/0/default.png", "full/700,1000/0/default.png");
    assert!(page.contains(strip) && page.contains(largest), "{page}");
    let srcsets: Vec<&str> = page
        .split("srcset=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(!srcsets.is_empty());
    assert!(srcsets.iter().all(|srcset| !srcset.contains(strip)));
    assert_eq!(archive.json(0, &["publish"])["written"], 0);
}

#[test]
fn iiif_clients_have_one_jpeg() {
    let archive = archive_with_book(&[(700, 1_000)], "");
    let without_url = files(&archive.site());
    let key = images(&archive)[0]["key"].clone();
    write_config(&archive, URL);
    archive.ok(&["publish"]);
    let with_url = files(&archive.site());
    let added = ["full/max/0/default.jpg", "info.json"];
    let added: BTreeSet<&str> = names(&with_url)
        .difference(&names(&without_url))
        .copied()
        .filter(|name| added.contains(name))
        .collect();
    assert_eq!(added.len(), 2);
    assert_eq!(with_url.len(), without_url.len() + 2);
    assert!(with_url["full/max/0/default.jpg"].starts_with(b"\xff\xd8"));
    assert_eq!(images(&archive)[0]["key"], key);

    let info: Value = serde_json::from_slice(&with_url["info.json"]).unwrap();
    assert_eq!(
        (&info["width"], &info["height"]),
        (&json!(700), &json!(1_000))
    );
    assert!(info.get("sizes").is_none());
    let manifest = archive.site().join("manifests/item/book.json");
    let manifest: Value = serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
    let canvas = &manifest["items"][0];
    let body = &canvas["items"][0]["items"][0]["body"];
    assert_eq!(body["format"], "image/jpeg");
    assert!(
        body["id"]
            .as_str()
            .unwrap()
            .ends_with("/full/max/0/default.jpg")
    );
    assert_eq!(canvas["thumbnail"][0]["format"], "image/png");
    assert_eq!(archive.json(0, &["publish"])["written"], 0);

    write_config(&archive, "");
    archive.ok(&["publish"]);
    assert!(files(&archive.site()) == without_url);
}

#[test]
fn the_small_image_is_published_only_for_items_with_several_pages() {
    let archive = archive_with_book(&[(700, 1_000)], "");
    assert!(images(&archive)[0].get("strip").is_none());
    let one_page = files(&archive.site());
    ingest(&archive, &[(700, 1_000), (650, 1_000)]);
    archive.ok(&["publish"]);
    let two_pages = images(&archive);
    assert!(two_pages.iter().all(|image| image.get("strip").is_some()));

    write_book(&archive, &[(700, 1_000)]);
    let source = archive.sibling("book");
    archive.ok(&["ingest", source.to_str().unwrap(), "--remove", "1"]);
    archive.ok(&["publish"]);
    assert!(files(&archive.site()) == one_page);
}
