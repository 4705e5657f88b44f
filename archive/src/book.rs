//! A short book in Arabic, “How the plate is drawn”, with pages set from right to left.

use crate::abjad::{Abjad, arabic_digits};
use crate::astrolabe::{INDIGO, Plate, Rete};
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Line, Weight};
use crate::projection as p;

/// The text of each page. The first line is the heading.
pub const PAGES: [&str; 9] = [
    include_str!("../source/astrolabes/book/01.txt"),
    include_str!("../source/astrolabes/book/02.txt"),
    include_str!("../source/astrolabes/book/03.txt"),
    include_str!("../source/astrolabes/book/04.txt"),
    include_str!("../source/astrolabes/book/05.txt"),
    include_str!("../source/astrolabes/book/06.txt"),
    include_str!("../source/astrolabes/book/07.txt"),
    include_str!("../source/astrolabes/book/08.txt"),
    include_str!("../source/astrolabes/book/09.txt"),
];

const WIDTH: f64 = 1400.0;
const HEIGHT: f64 = 2000.0;
const PAPER: Ink = ink(0xf7f0df);
const BLACK: Ink = ink(0x2a2118);
const RED: Ink = ink(0x9c3325);
const BLUE: Ink = ink(0x24456b);
const GOLD: Ink = ink(0xc79a3e);

/// Draws the page with the number `index`, counted from 0.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character, and [`DemoError::TooLarge`]
/// if the memory for the image cannot be allocated.
pub fn page_sheet(fonts: &Fonts, index: usize) -> Result<Canvas, DemoError> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT, 1.0, PAPER)?;
    let text = PAGES.get(index).copied().unwrap_or_default();
    let mut paragraphs = text.lines().filter(|line| !line.trim().is_empty());
    let heading = paragraphs.next().unwrap_or_default();
    draw_frame(&mut canvas);
    if index == 0 {
        return title_page(canvas, fonts, heading, paragraphs);
    }
    let line = fonts.line(heading, Weight::Bold, 72.0)?;
    canvas.text(&line, (WIDTH / 2.0, 300.0), Anchor::Middle, RED);
    let mut y = 400.0;
    for paragraph in paragraphs {
        y = draw_paragraph(&mut canvas, fonts, paragraph, y)? + 18.0;
    }
    draw_figure(&mut canvas, fonts, index, y)?;
    let number = arabic_digits(&(index + 1).to_string());
    let line = fonts.line(&number, Weight::Regular, 46.0)?;
    canvas.fill(&Outline::circle((WIDTH / 2.0, 1885.0), 44.0), PAPER);
    canvas.stroke(&Outline::circle((WIDTH / 2.0, 1885.0), 44.0), GOLD, 3.0);
    canvas.text(&line, (WIDTH / 2.0, 1900.0), Anchor::Middle, BLUE);
    Ok(canvas)
}

/// Draws two rules and a band of eight-pointed stars between them.
fn draw_frame(canvas: &mut Canvas) {
    let band = |inset: f64| Outline::rect(inset, inset, WIDTH - 2.0 * inset, HEIGHT - 2.0 * inset);
    canvas.stroke(&band(70.0), GOLD, 3.0);
    let (columns, rows) = (22, 32);
    let step = (
        (WIDTH - 230.0) / f64::from(columns),
        (HEIGHT - 230.0) / f64::from(rows),
    );
    let mut centres = Vec::new();
    for i in 0..=columns {
        let x = 115.0 + f64::from(i) * step.0;
        centres.extend([(x, 115.0), (x, HEIGHT - 115.0)]);
    }
    for j in 1..rows {
        let y = 115.0 + f64::from(j) * step.1;
        centres.extend([(115.0, y), (WIDTH - 115.0, y)]);
    }
    for (index, centre) in centres.into_iter().enumerate() {
        let square = |rotation: f64| -> Vec<Point> {
            (0..4)
                .map(|i| on_circle(centre, 25.0, f64::from(i) * 90.0 + rotation))
                .collect()
        };
        let colour = if (index / 2).is_multiple_of(2) {
            BLUE
        } else {
            RED
        };
        for rotation in [0.0, 45.0] {
            canvas.fill(&Outline::polygon(&square(rotation)), colour);
        }
        canvas.fill(&Outline::circle(centre, 9.0), GOLD);
        canvas.fill(&Outline::circle(centre, 4.0), PAPER);
    }
    for (inset, width) in [(158.0, 5.0), (168.0, 2.0)] {
        canvas.stroke(&band(inset), GOLD, width);
    }
}

fn title_page<'t>(
    mut canvas: Canvas,
    fonts: &Fonts,
    heading: &str,
    rest: impl Iterator<Item = &'t str>,
) -> Result<Canvas, DemoError> {
    let c = (WIDTH / 2.0, 760.0);
    for ring in 0..5u32 {
        let r = 430.0 - f64::from(ring) * 26.0;
        let rotation = f64::from(ring) * 4.5;
        let star: Vec<Point> = (0..40)
            .map(|i| {
                let radius = if i % 2 == 0 { r } else { r * 0.88 };
                on_circle(c, radius, f64::from(i) * 9.0 + rotation)
            })
            .collect();
        let colour = match ring {
            0 | 4 => BLUE,
            1 | 3 => GOLD,
            _ => RED,
        };
        canvas.fill(&Outline::polygon(&star), colour);
    }
    canvas.fill(&Outline::circle(c, 288.0), PAPER);
    canvas.stroke(&Outline::circle(c, 288.0), GOLD, 6.0);
    canvas.stroke(&Outline::circle(c, 272.0), BLUE, 2.0);
    let mut y = 700.0;
    for word in heading.split(" / ") {
        let line = fonts.line(word, Weight::Bold, 100.0)?;
        canvas.text(&line, (c.0, y), Anchor::Middle, BLUE);
        y += 130.0;
    }
    let mut y = 1400.0;
    for paragraph in rest {
        let line = fonts.line(paragraph, Weight::Regular, 58.0)?;
        canvas.text(&line, (c.0, y), Anchor::Middle, BLACK);
        y += 104.0;
    }
    Ok(canvas)
}

/// Draws a justified paragraph and returns the position below it.
fn draw_paragraph(
    canvas: &mut Canvas,
    fonts: &Fonts,
    paragraph: &str,
    top: f64,
) -> Result<f64, DemoError> {
    const SIZE: f64 = 50.0;
    const LEADING: f64 = 88.0;
    const RIGHT: f64 = 1190.0;
    const MEASURE: f64 = 980.0;
    const SPACE: f64 = 13.0;
    let words: Vec<Line> = paragraph
        .split_whitespace()
        .map(|word| fonts.line(word, Weight::Regular, SIZE))
        .collect::<Result<_, _>>()?;
    let mut y = top;
    let mut row: Vec<&Line> = Vec::new();
    let mut width = 0.0;
    let draw_row = |canvas: &mut Canvas, row: &[&Line], width: f64, y: f64, is_last: bool| {
        let gaps = row.len().saturating_sub(1).max(1) as f64;
        let space = if is_last {
            SPACE
        } else {
            SPACE + (MEASURE - width) / gaps
        };
        let mut x = RIGHT;
        for word in row {
            canvas.text(word, (x, y), Anchor::Right, BLACK);
            x -= word.width + space;
        }
    };
    for word in &words {
        let added_width = word.width + if row.is_empty() { 0.0 } else { SPACE };
        if width + added_width > MEASURE && !row.is_empty() {
            draw_row(canvas, &row, width, y, false);
            y += LEADING;
            row.clear();
            width = word.width;
        } else {
            width += added_width;
        }
        row.push(word);
    }
    draw_row(canvas, &row, width, y, true);
    Ok(y + LEADING)
}

/// Draws the figure of a page in the space below its text.
fn draw_figure(
    canvas: &mut Canvas,
    fonts: &Fonts,
    index: usize,
    top: f64,
) -> Result<(), DemoError> {
    let bottom = 1800.0;
    let c = (WIDTH / 2.0, (top - 30.0 + bottom) / 2.0);
    let reach = ((bottom - top + 30.0) / 2.0).clamp(120.0, 420.0);
    let unit = reach / p::rim();
    let plate = |has_azimuths: bool, has_hours: bool, step: u32| Plate {
        latitude: 30.0 + 3.0 / 60.0,
        inscription: None,
        abjad: Abjad::Eastern,
        step,
        centre: c,
        unit,
        palette: INDIGO,
        has_azimuths,
        has_hours,
    };
    match index {
        1 => draw_sphere(canvas, fonts, c, reach),
        2 => draw_circles(canvas, fonts, c, unit),
        3 => {
            draw_circles(canvas, fonts, c, unit)?;
            draw_horizon(canvas, c, unit);
            Ok(())
        }
        4 => plate(false, false, 6).draw(canvas, fonts),
        5 => plate(true, false, 6).draw(canvas, fonts),
        6 => plate(true, true, 6).draw(canvas, fonts),
        7 => {
            plate(true, true, 6).draw(canvas, fonts)?;
            Rete {
                centre: c,
                unit,
                rotation: 24.0,
                palette: INDIGO,
            }
            .draw(canvas, fonts)
        }
        _ => {
            for (count, r) in [(16, reach * 0.55), (8, reach * 0.32)] {
                let star: Vec<Point> = (0..count * 2)
                    .map(|i| {
                        let radius = if i % 2 == 0 { r } else { r * 0.72 };
                        on_circle(c, radius, f64::from(i) * 180.0 / f64::from(count))
                    })
                    .collect();
                canvas.fill(
                    &Outline::polygon(&star),
                    if count == 16 { BLUE } else { GOLD },
                );
            }
            Ok(())
        }
    }
}

/// Draws the celestial sphere in section, with its projection from the south pole.
fn draw_sphere(canvas: &mut Canvas, fonts: &Fonts, c: Point, reach: f64) -> Result<(), DemoError> {
    let r = reach * 0.56;
    let c = (c.0, c.1 + reach * 0.06);
    canvas.fill(&Outline::circle(c, r), Ink(BLUE.0, 0.08));
    canvas.stroke(&Outline::circle(c, r), BLUE, 4.0);
    let wide = reach * 1.05;
    canvas.stroke(
        &Outline::line(&[(c.0 - wide, c.1), (c.0 + wide, c.1)]),
        BLACK,
        3.0,
    );
    canvas.dash(
        &Outline::line(&[(c.0, c.1 - r), (c.0, c.1 + r)]),
        BLACK,
        2.0,
        9.0,
        7.0,
    );
    let south = (c.0, c.1 + r);
    for declination in [p::OBLIQUITY, -p::OBLIQUITY, 60.0f64] {
        let (sin, cos) = declination.to_radians().sin_cos();
        let cut = p::radius(declination) * r;
        for side in [-1.0, 1.0] {
            let on = (c.0 + side * cos * r, c.1 - sin * r);
            let end = if declination < 0.0 {
                (c.0 + side * cut, c.1)
            } else {
                on
            };
            canvas.stroke(&Outline::line(&[south, end]), RED, 2.4);
            canvas.fill(&Outline::circle(on, 8.0), RED);
            canvas.fill(&Outline::circle((c.0 + side * cut, c.1), 7.0), BLUE);
        }
        canvas.dash(
            &Outline::line(&[
                (c.0 - cos * r, c.1 - sin * r),
                (c.0 + cos * r, c.1 - sin * r),
            ]),
            BLUE,
            2.0,
            5.0,
            6.0,
        );
    }
    for (text, at) in [
        ("القطب الشمالي", (c.0, c.1 - r - 26.0)),
        ("القطب الجنوبي", (c.0, c.1 + r + 56.0)),
    ] {
        let line = fonts.line(text, Weight::Regular, 38.0)?;
        canvas.text(&line, at, Anchor::Middle, BLACK);
    }
    Ok(())
}

/// Draws the equator and the tropics.
fn draw_circles(canvas: &mut Canvas, fonts: &Fonts, c: Point, unit: f64) -> Result<(), DemoError> {
    let rows = [
        (-p::OBLIQUITY, "مدار الجدي", RED),
        (0.0, "مدار الحمل والميزان", BLUE),
        (p::OBLIQUITY, "مدار السرطان", GOLD),
    ];
    for (declination, name, colour) in rows {
        let r = p::radius(declination) * unit;
        canvas.stroke(&Outline::circle(c, r), colour, 5.0);
        let line = fonts.line(name, Weight::Regular, unit * 0.115)?;
        canvas.text_on_circle(&line, c, r - unit * 0.13, 0.0, false, BLACK);
    }
    let r = p::rim() * unit;
    canvas.stroke(
        &Outline::line(&[(c.0, c.1 - r * 0.86), (c.0, c.1 + r)]),
        BLACK,
        2.0,
    );
    canvas.stroke(
        &Outline::line(&[(c.0 - r, c.1), (c.0 + r, c.1)]),
        BLACK,
        2.0,
    );
    canvas.fill(&Outline::circle(c, 8.0), BLACK);
    Ok(())
}

/// Draws the horizon of Cairo and the points through which it is constructed.
fn draw_horizon(canvas: &mut Canvas, c: Point, unit: f64) {
    let circle = p::almucantar(30.0 + 3.0 / 60.0, 0.0);
    let rim = Outline::circle(c, p::rim() * unit);
    let outline = Outline::circle((c.0, c.1 - circle.y * unit), circle.radius * unit);
    canvas.clip(&rim);
    canvas.fill(&outline, Ink(GOLD.0, 0.16));
    canvas.stroke(&outline, RED, 6.0);
    canvas.unclip();
    let low = (c.0, c.1 - (circle.y - circle.radius) * unit);
    for point in [low, (c.0 - unit, c.1), (c.0 + unit, c.1)] {
        canvas.fill(&Outline::circle(point, 11.0), RED);
    }
}
