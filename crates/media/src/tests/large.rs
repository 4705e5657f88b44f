//! Tests of the paths that large images take. Low limits make small images take them.

use tiff::encoder::{Compression, Predictor, TiffEncoder, colortype};

use super::formats::fixture;
use super::*;

/// Limits that reject any image that is decoded in one piece.
fn only_rows() -> Limits {
    Limits {
        max_pixels: 100,
        max_side: 10,
        max_alloc: 50_000,
        max_band: 0,
        ..Limits::default()
    }
}

/// Decodes a page row by row, with the given maximum size of the rows in memory.
fn decode_in_bands(path: &Path, page: u32, max_band: u64) -> Result<Picture, MediaError> {
    let limits = Limits {
        max_band,
        ..Limits::default()
    };
    ImageFile::open(path)?.decode(page, &limits)
}

/// Returns pixels that no compression shortens much and no predictor makes constant.
fn noise(length: usize) -> Vec<u8> {
    let mut seed = 1_u32;
    let values = (0..length).map(|index| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (index / 7) as u8 ^ (seed >> 28) as u8
    });
    values.collect()
}

/// Returns a TIFF with strips of `rows` rows.
fn strips<C>(
    compression: Compression,
    predictor: Predictor,
    samples: &[C::Inner],
    (width, height, rows): (u32, u32, u32),
) -> Vec<u8>
where
    C: colortype::ColorType,
    [C::Inner]: tiff::encoder::TiffValue,
{
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)
        .unwrap()
        .with_compression(compression)
        .with_predictor(predictor);
    let mut image = encoder.new_image::<C>(width, height).unwrap();
    image.rows_per_strip(rows).unwrap();
    image.write_data(samples).unwrap();
    bytes.into_inner()
}

const COMPRESSIONS: [Compression; 4] = [
    Compression::Uncompressed,
    Compression::Packbits,
    Compression::Lzw,
    Compression::Deflate(tiff::encoder::DeflateLevel::Fast),
];

#[test]
fn strips_of_any_height_decode_to_the_same_pixels_row_by_row() {
    let dir = TempDir::new().unwrap();
    let (width, height) = (301, 97);
    let samples = noise(width as usize * height as usize * 4);
    let samples_16: Vec<u16> = samples
        .iter()
        .map(|v| u16::from(*v).wrapping_mul(259))
        .collect();
    let pixels = width as usize * height as usize;
    for (kind, compression) in COMPRESSIONS.into_iter().enumerate() {
        for predictor in [Predictor::None, Predictor::Horizontal] {
            for rows in [height, 40, 1] {
                let size = (width, height, rows);
                let (some, some_16) = (&samples, &samples_16);
                let files = [
                    strips::<colortype::Gray8>(compression, predictor, &some[..pixels], size),
                    strips::<colortype::RGB8>(compression, predictor, &some[..3 * pixels], size),
                    strips::<colortype::RGBA8>(compression, predictor, some, size),
                    strips::<colortype::CMYK8>(compression, predictor, some, size),
                    strips::<colortype::Gray16>(compression, predictor, &some_16[..pixels], size),
                    strips::<colortype::RGB16>(
                        compression,
                        predictor,
                        &some_16[..3 * pixels],
                        size,
                    ),
                    strips::<colortype::RGBA16>(compression, predictor, some_16, size),
                ];
                for (number, bytes) in files.iter().enumerate() {
                    let path = write_file(&dir, "strips.tif", bytes);
                    let expected = decode(&path, &Limits::default()).unwrap();
                    let actual = decode_in_bands(&path, 0, 0).unwrap();
                    assert!(
                        actual.pixels == expected.pixels,
                        "compression {kind}, {predictor:?}, {rows} rows, number {number}"
                    );
                    check(&path, 0, &only_rows()).unwrap();
                }
            }
        }
    }
}

#[test]
fn all_variants_of_tiff_decode_to_the_same_pixels_row_by_row() {
    let dir = TempDir::new().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut compared = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".tif") {
            continue;
        }
        let path = fixture(&dir, &name);
        let Ok(expected) = decode(&path, &Limits::default()) else {
            continue;
        };
        // With 4 KiB, tiles of 16 × 16 pixels are decoded, but a row of them is kept in a file.
        for max_band in [0, 4 << 10] {
            let actual = decode_in_bands(&path, 0, max_band).unwrap();
            let size = (actual.width, actual.height);
            assert_eq!(size, (expected.width, expected.height), "{name}");
            assert!(actual.pixels == expected.pixels, "{name}, {max_band} bytes");
        }
        compared += 1;
    }
    assert!(compared > 20, "{compared} fixtures");
}

#[test]
fn rows_of_tiles_in_a_file_decode_to_the_same_pixels() {
    let dir = TempDir::new().unwrap();
    let (width, height) = (500, 70);
    let pixels = noise(3 * 500 * 70);
    let bytes = tiled_tiff(&pixels, width, height);
    let path = write_file(&dir, "tiles.tif", &bytes);
    let limits = Limits {
        max_band: 8 << 10,
        ..only_rows()
    };
    // The tiles have 16 × 16 pixels. A row of them has 24 kB.
    check(&path, 0, &limits).unwrap();
    let actual = decode_in_bands(&path, 0, 8 << 10).unwrap();
    assert!(actual.pixels == pixels);
    let too_low = Limits {
        max_band: 1 << 10,
        ..only_rows()
    };
    let code = error_code(check(&path, 0, &too_low));
    assert_eq!(code, "image-too-large", "a tile does not fit into memory");
}

#[test]
fn images_that_are_decoded_row_by_row_have_higher_limits() {
    let dir = TempDir::new().unwrap();
    let (width, height) = (120, 90);
    let pixels = gradient(width, height);
    let (width, height) = (u32::from(width), u32::from(height));
    let mut png = Vec::new();
    png::PngEncoder::new(&mut png)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    let size = (width, height, height);
    let strip = strips::<colortype::RGB8>(Compression::Lzw, Predictor::None, &pixels, size);
    for (name, bytes) in [
        ("a.png", png),
        ("a.jpg", jpeg(Some(1), false)),
        ("strip.tif", strip),
        ("tiles.tif", tiled_tiff(&pixels, width, height)),
    ] {
        let path = write_file(&dir, name, &bytes);
        // A strip that fits into memory is decoded in one piece.
        let limits = Limits {
            max_band: 4 << 10,
            ..only_rows()
        };
        check(&path, 0, &limits).unwrap();
        ImageFile::open(&path).unwrap().size(0, &limits).unwrap();
        let result = derive(&path, 0, &limits, &[20], 32, |_, _| Ok::<_, MediaError>(()));
        assert_eq!(result.unwrap().renditions.len(), 1, "{name}");
        let small = ImageFile::open(&path)
            .unwrap()
            .decode_smaller(0, &limits, 30)
            .unwrap();
        assert!(small.width >= 30, "{name}");
        // All pixels would be in memory.
        assert_eq!(
            error_code(decode(&path, &limits)),
            "image-too-large",
            "{name}"
        );
        for limits in [
            Limits {
                max_streamed_pixels: 1_000,
                ..limits
            },
            Limits {
                max_streamed_side: 40,
                ..limits
            },
        ] {
            let code = error_code(check(&path, 0, &limits));
            assert_eq!(code, "image-too-large", "{name}");
        }
    }
}

#[test]
fn images_that_are_decoded_in_one_piece_keep_their_limits() {
    let dir = TempDir::new().unwrap();
    let rotated = write_file(&dir, "rotated.jpg", &jpeg(Some(6), false));
    let bmp = write_file(&dir, "a.bmp", &bmp_of_scene());
    let names = [
        "interlaced.png",
        "planar.tif",
        "ccitt-group4.tif",
        "jpeg-rgb.tif",
        "animated.gif",
        "lossy.webp",
    ];
    let fixtures = names.map(|name| fixture(&dir, name));
    for path in [rotated, bmp].into_iter().chain(fixtures) {
        check(&path, 0, &Limits::default()).unwrap();
        let error = check(&path, 0, &only_rows()).unwrap_err();
        assert_eq!(error.code(), "image-too-large", "{}", path.display());
        assert!(error.hint().contains("TIFF in tiles"));
    }
}

#[test]
fn a_progressive_jpeg_that_is_too_large_is_refused_with_the_command_that_converts_it() {
    let dir = TempDir::new().unwrap();
    // Optimised tables make the encoder write several scans.
    let mut several_scans = Vec::new();
    let mut encoder = Encoder::new(&mut several_scans, 90);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(&scene(), 48, 32, ColorType::Rgb).unwrap();
    for bytes in [jpeg(None, true), several_scans] {
        let path = write_file(&dir, "a.jpg", &bytes);
        check(&path, 0, &Limits::default()).unwrap();
        let error = check(&path, 0, &only_rows()).unwrap_err();
        assert_eq!(error.code(), "image-progressive-too-large");
        assert!(error.hint().contains("`jpegtran -copy all -outfile "));
        assert!(error.to_string().contains("48 × 32"), "{error}");
        // Two bytes per coefficient are in memory.
        let memory = Limits {
            max_alloc: 48 * 32 * 6 - 1,
            ..Limits::default()
        };
        let error = check(&path, 0, &memory).unwrap_err();
        assert_eq!(error.code(), "image-progressive-too-large");
    }
}

#[test]
fn derivatives_are_the_same_if_rows_of_tiles_are_in_files() {
    let dir = TempDir::new().unwrap();
    let pixels = noise(3 * 2_600 * 1_200);
    let size = (2_600, 1_200, 1_200);
    let compression = Compression::Deflate(Default::default());
    let bytes = strips::<colortype::RGB8>(compression, Predictor::Horizontal, &pixels, size);
    let path = write_file(&dir, "a.tif", &bytes);
    let derived = |max_band| {
        let limits = Limits {
            max_band,
            ..Limits::default()
        };
        let mut tiles = Vec::new();
        let derivatives = derive(&path, 0, &limits, &[300, 600], 256, |level, tile| {
            tiles.push((level, tile.to_vec()));
            Ok::<_, MediaError>(())
        });
        // The rows of tiles of different levels may be interleaved in any order.
        tiles.sort_by_key(|(level, _)| *level);
        (derivatives.unwrap(), tiles)
    };
    let expected = derived(u64::MAX);
    assert_eq!(expected.1.len(), 11 * 5 + 6 * 3);
    assert!(derived(0) == expected);
    assert!(derived(1_000_000) == expected);
}

#[test]
fn a_truncated_strip_is_reported() {
    let dir = TempDir::new().unwrap();
    let pixels = noise(3 * 200 * 100);
    let size = (200, 100, 100);
    for compression in COMPRESSIONS {
        let bytes = strips::<colortype::RGB8>(compression, Predictor::None, &pixels, size);
        // The encoder writes the strip before the directory, so the strip is shortened, but not the
        // file.
        let path = write_file(&dir, "whole.tif", &bytes);
        assert!(decode_in_bands(&path, 0, 0).is_ok());
        let (_, length) = entry_of(&bytes, 279);
        let mut short = bytes.clone();
        let half = (value_of(&bytes, 279) / 2).to_le_bytes();
        short[length..length + 4].copy_from_slice(&half);
        let path = write_file(&dir, "short.tif", &short);
        let result = decode_in_bands(&path, 0, 0);
        match compression {
            // The length is ignored.
            Compression::Uncompressed | Compression::Deflate(_) => assert!(result.is_ok()),
            _ => assert_eq!(error_code(result), "image-truncated"),
        }
    }
}

/// Returns the positions in a little-endian TIFF of the type and of the value of a tag in its
/// first directory.
fn entry_of(bytes: &[u8], tag: u16) -> (usize, usize) {
    let number = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let start = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let entries = (0..usize::from(number(start))).map(|index| start + 2 + 12 * index);
    let entry = entries.into_iter().find(|at| number(*at) == tag).unwrap();
    (entry + 2, entry + 8)
}

fn value_of(bytes: &[u8], tag: u16) -> u32 {
    let (kind, at) = entry_of(bytes, tag);
    match bytes[kind] {
        3 => u16::from_le_bytes([bytes[at], bytes[at + 1]]).into(),
        _ => u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()),
    }
}

/// Returns an uncompressed TIFF of 60 × 40 grey pixels in one strip, with some tags replaced.
fn strip_with(replaced: &[(u16, u32)]) -> Vec<u8> {
    let tags = [
        (256, 60),
        (257, 40),
        (258, 8),
        (259, 1),
        (262, 1),
        (277, 1),
        (278, 40),
    ];
    let tags = tags.map(|(tag, value)| {
        let other = replaced.iter().find(|(other, _)| *other == tag);
        (tag, 4, 1, other.map_or(value, |(_, value)| *value))
    });
    let mut bytes = tiff_of(&tags, &noise(60 * 40));
    for (tag, value) in replaced {
        let (_, at) = entry_of(&bytes, *tag);
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn hostile_strips_are_reported() {
    let dir = TempDir::new().unwrap();
    let code = |replaced: &[(u16, u32)]| {
        let path = write_file(&dir, "a.tif", &strip_with(replaced));
        match decode_in_bands(&path, 0, 0) {
            Ok(picture) if picture.pixels == noise(60 * 40) => "ok",
            Ok(_) => "other pixels",
            Err(error) => error.code(),
        }
    };
    assert_eq!(code(&[]), "ok");
    // Some writers store the largest number for a single strip.
    assert_eq!(code(&[(278, u32::MAX)]), "ok");
    // The strip begins or ends beyond the end of the file.
    assert_eq!(code(&[(273, 1_000_000)]), "image-truncated");
    assert_eq!(code(&[(273, u32::MAX)]), "image-truncated");
    assert_eq!(code(&[(257, 41), (278, 41)]), "image-truncated");
    // There are more strips than offsets.
    assert_eq!(code(&[(278, 20)]), "image-undecodable");
    assert_eq!(code(&[(278, 0)]), "image-undecodable");
    // The data are not in the declared compression.
    for compression in [5, 8, 32_946, 32_773] {
        let code = code(&[(259, compression)]);
        // Most sequences of bytes are valid in PackBits.
        let expected = ["image-truncated", "image-undecodable", "other pixels"];
        let expected = expected.get(..if compression == 32_773 { 3 } else { 2 });
        assert!(expected.unwrap().contains(&code), "{compression}: {code}");
    }
}

#[test]
fn hostile_tiles_are_reported() {
    let dir = TempDir::new().unwrap();
    let bytes = tiled_tiff(&noise(3 * 100 * 50), 100, 50);
    for (tag, value) in [
        (322, 0_u32),
        (323, 0),
        (322, u32::MAX - 15),
        (323, u32::MAX - 15),
        (324, u32::MAX),
    ] {
        let mut hostile = bytes.clone();
        let (kind, at) = entry_of(&hostile, tag);
        hostile[kind..kind + 2].copy_from_slice(&4_u16.to_le_bytes());
        hostile[at..at + 4].copy_from_slice(&value.to_le_bytes());
        let path = write_file(&dir, "a.tif", &hostile);
        for max_band in [0, 1 << 13, 64 << 20] {
            let code = error_code(decode_in_bands(&path, 0, max_band));
            let expected = ["image-truncated", "image-undecodable", "image-codec-panic"];
            assert!(expected.contains(&code), "{tag} = {value}: {code}");
        }
    }
}

#[test]
fn damaged_files_do_not_make_the_decoders_of_rows_panic() {
    let dir = TempDir::new().unwrap();
    let names = [
        "bigtiff.tif",
        "cmyk.tif",
        "grey-16.tif",
        "palette-4.tif",
        "tiled.tif",
        "tiled-jpeg.tif",
    ];
    for name in names {
        let intact = std::fs::read(fixture(&dir, name)).unwrap();
        for index in 0..intact.len().min(400) {
            let mut bytes = intact.clone();
            bytes[index] ^= 0x55;
            let path = write_file(&dir, "damaged.tif", &bytes);
            for max_band in [0, 4 << 10] {
                let limits = Limits {
                    max_pixels: 1_000_000,
                    max_streamed_pixels: 1_000_000,
                    max_band,
                    ..Limits::default()
                };
                let image = ImageFile::open(&path);
                if let Err(error) = image.and_then(|image| image.check(0, &limits)) {
                    assert_ne!(error.code(), "image-codec-panic", "{name} at {index}");
                }
            }
        }
    }
}
