//! Arithmetic with floating-point numbers.

/// Restricts a number to a range.
///
/// Unlike [`f64::clamp`], it does not panic. The panic message formats numbers, which adds 7 KB of
/// brotli to the viewer.
#[allow(clippy::manual_clamp)]
pub fn clamp(number: f64, min: f64, max: f64) -> f64 {
    number.max(min).min(max)
}
