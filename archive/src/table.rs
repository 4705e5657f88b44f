//! A table of the stars of the rete with their coordinates, and their altitude and time above the
//! horizon in Baghdad.

use crate::projection::half_day_arc;
use crate::stars::{NAMES, STARS};

/// Latitude of Baghdad in degrees.
const BAGHDAD: f64 = 33.0 + 20.0 / 60.0;

/// Returns the table as CSV.
pub fn stars() -> String {
    let mut out = "النجم,الاسم اللاتينيّ,رمز باير,المطلع المستقيم (°),الميل (°),\
                   غاية ارتفاعه (°),مكثه (ساعات)\n"
        .to_owned();
    for (star, (latin, bayer)) in STARS.iter().zip(NAMES) {
        out.push_str(&format!(
            "{},{latin},{bayer},{:.3},{:.3},{:.1},{:.2}\n",
            star.name,
            star.ra,
            star.dec,
            90.0 - (BAGHDAD - star.dec).abs(),
            half_day_arc(BAGHDAD, star.dec) * 2.0 / 15.0,
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projection::equatorial_to_horizontal;

    #[test]
    fn rows_have_seven_columns_and_two_stars_are_circumpolar() {
        let table = stars();
        let rows: Vec<Vec<&str>> = table.lines().map(|row| row.split(',').collect()).collect();
        assert_eq!(rows.len(), 25);
        assert!(rows.iter().all(|row| row.len() == 7));
        let sirius = "الشعرى العبور,Sirius,α CMa,101.287,-16.716,40.0,";
        assert!(table.contains(sirius), "{table}");
        let circumpolar: Vec<&str> = rows
            .iter()
            .filter(|row| row.last() == Some(&"24.00"))
            .filter_map(|row| row.get(1).copied())
            .collect();
        assert_eq!(circumpolar, ["Caph", "Dubhe"]);
    }

    #[test]
    fn example_in_reading_md_is_correct() {
        // The sun at the equinox, at an hour angle of 53°14′ before noon.
        let (altitude, _) = equatorial_to_horizontal(BAGHDAD, -(53.0 + 14.0 / 60.0), 0.0);
        assert!((altitude - 30.0).abs() < 0.02, "{altitude}");
    }
}
