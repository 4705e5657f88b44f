//! Dates in EDTF (ISO 8601-2:2019, annex A), levels 0 and 1, and the intervals they denote.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day in the proleptic Gregorian calendar. Year 0 is 1 BCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The astronomical year.
    pub year: i32,
    /// The month, from 1 to 12.
    pub month: u8,
    /// The day of the month, starting at 1.
    pub day: u8,
}

impl Day {
    /// Creates a day. Returns `None` if it does not exist in the calendar.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Day> {
        (1..=days_in_month(year, month))
            .contains(&day)
            .then_some(Day { year, month, day })
    }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Day {
    /// Formats the day as `1906-02-25`, with a minus sign for years before 1 BCE.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(
            f,
            "{sign}{:04}-{:02}-{:02}",
            self.year.unsigned_abs(),
            self.month,
            self.day
        )
    }
}

impl FromStr for Day {
    type Err = EdtfError;

    fn from_str(text: &str) -> Result<Self, EdtfError> {
        let not_edtf = || EdtfError::NotEdtf(text.chars().take(80).collect());
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let mut parts = digits.splitn(3, '-');
        let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
        match (number(), number(), number()) {
            (Some(year), Some(month), Some(day)) => i32::try_from(year)
                .ok()
                .and_then(|year| {
                    Day::new(
                        sign * year,
                        u8::try_from(month).ok()?,
                        u8::try_from(day).ok()?,
                    )
                })
                .ok_or_else(not_edtf),
            _ => Err(not_edtf()),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The interval denoted by an EDTF date, with both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edtf {
    /// The first day, or `None` if the start is open or unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day, or `None` if the end is open or unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// `true` if the date is marked as approximate with `~` or `%`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// `true` if the date is marked as uncertain with `?` or `%`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub uncertain: bool,
}

khizana_json::json_object!(Edtf {
    from: optional,
    to: optional,
    approximate: optional,
    uncertain: optional
});

fn is_false(value: &bool) -> bool {
    !value
}

/// An error from parsing an EDTF date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EdtfError {
    /// The text does not have the syntax of EDTF.
    #[error("`{0}` is not an EDTF date")]
    NotEdtf(String),
    /// The syntax is valid, but the date does not exist, or the interval ends before it begins.
    #[error("`{0}` is not a valid calendar date")]
    Impossible(String),
}

impl Edtf {
    /// Parses a date or an interval of EDTF level 0 or 1.
    ///
    /// # Errors
    /// Returns [`EdtfError::NotEdtf`] if the syntax is invalid, and [`EdtfError::Impossible`] if
    /// the date does not exist, such as `1906-02-30`, or if the interval ends before it begins.
    pub fn parse(text: &str) -> Result<Edtf, EdtfError> {
        let not_edtf = || EdtfError::NotEdtf(text.chars().take(80).collect());
        let impossible = || EdtfError::Impossible(text.chars().take(80).collect());
        let edtf = match text.split_once('/') {
            None => single_date(text)
                .ok_or_else(not_edtf)?
                .ok_or_else(impossible)?,
            Some((from, to)) => {
                let from = interval_end(from)
                    .ok_or_else(not_edtf)?
                    .ok_or_else(impossible)?;
                let to = interval_end(to)
                    .ok_or_else(not_edtf)?
                    .ok_or_else(impossible)?;
                if from.from.is_none() && to.to.is_none() {
                    return Err(not_edtf());
                }
                Edtf {
                    from: from.from,
                    to: to.to,
                    approximate: from.approximate || to.approximate,
                    uncertain: from.uncertain || to.uncertain,
                }
            }
        };
        match (edtf.from, edtf.to) {
            (Some(from), Some(to)) if from > to => Err(impossible()),
            _ => Ok(edtf),
        }
    }

    /// Returns the first and the last year of the interval. Each is `None` if that end is open or
    /// unknown.
    pub fn years(&self) -> (Option<i32>, Option<i32>) {
        (self.from.map(|day| day.year), self.to.map(|day| day.year))
    }
}

/// The result of parsing a date: `None` if the syntax is invalid, or `Some(None)` if the date does
/// not exist.
type Parsed<T> = Option<Option<T>>;

/// Parses one end of an interval: a date, `..`, or the empty string.
fn interval_end(text: &str) -> Parsed<Edtf> {
    match text {
        "" | ".." => Some(Some(Edtf {
            from: None,
            to: None,
            approximate: false,
            uncertain: false,
        })),
        _ => single_date(text),
    }
}

/// Parses a date with an optional qualifier `~`, `?` or `%`.
fn single_date(text: &str) -> Parsed<Edtf> {
    let (body, approximate, uncertain) = match text.as_bytes().last()? {
        b'~' => (text.get(..text.len() - 1)?, true, false),
        b'?' => (text.get(..text.len() - 1)?, false, true),
        b'%' => (text.get(..text.len() - 1)?, true, true),
        _ => (text, false, false),
    };
    // The time of day (level 0) is ignored.
    let body = match body.split_once('T') {
        Some((date, time)) if date.len() == 10 && is_time(time) => date,
        Some(_) => return None,
        None => body,
    };
    let days = match body.strip_prefix('Y') {
        Some(year) => long_year(year)?,
        None => date(body)?,
    };
    Some(days.map(|(from, to)| Edtf {
        from: Some(from),
        to: Some(to),
        approximate,
        uncertain,
    }))
}

fn is_time(text: &str) -> bool {
    text.len() >= 8
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b":+-Z".contains(&b))
}

/// Parses a year with more than four digits (level 1) without the prefix `Y`, for example the
/// `-17000` in `Y-17000`.
fn long_year(text: &str) -> Parsed<(Day, Day)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(
        text.parse()
            .ok()
            .and_then(|year| Some((Day::new(year, 1, 1)?, Day::new(year, 12, 31)?))),
    )
}

/// Parses a year, month, season or day, and returns its first and last day.
fn date(text: &str) -> Parsed<(Day, Day)> {
    let (negative, text) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let mut parts = text.split('-');
    let (low, high) = digits(parts.next()?, 4)?;
    let (first, last) = match (
        negative,
        i32::try_from(low).ok()?,
        i32::try_from(high).ok()?,
    ) {
        (false, low, high) => (low, high),
        (true, low, high) => (-high, -low),
    };
    let month = parts
        .next()
        .map(|part| digits(part, 2))
        .map_or(Some(None), |read| read.map(Some))?;
    let day = parts
        .next()
        .map(|part| digits(part, 2))
        .map_or(Some(None), |read| read.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    let one_year = first == last;
    Some(match (month, day) {
        (None, _) => Day::new(first, 1, 1).zip(Day::new(last, 12, 31)),
        // `2004-XX`: the month is unspecified.
        (Some((0, 99)), None | Some((0, 99))) => Day::new(first, 1, 1).zip(Day::new(last, 12, 31)),
        _ if !one_year => return None,
        // The seasons of level 1 are interpreted as meteorological seasons. Winter ends in the next
        // year.
        (Some((21, 21)), None) => Day::new(first, 3, 1).zip(Day::new(first, 5, 31)),
        (Some((22, 22)), None) => Day::new(first, 6, 1).zip(Day::new(first, 8, 31)),
        (Some((23, 23)), None) => Day::new(first, 9, 1).zip(Day::new(first, 11, 30)),
        (Some((24, 24)), None) => {
            let next = first.checked_add(1)?;
            Day::new(first, 12, 1).zip(Day::new(next, 2, days_in_month(next, 2)))
        }
        (Some((low, high)), day) if low == high => {
            let month = u8::try_from(low).ok()?;
            match day {
                None | Some((0, 99)) => Day::new(first, month, 1).zip(Day::new(
                    first,
                    month,
                    days_in_month(first, month),
                )),
                Some((low, high)) if low == high => {
                    let day = Day::new(first, month, u8::try_from(low).ok()?);
                    day.zip(day)
                }
                Some(_) => return None,
            }
        }
        _ => return None,
    })
}

/// Returns the smallest and the largest value that a number of `width` digits can have. Its last
/// digits may be `X` (unspecified).
fn digits(text: &str, width: usize) -> Option<(u32, u32)> {
    let known = text.trim_end_matches('X');
    if text.len() != width || !known.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let unknown = u32::try_from(text.len() - known.len()).ok()?;
    let known: u32 = if known.is_empty() {
        0
    } else {
        known.parse().ok()?
    };
    let span = 10u32.checked_pow(unknown)?;
    Some((known * span, known * span + span - 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn span(text: &str) -> String {
        let edtf = Edtf::parse(text).unwrap_or_else(|e| panic!("{e}"));
        let show = |day: Option<Day>| day.map_or("..".to_owned(), |day| day.to_string());
        let marks = match (edtf.approximate, edtf.uncertain) {
            (true, true) => "%",
            (true, false) => "~",
            (false, true) => "?",
            _ => "",
        };
        format!("{}/{}{marks}", show(edtf.from), show(edtf.to))
    }

    #[test]
    fn level_0_dates_denote_their_days() {
        assert_eq!(span("1906-02-25"), "1906-02-25/1906-02-25");
        assert_eq!(span("1904-02"), "1904-02-01/1904-02-29");
        assert_eq!(span("1900-02"), "1900-02-01/1900-02-28");
        assert_eq!(span("0848"), "0848-01-01/0848-12-31");
        assert_eq!(span("0848/0852"), "0848-01-01/0852-12-31");
        assert_eq!(span("1985-04-12T23:20:30Z"), "1985-04-12/1985-04-12");
    }

    #[test]
    fn level_1_dates_denote_their_intervals() {
        assert_eq!(span("19XX"), "1900-01-01/1999-12-31");
        assert_eq!(span("190X"), "1900-01-01/1909-12-31");
        assert_eq!(span("2004-XX"), "2004-01-01/2004-12-31");
        assert_eq!(span("1985-04-XX"), "1985-04-01/1985-04-30");
        assert_eq!(span("1985-XX-XX"), "1985-01-01/1985-12-31");
        assert_eq!(span("1106~"), "1106-01-01/1106-12-31~");
        assert_eq!(span("2004-06%"), "2004-06-01/2004-06-30%");
        assert_eq!(span("2001-24"), "2001-12-01/2002-02-28");
        assert_eq!(span("../1985"), "../1985-12-31");
        assert_eq!(span("1985-04-12/.."), "1985-04-12/..");
        assert_eq!(span("1984?/2004~"), "1984-01-01/2004-12-31%");
        assert_eq!(span("-0499"), "-0499-01-01/-0499-12-31");
        assert_eq!(span("Y-17000"), "-17000-01-01/-17000-12-31");
    }

    #[test]
    fn rejects_dates_that_do_not_exist() {
        for wrong in [
            "1906-02-30",
            "1906-13",
            "1906-00",
            "1900-02-29",
            "1906-12-32",
            "2000/1999",
            "1906-13-45",
        ] {
            assert_eq!(
                Edtf::parse(wrong),
                Err(EdtfError::Impossible(wrong.into())),
                "{wrong}"
            );
        }
    }

    #[test]
    fn rejects_text_that_is_not_edtf() {
        for wrong in [
            "",
            "c.1785",
            "1785–5",
            "date not known",
            "1906/",
            "/",
            "../..",
            "25-02-1906",
            "١٩٠٦",
            "1906-2-3",
            "19",
            "X906",
            "1906-1X",
            "Y1906",
            "1906/1907/1908",
            "1906T10",
            "Y99999999999",
            "?",
            "é",
        ] {
            let read = Edtf::parse(wrong);
            if wrong == "1906/" {
                assert_eq!(read.unwrap().to, None);
            } else if wrong == "Y99999999999" {
                assert!(read.is_err());
            } else {
                assert_eq!(read, Err(EdtfError::NotEdtf(wrong.into())), "{wrong}");
            }
        }
    }

    #[test]
    fn days_round_trip_through_json() {
        for day in ["1906-02-25", "-0499-01-01"] {
            let day: Day = day.parse().unwrap();
            assert_eq!(
                serde_json::from_str::<Day>(&serde_json::to_string(&day).unwrap()).unwrap(),
                day
            );
        }
    }
}
