//! Small pictures written in every format, whole and broken, and read back.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use image::codecs::{bmp, gif, png, webp};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use tempfile::TempDir;

use super::*;
use crate::rendition::scaled;

mod formats;
mod told;

const RED: [u8; 3] = [220, 30, 20];
const BLUE: [u8; 3] = [20, 40, 200];

/// 48 × 32: red above, blue below, so that each way of turning it shows; the
/// left third of the red is white, so that each way of mirroring it shows.
fn scene() -> Vec<u8> {
    let mut pixels = Vec::new();
    for y in 0..32 {
        for x in 0..48 {
            pixels.extend(match (x < 16, y < 16) {
                (true, true) => [255; 3],
                (false, true) => RED,
                _ => BLUE,
            });
        }
    }
    pixels
}

fn file(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn facts(path: &Path) -> Result<Facts, MediaError> {
    let bytes = std::fs::read(path).unwrap();
    probe(path, &bytes[..bytes.len().min(4096)])
}

fn size(path: &Path, page: u32, limits: &Limits) -> Result<(u32, u32), MediaError> {
    ImageFile::open(path)?.size(page, limits)
}

fn decode(path: &Path, limits: &Limits) -> Result<Picture, MediaError> {
    ImageFile::open(path)?.decode(0, limits)
}

fn check(path: &Path, page: u32, limits: &Limits) -> Result<(), MediaError> {
    ImageFile::open(path)?.check(page, limits)
}

fn derive<E: From<MediaError>>(
    path: &Path,
    page: u32,
    limits: &Limits,
    widths: &[u32],
    tile: u32,
    take: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Derivatives, E> {
    ImageFile::open(path)?.derive(page, limits, widths, tile, take)
}

fn at(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let start = (y as usize * picture.width as usize + x as usize) * picture.channels;
    let pixel = &picture.pixels[start..start + picture.channels];
    if picture.channels == 1 {
        [pixel[0]; 3]
    } else {
        [pixel[0], pixel[1], pixel[2]]
    }
}

fn renditions(picture: &Picture, widths: &[u32]) -> Result<Vec<Rendition>, MediaError> {
    scaled(picture.clone(), (picture.width, picture.height), widths)
}

fn near(a: [u8; 3], b: [u8; 3], within: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= within)
}

fn code<T: std::fmt::Debug>(result: Result<T, MediaError>) -> &'static str {
    let error = result.unwrap_err();
    assert!(error.hint().ends_with('.'));
    error.code()
}

/// A segment of EXIF that says how the picture is turned, and no more.
fn exif(orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend(orientation.to_be_bytes());
    exif.extend([0; 6]);
    exif
}

fn jpeg(orientation: Option<u16>, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_progressive(progressive);
    if let Some(value) = orientation {
        encoder.add_app_segment(1, exif(value)).unwrap();
    }
    encoder.encode(&scene(), 48, 32, ColorType::Rgb).unwrap();
    bytes
}

fn png_of(pixels: &[u8], colour: ExtendedColorType, icc: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::PngEncoder::new(&mut bytes);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).unwrap();
    }
    encoder.write_image(pixels, 48, 32, colour).unwrap();
    bytes
}

fn bmp_of_scene() -> Vec<u8> {
    let mut bytes = Vec::new();
    bmp::BmpEncoder::new(&mut bytes)
        .write_image(&scene(), 48, 32, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// A little-endian TIFF with one strip of data: (tag, type, count, value).
fn tiff_of(tags: &[(u16, u16, u32, u32)], data: &[u8]) -> Vec<u8> {
    let offset = 8 + 2 + 12 * (tags.len() as u32 + 2) + 4;
    let mut tags = tags.to_vec();
    tags.push((273, 4, 1, offset));
    tags.push((279, 4, 1, data.len() as u32));
    tags.sort_unstable();
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((tags.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in tags {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
}

/// 16 × 8 in CCITT Group 4: four pixels white, eight black, four white, all the way down.
fn group_4() -> Vec<u8> {
    let mut bits = String::from("001101100010" /* H, white 4, black 8 */);
    bits.push_str("11"); // the last bit of black 8, then the rest of the line
    bits.push_str(&"111".repeat(7));
    bits.push_str("000000000001000000000001");
    while bits.len() % 8 != 0 {
        bits.push('0');
    }
    let data: Vec<u8> = bits
        .as_bytes()
        .chunks(8)
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap())
        .collect();
    let white_is_zero = 0;
    tiff_of(
        &[
            (256, 3, 1, 16),
            (257, 3, 1, 8),
            (258, 3, 1, 1),
            (259, 3, 1, 4),
            (262, 3, 1, white_is_zero),
            (277, 3, 1, 1),
            (278, 3, 1, 8),
        ],
        &data,
    )
}

/// Colours that change slowly, so that no sampling of the chroma changes them much.
fn slope(width: u16, height: u16) -> Vec<u8> {
    let part = |at: u16, of: u16| (u32::from(at) * 200 / u32::from(of)) as u8;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels
        .flat_map(|(x, y)| {
            [
                part(x, width) + 20,
                part(y, height) + 30,
                220 - part(x, width),
            ]
        })
        .collect()
}

/// With tables made for the picture, `jpeg_encoder` writes a scan for each component; so do some
/// cameras and `jpegtran`. A decoder that mistakes the size of their blocks shows green stripes.
#[test]
fn a_jpeg_is_upright_and_true_however_its_colours_are_sampled_and_its_scans_are_laid_out() {
    let dir = TempDir::new().unwrap();
    let mut untrue = Vec::new();
    for sampling in [
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_1_1,
        SamplingFactor::R_4_1_0,
    ] {
        for (width, height) in [(64, 64), (65, 33), (120, 71), (250, 167), (203, 9)] {
            for (own_tables, progressive, restart) in [
                (false, false, 0),
                (false, false, 3),
                (true, false, 0),
                (false, true, 0),
                (true, true, 0),
            ] {
                let mut bytes = Vec::new();
                let mut encoder = Encoder::new(&mut bytes, 95);
                encoder.set_sampling_factor(sampling);
                encoder.set_progressive(progressive);
                encoder.set_optimized_huffman_tables(own_tables);
                if restart > 0 {
                    encoder.set_restart_interval(restart);
                }
                let pixels = slope(width, height);
                encoder
                    .encode(&pixels, width, height, ColorType::Rgb)
                    .unwrap();
                let name = format!(
                    "{sampling:?} {width} × {height}, own tables: {own_tables}, \
                     progressive: {progressive}, restart: {restart}"
                );
                let picture = decode(&file(&dir, "a.jpg", &bytes), &Limits::default()).unwrap();
                assert_eq!(
                    (picture.width, picture.height),
                    (u32::from(width), u32::from(height))
                );
                let off = std::iter::zip(&pixels, &picture.pixels)
                    .map(|(was, is)| was.abs_diff(*is))
                    .max();
                if off.is_none_or(|off| off >= 40) {
                    untrue.push(format!("{name}: {off:?}"));
                }
            }
        }
    }
    assert!(untrue.is_empty(), "{untrue:#?}");
}

#[test]
fn the_inks_of_a_jpeg_become_the_colours_they_print() {
    let dir = TempDir::new().unwrap();
    // Half the cyan, all the yellow, a fifth of the black.
    let inks = [128, 0, 255, 51].repeat(16 * 16);
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        let encoder = Encoder::new(&mut bytes, 95);
        encoder.encode(&inks, 16, 16, colours).unwrap();
        let picture = decode(&file(&dir, "inks.jpg", &bytes), &Limits::default()).unwrap();
        let off = picture.pixels.chunks(3).flat_map(|rgb| {
            std::iter::zip(rgb, [102_u8, 204, 0]).map(|(is, should)| is.abs_diff(should))
        });
        assert!(off.clone().count() == 3 * 256 && off.max() < Some(4));
    }
}

#[test]
fn a_jpeg_of_12_bits_is_refused_with_the_reason() {
    let dir = TempDir::new().unwrap();
    let mut bytes = jpeg(None, false);
    let frame = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    // Extended sequential, 12 bits a sample.
    bytes[frame + 1] = 0xc1;
    bytes[frame + 4] = 12;
    let error = decode(&file(&dir, "a.jpg", &bytes), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "image-unsupported");
    assert!(error.to_string().contains("12"), "{error}");
}

#[test]
fn each_format_comes_out_as_it_went_in() {
    use tiff::encoder::{Compression, TiffEncoder, colortype};
    let dir = TempDir::new().unwrap();
    let rgb = ExtendedColorType::Rgb8;
    let mut files = vec![
        ("base.jpg", jpeg(None, false), "image/jpeg", 40),
        ("progressive.jpg", jpeg(None, true), "image/jpeg", 40),
        ("a.png", png_of(&scene(), rgb, None), "image/png", 0),
    ];
    let mut bytes = Vec::new();
    webp::WebPEncoder::new_lossless(&mut bytes)
        .write_image(&scene(), 48, 32, rgb)
        .unwrap();
    files.push(("a.webp", bytes, "image/webp", 0));
    let mut bytes = Vec::new();
    bmp::BmpEncoder::new(&mut bytes)
        .write_image(&scene(), 48, 32, rgb)
        .unwrap();
    files.push(("a.bmp", bytes, "image/bmp", 0));
    let mut bytes = Vec::new();
    gif::GifEncoder::new(&mut bytes)
        .encode(&scene(), 48, 32, rgb)
        .unwrap();
    files.push(("a.gif", bytes, "image/gif", 8));
    for (name, compression) in [
        ("plain.tif", Compression::Uncompressed),
        ("lzw.tif", Compression::Lzw),
        ("packbits.tif", Compression::Packbits),
        ("deflate.tif", Compression::Deflate(Default::default())),
    ] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        TiffEncoder::new(&mut bytes)
            .unwrap()
            .with_compression(compression)
            .write_image::<colortype::RGB8>(48, 32, &scene())
            .unwrap();
        files.push((name, bytes.into_inner(), "image/tiff", 0));
    }
    let wide: Vec<u16> = scene().iter().map(|v| u16::from(*v) * 257).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    TiffEncoder::new(&mut bytes)
        .unwrap()
        .write_image::<colortype::RGB16>(48, 32, &wide)
        .unwrap();
    files.push(("wide.tif", bytes.into_inner(), "image/tiff", 0));
    let native: Vec<u8> = wide.iter().flat_map(|v| v.to_ne_bytes()).collect();
    files.push((
        "wide.png",
        png_of(&native, ExtendedColorType::Rgb16, None),
        "image/png",
        0,
    ));

    for (name, bytes, media_type, within) in files {
        let path = file(&dir, name, &bytes);
        let found = facts(&path).unwrap();
        assert_eq!(found.media_type, media_type, "{name}");
        assert_eq!((found.width, found.height), (Some(48), Some(32)), "{name}");
        let picture = decode(&path, &Limits::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 32), "{name}");
        for (x, y, colour) in [(4, 4, [255; 3]), (40, 4, RED), (4, 26, BLUE)] {
            let got = at(&picture, x, y);
            assert!(near(got, colour, within), "{name} at {x},{y}: {got:?}");
        }
        assert!(
            near(picture.dominant(), BLUE, within),
            "{name}: {:?}",
            picture.dominant()
        );
        check(&path, 0, &Limits::default()).unwrap();
    }
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let dir = TempDir::new().unwrap();
    // Where the white corner of the stored picture (top left) belongs, and the blue below it.
    let cases = [
        (1, (48, 32), (4, 4), (4, 26)),
        (2, (48, 32), (43, 4), (43, 26)),
        (3, (48, 32), (43, 27), (43, 5)),
        (4, (48, 32), (4, 27), (4, 5)),
        (5, (32, 48), (4, 4), (26, 4)),
        (6, (32, 48), (27, 4), (5, 4)),
        (7, (32, 48), (27, 43), (5, 43)),
        (8, (32, 48), (4, 43), (26, 43)),
    ];
    for (value, size, white, blue) in cases {
        let path = file(&dir, &format!("{value}.jpg"), &jpeg(Some(value), false));
        let found = facts(&path).unwrap();
        assert_eq!(
            (found.width.unwrap(), found.height.unwrap()),
            size,
            "{value}"
        );
        let picture = decode(&path, &Limits::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), size, "{value}");
        assert!(
            near(at(&picture, white.0, white.1), [255; 3], 40),
            "{value}: white"
        );
        assert!(
            near(at(&picture, blue.0, blue.1), BLUE, 40),
            "{value}: blue"
        );
    }
}

#[test]
fn a_bilevel_scan_is_black_on_white_and_becomes_smooth_grey() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "page.tif", &group_4());
    let picture = decode(&path, &Limits::default()).unwrap();
    let row: Vec<u8> = (0..16).map(|x| at(&picture, x, 5)[0]).collect();
    assert_eq!(row, [[255; 4], [0; 4], [0; 4], [255; 4]].concat());

    // A third of 16 does not fall on the edges: there has to be grey.
    let made = renditions(&picture, &[5]).unwrap();
    let path = file(&dir, "small.jpg", &made[0].bytes);
    let small = decode(&path, &Limits::default()).unwrap();
    assert_eq!((small.width(), small.height()), (5, 3));
    assert!((0..5).any(|x| (40..216).contains(&at(&small, x, 1)[0])));
}

#[test]
fn display_p3_is_converted_and_srgb_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let pixels = [200, 50, 50].repeat(48 * 32);
    let red = |profile: moxcms::ColorProfile| {
        let bytes = png_of(
            &pixels,
            ExtendedColorType::Rgb8,
            Some(profile.encode().unwrap()),
        );
        at(
            &decode(&file(&dir, "p.png", &bytes), &Limits::default()).unwrap(),
            3,
            3,
        )
    };
    assert_eq!(red(moxcms::ColorProfile::new_srgb()), [200, 50, 50]);
    // The same numbers mean a stronger red in P3: more red, less of the others.
    let [r, g, b] = red(moxcms::ColorProfile::new_display_p3());
    assert!(r > 210 && g < 40 && b < 50, "{r} {g} {b}");
}

#[test]
fn a_profile_that_cannot_be_read_is_passed_over() {
    let dir = TempDir::new().unwrap();
    let bytes = png_of(
        &scene(),
        ExtendedColorType::Rgb8,
        Some(b"no profile".to_vec()),
    );
    let picture = decode(&file(&dir, "p.png", &bytes), &Limits::default()).unwrap();
    assert_eq!(at(&picture, 40, 4), RED);
}

#[test]
fn transparency_is_laid_over_white() {
    let dir = TempDir::new().unwrap();
    let pixels = [0, 0, 0, 51].repeat(48 * 32);
    let bytes = png_of(&pixels, ExtendedColorType::Rgba8, None);
    let picture = decode(&file(&dir, "a.png", &bytes), &Limits::default()).unwrap();
    assert_eq!(at(&picture, 0, 0), [204; 3]);
    let pixels = [0, 51].repeat(48 * 32);
    let bytes = png_of(&pixels, ExtendedColorType::La8, None);
    let picture = decode(&file(&dir, "a.png", &bytes), &Limits::default()).unwrap();
    assert_eq!(at(&picture, 47, 31), [204; 3]);
}

#[test]
fn what_is_cut_short_says_so() {
    let dir = TempDir::new().unwrap();
    let whole = [
        ("a.jpg", jpeg(Some(6), false)),
        ("b.jpg", jpeg(None, true)),
        ("a.png", png_of(&scene(), ExtendedColorType::Rgb8, None)),
        ("a.tif", group_4()),
        ("a.bmp", bmp_of_scene()),
    ];
    for (name, bytes) in whole {
        let path = file(&dir, name, &bytes);
        check(&path, 0, &Limits::default()).unwrap();
        // The CCITT data are a few bytes: cut into a code word.
        let cut = if name == "a.tif" { 6 } else { 12 };
        let short = file(&dir, name, &bytes[..bytes.len() - cut]);
        let got = code(check(&short, 0, &Limits::default()));
        let expected = "image-truncated";
        assert_eq!(
            got,
            expected,
            "{name}: {:?}",
            check(&short, 0, &Limits::default())
        );
        assert_eq!(code(decode(&short, &Limits::default())), expected, "{name}");
    }
    let plain = tiff_of(
        &[
            (256, 3, 1, 16),
            (257, 3, 1, 8),
            (258, 3, 1, 8),
            (259, 3, 1, 1),
            (262, 3, 1, 1),
            (277, 3, 1, 1),
            (278, 3, 1, 8),
        ],
        &[0; 128],
    );
    check(&file(&dir, "plain.tif", &plain), 0, &Limits::default()).unwrap();
    let short = file(&dir, "plain.tif", &plain[..plain.len() - 1]);
    assert_eq!(
        code(check(&short, 0, &Limits::default())),
        "image-truncated"
    );
}

#[test]
fn a_name_does_not_make_an_image() {
    let dir = TempDir::new().unwrap();
    let empty = file(&dir, "empty.jpg", b"");
    assert_eq!(code(facts(&empty)), "image-truncated");
    assert_eq!(
        code(check(&empty, 0, &Limits::default())),
        "image-truncated"
    );
    let text = file(&dir, "text.png", b"not a picture");
    assert_eq!(code(facts(&text)), "image-undecodable");
    assert_eq!(
        code(check(&text, 0, &Limits::default())),
        "image-undecodable"
    );
    let gone = dir.path().join("gone.png");
    assert_eq!(code(check(&gone, 0, &Limits::default())), "file-unreadable");
    assert_eq!(code(probe(&gone, b"\x89PNG\r\n\x1a\n")), "file-unreadable");
    // A picture under a wrong name is what it is.
    let wrong = file(
        &dir,
        "wrong.jpg",
        &png_of(&scene(), ExtendedColorType::Rgb8, None),
    );
    assert_eq!(facts(&wrong).unwrap().media_type, "image/png");
    check(&wrong, 0, &Limits::default()).unwrap();
    let sound = file(&dir, "a.wav", b"RIFF\x10\0\0\0WAVEfmt ");
    let error = check(&sound, 0, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "image-unsupported");
    assert_eq!(
        error.sentence(),
        "This kind of image is not supported: audio/wav is not an image."
    );
    let twice = MediaError::undecodable(&sound, "Invalid color type 1.");
    assert_eq!(
        twice.sentence(),
        "The image cannot be decoded: Invalid color type 1."
    );
}

#[test]
fn a_colour_profile_that_swells_is_not_unpacked() {
    let dir = TempDir::new().unwrap();
    // The rest of it is nothing, of which Deflate makes a thousandth.
    let red = |length: usize| {
        let mut icc = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        icc.resize(length, 0);
        let bytes = png_of(
            &[200, 50, 50].repeat(48 * 32),
            ExtendedColorType::Rgb8,
            Some(icc),
        );
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let path = file(&dir, "a.png", &bytes);
        check(&path, 0, &Limits::default()).unwrap();
        decode(&path, &Limits::default()).unwrap().pixels[..3].to_vec()
    };
    assert_ne!(red(1 << 20), [200, 50, 50], "it is followed");
    assert_eq!(red(64 << 20), [200, 50, 50], "it is passed over");
}

#[test]
fn a_header_that_lies_costs_nothing() {
    let dir = TempDir::new().unwrap();
    // A JPEG's frame header, made to claim 20,000 × 14,000.
    let mut bytes = jpeg(None, false);
    let frame = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x36, 0xb0, 0x4e, 0x20]);
    let path = file(&dir, "a.jpg", &bytes);
    assert_eq!(facts(&path).unwrap().width, Some(20_000));
    assert_eq!(
        code(check(&path, 0, &Limits::default())),
        "image-suspicious"
    );
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let path = file(&dir, "a.jpg", &bytes);
    assert_eq!(code(decode(&path, &Limits::default())), "image-too-large");
    let small = Limits {
        max_pixels: 100,
        ..Limits::default()
    };
    assert_eq!(
        code(decode(&file(&dir, "b.jpg", &jpeg(None, false)), &small)),
        "image-too-large"
    );
}

#[test]
fn a_panic_in_a_codec_is_an_error_about_the_file() {
    let result: Result<(), _> = decode::guarded(Path::new("p.tif"), || panic!("stride"));
    let error = result.unwrap_err();
    assert_eq!(error.code(), "image-codec-panic");
    assert_eq!(
        error.to_string(),
        "p.tif: the decoder broke down on this image: stride"
    );
}

#[test]
fn renditions_come_smallest_first_and_are_never_enlarged() {
    let dir = TempDir::new().unwrap();
    let picture = decode(&file(&dir, "a.jpg", &jpeg(None, false)), &Limits::default()).unwrap();
    let made = renditions(&picture, &[12, 0, 4000, 24, 96, 24]).unwrap();
    let sizes: Vec<_> = made.iter().map(|r| (r.width, r.height)).collect();
    assert_eq!(sizes, [(12, 8), (24, 16), (48, 32)]);
    assert_eq!(made, renditions(&picture, &[48, 24, 12]).unwrap());
    for rendition in made {
        let back = decode(&file(&dir, "r.jpg", &rendition.bytes), &Limits::default()).unwrap();
        assert_eq!(
            (back.width(), back.height()),
            (rendition.width, rendition.height)
        );
        let (x, y) = (back.width() * 3 / 4, back.height() * 3 / 4);
        assert!(near(at(&back, x, y), BLUE, 24), "{:?}", at(&back, x, y));
    }
    assert_eq!(renditions(&picture, &[]).unwrap(), []);
}

#[test]
fn a_rendition_higher_than_a_jpeg_can_be_is_refused() {
    let strip = Picture {
        width: 1,
        height: 70_000,
        channels: 1,
        pixels: vec![9; 70_000],
    };
    assert_eq!(code(renditions(&strip, &[1])), "rendition-failed");
}

/// A TIFF without compression in tiles of 16 × 16, the last of each row and column padded.
fn tiled_tiff(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let (across, down) = (width.div_ceil(16), height.div_ceil(16));
    let mut data: Vec<u8> = Vec::new();
    for (row, column) in (0..down).flat_map(|row| (0..across).map(move |column| (row, column))) {
        for (y, x) in (0..16).flat_map(|y| (0..16).map(move |x| (row * 16 + y, column * 16 + x))) {
            let at = ((y * width + x) * 3) as usize;
            let inside = x < width && y < height;
            data.extend(if inside { &pixels[at..at + 3] } else { &[7; 3] });
        }
    }
    let count = across * down;
    // Behind the tags: where each tile lies, then how long each is, then the tiles.
    let tags = 10;
    let offsets = 8 + 2 + 12 * tags + 4;
    let tiles = offsets + 8 * count;
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((tags as u16).to_le_bytes());
    for (tag, kind, count, value) in [
        (256_u16, 4_u16, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (277, 3, 1, 3),
        (322, 3, 1, 16),
        (323, 3, 1, 16),
        (324, 4, count, offsets),
        (325, 4, count, offsets + 4 * count),
    ] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(u32::to_le_bytes(count));
        bytes.extend(u32::to_le_bytes(value));
    }
    bytes.extend([0; 4]);
    for tile in 0..count {
        bytes.extend((tiles + tile * 768).to_le_bytes());
    }
    for _ in 0..count {
        bytes.extend(768_u32.to_le_bytes());
    }
    bytes.extend(data);
    bytes
}

#[test]
fn strips_and_tiles_of_a_tiff_and_rows_of_a_png_are_the_picture() {
    use tiff::encoder::{Compression, TiffEncoder, colortype};
    let dir = TempDir::new().unwrap();
    let (width, height) = (83, 59);
    let pixels = slope(width, height);
    let (width, height) = (u32::from(width), u32::from(height));
    let mut files = vec![("tiled.tif", tiled_tiff(&pixels, width, height))];
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)
        .unwrap()
        .with_compression(Compression::Deflate(Default::default()));
    let mut image = encoder.new_image::<colortype::RGB8>(width, height).unwrap();
    image.rows_per_strip(8).unwrap();
    image.write_data(&pixels).unwrap();
    files.push(("strips.tif", bytes.into_inner()));
    let mut bytes = Vec::new();
    png::PngEncoder::new(&mut bytes)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    files.push(("rows.png", bytes));
    for (name, bytes) in files {
        let picture = decode(&file(&dir, name, &bytes), &Limits::default()).unwrap();
        assert_eq!((picture.width, picture.height), (width, height), "{name}");
        assert!(picture.pixels == pixels, "{name}");
    }
}

fn photograph(orientation: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.add_app_segment(1, exif(orientation)).unwrap();
    let pixels = slope(2_400, 1_600);
    encoder
        .encode(&pixels, 2_400, 1_600, ColorType::Rgb)
        .unwrap();
    bytes
}

#[test]
fn everything_that_is_shown_of_a_picture_comes_from_one_pass() {
    let dir = TempDir::new().unwrap();
    for (orientation, size, counts) in [(1, (2_400, 1_600), [20, 6]), (6, (1_600, 2_400), [20, 6])]
    {
        let path = file(&dir, "a.jpg", &photograph(orientation));
        let mut tiles = [0, 0];
        let made = derive(
            &path,
            0,
            &Limits::default(),
            &[300, 600],
            512,
            |level, tile| {
                assert!(tile.starts_with(b"\xff\xd8"));
                tiles[level as usize] += 1;
                Ok::<_, MediaError>(())
            },
        )
        .unwrap();
        assert_eq!((made.width, made.height), size);
        assert_eq!(made.levels, 2);
        assert_eq!(tiles, counts, "{orientation}");
        let sizes: Vec<_> = made
            .renditions
            .iter()
            .map(|r| (r.width, r.height))
            .collect();
        let height = |width: u32| (width * size.1 + size.0 / 2) / size.0;
        assert_eq!(sizes, [(300, height(300)), (600, height(600))]);
        let whole = decode(&path, &Limits::default()).unwrap();
        assert!(near(made.dominant, whole.dominant(), 24));
        let small = file(&dir, "small.jpg", &made.renditions[1].bytes);
        let small = decode(&small, &Limits::default()).unwrap();
        for (x, y) in [(5, 5), (590, 5), (5, height(600) - 5), (300, 200)] {
            let (a, b) = (
                at(&small, x, y),
                at(&whole, x * size.0 / 600, y * size.0 / 600),
            );
            assert!(near(a, b, 8), "{a:?} is not {b:?} at {x},{y}");
        }
    }
}

#[test]
fn a_picture_that_fits_has_no_tiles_and_is_its_own_largest_size() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "a.jpg", &jpeg(None, false));
    let none = |_, _: &[u8]| -> Result<(), MediaError> { panic!("a tile") };
    let made = derive(&path, 0, &Limits::default(), &[24, 4_000], 512, none).unwrap();
    let sizes: Vec<_> = made
        .renditions
        .iter()
        .map(|r| (r.width, r.height))
        .collect();
    assert_eq!((made.levels, sizes), (0, vec![(24, 16), (48, 32)]));
    assert!(near(made.dominant, BLUE, 40));
}

#[test]
fn what_goes_wrong_on_the_way_is_said_and_ends_the_work() {
    let dir = TempDir::new().unwrap();
    let bytes = photograph(1);
    let path = file(&dir, "a.jpg", &bytes);
    let mut taken = 0;
    let ended = derive(&path, 0, &Limits::default(), &[600], 512, |_, _| {
        taken += 1;
        Err(MediaError::Rendition {
            width: 512,
            reason: "the disk is full".to_owned(),
        })
    });
    assert_eq!(code(ended), "rendition-failed");
    assert_eq!(taken, 1);
    let ignore = |_, _: &[u8]| Ok::<_, MediaError>(());
    let short = file(&dir, "short.jpg", &bytes[..bytes.len() / 2]);
    let ended = derive(&short, 0, &Limits::default(), &[600], 512, ignore);
    assert_eq!(code(ended), "image-truncated");
    let text = file(&dir, "text.jpg", b"not a picture");
    let ended = derive(&text, 0, &Limits::default(), &[600], 512, ignore);
    assert_eq!(code(ended), "image-undecodable");
}

/// libjpeg shows what it can of a damaged scan and says nothing: so that is found when a file is
/// taken in, by another decoder.
#[test]
fn damage_within_a_jpeg_is_found_when_it_is_checked() {
    let dir = TempDir::new().unwrap();
    let mut bytes = photograph(1);
    // An end in the midst of the scan; the data behind it belong to no block.
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2].copy_from_slice(&[0xff, 0xc4]);
    let path = file(&dir, "a.jpg", &bytes);
    assert!(check(&path, 0, &Limits::default()).is_err());
}
