//! Plans of places.

use super::{Palette, SAND, SEA, WIDTH, draw_polygon, draw_scale_bar, sheet};
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};

type SheetResult = Result<Canvas, DemoError>;
const CENTRE: Point = (WIDTH / 2.0, 860.0);

fn octagon(radius: f64, rotation: f64) -> Vec<Point> {
    (0..8)
        .map(|i| on_circle(CENTRE, radius, f64::from(i) * 45.0 + rotation))
        .collect()
}

/// Draws the plan of the Dome of the Rock and the squares from which it is constructed.
pub fn dome_of_the_rock(fonts: &Fonts) -> SheetResult {
    let palette = SEA;
    let mut canvas = sheet(
        fonts,
        palette,
        "قبّة الصخرة",
        "ضلع المثمّن نحو 20٫6 م · بُنيت سنة 72 هـ",
    )?;
    let u = 25.0;
    // The radii are derived from the outer octagon by the construction with two squares and their
    // star.
    let outer = 20.6 / 2.0 / 22.5f64.to_radians().sin() * u;
    let square = outer / 2f64.sqrt() / 22.5f64.to_radians().cos();
    let ring = square * 67.5f64.to_radians().cos() * 2f64.sqrt();
    canvas.fill(
        &Outline::polygon(&octagon(outer, 22.5)),
        palette.body.mix(palette.paper, 0.45),
    );
    canvas.fill(
        &Outline::polygon(&octagon(outer, 22.5)).and_polygon(&octagon(outer - 1.3 * u, 22.5)),
        palette.line,
    );
    for door in 0..4 {
        let angle = f64::from(door) * 90.0;
        let apothem = outer * 22.5f64.to_radians().cos();
        let c = on_circle(CENTRE, apothem - 0.6 * u, angle);
        let half = 1.7 * u;
        let tall = door % 2 == 0;
        let (w, h) = if tall {
            (half, 1.0 * u)
        } else {
            (1.0 * u, half)
        };
        canvas.fill(
            &Outline::rect(c.0 - w, c.1 - h, 2.0 * w, 2.0 * h),
            palette.paper,
        );
    }
    for turn in [0.0, 45.0] {
        let corners: Vec<Point> = (0..4)
            .map(|i| on_circle(CENTRE, ring, f64::from(i) * 90.0 + turn))
            .collect();
        canvas.stroke(&Outline::polygon(&corners), palette.accent, 3.0);
    }
    // The extended sides of the squares connect every third corner of the middle octagon.
    for i in 0..8 {
        let a = on_circle(CENTRE, square, f64::from(i) * 45.0 + 22.5);
        let b = on_circle(CENTRE, square, f64::from(i + 3) * 45.0 + 22.5);
        canvas.dash(&Outline::line(&[a, b]), palette.accent, 3.0, 14.0, 9.0);
        let c = on_circle(CENTRE, square, f64::from(i + 1) * 45.0 + 22.5);
        canvas.stroke(&Outline::line(&[a, c]), Ink(palette.shade.0, 0.6), 3.0);
        // There is a pier at each corner of the middle octagon, and two columns between adjacent
        // piers.
        canvas.fill(&Outline::circle(a, 1.25 * u), palette.line);
        for share in [0.36, 0.64] {
            let column = (a.0 + (c.0 - a.0) * share, a.1 + (c.1 - a.1) * share);
            canvas.fill(&Outline::circle(column, 0.5 * u), palette.shade);
        }
    }
    canvas.stroke(&Outline::circle(CENTRE, ring), palette.shade, 4.0);
    for i in 0..16 {
        let at = on_circle(CENTRE, ring, f64::from(i) * 22.5 + 45.0);
        if i % 4 == 0 {
            canvas.fill(&Outline::circle(at, 1.25 * u), palette.line);
        } else {
            canvas.fill(&Outline::circle(at, 0.5 * u), palette.shade);
        }
    }
    let rock: Vec<Point> = (0..72)
        .map(|i| {
            let a = f64::from(i) * 5.0;
            let r = 6.2
                * u
                * (1.0
                    + 0.13 * (a.to_radians() * 2.0).cos()
                    + 0.05 * (a.to_radians() * 5.0 + 1.0).sin());
            on_circle(CENTRE, r, a)
        })
        .collect();
    draw_polygon(&mut canvas, &rock, ink(0xcbbf9f), palette.line, 3.0);
    let line = fonts.line("الصخرة", Weight::Bold, 66.0)?;
    canvas.text(
        &line,
        (CENTRE.0, CENTRE.1 + 20.0),
        Anchor::Middle,
        palette.line,
    );
    draw_scale_bar(&mut canvas, fonts, palette, (1640.0, 1640.0), 10.0, u)?;
    Ok(canvas)
}

/// Draws the citadel of Erbil, an oval of 430 by 340 m, with schematic quarters.
pub fn erbil(fonts: &Fonts) -> SheetResult {
    let palette = SAND;
    let mut canvas = sheet(
        fonts,
        palette,
        "قلعة أربيل",
        "تلّ بيضويّ 430 × 340 م، ارتفاعه بين 25 و32 م",
    )?;
    let u = 3.15;
    let oval = |share: f64, angle: f64| {
        let (sin, cos) = angle.to_radians().sin_cos();
        (
            CENTRE.0 + 215.0 * u * share * cos,
            CENTRE.1 + 170.0 * u * share * sin,
        )
    };
    let ring = |share: f64| -> Vec<Point> { (0..360).map(|i| oval(share, f64::from(i))).collect() };
    canvas.fill(
        &Outline::polygon(&ring(1.1)),
        palette.body.mix(palette.paper, 0.5),
    );
    for hachure in 0..240 {
        let a = f64::from(hachure) * 1.5;
        let length = if hachure % 2 == 0 { 1.1 } else { 1.065 };
        canvas.stroke(
            &Outline::line(&[oval(1.0, a), oval(length, a)]),
            Ink(palette.shade.0, 0.7),
            2.4,
        );
    }
    canvas.fill(&Outline::polygon(&ring(1.0)), palette.paper);
    // The outermost houses form a continuous wall. Lanes separate the inner quarters.
    for (inner, outer, count) in [
        (0.9, 1.0, 100),
        (0.74, 0.88, 58),
        (0.56, 0.71, 42),
        (0.36, 0.53, 28),
        (0.14, 0.33, 12),
    ] {
        for house in 0..count {
            let step = 360.0 / f64::from(count);
            let a = f64::from(house) * step;
            let mid = a + step / 2.0;
            let lane = [90.0, 38.0, 142.0]
                .into_iter()
                .any(|l: f64| (mid - l).abs() < 2.6 / outer);
            if lane {
                continue;
            }
            let jitter = f64::from((house * 7 + count) % 5) * 0.006;
            let gap = step * 0.07;
            let corners = [
                oval(inner + jitter, a + gap),
                oval(outer, a + gap),
                oval(outer, a + step - gap),
                oval(inner + jitter, a + step - gap),
            ];
            let tone = f64::from((house * 5 + count) % 7) / 12.0;
            draw_polygon(
                &mut canvas,
                &corners,
                palette.body.mix(palette.shade, tone),
                palette.line,
                2.0,
            );
            if outer < 0.95 && house % 2 == 0 {
                let court = [
                    oval(inner * 0.6 + outer * 0.4, a + step * 0.35),
                    oval(inner * 0.3 + outer * 0.7, a + step * 0.35),
                    oval(inner * 0.3 + outer * 0.7, a + step * 0.65),
                    oval(inner * 0.6 + outer * 0.4, a + step * 0.65),
                ];
                canvas.fill(&Outline::polygon(&court), palette.paper);
            }
        }
    }
    canvas.fill(&Outline::circle(CENTRE, 26.0), palette.accent);
    let gate = oval(1.02, 90.0);
    draw_polygon(
        &mut canvas,
        &[
            (gate.0 - 30.0, gate.1 - 30.0),
            (gate.0 + 30.0, gate.1 - 30.0),
            (gate.0 + 30.0, gate.1 + 20.0),
            (gate.0 - 30.0, gate.1 + 20.0),
        ],
        palette.accent,
        palette.line,
        3.0,
    );
    let line = fonts.line("الباب الكبير", Weight::Bold, 54.0)?;
    canvas.text(
        &line,
        (gate.0, gate.1 + 110.0),
        Anchor::Middle,
        palette.line,
    );
    draw_north_arrow(&mut canvas, fonts, palette)?;
    draw_scale_bar(&mut canvas, fonts, palette, (1640.0, 1640.0), 100.0, u)?;
    Ok(canvas)
}

/// Draws Timgad, a colony on a grid of twelve by twelve blocks.
pub fn timgad(fonts: &Fonts) -> SheetResult {
    let palette = SAND;
    let mut canvas = sheet(
        fonts,
        palette,
        "تيمقاد",
        "مدينة على شبكة منتظمة، أُسّست سنة 100 م",
    )?;
    let side = 1200.0;
    let (x0, y0) = (CENTRE.0 - side / 2.0, CENTRE.1 - side / 2.0);
    let cell = side / 12.0;
    canvas.fill(
        &Outline::rect(x0 - 22.0, y0 - 22.0, side + 44.0, side + 44.0),
        palette.body.mix(palette.paper, 0.55),
    );
    canvas.stroke(
        &Outline::rect(x0 - 22.0, y0 - 22.0, side + 44.0, side + 44.0),
        palette.line,
        8.0,
    );
    for i in 0..12 {
        for j in 0..12 {
            // The forum and the theatre, south of the main street, are drawn below.
            if (4..8).contains(&i) && (6..10).contains(&j) {
                continue;
            }
            let (x, y) = (
                x0 + f64::from(i) * cell + 9.0,
                y0 + f64::from(j) * cell + 9.0,
            );
            let s = cell - 18.0;
            let tone = f64::from((i * 5 + j * 3) % 7) / 14.0;
            draw_polygon(
                &mut canvas,
                &[(x, y), (x + s, y), (x + s, y + s), (x, y + s)],
                palette.body.mix(palette.shade, tone),
                palette.line,
                2.4,
            );
            let (a, b) = if (i + j) % 2 == 0 {
                (0.3, 0.45)
            } else {
                (0.45, 0.3)
            };
            let court = Outline::rect(
                x + s * a,
                y + s * b,
                s * (1.0 - 2.0 * a),
                s * (1.0 - 2.0 * b),
            );
            canvas.fill(&court, palette.paper);
            canvas.stroke(&court, palette.line, 1.6);
        }
    }
    let street = y0 + 6.0 * cell;
    for k in 0..60 {
        let x = x0 + f64::from(k) * side / 59.0;
        for dy in [-9.0, 9.0] {
            canvas.fill(&Outline::circle((x, street + dy), 3.6), palette.accent);
        }
    }
    let forum = Outline::rect(
        x0 + 4.0 * cell + 12.0,
        street + 16.0,
        4.0 * cell - 24.0,
        2.0 * cell - 28.0,
    );
    canvas.fill(&forum, palette.paper);
    canvas.stroke(&forum, palette.accent, 6.0);
    let line = fonts.line("الساحة", Weight::Bold, 62.0)?;
    canvas.text(
        &line,
        (CENTRE.0, street + cell + 16.0),
        Anchor::Middle,
        palette.accent,
    );
    let stage = (CENTRE.0, street + 2.35 * cell);
    for row in 0..9 {
        let r = 40.0 + f64::from(row) * 12.0;
        canvas.stroke(
            &Outline::line(&crate::canvas::arc(stage, r, 90.0, 270.0)),
            palette.accent,
            5.0,
        );
    }
    canvas.stroke(
        &Outline::line(&[(stage.0 - 150.0, stage.1), (stage.0 + 150.0, stage.1)]),
        palette.accent,
        8.0,
    );
    let line = fonts.line("المسرح", Weight::Bold, 46.0)?;
    canvas.text(
        &line,
        (stage.0 + 132.0, stage.1 + 138.0),
        Anchor::Middle,
        palette.accent,
    );
    draw_north_arrow(&mut canvas, fonts, palette)?;
    Ok(canvas)
}

/// Draws the square of Isfahan, 560 by 160 m.
pub fn isfahan(fonts: &Fonts) -> SheetResult {
    let palette = SEA;
    let mut canvas = sheet(fonts, palette, "ميدان نقش جهان", "أصفهان · نحو 560 × 160 م")?;
    let u = 2.0;
    let (w, h) = (160.0 * u, 560.0 * u);
    let (x, y) = (CENTRE.0 - w / 2.0, CENTRE.1 - h / 2.0);
    canvas.fill(
        &Outline::rect(x - 44.0, y - 44.0, w + 88.0, h + 88.0),
        palette.body,
    );
    canvas.stroke(
        &Outline::rect(x - 44.0, y - 44.0, w + 88.0, h + 88.0),
        palette.line,
        4.0,
    );
    for k in 0..70 {
        let at = y + f64::from(k) * h / 70.0;
        for side in [x - 44.0, x + w] {
            canvas.stroke(
                &Outline::rect(side, at, 44.0, h / 70.0),
                Ink(palette.line.0, 0.5),
                1.6,
            );
        }
    }
    for k in 0..20 {
        let at = x + f64::from(k) * w / 20.0;
        for side in [y - 44.0, y + h] {
            canvas.stroke(
                &Outline::rect(at, side, w / 20.0, 44.0),
                Ink(palette.line.0, 0.5),
                1.6,
            );
        }
    }
    let court = Outline::rect(x, y, w, h);
    canvas.fill(&court, ink(0xf6f1e2));
    canvas.stroke(&court, palette.line, 4.0);
    canvas.fill(
        &Outline::rect(CENTRE.0 - 40.0 * u, y + 170.0 * u, 80.0 * u, 150.0 * u),
        palette.body,
    );
    canvas.stroke(
        &Outline::rect(CENTRE.0 - 40.0 * u, y + 170.0 * u, 80.0 * u, 150.0 * u),
        palette.shade,
        4.0,
    );
    // The two mosques face the qibla, at 45° to the square.
    let rotated_square = |c: Point, half: f64| -> Vec<Point> {
        (0..4)
            .map(|i| on_circle(c, half * 2f64.sqrt(), f64::from(i) * 90.0))
            .collect()
    };
    let shah = (CENTRE.0 - 50.0, y + h + 150.0);
    for (c, half) in [(shah, 92.0), ((x + w + 150.0, CENTRE.1 + 40.0), 52.0)] {
        draw_polygon(
            &mut canvas,
            &rotated_square(c, half),
            palette.accent.mix(palette.paper, 0.35),
            palette.line,
            4.0,
        );
        canvas.fill(&Outline::circle(c, half * 0.55), palette.shade);
        canvas.stroke(&Outline::circle(c, half * 0.55), palette.line, 3.0);
        canvas.fill(&Outline::circle(c, half * 0.2), palette.accent);
    }
    let palace = [
        (x - 170.0, CENTRE.1),
        (x - 44.0, CENTRE.1),
        (x - 44.0, CENTRE.1 + 90.0),
        (x - 170.0, CENTRE.1 + 90.0),
    ];
    draw_polygon(
        &mut canvas,
        &palace,
        palette.accent.mix(palette.paper, 0.35),
        palette.line,
        4.0,
    );
    let gate = [
        (CENTRE.0 - 62.0, y - 120.0),
        (CENTRE.0 + 62.0, y - 120.0),
        (CENTRE.0 + 62.0, y - 20.0),
        (CENTRE.0 - 62.0, y - 20.0),
    ];
    draw_polygon(
        &mut canvas,
        &gate,
        palette.accent.mix(palette.paper, 0.35),
        palette.line,
        4.0,
    );
    for (text, at, anchor) in [
        ("قيصريّة", (CENTRE.0 + 96.0, y - 62.0), Anchor::Left),
        (
            "مسجد الشاه",
            (CENTRE.0 + 110.0, y + h + 170.0),
            Anchor::Left,
        ),
        (
            "مسجد الشيخ لطف الله",
            (x + w + 60.0, CENTRE.1 - 70.0),
            Anchor::Left,
        ),
        ("عالي قابو", (x - 190.0, CENTRE.1 + 64.0), Anchor::Right),
    ] {
        let line = fonts.line(text, Weight::Bold, 54.0)?;
        canvas.text(&line, at, anchor, palette.line);
    }
    draw_scale_bar(&mut canvas, fonts, palette, (1640.0, 1640.0), 100.0, u)?;
    Ok(canvas)
}

fn draw_north_arrow(canvas: &mut Canvas, fonts: &Fonts, palette: Palette) -> Result<(), DemoError> {
    let at = (220.0, 250.0);
    let needle = [
        (at.0, at.1 - 70.0),
        (at.0 + 22.0, at.1 + 40.0),
        (at.0, at.1 + 18.0),
        (at.0 - 22.0, at.1 + 40.0),
    ];
    draw_polygon(canvas, &needle, palette.accent, palette.line, 2.0);
    let line = fonts.line("ش", Weight::Bold, 54.0)?;
    canvas.text(&line, (at.0, at.1 - 88.0), Anchor::Middle, palette.line);
    Ok(())
}
