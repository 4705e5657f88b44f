//! Folding: one form for every way in which a word can be spelt.

use std::sync::LazyLock;

use crate::compose::{composed, is_part};

mod data {
    // Steps instead of positions: a third of the bytes in the viewer.
    include!(concat!(env!("OUT_DIR"), "/table.rs"));

    pub(super) fn steps() -> (&'static [u8], &'static [u8], &'static [u8], &'static str) {
        (&STEPS, &LENGTHS, &SINGLES, OTHERS)
    }
}

/// What characters fold to.
struct Table {
    /// Characters that fold to something else, in order.
    keys: Vec<u16>,
    /// Where each one's folding ends in `values`.
    ends: Vec<u16>,
    /// The foldings, one after the other.
    values: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (mut steps, lengths, mut singles, others) = data::steps();
    let mut others = others.chars();
    let (mut key, mut single) = (0, 0);
    let mut table = Table {
        keys: Vec::with_capacity(lengths.len()),
        ends: Vec::with_capacity(lengths.len()),
        values: String::new(),
    };
    for length in lengths {
        key += take(&mut steps);
        if *length == 1 {
            let step = take(&mut singles);
            single += (step >> 1) ^ -(step & 1);
            table
                .values
                .extend(u32::try_from(single).ok().and_then(char::from_u32));
        } else {
            table
                .values
                .extend(others.by_ref().take(usize::from(*length)));
        }
        table.keys.push(key as u16);
        table.ends.push(table.values.len() as u16);
    }
    table
});

/// The next number of a stream: seven bits in each byte, the lowest first.
fn take(stream: &mut &[u8]) -> i32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = stream.split_first() {
        *stream = rest;
        number |= i32::from(byte & 0x7f) << shift;
        shift += 7;
        if *byte < 0x80 {
            break;
        }
    }
    number
}

/// Appends what a character folds to, which may be nothing.
pub(crate) fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let table = &*TABLE;
    let found = u16::try_from(c as u32)
        .ok()
        .and_then(|code| table.keys.binary_search(&code).ok());
    match found {
        Some(i) => {
            let end = table.ends.get(i).copied().map_or(0, usize::from);
            let start = i
                .checked_sub(1)
                .and_then(|before| table.ends.get(before))
                .copied()
                .map_or(0, usize::from);
            out.push_str(table.values.get(start..end).unwrap_or_default());
        }
        None => out.push(c),
    }
}

/// A text in the form in which it is compared: case, compatibility forms (NFKD), optional marks
/// (tashkeel, niqqud, accents), tatweel, joiners and directional controls folded away; letters that
/// stand for one another in Arabic, Persian, Urdu and Kurdish spelling made one; every digit 0 to 9.
pub fn fold(text: &str) -> String {
    let once = |text: &str| {
        let mut out = String::with_capacity(text.len());
        for (.., c) in composed(text) {
            fold_char(c, &mut out);
        }
        out
    };
    let out = once(text);
    // What was folded away may have stood between the parts of a letter.
    if out.chars().any(is_part) {
        return once(&out);
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
    fn the_table_comes_back_whole() {
        let table = &*super::TABLE;
        assert!(table.keys.len() > 4_000, "{}", table.keys.len());
        assert!(table.keys.is_sorted() && table.ends.is_sorted());
        // The first and the last of each kind.
        for (c, folded) in [
            ('\u{a0}', " "),
            ('À', "a"),
            ('ﬀ', "ff"),
            ('\u{ad}', ""),
            ('\u{ffee}', "○"),
            ('ﷺ', "صلي الله عليه وسلم"),
        ] {
            assert_eq!(fold(&c.to_string()), folded, "{c}");
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
