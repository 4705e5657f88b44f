//! Stems: one form for a noun and its plural and cases.
//!
//! Our own rules, as tables of endings, because they work on folded words (Snowball's want the
//! accents that folding takes away), keep words apart that Snowball joins (university, universe), and
//! take a tenth of the bytes in the viewer.

mod endings;

use crate::script::{self, Script};
use crate::{arabic, hebrew};

/// The form under which a folded word of a language is grouped with its plural, cases and, lightly,
/// its other inflections. `None` where it is the word itself, or the language has no stemmer.
pub fn stem(word: &str, lang: &str) -> Option<String> {
    let stem = stem_or_word(word, script::primary(lang));
    (stem != word).then_some(stem)
}

fn stem_or_word(word: &str, primary: &str) -> String {
    match (script::of_word(word), primary) {
        (Script::Arabic, primary) if !arabic::is_other_language(primary) => arabic::stem(word),
        (Script::Hebrew, primary) if primary != "yi" => hebrew::stem(word),
        (Script::Latin, "en") => english(word),
        (script, primary) => match endings::of(script, primary) {
            Some(steps) => shorten(word, steps),
            None => word.to_owned(),
        },
    }
}

/// Adds the stems under which a query word is looked up, in each of an archive's languages.
pub(crate) fn kin(word: &str, langs: &[&str], found: &mut Vec<String>) {
    found.push(word.to_owned());
    match script::of_word(word) {
        Script::Arabic => arabic::kin(word, found),
        Script::Hebrew => hebrew::kin(word, found),
        _ => {}
    }
    // `und` for the values whose language is not known.
    for lang in langs.iter().chain(&["und"]) {
        found.push(stem_or_word(word, script::primary(lang)));
    }
}

/// English participles take away an e: engraving and engraved are of engrave, mapping is of map.
fn english(word: &str) -> String {
    let [plural, participle, doubled] = endings::ENGLISH else {
        return word.to_owned();
    };
    let singular = shorten(word, &[*plural]);
    let cut = shorten(&singular, &[*participle]);
    if cut == singular {
        return without_e(cut);
    }
    let single = shorten(&cut, &[*doubled]);
    let ends = cut
        .as_bytes()
        .last_chunk()
        .map(|end: &[u8; 3]| end.map(is_vowel));
    // Writ- is of write: a short word in which a consonant follows a single vowel.
    let has_e = single == cut && syllables(&cut) == 1 && ends == Some([false, true, false]);
    without_e(if has_e { cut + "e" } else { single })
}

/// A word of more than one syllable without its mute e.
fn without_e(mut word: String) -> String {
    if word
        .strip_suffix('e')
        .is_some_and(|rest| syllables(rest) > 1)
    {
        word.pop();
    }
    word
}

/// Vowels, as many in a row as one.
fn syllables(word: &str) -> usize {
    let bytes = word.as_bytes();
    let starts = |i: &usize| {
        let before = i.checked_sub(1).and_then(|before| bytes.get(before));
        bytes.get(*i).is_some_and(|c| is_vowel(*c)) && !before.is_some_and(|c| is_vowel(*c))
    };
    (0..bytes.len()).filter(starts).count()
}

fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Takes off endings, one at each step: the first of a step that fits.
fn shorten(word: &str, steps: &[&str]) -> String {
    let mut stem = word.to_owned();
    for step in steps {
        let shorter = step.split_ascii_whitespace().find_map(|rule| {
            let (least, rule) = rule.split_at_checked(1)?;
            let least: usize = least.parse().ok()?;
            let (ending, instead) = rule.split_once('>').unwrap_or((rule, ""));
            let rest = match ending.strip_prefix('<') {
                Some(beginning) => stem.strip_prefix(beginning)?,
                None => stem.strip_suffix(ending)?,
            };
            (rest.chars().count() >= least && (least < 2 || has_vowel(rest)))
                .then(|| format!("{rest}{instead}"))
        });
        if let Some(shorter) = shorter {
            stem = shorter;
        }
    }
    stem
}

/// A Latin word without a vowel is no word (string is not str + ing).
fn has_vowel(rest: &str) -> bool {
    !rest.is_ascii() || rest.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    fn same(a: &str, b: &str, lang: &str) -> bool {
        stem_or_word(&fold(a), lang) == stem_or_word(&fold(b), lang)
    }

    #[test]
    fn inflections_share_a_stem() {
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
                    same(a, b, lang),
                    "{lang}: {a} {b}: {:?} {:?}",
                    stem(&fold(a), lang),
                    stem(&fold(b), lang)
                );
            }
        }
    }

    #[test]
    fn other_words_do_not() {
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
                assert!(!same(a, b, lang), "{lang}: {a} {b}");
            }
        }
    }
}
