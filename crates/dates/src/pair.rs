//! Agreement of a date with the same date in other calendars.

use crate::calendar::{Calendar, Days};
use crate::evaluate::{Evaluated, evaluate};
use crate::range::short_century;
use crate::syntax::{Join, Side, Unit};

/// The greatest difference, in days, between the ends of an interval and of the same interval in another calendar:
/// a year.
const TOLERANCE: i64 = 366;

/// The days that a century and the same century in another calendar share at least, unless only a part of each is
/// meant: 25 years.
const MIN_SHARED: i64 = 25 * 365;

/// Evaluates a date that is written in several calendars. Returns `None` unless exactly one choice of calendars
/// lets the dates agree.
pub(crate) fn agreeing(sides: &[Side]) -> Option<Vec<Evaluated>> {
    let mut choices: Vec<Vec<Evaluated>> = vec![Vec::new()];
    for side in sides {
        let candidates = candidates(side);
        choices = choices
            .iter()
            .flat_map(|choice| {
                candidates.iter().filter_map(|candidate| {
                    let fits = choice.iter().all(|other| {
                        other.calendar != candidate.calendar && agree(other, candidate)
                    });
                    fits.then(|| [choice.as_slice(), std::slice::from_ref(candidate)].concat())
                })
            })
            .collect();
    }
    choices.retain(|choice| choice.iter().filter(|date| is_christian(date)).count() == 1);
    match choices.len() {
        1 => choices.pop(),
        _ => None,
    }
}

/// Evaluates a date in the calendars that it may be in.
fn candidates(side: &Side) -> Vec<Evaluated> {
    let mut candidates: Vec<Evaluated> = Vec::new();
    for calendar in [Calendar::Gregorian, Calendar::Hijri, Calendar::Julian] {
        if let Some(date) = evaluate(side, Some(calendar), true)
            && !candidates.contains(&date)
            && (calendar != Calendar::Julian || is_old(&date))
        {
            candidates.push(date);
        }
    }
    candidates
}

/// Returns `true` for a day before the reform of the calendar. If a day in another calendar agrees with it in the
/// Julian calendar, but not in the Gregorian one, it is Julian.
fn is_old(date: &Evaluated) -> bool {
    // 15 October 1582.
    const REFORM: i64 = 577_736;
    date.is_day && date.first.1 < REFORM
}

/// Returns `true` for a date in the Gregorian or the Julian calendar.
pub(crate) fn is_christian(date: &Evaluated) -> bool {
    matches!(date.calendar, Calendar::Gregorian | Calendar::Julian)
}

/// Returns `true` if two dates can be the same one.
fn agree(a: &Evaluated, b: &Evaluated) -> bool {
    let overlap = |a: Days, b: Days| a.0 <= b.1 && b.0 <= a.1;
    if a.is_century && b.is_century {
        // `11th/16th century` shares eight years only, and is hardly meant so.
        let days = a.first.1.min(b.first.1) - a.first.0.max(b.first.0);
        return a.last.is_none()
            && b.last.is_none()
            && a.part.is_some() == b.part.is_some()
            && days >= if a.part.is_some() { 0 } else { MIN_SHARED };
    }
    match (a.last, b.last) {
        // An observed Hijri day differs from the tabular one by two at most.
        (None, None) if a.is_day && b.is_day => overlap((a.first.0 - 1, a.first.1 + 1), b.first),
        (None, None) => overlap(a.first, b.first),
        (Some(a_last), Some(b_last)) => overlap(a.first, b.first) && overlap(a_last, b_last),
        _ => {
            let (a, b) = (a.span(), b.span());
            overlap(a, b) && (a.0 - b.0).abs() <= TOLERANCE && (a.1 - b.1).abs() <= TOLERANCE
        }
    }
}

/// Converts the numbers next to a century to centuries: `13/19th century`, `century 13 AH / 19 CE`.
pub(crate) fn convert_numbers(sides: &mut [Side]) {
    let is_century = |side: &Side| {
        side.last.is_none() && matches!(&side.first, Unit::Century(century) if century.is_named)
    };
    if !sides.first().is_some_and(is_century) && !sides.last().is_some_and(is_century) {
        return;
    }
    for side in sides.iter_mut().filter(|side| side.last.is_none()) {
        if let Unit::Date(date) = &side.first
            && let Some(century) = short_century(date)
        {
            side.first = Unit::Century(century);
        }
    }
}

/// Divides an interval whose ends are in different calendars, which is the same date in both: `1324 AH - 1906 CE`.
pub(crate) fn divide(sides: &mut Vec<Side>) {
    let [side] = sides.as_slice() else { return };
    if let (Unit::Date(first), Some((Join::Range, Unit::Date(last)))) = (&side.first, &side.last)
        && first.era.is_some()
        && last.era.is_some()
        && first.era != last.era
    {
        let divided = [*first, *last].map(|date| Side {
            first: Unit::Date(date),
            last: None,
            ..side.clone()
        });
        *sides = divided.to_vec();
    }
}

/// Adds the word `century` to the numbers next to a century: `13th/19th century`.
pub(crate) fn name_centuries(sides: &mut [Side]) {
    let centuries: Vec<bool> = sides
        .iter()
        .filter_map(|side| match &side.first {
            Unit::Century(century) if side.last.is_none() => Some(century.is_named),
            _ => None,
        })
        .collect();
    if centuries.len() != sides.len() || !centuries.contains(&true) {
        return;
    }
    for side in sides {
        if let Unit::Century(century) = &mut side.first {
            century.is_named = true;
        }
    }
}

/// Returns two adjacent centuries with a slash as an interval: `16th/17th century`.
pub(crate) fn as_interval(sides: &[Side]) -> Option<Side> {
    let [first, last] = sides else { return None };
    if first.last.is_some() || last.last.is_some() {
        return None;
    }
    let join = match (&first.first, &last.first) {
        (Unit::Century(a), Unit::Century(_)) if !a.is_named => Join::Or,
        _ => return None,
    };
    Some(Side {
        approximate: first.approximate || last.approximate,
        uncertain: first.uncertain || last.uncertain,
        bound: None,
        first: first.first.clone(),
        last: Some((join, last.first.clone())),
    })
}
