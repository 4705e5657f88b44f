//! Guesses of the language of values without a language, from their function words.
//!
//! Models of letter sequences need a sentence or two, and assign a language to personal names and
//! to lists of keywords as well. Function words do not occur there, so such values remain without a
//! language and are not stemmed.

use crate::fold;

/// The most frequent function words of the languages for which stemming depends on the language.
/// Words that are frequent in many languages, such as "de", are listed for each of them.
const FUNCTION_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the of and in to a with on for from by at his her is an or as after over near into",
    ),
    (
        "fr",
        "le la les de des du et à au aux en un une dans sur pour par avec l d est qui sous",
    ),
    (
        "de",
        "der die das und in des dem den von mit zu im ein eine auf für aus am zur bei nach ist",
    ),
    (
        "es",
        "el la los las de del y en un una con para por su al que se sobre",
    ),
    (
        "pt",
        "o a os as de do da dos das e em no na um uma com para por ao que sobre",
    ),
    (
        "it",
        "il lo la i gli le di del della dei delle e in un una con per da al nel su che",
    ),
    (
        "nl",
        "de het een van en in op met voor te aan bij uit naar door over is zijn ter",
    ),
    (
        "sv",
        "och av i en ett med på för till från den det som är vid den om under",
    ),
    (
        "da",
        "og af i en et med på for til fra den det som er ved der om under",
    ),
    (
        "fi",
        "ja on ei se että oli kanssa sekä myös kun joka mukaan vuonna tai",
    ),
    (
        "hu",
        "a az és egy nem hogy is meg volt van mint vagy egyik szerint által",
    ),
    (
        "ro",
        "și de la în din cu pe un o pentru al lui cel care prin sau sub",
    ),
    (
        "tr",
        "ve bir bu ile için da de olarak olan çok ne gibi kadar sonra",
    ),
    (
        "pl",
        "i w z na do nie się że jest od o po przez dla pod za ze oraz",
    ),
    ("cs", "a v na z s do je se že pro od k o ve po při pod ze"),
    (
        "ru",
        "и в на с не из к по у о от за для его под при как что",
    ),
    ("uk", "і в на з не у до від за для його під при як що та й"),
    (
        "ar",
        "في من على إلى عن التي الذي هذا هذه بن ابن أو ما لا كان مع بعد بين",
    ),
    ("fa", "و در به از که این را با است آن برای تا بر یک هم نیز"),
    ("ur", "کے میں کی اور کا سے کو ہے پر نے ایک یہ کہ ہیں بھی"),
    ("ckb", "لە و بە بۆ کە ئەم لەگەڵ ئەو یان سەر هەر دوای"),
];

/// Minimum number of function words.
const MIN_WORDS: u32 = 3;
/// Minimum frequency of the function words of a language: one in this number of words.
const MIN_FREQUENCY: u32 = 24;

/// Counts the function words of a number of values.
#[derive(Debug, Clone)]
pub struct LanguageGuess {
    /// The folded function words of each language.
    function_words: Vec<(&'static str, Vec<String>)>,
    counts: Vec<u32>,
    words: u32,
}

impl Default for LanguageGuess {
    fn default() -> LanguageGuess {
        let function_words: Vec<_> = FUNCTION_WORDS
            .iter()
            .map(|(language, words)| (*language, words.split(' ').map(fold).collect()))
            .collect();
        LanguageGuess {
            counts: vec![0; function_words.len()],
            function_words,
            words: 0,
        }
    }
}

impl LanguageGuess {
    /// Adds the words of a value.
    pub fn add(&mut self, value: &str) {
        let folded = fold(value);
        for word in folded.split(|c: char| !c.is_alphanumeric()) {
            if word.is_empty() || word.starts_with(|c: char| c.is_numeric()) {
                continue;
            }
            self.words = self.words.saturating_add(1);
            for (count, (_, words)) in self.counts.iter_mut().zip(&self.function_words) {
                *count += u32::from(words.iter().any(|other| other == word));
            }
        }
    }

    /// Returns the primary subtag of the language, or `None` if the values have too few function
    /// words, or as many of another language.
    pub fn language(&self) -> Option<&'static str> {
        let languages = self.function_words.iter().map(|(language, _)| *language);
        let mut counts: Vec<(u32, &str)> = self.counts.iter().copied().zip(languages).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let [(best, language), (second, _), ..] = counts.as_slice() else {
            return None;
        };
        let is_frequent = best.saturating_mul(MIN_FREQUENCY) >= self.words;
        // Related languages share many function words.
        let is_distinct = second.saturating_mul(5) <= best.saturating_mul(4);
        (*best >= MIN_WORDS && is_frequent && is_distinct).then_some(*language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(values: &[&str]) -> Option<&'static str> {
        let mut guess = LanguageGuess::default();
        for value in values {
            guess.add(value);
        }
        guess.language()
    }

    #[test]
    fn languages_of_titles_are_guessed() {
        for (language, titles) in [
            (
                "en",
                [
                    "Red and Blue Teapot",
                    "View of the Castle",
                    "The Harbour at Night",
                ],
            ),
            (
                "fr",
                [
                    "Vue du port",
                    "La baigneuse au bord de l’eau",
                    "Une femme dans un jardin",
                ],
            ),
            (
                "de",
                [
                    "Blick auf die Stadt",
                    "Der Hafen von Hamburg",
                    "Bildnis eines Mannes mit Hut",
                ],
            ),
            (
                "es",
                [
                    "El puerto de Cádiz",
                    "Retrato de un niño con perro",
                    "Vista del castillo",
                ],
            ),
            (
                "it",
                [
                    "Veduta del porto",
                    "Ritratto di un uomo",
                    "La chiesa della Salute con barche",
                ],
            ),
            (
                "nl",
                [
                    "Gezicht op het dorp",
                    "Portret van een man",
                    "De brug bij de molen",
                ],
            ),
            (
                "tr",
                ["Cami ve çeşme", "Bir köy için plan", "Saray ile bahçe"],
            ),
            (
                "ru",
                [
                    "Вид на город",
                    "Портрет женщины с веером",
                    "В лесу и на реке",
                ],
            ),
            ("ar", ["رحلة إلى الشام", "كتاب في الطب", "رسالة من فاس"]),
            (
                "fa",
                [
                    "تاریخ ایران از آغاز",
                    "سفرنامه به شیراز",
                    "کتابی در طب که یافت شد",
                ],
            ),
        ] {
            assert_eq!(guess(&titles), Some(language), "{titles:?}");
        }
    }

    #[test]
    fn names_keywords_and_mixed_values_have_no_language() {
        for values in [
            &[
                "Peter De Wint",
                "Charles de Gaulle",
                "Honoré de Balzac",
                "Lope de Vega",
            ][..],
            &["Henry Moore OM, CH", "Sir Stanley Spencer", "Paul Nash"],
            &["river", "townscape, distant", "boat, sailing", "wooded"],
            &[
                "Vue du port",
                "View of the harbour",
                "Le pont et la ville",
                "The bridge and town",
            ],
            &["The Castle"],
            &["", "1906", "…"],
            &[],
        ] {
            assert_eq!(guess(values), None, "{values:?}");
        }
    }
}
