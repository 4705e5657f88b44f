//! Smaller JPEGs of a picture.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use rayon::prelude::*;

use crate::encode::{Order, jpeg};
use crate::part::Part;
use crate::{MediaError, Picture};

/// A JPEG made from a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The JPEG.
    pub bytes: Vec<u8>,
}

/// Makes a progressive JPEG (4:2:0, quality 80) of each width, smallest first, of a picture of
/// `whole` pixels (width, height), from `picture`: the same, or one that has been scaled down from it
/// and is wider than all that is asked for.
///
/// Nothing is enlarged: a width beyond the picture's own becomes the picture's
/// own, and of equal widths one is made. So a width asked for gives at least
/// one rendition. Widths of 0 are left out. Each rendition is scaled from the
/// next larger one, before compression.
///
/// # Errors
/// [`MediaError::Rendition`] where a rendition would be higher than the 65,535
/// pixels a JPEG can have.
pub(crate) fn scaled(
    picture: Picture,
    whole: (u32, u32),
    widths: &[u32],
) -> Result<Vec<Rendition>, MediaError> {
    let mut widths: Vec<u32> = widths
        .iter()
        .filter(|w| **w > 0)
        .map(|w| (*w).min(picture.width))
        .collect();
    widths.sort_unstable_by(|a, b| b.cmp(a));
    widths.dedup();

    // Each picture goes when it is not needed any more: they are the most memory that a large image takes.
    let resized = |from: &Picture, width| {
        scale(from, width, height_for(whole, width))
            .map_err(|reason| MediaError::Rendition { width, reason })
    };
    let mut pictures: Vec<Picture> = Vec::with_capacity(widths.len());
    let mut picture = Some(picture);
    for width in widths {
        let next = match (pictures.last(), picture.take()) {
            (None, Some(picture)) if picture.width == width => picture,
            (None, Some(picture)) => resized(&picture, width)?,
            (Some(larger), _) => resized(larger, width)?,
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
                reason,
            })
        })
        .collect()
}

/// The height that keeps the proportions of a picture of `whole` pixels, to the nearest pixel.
fn height_for((width, height): (u32, u32), wanted: u32) -> u32 {
    let (w, h) = (u64::from(width.max(1)), u64::from(height));
    let height = (h * u64::from(wanted) + w / 2) / w;
    u32::try_from(height).unwrap_or(u32::MAX).max(1)
}

/// Scales down with a bicubic filter as wide as the pixels it covers, so that
/// a bilevel scan becomes smooth grey. In encoded values, not in linear light:
/// that would take three times the memory, and it thins dark letters on paper.
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

/// Scales pixels of a type that is known at compile time. `Resizer::resize`, which is generic over the
/// type of the image, would compile the filters of all twelve pixel types into this crate: most of its
/// build time.
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
        bytes: jpeg(Part::whole(picture), Order::Progressive)?,
    })
}
