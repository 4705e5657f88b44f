//! Formatting of dates for display.

use khizana_model::{Day, Edtf, ItemDate, hijri_parts};

use crate::i18n::{self, Lang};

/// Formats a date for a card as its years, or as it was written if it could not be interpreted.
pub fn short(date: &ItemDate, lang: &str) -> String {
    let lang = Lang::of(lang);
    match &date.edtf {
        Some(edtf) => years(edtf, lang),
        None => written(date, lang),
    }
}

/// Returns a date that is not in EDTF as it was written, with the name of the calendar if it is a Hijri date.
pub fn written(date: &ItemDate, lang: Lang) -> String {
    if date.is_only_hijri() {
        hijri(&date.written, lang)
    } else {
        date.written.clone()
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

/// The letters with which texts name the Hijri calendar.
const HIJRI_NAMES: [&str; 6] = ["هـ", "هجر", "AH", "A.H.", "ijr", "égire"];

/// Formats a Hijri date that has the form `1324`, `1324-01` or `1324-01-14`, or an interval of such dates, with the
/// qualifiers of EDTF. Other texts are returned as they are if they name the calendar or no year.
pub fn hijri(written: &str, lang: Lang) -> String {
    if let Some(text) = formatted_hijri(written, lang) {
        return text;
    }
    let is_named = HIJRI_NAMES.iter().any(|name| written.contains(name));
    if is_named || !written.contains(char::is_numeric) {
        written.to_owned()
    } else {
        i18n::date_hijri(lang, written)
    }
}

/// Returns the Gregorian date to which a date that is only known in the Hijri calendar is converted. Returns `None` for
/// other dates.
pub fn converted(date: &ItemDate, lang: Lang) -> Option<String> {
    if date.edtf.is_some() {
        return None;
    }
    let gregorian = date.gregorian()?;
    // The days at the ends of a Hijri year are more precise than the year.
    Some(match date.hijri.as_ref()?.contains('-') {
        true => i18n::date_converted_days(lang, &long(&gregorian, lang)),
        false => i18n::date_converted(lang, &years(&gregorian, lang)),
    })
}

/// Returns the date as it was written, if it is only known in the Hijri calendar and was written in other words than those
/// in which it is displayed.
pub fn written_hijri(date: &ItemDate, lang: Lang) -> Option<&str> {
    let hijri_date = date.hijri.as_ref().filter(|_| date.edtf.is_none())?;
    let is_displayed = date.written == *hijri_date || date.written == hijri(hijri_date, lang);
    (!is_displayed).then_some(date.written.as_str())
}

fn formatted_hijri(written: &str, lang: Lang) -> Option<String> {
    let (from, to) = match written.split_once('/') {
        Some((from, to)) => (from, Some(to)),
        None => (written, None),
    };
    let marks = ['~', '?', '%'];
    let has = |mark| written.contains([mark, '%']);
    let day = |text: &str| hijri_day(text.trim_end_matches(marks), lang);
    let text = match (from, to) {
        ("..", Some(to)) => i18n::date_until(lang, &i18n::date_hijri(lang, &day(to)?)),
        (from, Some("..")) => i18n::date_from(lang, &i18n::date_hijri(lang, &day(from)?)),
        (from, Some(to)) => i18n::date_hijri(lang, &format!("{}–{}", day(from)?, day(to)?)),
        (date, None) => i18n::date_hijri(lang, &day(date)?),
    };
    let text = match has('~') {
        true => i18n::date_circa(lang, &text),
        false => text,
    };
    Some(match has('?') {
        true => i18n::date_uncertain(lang, &text),
        false => text,
    })
}

/// Formats a Hijri year, month or day without the name of the calendar.
fn hijri_day(text: &str, lang: Lang) -> Option<String> {
    let (year, month, day) = hijri_parts(text)?;
    let number = |number: u32| i18n::digits(lang, &number.to_string());
    let mut text = number(year);
    let name = month.and_then(|month| i18n::hijri_month(lang, u8::try_from(month).ok()?));
    if let Some(name) = name {
        text = format!("{name} {text}");
    }
    if let Some(day) = day {
        text = format!("{} {text}", number(day));
    }
    Some(text)
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
    fn formats_hijri_dates() {
        assert_eq!(hijri("1324", Lang::Ar), "١٣٢٤ هـ");
        assert_eq!(hijri("1324-01", Lang::Ar), "محرم ١٣٢٤ هـ");
        assert_eq!(hijri("1324-09-07", Lang::En), "7 Ramadan 1324 AH");
        assert_eq!(hijri("701/800", Lang::En), "701–800 AH");
        assert_eq!(hijri("701~/750~", Lang::Ar), "نحو ٧٠١–٧٥٠ هـ");
        assert_eq!(hijri("1320?", Lang::En), "1320 AH (?)");
        assert_eq!(hijri("../1221-09", Lang::En), "until Ramadan 1221 AH");
        assert_eq!(hijri("١٣٢٤-٠١", Lang::En), "Muharram 1324 AH");
        assert_eq!(hijri("1324-13", Lang::En), "1324-13 AH");
        assert_eq!(hijri("رجب ١٣٢٤", Lang::Ar), "رجب ١٣٢٤ هـ");
        for odd in ["غرة محرم", "سنة ١٣٢٤ هـ", "1324 AH", "1324 de l’hégire", ""]
        {
            assert_eq!(hijri(odd, Lang::En), odd);
        }
    }

    #[test]
    fn a_date_that_is_only_hijri_names_its_calendar() {
        let date = ItemDate {
            written: "1324".to_owned(),
            edtf: None,
            hijri: Some("1324".to_owned()),
        };
        assert_eq!(short(&date, "en"), "1324 AH");
        assert_eq!(short(&date, "ar"), "١٣٢٤ هـ");
        let words = ItemDate {
            written: "early 20th century".to_owned(),
            ..date
        };
        assert_eq!(short(&words, "en"), "early 20th century");
    }
}
