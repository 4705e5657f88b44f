//! Encoding of images and tiles as JPEG and PNG.

use jpeg_encoder::{ChromaSubsamplingMethod, Encoder, SamplingFactor};

use crate::picture_view::PictureView;

const QUALITY: u8 = 80;

/// The coding mode of a JPEG.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum JpegMode {
    /// Rows are stored from top to bottom. The file is smaller and faster to encode.
    Baseline,
    /// Details are stored from coarse to fine, so that a browser can show a preview of the whole
    /// image.
    Progressive,
}

/// Encodes a JPEG with quality 80 and 4:2:0 chroma subsampling.
pub(crate) fn encode_jpeg(view: PictureView<'_>, mode: JpegMode) -> Result<Vec<u8>, String> {
    for side in [view.width(), view.height()] {
        if side > u16::MAX.into() {
            return Err(format!(
                "a side of {side} pixels exceeds the JPEG limit of 65535 pixels"
            ));
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_progressive(mode == JpegMode::Progressive);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    // `PictureView` has already averaged the chroma.
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Nearest);
    encoder.encode_image(view).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Maximum number of distinct grey values in an image for which PNG is tried. A bilevel scan has two
/// grey values, five at half its size, and about twenty at a quarter of its size.
const MAX_PNG_GREYS: usize = 32;

/// Encodes a tile as JPEG, or as PNG if it has few distinct grey values and the PNG is smaller. A
/// bilevel tile is always encoded as PNG.
///
/// As PNG, the tiles of a bilevel scan and of its next levels are lossless, and have a tenth to a
/// third of the size of a JPEG.
pub(crate) fn encode_tile(view: PictureView<'_>) -> Result<Vec<u8>, String> {
    let Some(greys) = distinct_greys(view) else {
        return encode_jpeg(view, JpegMode::Baseline);
    };
    let png = encode_grey_png(view, &greys)?;
    if is_bilevel(&greys) {
        return Ok(png);
    }
    let jpeg = encode_jpeg(view, JpegMode::Baseline)?;
    Ok(if png.len() < jpeg.len() { png } else { jpeg })
}

/// Returns the distinct grey values of an image in ascending order, or `None` if the image has
/// colours or more than [`MAX_PNG_GREYS`] grey values.
fn distinct_greys(view: PictureView<'_>) -> Option<Vec<u8>> {
    if view.channels() != 1 {
        return None;
    }
    let mut present = [false; 256];
    let mut count = 0;
    for value in view.rows().flatten() {
        let is_present = present.get_mut(usize::from(*value))?;
        count += usize::from(!*is_present);
        *is_present = true;
        if count > MAX_PNG_GREYS {
            return None;
        }
    }
    Some(
        (0..=255)
            .filter(|grey| present.get(usize::from(*grey)) == Some(&true))
            .collect(),
    )
}

/// Encodes an image of few grey values as PNG. Returns `None` if the image has colours or more than
/// [`MAX_PNG_GREYS`] grey values.
pub(crate) fn encode_png(view: PictureView<'_>) -> Option<Result<Vec<u8>, String>> {
    distinct_greys(view).map(|greys| encode_grey_png(view, &greys))
}

/// Encodes a grey PNG with the smallest number of bits per pixel that represents all grey values
/// exactly. (For the five grey values of a bilevel scan at half its size, a palette with four bits
/// would be 5 % smaller than eight bits.)
///
/// WebP is not used: the lossless encoder in pure Rust does not pack pixels, and its files are 15 %
/// to 80 % larger.
fn encode_grey_png(view: PictureView<'_>, greys: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, view.width(), view.height());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::High);
    // With few grey values, filtering would increase the number of distinct values.
    encoder.set_filter(png::Filter::NoFilter);
    let depth = bit_depth(greys);
    encoder.set_depth(depth);
    let bits = depth as usize;
    let pixels: Vec<u8> = match depth {
        png::BitDepth::Eight => view.rows().flatten().copied().collect(),
        _ => view.rows().flat_map(|row| pack_bits(row, bits)).collect(),
    };
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer
        .write_image_data(&pixels)
        .map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Returns the smallest bit depth of a grey PNG that represents all of these values exactly.
fn bit_depth(greys: &[u8]) -> png::BitDepth {
    let depths = [
        (png::BitDepth::One, 255),
        (png::BitDepth::Two, 85),
        (png::BitDepth::Four, 17),
    ];
    let is_exact = |step: u8| greys.iter().all(|grey| grey.is_multiple_of(step));
    let exact = depths.into_iter().find(|(_, step)| is_exact(*step));
    exact.map_or(png::BitDepth::Eight, |(depth, _)| depth)
}

fn is_bilevel(greys: &[u8]) -> bool {
    bit_depth(greys) == png::BitDepth::One
}

/// Packs a row into `bits` bits per pixel, which is 1, 2 or 4.
fn pack_bits(row: &[u8], bits: usize) -> impl Iterator<Item = u8> {
    row.chunks(8 / bits).map(move |pixels| {
        let shifts = (1..).map(|place| 8 - bits * place);
        let packed = pixels.iter().zip(shifts);
        packed.fold(0, |byte, (v, shift)| byte | (v >> (8 - bits)) << shift)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Picture;

    /// Returns a square image that consists of squares of 8 × 8 pixels with the given grey values.
    fn squares(width: u32, greys: &[u8]) -> Picture {
        let of = |at: u32| greys[(at % width / 8 + at / width / 8) as usize % greys.len()];
        let pixels: Vec<u8> = (0..width * width).map(of).collect();
        Picture {
            width,
            height: width,
            channels: 1,
            pixels,
        }
    }

    /// Returns the pixels and the bit depth of a grey PNG.
    fn decoded(bytes: &[u8]) -> (Vec<u8>, png::BitDepth) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let depth = decoder.read_header_info().unwrap().bit_depth;
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        pixels.truncate(frame.buffer_size());
        assert_eq!(frame.color_type, png::ColorType::Grayscale);
        (pixels, depth)
    }

    #[test]
    fn encodes_tiles_of_few_greys_losslessly() {
        let many: Vec<u8> = (0..=255).step_by(10).collect();
        for (greys, depth) in [
            (&[0, 255][..], png::BitDepth::One),
            (&[255], png::BitDepth::One),
            (&[0, 85, 170, 255], png::BitDepth::Two),
            (&[0, 17, 102, 255], png::BitDepth::Four),
            (&[0, 64, 128, 191, 255], png::BitDepth::Eight),
            (&many, png::BitDepth::Eight),
        ] {
            // At a width of 61, rows do not end at a byte boundary.
            for width in [61, 64] {
                let picture = squares(width, greys);
                let tile = encode_tile(PictureView::full(&picture)).unwrap();
                assert_eq!(decoded(&tile), (picture.pixels, depth), "{greys:?} {width}");
            }
        }
    }

    #[test]
    fn encodes_tiles_of_many_greys_or_colours_as_jpeg() {
        let is_jpeg = |picture: &Picture| {
            encode_tile(PictureView::full(picture))
                .unwrap()
                .starts_with(&[0xff, 0xd8])
        };
        let mut gradient = squares(64, &[0]);
        for (at, pixel) in gradient.pixels.iter_mut().enumerate() {
            *pixel = (at / 16) as u8;
        }
        assert!(is_jpeg(&gradient));
        let mut colours = squares(60, &[0, 255]);
        (colours.width, colours.height, colours.channels) = (20, 60, 3);
        assert!(is_jpeg(&colours));
        // Noise with a few similar grey values is large as PNG and small as JPEG.
        let mut noise = squares(64, &[0]);
        let mut seed = 7_u32;
        for pixel in &mut noise.pixels {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *pixel = 120 + (seed >> 28) as u8;
        }
        assert!(is_jpeg(&noise));
    }
}
