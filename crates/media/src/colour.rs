//! Colours: ICC to sRGB, CMYK, transparency over white. All in place.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

/// What the samples of a decoded image mean; 8 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Samples {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// 0 is no ink.
    Cmyk,
}

impl Samples {
    pub fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// Turns pixels into opaque sRGB (3 channels) or grey (1), some rows at a time.
///
/// A profile that cannot be read, or that is not about samples of this sort,
/// is passed over: the pixels are then taken for sRGB, as browsers do.
pub(crate) struct ToSrgb {
    samples: Samples,
    by: By,
}

/// By what colours are converted.
enum By {
    /// They are as they should be.
    Nothing,
    /// The grey of each grey.
    Greys(Vec<u8>),
    Profile(Arc<Transform8BitExecutor>),
}

impl ToSrgb {
    pub fn new(samples: Samples, icc: Option<&[u8]>) -> ToSrgb {
        let profile = icc.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
        let profile = profile.as_ref();
        let by = match samples {
            Samples::Grey | Samples::GreyAlpha => greys(profile).map(By::Greys),
            Samples::Rgb => rgb(profile, Layout::Rgb).map(By::Profile),
            Samples::Rgba => rgb(profile, Layout::Rgba).map(By::Profile),
            // Layout::Rgba stands for any four channels; the profile says which.
            Samples::Cmyk => {
                transform(profile, DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb).map(By::Profile)
            }
        };
        ToSrgb {
            samples,
            by: by.unwrap_or(By::Nothing),
        }
    }

    /// How many channels there are afterwards: 1 or 3.
    pub fn channels(&self) -> usize {
        match self.samples {
            Samples::Grey | Samples::GreyAlpha => 1,
            Samples::Rgb | Samples::Rgba | Samples::Cmyk => 3,
        }
    }

    /// Converts whole rows of `width` pixels where they lie.
    pub fn convert(&self, pixels: &mut Vec<u8>, width: usize) {
        match (self.samples, &self.by) {
            (Samples::Grey, By::Greys(greys)) => regrey(pixels, 1, greys),
            (Samples::GreyAlpha, by) => {
                if let By::Greys(greys) = by {
                    regrey(pixels, 2, greys);
                }
                flatten::<2, 1>(pixels);
            }
            (Samples::Rgb, By::Profile(transform)) => recolour(pixels, width * 3, &**transform),
            (Samples::Rgba, by) => {
                if let By::Profile(transform) = by {
                    recolour(pixels, width * 4, &**transform);
                }
                flatten::<4, 3>(pixels);
            }
            (Samples::Cmyk, by) => uninked(pixels, width, by),
            (Samples::Grey | Samples::Rgb, _) => {}
        }
    }
}

fn transform(
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

/// What each of the 256 greys becomes: asked only once for each.
fn greys(profile: Option<&ColorProfile>) -> Option<Vec<u8>> {
    let transform = transform(profile, DataColorSpace::Gray, Layout::Gray, Layout::Rgb)?;
    let ramp: Vec<u8> = (0..=255).collect();
    let mut rgb = vec![0; 256 * 3];
    transform.transform(&ramp, &mut rgb).ok()?;
    let greens = rgb.chunks_exact(3).filter_map(|c| c.get(1).copied());
    Some(greens.collect())
}

fn regrey(pixels: &mut [u8], channels: usize, greys: &[u8]) {
    for pixel in pixels.chunks_exact_mut(channels) {
        if let Some(v) = pixel.first_mut()
            && let Some(g) = greys.get(usize::from(*v))
        {
            *v = *g;
        }
    }
}

fn rgb(profile: Option<&ColorProfile>, layout: Layout) -> Option<Arc<Transform8BitExecutor>> {
    let transform = transform(profile, DataColorSpace::Rgb, layout, layout)?;
    let channels = if layout == Layout::Rgb { 3 } else { 4 };
    (!changes_nothing(&*transform, channels)).then_some(transform)
}

/// Whether a transform leaves colours within one step of where they were, as
/// the many slightly different profiles called sRGB do. Then rounding would do
/// more harm than converting does good.
fn changes_nothing(transform: &Transform8BitExecutor, channels: usize) -> bool {
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

fn recolour(pixels: &mut [u8], stride: usize, transform: &Transform8BitExecutor) {
    let mut row = vec![0; stride];
    for line in pixels.chunks_exact_mut(stride) {
        if transform.transform(line, &mut row).is_ok() {
            line.copy_from_slice(&row);
        }
    }
}

fn uninked(pixels: &mut Vec<u8>, width: usize, by: &By) {
    let (stride, narrow) = (width * 4, width * 3);
    let mut row = vec![0; narrow];
    let rows = pixels.len() / stride.max(1);
    for y in 0..rows {
        let Some(line) = pixels.get(y * stride..(y + 1) * stride) else {
            break;
        };
        let done = match by {
            By::Profile(transform) => transform.transform(line, &mut row).is_ok(),
            _ => false,
        };
        if !done {
            for (out, ink) in row.chunks_exact_mut(3).zip(line.chunks_exact(4)) {
                let [inks @ .., key] = ink else { continue };
                for (o, i) in out.iter_mut().zip(inks) {
                    *o = mix(255 - i, 255 - key, 0);
                }
            }
        }
        if let Some(out) = pixels.get_mut(y * narrow..(y + 1) * narrow) {
            out.copy_from_slice(&row);
        }
    }
    pixels.truncate(rows * narrow);
}

/// `value` at `alpha` over `ground`, rounded.
fn mix(value: u8, alpha: u8, ground: u8) -> u8 {
    let (v, a, g) = (u32::from(value), u32::from(alpha), u32::from(ground));
    u8::try_from((v * a + g * (255 - a) + 127) / 255).unwrap_or(u8::MAX)
}

/// Lays pixels of `FROM` channels, the last of them alpha, over white and
/// leaves `TO = FROM - 1` channels.
fn flatten<const FROM: usize, const TO: usize>(pixels: &mut Vec<u8>) {
    let count = pixels.len() / FROM;
    for i in 0..count {
        let Some(pixel) = pixels.get(i * FROM..(i + 1) * FROM) else {
            break;
        };
        let alpha = pixel.last().copied().unwrap_or(255);
        let mut flat = [255; TO];
        for (f, v) in flat.iter_mut().zip(pixel) {
            *f = mix(*v, alpha, 255);
        }
        if let Some(out) = pixels.get_mut(i * TO..(i + 1) * TO) {
            out.copy_from_slice(&flat);
        }
    }
    pixels.truncate(count * TO);
}
