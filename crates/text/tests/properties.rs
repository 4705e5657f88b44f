//! Checks properties of the analysis with pseudorandom texts.

use khizana_text::{
    edit_distance, fold, match_score, max_edits, phonetic_key, phonetic_similarity, stem, tokenize,
    tokenize_query,
};

/// A pseudorandom number generator (xorshift) with a fixed seed.
struct Rng(u64);

impl Rng {
    fn next(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % below
    }

    /// Returns a random character, in most cases from a supported script.
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
fn tokens_and_query_terms_are_within_the_text() {
    let mut rng = Rng(0x5EED);
    for _ in 0..4_000 {
        let text = rng.text();
        let lang = LANGS[rng.next(LANGS.len() as u32) as usize];
        let mut previous = 0;
        for token in tokenize(&text, lang) {
            assert!(!token.word.is_empty(), "{text:?}");
            assert!(token.stripped.as_deref() != Some(""), "{text:?}");
            assert!(token.start < token.end, "{text:?}");
            assert!(text.get(token.start..token.end).is_some(), "{text:?}");
            // A compound name also has the position of its second part, which is emitted before
            // that part.
            assert!(token.position + 1 >= previous, "{text:?}");
            previous = token.position;
            let _ = (stem(&token.word, lang), phonetic_key(&token.word));
        }
        for term in tokenize_query(&text, &LANGS) {
            assert!(!term.word.is_empty() && term.start < term.end, "{text:?}");
            assert!(text.get(term.start..term.end).is_some(), "{text:?}");
        }
    }
}

#[test]
fn folding_is_idempotent() {
    let mut rng = Rng(0xF01D);
    for _ in 0..4_000 {
        let text = rng.text();
        let folded = fold(&text);
        assert_eq!(fold(&folded), folded, "{text:?}");
    }
    for c in (0..=0x10FFFF).filter_map(char::from_u32) {
        let folded = fold(&c.to_string());
        assert_eq!(fold(&folded), folded, "{c:?}");
    }
}

#[test]
fn text_matches_itself() {
    let mut rng = Rng(0xF1D0);
    for _ in 0..400 {
        let text = rng.text();
        if tokenize_query(&text, &["und"]).is_empty() {
            continue;
        }
        let score = match_score(&text, "und", &text, &["und"]);
        assert!(score.is_some_and(|score| score > 0.0), "{text:?}");
    }
}

#[test]
fn comparisons_are_symmetric_and_within_bounds() {
    let mut rng = Rng(0xA11CE);
    for _ in 0..4_000 {
        let (a, b) = (fold(&rng.text()), fold(&rng.text()));
        let max = max_edits(&a);
        assert!(max <= 2);
        let distance = edit_distance(&a, &b, max);
        assert_eq!(distance, edit_distance(&b, &a, max), "{a:?} {b:?}");
        assert!(distance.is_none_or(|edits| edits <= max), "{a:?} {b:?}");
        let similarity = phonetic_similarity(&a, &b);
        assert_eq!(similarity, phonetic_similarity(&b, &a), "{a:?} {b:?}");
        assert!(
            similarity.is_none_or(|similarity| similarity > 0.0 && similarity <= 1.0),
            "{a:?} {b:?}"
        );
    }
}
