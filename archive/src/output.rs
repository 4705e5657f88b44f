//! Encoding of images, sounds and texts with fixed settings, and writing of the files.

use std::io::Write;
use std::path::Path;

use tiny_skia::Pixmap;

use crate::error::DemoError;

/// Resolution of the sheets, in pixels per metre. It equals 300 pixels per inch.
const PIXELS_PER_METRE: u32 = 11_811;

/// Quality of JPEG files, from 0 to 100.
const JPEG_QUALITY: u8 = 88;

/// Writes an opaque image as JPEG if the extension of the path is `jpg`, otherwise as PNG.
///
/// # Errors
/// Returns [`DemoError::Unwritable`] if the file cannot be written, and [`DemoError::Unencodable`]
/// if the image cannot be encoded.
pub fn write_image(path: &Path, pixmap: &Pixmap) -> Result<(), DemoError> {
    let file = std::fs::File::create(path).map_err(|source| unwritable(path, source))?;
    let mut file = std::io::BufWriter::with_capacity(1 << 20, file);
    if path.extension().is_some_and(|extension| extension == "jpg") {
        write_jpeg(path, pixmap, &mut file)?;
    } else {
        write_png(path, pixmap, &mut file)?;
    }
    file.flush().map_err(|source| unwritable(path, source))
}

fn write_png(path: &Path, pixmap: &Pixmap, file: &mut impl Write) -> Result<(), DemoError> {
    let encoding_error = |error: png::EncodingError| match error {
        png::EncodingError::IoError(source) => unwritable(path, source),
        other => unencodable(path, &other),
    };
    let mut encoder = png::Encoder::new(file, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: PIXELS_PER_METRE,
        yppu: PIXELS_PER_METRE,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(encoding_error)?;
    let mut stream = writer.stream_writer().map_err(encoding_error)?;
    for row in pixmap.data().chunks_exact(pixmap.width() as usize * 4) {
        stream
            .write_all(&rgb(row))
            .map_err(|source| unwritable(path, source))?;
    }
    stream.finish().map_err(encoding_error)?;
    writer.finish().map_err(encoding_error)
}

fn write_jpeg(path: &Path, pixmap: &Pixmap, file: &mut impl Write) -> Result<(), DemoError> {
    let side = |pixels: u32| u16::try_from(pixels).map_err(|error| unencodable(path, &error));
    let mut encoder = jpeg_encoder::Encoder::new(file, JPEG_QUALITY);
    encoder.set_density(jpeg_encoder::PixelDensity::dpi(300));
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(
            &rgb(pixmap.data()),
            side(pixmap.width())?,
            side(pixmap.height())?,
            jpeg_encoder::ColorType::Rgb,
        )
        .map_err(|error| unencodable(path, &error))
}

/// Removes the alpha channel of opaque pixels.
fn rgb(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4)
        .flat_map(|pixel| pixel.iter().take(3).copied())
        .collect()
}

/// Writes samples as a WAV file: mono, 16 bits, 44,100 samples per second.
///
/// # Errors
/// Returns [`DemoError::Unwritable`] if the file cannot be written.
pub fn write_wav(path: &Path, samples: &[i16]) -> Result<(), DemoError> {
    const SAMPLE_RATE: u32 = 44_100;
    let data_len = samples.len() as u32 * 2;
    let mut out = Vec::with_capacity(44 + samples.len() * 2);
    out.extend(b"RIFF");
    out.extend((36 + data_len).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend(1u16.to_le_bytes());
    out.extend(1u16.to_le_bytes());
    out.extend(SAMPLE_RATE.to_le_bytes());
    out.extend((SAMPLE_RATE * 2).to_le_bytes());
    out.extend(2u16.to_le_bytes());
    out.extend(16u16.to_le_bytes());
    out.extend(b"data");
    out.extend(data_len.to_le_bytes());
    for sample in samples {
        out.extend(sample.to_le_bytes());
    }
    std::fs::write(path, out).map_err(|source| unwritable(path, source))
}

/// Writes a text file.
///
/// # Errors
/// Returns [`DemoError::Unwritable`] if the file cannot be written.
pub fn write_text(path: &Path, text: &str) -> Result<(), DemoError> {
    write_bytes(path, text.as_bytes())
}

/// Writes bytes to a file.
///
/// # Errors
/// Returns [`DemoError::Unwritable`] if the file cannot be written.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    std::fs::write(path, bytes).map_err(|source| unwritable(path, source))
}

/// Compresses bytes in the zlib format.
pub fn zlib_compress(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing to a vector does not fail.
    match zlib.write_all(bytes) {
        Ok(()) => zlib.finish().unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

fn unwritable(path: &Path, source: std::io::Error) -> DemoError {
    DemoError::Unwritable {
        path: path.to_owned(),
        source,
    }
}

fn unencodable(path: &Path, reason: &dyn std::fmt::Display) -> DemoError {
    DemoError::Unencodable {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}
