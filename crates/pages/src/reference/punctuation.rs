//! The punctuation of titles in citations.

use crate::i18n::Lang;

/// Returns `true` if no full stop follows a text, such as `Photo Co.` or `“Title.”`.
pub(super) fn ends_sentence(text: &str) -> bool {
    without_quotes(text).ends_with(['.', '!', '?', '؟', '…'])
}

/// Removes closing quotation marks.
pub(super) fn without_quotes(text: &str) -> &str {
    text.trim_end_matches(['”', '’', '»', '\u{a0}'])
}

/// Replaces the quotation marks in a title that is itself within quotation marks.
pub(super) fn with_inner_quotes(title: &str, lang: Lang) -> String {
    let (inner, outer) = match lang {
        Lang::En => (["‘", "’"], ['“', '”']),
        _ => (["“", "”"], ['«', '»']),
    };
    // A single straight mark is the sign of inches or seconds.
    let has_pairs = title.matches('"').count().is_multiple_of(2);
    let mut is_open = false;
    let mut out = String::new();
    for c in title.chars() {
        is_open = match c {
            '"' if has_pairs => !is_open,
            c if c == outer[0] => true,
            c if c == outer[1] => false,
            c => {
                out.push(c);
                continue;
            }
        };
        out.push_str(inner[usize::from(!is_open)]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_quotation_marks_are_those_of_the_language() {
        for (title, lang, expected) in [
            ("The “House” of Salt", Lang::En, "The ‘House’ of Salt"),
            ("\"One\" and \"two\"", Lang::En, "‘One’ and ‘two’"),
            ("A 5\" gun", Lang::En, "A 5\" gun"),
            ("La « maison »", Lang::Fr, "La “ maison ”"),
            ("«البيت» الكبير", Lang::Ar, "“البيت” الكبير"),
        ] {
            assert_eq!(with_inner_quotes(title, lang), expected);
        }
    }

    #[test]
    fn no_full_stop_follows_a_sentence_within_quotation_marks() {
        for text in [
            "Where?",
            "“Where?”",
            "Où\u{a0}?\u{a0}»",
            "Photo Co.",
            "‘Stop.’”",
        ] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in ["", "Salt", "“Salt”", "What? No"] {
            assert!(!ends_sentence(text), "{text}");
        }
    }
}
