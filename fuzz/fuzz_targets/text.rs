//! Whatever anybody writes: as a value, as a query, and as one against the other.

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
    assert_eq!(fold(&folded), folded, "what is folded stays as it is");

    let mut position = 0;
    let tokens = tokens(&text, lang);
    for token in &tokens {
        assert!(token.start < token.end, "{token:?}");
        assert!(text.get(token.start..token.end).is_some(), "{token:?}");
        assert!(!token.word.is_empty(), "{token:?}");
        // Two words of at most three times the longest piece, joined to a name.
        assert!(token.word.len() <= 6 * 96, "{token:?}");
        assert!(position <= token.position + 1, "{token:?}");
        position = position.max(token.position);
    }

    let words = khizana_text::query(&query_text, &[lang, "ar", "en", "fr"]);
    for word in &words {
        assert!(word.start < word.end, "{word:?}");
        assert!(query_text.get(word.start..word.end).is_some(), "{word:?}");
        assert!(!word.word.is_empty(), "{word:?}");
        assert!(word.stems.len() < 64 && word.sounds.len() <= 96, "{word:?}");
        assert!(
            word.sounds
                .iter()
                .all(|key| key.is_ascii() && !key.is_empty())
        );
    }

    // Each with each takes time by the product of their numbers.
    for word in words.iter().take(4) {
        for token in tokens.iter().take(16) {
            let alike = sounds_alike(&word.word, &token.word);
            assert!(
                alike.is_none_or(|alike| alike > 0.0 && alike <= 1.0),
                "{alike:?}"
            );
            let most = allowed_edits(&word.word);
            let away = edits(&word.word, &token.word, most);
            assert!(away.is_none_or(|away| away <= most));
            assert_eq!(
                away,
                edits(&token.word, &word.word, most),
                "as far there as back"
            );
        }
    }
    for token in tokens.iter().take(64) {
        assert!(
            stem(&token.word, lang).is_none_or(|stem| !stem.is_empty()),
            "{token:?}"
        );
        assert!(
            sound(&token.word).is_none_or(|key| !key.is_empty()),
            "{token:?}"
        );
    }
    let found = matches(&text, lang, &query_text, &[lang]);
    assert!(found.is_none_or(|found| found > 0.0 && found <= EXACT));

    // These take anything, folded or not.
    let _ = (
        stem(&text, lang),
        sound(&text),
        allowed_edits(&text),
        edits(&query_text, &text, 2),
        sounds_alike(&query_text, &text),
    );
});
