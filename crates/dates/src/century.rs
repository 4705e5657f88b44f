//! Years of a century or a part of it.

use crate::calendar::{Calendar, Days, days};
use crate::words::Part;

/// Returns the first and the last day of a century or a part of it.
///
/// A century of the Gregorian calendar has the years that EDTF writes as `16XX`. A century of another calendar
/// begins with the year 1, 101, 201 and so on.
pub(crate) fn century(calendar: Calendar, number: u32, part: Option<Part>) -> Option<Days> {
    let (from, to) = century_years(calendar, number, part)?;
    let (first, _) = days(calendar, from, None, None)?;
    let (_, last) = days(calendar, to, None, None)?;
    Some((first, last))
}

/// Returns the first and the last year of a century or a part of it.
pub(crate) fn century_years(
    calendar: Calendar,
    number: u32,
    part: Option<Part>,
) -> Option<(i32, i32)> {
    let start = i32::try_from(number.checked_sub(1)? * 100).ok()?;
    let start = match calendar {
        Calendar::Gregorian => start,
        Calendar::Hijri | Calendar::Persian => start + 1,
        _ => return None,
    };
    let (from, to) = years(part)?;
    Some(((start + from).max(1), start + to))
}

/// Returns `true` for a part that different authors delimit differently.
pub(crate) fn is_vague(part: Part) -> bool {
    !matches!(part, Part::Half(_) | Part::Third(_) | Part::Quarter(_))
}

/// Returns the first and the last year of a part, counted from the first year of the century.
fn years(part: Option<Part>) -> Option<(i32, i32)> {
    Some(match part {
        None => (0, 99),
        Some(Part::Early | Part::Half(1)) => (0, 49),
        Some(Part::Middle) => (25, 74),
        Some(Part::Late | Part::Half(2)) => (50, 99),
        Some(Part::Beginning | Part::Quarter(1)) => (0, 24),
        Some(Part::Quarter(2)) => (25, 49),
        Some(Part::Quarter(3)) => (50, 74),
        Some(Part::End | Part::Quarter(4)) => (75, 99),
        Some(Part::Third(1)) => (0, 33),
        Some(Part::Third(2)) => (33, 66),
        Some(Part::Third(3)) => (66, 99),
        Some(Part::Half(_) | Part::Third(_) | Part::Quarter(_)) => return None,
    })
}
