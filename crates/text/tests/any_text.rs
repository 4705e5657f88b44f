//! Whatever the text, the analysis keeps its promises.

use khizana_text::{allowed_edits, edits, fold, matches, query, sound, sounds_alike, stem, tokens};

/// Numbers that look random and are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % below
    }

    /// A character of some script, or any at all.
    fn char(&mut self) -> char {
        const RANGES: [(u32, u32); 14] = [
            (0x20, 0x7F),
            (0x20, 0x7F),
            (0x80, 0x250),
            (0x2B0, 0x370),
            (0x370, 0x530),
            (0x590, 0x780),
            (0x600, 0x700),
            (0x620, 0x660),
            (0x900, 0x1100),
            (0x1100, 0x1200),
            (0x2000, 0x2070),
            (0x3000, 0x3100),
            (0xFB00, 0x10000),
            (0, 0x11_0000),
        ];
        const KINDS: u32 = RANGES.len() as u32;
        let (from, to) = RANGES[self.next(KINDS) as usize];
        char::from_u32(from + self.next(to - from)).unwrap_or('’')
    }

    fn text(&mut self) -> String {
        let length = self.next(40);
        (0..length).map(|_| self.char()).collect()
    }
}

const LANGS: [&str; 12] = [
    "ar", "en", "fr", "it", "tr", "fa", "he", "ru", "el", "zh", "und", "",
];

#[test]
fn tokens_and_query_words_lie_in_their_text() {
    let mut numbers = Numbers(0x5EED);
    for _ in 0..4_000 {
        let text = numbers.text();
        let lang = LANGS[numbers.next(LANGS.len() as u32) as usize];
        let mut before = 0;
        for token in tokens(&text, lang) {
            assert!(!token.word.is_empty(), "{text:?}");
            assert!(token.bare.as_deref() != Some(""), "{text:?}");
            assert!(token.start < token.end, "{text:?}");
            assert!(text.get(token.start..token.end).is_some(), "{text:?}");
            // Names of two words stand at both, and so may be one ahead.
            assert!(token.position + 1 >= before, "{text:?}");
            before = token.position;
            let _ = (stem(&token.word, lang), sound(&token.word));
        }
        for word in query(&text, &LANGS) {
            assert!(!word.word.is_empty() && word.start < word.end, "{text:?}");
            assert!(text.get(word.start..word.end).is_some(), "{text:?}");
        }
    }
}

#[test]
fn folding_twice_is_folding_once() {
    let mut numbers = Numbers(0xF01D);
    for _ in 0..4_000 {
        let text = numbers.text();
        let folded = fold(&text);
        assert_eq!(fold(&folded), folded, "{text:?}");
    }
    for c in (0..=0x10FFFF).filter_map(char::from_u32) {
        let folded = fold(&c.to_string());
        assert_eq!(fold(&folded), folded, "{c:?}");
    }
}

#[test]
fn a_text_is_found_by_itself() {
    let mut numbers = Numbers(0xF1D0);
    for _ in 0..400 {
        let text = numbers.text();
        if query(&text, &["und"]).is_empty() {
            continue;
        }
        let weight = matches(&text, "und", &text, &["und"]);
        assert!(weight.is_some_and(|weight| weight > 0.0), "{text:?}");
    }
}

#[test]
fn comparing_is_even_and_within_bounds() {
    let mut numbers = Numbers(0xA11CE);
    for _ in 0..4_000 {
        let (a, b) = (fold(&numbers.text()), fold(&numbers.text()));
        let most = allowed_edits(&a);
        assert!(most <= 2);
        let found = edits(&a, &b, most);
        assert_eq!(found, edits(&b, &a, most), "{a:?} {b:?}");
        assert!(found.is_none_or(|edits| edits <= most), "{a:?} {b:?}");
        let alike = sounds_alike(&a, &b);
        assert_eq!(alike, sounds_alike(&b, &a), "{a:?} {b:?}");
        assert!(alike.is_none_or(|x| x > 0.0 && x <= 1.0), "{a:?} {b:?}");
    }
}
