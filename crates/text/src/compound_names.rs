//! Compound names that are written as two words or as one: عبد الرحمن and عبدالرحمن, Abd al-Rahman
//! and Abdurrahman, Nur al-Din and Nureddin, أبو ظبي and أبوظبي.

use crate::script::{self, Script};
use crate::tokenize::Word;

/// Romanizations of عبد ("servant of"), with and without the vowel of the article that follows.
const ABD: [&str; 6] = ["abd", "abdul", "abdel", "abdal", "abdoul", "abdol"];

/// Joins two consecutive words into a compound name. Returns `None` if they do not form a compound
/// name.
pub(crate) fn join(first: &Word, second: &Word) -> Option<String> {
    let is_compound = match script::of_word(&first.word) {
        Script::Arabic => {
            first.word == "ابو" && second.word.len() > 4
                || first.word == "عبد" && second.word.starts_with("ال")
                || matches!(second.word.as_str(), "الدين" | "الله") && first.word.len() > 4
        }
        Script::Latin => {
            let has_article = second.stripped.is_some();
            first.word == "abu" && second.word.len() > 2
                || ABD.contains(&first.word.as_str()) && (has_article || first.word != "abd")
                || matches!(
                    second.stripped.as_deref(),
                    Some("din" | "deen" | "dine" | "llah")
                )
        }
        _ => false,
    };
    is_compound.then(|| format!("{}{}", first.word, second.word))
}

/// Splits a compound name that is written as one word into its two parts, without the article
/// between them. Returns `None` if the word is not a compound name.
///
/// Recognises names with عبد ("servant of"), الدين ("of the faith") and أبو ("father of").
pub(crate) fn split(word: &str) -> Option<(&str, &str)> {
    match script::of_word(word) {
        Script::Arabic => {
            let abd = word.strip_prefix("عبدال").map(|rest| ("عبد", rest));
            let al_din = || Some((word.strip_suffix("الدين")?, "دين"));
            // أبوظبي, but not أبواب.
            let abu = || {
                Some((
                    "ابو",
                    word.strip_prefix("ابو").filter(|rest| rest.len() > 4)?,
                ))
            };
            abd.or_else(al_din)
                .or_else(abu)
                .filter(|(first, rest)| first.len() > 4 && rest.len() > 3)
        }
        Script::Latin => {
            let abd = word.strip_prefix("abd").and_then(|rest| {
                let rest = rest
                    .strip_prefix("ou")
                    .or_else(|| rest.strip_prefix(['a', 'e', 'o', 'u']))?;
                // The consonant of the article is l or, if the article is assimilated, the first
                // letter of the name.
                let name = rest.get(1..)?;
                let is_article = rest.starts_with('l') || name.get(..1) == rest.get(..1);
                is_article.then_some(("abd", name))
            });
            let al_din = || {
                let rest = ["din", "dine", "deen"]
                    .iter()
                    .find_map(|din| word.strip_suffix(din))?;
                let first = rest
                    .strip_suffix(['d', 'l'])?
                    .strip_suffix(['a', 'e', 'u'])?;
                Some((first, "din"))
            };
            abd.or_else(al_din)
                .filter(|(first, rest)| first.len() > 2 && rest.len() > 2)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn compound_names_are_split() {
        for (name, expected) in [
            ("عبدالرحمن", Some(("عبد", "رحمن"))),
            ("نورالدين", Some(("نور", "دين"))),
            ("abdurrahman", Some(("abd", "rahman"))),
            ("abdelkader", Some(("abd", "kader"))),
            ("abdullah", Some(("abd", "lah"))),
            ("nureddin", Some(("nur", "din"))),
            ("salahuddin", Some(("salah", "din"))),
            ("abdomen", None),
            ("paladin", None),
            ("ابوظبي", Some(("ابو", "ظبي"))),
            ("ابواب", None),
            ("abundant", None),
            ("عبد", None),
            ("الدين", None),
        ] {
            assert_eq!(split(name), expected, "{name}");
        }
    }
}
