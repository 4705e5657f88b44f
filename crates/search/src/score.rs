//! Scoring with BM25F.
//!
//! BM25F is described by Robertson, Zaragoza and Taylor in "Simple BM25 extension to multiple
//! weighted fields" (CIKM 2004). The saturated weight of a term in an item depends only on the item,
//! so it is computed when the index is written, by `writer::level`, and stored as a *level*, an
//! integer from 1 to [`LEVELS`]. The idf is computed when a query is evaluated. Query-time scores
//! are integers, so that the ranking is the same on every machine.

/// The highest level.
pub(crate) const LEVELS: u8 = 31;

/// The bit that is added to the level of a term in an item whose title contains it.
pub(crate) const IN_TITLE: u8 = 32;

/// Returns `true` if a byte is a level from 1 to [`LEVELS`], with or without [`IN_TITLE`].
pub(crate) fn is_level(byte: u8) -> bool {
    byte & LEVELS > 0 && byte <= LEVELS | IN_TITLE
}

/// Number of low bits of a [`PartScore`] that contain the score. The highest possible score of a
/// query, of 32 words that occur in one item each, has 19 bits.
const SCORE_BITS: u32 = 24;
const SCORE_MASK: u32 = (1 << SCORE_BITS) - 1;

/// The score of an item for some parts of a query, in the low bits, and the number of these parts
/// that the title contains, in the high bits. Such scores can be added.
pub(crate) type PartScore = u32;

/// Returns the score of a term with a level and a quality of the match.
pub(crate) fn weighted(level: u8, weight: u32) -> PartScore {
    let in_title = u32::from(level & IN_TITLE != 0);
    (u32::from(level & LEVELS) * weight) | (in_title << SCORE_BITS)
}

/// Returns the score of an item that contains two terms that match the same word.
pub(crate) fn best(a: PartScore, b: PartScore) -> PartScore {
    (a & SCORE_MASK).max(b & SCORE_MASK) | (a & !SCORE_MASK).max(b & !SCORE_MASK)
}

/// Multiplies the score of a word by its inverse document frequency.
pub(crate) fn with_idf(score: PartScore, idf: u32) -> PartScore {
    (idf * (score & SCORE_MASK) / EXACT) | (score & !SCORE_MASK)
}

/// Returns the final score of an item for a query of several words, `parts`, or for another query.
///
/// A title with all words is more probably about their combination than a record whose words are in
/// different fields.
pub(crate) fn total(score: PartScore, parts: Option<usize>) -> u32 {
    let in_title = score >> SCORE_BITS;
    let score = score & SCORE_MASK;
    match parts {
        Some(parts) if parts > 1 && in_title as usize == parts => score + score / 8 * TITLE_EIGHTHS,
        _ => score,
    }
}

/// The part by which a title with all words raises the score, in eighths.
const TITLE_EIGHTHS: u32 = 2;

/// Weight of a term that equals the query word. The other weights are relative to it.
pub(crate) const EXACT: u32 = 64;
/// Weight of a term that equals the query word without its article and other proclitics.
pub(crate) const STRIPPED: u32 = 62;
/// Weight of another term with the same stem.
pub(crate) const STEM: u32 = 44;
/// Weight of a term that starts with the word that is being typed.
pub(crate) const PREFIX: u32 = 38;
/// Maximum weight of a term in another script that sounds the same.
pub(crate) const PHONETIC: u32 = 30;
/// Weight of a term that is a correction of a misspelled query word.
pub(crate) const FUZZY: u32 = 16;

/// Returns the inverse document frequency of a term that occurs in `doc_freq` of `items` items.
///
/// This is 16 · log2(1 + `items` / `doc_freq`), with linear interpolation between powers of two.
pub(crate) fn idf(items: u32, doc_freq: u32) -> u32 {
    // A fixed-point number with 8 fractional bits.
    let ratio = (u64::from(items) << 8) / u64::from(doc_freq.max(1)) + (1 << 8);
    let exponent = ratio.ilog2();
    let mantissa = ((ratio << 4) >> exponent) - 16;
    (exponent - 8) * 16 + mantissa as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_all_words_raises_the_score() {
        let (in_title, elsewhere) = (weighted(20 | IN_TITLE, EXACT), weighted(20, EXACT));
        let score = |parts: &[PartScore]| {
            let sum = parts.iter().map(|part| with_idf(*part, 16)).sum();
            total(sum, Some(parts.len()))
        };
        assert_eq!(score(&[elsewhere, elsewhere]), 640);
        assert_eq!(score(&[in_title, elsewhere]), 640);
        assert_eq!(score(&[in_title, in_title]), 800);
        assert_eq!(score(&[in_title]), 320, "a query of one word");
        assert_eq!(total(in_title + in_title, None), 2 * 20 * EXACT);
        assert_eq!(
            best(weighted(9 | IN_TITLE, 1), weighted(20, 1)),
            weighted(20 | IN_TITLE, 1)
        );
        let highest = with_idf(weighted(LEVELS | IN_TITLE, EXACT), idf(1 << 24, 1));
        assert!((highest & SCORE_MASK) * 32 < 1 << SCORE_BITS && highest.checked_mul(32).is_some());
    }

    #[test]
    fn levels_have_one_more_bit() {
        assert!([1, 31, 33, 63].into_iter().all(is_level));
        assert!(![0, 32, 64, 255].into_iter().any(is_level));
    }

    #[test]
    fn idf_decreases_with_document_frequency() {
        assert_eq!(idf(1_000, 1_000), 16);
        let idfs: Vec<u32> = [1_000, 500, 100, 10, 1]
            .map(|doc_freq| idf(1_000, doc_freq))
            .into();
        assert!(idfs.is_sorted_by(|a, b| a < b), "{idfs:?}");
        assert!(idf(1 << 24, 1) < 400);
        assert_eq!(idf(0, 0), 0);
    }
}
