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
    let problems = document["problems"].as_array().unwrap().iter();
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
    let kept = ["scene.heic", "scene.avif", "written.svg"];
    let rows: Vec<(&str, &str)> = shown.iter().chain(&kept).map(|file| (*file, "A")).collect();
    let source = source(&archive, &rows, "");
    let checked = archive.json(0, &["check", &source]);
    let taken = archive.json(0, &["ingest", &source]);
    let expected = kept.map(|item| pair("image-not-rendered", item));
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
    for item in ["scene.heic", "scene.avif"] {
        let page = page(&archive, item);
        assert!(page.contains("لا تتوفر صورة"), "{item}: {page}");
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

/// A folder with a program that is called as that of libheif, and makes a picture of every file.
#[cfg(unix)]
fn libheif(archive: &Archive) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = archive.beside("programs");
    std::fs::create_dir(&folder).unwrap();
    let program = folder.join("heif-dec");
    let picture = pictures().join("palette.png");
    let does = format!("#!/bin/sh\nexec /bin/cp '{}' \"$2\"\n", picture.display());
    std::fs::write(&program, does).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
#[cfg(unix)]
fn heic_and_avif_are_shown_once_the_machine_has_libheif() {
    let archive = Archive::new();
    let kept = ["scene.avif", "scene.heic"];
    let source = source(&archive, &kept.map(|file| (file, "A")), "");
    let not_here = kept.map(|item| pair("image-not-rendered", item));
    let taken = archive.json(0, &["ingest", &source]);
    assert_eq!(told(&taken), not_here);
    let message = taken["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("not on this machine"), "{message}");
    let hint = taken["problems"][0]["hint"].as_str().unwrap();
    assert!(hint.contains("libheif-examples"), "{hint}");
    assert_eq!(told(&archive.json(0, &["publish"])).len(), 2);

    let folder = libheif(&archive);
    let with = |arguments: &[&str]| {
        let mut command = crate::support::khizana();
        command.env("PATH", &folder).args(arguments);
        command.arg("--json").arg("--archive").arg(archive.path());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    // What is in the store was measured before, and does not change with the machine.
    let again = with(&["ingest", &source]);
    assert_eq!((told(&again), &again["unchanged"]), (Vec::new(), &2.into()));
    assert_eq!(told(&with(&["publish"])), []);
    for item in kept {
        let page = page(&archive, item);
        assert!(
            page.contains("<img ") && page.contains("width=\"48\""),
            "{item}: {page}"
        );
        assert!(
            !page.contains(&format!("/{item}\"")),
            "{item} is not offered"
        );
    }
    // Where it is not, it is told of an item that is looked at again, also where its files did not change.
    let table = Path::new(&source).join("metadata.csv");
    let rows = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, rows.replace(",A,", ",B,")).unwrap();
    assert_eq!(told(&archive.json(0, &["ingest", &source])), not_here);
}

#[test]
fn what_a_file_says_is_shown_and_marked_and_its_place_stays_private() {
    let archive = Archive::new();
    let rows = [("xmp-gps.jpg", ""), ("xmp-gps.webp", "By the curator")];
    let ingested = source(&archive, &rows, "");
    archive.ok(&["ingest", &ingested]);
    publish_all_originals(&archive);
    let published = archive.json(0, &["publish"]);
    let withheld = ["xmp-gps.jpg", "xmp-gps.webp"].map(|item| pair("original-withheld", item));
    assert_eq!(told(&published), withheld);

    let bare = page(&archive, "xmp-gps.jpg");
    for text in [
        "صفيحة",
        "مجهول",
        "من البيانات المضمّنة في الملف",
        "publicdomain/zero",
    ] {
        assert!(bare.contains(text), "{text}: {bare}");
    }
    let curated = page(&archive, "xmp-gps.webp");
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
    let bare = page(&archive, "xmp-gps.jpg");
    assert!(bare.contains("٣٣") && bare.contains("شمالًا"), "{bare}");
    assert!(
        files(&archive.site())
            .keys()
            .any(|name| name.ends_with("/xmp-gps.jpg"))
    );
}

/// The manifest of an item.
fn manifest(archive: &Archive, item: &str) -> Value {
    let path = archive.site().join("manifests/item");
    let bytes = std::fs::read(path.join(format!("{item}.json"))).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Says where the archive is published: so there are manifests.
fn give_address(archive: &Archive) {
    let toml = archive.path().join("khizana.toml");
    let before = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("url = \"https://example.org/a/\"\n{before}")).unwrap();
}

#[test]
fn each_page_of_a_tiff_is_a_canvas_and_the_whole_file_is_offered_once() {
    let archive = Archive::new();
    give_address(&archive);
    publish_all_originals(&archive);
    let source = archive.beside("book");
    std::fs::create_dir(&source).unwrap();
    for name in ["mixed-pages.tif", "interlaced.png"] {
        std::fs::copy(pictures().join(name), source.join(name)).unwrap();
    }
    std::fs::write(source.join("1.txt"), "written").unwrap();
    let table = "id,file,file_label,text,toc\nbook,interlaced.png|mixed-pages.tif,cover|i,|1.txt,3 Second|4 Third\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let manifest = manifest(&archive, "book");
    let canvases = manifest["items"].as_array().unwrap();
    let told: Vec<(String, u64, u64, bool)> = canvases
        .iter()
        .map(|own| {
            let label = own["label"].as_object().unwrap().values().next().unwrap();
            (
                label[0].as_str().unwrap().to_owned(),
                own["width"].as_u64().unwrap(),
                own["height"].as_u64().unwrap(),
                own.get("annotations").is_some(),
            )
        })
        .collect();
    let page = |label: &str, width, height, text| (label.to_owned(), width, height, text);
    assert_eq!(
        told,
        [
            page("cover", 48, 32, false),
            page("i", 36, 24, true),
            page("3", 30, 20, false),
            page("4", 10, 10, false),
        ]
    );
    let services: std::collections::BTreeSet<&str> = canvases
        .iter()
        .map(|own| own["thumbnail"][0]["id"].as_str().unwrap())
        .collect();
    assert_eq!(services.len(), 4, "each page is a picture of its own");
    let offered = manifest["rendering"].as_array().unwrap();
    let names: Vec<&str> = offered
        .iter()
        .filter_map(|file| file["id"].as_str()?.rsplit('/').next())
        .collect();
    assert_eq!(names, ["interlaced.png", "mixed-pages.tif"]);
    let third = &manifest["structures"][1];
    assert_eq!(third["items"][0]["id"], canvases[3]["id"]);

    // Nothing is decoded again, and nothing changes.
    let before = files(&archive.site());
    archive.ok(&["publish"]);
    assert!(before == files(&archive.site()));
}

#[test]
fn the_pages_of_a_pdf_are_drawn_read_and_found() {
    let archive = Archive::new();
    give_address(&archive);
    let source = archive.beside("documents");
    std::fs::create_dir(&source).unwrap();
    let names = ["book.pdf", "encrypted.pdf", "damaged.pdf", "huge-image.pdf"];
    for name in names {
        let fixture = pictures().join("../../pdf/fixtures").join(name);
        std::fs::copy(fixture, source.join(name)).unwrap();
    }
    std::fs::write(source.join("1.txt"), "given").unwrap();
    std::fs::copy(source.join("book.pdf"), source.join("other.pdf")).unwrap();
    let mut table = "id,title@en,language,file,text\nbook,,ar,book.pdf,\n".to_owned();
    for name in ["encrypted", "damaged", "huge-image"] {
        table.push_str(&format!("{name},A,,{name}.pdf,\n"));
    }
    table.push_str("given,A,,other.pdf,1.txt\n");
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    let expected = [
        pair("pdf-locked", "encrypted"),
        pair("pdf-damaged", "damaged"),
    ];
    let source = source.to_str().unwrap();
    for command in ["check", "ingest"] {
        let document = archive.json(0, &[command, source]);
        assert_eq!(told(&document), expected, "{command}");
    }
    for _ in 0..2 {
        let published = archive.json(0, &["publish"]);
        assert_eq!(told(&published), [pair("page-not-drawn", "huge-image")]);
    }

    let book = manifest(&archive, "book");
    assert_eq!(
        book["label"],
        serde_json::json!({ "none": ["خزانة الكتب"] })
    );
    let canvases = book["items"].as_array().unwrap();
    let sizes: Vec<_> = canvases
        .iter()
        .map(|own| {
            (
                own["width"].as_u64().unwrap(),
                own["height"].as_u64().unwrap(),
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
    // Its lines stand where they are drawn.
    let lines = archive.site().join("manifests/text/book/3.json");
    let lines: Value = serde_json::from_slice(&std::fs::read(lines).unwrap()).unwrap();
    assert_eq!(lines["items"][1]["body"]["value"], "خزانة Tate لا");
    assert!(
        lines["items"][1]["target"]
            .as_str()
            .unwrap()
            .contains("#xywh=")
    );

    let found = archive.json(0, &["search", "Damascus"]);
    assert_eq!(found["items"][0]["id"], "book", "{found}");
    let html = page(&archive, "book");
    assert!(
        html.contains("A cabinet") && html.contains("/book.pdf\""),
        "{html}"
    );
    // A text of the curator's is the only one.
    let given = manifest(&archive, "given");
    assert!(given["items"][0].get("rendering").is_some());
    assert!(given["items"][2].get("rendering").is_none());
    for item in ["encrypted", "damaged", "huge-image"] {
        let html = page(&archive, item);
        assert!(
            html.contains(&format!("/{item}.pdf\"")),
            "{item} is offered"
        );
    }
}
