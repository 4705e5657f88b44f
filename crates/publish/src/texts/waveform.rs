//! The waveform of a recording, drawn.

use khizana_model::Waveform;

/// Half of the height of the drawing.
const HALF: u32 = 50;

/// An SVG of one unit a peak and 100 units high, to be stretched as wide as it is shown: the upper half
/// as a path, and the same turned over. The loudest peak fills the height, silence is a thin line.
///
/// The grey has a contrast of 3:1 and more on light and dark paper alike: a picture does not know on
/// which it lies.
pub(crate) fn svg(waveform: &Waveform) -> String {
    let peaks = &waveform.0;
    let loudest = peaks.iter().copied().max().unwrap_or_default().max(1);
    let mut path = String::new();
    let mut before = 0;
    for peak in peaks {
        let height = (u32::from(*peak) * HALF / u32::from(loudest)).max(1);
        let step = i64::from(before) - i64::from(height);
        // Up to the height of the peak, then along its width.
        if step != 0 {
            path.push_str(&format!("v{step}"));
        }
        path.push_str("h1");
        before = height;
    }
    let width = peaks.len();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -{HALF} {width} {}\" \
         preserveAspectRatio=\"none\" fill=\"#7d7a72\"><path id=\"a\" d=\"M0 0{path}V0z\"/>\
         <use href=\"#a\" transform=\"scale(1 -1)\"/></svg>",
        HALF * 2
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waveform_is_drawn_from_its_peaks() {
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
