//! Dates in citations.

use khizana_model::{Day, Edtf, ItemDate};

use super::Style;
use crate::dates;
use crate::i18n::{self, Lang};

/// The abbreviated English names of the months (MLA Handbook, appendix 1).
const SHORT_MONTHS: [&str; 12] = [
    "Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
];

/// The form of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DateForm {
    /// `1906`
    Year,
    /// `February 25, 1906` in English, and the usual order in other languages.
    MonthFirst,
    /// `25 February 1906`
    DayFirst,
    /// `25 Feb. 1906` in English, and with the whole name of the month in other languages.
    Short,
    /// `1906, February 25` in English, and as [`DayFirst`](DateForm::DayFirst) in other languages.
    YearFirst,
}

/// The day, month and year of a date whose interval is a day, a month or a year.
struct Parts {
    year: String,
    month: Option<u8>,
    day: Option<u8>,
}

/// Formats the date of an item. Returns an empty string if there is none.
pub(super) fn format(date: Option<&ItemDate>, form: DateForm, style: Style, lang: Lang) -> String {
    let Some(date) = date else {
        return String::new();
    };
    match &date.edtf {
        Some(edtf) if lang == Lang::En && edtf.from.is_some() && edtf.to.is_some() => {
            let certain = Edtf {
                approximate: false,
                uncertain: false,
                ..edtf.clone()
            };
            let text = format_interval(&certain, form, lang);
            qualified(text, edtf, style)
        }
        Some(edtf) => format_interval(edtf, form, lang),
        None => date.written.clone(),
    }
}

/// Adds the English words and marks with which a style qualifies a date.
fn qualified(mut text: String, edtf: &Edtf, style: Style) -> String {
    let Edtf {
        approximate,
        uncertain,
        ..
    } = *edtf;
    let is_apa = style == Style::Apa;
    if is_apa {
        text = text.replace("BCE", "B.C.E.");
    }
    if approximate || (uncertain && is_apa) {
        let word = if style == Style::Mla {
            "circa "
        } else {
            "ca. "
        };
        text.insert_str(0, word);
    }
    if uncertain && !is_apa {
        text.insert(0, '[');
        text.push_str("?]");
    }
    text
}

fn format_interval(edtf: &Edtf, form: DateForm, lang: Lang) -> String {
    let single = edtf
        .from
        .zip(edtf.to)
        .and_then(|(from, to)| parts(from, to, lang));
    match single {
        Some(parts) if form != DateForm::Year && parts.month.is_some() => {
            let text = format_parts(&parts, form, lang);
            let text = match edtf.approximate {
                true => i18n::date_circa(lang, &text),
                false => text,
            };
            match edtf.uncertain {
                true => i18n::date_uncertain(lang, &text),
                false => text,
            }
        }
        _ => dates::years(edtf, lang),
    }
}

/// Formats a day.
pub(super) fn format_day(day: Day, form: DateForm, lang: Lang) -> String {
    parts(day, day, lang).map_or_else(String::new, |parts| format_parts(&parts, form, lang))
}

/// Returns the number of known parts of an interval: 1 for years, 2 for months, 3 for days.
pub(super) fn precision(from: Day, to: Day) -> usize {
    let ends_with_month = Day::new(to.year, to.month, to.day.saturating_add(1)).is_none();
    match () {
        () if from.day != 1 || !ends_with_month => 3,
        () if (from.month, to.month) == (1, 12) => 1,
        () => 2,
    }
}

/// Formats an interval in ISO 8601, such as `1906-02-25`, `1906-02` or `1910/1912`.
#[cfg(feature = "ssr")]
pub(super) fn iso(edtf: &Edtf) -> String {
    qualified_iso(edtf, "")
}

/// Formats a date in EDTF, such as `1845~` or `1910/1912`.
#[cfg(feature = "ssr")]
pub(super) fn edtf(edtf: &Edtf) -> String {
    let mark = match (edtf.approximate, edtf.uncertain) {
        (true, true) => "%",
        (true, false) => "~",
        (false, true) => "?",
        (false, false) => "",
    };
    qualified_iso(edtf, mark)
}

/// Formats an interval. `mark` follows each of its ends.
#[cfg(feature = "ssr")]
fn qualified_iso(edtf: &Edtf, mark: &str) -> String {
    let Some((from, to)) = edtf.from.zip(edtf.to) else {
        return match (edtf.from, edtf.to) {
            (Some(day), _) => format!("{}{mark}/..", iso_year(day.year)),
            (_, Some(day)) => format!("../{}{mark}", iso_year(day.year)),
            _ => String::new(),
        };
    };
    let format = |day: Day| match precision(from, to) {
        1 => format!("{}{mark}", iso_year(day.year)),
        2 => format!("{}-{:02}{mark}", iso_year(day.year), day.month),
        _ => format!(
            "{}-{:02}-{:02}{mark}",
            iso_year(day.year),
            day.month,
            day.day
        ),
    };
    let (first, last) = (format(from), format(to));
    if first == last {
        first
    } else {
        format!("{first}/{last}")
    }
}

/// Formats an astronomical year with at least four digits.
#[cfg(feature = "ssr")]
fn iso_year(year: i32) -> String {
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}", year.unsigned_abs())
}

fn parts(from: Day, to: Day, lang: Lang) -> Option<Parts> {
    let (month, day) = match precision(from, to) {
        _ if from.year != to.year => return None,
        1 => (None, None),
        2 if from.month == to.month => (Some(from.month), None),
        3 if from == to => (Some(from.month), Some(from.day)),
        _ => return None,
    };
    Some(Parts {
        year: dates::year(from.year, lang),
        month,
        day,
    })
}

fn format_parts(parts: &Parts, form: DateForm, lang: Lang) -> String {
    let Parts { year, month, day } = parts;
    let Some(month) = month.filter(|_| form != DateForm::Year) else {
        return year.clone();
    };
    let is_english = lang == Lang::En;
    let name = match form {
        DateForm::Short if is_english => usize::from(month)
            .checked_sub(1)
            .and_then(|at| SHORT_MONTHS.get(at))
            .copied(),
        _ => i18n::month(lang, month),
    };
    let name = name.unwrap_or_default();
    let day = day.map(|day| i18n::digits(lang, &day.to_string()));
    match (day, form) {
        (Some(day), DateForm::MonthFirst) if is_english => format!("{name} {day}, {year}"),
        (Some(day), DateForm::YearFirst) if is_english => format!("{year}, {name} {day}"),
        (None, DateForm::YearFirst) if is_english => format!("{year}, {name}"),
        (Some(day), _) => format!("{day} {name} {year}"),
        (None, _) => format!("{name} {year}"),
    }
}
