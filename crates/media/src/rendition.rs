//! Smaller JPEGs of a picture.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::encode::{Order, jpeg};
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

/// Makes a progressive JPEG (4:2:0, quality 80) of each width, largest first.
///
/// Nothing is enlarged: a width beyond the picture's own becomes the picture's
/// own, and of equal widths one is made. So a width asked for gives at least
/// one rendition. Widths of 0 are left out. Each rendition is scaled from the
/// next larger one, before compression.
///
/// # Errors
/// [`MediaError::Rendition`] where a rendition would be higher than the 65,535
/// pixels a JPEG can have.
pub fn renditions(picture: &Picture, widths: &[u32]) -> Result<Vec<Rendition>, MediaError> {
    let mut widths: Vec<u32> = widths
        .iter()
        .filter(|w| **w > 0)
        .map(|w| (*w).min(picture.width))
        .collect();
    widths.sort_unstable_by(|a, b| b.cmp(a));
    widths.dedup();

    let mut made = Vec::with_capacity(widths.len());
    let mut larger: Option<Picture> = None;
    for width in widths {
        let from = larger.as_ref().unwrap_or(picture);
        let failed = |reason: String| MediaError::Rendition { width, reason };
        if width == from.width {
            made.push(encode(from).map_err(failed)?);
            continue;
        }
        let scaled = scale(from, width, height_for(picture, width)).map_err(failed)?;
        made.push(encode(&scaled).map_err(failed)?);
        larger = Some(scaled);
    }
    Ok(made)
}

/// The height that keeps the picture's proportions, to the nearest pixel.
fn height_for(picture: &Picture, width: u32) -> u32 {
    let (w, h) = (u64::from(picture.width.max(1)), u64::from(picture.height));
    let height = (h * u64::from(width) + w / 2) / w;
    u32::try_from(height).unwrap_or(u32::MAX).max(1)
}

/// Scales down with a bicubic filter as wide as the pixels it covers, so that
/// a bilevel scan becomes smooth grey. In encoded values, not in linear light:
/// that would take three times the memory, and it thins dark letters on paper.
fn scale(from: &Picture, width: u32, height: u32) -> Result<Picture, String> {
    let pixel = if from.channels == 1 {
        PixelType::U8
    } else {
        PixelType::U8x3
    };
    let source =
        ImageRef::new(from.width, from.height, &from.pixels, pixel).map_err(|e| e.to_string())?;
    let mut target = Image::new(width, height, pixel);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(|e| e.to_string())?;
    Ok(Picture {
        width,
        height,
        channels: from.channels,
        pixels: target.into_vec(),
    })
}

fn encode(picture: &Picture) -> Result<Rendition, String> {
    Ok(Rendition {
        width: picture.width,
        height: picture.height,
        bytes: jpeg(picture, Order::Progressive)?,
    })
}
