//! The typefaces of an institution: font files are checked, published for the characters of the site, and stored.

use std::fs;

use crate::support::{Archive, copy_dir, fixture, read_files};
use crate::trust::text;

/// Returns an archive with the font of the fixtures and some lines in `khizana.toml`.
fn archive(settings: &str) -> Archive {
    let archive = Archive::new();
    archive.ok(&["ingest", text(&fixture("cabinet"))]);
    let folder = archive.path().join("identity");
    fs::create_dir(&folder).unwrap();
    let font = fs::read(fixture("typefaces/house.ttf")).unwrap();
    fs::write(folder.join("house.ttf"), &font).unwrap();
    fs::write(
        folder.join("restricted.ttf"),
        with_permissions(&font, 0x0002),
    )
    .unwrap();
    fs::write(folder.join("bitmaps.ttf"), with_permissions(&font, 0x0200)).unwrap();
    fs::write(folder.join("complete.ttf"), with_permissions(&font, 0x0100)).unwrap();
    fs::write(folder.join("cut.ttf"), &font[..font.len() / 2]).unwrap();
    fs::write(folder.join("text.ttf"), "not a font").unwrap();
    let path = archive.path().join("khizana.toml");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{before}\n{settings}")).unwrap();
    archive
}

/// Returns a font with other embedding permissions.
fn with_permissions(font: &[u8], bits: u16) -> Vec<u8> {
    let mut font = font.to_vec();
    let record = font.windows(4).position(|tag| tag == b"OS/2").unwrap();
    let at = u32::from_be_bytes(font[record + 8..record + 12].try_into().unwrap()) as usize + 8;
    font[at..at + 2].copy_from_slice(&bits.to_be_bytes());
    font
}

/// Returns the published fonts by path, and the style sheet and the licenses of the fonts.
fn published(archive: &Archive) -> (Vec<(String, Vec<u8>)>, String, String) {
    let files = read_files(&archive.site());
    let text = |name: &str| {
        let file = files.iter().find(|(path, _)| path.ends_with(name));
        String::from_utf8(file.unwrap().1.clone()).unwrap()
    };
    let (style, licenses) = (text("/fonts.css"), text("/fonts.txt"));
    let fonts = files
        .into_iter()
        .filter(|(path, _)| path.starts_with("f/") && path.ends_with(".woff2"));
    (fonts.collect(), style, licenses)
}

#[test]
fn a_font_is_published_for_the_characters_of_the_site() {
    let archive = archive("[identity.typefaces]\ntext = \"identity/house.ttf\"\n");
    let report = archive.json(0, &["publish"]);
    assert_eq!(
        report["problems"].as_array().map(Vec::len),
        Some(0),
        "{report}"
    );
    let (fonts, style, licenses) = published(&archive);
    // The Arabic characters and the others.
    assert_eq!(fonts.len(), 2);
    for (path, font) in &fonts {
        assert!(font.starts_with(b"wOF2"), "{path}");
        assert!(style.contains(&format!("url(../../{path}) format(\"woff2\")")));
        assert!(licenses.contains(path));
    }
    for part in [
        ":root:lang(ar){--text-faces:\"House text ar\",}",
        ":root:lang(en),:root:lang(fr){--text-faces:\"House text en fr\",}",
        "font-display:swap",
        "U+621-63A",
    ] {
        assert!(style.contains(part), "{part} is not in {style}");
    }
    assert!(!style.contains("--house-faces:\""));
    for part in [
        "a subset of identity/house.ttf",
        "This font is in the public domain.",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ] {
        assert!(licenses.contains(part), "{part} is not in {licenses}");
    }
    // The typefaces of the viewer remain for other characters.
    assert!(style.contains("font-family:Naskh;") && style.contains("naskh-arabic.woff2"));
    let headers = fs::read_to_string(archive.site().join("_headers")).unwrap();
    assert!(headers.contains("font-src 'self';"));
    archive.ok(&["verify"]);
}

#[test]
fn fonts_that_cannot_be_used_are_reported_and_the_rest_is_published() {
    let settings = "[identity.typefaces.text]\nar = \"identity/house.ttf\"\n\
                    [identity.typefaces.headings]\nar = \"HEADINGS\"\n";
    for (file, code, message) in [
        ("restricted.ttf", "typeface-license", "forbids embedding"),
        ("bitmaps.ttf", "typeface-license", "bitmaps only"),
        ("cut.ttf", "typeface-format", "damaged"),
        ("text.ttf", "typeface-format", "not a font"),
        ("missing.ttf", "identity-file", "does not exist"),
    ] {
        let path = format!("identity/{file}");
        let archive = archive(&settings.replace("HEADINGS", &path));
        let report = archive.json(0, &["publish"]);
        let problems = report["problems"].as_array().unwrap();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        let problem = &problems[0];
        let config = fs::read_to_string(archive.path().join("khizana.toml")).unwrap();
        let before = config
            .split("[identity.typefaces.headings]")
            .next()
            .unwrap();
        let line = 1 + before.matches('\n').count() as u64;
        assert_eq!(problem["code"], code, "{file}");
        assert_eq!(problem["severity"], "warning");
        assert_eq!(problem["file"], "khizana.toml", "{file}");
        assert_eq!(problem["line"].as_u64(), Some(line), "{file}");
        let described = problem["message"].as_str().unwrap();
        assert!(
            described.starts_with(&path) && described.contains(message),
            "{described}"
        );
        assert!(!problem["hint"].as_str().unwrap().is_empty());
        let (fonts, style, _) = published(&archive);
        assert_eq!(fonts.len(), 2, "{file}");
        assert!(style.contains("--text-faces:\"") && !style.contains("--house-faces:\""));
    }
}

#[test]
fn fonts_without_subsets_are_published_complete() {
    let archive = archive("[identity.typefaces]\nheadings = \"identity/complete.ttf\"\n");
    archive.ok(&["publish"]);
    let (fonts, style, licenses) = published(&archive);
    assert_eq!(fonts.len(), 1);
    assert!(licenses.contains("the complete font of identity/complete.ttf"));
    let property = "--house-faces:\"House headings ar en fr\"";
    assert!(style.contains(property), "{style}");
    // A file in WOFF2 is published as it is.
    let other = self::archive("[identity.typefaces]\ntext.en = \"identity/made.woff2\"\n");
    fs::write(other.path().join("identity/made.woff2"), &fonts[0].1).unwrap();
    other.ok(&["publish"]);
    assert!(published(&other).0 == fonts);
}

#[test]
fn rebuild_restores_the_fonts() {
    let archive = archive("[identity.typefaces]\ntext = \"identity/house.ttf\"\n");
    archive.ok(&["publish"]);
    let other = Archive::without_files();
    copy_dir(&archive.path().join("store"), &other.path().join("store"));
    other.ok(&["rebuild"]);
    let read = |archive: &Archive| fs::read(archive.path().join("identity/house.ttf")).unwrap();
    assert!(read(&other) == read(&archive));
    // Fonts that nothing refers to are not part of the configuration.
    assert!(!other.path().join("identity/text.ttf").exists());
    other.ok(&["publish"]);
    assert!(
        read_files(&other.site()) == read_files(&archive.site()),
        "the sites are different"
    );
}
