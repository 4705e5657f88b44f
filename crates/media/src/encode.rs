//! The one place in which pixels become a JPEG.

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
