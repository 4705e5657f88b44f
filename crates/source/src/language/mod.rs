//! Language tags in tables. They are validated against the IANA Language Subtag Registry.

mod names;

use khizana_model::LangTag;

pub use names::{parse_language, parse_languages};

/// The ISO 639-2/B codes, which libraries use, that differ from the ISO 639-3 codes.
const BIBLIOGRAPHIC: [(&str, &str); 20] = [
    ("alb", "sq"),
    ("arm", "hy"),
    ("baq", "eu"),
    ("bur", "my"),
    ("chi", "zh"),
    ("cze", "cs"),
    ("dut", "nl"),
    ("fre", "fr"),
    ("geo", "ka"),
    ("ger", "de"),
    ("gre", "el"),
    ("ice", "is"),
    ("mac", "mk"),
    ("mao", "mi"),
    ("may", "ms"),
    ("per", "fa"),
    ("rum", "ro"),
    ("slo", "sk"),
    ("tib", "bo"),
    ("wel", "cy"),
];

/// Parses a language tag and normalises it to its shortest form: `ara` and `AR` become `ar`.
///
/// Returns `None` if the tag is malformed or one of its subtags is not registered.
pub fn parse_tag(text: &str) -> Option<LangTag> {
    let text = text.trim();
    let (primary, rest) = text
        .split_once('-')
        .map_or((text, None), |(p, rest)| (p, Some(rest)));
    let lower = primary.to_ascii_lowercase();
    let short = match lower.len() {
        3 => BIBLIOGRAPHIC
            .iter()
            .find(|(long, _)| *long == lower)
            .map(|(_, short)| *short)
            .or_else(|| isolang::Language::from_639_3(&lower)?.to_639_1()),
        _ => None,
    };
    let shortest = match (short, rest) {
        (None, _) => text.to_owned(),
        (Some(short), None) => short.to_owned(),
        (Some(short), Some(rest)) => format!("{short}-{rest}"),
    };
    let tag: LangTag = shortest.parse().ok()?;
    // `qaa..qtz` is a private-use range in the registry. The crate `language-tags` also accepts
    // `qq`.
    if tag.primary().len() == 2 && ("qaa".."qtz").contains(&tag.primary()) {
        return None;
    }
    language_tags::LanguageTag::parse(tag.as_str())
        .ok()?
        .validate()
        .ok()?;
    Some(tag)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shortens_registered_tags() {
        for (text, tag) in [
            ("ar", "ar"),
            ("AR-latn", "ar-Latn"),
            ("ara", "ar"),
            ("eng", "en"),
            ("fre", "fr"),
            ("fra", "fr"),
            ("per", "fa"),
            ("fas", "fa"),
            ("syc", "syc"),
            ("zgh", "zgh"),
            ("ckb-Arab-IQ", "ckb-Arab-IQ"),
            ("ara-Latn", "ar-Latn"),
            ("und", "und"),
            ("ar-x-beirut", "ar-x-beirut"),
            (" he ", "he"),
        ] {
            assert_eq!(parse_tag(text).unwrap().as_str(), tag, "{text}");
        }
    }

    #[test]
    fn rejects_unregistered_and_malformed_tags() {
        for wrong in [
            "", "xx", "qq", "Arabic", "ar_EG", "ar-Xxxx", "ar-JJ", "english", "zzz", "عربي",
        ] {
            assert_eq!(parse_tag(wrong), None, "{wrong}");
        }
    }
}
