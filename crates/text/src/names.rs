//! Names of two words that are as often written as one: عبد الرحمن and عبدالرحمن, Abd al-Rahman and
//! Abdurrahman, Nur al-Din and Nureddin, أبو ظبي and أبوظبي.

use crate::script::{self, Script};
use crate::tokens::Word;

/// "Servant of", with the article of the next word drawn to it.
const SERVANT: [&str; 6] = ["abd", "abdul", "abdel", "abdal", "abdoul", "abdol"];

/// The name that two words in a row are parts of, written as one word.
pub(crate) fn joined(first: &Word, second: &Word) -> Option<String> {
    let fits = match script::of_word(&first.word) {
        Script::Arabic => {
            first.word == "ابو" && second.word.len() > 4
                || first.word == "عبد" && second.word.starts_with("ال")
                || matches!(second.word.as_str(), "الدين" | "الله") && first.word.len() > 4
        }
        Script::Latin => {
            let has_article = second.bare.is_some();
            first.word == "abu" && second.word.len() > 2
                || SERVANT.contains(&first.word.as_str()) && (has_article || first.word != "abd")
                || matches!(
                    second.bare.as_deref(),
                    Some("din" | "deen" | "dine" | "llah")
                )
        }
        _ => false,
    };
    fits.then(|| format!("{}{}", first.word, second.word))
}

/// The two words of a name written as one, each as it is looked up: a servant or an honour without
/// the article, and whose.
pub(crate) fn parts(word: &str) -> Option<(&str, &str)> {
    match script::of_word(word) {
        Script::Arabic => {
            let servant = word.strip_prefix("عبدال").map(|rest| ("عبد", rest));
            let honour = || Some((word.strip_suffix("الدين")?, "دين"));
            // أبوظبي, but not أبواب.
            let father = || {
                Some((
                    "ابو",
                    word.strip_prefix("ابو").filter(|rest| rest.len() > 4)?,
                ))
            };
            servant
                .or_else(honour)
                .or_else(father)
                .filter(|(first, rest)| first.len() > 4 && rest.len() > 3)
        }
        Script::Latin => {
            let servant = word.strip_prefix("abd").and_then(|rest| {
                let rest = rest
                    .strip_prefix("ou")
                    .or_else(|| rest.strip_prefix(['a', 'e', 'o', 'u']))?;
                // The article: l, or the first letter of the name once more.
                let name = rest.get(1..)?;
                let is_article = rest.starts_with('l') || name.get(..1) == rest.get(..1);
                is_article.then_some(("abd", name))
            });
            let honour = || {
                let rest = ["din", "dine", "deen"]
                    .iter()
                    .find_map(|din| word.strip_suffix(din))?;
                let first = rest
                    .strip_suffix(['d', 'l'])?
                    .strip_suffix(['a', 'e', 'u'])?;
                Some((first, "din"))
            };
            servant
                .or_else(honour)
                .filter(|(first, rest)| first.len() > 2 && rest.len() > 2)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_are_parted() {
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
            assert_eq!(parts(name), expected, "{name}");
        }
    }
}
