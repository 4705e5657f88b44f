//! Edit distance between words, for spelling correction.

use crate::arabic::strip_article;
use crate::script::{self, Script};

/// Returns the maximum edit distance at which a word counts as a misspelling of `word`.
///
/// The maximum is 0 for words of fewer than 4 letters, 1 for words of 4 to 7 letters, and 2 for
/// longer words. In the abjads (Arabic, Hebrew, Syriac), in which most words of four letters are
/// one edit away from another word, the limits are one letter higher. The maximum is also 0 for
/// words with digits and for words in scripts without spaces.
pub fn max_edits(word: &str) -> u8 {
    let (word, extra_letters) = match script::of_word(word) {
        // Common prefixes do not make a word more distinctive.
        Script::Arabic => (
            word.strip_prefix("عبدال")
                .or_else(|| strip_article(word))
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
        letters if letters < 4 + extra_letters => 0,
        letters if letters < 8 + extra_letters => 1,
        _ => 2,
    }
}

/// Returns the edit distance between two folded words, or `None` if it is greater than `max`.
///
/// This is the optimal string alignment distance: insertions, deletions, substitutions and
/// transpositions of adjacent letters each count as 1, and no letter is edited twice.
///
/// Also returns `None` for two Arabic words that are different words with the same root rather than
/// two spellings of a word. This is assumed if they have different lengths and only one of them has
/// a final ه (ة) or ي, or if they are short and differ only in weak letters (long vowels, ه and
/// hamza).
pub fn edit_distance(a: &str, b: &str, max: u8) -> Option<u8> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let max = usize::from(max);
    if a == b {
        return Some(0);
    }
    if a.len().abs_diff(b.len()) > max || max == 0 || are_different_arabic_words(&a, &b) {
        return None;
    }
    // The last two complete rows of the distance matrix.
    let mut before_previous: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut row_min = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cell =
                |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut distance = (cell(&previous, j) + usize::from(x != y))
                .min(cell(&previous, j + 1) + 1)
                .min(cell(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                distance = distance.min(cell(&before_previous, j - 1) + 1);
            }
            row_min = row_min.min(distance);
            row.push(distance);
        }
        if row_min > max {
            return None;
        }
        before_previous = std::mem::replace(&mut previous, row);
    }
    let distance = previous.last().copied().filter(|edits| *edits <= max)?;
    u8::try_from(distance).ok()
}

/// Returns `true` if an Arabic letter does not count as a consonant. These letters are the long
/// vowels, ه (also a folded ة) and hamza.
fn is_weak(c: char) -> bool {
    matches!(c, 'ا' | 'و' | 'ي' | 'ه' | 'ء')
}

/// Returns `true` if two Arabic words differ in a way that distinguishes words with the same root.
fn are_different_arabic_words(a: &[char], b: &[char]) -> bool {
    let is_arabic = |word: &[char]| {
        word.first()
            .is_some_and(|c| script::of_char(*c) == Script::Arabic)
    };
    if !is_arabic(a) || !is_arabic(b) {
        return false;
    }
    let ending = |word: &[char]| word.last().copied().filter(|c| matches!(c, 'ه' | 'ي'));
    if a.len() != b.len() && ending(a) != ending(b) {
        return true;
    }
    // If the consonants are equal, the words differ only in weak letters.
    let consonants = |word: &[char]| {
        let start = if word.starts_with(&['ا', 'ل']) {
            2
        } else {
            0
        };
        let rest = word.get(start..).unwrap_or_default();
        let strong: Vec<char> = rest.iter().copied().filter(|c| !is_weak(*c)).collect();
        (rest.len(), strong)
    };
    let ((a_len, a_consonants), (b_len, b_consonants)) = (consonants(a), consonants(b));
    a_len.min(b_len) < 6 && a_consonants == b_consonants && !differ_in_hamza_seat(a, b)
}

/// Returns `true` if two words of five or more letters differ only in the letter on which a hamza
/// is written (مسؤول, مسئول).
fn differ_in_hamza_seat(a: &[char], b: &[char]) -> bool {
    let mut differences = a.iter().zip(b).filter(|(x, y)| x != y);
    let first = differences.next();
    a.len() == b.len()
        && a.len() >= 5
        && matches!(first, Some(('و', 'ي') | ('ي', 'و')))
        && differences.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (a, b, max, expected) in [
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
            assert_eq!(edit_distance(a, b, max), expected, "{a} {b}");
            assert_eq!(edit_distance(b, a, max), expected, "{b} {a}");
        }
    }

    #[test]
    fn arabic_words_of_the_same_root_are_not_misspellings() {
        for (a, b) in [
            ("كاتب", "كتاب"),
            ("جامع", "جامعه"),
            ("قران", "قرن"),
            ("القاهر", "القاهره"),
            ("مكتبه", "مكتب"),
            // Only one of these two words is short.
            ("مكاتيب", "مكاتب"),
        ] {
            assert_eq!(edit_distance(a, b, 2), None, "{a} {b}");
            assert_eq!(edit_distance(b, a, 2), None, "{b} {a}");
        }
        assert_eq!(edit_distance("مخطوط", "محطوط", 1), Some(1));
        assert_eq!(edit_distance("اسطرلاب", "اصطرلاب", 1), Some(1));
    }

    #[test]
    fn max_edits_depends_on_length_and_script() {
        for (word, expected) in [
            ("map", 0),
            ("maps", 1),
            ("astrolab", 2),
            ("1324", 0),
            ("كتاب", 0),
            ("مخطوط", 1),
            ("图书", 0),
        ] {
            assert_eq!(max_edits(word), expected, "{word}");
        }
    }
}
