//! The frames of a film that shows the construction of a pattern: the tiling, the lines that start
//! at the midpoints of the edges, the stars that they enclose, and the woven bands.
//!
//! The encoded film is part of the repository, because the output of an encoder depends on its
//! version. The README describes how the film was encoded.

use std::path::Path;

use crate::canvas::{Canvas, Ink, Outline, Point};
use crate::error::DemoError;
use crate::maqam::MAQAMAT;
use crate::output;
use crate::pattern::{self, COBALT, LineStyle, MARGIN, Pattern, SIDE, Strand};
use crate::tiling::{Tiling, centroid, edges};

/// The encoded film (WebM).
pub const FILM: &[u8] = include_bytes!("../source/patterns/film/stars-grow.webm");

/// Number of frames per second.
const FRAME_RATE: u32 = 10;

/// Number of frames. The film is as long as its sound, which lasts 13.2 seconds.
const FRAME_COUNT: u32 = 132;

/// Times at which the tiling, the lines, the stars and the bands start, and at which the bands end,
/// in seconds. Each coincides with the start of a note.
const STAGE_TIMES: [f64; 5] = [0.0, 2.88, 6.48, 9.36, 12.24];

/// Number of pixels per unit of the sheet.
const SCALE: f64 = 0.24;

fn pattern() -> Pattern {
    Pattern {
        tiling: Tiling::Octagons,
        has_rosettes: false,
        angle: 67.5,
        edge: 150.0,
        rotation: 0.0,
        line_width: 0.13,
        line_style: LineStyle::Woven,
        glaze: COBALT,
    }
}

/// Writes the frames as `001.png`, `002.png` and so on, and the sound, to a folder. Returns the
/// number of files.
///
/// # Errors
/// Returns the first [`DemoError`] that occurs.
pub fn write_frames(out: &Path) -> Result<usize, DemoError> {
    std::fs::create_dir_all(out).map_err(|source| DemoError::Unwritable {
        path: out.to_owned(),
        source,
    })?;
    for number in 0..FRAME_COUNT {
        let frame = frame(f64::from(number) / f64::from(FRAME_RATE))?;
        output::write_image(&out.join(format!("{:03}.png", number + 1)), &frame.finish())?;
    }
    let sound = MAQAMAT.iter().find(|maqam| maqam.file == "maqam-hijaz");
    if let Some(sound) = sound {
        output::write_wav(&out.join("sound.wav"), &sound.samples())?;
    }
    Ok(FRAME_COUNT as usize + usize::from(sound.is_some()))
}

/// Draws the last frame, which is the poster of the film.
///
/// # Errors
/// Returns [`DemoError::TooLarge`] if the memory for the image cannot be allocated.
pub fn poster() -> Result<Canvas, DemoError> {
    frame(STAGE_TIMES[4])
}

/// Draws the frame at a time in seconds.
fn frame(time: f64) -> Result<Canvas, DemoError> {
    let pattern = pattern();
    let glaze = pattern.glaze;
    let mut canvas = Canvas::new(SIDE, SIDE, SCALE, glaze.paper)?;
    let (centre, reach) = ((SIDE / 2.0, SIDE / 2.0), SIDE / 2.0 - MARGIN);
    let window = Outline::rect(MARGIN, MARGIN, reach * 2.0, reach * 2.0);
    let place = |(x, y): Point| (centre.0 + x * pattern.edge, centre.1 - y * pattern.edge);
    let polygons = pattern.tiling.polygons(reach * 1.45 / pattern.edge);
    canvas.clip(&window);
    for polygon in &polygons {
        let relative_distance = distance(place(centroid(polygon)), centre) / (reach * 1.42);
        let [edge_progress, line_progress, star_opacity] =
            [0, 1, 2].map(|stage| progress(time, stage, relative_distance));
        let strands = pattern::strands(polygon, pattern.angle);
        if star_opacity > 0.0 {
            let [_, eight, six, small] = glaze.stars;
            for (points, star) in pattern::stars(&strands) {
                let colour = match points {
                    7.. => eight,
                    5..=6 => six,
                    _ => small,
                };
                let star: Vec<Point> = star.into_iter().map(place).collect();
                canvas.fill(&Outline::polygon(&star), Ink(colour.0, star_opacity as f32));
            }
        }
        for (a, b) in edges(polygon) {
            let visible_part = partial_line(&[place(a), place(b)], edge_progress);
            canvas.stroke(
                &Outline::line(&visible_part),
                Ink(glaze.ground.0, 0.35),
                5.0,
            );
        }
        for Strand { points, .. } in strands {
            let visible_part = partial_line(&points.map(place), line_progress);
            canvas.stroke_round(&Outline::line(&visible_part), glaze.edge, 8.0);
        }
    }
    // The finished pattern is drawn inside a growing circle.
    let radius = progress(time, 3, 0.0) * reach * 1.42;
    if radius > 0.0 {
        canvas.clip(&Outline::polygon(&clipped_circle(centre, radius, reach)));
        pattern.draw(&mut canvas, centre, reach);
    }
    canvas.unclip();
    canvas.stroke(&window, glaze.edge, 9.0);
    Ok(canvas)
}

/// Returns the progress of a stage at a time in seconds, from 0 to 1. A stage starts at the centre
/// and ends at the border. `relative_distance` is the distance from the centre, from 0 to 1.
fn progress(time: f64, stage: usize, relative_distance: f64) -> f64 {
    let [Some(start), Some(end)] = [STAGE_TIMES.get(stage), STAGE_TIMES.get(stage + 1)] else {
        return 0.0;
    };
    let share = (time - start) / (end - start);
    (share * 1.5 - relative_distance.min(1.0) * 0.5).clamp(0.0, 1.0)
}

/// Returns the first part of a polyline. `share` is the length of that part relative to the whole
/// polyline.
fn partial_line(points: &[Point], share: f64) -> Vec<Point> {
    let total: f64 = points.windows(2).map(segment_length).sum();
    let mut remaining = total * share;
    let mut out: Vec<Point> = Vec::new();
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        let length = segment_length(pair);
        if remaining <= 0.0 {
            break;
        }
        if out.is_empty() {
            out.push(*a);
        }
        let part = (remaining / length.max(1e-9)).min(1.0);
        out.push((a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part));
        remaining -= length;
    }
    out
}

fn segment_length(pair: &[Point]) -> f64 {
    match pair {
        [a, b] => distance(*a, *b),
        _ => 0.0,
    }
}

fn distance(a: Point, b: Point) -> f64 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

/// Returns a circle clipped to a square with the same centre. `reach` is half the side of the
/// square.
fn clipped_circle(centre: Point, radius: f64, reach: f64) -> Vec<Point> {
    let steps = (0..360).map(|degrees| f64::from(degrees).to_radians());
    steps
        .map(|angle| {
            let (sin, cos) = angle.sin_cos();
            let side = reach / sin.abs().max(cos.abs());
            let r = radius.min(side);
            (centre.0 + r * cos, centre.1 + r * sin)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn count_inked_pixels(time: f64) -> usize {
        let pixels = frame(time).unwrap().finish();
        let paper = pixels.pixels()[0];
        pixels
            .pixels()
            .iter()
            .filter(|pixel| **pixel != paper)
            .count()
    }

    #[test]
    fn ink_increases_until_the_pattern_is_complete() {
        let inked: Vec<usize> = [0.0, 1.5, 4.5, 8.0, 11.0, 13.1]
            .map(count_inked_pixels)
            .into();
        assert!(inked.windows(2).all(|pair| pair[0] < pair[1]), "{inked:?}");
        let square = 480.0 * (SIDE - 2.0 * MARGIN) / SIDE;
        assert!(inked[5] as f64 > square * square, "{inked:?}");
        assert_eq!(progress(STAGE_TIMES[4], 3, 1.0), 1.0);
    }

    #[test]
    fn partial_line_starts_at_the_first_point() {
        let line = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)];
        assert_eq!(partial_line(&line, 0.0), []);
        assert_eq!(partial_line(&line, 0.25), [(0.0, 0.0), (1.0, 0.0)]);
        assert_eq!(
            partial_line(&line, 0.75),
            [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]
        );
        assert_eq!(partial_line(&line, 1.0), line);
    }

    #[test]
    fn film_is_a_small_webm_file() {
        assert!(FILM.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]));
        assert!(FILM.len() < 300_000, "{}", FILM.len());
    }
}
