//! Tests of all formats and variants, both those that are decoded and those that are not rendered.

use super::*;

/// Copies a fixture to a temporary directory and returns its path.
pub(super) fn fixture(dir: &TempDir, name: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    write_file(dir, name, &std::fs::read(source).unwrap())
}

/// Decodes an image and asserts its media type and dimensions.
fn decode_as(path: &Path, media_type: &str) -> Picture {
    let info = probe_file(path).unwrap();
    assert_eq!(info.media_type, media_type, "{}", path.display());
    assert_eq!((info.not_rendered, info.notes), (None, Vec::new()));
    let picture = decode(path, &Limits::default()).unwrap();
    let size = (Some(picture.width), Some(picture.height));
    assert_eq!((info.width, info.height), size, "{}", path.display());
    check(path, 0, &Limits::default()).unwrap();
    picture
}

fn assert_scene(name: &str, picture: &Picture, colours: [[u8; 3]; 3], tolerance: u8) {
    assert_eq!((picture.width(), picture.height()), (48, 32), "{name}");
    for ((x, y), colour) in [(4, 4), (40, 4), (4, 26)].into_iter().zip(colours) {
        let actual = pixel_at(picture, x, y);
        assert!(
            is_near(actual, colour, tolerance),
            "{name} at {x},{y}: {actual:?}"
        );
    }
}

const WHITE: [u8; 3] = [255; 3];
const SCENE: [[u8; 3]; 3] = [WHITE, RED, BLUE];
const GREYS: [[u8; 3]; 3] = [WHITE, [180; 3], [40; 3]];
/// Blue at an opacity of one fifth, over white.
const PALE: [[u8; 3]; 3] = [WHITE, RED, [208, 212, 244]];

#[test]
fn decodes_jpeg_xl_lossless_lossy_grey_and_with_alpha() {
    let dir = TempDir::new().unwrap();
    for (name, colours, tolerance) in [
        ("lossless.jxl", SCENE, 0),
        ("lossy.jxl", SCENE, 12),
        ("grey.jxl", GREYS, 0),
        ("alpha.jxl", PALE, 1),
    ] {
        let picture = decode_as(&fixture(&dir, name), "image/jxl");
        assert_scene(name, &picture, colours, tolerance);
    }
}

#[test]
fn decodes_jpeg_2000_lossless_lossy_tiled_grey_and_with_alpha() {
    let dir = TempDir::new().unwrap();
    for (name, colours, tolerance) in [
        ("lossless.jp2", SCENE, 0),
        ("lossy.jp2", SCENE, 40),
        ("tiled.jp2", SCENE, 0),
        ("grey.jp2", GREYS, 0),
        ("grey-16.jp2", GREYS, 1),
        ("alpha.jp2", PALE, 1),
    ] {
        let picture = decode_as(&fixture(&dir, name), "image/jp2");
        assert_scene(name, &picture, colours, tolerance);
    }
    let picture = decode_as(&fixture(&dir, "codestream.j2k"), "image/j2c");
    assert_scene("codestream.j2k", &picture, SCENE, 0);
}

#[test]
fn decodes_jpeg_2000_at_half_resolution_within_a_tight_limit() {
    let dir = TempDir::new().unwrap();
    let path = fixture(&dir, "lossless.jp2");
    let file_bytes = std::fs::metadata(&path).unwrap().len();
    let tight = Limits {
        max_alloc: file_bytes + 30_000,
        ..Limits::default()
    };
    let picture = decode(&path, &tight).unwrap();
    assert_eq!((picture.width(), picture.height()), (24, 16));
    assert!(
        is_near(pixel_at(&picture, 20, 3), RED, 30),
        "{:?}",
        pixel_at(&picture, 20, 3)
    );
    let too_tight = Limits {
        max_alloc: file_bytes + 100,
        ..Limits::default()
    };
    assert_eq!(error_code(decode(&path, &too_tight)), "image-too-large");
}

/// Decodes images that are three groups high, lossless and lossy, in one piece and in bands of one
/// group.
#[test]
fn decodes_jpeg_xl_in_bands_within_a_tight_limit() {
    let dir = TempDir::new().unwrap();
    for (name, tolerance) in [("three-groups.jxl", 0), ("three-groups-lossy.jxl", 1)] {
        let path = fixture(&dir, name);
        let picture = decode_as(&path, "image/jxl");
        assert_eq!((picture.width(), picture.height()), (300, 700));
        let tight = Limits {
            max_alloc: 6_000_000,
            ..Limits::default()
        };
        let banded = decode(&path, &tight).unwrap();
        assert_eq!((banded.width(), banded.height()), (300, 700));
        let errors = std::iter::zip(&picture.pixels, &banded.pixels).map(|(a, b)| a.abs_diff(*b));
        assert!(errors.max() <= Some(tolerance), "{name}");
        let too_tight = Limits {
            max_alloc: 100_000,
            ..Limits::default()
        };
        assert_eq!(
            error_code(decode(&path, &too_tight)),
            "image-too-large",
            "{name}"
        );
    }
}

#[test]
fn reports_truncated_jpeg_xl_and_jpeg_2000() {
    let dir = TempDir::new().unwrap();
    for name in [
        "lossless.jxl",
        "lossy.jxl",
        "lossless.jp2",
        "tiled.jp2",
        "codestream.j2k",
    ] {
        let intact = std::fs::read(fixture(&dir, name)).unwrap();
        for length in [intact.len() / 2, intact.len() - 4] {
            let truncated = write_file(&dir, name, &intact[..length]);
            let actual = error_code(check(&truncated, 0, &Limits::default()));
            assert_eq!(actual, "image-truncated", "{name}, {length} bytes");
        }
    }
}

/// Decodes deterministic mutations of all fixtures. Each file must yield an image or an error, and
/// never a panic. The fuzz targets test further mutations.
#[test]
fn mutated_fixtures_never_panic() {
    const ROUNDS: u32 = 40;
    let dir = TempDir::new().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut names: Vec<_> = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    names.sort();
    assert!(names.len() > 50, "{names:?}");
    let limits = Limits {
        max_pixels: 1_000_000,
        max_alloc: 200_000_000,
        ..Limits::default()
    };
    let mut state: u64 = 1;
    let mut random_below = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % n
    };
    for name in names {
        let intact = std::fs::read(fixture(&dir, &name)).unwrap();
        for _ in 0..ROUNDS {
            let mut bytes = intact.clone();
            for _ in 0..=random_below(3) {
                // The header is the most sensitive part of a file.
                let end = [bytes.len(), bytes.len().min(200)][random_below(2)];
                let index = random_below(end);
                bytes[index] =
                    [0, 0xff, 0x7f, bytes[index] ^ 1, random_below(256) as u8][random_below(5)];
            }
            let path = write_file(&dir, &name, &bytes);
            if let Err(error) = decode(&path, &limits) {
                assert!(!error.code().is_empty());
            }
            let _ = probe_file(&path);
            let _ = read_embedded(&path);
        }
    }
}

#[test]
fn rejects_jpeg_2000_with_excessive_code_blocks() {
    let dir = TempDir::new().unwrap();
    let mut bytes = std::fs::read(fixture(&dir, "codestream.j2k")).unwrap();
    // The file declares 20,000 × 20,000 pixels in a single tile, with code blocks of 4 × 4.
    let side = 20_000_u32.to_be_bytes();
    for at in [8, 12, 24, 28] {
        bytes[at..at + 4].copy_from_slice(&side);
    }
    let cod = bytes.windows(2).position(|w| w == [0xff, 0x52]).unwrap();
    bytes[cod + 10..cod + 12].copy_from_slice(&[0, 0]);
    let path = write_file(&dir, "blocks.j2k", &bytes);
    assert_eq!(probe_file(&path).unwrap().width, Some(20_000));
    let actual = error_code(check(&path, 0, &Limits::default()));
    assert_eq!(actual, "image-too-large");
}

fn svg(dir: &TempDir, name: &str, content: &str) -> PathBuf {
    let document = format!(
        "<?xml version=\"1.0\"?>\n<!-- a drawing -->\n<!DOCTYPE svg [<!ENTITY red \"#dc1e14\">]>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"0 0 48 32\" width=\"48\" height=\"32\">{content}</svg>"
    );
    write_file(dir, name, document.as_bytes())
}

/// A PNG with a single red pixel, encoded in Base64.
const RED_PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGO4IycCAALoAQ/G7AmPAAAAAElFTkSuQmCC";

const DRAWING: &str = "<rect x='16' width='32' height='16' fill='&red;'/>\
    <rect y='16' width='48' height='16' fill='#1428c8'/>";

#[test]
fn renders_svg_on_white_at_a_width_of_2400_pixels() {
    let dir = TempDir::new().unwrap();
    let path = svg(&dir, "drawing.svg", DRAWING);
    let picture = decode_as(&path, "image/svg+xml");
    assert_eq!((picture.width(), picture.height()), (2400, 1600));
    for (x, y, colour) in [(200, 200, WHITE), (2000, 200, RED), (200, 1300, BLUE)] {
        assert_eq!(pixel_at(&picture, x, y), colour, "{x},{y}");
    }
    let again = decode(&path, &Limits::default()).unwrap();
    assert!(again.pixels == picture.pixels, "deterministic");
    // The embedded image in the data URL is a single red pixel.
    let inner = |data: &str| {
        let image = format!(
            "<image width='48' height='32' preserveAspectRatio='none' href='data:image/png;base64,{data}'/>"
        );
        svg(&dir, "inner.svg", &image)
    };
    let picture = decode_as(&inner(RED_PIXEL), "image/svg+xml");
    assert!(is_near(pixel_at(&picture, 1200, 800), RED, 2));
    let damaged = probe_file(&inner(&RED_PIXEL.replace("AAAA", "AAAB"))).unwrap();
    assert_eq!(damaged.not_rendered, Some(NotRendered::SvgReference));
}

#[test]
fn does_not_render_svg_with_text_or_external_references() {
    let dir = TempDir::new().unwrap();
    for (content, reason) in [
        ("<text x='1' y='9'>خزانة</text>", NotRendered::SvgText),
        (
            "<image width='9' height='9' xlink:href='/etc/passwd'/>",
            NotRendered::SvgReference,
        ),
        (
            "<image width='9' height='9' href='https://example.org/a.png'/>",
            NotRendered::SvgReference,
        ),
        ("<use xlink:href='other.svg#a'/>", NotRendered::SvgReference),
        (
            "<foreignObject width='9' height='9'><p xmlns='http://www.w3.org/1999/xhtml'>a</p></foreignObject>",
            NotRendered::SvgReference,
        ),
        // An embedded SVG may have external references.
        (
            "<image width='9' height='9' href='data:image/svg+xml;base64,PHN2Zy8+'/>",
            NotRendered::SvgReference,
        ),
    ] {
        let path = svg(&dir, "drawing.svg", &format!("{DRAWING}{content}"));
        let info = probe_file(&path).unwrap();
        assert_eq!(info.not_rendered, Some(reason), "{content}");
        assert_eq!((info.width, info.height), (None, None));
        assert_eq!(
            error_code(decode(&path, &Limits::default())),
            "image-not-rendered"
        );
    }
    // An empty text element needs no font.
    decode_as(&svg(&dir, "empty.svg", "<text> </text>"), "image/svg+xml");
}

#[test]
fn rejects_svg_that_exhausts_memory_or_time() {
    let dir = TempDir::new().unwrap();
    let deep = format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000));
    let layers = format!(
        "{}<rect width='48' height='32'/>{}",
        "<g opacity='.9' style='isolation:isolate'><rect width='48' height='32'/>".repeat(200),
        "</g>".repeat(200)
    );
    let mut nested_uses = String::from("<g id='a0'><rect width='1' height='1'/></g>");
    for level in 1..12 {
        let use_below = format!("<use xlink:href='#a{}'/>", level - 1).repeat(10);
        nested_uses.push_str(&format!("<g id='a{level}'>{use_below}</g>"));
    }
    let markers = format!(
        "<marker id='m' markerWidth='4' markerHeight='4'><path d='M0 0L4 2L0 4z'/></marker>\
         <path d='M{}' stroke='black' marker-mid='url(#m)'/>",
        "0 0 9 9 ".repeat(150_000)
    );
    for (name, content, codes) in [
        ("markers", markers, ["image-unsupported"; 2]),
        ("deep", deep, ["image-undecodable", "image-unsupported"]),
        ("layers", layers, ["image-too-large"; 2]),
        ("nested_uses", nested_uses, ["image-undecodable"; 2]),
    ] {
        let started = std::time::Instant::now();
        let path = svg(&dir, "hostile.svg", &content);
        let actual = error_code(decode(&path, &Limits::default()));
        assert!(codes.contains(&actual), "{name}: {actual}");
        assert!(started.elapsed().as_secs() < 10, "{name}");
    }
    // The entities are nested or external.
    for (name, doctype) in [
        (
            "entities",
            "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">",
        ),
        ("file", "<!ENTITY b SYSTEM \"file:///etc/passwd\">"),
    ] {
        let document = format!(
            "<!DOCTYPE svg [{doctype}]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><desc>{}</desc></svg>",
            "&b;".repeat(3)
        );
        let path = write_file(&dir, "entity.svg", document.as_bytes());
        match (name, decode(&path, &Limits::default())) {
            ("entities", Ok(_)) => {}
            ("file", Err(error)) => assert_eq!(error.code(), "image-undecodable"),
            (_, other) => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn recognises_svg_by_its_root_element() {
    let dir = TempDir::new().unwrap();
    let page = write_file(&dir, "page.html", b"<!DOCTYPE html><p><svg></svg></p>");
    assert_eq!(probe_file(&page).unwrap().kind, Kind::Text);
    let prefixed = b"<s:svg xmlns:s='http://www.w3.org/2000/svg' viewBox='0 0 3 2'/>";
    decode_as(&write_file(&dir, "prefixed.svg", prefixed), "image/svg+xml");
}

#[test]
fn measures_heic_and_avif_and_decodes_them_if_libheif_is_installed() {
    let dir = TempDir::new().unwrap();
    let has_heif = crate::decode::has_heif();
    let without_meta = b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif";
    for (path, media_type, size) in [
        (fixture(&dir, "scene.heic"), "image/heic", Some((48, 32))),
        (fixture(&dir, "scene.avif"), "image/avif", Some((48, 32))),
        (write_file(&dir, "a.heic", without_meta), "image/avif", None),
    ] {
        let info = probe_file(&path).unwrap();
        assert_eq!(
            (info.media_type.as_str(), info.kind),
            (media_type, Kind::Image)
        );
        assert_eq!(info.width.zip(info.height), size, "{media_type}");
        let reason = match size {
            None => Some(NotRendered::HeifForm),
            Some(_) => (!has_heif).then_some(NotRendered::NoHeif),
        };
        assert_eq!(info.not_rendered, reason, "{media_type}");
        assert_eq!(rendering_obstacle(media_type, true).is_none(), has_heif);
        match decode(&path, &Limits::default()) {
            Ok(picture) => {
                assert!(has_heif && reason.is_none(), "{media_type}");
                assert_scene(media_type, &picture, SCENE, 40);
            }
            Err(error) => {
                // A decoder plugin of libheif may be missing.
                assert_eq!(error.code(), "image-not-rendered", "{media_type}");
                assert!(error.sentence().starts_with("The image is not rendered: "));
            }
        }
    }
    // If the content is not recognised, the extension is reported as wrong.
    let error = probe_file(&write_file(&dir, "b.heic", b"\x01\x02\0")).unwrap_err();
    assert_eq!(error.code(), "image-undecodable");
}

#[test]
fn recognises_camera_raw_formats_without_rendering_them() {
    let dir = TempDir::new().unwrap();
    let dng = tiff_of(&[(256, 3, 1, 1), (257, 3, 1, 1), (0xc612, 1, 4, 1)], &[0]);
    let nef = tiff_of(&[(256, 3, 1, 1), (257, 3, 1, 1)], &[0]);
    for (path, media_type, reason) in [
        (
            write_file(&dir, "a.tif", &dng),
            "image/x-adobe-dng",
            NotRendered::CameraRaw,
        ),
        (
            write_file(&dir, "a.NEF", &nef),
            "image/x-nikon-nef",
            NotRendered::CameraRaw,
        ),
        (
            write_file(&dir, "a.cr2", b"II*\0\x10\0\0\0CR\x02\0"),
            "image/x-canon-cr2",
            NotRendered::CameraRaw,
        ),
        (
            write_file(&dir, "a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\x01"),
            "image/x-canon-cr3",
            NotRendered::CameraRaw,
        ),
        (
            write_file(&dir, "a.raf", b"FUJIFILMCCD-RAW 0201"),
            "image/x-fuji-raf",
            NotRendered::CameraRaw,
        ),
        (
            write_file(&dir, "a.psd", b"8BPS\0\x01"),
            "image/vnd.adobe.photoshop",
            NotRendered::Format,
        ),
        (
            write_file(&dir, "a.ico", b"\0\0\x01\0\x01\0"),
            "image/vnd.microsoft.icon",
            NotRendered::Format,
        ),
    ] {
        let info = probe_file(&path).unwrap();
        assert_eq!(info.media_type, media_type);
        assert_eq!((info.kind, info.width), (Kind::Image, None));
        assert_eq!(info.not_rendered, Some(reason), "{media_type}");
        let error = decode(&path, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "image-not-rendered", "{media_type}");
        assert_eq!(error.hint(), reason.hint());
        assert!(error.sentence().starts_with("The image is not rendered: "));
    }
}

const BLACK: [u8; 3] = [0; 3];

#[test]
fn decodes_all_supported_tiff_variants() {
    let dir = TempDir::new().unwrap();
    let bilevel = [WHITE, BLACK, WHITE];
    let cmyk = [WHITE, [255, 0, 0], [0, 0, 255]];
    for (name, colours, tolerance) in [
        ("ccitt-huffman.tif", bilevel, 0),
        ("ccitt-group3.tif", bilevel, 0),
        ("ccitt-group3-2d.tif", bilevel, 0),
        ("ccitt-group4.tif", bilevel, 0),
        ("ccitt-group4-reversed.tif", bilevel, 0),
        ("jpeg-rgb.tif", SCENE, 12),
        ("jpeg-ycbcr.tif", SCENE, 12),
        ("tiled.tif", SCENE, 0),
        ("tiled-jpeg.tif", SCENE, 12),
        ("planar.tif", SCENE, 0),
        ("planar-tiled.tif", SCENE, 0),
        ("palette-4.tif", SCENE, 0),
        ("palette-8.tif", SCENE, 0),
        ("grey-16.tif", GREYS, 0),
        ("grey-alpha.tif", [WHITE, [180; 3], [212; 3]], 0),
        ("grey-extra-16.tif", GREYS, 0),
        ("rgb-extra.tif", SCENE, 0),
        ("rgb-premultiplied.tif", PALE, 2),
        ("cmyk.tif", cmyk, 0),
        ("cmyk-extra.tif", cmyk, 0),
        ("cielab.tif", SCENE, 8),
        ("cielab-16.tif", SCENE, 8),
        ("icclab.tif", SCENE, 8),
        ("bigtiff.tif", SCENE, 0),
    ] {
        let picture = decode_as(&fixture(&dir, name), "image/tiff");
        assert_scene(name, &picture, colours, tolerance);
    }
}

#[test]
fn counts_and_decodes_all_pages_of_a_tiff() {
    let dir = TempDir::new().unwrap();
    let limits = Limits::default();
    let path = fixture(&dir, "pages.tif");
    let picture = decode(&path, &limits).unwrap();
    assert_scene("pages.tif", &picture, SCENE, 0);
    // The fourth directory is a thumbnail.
    let info = probe_file(&path).unwrap();
    assert_eq!((info.pages, info.notes), (Some(3), vec![]));

    // The file starts with a thumbnail, and has a mask between its pages and a rotated page.
    let path = fixture(&dir, "mixed-pages.tif");
    let info = probe_file(&path).unwrap();
    assert_eq!((info.pages, info.notes), (Some(3), vec![]));
    assert_eq!((info.width, info.height), (Some(36), Some(24)));
    let pages = [
        (36, 24, [200, 40, 40]),
        (30, 20, [128; 3]),
        (10, 10, [20, 60, 200]),
    ];
    for (page, (width, height, colour)) in (0..).zip(pages) {
        assert_eq!(size(&path, page, &limits).unwrap(), (width, height));
        check(&path, page, &limits).unwrap();
        let ignore = |_, _: &[u8]| Ok::<_, MediaError>(());
        let derivatives = derive(&path, page, &limits, &[64], 512, ignore).unwrap();
        assert_eq!((derivatives.width, derivatives.height), (width, height));
        assert!(
            is_near(derivatives.dominant, colour, 1),
            "{page}: {:?}",
            derivatives.dominant
        );
    }
    for page in [3, u32::MAX] {
        let actual = error_code(check(&path, page, &limits));
        assert_eq!(actual, "image-undecodable", "{page}");
    }
}

#[test]
fn reports_a_broken_chain_of_pages() {
    let dir = TempDir::new().unwrap();
    let mut bytes = std::fs::read(fixture(&dir, "pages.tif")).unwrap();
    // The link to the third directory follows the entries of the second one.
    let at = 288 + 2 + 12 * usize::from(bytes[288]);
    bytes[at..at + 4].copy_from_slice(&[8, 0, 0, 0]);
    let info = probe_file(&write_file(&dir, "cycle.tif", &bytes)).unwrap();
    assert_eq!(info.pages, Some(2));
    assert_eq!(info.notes, [RenderingNote::PageChainBroken { pages: 2 }]);
    // The first directory links to itself.
    let mut bytes = std::fs::read(fixture(&dir, "pages.tif")).unwrap();
    let first = usize::from(bytes[4]);
    let at = first + 2 + 12 * usize::from(bytes[first]);
    bytes.copy_within(4..8, at);
    let path = write_file(&dir, "loop.tif", &bytes);
    let info = probe_file(&path).unwrap();
    assert_eq!(info.notes, [RenderingNote::PageChainBroken { pages: 1 }]);
    check(&path, 0, &Limits::default()).unwrap();
}

#[test]
fn rendering_notes_have_codes_sentences_and_hints() {
    for (note, code, fragment) in [
        (
            RenderingNote::PagesOmitted { shown: 5_000 },
            "pages-too-many",
            "more than 5000 pages",
        ),
        (
            RenderingNote::PageChainBroken { pages: 2 },
            "pages-broken-off",
            "from page 2",
        ),
        (
            RenderingNote::Downscaled {
                width: 2,
                height: 1,
            },
            "image-reduced",
            "2 × 1",
        ),
    ] {
        assert_eq!(note.code(), code);
        assert!(note.sentence().contains(fragment), "{}", note.sentence());
        assert!(note.hint().ends_with('.'));
    }
}

#[test]
fn rejects_unsupported_tiff_variants_with_the_reason() {
    let dir = TempDir::new().unwrap();
    for (name, reason) in [
        ("float.tif", "float"),
        ("signed.tif", "signed"),
        ("old-jpeg.tif", "JPEG"),
    ] {
        let error = decode(&fixture(&dir, name), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "image-unsupported", "{name}: {error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn reports_damaged_ccitt_data_and_truncated_tiles() {
    let dir = TempDir::new().unwrap();
    for name in [
        "ccitt-group3.tif",
        "ccitt-group3-2d.tif",
        "ccitt-huffman.tif",
        "ccitt-group4-reversed.tif",
    ] {
        let intact = std::fs::read(fixture(&dir, name)).unwrap();
        for index in 8..intact.len() {
            let mut bytes = intact.clone();
            bytes[index] ^= 0x55;
            let path = write_file(&dir, name, &bytes);
            if let Err(error) = decode(&path, &Limits::default()) {
                assert_ne!(error.code(), "image-codec-panic", "{name} at {index}");
            }
        }
    }
    let intact = std::fs::read(fixture(&dir, "planar-tiled.tif")).unwrap();
    let truncated = write_file(&dir, "planar-tiled.tif", &intact[..intact.len() - 40]);
    assert_eq!(
        error_code(check(&truncated, 0, &Limits::default())),
        "image-truncated"
    );
}

#[test]
fn decodes_palette_and_interlaced_png_lossy_webp_and_animated_gif() {
    let dir = TempDir::new().unwrap();
    for (name, media_type, tolerance) in [
        ("palette.png", "image/png", 2),
        ("interlaced.png", "image/png", 0),
        ("lossy.webp", "image/webp", 16),
        ("animated.gif", "image/gif", 4),
    ] {
        let picture = decode_as(&fixture(&dir, name), media_type);
        assert_scene(name, &picture, SCENE, tolerance);
    }
}
