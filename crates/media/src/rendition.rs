//! Renditions of an image: copies with smaller widths.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use rayon::prelude::*;

use crate::derive::DerivativeRequest;
use crate::encode::{JpegMode, encode_jpeg, encode_png};
use crate::picture_view::PictureView;
use crate::widths::{just_above, rendition_widths};
use crate::{MediaError, Picture};

/// Minimum width of [`Renditions::jpeg`] in pixels, unless the image is narrower.
const MIN_JPEG_WIDTH: u32 = 1_600;

/// A file that contains a scaled version of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Format of the file.
    pub format: RenditionFormat,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The format of a [`Rendition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenditionFormat {
    /// JPEG in sRGB or grey.
    Jpeg,
    /// Grey PNG.
    Png,
}

/// The renditions of an image.
pub(crate) struct Renditions {
    /// The renditions with the requested widths, in ascending order of width.
    pub sizes: Vec<Rendition>,
    /// The rendition that fits into [`DerivativeRequest::strip`].
    pub strip: Option<Rendition>,
    /// A JPEG, if one is requested and the widest rendition is not a JPEG.
    pub jpeg: Option<Rendition>,
}

/// The properties of an image on which its renditions depend.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    /// Width and height of the image in pixels.
    pub size: (u32, u32),
    /// `true` if the image has few grey values: see [`crate::grey_values`].
    pub has_few_greys: bool,
}

/// Encodes a rendition for each width that [`rendition_widths`] returns.
///
/// `picture` is the image itself, or a smaller version of it that is wider than all renditions.
/// `source` describes the image itself.
///
/// A rendition is a progressive JPEG (4:2:0, quality 80). If the image has few grey values, it is a
/// grey PNG if this is smaller. A PNG of full size is lossless. A scaled one is reduced to four
/// or sixteen grey values.
///
/// Each rendition is scaled from the next larger one before compression.
///
/// # Errors
/// Returns [`MediaError::Rendition`] if a rendition would be higher than 65,535 pixels, which is
/// the maximum for JPEG.
pub(crate) fn encode_renditions(
    picture: Picture,
    source: Source,
    request: &DerivativeRequest<'_>,
) -> Result<Renditions, MediaError> {
    let mut widths = rendition_widths(source.size, request.widths, source.has_few_greys);
    let Some(smallest) = widths.first().copied() else {
        return Ok(Renditions {
            sizes: Vec::new(),
            strip: None,
            jpeg: None,
        });
    };
    let wide_enough = widths.iter().find(|width| **width >= MIN_JPEG_WIDTH);
    let jpeg_width = wide_enough.or(widths.last()).copied();
    let jpeg_width = jpeg_width.filter(|_| request.jpeg);

    let strip = request
        .strip
        .and_then(|limits| strip_width(source.size, limits, smallest));
    if let Some(width) = strip {
        widths.insert(0, width);
    }

    // Each image is dropped as soon as possible, because these images together determine the peak
    // memory use for a large image.
    let failed = |width, reason: String| MediaError::Rendition {
        width,
        reason: reason.into(),
    };
    let resize = |from: &Picture, width| {
        scale(from, width, scaled_height(source.size, width))
            .map_err(|reason| failed(width, reason))
    };
    let mut pictures: Vec<Picture> = Vec::with_capacity(widths.len());
    let mut picture = Some(picture);
    for width in widths.into_iter().rev() {
        let next = match (pictures.last(), picture.take()) {
            (None, Some(picture)) if picture.width == width => picture,
            (None, Some(picture)) => resize(&picture, width)?,
            (Some(larger), _) => resize(larger, width)?,
            (None, None) => break,
        };
        pictures.push(next);
    }
    let mut encoded = pictures
        .into_par_iter()
        .rev()
        .map(|picture| {
            let width = picture.width;
            encode(picture, source, strip == Some(width)).map_err(|reason| failed(width, reason))
        })
        .collect::<Result<Vec<Encoded>, MediaError>>()?;
    let strip = strip.map(|_| encoded.remove(0).rendition);
    let jpeg = encoded
        .iter_mut()
        .find(|encoded| Some(encoded.rendition.width) == jpeg_width)
        .and_then(|encoded| encoded.jpeg.take());
    let sizes: Vec<Rendition> = encoded
        .into_iter()
        .map(|encoded| encoded.rendition)
        .collect();
    let is_needed = |widest: &Rendition| widest.format != RenditionFormat::Jpeg;
    Ok(Renditions {
        jpeg: jpeg.filter(|_| sizes.last().is_some_and(is_needed)),
        strip,
        sizes,
    })
}

/// Returns the width of the small rendition of an image that fits into `limits`, a width and a height
/// in pixels. Returns `None` if the image has none because it would have almost the size of the
/// smallest other rendition, which is `smallest` pixels wide.
pub fn strip_width(size: (u32, u32), limits: (u32, u32), smallest: u32) -> Option<u32> {
    let width = fitting_width(size, limits);
    (just_above(width) < smallest).then_some(width)
}

/// Returns the width of an image that is scaled to fit into a width and a height. It is not
/// enlarged.
fn fitting_width((width, height): (u32, u32), (max_width, max_height): (u32, u32)) -> u32 {
    let at_max_height = u64::from(width) * u64::from(max_height) / u64::from(height.max(1));
    let at_max_height = u32::try_from(at_max_height).unwrap_or(u32::MAX);
    at_max_height.clamp(1, max_width.max(1)).min(width)
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

/// An encoded rendition.
struct Encoded {
    rendition: Rendition,
    /// The same size as JPEG, if the rendition is a scaled PNG.
    jpeg: Option<Rendition>,
}

fn encode(mut picture: Picture, source: Source, is_strip: bool) -> Result<Encoded, String> {
    let (width, height) = (picture.width, picture.height);
    let rendition = |format, bytes| Rendition {
        width,
        height,
        format,
        bytes,
    };
    // A progressive JPEG of this size is larger.
    let mode = match is_strip {
        true => JpegMode::Baseline,
        false => JpegMode::Progressive,
    };
    let jpeg = encode_jpeg(PictureView::full(&picture), mode)?;
    let jpeg = rendition(RenditionFormat::Jpeg, jpeg);
    if source.has_few_greys {
        let is_scaled = width < source.size.0;
        if is_scaled {
            quantise(&mut picture, grey_levels(source.size.0, width));
        }
        let png = encode_png(PictureView::full(&picture)).transpose()?;
        if let Some(png) = png.filter(|png| !is_scaled || png.len() < jpeg.bytes.len()) {
            return Ok(Encoded {
                rendition: rendition(RenditionFormat::Png, png),
                jpeg: Some(jpeg),
            });
        }
    }
    Ok(Encoded {
        rendition: jpeg,
        jpeg: None,
    })
}

/// Returns the number of grey values of a PNG that is `width` pixels wide, of an image with few grey
/// values that is `full_width` pixels wide.
///
/// If the image is scaled to less than a third, most pixels of a letter are intermediate grey
/// values. Otherwise, they only smooth the edges of the letters, for which four values are enough.
fn grey_levels(full_width: u32, width: u32) -> u8 {
    if full_width > width.saturating_mul(3) {
        16
    } else {
        4
    }
}

/// Rounds the samples of a picture to `levels` values from 0 to 255 at equal distances.
fn quantise(picture: &mut Picture, levels: u8) {
    let steps = u32::from(levels.max(2)) - 1;
    let rounded = |value: u8| {
        let step = (u32::from(value) * steps + 127) / 255;
        u8::try_from(step * 255 / steps).unwrap_or(u8::MAX)
    };
    for value in &mut picture.pixels {
        *value = rounded(*value);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns a bilevel image of vertical bars that are four pixels wide.
    fn bars(width: u32, height: u32) -> Picture {
        let bar = |at: u32| {
            if (at % width / 4).is_multiple_of(2) {
                0
            } else {
                255
            }
        };
        Picture {
            width,
            height,
            channels: 1,
            pixels: (0..width * height).map(bar).collect(),
        }
    }

    fn renditions(picture: &Picture, has_few_greys: bool) -> Renditions {
        let source = Source {
            size: (picture.width, picture.height),
            has_few_greys,
        };
        let request = DerivativeRequest {
            widths: &[50, 150, 400],
            tile_size: 512,
            strip: Some((64, 20)),
            jpeg: true,
        };
        encode_renditions(picture.clone(), source, &request).unwrap()
    }

    fn formats(renditions: &Renditions) -> Vec<(u32, RenditionFormat)> {
        let sizes = renditions.sizes.iter();
        sizes.map(|size| (size.width, size.format)).collect()
    }

    #[test]
    fn encodes_images_with_few_greys_as_png() {
        let picture = bars(301, 200);
        let few = renditions(&picture, true);
        assert_eq!(
            formats(&few),
            [50, 150, 301].map(|width| (width, RenditionFormat::Png))
        );
        let strip = few.strip.unwrap();
        assert_eq!((strip.width, strip.height), (30, 20));
        // There is one JPEG, of the widest rendition.
        let jpeg = few.jpeg.unwrap();
        assert_eq!((jpeg.width, jpeg.format), (301, RenditionFormat::Jpeg));

        let many = renditions(&picture, false);
        assert_eq!(
            formats(&many),
            [50, 150, 301].map(|width| (width, RenditionFormat::Jpeg))
        );
        assert!(many.jpeg.is_none(), "the widest rendition is a JPEG");
    }

    #[test]
    fn has_four_greys_above_a_third_of_the_width() {
        assert_eq!(grey_levels(3_408, 1_600), 4);
        assert_eq!(grey_levels(3_408, 1_136), 4);
        assert_eq!(grey_levels(3_408, 1_135), 16);
        let mut picture = Picture::gradient(2_040, 1, 1);
        quantise(&mut picture, 4);
        let mut greys = picture.pixels;
        greys.dedup();
        assert_eq!(greys, [0, 85, 170, 255]);
    }

    #[test]
    fn has_no_strip_that_is_as_wide_as_the_thumbnail() {
        assert!(renditions(&bars(60, 20), true).strip.is_none());
        assert!(renditions(&bars(20, 60), true).strip.is_some());
        assert_eq!(fitting_width((100, 30_000), (240, 148)), 1);
        assert_eq!(fitting_width((30_000, 100), (240, 148)), 240);
        assert_eq!(fitting_width((3_408, 5_452), (240, 148)), 92);
    }
}
