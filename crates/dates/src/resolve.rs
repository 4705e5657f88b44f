//! Calendar of a date that is a year, a month or a day.

use crate::calendar::{Calendar, Days, days, weekday};
use crate::syntax::{Era, Written};
use crate::words::Meaning;

/// The first year that is Gregorian without the name of a calendar. The year 1500 of the Hijri calendar is in the
/// future.
const FIRST_BARE_YEAR: i32 = 1500;

/// A year, a month or a day of a calendar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Resolved {
    pub calendar: Calendar,
    pub year: i32,
    pub month: Option<u8>,
    pub day: Option<u8>,
    pub days: Days,
}

/// Determines the calendar of a date and its days. `assumed` is the calendar of a year without the name of a
/// calendar; without it, a low year has no calendar.
pub(crate) fn resolve(date: &Written, assumed: Option<Calendar>) -> Option<Resolved> {
    let written = date.year?;
    let year = i32::try_from(written.number).ok()?;
    // One or two digits are rather a day or a century: `13 CE`.
    let is_named = date.era.is_some() && date.month.is_some();
    if written.digits < if is_named { 2 } else { 3 } {
        return None;
    }
    let calendar = calendar(date, year, assumed)?;
    if !years(calendar).contains(&year) {
        return None;
    }
    let month = match date.month {
        None => None,
        Some(names) => Some(month_of(names, calendar)?),
    };
    let days = days(calendar, year, month, date.day)?;
    if date.day.is_some()
        && !date
            .weekday
            .is_none_or(|day| is_weekday(calendar, days, day))
    {
        return None;
    }
    Some(Resolved {
        calendar,
        year,
        month,
        day: date.day,
        days,
    })
}

fn calendar(date: &Written, year: i32, assumed: Option<Calendar>) -> Option<Calendar> {
    match (date.era, date.month) {
        (Some(Era::Calendar(calendar)), _) => Some(calendar),
        (Some(Era::AnnoMundi), None) => years(Calendar::Hebrew)
            .contains(&year)
            .then_some(Calendar::Hebrew),
        (Some(Era::AnnoMundi), Some(names)) => {
            let has = |calendar| month_of(names, calendar).is_some();
            [Calendar::Hebrew, Calendar::Coptic, Calendar::Ethiopic]
                .into_iter()
                .find(|calendar| has(*calendar) && years(*calendar).contains(&year))
        }
        (None, Some(names)) => {
            let has = |calendar| month_of(names, calendar).is_some();
            if has(Calendar::Hijri) {
                Some(Calendar::Hijri)
            } else if has(Calendar::Hebrew) && years(Calendar::Hebrew).contains(&year) {
                Some(Calendar::Hebrew)
            } else if has(Calendar::Persian) && (1304..=1420).contains(&year) {
                // Since the calendar is official. Parsi and Mughal dates have the same months.
                Some(Calendar::Persian)
            } else if has(Calendar::Gregorian) {
                // Ottoman fiscal years, up to 1341, have the same months.
                let is_certain = (1346..FIRST_BARE_YEAR).contains(&year);
                gregorian(year, assumed).or_else(|| is_certain.then_some(Calendar::Gregorian))
            } else {
                None
            }
        }
        (None, None) => match assumed {
            Some(calendar) => Some(calendar),
            None => gregorian(year, None),
        },
    }
}

fn gregorian(year: i32, assumed: Option<Calendar>) -> Option<Calendar> {
    match assumed {
        Some(Calendar::Gregorian | Calendar::Julian) => assumed,
        _ => (year >= FIRST_BARE_YEAR).then_some(Calendar::Gregorian),
    }
}

/// Returns the number of a month in a calendar.
fn month_of(names: &[Meaning], calendar: Calendar) -> Option<u8> {
    let named = match calendar {
        Calendar::Julian | Calendar::Rumi => Calendar::Gregorian,
        calendar => calendar,
    };
    names.iter().find_map(|name| match name {
        Meaning::Month(calendar, number) if *calendar == named => Some(*number),
        _ => None,
    })
}

/// Returns the years of a calendar in which an object of a collection can be dated.
fn years(calendar: Calendar) -> std::ops::RangeInclusive<i32> {
    match calendar {
        Calendar::Gregorian | Calendar::Julian | Calendar::Ethiopic => 1..=2100,
        Calendar::Hijri => 1..=1500,
        Calendar::Persian => 1..=1480,
        Calendar::Coptic => 1..=1800,
        Calendar::Hebrew => 4000..=5900,
        Calendar::Rumi => 1256..=1341,
    }
}

/// Returns `true` if a weekday is possible for a day. The weekday of an observed Hijri day differs from that of
/// the tabular calendar by two at most.
fn is_weekday(calendar: Calendar, (first, last): Days, expected: u8) -> bool {
    let tolerance = if calendar == Calendar::Hijri { 1 } else { 0 };
    (first - tolerance..=last + tolerance).any(|day| weekday(day) == expected)
}
