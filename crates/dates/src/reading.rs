//! Reading of a wording.

use khizana_model::Edtf;

use crate::calendar::Calendar;
use crate::evaluate::evaluate;
use crate::fold::fold;
use crate::grammar::parse;
use crate::interval::Interval;
use crate::lexer::tokens;
use crate::pair::{agreeing, as_interval, convert_numbers, divide, is_christian, name_centuries};
use crate::syntax::{Bound, Side};

/// The longest wording that is read, in bytes.
const MAX_LENGTH: usize = 200;

/// The interval that a wording denotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The interval in the Gregorian calendar.
    pub edtf: Edtf,
    /// The interval as an EDTF string.
    pub text: String,
    /// The part of the wording in the Hijri calendar.
    pub hijri: Option<HijriPart>,
}

/// The part of a wording that is in the Hijri calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HijriPart {
    /// The date as `1324`, `1324-01` or `1324-01-14`, with the intervals and the qualifiers of EDTF.
    pub text: String,
    /// `true` if the wording has no date in another calendar.
    pub is_only: bool,
}

/// Reads a date as it is written in a catalogue. Returns `None` if a part of the wording is not understood, if the
/// date does not exist, or if the wording says that there is no date.
///
/// # Examples
/// ```
/// let reading = khizana_dates::read("1171 AH (1757 CE)").unwrap();
/// assert_eq!(reading.text, "1757-09-15/1757-12-31");
/// assert_eq!(reading.hijri.unwrap().text, "1171");
/// assert_eq!(khizana_dates::read("1171 AH, perhaps a copy"), None);
/// ```
pub fn read(text: &str) -> Option<Reading> {
    if text.len() > MAX_LENGTH || text.contains(is_small_digit) {
        return None;
    }
    let folded = fold(text);
    let wording = parse(&tokens(&folded)?)?;
    let (interval, hijri) = evaluate_sides(wording.sides)?;
    let text = interval.to_edtf()?;
    let edtf = Edtf::parse(&text).ok()?;
    Some(Reading { edtf, text, hijri })
}

/// Returns `true` for a superscript, such as the number of a note, or a fraction.
fn is_small_digit(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{2079}' | '\u{2080}'..='\u{2089}' | '\u{2150}'..='\u{215f}' | '\u{2460}'..='\u{249b}')
}

fn evaluate_sides(mut sides: Vec<Side>) -> Option<(Interval, Option<HijriPart>)> {
    let bound = take_bound(&mut sides)?;
    divide(&mut sides);
    if let [side] = sides.as_slice() {
        let side = Side {
            bound,
            ..side.clone()
        };
        let date = evaluate(&side, None, false)?;
        let hijri = (date.calendar == Calendar::Hijri).then(|| HijriPart {
            text: date.to_text(bound),
            is_only: true,
        });
        return Some((date.interval(bound), hijri));
    }
    convert_numbers(&mut sides);
    let alternatives = as_interval(&sides);
    name_centuries(&mut sides);
    let Some(dates) = agreeing(&sides) else {
        let date = evaluate(&alternatives?, None, false)?;
        let hijri = (date.calendar == Calendar::Hijri).then(|| HijriPart {
            text: date.to_text(bound),
            is_only: true,
        });
        return Some((date.interval(bound), hijri));
    };
    let gregorian = dates.iter().find(|date| is_christian(date))?;
    let mut interval = gregorian.interval(bound);
    for date in &dates {
        let other = date.interval(bound);
        if gregorian.is_day {
            interval.approximate |= other.approximate;
            interval.uncertain |= other.uncertain;
        } else {
            interval = interval.intersection(other)?;
        }
    }
    let hijri = dates
        .iter()
        .find(|date| date.calendar == Calendar::Hijri)
        .map(|date| HijriPart {
            text: date.to_text(bound),
            is_only: false,
        });
    Some((interval, hijri))
}

/// Removes the bound of a date from it, which is that of the same date in other calendars, too. Returns `None` if
/// they have different bounds.
fn take_bound(sides: &mut [Side]) -> Option<Option<Bound>> {
    let (first, others) = sides.split_first_mut()?;
    let bound = first.bound.take();
    for side in others {
        let other = side.bound.take();
        if other.is_some() && other != bound {
            return None;
        }
    }
    Some(bound)
}

#[cfg(test)]
mod tests;
