//! Arabic words: what is written together with them, and their endings.
//!
//! Light on purpose: only what is a suffix in spelling is taken off. A plural made inside the word
//! (كتب, مكاتب) is another word here, because guessing roots would make كاتب and كتاب one.

/// Languages written in the Arabic script whose words take no Arabic particles or endings.
pub(crate) fn is_other_language(primary: &str) -> bool {
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

/// The article with the particles before it, and how many letters must be left. `وال` takes care of
/// والد and its forms below.
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

/// Words in which a first letter that could be a particle is their own, although a word is left
/// without it: بطاقة (card) is not "with energy".
const WHOLE: [&str; 16] = [
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

/// What is left of a folded word without the article and the particles written together with it.
pub(crate) fn bare<'a>(word: &'a str, primary: &str) -> Option<&'a str> {
    if let Some(rest) = without_article(word) {
        return Some(rest);
    }
    // للغة: the lam of the article is not written before another.
    if word.starts_with("لل") && letters(word) == 4 {
        return word.strip_prefix('ل');
    }
    // The article of الله is never left out.
    if matches!(word, "لله" | "والله" | "بالله" | "ولله" | "تالله") {
        return Some("الله");
    }
    if is_other_language(primary) || WHOLE.contains(&word) {
        return None;
    }
    let (particle, rest) = split(word)?;
    // A second particle behind و or ف: ولكتاب, وبمخطوطات.
    let second = split(rest).filter(|(second, rest)| {
        matches!(particle, 'و' | 'ف') && matches!(second, 'ب' | 'ل' | 'ك') && letters(rest) >= 5
    });
    Some(second.map_or(rest, |(_, rest)| rest))
}

/// A word without its article: الكتاب, والكتاب, بالكتاب, للكتاب → كتاب.
pub(crate) fn without_article(word: &str) -> Option<&str> {
    ARTICLES.iter().find_map(|(prefix, least)| {
        let rest = word.strip_prefix(prefix)?;
        let father = *prefix == "وال" && rest.starts_with('د');
        (letters(rest) >= least + usize::from(father)).then_some(rest)
    })
}

/// A particle of one letter and the word behind it, if enough is left to believe it.
fn split(word: &str) -> Option<(char, &str)> {
    let mut chars = word.chars();
    let particle = chars.next()?;
    let rest = chars.as_str();
    if rest.starts_with("ال") {
        // Judged by `without_article`: والدين are parents.
        return None;
    }
    let least = match particle {
        'و' | 'ل' | 'ب' | 'ف' => 4,
        // Many words begin with kaf, few are compared.
        'ك' => 5,
        // The future: سيكتب.
        'س' if rest.starts_with(['ي', 'ت']) => 4,
        _ => return None,
    };
    (letters(rest) >= least && !WHOLE.contains(&word)).then_some((particle, rest))
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// `word` without `suffix`, if at least `least` letters are left.
fn without<'a>(word: &'a str, suffix: &str, least: usize) -> Option<&'a str> {
    word.strip_suffix(suffix)
        .filter(|rest| letters(rest) >= least)
}

/// The form under which an Arabic word is grouped with its own plural, dual and possessed forms.
///
/// A plural in ات keeps its own form, because its singular may end in ة (مخطوطة) or not (مجلد);
/// [`kin`] gives the forms to look up.
pub(crate) fn stem(word: &str) -> String {
    let mut stem = usual(without_article(word).unwrap_or(word));
    // A final hamza is often left out.
    if let Some(rest) = without(&stem, "ء", 2) {
        stem = rest.to_owned();
    }
    for (suffix, least) in [
        ("هما", 3),
        ("ها", 3),
        ("هم", 3),
        ("هن", 4),
        ("نا", 4),
        ("كم", 4),
    ] {
        let Some(rest) = without(&stem, suffix, least) else {
            continue;
        };
        // تفاهم and دراهم end so by themselves.
        if rest.ends_with('ا') && letters(rest) == 3 {
            continue;
        }
        // ة is written ت before a suffix.
        stem = match without(rest, "ت", 3) {
            Some(start) if !start.ends_with('ا') => format!("{start}ه"),
            _ => rest.to_owned(),
        };
        break;
    }
    for suffix in ["تين", "تان"] {
        if let Some(rest) = without(&stem, suffix, 3) {
            stem = format!("{rest}ه");
        }
    }
    for suffix in ["ون", "ين", "ان"] {
        if let Some(rest) = without(&stem, suffix, 4)
            && !["سليم", "مهرج"].contains(&rest)
        {
            stem = rest.to_owned();
            break;
        }
    }
    // The accusative: كتابًا.
    if let Some(rest) = without(&stem, "ا", 4)
        && !rest.ends_with('ي')
    {
        stem = rest.to_owned();
    }
    // عربي and عربية are one adjective.
    if let Some(rest) = without(&stem, "يه", 3) {
        stem = format!("{rest}ي");
    }
    stem
}

/// The usual spelling of names and words that are also written as in the Quran, without an alef.
fn usual(word: &str) -> String {
    const OLD: [(&str, &str); 13] = [
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
    let found = OLD.iter().find(|(old, _)| *old == word);
    found.map_or(word, |(_, usual)| usual).to_owned()
}

/// Other forms of a word whose groups a query looks up too: the plural in ات of a singular, and the
/// singulars of such a plural.
pub(crate) fn kin(word: &str, found: &mut Vec<String>) {
    let stem = stem(word);
    let short = |rest: &&str| {
        letters(rest) >= 3 && !(letters(rest) == 3 && rest.starts_with('ا'))
            || matches!(*rest, "لغ" | "اي" | "جه" | "كر")
    };
    if let Some(rest) = stem.strip_suffix("ات").filter(short) {
        found.push(self::stem(&format!("{rest}ه")));
        if takes_feminine_plural(rest) {
            found.push(self::stem(rest));
        }
    } else if let Some(rest) = stem.strip_suffix('ه').filter(short) {
        found.push(format!("{rest}ات"));
    } else if takes_feminine_plural(&stem) {
        found.push(format!("{stem}ات"));
        if stem.ends_with('ي') {
            found.push(format!("{stem}ه"));
        }
    }
    found.push(stem);
}

/// Whether a masculine word may have its plural in ات: long ones (مخطوط, حيوان), passive participles
/// (مجلد) and such as قرار. Of short ones it would be the plural of another word: جامعات is of جامعة.
fn takes_feminine_plural(word: &str) -> bool {
    match letters(word) {
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
    fn particles_and_article_are_taken_off() {
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
            assert_eq!(bare(word, "ar"), Some(rest), "{word}");
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
            assert_eq!(bare(word, "ar"), None, "{word}");
        }
        assert_eq!(bare("بيمارستان", "fa"), None);
    }

    #[test]
    fn endings_are_taken_off() {
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
