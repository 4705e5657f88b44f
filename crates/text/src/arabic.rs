//! Analysis of Arabic words: proclitics and a light stemmer.
//!
//! The stemmer removes only affixes. Broken plurals (كتب, مكاتب) have their own stems, because
//! reducing words to roots would conflate كاتب (writer) and كتاب (book).

/// Returns `true` if `primary` is a language other than Arabic that is written in the Arabic
/// script. The words of such a language have neither the proclitics nor the suffixes of Arabic.
pub(crate) fn is_non_arabic(primary: &str) -> bool {
    matches!(
        primary,
        "fa" | "prs"
            | "ur"
            | "ckb"
            | "ku"
            | "sdh"
            | "ps"
            | "ug"
            | "sd"
            | "tg"
            | "uz"
            | "az"
            | "ota"
            | "tr"
            | "ks"
            | "pa"
            | "pnb"
            | "ms"
            | "bal"
    )
}

/// The forms of the article and the particles before it, each with the minimum number of letters
/// that must be left when it is removed. [`strip_article`] has an exception for والد (father) and
/// its forms.
const ARTICLES: [(&str, usize); 14] = [
    ("وبال", 3),
    ("وكال", 3),
    ("فبال", 3),
    ("فكال", 3),
    ("وللا", 3),
    ("ولل", 3),
    ("فلل", 3),
    ("وال", 3),
    ("فال", 3),
    ("بال", 3),
    ("كال", 3),
    ("لل", 3),
    ("ءال", 3),
    ("ال", 3),
];

/// Words whose first letter is not a particle, although the remaining letters are also a word:
/// بطاقة (card) is not ب + طاقة ("with energy").
const EXCEPTIONS: [&str; 16] = [
    "فلسفه",
    "فنادق",
    "فضيله",
    "بطاقه",
    "بحيره",
    "بشاره",
    "بضاعه",
    "برديه",
    "بلديه",
    "بدايه",
    "بنايه",
    "بصيره",
    "بساتين",
    "وسايل",
    "لبنان",
    "فواصل",
];

/// Removes the article and other proclitics from a folded word. Returns `None` if the word has
/// none.
pub(crate) fn strip_proclitics<'a>(word: &'a str, primary: &str) -> Option<&'a str> {
    if let Some(rest) = strip_article(word) {
        return Some(rest);
    }
    // In للغة (ل + ال + لغة) the lam of the article is not written.
    if word.starts_with("لل") && letter_count(word) == 4 {
        return word.strip_prefix('ل');
    }
    // The article is part of the name الله.
    if matches!(word, "لله" | "والله" | "بالله" | "ولله" | "تالله") {
        return Some("الله");
    }
    if is_non_arabic(primary) || EXCEPTIONS.contains(&word) {
        return None;
    }
    let (particle, rest) = split_particle(word)?;
    // A second particle can follow و and ف: ولكتاب, وبمخطوطات.
    let second = split_particle(rest).filter(|(second, rest)| {
        matches!(particle, 'و' | 'ف')
            && matches!(second, 'ب' | 'ل' | 'ك')
            && letter_count(rest) >= 5
    });
    Some(second.map_or(rest, |(_, rest)| rest))
}

/// Removes the article and the particles before it: الكتاب, والكتاب, بالكتاب and للكتاب become
/// كتاب. Returns `None` if the word has no article.
pub(crate) fn strip_article(word: &str) -> Option<&str> {
    ARTICLES.iter().find_map(|(prefix, min_letters)| {
        let rest = word.strip_prefix(prefix)?;
        // والد, والدة and والدي are forms of "parent", not و + ال + د….
        let may_be_parent = *prefix == "وال" && rest.starts_with('د');
        (letter_count(rest) >= min_letters + usize::from(may_be_parent)).then_some(rest)
    })
}

/// Splits off a particle of one letter. Returns `None` if the word has none, or if too few letters
/// would be left.
fn split_particle(word: &str) -> Option<(char, &str)> {
    let mut chars = word.chars();
    let particle = chars.next()?;
    let rest = chars.as_str();
    if rest.starts_with("ال") {
        // `strip_article` has decided that this is not an article, as in والدين (parents).
        return None;
    }
    let min_letters = match particle {
        'و' | 'ل' | 'ب' | 'ف' => 4,
        // Words that begin with a kaf are more common than words that have kaf ("like") as a
        // particle.
        'ك' => 5,
        // The particle of the future tense, as in سيكتب.
        'س' if rest.starts_with(['ي', 'ت']) => 4,
        _ => return None,
    };
    (letter_count(rest) >= min_letters && !EXCEPTIONS.contains(&word)).then_some((particle, rest))
}

fn letter_count(word: &str) -> usize {
    word.chars().count()
}

/// Removes a suffix if at least `min_letters` letters are left.
fn strip_suffix<'a>(word: &'a str, suffix: &str, min_letters: usize) -> Option<&'a str> {
    word.strip_suffix(suffix)
        .filter(|rest| letter_count(rest) >= min_letters)
}

/// Returns the stem of a folded word. A noun has the same stem as its sound masculine plural, its
/// dual, and its forms with possessive suffixes.
///
/// A plural in ات is its own stem, because its singular may (مخطوطة) or may not (مجلد) end in ة;
/// [`lookup_stems`] returns both.
pub(crate) fn stem(word: &str) -> String {
    let mut stem = modern_spelling(strip_article(word).unwrap_or(word));
    // A final hamza is often omitted.
    if let Some(rest) = strip_suffix(&stem, "ء", 2) {
        stem = rest.to_owned();
    }
    for (suffix, min_letters) in [
        ("هما", 3),
        ("ها", 3),
        ("هم", 3),
        ("هن", 4),
        ("نا", 4),
        ("كم", 4),
    ] {
        let Some(rest) = strip_suffix(&stem, suffix, min_letters) else {
            continue;
        };
        // The ending is part of the word in تفاهم and دراهم.
        if rest.ends_with('ا') && letter_count(rest) == 3 {
            continue;
        }
        // ة becomes ت before a suffix.
        stem = match strip_suffix(rest, "ت", 3) {
            Some(start) if !start.ends_with('ا') => format!("{start}ه"),
            _ => rest.to_owned(),
        };
        break;
    }
    for suffix in ["تين", "تان"] {
        if let Some(rest) = strip_suffix(&stem, suffix, 3) {
            stem = format!("{rest}ه");
        }
    }
    for suffix in ["ون", "ين", "ان"] {
        if let Some(rest) = strip_suffix(&stem, suffix, 4)
            && !["سليم", "مهرج"].contains(&rest)
        {
            stem = rest.to_owned();
            break;
        }
    }
    // The ending of the accusative, as in كتابًا.
    if let Some(rest) = strip_suffix(&stem, "ا", 4)
        && !rest.ends_with('ي')
    {
        stem = rest.to_owned();
    }
    // The ending of the feminine of a nisba adjective, as in عربية and عربي.
    if let Some(rest) = strip_suffix(&stem, "يه", 3) {
        stem = format!("{rest}ي");
    }
    stem
}

/// Returns the modern spelling of a word or name that is also written as in the Quran, in most
/// cases without an alef. Returns other words unchanged.
fn modern_spelling(word: &str) -> String {
    const SPELLINGS: [(&str, &str); 13] = [
        ("هرون", "هارون"),
        ("رحمان", "رحمن"),
        ("اسحق", "اسحاق"),
        ("ابرهيم", "ابراهيم"),
        ("اسمعيل", "اسماعيل"),
        ("سليمن", "سليمان"),
        ("معويه", "معاويه"),
        ("عثمن", "عثمان"),
        ("داوود", "داود"),
        ("طاووس", "طاوس"),
        ("صلوه", "صلاه"),
        ("زكوه", "زكاه"),
        ("حيوه", "حياه"),
    ];
    let modern = SPELLINGS.iter().find(|(old, _)| *old == word);
    modern.map_or(word, |(_, modern)| modern).to_owned()
}

/// Adds the stems under which a query word is looked up: the stem of the word, and the stems of its
/// plural in ات or the singulars of such a plural.
pub(crate) fn lookup_stems(word: &str, stems: &mut Vec<String>) {
    let stem = stem(word);
    let can_be_stem = |rest: &&str| {
        letter_count(rest) >= 3 && !(letter_count(rest) == 3 && rest.starts_with('ا'))
            || matches!(*rest, "لغ" | "اي" | "جه" | "كر")
    };
    if let Some(rest) = stem.strip_suffix("ات").filter(can_be_stem) {
        stems.push(self::stem(&format!("{rest}ه")));
        if may_have_feminine_plural(rest) {
            stems.push(self::stem(rest));
        }
    } else if let Some(rest) = stem.strip_suffix('ه').filter(can_be_stem) {
        stems.push(format!("{rest}ات"));
    } else if may_have_feminine_plural(&stem) {
        stems.push(format!("{stem}ات"));
        if stem.ends_with('ي') {
            stems.push(format!("{stem}ه"));
        }
    }
    stems.push(stem);
}

/// Returns `true` if a masculine noun can have a plural in ات: long words (مخطوط, حيوان), passive
/// participles (مجلد) and words like قرار. For short words, the plural would be that of another
/// noun: جامعات is the plural of جامعة, not of جامع.
fn may_have_feminine_plural(word: &str) -> bool {
    match letter_count(word) {
        length if length >= 5 => true,
        4 => {
            (word.starts_with('م') || word.chars().nth(2) == Some('ا'))
                && !["مكتب", "مطبع", "مدرس", "محكم", "مقبر", "ملكي", "كتاب"].contains(&word)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proclitics_are_stripped() {
        for (word, rest) in [
            ("الكتاب", "كتاب"),
            ("والكتاب", "كتاب"),
            ("والكتب", "كتب"),
            ("وبالمخطوطات", "مخطوطات"),
            ("للكتاب", "كتاب"),
            ("ومخطوطات", "مخطوطات"),
            ("بمخطوطات", "مخطوطات"),
            ("وبمخطوطات", "مخطوطات"),
            ("لكتاب", "كتاب"),
            ("سيكتبون", "يكتبون"),
            ("لله", "الله"),
            ("للغه", "لغه"),
        ] {
            assert_eq!(strip_proclitics(word, "ar"), Some(rest), "{word}");
        }
        for word in [
            "والد",
            "والدين",
            "بالغ",
            "الف",
            "كتاب",
            "بلد",
            "فكر",
            "لسان",
            "سلام",
            "ورده",
            "وزير",
            "بطاقه",
            "لبنان",
        ] {
            assert_eq!(strip_proclitics(word, "ar"), None, "{word}");
        }
        assert_eq!(strip_proclitics("بيمارستان", "fa"), None);
    }

    #[test]
    fn suffixes_are_stripped() {
        for (word, expected) in [
            ("مهندسون", "مهندس"),
            ("مهندسين", "مهندس"),
            ("كتابها", "كتاب"),
            ("كتبهم", "كتب"),
            ("كتابا", "كتاب"),
            ("هرون", "هارون"),
            ("مكتبتها", "مكتبه"),
            ("كتابان", "كتاب"),
            ("مخطوطتين", "مخطوطه"),
            ("العربيه", "عربي"),
            ("علماء", "علما"),
            ("قانون", "قانون"),
            ("سليمان", "سليمان"),
            ("حسين", "حسين"),
            ("تفاهم", "تفاهم"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
