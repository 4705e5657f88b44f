//! Conversion of dates in the Hijri calendar.
//!
//! The conversion is that of the tabular calendar, with the epoch of 16 July 622 and the leap years 2, 5, 7, 10, 13, 16,
//! 18, 21, 24, 26 and 29 of each cycle of 30 years. Months that began when the crescent was seen differ from it by a day
//! or two.

use crate::{Day, Edtf};

/// The first day of the calendar, in days since 1 January 1970.
const EPOCH: i32 = -492_148;

/// The greatest year that is converted.
const MAX_YEAR: u32 = 9999;

/// Parses a date that has the form `1324`, `1324-01` or `1324-01-14`, in Arabic or European digits. Returns the year, the
/// month and the day that are known.
pub fn hijri_parts(text: &str) -> Option<(u32, Option<u32>, Option<u32>)> {
    let mut parts = text.trim().split('-').map(number);
    let year = parts.next()??;
    let month = parts.next();
    let day = parts.next();
    let is_valid = parts.next().is_none()
        && (1..=MAX_YEAR).contains(&year)
        && month.is_none_or(|month| month.is_some_and(|month| (1..=12).contains(&month)))
        && day.is_none_or(|day| day.is_some_and(|day| (1..=30).contains(&day)));
    is_valid.then_some((year, month.flatten(), day.flatten()))
}

/// Parses a number in ASCII, Arabic or Persian digits.
fn number(text: &str) -> Option<u32> {
    let digits: Option<String> = text.chars().map(ascii_digit).collect();
    digits?.parse().ok()
}

/// Returns the ASCII digit with the value of a digit.
fn ascii_digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// Returns the interval of a Hijri date in the Gregorian calendar. The date has the form that [`hijri_parts`] parses, with
/// the intervals and the qualifiers of EDTF: `1003/1008`, `1221~`. Returns `None` if it has another form.
pub(crate) fn interval(text: &str) -> Option<Edtf> {
    let Some((from, to)) = text.split_once('/') else {
        return single(text);
    };
    let end = |text| match text {
        ".." => Some(None),
        text => single(text).map(Some),
    };
    let (from, to) = (end(from)?, end(to)?);
    let is = |mark: fn(&Edtf) -> bool| [&from, &to].into_iter().flatten().any(mark);
    let interval = Edtf {
        from: from.as_ref().and_then(|from| from.from),
        to: to.as_ref().and_then(|to| to.to),
        approximate: is(|date| date.approximate),
        uncertain: is(|date| date.uncertain),
    };
    match (interval.from, interval.to) {
        (None, None) => None,
        (Some(from), Some(to)) if from > to => None,
        _ => Some(interval),
    }
}

/// Returns the interval of a Hijri date with or without a qualifier.
fn single(text: &str) -> Option<Edtf> {
    let (text, approximate, uncertain) = match text.as_bytes().last()? {
        b'~' => (text.get(..text.len() - 1)?, true, false),
        b'?' => (text.get(..text.len() - 1)?, false, true),
        b'%' => (text.get(..text.len() - 1)?, true, true),
        _ => (text, false, false),
    };
    let (year, month, day) = hijri_parts(text)?;
    let (year, month) = (i32::try_from(year).ok()?, month.map(i32::try_from));
    let (first, last) = match (month.transpose().ok()?, day) {
        (None, _) => (start(year, 1), start(year + 1, 1) - 1),
        (Some(month), None) => (start(year, month), start(year, month + 1) - 1),
        (Some(month), Some(day)) => {
            let day = start(year, month) + i32::try_from(day).ok()? - 1;
            (day, day)
        }
    };
    Some(Edtf {
        from: Some(gregorian(first)?),
        to: Some(gregorian(last)?),
        approximate,
        uncertain,
    })
}

/// Returns the first day of a month, in days since 1 January 1970. The month after the twelfth begins with the next year.
fn start(year: i32, month: i32) -> i32 {
    if month > 12 {
        return start(year + 1, 1);
    }
    EPOCH + (year - 1) * 354 + (3 + 11 * year).div_euclid(30) + (59 * (month - 1) + 1).div_euclid(2)
}

/// Converts a number of days since 1 January 1970. In this calculation, a year begins in March, so that the leap day is
/// its last day.
fn gregorian(days: i32) -> Option<Day> {
    // From 1 March of the year 0.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    Day::new(
        era * 400 + year + next_year,
        u8::try_from(month).ok()?,
        u8::try_from(day).ok()?,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn converted(text: &str) -> Option<String> {
        let Edtf { from, to, .. } = interval(text)?;
        Some(format!("{}/{}", from?, to?))
    }

    #[test]
    fn years_months_and_days_are_converted() {
        for (hijri, expected) in [
            ("1324", "1906-02-25/1907-02-13"),
            ("1324-01", "1906-02-25/1906-03-26"),
            ("1324-12", "1907-01-16/1907-02-13"),
            ("1324-01-01", "1906-02-25/1906-02-25"),
            // The first day is 16 July 622 in the Julian calendar.
            ("1-1-1", "0622-07-19/0622-07-19"),
            ("1445-12-30", "2024-07-07/2024-07-07"),
            ("١٣٢٤-٠١", "1906-02-25/1906-03-26"),
            ("۱۳۲۴", "1906-02-25/1907-02-13"),
        ] {
            assert_eq!(converted(hijri).as_deref(), Some(expected), "{hijri}");
        }
    }

    #[test]
    fn successive_years_have_no_gap() {
        for year in 1..2000 {
            let days = start(year + 1, 1) - start(year, 1);
            assert!(days == 354 || days == 355, "{year}: {days}");
            for month in 1..=12 {
                let days = start(year, month + 1) - start(year, month);
                assert!(days == 29 || days == 30, "{year}-{month}: {days}");
            }
        }
    }

    #[test]
    fn intervals_and_qualifiers_are_converted() {
        assert_eq!(
            converted("701/800").as_deref(),
            Some("1301-09-14/1398-09-20")
        );
        let circa = interval("1324~").unwrap();
        assert!(circa.approximate && !circa.uncertain);
        let doubtful = interval("1324%/1325%").unwrap();
        assert!(doubtful.approximate && doubtful.uncertain);
        let before = interval("../1324-01").unwrap();
        assert_eq!((before.from, before.to), (None, Day::new(1906, 3, 26)));
        let after = interval("1324/..").unwrap();
        assert_eq!((after.from, after.to), (Day::new(1906, 2, 25), None));
        for odd in [
            "../..",
            "1325/1324",
            "1324/",
            "/1324",
            "~",
            "1324/x",
            "1/2/3",
        ] {
            assert_eq!(interval(odd), None, "{odd}");
        }
    }

    #[test]
    fn other_texts_are_not_converted() {
        for odd in [
            "",
            "0",
            "1324-13",
            "1324-00",
            "1324-01-31",
            "1324-01-02-03",
            "1324-",
            "غرة محرم ١٣٢٤",
            "99999999999",
            "-5",
        ] {
            assert_eq!(converted(odd), None, "{odd}");
        }
    }
}
