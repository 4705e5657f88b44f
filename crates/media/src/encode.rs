//! The one place in which pixels become a JPEG or a PNG.

use jpeg_encoder::{ChromaSubsamplingMethod, Encoder, SamplingFactor};

use crate::part::Part;

const QUALITY: u8 = 80;

/// In which order the content of a JPEG comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// From the top. This is the smaller one, and the faster to make.
    Baseline,
    /// Roughly first, so that a browser shows the whole picture before all of it is there.
    Progressive,
}

/// A JPEG: quality 80, colours at half the width and height (4:2:0).
pub(crate) fn jpeg(part: Part<'_>, order: Order) -> Result<Vec<u8>, String> {
    for side in [part.width(), part.height()] {
        if side > u16::MAX.into() {
            return Err(format!(
                "a side of {side} pixels is more than a JPEG can have"
            ));
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_progressive(order == Order::Progressive);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    // A part has been averaged: of four it gives the same.
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Nearest);
    encoder.encode_image(part).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// The most greys of a picture that is tried as PNG. A bilevel scan has two, at half its size five, and at
/// a quarter some twenty.
const FEW: usize = 32;

/// A tile: a JPEG, or a PNG where there are few greys and that is smaller, as of a bilevel scan and its
/// next levels. There it is a tenth to a third as large, and exact.
pub(crate) fn tile(part: Part<'_>) -> Result<Vec<u8>, String> {
    let Some(greys) = greys(part) else {
        return jpeg(part, Order::Baseline);
    };
    let png = grey(part, &greys)?;
    if is_bilevel(&greys) {
        return Ok(png);
    }
    let jpeg = jpeg(part, Order::Baseline)?;
    Ok(if png.len() < jpeg.len() { png } else { jpeg })
}

/// The greys there are in a picture, the darkest first; `None` where it has colours, or more greys than a
/// few.
fn greys(part: Part<'_>) -> Option<Vec<u8>> {
    if part.channels() != 1 {
        return None;
    }
    let mut has = [false; 256];
    let mut count = 0;
    for value in part.rows().flatten() {
        let own = has.get_mut(usize::from(*value))?;
        count += usize::from(!*own);
        *own = true;
        if count > FEW {
            return None;
        }
    }
    Some(
        (0..=255)
            .filter(|own| has.get(usize::from(*own)) == Some(&true))
            .collect(),
    )
}

/// A PNG of a grey picture: of one bit a pixel where there is black and white alone, else of eight. (A
/// palette of four bits would be a twentieth smaller.)
fn grey(part: Part<'_>, greys: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, part.width(), part.height());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::High);
    let pixels: Vec<u8> = if is_bilevel(greys) {
        encoder.set_depth(png::BitDepth::One);
        part.rows().flat_map(bits).collect()
    } else {
        encoder.set_depth(png::BitDepth::Eight);
        // Of few greys, differences are more than the greys themselves.
        encoder.set_filter(png::Filter::NoFilter);
        part.rows().flatten().copied().collect()
    };
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer
        .write_image_data(&pixels)
        .map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(bytes)
}

fn is_bilevel(greys: &[u8]) -> bool {
    greys.iter().all(|own| matches!(own, 0 | 255))
}

/// A row of a bit for each pixel.
fn bits(row: &[u8]) -> impl Iterator<Item = u8> {
    row.chunks(8).map(|eight| {
        let bits = eight.iter().zip((0..8).rev());
        bits.fold(0, |byte, (v, place)| byte | (v >> 7) << place)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Picture;

    /// A picture of so many greys, in squares of 8 pixels.
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

    /// The pixels of a PNG of grey, and how many bits each has.
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
    fn a_tile_of_few_greys_is_exact() {
        let many: Vec<u8> = (0..=255).step_by(10).collect();
        for (greys, depth) in [
            (&[0, 255][..], png::BitDepth::One),
            (&[255], png::BitDepth::One),
            (&[0, 64, 128, 191, 255], png::BitDepth::Eight),
            (&many, png::BitDepth::Eight),
        ] {
            // A width whose rows do not end with a whole byte.
            for width in [61, 64] {
                let picture = squares(width, greys);
                let tile = tile(Part::whole(&picture)).unwrap();
                assert_eq!(decoded(&tile), (picture.pixels, depth), "{greys:?} {width}");
            }
        }
    }

    #[test]
    fn a_tile_of_many_greys_or_one_that_is_smaller_so_is_a_jpeg() {
        let is_jpeg = |picture: &Picture| {
            tile(Part::whole(picture))
                .unwrap()
                .starts_with(&[0xff, 0xd8])
        };
        let mut slope = squares(64, &[0]);
        for (at, pixel) in slope.pixels.iter_mut().enumerate() {
            *pixel = (at / 16) as u8;
        }
        assert!(is_jpeg(&slope));
        let mut colours = squares(60, &[0, 255]);
        (colours.width, colours.height, colours.channels) = (20, 60, 3);
        assert!(is_jpeg(&colours));
        // Noise of few and near greys: much to say exactly, and little to see.
        let mut noise = squares(64, &[0]);
        let mut seed = 7_u32;
        for pixel in &mut noise.pixels {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *pixel = 120 + (seed >> 28) as u8;
        }
        assert!(is_jpeg(&noise));
    }
}
