//! Conversion of CIELab in TIFF (ISO 12639; TIFF 6.0, section 23), with a white point of D50 and 8
//! bits per sample.

/// Converts L\*, a\* and b\* to sRGB in place. The range of L\*, 0..100, is stored as 0..255. a\*
/// and b\* are signed if `is_signed` is `true`, and otherwise have an offset of 128.
pub(in crate::decode) fn to_rgb(pixels: &mut [u8], is_signed: bool) {
    let decode = |byte: u8| {
        if is_signed {
            f32::from(byte.cast_signed())
        } else {
            f32::from(byte) - 128.0
        }
    };
    let mut cached = ([0; 3], rgb(0.0, decode(0), decode(0)));
    for pixel in pixels.chunks_exact_mut(3) {
        let [l, a, b] = pixel else { continue };
        let lab = [*l, *a, *b];
        if lab != cached.0 {
            cached = (
                lab,
                rgb(f32::from(*l) * 100.0 / 255.0, decode(*a), decode(*b)),
            );
        }
        [*l, *a, *b] = cached.1;
    }
}

/// Converts CIELab to XYZ (D50), then to linear sRGB (with Bradford adaptation), and then to sRGB.
fn rgb(l: f32, a: f32, b: f32) -> [u8; 3] {
    let y = (l + 16.0) / 116.0;
    let [x, y, z] = [y + a / 500.0, y, y - b / 200.0].map(|f| {
        if f > 6.0 / 29.0 {
            f.powi(3)
        } else {
            (f - 4.0 / 29.0) * 3.0 * (6.0_f32 / 29.0).powi(2)
        }
    });
    let (x, z) = (x * 0.964_22, z * 0.825_21);
    let linear = [
        3.133_856 * x - 1.616_867 * y - 0.490_615 * z,
        -0.978_768 * x + 1.916_141 * y + 0.033_454 * z,
        0.071_945 * x - 0.228_991 * y + 1.405_243 * z,
    ];
    linear.map(|v| {
        let v = if v <= 0.003_130_8 {
            v * 12.92
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        };
        (v.clamp(0.0, 1.0) * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_greys_and_red() {
        let mut pixels = [255, 0, 0, 0, 0, 0, 137, 0, 0];
        to_rgb(&mut pixels, true);
        assert_eq!(pixels, [255, 255, 255, 0, 0, 0, 128, 128, 128]);
        // Red in sRGB is L* 54.3, a* 80.8, b* 69.9 under D50.
        let mut red = [138, 128 + 81, 128 + 70];
        to_rgb(&mut red, false);
        assert!(red[0] > 250 && red[1] < 10 && red[2] < 10, "{red:?}");
    }
}
