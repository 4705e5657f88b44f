//! A film of a pattern that grows, frame by frame: the tiling, the lines that leave the middle of each
//! edge, the stars that they close, and the bands.
//!
//! It is encoded by hand, as the README says, and kept: encoders write other bytes from one version to
//! the next.

use std::path::Path;

use crate::canvas::{Canvas, Ink, Outline, Point};
use crate::error::DemoError;
use crate::maqam::MAQAMAT;
use crate::output;
use crate::pattern::{self, COBALT, Line, MARGIN, Pattern, SIDE, Strand};
use crate::tiling::{Tiling, centre, edges};

/// The film, encoded.
pub const FILM: &[u8] = include_bytes!("../source/patterns/film/stars-grow.webm");

/// Frames a second.
const RATE: u32 = 10;

/// How many there are: as long as the maqam that is heard with them, 13.2 seconds.
const FRAMES: u32 = 132;

/// When lines, stars and bands begin and the bands are whole, in seconds: with every fourth or fifth note.
const PARTS: [f64; 5] = [0.0, 2.88, 6.48, 9.36, 12.24];

/// Pixels of a unit of the sheet.
const SCALE: f64 = 0.24;

fn pattern() -> Pattern {
    Pattern {
        tiling: Tiling::Octagons,
        rosettes: false,
        angle: 67.5,
        edge: 150.0,
        turned: 0.0,
        breadth: 0.13,
        line: Line::Woven,
        glaze: COBALT,
    }
}

/// Draws all frames into a folder, `001.png` and so on, and writes the sound beside them.
///
/// # Errors
/// The first [`DemoError`] met.
pub fn frames(out: &Path) -> Result<usize, DemoError> {
    std::fs::create_dir_all(out).map_err(|source| DemoError::Unwritable {
        path: out.to_owned(),
        source,
    })?;
    for number in 0..FRAMES {
        let frame = frame(f64::from(number) / f64::from(RATE))?;
        output::picture(&out.join(format!("{:03}.png", number + 1)), &frame.finish())?;
    }
    let sound = MAQAMAT.iter().find(|maqam| maqam.file == "maqam-hijaz");
    if let Some(sound) = sound {
        output::wav(&out.join("sound.wav"), &sound.samples())?;
    }
    Ok(FRAMES as usize + usize::from(sound.is_some()))
}

/// What the film ends with.
///
/// # Errors
/// [`DemoError::TooLarge`].
pub fn poster() -> Result<Canvas, DemoError> {
    frame(PARTS[4])
}

/// The picture at a moment, in seconds.
fn frame(at: f64) -> Result<Canvas, DemoError> {
    let pattern = pattern();
    let glaze = pattern.glaze;
    let mut canvas = Canvas::new(SIDE, SIDE, SCALE, glaze.paper)?;
    let (middle, reach) = ((SIDE / 2.0, SIDE / 2.0), SIDE / 2.0 - MARGIN);
    let window = Outline::rect(MARGIN, MARGIN, reach * 2.0, reach * 2.0);
    let place = |(x, y): Point| (middle.0 + x * pattern.edge, middle.1 - y * pattern.edge);
    let polygons = pattern.tiling.polygons(reach * 1.45 / pattern.edge);
    canvas.clip(&window);
    for polygon in &polygons {
        let away = distance(place(centre(polygon)), middle) / (reach * 1.42);
        let [tiles, lines, stars] = [0, 1, 2].map(|part| grown(at, part, away));
        let strands = pattern::strands(polygon, pattern.angle);
        if stars > 0.0 {
            let [_, eight, six, small] = glaze.stars;
            for (points, star) in pattern::stars(&strands) {
                let colour = match points {
                    7.. => eight,
                    5..=6 => six,
                    _ => small,
                };
                let star: Vec<Point> = star.into_iter().map(place).collect();
                canvas.fill(&Outline::polygon(&star), Ink(colour.0, stars as f32));
            }
        }
        for (a, b) in edges(polygon) {
            let drawn = along(&[place(a), place(b)], tiles);
            canvas.stroke(&Outline::line(&drawn), Ink(glaze.ground.0, 0.35), 5.0);
        }
        for Strand { points, .. } in strands {
            let drawn = along(&points.map(place), lines);
            canvas.stroke_round(&Outline::line(&drawn), glaze.edge, 8.0);
        }
    }
    // The finished pattern, in a circle that opens.
    let open = grown(at, 3, 0.0) * reach * 1.42;
    if open > 0.0 {
        canvas.clip(&Outline::polygon(&within(middle, open, reach)));
        pattern.draw(&mut canvas, middle, reach);
    }
    canvas.unclip();
    canvas.stroke(&window, glaze.edge, 9.0);
    Ok(canvas)
}

/// How far a part of the film has come at a moment, for what is so far away from the middle: 0 to 1.
fn grown(at: f64, part: usize, away: f64) -> f64 {
    let [Some(from), Some(to)] = [PARTS.get(part), PARTS.get(part + 1)] else {
        return 0.0;
    };
    let share = (at - from) / (to - from);
    (share * 1.5 - away.min(1.0) * 0.5).clamp(0.0, 1.0)
}

/// The beginning of a line, so much of it.
fn along(points: &[Point], share: f64) -> Vec<Point> {
    let whole: f64 = points.windows(2).map(length).sum();
    let mut left = whole * share;
    let mut out: Vec<Point> = Vec::new();
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        let own = length(pair);
        if left <= 0.0 {
            break;
        }
        if out.is_empty() {
            out.push(*a);
        }
        let part = (left / own.max(1e-9)).min(1.0);
        out.push((a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part));
        left -= own;
    }
    out
}

fn length(pair: &[Point]) -> f64 {
    match pair {
        [a, b] => distance(*a, *b),
        _ => 0.0,
    }
}

fn distance(a: Point, b: Point) -> f64 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

/// A circle, as far as it is within a square about the same middle.
fn within(middle: Point, radius: f64, reach: f64) -> Vec<Point> {
    let steps = (0..360).map(|degrees| f64::from(degrees).to_radians());
    steps
        .map(|angle| {
            let (sin, cos) = angle.sin_cos();
            let side = reach / sin.abs().max(cos.abs());
            let r = radius.min(side);
            (middle.0 + r * cos, middle.1 + r * sin)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn inked(at: f64) -> usize {
        let pixels = frame(at).unwrap().finish();
        let paper = pixels.pixels()[0];
        pixels.pixels().iter().filter(|own| **own != paper).count()
    }

    #[test]
    fn it_begins_with_an_empty_frame_and_ends_with_the_whole_pattern() {
        let inked: Vec<usize> = [0.0, 1.5, 4.5, 8.0, 11.0, 13.1].map(inked).into();
        assert!(inked.windows(2).all(|pair| pair[0] < pair[1]), "{inked:?}");
        let square = 480.0 * (SIDE - 2.0 * MARGIN) / SIDE;
        assert!(inked[5] as f64 > square * square, "{inked:?}");
        assert_eq!(grown(PARTS[4], 3, 1.0), 1.0);
    }

    #[test]
    fn a_line_is_drawn_from_its_beginning() {
        let line = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)];
        assert_eq!(along(&line, 0.0), []);
        assert_eq!(along(&line, 0.25), [(0.0, 0.0), (1.0, 0.0)]);
        assert_eq!(along(&line, 0.75), [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]);
        assert_eq!(along(&line, 1.0), line);
    }

    #[test]
    fn the_film_is_webm_and_small() {
        assert!(FILM.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]));
        assert!(FILM.len() < 300_000, "{}", FILM.len());
    }
}
