//! Tile packs: what `publish` writes of a large image, and what `pack inspect` says of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Archive, files, keys};

/// A BMP of 2,100 × 1,500 pixels, whose colours begin at `shade`.
fn image(shade: u32) -> Vec<u8> {
    let (width, height) = (2_100_u32, 1_500_u32);
    let mut bytes = b"BM".to_vec();
    for number in [
        54 + width * height * 3,
        0,
        54,
        40,
        width,
        height,
        24 << 16 | 1,
    ] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([0; 24]);
    for y in 0..height {
        for x in 0..width {
            bytes.extend([shade + x / 16, shade + y / 16, (x ^ y) / 8].map(|part| part as u8));
        }
    }
    bytes
}

/// An archive that holds one large image; its derivatives are at most 600 pixels wide.
pub(crate) fn held(more: &str) -> (Archive, PathBuf) {
    let archive = Archive::new();
    let source = archive.beside("maps");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(
        source.join("metadata.csv"),
        "id,title@en,file\nmap,Map,map.bmp\n",
    )
    .unwrap();
    std::fs::write(source.join("map.bmp"), image(0)).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    configure(&archive, more);
    (archive, source)
}

pub(crate) fn configure(archive: &Archive, more: &str) {
    let config = format!("widths = [300, 600]\n{more}");
    std::fs::write(archive.path().join("khizana.toml"), config).unwrap();
}

/// The files of tiles, with what they hold, in the order of their numbers.
fn tiles(archive: &Archive) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = files(&archive.site())
        .into_iter()
        .filter(|(name, _)| name.ends_with("/tiles.pack") || name.contains("/tiles/"))
        .collect();
    found.sort_by_key(|(name, _)| (name.len(), name.clone()));
    found
}

/// The only pack of the site.
fn pack(archive: &Archive) -> PathBuf {
    let found = tiles(archive);
    assert_eq!(found.len(), 1);
    archive.site().join(&found[0].0)
}

/// What the record of the image says of its pack, as the next publication remembers it.
fn record(archive: &Archive) -> Value {
    let cache = std::fs::read_to_string(archive.path().join("cache/derivatives.jsonl")).unwrap();
    assert_eq!(cache.lines().count(), 1);
    serde_json::from_str::<Value>(&cache).unwrap()["pack"].clone()
}

fn inspected(archive: &Archive, status: i32, file: &Path) -> Value {
    archive.json(status, &["pack", "inspect", file.to_str().unwrap()])
}

#[test]
fn a_large_image_is_published_with_its_tiles() {
    let (archive, _) = held("");
    archive.ok(&["publish"]);
    let path = pack(&archive);
    let report = inspected(&archive, 0, &path);
    assert_eq!(
        keys(&report),
        [
            "bytes", "height", "index", "levels", "problems", "sha256", "tile", "width"
        ]
    );
    assert_eq!(
        (&report["width"], &report["height"]),
        (&2_100.into(), &1_500.into())
    );
    assert_eq!(report["bytes"], std::fs::metadata(&path).unwrap().len());
    let levels = report["levels"].as_array().unwrap();
    assert_eq!(
        keys(&levels[0]),
        [
            "bytes", "columns", "damaged", "height", "rows", "tiles", "width"
        ]
    );
    // 525 pixels wide would be narrower than a derivative.
    let of = |level: &Value| {
        ["width", "height", "columns", "rows", "tiles"].map(|key| level[key].as_u64().unwrap())
    };
    let levels: Vec<_> = levels.iter().map(of).collect();
    assert_eq!(levels, [[2_100, 1_500, 5, 3, 15], [1_050, 750, 3, 2, 6]]);

    let pack = record(&archive);
    assert_eq!(keys(&pack), ["bytes", "index", "levels", "sha256", "tile"]);
    assert_eq!((&pack["tile"], &pack["levels"]), (&512.into(), &2.into()));
    for key in ["bytes", "index", "sha256"] {
        assert_eq!(pack[key], report[key], "{key}");
    }

    let words = archive.ok(&["pack", "inspect", path.to_str().unwrap()]).out;
    assert!(
        words.contains("level 1: 1050 × 750 pixels, 3 × 2 = 6 tiles"),
        "{words}"
    );
}

#[test]
fn small_images_have_none() {
    let archive = Archive::published();
    assert_eq!(tiles(&archive), []);
}

#[test]
fn a_pack_is_made_once_and_goes_with_its_image() {
    let (archive, source) = held("");
    archive.ok(&["publish"]);
    let first = tiles(&archive);
    assert_eq!(archive.json(0, &["publish"])["written"], 0);
    assert_eq!(tiles(&archive), first);

    // Whatever else is remembered, what is made is the same.
    std::fs::remove_dir_all(archive.path().join("cache")).unwrap();
    let other = archive.beside("other");
    archive.ok(&["publish", "--out", other.to_str().unwrap()]);
    let one: BTreeMap<String, Vec<u8>> = files(&other);
    assert!(one == files(&archive.site()));

    // One that was cut short is made again.
    let path = pack(&archive);
    std::fs::write(&path, &first[0].1[..1_000]).unwrap();
    archive.ok(&["publish"]);
    assert!(tiles(&archive) == first);

    std::fs::write(source.join("map.bmp"), image(90)).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let second = tiles(&archive);
    assert_eq!(second.len(), 1);
    assert_ne!(second[0].0, first[0].0, "another image has another name");
    inspected(&archive, 0, &pack(&archive));
}

#[test]
fn where_the_host_has_no_ranges_the_pack_comes_in_parts() {
    let (archive, _) = held("");
    archive.ok(&["publish"]);
    let whole = tiles(&archive);
    configure(&archive, "[host]\nranges = false\n");
    archive.ok(&["publish"]);
    let parts = tiles(&archive);
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    let folder = whole[0].0.replace("tiles.pack", "tiles");
    let expected: Vec<String> = (0..parts.len()).map(|n| format!("{folder}/{n}")).collect();
    assert_eq!(names, expected);
    let (last, full) = parts.split_last().unwrap();
    assert!(full.iter().all(|(_, part)| part.len() == 1 << 20));
    assert!(!last.1.is_empty() && last.1.len() <= 1 << 20);
    let joined: Vec<u8> = parts.into_iter().flat_map(|(_, part)| part).collect();
    assert!(joined == whole[0].1);
    assert_eq!(record(&archive)["part"], 1 << 20);
    assert_eq!(archive.json(0, &["publish"])["written"], 0);

    configure(&archive, "");
    archive.ok(&["publish"]);
    assert!(tiles(&archive) == whole);
    assert_eq!(record(&archive)["part"], Value::Null);
}

#[test]
fn a_damaged_tile_is_named_and_the_exit_status_is_1() {
    let (archive, _) = held("");
    archive.ok(&["publish"]);
    let path = pack(&archive);
    let mut bytes = std::fs::read(&path).unwrap();
    // The last byte is one of the last tile of level 0.
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let report = inspected(&archive, 1, &path);
    assert_eq!(report["levels"][0]["damaged"], serde_json::json!([[4, 2]]));
    assert_eq!(report["problems"][0]["code"], "tile-damaged");
    let ran = archive.run(&["pack", "inspect", path.to_str().unwrap()]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.err.contains("error[tile-damaged]"), "{}", ran.err);
    assert!(ran.err.contains("level 0, column 4, row 2"), "{}", ran.err);

    // In the index: nothing behind it can be trusted.
    bytes[0] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(
        inspected(&archive, 2, &path)["error"]["code"],
        "pack-invalid"
    );
    let none = path.with_extension("none");
    assert_eq!(
        inspected(&archive, 2, &none)["error"]["code"],
        "pack-unreadable"
    );
}
