//! Dates in the forms that curators use: EDTF, other forms of numbers, and wordings.

use khizana_dates::{HijriPart, Reading};
use khizana_model::{Edtf, EdtfError};

use super::text::ascii_digits;

/// The result of parsing a date.
#[derive(Debug, PartialEq, Eq)]
pub enum ParsedDate {
    /// The date is in EDTF.
    Edtf(Edtf),
    /// The date is not in EDTF, but has an unambiguous interpretation. The variant contains the
    /// parsed date and its EDTF string.
    Interpreted(Edtf, String),
    /// The date is in another form.
    Unrecognised,
    /// The date does not exist in the calendar.
    Impossible,
}

/// Parses a date in EDTF, in a form of numbers, or as it is written in catalogues, with ASCII or Arabic digits.
pub fn parse(text: &str) -> ParsedDate {
    parse_with_hijri(text).0
}

/// Parses a date like [`parse`]. Also returns the part of an interpreted date that is in the Hijri calendar.
pub fn parse_with_hijri(text: &str) -> (ParsedDate, Option<HijriPart>) {
    let reading = match hijri_and_gregorian_year(text) {
        Some(reading) => Some(reading),
        None => match parse_numbers(text) {
            ParsedDate::Unrecognised => khizana_dates::read(text),
            parsed => return (parsed, None),
        },
    };
    match reading {
        Some(reading) => (
            ParsedDate::Interpreted(reading.edtf, reading.text),
            reading.hijri,
        ),
        None => (ParsedDate::Unrecognised, None),
    }
}

/// Reads `1059/1649`, which has the form of an interval, as the same year in two calendars, if it is. EDTF writes the
/// years before 1000 with a leading zero.
fn hijri_and_gregorian_year(text: &str) -> Option<Reading> {
    let text = ascii_digits(text);
    let (first, last) = text.split_once('/')?;
    let is_year = |text: &str| {
        matches!(text.len(), 3 | 4)
            && !text.starts_with('0')
            && text.bytes().all(|b| b.is_ascii_digit())
    };
    (is_year(first) && is_year(last))
        .then(|| khizana_dates::read(&text))
        .flatten()
        .filter(|reading| reading.hijri.is_some())
}

/// Parses a date in the Gregorian calendar that consists of numbers.
fn parse_numbers(text: &str) -> ParsedDate {
    let text = ascii_digits(text);
    // The end of a sentence.
    let sentence = text
        .strip_suffix('.')
        .filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    if let Some(rest) = sentence {
        return match parse_numbers(rest) {
            ParsedDate::Edtf(edtf) => ParsedDate::Interpreted(edtf, rest.to_owned()),
            parsed => parsed,
        };
    }
    if let Some(text) = to_edtf(&text) {
        return match Edtf::parse(&text) {
            Ok(edtf) => ParsedDate::Interpreted(edtf, text),
            Err(_) => ParsedDate::Unrecognised,
        };
    }
    match Edtf::parse(&text) {
        Ok(edtf) => ParsedDate::Edtf(edtf),
        Err(EdtfError::Impossible(_)) if may_end_a_century(&text) => ParsedDate::Unrecognised,
        Err(EdtfError::Impossible(_)) => ParsedDate::Impossible,
        Err(EdtfError::NotEdtf(_)) => match three_numbers(&text) {
            Some((year, month, day)) if Edtf::parse(&edtf(year, month, day)).is_err() => {
                ParsedDate::Impossible
            }
            _ => ParsedDate::Unrecognised,
        },
    }
}

/// Converts `c.1785`, `?1785`, `1780–5` and combinations of these forms, and `1951-06-00`, to EDTF.
fn to_edtf(text: &str) -> Option<String> {
    // Databases write a month or a day that is not known as 00.
    let known = text
        .strip_suffix("-00")
        .filter(|rest| rest.len() == 7 || rest.len() == 4);
    if let Some(known) = known.filter(|_| !may_end_a_century(text)) {
        let known = known.strip_suffix("-00").unwrap_or(known);
        return Some(known.to_owned());
    }
    // Museums write which event a date belongs to.
    let event = ["published ", "exhibited ", "printed ", "first published "]
        .iter()
        .find_map(|event| text.strip_prefix(event));
    if let Some(rest) = event {
        return match to_edtf(rest) {
            Some(edtf) => Some(edtf),
            None => Edtf::parse(rest).is_ok().then(|| rest.to_owned()),
        };
    }
    let (uncertain, rest) = text
        .strip_prefix('?')
        .map_or((false, text), |rest| (true, rest));
    let circa = ["circa ", "ca. ", "ca.", "ca ", "c. ", "c.", "c "]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix));
    let qualifier = match (circa.is_some(), uncertain) {
        (true, true) => "%",
        (true, false) => "~",
        (false, true) => "?",
        (false, false) => "",
    };
    let body = circa.unwrap_or(rest).trim_start();
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    // The years before 1000 are written without a leading zero.
    if body.len() == 3 && is_number(body) {
        return Some(format!("0{body}{qualifier}"));
    }
    let is_year = |text: &str| matches!(text.len(), 3 | 4) && is_number(text);
    if is_year(body) {
        return (!qualifier.is_empty()).then(|| format!("{body}{qualifier}"));
    }
    let (from, dash, to) = ['–', '-'].iter().find_map(|dash| {
        body.split_once(*dash)
            .map(|(from, to)| (from.trim_end(), *dash, to.trim_start()))
    })?;
    let is_abbreviated = match dash {
        '–' => matches!(to.len(), 1 | 2),
        // `1780-12` is a month, and `1780-31` is probably a mistyped month. Higher numbers are
        // years.
        _ => to.len() == 2 && to > "31",
    };
    if !is_year(from) || !is_number(to) || !(is_abbreviated || is_year(to)) {
        return None;
    }
    let (from, to) = match to.len() {
        1 | 2 => (from, format!("{}{to}", from.get(..from.len() - to.len())?)),
        _ => (from, to.to_owned()),
    };
    let (from, to) = (format!("{from:0>4}"), format!("{to:0>4}"));
    (from < to).then(|| format!("{from}{qualifier}/{to}{qualifier}"))
}

/// Returns `true` for a date such as `1899-00`, which may be a range to 1900, or a year without a month.
fn may_end_a_century(text: &str) -> bool {
    text.len() == 7 && text.ends_with("99-00")
}

/// Converts a date of three numbers, such as `15/03/1906` or `3.15.1906`, to EDTF. Returns `None` if the
/// order of the day and the month is not certain, or if the date does not exist.
pub(super) fn from_numbers(text: &str) -> Option<String> {
    let text = ascii_digits(text);
    let (year, month, day) = three_numbers(&text)?;
    let edtf = edtf(year, month, day);
    Edtf::parse(&edtf).is_ok().then_some(edtf)
}

fn edtf(year: &str, month: u8, day: u8) -> String {
    format!("{year}-{month:02}-{day:02}")
}

/// Returns the year, the month and the day of a date of three numbers. Returns `None` if the order of the
/// day and the month is not certain.
fn three_numbers(text: &str) -> Option<(&str, u8, u8)> {
    let separator = text.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let &[first, second, year] = parts.as_slice() else {
        return None;
    };
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    if !is_year || first.len() > 2 || second.len() > 2 {
        return None;
    }
    let (first, second) = (first.parse::<u8>().ok()?, second.parse::<u8>().ok()?);
    let (day, month) = match (first, second) {
        (day @ 13.., month) | (month, day @ 13..) => (day, month),
        (first, second) if first == second => (first, second),
        _ => return None,
    };
    Some((year, month, day))
}

/// Validates a date in the Hijri calendar: `1324`, `1324-01`, `1324-01-01`.
///
/// Returns `Some(false)` if the month or day does not exist in the calendar, and `None` if the text
/// has another form.
pub(super) fn is_valid_hijri(text: &str) -> Option<bool> {
    let text = ascii_digits(text);
    let mut parts = text.split('-');
    let mut number = |width: std::ops::RangeInclusive<usize>| match parts.next() {
        None => Some(None),
        Some(part) if width.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()) => {
            part.parse::<u32>().ok().map(Some)
        }
        Some(_) => None,
    };
    let (year, month, day) = (number(1..=4)??, number(1..=2)?, number(1..=2)?);
    if parts.next().is_some() {
        return None;
    }
    Some(
        year > 0
            && month.is_none_or(|month| (1..=12).contains(&month))
            && day.is_none_or(|day| (1..=30).contains(&day)),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn interprets_unambiguous_dates() {
        for (text, edtf) in [
            ("c.1785", "1785~"),
            ("c. 1785", "1785~"),
            ("ca 1785", "1785~"),
            ("ca. 1785", "1785~"),
            ("circa 1785", "1785~"),
            ("?1785", "1785?"),
            ("?c.1785", "1785%"),
            ("1951-06-00", "1951-06"),
            ("1951-00-00", "1951"),
            ("1951-00", "1951"),
            ("861", "0861"),
            ("c. 861", "0861~"),
            ("945-46", "0945/0946"),
            ("969-971", "0969/0971"),
            ("980–1010", "0980/1010"),
            ("1939.", "1939"),
            ("١٩٥١-٠٦-٠٠", "1951-06"),
            ("1780–5", "1780/1785"),
            ("1780–90", "1780/1790"),
            ("1780-1785", "1780/1785"),
            ("1780 – 1785", "1780/1785"),
            ("1780-85", "1780/1785"),
            ("c.1780–5", "1780~/1785~"),
            ("١٧٨٠–١٧٨٥", "1780/1785"),
            ("after c.1785", "1785~/.."),
            ("1785 or 1786", "1785/1786"),
            ("c.19th century", "18XX~"),
            ("Ramaḍān 1221 AH", "1806-11-12/1806-12-11"),
            ("1059/1649", "1649-01-15/1649-12-31"),
            ("١٠٥٩/١٦٤٩", "1649-01-15/1649-12-31"),
        ] {
            assert_eq!(
                parse(text),
                ParsedDate::Interpreted(Edtf::parse(edtf).unwrap(), edtf.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn recognises_impossible_dates_of_three_numbers() {
        for text in ["31/02/1911", "15/13/1906", "1906-02-30"] {
            assert_eq!(parse(text), ParsedDate::Impossible, "{text}");
        }
        for text in [
            "15/03/1906",
            "3/4/1906",
            "31/2/11",
            "15/03/190?",
            "15.03.19--",
        ] {
            assert_eq!(parse(text), ParsedDate::Unrecognised, "{text}");
        }
    }

    #[test]
    fn converts_numbers_whose_order_is_certain() {
        for (text, edtf) in [
            ("15/03/1906", Some("1906-03-15")),
            ("15.3.1906", Some("1906-03-15")),
            ("3-15-1906", Some("1906-03-15")),
            ("١٥/٣/١٩٠٦", Some("1906-03-15")),
            ("4/4/1906", Some("1906-04-04")),
            ("3/4/1906", None),
            ("15/13/1906", None),
            ("31/2/1906", None),
            ("15/3/06", None),
            ("15/3", None),
            ("1906", None),
        ] {
            assert_eq!(from_numbers(text).as_deref(), edtf, "{text}");
        }
    }

    #[test]
    fn does_not_interpret_ambiguous_dates() {
        for text in [
            "date not known",
            "1780–5, printed 1790",
            "1780-5",
            "1790–80",
            "1899-00",
            "c.",
            "?",
            "–",
            "1780–",
        ] {
            assert_eq!(parse(text), ParsedDate::Unrecognised, "{text}");
        }
    }

    #[test]
    fn distinguishes_edtf_from_impossible_dates() {
        assert_eq!(
            parse("١٩٠٦-٠٢-٢٥"),
            ParsedDate::Edtf(Edtf::parse("1906-02-25").unwrap())
        );
        assert_eq!(
            parse("1780-12"),
            ParsedDate::Edtf(Edtf::parse("1780-12").unwrap())
        );
        for text in ["1906-02-30", "1906-13", "1780-31", "2000/1999"] {
            assert_eq!(parse(text), ParsedDate::Impossible, "{text}");
        }
    }

    #[test]
    fn years_in_two_calendars_are_not_an_interval() {
        for interval in ["0848/0852", "1059/1700", "0600/1204", "1780/1785"] {
            assert_eq!(
                parse(interval),
                ParsedDate::Edtf(Edtf::parse(interval).unwrap()),
                "{interval}"
            );
            assert_eq!(parse_with_hijri(interval).1, None, "{interval}");
        }
        assert_eq!(parse_with_hijri("1059/1649").1.unwrap().text, "1059");
    }

    #[test]
    fn hijri_months_have_at_most_thirty_days() {
        for valid in [
            "1324-01-01",
            "1324-12-30",
            "١٣٢٤-٠١-٠١",
            "1324-1",
            "1324",
            "4",
        ] {
            assert_eq!(is_valid_hijri(valid), Some(true), "{valid}");
        }
        for invalid in ["1324-13-01", "1324-01-31", "1324-00-01", "1324-01-00", "0"] {
            assert_eq!(is_valid_hijri(invalid), Some(false), "{invalid}");
        }
        for other in [
            "محرم ١٣٢٤",
            "",
            "1324/01",
            "1324-01-01-01",
            "13240-1",
            "1324--1",
        ] {
            assert_eq!(is_valid_hijri(other), None, "{other}");
        }
    }
}
