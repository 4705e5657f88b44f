//! Renditions of an image: JPEGs with smaller widths.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use rayon::prelude::*;

use crate::encode::{JpegMode, encode_jpeg};
use crate::picture_view::PictureView;
use crate::{MediaError, Picture};

/// A JPEG that contains a scaled version of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The JPEG file.
    pub bytes: Vec<u8>,
}

/// Encodes a progressive JPEG (4:2:0, quality 80) for each width. Returns the JPEGs in ascending
/// order of width.
///
/// `picture` is the image itself, or a smaller version of it that is wider than all requested
/// widths. `full_size` is the width and height of the image itself in pixels.
///
/// Images are never enlarged: a width that exceeds the width of `picture` is reduced to it.
/// Duplicate widths and 0 are ignored. Each rendition is scaled from the next larger one before
/// compression.
///
/// # Errors
/// Returns [`MediaError::Rendition`] if a rendition would be higher than 65,535 pixels, which is
/// the maximum for JPEG.
pub(crate) fn encode_renditions(
    picture: Picture,
    full_size: (u32, u32),
    widths: &[u32],
) -> Result<Vec<Rendition>, MediaError> {
    let mut widths: Vec<u32> = widths
        .iter()
        .filter(|w| **w > 0)
        .map(|w| (*w).min(picture.width))
        .collect();
    widths.sort_unstable_by(|a, b| b.cmp(a));
    widths.dedup();

    // Each image is dropped as soon as possible, because these images together determine the peak
    // memory use for a large image.
    let resize = |from: &Picture, width| {
        scale(from, width, scaled_height(full_size, width)).map_err(|reason| {
            MediaError::Rendition {
                width,
                reason: reason.into(),
            }
        })
    };
    let mut pictures: Vec<Picture> = Vec::with_capacity(widths.len());
    let mut picture = Some(picture);
    for width in widths {
        let next = match (pictures.last(), picture.take()) {
            (None, Some(picture)) if picture.width == width => picture,
            (None, Some(picture)) => resize(&picture, width)?,
            (Some(larger), _) => resize(larger, width)?,
            (None, None) => break,
        };
        pictures.push(next);
    }
    pictures
        .into_par_iter()
        .rev()
        .map(|picture| {
            encode(&picture).map_err(|reason| MediaError::Rendition {
                width: picture.width,
                reason: reason.into(),
            })
        })
        .collect()
}

/// Returns the height at which an image with the width `target_width` keeps its aspect ratio,
/// rounded to the nearest pixel.
fn scaled_height((width, height): (u32, u32), target_width: u32) -> u32 {
    let (w, h) = (u64::from(width.max(1)), u64::from(height));
    let height = (h * u64::from(target_width) + w / 2) / w;
    u32::try_from(height).unwrap_or(u32::MAX).max(1)
}

/// Scales an image down with a bicubic filter whose support covers all source pixels, so that a
/// bilevel scan becomes smooth grey.
///
/// Gamma-encoded values are used for scaling, because linear light would take three times the
/// memory and make dark letters on paper thinner.
fn scale(from: &Picture, width: u32, height: u32) -> Result<Picture, String> {
    let pixels = if from.channels == 1 {
        scale_pixels::<U8>(from, width, height)
    } else {
        scale_pixels::<U8x3>(from, width, height)
    }?;
    Ok(Picture {
        width,
        height,
        channels: from.channels,
        pixels,
    })
}

/// Scales pixels of a type that is known at compile time. `Resizer::resize`, which is generic over
/// the type of the image, would compile the filters for all twelve pixel types into this crate,
/// which would take most of the build time of the crate.
fn scale_pixels<P: PixelTrait>(from: &Picture, width: u32, height: u32) -> Result<Vec<u8>, String> {
    let source = TypedImageRef::<P>::from_buffer(from.width, from.height, &from.pixels)
        .map_err(|e| e.to_string())?;
    let mut pixels = vec![0; width as usize * height as usize * P::size()];
    let mut target =
        TypedImage::<P>::from_buffer(width, height, &mut pixels).map_err(|e| e.to_string())?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .map_err(|e| e.to_string())?;
    Ok(pixels)
}

fn encode(picture: &Picture) -> Result<Rendition, String> {
    Ok(Rendition {
        width: picture.width,
        height: picture.height,
        bytes: encode_jpeg(PictureView::full(picture), JpegMode::Progressive)?,
    })
}
