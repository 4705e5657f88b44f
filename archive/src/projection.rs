//! The stereographic projection of the astrolabe: from the south pole onto the
//! plane of the equator, south at the top.
//!
//! Angles are in degrees, lengths in radii of the projected equator. `x` grows to
//! the west (right), `y` to the south (up on the instrument).

/// Obliquity of the ecliptic at J2000.0, in degrees.
pub const OBLIQUITY: f64 = 23.439_291;

/// A circle in the plane of the projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Centre, west.
    pub x: f64,
    /// Centre, south.
    pub y: f64,
    /// Radius.
    pub radius: f64,
}

/// The radius at which a declination is projected.
pub fn radius(declination: f64) -> f64 {
    ((90.0 - declination) / 2.0).to_radians().tan()
}

/// The tropic of Capricorn, the rim of every northern plate.
pub fn rim() -> f64 {
    radius(-OBLIQUITY)
}

/// Projects a point of the sphere given by its hour angle (westward) and declination.
pub fn equatorial(hour_angle: f64, declination: f64) -> (f64, f64) {
    let (sin, cos) = hour_angle.to_radians().sin_cos();
    let r = radius(declination);
    (r * sin, r * cos)
}

/// The almucantar of an altitude at a latitude; altitude 0 is the horizon.
pub fn almucantar(latitude: f64, altitude: f64) -> Circle {
    let (sin, cos) = latitude.to_radians().sin_cos();
    let (sin_h, cos_h) = altitude.to_radians().sin_cos();
    Circle {
        x: 0.0,
        y: cos / (sin + sin_h),
        radius: cos_h / (sin + sin_h),
    }
}

/// The projected zenith of a latitude.
#[cfg(test)]
pub fn zenith(latitude: f64) -> (f64, f64) {
    (0.0, radius(latitude))
}

/// The circle of an azimuth, counted from west toward south; ±90 is the
/// meridian, a straight line, and has no circle.
#[cfg(test)]
pub fn azimuth(latitude: f64, from_west: f64) -> Circle {
    let half = 1.0 / latitude.to_radians().cos();
    let angle = from_west.to_radians();
    Circle {
        x: half * angle.tan(),
        y: -latitude.to_radians().tan(),
        radius: half / angle.cos(),
    }
}

/// The projected ecliptic, with Capricorn's first point at the top.
#[cfg(test)]
pub fn ecliptic() -> Circle {
    let e = OBLIQUITY.to_radians();
    Circle {
        x: 0.0,
        y: e.tan(),
        radius: 1.0 / e.cos(),
    }
}

/// Hour angle and declination of a point given by azimuth (from south, westward)
/// and altitude at a latitude.
pub fn horizontal_to_equatorial(latitude: f64, azimuth: f64, altitude: f64) -> (f64, f64) {
    let (sin_p, cos_p) = latitude.to_radians().sin_cos();
    let (sin_a, cos_a) = azimuth.to_radians().sin_cos();
    let (sin_h, cos_h) = altitude.to_radians().sin_cos();
    let sin_d = sin_p * sin_h - cos_p * cos_h * cos_a;
    let hour_angle = (cos_h * sin_a).atan2(sin_p * cos_h * cos_a + cos_p * sin_h);
    (
        hour_angle.to_degrees(),
        sin_d.clamp(-1.0, 1.0).asin().to_degrees(),
    )
}

/// Altitude and azimuth (from south, westward) of a point given by hour angle
/// and declination at a latitude.
pub fn equatorial_to_horizontal(latitude: f64, hour_angle: f64, declination: f64) -> (f64, f64) {
    let (sin_p, cos_p) = latitude.to_radians().sin_cos();
    let (sin_h, cos_h) = hour_angle.to_radians().sin_cos();
    let (sin_d, cos_d) = declination.to_radians().sin_cos();
    let altitude = (sin_p * sin_d + cos_p * cos_d * cos_h)
        .clamp(-1.0, 1.0)
        .asin();
    let azimuth = (cos_d * sin_h).atan2(sin_p * cos_d * cos_h - cos_p * sin_d);
    (altitude.to_degrees(), azimuth.to_degrees())
}

/// Half the arc that a declination spends above the horizon, in degrees of hour angle.
pub fn half_day_arc(latitude: f64, declination: f64) -> f64 {
    (-latitude.to_radians().tan() * declination.to_radians().tan())
        .clamp(-1.0, 1.0)
        .acos()
        .to_degrees()
}

/// Right ascension and declination of a longitude on the ecliptic.
pub fn on_ecliptic(longitude: f64) -> (f64, f64) {
    let (sin_l, cos_l) = longitude.to_radians().sin_cos();
    let (sin_e, cos_e) = OBLIQUITY.to_radians().sin_cos();
    (
        (sin_l * cos_e).atan2(cos_l).to_degrees(),
        (sin_l * sin_e).asin().to_degrees(),
    )
}

/// The longest day of a latitude, in whole minutes.
pub fn longest_day_minutes(latitude: f64) -> u32 {
    (half_day_arc(latitude, OBLIQUITY) * 2.0 * 4.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAGHDAD: f64 = 33.0 + 20.0 / 60.0;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    fn on(circle: Circle, (x, y): (f64, f64)) {
        near((x - circle.x).hypot(y - circle.y), circle.radius);
    }

    #[test]
    fn the_horizon_is_the_circle_of_the_formula() {
        let horizon = almucantar(BAGHDAD, 0.0);
        near(horizon.y, 1.0 / BAGHDAD.to_radians().tan());
        near(horizon.radius, 1.0 / BAGHDAD.to_radians().sin());
    }

    #[test]
    fn the_horizon_cuts_the_equator_due_east_and_west() {
        for latitude in [15.35, 33.5, 39.87] {
            on(almucantar(latitude, 0.0), (1.0, 0.0));
            on(almucantar(latitude, 0.0), (-1.0, 0.0));
        }
    }

    #[test]
    fn almucantars_and_azimuths_pass_through_the_points_they_name() {
        for altitude in [0.0, 12.0, 60.0, 87.0] {
            for a in [-170.0, -90.0, -33.0, 0.0, 41.0, 90.0, 179.0] {
                let (h, d) = horizontal_to_equatorial(BAGHDAD, a, altitude);
                on(almucantar(BAGHDAD, altitude), equatorial(h, d));
            }
        }
        for altitude in [-20.0, 5.0, 50.0] {
            // Azimuth 60 from south, westward, is 30 from the west point toward south.
            let (h, d) = horizontal_to_equatorial(BAGHDAD, 60.0, altitude);
            on(azimuth(BAGHDAD, 30.0), equatorial(h, d));
            let (h, d) = horizontal_to_equatorial(BAGHDAD, 90.0, altitude);
            on(azimuth(BAGHDAD, 0.0), equatorial(h, d));
        }
    }

    #[test]
    fn the_zenith_is_inside_every_almucantar_and_on_every_azimuth() {
        let (x, y) = zenith(BAGHDAD);
        for altitude in [0.0, 30.0, 84.0] {
            let c = almucantar(BAGHDAD, altitude);
            assert!((x - c.x).hypot(y - c.y) < c.radius);
        }
        on(azimuth(BAGHDAD, 25.0), (x, y));
        assert!(y > 0.0 && y < 1.0);
    }

    #[test]
    fn coordinates_come_back() {
        let (h, d) = horizontal_to_equatorial(BAGHDAD, 41.0, 27.0);
        let (altitude, azimuth) = equatorial_to_horizontal(BAGHDAD, h, d);
        near(altitude, 27.0);
        near(azimuth, 41.0);
    }

    #[test]
    fn the_ecliptic_touches_both_tropics_and_crosses_the_equator_at_the_equinoxes() {
        let e = ecliptic();
        near(e.y + e.radius, rim());
        near(e.radius - e.y, radius(OBLIQUITY));
        on(e, (1.0, 0.0));
        for longitude in [0.0, 77.0, 200.0] {
            let (ra, dec) = on_ecliptic(longitude);
            on(e, equatorial(270.0 - ra, dec));
        }
    }

    #[test]
    fn the_longest_day_of_baghdad() {
        assert_eq!(longest_day_minutes(BAGHDAD), 14 * 60 + 13);
        assert_eq!(longest_day_minutes(0.0), 12 * 60);
    }
}
