//! Interface text and number formats.
//!
//! `build.rs` generates a function for each message of the Fluent files in `i18n/`.
//!
//! Numbers are formatted with tables (Arabic-Indic digits and separators in Arabic, narrow no-break
//! spaces in French) instead of the `Intl` API of the browser, so that the hydrated page is
//! identical to the published one.

/// A language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Arabic.
    Ar,
    /// English.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// Returns the interface language for a language tag, or English if the interface is not
    /// available in this language.
    pub fn of(tag: &str) -> Lang {
        match tag.split('-').next() {
            Some("ar") => Lang::Ar,
            Some("fr") => Lang::Fr,
            _ => Lang::En,
        }
    }

    /// Returns the language tag.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ar => "ar",
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// Returns the separator between the parts of a list.
    pub fn list_separator(self) -> &'static str {
        if self == Lang::Ar { "، " } else { ", " }
    }

    /// Returns the value of the HTML attribute `dir`.
    pub fn dir(self) -> &'static str {
        if self == Lang::Ar { "rtl" } else { "ltr" }
    }
}

/// The Fluent files, which contain all texts of the interface.
#[cfg(feature = "ssr")]
pub const SOURCES: [&str; 3] = [
    include_str!("../i18n/ar.ftl"),
    include_str!("../i18n/en.ftl"),
    include_str!("../i18n/fr.ftl"),
];

/// Returns the name of an interface language in that language.
pub fn native_name(tag: &str) -> &'static str {
    match Lang::of(tag) {
        Lang::Ar => "العربية",
        Lang::En => "English",
        Lang::Fr => "Français",
    }
}

/// Returns the name of an interface language among the locales of Open Graph, which have a territory.
#[cfg(feature = "ssr")]
pub(crate) fn og_locale(tag: &str) -> &'static str {
    match Lang::of(tag) {
        Lang::Ar => "ar_AR",
        Lang::En => "en_US",
        Lang::Fr => "fr_FR",
    }
}

/// A plural category of the CLDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// Returns the plural category of a number according to the rules of the CLDR. The French category
/// `many`, which is used for millions, is merged into `other`, because the messages do not differ.
fn plural(lang: Lang, n: u64) -> Plural {
    match (lang, n) {
        (Lang::Ar, 0) => Plural::Zero,
        (Lang::Ar, 2) => Plural::Two,
        (_, 1) | (Lang::Fr, 0) => Plural::One,
        (Lang::Ar, _) if (3..=10).contains(&(n % 100)) => Plural::Few,
        (Lang::Ar, _) if n % 100 >= 11 => Plural::Many,
        _ => Plural::Other,
    }
}

fn push_number(out: &mut String, lang: Lang, n: u64) {
    out.push_str(&number(lang, n));
}

/// Formats an integer with the digits and grouping separators of the language.
pub fn number(lang: Lang, n: u64) -> String {
    let plain = n.to_string();
    let separator = match lang {
        Lang::Ar => '٬',
        Lang::En => ',',
        Lang::Fr => '\u{202f}',
    };
    let mut grouped = String::new();
    for (i, digit) in plain.chars().enumerate() {
        if i > 0 && (plain.len() - i).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    digits(lang, &grouped)
}

/// Replaces ASCII digits with the digits of the language, and a full stop after a digit with the
/// decimal separator of the language.
pub fn digits(lang: Lang, text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut after_digit = false;
    for c in text.chars() {
        out.push(match (lang, c) {
            (Lang::Ar, '0'..='9') => char::from_u32(c as u32 - 0x30 + 0x660).unwrap_or(c),
            (Lang::Ar, '.') if after_digit => '٫',
            (Lang::Fr, '.') if after_digit => ',',
            _ => c,
        });
        after_digit = c.is_ascii_digit();
    }
    out
}

/// Formats a position in a recording, for example as `3:05` or `1:02:05`.
pub fn clock(lang: Lang, milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    let mut out = String::new();
    if seconds >= 3_600 {
        out.push_str(&(seconds / 3_600).to_string());
        out.push(':');
    }
    for (place, number) in [seconds / 60 % 60, seconds % 60].into_iter().enumerate() {
        if number < 10 && (place > 0 || seconds >= 3_600) {
            out.push('0');
        }
        out.push_str(&number.to_string());
        if place == 0 {
            out.push(':');
        }
    }
    digits(lang, &out)
}

/// Formats a file size in decimal units. A number less than ten has one decimal place unless the
/// decimal is 0.
pub fn file_size(lang: Lang, bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = bytes.saturating_mul(10).saturating_add(unit / 2) / unit;
        let text = if tenths < 100 && !tenths.is_multiple_of(10) {
            format!("{}.{}", tenths / 10, tenths % 10)
        } else {
            (tenths.saturating_add(5) / 10).to_string()
        };
        digits(lang, &text)
    };
    match bytes {
        0..1_000 => size_bytes(lang, &digits(lang, &bytes.to_string())),
        1_000..1_000_000 => size_kilobytes(lang, &tenths(1_000)),
        _ => size_megabytes(lang, &tenths(1_000_000)),
    }
}

/// Formats the pages of a part, such as `22–24`, with an abbreviation for “page”.
pub fn pages_of_part(lang: Lang, pages: &str) -> String {
    part_pages(lang, &page_range(lang, pages))
}

/// Formats the pages of a part without the abbreviation. A range of one page is a single number.
pub fn page_range(lang: Lang, pages: &str) -> String {
    let pages = match pages.split_once(['-', '–']) {
        Some((first, last)) if first == last => first.to_owned(),
        Some((first, last)) => format!("{first}–{last}"),
        None => pages.to_owned(),
    };
    digits(lang, &pages)
}

/// Returns the name of a field in `lang`, or `None` if the interface has no name for it. The names that
/// sources often use for the fields of Dublin Core are known, too.
pub fn field(lang: Lang, name: &str) -> Option<&'static str> {
    let name = name
        .strip_prefix("dc:")
        .or_else(|| name.strip_prefix("dcterms:"))
        .unwrap_or(name);
    let name = match name {
        "title" => field_title,
        "rights_text" => field_rights_text,
        "pages" => field_pages,
        "creator" | "author" | "artist" | "maker" => field_creator,
        "contributor" | "contributors" => field_contributor,
        "publisher" | "origininfo_publisher" => field_publisher,
        "subject" | "subjects" | "keywords" | "tags" | "topic" => field_subject,
        "place" | "location" | "spatial" | "origininfo_place_placeterm" => field_place,
        "type" | "genre" | "typeofresource" => field_type,
        "description" | "abstract" | "summary" => field_description,
        "medium" | "material" | "materials" => field_medium,
        "format" => field_format,
        "dimensions" | "extent" | "physicaldescription_extent" => field_dimensions,
        "source" => field_source,
        "period" => field_period,
        "provenance" => field_provenance,
        "note" | "notes" => field_note,
        "relation" | "isPartOf" => field_relation,
        "coverage" => field_coverage,
        "alternative" | "alternative_title" => field_alternative,
        "text" => field_text,
        "kind" => field_kind,
        "decade" | "date:decade" => field_decade,
        "century" | "date:century" => field_century,
        "hijri:decade" => field_hijri_decade,
        "hijri:century" => field_hijri_century,
        "collection" => collection,
        "language" => languages,
        "rights" => rights,
        "date" => date,
        _ => return None,
    };
    Some(name(lang))
}

/// Returns the name of the language of a tag if the interface has a name for it. Only the primary
/// subtag is considered.
pub fn language(lang: Lang, tag: &str) -> Option<&'static str> {
    let name = match tag.split('-').next()? {
        "ar" => language_ar,
        "en" => language_en,
        "fr" => language_fr,
        "fa" => language_fa,
        "ota" => language_ota,
        "tr" => language_tr,
        "he" => language_he,
        "syr" | "syc" => language_syr,
        "arc" => language_arc,
        "zgh" => language_zgh,
        "ber" => language_ber,
        "kab" => language_kab,
        "ku" => language_ku,
        "ckb" => language_ckb,
        "ur" => language_ur,
        "hy" => language_hy,
        "cop" => language_cop,
        "am" => language_am,
        "el" => language_el,
        "grc" => language_grc,
        "la" => language_la,
        "es" => language_es,
        "it" => language_it,
        "de" => language_de,
        "und" => language_und,
        _ => return None,
    };
    Some(name(lang))
}

/// Returns the name of a month of the Gregorian calendar. Months are numbered from 1 to 12.
pub fn month(lang: Lang, month: u8) -> Option<&'static str> {
    const NAMES: [fn(Lang) -> &'static str; 12] = [
        month_1, month_2, month_3, month_4, month_5, month_6, month_7, month_8, month_9, month_10,
        month_11, month_12,
    ];
    Some(NAMES.get(usize::from(month.checked_sub(1)?))?(lang))
}

/// Returns the name of a month of the Hijri calendar. Months are numbered from 1 to 12.
pub fn hijri_month(lang: Lang, month: u8) -> Option<&'static str> {
    const NAMES: [fn(Lang) -> &'static str; 12] = [
        hijri_month_1,
        hijri_month_2,
        hijri_month_3,
        hijri_month_4,
        hijri_month_5,
        hijri_month_6,
        hijri_month_7,
        hijri_month_8,
        hijri_month_9,
        hijri_month_10,
        hijri_month_11,
        hijri_month_12,
    ];
    Some(NAMES.get(usize::from(month.checked_sub(1)?))?(lang))
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_positions_in_a_recording() {
        let formatted = [0, 9_999, 65_000, 600_000, 3_599_999, 3_600_000, 36_305_000]
            .map(|milliseconds| clock(Lang::En, milliseconds));
        assert_eq!(
            formatted,
            [
                "0:00", "0:09", "1:05", "10:00", "59:59", "1:00:00", "10:05:05"
            ]
        );
        assert_eq!(clock(Lang::Ar, 65_000), "١:٠٥");
    }

    #[test]
    fn arabic_has_six_plural_forms() {
        let count = |n| items_count(Lang::Ar, n);
        assert_eq!(count(0), "لا توجد مواد");
        assert_eq!(count(1), "مادة واحدة");
        assert_eq!(count(2), "مادتان");
        assert_eq!(count(10), "١٠ مواد");
        assert_eq!(count(11), "١١ مادة");
        assert_eq!(count(100), "١٠٠ مادة");
        assert_eq!(count(103), "١٠٣ مواد");
        assert_eq!(plural(Lang::Ar, 102), Plural::Other);
        assert_eq!(plural(Lang::Ar, 111), Plural::Many);
    }

    #[test]
    fn the_plural_of_zero_differs_in_english_and_french() {
        assert_eq!(items_count(Lang::En, 0), "0 items");
        assert_eq!(items_count(Lang::Fr, 0), "0 objet");
        assert_eq!(items_count(Lang::En, 69_202), "69,202 items");
        assert_eq!(items_count(Lang::Ar, 69_202), "٦٩٬٢٠٢ مادة");
    }

    #[test]
    fn west_is_translated() {
        assert_eq!(west(Lang::En), "W");
        assert_eq!(west(Lang::Fr), "O");
        assert_eq!(west(Lang::Ar), "غربًا");
    }

    #[test]
    fn file_sizes_are_rounded() {
        assert_eq!(file_size(Lang::En, 999), "999 bytes");
        assert_eq!(file_size(Lang::En, 1_000), "1 kB");
        assert_eq!(file_size(Lang::Fr, 1_250_000), "1,3\u{a0}Mo");
        assert_eq!(file_size(Lang::Ar, 48_200_000), "٤٨ ميغابايت");
    }
}
