//! Bright stars that are traditionally shown on retes.

/// A star with its Arabic name and its coordinates for J2000.0.
#[derive(Clone, Copy, Debug)]
pub struct Star {
    /// Name in Arabic.
    pub name: &'static str,
    /// Right ascension in degrees.
    pub ra: f64,
    /// Declination in degrees.
    pub dec: f64,
}

const fn star(name: &'static str, hms: [f64; 3], sign: f64, dms: [f64; 3]) -> Star {
    Star {
        name,
        ra: (hms[0] + hms[1] / 60.0 + hms[2] / 3600.0) * 15.0,
        dec: sign * (dms[0] + dms[1] / 60.0 + dms[2] / 3600.0),
    }
}

/// The stars of the rete, in order of right ascension.
pub const STARS: [Star; 24] = [
    star("الكف الخضيب", [0.0, 9.0, 10.7], 1.0, [59.0, 8.0, 59.0]),
    star("ذنب قيطس", [0.0, 43.0, 35.4], -1.0, [17.0, 59.0, 12.0]),
    star("بطن الحوت", [1.0, 9.0, 43.9], 1.0, [35.0, 37.0, 14.0]),
    star("رأس الغول", [3.0, 8.0, 10.1], 1.0, [40.0, 57.0, 20.0]),
    star("الدبران", [4.0, 35.0, 55.2], 1.0, [16.0, 30.0, 33.0]),
    star("رجل الجوزاء", [5.0, 14.0, 32.3], -1.0, [8.0, 12.0, 6.0]),
    star("العيّوق", [5.0, 16.0, 41.4], 1.0, [45.0, 59.0, 53.0]),
    star("يد الجوزاء", [5.0, 55.0, 10.3], 1.0, [7.0, 24.0, 25.0]),
    star("الشعرى العبور", [6.0, 45.0, 8.9], -1.0, [16.0, 42.0, 58.0]),
    star("الغميصاء", [7.0, 39.0, 18.1], 1.0, [5.0, 13.0, 30.0]),
    star("عنق الشجاع", [9.0, 27.0, 35.2], -1.0, [8.0, 39.0, 31.0]),
    star("قلب الأسد", [10.0, 8.0, 22.3], 1.0, [11.0, 58.0, 2.0]),
    star("ظهر الدب", [11.0, 3.0, 43.7], 1.0, [61.0, 45.0, 4.0]),
    star("الصرفة", [11.0, 49.0, 3.6], 1.0, [14.0, 34.0, 19.0]),
    star("جناح الغراب", [12.0, 15.0, 48.4], -1.0, [17.0, 32.0, 31.0]),
    star("السماك الأعزل", [13.0, 25.0, 11.6], -1.0, [11.0, 9.0, 41.0]),
    star("السماك الرامح", [14.0, 15.0, 39.7], 1.0, [19.0, 10.0, 57.0]),
    star("الفكّة", [15.0, 34.0, 41.3], 1.0, [26.0, 42.0, 53.0]),
    star("رأس الحوّاء", [17.0, 34.0, 56.1], 1.0, [12.0, 33.0, 36.0]),
    star("النسر الواقع", [18.0, 36.0, 56.3], 1.0, [38.0, 47.0, 1.0]),
    star("النسر الطائر", [19.0, 50.0, 47.0], 1.0, [8.0, 52.0, 6.0]),
    star("الردف", [20.0, 41.0, 25.9], 1.0, [45.0, 16.0, 49.0]),
    star("ذنب الجدي", [21.0, 47.0, 2.4], -1.0, [16.0, 7.0, 38.0]),
    star("منكب الفرس", [23.0, 3.0, 46.5], 1.0, [28.0, 4.0, 58.0]),
];

/// The star names that the International Astronomical Union has approved, each with the Bayer
/// designation of the star, in the order of [`STARS`].
pub const NAMES: [(&str, &str); 24] = [
    ("Caph", "β Cas"),
    ("Diphda", "β Cet"),
    ("Mirach", "β And"),
    ("Algol", "β Per"),
    ("Aldebaran", "α Tau"),
    ("Rigel", "β Ori"),
    ("Capella", "α Aur"),
    ("Betelgeuse", "α Ori"),
    ("Sirius", "α CMa"),
    ("Procyon", "α CMi"),
    ("Alphard", "α Hya"),
    ("Regulus", "α Leo"),
    ("Dubhe", "α UMa"),
    ("Denebola", "β Leo"),
    ("Gienah", "γ Crv"),
    ("Spica", "α Vir"),
    ("Arcturus", "α Boo"),
    ("Alphecca", "α CrB"),
    ("Rasalhague", "α Oph"),
    ("Vega", "α Lyr"),
    ("Altair", "α Aql"),
    ("Deneb", "α Cyg"),
    ("Deneb Algedi", "δ Cap"),
    ("Scheat", "β Peg"),
];

/// The twelve signs of the zodiac, beginning with Aries.
pub const SIGNS: [&str; 12] = [
    "الحمل",
    "الثور",
    "الجوزاء",
    "السرطان",
    "الأسد",
    "السنبلة",
    "الميزان",
    "العقرب",
    "القوس",
    "الجدي",
    "الدلو",
    "الحوت",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_sorted_and_inside_the_rim() {
        for pair in STARS.windows(2) {
            assert!(pair[0].ra < pair[1].ra, "{} is out of order", pair[1].name);
        }
        for star in STARS {
            assert!((0.0..360.0).contains(&star.ra), "{}", star.name);
            assert!(star.dec > -crate::projection::OBLIQUITY, "{}", star.name);
        }
    }
}
