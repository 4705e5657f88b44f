//! The back of the astrolabe with its scales.

use super::{PINE, SHEET_WIDTH, draw_caption};
use crate::abjad::Abjad;
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, arc, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};
use crate::stars::SIGNS;

/// Draws the back of the astrolabe: altitude scales, sine quadrant, unequal hours, shadow square
/// and zodiac.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character, and [`DemoError::TooLarge`]
/// if the memory for the image cannot be allocated.
pub fn back_sheet(fonts: &Fonts) -> Result<Canvas, DemoError> {
    let palette = PINE;
    let mut canvas = Canvas::new(SHEET_WIDTH, 2720.0, 1.0, palette.paper)?;
    let c: Point = (SHEET_WIDTH / 2.0, SHEET_WIDTH / 2.0 - 20.0);
    let r = 1060.0;
    let line = palette.line;
    canvas.fill(&Outline::circle(c, r), palette.sky);
    canvas.fill(&Outline::ring(c, r - 96.0, r), palette.night);
    for radius in [r, r - 26.0, r - 96.0] {
        canvas.stroke(&Outline::circle(c, radius), palette.gold, 3.0);
    }
    for degree in 0..360u32 {
        let length = if degree % 5 == 0 { 26.0 } else { 14.0 };
        let tick = [
            on_circle(c, r, f64::from(degree)),
            on_circle(c, r - length, f64::from(degree)),
        ];
        canvas.stroke(&Outline::line(&tick), palette.gold, 1.8);
    }
    // The altitude scales of the upper quadrants start at the horizontal.
    for five in 1..=18u32 {
        let text = fonts.line(&Abjad::Eastern.format(five * 5), Weight::Bold, 46.0)?;
        let angle = 90.0 - f64::from(five) * 5.0 + 2.5;
        for signed in [angle, -angle] {
            canvas.text_on_circle(&text, c, r - 78.0, signed, false, palette.gold);
        }
    }
    // The lower rim has the shadow lengths of a gnomon of twelve digits.
    for digit in 1..=12u32 {
        let angle = (f64::from(digit) / 12.0).atan().to_degrees();
        let text = fonts.line(&Abjad::Eastern.format(digit), Weight::Bold, 44.0)?;
        for signed in [180.0 - angle, 180.0 + angle] {
            canvas.text_on_circle(&text, c, r - 48.0, signed, true, palette.gold);
        }
    }
    for (text, angle) in [("ظلّ الأصابع", 112.0), ("ظلّ الأصابع", 248.0)] {
        let text = fonts.line(text, Weight::Regular, 48.0)?;
        canvas.text_on_circle(&text, c, r - 48.0, angle, true, palette.gold);
    }

    draw_sine_quadrant(&mut canvas, c, r - 96.0, line);
    draw_unequal_hours(&mut canvas, fonts, c, r - 96.0, line, palette.fine)?;
    draw_shadow_square(&mut canvas, fonts, c, line, palette.fine)?;
    draw_zodiac(&mut canvas, fonts, c, r - 96.0, line, palette.fine)?;

    let half = r - 96.0;
    for points in [
        [(c.0 - half, c.1), (c.0 + half, c.1)],
        [(c.0, c.1 - half), (c.0, c.1 + half)],
    ] {
        canvas.stroke(&Outline::line(&points), line, 5.0);
    }
    canvas.fill(&Outline::circle(c, 24.0), palette.gold);
    canvas.stroke(&Outline::circle(c, 24.0), line, 4.0);
    draw_caption(
        &mut canvas,
        fonts,
        &palette,
        "ظهر الأسطرلاب",
        "ربع الجيوب وربع الساعات الزمانية ومربّع الظلّ",
    )?;
    Ok(canvas)
}

/// Draws the sine quadrant (upper left) with sixty divisions, every fifth of them emphasised.
fn draw_sine_quadrant(canvas: &mut Canvas, c: Point, r: f64, line: Ink) {
    for part in 1..60 {
        let share = f64::from(part) / 60.0;
        let along = (1.0 - share * share).sqrt();
        let (ink, width) = if part % 5 == 0 {
            (line, 2.4)
        } else {
            (Ink(line.0, 0.45), 1.2)
        };
        let height = c.1 - r * share;
        canvas.stroke(
            &Outline::line(&[(c.0 - r * along, height), (c.0, height)]),
            ink,
            width,
        );
        if part % 5 == 0 {
            let x = c.0 - r * share;
            canvas.stroke(
                &Outline::line(&[(x, c.1), (x, c.1 - r * along)]),
                Ink(line.0, 0.6),
                1.4,
            );
        }
    }
    canvas.stroke(
        &Outline::line(&arc((c.0 - r / 2.0, c.1), r / 2.0, 270.0, 450.0)),
        Ink(line.0, 0.8),
        2.6,
    );
}

/// Draws the unequal hours (upper right): circles through the centre that divide a day into twelve
/// hours.
fn draw_unequal_hours(
    canvas: &mut Canvas,
    fonts: &Fonts,
    c: Point,
    r: f64,
    line: Ink,
    fine: Ink,
) -> Result<(), DemoError> {
    let quadrant: Vec<Point> = std::iter::once(c).chain(arc(c, r, 0.0, 90.0)).collect();
    canvas.clip(&Outline::polygon(&quadrant));
    for hour in 1..=6u32 {
        // For each hour, the circle goes through the centre and through the point on the rim at an
        // altitude of 15° per hour. Its own centre is on the meridian.
        let altitude = f64::from(hour) * 15.0;
        let radius = r / 2.0 / altitude.to_radians().sin();
        canvas.stroke(&Outline::circle((c.0, c.1 - radius), radius), fine, 3.4);
    }
    canvas.unclip();
    for hour in 1..=6u32 {
        let text = fonts.line(&Abjad::Eastern.format(hour), Weight::Bold, 48.0)?;
        let at = on_circle(c, r - 46.0, 90.0 - f64::from(hour) * 15.0 + 7.5);
        canvas.text(&text, (at.0, at.1 + 12.0), Anchor::Middle, line);
    }
    Ok(())
}

/// Draws the shadow square (in the lower half), a scale for horizontal and vertical shadows.
fn draw_shadow_square(
    canvas: &mut Canvas,
    fonts: &Fonts,
    c: Point,
    line: Ink,
    fine: Ink,
) -> Result<(), DemoError> {
    let side = 430.0;
    for sign in [-1.0, 1.0] {
        let at = |along: f64, down: f64| (c.0 + sign * along, c.1 + down);
        for (depth, width) in [(0.0, 4.0), (46.0, 2.0)] {
            let e = side - depth;
            canvas.stroke(
                &Outline::line(&[at(e, 0.0), at(e, e), at(0.0, e)]),
                line,
                width,
            );
        }
        for digit in 1..12u32 {
            let t = side * f64::from(digit) / 12.0;
            let k = (side - 46.0) / side;
            canvas.stroke(
                &Outline::line(&[at(t, side), at(t * k, side * k)]),
                line,
                2.2,
            );
            canvas.stroke(
                &Outline::line(&[at(side, t), at(side * k, t * k)]),
                line,
                2.2,
            );
            if digit % 3 == 0 {
                canvas.stroke(
                    &Outline::line(&[c, at(t * k, side * k)]),
                    Ink(fine.0, 0.5),
                    1.6,
                );
                canvas.stroke(
                    &Outline::line(&[c, at(side * k, t * k)]),
                    Ink(fine.0, 0.5),
                    1.6,
                );
            }
        }
        canvas.stroke(&Outline::line(&[c, at(side, side)]), fine, 2.6);
        let horizontal = fonts.line("مبسوط", Weight::Bold, 54.0)?;
        let (x, y) = at(side * 0.4, side - 72.0);
        canvas.text_transformed(
            &horizontal,
            |(gx, gy)| (x + gx - horizontal.width / 2.0, y - gy),
            Some((ink(0xf8f5e6), 8.0)),
            line,
        );
        let vertical = fonts.line("منكوس", Weight::Bold, 54.0)?;
        canvas.text_rotated(
            &vertical,
            at(side - 72.0, side * 0.42),
            Anchor::Middle,
            -90.0 * sign,
            line,
        );
    }
    Ok(())
}

/// Draws the zodiac below the shadow square: the ascending signs on one side, the descending signs
/// on the other.
fn draw_zodiac(
    canvas: &mut Canvas,
    fonts: &Fonts,
    c: Point,
    r: f64,
    line: Ink,
    fine: Ink,
) -> Result<(), DemoError> {
    let band = [r - 26.0, r - 150.0, r - 270.0];
    for radius in band {
        canvas.stroke(&Outline::line(&arc(c, radius, 90.0, 270.0)), line, 2.6);
    }
    for (ring, first) in [(0usize, 0usize), (1, 6)] {
        let (Some(&outer), Some(&inner)) = (band.get(ring), band.get(ring + 1)) else {
            continue;
        };
        for (place, sign) in SIGNS.iter().skip(first).take(6).enumerate() {
            let start = 270.0 - place as f64 * 30.0;
            for part in 0..6 {
                let angle = start - f64::from(part) * 5.0;
                let length = if part == 0 { inner } else { outer - 20.0 };
                canvas.stroke(
                    &Outline::line(&[on_circle(c, outer, angle), on_circle(c, length, angle)]),
                    if part == 0 { line } else { fine },
                    2.0,
                );
            }
            let text = fonts.line(sign, Weight::Bold, 62.0)?;
            canvas.text_on_circle(&text, c, inner + 64.0, start - 15.0, true, line);
        }
    }
    Ok(())
}
