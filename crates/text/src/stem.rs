//! Light stemming, which maps a noun, its plural and its cases to one stem.
//!
//! The stemmers are tables of affix rules. They are used instead of Snowball stemmers because they
//! work on folded words, whereas Snowball depends on accents that folding removes. They distinguish
//! words that Snowball conflates, such as *university* and *universe*. They also take only a tenth
//! of the space in the viewer.

mod affix_rules;

use crate::script::{self, Script};
use crate::{arabic, hebrew};

/// Returns the stem of a folded word. A word has the same stem as its plural, its cases and some of
/// its other inflected forms.
///
/// `lang` is the BCP 47 tag of the language of the word. Returns `None` if the word is its own
/// stem, or if the language has no stemmer.
pub fn stem(word: &str, lang: &str) -> Option<String> {
    let stem = stem_or_word(word, script::primary(lang));
    (stem != word).then_some(stem)
}

fn stem_or_word(word: &str, primary: &str) -> String {
    match (script::of_word(word), primary) {
        (Script::Arabic, primary) if !arabic::is_non_arabic(primary) => arabic::stem(word),
        (Script::Hebrew, primary) if primary != "yi" => hebrew::stem(word),
        (Script::Latin, "en") => stem_english(word),
        (script, primary) => match affix_rules::for_language(script, primary) {
            Some(steps) => apply_rules(word, steps),
            None => word.to_owned(),
        },
    }
}

/// Adds the stems under which a query word is looked up: the word itself, and its stems in all
/// languages of the archive.
pub(crate) fn lookup_stems(word: &str, langs: &[&str], stems: &mut Vec<String>) {
    stems.push(word.to_owned());
    match script::of_word(word) {
        Script::Arabic => arabic::lookup_stems(word, stems),
        Script::Hebrew => hebrew::lookup_stems(word, stems),
        _ => {}
    }
    // `und` is the language of texts whose language is unknown.
    for lang in langs.iter().chain(&["und"]) {
        stems.push(stem_or_word(word, script::primary(lang)));
    }
}

/// Stems an English word. Participles drop the final e of the verb (*engraving* and *engraved* from
/// *engrave*) or double its final consonant (*mapping* from *map*).
fn stem_english(word: &str) -> String {
    let [plural, participle, doubled] = affix_rules::ENGLISH else {
        return word.to_owned();
    };
    let singular = apply_rules(word, &[*plural]);
    let base = apply_rules(&singular, &[*participle]);
    if base == singular {
        return strip_silent_e(base);
    }
    let undoubled = apply_rules(&base, &[*doubled]);
    let last_is_vowel = base
        .as_bytes()
        .last_chunk()
        .map(|end: &[u8; 3]| end.map(is_vowel));
    // The last consonant of a monosyllabic verb that ends in a consonant, a vowel and a consonant
    // would have been doubled, so the verb ends in e: *writ-* is from *write*.
    let dropped_e = undoubled == base
        && count_syllables(&base) == 1
        && last_is_vowel == Some([false, true, false]);
    strip_silent_e(if dropped_e { base + "e" } else { undoubled })
}

/// Removes a final e if more than one syllable is left.
fn strip_silent_e(mut word: String) -> String {
    if word
        .strip_suffix('e')
        .is_some_and(|rest| count_syllables(rest) > 1)
    {
        word.pop();
    }
    word
}

/// Returns the number of vowel groups in a word.
fn count_syllables(word: &str) -> usize {
    let bytes = word.as_bytes();
    let starts_vowel_group = |i: &usize| {
        let previous = i.checked_sub(1).and_then(|previous| bytes.get(previous));
        bytes.get(*i).is_some_and(|c| is_vowel(*c)) && !previous.is_some_and(|c| is_vowel(*c))
    };
    (0..bytes.len()).filter(starts_vowel_group).count()
}

fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Applies the first matching rule of each step. See [`affix_rules`] for the syntax of rules.
fn apply_rules(word: &str, steps: &[&str]) -> String {
    let mut stem = word.to_owned();
    for step in steps {
        let replaced = step.split_ascii_whitespace().find_map(|rule| {
            let (min_letters, rule) = rule.split_at_checked(1)?;
            let min_letters: usize = min_letters.parse().ok()?;
            let (affix, replacement) = rule.split_once('>').unwrap_or((rule, ""));
            let rest = match affix.strip_prefix('<') {
                Some(prefix) => stem.strip_prefix(prefix)?,
                None => stem.strip_suffix(affix)?,
            };
            (rest.chars().count() >= min_letters && (min_letters < 2 || can_be_stem(rest)))
                .then(|| format!("{rest}{replacement}"))
        });
        if let Some(replaced) = replaced {
            stem = replaced;
        }
    }
    stem
}

/// Returns `false` if the rest of a word consists of Latin letters without a vowel, as in *str* +
/// *ing*.
fn can_be_stem(rest: &str) -> bool {
    !rest.is_ascii() || rest.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    fn have_same_stem(a: &str, b: &str, lang: &str) -> bool {
        stem_or_word(&fold(a), lang) == stem_or_word(&fold(b), lang)
    }

    #[test]
    fn inflected_forms_have_the_same_stem() {
        for (lang, pairs) in [
            (
                "en",
                "manuscripts manuscript|libraries library|churches church|houses house|painting paintings|women woman|codices codex|printed printing|maps mapping|leaves leaf|engraved engraving|engrave engravings|write writing|houses house|archives archive|wives wife",
            ),
            (
                "fr",
                "manuscrits manuscrit|enluminés enluminée|journaux journal|tableaux tableau|premières premier|ancienne ancien",
            ),
            (
                "de",
                "Handschriften Handschrift|Bücher Buch|Häuser Haus|Karten Karte|Städte Stadt",
            ),
            (
                "es",
                "manuscritos manuscrito|ciudades ciudad|voces voz|padres padre|iluminada iluminado",
            ),
            (
                "pt",
                "coleções coleção|animais animal|imagens imagem|mulheres mulher|livros livro",
            ),
            (
                "it",
                "manoscritti manoscritto|biblioteche biblioteca|codici codice|collezioni collezione|archivi archivio",
            ),
            ("nl", "boeken boek|handschriften handschrift|mannen man"),
            (
                "sv",
                "handskrifter handskrift|kartorna kartor|böckerna böcker",
            ),
            ("da", "håndskrifter håndskrift|kortene kort"),
            ("no", "håndskrifter håndskriftene|kartet kart"),
            (
                "fi",
                "kirjastot kirjasto|kirjastossa kirjasto|kartat kartta",
            ),
            ("hu", "könyvek könyv|térképek térkép|könyvtárban könyvtár"),
            ("ro", "manuscrise manuscris|hărților hărți"),
            (
                "tr",
                "kitaplar kitap|kitabı kitap|yazmaları yazmalar|İstanbulda istanbul",
            ),
            (
                "ru",
                "рукописи рукопись|книги книга|рукописей рукопись|древние древний|городов город",
            ),
            ("el", "χειρόγραφα χειρόγραφο|λόγοι λόγος|βιβλία βιβλίο"),
            ("ta", "புத்தகங்கள் புத்தகம்"),
            (
                "fa",
                "کتاب‌ها کتاب|کتاب‌های کتاب|نویسندگان نویسنده|خانه‌ی خانه",
            ),
            ("ur", "کتابیں کتاب|کتابوں کتاب"),
            ("ckb", "کتێبەکان کتێب"),
            ("ar", "مهندسون مهندس|كتابان كتاب|علماء علما"),
            ("he", "ספרים ספר|מלכים מלך"),
            ("pl", "rękopisy rękopis|mapami mapa"),
            ("hi", "पुस्तकें पुस्तक|पुस्तकों पुस्तक"),
        ] {
            for pair in pairs.split('|') {
                let (a, b) = pair.split_once(' ').expect("two words");
                assert!(
                    have_same_stem(a, b, lang),
                    "{lang}: {a} {b}: {:?} {:?}",
                    stem(&fold(a), lang),
                    stem(&fold(b), lang)
                );
            }
        }
    }

    #[test]
    fn different_words_have_different_stems() {
        for (lang, pairs) in [
            (
                "en",
                "university universe|organ organisation|string str|news new|gas ga|rob robe|plan plane|car care|bus bu|glass glas|red r|princess prince",
            ),
            ("es", "puerto puerta|caso casa"),
            ("it", "caso casa|porto porta"),
            ("ar", "جامع جامعة|ملك ملكة|كاتب كتاب|سليمان سليم|قلم قلعة"),
            ("he", "ירושלים ירוש"),
            ("ru", "стол столица"),
            ("fa", "ایران ایر"),
            ("und", "manuscripts manuscript"),
        ] {
            for pair in pairs.split('|') {
                let (a, b) = pair.split_once(' ').expect("two words");
                assert!(!have_same_stem(a, b, lang), "{lang}: {a} {b}");
            }
        }
    }
}
