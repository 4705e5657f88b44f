//! The characters that a site displays.

use std::sync::atomic::{AtomicU64, Ordering};

/// Number of code points in Unicode.
const CODE_POINTS: usize = 0x11_0000;

/// The characters that every site has: those that a visitor types into the search field, and those in dates, numbers and
/// names that are formatted when a page is displayed. Letters of Persian and of transliterations are among them, so that
/// the next record with one does not change the font.
const ALWAYS: [(u32, u32); 40] = [
    (0x20, 0x7e),
    (0xa0, 0xff),
    // āēġīıōœšūžʾʿ and their capitals
    (0x100, 0x101),
    (0x112, 0x113),
    (0x120, 0x121),
    (0x12a, 0x12b),
    (0x131, 0x131),
    (0x14c, 0x14d),
    (0x152, 0x153),
    (0x160, 0x161),
    (0x16a, 0x16b),
    (0x17d, 0x17e),
    (0x2be, 0x2bf),
    (0x60c, 0x60c),
    (0x61b, 0x61b),
    (0x61f, 0x61f),
    (0x621, 0x63a),
    (0x640, 0x655),
    (0x660, 0x66c),
    (0x670, 0x671),
    // پچژکگهی of Persian
    (0x67e, 0x67e),
    (0x686, 0x686),
    (0x698, 0x698),
    (0x6a9, 0x6a9),
    (0x6af, 0x6af),
    (0x6c0, 0x6c1),
    (0x6cc, 0x6cc),
    (0x6f0, 0x6f9),
    // ḍḥṣṭẓ and their capitals
    (0x1e0c, 0x1e0d),
    (0x1e24, 0x1e25),
    (0x1e62, 0x1e63),
    (0x1e6c, 0x1e6d),
    (0x1e92, 0x1e93),
    (0x200c, 0x200f),
    (0x2010, 0x2015),
    (0x2018, 0x201e),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x202f, 0x202f),
    (0x2039, 0x203a),
];

/// A set of characters that threads fill together.
pub(crate) struct Shown {
    /// A bit for each code point.
    bits: Vec<AtomicU64>,
}

impl Shown {
    /// Creates a set with the characters that every site has.
    pub(crate) fn new() -> Shown {
        let words = CODE_POINTS.div_ceil(64);
        let shown = Shown {
            bits: (0..words).map(|_| AtomicU64::new(0)).collect(),
        };
        for (first, last) in ALWAYS {
            (first..=last).for_each(|code| shown.add(code));
        }
        shown
    }

    /// Adds the characters of a text.
    pub(crate) fn add_text(&self, text: &str) {
        // Most texts repeat few characters. All of ASCII that is displayed is in the set.
        let mut last = '\0';
        for c in text.chars() {
            if !c.is_ascii() && c != last {
                self.add(u32::from(c));
                last = c;
            }
        }
    }

    /// Adds the characters of a file in UTF-8. Other bytes are ignored.
    pub(crate) fn add_bytes(&self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.add_text(chunk.valid());
        }
    }

    fn add(&self, code: u32) {
        let bit = 1 << (code % 64);
        if let Some(word) = self.bits.get(code as usize / 64)
            && word.load(Ordering::Relaxed) & bit == 0
        {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Returns the characters in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = char> {
        let words = (0u32..).zip(&self.bits);
        words.flat_map(|(index, word)| {
            let word = word.load(Ordering::Relaxed);
            let codes = (0..64).filter(move |bit| word >> bit & 1 == 1);
            codes.filter_map(move |bit| char::from_u32(index * 64 + bit))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathers_the_characters_of_texts() {
        let shown = Shown::new();
        let always: String = shown.iter().collect();
        assert!(always.contains("abc") && always.contains('ه') && always.contains('٤'));
        assert!(always.contains('ḥ') && always.contains('پ'));
        assert!(!always.contains('ẖ') && !always.contains('ڭ'));
        shown.add_text("Tārīẖ, ڭ");
        shown.add_bytes(b"\xff\xe2\x80\xa2\xf0\x9f\x93\x9c");
        let all: Vec<char> = shown.iter().collect();
        for c in ['ẖ', 'ڭ', '•', '\u{1f4dc}'] {
            assert!(all.contains(&c), "{c}");
        }
        assert!(all.is_sorted());
        assert_eq!(all.len(), always.chars().count() + 3);
    }
}
