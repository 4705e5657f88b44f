//! Languages, as the formats name them: `ar`, `ara`, `Arabic`.

use isolang::Language;
use khizana_model::LangTag;

/// The tag of a language; none where it is not known.
pub(crate) fn read(text: &str) -> Option<LangTag> {
    let text = text.trim();
    let (primary, rest) = text
        .split_once(['-', '_'])
        .map_or((text, None), |(primary, rest)| (primary, Some(rest)));
    let known = match primary.len() {
        2 => Language::from_639_1(&primary.to_ascii_lowercase()),
        3 => Language::from_639_3(&primary.to_ascii_lowercase()),
        _ if rest.is_none() => Language::from_name(text),
        _ => None,
    }?;
    let short = known.to_639_1().unwrap_or_else(|| known.to_639_3());
    if short == LangTag::UNKNOWN {
        return None;
    }
    match rest {
        // Tesseract names the scripts it was trained on so: `aze_cyrl`; what is no tag is left out.
        Some(rest) => format!("{short}-{}", rest.replace('_', "-"))
            .parse()
            .or_else(|_| short.parse())
            .ok(),
        None => short.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_language_is_known_by_code_and_by_name() {
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
            let found = read(text);
            assert_eq!(found.as_ref().map(|tag| tag.as_str()), tag, "{text}");
        }
    }
}
