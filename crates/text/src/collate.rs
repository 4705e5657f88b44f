//! Collation keys of titles.

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorPreferences};
use icu_locale_core::Locale;

use crate::script;

/// Returns the collation key of a title. Titles are sorted by comparing the bytes of their keys.
///
/// The order is that of the CLDR collation for `lang`, a BCP 47 tag. Accents and case are compared
/// only if the titles are otherwise equal, numbers are compared by value, and a leading article is
/// ignored. An invalid tag is treated as `und`.
pub fn collation_key(text: &str, lang: &str) -> Vec<u8> {
    let title = sort_form(text, script::primary(lang));
    let locale = Locale::try_from_str(lang).unwrap_or(Locale::UNKNOWN);
    let mut key = Vec::new();
    for locale in [locale, Locale::UNKNOWN] {
        let mut preferences = CollatorPreferences::from(&locale);
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Tertiary);
        if let Ok(collator) = Collator::try_new(preferences, options) {
            let Ok(()) = collator.write_sort_key_to(&title, &mut key);
            break;
        }
    }
    key
}

/// Returns the part of a title that determines its order: without leading punctuation, without an
/// article, and without the modifier letters that transliterate ʿayn and hamza.
fn sort_form(text: &str, primary: &str) -> String {
    let title = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let title = strip_article(title, primary).unwrap_or(title);
    title
        .chars()
        .filter(|c| !matches!(*c as u32, 0x02B0..=0x02FF | 0x200B..=0x200F | 0x202A..=0x202E | 0x2066..=0x2069))
        .collect()
}

/// Removes a leading article of a language, given as its primary subtag. Returns `None` if there is
/// none, or if nothing would be left.
fn strip_article<'a>(title: &'a str, primary: &str) -> Option<&'a str> {
    let articles = match primary {
        "en" => "the a an",
        "fr" => "le la les l un une des",
        "de" => "der die das ein eine",
        "es" => "el la los las un una",
        "pt" => "o a os as um uma",
        "it" => "il lo la i gli le l un uno una",
        "ca" => "el la els les l un una",
        "nl" => "de het een",
        "hu" => "a az",
        "el" => "ο η το οι τα",
        "sv" => "den det de en ett",
        "da" | "no" | "nb" | "nn" => "den det de en et",
        // The romanized articles. In Arabic script, the article is part of the word and is handled
        // below.
        "ar" | "fa" | "ota" | "ur" => "al el",
        _ => "",
    };
    if primary == "ar" && title.starts_with("ال") {
        return title
            .strip_prefix("ال")
            .filter(|rest| rest.chars().count() > 2);
    }
    let (first, rest) = title.split_once([' ', '-', '\'', '’', '\u{a0}'])?;
    let first = first.to_lowercase();
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    (articles
        .split(' ')
        .any(|article| article == crate::fold(&first))
        && !rest.is_empty())
    .then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::collation_key;

    fn assert_order(lang: &str, titles: &[&str]) {
        for pair in titles.windows(2) {
            let keys: Vec<_> = pair
                .iter()
                .map(|title| collation_key(title, lang))
                .collect();
            assert!(
                keys.is_sorted() && keys.first() != keys.last(),
                "{lang} {pair:?}"
            );
        }
    }

    #[test]
    fn titles_sort_in_the_order_of_their_language() {
        assert_order(
            "en",
            &[
                "An Atlas", "The book", "Books", "A map 2", "map 10", "Zebra",
            ],
        );
        assert_order(
            "fr",
            &[
                "L’abbé",
                "cote",
                "côte",
                "côté",
                "La fin",
                "œuvre",
                "Les plans",
            ],
        );
        assert_order("de", &["Der Apfel", "Ärger", "Zug"]);
        assert_order("sv", &["Zug", "Ånger", "Ärende", "Öken"]);
        assert_order("es", &["nube", "ñandú", "ola"]);
        assert_order(
            "ar",
            &["أحمد", "البيت", "تاريخ", "الجامع", "كتاب", "مدينة", "وثيقة"],
        );
        assert_order(
            "ar-Latn",
            &["ʿAlī", "al-Andalus", "Baghdād", "al-Ḥarīrī", "Kitāb"],
        );
        assert_order(
            "fa",
            &[
                "آب",
                "باغ",
                "پارس",
                "تهران",
                "کتاب",
                "گلستان",
                "هرات",
                "یزد",
            ],
        );
        assert_order("ru", &["ёж", "ель", "ёра", "жар"]);
        assert_order("ar", &["كتاب ٢", "كتاب ١٠"]);
        assert_order("no such tag!", &["a", "b"]);
    }

    #[test]
    fn title_that_is_only_an_article_is_kept() {
        assert_ne!(collation_key("The", "en"), collation_key("A", "en"));
        assert_ne!(collation_key("الف", "ar"), collation_key("ف", "ar"));
    }
}
