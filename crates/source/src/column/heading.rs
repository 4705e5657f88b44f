//! Headings of columns: names with a language.

use unicode_normalization::UnicodeNormalization;

use super::names;
use super::normalise_name;
use crate::language;

/// A heading.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// The name in lower case, without the language.
    pub name: String,
    /// The language as written.
    pub language: Option<String>,
}

/// Maximum length of a heading that is analysed, in bytes. Longer cells are texts.
const MAX_BYTES: usize = 100;

/// The tags that are recognised after an underscore or a hyphen. Other tags are also words, as in
/// `creator_id` and `subject_no`.
const SUFFIX_TAGS: [&str; 37] = [
    "ar", "ara", "ckb", "cop", "de", "deu", "el", "en", "eng", "es", "fa", "fas", "fr", "fra",
    "fre", "ger", "grc", "he", "heb", "hy", "hye", "it", "ita", "ja", "ku", "kur", "la", "lat",
    "ota", "per", "ru", "rus", "syr", "tr", "tur", "ur", "zh",
];

/// The languages whose English names are recognised after any name: `location-country-arabic`.
const SUFFIX_NAMES: [&str; 20] = [
    "arabic",
    "armenian",
    "aramaic",
    "chinese",
    "english",
    "french",
    "german",
    "greek",
    "hebrew",
    "italian",
    "japanese",
    "kurdish",
    "latin",
    "persian",
    "portuguese",
    "russian",
    "spanish",
    "syriac",
    "turkish",
    "urdu",
];

impl Heading {
    /// Splits a heading into a name and a language: `title@ar`, `Title @ar`, `title/ar`,
    /// `dcterms:title @ar`, `title_ar`, `title-arabic`, `Title (Arabic)`, `العنوان (بالعربية)`.
    pub(super) fn parse(heading: &str) -> Heading {
        let heading: String = heading.trim().nfc().collect();
        if heading.len() > MAX_BYTES {
            return Heading {
                name: normalise_name(&heading),
                language: None,
            };
        }
        let of = |name: &str, language: &str| Heading {
            name: normalise_name(name),
            language: Some(language.trim().to_owned()),
        };
        if let Some((name, language)) = heading.split_once('@') {
            return of(name, language);
        }
        // A slash may be part of a name: in `and/or`, `or` is also the tag of the language Odia.
        // Therefore both the name and the tag must be known.
        if let Some((name, tag)) = heading.rsplit_once('/')
            && is_field(name)
            && language::parse_tag(tag).is_some()
        {
            return of(name, tag);
        }
        if let Some((name, language)) = in_brackets(&heading)
            && is_field(name)
            && let Some(language) = worded(language)
        {
            return of(name, &language);
        }
        for (at, separator) in heading.char_indices().rev() {
            let Some(language) = heading.get(at + separator.len_utf8()..) else {
                continue;
            };
            let Some(name) = heading.get(..at).filter(|name| !name.is_empty()) else {
                break;
            };
            if "-_. ".contains(separator)
                && let Some(language) = suffix(name, language)
            {
                return of(name, &language);
            }
        }
        Heading {
            name: normalise_name(&heading),
            language: None,
        }
    }
}

/// Returns the language that the end of a heading denotes.
fn suffix(name: &str, end: &str) -> Option<String> {
    let lower = end.to_lowercase();
    if SUFFIX_NAMES.contains(&lower.as_str()) {
        return Some(lower);
    }
    if !is_field(name) {
        return None;
    }
    let tag = lower.replace('_', "-");
    let primary = tag.split('-').next().unwrap_or_default();
    if SUFFIX_TAGS.contains(&primary) && language::parse_tag(&tag).is_some() {
        return Some(tag);
    }
    // `Titre arabe`, `العنوان بالعربية`
    (lower.chars().count() >= 5)
        .then(|| worded(&lower))
        .flatten()
}

/// Returns a language in words or as a tag, if it is one.
fn worded(text: &str) -> Option<String> {
    let text = text.trim();
    // In Arabic, `بالعربية` means “in Arabic”.
    let arabic = text.strip_prefix("بال").map(|rest| format!("ال{rest}"));
    let text = arabic.as_deref().unwrap_or(text);
    let tag = language::parse_language(text)?;
    Some(tag.to_string())
}

/// Splits `Title (Arabic)` and `Title [ar]`.
fn in_brackets(heading: &str) -> Option<(&str, &str)> {
    let inner = heading.strip_suffix([')', ']'])?;
    inner.rsplit_once(['(', '['])
}

/// Returns `true` if a name denotes a field whose values have a language.
fn is_field(name: &str) -> bool {
    let name = normalise_name(name);
    is_descriptive(&name)
        || names::alias(&name)
            .or_else(|| names::fallback(&name))
            .is_some_and(is_descriptive)
}

/// Returns `true` if the values of a field have a language. This applies to elements of Dublin Core
/// and similar fields.
pub(super) fn is_descriptive(name: &str) -> bool {
    matches!(
        name,
        "title"
            | "alternative"
            | "creator"
            | "contributor"
            | "publisher"
            | "subject"
            | "description"
            | "abstract"
            | "type"
            | "format"
            | "medium"
            | "source"
            | "relation"
            | "coverage"
            | "spatial"
            | "place"
            | "provenance"
            | "rights"
            | "rights_text"
            | "alt"
            | "file_label"
            | "label"
            | "captions"
            | "transcript"
            | "chapters"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_and_languages() {
        for (heading, name, language) in [
            ("title@ar", "title", "ar"),
            ("Title @ar-latn", "title", "ar-latn"),
            ("title/en", "title", "en"),
            ("and/or", "and/or", ""),
            ("title-arabic", "title", "arabic"),
            ("title_ar", "title", "ar"),
            ("title_ar_Latn", "title", "ar-latn"),
            ("description_fr", "description", "fr"),
            ("Title (Arabic)", "title", "ar"),
            ("Titre [fr]", "titre", "fr"),
            ("Titre arabe", "titre", "ar"),
            ("العنوان (بالعربية)", "العنوان", "ar"),
            ("العنوان بالفرنسية", "العنوان", "fr"),
            ("location-country-english", "location-country", "english"),
            ("creator_id", "creator_id", ""),
            ("subject_no", "subject_no", ""),
            ("object_ar", "object_ar", ""),
            ("Date (Hijri)", "date_(hijri)", ""),
            ("english", "english", ""),
            ("Dublin Core:Title", "title", ""),
        ] {
            let expected = Heading {
                name: name.to_owned(),
                language: (!language.is_empty()).then(|| language.to_owned()),
            };
            assert_eq!(Heading::parse(heading), expected, "{heading}");
        }
    }
}
