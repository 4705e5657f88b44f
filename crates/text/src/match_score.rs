//! Matching of a query against a single text, without an index.

use crate::{
    QueryTerm, Token, edit_distance, max_edits, phonetic_key, phonetic_similarity, stem, tokenize,
    tokenize_query,
};

/// Score of a word that equals the query word.
pub const EXACT: f32 = 1.0;
/// Score of a word that differs from the query word only in its article or other proclitics.
pub const STRIPPED: f32 = 0.9;
/// Score of another inflected form of the query word, such as its plural or another case.
pub const STEM: f32 = 0.75;
/// Maximum score of a word in another script that sounds like the query word.
pub const PHONETIC: f32 = 0.6;
/// Score of a word at an edit distance of 1 from the query word. At greater distances, this score
/// is divided by the distance.
pub const FUZZY: f32 = 0.4;

/// Matches a query against a text and returns the lowest score of its terms. Returns `None` if a
/// term does not match or if the query has no terms.
///
/// `lang` is the language of the text. `query` must not contain operators. `langs` are the
/// languages in which its words are stemmed.
pub fn match_score(text: &str, lang: &str, query: &str, langs: &[&str]) -> Option<f32> {
    let tokens = tokenize(text, lang);
    let terms = tokenize_query(query, langs);
    let mut worst = terms.first().map(|_| EXACT)?;
    // Positions of the previous term.
    let mut previous: Vec<u32> = Vec::new();
    for term in &terms {
        let mut best: Option<f32> = None;
        let mut positions = Vec::new();
        for token in &tokens {
            let follows_previous = || {
                let before = token.position.checked_sub(1);
                before.is_some_and(|before| previous.contains(&before))
            };
            if term.is_adjacent && !follows_previous() {
                continue;
            }
            if let Some(score) = term_score(term, token, lang) {
                best = Some(best.map_or(score, |best| best.max(score)));
                positions.push(token.position);
            }
        }
        worst = worst.min(best?);
        previous = positions;
    }
    Some(worst)
}

/// Returns the score of a term against a token, or `None` if it does not match.
fn term_score(term: &QueryTerm, token: &Token, lang: &str) -> Option<f32> {
    if term.word == token.word {
        return Some(EXACT);
    }
    let term_forms = || std::iter::once(term.word.as_str()).chain(term.stripped.as_deref());
    let token_forms = || std::iter::once(token.word.as_str()).chain(token.stripped.as_deref());
    let pairs = || term_forms().flat_map(|a| token_forms().map(move |b| (a, b)));
    if pairs().any(|(a, b)| a == b) {
        return Some(STRIPPED);
    }
    let stem_matches = |form: &str| match stem(form, lang) {
        Some(stem) => term.stems.contains(&stem),
        None => term.stems.iter().any(|stem| stem == form),
    };
    if token_forms().any(stem_matches) {
        return Some(STEM);
    }
    let key_matches =
        |form: &str| phonetic_key(form).is_some_and(|key| term.phonetic_keys.contains(&key));
    let similarity = pairs()
        .filter(|(_, b)| key_matches(b))
        .filter_map(|(a, b)| phonetic_similarity(a, b))
        .max_by(f32::total_cmp);
    if let Some(similarity) = similarity {
        return Some(PHONETIC * similarity);
    }
    pairs()
        .filter_map(|(a, b)| edit_distance(a, b, max_edits(a)))
        .min()
        .map(|edits| FUZZY / f32::from(edits.max(1)))
}
