//! Dates, as the page says them.

use khizana_model::{Day, Edtf, ItemDate};

use crate::words::{self, Lang};

/// A date for a card: its years, or what was written.
pub fn short(date: &ItemDate, lang: &str) -> String {
    let lang = Lang::of(lang);
    match &date.edtf {
        Some(edtf) => said(edtf, lang, |day, _| year(day.year, lang)),
        None => date.written.clone(),
    }
}

/// A date in words, where its meaning is known: `25 February 1906`, `c. 1801–1900`.
pub fn long(edtf: &Edtf, lang: Lang) -> String {
    said(edtf, lang, |day, part| {
        let number = |n: u8| words::digits(lang, &n.to_string());
        let year = year(day.year, lang);
        let month = words::month(lang, day.month).unwrap_or_default();
        match part {
            Part::Year => year,
            Part::Month => format!("{month} {year}"),
            Part::Day => format!("{} {month} {year}", number(day.day)),
        }
    })
}

/// How much of a day is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
}

fn said(edtf: &Edtf, lang: Lang, say: impl Fn(Day, Part) -> String) -> String {
    let text = match (edtf.from, edtf.to) {
        (Some(from), Some(to)) => {
            let whole_months =
                from.day == 1 && Day::new(to.year, to.month, to.day.saturating_add(1)).is_none();
            let part = match (from.month, to.month) {
                _ if !whole_months => Part::Day,
                (1, 12) => Part::Year,
                _ => Part::Month,
            };
            let (first, last) = (say(from, part), say(to, part));
            if first == last {
                first
            } else {
                format!("{first}–{last}")
            }
        }
        (Some(from), None) => words::date_from(lang, &say(from, Part::Year)),
        (None, Some(to)) => words::date_until(lang, &say(to, Part::Year)),
        (None, None) => String::new(),
    };
    let text = if edtf.approximate {
        words::date_circa(lang, &text)
    } else {
        text
    };
    if edtf.uncertain {
        words::date_uncertain(lang, &text)
    } else {
        text
    }
}

/// Years between a first and a last.
pub fn range(from: Option<i32>, to: Option<i32>, lang: Lang) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => year(from, lang),
        (Some(from), Some(to)) => format!("{}–{}", year(from, lang), year(to, lang)),
        (Some(from), None) => words::date_from(lang, &year(from, lang)),
        (None, Some(to)) => words::date_until(lang, &year(to, lang)),
        (None, None) => String::new(),
    }
}

/// A value of a line of time: the decade or the century that begins with a year, in the calendar of
/// the field.
pub fn span(field: &str, first: &str, lang: Lang) -> Option<String> {
    let (calendar, length) = field.split_once(':')?;
    let from: i32 = first.parse().ok()?;
    let decade = length == "decade";
    let text = if decade && from > 0 {
        words::decade(lang, &words::digits(lang, first))
    } else {
        // A century by its years: that the 19th does not begin with 1800 is known to few.
        let last = from.saturating_add(if decade { 9 } else { 99 });
        range(Some(from), Some(last), lang)
    };
    Some(if calendar == "hijri" {
        words::date_hijri(lang, &text)
    } else {
        text
    })
}

fn year(year: i32, lang: Lang) -> String {
    if year > 0 {
        words::digits(lang, &year.to_string())
    } else {
        // Astronomical year 0 is 1 BCE.
        words::date_before_era(
            lang,
            &words::digits(lang, &(1 - i64::from(year)).to_string()),
        )
    }
}

/// A Hijri date: `1324-01-14` in words; what is not of that form as it was written, with the era
/// only where it is a bare year.
pub fn hijri(written: &str, lang: Lang) -> String {
    let parts: Option<Vec<u32>> = written
        .trim()
        .split('-')
        .map(|part| part.parse().ok())
        .collect();
    let text = match parts.as_deref() {
        Some([year]) => words::digits(lang, &year.to_string()),
        Some([year, month, rest @ ..]) if rest.len() <= 1 => {
            let Some(name) = u8::try_from(*month)
                .ok()
                .and_then(|month| words::hijri_month(lang, month))
            else {
                return written.to_owned();
            };
            let year = words::digits(lang, &year.to_string());
            match rest.first() {
                Some(day) => format!("{} {name} {year}", words::digits(lang, &day.to_string())),
                None => format!("{name} {year}"),
            }
        }
        _ => return written.to_owned(),
    };
    words::date_hijri(lang, &text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn said(text: &str, lang: Lang) -> String {
        long(&Edtf::parse(text).unwrap(), lang)
    }

    #[test]
    fn dates_say_as_much_as_is_known() {
        assert_eq!(said("1906-02-25", Lang::En), "25 February 1906");
        assert_eq!(said("1906-02", Lang::Fr), "février 1906");
        assert_eq!(said("1906", Lang::Ar), "١٩٠٦");
        assert_eq!(said("190X", Lang::En), "1900–1909");
        assert_eq!(
            said("1904-02/1904-03", Lang::En),
            "February 1904–March 1904"
        );
        assert_eq!(said("1906~", Lang::En), "c. 1906");
        assert_eq!(said("1906?", Lang::En), "1906 (?)");
        assert_eq!(said("../1906", Lang::En), "until 1906");
        assert_eq!(said("-0099", Lang::En), "100 BCE");
    }

    #[test]
    fn lines_of_time_are_said_in_each_language() {
        let said = |field, first, lang| span(field, first, lang).unwrap();
        assert_eq!(said("date:decade", "1830", Lang::En), "1830s");
        assert_eq!(said("date:decade", "1830", Lang::Ar), "عقد ١٨٣٠");
        assert_eq!(said("date:decade", "1830", Lang::Fr), "années 1830");
        assert_eq!(said("date:century", "1800", Lang::Ar), "١٨٠٠–١٨٩٩");
        assert_eq!(said("date:decade", "-10", Lang::En), "11 BCE–2 BCE");
        assert_eq!(said("hijri:decade", "1320", Lang::En), "1320s AH");
        assert_eq!(said("hijri:century", "1300", Lang::Ar), "١٣٠٠–١٣٩٩ هـ");
        assert_eq!(span("date:decade", "then", Lang::En), None);
        assert_eq!(span("place", "1830", Lang::En), None);
        assert_eq!(range(Some(1801), None, Lang::En), "from 1801");
        assert_eq!(range(Some(1801), Some(1801), Lang::Ar), "١٨٠١");
    }

    #[test]
    fn a_hijri_date_is_put_in_words_only_where_it_is_understood() {
        assert_eq!(hijri("1324", Lang::Ar), "١٣٢٤ هـ");
        assert_eq!(hijri("1324-01", Lang::Ar), "محرم ١٣٢٤ هـ");
        assert_eq!(hijri("1324-09-07", Lang::En), "7 Ramadan 1324 AH");
        for odd in ["1324-13", "غرة محرم", "1324-01-02-03", ""] {
            assert_eq!(hijri(odd, Lang::En), odd);
        }
    }
}
