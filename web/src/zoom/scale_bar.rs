//! The scale bar of the deep-zoom view.

/// A scale bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleBar {
    /// Width in CSS pixels.
    pub width: f64,
    /// Length in micrometres: 1, 2 or 5 times a power of ten.
    pub length: u32,
}

const MICROMETRES_PER_INCH: f64 = 25_400.0;
/// Exclusive upper limit of the length, in micrometres: one kilometre.
const MAX_LENGTH: u32 = 1_000_000_000;

/// Returns the longest scale bar that is at most `max_width` CSS pixels wide, for an image with
/// `dpi` pixels per inch. `scale` is in CSS pixels per pixel of the image. Returns `None` if even
/// the shortest scale bar is wider.
pub fn scale_bar(dpi: u32, scale: f64, max_width: f64) -> Option<ScaleBar> {
    let micrometre = f64::from(dpi) * scale / MICROMETRES_PER_INCH;
    let width = |length: u32| f64::from(length) * micrometre;
    let mut longest = None;
    let mut power = 1;
    while power < MAX_LENGTH {
        for length in [power, power * 2, power * 5] {
            if width(length) <= max_width {
                longest = Some(length);
            }
        }
        power *= 10;
    }
    longest.map(|length| ScaleBar {
        width: width(length),
        length,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inch_is_25_4_millimetres() {
        let bar = scale_bar(254, 1.0, 120.0).expect("a scale bar");
        assert_eq!(
            bar,
            ScaleBar {
                width: 100.0,
                length: 10_000
            }
        );
        let closer = scale_bar(254, 4.0, 120.0).expect("a scale bar");
        assert_eq!((closer.length, closer.width), (2_000, 80.0));
    }

    #[test]
    fn the_length_is_round_and_the_bar_fits() {
        for dpi in [10, 72, 300, 1_200, 20_000] {
            for step in 0..45 {
                let scale = 0.001 * 1.2_f64.powi(step);
                let Some(bar) = scale_bar(dpi, scale, 120.0) else {
                    continue;
                };
                assert!(bar.width <= 120.0, "{dpi} {scale} {bar:?}");
                let length = bar.length.to_string();
                let (digit, zeros) = length.split_at(1);
                assert!(
                    "125".contains(digit) && zeros.bytes().all(|b| b == b'0'),
                    "{length}"
                );
                assert!(bar.width > 120.0 / 2.5 - 1e-6, "too short: {bar:?}");
            }
        }
        assert_eq!(scale_bar(300, f64::NAN, 120.0), None);
    }
}
