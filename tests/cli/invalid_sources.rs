//! Sources with invalid rows and files: every problem is reported, and the valid items are ingested.

use std::path::Path;

use serde_json::Value;

use crate::support::{Archive, fixture, read_files};

/// A table with a repeated column, an unknown language, and rows with one defect each.
const TABLE: &[&[u8]] = &[
    b"id,title@en,title@en,title@qqx-nonsense,date,file\n",
    b"whole,A whole item,,,1906,whole.png\n",
    b",No identifier,,,,\n",
    b"whole,The same identifier,,,,\n",
    b"lost,A file that is not there,,,,lost.png\n",
    b"above,A file outside,,,,../above.png\n",
    b"rooted,An absolute path,,,,/etc/hostname\n",
    b"linked,A symbolic link,,,,linked.png\n",
    b"cut,A truncated image,,,,cut.png\n",
    b"huge,\"20,000 by 14,000 pixels, it says\",,,,huge.jpg\n",
    b"bytes,Not \xff\xfe UTF-8,,,,\n",
    b"never,An impossible date,,,1906-02-30,\n",
    b"zero,A NUL \x00 within,,,,\n",
    b"markup,<script>alert('title')</script>,,,,\n",
    b"bidi,evil\xe2\x80\xaegnp.exe,,,,\n",
    // Most characters outside ASCII are UTF-8, so the table is read as UTF-8.
    "last,العنصر الأخير,,,,\n".as_bytes(),
];

fn write_source(source: &Path) {
    std::fs::create_dir(source).unwrap();
    std::fs::write(source.join("metadata.csv"), TABLE.concat()).unwrap();
    let image = std::fs::read(fixture("cabinet").join("images/plate.png")).unwrap();
    std::fs::write(source.join("whole.png"), &image).unwrap();
    std::fs::write(source.join("cut.png"), &image[..image.len() / 2]).unwrap();
    std::fs::write(source.with_file_name("above.png"), &image).unwrap();
    std::fs::write(source.join("huge.jpg"), jpeg_with_huge_dimensions()).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("whole.png", source.join("linked.png")).unwrap();
}

/// Returns a JPEG that claims to have 20,000 × 14,000 pixels but has almost no image data.
fn jpeg_with_huge_dimensions() -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8];
    // A quantisation table of ones.
    jpeg.extend([0xFF, 0xDB, 0, 67, 0]);
    jpeg.extend([1; 64]);
    // The frame header: baseline, 8 bits, height, width, one component.
    let [h1, h0] = 14_000u16.to_be_bytes();
    let [w1, w0] = 20_000u16.to_be_bytes();
    jpeg.extend([0xFF, 0xC0, 0, 11, 8, h1, h0, w1, w0, 1, 1, 0x11, 0]);
    // A Huffman table with a single code for each class.
    for class in [0x00, 0x10] {
        jpeg.extend([0xFF, 0xC4, 0, 20, class, 1]);
        jpeg.extend([0; 15]);
        jpeg.push(0);
    }
    jpeg.extend([0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 63, 0]);
    jpeg.extend([0; 4096]);
    jpeg.extend([0xFF, 0xD9]);
    jpeg
}

/// Returns the code, row and item of each problem with a severity, sorted.
fn problems(document: &Value, severity: &str) -> Vec<(String, Option<u64>, Option<String>)> {
    let mut problems: Vec<_> = document["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["severity"] == severity)
        .map(|problem| {
            for key in ["file", "message", "hint"] {
                assert!(!problem[key].as_str().unwrap().is_empty(), "{problem}");
            }
            (
                problem["code"].as_str().unwrap().to_owned(),
                problem["row"].as_u64(),
                problem["item"].as_str().map(str::to_owned),
            )
        })
        .collect();
    problems.sort();
    problems
}

fn problem(code: &str, row: u64, item: &str) -> (String, Option<u64>, Option<String>) {
    let item = (!item.is_empty()).then(|| item.to_owned());
    (code.to_owned(), Some(row), item)
}

fn expected_errors() -> Vec<(String, Option<u64>, Option<String>)> {
    let mut errors = vec![
        problem("id-missing", 3, ""),
        problem("id-duplicate", 4, "whole"),
        problem("file-missing", 5, "lost"),
        problem("file-outside", 6, "above"),
        problem("file-outside", 7, "rooted"),
        problem("image-truncated", 9, "cut"),
        problem("image-suspicious", 10, "huge"),
        problem("not-utf8", 11, ""),
        problem("text-control", 13, "zero"),
    ];
    if cfg!(unix) {
        errors.push(problem("file-is-link", 8, "linked"));
    }
    errors.sort();
    errors
}

#[test]
fn ingest_reports_every_problem_and_accepts_valid_items() {
    let archive = Archive::new();
    let source = archive.sibling("bad");
    write_source(&source);
    let source = source.to_str().unwrap();

    let document = archive.json(1, &["ingest", source]);
    assert_eq!(problems(&document, "error"), expected_errors());
    let warnings = problems(&document, "warning");
    for tolerated in [
        problem("language-unknown", 1, ""),
        problem("date-impossible", 12, "never"),
    ] {
        assert!(warnings.contains(&tolerated), "{warnings:?}");
    }
    assert!(
        warnings.contains(&problem("text-markup", 14, "markup")),
        "{warnings:?}"
    );
    assert!(
        warnings.contains(&problem("text-bidi", 15, "bidi")),
        "{warnings:?}"
    );
    assert_eq!(document["items"], 5, "whole, never, markup, bidi, last");

    // The store is valid, and a second run reports the same problems.
    archive.ok(&["verify"]);
    let again = archive.json(1, &["ingest", source]);
    assert_eq!(problems(&again, "error"), expected_errors());
    assert_eq!(
        (&again["added"], &again["unchanged"]),
        (&0.into(), &5.into())
    );
}

#[test]
fn check_reports_the_same_problems_as_ingest() {
    let archive = Archive::new();
    let source = archive.sibling("bad");
    write_source(&source);
    let document = archive.json(1, &["check", source.to_str().unwrap()]);
    assert_eq!(problems(&document, "error"), expected_errors());
    assert_eq!(document["items"], 5, "whole, never, markup, bidi, last");
}

#[test]
fn metadata_is_never_published_as_markup() {
    let archive = Archive::new();
    let source = archive.sibling("bad");
    write_source(&source);
    archive.json(1, &["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let mut pages = 0;
    for (name, content) in read_files(&archive.site()) {
        if name.ends_with(".html") {
            let page = String::from_utf8(content).unwrap();
            assert!(!page.contains("<script>alert"), "{name}");
            assert!(!page.contains('\u{202E}'), "{name}");
            pages += 1;
        }
    }
    assert!(pages > 12, "{pages} pages");
}

#[test]
fn messages_contain_no_control_characters() {
    let archive = Archive::new();
    let source = archive.sibling("escape");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(
        source.join("metadata.csv"),
        "id,title@en,file\nx,X,\"\u{1b}[2Jgone\u{202e}.png\"\n",
    )
    .unwrap();
    let output = archive.run(&["ingest", source.to_str().unwrap()]);
    assert_eq!(output.status, Some(1));
    let text = output.stdout + &output.stderr;
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn an_image_that_is_not_rendered_is_a_warning_in_every_command() {
    let archive = Archive::new();
    let source = archive.sibling("master");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("metadata.csv"), "id,file\nmaster,page.heic\n").unwrap();
    std::fs::write(
        source.join("page.heic"),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    )
    .unwrap();
    let source = source.to_str().unwrap();
    let expected = [problem("image-not-rendered", 2, "master")];

    let checked = archive.json(0, &["check", source]);
    assert_eq!(problems(&checked, "warning"), expected);
    assert_eq!(checked["items"], 1);
    let ingested = archive.json(0, &["ingest", source]);
    assert_eq!(problems(&ingested, "warning"), expected);
    assert_eq!(ingested["added"], 1);

    // The message of `publish` names the file in the source and not in the store.
    let published = archive.json(0, &["publish"]);
    let problem = &published["problems"][0];
    assert_eq!(problem["severity"], "warning");
    assert_eq!(problem["file"], "page.heic");
    assert!(!problem["message"].as_str().unwrap().contains("store"));
}

#[test]
fn a_folder_name_that_is_not_an_identifier_is_an_error_with_a_hint() {
    let archive = Archive::new();
    let source = archive.sibling("nul");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("metadata.csv"), "id\na\n").unwrap();
    let document = archive.json(2, &["ingest", source.to_str().unwrap()]);
    let error = &document["error"];
    assert_eq!(error["code"], "collection-no-id");
    assert!(error["message"].as_str().unwrap().contains("`nul`"));
    assert!(error["hint"].as_str().unwrap().contains("id = "));
}

#[test]
fn check_writes_a_corrected_copy() {
    let archive = Archive::new();
    let source = archive.sibling("dates");
    std::fs::create_dir(&source).unwrap();
    let table = "id,title,date\na,A,15/03/1906\nb,B,c.1785\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    let copy = archive.sibling("copy.csv");
    let arguments = [
        "check",
        source.to_str().unwrap(),
        "--fix",
        copy.to_str().unwrap(),
    ];
    let output = archive.ok(&arguments);
    for line in [
        "write `1906-03-15` instead of `15/03/1906`",
        "Wrote 1 correction to ",
    ] {
        assert!(output.stderr.contains(line), "{}", output.stderr);
    }
    assert_eq!(
        std::fs::read_to_string(&copy).unwrap(),
        table.replace("15/03/1906", "1906-03-15")
    );
    let document = archive.json(2, &arguments);
    assert_eq!(document["error"]["code"], "fix-not-written");
}
