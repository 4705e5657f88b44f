//! Text analysis of arbitrary input: as a text, as a query, and as a query that is compared with a
//! text.

#![no_main]

use khizana_text::*;

const LANGUAGES: [&str; 12] = [
    "", "und", "ar", "fa", "ur", "he", "yi", "en", "fr", "de", "tr", "ru",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [language, length, rest @ ..] = bytes else {
        return;
    };
    let lang = LANGUAGES[usize::from(*language) % LANGUAGES.len()];
    let (query, text) = rest.split_at(usize::from(*length).min(rest.len()));
    let (query_text, text) = (
        String::from_utf8_lossy(query),
        String::from_utf8_lossy(text),
    );

    let folded = fold(&text);
    assert_eq!(fold(&folded), folded, "folding is not idempotent");

    let mut position = 0;
    let tokens = tokenize(&text, lang);
    for token in &tokens {
        assert!(token.start < token.end, "{token:?}");
        assert!(text.get(token.start..token.end).is_some(), "{token:?}");
        assert!(!token.word.is_empty(), "{token:?}");
        // The token may be a compound name of two words, each of at most three times the maximum
        // length of a segment.
        assert!(token.word.len() <= 6 * 96, "{token:?}");
        assert!(position <= token.position + 1, "{token:?}");
        position = position.max(token.position);
    }

    let terms = tokenize_query(&query_text, &[lang, "ar", "en", "fr"]);
    for term in &terms {
        assert!(term.start < term.end, "{term:?}");
        assert!(query_text.get(term.start..term.end).is_some(), "{term:?}");
        assert!(!term.word.is_empty(), "{term:?}");
        assert!(
            term.stems.len() < 64 && term.phonetic_keys.len() <= 96,
            "{term:?}"
        );
        assert!(
            term.phonetic_keys
                .iter()
                .all(|key| key.is_ascii() && !key.is_empty())
        );
    }

    // This limits the number of pairs that are compared.
    for term in terms.iter().take(4) {
        for token in tokens.iter().take(16) {
            let similarity = phonetic_similarity(&term.word, &token.word);
            assert!(
                similarity.is_none_or(|similarity| similarity > 0.0 && similarity <= 1.0),
                "{similarity:?}"
            );
            let max = max_edits(&term.word);
            let distance = edit_distance(&term.word, &token.word, max);
            assert!(distance.is_none_or(|distance| distance <= max));
            assert_eq!(
                distance,
                edit_distance(&token.word, &term.word, max),
                "the distance is not symmetric"
            );
        }
    }
    for token in tokens.iter().take(64) {
        assert!(
            stem(&token.word, lang).is_none_or(|stem| !stem.is_empty()),
            "{token:?}"
        );
        assert!(
            phonetic_key(&token.word).is_none_or(|key| !key.is_empty()),
            "{token:?}"
        );
    }
    let score = match_score(&text, lang, &query_text, &[lang]);
    assert!(score.is_none_or(|score| score > 0.0 && score <= EXACT));

    // These must not panic on text that is not folded.
    let _ = (
        stem(&text, lang),
        phonetic_key(&text),
        max_edits(&text),
        edit_distance(&query_text, &text, 2),
        phonetic_similarity(&query_text, &text),
    );
});
