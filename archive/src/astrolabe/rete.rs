//! The rete: an openwork plate with the ecliptic and pointers for bright stars.

use super::{INDIGO, Palette, SHEET_WIDTH, draw_caption};
use crate::canvas::{Canvas, Outline, Point, arc, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};
use crate::projection as p;
use crate::stars::{SIGNS, STARS};

/// Width of the ecliptic ring, in degrees of ecliptic latitude.
const RING_WIDTH: f64 = 8.5;

/// A rete at a position on a sheet.
pub struct Rete {
    /// Position of the north celestial pole on the sheet.
    pub centre: Point,
    /// Radius of the equator on the sheet.
    pub unit: f64,
    /// Clockwise rotation in degrees. At 0, the first point of Capricorn is at the top.
    pub rotation: f64,
    /// Colours of the rete.
    pub palette: Palette,
}

/// Converts ecliptic longitude and latitude to right ascension and declination.
fn from_ecliptic(longitude: f64, latitude: f64) -> (f64, f64) {
    let (sin_e, cos_e) = p::OBLIQUITY.to_radians().sin_cos();
    let (sin_l, cos_l) = longitude.to_radians().sin_cos();
    let (sin_b, cos_b) = latitude.to_radians().sin_cos();
    let dec = (sin_b * cos_e + cos_b * sin_e * sin_l)
        .clamp(-1.0, 1.0)
        .asin();
    let ra = (sin_l * cos_b * cos_e - sin_b * sin_e).atan2(cos_l * cos_b);
    (ra.to_degrees(), dec.to_degrees())
}

impl Rete {
    fn place(&self, ra: f64, dec: f64) -> Point {
        let (x, y) = p::equatorial(270.0 - ra + self.rotation, dec);
        (self.centre.0 + x * self.unit, self.centre.1 - y * self.unit)
    }

    fn zodiac(&self, longitude: f64, latitude: f64) -> Point {
        let (ra, dec) = from_ecliptic(longitude, latitude);
        self.place(ra, dec)
    }

    fn parallel(&self, latitude: f64) -> Vec<Point> {
        (0..1440)
            .map(|i| self.zodiac(f64::from(i) / 4.0, latitude))
            .collect()
    }

    /// Returns a sector of a ring around the pole. Angles are in degrees, clockwise from the top of
    /// the rete.
    fn ring_sector(&self, inner: f64, outer: f64, start: f64, end: f64) -> Outline {
        let (start, end) = (start + self.rotation, end + self.rotation);
        let mut points = arc(self.centre, outer * self.unit, start, end);
        points.extend(arc(self.centre, inner * self.unit, end, start));
        Outline::polygon(&points)
    }

    /// Returns a radial bar. `half_width` is half the width of the bar.
    fn bar(&self, angle: f64, start: f64, end: f64, half_width: f64) -> Outline {
        let (sin, cos) = (angle + self.rotation).to_radians().sin_cos();
        let corner = |along: f64, across: f64| {
            (
                self.centre.0 + (along * sin + across * cos) * self.unit,
                self.centre.1 - (along * cos - across * sin) * self.unit,
            )
        };
        Outline::polygon(&[
            corner(start, -half_width),
            corner(end, -half_width),
            corner(end, half_width),
            corner(start, half_width),
        ])
    }

    /// Returns the points of the frame at which a pointer can start.
    fn anchors(&self) -> Vec<Point> {
        let mut anchors = Vec::new();
        anchors.extend(self.parallel(0.5));
        anchors.extend(self.parallel(RING_WIDTH - 0.5));
        anchors.extend(arc(self.centre, (p::rim() - 0.05) * self.unit, 0.0, 360.0));
        anchors.extend(arc(
            self.centre,
            self.unit,
            self.rotation + 100.0,
            self.rotation + 260.0,
        ));
        for step in -28..=28 {
            let along = f64::from(step) * 0.05;
            anchors.push(on_circle(
                self.centre,
                along * self.unit,
                90.0 + self.rotation,
            ));
            if along < 0.6 {
                anchors.push(on_circle(self.centre, along * self.unit, self.rotation));
            }
        }
        anchors
    }

    /// Returns a pointer from `base` to `tip`, in the form of a curved leaf.
    fn pointer(&self, base: Point, tip: Point) -> Outline {
        let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
        let length = dx.hypot(dy).max(1.0);
        let (ux, uy) = (dx / length, dy / length);
        let s = self.unit / 660.0;
        let side = |sign: f64| -> Vec<Point> {
            (0..=48)
                .map(|i| {
                    let t = f64::from(i) / 48.0;
                    let bend = (t * std::f64::consts::PI).sin() * length * 0.13;
                    let leaf = (t * std::f64::consts::PI * 0.92 + 0.25).sin().max(0.0);
                    let half =
                        (20.0 * (1.0 - t).powf(1.6) + 15.0 * leaf.powf(1.4) * (1.0 - t * t)) * s;
                    let across = bend + sign * half;
                    let along = t * length;
                    (
                        base.0 + ux * along - uy * across,
                        base.1 + uy * along + ux * across,
                    )
                })
                .collect()
        };
        let mut outline = side(1.0);
        outline.extend(side(-1.0).into_iter().rev());
        Outline::polygon(&outline)
    }

    /// Draws the rete.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
    pub fn draw(&self, canvas: &mut Canvas, fonts: &Fonts) -> Result<(), DemoError> {
        let s = self.unit / 660.0;
        let gold = self.palette.gold;
        let dark = gold.mix(ink(0x1a0f00), 0.72);
        let ring = Outline::polygon(&self.parallel(0.0)).and_polygon(&self.parallel(RING_WIDTH));
        let boss = Outline::circle(self.centre, 40.0 * s);
        let mut shapes = vec![
            Outline::ring(
                self.centre,
                (p::rim() - 0.075) * self.unit,
                (p::rim() - 0.005) * self.unit,
            ),
            self.ring_sector(0.972, 1.028, 92.0, 268.0),
            self.bar(90.0, -(p::rim() - 0.04), p::rim() - 0.04, 0.024),
            self.bar(180.0, -0.62, p::rim() - 0.04, 0.02),
            self.bar(0.0, 1.36, p::rim() - 0.04, 0.02),
        ];
        let anchors = self.anchors();
        let mut stars = Vec::new();
        for star in STARS {
            let tip = self.place(star.ra, star.dec);
            let distance = |a: &&Point| (a.0 - tip.0).hypot(a.1 - tip.1);
            // A shorter pointer could not be distinguished from the frame.
            let base = anchors
                .iter()
                .filter(|a| distance(a) > 84.0 * s)
                .min_by(|a, b| distance(a).total_cmp(&distance(b)));
            if let Some(&base) = base {
                shapes.push(self.pointer(base, tip));
                stars.push((star, base, tip));
            }
        }
        shapes.push(ring);
        shapes.push(boss);
        for shape in &shapes {
            canvas.stroke(shape, dark, 5.0 * s);
        }
        for shape in &shapes {
            canvas.fill(shape, gold);
        }
        self.draw_ecliptic_scale(canvas, fonts, s)?;
        self.draw_star_names(canvas, fonts, &stars, s)?;
        canvas.fill(&Outline::circle(self.centre, 22.0 * s), dark);
        canvas.fill(&Outline::circle(self.centre, 15.0 * s), gold);
        Ok(())
    }

    /// Draws the division of the ecliptic into signs and degrees.
    fn draw_ecliptic_scale(
        &self,
        canvas: &mut Canvas,
        fonts: &Fonts,
        s: f64,
    ) -> Result<(), DemoError> {
        let dark = self.palette.gold.mix(ink(0x1a0f00), 0.78);
        canvas.stroke(&Outline::polygon(&self.parallel(2.3)), dark, 1.4 * s);
        for longitude in 0..360 {
            let depth = match longitude {
                _ if longitude % 30 == 0 => RING_WIDTH,
                _ if longitude % 5 == 0 => 2.3,
                _ => 1.2,
            };
            let l = f64::from(longitude);
            let tick = Outline::line(&[self.zodiac(l, 0.0), self.zodiac(l, depth)]);
            let width = if longitude % 30 == 0 { 3.0 } else { 1.1 };
            canvas.stroke(&tick, dark, width * s);
        }
        for (index, sign) in SIGNS.iter().enumerate() {
            let middle = index as f64 * 30.0 + 15.0;
            // The size is in degrees on the sphere, because the letters are projected.
            let line = fonts.line(sign, Weight::Bold, 6.6)?;
            canvas.text_transformed(
                &line,
                |(x, y)| self.zodiac(middle - (x - line.width / 2.0), 6.7 - y),
                None,
                dark,
            );
        }
        Ok(())
    }

    fn draw_star_names(
        &self,
        canvas: &mut Canvas,
        fonts: &Fonts,
        stars: &[(crate::stars::Star, Point, Point)],
        s: f64,
    ) -> Result<(), DemoError> {
        let dark = self.palette.gold.mix(ink(0x1a0f00), 0.85);
        let halo = self.palette.gold.mix(ink(0xfff8e6), 0.75);
        for &(star, base, tip) in stars {
            let line = fonts.line(star.name, Weight::Bold, 29.0 * s)?;
            let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
            let length = dx.hypot(dy).max(1.0);
            let reach = 15.0 * s
                + if dx.abs() > dy.abs() {
                    line.width / 2.0
                } else {
                    18.0 * s
                };
            let at = (tip.0 + dx / length * reach, tip.1 + dy / length * reach);
            canvas.text_transformed(
                &line,
                |(x, y)| (at.0 + x - line.width / 2.0, at.1 - y + 8.0 * s),
                Some((halo, 4.0 * s)),
                dark,
            );
            canvas.fill(&Outline::circle(tip, 6.0 * s), dark);
            canvas.fill(&Outline::circle(tip, 3.0 * s), halo);
        }
        Ok(())
    }
}

/// Draws the rete with a caption.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character, and [`DemoError::TooLarge`]
/// if the memory for the image cannot be allocated.
pub fn rete_sheet(fonts: &Fonts) -> Result<Canvas, DemoError> {
    let palette = Palette {
        gold: ink(0xd2ab58),
        ..INDIGO
    };
    let mut canvas = Canvas::new(SHEET_WIDTH, 2720.0, 1.0, palette.paper)?;
    Rete {
        centre: (SHEET_WIDTH / 2.0, SHEET_WIDTH / 2.0 - 20.0),
        unit: 1070.0 / p::rim(),
        rotation: 0.0,
        palette,
    }
    .draw(&mut canvas, fonts)?;
    draw_caption(
        &mut canvas,
        fonts,
        &palette,
        "العنكبوت",
        "منطقة البروج وأربعة وعشرون كوكبًا من الثوابت",
    )?;
    Ok(canvas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_ecliptic_agrees_with_on_ecliptic_and_the_pole() {
        for longitude in [0.0, 45.0, 123.0, 300.0] {
            let (ra, dec) = from_ecliptic(longitude, 0.0);
            let (ra2, dec2) = p::on_ecliptic(longitude);
            assert!((ra - ra2).abs() < 1e-9 && (dec - dec2).abs() < 1e-9);
        }
        // The distance between the pole of the ecliptic and the celestial pole is the obliquity.
        assert!((from_ecliptic(0.0, 90.0).1 - (90.0 - p::OBLIQUITY)).abs() < 1e-6);
    }
}
