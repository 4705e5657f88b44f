//! Dates as curators write them: EDTF, and the few other forms that mean one thing only.

use khizana_model::{Edtf, EdtfError};

use super::text::ascii_digits;

/// What a written date turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// EDTF.
    Edtf(Edtf),
    /// Not EDTF, but it can be read in one way only: the interval, and how EDTF writes it.
    Safe(Edtf, String),
    /// Kept as it is written.
    Unread,
    /// A date that no calendar has.
    Impossible,
}

/// Reads a date of the Gregorian calendar.
pub fn read(written: &str) -> Read {
    let text = ascii_digits(written);
    if let Some(edtf) = safe(&text) {
        return match Edtf::parse(&edtf) {
            Ok(read) => Read::Safe(read, edtf),
            Err(_) => Read::Unread,
        };
    }
    match Edtf::parse(&text) {
        Ok(read) => Read::Edtf(read),
        Err(EdtfError::Impossible(_)) => Read::Impossible,
        Err(EdtfError::NotEdtf(_)) => Read::Unread,
    }
}

/// The EDTF for `c.1785`, `?1785`, `1780–5` and what is made of these.
fn safe(text: &str) -> Option<String> {
    let (uncertain, rest) = text
        .strip_prefix('?')
        .map_or((false, text), |rest| (true, rest));
    let circa = ["circa ", "ca. ", "ca.", "ca ", "c. ", "c.", "c "]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix));
    let mark = match (circa.is_some(), uncertain) {
        (true, true) => "%",
        (true, false) => "~",
        (false, true) => "?",
        (false, false) => "",
    };
    let body = circa.unwrap_or(rest).trim_start();
    let is_year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if is_year(body) {
        return (!mark.is_empty()).then(|| format!("{body}{mark}"));
    }
    let (from, dash, to) = ['–', '-'].iter().find_map(|dash| {
        body.split_once(*dash)
            .map(|(from, to)| (from.trim_end(), *dash, to.trim_start()))
    })?;
    let digits = to.bytes().all(|b| b.is_ascii_digit());
    let short = match dash {
        '–' => matches!(to.len(), 1 | 2),
        // `1780-12` is a month and `1780-31` a slip of one; only what is neither is a year.
        _ => to.len() == 2 && to > "31",
    };
    if !is_year(from) || !digits || !(short || to.len() == 4) {
        return None;
    }
    let to = format!("{}{to}", from.get(..4 - to.len())?);
    (from < to.as_str()).then(|| format!("{from}{mark}/{to}{mark}"))
}

/// Reads a date of the Hijri calendar: `1324`, `1324-01`, `1324-01-01`. `None` where it is of
/// another form, `Some(false)` where the calendar has no such month or day.
pub(super) fn hijri_exists(written: &str) -> Option<bool> {
    let text = ascii_digits(written);
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
    fn what_means_one_thing_only_is_read() {
        for (written, edtf) in [
            ("c.1785", "1785~"),
            ("c. 1785", "1785~"),
            ("ca 1785", "1785~"),
            ("ca. 1785", "1785~"),
            ("circa 1785", "1785~"),
            ("?1785", "1785?"),
            ("?c.1785", "1785%"),
            ("1780–5", "1780/1785"),
            ("1780–90", "1780/1790"),
            ("1780-1785", "1780/1785"),
            ("1780 – 1785", "1780/1785"),
            ("1780-85", "1780/1785"),
            ("c.1780–5", "1780~/1785~"),
            ("١٧٨٠–١٧٨٥", "1780/1785"),
        ] {
            assert_eq!(
                read(written),
                Read::Safe(Edtf::parse(edtf).unwrap(), edtf.to_owned()),
                "{written}"
            );
        }
    }

    #[test]
    fn what_could_mean_another_thing_is_left_alone() {
        for written in [
            "date not known",
            "after c.1785",
            "1780–5, printed 1790",
            "1780-5",
            "1790–80",
            "1785 or 1786",
            "c.",
            "?",
            "–",
            "1780–",
            "c.19th century",
        ] {
            assert_eq!(read(written), Read::Unread, "{written}");
        }
    }

    #[test]
    fn edtf_and_impossible_dates() {
        assert_eq!(
            read("١٩٠٦-٠٢-٢٥"),
            Read::Edtf(Edtf::parse("1906-02-25").unwrap())
        );
        assert_eq!(read("1780-12"), Read::Edtf(Edtf::parse("1780-12").unwrap()));
        for written in ["1906-02-30", "1906-13", "1780-31", "2000/1999"] {
            assert_eq!(read(written), Read::Impossible, "{written}");
        }
    }

    #[test]
    fn hijri_months_have_thirty_days_at_most() {
        for there in [
            "1324-01-01",
            "1324-12-30",
            "١٣٢٤-٠١-٠١",
            "1324-1",
            "1324",
            "4",
        ] {
            assert_eq!(hijri_exists(there), Some(true), "{there}");
        }
        for not_there in ["1324-13-01", "1324-01-31", "1324-00-01", "1324-01-00", "0"] {
            assert_eq!(hijri_exists(not_there), Some(false), "{not_there}");
        }
        for other in [
            "محرم ١٣٢٤",
            "",
            "1324/01",
            "1324-01-01-01",
            "13240-1",
            "1324--1",
        ] {
            assert_eq!(hijri_exists(other), None, "{other}");
        }
    }
}
