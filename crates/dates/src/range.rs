//! Completion of intervals whose ends share parts: `July–August 1888`, `1863–64`, `17th–18th century`.

use crate::syntax::{Century, Join, Unit, Written, Year};

/// Adds the parts that the first or the last date of an interval has from the other. Returns `None` if a part is
/// missing in both.
///
/// `is_confirmed` is `true` if another calendar confirms the interval: `1784-5` alone may be a month.
pub(crate) fn complete(
    first: Unit,
    join: Join,
    last: Unit,
    is_confirmed: bool,
) -> Option<(Unit, Unit)> {
    Some(match (first, last) {
        (Unit::Date(first), Unit::Date(last)) => {
            let (first, last) = dates(first, join, last, is_confirmed)?;
            (Unit::Date(first), Unit::Date(last))
        }
        (Unit::Century(first), Unit::Century(last)) => {
            let (first, last) = centuries(first, last)?;
            (Unit::Century(first), Unit::Century(last))
        }
        (Unit::Date(first), Unit::Century(last)) => {
            let (first, last) = centuries(short_century(&first)?, last)?;
            (Unit::Century(first), Unit::Century(last))
        }
        (Unit::Century(first), Unit::Date(last)) => {
            let (first, last) = centuries(first, short_century(&last)?)?;
            (Unit::Century(first), Unit::Century(last))
        }
        // The calendar of one would be that of the other, too.
        (Unit::Date(first), Unit::Years(from, to)) if first.era.is_none() => {
            (Unit::Date(first), Unit::Years(from, to))
        }
        (Unit::Years(from, to), Unit::Date(last)) if last.era.is_none() => {
            (Unit::Years(from, to), Unit::Date(last))
        }
        (first @ Unit::Years(..), last @ Unit::Years(..)) => (first, last),
        _ => return None,
    })
}

fn centuries(mut first: Century, mut last: Century) -> Option<(Century, Century)> {
    if !first.is_named && !last.is_named {
        return None;
    }
    if first.era.is_some() && last.era.is_some() && first.era != last.era {
        return None;
    }
    (first.is_named, last.is_named) = (true, true);
    let era = first.era.or(last.era);
    (first.era, last.era) = (era, era);
    Some((first, last))
}

/// Returns a number of one or two digits as a century without the word.
pub(crate) fn short_century(date: &Written) -> Option<Century> {
    let year = date.year.filter(|_| is_short(date))?;
    Some(Century {
        number: year.number,
        part: None,
        era: date.era,
        is_named: false,
    })
}

/// Returns `true` for a number of one or two digits.
fn is_short(date: &Written) -> bool {
    date.month.is_none() && date.day.is_none() && date.year.is_some_and(|year| year.digits <= 2)
}

fn dates(
    mut first: Written,
    join: Join,
    mut last: Written,
    is_confirmed: bool,
) -> Option<(Written, Written)> {
    if first.era.is_some() && last.era.is_some() && first.era != last.era {
        return None;
    }
    let era = first.era.or(last.era);
    (first.era, last.era) = (era, era);
    let last_year = last.year?;
    if is_short(&first) && last.day.is_some() {
        // `12–14 March 1906`.
        first.day = u8::try_from(first.year?.number).ok();
        first.month = last.month;
        first.year = Some(last_year);
    } else if first.year.is_none() {
        first.year = Some(last_year);
    }
    let first_year = first.year?;
    let are_years = first.month.is_none() && last.month.is_none();
    if are_years && last_year.digits <= 2 && first_year.digits >= 3 {
        let is_month = match (last_year.digits, last_year.number) {
            (1, _) => era.is_none(),
            (_, number) => number <= 12,
        };
        if is_month && join == Join::Range && !is_confirmed {
            return None;
        }
        let span = 10u32.checked_pow(u32::try_from(last_year.digits).ok()?)?;
        let number = first_year.number - first_year.number % span + last_year.number;
        if number <= first_year.number {
            return None;
        }
        last.year = Some(Year {
            number,
            digits: first_year.digits,
        });
    }
    Some((first, last))
}
