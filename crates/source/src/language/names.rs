//! Names of languages in words.

use isolang::Language;
use khizana_model::LangTag;

use super::parse_tag;

/// Names of languages, in lower case, that are neither English names nor the names of the languages
/// for themselves: names in Arabic, French, German and Turkish, and common variants of English names.
const NAMES: [(&str, &str); 90] = [
    ("العربية", "ar"),
    ("عربي", "ar"),
    ("عربية", "ar"),
    ("arabe", "ar"),
    ("arabisch", "ar"),
    ("arapça", "ar"),
    ("الإنجليزية", "en"),
    ("الانجليزية", "en"),
    ("الإنكليزية", "en"),
    ("إنجليزي", "en"),
    ("anglais", "en"),
    ("englisch", "en"),
    ("ingilizce", "en"),
    ("الفرنسية", "fr"),
    ("فرنسي", "fr"),
    ("francais", "fr"),
    ("französisch", "fr"),
    ("fransızca", "fr"),
    ("الفارسية", "fa"),
    ("فارسي", "fa"),
    ("persan", "fa"),
    ("persisch", "fa"),
    ("farsça", "fa"),
    ("farsi", "fa"),
    ("dari", "prs"),
    ("التركية", "tr"),
    ("turc", "tr"),
    ("türkisch", "tr"),
    ("türkçe", "tr"),
    ("التركية العثمانية", "ota"),
    ("العثمانية", "ota"),
    ("turc ottoman", "ota"),
    ("osmanisch", "ota"),
    ("osmanlıca", "ota"),
    ("osmanlı türkçesi", "ota"),
    ("العبرية", "he"),
    ("hébreu", "he"),
    ("hebräisch", "he"),
    ("ibranice", "he"),
    ("السريانية", "syr"),
    ("syriaque", "syr"),
    ("syrisch", "syr"),
    ("الآرامية", "arc"),
    ("aramaic", "arc"),
    ("araméen", "arc"),
    ("القبطية", "cop"),
    ("copte", "cop"),
    ("الأمازيغية", "ber"),
    ("amazigh", "ber"),
    ("berber", "ber"),
    ("berbère", "ber"),
    ("الكردية", "ku"),
    ("kurde", "ku"),
    ("kürtçe", "ku"),
    ("الأرمنية", "hy"),
    ("arménien", "hy"),
    ("ermenice", "hy"),
    ("الأردية", "ur"),
    ("ourdou", "ur"),
    ("اليونانية", "el"),
    ("greek", "el"),
    ("grec", "el"),
    ("griechisch", "el"),
    ("اللاتينية", "la"),
    ("latein", "la"),
    ("الألمانية", "de"),
    ("allemand", "de"),
    ("almanca", "de"),
    ("الإيطالية", "it"),
    ("italien", "it"),
    ("italienisch", "it"),
    ("الإسبانية", "es"),
    ("espagnol", "es"),
    ("spanisch", "es"),
    ("castilian", "es"),
    ("الروسية", "ru"),
    ("russe", "ru"),
    ("russisch", "ru"),
    ("amharique", "am"),
    ("ge'ez", "gez"),
    ("guèze", "gez"),
    ("malay", "ms"),
    ("judaeo-arabic", "jrb"),
    ("judaeo-italian", "itk"),
    ("italyanca", "it"),
    ("ispanyolca", "es"),
    ("rusça", "ru"),
    ("yunanca", "el"),
    ("latince", "la"),
    ("süryanice", "syr"),
];

/// Returns the tag of a language that is written as a tag or in words: `ara`, `en_US`, `English`,
/// `العربية`, `Turkish, Ottoman (1500-1928)`, `http://id.loc.gov/vocabulary/iso639-2/ara`.
pub fn parse_language(text: &str) -> Option<LangTag> {
    let text = text.trim().trim_end_matches(['.', ';', ',']).trim_end();
    let text = match text.split_once("://") {
        Some((_, address)) => address.trim_end_matches('/').rsplit('/').next()?,
        None => text,
    };
    if let Some(tag) = parse_tag(&text.replace('_', "-")) {
        return Some(tag);
    }
    let lower = text.to_lowercase().replace(['\u{2019}', '\u{02BB}'], "'");
    // Lower case of `İ` is `i` and a combining dot.
    let lower = lower.replace('\u{307}', "");
    let name = lower.strip_prefix("اللغة ").unwrap_or(&lower);
    // Dates distinguish the periods of a language: `Greek, Ancient (to 1453)`.
    let name = match name.split_once('(') {
        Some((name, _)) => name.trim_end(),
        None => name,
    };
    by_name(name).or_else(|| {
        let (noun, adjective) = name.split_once(',')?;
        by_name(&format!("{} {}", adjective.trim(), noun.trim()))
    })
}

fn by_name(name: &str) -> Option<LangTag> {
    let known = NAMES.iter().find(|(known, _)| *known == name);
    let tag = known.map(|(_, tag)| (*tag).to_owned()).or_else(|| {
        let language = Language::from_name_lowercase(name).or_else(|| {
            let mut first = name.chars();
            let capital = first.next()?.to_uppercase().collect::<String>() + first.as_str();
            Language::from_autonym(name).or_else(|| Language::from_autonym(&capital))
        })?;
        Some(language.to_639_3().to_owned())
    })?;
    parse_tag(&tag)
}

/// Parses a list of languages, such as `Arabic; Persian` or `English and French`. Returns the
/// languages, and the parts that are not languages.
pub fn parse_languages(text: &str) -> (Vec<LangTag>, Vec<String>) {
    let (mut tags, mut others) = (Vec::new(), Vec::new());
    if let Some(tag) = parse_language(text) {
        return (vec![tag], others);
    }
    for part in text.split([';', '|', '/', '\n', '؛']).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        if let Some(tag) = parse_language(part) {
            tags.push(tag);
            continue;
        }
        // A comma may be part of a name, so the text is a list only if all parts are languages.
        let separators = [
            ",", "،", " and ", " & ", " + ", " et ", " und ", " ve ", " و", "-", " ",
        ];
        let list = separators.iter().find_map(|separator| {
            // `in English` is not a list of two tags.
            let min = if matches!(*separator, " " | "-") {
                3
            } else {
                1
            };
            let parts = part.split(separator).map(str::trim);
            let parts = parts.filter(|part| !part.is_empty());
            parts
                .map(|part| parse_language(part).filter(|_| part.len() >= min))
                .collect::<Option<Vec<_>>>()
        });
        match list.filter(|list| !list.is_empty()) {
            Some(mut list) => tags.append(&mut list),
            None => add_known_parts(part, &mut tags, &mut others),
        }
    }
    (tags, others)
}

/// Adds the languages in a text such as `Hebrew, with some Italian and Latin`. If no part is a language,
/// the whole text is added to `others`.
fn add_known_parts(text: &str, tags: &mut Vec<LangTag>, others: &mut Vec<String>) {
    let parts = text.split([',', '،']).flat_map(|part| part.split(" and "));
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let mut name = part;
        for qualifier in ["with ", "some ", "partly ", "occasional "] {
            name = name.strip_prefix(qualifier).unwrap_or(name);
        }
        // `in` and `et` are words before they are tags.
        match parse_language(name).filter(|_| name.len() > 3) {
            Some(tag) => known.push(tag),
            None => unknown.push(part.to_owned()),
        }
    }
    if known.is_empty() {
        others.push(text.to_owned());
    } else {
        tags.append(&mut known);
        others.append(&mut unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(text: &str) -> String {
        let (tags, others) = parse_languages(text);
        let tags: Vec<&str> = tags.iter().map(LangTag::as_str).collect();
        format!("{} {others:?}", tags.join(" "))
    }

    #[test]
    fn reads_languages_in_words() {
        for (text, expected) in [
            ("English", "en []"),
            ("ENGLISH", "en []"),
            ("arm", "hy []"),
            ("en_US", "en-US []"),
            ("Arabic; Persian", "ar fa []"),
            ("Arabic, Persian", "ar fa []"),
            ("Arabic and Ottoman Turkish", "ar ota []"),
            ("turkish, ottoman (1500-1928)", "ota []"),
            ("Turkish, Ottoman", "ota []"),
            ("Greek, Ancient (to 1453)", "grc []"),
            ("Greek, Modern (1453-)", "el []"),
            ("Hebrew; Judaeo-Arabic; Aramaic", "he jrb arc []"),
            ("Türkçe-Osmanlıca", "tr ota []"),
            ("العربية والفرنسية", "ar fr []"),
            ("اللغة العربية", "ar []"),
            ("français", "fr []"),
            ("Anglais / arabe", "en ar []"),
            ("geez", "gez []"),
            ("Chagatai", "chg []"),
            ("ara eng", "ar en []"),
            ("Persian.", "fa []"),
            ("http://id.loc.gov/vocabulary/iso639-2/ara", "ar []"),
            ("eg; French; it", "fr it [\"eg\"]"),
            ("n.d.", " [\"n.d.\"]"),
            ("not identified", " [\"not identified\"]"),
            ("in English", " [\"in English\"]"),
            ("İngilizce; İtalyanca", "en it []"),
            (
                "Hebrew, with some Italian, Judaeo-Italian and Arabic",
                "he it itk ar []",
            ),
            ("Arabic, in Maghribi script", "ar [\"in Maghribi script\"]"),
            ("No linguistic content", "zxx []"),
        ] {
            assert_eq!(languages(text), expected, "{text}");
        }
    }

    #[test]
    fn all_names_have_registered_tags() {
        for (name, tag) in NAMES {
            let parsed = parse_language(name);
            assert_eq!(parsed.as_ref().map(LangTag::as_str), Some(tag), "{name}");
        }
    }
}
