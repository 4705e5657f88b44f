//! Intervals of days in EDTF.

use khizana_model::Day;

use crate::calendar::{Calendar, Days, days, gregorian_day};

/// An interval of days, with both ends included. An end is `None` if it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub approximate: bool,
    pub uncertain: bool,
}

impl Interval {
    /// Returns the days that two intervals share, or `None` if there are none.
    pub fn intersection(self, other: Interval) -> Option<Interval> {
        let from = match (self.from, other.from) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return None;
        }
        Some(Interval {
            from,
            to,
            approximate: self.approximate || other.approximate,
            uncertain: self.uncertain || other.uncertain,
        })
    }

    /// Formats the interval in the shortest form of EDTF. Returns `None` if both ends are open.
    pub fn to_edtf(self) -> Option<String> {
        let mark = mark(self.approximate, self.uncertain);
        match (self.from, self.to) {
            (None, None) => None,
            (Some(from), None) => Some(format!("{}{mark}/..", start(gregorian_day(from)?))),
            (None, Some(to)) => Some(format!("../{}{mark}", end(gregorian_day(to)?))),
            (Some(from), Some(to)) => {
                if let Some(single) = single((from, to)) {
                    return Some(format!("{single}{mark}"));
                }
                let (from, to) = ends(gregorian_day(from)?, gregorian_day(to)?);
                Some(format!("{from}{mark}/{to}{mark}"))
            }
        }
    }
}

/// Returns the qualifier of EDTF.
pub(crate) fn mark(approximate: bool, uncertain: bool) -> &'static str {
    match (approximate, uncertain) {
        (true, true) => "%",
        (true, false) => "~",
        (false, true) => "?",
        (false, false) => "",
    }
}

/// Formats an interval that is one century, decade, year, month or day.
fn single(interval: Days) -> Option<String> {
    let (from, to) = (gregorian_day(interval.0)?, gregorian_day(interval.1)?);
    let year = |year| days(Calendar::Gregorian, year, None, None);
    let (first, last) = (from.year.max(1), to.year);
    if (year(first)?.0, year(last)?.1) == interval {
        return match last - first {
            0 => Some(format!("{first:04}")),
            9 if first % 10 == 0 => Some(format!("{:03}X", first / 10)),
            99 if first % 100 == 0 => Some(format!("{:02}XX", first / 100)),
            _ => None,
        };
    }
    if from == to {
        return Some(from.to_string());
    }
    let is_month = days(Calendar::Gregorian, from.year, Some(from.month), None)? == interval;
    is_month.then(|| format!("{:04}-{:02}", from.year, from.month))
}

/// Formats the two ends of an interval: as years or as months if both ends permit it, otherwise as days.
fn ends(from: Day, to: Day) -> (String, String) {
    let (first, last) = (start(from), end(to));
    if first.len() == last.len() {
        return (first, last);
    }
    let is_month = |text: &str| text.len() <= 7;
    if is_month(&first) && is_month(&last) {
        return (
            format!("{:04}-{:02}", from.year, from.month),
            format!("{:04}-{:02}", to.year, to.month),
        );
    }
    (from.to_string(), to.to_string())
}

/// Formats the first day of an interval: as a year or a month, if it begins then.
fn start(day: Day) -> String {
    match (day.month, day.day) {
        (1, 1) => format!("{:04}", day.year),
        (month, 1) => format!("{:04}-{month:02}", day.year),
        _ => day.to_string(),
    }
}

/// Formats the last day of an interval: as a year or a month, if it ends then.
fn end(day: Day) -> String {
    let is_last = Day::new(day.year, day.month, day.day.saturating_add(1)).is_none();
    match (day.month, is_last) {
        (12, true) => format!("{:04}", day.year),
        (month, true) => format!("{:04}-{month:02}", day.year),
        _ => day.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn edtf(from: (i32, u8, u8), to: (i32, u8, u8)) -> String {
        let day = |(year, month, day)| {
            days(Calendar::Gregorian, year, Some(month), Some(day)).map(|days| days.0)
        };
        Interval {
            from: day(from),
            to: day(to),
            approximate: false,
            uncertain: false,
        }
        .to_edtf()
        .unwrap()
    }

    #[test]
    fn intervals_are_written_in_the_shortest_form() {
        assert_eq!(edtf((1700, 1, 1), (1799, 12, 31)), "17XX");
        assert_eq!(edtf((1870, 1, 1), (1879, 12, 31)), "187X");
        assert_eq!(edtf((1871, 1, 1), (1880, 12, 31)), "1871/1880");
        assert_eq!(edtf((1871, 1, 1), (1871, 12, 31)), "1871");
        assert_eq!(edtf((1904, 2, 1), (1904, 2, 29)), "1904-02");
        assert_eq!(edtf((1904, 2, 1), (1904, 2, 28)), "1904-02-01/1904-02-28");
        assert_eq!(edtf((1904, 1, 1), (1904, 7, 31)), "1904-01/1904-07");
        assert_eq!(edtf((1904, 7, 5), (1904, 7, 5)), "1904-07-05");
        assert_eq!(edtf((985, 1, 1), (986, 12, 31)), "0985/0986");
    }
}
