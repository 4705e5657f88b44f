//! Colour conversion in place: from ICC profiles to sRGB and from CMYK to RGB, and compositing of
//! transparent pixels over white.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

/// The meaning of the samples of a decoded image. Each sample has 8 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SampleLayout {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// 0 means no ink.
    Cmyk,
}

impl SampleLayout {
    pub fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// Converts pixels to opaque sRGB (three channels) or grey (one channel), row by row.
///
/// A profile that is unreadable or made for another colour space is ignored. The pixels are then
/// treated as sRGB, as in browsers.
pub(crate) struct ToSrgb {
    samples: SampleLayout,
    conversion: Conversion,
}

/// The colour conversion that is applied to an image.
enum Conversion {
    /// No conversion.
    Identity,
    /// A lookup table for grey values.
    GreyTable(Vec<u8>),
    Profile(Arc<Transform8BitExecutor>),
}

impl ToSrgb {
    pub fn new(samples: SampleLayout, icc: Option<&[u8]>) -> ToSrgb {
        let profile = icc.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
        let profile = profile.as_ref();
        let conversion = match samples {
            SampleLayout::Grey | SampleLayout::GreyAlpha => {
                grey_table(profile).map(Conversion::GreyTable)
            }
            SampleLayout::Rgb => rgb_transform(profile, Layout::Rgb).map(Conversion::Profile),
            SampleLayout::Rgba => rgb_transform(profile, Layout::Rgba).map(Conversion::Profile),
            // `Layout::Rgba` stands for any four channels, whose meaning the profile defines.
            SampleLayout::Cmyk => {
                create_transform(profile, DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb)
                    .map(Conversion::Profile)
            }
        };
        ToSrgb {
            samples,
            conversion: conversion.unwrap_or(Conversion::Identity),
        }
    }

    /// Returns the number of output channels: 1 or 3.
    pub fn channels(&self) -> usize {
        match self.samples {
            SampleLayout::Grey | SampleLayout::GreyAlpha => 1,
            SampleLayout::Rgb | SampleLayout::Rgba | SampleLayout::Cmyk => 3,
        }
    }

    /// Converts complete rows of `width` pixels each in place.
    pub fn convert(&self, pixels: &mut Vec<u8>, width: usize) {
        match (self.samples, &self.conversion) {
            (SampleLayout::Grey, Conversion::GreyTable(table)) => map_greys(pixels, 1, table),
            (SampleLayout::GreyAlpha, conversion) => {
                if let Conversion::GreyTable(table) = conversion {
                    map_greys(pixels, 2, table);
                }
                flatten_over_white::<2, 1>(pixels);
            }
            (SampleLayout::Rgb, Conversion::Profile(transform)) => {
                apply_transform(pixels, width * 3, &**transform)
            }
            (SampleLayout::Rgba, conversion) => {
                if let Conversion::Profile(transform) = conversion {
                    apply_transform(pixels, width * 4, &**transform);
                }
                flatten_over_white::<4, 3>(pixels);
            }
            (SampleLayout::Cmyk, conversion) => cmyk_to_rgb(pixels, width, conversion),
            (SampleLayout::Grey | SampleLayout::Rgb, _) => {}
        }
    }
}

fn create_transform(
    profile: Option<&ColorProfile>,
    space: DataColorSpace,
    from: Layout,
    to: Layout,
) -> Option<Arc<Transform8BitExecutor>> {
    let profile = profile.filter(|p| p.color_space == space)?;
    profile
        .create_transform_8bit(
            from,
            &ColorProfile::new_srgb(),
            to,
            TransformOptions::default(),
        )
        .ok()
}

/// Returns the converted value of each of the 256 grey values.
fn grey_table(profile: Option<&ColorProfile>) -> Option<Vec<u8>> {
    let transform = create_transform(profile, DataColorSpace::Gray, Layout::Gray, Layout::Rgb)?;
    let ramp: Vec<u8> = (0..=255).collect();
    let mut rgb = vec![0; 256 * 3];
    transform.transform(&ramp, &mut rgb).ok()?;
    let greens = rgb.chunks_exact(3).filter_map(|c| c.get(1).copied());
    Some(greens.collect())
}

fn map_greys(pixels: &mut [u8], channels: usize, table: &[u8]) {
    for pixel in pixels.chunks_exact_mut(channels) {
        if let Some(grey) = pixel.first_mut()
            && let Some(converted) = table.get(usize::from(*grey))
        {
            *grey = *converted;
        }
    }
}

fn rgb_transform(
    profile: Option<&ColorProfile>,
    layout: Layout,
) -> Option<Arc<Transform8BitExecutor>> {
    let transform = create_transform(profile, DataColorSpace::Rgb, layout, layout)?;
    let channels = if layout == Layout::Rgb { 3 } else { 4 };
    (!is_near_identity(&*transform, channels)).then_some(transform)
}

/// Returns `true` if a transform changes no channel of any tested colour by more than one step.
/// This is the case for the many slightly different sRGB profiles. Rounding errors would then
/// outweigh the benefit of the conversion.
fn is_near_identity(transform: &Transform8BitExecutor, channels: usize) -> bool {
    let steps = [0_u8, 32, 64, 96, 128, 160, 192, 224, 255];
    let mut before = Vec::new();
    for r in steps {
        for g in steps {
            for b in steps {
                before.extend([r, g, b, 255].into_iter().take(channels));
            }
        }
    }
    let mut after = vec![0; before.len()];
    transform.transform(&before, &mut after).is_ok()
        && before.iter().zip(&after).all(|(a, b)| a.abs_diff(*b) <= 1)
}

fn apply_transform(pixels: &mut [u8], stride: usize, transform: &Transform8BitExecutor) {
    let mut converted = vec![0; stride];
    for row in pixels.chunks_exact_mut(stride) {
        if transform.transform(row, &mut converted).is_ok() {
            row.copy_from_slice(&converted);
        }
    }
}

fn cmyk_to_rgb(pixels: &mut Vec<u8>, width: usize, conversion: &Conversion) {
    let (cmyk_stride, rgb_stride) = (width * 4, width * 3);
    let mut row = vec![0; rgb_stride];
    let rows = pixels.len() / cmyk_stride.max(1);
    for y in 0..rows {
        let Some(line) = pixels.get(y * cmyk_stride..(y + 1) * cmyk_stride) else {
            break;
        };
        let is_converted = match conversion {
            Conversion::Profile(transform) => transform.transform(line, &mut row).is_ok(),
            _ => false,
        };
        if !is_converted {
            for (out, ink) in row.chunks_exact_mut(3).zip(line.chunks_exact(4)) {
                let [inks @ .., key] = ink else { continue };
                for (o, i) in out.iter_mut().zip(inks) {
                    *o = blend(255 - i, 255 - key, 0);
                }
            }
        }
        if let Some(out) = pixels.get_mut(y * rgb_stride..(y + 1) * rgb_stride) {
            out.copy_from_slice(&row);
        }
    }
    pixels.truncate(rows * rgb_stride);
}

/// Blends `value` with the opacity `alpha` over `background`, and rounds the result.
fn blend(value: u8, alpha: u8, background: u8) -> u8 {
    let (v, a, b) = (u32::from(value), u32::from(alpha), u32::from(background));
    u8::try_from((v * a + b * (255 - a) + 127) / 255).unwrap_or(u8::MAX)
}

/// Composites pixels over white. A pixel has `FROM` channels, of which the last is alpha. The
/// result has `TO` channels, which must be one less.
fn flatten_over_white<const FROM: usize, const TO: usize>(pixels: &mut Vec<u8>) {
    let count = pixels.len() / FROM;
    for i in 0..count {
        let Some(pixel) = pixels.get(i * FROM..(i + 1) * FROM) else {
            break;
        };
        let alpha = pixel.last().copied().unwrap_or(255);
        let mut flat = [255; TO];
        for (f, v) in flat.iter_mut().zip(pixel) {
            *f = blend(*v, alpha, 255);
        }
        if let Some(out) = pixels.get_mut(i * TO..(i + 1) * TO) {
            out.copy_from_slice(&flat);
        }
    }
    pixels.truncate(count * TO);
}
