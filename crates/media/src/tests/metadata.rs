//! Tests with metadata in images that other programs have written.

use super::formats::fixture;
use super::*;

fn metadata_of(name: &str) -> EmbeddedMetadata {
    let dir = TempDir::new().unwrap();
    read_embedded(&fixture(&dir, name))
}

fn texts(values: &[LangString]) -> Vec<(Option<&str>, &str)> {
    values
        .iter()
        .map(|value| (value.language.as_deref(), value.text.as_str()))
        .collect()
}

fn is_near_damascus(location: Option<(f64, f64)>) -> bool {
    location.is_some_and(|(north, east)| {
        (north - 33.5138).abs() < 1e-4 && (east - 36.2765).abs() < 1e-4
    })
}

#[test]
fn prefers_xmp_over_exif_in_jpeg_png_and_webp() {
    for name in ["xmp-gps.jpg", "xmp-gps.png", "xmp-gps.webp"] {
        let metadata = metadata_of(name);
        let title = [(Some("ar"), "صفيحة"), (Some("en"), "A plate")];
        assert_eq!(texts(&metadata.title), title, "{name}");
        let description = [(Some("en"), "White, red and blue.")];
        assert_eq!(texts(&metadata.description), description, "{name}");
        assert_eq!(texts(&metadata.creator), [(None, "مجهول")], "{name}");
        assert_eq!(
            texts(&metadata.rights),
            [(None, "Rights of EXIF")],
            "{name}"
        );
        let licence = "https://creativecommons.org/publicdomain/zero/1.0/";
        assert_eq!(metadata.rights_url.as_deref(), Some(licence), "{name}");
        // The date is not the time set by the camera.
        assert_eq!(metadata.date.as_deref(), Some("1906-02"), "{name}");
        assert!(
            is_near_damascus(metadata.location),
            "{name}: {:?}",
            metadata.location
        );
    }
}

#[test]
fn prefers_iptc_over_exif_in_jpeg_and_tiff() {
    for name in ["iptc-gps.jpg", "iptc.tif"] {
        let metadata = metadata_of(name);
        assert_eq!(texts(&metadata.title), [(None, "عنوان")], "{name}");
        assert_eq!(
            texts(&metadata.creator),
            [(None, "Author of IPTC")],
            "{name}"
        );
        assert_eq!(texts(&metadata.description), [(None, "Of EXIF")], "{name}");
        assert_eq!(
            texts(&metadata.rights),
            [(None, "Rights of IPTC")],
            "{name}"
        );
        assert_eq!(metadata.date.as_deref(), Some("1906-02-25"), "{name}");
    }
}

#[test]
fn splits_exif_creators_and_drops_camera_defaults() {
    let metadata = metadata_of("exif.jpg");
    let creators = [(None, "Artist of EXIF"), (None, "Another")];
    assert_eq!(texts(&metadata.creator), creators);
    assert_eq!(
        (metadata.description, metadata.location),
        (Vec::new(), None)
    );
}

#[test]
fn detects_files_with_a_location() {
    let dir = TempDir::new().unwrap();
    assert!(is_near_damascus(metadata_of("gps.tif").location));
    for (name, has_location) in [
        ("xmp-gps.jpg", true),
        ("xmp-gps.png", true),
        ("xmp-gps.webp", true),
        ("iptc-gps.jpg", true),
        ("gps.tif", true),
        ("iptc.tif", false),
        ("exif.jpg", false),
        ("lossless.jp2", false),
    ] {
        assert_eq!(
            probe_file(&fixture(&dir, name)).unwrap().has_location,
            has_location,
            "{name}"
        );
    }
}

#[test]
fn returns_nothing_for_files_without_metadata() {
    for name in ["lossless.jxl", "lossy.webp", "interlaced.png", "cmyk.tif"] {
        assert_eq!(metadata_of(name), EmbeddedMetadata::default(), "{name}");
    }
    assert_eq!(
        read_embedded(Path::new("/nowhere/a.jpg")),
        EmbeddedMetadata::default()
    );
}
