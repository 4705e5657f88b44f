//! Syntax of a date: the result of parsing, before the calendar is known.

use crate::calendar::Calendar;
use crate::words::{Meaning, Part};

/// A date, followed by the same date in other calendars.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wording {
    pub sides: Vec<Side>,
}

/// A date or an interval in one calendar, with its qualifiers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Side {
    pub approximate: bool,
    pub uncertain: bool,
    pub bound: Option<Bound>,
    pub first: Unit,
    pub last: Option<(Join, Unit)>,
}

/// An interval of which only one end is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Before,
    After,
}

/// A relation of two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// From the first to the second.
    Range,
    /// Either of them.
    Or,
}

/// A period that is written as one date.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unit {
    Date(Written),
    Century(Century),
    /// A range of years, such as a decade: the first and the last one.
    Years(u32, u32),
}

/// A year, a month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Written {
    pub weekday: Option<u8>,
    pub day: Option<u8>,
    /// The meanings of the name of the month.
    pub month: Option<&'static [Meaning]>,
    pub year: Option<Year>,
    pub era: Option<Era>,
}

/// A number that is a year if nothing else follows from its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Year {
    pub number: u32,
    pub digits: usize,
}

/// The name of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    Calendar(Calendar),
    /// `AM`, the name of several calendars.
    AnnoMundi,
}

/// A century or a part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Century {
    pub number: u32,
    pub part: Option<Part>,
    pub era: Option<Era>,
    /// `true` if the word `century` is present, and not only a number before it.
    pub is_named: bool,
}
