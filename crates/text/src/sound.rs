//! Keys of how a word sounds, the same for all scripts.
//!
//! A key is the consonants of a word in ten classes (B F J K L M N R S T), coarse enough that every
//! usual spelling of a name falls into one; [`crate::sounds_alike`] then tells the spellings apart.
//! What a letter may be besides its usual sound is left to the query, which looks up several keys.

use std::sync::LazyLock;

use crate::script::{self, Script};

/// What letters sound like, longest first where one begins another: the class or classes, then other
/// readings. `-` is no consonant. `^` stands for the beginning of a word and `$` for its end.
const CLASSES: &str = "^abdal BT|^abdel BT|^abdul BT|^abdol BT|^abdoul BT|aldin$ TN|eldin$ TN|uldin$ TN|\
chtch S|tsch S|shch S|dsch J|sch S|tch S|dzh J|dj J|ch S K -|sh S|kh K|gh K|ph F B|th T S|dh T|zh J S|ck K|\
ts S TS|tz S TS|cz S|sz S|ce S J K|ci S J K|cy S J K|at$ T -|et$ T -|b B|c K S J|d T|f F - B|g K J|h - K|\
j J -|k K|l L|m M|n N|p B|q K|r R|s S|t T|v - F B|w -|x KS K|z S T|\
^عبدال BT|الدين$ TN|ب B|پ B|ت T|ث S T|ج J K S|چ S|ح -|خ K -|د T|ذ T S|ر R|ز S|ژ J S|س S|ش S|ص S|ض T S|ط T|\
ظ T S|غ K|ف F -|ق K|ك K|گ K|ل L|م M|ن N|ه$ - T|ٹ T|ڈ T|ڑ R|\
б B|в - F|ое - J|ае - J|й - J|г K -|ґ K|д T|ж J S|з S|к K|л L|м M|н N|п B|р R|с S|т T|ф F|х K - S|ц S|ч S|ш S|щ S|\
^μπ B|^ντ T|^γκ K|τζ S|β B -|γ K J -|δ T|ζ S|θ T|κ K|λ L|μ M|ν N|ξ KS|π B|ρ R|σ S|τ T|φ F|χ K - S|ψ BS|\
ב B -|ג K J|ד T|ז S|ח - K S|ט T|כ K S|ל L|מ M|נ N|ס S|פ B F|צ S|ק K|ר R|ש S|ת T";

/// One rule of [`CLASSES`], read.
struct Rule {
    first: char,
    letters: &'static str,
    from_start: bool,
    to_end: bool,
    classes: &'static str,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let read = |rule: &'static str| {
        let (written, classes) = rule.split_once(' ')?;
        let letters = written.trim_matches(['^', '$']);
        Some(Rule {
            first: letters.chars().next()?,
            letters,
            from_start: written.starts_with('^'),
            to_end: written.ends_with('$'),
            classes,
        })
    };
    CLASSES.split('|').filter_map(read).collect()
});

/// At most so many keys are looked up for a word.
const MOST: usize = 24;

/// Short words that are part of many names, as they are written in Latin letters and in Arabic ones.
pub(crate) const SHORT: [(&str, &[&str], &[&str]); 10] = [
    ("BN", &["ibn", "bin", "ben", "b"], &["ابن", "بن"]),
    (
        "B",
        &[
            "abu", "abou", "abi", "aba", "bu", "bou", "abul", "aboul", "abol",
        ],
        &["ابو", "ابي", "ابا", "بو"],
    ),
    (
        "BT",
        &["abd", "abdul", "abdel", "abdal", "abdoul", "abdol"],
        &["عبد"],
    ),
    ("M", &["umm", "um", "oum", "oumm"], &["ام"]),
    ("T", &["taha"], &["طه"]),
    ("W", &["va", "ve", "wa"], &["و"]),
    ("L", &["la"], &["لا"]),
    ("M", &["ma"], &["ما"]),
    ("F", &["fi"], &["في"]),
    ("MN", &["min"], &["من"]),
];

/// The key of how a folded word sounds: its consonants, in Latin letters whatever its script. `None`
/// for words of which nobody asks that: numbers, scripts without an alphabet, very short words.
pub fn sound(word: &str) -> Option<String> {
    let mut keys = Vec::new();
    readings(without_article(word), 1, &mut keys);
    keys.pop()
}

/// The keys under which what sounds like a query word may be found.
pub(crate) fn keys(word: &str, found: &mut Vec<String>) {
    readings(word, MOST, found);
    let rest = without_article(word);
    if rest != word {
        readings(rest, MOST, found);
    }
}

/// A word without its article, also where that is written solid in Latin letters (`almoqtabas`).
pub(crate) fn without_article(word: &str) -> &str {
    match script::of_word(word) {
        Script::Arabic => crate::arabic::without_article(word),
        Script::Latin => word
            .strip_prefix("al")
            .or_else(|| word.strip_prefix("el"))
            .filter(|rest| rest.len() >= 5 && !rest.starts_with(['a', 'e', 'i', 'o', 'u', 'l'])),
        _ => None,
    }
    .unwrap_or(word)
}

/// A word with Syriac letters written as the Hebrew ones they correspond to.
pub(crate) fn square(word: &str) -> String {
    const SYRIAC: &str = "ܐܒܓܕܗܘܙܚܛܝܟܠܡܢܣܥܦܨܩܪܫܬ";
    const HEBREW: &str = "אבגדהוזחטיכלמנסעפצקרשת";
    word.chars()
        .map(|c| {
            let mut pairs = SYRIAC.chars().zip(HEBREW.chars());
            pairs
                .find(|(syriac, _)| *syriac == c)
                .map_or(c, |(_, hebrew)| hebrew)
        })
        .collect()
}

/// Adds up to `most` keys of a word, the usual reading first.
fn readings(word: &str, most: usize, found: &mut Vec<String>) {
    if let Some((key, ..)) = SHORT
        .iter()
        .find(|(_, latin, arabic)| latin.contains(&word) || arabic.contains(&word))
    {
        found.push((*key).to_owned());
        return;
    }
    let script = script::of_word(word);
    let sounds = match script {
        Script::Latin | Script::Greek | Script::Cyrillic => true,
        Script::Arabic | Script::Hebrew | Script::Syriac => true,
        Script::Unspaced | Script::Other => false,
    };
    let abjad = matches!(script, Script::Arabic | Script::Hebrew | Script::Syriac);
    let least = if abjad { 2 } else { 3 };
    if !sounds || word.chars().count() < least || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    let doubled = matches!(script, Script::Latin | Script::Greek | Script::Cyrillic);
    let word = square(word);
    let mut keys = vec![String::new()];
    let mut rest = word.as_str();
    let mut before = "";
    while let Some(c) = rest.chars().next() {
        let is_first = rest.len() == word.len();
        let rule = RULES.iter().find(|rule| {
            rule.first == c
                && rest.starts_with(rule.letters)
                && (!rule.from_start || is_first)
                && (!rule.to_end
                    || rest.len() == rule.letters.len() && word.len() > rule.letters.len() + 2)
        });
        let (letters, classes) = match rule {
            Some(rule) => (rule.letters, rule.classes),
            None => (rest.get(..c.len_utf8()).unwrap_or(rest), "-"),
        };
        rest = rest.get(letters.len()..).unwrap_or_default();
        if doubled && letters == before && classes != "-" {
            continue;
        }
        before = letters;
        let mut more = Vec::new();
        for (place, class) in classes.split(' ').enumerate() {
            let class = if class == "-" { "" } else { class };
            for key in &keys {
                if place == 0 || keys.len() + more.len() < most {
                    more.push(format!("{key}{class}"));
                }
            }
        }
        more.truncate(most);
        keys = more;
    }
    keys.retain(|key| !key.is_empty());
    found.append(&mut keys);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn spellings_share_a_key() {
        for (word, spellings) in [
            (
                "المقتبس",
                "muqtabas moqtabas almoqtabas almuqtabas mouqtabas",
            ),
            ("كتاب", "kitab kitāb ketab"),
            ("محمد", "Muḥammad Mohammed Mehmet Mohamed"),
            ("عثمان", "Osman Uthman"),
            ("حافظ", "Hafez Ḥāfiẓ"),
            ("خالد", "Khalid Ḫālid Halid"),
            ("جمال", "Jamal Djamel Gamal Cemal"),
            ("Достоевский", "Dostoevsky Dostoyevskij Dostoyevsky"),
            ("Чехов", "Chekhov Tchekhov Čechov"),
            ("λόγος", "logos"),
            ("שלום", "shalom"),
            ("ירושלים", "Yerushalayim"),
            ("عبدالرحمن", "Abdurrahman Abdelrahman ʿAbdalraḥmān"),
        ] {
            let key = sound(&fold(word)).expect("a key");
            for spelling in spellings.split(' ') {
                let mut found = Vec::new();
                keys(&fold(spelling), &mut found);
                assert!(found.contains(&key), "{word} {key}: {spelling} {found:?}");
                // And the other way round.
                let key = sound(&fold(spelling)).expect("a key");
                let mut found = Vec::new();
                keys(&fold(word), &mut found);
                assert!(found.contains(&key), "{spelling} {key}: {word} {found:?}");
            }
        }
    }

    #[test]
    fn some_words_have_no_key() {
        for word in ["1324", "北京", "ab", "x", "يا", "", "हिन्दी", "MS12"] {
            assert_eq!(sound(&fold(word)), None, "{word}");
        }
    }
}
