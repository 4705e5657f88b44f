//! Waveforms of recordings as SVG images.

use khizana_model::Waveform;

/// Half the height of the image, in SVG units.
const HALF_HEIGHT: u32 = 50;

/// Draws a waveform as an SVG image with one unit per peak and a height of 100 units.
///
/// The image is meant to be stretched to the width of the player. The upper half is a path, and the
/// lower half is the reflection of that path. The loudest peak has the full height, and silence is
/// a thin line.
///
/// The grey has a contrast of at least 3:1 on both the light and the dark background, because the
/// image cannot adapt to the colour scheme of the page.
pub(crate) fn svg(waveform: &Waveform) -> String {
    let peaks = &waveform.0;
    let loudest = peaks.iter().copied().max().unwrap_or_default().max(1);
    let mut path = String::new();
    let mut previous = 0;
    for peak in peaks {
        let height = (u32::from(*peak) * HALF_HEIGHT / u32::from(loudest)).max(1);
        let step = i64::from(previous) - i64::from(height);
        // Each peak is a vertical line to its height and a horizontal line of its width.
        if step != 0 {
            path.push_str(&format!("v{step}"));
        }
        path.push_str("h1");
        previous = height;
    }
    let width = peaks.len();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -{HALF_HEIGHT} {width} {}\" \
         preserveAspectRatio=\"none\" fill=\"#7d7a72\"><path id=\"a\" d=\"M0 0{path}V0z\"/>\
         <use href=\"#a\" transform=\"scale(1 -1)\"/></svg>",
        HALF_HEIGHT * 2
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_peaks_relative_to_the_loudest() {
        assert_eq!(
            svg(&Waveform(vec![0, 100, 100, 50])),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -50 4 100\" \
             preserveAspectRatio=\"none\" fill=\"#7d7a72\"><path id=\"a\" d=\"M0 0v-1h1v-49h1h1v25h1V0z\"/>\
             <use href=\"#a\" transform=\"scale(1 -1)\"/></svg>"
        );
        assert!(svg(&Waveform(vec![0; 800])).contains("M0 0v-1h1h1"));
        assert!(svg(&Waveform(Vec::new())).contains("d=\"M0 0V0z\""));
    }
}
