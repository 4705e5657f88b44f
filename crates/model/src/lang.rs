//! Language tags and language maps.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::SmallMap;
use crate::direction::{Direction, first_strong, script_is_rtl};

/// A well-formed BCP 47 language tag (RFC 5646) in its canonical case: `ar`, `ar-Latn`,
/// `zh-Hant-TW`.
///
/// The tag is well-formed but not necessarily valid. The ingest validates the subtags against the
/// registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LangTag(String);

/// An error from parsing a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a well-formed BCP 47 language tag")]
pub struct LangTagError(pub String);

impl LangTag {
    /// The tag of values whose language is unknown.
    pub const UNKNOWN: &'static str = "und";

    /// Returns the tag `und`.
    pub fn und() -> Self {
        LangTag(Self::UNKNOWN.to_owned())
    }

    /// Returns the tag as a string slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the primary language subtag, for example `ar` for `ar-Latn`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Returns the script subtag if there is one, for example `Latn` for `ar-Latn`.
    pub fn script(&self) -> Option<&str> {
        self.0
            .split('-')
            .skip(1)
            .take_while(|part| part.len() > 1)
            .find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()))
    }

    /// Returns `true` if the language is unknown.
    pub fn is_und(&self) -> bool {
        self.primary() == Self::UNKNOWN
    }

    /// Returns the direction of the script of the tag or, if the tag has no script subtag, of the
    /// usual script of the language. Returns `None` if neither the script nor the language is
    /// known.
    pub fn direction(&self) -> Option<Direction> {
        // Languages whose likely script (CLDR likely subtags) is written right to left.
        const RTL: [&str; 33] = [
            "ar", "arc", "arz", "acm", "aeb", "ajp", "apc", "apd", "ary", "azb", "bal", "ckb",
            "dv", "fa", "glk", "he", "jpr", "ks", "lrc", "mzn", "nqo", "ota", "prs", "ps", "pnb",
            "sam", "sd", "sdh", "syc", "syr", "ug", "ur", "yi",
        ];
        if let Some(script) = self.script() {
            return Some(if script_is_rtl(script) {
                Direction::Rtl
            } else {
                Direction::Ltr
            });
        }
        if self.is_und() {
            return None;
        }
        Some(if RTL.contains(&self.primary()) {
            Direction::Rtl
        } else {
            Direction::Ltr
        })
    }

    /// Returns the direction of `value`: the direction of the language tag if it is known, or else
    /// that of the first strong character.
    pub fn direction_of(&self, value: &str) -> Option<Direction> {
        self.direction().or_else(|| first_strong(value))
    }
}

impl fmt::Display for LangTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LangTag {
    type Err = LangTagError;

    fn from_str(text: &str) -> Result<Self, LangTagError> {
        let invalid = || LangTagError(text.chars().take(80).collect());
        let mut canonical = String::with_capacity(text.len());
        let mut after_singleton = false;
        for (i, part) in text.split('-').enumerate() {
            let is_alphabetic = part.bytes().all(|b| b.is_ascii_alphabetic());
            let is_valid =
                (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
            if !is_valid {
                return Err(invalid());
            }
            let part = part.to_ascii_lowercase();
            if i == 0 {
                // A primary language subtag has two or three letters. The subtag `x` starts a
                // private-use tag.
                if !is_alphabetic || !(matches!(part.len(), 2 | 3) || part == "x") {
                    return Err(invalid());
                }
                after_singleton = part == "x";
                canonical.push_str(&part);
                continue;
            }
            canonical.push('-');
            let mut letters = part.chars();
            match letters.next() {
                Some(first) if !after_singleton && part.len() == 4 && is_alphabetic => {
                    canonical.push(first.to_ascii_uppercase());
                    canonical.push_str(letters.as_str());
                }
                _ if !after_singleton && part.len() == 2 && is_alphabetic => {
                    canonical.push_str(&part.to_ascii_uppercase());
                }
                _ => canonical.push_str(&part),
            }
            after_singleton |= part.len() == 1;
        }
        Ok(LangTag(canonical))
    }
}

impl<'de> Deserialize<'de> for LangTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A language map as in IIIF Presentation 3: values by language.
///
/// Unlike IIIF, it uses `und` instead of `none`: `{"ar": ["المقتبس"], "ar-Latn": ["al-Muqtabas"]}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LangMap(SmallMap<LangTag, Vec<String>>);

impl khizana_json::FromJson for LangMap {
    fn default_value() -> Self {
        LangMap::new()
    }

    fn read(&mut self, json: &mut khizana_json::Scanner<'_>) -> Option<()> {
        self.0.read(json)
    }
}

/// Returns `true` for a letter in the blocks of Hebrew, Arabic and the scripts between them. The exact
/// property of all characters would add its table to the search worker.
fn is_rtl_letter(c: char) -> bool {
    matches!(c as u32, 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF)
}

impl LangMap {
    /// Creates an empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a map with one value.
    pub fn of(tag: LangTag, value: impl Into<String>) -> Self {
        let mut map = Self::new();
        map.push(tag, value);
        map
    }

    /// Appends a value to the values of its language.
    pub fn push(&mut self, tag: LangTag, value: impl Into<String>) {
        self.0.entry(tag, Vec::new()).push(value.into());
    }

    /// Returns `true` if there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, values)| values.is_empty())
    }

    /// Returns an iterator over all values with their languages, sorted by tag. The values of a
    /// language are in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&LangTag, &str)> {
        self.0
            .iter()
            .flat_map(|(tag, values)| values.iter().map(move |value| (tag, value.as_str())))
    }

    /// Returns the values with exactly this language tag.
    pub fn get(&self, tag: &str) -> &[String] {
        self.0
            .find(|key| key.as_str() == tag)
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the language tag that is most suitable for readers of `language`, with its first
    /// value.
    ///
    /// The order of preference is `language`, an unknown language in the direction of `language`, Arabic,
    /// English, French, any other language. A tag without a script subtag is preferred to a tag of the same
    /// language with one.
    pub fn best(&self, language: &str) -> Option<(&LangTag, &str)> {
        let (tag, values) = self.best_values(language)?;
        Some((tag, values.first()?.as_str()))
    }

    /// Returns the same language tag as [`LangMap::best`], with all of its values.
    pub fn best_values(&self, language: &str) -> Option<(&LangTag, &[String])> {
        let is_rtl_language = matches!(language, "ar" | "fa" | "ur" | "he" | "ckb");
        let is_rtl = |values: &[String]| {
            let mut letters = values.iter().flat_map(|text| text.chars());
            letters
                .find(|c| c.is_alphabetic())
                .is_some_and(is_rtl_letter)
        };
        self.0
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .min_by_key(|(tag, values)| {
                let position = [language, "ar", "en", "fr"]
                    .iter()
                    .position(|preferred| tag.primary() == *preferred);
                let rank = match position {
                    Some(position) => 2 * position,
                    None if tag.is_und() && is_rtl(values) == is_rtl_language => 1,
                    None => 8,
                };
                (rank, tag.script().is_some(), tag.is_und(), tag.as_str())
            })
            .map(|(tag, values)| (tag, values.as_slice()))
    }

    /// Splits the map into one map for each entity that its values name, such as a person or a
    /// place.
    ///
    /// If all languages have the same number of values, the nth values of all languages name the
    /// same entity. Otherwise each value names a separate entity.
    pub fn entities(&self) -> Vec<LangMap> {
        let mut counts = self
            .0
            .iter()
            .map(|(_, values)| values.len())
            .filter(|count| *count > 0);
        let count = counts.next().unwrap_or(0);
        let is_aligned = counts.all(|other| other == count);
        let mut entities = vec![LangMap::new(); if is_aligned { count } else { 0 }];
        for (tag, values) in self.0.iter() {
            for (i, value) in values.iter().enumerate() {
                match entities.get_mut(i).filter(|_| is_aligned) {
                    Some(entity) => entity.push(tag.clone(), value.as_str()),
                    None => entities.push(LangMap::of(tag.clone(), value.as_str())),
                }
            }
        }
        entities
    }

    /// Returns the value that identifies an entity in facets and filters: the most suitable value
    /// for readers of Arabic, regardless of the language of the user interface.
    pub fn facet_key(&self) -> &str {
        self.best("ar").map_or("", |(_, value)| value)
    }
}

impl FromIterator<(LangTag, String)> for LangMap {
    fn from_iter<T: IntoIterator<Item = (LangTag, String)>>(values: T) -> Self {
        let mut map = Self::new();
        for (tag, value) in values {
            map.push(tag, value);
        }
        map
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn tag(text: &str) -> LangTag {
        text.parse().unwrap()
    }

    #[test]
    fn parses_tags_into_canonical_case() {
        for (written, canonical) in [
            ("AR", "ar"),
            ("ar-latn", "ar-Latn"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("de-CH-1996", "de-CH-1996"),
            ("ar-x-Beirut", "ar-x-beirut"),
            ("en-u-ca-islamic", "en-u-ca-islamic"),
        ] {
            assert_eq!(tag(written).as_str(), canonical);
        }
    }

    #[test]
    fn rejects_malformed_tags() {
        for wrong in [
            "",
            "a",
            "arabic",
            "ar_EG",
            "ar-",
            "-ar",
            "ar Latn",
            "ar-toolongsubtag",
            "1ar",
            "عر",
        ] {
            assert_eq!(
                wrong.parse::<LangTag>(),
                Err(LangTagError(wrong.to_owned()))
            );
        }
    }

    #[test]
    fn direction_depends_on_script_then_language_then_value() {
        assert_eq!(tag("ar").direction(), Some(Direction::Rtl));
        assert_eq!(tag("ar-Latn").direction(), Some(Direction::Ltr));
        assert_eq!(tag("az-Arab").direction(), Some(Direction::Rtl));
        assert_eq!(tag("ku").direction(), Some(Direction::Ltr));
        assert_eq!(tag("ckb").direction(), Some(Direction::Rtl));
        assert_eq!(tag("zgh").direction(), Some(Direction::Ltr));
        assert_eq!(tag("und").direction(), None);
        assert_eq!(tag("und").direction_of("كتاب"), Some(Direction::Rtl));
    }

    #[test]
    fn best_prefers_the_language_then_its_transliteration() {
        let map: LangMap = [
            (tag("fr"), "Le Caire".to_owned()),
            (tag("ar-Latn"), "al-Qāhira".to_owned()),
            (tag("ar"), "القاهرة".to_owned()),
            (tag("ar"), "مصر".to_owned()),
        ]
        .into_iter()
        .collect();
        assert_eq!(map.best("fr").unwrap().1, "Le Caire");
        assert_eq!(map.best("ar").unwrap().1, "القاهرة");
        assert_eq!(map.best("en").unwrap().1, "القاهرة");
        assert_eq!(map.best_values("ar").unwrap().1.len(), 2);
        assert_eq!(LangMap::new().best("ar"), None);
        // A value in an unknown language is preferred to one in another language if it is written in the
        // direction of the language.
        let unknown: LangMap = [
            (tag("und"), "القاهرة".to_owned()),
            (tag("fr"), "Le Caire".to_owned()),
        ]
        .into_iter()
        .collect();
        assert_eq!(unknown.best("ar").unwrap().1, "القاهرة");
        assert_eq!(unknown.best("fr").unwrap().1, "Le Caire");
        assert_eq!(unknown.best("en").unwrap().1, "Le Caire");
    }

    #[test]
    fn entities_align_languages_with_equal_numbers_of_values() {
        let map = |values: &[(&str, &str)]| -> LangMap {
            values
                .iter()
                .map(|(tag, value)| (tag.parse().unwrap(), (*value).to_owned()))
                .collect()
        };
        let cities = map(&[
            ("ar", "فاس"),
            ("ar", "القاهرة"),
            ("en", "Fez"),
            ("en", "Cairo"),
        ]);
        let entities = cities.entities();
        assert_eq!(
            entities,
            [
                map(&[("ar", "فاس"), ("en", "Fez")]),
                map(&[("ar", "القاهرة"), ("en", "Cairo")])
            ]
        );
        assert_eq!(
            entities.iter().map(LangMap::facet_key).collect::<Vec<_>>(),
            ["فاس", "القاهرة"]
        );
        assert_eq!(
            map(&[("ar", "فاس"), ("en", "Fez"), ("en", "Cairo")])
                .entities()
                .len(),
            3
        );
        assert!(LangMap::new().entities().is_empty());
    }

    #[test]
    fn rejects_malformed_tags_in_json() {
        assert!(serde_json::from_str::<LangMap>(r#"{"klingon":["x"]}"#).is_err());
    }
}
