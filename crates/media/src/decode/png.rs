//! PNG by rows. One that is interlaced comes as a whole, through the `image` crate.

use std::ops::ControlFlow;
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use super::rows::Upright;
use super::{generic, narrow, open};
use crate::colour::Samples;
use crate::kind::Format;
use crate::{Limits, MediaError};

/// Bytes of rows that are decoded before they are handed on.
const BAND: usize = 1 << 20;

fn failed(path: &Path, error: &DecodingError) -> MediaError {
    match error {
        DecodingError::IoError(e) => MediaError::while_decoding(path, e),
        e => MediaError::while_decoding(path, e),
    }
}

pub(super) fn rows(path: &Path, limits: &Limits, mut upright: Upright) -> Result<(), MediaError> {
    // Pixels are read by rows, of which each is far smaller.
    let most = limits.max_alloc.min(generic::MOST_BESIDE);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(open(path)?, png::Limits { bytes: most });
    // Palettes become colours, fewer than 8 bits 8, a colour that is transparent an alpha channel.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|e| failed(path, &e))?;
    let info = reader.info();
    if info.interlaced {
        return upright.whole(generic::read(path, Format::Png, limits)?);
    }
    let (width, height) = (info.width, info.height);
    let icc = info.icc_profile.as_deref().map(<[u8]>::to_vec);
    let (colour, depth) = reader.output_color_type();
    let samples = match colour {
        ColorType::Grayscale => Samples::Grey,
        ColorType::GrayscaleAlpha => Samples::GreyAlpha,
        ColorType::Rgba => Samples::Rgba,
        ColorType::Rgb | ColorType::Indexed => Samples::Rgb,
    };
    if upright
        .begin(width, height, samples, icc.as_deref())
        .is_break()
    {
        return Ok(());
    }
    let mut band = Vec::with_capacity(BAND);
    while let Some(row) = reader.next_row().map_err(|e| failed(path, &e))? {
        match depth {
            BitDepth::Sixteen => band.extend(
                row.data()
                    .as_chunks()
                    .0
                    .iter()
                    .map(|sample| narrow(u16::from_be_bytes(*sample))),
            ),
            _ => band.extend_from_slice(row.data()),
        }
        if band.len() >= BAND {
            if upright.rows(&mut band) == ControlFlow::Break(()) {
                return Ok(());
            }
            band.clear();
        }
    }
    match upright.rows(&mut band) {
        ControlFlow::Break(()) => Ok(()),
        ControlFlow::Continue(()) => upright.end(),
    }
}
