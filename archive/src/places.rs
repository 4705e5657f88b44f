//! Plans and elevations of places, drawn to scale from published dimensions. Where no dimensions
//! are published, the drawing is schematic, and its caption says so.

mod elevations;
mod maps;
mod plans;

use crate::abjad::arabic_digits;
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, ink};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};

pub use elevations::{arch_of_fez, kairouan, petra, pyramids, samarra, sanaa, toledo, volubilis};
pub use maps::{deir_mar_musa, map};
pub use plans::{dome_of_the_rock, erbil, isfahan, timgad};

/// Width of a sheet in units.
const WIDTH: f64 = 1800.0;
/// The `y` coordinate of the ground line in elevations.
const GROUND: f64 = 1560.0;

/// The colours of a sheet.
#[derive(Clone, Copy)]
struct Palette {
    paper: Ink,
    line: Ink,
    body: Ink,
    shade: Ink,
    accent: Ink,
}

const SAND: Palette = Palette {
    paper: ink(0xf4ecdb),
    line: ink(0x3b2c20),
    body: ink(0xd9b98a),
    shade: ink(0x9c7448),
    accent: ink(0x2f6a72),
};
const ROSE: Palette = Palette {
    paper: ink(0xf5e9e0),
    line: ink(0x43231c),
    body: ink(0xd39a80),
    shade: ink(0x8d4c3a),
    accent: ink(0x3a5a78),
};
const SEA: Palette = Palette {
    paper: ink(0xeaf0ee),
    line: ink(0x16333b),
    body: ink(0x9fc3c2),
    shade: ink(0x2d6a74),
    accent: ink(0xc48a2c),
};

/// Creates a sheet with a caption and a border of two lines.
fn sheet(
    fonts: &Fonts,
    palette: Palette,
    title: &str,
    subtitle: &str,
) -> Result<Canvas, DemoError> {
    let mut canvas = Canvas::new(WIDTH, 2000.0, 1.0, palette.paper)?;
    for (inset, width) in [(50.0, 4.0), (64.0, 1.5)] {
        let rule = Outline::rect(inset, inset, WIDTH - 2.0 * inset, 2000.0 - 2.0 * inset);
        canvas.stroke(&rule, Ink(palette.line.0, 0.7), width);
    }
    let line = fonts.line(title, Weight::Bold, 104.0)?;
    canvas.text(&line, (WIDTH / 2.0, 1790.0), Anchor::Middle, palette.line);
    let line = fonts.line(&arabic_digits(subtitle), Weight::Regular, 54.0)?;
    canvas.text(&line, (WIDTH / 2.0, 1888.0), Anchor::Middle, palette.accent);
    Ok(canvas)
}

/// Draws a scale bar with a length of `metres`. Its right end is at `at`. `unit` is the number of
/// units per metre.
fn draw_scale_bar(
    canvas: &mut Canvas,
    fonts: &Fonts,
    palette: Palette,
    at: Point,
    metres: f64,
    unit: f64,
) -> Result<(), DemoError> {
    let part = metres * unit / 4.0;
    for i in 0..4 {
        let x = at.0 - part * f64::from(i + 1);
        let cell = Outline::rect(x, at.1, part, 12.0);
        if i % 2 == 0 {
            canvas.fill(&cell, palette.line);
        }
        canvas.stroke(&cell, palette.line, 2.0);
    }
    let text = arabic_digits(&format!("{metres} م"));
    let line = fonts.line(&text, Weight::Regular, 42.0)?;
    canvas.text(&line, (at.0, at.1 - 22.0), Anchor::Right, palette.line);
    Ok(())
}

/// Fills and strokes a polygon.
fn draw_polygon(canvas: &mut Canvas, points: &[Point], fill: Ink, line: Ink, width: f64) {
    canvas.fill(&Outline::polygon(points), fill);
    canvas.stroke(&Outline::polygon(points), line, width);
}

/// Returns the corners of a horseshoe arch: a circle that is cut off `below` radii under its
/// centre, on vertical jambs that extend down to `foot`.
fn horseshoe(centre: Point, radius: f64, below: f64, foot: f64) -> Vec<Point> {
    let drop = 90.0 + below.clamp(0.0, 0.99).asin().to_degrees();
    let mut points = crate::canvas::arc(centre, radius, -drop, drop);
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else {
        return points;
    };
    points.push((last.0, foot));
    points.push((first.0, foot));
    points
}
