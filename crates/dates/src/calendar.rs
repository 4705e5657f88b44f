//! Calendars, and their conversion to days.

use icu_calendar::cal::hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears};
use icu_calendar::cal::{Coptic, Ethiopian, Gregorian, Hebrew, Hijri, Julian, Persian};
use icu_calendar::types::{Month, RataDie};
use icu_calendar::{AsCalendar, Date};

use khizana_model::Day;

use crate::rumi::rumi;

/// A calendar of a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calendar {
    Gregorian,
    Julian,
    /// The lunar calendar, by the tabular rules (see [`days`]).
    Hijri,
    /// The solar calendar of Iran.
    Persian,
    Coptic,
    Ethiopic,
    Hebrew,
    /// The fiscal calendar of the Ottoman Empire.
    Rumi,
}

/// The number of the month Adar I, which only leap years of the Hebrew calendar have.
pub(crate) const ADAR_I: u8 = 105;

/// The first and the last day of an interval, counted from 1 January of the year 1.
pub(crate) type Days = (i64, i64);

/// Returns the first and the last day of a year, a month or a day. Returns `None` if it does not exist.
///
/// Months of the Hijri calendar are those of the tabular calendar with the epoch of 16 July 622. A month that
/// began when the crescent was seen may differ by a day, so that a day becomes an interval of three days.
pub(crate) fn days(
    calendar: Calendar,
    year: i32,
    month: Option<u8>,
    day: Option<u8>,
) -> Option<Days> {
    if year < 1 {
        return None;
    }
    match calendar {
        Calendar::Gregorian => in_calendar(Gregorian, year, month, day),
        Calendar::Julian => in_calendar(Julian, year, month, day),
        Calendar::Hijri => {
            let tabular = Hijri::new_tabular(
                TabularAlgorithmLeapYears::TypeII,
                TabularAlgorithmEpoch::Friday,
            );
            let Some(day) = day else {
                return in_calendar(tabular, year, month, None);
            };
            // An observed month may have 30 days if that of the tabular calendar has 29.
            let (first, last) = match day {
                30 => in_calendar(tabular, year, month, Some(29)).map(|(a, b)| (a + 1, b + 1))?,
                day => in_calendar(tabular, year, month, Some(day))?,
            };
            Some((first - 1, last + 1))
        }
        Calendar::Persian => in_calendar(Persian, year, month, day),
        Calendar::Coptic => in_calendar(Coptic, year, month, day),
        Calendar::Ethiopic => in_calendar(Ethiopian::new(), year, month, day),
        Calendar::Hebrew => in_calendar(Hebrew, year, month, day),
        Calendar::Rumi => rumi(year, month, day),
    }
}

fn in_calendar<C: AsCalendar + Copy>(
    calendar: C,
    year: i32,
    month: Option<u8>,
    day: Option<u8>,
) -> Option<Days> {
    let number = match month {
        Some(ADAR_I) => Month::leap(5),
        Some(month) => Month::new(month),
        None => Month::new(1),
    };
    let date = Date::try_new(year.into(), number, day.unwrap_or(1), calendar).ok()?;
    let first = date.to_rata_die().to_i64_date();
    let length = match (month, day) {
        (_, Some(_)) => 1,
        (Some(_), None) => i64::from(date.days_in_month()),
        (None, None) => i64::from(date.days_in_year()),
    };
    Some((first, first + length - 1))
}

/// Converts a number of days to a day of the Gregorian calendar.
pub(crate) fn gregorian_day(days: i64) -> Option<Day> {
    let date = Date::from_rata_die(RataDie::new(days), Gregorian);
    Day::new(
        date.year().extended_year(),
        date.month().number(),
        date.day_of_month().0,
    )
}

/// Returns the weekday of a day, from 1 (Monday) to 7 (Sunday).
pub(crate) fn weekday(days: i64) -> u8 {
    // Day 1 is a Monday.
    u8::try_from((days - 1).rem_euclid(7) + 1).unwrap_or(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Calendar::{Coptic, Ethiopic, Gregorian, Hebrew, Hijri, Julian, Persian};
    use super::{ADAR_I, Calendar, days, gregorian_day, weekday};

    fn interval(calendar: Calendar, year: i32, month: Option<u8>, day: Option<u8>) -> String {
        let Some((first, last)) = days(calendar, year, month, day) else {
            return "none".to_owned();
        };
        let (first, last) = (gregorian_day(first).unwrap(), gregorian_day(last).unwrap());
        format!("{first}/{last}")
    }

    #[test]
    fn years_begin_and_end_on_published_days() {
        for (calendar, year, expected) in [
            (Gregorian, 1904, "1904-01-01/1904-12-31"),
            (Julian, 1900, "1900-01-13/1901-01-13"),
            // 16 July 622 in the Julian calendar.
            (Hijri, 1, "0622-07-19/0623-07-07"),
            (Hijri, 1324, "1906-02-25/1907-02-13"),
            (Hijri, 1445, "2023-07-19/2024-07-07"),
            // Nowruz.
            (Persian, 1300, "1921-03-21/1922-03-21"),
            (Persian, 1403, "2024-03-20/2025-03-20"),
            (Persian, 1404, "2025-03-21/2026-03-20"),
            // 1 Thout, a day later before a leap year.
            (Coptic, 1, "0284-08-29/0285-08-28"),
            (Coptic, 1740, "2023-09-12/2024-09-10"),
            (Coptic, 1741, "2024-09-11/2025-09-10"),
            (Ethiopic, 2000, "2007-09-12/2008-09-10"),
            // Rosh Hashanah.
            (Hebrew, 5784, "2023-09-16/2024-10-02"),
            (Hebrew, 5785, "2024-10-03/2025-09-22"),
        ] {
            let found = interval(calendar, year, None, None);
            assert_eq!(found, expected, "{calendar:?} {year}");
        }
    }

    #[test]
    fn months_and_days_of_leap_years_exist_only_there() {
        for (calendar, year, month, day, expected) in [
            (Gregorian, 1900, 2, 29, "none"),
            (Julian, 1900, 2, 29, "1900-03-13/1900-03-13"),
            (Julian, 1582, 10, 4, "1582-10-14/1582-10-14"),
            (Julian, 1917, 10, 25, "1917-11-07/1917-11-07"),
            (Hijri, 1324, 1, 1, "1906-02-24/1906-02-26"),
            (Hijri, 1445, 12, 30, "2024-07-06/2024-07-08"),
            (Hijri, 1444, 12, 30, "2023-07-18/2023-07-20"),
            (Hijri, 1444, 12, 31, "none"),
            (Hijri, 1444, 13, 1, "none"),
            (Persian, 1403, 12, 30, "2025-03-20/2025-03-20"),
            (Persian, 1404, 12, 30, "none"),
            (Persian, 1357, 11, 22, "1979-02-11/1979-02-11"),
            (Coptic, 1739, 13, 6, "2023-09-11/2023-09-11"),
            (Coptic, 1740, 13, 6, "none"),
            (Ethiopic, 1888, 6, 23, "1896-03-01/1896-03-01"),
            (Hebrew, 5784, ADAR_I, 1, "2024-02-10/2024-02-10"),
            (Hebrew, 5784, 6, 1, "2024-03-11/2024-03-11"),
            (Hebrew, 5785, ADAR_I, 1, "none"),
            (Hebrew, 5708, 8, 5, "1948-05-14/1948-05-14"),
        ] {
            let found = interval(calendar, year, Some(month), Some(day));
            assert_eq!(found, expected, "{calendar:?} {year}-{month}-{day}");
        }
    }

    #[test]
    fn the_hijri_calendar_is_that_of_the_model() {
        for year in (1..1500).step_by(7) {
            let date = khizana_model::ItemDate {
                written: String::new(),
                edtf: None,
                hijri: Some(year.to_string()),
            };
            let model = date.gregorian().unwrap();
            let model = format!("{}/{}", model.from.unwrap(), model.to.unwrap());
            assert_eq!(interval(Hijri, year, None, None), model, "{year}");
        }
    }

    #[test]
    fn weekdays_are_counted_from_monday() {
        // 16 July 622 in the Julian calendar was a Friday.
        assert_eq!(weekday(days(Julian, 622, Some(7), Some(16)).unwrap().0), 5);
        assert_eq!(
            weekday(days(Gregorian, 2000, Some(1), Some(1)).unwrap().0),
            6
        );
    }
}
