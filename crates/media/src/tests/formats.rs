//! Every format and form of which a picture is made, and those of which none is.

use super::*;

/// A fixture by its name, in a folder of its own.
pub(super) fn fixture(dir: &TempDir, name: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    file(dir, name, &std::fs::read(own).unwrap())
}

/// The picture, and that its header says what it is.
fn shown(path: &Path, media_type: &str) -> Picture {
    let found = facts(path).unwrap();
    assert_eq!(found.media_type, media_type, "{}", path.display());
    assert_eq!((found.not_rendered, found.notes), (None, Vec::new()));
    let picture = decode(path, &Limits::default()).unwrap();
    let size = (Some(picture.width), Some(picture.height));
    assert_eq!((found.width, found.height), size, "{}", path.display());
    check(path, 0, &Limits::default()).unwrap();
    picture
}

fn is_scene(name: &str, picture: &Picture, colours: [[u8; 3]; 3], within: u8) {
    assert_eq!((picture.width(), picture.height()), (48, 32), "{name}");
    for ((x, y), colour) in [(4, 4), (40, 4), (4, 26)].into_iter().zip(colours) {
        let got = at(picture, x, y);
        assert!(near(got, colour, within), "{name} at {x},{y}: {got:?}");
    }
}

const WHITE: [u8; 3] = [255; 3];
const SCENE: [[u8; 3]; 3] = [WHITE, RED, BLUE];
const GREYS: [[u8; 3]; 3] = [WHITE, [180; 3], [40; 3]];
/// Blue that lets four fifths of the white through.
const PALE: [[u8; 3]; 3] = [WHITE, RED, [208, 212, 244]];

#[test]
fn jpeg_xl_lossless_and_lossy_in_grey_colour_and_with_transparency() {
    let dir = TempDir::new().unwrap();
    for (name, colours, within) in [
        ("lossless.jxl", SCENE, 0),
        ("lossy.jxl", SCENE, 12),
        ("grey.jxl", GREYS, 0),
        ("alpha.jxl", PALE, 1),
    ] {
        let picture = shown(&fixture(&dir, name), "image/jxl");
        is_scene(name, &picture, colours, within);
    }
}

#[test]
fn jpeg_2000_lossless_lossy_tiled_bare_grey_of_16_bits_and_with_transparency() {
    let dir = TempDir::new().unwrap();
    for (name, colours, within) in [
        ("lossless.jp2", SCENE, 0),
        ("lossy.jp2", SCENE, 40),
        ("tiled.jp2", SCENE, 0),
        ("grey.jp2", GREYS, 0),
        ("grey-16.jp2", GREYS, 1),
        ("alpha.jp2", PALE, 1),
    ] {
        let picture = shown(&fixture(&dir, name), "image/jp2");
        is_scene(name, &picture, colours, within);
    }
    let picture = shown(&fixture(&dir, "bare.j2k"), "image/j2c");
    is_scene("bare.j2k", &picture, SCENE, 0);
}

#[test]
fn a_jpeg_2000_that_takes_too_much_memory_is_shown_at_half_its_size() {
    let dir = TempDir::new().unwrap();
    let path = fixture(&dir, "lossless.jp2");
    let whole = std::fs::metadata(&path).unwrap().len();
    let tight = Limits {
        max_alloc: whole + 30_000,
        ..Limits::default()
    };
    let picture = decode(&path, &tight).unwrap();
    assert_eq!((picture.width(), picture.height()), (24, 16));
    assert!(
        near(at(&picture, 20, 3), RED, 30),
        "{:?}",
        at(&picture, 20, 3)
    );
    let nothing = Limits {
        max_alloc: whole + 100,
        ..Limits::default()
    };
    assert_eq!(code(decode(&path, &nothing)), "image-too-large");
}

/// Three groups high, lossless and lossy: as a whole, and in bands of a group.
#[test]
fn a_large_jpeg_xl_comes_in_bands_that_are_the_picture() {
    let dir = TempDir::new().unwrap();
    for (name, within) in [("high.jxl", 0), ("high-lossy.jxl", 1)] {
        let path = fixture(&dir, name);
        let picture = shown(&path, "image/jxl");
        assert_eq!((picture.width(), picture.height()), (300, 700));
        let tight = Limits {
            max_alloc: 6_000_000,
            ..Limits::default()
        };
        let banded = decode(&path, &tight).unwrap();
        assert_eq!((banded.width(), banded.height()), (300, 700));
        let off = std::iter::zip(&picture.pixels, &banded.pixels).map(|(a, b)| a.abs_diff(*b));
        assert!(off.max() <= Some(within), "{name}");
        let nothing = Limits {
            max_alloc: 100_000,
            ..Limits::default()
        };
        assert_eq!(code(decode(&path, &nothing)), "image-too-large", "{name}");
    }
}

#[test]
fn jpeg_xl_and_jpeg_2000_that_are_cut_short_say_so() {
    let dir = TempDir::new().unwrap();
    for name in [
        "lossless.jxl",
        "lossy.jxl",
        "lossless.jp2",
        "tiled.jp2",
        "bare.j2k",
    ] {
        let whole = std::fs::read(fixture(&dir, name)).unwrap();
        for cut in [whole.len() / 2, whole.len() - 4] {
            let short = file(&dir, name, &whole[..cut]);
            let got = code(check(&short, 0, &Limits::default()));
            assert_eq!(got, "image-truncated", "{name} up to {cut}");
        }
    }
}

/// Files with some bytes changed, the same each time: an error or a picture, and never a panic that
/// leaves this crate. (The fuzz targets go on from here.)
#[test]
fn a_file_with_wrong_bytes_ends_in_an_error_or_a_picture() {
    const ROUNDS: u32 = 40;
    let dir = TempDir::new().unwrap();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut names: Vec<_> = std::fs::read_dir(own)
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
    let mut chance: u64 = 1;
    let mut below = |n: usize| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (chance >> 33) as usize % n
    };
    for name in names {
        let whole = std::fs::read(fixture(&dir, &name)).unwrap();
        for _ in 0..ROUNDS {
            let mut bytes = whole.clone();
            for _ in 0..=below(3) {
                // Headers are where it is worst.
                let end = [bytes.len(), bytes.len().min(200)][below(2)];
                let place = below(end);
                bytes[place] = [0, 0xff, 0x7f, bytes[place] ^ 1, below(256) as u8][below(5)];
            }
            let path = file(&dir, &name, &bytes);
            if let Err(error) = decode(&path, &limits) {
                assert!(!error.code().is_empty());
            }
            let _ = facts(&path);
            let _ = embedded(&path);
        }
    }
}

#[test]
fn a_jpeg_2000_of_tiny_blocks_is_refused_before_they_are_described() {
    let dir = TempDir::new().unwrap();
    let mut bytes = std::fs::read(fixture(&dir, "bare.j2k")).unwrap();
    // 20,000 × 20,000 pixels in tiles of the same size, in code blocks of 4 × 4.
    let side = 20_000_u32.to_be_bytes();
    for at in [8, 12, 24, 28] {
        bytes[at..at + 4].copy_from_slice(&side);
    }
    let cod = bytes.windows(2).position(|w| w == [0xff, 0x52]).unwrap();
    bytes[cod + 10..cod + 12].copy_from_slice(&[0, 0]);
    let path = file(&dir, "blocks.j2k", &bytes);
    assert_eq!(facts(&path).unwrap().width, Some(20_000));
    let got = code(check(&path, 0, &Limits::default()));
    assert_eq!(got, "image-too-large");
}

fn svg(dir: &TempDir, name: &str, inside: &str) -> PathBuf {
    let whole = format!(
        "<?xml version=\"1.0\"?>\n<!-- a drawing -->\n<!DOCTYPE svg [<!ENTITY red \"#dc1e14\">]>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"0 0 48 32\" width=\"48\" height=\"32\">{inside}</svg>"
    );
    file(dir, name, whole.as_bytes())
}

/// A PNG of one red pixel.
const RED_PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGO4IycCAALoAQ/G7AmPAAAAAElFTkSuQmCC";

const DRAWING: &str = "<rect x='16' width='32' height='16' fill='&red;'/>\
    <rect y='16' width='48' height='16' fill='#1428c8'/>";

#[test]
fn svg_is_drawn_on_white_2400_pixels_wide() {
    let dir = TempDir::new().unwrap();
    let path = svg(&dir, "drawing.svg", DRAWING);
    let picture = shown(&path, "image/svg+xml");
    assert_eq!((picture.width(), picture.height()), (2400, 1600));
    for (x, y, colour) in [(200, 200, WHITE), (2000, 200, RED), (200, 1300, BLUE)] {
        assert_eq!(at(&picture, x, y), colour, "{x},{y}");
    }
    let again = decode(&path, &Limits::default()).unwrap();
    assert!(again.pixels == picture.pixels, "the same each time");
    // A picture within it, as a text: one pixel of red.
    let inner = |data: &str| {
        let image = format!(
            "<image width='48' height='32' preserveAspectRatio='none' href='data:image/png;base64,{data}'/>"
        );
        svg(&dir, "inner.svg", &image)
    };
    let picture = shown(&inner(RED_PIXEL), "image/svg+xml");
    assert!(near(at(&picture, 1200, 800), RED, 2));
    let damaged = facts(&inner(&RED_PIXEL.replace("AAAA", "AAAB"))).unwrap();
    assert_eq!(damaged.not_rendered, Some(NotRendered::SvgReference));
}

#[test]
fn svg_that_is_not_whole_in_itself_is_kept_and_not_drawn() {
    let dir = TempDir::new().unwrap();
    for (inside, why) in [
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
        // A drawing within the drawing may refer to others in its turn.
        (
            "<image width='9' height='9' href='data:image/svg+xml;base64,PHN2Zy8+'/>",
            NotRendered::SvgReference,
        ),
    ] {
        let path = svg(&dir, "kept.svg", &format!("{DRAWING}{inside}"));
        let found = facts(&path).unwrap();
        assert_eq!(found.not_rendered, Some(why), "{inside}");
        assert_eq!((found.width, found.height), (None, None));
        assert_eq!(
            code(decode(&path, &Limits::default())),
            "image-not-rendered"
        );
    }
    // An element for text that has none is nothing to be missed.
    shown(&svg(&dir, "empty.svg", "<text> </text>"), "image/svg+xml");
}

#[test]
fn svg_made_to_take_all_memory_or_for_ever_is_refused() {
    let dir = TempDir::new().unwrap();
    let deep = format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000));
    let layers = format!(
        "{}<rect width='48' height='32'/>{}",
        "<g opacity='.9' style='isolation:isolate'><rect width='48' height='32'/>".repeat(200),
        "</g>".repeat(200)
    );
    let mut laughs = String::from("<g id='a0'><rect width='1' height='1'/></g>");
    for level in 1..12 {
        let use_below = format!("<use xlink:href='#a{}'/>", level - 1).repeat(10);
        laughs.push_str(&format!("<g id='a{level}'>{use_below}</g>"));
    }
    let markers = format!(
        "<marker id='m' markerWidth='4' markerHeight='4'><path d='M0 0L4 2L0 4z'/></marker>\
         <path d='M{}' stroke='black' marker-mid='url(#m)'/>",
        "0 0 9 9 ".repeat(150_000)
    );
    for (name, inside, codes) in [
        ("markers", markers, ["image-unsupported"; 2]),
        ("deep", deep, ["image-undecodable", "image-unsupported"]),
        ("layers", layers, ["image-too-large"; 2]),
        ("laughs", laughs, ["image-undecodable"; 2]),
    ] {
        let began = std::time::Instant::now();
        let path = svg(&dir, "hostile.svg", &inside);
        let got = code(decode(&path, &Limits::default()));
        assert!(codes.contains(&got), "{name}: {got}");
        assert!(began.elapsed().as_secs() < 10, "{name}");
    }
    // Entities within entities, and files by entity.
    for (name, doctype) in [
        (
            "entities",
            "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">",
        ),
        ("file", "<!ENTITY b SYSTEM \"file:///etc/passwd\">"),
    ] {
        let whole = format!(
            "<!DOCTYPE svg [{doctype}]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><desc>{}</desc></svg>",
            "&b;".repeat(3)
        );
        let path = file(&dir, "entity.svg", whole.as_bytes());
        match (name, decode(&path, &Limits::default())) {
            ("entities", Ok(_)) => {}
            ("file", Err(error)) => assert_eq!(error.code(), "image-undecodable"),
            (_, other) => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_page_with_a_drawing_in_it_is_no_drawing() {
    let dir = TempDir::new().unwrap();
    let page = file(&dir, "page.html", b"<!DOCTYPE html><p><svg></svg></p>");
    assert_eq!(facts(&page).unwrap().kind, Kind::Text);
    let prefixed = b"<s:svg xmlns:s='http://www.w3.org/2000/svg' viewBox='0 0 3 2'/>";
    shown(&file(&dir, "prefixed.svg", prefixed), "image/svg+xml");
}

#[test]
fn heic_and_avif_are_measured_and_shown_where_the_machine_can() {
    let dir = TempDir::new().unwrap();
    let here = crate::decode::has_heif();
    let many = b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif";
    for (path, media_type, size) in [
        (fixture(&dir, "kept.heic"), "image/heic", Some((48, 32))),
        (fixture(&dir, "kept.avif"), "image/avif", Some((48, 32))),
        (file(&dir, "a.heic", many), "image/avif", None),
    ] {
        let found = facts(&path).unwrap();
        assert_eq!(
            (found.media_type.as_str(), found.kind),
            (media_type, Kind::Image)
        );
        assert_eq!(found.width.zip(found.height), size, "{media_type}");
        let why = match size {
            None => Some(NotRendered::HeifForm),
            Some(_) => (!here).then_some(NotRendered::NoHeif),
        };
        assert_eq!(found.not_rendered, why, "{media_type}");
        assert_eq!(unrendered(media_type, true).is_none(), here);
        match decode(&path, &Limits::default()) {
            Ok(picture) => {
                assert!(here && why.is_none(), "{media_type}");
                is_scene(media_type, &picture, SCENE, 40);
            }
            Err(error) => {
                // The program may lack a decoder.
                assert_eq!(error.code(), "image-not-rendered", "{media_type}");
                assert!(error.sentence().starts_with("No picture is made of it: "));
            }
        }
    }
    // One whose content is something else has its name to blame.
    let error = facts(&file(&dir, "b.heic", b"\x01\x02\0")).unwrap_err();
    assert_eq!(error.code(), "image-undecodable");
}

#[test]
fn the_raw_data_of_cameras_are_recognised_and_kept() {
    let dir = TempDir::new().unwrap();
    let dng = tiff_of(&[(256, 3, 1, 1), (257, 3, 1, 1), (0xc612, 1, 4, 1)], &[0]);
    let nef = tiff_of(&[(256, 3, 1, 1), (257, 3, 1, 1)], &[0]);
    for (path, media_type, why) in [
        (
            file(&dir, "a.tif", &dng),
            "image/x-adobe-dng",
            NotRendered::CameraRaw,
        ),
        (
            file(&dir, "a.NEF", &nef),
            "image/x-nikon-nef",
            NotRendered::CameraRaw,
        ),
        (
            file(&dir, "a.cr2", b"II*\0\x10\0\0\0CR\x02\0"),
            "image/x-canon-cr2",
            NotRendered::CameraRaw,
        ),
        (
            file(&dir, "a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\x01"),
            "image/x-canon-cr3",
            NotRendered::CameraRaw,
        ),
        (
            file(&dir, "a.raf", b"FUJIFILMCCD-RAW 0201"),
            "image/x-fuji-raf",
            NotRendered::CameraRaw,
        ),
        (
            file(&dir, "a.psd", b"8BPS\0\x01"),
            "image/vnd.adobe.photoshop",
            NotRendered::Format,
        ),
        (
            file(&dir, "a.ico", b"\0\0\x01\0\x01\0"),
            "image/vnd.microsoft.icon",
            NotRendered::Format,
        ),
    ] {
        let found = facts(&path).unwrap();
        assert_eq!(found.media_type, media_type);
        assert_eq!((found.kind, found.width), (Kind::Image, None));
        assert_eq!(found.not_rendered, Some(why), "{media_type}");
        let error = decode(&path, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "image-not-rendered", "{media_type}");
        assert_eq!(error.hint(), why.hint());
        assert!(error.sentence().starts_with("No picture is made of it: "));
    }
}

const BLACK: [u8; 3] = [0; 3];

#[test]
fn tiff_in_every_form_that_scanners_and_editors_write() {
    let dir = TempDir::new().unwrap();
    let two = [WHITE, BLACK, WHITE];
    let inks = [WHITE, [255, 0, 0], [0, 0, 255]];
    for (name, colours, within) in [
        ("ccitt-runs.tif", two, 0),
        ("ccitt-group3.tif", two, 0),
        ("ccitt-group3-2d.tif", two, 0),
        ("ccitt-group4.tif", two, 0),
        ("ccitt-group4-reversed.tif", two, 0),
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
        ("rgb-alpha-multiplied.tif", PALE, 2),
        ("cmyk.tif", inks, 0),
        ("cmyk-extra.tif", inks, 0),
        ("cielab.tif", SCENE, 8),
        ("cielab-16.tif", SCENE, 8),
        ("icclab.tif", SCENE, 8),
        ("big.tif", SCENE, 0),
    ] {
        let picture = shown(&fixture(&dir, name), "image/tiff");
        is_scene(name, &picture, colours, within);
    }
}

#[test]
fn a_tiff_of_pages_has_them_counted_and_each_can_be_shown() {
    let dir = TempDir::new().unwrap();
    let limits = Limits::default();
    let path = fixture(&dir, "pages.tif");
    let picture = decode(&path, &limits).unwrap();
    is_scene("pages.tif", &picture, SCENE, 0);
    // The fourth is a thumbnail.
    let found = facts(&path).unwrap();
    assert_eq!((found.pages, found.notes), (Some(3), vec![]));

    // A thumbnail comes first, and a mask between the pages, of which one lies on its side.
    let path = fixture(&dir, "book.tif");
    let found = facts(&path).unwrap();
    assert_eq!((found.pages, found.notes), (Some(3), vec![]));
    assert_eq!((found.width, found.height), (Some(36), Some(24)));
    let pages = [
        (36, 24, [200, 40, 40]),
        (30, 20, [128; 3]),
        (10, 10, [20, 60, 200]),
    ];
    for (page, (width, height, colour)) in (0..).zip(pages) {
        assert_eq!(size(&path, page, &limits).unwrap(), (width, height));
        check(&path, page, &limits).unwrap();
        let none = |_, _: &[u8]| Ok::<_, MediaError>(());
        let made = derive(&path, page, &limits, &[64], 512, none).unwrap();
        assert_eq!((made.width, made.height), (width, height));
        assert!(
            near(made.dominant, colour, 1),
            "{page}: {:?}",
            made.dominant
        );
    }
    for page in [3, u32::MAX] {
        let got = code(check(&path, page, &limits));
        assert_eq!(got, "image-undecodable", "{page}");
    }
}

#[test]
fn a_chain_of_pages_that_breaks_off_is_told() {
    let dir = TempDir::new().unwrap();
    let mut bytes = std::fs::read(fixture(&dir, "pages.tif")).unwrap();
    // Behind the entries of the second directory stands where the third is.
    let at = 288 + 2 + 12 * usize::from(bytes[288]);
    bytes[at..at + 4].copy_from_slice(&[8, 0, 0, 0]);
    let found = facts(&file(&dir, "loop.tif", &bytes)).unwrap();
    assert_eq!(found.pages, Some(2));
    assert_eq!(found.notes, [Note::BrokenOff { pages: 2 }]);
}

#[test]
fn what_is_not_shown_is_said_in_words() {
    for (note, code, part) in [
        (
            Note::FirstPages { shown: 5_000 },
            "pages-too-many",
            "more than 5000 pages",
        ),
        (
            Note::BrokenOff { pages: 2 },
            "pages-broken-off",
            "behind page 2",
        ),
        (
            Note::Reduced {
                width: 2,
                height: 1,
            },
            "image-reduced",
            "2 × 1",
        ),
    ] {
        assert_eq!(note.code(), code);
        assert!(note.sentence().contains(part), "{}", note.sentence());
        assert!(note.hint().ends_with('.'));
    }
}

#[test]
fn tiff_of_forms_that_are_no_picture_is_refused_with_the_reason() {
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
fn tiff_whose_codes_or_strips_are_cut_says_so() {
    let dir = TempDir::new().unwrap();
    for name in [
        "ccitt-group3.tif",
        "ccitt-group3-2d.tif",
        "ccitt-runs.tif",
        "ccitt-group4-reversed.tif",
    ] {
        let whole = std::fs::read(fixture(&dir, name)).unwrap();
        for place in 8..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x55;
            let path = file(&dir, name, &bytes);
            if let Err(error) = decode(&path, &Limits::default()) {
                assert_ne!(error.code(), "image-codec-panic", "{name} at {place}");
            }
        }
    }
    let whole = std::fs::read(fixture(&dir, "planar-tiled.tif")).unwrap();
    let short = file(&dir, "planar-tiled.tif", &whole[..whole.len() - 40]);
    assert_eq!(
        code(check(&short, 0, &Limits::default())),
        "image-truncated"
    );
}

#[test]
fn png_with_a_palette_and_interlaced_webp_with_loss_and_a_moving_gif() {
    let dir = TempDir::new().unwrap();
    for (name, media_type, within) in [
        ("palette.png", "image/png", 2),
        ("interlaced.png", "image/png", 0),
        ("lossy.webp", "image/webp", 16),
        ("moving.gif", "image/gif", 4),
    ] {
        let picture = shown(&fixture(&dir, name), media_type);
        is_scene(name, &picture, SCENE, within);
    }
}
