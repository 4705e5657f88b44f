//! The mater: the body that holds the plates, with a limb divided into 360 degrees.

use super::{INDIGO, Palette, SHEET_WIDTH, draw_caption};
use crate::abjad::Abjad;
use crate::canvas::{Canvas, Ink, Outline, Point, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};

/// Draws the limb and the throne around a plate of radius `rim`.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
pub fn draw(
    canvas: &mut Canvas,
    fonts: &Fonts,
    centre: Point,
    rim: f64,
    abjad: Abjad,
    palette: &Palette,
) -> Result<(), DemoError> {
    let s = rim / 850.0;
    let outer = rim + 118.0 * s;
    draw_throne(canvas, centre, outer, s, palette);
    let dark = palette.gold.mix(ink(0x000000), 0.55);
    canvas.fill(&Outline::circle(centre, outer), palette.gold);
    canvas.fill(
        &Outline::ring(centre, outer - 10.0 * s, outer),
        palette.gold.mix(ink(0xffffff), 0.35),
    );
    for radius in [outer, outer - 10.0 * s, outer - 72.0 * s, rim + 12.0 * s] {
        canvas.stroke(&Outline::circle(centre, radius), dark, 2.0 * s);
    }
    for degree in 0..360u32 {
        let angle = f64::from(degree);
        let inner = rim + 12.0 * s;
        let (length, width) = match degree {
            _ if degree % 5 == 0 => (96.0, 2.2),
            _ => (34.0, 1.2),
        };
        let line = Outline::line(&[
            on_circle(centre, inner, angle),
            on_circle(centre, inner + length * s, angle),
        ]);
        canvas.stroke(&line, dark, width * s);
        // Alternate degrees are filled for legibility.
        if degree % 2 == 0 {
            let cell = [
                on_circle(centre, inner, angle),
                on_circle(centre, inner + 14.0 * s, angle),
                on_circle(centre, inner + 14.0 * s, angle + 1.0),
                on_circle(centre, inner, angle + 1.0),
            ];
            canvas.fill(&Outline::polygon(&cell), dark);
        }
    }
    canvas.fill(&Outline::ring(centre, rim + 46.0 * s, rim + 47.5 * s), dark);
    for five in 1..=72u32 {
        let text = abjad.format(five * 5);
        let line = fonts.line(&text, Weight::Bold, 42.0 * s)?;
        canvas.text_on_circle(
            &line,
            centre,
            rim + 66.0 * s,
            f64::from(five) * 5.0 - 2.5,
            false,
            dark.mix(ink(0x000000), 0.4),
        );
    }
    Ok(())
}

/// Draws the throne (kursī), from which the instrument is suspended.
fn draw_throne(canvas: &mut Canvas, centre: Point, outer: f64, s: f64, palette: &Palette) {
    let dark = palette.gold.mix(ink(0x000000), 0.55);
    let (x, y) = (centre.0, centre.1 - outer);
    // One half of the lobed outline, from the limb to the tip. The other half is its mirror image.
    let half: Vec<Point> = (0..=160)
        .map(|i| {
            let t = f64::from(i) / 160.0;
            let width = 330.0 * (1.0 - t).powf(0.85);
            let lobes = 1.0 + 0.13 * (t * std::f64::consts::PI * 4.5).sin().abs();
            (width * lobes, 40.0 - 190.0 * t)
        })
        .collect();
    let mut crest: Vec<Point> = half.iter().map(|&(w, h)| (x - w * s, y + h * s)).collect();
    crest.extend(half.iter().rev().map(|&(w, h)| (x + w * s, y + h * s)));
    let ring = (x, y - 205.0 * s);
    canvas.stroke(&Outline::circle(ring, 48.0 * s), dark, 20.0 * s);
    canvas.stroke(&Outline::circle(ring, 48.0 * s), palette.gold, 15.0 * s);
    canvas.fill(&Outline::polygon(&crest), palette.gold);
    canvas.stroke(&Outline::polygon(&crest), dark, 3.0 * s);
    // Openwork: a fan of drop-shaped openings.
    for step in -3i32..=3 {
        let angle = f64::from(step) * 23.0;
        let reach = 112.0 - f64::from(step.abs()) * 6.0;
        let base = on_circle((x, y + 38.0 * s), 46.0 * s, angle);
        let tip = on_circle((x, y + 38.0 * s), reach * s + 40.0 * s, angle);
        let drop: Vec<Point> = (0..=40)
            .map(|i| {
                let turn = f64::from(i) / 40.0 * std::f64::consts::TAU;
                let along = (1.0 - turn.cos()) / 2.0;
                let across = turn.sin() * (1.0 - along).powf(0.6) * 17.0 * s;
                let (sin, cos) = angle.to_radians().sin_cos();
                (
                    base.0 + (tip.0 - base.0) * along + across * cos,
                    base.1 + (tip.1 - base.1) * along + across * sin,
                )
            })
            .collect();
        canvas.fill(&Outline::polygon(&drop), palette.night);
        canvas.stroke(&Outline::polygon(&drop), dark, 2.0 * s);
    }
    canvas.fill(
        &Outline::circle((x, y - 132.0 * s), 13.0 * s),
        palette.night,
    );
}

/// Draws the mater without plates. A compass rose is engraved inside it.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character, and [`DemoError::TooLarge`]
/// if the memory for the image cannot be allocated.
pub fn mater_sheet(fonts: &Fonts) -> Result<Canvas, DemoError> {
    let palette = INDIGO;
    let mut canvas = Canvas::new(SHEET_WIDTH, 2720.0, 1.0, palette.paper)?;
    let centre = (SHEET_WIDTH / 2.0, 1330.0);
    let rim = 800.0;
    draw(&mut canvas, fonts, centre, rim, Abjad::Eastern, &palette)?;
    canvas.fill(&Outline::circle(centre, rim), palette.night);
    canvas.stroke(&Outline::circle(centre, rim), palette.gold, 6.0);
    for (radius, width) in [(760.0, 2.0), (640.0, 3.0), (330.0, 2.0), (120.0, 3.0)] {
        canvas.stroke(&Outline::circle(centre, radius), palette.gold, width);
    }
    for point in 0..32 {
        let angle = f64::from(point) * 11.25;
        let (inner, outer, half) = match point {
            _ if point % 8 == 0 => (120.0, 640.0, 11.0),
            _ if point % 4 == 0 => (120.0, 560.0, 9.0),
            _ if point % 2 == 0 => (330.0, 560.0, 5.0),
            _ => (330.0, 480.0, 3.4),
        };
        let middle = inner + (outer - inner) * 0.22;
        let left = [
            on_circle(centre, inner, angle),
            on_circle(centre, middle, angle - half),
            on_circle(centre, outer, angle),
        ];
        let right = [
            on_circle(centre, inner, angle),
            on_circle(centre, middle, angle + half),
            on_circle(centre, outer, angle),
        ];
        canvas.fill(&Outline::polygon(&left), palette.gold);
        canvas.fill(&Outline::polygon(&right), Ink(palette.gold.0, 0.35));
        canvas.stroke(&Outline::polygon(&right), palette.gold, 1.6);
    }
    let star = |turn: f64| -> Vec<Point> {
        (0..4)
            .map(|i| on_circle(centre, 104.0, f64::from(i) * 90.0 + turn))
            .collect()
    };
    canvas.stroke(&Outline::polygon(&star(0.0)), palette.gold, 5.0);
    canvas.stroke(&Outline::polygon(&star(45.0)), palette.gold, 5.0);
    canvas.fill(&Outline::circle(centre, 26.0), palette.gold);
    // South is at the top of an astrolabe, so east is on the left.
    for (name, angle) in [
        ("الجنوب", 0.0),
        ("المغرب", 90.0),
        ("الشمال", 180.0),
        ("المشرق", 270.0),
    ] {
        let line = fonts.line(name, Weight::Bold, 84.0)?;
        let lower = angle == 180.0;
        let radius = if lower { 725.0 } else { 672.0 };
        canvas.text_on_circle(&line, centre, radius, angle, lower, palette.gold);
    }
    for (name, angle) in [
        ("جنوبُ المغرب", 45.0),
        ("شمالُ المغرب", 135.0),
        ("شمالُ المشرق", 225.0),
        ("جنوبُ المشرق", 315.0),
    ] {
        let line = fonts.line(name, Weight::Regular, 56.0)?;
        let lower = (90.0..270.0).contains(&angle);
        let radius = if lower { 720.0 } else { 682.0 };
        canvas.text_on_circle(&line, centre, radius, angle, lower, palette.gold);
    }
    draw_caption(
        &mut canvas,
        fonts,
        &palette,
        "أمّ الأسطرلاب",
        "الحُجرة مقسومة ثلاثمئة وستين درجة، وفوقها الكرسي",
    )?;
    Ok(canvas)
}
