//! Language tags and language maps.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::SmallMap;
use crate::direction::{Direction, first_strong, script_is_rtl};

/// A well-formed BCP 47 language tag (RFC 5646) in its canonical case: `ar`, `ar-Latn`, `zh-Hant-TW`.
///
/// Well-formed only: whether its subtags are registered is checked at ingest, where the registry is
/// at hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LangTag(String);

/// Why a text is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a well-formed BCP 47 language tag")]
pub struct LangTagError(pub String);

impl LangTag {
    /// The tag of a value whose language is not known.
    pub const UNKNOWN: &'static str = "und";

    /// `und`.
    pub fn und() -> Self {
        LangTag(Self::UNKNOWN.to_owned())
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first subtag: `ar` of `ar-Latn`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The script subtag, where the tag names one: `Latn` of `ar-Latn`.
    pub fn script(&self) -> Option<&str> {
        self.0
            .split('-')
            .skip(1)
            .take_while(|part| part.len() > 1)
            .find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()))
    }

    /// Whether the language is unknown.
    pub fn is_und(&self) -> bool {
        self.primary() == Self::UNKNOWN
    }

    /// The direction of a value in this language: by its script if the tag names one, otherwise by
    /// the script the language is usually written in; `None` where the language is unknown.
    pub fn direction(&self) -> Option<Direction> {
        // Languages whose usual script (CLDR's likely subtags) runs right to left.
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

    /// The direction of `value` in this language: as [`LangTag::direction`], and by the value's
    /// first letter where the language does not say.
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
        let wrong = || LangTagError(text.chars().take(80).collect());
        let mut canonical = String::with_capacity(text.len());
        let mut after_singleton = false;
        for (i, part) in text.split('-').enumerate() {
            let alphabetic = part.bytes().all(|b| b.is_ascii_alphabetic());
            let fits =
                (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
            if !fits {
                return Err(wrong());
            }
            let part = part.to_ascii_lowercase();
            if i == 0 {
                // A language has two or three letters; `x` begins a private tag.
                if !alphabetic || !(matches!(part.len(), 2 | 3) || part == "x") {
                    return Err(wrong());
                }
                after_singleton = part == "x";
                canonical.push_str(&part);
                continue;
            }
            canonical.push('-');
            let mut letters = part.chars();
            match letters.next() {
                Some(first) if !after_singleton && part.len() == 4 && alphabetic => {
                    canonical.push(first.to_ascii_uppercase());
                    canonical.push_str(letters.as_str());
                }
                _ if !after_singleton && part.len() == 2 && alphabetic => {
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

/// One or more values in one or more languages, in the form of IIIF Presentation 3's language maps,
/// with `und` where IIIF writes `none`: `{"ar": ["المقتبس"], "ar-Latn": ["al-Muqtabas"]}`.
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

impl LangMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of one value.
    pub fn of(tag: LangTag, value: impl Into<String>) -> Self {
        let mut map = Self::new();
        map.push(tag, value);
        map
    }

    /// Adds a value after those already there in its language.
    pub fn push(&mut self, tag: LangTag, value: impl Into<String>) {
        self.0.entry(tag, Vec::new()).push(value.into());
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, values)| values.is_empty())
    }

    /// Every value with its language, languages in order of their tags, values as given.
    pub fn iter(&self) -> impl Iterator<Item = (&LangTag, &str)> {
        self.0
            .iter()
            .flat_map(|(tag, values)| values.iter().map(move |value| (tag, value.as_str())))
    }

    /// The values in exactly this language.
    pub fn get(&self, tag: &str) -> &[String] {
        self.0
            .find(|own| own.as_str() == tag)
            .map_or(&[], Vec::as_slice)
    }

    /// The language whose values serve a reader of `wanted` best, with the first of them: the
    /// language itself in its own script, then as written in another script, then Arabic, English,
    /// French, then whatever there is.
    pub fn best(&self, wanted: &str) -> Option<(&LangTag, &str)> {
        let (tag, values) = self.best_values(wanted)?;
        Some((tag, values.first()?.as_str()))
    }

    /// As [`LangMap::best`], with every value in that language.
    pub fn best_values(&self, wanted: &str) -> Option<(&LangTag, &[String])> {
        self.0
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .min_by_key(|(tag, _)| {
                let language = [wanted, "ar", "en", "fr"]
                    .iter()
                    .position(|l| tag.primary() == *l)
                    .unwrap_or(4);
                (language, tag.script().is_some(), tag.is_und(), tag.as_str())
            })
            .map(|(tag, values)| (tag, values.as_slice()))
    }

    /// The things that the values name. Where every language has as many values, the first values
    /// of all are one thing in several languages, and so on; otherwise each value stands for itself.
    pub fn things(&self) -> Vec<LangMap> {
        let mut counts = self
            .0
            .iter()
            .map(|(_, values)| values.len())
            .filter(|count| *count > 0);
        let count = counts.next().unwrap_or(0);
        let aligned = counts.all(|other| other == count);
        let mut things = vec![LangMap::new(); if aligned { count } else { 0 }];
        for (tag, values) in self.0.iter() {
            for (i, value) in values.iter().enumerate() {
                match things.get_mut(i).filter(|_| aligned) {
                    Some(thing) => thing.push(tag.clone(), value.as_str()),
                    None => things.push(LangMap::of(tag.clone(), value.as_str())),
                }
            }
        }
        things
    }

    /// What names a thing in a search: its best name for a reader of Arabic, whoever asks.
    pub fn key(&self) -> &str {
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
    fn tags_take_their_canonical_case() {
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
    fn what_is_not_a_tag_is_refused() {
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
    fn direction_follows_script_then_language_then_letters() {
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
    fn the_best_value_is_the_readers_language_then_its_transliteration() {
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
    }

    #[test]
    fn values_that_match_in_number_are_one_thing_in_several_languages() {
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
        let found = cities.things();
        assert_eq!(
            found,
            [
                map(&[("ar", "فاس"), ("en", "Fez")]),
                map(&[("ar", "القاهرة"), ("en", "Cairo")])
            ]
        );
        assert_eq!(
            found.iter().map(LangMap::key).collect::<Vec<_>>(),
            ["فاس", "القاهرة"]
        );
        assert_eq!(
            map(&[("ar", "فاس"), ("en", "Fez"), ("en", "Cairo")])
                .things()
                .len(),
            3
        );
        assert!(LangMap::new().things().is_empty());
    }

    #[test]
    fn tags_read_from_json_are_checked() {
        assert!(serde_json::from_str::<LangMap>(r#"{"klingon":["x"]}"#).is_err());
    }
}
