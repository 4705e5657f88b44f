//! Dates as spreadsheet programs store them: the number of days since an epoch.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The system of dates of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Epoch {
    /// Day 1 is 1900-01-01, and 1900 is treated as a leap year.
    #[default]
    Of1900,
    /// Day 0 is 1904-01-01.
    Of1904,
}

/// The parts of a date that its number format displays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DateParts {
    pub year: bool,
    pub month: bool,
    pub day: bool,
    pub time: bool,
}

/// The serials that are probably years which a program took for dates.
const YEARS: std::ops::RangeInclusive<i64> = 1000..=2100;

/// Returns `true` if the serial of a date is probably a year.
pub(super) fn is_year(serial: i64) -> bool {
    YEARS.contains(&serial)
}

/// Converts a number to a date with the precision that its format displays: `1906`, `1906-02`,
/// `1906-02-25`, `1906-02-25T10:30:00`, or `10:30:00` if the format displays only the time.
///
/// Returns `None` if the number is not a date.
pub(super) fn date_text(number: f64, epoch: Epoch, parts: DateParts) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&number) {
        return None;
    }
    let seconds = (number.fract() * 86_400.0).round() as i64;
    let days = number.trunc() as i64 + seconds / 86_400;
    let seconds = seconds % 86_400;
    let time = || {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
    };
    if !(parts.year || parts.month || parts.day) {
        return Some(time());
    }
    let date = date(days, epoch)?;
    let year = format!("{:04}", date.year());
    let month = format!("{year}-{:02}", date.month());
    Some(match parts {
        DateParts { day: true, .. } if parts.time && seconds > 0 => format!("{date}T{}", time()),
        DateParts { day: true, .. } => date.to_string(),
        DateParts {
            month: true,
            year: true,
            ..
        } => month,
        DateParts { year: true, .. } => year,
        _ => date.to_string(),
    })
}

/// Returns the date of a day.
fn date(days: i64, epoch: Epoch) -> Option<Date> {
    let (start, days) = match epoch {
        Epoch::Of1904 => (Date::constant(1904, 1, 1), days),
        // Day 60 is 1900-02-29, which did not exist.
        Epoch::Of1900 if days < 60 => (Date::constant(1899, 12, 31), days),
        Epoch::Of1900 => (Date::constant(1899, 12, 30), days),
    };
    let span: Span = i32::try_from(days).ok()?.days();
    start.checked_add(span).ok()
}

/// Returns the day of a date in the system of 1900.
pub(super) fn serial_of(date: &str) -> Option<i64> {
    let date: Date = date.get(..10)?.parse().ok()?;
    let span = Date::constant(1899, 12, 30).until(date).ok()?;
    Some(i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: DateParts = DateParts {
        year: true,
        month: true,
        day: true,
        time: false,
    };

    fn day(number: f64, epoch: Epoch) -> Option<String> {
        date_text(number, epoch, DAY)
    }

    #[test]
    fn converts_days_of_both_systems() {
        for (number, text) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (1906.0, "1905-03-20"),
            (2248.0, "1906-02-25"),
            (45_000.0, "2023-03-15"),
        ] {
            assert_eq!(day(number, Epoch::Of1900).as_deref(), Some(text));
        }
        assert_eq!(day(786.0, Epoch::Of1904).as_deref(), Some("1906-02-25"));
        for wrong in [-1.0, 3e6, f64::NAN, f64::INFINITY] {
            assert_eq!(day(wrong, Epoch::Of1900), None);
        }
        assert_eq!(serial_of("1905-03-20"), Some(1906));
        assert_eq!(serial_of("1906-02-25T10:00:00"), Some(2248));
        assert_eq!(serial_of("x"), None);
    }

    #[test]
    fn keeps_the_precision_of_the_format() {
        let text = |number, parts| date_text(number, Epoch::Of1900, parts);
        let month = DateParts { day: false, ..DAY };
        let year = DateParts {
            month: false,
            ..month
        };
        let moment = DateParts { time: true, ..DAY };
        let time = DateParts {
            time: true,
            ..DateParts::default()
        };
        let day_of_month = DateParts { year: false, ..DAY };
        assert_eq!(text(2248.0, month).as_deref(), Some("1906-02"));
        assert_eq!(text(2248.0, year).as_deref(), Some("1906"));
        assert_eq!(text(2248.0, moment).as_deref(), Some("1906-02-25"));
        assert_eq!(
            text(2248.4375, moment).as_deref(),
            Some("1906-02-25T10:30:00")
        );
        assert_eq!(text(2_248.999_999_9, moment).as_deref(), Some("1906-02-26"));
        assert_eq!(text(0.4375, time).as_deref(), Some("10:30:00"));
        assert_eq!(text(2248.0, day_of_month).as_deref(), Some("1906-02-25"));
    }
}
