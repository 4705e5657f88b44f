//! Tile packs of large images, and `pack inspect`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Archive, keys, read_files};

/// Returns a BMP image of 2,100 × 1,500 pixels. `shade` is added to the colours.
pub(crate) fn bmp(shade: u32) -> Vec<u8> {
    bmp_of(|x, y| [shade + x / 16, shade + y / 16, (x ^ y) / 8].map(|channel| channel as u8))
}

/// Returns an image of the same size whose tile pack has several megabytes.
fn noisy_bmp() -> Vec<u8> {
    bmp_of(|x, y| {
        (x * 7_919 + y * 104_729)
            .wrapping_mul(2_654_435_761)
            .to_le_bytes()[1..]
            .try_into()
            .unwrap()
    })
}

fn bmp_of(pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
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
            bytes.extend(pixel(x, y));
        }
    }
    bytes
}

/// Creates an archive with one large image. `config` is appended to its configuration.
pub(crate) fn archive_with_large_image(config: &str) -> (Archive, PathBuf) {
    let archive = Archive::new();
    let source = archive.sibling("maps");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(
        source.join("metadata.csv"),
        "id,title@en,file\nmap,Map,map.bmp\n",
    )
    .unwrap();
    std::fs::write(source.join("map.bmp"), bmp(0)).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    write_config(&archive, config);
    (archive, source)
}

/// Writes the configuration. Derivatives are at most 600 pixels wide.
pub(crate) fn write_config(archive: &Archive, config: &str) {
    let config = format!("widths = [300, 600]\n{config}");
    std::fs::write(archive.path().join("khizana.toml"), config).unwrap();
}

/// Returns the names and contents of the pack or of its parts, in the order of the parts.
fn pack_files(archive: &Archive) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = read_files(&archive.site())
        .into_iter()
        .filter(|(name, _)| name.ends_with("/tiles.pack") || name.contains("/tiles/"))
        .collect();
    files.sort_by_key(|(name, _)| (name.len(), name.clone()));
    files
}

/// Returns the path of the only pack of the site.
fn pack_path(archive: &Archive) -> PathBuf {
    let files = pack_files(archive);
    assert_eq!(files.len(), 1);
    archive.site().join(&files[0].0)
}

/// Returns the entry of the pack in the derivative cache.
fn cached_pack(archive: &Archive) -> Value {
    let cache = std::fs::read_to_string(archive.path().join("cache/derivatives.jsonl")).unwrap();
    assert_eq!(cache.lines().count(), 1);
    serde_json::from_str::<Value>(&cache).unwrap()["pack"].clone()
}

fn inspect(archive: &Archive, status: i32, file: &Path) -> Value {
    archive.json(status, &["pack", "inspect", file.to_str().unwrap()])
}

#[test]
fn publishes_and_inspects_the_tile_pack_of_a_large_image() {
    let (archive, _) = archive_with_large_image("");
    archive.ok(&["publish"]);
    let path = pack_path(&archive);
    let report = inspect(&archive, 0, &path);
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
    // The next level would be 525 pixels wide, which is narrower than a derivative.
    let dimensions = |level: &Value| {
        ["width", "height", "columns", "rows", "tiles"].map(|key| level[key].as_u64().unwrap())
    };
    let levels: Vec<_> = levels.iter().map(dimensions).collect();
    assert_eq!(levels, [[2_100, 1_500, 5, 3, 15], [1_050, 750, 3, 2, 6]]);

    let pack = cached_pack(&archive);
    assert_eq!(keys(&pack), ["bytes", "index", "levels", "sha256", "tile"]);
    assert_eq!((&pack["tile"], &pack["levels"]), (&512.into(), &2.into()));
    for key in ["bytes", "index", "sha256"] {
        assert_eq!(pack[key], report[key], "{key}");
    }

    let text = archive
        .ok(&["pack", "inspect", path.to_str().unwrap()])
        .stdout;
    assert!(
        text.contains("level 1: 1050 × 750 pixels, 3 × 2 = 6 tiles"),
        "{text}"
    );
}

#[test]
fn small_images_have_no_tile_pack() {
    let archive = Archive::published();
    assert_eq!(pack_files(&archive), []);
}

#[test]
fn a_pack_is_reused_restored_and_removed_with_its_image() {
    let (archive, source) = archive_with_large_image("");
    archive.ok(&["publish"]);
    let first = pack_files(&archive);
    assert_eq!(archive.json(0, &["publish"])["written"], 0);
    assert_eq!(pack_files(&archive), first);

    // The pack does not depend on the cache.
    std::fs::remove_dir_all(archive.path().join("cache")).unwrap();
    let other = archive.sibling("other");
    archive.ok(&["publish", "--out", other.to_str().unwrap()]);
    let uncached: BTreeMap<String, Vec<u8>> = read_files(&other);
    assert!(uncached == read_files(&archive.site()));

    // A truncated pack is written again.
    let path = pack_path(&archive);
    std::fs::write(&path, &first[0].1[..1_000]).unwrap();
    archive.ok(&["publish"]);
    assert!(pack_files(&archive) == first);

    std::fs::write(source.join("map.bmp"), bmp(90)).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let second = pack_files(&archive);
    assert_eq!(second.len(), 1);
    assert_ne!(second[0].0, first[0].0, "the name depends on the image");
    inspect(&archive, 0, &pack_path(&archive));
}

#[test]
fn the_pack_is_split_if_the_host_does_not_support_ranges() {
    let (archive, source) = archive_with_large_image("");
    std::fs::write(source.join("map.bmp"), noisy_bmp()).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let single = pack_files(&archive);
    write_config(&archive, "[host]\nranges = false\n");
    archive.ok(&["publish"]);
    let parts = pack_files(&archive);
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    let folder = single[0].0.replace("tiles.pack", "tiles");
    let expected: Vec<String> = (0..parts.len()).map(|n| format!("{folder}/{n}")).collect();
    assert_eq!(names, expected);
    let (last, others) = parts.split_last().unwrap();
    assert!(others.iter().all(|(_, part)| part.len() == 1 << 20));
    assert!(!last.1.is_empty() && last.1.len() <= 1 << 20);
    let joined: Vec<u8> = parts.iter().flat_map(|(_, part)| part.clone()).collect();
    assert!(joined == single[0].1);
    assert_eq!(cached_pack(&archive)["part"], 1 << 20);
    assert_eq!(archive.json(0, &["publish"])["written"], 0);

    // A missing part is restored.
    assert!(!others.is_empty());
    std::fs::remove_file(archive.site().join(&last.0)).unwrap();
    archive.ok(&["publish"]);
    assert!(pack_files(&archive) == parts);

    write_config(&archive, "");
    archive.ok(&["publish"]);
    assert!(pack_files(&archive) == single);
    assert_eq!(cached_pack(&archive)["part"], Value::Null);
}

#[test]
fn inspect_reports_damaged_tiles_and_invalid_packs() {
    let (archive, _) = archive_with_large_image("");
    archive.ok(&["publish"]);
    let path = pack_path(&archive);
    let mut bytes = std::fs::read(&path).unwrap();
    // The last byte belongs to the last tile of level 0.
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let report = inspect(&archive, 1, &path);
    assert_eq!(report["levels"][0]["damaged"], serde_json::json!([[4, 2]]));
    assert_eq!(report["problems"][0]["code"], "tile-damaged");
    let output = archive.run(&["pack", "inspect", path.to_str().unwrap()]);
    assert_eq!(output.status, Some(1));
    assert!(
        output.stderr.contains("error[tile-damaged]"),
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.contains("level 0, column 4, row 2"),
        "{}",
        output.stderr
    );

    // A damaged index.
    bytes[0] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(inspect(&archive, 2, &path)["error"]["code"], "pack-invalid");
    let missing = path.with_extension("missing");
    assert_eq!(
        inspect(&archive, 2, &missing)["error"]["code"],
        "pack-unreadable"
    );
}
