//! Whether a value matches a query, by reading all of it: what the index has to find too.

use crate::{QueryWord, Token, allowed_edits, edits, query, sound, sounds_alike, stem, tokens};

/// The word itself.
pub const EXACT: f32 = 1.0;
/// The word without an article or what else is written together with it.
pub const BARE: f32 = 0.9;
/// Another form of the word: a plural, a case.
pub const STEM: f32 = 0.75;
/// The word in another script, at best.
pub const SOUND: f32 = 0.6;
/// A spelling one edit away.
pub const SPELLING: f32 = 0.4;

/// Whether all words of a query of one piece are found in a value of language `lang`, and how well
/// the worst of them is: [`EXACT`] and down to [`SPELLING`].
pub fn matches(text: &str, lang: &str, query_text: &str, langs: &[&str]) -> Option<f32> {
    let tokens = tokens(text, lang);
    let words = query(query_text, langs);
    let mut worst = words.first().map(|_| EXACT)?;
    // Where the word before was found.
    let mut before: Vec<u32> = Vec::new();
    for word in &words {
        let mut best: Option<f32> = None;
        let mut found = Vec::new();
        for token in &tokens {
            let follows = || {
                let place = token.position.checked_sub(1);
                place.is_some_and(|place| before.contains(&place))
            };
            if word.adjacent && !follows() {
                continue;
            }
            if let Some(weight) = weight(word, token, lang) {
                best = Some(best.map_or(weight, |best| best.max(weight)));
                found.push(token.position);
            }
        }
        worst = worst.min(best?);
        before = found;
    }
    Some(worst)
}

/// How well a word of a text is the one of a query.
fn weight(word: &QueryWord, token: &Token, lang: &str) -> Option<f32> {
    if word.word == token.word {
        return Some(EXACT);
    }
    let wanted = || std::iter::once(word.word.as_str()).chain(word.bare.as_deref());
    let given = || std::iter::once(token.word.as_str()).chain(token.bare.as_deref());
    let pairs = || wanted().flat_map(|a| given().map(move |b| (a, b)));
    if pairs().any(|(a, b)| a == b) {
        return Some(BARE);
    }
    let has_stem = |form: &str| match stem(form, lang) {
        Some(stem) => word.stems.contains(&stem),
        None => word.stems.iter().any(|stem| stem == form),
    };
    if given().any(has_stem) {
        return Some(STEM);
    }
    let sounds = |form: &str| sound(form).is_some_and(|key| word.sounds.contains(&key));
    let alike = pairs()
        .filter(|(_, b)| sounds(b))
        .filter_map(|(a, b)| sounds_alike(a, b))
        .max_by(f32::total_cmp);
    if let Some(alike) = alike {
        return Some(SOUND * alike);
    }
    pairs()
        .filter_map(|(a, b)| edits(a, b, allowed_edits(a)))
        .min()
        .map(|edits| SPELLING / f32::from(edits.max(1)))
}
