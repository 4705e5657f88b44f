//! Decoding of PNG row by row. Interlaced images are decoded in one piece by the `image` crate.

use std::ops::ControlFlow;
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use super::rows::RowConverter;
use super::{image_crate, open, to_8_bit};
use crate::colour::SampleLayout;
use crate::recognise::Format;
use crate::{Limits, MediaError};

/// Number of bytes that are decoded before they are passed on.
const BAND_BYTES: usize = 1 << 20;

fn failed(path: &Path, error: &DecodingError) -> MediaError {
    match error {
        DecodingError::IoError(e) => MediaError::while_decoding(path, e),
        e => MediaError::while_decoding(path, e),
    }
}

pub(super) fn rows(
    path: &Path,
    limits: &Limits,
    mut converter: RowConverter,
) -> Result<(), MediaError> {
    // The limit applies to ancillary data and to a single row.
    let max_bytes = limits.max_alloc.min(image_crate::MAX_ANCILLARY_BYTES);
    let max_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(open(path)?, png::Limits { bytes: max_bytes });
    // Expands palettes to RGB, samples to at least 8 bits, and tRNS to an alpha channel.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|e| failed(path, &e))?;
    let info = reader.info();
    if info.interlaced {
        return converter.push_image(image_crate::read(path, Format::Png, limits)?);
    }
    let (width, height) = (info.width, info.height);
    let icc = info.icc_profile.as_deref().map(<[u8]>::to_vec);
    let (colour, depth) = reader.output_color_type();
    let samples = match colour {
        ColorType::Grayscale => SampleLayout::Grey,
        ColorType::GrayscaleAlpha => SampleLayout::GreyAlpha,
        ColorType::Rgba => SampleLayout::Rgba,
        ColorType::Rgb | ColorType::Indexed => SampleLayout::Rgb,
    };
    if converter
        .begin(width, height, samples, icc.as_deref())
        .is_break()
    {
        return Ok(());
    }
    let mut band = Vec::with_capacity(BAND_BYTES);
    while let Some(row) = reader.next_row().map_err(|e| failed(path, &e))? {
        match depth {
            BitDepth::Sixteen => band.extend(
                row.data()
                    .as_chunks()
                    .0
                    .iter()
                    .map(|sample| to_8_bit(u16::from_be_bytes(*sample))),
            ),
            _ => band.extend_from_slice(row.data()),
        }
        if band.len() >= BAND_BYTES {
            if converter.push_rows(&mut band) == ControlFlow::Break(()) {
                return Ok(());
            }
            band.clear();
        }
    }
    match converter.push_rows(&mut band) {
        ControlFlow::Break(()) => Ok(()),
        ControlFlow::Continue(()) => converter.finish(),
    }
}
