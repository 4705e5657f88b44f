//! Persian prefixes and suffixes that are written with a zero-width non-joiner (ZWNJ), with a space,
//! or as part of the word.

/// The prefixes of verbs, folded.
const PREFIXES: [&str; 2] = ["مي", "نمي"];

/// The plural suffix with its possible endings, and the comparative and superlative suffixes,
/// folded. They are hardly ever words in other languages with Arabic script.
const SUFFIXES: [&str; 16] = [
    "ها",
    "هاي",
    "هايي",
    "هايم",
    "هايت",
    "هايش",
    "هايمان",
    "هايتان",
    "هايشان",
    "هام",
    "هات",
    "هاش",
    "تر",
    "ترين",
    "تري",
    "گري",
];

/// Further suffixes, folded. Some of them are words in other languages.
const PERSIAN_ONLY_SUFFIXES: [&str; 10] = [
    "ام", "ات", "اش", "اي", "ايم", "ايد", "اند", "مان", "تان", "شان",
];

/// Words that only seem to have a suffix.
const WORDS: [&str; 4] = ["انتها", "ابتها", "دختر", "دفتر"];

/// Minimum length of the rest of a word without a prefix or suffix, in letters.
const MIN_LETTERS: usize = 3;

fn is_persian(primary: &str) -> bool {
    matches!(primary, "fa" | "prs")
}

/// Joins two words that a space separates. Returns `None` if they are not parts of one word.
///
/// `primary` is the language of the text.
pub(crate) fn join(first: &str, second: &str, primary: &str) -> Option<String> {
    let is_suffix = SUFFIXES.contains(&second)
        || is_persian(primary) && PERSIAN_ONLY_SUFFIXES.contains(&second);
    let is_prefix = PREFIXES.contains(&first) && second.chars().nth(1).is_some();
    (is_suffix || is_prefix).then(|| format!("{first}{second}"))
}

/// Splits a word into its prefix or suffix and the rest. Returns `None` if it has none, or if its
/// language, `primary`, is not Persian.
pub(crate) fn split<'a>(word: &'a str, primary: &str) -> Option<(&'a str, &'a str)> {
    if !is_persian(primary) || WORDS.contains(&word) {
        return None;
    }
    let is_long = |rest: &str| rest.chars().nth(MIN_LETTERS - 1).is_some();
    let with_suffix = SUFFIXES.iter().find_map(|suffix| {
        let rest = word.strip_suffix(suffix)?;
        // آنها and اینها are usually written as one word.
        (is_long(rest) || rest == "ان").then(|| word.split_at(rest.len()))
    });
    with_suffix.or_else(|| {
        let (prefix, verb) = PREFIXES
            .iter()
            .find_map(|prefix| Some((*prefix, word.strip_prefix(prefix)?)))?;
        // The personal endings distinguish verbs from nouns such as میراث.
        let is_verb = is_long(verb) && verb.ends_with(['م', 'ي', 'د']);
        is_verb.then(|| word.split_at(prefix.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn parts_that_a_space_separates_are_joined() {
        for (first, second, primary, expected) in [
            ("کتاب", "ها", "fa", true),
            ("کتاب", "هایشان", "", true),
            ("می", "نویسند", "", true),
            ("نمی", "روم", "fa", true),
            ("بزرگ", "ترین", "", true),
            ("رفته", "ام", "fa", true),
            ("كتاب", "أم", "ar", false),
            ("کتاب", "خانه", "fa", false),
        ] {
            let joined = join(&fold(first), &fold(second), primary);
            let expected = expected.then(|| fold(first) + &fold(second));
            assert_eq!(joined, expected, "{first} {second}");
        }
    }

    #[test]
    fn words_written_without_a_separator_are_split() {
        for (word, expected) in [
            ("کتابهایشان", Some(("كتاب", "هايشان"))),
            ("آنها", Some(("ان", "ها"))),
            ("مینویسند", Some(("مي", "نويسند"))),
            ("نمیرفتیم", Some(("نمي", "رفتيم"))),
            ("تنها", None),
            ("انتها", None),
            ("دفتر", None),
            ("میراث", None),
            ("می", None),
        ] {
            assert_eq!(split(&fold(word), "fa"), expected, "{word}");
            assert_eq!(split(&fold(word), "ar"), None, "{word}");
        }
    }
}
