//! Tests with valid, damaged and hostile documents.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use super::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

fn open(name: &str) -> Document {
    Document::open(&fixture(name)).unwrap()
}

fn size(page: &Page) -> (u32, u32) {
    (page.picture.width(), page.picture.height())
}

fn lines(page: &Page) -> Vec<&str> {
    page.text
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect()
}

#[test]
fn renders_at_200_dpi_and_extracts_text() {
    let book = open("book.pdf");
    assert_eq!((book.page_count(), book.displayed_page_count()), (3, 3));
    let first = book.page(0).unwrap();
    assert_eq!(size(&first), (1_000, 600));
    assert_eq!(lines(&first), ["A cabinet", "of books", "Damascus"]);
    assert!(!first.is_incomplete);
    // The font is one of the standard fonts and is not embedded.
    let starts: Vec<bool> = first
        .text
        .lines
        .iter()
        .map(|line| line.starts_paragraph)
        .collect();
    assert_eq!(starts, [true, false, true]);
    assert_eq!(first.picture.dominant(), [255; 3]);
    let area = first.text.lines[0].area.unwrap();
    let [x, y, w, h] = area.to_pixels(1_000, 600);
    assert!(
        (95..=105).contains(&x) && (200..300).contains(&w),
        "{x} {w}"
    );
    assert!((120..=140).contains(&y) && (60..80).contains(&h), "{y} {h}");
    assert!(matches!(book.page(3), Err(PdfError::NoSuchPage)));
}

#[test]
fn applies_crop_box_and_rotation() {
    let page = open("book.pdf").page(1).unwrap();
    // The page measures 144 × 72 points and is rotated by 90°.
    assert_eq!(size(&page), (200, 400));
    assert!(page.text.lines.is_empty());
    // The upper left quarter is red.
    let picture = page.picture;
    assert_eq!(picture.pixel(50, 100), [219, 31, 20]);
    for (x, y) in [(150, 100), (50, 300), (150, 300)] {
        assert_eq!(picture.pixel(x, y), [255; 3], "{x} {y}");
    }
}

#[test]
fn extracts_arabic_in_presentation_forms() {
    let page = open("book.pdf").page(2).unwrap();
    // The last line is invisible, like the text layer of a scan.
    assert_eq!(lines(&page), ["خزانة", "خزانة Tate لا", "1906"]);
}

#[test]
fn reads_metadata() {
    let metadata = open("book.pdf").metadata();
    assert_eq!(metadata.title.as_deref(), Some("خزانة الكتب"));
    assert_eq!(metadata.author.as_deref(), Some("Kurd 'Ali"));
    assert_eq!(metadata.subject, None);
    assert_eq!(
        open("scan.pdf").metadata(),
        Metadata::default(),
        "the title is a file name"
    );
    assert_eq!(
        decode_text_string(b"\x84 \x93 \xa0 \xe9").as_deref(),
        Some("— ﬁ € é")
    );
    assert_eq!(
        decode_text_string(b"\xff\xfea\0\x1b\0e\0n\0\x1b\0b\0").as_deref(),
        Some("ab")
    );
    assert_eq!(
        decode_text_string(b"\xef\xbb\xbf\xd8\xae ").as_deref(),
        Some("خ")
    );
    assert_eq!(decode_text_string(b" \0"), None);
}

#[test]
fn scanned_page_has_the_size_of_its_image() {
    let page = open("scan.pdf").page(0).unwrap();
    assert_eq!(size(&page), (60, 40));
    assert_eq!(page.picture.pixel(30, 10), [200, 40, 40]);
    assert_eq!(page.picture.pixel(30, 30), [40, 40, 200]);
}

#[test]
fn errors_have_codes_and_hints() {
    let code = |name: &str| Document::open(&fixture(name)).unwrap_err().code();
    assert_eq!(code("encrypted.pdf"), "pdf-locked");
    assert_eq!(code("damaged.pdf"), "pdf-damaged");
    assert_eq!(code("no such file"), "file-unreadable");
    let error = open("huge-image.pdf").page(0).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("60000 × 60000"), "{error}");
    for error in [
        PdfError::PasswordRequired,
        PdfError::UnsupportedEncryption,
        PdfError::TooLarge,
        PdfError::NoSuchPage,
        PdfError::Timeout,
        PdfError::Panic("x".to_owned()),
    ] {
        assert!(error.hint().ends_with('.') && error.code().contains("pdf-"));
    }
}

#[test]
fn corrupted_files_do_not_panic_or_time_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.pdf");
    for name in ["book.pdf", "scan.pdf", "encrypted.pdf"] {
        let original = std::fs::read(fixture(name)).unwrap();
        let mut seed = 7_u32;
        for round in 0..60 {
            let mut bytes = original.clone();
            for _ in 0..=round % 9 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let offset = (seed >> 8) as usize % bytes.len();
                bytes[offset] = (seed >> 3) as u8;
            }
            if round % 5 == 0 {
                bytes.truncate((seed >> 4) as usize % original.len());
            }
            std::fs::write(&path, bytes).unwrap();
            let Ok(document) = Document::open(&path) else {
                continue;
            };
            for page in 0..document.displayed_page_count().min(4) {
                match document.page(page) {
                    Ok(page) => assert!(page.picture.width() > 0),
                    Err(error) => assert!(!matches!(error, PdfError::Timeout), "{name} {round}"),
                }
            }
        }
    }
}

#[test]
fn rejects_paths_with_too_many_dashes() {
    for (dash, is_accepted) in [("1", true), ("0.00001", false), ("0", true)] {
        let content = format!("[{dash}] 0 d 0 0 m 70 70 l S");
        let file = tempfile::NamedTempFile::new().unwrap();
        let pdf = format!(
            "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R>>endobj\n\
             4 0 obj<</Length {}>>stream\n{content}\nendstream endobj\n\
             trailer<</Root 1 0 R>>\n%%EOF",
            content.len()
        );
        std::fs::write(file.path(), pdf).unwrap();
        let page = Document::open(file.path()).unwrap().page(0);
        match page {
            Ok(_) => assert!(is_accepted, "{dash}"),
            Err(error) => assert!(
                !is_accepted && matches!(error, PdfError::MemoryLimit),
                "{dash} {error}"
            ),
        }
    }
}
