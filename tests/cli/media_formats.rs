//! Media formats: images and documents are displayed, offered for download, or withheld.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Archive, read_files};

/// Returns the folder of the fixtures of the media crate.
fn media_fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../media/fixtures")
}

const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 32'>\
    <script>alert(1)</script><rect width='48' height='32' fill='#dc1e14'/></svg>";

/// Writes a source with an item for each file and title. `settings` is its `collection.toml`.
fn write_source(archive: &Archive, rows: &[(&str, &str)], settings: &str) -> String {
    let source = archive.sibling("media");
    let _ = std::fs::remove_dir_all(&source);
    std::fs::create_dir(&source).unwrap();
    let mut table = String::from("id,title@en,file\n");
    for (file, title) in rows {
        match *file {
            "drawing.svg" => std::fs::write(source.join(file), DRAWING).unwrap(),
            "written.svg" => {
                let text = DRAWING.replace("<rect", "<text>خزانة</text><rect");
                std::fs::write(source.join(file), text).unwrap();
            }
            _ => {
                std::fs::copy(media_fixtures().join(file), source.join(file)).unwrap();
            }
        }
        table.push_str(&format!("{file},{title},{file}\n"));
    }
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    std::fs::write(source.join("collection.toml"), settings).unwrap();
    source.to_str().unwrap().to_owned()
}

fn page(archive: &Archive, item: &str) -> String {
    let path = archive.site().join("ar/item").join(item);
    std::fs::read_to_string(path.join("index.html")).unwrap()
}

fn publish_all_originals(archive: &Archive) {
    let toml = archive.path().join("khizana.toml");
    let before = std::fs::read_to_string(&toml).unwrap();
    let after = before.replace("originals = \"needed\"", "originals = \"all\"");
    assert_ne!(after, before);
    std::fs::write(&toml, after).unwrap();
}

/// Returns the codes and items of the warnings. There must be no errors.
fn warnings(document: &Value) -> Vec<(String, String)> {
    let problems = document["problems"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    problems
        .map(|problem| {
            assert_eq!(problem["severity"], "warning", "{problem}");
            (text(&problem["code"]), text(&problem["item"]))
        })
        .collect()
}

fn warning(code: &str, item: &str) -> (String, String) {
    (code.to_owned(), item.to_owned())
}

#[test]
fn images_are_displayed_or_offered_for_download() {
    let archive = Archive::new();
    let displayed = [
        "lossy.jxl",
        "lossless.jp2",
        "codestream.j2k",
        "drawing.svg",
        "ccitt-group3.tif",
        "cielab.tif",
        "cmyk.tif",
        "palette-4.tif",
        "planar-tiled.tif",
        "pages.tif",
        "interlaced.png",
        "lossy.webp",
        "animated.gif",
        "exif.jpg",
    ];
    let not_rendered = ["scene.heic", "scene.avif", "written.svg"];
    let rows: Vec<(&str, &str)> = displayed
        .iter()
        .chain(&not_rendered)
        .map(|file| (*file, "A"))
        .collect();
    let source = write_source(&archive, &rows, "");
    let checked = archive.json(0, &["check", &source]);
    let ingested = archive.json(0, &["ingest", &source]);
    let expected = not_rendered.map(|item| warning("image-not-rendered", item));
    for document in [&checked, &ingested] {
        assert_eq!(warnings(document), expected);
    }
    let published = archive.json(0, &["publish"]);
    let mut actual = warnings(&published);
    actual.sort();
    let mut expected = vec![warning("original-withheld", "written.svg")];
    expected.extend(not_rendered.map(|item| warning("image-not-rendered", item)));
    expected.sort();
    assert_eq!(actual, expected);

    for item in displayed {
        let page = page(&archive, item);
        assert!(page.contains("<img "), "{item}: {page}");
        assert!(page.contains("/0/default."), "{item}");
    }
    for item in ["scene.heic", "scene.avif"] {
        let page = page(&archive, item);
        assert!(page.contains("لا تتوفر صورة"), "{item}: {page}");
        assert!(
            page.contains(&format!("/{item}\"")),
            "{item} is offered for download"
        );
    }
    // The original of an SVG image is never published.
    publish_all_originals(&archive);
    archive.json(0, &["publish"]);
    let mut originals = 0;
    for (name, bytes) in read_files(&archive.site()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("alert(1)"), "{name}");
        originals += u32::from(name.ends_with("/lossy.jxl"));
    }
    assert_eq!(originals, 1, "other originals are published");
}

/// Creates a folder with a substitute for the program of libheif that outputs a fixture.
#[cfg(unix)]
fn create_libheif_stub(archive: &Archive) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = archive.sibling("programs");
    std::fs::create_dir(&folder).unwrap();
    let program = folder.join("heif-dec");
    let image = media_fixtures().join("palette.png");
    let script = format!("#!/bin/sh\nexec /bin/cp '{}' \"$2\"\n", image.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
#[cfg(unix)]
fn heic_and_avif_are_displayed_if_libheif_is_installed() {
    let archive = Archive::new();
    let items = ["scene.avif", "scene.heic"];
    let source = write_source(&archive, &items.map(|file| (file, "A")), "");
    let not_rendered = items.map(|item| warning("image-not-rendered", item));
    let ingested = archive.json(0, &["ingest", &source]);
    assert_eq!(warnings(&ingested), not_rendered);
    let message = ingested["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("which is not installed"), "{message}");
    let hint = ingested["problems"][0]["hint"].as_str().unwrap();
    assert!(hint.contains("libheif-examples"), "{hint}");
    assert_eq!(warnings(&archive.json(0, &["publish"])).len(), 2);

    let folder = create_libheif_stub(&archive);
    let run_with_libheif = |arguments: &[&str]| {
        let mut command = crate::support::khizana();
        command.env("PATH", &folder).args(arguments);
        command.arg("--json").arg("--archive").arg(archive.path());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    // The stored records do not depend on the installed programs.
    let again = run_with_libheif(&["ingest", &source]);
    assert_eq!(
        (warnings(&again), &again["unchanged"]),
        (Vec::new(), &2.into())
    );
    assert_eq!(warnings(&run_with_libheif(&["publish"])), []);
    for item in items {
        let page = page(&archive, item);
        assert!(
            page.contains("<img ") && page.contains("width=\"48\""),
            "{item}: {page}"
        );
        assert!(
            !page.contains(&format!("/{item}\"")),
            "{item} is not offered for download"
        );
    }
    // Without libheif, the warning is repeated if an item changed, even if its files did not change.
    let table = Path::new(&source).join("metadata.csv");
    let rows = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, rows.replace(",A,", ",B,")).unwrap();
    assert_eq!(
        warnings(&archive.json(0, &["ingest", &source])),
        not_rendered
    );
}

#[test]
fn embedded_metadata_is_displayed_and_the_location_is_private() {
    let archive = Archive::new();
    let rows = [("xmp-gps.jpg", ""), ("xmp-gps.webp", "By the curator")];
    let source = write_source(&archive, &rows, "");
    archive.ok(&["ingest", &source]);
    publish_all_originals(&archive);
    let published = archive.json(0, &["publish"]);
    let withheld = ["xmp-gps.jpg", "xmp-gps.webp"].map(|item| warning("original-withheld", item));
    assert_eq!(warnings(&published), withheld);

    let uncurated = page(&archive, "xmp-gps.jpg");
    for text in [
        "صفيحة",
        "مجهول",
        "من البيانات المضمّنة في الملف",
        "publicdomain/zero",
    ] {
        assert!(uncurated.contains(text), "{text}: {uncurated}");
    }
    let curated = page(&archive, "xmp-gps.webp");
    // The sections that follow have the titles of other items.
    let curated = curated.split("class=\"colophon\"").next().unwrap();
    assert!(curated.contains("By the curator") && !curated.contains("صفيحة"));
    // The location is neither on a page nor in an image.
    for (name, bytes) in read_files(&archive.site()) {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["33.51", "٣٣٫٥١", "Exif\0\0", "Artist of EXIF"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
    }

    // The collection can publish the location.
    let source = write_source(&archive, &rows, "location_from_files = true\n");
    let again = archive.json(0, &["ingest", &source]);
    assert_eq!(again["changed"], 2);
    let published = archive.json(0, &["publish"]);
    assert_eq!(warnings(&published), []);
    let uncurated = page(&archive, "xmp-gps.jpg");
    assert!(
        uncurated.contains("٣٣") && uncurated.contains("شمالًا"),
        "{uncurated}"
    );
    assert!(
        read_files(&archive.site())
            .keys()
            .any(|name| name.ends_with("/xmp-gps.jpg"))
    );
}

/// Returns the manifest of an item.
fn manifest(archive: &Archive, item: &str) -> Value {
    let path = archive.site().join("manifests/item");
    let bytes = std::fs::read(path.join(format!("{item}.json"))).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Configures the address of the archive, which manifests require, and removes the texts of the example.
fn set_address(archive: &Archive) {
    let toml = archive.path().join("khizana.toml");
    let before = std::fs::read_to_string(&toml).unwrap();
    let (settings, _) = before.split_once("[title]").unwrap();
    let config = format!("url = \"https://example.org/a/\"\n{settings}");
    std::fs::write(&toml, config).unwrap();
}

#[test]
fn each_page_of_a_tiff_is_a_canvas_and_the_file_is_offered_once() {
    let archive = Archive::new();
    set_address(&archive);
    publish_all_originals(&archive);
    let source = archive.sibling("book");
    std::fs::create_dir(&source).unwrap();
    for name in ["mixed-pages.tif", "interlaced.png"] {
        std::fs::copy(media_fixtures().join(name), source.join(name)).unwrap();
    }
    std::fs::write(source.join("1.txt"), "written").unwrap();
    let table = "id,file,file_label,text,toc\nbook,interlaced.png|mixed-pages.tif,cover|i,|1.txt,3 Second|4 Third\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let manifest = manifest(&archive, "book");
    let canvases = manifest["items"].as_array().unwrap();
    let actual: Vec<(String, u64, u64, bool)> = canvases
        .iter()
        .map(|canvas| {
            let label = canvas["label"]
                .as_object()
                .unwrap()
                .values()
                .next()
                .unwrap();
            (
                label[0].as_str().unwrap().to_owned(),
                canvas["width"].as_u64().unwrap(),
                canvas["height"].as_u64().unwrap(),
                canvas.get("annotations").is_some(),
            )
        })
        .collect();
    let page = |label: &str, width, height, has_text| (label.to_owned(), width, height, has_text);
    assert_eq!(
        actual,
        [
            page("cover", 48, 32, false),
            page("i", 36, 24, true),
            page("3", 30, 20, false),
            page("4", 10, 10, false),
        ]
    );
    let services: std::collections::BTreeSet<&str> = canvases
        .iter()
        .map(|canvas| canvas["thumbnail"][0]["id"].as_str().unwrap())
        .collect();
    assert_eq!(services.len(), 4, "each page has an image");
    let offered = manifest["rendering"].as_array().unwrap();
    let names: Vec<&str> = offered
        .iter()
        .filter_map(|file| file["id"].as_str()?.rsplit('/').next())
        .collect();
    assert_eq!(names, ["interlaced.png", "mixed-pages.tif"]);
    let third = &manifest["structures"][1];
    assert_eq!(third["items"][0]["id"], canvases[3]["id"]);

    // Publishing again changes nothing.
    let before = read_files(&archive.site());
    archive.ok(&["publish"]);
    assert!(before == read_files(&archive.site()));
}

#[test]
fn the_pages_of_a_pdf_are_displayed_and_searchable() {
    let archive = Archive::new();
    set_address(&archive);
    let source = archive.sibling("documents");
    std::fs::create_dir(&source).unwrap();
    let names = ["book.pdf", "encrypted.pdf", "damaged.pdf", "huge-image.pdf"];
    for name in names {
        let fixture = media_fixtures().join("../../pdf/fixtures").join(name);
        std::fs::copy(fixture, source.join(name)).unwrap();
    }
    std::fs::write(source.join("1.txt"), "transcription").unwrap();
    std::fs::copy(source.join("book.pdf"), source.join("other.pdf")).unwrap();
    let mut table = "id,title@en,language,file,text\nbook,,ar,book.pdf,\n".to_owned();
    for name in ["encrypted", "damaged", "huge-image"] {
        table.push_str(&format!("{name},A,,{name}.pdf,\n"));
    }
    table.push_str("transcribed,A,,other.pdf,1.txt\n");
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    let expected = [
        warning("pdf-locked", "encrypted"),
        warning("pdf-damaged", "damaged"),
    ];
    let source = source.to_str().unwrap();
    for command in ["check", "ingest"] {
        let document = archive.json(0, &[command, source]);
        assert_eq!(warnings(&document), expected, "{command}");
    }
    for _ in 0..2 {
        let published = archive.json(0, &["publish"]);
        assert_eq!(
            warnings(&published),
            [warning("page-not-drawn", "huge-image")]
        );
    }

    let book = manifest(&archive, "book");
    assert_eq!(
        book["label"],
        serde_json::json!({ "none": ["خزانة الكتب"] })
    );
    let canvases = book["items"].as_array().unwrap();
    let sizes: Vec<_> = canvases
        .iter()
        .map(|canvas| {
            (
                canvas["width"].as_u64().unwrap(),
                canvas["height"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(sizes, [(1_000, 600), (200, 400), (1_000, 600)]);
    let offered = book["rendering"].as_array().unwrap();
    assert_eq!(offered.len(), 1);
    assert_eq!(
        (&offered[0]["type"], &offered[0]["format"]),
        (&"Text".into(), &"application/pdf".into())
    );
    let third = &book["items"][2]["rendering"][0];
    assert_eq!(
        (&third["format"], &third["language"][0]),
        (&"text/plain".into(), &"ar".into())
    );
    // The lines have positions.
    let lines = archive.site().join("manifests/text/book/3.json");
    let lines: Value = serde_json::from_slice(&std::fs::read(lines).unwrap()).unwrap();
    assert_eq!(lines["items"][1]["body"]["value"], "خزانة Tate لا");
    assert!(
        lines["items"][1]["target"]
            .as_str()
            .unwrap()
            .contains("#xywh=")
    );

    let results = archive.json(0, &["search", "Damascus"]);
    assert_eq!(results["items"][0]["id"], "book", "{results}");
    let html = page(&archive, "book");
    assert!(
        html.contains("A cabinet") && html.contains("/book.pdf\""),
        "{html}"
    );
    // A text in the source replaces the extracted text of all pages.
    let transcribed = manifest(&archive, "transcribed");
    assert!(transcribed["items"][0].get("rendering").is_some());
    assert!(transcribed["items"][2].get("rendering").is_none());
    for item in ["encrypted", "damaged", "huge-image"] {
        let html = page(&archive, item);
        assert!(
            html.contains(&format!("/{item}.pdf\"")),
            "{item} is offered"
        );
    }
}
