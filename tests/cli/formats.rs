//! Every kind of media from a source to its page: shown, offered, or withheld with the reason.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Archive, files};

/// The small pictures of the crate that decodes them.
fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../media/fixtures")
}

const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 32'>\
    <script>alert(1)</script><rect width='48' height='32' fill='#dc1e14'/></svg>";

/// Items named as their files, each with a title where it is given one.
fn source(archive: &Archive, rows: &[(&str, &str)], settings: &str) -> String {
    let source = archive.beside("kinds");
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
                std::fs::copy(pictures().join(file), source.join(file)).unwrap();
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

/// The codes and items of a list of problems.
fn told(document: &Value) -> Vec<(String, String)> {
    let problems = document["rejected"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    problems
        .map(|problem| {
            assert_eq!(problem["severity"], "warning", "{problem}");
            (text(&problem["code"]), text(&problem["item"]))
        })
        .collect()
}

fn pair(code: &str, item: &str) -> (String, String) {
    (code.to_owned(), item.to_owned())
}

#[test]
fn each_kind_of_image_is_on_its_page() {
    let archive = Archive::new();
    let shown = [
        "lossy.jxl",
        "lossless.jp2",
        "bare.j2k",
        "drawing.svg",
        "ccitt-group3.tif",
        "cielab.tif",
        "cmyk.tif",
        "palette-4.tif",
        "planar-tiled.tif",
        "pages.tif",
        "interlaced.png",
        "lossy.webp",
        "moving.gif",
        "told-exif.jpg",
    ];
    let kept = ["kept.heic", "kept.avif", "written.svg"];
    let rows: Vec<(&str, &str)> = shown.iter().chain(&kept).map(|file| (*file, "A")).collect();
    let source = source(&archive, &rows, "");
    let checked = archive.json(0, &["check", &source]);
    let taken = archive.json(0, &["ingest", &source]);
    let mut expected = vec![pair("image-first-page", "pages.tif")];
    expected.extend(kept.map(|item| pair("image-not-rendered", item)));
    for document in [&checked, &taken] {
        assert_eq!(told(document), expected);
    }
    let published = archive.json(0, &["publish"]);
    let mut told = told(&published);
    told.sort();
    let mut expected = vec![pair("original-withheld", "written.svg")];
    expected.extend(kept.map(|item| pair("image-not-rendered", item)));
    expected.sort();
    assert_eq!(told, expected);

    for item in shown {
        let page = page(&archive, item);
        assert!(page.contains("<img "), "{item}: {page}");
        assert!(page.contains(".jpg"), "{item}");
    }
    for item in ["kept.heic", "kept.avif"] {
        let page = page(&archive, item);
        assert!(page.contains("لا صورة لهذه المادة"), "{item}: {page}");
        assert!(page.contains(&format!("/{item}\"")), "{item} is offered");
    }
    // A drawing is never served as what it is, whatever else is.
    publish_all_originals(&archive);
    archive.json(0, &["publish"]);
    let mut pictures = 0;
    for (name, bytes) in files(&archive.site()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("alert(1)"), "{name}");
        pictures += u32::from(name.ends_with("/lossy.jxl"));
    }
    assert_eq!(pictures, 1, "other originals are");
}

#[test]
fn what_a_file_says_is_shown_and_marked_and_its_place_stays_private() {
    let archive = Archive::new();
    let rows = [("told.jpg", ""), ("told.webp", "By the curator")];
    let ingested = source(&archive, &rows, "");
    archive.ok(&["ingest", &ingested]);
    publish_all_originals(&archive);
    let published = archive.json(0, &["publish"]);
    let withheld = ["told.jpg", "told.webp"].map(|item| pair("original-withheld", item));
    assert_eq!(told(&published), withheld);

    let bare = page(&archive, "told.jpg");
    for text in [
        "صفيحة",
        "مجهول",
        "من بيانات الملف نفسه",
        "publicdomain/zero",
    ] {
        assert!(bare.contains(text), "{text}: {bare}");
    }
    let curated = page(&archive, "told.webp");
    assert!(curated.contains("By the curator") && !curated.contains("صفيحة"));
    // Neither as a number on a page nor within a picture.
    for (name, bytes) in files(&archive.site()) {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["33.51", "٣٣٫٥١", "Exif\0\0", "Artist of EXIF"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
    }

    // The collection may want it otherwise.
    let open = source(&archive, &rows, "location_from_files = true\n");
    let again = archive.json(0, &["ingest", &open]);
    assert_eq!(again["changed"], 2);
    let published = archive.json(0, &["publish"]);
    assert_eq!(told(&published), []);
    let bare = page(&archive, "told.jpg");
    assert!(bare.contains("٣٣") && bare.contains("شمالًا"), "{bare}");
    assert!(
        files(&archive.site())
            .keys()
            .any(|name| name.ends_with("/told.jpg"))
    );
}
