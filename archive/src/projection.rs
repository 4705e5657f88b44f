//! The stereographic projection of the astrolabe, from the south pole onto the plane of the
//! equator.
//!
//! Angles are in degrees. The unit of length is the radius of the projected equator. `x` points
//! west (to the right) and `y` points south (upwards on the instrument).

/// Obliquity of the ecliptic at J2000.0, in degrees.
pub const OBLIQUITY: f64 = 23.439_291;

/// A circle in the plane of the projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Coordinate of the centre, towards the west.
    pub x: f64,
    /// Coordinate of the centre, towards the south.
    pub y: f64,
    /// Radius.
    pub radius: f64,
}

/// Returns the radius of the projection of a circle of declination.
pub fn radius(declination: f64) -> f64 {
    ((90.0 - declination) / 2.0).to_radians().tan()
}

/// Returns the radius of the tropic of Capricorn, which is the rim of a plate for the northern
/// hemisphere.
pub fn rim() -> f64 {
    radius(-OBLIQUITY)
}

/// Projects a point that is given by its hour angle (westward) and its declination.
pub fn equatorial(hour_angle: f64, declination: f64) -> (f64, f64) {
    let (sin, cos) = hour_angle.to_radians().sin_cos();
    let r = radius(declination);
    (r * sin, r * cos)
}

/// Returns the almucantar for an altitude at a latitude. Altitude 0 is the horizon.
pub fn almucantar(latitude: f64, altitude: f64) -> Circle {
    let (sin, cos) = latitude.to_radians().sin_cos();
    let (sin_h, cos_h) = altitude.to_radians().sin_cos();
    Circle {
        x: 0.0,
        y: cos / (sin + sin_h),
        radius: cos_h / (sin + sin_h),
    }
}

/// Returns the projection of the zenith at a latitude.
#[cfg(test)]
pub fn zenith(latitude: f64) -> (f64, f64) {
    (0.0, radius(latitude))
}

/// Returns the circle of an azimuth at a latitude. The azimuth is measured from west towards south.
/// An azimuth of ±90° is the meridian, which is a straight line.
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

/// Returns the projection of the ecliptic, with the first point of Capricorn at the top.
#[cfg(test)]
pub fn ecliptic() -> Circle {
    let e = OBLIQUITY.to_radians();
    Circle {
        x: 0.0,
        y: e.tan(),
        radius: 1.0 / e.cos(),
    }
}

/// Returns the hour angle and the declination of a point that is given by its azimuth (from south,
/// westward) and its altitude at a latitude.
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

/// Returns the altitude and the azimuth (from south, westward) of a point that is given by its hour
/// angle and its declination at a latitude.
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

/// Returns half of the diurnal arc of a declination at a latitude, in degrees of hour angle.
pub fn half_day_arc(latitude: f64, declination: f64) -> f64 {
    (-latitude.to_radians().tan() * declination.to_radians().tan())
        .clamp(-1.0, 1.0)
        .acos()
        .to_degrees()
}

/// Returns the right ascension and the declination of the point on the ecliptic at a longitude.
pub fn on_ecliptic(longitude: f64) -> (f64, f64) {
    let (sin_l, cos_l) = longitude.to_radians().sin_cos();
    let (sin_e, cos_e) = OBLIQUITY.to_radians().sin_cos();
    (
        (sin_l * cos_e).atan2(cos_l).to_degrees(),
        (sin_l * sin_e).asin().to_degrees(),
    )
}

/// Returns the duration of the longest day at a latitude, rounded to whole minutes.
pub fn longest_day_minutes(latitude: f64) -> u32 {
    (half_day_arc(latitude, OBLIQUITY) * 2.0 * 4.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAGHDAD: f64 = 33.0 + 20.0 / 60.0;

    fn assert_near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    fn assert_on(circle: Circle, (x, y): (f64, f64)) {
        assert_near((x - circle.x).hypot(y - circle.y), circle.radius);
    }

    #[test]
    fn horizon_has_the_known_centre_and_radius() {
        let horizon = almucantar(BAGHDAD, 0.0);
        assert_near(horizon.y, 1.0 / BAGHDAD.to_radians().tan());
        assert_near(horizon.radius, 1.0 / BAGHDAD.to_radians().sin());
    }

    #[test]
    fn horizon_intersects_the_equator_due_east_and_west() {
        for latitude in [15.35, 33.5, 39.87] {
            assert_on(almucantar(latitude, 0.0), (1.0, 0.0));
            assert_on(almucantar(latitude, 0.0), (-1.0, 0.0));
        }
    }

    #[test]
    fn almucantars_and_azimuths_contain_their_points() {
        for altitude in [0.0, 12.0, 60.0, 87.0] {
            for a in [-170.0, -90.0, -33.0, 0.0, 41.0, 90.0, 179.0] {
                let (h, d) = horizontal_to_equatorial(BAGHDAD, a, altitude);
                assert_on(almucantar(BAGHDAD, altitude), equatorial(h, d));
            }
        }
        for altitude in [-20.0, 5.0, 50.0] {
            // An azimuth of 60 from south, westward, is 30 from west towards south.
            let (h, d) = horizontal_to_equatorial(BAGHDAD, 60.0, altitude);
            assert_on(azimuth(BAGHDAD, 30.0), equatorial(h, d));
            let (h, d) = horizontal_to_equatorial(BAGHDAD, 90.0, altitude);
            assert_on(azimuth(BAGHDAD, 0.0), equatorial(h, d));
        }
    }

    #[test]
    fn zenith_is_inside_almucantars_and_on_azimuths() {
        let (x, y) = zenith(BAGHDAD);
        for altitude in [0.0, 30.0, 84.0] {
            let c = almucantar(BAGHDAD, altitude);
            assert!((x - c.x).hypot(y - c.y) < c.radius);
        }
        assert_on(azimuth(BAGHDAD, 25.0), (x, y));
        assert!(y > 0.0 && y < 1.0);
    }

    #[test]
    fn coordinates_round_trip() {
        let (h, d) = horizontal_to_equatorial(BAGHDAD, 41.0, 27.0);
        let (altitude, azimuth) = equatorial_to_horizontal(BAGHDAD, h, d);
        assert_near(altitude, 27.0);
        assert_near(azimuth, 41.0);
    }

    #[test]
    fn ecliptic_touches_the_tropics_and_crosses_the_equator() {
        let e = ecliptic();
        assert_near(e.y + e.radius, rim());
        assert_near(e.radius - e.y, radius(OBLIQUITY));
        assert_on(e, (1.0, 0.0));
        for longitude in [0.0, 77.0, 200.0] {
            let (ra, dec) = on_ecliptic(longitude);
            assert_on(e, equatorial(270.0 - ra, dec));
        }
    }

    #[test]
    fn longest_day_matches_known_values() {
        assert_eq!(longest_day_minutes(BAGHDAD), 14 * 60 + 13);
        assert_eq!(longest_day_minutes(0.0), 12 * 60);
    }
}
