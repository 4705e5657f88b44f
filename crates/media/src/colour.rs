//! Colours: ICC to sRGB, CMYK, transparency over white. All in place.

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

/// Turns pixels into opaque sRGB (3 channels) or grey (1), which is returned.
///
/// A profile that cannot be read, or that is not about samples of this sort,
/// is passed over: the pixels are then taken for sRGB, as browsers do.
pub(crate) fn to_srgb(
    pixels: &mut Vec<u8>,
    samples: Samples,
    width: usize,
    icc: Option<&[u8]>,
) -> usize {
    let profile = icc.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
    match samples {
        Samples::Grey => {
            grey_to_srgb(pixels, 1, profile.as_ref());
            1
        }
        Samples::GreyAlpha => {
            grey_to_srgb(pixels, 2, profile.as_ref());
            flatten::<2, 1>(pixels);
            1
        }
        Samples::Rgb => {
            rgb_to_srgb(pixels, Layout::Rgb, width * 3, profile.as_ref());
            3
        }
        Samples::Rgba => {
            rgb_to_srgb(pixels, Layout::Rgba, width * 4, profile.as_ref());
            flatten::<4, 3>(pixels);
            3
        }
        Samples::Cmyk => {
            cmyk_to_srgb(pixels, width, profile.as_ref());
            3
        }
    }
}

fn transform(
    profile: Option<&ColorProfile>,
    space: DataColorSpace,
    from: Layout,
    to: Layout,
) -> Option<std::sync::Arc<Transform8BitExecutor>> {
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

fn grey_to_srgb(pixels: &mut [u8], channels: usize, profile: Option<&ColorProfile>) {
    let Some(transform) = transform(profile, DataColorSpace::Gray, Layout::Gray, Layout::Rgb)
    else {
        return;
    };
    // 256 greys: ask once for each.
    let ramp: Vec<u8> = (0..=255).collect();
    let mut rgb = vec![0; 256 * 3];
    if transform.transform(&ramp, &mut rgb).is_err() {
        return;
    }
    let greens: Vec<u8> = rgb
        .chunks_exact(3)
        .filter_map(|c| c.get(1).copied())
        .collect();
    for pixel in pixels.chunks_exact_mut(channels) {
        if let Some(v) = pixel.first_mut()
            && let Some(g) = greens.get(usize::from(*v))
        {
            *v = *g;
        }
    }
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

fn rgb_to_srgb(pixels: &mut [u8], layout: Layout, stride: usize, profile: Option<&ColorProfile>) {
    let Some(transform) = transform(profile, DataColorSpace::Rgb, layout, layout) else {
        return;
    };
    if changes_nothing(&*transform, if layout == Layout::Rgb { 3 } else { 4 }) {
        return;
    }
    let mut row = vec![0; stride];
    for line in pixels.chunks_exact_mut(stride) {
        if transform.transform(line, &mut row).is_ok() {
            line.copy_from_slice(&row);
        }
    }
}

fn cmyk_to_srgb(pixels: &mut Vec<u8>, width: usize, profile: Option<&ColorProfile>) {
    // Layout::Rgba stands for any four channels; the profile says which.
    let transform = transform(profile, DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb);
    let (stride, narrow) = (width * 4, width * 3);
    let mut row = vec![0; narrow];
    let rows = pixels.len() / stride.max(1);
    for y in 0..rows {
        let Some(line) = pixels.get(y * stride..(y + 1) * stride) else {
            break;
        };
        let done = transform
            .as_ref()
            .is_some_and(|t| t.transform(line, &mut row).is_ok());
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
    pixels.shrink_to_fit();
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
    pixels.shrink_to_fit();
}
