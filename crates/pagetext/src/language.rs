//! Parser for languages as they are written in the supported formats: `ar`, `ara`, `Arabic`.

use isolang::Language;
use khizana_model::LangTag;

/// Parses a language code or an English language name. Returns `None` if the language is unknown.
pub(crate) fn parse(text: &str) -> Option<LangTag> {
    let text = text.trim();
    let (primary, rest) = text
        .split_once(['-', '_'])
        .map_or((text, None), |(primary, rest)| (primary, Some(rest)));
    let language = match primary.len() {
        2 => Language::from_639_1(&primary.to_ascii_lowercase()),
        3 => Language::from_639_3(&primary.to_ascii_lowercase()),
        _ if rest.is_none() => Language::from_name(text),
        _ => None,
    }?;
    let code = language.to_639_1().unwrap_or_else(|| language.to_639_3());
    if code == LangTag::UNKNOWN {
        return None;
    }
    match rest {
        // The models of Tesseract are named after a language and a script: `aze_cyrl`. Other
        // suffixes are ignored.
        Some(rest) => format!("{code}-{}", rest.replace('_', "-"))
            .parse()
            .or_else(|_| code.parse())
            .ok(),
        None => code.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn parses_codes_and_names() {
        for (text, tag) in [
            ("ar", Some("ar")),
            ("ara", Some("ar")),
            ("Arabic", Some("ar")),
            ("Persian", Some("fa")),
            ("ota", Some("ota")),
            ("ar-Latn", Some("ar-Latn")),
            ("aze_cyrl", Some("az-Cyrl")),
            ("und", None),
            ("xx", None),
            ("Klingonese", None),
            ("", None),
        ] {
            let language = parse(text);
            assert_eq!(language.as_ref().map(|tag| tag.as_str()), tag, "{text}");
        }
    }
}
