//! The one place in which pixels become a JPEG or a PNG.

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

use crate::Picture;

const QUALITY: u8 = 80;

/// In which order the content of a JPEG comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// From the top. This is the smaller one, and the faster to make.
    Baseline,
    /// Roughly first, so that a browser shows the whole picture before all of it is there.
    Progressive,
}

/// A JPEG of a picture: quality 80, colours at half the width and height (4:2:0).
pub(crate) fn jpeg(picture: &Picture, order: Order) -> Result<Vec<u8>, String> {
    let side = |n: u32| {
        u16::try_from(n).map_err(|_| format!("a side of {n} pixels is more than a JPEG can have"))
    };
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_progressive(order == Order::Progressive);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    let colour = if picture.channels == 1 {
        ColorType::Luma
    } else {
        ColorType::Rgb
    };
    encoder
        .encode(&picture.pixels, width, height, colour)
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// A tile: a JPEG, or a PNG of one bit a pixel where there is black and white and nothing between, as
/// in a bilevel scan. That is a tenth as large as the JPEG, and exact.
pub(crate) fn tile(picture: &Picture) -> Result<Vec<u8>, String> {
    let bilevel = picture.channels == 1 && picture.pixels.iter().all(|v| matches!(v, 0 | 255));
    if bilevel {
        bits(picture)
    } else {
        jpeg(picture, Order::Baseline)
    }
}

fn bits(picture: &Picture) -> Result<Vec<u8>, String> {
    let packed: Vec<u8> = picture
        .pixels
        .chunks(picture.width.max(1) as usize)
        .flat_map(|row| row.chunks(8))
        .map(|eight| {
            let bits = eight.iter().zip((0..8).rev());
            bits.fold(0, |byte, (v, place)| byte | (v >> 7) << place)
        })
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer
        .write_image_data(&packed)
        .map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(bytes)
}
