//! Folding: one form for every way in which a word can be spelt.

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Appends what a character folds to, which may be nothing.
pub(crate) fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let found = u16::try_from(c as u32)
        .ok()
        .and_then(|code| KEYS.binary_search(&code).ok());
    match found {
        Some(i) => {
            let end = ENDS.get(i).copied().map_or(0, usize::from);
            let start = i
                .checked_sub(1)
                .and_then(|before| ENDS.get(before))
                .copied()
                .map_or(0, usize::from);
            out.push_str(VALUES.get(start..end).unwrap_or_default());
        }
        None => out.push(c),
    }
}

/// A text in the form in which it is compared: case, compatibility forms (NFKD), optional marks
/// (tashkeel, niqqud, accents), tatweel, joiners and directional controls folded away; letters that
/// stand for one another in Arabic, Persian, Urdu and Kurdish spelling made one; every digit 0 to 9.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_of_one_word_fold_together() {
        for (a, b, what) in [
            ("القُرْآن", "القران", "tashkeel and madda"),
            ("كتـــاب", "كتاب", "tatweel"),
            ("مدرسة", "مدرسه", "teh marbuta"),
            ("مصطفى", "مصطفي", "alef maqsura"),
            (
                "أحمد إلى آدم ٱلله",
                "احمد الي ادم الله",
                "hamza on alef, wasla",
            ),
            ("مؤمن", "مومن", "hamza on waw"),
            ("١٣٢٤", "1324", "Arabic-Indic digits"),
            ("۱۳۲۴", "1324", "Persian digits"),
            ("کتابخانه ملی", "كتابخانه ملي", "Persian kaf and yeh"),
            ("می\u{200c}خواهم", "ميخواهم", "zero-width non-joiner"),
            ("ﻻﻣﻊ", "لامع", "presentation forms"),
            ("שָׁלוֹם", "שלום", "Hebrew points"),
            ("ܫܠܳܡܳܐ", "ܫܠܡܐ", "Syriac points"),
            (
                "Maṭbaʿa al-Ẓāhir",
                "matbaa al-zahir",
                "scholarly transliteration",
            ),
            ("İstanbul", "istanbul", "Turkish dotted I"),
            ("ısparta", "ISPARTA", "Turkish dotless i"),
            ("Straße", "strasse", "sharp s"),
            ("œuvre", "oeuvre", "ligature"),
            ("λόγος", "ΛΟΓΟΣ", "accent and final sigma"),
            ("Королёв", "королев", "yo"),
            ("ＡＢＣ１", "abc1", "full width"),
            ("ﬁn", "fin", "fi ligature"),
            ("\u{202e}abc\u{202c}", "abc", "directional controls"),
        ] {
            assert_eq!(fold(a), fold(b), "{what}");
        }
    }

    #[test]
    fn different_words_stay_apart() {
        for (a, b) in [
            ("قرن", "قرآن"),
            ("جامع", "جامعة"),
            ("قلم", "قلعة"),
            ("край", "краи"),
            ("हिन्दी", "हनद"),
            ("한국", "한극"),
        ] {
            assert_ne!(fold(a), fold(b));
        }
    }
}
