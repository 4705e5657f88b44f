//! Elevations of buildings.

use super::{GROUND, ROSE, SAND, SEA, WIDTH, draw_polygon, draw_scale_bar, horseshoe, sheet};
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, arc, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};

type SheetResult = Result<Canvas, DemoError>;
const CENTRE_X: f64 = WIDTH / 2.0;

fn draw_ground(canvas: &mut Canvas, line: Ink) {
    canvas.stroke(
        &Outline::line(&[(130.0, GROUND), (WIDTH - 130.0, GROUND)]),
        line,
        5.0,
    );
}

/// Draws the spiral minaret of Samarra: 52 m high, on a base of 33 m, with five turns.
pub fn samarra(fonts: &Fonts) -> SheetResult {
    let mut canvas = sheet(
        fonts,
        SAND,
        "ملويّة سامراء",
        "الارتفاع 52 م · ضلع القاعدة 33 م",
    )?;
    let u = 26.0;
    let at = |x: f64, z: f64| (CENTRE_X + x * u, GROUND - z * u);
    let base = [at(-16.5, 0.0), at(16.5, 0.0), at(16.5, 3.0), at(-16.5, 3.0)];
    draw_polygon(&mut canvas, &base, SAND.body, SAND.line, 4.0);
    for niche in -4..=4 {
        let x = f64::from(niche) * 3.4;
        let n = [
            at(x - 1.1, 0.4),
            at(x + 1.1, 0.4),
            at(x + 1.1, 2.5),
            at(x - 1.1, 2.5),
        ];
        draw_polygon(&mut canvas, &n, SAND.shade, SAND.line, 2.0);
    }
    // The ramp ascends counter-clockwise. A point on it is given by the number of turns below it.
    let (turns, foot, top) = (5.0, 3.0, 46.0);
    let height = |t: f64| foot + (top - foot) * (t / turns).clamp(0.0, 1.0).powf(0.92);
    let radius = |t: f64| 14.6 - 11.2 * (t / turns).clamp(0.0, 1.0);
    // An additional turn closes the wall behind the end of the ramp.
    let steps = 1680;
    for step in 0..steps {
        let (t0, t1) = (
            (turns + 1.0) * f64::from(step) / f64::from(steps),
            (turns + 1.0) * f64::from(step + 1) / f64::from(steps),
        );
        let angle = |t: f64| (t.fract() - 0.5) * std::f64::consts::TAU;
        if angle(t0).cos() < 0.0 || t1.fract() < t0.fract() {
            continue;
        }
        let side = |t: f64, z: f64| at(radius(t) * angle(t).sin(), z);
        let wall = [
            side(t0, height(t0 - 1.0)),
            side(t1, height(t1 - 1.0)),
            side(t1, height(t1)),
            side(t0, height(t0)),
        ];
        let light = 0.5 - 0.5 * (angle(t0) + 0.7).cos();
        let shade = SAND.body.mix(SAND.shade, light * 0.9);
        canvas.fill(&Outline::polygon(&wall), shade);
        canvas.stroke(&Outline::polygon(&wall), shade, 1.2);
    }
    for turn in 0..5 {
        let run: Vec<Point> = (0..=120)
            .map(|i| {
                let t = f64::from(turn) + 0.25 + 0.5 * f64::from(i) / 120.0;
                let angle = (t.fract() - 0.5) * std::f64::consts::TAU;
                at(radius(t) * angle.sin(), height(t))
            })
            .collect();
        canvas.stroke(&Outline::line(&run), SAND.line, 4.0);
    }
    let drum = [at(-3.0, 44.6), at(3.0, 44.6), at(2.8, 52.0), at(-2.8, 52.0)];
    draw_polygon(&mut canvas, &drum, SAND.body, SAND.line, 4.0);
    for niche in -2..=2 {
        let x = f64::from(niche) * 1.12;
        let points = horseshoe(at(x, 49.6), 0.42 * u, 0.0, at(0.0, 47.0).1);
        draw_polygon(&mut canvas, &points, SAND.shade, SAND.line, 1.6);
    }
    draw_ground(&mut canvas, SAND.line);
    draw_scale_bar(&mut canvas, fonts, SAND, (1640.0, 1640.0), 20.0, u)?;
    Ok(canvas)
}

/// Draws the three pyramids of Giza at the same scale, in plan and profile.
pub fn pyramids(fonts: &Fonts) -> SheetResult {
    let mut canvas = sheet(
        fonts,
        SAND,
        "أهرام الجيزة",
        "146٫6 م · 143٫5 م · 65 م، كما كانت",
    )?;
    let u = 1.32;
    // The entries are: side, height, distance of the centre to the west and to the south of the
    // centre of the first pyramid (in metres), and name.
    let all = [
        (230.3, 146.6, 0.0, 0.0, "خوفو"),
        (215.3, 143.5, 334.4, 353.9, "خفرع"),
        (104.6, 65.0, 574.5, 739.2, "منقرع"),
    ];
    for (side, height, west, south, name) in all {
        let c = (1370.0 - west * u, 320.0 + south * u * 0.72);
        let h = side * u / 2.0;
        let corners = [
            (c.0 - h, c.1 - h * 0.72),
            (c.0 + h, c.1 - h * 0.72),
            (c.0 + h, c.1 + h * 0.72),
            (c.0 - h, c.1 + h * 0.72),
        ];
        for (i, share) in [0.15, 0.5, 0.9, 0.35].into_iter().enumerate() {
            let (Some(&a), Some(&b)) = (corners.get(i), corners.get((i + 1) % 4)) else {
                continue;
            };
            draw_polygon(
                &mut canvas,
                &[a, b, c],
                SAND.body.mix(SAND.shade, share),
                SAND.line,
                3.0,
            );
        }
        let line = fonts.line(name, Weight::Bold, 58.0)?;
        canvas.text(
            &line,
            (c.0 - h - 30.0, c.1 - h * 0.3),
            Anchor::Right,
            SAND.line,
        );
        let x = 1370.0 - west * u;
        let profile = [(x - h, GROUND), (x + h, GROUND), (x, GROUND - height * u)];
        draw_polygon(&mut canvas, &profile, SAND.body, SAND.line, 4.0);
        draw_polygon(
            &mut canvas,
            &[(x, GROUND), (x + h, GROUND), (x, GROUND - height * u)],
            Ink(SAND.shade.0, 0.55),
            SAND.line,
            2.0,
        );
    }
    draw_ground(&mut canvas, SAND.line);
    draw_scale_bar(&mut canvas, fonts, SAND, (1640.0, 1640.0), 200.0, u)?;
    Ok(canvas)
}

/// Draws a schematic elevation of the Treasury of Petra with its two storeys.
pub fn petra(fonts: &Fonts) -> SheetResult {
    let mut canvas = sheet(
        fonts,
        ROSE,
        "خزنة البتراء",
        "واجهة منحوتة في الصخر، نحو 39 م ارتفاعًا",
    )?;
    let u = 36.0;
    let at = |x: f64, z: f64| (CENTRE_X + x * u, GROUND - z * u);
    canvas.fill(
        &Outline::rect(130.0, 130.0, WIDTH - 260.0, GROUND - 130.0),
        ROSE.body.mix(ROSE.shade, 0.35),
    );
    for layer in 0..26 {
        let y = 160.0 + f64::from(layer) * 54.0;
        let vein: Vec<Point> = (0..=80)
            .map(|i| {
                let x = 130.0 + f64::from(i) * (WIDTH - 260.0) / 80.0;
                (x, y + 16.0 * (x / 190.0 + f64::from(layer)).sin())
            })
            .collect();
        canvas.stroke(&Outline::line(&vein), Ink(ROSE.shade.0, 0.28), 9.0);
    }
    let rect =
        |x: f64, z: f64, w: f64, h: f64| [at(x, z), at(x + w, z), at(x + w, z + h), at(x, z + h)];
    draw_polygon(
        &mut canvas,
        &rect(-12.5, 0.0, 25.0, 39.0 - 4.0),
        ROSE.body,
        ROSE.line,
        4.0,
    );
    draw_polygon(
        &mut canvas,
        &rect(-2.2, 1.0, 4.4, 8.6),
        ROSE.line,
        ROSE.line,
        3.0,
    );
    let column = |canvas: &mut Canvas, x: f64, z: f64, h: f64| {
        draw_polygon(
            canvas,
            &rect(x - 0.75, z, 1.5, h),
            ROSE.paper,
            ROSE.line,
            2.6,
        );
        draw_polygon(
            canvas,
            &rect(x - 1.0, z, 2.0, 0.5),
            ROSE.paper,
            ROSE.line,
            2.6,
        );
        let top = [
            at(x - 0.75, z + h - 1.3),
            at(x + 0.75, z + h - 1.3),
            at(x + 1.2, z + h),
            at(x - 1.2, z + h),
        ];
        draw_polygon(canvas, &top, ROSE.paper.mix(ROSE.body, 0.4), ROSE.line, 2.6);
        for flute in -1..=1 {
            let f = x + f64::from(flute) * 0.36;
            canvas.stroke(
                &Outline::line(&[at(f, z + 0.5), at(f, z + h - 1.3)]),
                Ink(ROSE.line.0, 0.3),
                1.6,
            );
        }
    };
    for x in [-10.6, -6.9, -3.4, 3.4, 6.9, 10.6] {
        column(&mut canvas, x, 0.6, 12.4);
    }
    draw_polygon(
        &mut canvas,
        &rect(-12.5, 0.0, 25.0, 0.6),
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &rect(-12.5, 13.0, 25.0, 1.8),
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    for x in -11..=11 {
        canvas.fill(&Outline::circle(at(f64::from(x), 13.9), 10.0), ROSE.shade);
    }
    draw_polygon(
        &mut canvas,
        &[at(-8.4, 14.8), at(8.4, 14.8), at(0.0, 18.2)],
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &rect(-12.5, 18.2, 25.0, 1.4),
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    for x in [-11.2, -6.0, 6.0, 11.2] {
        column(&mut canvas, x, 19.6, 8.6);
    }
    draw_polygon(
        &mut canvas,
        &rect(-12.5, 28.2, 8.0, 1.4),
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &rect(4.5, 28.2, 8.0, 1.4),
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &[at(-12.5, 29.6), at(-4.5, 29.6), at(-4.5, 33.2)],
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &[at(12.5, 29.6), at(4.5, 29.6), at(4.5, 33.2)],
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &rect(-3.6, 19.6, 7.2, 8.6),
        ROSE.body.mix(ROSE.shade, 0.25),
        ROSE.line,
        3.0,
    );
    for x in [-3.1, -1.1, 1.1, 3.1] {
        column(&mut canvas, x, 19.6, 8.6);
    }
    draw_polygon(
        &mut canvas,
        &rect(-4.1, 28.2, 8.2, 1.2),
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &[at(-4.0, 29.4), at(4.0, 29.4), at(0.9, 34.6), at(-0.9, 34.6)],
        ROSE.paper,
        ROSE.line,
        3.0,
    );
    let urn: Vec<Point> = (0..=60)
        .map(|i| {
            let t = f64::from(i) / 60.0;
            let w = 0.5 + 1.5 * (t * std::f64::consts::PI).sin() * (1.0 - 0.35 * t);
            at(w, 34.6 + 4.2 * t)
        })
        .collect();
    let mut both = urn.clone();
    both.extend(urn.iter().rev().map(|p| (2.0 * CENTRE_X - p.0, p.1)));
    draw_polygon(&mut canvas, &both, ROSE.paper, ROSE.line, 3.0);
    draw_ground(&mut canvas, ROSE.line);
    draw_scale_bar(&mut canvas, fonts, ROSE, (1640.0, 1640.0), 10.0, u)?;
    Ok(canvas)
}

/// Draws the minaret of Kairouan: three storeys, 31.5 m high, on a base of 10.7 m.
pub fn kairouan(fonts: &Fonts) -> SheetResult {
    let mut canvas = sheet(
        fonts,
        SAND,
        "مئذنة القيروان",
        "الارتفاع 31٫5 م · ضلع القاعدة 10٫7 م",
    )?;
    let u = 41.0;
    let at = |x: f64, z: f64| (CENTRE_X + x * u, GROUND - z * u);
    let storeys = [
        (5.35, 4.95, 0.0, 18.9),
        (3.8, 3.7, 18.9, 23.9),
        (2.75, 2.7, 23.9, 28.6),
    ];
    for (low, high, z0, z1) in storeys {
        let body = [at(-low, z0), at(low, z0), at(high, z1), at(-high, z1)];
        draw_polygon(&mut canvas, &body, SAND.body, SAND.line, 4.0);
        let shade = [
            at(low * 0.35, z0),
            at(low, z0),
            at(high, z1),
            at(high * 0.35, z1),
        ];
        canvas.fill(&Outline::polygon(&shade), Ink(SAND.shade.0, 0.28));
        let mut z = z0 + 0.5;
        while z < z1 - 0.2 {
            let w = low + (high - low) * (z - z0) / (z1 - z0);
            canvas.stroke(
                &Outline::line(&[at(-w, z), at(w, z)]),
                Ink(SAND.line.0, 0.18),
                1.6,
            );
            z += 0.52;
        }
        let mut x = -high;
        while x < high - 0.3 {
            let merlon = [
                at(x + 0.06, z1),
                at(x + 0.66, z1),
                at(x + 0.66, z1 + 0.55),
                at(x + 0.36, z1 + 0.95),
                at(x + 0.06, z1 + 0.55),
            ];
            draw_polygon(&mut canvas, &merlon, SAND.body, SAND.line, 2.4);
            x += high * 2.0 / (high * 2.0 / 0.75).round();
        }
    }
    for (z, w) in [(3.0, 0.9), (8.0, 0.55), (12.0, 0.5), (15.6, 0.5)] {
        draw_polygon(
            &mut canvas,
            &horseshoe(at(0.0, z + w * 1.4), w * u, 0.3, at(0.0, z - w).1),
            SAND.line,
            SAND.line,
            2.0,
        );
    }
    for x in [-2.1, 0.0, 2.1] {
        draw_polygon(
            &mut canvas,
            &horseshoe(at(x, 21.8), 0.62 * u, 0.35, at(0.0, 19.9).1),
            SAND.shade,
            SAND.line,
            3.0,
        );
    }
    draw_polygon(
        &mut canvas,
        &horseshoe(at(0.0, 26.6), 0.95 * u, 0.35, at(0.0, 24.3).1),
        SAND.line,
        SAND.line,
        3.0,
    );
    let dome = arc(at(0.0, 28.9), 2.1 * u, -90.0, 90.0);
    draw_polygon(
        &mut canvas,
        &dome,
        SAND.paper.mix(SAND.body, 0.4),
        SAND.line,
        4.0,
    );
    for rib in -3..=3 {
        let foot = at(f64::from(rib) * 0.6, 28.9);
        canvas.stroke(
            &Outline::line(&[foot, at(0.0, 31.0)]),
            Ink(SAND.line.0, 0.35),
            2.0,
        );
    }
    canvas.stroke(
        &Outline::line(&[at(0.0, 31.0), at(0.0, 33.2)]),
        SAND.line,
        5.0,
    );
    for (z, r) in [(31.5, 11.0), (32.1, 8.0), (32.6, 6.0)] {
        canvas.fill(&Outline::circle(at(0.0, z), r), SAND.accent);
    }
    draw_ground(&mut canvas, SAND.line);
    draw_scale_bar(&mut canvas, fonts, SAND, (1640.0, 1640.0), 10.0, u)?;
    Ok(canvas)
}

/// Draws the construction of a horseshoe arch from Fez.
pub fn arch_of_fez(fonts: &Fonts) -> SheetResult {
    let mut canvas = sheet(
        fonts,
        SEA,
        "عقد حدوة الفرس",
        "فاس · المركز مرفوع عن منبت العقد",
    )?;
    let c = (CENTRE_X, 760.0);
    let r = 400.0;
    canvas.fill(
        &Outline::rect(220.0, 180.0, 1360.0, GROUND - 180.0),
        SEA.body.mix(SEA.paper, 0.35),
    );
    // The grid consists of pairs of squares, one of them rotated by 45°, as in carved plaster.
    let field = Outline::polygon(&horseshoe(c, r + 150.0, 0.34, GROUND));
    canvas.clip(&Outline::rect(220.0, 180.0, 1360.0, GROUND - 180.0));
    for i in 0..20 {
        for j in 0..20 {
            let at = (250.0 + f64::from(i) * 72.0, 212.0 + f64::from(j) * 72.0);
            for turn in [0.0, 45.0] {
                let square: Vec<Point> = (0..4)
                    .map(|k| on_circle(at, 30.0, f64::from(k) * 90.0 + turn))
                    .collect();
                canvas.stroke(&Outline::polygon(&square), Ink(SEA.shade.0, 0.5), 2.0);
            }
        }
    }
    canvas.unclip();
    canvas.fill(&field, SEA.paper);
    let (from, to) = (-109.9, 109.9);
    for stone in 0..31 {
        let a = from + (to - from) * f64::from(stone) / 31.0;
        let b = from + (to - from) * f64::from(stone + 1) / 31.0;
        let mut wedge = arc(c, r + 150.0, a, b);
        wedge.extend(arc(c, r, b, a));
        let fill = if stone % 2 == 0 { SEA.shade } else { SEA.paper };
        draw_polygon(&mut canvas, &wedge, fill, SEA.line, 3.0);
    }
    let opening = horseshoe(c, r, 0.34, GROUND);
    draw_polygon(&mut canvas, &opening, ink(0x0f2228), SEA.line, 5.0);
    for side in [-1.0, 1.0] {
        let inner = c.0 + side * r * 0.94;
        let outer = c.0 + side * (r + 150.0) * 0.94;
        let spring = c.1 + r * 0.34;
        let pier = [
            (inner, spring),
            (outer, spring + 50.0),
            (outer, GROUND),
            (inner, GROUND),
        ];
        draw_polygon(&mut canvas, &pier, SEA.body, SEA.line, 4.0);
        let capital = [
            (inner - side * 26.0, spring),
            (outer + side * 16.0, spring),
            (outer, spring + 70.0),
            (inner, spring + 70.0),
        ];
        draw_polygon(&mut canvas, &capital, SEA.accent, SEA.line, 4.0);
    }
    let gold = SEA.accent;
    canvas.dash(&Outline::circle(c, r), gold, 3.0, 14.0, 9.0);
    canvas.dash(
        &Outline::line(&[(c.0 - 640.0, c.1), (c.0 + 640.0, c.1)]),
        gold,
        2.6,
        14.0,
        9.0,
    );
    canvas.dash(
        &Outline::line(&[(c.0, 240.0), (c.0, GROUND)]),
        gold,
        2.6,
        14.0,
        9.0,
    );
    canvas.fill(&Outline::circle(c, 13.0), gold);
    let line = fonts.line("المركز", Weight::Bold, 52.0)?;
    canvas.text(&line, (c.0 - 30.0, c.1 - 24.0), Anchor::Right, gold);
    draw_ground(&mut canvas, SEA.line);
    Ok(canvas)
}

/// Draws schematic tower houses of Sanaa.
pub fn sanaa(fonts: &Fonts) -> SheetResult {
    let palette = ROSE;
    let mut canvas = sheet(
        fonts,
        palette,
        "بيت من صنعاء",
        "حجر في الأسفل وآجرّ فوقه، والقَمَريّات من جصّ وزجاج",
    )?;
    let white = ink(0xfdf9f0);
    let brick = ink(0xb9774f);
    for (x, width, storeys) in [(330.0, 330.0, 4), (700.0, 440.0, 6), (1180.0, 330.0, 5)] {
        let floor = 205.0;
        let top = GROUND - f64::from(storeys) * floor - 30.0;
        draw_polygon(
            &mut canvas,
            &[
                (x, GROUND),
                (x + width, GROUND),
                (x + width - 12.0, top),
                (x + 12.0, top),
            ],
            brick,
            palette.line,
            4.0,
        );
        draw_polygon(
            &mut canvas,
            &[
                (x, GROUND),
                (x + width, GROUND),
                (x + width, GROUND - floor),
                (x, GROUND - floor),
            ],
            ink(0x9b9187),
            palette.line,
            3.0,
        );
        for course in 0..7 {
            let y = GROUND - f64::from(course) * 29.0;
            canvas.stroke(
                &Outline::line(&[(x, y), (x + width, y)]),
                Ink(palette.line.0, 0.35),
                2.0,
            );
        }
        for storey in 1..=storeys {
            let y = GROUND - f64::from(storey) * floor;
            canvas.fill(
                &Outline::rect(x + 10.0, y - 16.0, width - 20.0, 26.0),
                white,
            );
            let teeth = (width / 22.0) as i32;
            for tooth in 0..teeth {
                let t = x + 10.0 + f64::from(tooth) * (width - 20.0) / f64::from(teeth);
                let w = (width - 20.0) / f64::from(teeth);
                canvas.fill(
                    &Outline::polygon(&[(t, y + 8.0), (t + w, y + 8.0), (t + w / 2.0, y - 14.0)]),
                    brick.mix(palette.line, 0.2),
                );
            }
            if storey == storeys {
                continue;
            }
            let count = if width > 400.0 { 3 } else { 2 };
            for window in 0..count {
                let wx = x + width * (f64::from(window) + 0.5) / f64::from(count);
                let sill = y - 36.0;
                canvas.fill(
                    &Outline::polygon(&horseshoe((wx, sill - 112.0), 46.0, 0.0, sill)),
                    white,
                );
                canvas.fill(
                    &Outline::rect(wx - 30.0, sill - 76.0, 60.0, 70.0),
                    ink(0x5a3a28),
                );
                canvas.stroke(
                    &Outline::line(&[(wx, sill - 76.0), (wx, sill - 6.0)]),
                    white,
                    3.0,
                );
                let fan = (wx, sill - 108.0);
                canvas.fill(
                    &Outline::polygon(&arc(fan, 36.0, -90.0, 90.0)),
                    ink(0x274b6d),
                );
                for (petal, colour) in [
                    (-60.0, 0xd9a441),
                    (-30.0, 0xb23a3a),
                    (0.0, 0x3f8f6b),
                    (30.0, 0xb23a3a),
                    (60.0, 0xd9a441),
                ] {
                    canvas.fill(
                        &Outline::circle(on_circle(fan, 22.0, petal), 7.5),
                        ink(colour),
                    );
                }
            }
        }
        let door = horseshoe((x + width / 2.0, GROUND - 118.0), 44.0, 0.0, GROUND);
        draw_polygon(&mut canvas, &door, ink(0x5a3a28), white, 7.0);
        for merlon in 0..(width / 46.0) as i32 {
            let m = x + 20.0 + f64::from(merlon) * 46.0;
            draw_polygon(
                &mut canvas,
                &[(m, top), (m + 30.0, top), (m + 15.0, top - 40.0)],
                white,
                palette.line,
                2.0,
            );
        }
    }
    draw_ground(&mut canvas, palette.line);
    Ok(canvas)
}

/// Draws a schematic elevation of the arcade of the synagogue of Ibn Shushan in Toledo.
pub fn toledo(fonts: &Fonts) -> SheetResult {
    let palette = SAND;
    let mut canvas = sheet(
        fonts,
        palette,
        "كنيس ابن شوشان",
        "طليطلة · عقود حدويّة على دعائم مثمّنة",
    )?;
    let white = ink(0xfcf8ee);
    canvas.fill(&Outline::rect(150.0, 240.0, 1500.0, GROUND - 240.0), white);
    canvas.stroke(
        &Outline::rect(150.0, 240.0, 1500.0, GROUND - 240.0),
        palette.line,
        4.0,
    );
    let bays = 4;
    let bay = 1500.0 / f64::from(bays);
    for index in 0..bays {
        let c = (150.0 + bay * (f64::from(index) + 0.5), 950.0);
        let r = 138.0;
        canvas.fill(
            &Outline::polygon(&horseshoe(c, r, 0.5, GROUND)),
            ink(0x4c4034),
        );
        canvas.fill(
            &Outline::polygon(&horseshoe((c.0, c.1 + 30.0), r * 0.72, 0.5, GROUND)),
            ink(0x6e5f4e),
        );
        for (extra, width) in [(0.0, 6.0), (24.0, 2.4), (34.0, 2.4)] {
            canvas.stroke(
                &Outline::line(&arc(c, r + extra, -119.0, 119.0)),
                palette.line,
                width,
            );
        }
        let medallion = (150.0 + bay * f64::from(index), 700.0);
        if index > 0 {
            canvas.fill(&Outline::circle(medallion, 92.0), palette.body);
            for (turn, radius) in [(0.0, 84.0), (45.0, 84.0), (22.5, 50.0), (67.5, 50.0)] {
                let square: Vec<Point> = (0..4)
                    .map(|k| on_circle(medallion, radius, f64::from(k) * 90.0 + turn))
                    .collect();
                canvas.stroke(&Outline::polygon(&square), palette.line, 3.0);
            }
            canvas.stroke(&Outline::circle(medallion, 92.0), palette.line, 3.0);
        }
    }
    for index in 0..=bays {
        let x = 150.0 + bay * f64::from(index);
        let (w, side) = (52.0, 24.0);
        let edge = |d: f64| (x + d).clamp(150.0, 1650.0);
        draw_polygon(
            &mut canvas,
            &[
                (edge(-w), 1140.0),
                (edge(w), 1140.0),
                (edge(w), GROUND),
                (edge(-w), GROUND),
            ],
            white,
            palette.line,
            3.0,
        );
        for d in [-side, side] {
            canvas.stroke(
                &Outline::line(&[(edge(d), 1140.0), (edge(d), GROUND)]),
                Ink(palette.line.0, 0.6),
                2.0,
            );
        }
        let capital = [
            (edge(-74.0), 1030.0),
            (edge(74.0), 1030.0),
            (edge(56.0), 1140.0),
            (edge(-56.0), 1140.0),
        ];
        draw_polygon(&mut canvas, &capital, palette.body, palette.line, 3.0);
        for cone in [-40.0, 0.0, 40.0] {
            if (150.0..=1650.0).contains(&(x + cone)) {
                canvas.fill(&Outline::circle((x + cone, 1086.0), 17.0), palette.shade);
                canvas.stroke(
                    &Outline::circle((x + cone, 1086.0), 17.0),
                    palette.line,
                    2.0,
                );
            }
        }
    }
    for index in 0..20 {
        let x = 150.0 + 75.0 * (f64::from(index) + 0.5);
        let niche = horseshoe((x, 420.0), 24.0, 0.3, 500.0);
        draw_polygon(&mut canvas, &niche, palette.body, palette.line, 2.6);
    }
    for y in [320.0, 336.0, 540.0, 556.0] {
        canvas.stroke(
            &Outline::line(&[(150.0, y), (1650.0, y)]),
            palette.line,
            2.4,
        );
    }
    draw_ground(&mut canvas, palette.line);
    Ok(canvas)
}

/// Draws a schematic elevation of the arch of Caracalla at Volubilis.
pub fn volubilis(fonts: &Fonts) -> SheetResult {
    let palette = SEA;
    let stone = ink(0xe4d6b8);
    let mut canvas = sheet(
        fonts,
        palette,
        "قوس وليلي",
        "أقيم سنة 217 م للإمبراطور كاراكالا",
    )?;
    let at = |x: f64, z: f64| (CENTRE_X + x * 66.0, GROUND - z * 66.0);
    let rect =
        |x: f64, z: f64, w: f64, h: f64| [at(x, z), at(x + w, z), at(x + w, z + h), at(x, z + h)];
    draw_polygon(
        &mut canvas,
        &rect(-9.4, 0.0, 18.8, 13.4),
        stone,
        palette.line,
        4.0,
    );
    for course in 1..24 {
        let z = f64::from(course) * 0.56;
        canvas.stroke(
            &Outline::line(&[at(-9.4, z), at(9.4, z)]),
            Ink(palette.line.0, 0.22),
            1.8,
        );
        for joint in 0..17 {
            let x = -9.0 + f64::from(joint) * 1.13 + if course % 2 == 0 { 0.5 } else { 0.0 };
            canvas.stroke(
                &Outline::line(&[at(x, z), at(x, z - 0.56)]),
                Ink(palette.line.0, 0.22),
                1.8,
            );
        }
    }
    for stone_index in 0..19 {
        let (a, b) = (
            f64::from(stone_index) * 180.0 / 19.0 - 90.0,
            f64::from(stone_index + 1) * 180.0 / 19.0 - 90.0,
        );
        let mut wedge = arc(at(0.0, 5.2), 5.0 * 66.0, a, b);
        wedge.extend(arc(at(0.0, 5.2), 4.0 * 66.0, b, a));
        draw_polygon(&mut canvas, &wedge, stone, palette.line, 2.6);
    }
    draw_polygon(
        &mut canvas,
        &horseshoe(at(0.0, 5.2), 4.0 * 66.0, 0.0, GROUND),
        palette.paper,
        palette.line,
        5.0,
    );
    for x in [-8.2, -6.0, 6.0, 8.2] {
        draw_polygon(
            &mut canvas,
            &rect(x - 0.8, 0.0, 1.6, 1.6),
            stone,
            palette.line,
            3.0,
        );
        draw_polygon(
            &mut canvas,
            &rect(x - 0.5, 1.6, 1.0, 6.6),
            ink(0xf3ead5),
            palette.line,
            3.0,
        );
        for flute in [-0.25, 0.0, 0.25] {
            canvas.stroke(
                &Outline::line(&[at(x + flute, 1.7), at(x + flute, 8.1)]),
                Ink(palette.line.0, 0.3),
                2.0,
            );
        }
        let capital = [
            at(x - 0.5, 8.2),
            at(x + 0.5, 8.2),
            at(x + 0.85, 9.3),
            at(x - 0.85, 9.3),
        ];
        draw_polygon(&mut canvas, &capital, palette.body, palette.line, 3.0);
    }
    draw_polygon(
        &mut canvas,
        &rect(-9.9, 10.6, 19.8, 0.7),
        ink(0xf3ead5),
        palette.line,
        3.0,
    );
    draw_polygon(
        &mut canvas,
        &rect(-9.8, 13.4, 19.6, 0.6),
        ink(0xf3ead5),
        palette.line,
        3.0,
    );
    for x in [-7.1, 7.1] {
        canvas.fill(&Outline::circle(at(x, 9.95), 34.0), palette.shade);
        canvas.stroke(&Outline::circle(at(x, 9.95), 34.0), palette.line, 3.0);
    }
    for x in -9..=9 {
        canvas.fill(
            &Outline::circle(at(f64::from(x), 10.95), 9.0),
            Ink(palette.line.0, 0.5),
        );
    }
    draw_ground(&mut canvas, palette.line);
    Ok(canvas)
}
