//! Arithmetic of the view.

/// Restricts a number to a range.
///
/// Unlike [`f64::clamp`] it has no panic, whose message formats numbers: 7 KB of the viewer in brotli.
#[allow(clippy::manual_clamp)]
pub fn clamp(number: f64, min: f64, max: f64) -> f64 {
    number.max(min).min(max)
}
