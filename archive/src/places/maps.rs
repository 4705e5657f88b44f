//! A map of all places, and a diagram of the sun paths at one of them.

use super::{SAND, SEA, WIDTH, sheet};
use crate::abjad::arabic_digits;
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};
use crate::projection as p;

type SheetResult = Result<Canvas, DemoError>;
const CENTRE: Point = (WIDTH / 2.0, 860.0);

/// The places of the collection: name, latitude, longitude, and the side of the label (1 is right,
/// -1 is left).
const PLACES: [(&str, f64, f64, i8); 12] = [
    ("سامراء", 34.206, 43.880, -1),
    ("الجيزة", 29.979, 31.134, -1),
    ("البتراء", 30.322, 35.452, 1),
    ("القيروان", 35.681, 10.104, 1),
    ("فاس", 34.065, -4.974, 1),
    ("صنعاء", 15.355, 44.207, 1),
    ("القدس", 31.778, 35.235, -1),
    ("وليلي", 34.072, -5.555, -1),
    ("أربيل", 36.191, 44.009, 1),
    ("تيمقاد", 35.484, 6.469, -1),
    ("أصفهان", 32.657, 51.678, 1),
    ("طليطلة", 39.857, -4.030, 1),
];

/// Draws all places on a stereographic map.
pub fn map(fonts: &Fonts) -> SheetResult {
    let palette = SEA;
    let mut canvas = sheet(
        fonts,
        palette,
        "مواضع المدن",
        "إسقاط مجسّم مركزه 30° شمالًا و23° شرقًا",
    )?;
    let (lat0, lon0) = (30.0f64, 23.0);
    let scale = 1720.0;
    let place = |lat: f64, lon: f64| -> Point {
        let (sin, cos) = lat.to_radians().sin_cos();
        let (sin0, cos0) = lat0.to_radians().sin_cos();
        let d = (lon - lon0).to_radians();
        let k = 2.0 / (1.0 + sin0 * sin + cos0 * cos * d.cos());
        (
            CENTRE.0 + scale * 0.8 * k * cos * d.sin(),
            CENTRE.1 - scale * 0.8 * k * (cos0 * sin - sin0 * cos * d.cos()),
        )
    };
    let window = Outline::circle(CENTRE, 760.0);
    canvas.clip(&window);
    canvas.fill(&window, palette.body.mix(palette.paper, 0.6));
    for lat in (-10..=70).step_by(5) {
        let line: Vec<Point> = (-40..=90)
            .map(|lon| place(f64::from(lat), f64::from(lon)))
            .collect();
        let width = if lat % 10 == 0 { 2.6 } else { 1.2 };
        canvas.stroke(&Outline::line(&line), Ink(palette.shade.0, 0.55), width);
    }
    for lon in (-40..=90).step_by(5) {
        let line: Vec<Point> = (-15..=75)
            .map(|lat| place(f64::from(lat), f64::from(lon)))
            .collect();
        let width = if lon % 10 == 0 { 2.6 } else { 1.2 };
        canvas.stroke(&Outline::line(&line), Ink(palette.shade.0, 0.55), width);
    }
    let tropic: Vec<Point> = (-40..=90)
        .map(|lon| place(p::OBLIQUITY, f64::from(lon)))
        .collect();
    canvas.dash(&Outline::line(&tropic), palette.accent, 4.0, 18.0, 12.0);
    canvas.unclip();
    canvas.stroke(&window, palette.line, 6.0);
    for (lat, lon) in [(40, 0), (30, 0), (20, 0), (10, 0)] {
        let text = arabic_digits(&format!("{lat}°"));
        let line = fonts.line(&text, Weight::Regular, 36.0)?;
        let (x, y) = place(f64::from(lat), f64::from(lon));
        canvas.text(&line, (x + 8.0, y - 8.0), Anchor::Left, palette.shade);
    }
    for (name, lat, lon, side) in PLACES {
        let at = place(lat, lon);
        let star: Vec<Point> = (0..16)
            .map(|i| {
                on_circle(
                    at,
                    if i % 2 == 0 { 22.0 } else { 15.0 },
                    f64::from(i) * 22.5,
                )
            })
            .collect();
        canvas.fill(&Outline::polygon(&star), palette.accent);
        canvas.stroke(&Outline::polygon(&star), palette.line, 2.4);
        let line = fonts.line(name, Weight::Bold, 50.0)?;
        let (x, anchor) = if side > 0 {
            (at.0 + 30.0, 0.0)
        } else {
            (at.0 - 30.0, line.width)
        };
        canvas.text_transformed(
            &line,
            |(gx, gy)| {
                (
                    x + gx - anchor,
                    at.1 - gy + if side > 0 { -4.0 } else { 26.0 },
                )
            },
            Some((palette.paper, 4.0)),
            palette.line,
        );
    }
    Ok(canvas)
}

/// Draws the monthly paths of the sun at Deir Mar Musa, with the hours.
pub fn deir_mar_musa(fonts: &Fonts) -> SheetResult {
    let palette = SAND;
    let latitude = 34.022;
    let mut canvas = sheet(
        fonts,
        palette,
        "الشمس فوق دير مار موسى",
        "مسارات الشمس من انقلاب إلى انقلاب، عند العرض 34°",
    )?;
    let r = 700.0;
    // The rim is the horizon, and the centre is the zenith. North is at the top.
    let place = |h: f64, d: f64| -> Option<Point> {
        let (altitude, azimuth) = p::equatorial_to_horizontal(latitude, h, d);
        (altitude >= 0.0).then(|| on_circle(CENTRE, p::radius(altitude) * r, azimuth + 180.0))
    };
    canvas.fill(&Outline::circle(CENTRE, r), ink(0xfdf8ea));
    for altitude in (10..90).step_by(10) {
        let circle = Outline::circle(CENTRE, p::radius(f64::from(altitude)) * r);
        canvas.stroke(&circle, Ink(palette.line.0, 0.25), 1.6);
    }
    for azimuth in (0..360).step_by(10) {
        let inner = if azimuth % 30 == 0 { 0.0 } else { r - 22.0 };
        let a = f64::from(azimuth);
        canvas.stroke(
            &Outline::line(&[on_circle(CENTRE, inner, a), on_circle(CENTRE, r, a)]),
            Ink(palette.line.0, 0.25),
            1.6,
        );
    }
    let day = |d: f64| -> Vec<Point> {
        let half = p::half_day_arc(latitude, d);
        (-200..=200)
            .filter_map(|i| place(half * f64::from(i) / 200.001, d))
            .collect()
    };
    // The area between the paths of the solstices is bounded by the horizon.
    let horizon = |sign: f64| -> Vec<Point> {
        (-60..=60)
            .filter_map(|i| {
                let d = p::OBLIQUITY * f64::from(i) / 60.0;
                place(sign * p::half_day_arc(latitude, d) * 0.99999, d)
            })
            .collect()
    };
    let mut band = day(-p::OBLIQUITY);
    band.extend(horizon(1.0));
    band.extend(day(p::OBLIQUITY).into_iter().rev());
    band.extend(horizon(-1.0).into_iter().rev());
    canvas.fill(&Outline::polygon(&band), ink(0xf3d9a0));
    for sign in -3..=3 {
        let d = p::on_ecliptic(f64::from(sign) * 30.0).1;
        let colour = palette.accent.mix(ink(0xb5462f), f64::from(sign + 3) / 6.0);
        canvas.stroke(
            &Outline::line(&day(d)),
            colour,
            if sign % 3 == 0 { 7.0 } else { 3.6 },
        );
    }
    for hour in -7..=7i32 {
        let run: Vec<Point> = (-60..=60)
            .filter_map(|i| place(f64::from(hour) * 15.0, p::OBLIQUITY * f64::from(i) / 60.0))
            .collect();
        canvas.dash(&Outline::line(&run), palette.shade, 2.6, 9.0, 7.0);
        if let Some(at) = place(f64::from(hour) * 15.0, p::OBLIQUITY) {
            let text = arabic_digits(&((hour + 11).rem_euclid(12) + 1).to_string());
            let line = fonts.line(&text, Weight::Bold, 42.0)?;
            canvas.text(&line, (at.0, at.1 - 12.0), Anchor::Middle, palette.line);
        }
    }
    canvas.stroke(&Outline::circle(CENTRE, r), palette.line, 6.0);
    canvas.stroke(&Outline::circle(CENTRE, r + 14.0), palette.line, 2.0);
    for (name, angle) in [
        ("الشمال", 0.0),
        ("المشرق", 90.0),
        ("الجنوب", 180.0),
        ("المغرب", 270.0),
    ] {
        let line = fonts.line(name, Weight::Bold, 62.0)?;
        let is_inward = angle == 180.0;
        let radius = if is_inward { r + 76.0 } else { r + 34.0 };
        canvas.text_on_circle(&line, CENTRE, radius, angle, is_inward, palette.line);
    }
    Ok(canvas)
}
