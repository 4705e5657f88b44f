//! Phonetic keys, which are the same for all scripts.
//!
//! A key is the sequence of the consonants of a word, reduced to ten classes (B F J K L M N R S T),
//! similar to Soundex. A few short words have fixed keys; see [`NAME_PARTICLES`]. The classes are
//! coarse enough that all common spellings of a name have the same key.
//! [`crate::phonetic_similarity()`] then rejects other words that have the same key. A word of a
//! text is indexed under the usual reading of its letters; a query also looks up the keys of the
//! other readings.

use std::sync::LazyLock;

use crate::script::{self, Script};

/// The readings of letters, as rules separated by `|`.
///
/// A rule consists of a letter or group of letters and its readings, separated by spaces. The usual
/// reading is first. A reading is a sequence of consonant classes, or `-` if it has no consonant.
/// `^` and `$` restrict a rule to the start or the end of a word. The first matching rule applies,
/// so a rule for a group of letters precedes the rules for prefixes of the group.
const READINGS: &str = "^abdal BT|^abdel BT|^abdul BT|^abdol BT|^abdoul BT|aldin$ TN|eldin$ TN|uldin$ TN|\
chtch S|tsch S|shch S|dsch J|sch S|tch S|dzh J|dj J|ch S K -|sh S|kh K|gh K|ph F B|th T S|dh T|zh J S|ck K|\
ts S TS|tz S TS|cz S|sz S|ce S J K|ci S J K|cy S J K|at$ T -|et$ T -|b B|c K S J|d T|f F - B|g K J|h - K|\
j J -|k K|l L|m M|n N|p B|q K|r R|s S|t T|v - F B|w -|x KS K|z S T|\
^عبدال BT|الدين$ TN|ب B|پ B|ت T|ث S T|ج J K S|چ S|ح -|خ K -|د T|ذ T S|ر R|ز S|ژ J S|س S|ش S|ص S|ض T S|ط T|\
ظ T S|غ K|ف F -|ق K|ك K|گ K|ل L|م M|ن N|ه$ - T|ٹ T|ڈ T|ڑ R|\
б B|в - F|ое - J|ае - J|й - J|г K -|ґ K|д T|ж J S|з S|к K|л L|м M|н N|п B|р R|с S|т T|ф F|х K - S|ц S|ч S|ш S|щ S|\
^μπ B|^ντ T|^γκ K|τζ S|β B -|γ K J -|δ T|ζ S|θ T|κ K|λ L|μ M|ν N|ξ KS|π B|ρ R|σ S|τ T|φ F|χ K - S|ψ BS|\
ב B -|ג K J|ד T|ז S|ח - K S|ט T|כ K S|ל L|מ M|נ N|ס S|פ B F|צ S|ק K|ר R|ש S|ת T";

/// A parsed rule of [`READINGS`].
struct Rule {
    first_letter: char,
    letters: &'static str,
    at_start: bool,
    at_end: bool,
    /// The readings, separated by spaces.
    readings: &'static str,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let parse = |rule: &'static str| {
        let (pattern, readings) = rule.split_once(' ')?;
        let letters = pattern.trim_matches(['^', '$']);
        Some(Rule {
            first_letter: letters.chars().next()?,
            letters,
            at_start: pattern.starts_with('^'),
            at_end: pattern.ends_with('$'),
            readings,
        })
    };
    READINGS.split('|').filter_map(parse).collect()
});

/// Maximum number of keys that are looked up for a form of a query word.
const MAX_KEYS: usize = 24;

/// Short words that are part of many names but are too short for the usual rules. Each entry
/// contains the phonetic key, the romanizations, and the Arabic spellings.
pub(crate) const NAME_PARTICLES: [(&str, &[&str], &[&str]); 10] = [
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

/// Returns the phonetic key of a folded word, which consists of the classes of its consonants in
/// their usual reading.
///
/// Returns `None` if phonetic matching does not support the word: if the word is very short,
/// contains digits, is in an unsupported script, or has no consonants.
pub fn phonetic_key(word: &str) -> Option<String> {
    let mut keys = Vec::new();
    push_keys(strip_article(word), 1, &mut keys);
    keys.pop()
}

/// Adds the keys under which a query word is looked up: those of all readings of the word, with and
/// without the article.
pub(crate) fn lookup_keys(word: &str, keys: &mut Vec<String>) {
    push_keys(word, MAX_KEYS, keys);
    let rest = strip_article(word);
    if rest != word {
        push_keys(rest, MAX_KEYS, keys);
    }
}

/// Removes the Arabic article from a word in Arabic script or from a romanized word such as
/// `almoqtabas`.
pub(crate) fn strip_article(word: &str) -> &str {
    match script::of_word(word) {
        Script::Arabic => crate::arabic::strip_article(word),
        Script::Latin => word
            .strip_prefix("al")
            .or_else(|| word.strip_prefix("el"))
            .filter(|rest| rest.len() >= 5 && !rest.starts_with(['a', 'e', 'i', 'o', 'u', 'l'])),
        _ => None,
    }
    .unwrap_or(word)
}

/// Replaces Syriac letters with the corresponding Hebrew letters, so that both scripts share their
/// rules.
pub(crate) fn syriac_to_hebrew(word: &str) -> String {
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

/// Adds up to `max` keys of a word. The key of the usual reading comes first.
fn push_keys(word: &str, max: usize, keys: &mut Vec<String>) {
    if let Some((key, ..)) = NAME_PARTICLES
        .iter()
        .find(|(_, latin, arabic)| latin.contains(&word) || arabic.contains(&word))
    {
        keys.push((*key).to_owned());
        return;
    }
    let is_abjad = match script::of_word(word) {
        Script::Latin | Script::Greek | Script::Cyrillic => false,
        Script::Arabic | Script::Hebrew | Script::Syriac => true,
        Script::Unspaced | Script::Other => return,
    };
    let min_letters = if is_abjad { 2 } else { 3 };
    if word.chars().count() < min_letters || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    let word = syriac_to_hebrew(word);
    let mut prefixes = vec![String::new()];
    let mut rest = word.as_str();
    let mut previous_letters = "";
    while let Some(c) = rest.chars().next() {
        let is_first = rest.len() == word.len();
        let rule = RULES.iter().find(|rule| {
            rule.first_letter == c
                && rest.starts_with(rule.letters)
                && (!rule.at_start || is_first)
                && (!rule.at_end
                    || rest.len() == rule.letters.len() && word.len() > rule.letters.len() + 2)
        });
        let (letters, readings) = match rule {
            Some(rule) => (rule.letters, rule.readings),
            None => (rest.get(..c.len_utf8()).unwrap_or(rest), "-"),
        };
        rest = rest.get(letters.len()..).unwrap_or_default();
        // In all scripts except abjads, a doubled consonant sounds like a single one.
        if !is_abjad && letters == previous_letters && readings != "-" {
            continue;
        }
        previous_letters = letters;
        let mut longer = Vec::new();
        for (i, classes) in readings.split(' ').enumerate() {
            let classes = if classes == "-" { "" } else { classes };
            for prefix in &prefixes {
                if i == 0 || prefixes.len() + longer.len() < max {
                    longer.push(format!("{prefix}{classes}"));
                }
            }
        }
        longer.truncate(max);
        prefixes = longer;
    }
    prefixes.retain(|key| !key.is_empty());
    keys.append(&mut prefixes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn transliterations_have_a_common_key() {
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
            for spelling in spellings.split(' ') {
                for (text, query) in [(word, spelling), (spelling, word)] {
                    let key = phonetic_key(&fold(text)).expect("the text has a key");
                    let mut keys = Vec::new();
                    lookup_keys(&fold(query), &mut keys);
                    assert!(keys.contains(&key), "{text} {key}: {query} {keys:?}");
                }
            }
        }
    }

    #[test]
    fn unsupported_words_have_no_key() {
        for word in ["1324", "北京", "ab", "x", "يا", "", "हिन्दी", "MS12"] {
            assert_eq!(phonetic_key(&fold(word)), None, "{word}");
        }
    }
}
