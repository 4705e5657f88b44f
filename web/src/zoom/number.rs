//! Powers and lengths. What the standard library has for them would be a tenth of the view's code in
//! WebAssembly, for digits that nobody sees. For the same reason nothing here calls `f64::clamp`: its
//! panic knows how to write a number, which is twenty kilobytes.

/// So many binary digits of an exponent's fraction count.
const DIGITS: u32 = 28;

/// `base` to the power of `exponent`; `base` is above 0.
pub fn power(base: f64, exponent: f64) -> f64 {
    if exponent < 0.0 {
        return 1.0 / power(base, -exponent);
    }
    let whole = exponent.min(1_000.0) as u32;
    let mut out = 1.0;
    for _ in 0..whole {
        out *= base;
    }
    // Each digit of the fraction is half of the one before: a square root.
    let (mut left, mut root) = (exponent.min(1_000.0) - f64::from(whole), base);
    for _ in 0..DIGITS {
        left *= 2.0;
        root = root.sqrt();
        if left >= 1.0 {
            left -= 1.0;
            out *= root;
        }
    }
    out
}

/// The number between two that is nearest to it.
// What Clippy would have here ends in a panic that can write numbers.
#[allow(clippy::manual_clamp)]
pub fn between(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}

/// The length of a way to the right and down.
pub fn length((x, y): (f64, f64)) -> f64 {
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::stage::tests::Chance;
    use super::*;

    #[test]
    fn powers_are_those_of_the_standard_library() {
        let mut chance = Chance(19);
        for _ in 0..2_000 {
            let base = 0.001 + chance.up_to(900.0);
            let exponent = chance.up_to(8.0) - 4.0;
            let ratio = power(base, exponent) / base.powf(exponent);
            assert!((ratio - 1.0).abs() < 1e-6, "{base} {exponent}");
        }
        assert_eq!(
            [power(7.0, 0.0), power(7.0, 1.0), power(4.0, 0.5)],
            [1.0, 7.0, 2.0]
        );
        assert!(power(2.0, f64::MAX).is_finite() && power(2.0, -f64::MAX) > 0.0);
        assert_eq!(length((3.0, -4.0)), 5.0);
        assert_eq!(
            [-1.0, 0.5, 2.0].map(|number| between(number, 0.0, 1.0)),
            [0.0, 0.5, 1.0]
        );
    }
}
