//! Whether a word in Latin letters spells a word of another script.

use crate::script::{self, Script};
use crate::sound::{SHORT, square, without_article};
use crate::spellings;

/// More than any spelling costs, in hundredths.
const NEVER: u32 = 1_000;

/// How well one folded word spells another of another script, from just above 0 to 1; `None` where it
/// does not. One of the two has to be in Latin letters.
///
/// What the other script writes has to be there: كتاب is kitab and ketab, but كاتب is not. Vowels that
/// it leaves out may be any. The fewer letters a word has, the closer the spelling must be.
pub fn sounds_alike(query: &str, word: &str) -> Option<f32> {
    let (latin, other) = match (script::of_word(query), script::of_word(word)) {
        (Script::Latin, Script::Latin) => return None,
        (Script::Latin, _) => (query, word),
        (_, Script::Latin) => (word, query),
        _ => return None,
    };
    if let Some((_, spellings, _)) = SHORT.iter().find(|(.., arabic)| arabic.contains(&other)) {
        return spellings.contains(&latin).then_some(1.0);
    }
    let other = square(other);
    let letters: Vec<char> = other.chars().collect();
    let script = script::of_word(&other);
    // Two Arabic letters are a word if the second is doubled (خط, khatt); many Hebrew nouns have two.
    let least = match script {
        Script::Hebrew => 2,
        Script::Arabic if is_doubled(latin.as_bytes()) => 2,
        _ => 3,
    };
    if letters.len() < least || latin.len() < 3 || !latin.is_ascii() || !latin.bytes().any(is_vowel)
    {
        return None;
    }
    let abjad = matches!(script, Script::Arabic | Script::Hebrew);
    let mut cost = spell(&letters, latin.as_bytes(), script);
    let rest = without_article(latin);
    if rest != latin && script == Script::Arabic {
        cost = cost.min(spell(&letters, rest.as_bytes(), script) + 5);
    }
    if script == Script::Arabic {
        cost += unlikely(&letters, latin);
    }
    let most = match letters.iter().filter(|c| !is_vowel_letter(**c)).count() {
        _ if letters.len() == 2 => 4,
        0 | 1 if abjad => 8,
        _ if letters.len() <= 3 => 14,
        _ if letters.len() == 4 => 24,
        _ => 36,
    };
    if cost > most {
        return None;
    }
    Some(1.0 - cost as f32 / 100.0)
}

/// Whether a word ends in a doubled consonant.
fn is_doubled(latin: &[u8]) -> bool {
    matches!(latin, [.., a, b] if a == b && !is_vowel(*a))
}

/// Letters of the Arabic and Hebrew scripts that are vowels, or may be, or are often left out.
fn is_vowel_letter(c: char) -> bool {
    matches!(
        c,
        'ا' | 'و' | 'ي' | 'ه' | 'ع' | 'ء' | 'א' | 'ו' | 'י' | 'ה' | 'ע'
    )
}

/// What makes it unlikely that these Latin letters are meant as this Arabic word, in hundredths.
fn unlikely(letters: &[char], latin: &str) -> u32 {
    let mut cost = 0;
    let consonants = !letters.iter().any(|c| is_vowel_letter(*c));
    let mut vowels = latin.bytes().filter(|c| is_vowel(*c)).rev();
    match (vowels.next(), vowels.next()) {
        // Kitab is not كتب: with i before it the a is long in nearly every word, and written.
        (Some(b'a'), Some(b'i')) if consonants && letters.len() == 3 => cost += NEVER,
        // Mahmud is not محمد: nor is a u behind another vowel short, but in a few (Andalus).
        (Some(b'u' | b'o'), Some(b'a' | b'e' | b'i'))
            if !letters.contains(&'و') && !latin.ends_with(is_open) =>
        {
            cost += 30;
        }
        _ => {}
    }
    // No Arabic word begins with two consonants.
    let mut start = latin.bytes();
    if let (Some(first), Some(second)) = (start.next(), start.next())
        && !is_vowel(first)
        && !is_vowel(second)
        && !matches!(second, b'h' | b'j' | b'y' | b'w' | b'c')
    {
        cost += 25;
    }
    cost
}

/// Letters at the end of a word that show that its last vowel is not the one of a closed syllable.
fn is_open(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' | 'h')
}

fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// The least costs of having written so many letters as so many bytes of the Latin word, in
/// hundredths: where a vowel may be added behind, and where none may since there is one.
struct Costs {
    width: usize,
    open: Vec<u32>,
    closed: Vec<u32>,
}

impl Costs {
    fn new(letters: usize, latin: usize) -> Self {
        let size = (letters + 1) * (latin + 1);
        Self {
            width: latin + 1,
            open: vec![NEVER; size],
            closed: vec![NEVER; size],
        }
    }

    fn at(&self, i: usize, j: usize) -> (u32, u32) {
        let place = i * self.width + j;
        let of = |costs: &[u32]| costs.get(place).copied().unwrap_or(NEVER);
        (of(&self.open), of(&self.closed))
    }

    fn lower(&mut self, i: usize, j: usize, closed: bool, cost: u32) {
        let place = i * self.width + j;
        let costs = if closed {
            &mut self.closed
        } else {
            &mut self.open
        };
        if let Some(old) = costs.get_mut(place) {
            *old = (*old).min(cost);
        }
    }
}

/// What it costs to write `letters` as `latin`, in hundredths.
fn spell(letters: &[char], latin: &[u8], script: Script) -> u32 {
    /// Vowels that a script may leave out, and what the longer spellings cost.
    const SHORT_VOWELS: [(&[u8], u32); 8] = [
        (b"a", 1),
        (b"e", 1),
        (b"i", 1),
        (b"o", 1),
        (b"u", 1),
        (b"ou", 8),
        (b"oo", 14),
        (b"ee", 20),
    ];
    let Some(table) = spellings::of(script) else {
        return NEVER;
    };
    let abjad = matches!(script, Script::Arabic | Script::Hebrew);
    let mut costs = Costs::new(letters.len(), latin.len());
    costs.lower(0, 0, true, 0);
    for i in 0..=letters.len() {
        let rest = letters.get(i..).unwrap_or_default();
        let choices = choices(table, letters, i);
        for j in 0..=latin.len() {
            let ahead = latin.get(j..).unwrap_or_default();
            let (open, _) = costs.at(i, j);
            // Not at the end of a word, where vowels are written.
            // Before an alef there is none but its own.
            if abjad && !rest.is_empty() && rest.first() != Some(&'ا') && open < NEVER {
                for (vowel, cost) in SHORT_VOWELS {
                    if ahead.starts_with(vowel) {
                        costs.lower(i, j + vowel.len(), true, open + cost);
                    }
                }
            }
            let (open, closed) = costs.at(i, j);
            let here = open.min(closed);
            if here >= NEVER {
                continue;
            }
            // A French e at the end.
            if rest.is_empty() && ahead == b"e" && letters.len() > 3 {
                costs.lower(i, j + 1, true, here + 15);
            }
            if let Some(length) = article(rest, ahead, i > 2) {
                costs.lower(i + 2, j + length, false, here + 2);
            }
            for (length, text, cost) in &choices {
                let (end, i, text) = (j + text.len(), i + length, text.as_bytes());
                if text.is_empty() && matches!(rest.first(), Some('ع' | 'ע' | 'א')) {
                    // At the beginning there is a vowel behind it, elsewhere mostly beside it.
                    if ahead.first().is_some_and(|c| is_vowel(*c)) {
                        costs.lower(i, j, false, here);
                    } else if i > 1 {
                        costs.lower(i, j, false, (open + 16).min(closed + 12));
                    }
                    continue;
                }
                let Some(behind) = ahead.strip_prefix(text) else {
                    continue;
                };
                let vowel = text.last().is_some_and(|c| is_vowel(*c));
                costs.lower(i, end, vowel, here + cost);
                // A doubled consonant.
                if !vowel && !text.is_empty() && behind.starts_with(text) {
                    costs.lower(i, end + text.len(), false, here + cost + 3);
                }
            }
        }
    }
    let (open, closed) = costs.at(letters.len(), latin.len());
    open.min(closed)
}

/// What the letters from `i` may be written as: how many of them, in which Latin letters, at what cost.
fn choices(table: &'static str, letters: &[char], i: usize) -> Vec<(usize, &'static str, u32)> {
    let mut out = Vec::new();
    let first = i == 0 || i == 2 && letters.starts_with(&['ا', 'ل']);
    for (unit, spellings) in table.split('|').filter_map(|rule| rule.split_once(' ')) {
        let length = unit.chars().count();
        let Some(found) = letters.get(i..i + length) else {
            continue;
        };
        if unit.chars().eq(found.iter().copied()) {
            let last = i + length == letters.len();
            for (text, cost) in spellings.split(' ').filter_map(|s| parse(s, first, last)) {
                out.push((length, text, cost));
            }
        }
    }
    out
}

/// A spelling and its cost, if it may stand here.
fn parse(spelling: &str, first: bool, last: bool) -> Option<(&str, u32)> {
    let spelling = match (spelling.strip_prefix('^'), spelling.strip_prefix('$')) {
        (Some(rest), _) if first => rest,
        (_, Some(rest)) if last => rest,
        (None, None) => spelling,
        _ => return None,
    };
    let text = spelling.trim_end_matches(|c: char| c.is_ascii_digit());
    let cost = spelling.get(text.len()..).unwrap_or_default();
    let text = text.trim_start_matches('-');
    Some((text, cost.parse::<u32>().unwrap_or_default() * 5))
}

/// How many Latin letters write the article ال before these: assimilated to the next letter, which is
/// then written twice (abdurrahman), or, inside a word, with any vowel (abdulaziz).
fn article(letters: &[char], latin: &[u8], inside: bool) -> Option<usize> {
    if !letters.starts_with(&['ا', 'ل']) || inside && letters.len() < 4 {
        return None;
    }
    match latin {
        [vowel, sun, again, ..] if is_vowel(*vowel) && sun == again && *sun != b'l' => Some(2),
        [vowel, b'l', ..] if inside && is_vowel(*vowel) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    fn alike(a: &str, b: &str) -> Option<f32> {
        sounds_alike(&fold(a), &fold(b))
    }

    #[test]
    fn spellings_of_one_word() {
        for (word, spellings) in [
            ("كتاب", "kitab kitāb ketab"),
            ("مقتبس", "muqtabas moqtabas mouktabas"),
            ("علي", "ali ʿAlī"),
            ("محمد", "Muḥammad Mohammed Mouhammad Mehmed Mehmet"),
            ("القاهرة", "alqahira"),
            ("عائشة", "Aisha ʿĀʾisha Aicha"),
            ("نور", "nur noor nour"),
            ("مكة", "Makka Makkah"),
            ("فردوسی", "Ferdowsi Firdausi Firdawsī"),
            ("اصفهان", "Isfahan Esfahan"),
            ("حافظ", "Hafez Ḥāfiẓ Hafiz"),
            ("سعید", "Said Saeed Saʿīd"),
            ("عبدالرحمن", "Abdurrahman Abdelrahman ʿAbdalraḥmān"),
            ("نورالدين", "Nureddin Nuruddin Nouraldin"),
            ("ابن", "ibn bin"),
            ("الإسكندرية", "aliskandariyya aliskandariyah"),
            ("بخارا", "Bukhara Buxoro"),
            (
                "Достоевский",
                "Dostoevsky Dostoyevsky Dostojewski Dostoevskij",
            ),
            ("Королёв", "Korolev Korolyov"),
            ("Чехов", "Chekhov Tchekhov Čechov"),
            ("λόγος", "logos"),
            ("Γεώργιος", "Georgios"),
            ("שלום", "shalom"),
            ("ירושלים", "Yerushalayim"),
            ("ܫܠܡܐ", "shlama"),
        ] {
            for spelling in spellings.split(' ') {
                assert!(alike(word, spelling).is_some(), "{word} {spelling}");
                assert_eq!(alike(word, spelling), alike(spelling, word));
            }
        }
    }

    #[test]
    fn other_words() {
        for (word, others) in [
            ("كاتب", "kitab kutub maktab"),
            ("كتاب", "katib kutub kitaba kitabat"),
            ("كتب", "kitab kataba"),
            ("القاهرة", "cairo qahir"),
            ("قاهر", "qahira"),
            ("قلم", "calm qalama"),
            ("سن", "sun"),
            ("ملك", "malika"),
            ("שלום", "shalem"),
            ("λόγος", "lagos"),
            ("Королёв", "Karelia"),
            ("محمد", "محمود"),
        ] {
            for spelling in others.split(' ') {
                assert_eq!(alike(word, spelling), None, "{word} {spelling}");
            }
        }
    }
}
