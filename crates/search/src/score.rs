//! Scoring with BM25F.
//!
//! BM25F is described by Robertson, Zaragoza and Taylor in "Simple BM25 extension to multiple
//! weighted fields" (CIKM 2004). The saturated weight of a term in an item depends only on the item,
//! so it is computed when the index is written, by `writer::level`, and stored as a *level*, an
//! integer from 1 to [`LEVELS`]. The idf is computed when a query is evaluated. Query-time scores
//! are integers, so that the ranking is the same on every machine.

/// The highest level.
pub(crate) const LEVELS: u8 = 31;

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
