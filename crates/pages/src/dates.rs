//! Formatting of dates for display.

use khizana_model::{Day, Edtf, ItemDate};

use crate::i18n::{self, Lang};

/// Formats a date for a card as its years, or as it was written if it could not be interpreted.
pub fn short(date: &ItemDate, lang: &str) -> String {
    let lang = Lang::of(lang);
    match &date.edtf {
        Some(edtf) => years(edtf, lang),
        None => date.written.clone(),
    }
}

/// Formats the years of a date.
pub fn years(edtf: &Edtf, lang: Lang) -> String {
    format_edtf(edtf, lang, |day, _| year(day.year, lang))
}

/// Formats a date with the precision that it has, such as `c. 1801–1900` or `25 February 1906`.
pub fn long(edtf: &Edtf, lang: Lang) -> String {
    format_edtf(edtf, lang, |day, precision| {
        let number = |n: u8| i18n::digits(lang, &n.to_string());
        let year = year(day.year, lang);
        let month = i18n::month(lang, day.month).unwrap_or_default();
        match precision {
            Precision::Year => year,
            Precision::Month => format!("{month} {year}"),
            Precision::Day => format!("{} {month} {year}", number(day.day)),
        }
    })
}

/// The precision of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Precision {
    Year,
    Month,
    Day,
}

/// Formats a date or interval. `format_day` formats the first and the last day with the given
/// precision.
fn format_edtf(edtf: &Edtf, lang: Lang, format_day: impl Fn(Day, Precision) -> String) -> String {
    let text = match (edtf.from, edtf.to) {
        (Some(from), Some(to)) => {
            let ends_with_month = Day::new(to.year, to.month, to.day.saturating_add(1)).is_none();
            let precision = match (from.month, to.month) {
                _ if from.day != 1 || !ends_with_month => Precision::Day,
                (1, 12) => Precision::Year,
                _ => Precision::Month,
            };
            let (first, last) = (format_day(from, precision), format_day(to, precision));
            if first == last {
                first
            } else {
                format!("{first}–{last}")
            }
        }
        (Some(from), None) => {
            let day = format_day(from, Precision::Year);
            if edtf.approximate {
                i18n::date_from_circa(lang, &day)
            } else {
                i18n::date_from(lang, &day)
            }
        }
        (None, Some(to)) => {
            let day = format_day(to, Precision::Year);
            if edtf.approximate {
                i18n::date_until_circa(lang, &day)
            } else {
                i18n::date_until(lang, &day)
            }
        }
        (None, None) => String::new(),
    };
    let is_closed = edtf.from.is_some() && edtf.to.is_some();
    let text = if edtf.approximate && is_closed {
        i18n::date_circa(lang, &text)
    } else {
        text
    };
    if edtf.uncertain {
        i18n::date_uncertain(lang, &text)
    } else {
        text
    }
}

/// Formats a range of years. It is open at an end that is `None`.
pub fn year_range(from: Option<i32>, to: Option<i32>, lang: Lang) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => year(from, lang),
        (Some(from), Some(to)) => format!("{}–{}", year(from, lang), year(to, lang)),
        (Some(from), None) => i18n::date_from(lang, &year(from, lang)),
        (None, Some(to)) => i18n::date_until(lang, &year(to, lang)),
        (None, None) => String::new(),
    }
}

/// Formats a value of a timeline facet: the decade or century that begins with the year `first` in
/// the calendar of the field. Returns `None` if the field is not a timeline.
pub fn timeline_value(field: &str, first: &str, lang: Lang) -> Option<String> {
    let (calendar, length) = field.split_once(':')?;
    let from: i32 = first.parse().ok()?;
    let is_decade = length == "decade";
    let text = if is_decade && from > 0 {
        i18n::decade(lang, &i18n::digits(lang, first))
    } else {
        // A century is displayed as a range of years, because few readers know that the 19th
        // century does not begin in 1800.
        let last = from.saturating_add(if is_decade { 9 } else { 99 });
        year_range(Some(from), Some(last), lang)
    };
    Some(if calendar == "hijri" {
        i18n::date_hijri(lang, &text)
    } else {
        text
    })
}

/// Formats a year. Astronomical years before 1 are formatted as years before the common era.
pub fn year(year: i32, lang: Lang) -> String {
    if year > 0 {
        i18n::digits(lang, &year.to_string())
    } else {
        // Astronomical year 0 is 1 BCE.
        i18n::date_before_era(
            lang,
            &i18n::digits(lang, &(1 - i64::from(year)).to_string()),
        )
    }
}

/// Formats a Hijri date that has the form `1324`, `1324-01` or `1324-01-14`. Returns other texts
/// unchanged.
pub fn hijri(written: &str, lang: Lang) -> String {
    let parts: Option<Vec<u32>> = written
        .trim()
        .split('-')
        .map(|part| part.parse().ok())
        .collect();
    let text = match parts.as_deref() {
        Some([year]) => i18n::digits(lang, &year.to_string()),
        Some([year, month, rest @ ..]) if rest.len() <= 1 => {
            let Some(name) = u8::try_from(*month)
                .ok()
                .and_then(|month| i18n::hijri_month(lang, month))
            else {
                return written.to_owned();
            };
            let year = i18n::digits(lang, &year.to_string());
            match rest.first() {
                Some(day) => format!("{} {name} {year}", i18n::digits(lang, &day.to_string())),
                None => format!("{name} {year}"),
            }
        }
        _ => return written.to_owned(),
    };
    i18n::date_hijri(lang, &text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn format_long(text: &str, lang: Lang) -> String {
        long(&Edtf::parse(text).unwrap(), lang)
    }

    #[test]
    fn dates_are_formatted_with_their_precision() {
        assert_eq!(format_long("1906-02-25", Lang::En), "25 February 1906");
        assert_eq!(format_long("1906-02", Lang::Fr), "février 1906");
        assert_eq!(format_long("1906", Lang::Ar), "١٩٠٦");
        assert_eq!(format_long("190X", Lang::En), "1900–1909");
        assert_eq!(
            format_long("1904-02/1904-03", Lang::En),
            "February 1904–March 1904"
        );
        assert_eq!(format_long("1906~", Lang::En), "c. 1906");
        assert_eq!(format_long("1906?", Lang::En), "1906 (?)");
        assert_eq!(format_long("../1906", Lang::En), "until 1906");
        assert_eq!(format_long("-0099", Lang::En), "100 BCE");
    }

    #[test]
    fn formats_timeline_values_in_each_language() {
        let format = |field, first, lang| timeline_value(field, first, lang).unwrap();
        assert_eq!(format("date:decade", "1830", Lang::En), "1830s");
        assert_eq!(format("date:decade", "1830", Lang::Ar), "عقد ١٨٣٠");
        assert_eq!(format("date:decade", "1830", Lang::Fr), "années 1830");
        assert_eq!(format("date:century", "1800", Lang::Ar), "١٨٠٠–١٨٩٩");
        assert_eq!(format("date:decade", "-10", Lang::En), "11 BCE–2 BCE");
        assert_eq!(format("hijri:decade", "1320", Lang::En), "1320s AH");
        assert_eq!(format("hijri:century", "1300", Lang::Ar), "١٣٠٠–١٣٩٩ هـ");
        assert_eq!(timeline_value("date:decade", "then", Lang::En), None);
        assert_eq!(timeline_value("place", "1830", Lang::En), None);
        assert_eq!(year_range(Some(1801), None, Lang::En), "from 1801");
        assert_eq!(year_range(Some(1801), Some(1801), Lang::Ar), "١٨٠١");
    }

    #[test]
    fn formats_hijri_dates_and_leaves_other_texts_unchanged() {
        assert_eq!(hijri("1324", Lang::Ar), "١٣٢٤ هـ");
        assert_eq!(hijri("1324-01", Lang::Ar), "محرم ١٣٢٤ هـ");
        assert_eq!(hijri("1324-09-07", Lang::En), "7 Ramadan 1324 AH");
        for odd in ["1324-13", "غرة محرم", "1324-01-02-03", ""] {
            assert_eq!(hijri(odd, Lang::En), odd);
        }
    }
}
