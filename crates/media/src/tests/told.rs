//! What pictures written by other programs say of themselves.

use super::formats::fixture;
use super::*;

fn said(name: &str) -> Embedded {
    let dir = TempDir::new().unwrap();
    embedded(&fixture(&dir, name))
}

fn texts(values: &[Worded]) -> Vec<(Option<&str>, &str)> {
    values
        .iter()
        .map(|value| (value.language.as_deref(), value.text.as_str()))
        .collect()
}

fn near_damascus(place: Option<(f64, f64)>) -> bool {
    place.is_some_and(|(north, east)| {
        (north - 33.5138).abs() < 1e-4 && (east - 36.2765).abs() < 1e-4
    })
}

#[test]
fn xmp_comes_before_exif_in_jpeg_png_and_webp() {
    for name in ["told.jpg", "told.png", "told.webp"] {
        let found = said(name);
        let title = [(Some("ar"), "صفيحة"), (Some("en"), "A plate")];
        assert_eq!(texts(&found.title), title, "{name}");
        let description = [(Some("en"), "White, red and blue.")];
        assert_eq!(texts(&found.description), description, "{name}");
        assert_eq!(texts(&found.creator), [(None, "مجهول")], "{name}");
        assert_eq!(texts(&found.rights), [(None, "Rights of EXIF")], "{name}");
        let licence = "https://creativecommons.org/publicdomain/zero/1.0/";
        assert_eq!(found.rights_address.as_deref(), Some(licence), "{name}");
        // Not the camera's clock.
        assert_eq!(found.date.as_deref(), Some("1906-02"), "{name}");
        assert!(
            near_damascus(found.location),
            "{name}: {:?}",
            found.location
        );
    }
}

#[test]
fn iptc_comes_before_exif_in_jpeg_and_tiff() {
    for name in ["told-iptc.jpg", "told.tif"] {
        let found = said(name);
        assert_eq!(texts(&found.title), [(None, "عنوان")], "{name}");
        assert_eq!(texts(&found.creator), [(None, "Author of IPTC")], "{name}");
        assert_eq!(texts(&found.description), [(None, "Of EXIF")], "{name}");
        assert_eq!(texts(&found.rights), [(None, "Rights of IPTC")], "{name}");
        assert_eq!(found.date.as_deref(), Some("1906-02-25"), "{name}");
    }
}

#[test]
fn exif_alone_names_each_creator_and_what_the_maker_writes_is_left_out() {
    let found = said("told-exif.jpg");
    let creators = [(None, "Artist of EXIF"), (None, "Another")];
    assert_eq!(texts(&found.creator), creators);
    assert_eq!((found.description, found.location), (Vec::new(), None));
}

#[test]
fn a_file_that_tells_a_place_is_known_as_one() {
    let dir = TempDir::new().unwrap();
    assert!(near_damascus(said("told-place.tif").location));
    for (name, located) in [
        ("told.jpg", true),
        ("told.png", true),
        ("told.webp", true),
        ("told-iptc.jpg", true),
        ("told-place.tif", true),
        ("told.tif", false),
        ("told-exif.jpg", false),
        ("lossless.jp2", false),
    ] {
        assert_eq!(
            facts(&fixture(&dir, name)).unwrap().located,
            located,
            "{name}"
        );
    }
}

#[test]
fn what_has_no_metadata_says_nothing() {
    for name in ["lossless.jxl", "lossy.webp", "interlaced.png", "cmyk.tif"] {
        assert_eq!(said(name), Embedded::default(), "{name}");
    }
    assert_eq!(embedded(Path::new("/nowhere/a.jpg")), Embedded::default());
}
