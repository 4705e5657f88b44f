//! Cutting a text into words.

use crate::article::without_article;
use crate::fold::fold_char;

/// Scripts written without spaces between words, which are indexed by pairs of characters.
fn is_unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E01..=0x0E4E | 0x0E81..=0x0EDF | 0x1000..=0x109F | 0x1780..=0x17D3
        | 0x3005..=0x3007 | 0x3041..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// Calls `word` for each run of letters and digits, folded, and `unspaced` for each run of a script
/// without spaces.
fn runs(text: &str, mut word: impl FnMut(&str), mut unspaced: impl FnMut(&[char])) {
    let mut current = String::new();
    let mut chars: Vec<char> = Vec::new();
    let mut folded = String::new();
    for c in text.chars() {
        if is_unspaced(c) {
            if !current.is_empty() {
                word(&current);
                current.clear();
            }
            chars.push(c);
            continue;
        }
        if !chars.is_empty() {
            unspaced(&chars);
            chars.clear();
        }
        folded.clear();
        fold_char(c, &mut folded);
        // What folds to nothing (a mark, a joiner) does not end a word.
        if folded.is_empty() {
            continue;
        }
        let in_word = |c: char| {
            c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && is_spacing_mark(c))
        };
        if folded.chars().all(in_word) {
            current.push_str(&folded);
        } else if !current.is_empty() {
            word(&current);
            current.clear();
        }
    }
    if !current.is_empty() {
        word(&current);
    }
    if !chars.is_empty() {
        unspaced(&chars);
    }
}

/// Signs inside a word of the Indic scripts that Rust does not count as alphabetic (viramas, nuktas).
fn is_spacing_mark(c: char) -> bool {
    matches!(c as u32, 0x0900..=0x0DFF) && !matches!(c as u32, 0x0964..=0x0965 | 0x0970 | 0x0DF4)
}

/// The longest word that is indexed, in bytes; longer ones are cut, in the index as in the query.
const LONGEST: usize = 96;

fn cut(word: &str) -> &str {
    let mut end = word.len().min(LONGEST);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    word.get(..end).unwrap_or(word)
}

/// The words under which a text is found, in its order: each word folded; an Arabic word with an
/// article also without it; of a script without spaces each character and each pair of neighbours.
pub fn index_words(text: &str) -> Vec<String> {
    let out = std::cell::RefCell::new(Vec::new());
    runs(
        text,
        |word| {
            let mut out = out.borrow_mut();
            out.push(cut(word).to_owned());
            out.extend(without_article(word).map(|bare| cut(bare).to_owned()));
        },
        |chars| {
            let mut out = out.borrow_mut();
            out.extend(chars.iter().map(char::to_string));
            out.extend(chars.windows(2).map(|pair| pair.iter().collect()));
        },
    );
    out.into_inner()
}

/// The words to look up for a query, all of which must be found. `complete` is false while the last
/// word is still being typed: it is then left as it is, to be looked up as the beginning of a word.
pub fn query_words(text: &str, complete: bool) -> Vec<String> {
    let out = std::cell::RefCell::new(Vec::new());
    let last_is_whole = std::cell::Cell::new(true);
    runs(
        text,
        |word| {
            out.borrow_mut().push(cut(word).to_owned());
            last_is_whole.set(false);
        },
        |chars| {
            let mut out = out.borrow_mut();
            match chars {
                [one] => out.push(one.to_string()),
                _ => out.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>())),
            }
            last_is_whole.set(true);
        },
    );
    let mut words = out.into_inner();
    let typing = !complete
        && !last_is_whole.get()
        && text.chars().next_back().is_some_and(|c| !c.is_whitespace());
    let last = words.len().saturating_sub(1);
    for (i, word) in words.iter_mut().enumerate() {
        if typing && i == last {
            continue;
        }
        if let Some(bare) = without_article(word) {
            *word = bare.to_owned();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, query: &str) -> bool {
        let index = index_words(text);
        let words = query_words(query, true);
        !words.is_empty() && words.iter().all(|word| index.contains(word))
    }

    #[test]
    fn arabic_is_found_with_and_without_the_article() {
        for (text, query) in [
            ("القرآن الكريم", "قرآن"),
            ("القرآن الكريم", "القران"),
            ("مقتبس", "المقتبس"),
            ("وبالمخطوطات", "مخطوطات"),
            ("كِتابُ الأغاني", "كتاب الاغاني"),
            ("التناسل الغريب", "التناسل"),
        ] {
            assert!(found(text, query), "{text}: {query}");
        }
    }

    #[test]
    fn other_words_are_not_found() {
        for (text, query) in [
            ("جامعة القاهرة", "جامع"),
            ("ملكة سبأ", "ملك"),
            ("قرن", "قرآن"),
            ("قلم", "قلعة"),
            ("القاهرة", "قاهر"),
            ("كتاب", ""),
            ("كتاب", "؟!"),
        ] {
            assert!(!found(text, query), "{text}: {query}");
        }
    }

    #[test]
    fn chinese_and_japanese_words_are_found_inside_a_title() {
        assert!(found("北京大学图书馆", "图书馆"));
        assert!(found("東京国立博物館", "博物館"));
        assert!(found("東京国立博物館", "館"));
        assert!(!found("東京国立博物館", "東立"));
    }

    #[test]
    fn a_word_being_typed_is_left_as_it_is() {
        assert_eq!(query_words("الكتاب الم", false), ["كتاب", "الم"]);
        assert_eq!(query_words("الكتاب ", false), ["كتاب"]);
        assert_eq!(query_words("al-Muq", false), ["al", "muq"]);
    }

    #[test]
    fn mixed_and_hostile_text_is_cut_without_harm() {
        assert_eq!(index_words("a\u{0}b<script>"), ["a", "b", "script"]);
        assert_eq!(index_words("ⵜⴰⵎⴰⵣⵉⵖⵜ"), ["ⵜⴰⵎⴰⵣⵉⵖⵜ"]);
        assert_eq!(index_words("हिन्दी"), ["हिन्दी"]);
        assert!(
            index_words(&"ع".repeat(1000))
                .iter()
                .all(|word| word.len() <= LONGEST)
        );
        assert!(index_words("\u{301}\u{200d}").is_empty());
    }
}
