//! How far one spelling is from another.

use crate::arabic::without_article;
use crate::script::{self, Script};

/// How many edits a word may have and still be the word that was meant: none below 4 letters, one
/// from 4, two from 8. A number is another number with any; and in a script that leaves vowels out
/// most words of four letters are one edit from another word, so there it takes 5.
pub fn allowed_edits(word: &str) -> u8 {
    let (word, more) = match script::of_word(word) {
        // What is common to many words does not make one longer.
        Script::Arabic => (
            word.strip_prefix("عبدال")
                .or_else(|| without_article(word))
                .unwrap_or(word),
            1,
        ),
        Script::Hebrew | Script::Syriac => (word, 1),
        Script::Unspaced => return 0,
        _ => (word, 0),
    };
    if word.bytes().any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match word.chars().count() {
        length if length < 4 + more => 0,
        length if length < 8 + more => 1,
        _ => 2,
    }
}

/// Edits between two folded words, if at most `most`: letters that are missing, added, another, or
/// two neighbours in the wrong order, each letter in one edit only.
///
/// Of Arabic words those give `None` that differ by what makes another word of the same root: a
/// final ه (ة) or ي, and in a short word a long vowel.
pub fn edits(a: &str, b: &str, most: u8) -> Option<u8> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = usize::from(most);
    if a == b {
        return Some(0);
    }
    if a.len().abs_diff(b.len()) > most || most == 0 || another_word(&a, &b) {
        return None;
    }
    // Three rows of the table of distances, of which only the last is complete.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut least = i + 1;
        for (j, y) in b.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut edits = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                edits = edits.min(at(&before, j - 1) + 1);
            }
            least = least.min(edits);
            row.push(edits);
        }
        if least > most {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    let edits = last.last().copied().filter(|edits| *edits <= most)?;
    u8::try_from(edits).ok()
}

/// Letters of the Arabic and Hebrew scripts that write long vowels.
fn is_weak(c: char) -> bool {
    matches!(c, 'ا' | 'و' | 'ي' | 'ه' | 'ء')
}

/// Whether two Arabic words differ in a way that makes them two words rather than two spellings.
fn another_word(a: &[char], b: &[char]) -> bool {
    let arabic = |word: &[char]| {
        word.first()
            .is_some_and(|c| script::of_char(*c) == Script::Arabic)
    };
    if !arabic(a) || !arabic(b) {
        return false;
    }
    let ending = |word: &[char]| word.last().copied().filter(|c| matches!(c, 'ه' | 'ي'));
    if a.len() != b.len() && ending(a) != ending(b) {
        return true;
    }
    // The same consonants: what differs is vowels only.
    let bare = |word: &[char]| {
        let start = if word.starts_with(&['ا', 'ل']) {
            2
        } else {
            0
        };
        let rest = word.get(start..).unwrap_or_default();
        let consonants: Vec<char> = rest.iter().copied().filter(|c| !is_weak(*c)).collect();
        (rest.len(), consonants)
    };
    let ((length, consonants), (other, others)) = (bare(a), bare(b));
    length.min(other) < 6 && consonants == others && !is_carrier(a, b)
}

/// Whether two words of some length differ in the letter that carries a hamza (مسؤول, مسئول).
fn is_carrier(a: &[char], b: &[char]) -> bool {
    let mut differing = a.iter().zip(b).filter(|(x, y)| x != y);
    let pair = differing.next();
    a.len() == b.len()
        && a.len() >= 5
        && matches!(pair, Some(('و', 'ي') | ('ي', 'و')))
        && differing.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, most, expected) in [
            ("astrolabe", "astrolab", 1, Some(1)),
            ("astrolabe", "atsrolabe", 1, Some(1)),
            ("astrolabe", "asteroid", 2, None),
            ("kitten", "sitting", 3, Some(3)),
            ("kitten", "sitting", 2, None),
            ("ca", "abc", 3, Some(3)),
            ("same", "same", 0, Some(0)),
            ("same", "some", 0, None),
            ("", "ab", 2, Some(2)),
        ] {
            assert_eq!(edits(a, b, most), expected, "{a} {b}");
            assert_eq!(edits(b, a, most), expected, "{b} {a}");
        }
    }

    #[test]
    fn arabic_words_of_one_root_are_no_misspellings() {
        for (a, b) in [
            ("كاتب", "كتاب"),
            ("جامع", "جامعه"),
            ("قران", "قرن"),
            ("القاهر", "القاهره"),
            ("مكتبه", "مكتب"),
            // One is short, the other is not.
            ("مكاتيب", "مكاتب"),
        ] {
            assert_eq!(edits(a, b, 2), None, "{a} {b}");
            assert_eq!(edits(b, a, 2), None, "{b} {a}");
        }
        assert_eq!(edits("مخطوط", "محطوط", 1), Some(1));
        assert_eq!(edits("اسطرلاب", "اصطرلاب", 1), Some(1));
    }

    #[test]
    fn short_words_and_numbers_have_no_edits() {
        for (word, most) in [
            ("map", 0),
            ("maps", 1),
            ("astrolab", 2),
            ("1324", 0),
            ("كتاب", 0),
            ("مخطوط", 1),
            ("图书", 0),
        ] {
            assert_eq!(allowed_edits(word), most, "{word}");
        }
    }
}
