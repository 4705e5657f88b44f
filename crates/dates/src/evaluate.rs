//! Days of a date or an interval in one calendar.

use crate::calendar::{Calendar, Days, days};
use crate::century::{century, century_years, is_vague};
use crate::interval::{Interval, mark};
use crate::range::complete;
use crate::resolve::{Resolved, resolve};
use crate::syntax::{Bound, Era, Join, Side, Unit};
use crate::words::Part;

/// The first century that is Gregorian without the name of a calendar.
const FIRST_BARE_CENTURY: u32 = 15;

/// A date or an interval in one calendar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evaluated {
    pub calendar: Calendar,
    pub first: Days,
    /// The last date of an interval.
    pub last: Option<Days>,
    /// `true` if the date is one day.
    pub is_day: bool,
    /// `true` if the date is a century or a part of it.
    pub is_century: bool,
    /// The part of the century.
    pub part: Option<Part>,
    pub approximate: bool,
    pub uncertain: bool,
    /// The first and the last date as `1324`, `1324-01` or `1324-01-14`. They are equal if the date is one year,
    /// month or day.
    pub numeric: (String, String),
}

impl Evaluated {
    /// Returns the first and the last day.
    pub fn span(&self) -> Days {
        let (from, to) = self.first;
        (from, self.last.map_or(to, |(_, last)| last))
    }

    /// Formats the date in its calendar, in the form of EDTF.
    pub fn to_text(&self, bound: Option<Bound>) -> String {
        let mark = mark(self.approximate, self.uncertain);
        let (first, last) = &self.numeric;
        match bound {
            Some(Bound::Before) => format!("../{last}{mark}"),
            Some(Bound::After) => format!("{first}{mark}/.."),
            None if first == last => format!("{first}{mark}"),
            None => format!("{first}{mark}/{last}{mark}"),
        }
    }

    /// Returns the interval, of which one end is open if the date is a bound.
    pub fn interval(&self, bound: Option<Bound>) -> Interval {
        let (from, to) = self.span();
        Interval {
            from: Some(from).filter(|_| bound != Some(Bound::Before)),
            to: Some(to).filter(|_| bound != Some(Bound::After)),
            approximate: self.approximate,
            uncertain: self.uncertain,
        }
    }
}

/// Evaluates a date or an interval. `assumed` is the calendar of years without the name of a calendar;
/// `is_confirmed` is `true` if another calendar confirms the date.
pub(crate) fn evaluate(
    side: &Side,
    assumed: Option<Calendar>,
    is_confirmed: bool,
) -> Option<Evaluated> {
    // `before the 17th century`, `after 1780–1785`: it is not certain which year is meant.
    if side.bound.is_some() && (side.last.is_some() || !matches!(side.first, Unit::Date(_))) {
        return None;
    }
    let Some((join, last)) = side.last.clone() else {
        let mut evaluated = unit(&side.first, assumed)?;
        evaluated.approximate |= side.approximate;
        evaluated.uncertain |= side.uncertain;
        return Some(evaluated);
    };
    let (first, last) = complete(side.first.clone(), join, last, is_confirmed)?;
    let (first, last) = (unit(&first, assumed)?, unit(&last, assumed)?);
    let (from, to) = (first.first, last.first);
    let is_ordered = from.0 <= to.0 && from.1 <= to.1 && from != to;
    // `1661 or 1682` are not the years between them.
    let is_connected = join == Join::Range || to.0 <= from.1 + 1;
    (first.calendar == last.calendar && is_ordered && is_connected).then_some(Evaluated {
        calendar: first.calendar,
        first: from,
        last: Some(to),
        is_day: false,
        is_century: false,
        part: None,
        approximate: first.approximate || last.approximate || side.approximate,
        uncertain: first.uncertain || last.uncertain || side.uncertain,
        numeric: (first.numeric.0, last.numeric.1),
    })
}

fn unit(unit: &Unit, assumed: Option<Calendar>) -> Option<Evaluated> {
    match unit {
        Unit::Date(date) => resolve(date, assumed).map(|date| Evaluated {
            calendar: date.calendar,
            first: date.days,
            last: None,
            is_day: date.day.is_some(),
            is_century: false,
            part: None,
            approximate: false,
            uncertain: false,
            numeric: (numeric(&date), numeric(&date)),
        }),
        Unit::Century(written) => {
            let calendar = match (written.era, assumed) {
                (Some(Era::Calendar(calendar)), _) => calendar,
                (Some(Era::AnnoMundi), _) => return None,
                (None, Some(assumed)) => assumed,
                (None, None) if written.number >= FIRST_BARE_CENTURY => Calendar::Gregorian,
                (None, None) => return None,
            };
            let is_possible = calendar == Calendar::Gregorian || written.number <= 15;
            let days = century(calendar, written.number, written.part)?;
            let (from, to) = century_years(calendar, written.number, written.part)?;
            (written.is_named && is_possible).then(|| Evaluated {
                calendar,
                first: days,
                last: None,
                is_day: false,
                is_century: true,
                part: written.part,
                approximate: written.part.is_some_and(is_vague),
                uncertain: false,
                numeric: (from.to_string(), to.to_string()),
            })
        }
        Unit::Years(from, to) => {
            let is_low = *from < 1500 && assumed != Some(Calendar::Gregorian);
            let year = |year: u32| days(Calendar::Gregorian, i32::try_from(year).ok()?, None, None);
            let (first, last) = (year(*from)?.0, year(*to)?.1);
            (!is_low).then_some(Evaluated {
                calendar: Calendar::Gregorian,
                first: (first, last),
                last: None,
                is_day: false,
                is_century: false,
                part: None,
                approximate: false,
                uncertain: false,
                numeric: (from.to_string(), to.to_string()),
            })
        }
    }
}

fn numeric(date: &Resolved) -> String {
    let parts = [date.month, date.day].into_iter().flatten();
    parts.fold(date.year.to_string(), |text, part| {
        format!("{text}-{part:02}")
    })
}
