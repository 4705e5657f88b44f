//! How long something is that is seen.

/// A length that is shown, and how long it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruler {
    /// In CSS pixels.
    pub width: f64,
    /// The length in micrometres: 1, 2 or 5 of a power of ten.
    pub length: u32,
}

/// Micrometres of an inch.
const INCH: f64 = 25_400.0;
/// Nothing is shown that is longer: it is a kilometre.
const LONGEST: u32 = 1_000_000_000;

/// The longest round length that is no wider than `most` CSS pixels, of an image with so many pixels for
/// an inch, at a scale of so many CSS pixels for each of its own.
pub fn ruler(dpi: u32, scale: f64, most: f64) -> Option<Ruler> {
    let micrometre = f64::from(dpi) * scale / INCH;
    let width = |length: u32| f64::from(length) * micrometre;
    let mut found = None;
    let mut power = 1;
    while power < LONGEST {
        for length in [power, power * 2, power * 5] {
            if width(length) <= most {
                found = Some(length);
            }
        }
        power *= 10;
    }
    found.map(|length| Ruler {
        width: width(length),
        length,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inch_is_25_4_millimetres() {
        let found = ruler(254, 1.0, 120.0).expect("a ruler");
        assert_eq!(
            found,
            Ruler {
                width: 100.0,
                length: 10_000
            }
        );
        let closer = ruler(254, 4.0, 120.0).expect("a ruler");
        assert_eq!((closer.length, closer.width), (2_000, 80.0));
    }

    #[test]
    fn it_is_round_and_fits() {
        for dpi in [10, 72, 300, 1_200, 20_000] {
            for step in 0..45 {
                let scale = 0.001 * 1.2_f64.powi(step);
                let Some(found) = ruler(dpi, scale, 120.0) else {
                    continue;
                };
                assert!(found.width <= 120.0, "{dpi} {scale} {found:?}");
                let first = found.length.to_string();
                let (digit, zeros) = first.split_at(1);
                assert!(
                    "125".contains(digit) && zeros.bytes().all(|b| b == b'0'),
                    "{first}"
                );
                assert!(
                    found.width > 120.0 / 2.5 - 1e-6,
                    "no shorter than must be: {found:?}"
                );
            }
        }
        assert_eq!(ruler(300, f64::NAN, 120.0), None);
    }
}
