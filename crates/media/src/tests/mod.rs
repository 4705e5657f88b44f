//! Tests that encode small images in each format, damage some of them, and decode them again.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use image::codecs::{bmp, gif, png, webp};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use tempfile::TempDir;

use super::*;
use crate::rendition::{Source, encode_renditions};

mod formats;
mod large;
mod metadata;

const RED: [u8; 3] = [220, 30, 20];
const BLUE: [u8; 3] = [20, 40, 200];

/// Returns an image of 48 × 32 pixels. The upper half is red, except for its left third, which is
/// white. The lower half is blue. All rotations and reflections of the image differ.
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

fn write_file(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn probe_file(path: &Path) -> Result<MediaInfo, MediaError> {
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
    put_tile: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Derivatives, E> {
    ImageFile::open(path)?.derive(page, limits, &request(widths, tile), put_tile)
}

fn request(widths: &[u32], tile_size: u32) -> DerivativeRequest<'_> {
    DerivativeRequest {
        widths,
        tile_size,
        strip: None,
        jpeg: false,
    }
}

fn pixel_at(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let start = (y as usize * picture.width as usize + x as usize) * picture.channels;
    let pixel = &picture.pixels[start..start + picture.channels];
    if picture.channels == 1 {
        [pixel[0]; 3]
    } else {
        [pixel[0], pixel[1], pixel[2]]
    }
}

fn renditions(picture: &Picture, widths: &[u32]) -> Result<Vec<Rendition>, MediaError> {
    let source = Source {
        size: (picture.width, picture.height),
        has_few_greys: false,
    };
    encode_renditions(picture.clone(), source, &request(widths, 512)).map(|all| all.sizes)
}

fn is_near(a: [u8; 3], b: [u8; 3], tolerance: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= tolerance)
}

fn error_code<T: std::fmt::Debug>(result: Result<T, MediaError>) -> &'static str {
    let error = result.unwrap_err();
    assert!(error.hint().ends_with('.'));
    error.code()
}

/// Returns an EXIF segment that contains only an orientation.
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

/// Returns a little-endian TIFF with one strip of data. Each of `tags` consists of a tag, a type, a
/// count and a value.
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

/// Returns 16 × 8 pixels in CCITT Group 4. Each row has four white, eight black and four white
/// pixels.
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

/// Returns a gradient that is smooth enough to survive any chroma subsampling.
fn gradient(width: u16, height: u16) -> Vec<u8> {
    let scaled = |at: u16, side: u16| (u32::from(at) * 200 / u32::from(side)) as u8;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels
        .flat_map(|(x, y)| {
            [
                scaled(x, width) + 20,
                scaled(y, height) + 30,
                220 - scaled(x, width),
            ]
        })
        .collect()
}

/// With optimised Huffman tables, `jpeg_encoder` writes a separate scan for each component, like
/// some cameras and `jpegtran`. A decoder that uses the wrong block size for such scans outputs
/// green stripes.
#[test]
fn decodes_jpeg_with_all_chroma_subsamplings_and_scan_layouts() {
    let dir = TempDir::new().unwrap();
    let mut failures = Vec::new();
    for sampling in [
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_1_1,
        SamplingFactor::R_4_1_0,
    ] {
        for (width, height) in [(64, 64), (65, 33), (120, 71), (250, 167), (203, 9)] {
            for (optimised_tables, progressive, restart) in [
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
                encoder.set_optimized_huffman_tables(optimised_tables);
                if restart > 0 {
                    encoder.set_restart_interval(restart);
                }
                let pixels = gradient(width, height);
                encoder
                    .encode(&pixels, width, height, ColorType::Rgb)
                    .unwrap();
                let name = format!(
                    "{sampling:?} {width} × {height}, optimised tables: {optimised_tables}, \
                     progressive: {progressive}, restart: {restart}"
                );
                let picture =
                    decode(&write_file(&dir, "a.jpg", &bytes), &Limits::default()).unwrap();
                assert_eq!(
                    (picture.width, picture.height),
                    (u32::from(width), u32::from(height))
                );
                let error = std::iter::zip(&pixels, &picture.pixels)
                    .map(|(expected, actual)| expected.abs_diff(*actual))
                    .max();
                if error.is_none_or(|error| error >= 40) {
                    failures.push(format!("{name}: {error:?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn converts_cmyk_and_ycck_jpeg_to_rgb() {
    let dir = TempDir::new().unwrap();
    // The inks are half cyan, full yellow and a fifth of black.
    let inks = [128, 0, 255, 51].repeat(16 * 16);
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        let encoder = Encoder::new(&mut bytes, 95);
        encoder.encode(&inks, 16, 16, colours).unwrap();
        let picture = decode(&write_file(&dir, "inks.jpg", &bytes), &Limits::default()).unwrap();
        let errors = picture.pixels.chunks(3).flat_map(|rgb| {
            std::iter::zip(rgb, [102_u8, 204, 0])
                .map(|(actual, expected)| actual.abs_diff(expected))
        });
        assert!(errors.clone().count() == 3 * 256 && errors.max() < Some(4));
    }
}

#[test]
fn rejects_a_12_bit_jpeg_with_the_reason() {
    let dir = TempDir::new().unwrap();
    let mut bytes = jpeg(None, false);
    let frame = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    // SOF1 (extended sequential) allows 12 bits per sample.
    bytes[frame + 1] = 0xc1;
    bytes[frame + 4] = 12;
    let error = decode(&write_file(&dir, "a.jpg", &bytes), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "image-unsupported");
    assert!(error.to_string().contains("12"), "{error}");
}

#[test]
fn decodes_all_formats() {
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
        ("uncompressed.tif", Compression::Uncompressed),
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
    let samples_16: Vec<u16> = scene().iter().map(|v| u16::from(*v) * 257).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    TiffEncoder::new(&mut bytes)
        .unwrap()
        .write_image::<colortype::RGB16>(48, 32, &samples_16)
        .unwrap();
    files.push(("16-bit.tif", bytes.into_inner(), "image/tiff", 0));
    let native: Vec<u8> = samples_16.iter().flat_map(|v| v.to_ne_bytes()).collect();
    files.push((
        "16-bit.png",
        png_of(&native, ExtendedColorType::Rgb16, None),
        "image/png",
        0,
    ));

    for (name, bytes, media_type, tolerance) in files {
        let path = write_file(&dir, name, &bytes);
        let info = probe_file(&path).unwrap();
        assert_eq!(info.media_type, media_type, "{name}");
        assert_eq!((info.width, info.height), (Some(48), Some(32)), "{name}");
        let picture = decode(&path, &Limits::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 32), "{name}");
        for (x, y, colour) in [(4, 4, [255; 3]), (40, 4, RED), (4, 26, BLUE)] {
            let actual = pixel_at(&picture, x, y);
            assert!(
                is_near(actual, colour, tolerance),
                "{name} at {x},{y}: {actual:?}"
            );
        }
        assert!(
            is_near(picture.dominant(), BLUE, tolerance),
            "{name}: {:?}",
            picture.dominant()
        );
        check(&path, 0, &Limits::default()).unwrap();
    }
}

#[test]
fn applies_all_eight_exif_orientations() {
    let dir = TempDir::new().unwrap();
    // Expected positions of the white corner (top left in the stored image) and of the blue area
    // below it.
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
        let path = write_file(&dir, &format!("{value}.jpg"), &jpeg(Some(value), false));
        let info = probe_file(&path).unwrap();
        assert_eq!((info.width.unwrap(), info.height.unwrap()), size, "{value}");
        let picture = decode(&path, &Limits::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), size, "{value}");
        assert!(
            is_near(pixel_at(&picture, white.0, white.1), [255; 3], 40),
            "{value}: white"
        );
        assert!(
            is_near(pixel_at(&picture, blue.0, blue.1), BLUE, 40),
            "{value}: blue"
        );
    }
}

#[test]
fn decodes_a_bilevel_scan_and_scales_it_to_grey() {
    let dir = TempDir::new().unwrap();
    let path = write_file(&dir, "page.tif", &group_4());
    let picture = decode(&path, &Limits::default()).unwrap();
    let row: Vec<u8> = (0..16).map(|x| pixel_at(&picture, x, 5)[0]).collect();
    assert_eq!(row, [[255; 4], [0; 4], [0; 4], [255; 4]].concat());

    // At a third of the size, the edges do not coincide with pixel boundaries, so some pixels must
    // be grey.
    let scaled = renditions(&picture, &[5]).unwrap();
    let path = write_file(&dir, "small.jpg", &scaled[0].bytes);
    let small = decode(&path, &Limits::default()).unwrap();
    assert_eq!((small.width(), small.height()), (5, 3));
    assert!((0..5).any(|x| (40..216).contains(&pixel_at(&small, x, 1)[0])));
}

#[test]
fn converts_display_p3_and_leaves_srgb_unchanged() {
    let dir = TempDir::new().unwrap();
    let pixels = [200, 50, 50].repeat(48 * 32);
    let red = |profile: moxcms::ColorProfile| {
        let bytes = png_of(
            &pixels,
            ExtendedColorType::Rgb8,
            Some(profile.encode().unwrap()),
        );
        pixel_at(
            &decode(&write_file(&dir, "p.png", &bytes), &Limits::default()).unwrap(),
            3,
            3,
        )
    };
    assert_eq!(red(moxcms::ColorProfile::new_srgb()), [200, 50, 50]);
    // The same values are a more saturated red in Display P3.
    let [r, g, b] = red(moxcms::ColorProfile::new_display_p3());
    assert!(r > 210 && g < 40 && b < 50, "{r} {g} {b}");
}

#[test]
fn ignores_an_invalid_icc_profile() {
    let dir = TempDir::new().unwrap();
    let bytes = png_of(
        &scene(),
        ExtendedColorType::Rgb8,
        Some(b"no profile".to_vec()),
    );
    let picture = decode(&write_file(&dir, "p.png", &bytes), &Limits::default()).unwrap();
    assert_eq!(pixel_at(&picture, 40, 4), RED);
}

#[test]
fn composites_transparency_over_white() {
    let dir = TempDir::new().unwrap();
    let pixels = [0, 0, 0, 51].repeat(48 * 32);
    let bytes = png_of(&pixels, ExtendedColorType::Rgba8, None);
    let picture = decode(&write_file(&dir, "a.png", &bytes), &Limits::default()).unwrap();
    assert_eq!(pixel_at(&picture, 0, 0), [204; 3]);
    let pixels = [0, 51].repeat(48 * 32);
    let bytes = png_of(&pixels, ExtendedColorType::La8, None);
    let picture = decode(&write_file(&dir, "a.png", &bytes), &Limits::default()).unwrap();
    assert_eq!(pixel_at(&picture, 47, 31), [204; 3]);
}

#[test]
fn reports_truncated_files() {
    let dir = TempDir::new().unwrap();
    let files = [
        ("a.jpg", jpeg(Some(6), false)),
        ("b.jpg", jpeg(None, true)),
        ("a.png", png_of(&scene(), ExtendedColorType::Rgb8, None)),
        ("a.tif", group_4()),
        ("a.bmp", bmp_of_scene()),
    ];
    for (name, bytes) in files {
        let path = write_file(&dir, name, &bytes);
        check(&path, 0, &Limits::default()).unwrap();
        // The CCITT data has only a few bytes.
        let missing = if name == "a.tif" { 6 } else { 12 };
        let truncated = write_file(&dir, name, &bytes[..bytes.len() - missing]);
        let actual = error_code(check(&truncated, 0, &Limits::default()));
        let expected = "image-truncated";
        assert_eq!(
            actual,
            expected,
            "{name}: {:?}",
            check(&truncated, 0, &Limits::default())
        );
        assert_eq!(
            error_code(decode(&truncated, &Limits::default())),
            expected,
            "{name}"
        );
    }
    let uncompressed = tiff_of(
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
    check(
        &write_file(&dir, "uncompressed.tif", &uncompressed),
        0,
        &Limits::default(),
    )
    .unwrap();
    let truncated = write_file(
        &dir,
        "uncompressed.tif",
        &uncompressed[..uncompressed.len() - 1],
    );
    assert_eq!(
        error_code(check(&truncated, 0, &Limits::default())),
        "image-truncated"
    );
}

#[test]
fn recognises_files_by_content_before_extension() {
    let dir = TempDir::new().unwrap();
    let empty = write_file(&dir, "empty.jpg", b"");
    assert_eq!(error_code(probe_file(&empty)), "image-truncated");
    assert_eq!(
        error_code(check(&empty, 0, &Limits::default())),
        "image-truncated"
    );
    let text = write_file(&dir, "text.png", b"not an image");
    assert_eq!(error_code(probe_file(&text)), "image-undecodable");
    assert_eq!(
        error_code(check(&text, 0, &Limits::default())),
        "image-undecodable"
    );
    let missing = dir.path().join("missing.png");
    assert_eq!(
        error_code(check(&missing, 0, &Limits::default())),
        "file-unreadable"
    );
    assert_eq!(
        error_code(probe(&missing, b"\x89PNG\r\n\x1a\n")),
        "file-unreadable"
    );
    // An image with a wrong extension is accepted.
    let wrong = write_file(
        &dir,
        "wrong.jpg",
        &png_of(&scene(), ExtendedColorType::Rgb8, None),
    );
    assert_eq!(probe_file(&wrong).unwrap().media_type, "image/png");
    check(&wrong, 0, &Limits::default()).unwrap();
    let sound = write_file(&dir, "a.wav", b"RIFF\x10\0\0\0WAVEfmt ");
    let error = check(&sound, 0, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "image-unsupported");
    assert_eq!(
        error.sentence(),
        "Unsupported image format: audio/wav is not an image type."
    );
    let with_full_stop = MediaError::undecodable(&sound, "Invalid color type 1.");
    assert_eq!(
        with_full_stop.sentence(),
        "The image cannot be decoded: Invalid color type 1."
    );
}

#[test]
fn limits_the_decompressed_size_of_an_icc_profile() {
    let dir = TempDir::new().unwrap();
    // The profile is padded with zeros, which Deflate compresses by a factor of a thousand.
    let red = |length: usize| {
        let mut icc = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        icc.resize(length, 0);
        let bytes = png_of(
            &[200, 50, 50].repeat(48 * 32),
            ExtendedColorType::Rgb8,
            Some(icc),
        );
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let path = write_file(&dir, "a.png", &bytes);
        check(&path, 0, &Limits::default()).unwrap();
        decode(&path, &Limits::default()).unwrap().pixels[..3].to_vec()
    };
    assert_ne!(red(1 << 20), [200, 50, 50], "the profile is applied");
    assert_eq!(red(64 << 20), [200, 50, 50], "the profile is ignored");
}

#[test]
fn rejects_false_dimensions_before_decoding() {
    let dir = TempDir::new().unwrap();
    // The frame header of the JPEG declares 20,000 × 14,000 pixels.
    let mut bytes = jpeg(None, false);
    let frame = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x36, 0xb0, 0x4e, 0x20]);
    let path = write_file(&dir, "a.jpg", &bytes);
    assert_eq!(probe_file(&path).unwrap().width, Some(20_000));
    assert_eq!(
        error_code(check(&path, 0, &Limits::default())),
        "image-suspicious"
    );
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let path = write_file(&dir, "a.jpg", &bytes);
    assert_eq!(
        error_code(decode(&path, &Limits::default())),
        "image-too-large"
    );
    let small = Limits {
        max_pixels: 100,
        ..Limits::default()
    };
    assert_eq!(
        error_code(decode(
            &write_file(&dir, "b.jpg", &jpeg(None, false)),
            &small
        )),
        "image-too-large"
    );
}

#[test]
fn converts_a_codec_panic_to_an_error() {
    let result: Result<(), _> = decode::catch_codec_panic(Path::new("p.tif"), || panic!("stride"));
    let error = result.unwrap_err();
    assert_eq!(error.code(), "image-codec-panic");
    assert_eq!(error.to_string(), "p.tif: the decoder failed: stride");
}

#[test]
fn returns_renditions_in_ascending_order_and_never_enlarges() {
    let dir = TempDir::new().unwrap();
    let picture = decode(
        &write_file(&dir, "a.jpg", &jpeg(None, false)),
        &Limits::default(),
    )
    .unwrap();
    let scaled = renditions(&picture, &[12, 0, 4000, 24, 96, 24]).unwrap();
    let sizes: Vec<_> = scaled.iter().map(|r| (r.width, r.height)).collect();
    assert_eq!(sizes, [(12, 8), (24, 16), (48, 32)]);
    assert_eq!(scaled, renditions(&picture, &[48, 24, 12]).unwrap());
    for rendition in scaled {
        let decoded = decode(
            &write_file(&dir, "r.jpg", &rendition.bytes),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(
            (decoded.width(), decoded.height()),
            (rendition.width, rendition.height)
        );
        let (x, y) = (decoded.width() * 3 / 4, decoded.height() * 3 / 4);
        assert!(
            is_near(pixel_at(&decoded, x, y), BLUE, 24),
            "{:?}",
            pixel_at(&decoded, x, y)
        );
    }
    assert_eq!(renditions(&picture, &[]).unwrap(), []);
}

#[test]
fn rejects_a_rendition_above_the_maximum_height_of_jpeg() {
    let strip = Picture {
        width: 1,
        height: 70_000,
        channels: 1,
        pixels: vec![9; 70_000],
    };
    assert_eq!(error_code(renditions(&strip, &[1])), "rendition-failed");
}

/// Returns an uncompressed TIFF in tiles of 16 × 16 pixels. Tiles at the edges are padded.
fn tiled_tiff(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let (across, down) = (width.div_ceil(16), height.div_ceil(16));
    let mut data: Vec<u8> = Vec::new();
    for (row, column) in (0..down).flat_map(|row| (0..across).map(move |column| (row, column))) {
        for (y, x) in (0..16).flat_map(|y| (0..16).map(move |x| (row * 16 + y, column * 16 + x))) {
            let at = ((y * width + x) * 3) as usize;
            let is_inside = x < width && y < height;
            data.extend(if is_inside {
                &pixels[at..at + 3]
            } else {
                &[7; 3]
            });
        }
    }
    let count = across * down;
    // The tags are followed by the tile offsets, the tile byte counts and the tiles.
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
fn decodes_tiff_strips_and_tiles_and_png_rows() {
    use tiff::encoder::{Compression, TiffEncoder, colortype};
    let dir = TempDir::new().unwrap();
    let (width, height) = (83, 59);
    let pixels = gradient(width, height);
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
        let picture = decode(&write_file(&dir, name, &bytes), &Limits::default()).unwrap();
        assert_eq!((picture.width, picture.height), (width, height), "{name}");
        assert!(picture.pixels == pixels, "{name}");
    }
}

fn photograph(orientation: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.add_app_segment(1, exif(orientation)).unwrap();
    let pixels = gradient(2_400, 1_600);
    encoder
        .encode(&pixels, 2_400, 1_600, ColorType::Rgb)
        .unwrap();
    bytes
}

#[test]
fn derives_renditions_and_tiles_in_one_pass() {
    let dir = TempDir::new().unwrap();
    for (orientation, size, counts) in [(1, (2_400, 1_600), [20, 6]), (6, (1_600, 2_400), [20, 6])]
    {
        let path = write_file(&dir, "a.jpg", &photograph(orientation));
        let mut tiles = [0, 0];
        let derivatives = derive(
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
        assert_eq!((derivatives.width, derivatives.height), size);
        assert_eq!(derivatives.levels, 2);
        assert_eq!(tiles, counts, "{orientation}");
        let sizes: Vec<_> = derivatives
            .renditions
            .iter()
            .map(|r| (r.width, r.height))
            .collect();
        let height = |width: u32| (width * size.1 + size.0 / 2) / size.0;
        assert_eq!(sizes, [(300, height(300)), (600, height(600))]);
        let original = decode(&path, &Limits::default()).unwrap();
        assert!(is_near(derivatives.dominant, original.dominant(), 24));
        let small = write_file(&dir, "small.jpg", &derivatives.renditions[1].bytes);
        let small = decode(&small, &Limits::default()).unwrap();
        for (x, y) in [(5, 5), (590, 5), (5, height(600) - 5), (300, 200)] {
            let (a, b) = (
                pixel_at(&small, x, y),
                pixel_at(&original, x * size.0 / 600, y * size.0 / 600),
            );
            assert!(is_near(a, b, 8), "{a:?}, expected {b:?} at {x},{y}");
        }
    }
}

#[test]
fn derives_no_tiles_from_a_small_image() {
    let dir = TempDir::new().unwrap();
    let path = write_file(&dir, "a.jpg", &jpeg(None, false));
    let no_tiles = |_, _: &[u8]| -> Result<(), MediaError> { panic!("a tile") };
    let derivatives = derive(&path, 0, &Limits::default(), &[24, 4_000], 512, no_tiles).unwrap();
    let sizes: Vec<_> = derivatives
        .renditions
        .iter()
        .map(|r| (r.width, r.height))
        .collect();
    assert_eq!((derivatives.levels, sizes), (0, vec![(24, 16), (48, 32)]));
    assert!(is_near(derivatives.dominant, BLUE, 40));
}

#[test]
fn stops_at_errors_of_the_callback_and_of_the_decoder() {
    let dir = TempDir::new().unwrap();
    let bytes = photograph(1);
    let path = write_file(&dir, "a.jpg", &bytes);
    let mut calls = 0;
    let result = derive(&path, 0, &Limits::default(), &[600], 512, |_, _| {
        calls += 1;
        Err(MediaError::Rendition {
            width: 512,
            reason: "the disk is full".to_owned().into(),
        })
    });
    assert_eq!(error_code(result), "rendition-failed");
    assert_eq!(calls, 1);
    let ignore = |_, _: &[u8]| Ok::<_, MediaError>(());
    let truncated = write_file(&dir, "truncated.jpg", &bytes[..bytes.len() / 2]);
    let result = derive(&truncated, 0, &Limits::default(), &[600], 512, ignore);
    assert_eq!(error_code(result), "image-truncated");
    let text = write_file(&dir, "text.jpg", b"not an image");
    let result = derive(&text, 0, &Limits::default(), &[600], 512, ignore);
    assert_eq!(error_code(result), "image-undecodable");
}

/// libjpeg conceals errors in a scan, so `check` uses another decoder.
#[test]
fn check_detects_damage_within_a_jpeg_scan() {
    let dir = TempDir::new().unwrap();
    let mut bytes = photograph(1);
    // A marker in the middle of the scan is followed by data that does not belong to any block.
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2].copy_from_slice(&[0xff, 0xc4]);
    let path = write_file(&dir, "a.jpg", &bytes);
    assert!(check(&path, 0, &Limits::default()).is_err());
}
