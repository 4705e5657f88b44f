//! Plates, each with the projected horizon coordinates of a latitude.

use super::{Palette, SHEET_WIDTH, draw_caption};
use crate::abjad::{Abjad, arabic_digits};
use crate::canvas::{Anchor, Canvas, Ink, Outline, Point, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};
use crate::projection as p;

/// A plate for one latitude.
pub struct Plate<'a> {
    /// Latitude in degrees north.
    pub latitude: f64,
    /// Name of the place in the inscription. If it is `None`, the inscription is omitted.
    pub inscription: Option<&'a str>,
    /// Letter order of the abjad numerals.
    pub abjad: Abjad,
    /// Distance between adjacent almucantars, in degrees.
    pub step: u32,
    /// Position of the north pole on the sheet.
    pub centre: Point,
    /// Radius of the equator on the sheet.
    pub unit: f64,
    /// Colours of the plate.
    pub palette: Palette,
    /// `true` if azimuths are drawn.
    pub has_azimuths: bool,
    /// `true` if the unequal hours are drawn.
    pub has_hours: bool,
}

impl Plate<'_> {
    /// Converts a point from the plane of the projection to the sheet.
    fn place(&self, (x, y): Point) -> Point {
        (self.centre.0 + x * self.unit, self.centre.1 - y * self.unit)
    }

    fn circle(&self, circle: p::Circle) -> Outline {
        Outline::circle(self.place((circle.x, circle.y)), circle.radius * self.unit)
    }

    /// Returns the position of a point on the sheet, and its declination. The point is given by its
    /// azimuth and altitude.
    fn horizontal(&self, azimuth: f64, altitude: f64) -> (Point, f64) {
        let (h, d) = p::horizontal_to_equatorial(self.latitude, azimuth, altitude);
        (self.place(p::equatorial(h, d)), d)
    }

    /// Draws the plate, which is a disc bounded by the tropic of Capricorn.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text.
    pub fn draw(&self, canvas: &mut Canvas, fonts: &Fonts) -> Result<(), DemoError> {
        let palette = &self.palette;
        let rim = Outline::circle(self.centre, p::rim() * self.unit);
        canvas.clip(&rim);
        self.fill_areas(canvas, &rim);
        let s = self.unit / 660.0;
        for altitude in (self.step..90).step_by(self.step as usize) {
            let circle = self.circle(p::almucantar(self.latitude, f64::from(altitude)));
            let (ink, width) = if altitude % 30 == 0 {
                (palette.line, 3.2)
            } else if altitude % 6 == 0 {
                (Ink(palette.line.0, 0.85), 2.0)
            } else {
                (Ink(palette.line.0, 0.55), 1.3)
            };
            canvas.stroke(&circle, ink, width * s);
        }
        if self.has_azimuths {
            self.draw_azimuths(canvas, s);
        }
        let horizon = self.circle(p::almucantar(self.latitude, 0.0));
        canvas.stroke(&horizon, palette.gold, 11.0 * s);
        canvas.stroke(&horizon, palette.line, 3.2 * s);
        if self.has_hours {
            self.draw_hours(canvas, fonts, s)?;
        }
        for declination in [p::OBLIQUITY, 0.0] {
            let circle = Outline::circle(self.centre, p::radius(declination) * self.unit);
            canvas.stroke(&circle, palette.gold, 5.0 * s);
        }
        let r = p::rim() * self.unit;
        let (x, y) = self.centre;
        canvas.stroke(
            &Outline::line(&[(x, y - r), (x, y + r)]),
            palette.gold,
            4.0 * s,
        );
        canvas.stroke(
            &Outline::line(&[(x - r, y), (x + r, y)]),
            palette.gold,
            4.0 * s,
        );
        canvas.unclip();
        canvas.stroke(&rim, palette.gold, 9.0 * s);
        self.draw_altitude_labels(canvas, fonts, s)?;
        if let Some(place) = self.inscription {
            self.draw_inscription(canvas, fonts, place, s)?;
        }
        canvas.fill(&Outline::circle(self.centre, 13.0 * s), palette.gold);
        canvas.fill(&Outline::circle(self.centre, 6.0 * s), palette.line);
        Ok(())
    }

    /// Fills the areas of night, dusk and sky. At latitudes up to 18°, the circle of 18° below the
    /// horizon encloses the night instead of the dusk and the sky.
    fn fill_areas(&self, canvas: &mut Canvas, rim: &Outline) {
        let palette = &self.palette;
        let dusk = self.circle(p::almucantar(self.latitude, -18.0));
        if self.latitude > 18.0 {
            canvas.fill(rim, palette.night);
            canvas.fill(&dusk, palette.dusk);
        } else {
            canvas.fill(rim, palette.dusk);
            canvas.fill(&dusk, palette.night);
        }
        let s = self.unit / 660.0;
        canvas.dash(&dusk, Ink(palette.gold.0, 0.8), 2.4 * s, 9.0 * s, 8.0 * s);
        canvas.fill(&self.circle(p::almucantar(self.latitude, 0.0)), palette.sky);
    }

    fn draw_azimuths(&self, canvas: &mut Canvas, s: f64) {
        for azimuth in (0..360).step_by(10) {
            let top = match azimuth {
                _ if azimuth % 90 == 0 => 90.0,
                _ if azimuth % 30 == 0 => 84.0,
                _ => 72.0,
            };
            let points: Vec<Point> = (0..=180)
                .map(|i| {
                    self.horizontal(f64::from(azimuth), top * f64::from(i) / 180.0)
                        .0
                })
                .collect();
            let width = if azimuth % 90 == 0 { 2.6 } else { 1.4 };
            canvas.stroke(
                &Outline::line(&points),
                Ink(self.palette.fine.0, 0.8),
                width * s,
            );
        }
    }

    fn draw_hours(&self, canvas: &mut Canvas, fonts: &Fonts, s: f64) -> Result<(), DemoError> {
        let hour = |declination: f64, count: f64| {
            let set = p::half_day_arc(self.latitude, declination);
            set + count * (360.0 - 2.0 * set) / 12.0
        };
        let ink = self.palette.gold;
        for count in 1..12 {
            let points: Vec<Point> = (0..=60)
                .map(|i| {
                    let d = p::OBLIQUITY * (f64::from(i) / 30.0 - 1.0);
                    self.place(p::equatorial(hour(d, f64::from(count)), d))
                })
                .collect();
            canvas.stroke(&Outline::line(&points), ink, 2.4 * s);
        }
        for count in 1..=12u32 {
            let d = -14.5;
            let angle = hour(d, f64::from(count) - 0.5);
            let line = fonts.line(&self.abjad.format(count), Weight::Bold, 46.0 * s)?;
            let (x, y) = on_circle(self.centre, p::radius(d) * self.unit, angle);
            canvas.text_rotated(&line, (x, y + 10.0 * s), Anchor::Middle, 0.0, ink);
        }
        Ok(())
    }

    /// Labels the almucantars with their altitudes, along the prime vertical and the meridian.
    fn draw_altitude_labels(
        &self,
        canvas: &mut Canvas,
        fonts: &Fonts,
        s: f64,
    ) -> Result<(), DemoError> {
        let largest = if self.step < 6 { 78 } else { 72 };
        for altitude in (6..=largest).step_by(6) {
            let size = (42.0 - f64::from(altitude) * 0.28) * s;
            let line = fonts.line(&self.abjad.format(altitude), Weight::Bold, size)?;
            for azimuth in [90.0, -90.0, 0.0, 180.0] {
                // Labels are placed between two azimuth lines.
                let label_azimuth = if azimuth == 180.0 {
                    175.0
                } else {
                    azimuth + 5.0
                };
                let ((x, y), d) = self.horizontal(label_azimuth, f64::from(altitude));
                if d < 3.0 - p::OBLIQUITY || (azimuth == 180.0 && altitude > 60) {
                    continue;
                }
                canvas.text_transformed(
                    &line,
                    |(gx, gy)| (x + gx - line.width / 2.0, y - gy + size * 0.22),
                    Some((self.palette.sky, 6.0 * s)),
                    self.palette.line,
                );
            }
        }
        Ok(())
    }

    /// Draws the inscription: the place, its latitude and the length of its longest day.
    fn draw_inscription(
        &self,
        canvas: &mut Canvas,
        fonts: &Fonts,
        place: &str,
        s: f64,
    ) -> Result<(), DemoError> {
        let letters = |degrees: u32, minutes: u32| {
            let mut text = self.abjad.format(degrees);
            if minutes > 0 {
                text.push(' ');
                text.push_str(&self.abjad.format(minutes));
            }
            text
        };
        let (degrees, minutes) = degrees_and_minutes(self.latitude);
        let day = p::longest_day_minutes(self.latitude);
        let r = p::radius(p::OBLIQUITY) * self.unit;
        let rows = [
            (
                format!("لعرض {place} {}", letters(degrees, minutes)),
                50.0,
                0.82,
            ),
            (
                format!("ساعات أطول نهاره {}", letters(day / 60, day % 60)),
                33.0,
                0.945,
            ),
        ];
        for (text, size, share) in rows {
            let line = fonts.line(&text, Weight::Bold, size * s)?;
            canvas.text_on_circle(
                &line,
                self.centre,
                r * share + size * s * 0.25,
                180.0,
                true,
                self.palette.gold,
            );
        }
        for (text, azimuth) in [("المشرق", -90.0), ("المغرب", 90.0)] {
            let (x, y) = self.horizontal(azimuth, -4.6).0;
            let line = fonts.line(text, Weight::Bold, 44.0 * s)?;
            let outward = if azimuth < 0.0 { 70.0 } else { -70.0 };
            canvas.text_rotated(
                &line,
                (x, y + 60.0 * s),
                Anchor::Middle,
                outward,
                self.palette.gold,
            );
        }
        Ok(())
    }
}

fn degrees_and_minutes(angle: f64) -> (u32, u32) {
    let minutes = (angle * 60.0).round() as u32;
    (minutes / 60, minutes % 60)
}

/// Draws a plate with a scale of degrees and a caption.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character, and [`DemoError::TooLarge`]
/// if the memory for the image cannot be allocated.
pub fn plate_sheet(
    fonts: &Fonts,
    latitude: f64,
    place: &str,
    abjad: Abjad,
    palette: Palette,
) -> Result<Canvas, DemoError> {
    let mut canvas = Canvas::new(SHEET_WIDTH, 2720.0, 1.0, palette.paper)?;
    let centre = (SHEET_WIDTH / 2.0, SHEET_WIDTH / 2.0 - 30.0);
    let rim = 1040.0;
    canvas.stroke(&Outline::circle(centre, rim + 34.0), palette.line, 3.0);
    canvas.fill(&Outline::ring(centre, rim, rim + 24.0), palette.line);
    for degree in 0..360 {
        let length = if degree % 5 == 0 { 24.0 } else { 10.0 };
        let from = on_circle(centre, rim + 24.0, f64::from(degree));
        let to = on_circle(centre, rim + 24.0 - length, f64::from(degree));
        canvas.stroke(&Outline::line(&[from, to]), palette.gold, 1.8);
    }
    Plate {
        latitude,
        inscription: Some(place),
        abjad,
        step: 3,
        centre,
        unit: rim / p::rim(),
        palette,
        has_azimuths: true,
        has_hours: true,
    }
    .draw(&mut canvas, fonts)?;
    let (degrees, minutes) = degrees_and_minutes(latitude);
    let day = p::longest_day_minutes(latitude);
    let subtitle = arabic_digits(&format!(
        "العرض {degrees} درجة و{minutes} دقيقة · أطول نهار {} ساعة و{} دقيقة",
        day / 60,
        day % 60
    ));
    draw_caption(
        &mut canvas,
        fonts,
        &palette,
        &format!("صفيحة {place}"),
        &subtitle,
    )?;
    Ok(canvas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitudes_are_rounded_to_minutes() {
        assert_eq!(degrees_and_minutes(33.0 + 20.0 / 60.0), (33, 20));
        assert_eq!(degrees_and_minutes(39.999), (40, 0));
    }
}
