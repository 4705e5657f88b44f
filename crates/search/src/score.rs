//! Scoring with BM25F.
//!
//! BM25F is described by Robertson, Zaragoza and Taylor in "Simple BM25 extension to multiple
//! weighted fields" (CIKM 2004). The occurrences of a term in the fields of an item are summed,
//! each weighted by its field and normalized by the length of the field relative to the average,
//! and the sum is saturated.
//!
//! The saturated weight depends only on the item, so it is computed when the index is written and
//! stored as a *level*, an integer from 1 to [`LEVELS`]. The idf is computed when a query is
//! evaluated. Query-time scores are integers, so that the ranking is the same on every machine.

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

#[cfg(feature = "write")]
pub(crate) use write::{
    AverageLengths, FieldLengths, FieldWeights, coarsen_level, length_class, level,
};

#[cfg(feature = "write")]
mod write {
    use std::collections::BTreeMap;

    use super::LEVELS;

    /// The BM25 parameter k1, which controls the saturation by term frequency.
    const K1: f32 = 1.2;
    /// The BM25 parameter b, which controls the normalization by field length.
    const B: f32 = 0.6;

    /// Total lengths of the fields of an item, in words, by length class: title, other fields,
    /// texts.
    pub(crate) type FieldLengths = [u32; 3];

    /// Returns the length class of a field, as an index in [`FieldLengths`].
    pub(crate) fn length_class(field: &str) -> usize {
        match field {
            "title" => 0,
            crate::positions::TEXT_FIELD => 2,
            _ => 1,
        }
    }

    /// The average field lengths of an archive.
    pub(crate) struct AverageLengths([f32; 3]);

    impl AverageLengths {
        /// Computes, for each class, the average over the items that have fields of this class.
        ///
        /// The averages are rounded to powers of √2, so that the levels, and thus the blocks of the
        /// index, do not change when an archive grows a little.
        pub(crate) fn of(lengths: &[FieldLengths]) -> AverageLengths {
            let mut averages = [1.0; 3];
            for (class, average) in averages.iter_mut().enumerate() {
                let (sum, count) = lengths
                    .iter()
                    .filter_map(|lengths| lengths.get(class))
                    .filter(|length| **length > 0)
                    .fold((0u64, 0u64), |(sum, count), length| {
                        (sum + u64::from(*length), count + 1)
                    });
                if count > 0 {
                    let exact = sum as f32 / count as f32;
                    while *average * std::f32::consts::SQRT_2 < exact {
                        *average *= std::f32::consts::SQRT_2;
                    }
                }
            }
            AverageLengths(averages)
        }
    }

    /// The weights of the fields of an index.
    pub(crate) struct FieldWeights {
        /// The weight and the length class of each field, by the index of the field.
        fields: Vec<(f32, usize)>,
    }

    /// Default weights, which `khizana.toml` can override.
    const DEFAULT_WEIGHTS: [(&str, f32); 5] = [
        ("title", 6.0),
        ("creator", 3.0),
        ("subject", 3.0),
        ("place", 3.0),
        ("text", 1.0),
    ];
    /// Default weight of all other fields.
    const OTHER_WEIGHT: f32 = 2.0;

    impl FieldWeights {
        /// Creates the weights of `fields`. `overrides` are the configured weights, by field name.
        pub(crate) fn new(fields: &[String], overrides: &BTreeMap<String, f32>) -> FieldWeights {
            let weight = |name: &str| {
                let default = DEFAULT_WEIGHTS
                    .iter()
                    .find(|(field, _)| *field == name)
                    .map(|(_, weight)| *weight);
                overrides
                    .get(name)
                    .copied()
                    .or(default)
                    .unwrap_or(OTHER_WEIGHT)
            };
            FieldWeights {
                fields: fields
                    .iter()
                    .map(|name| (weight(name), length_class(name)))
                    .collect(),
            }
        }
    }

    /// Maximum document frequency of terms whose levels are not rounded.
    const MAX_EXACT_DOC_FREQ: u32 = 4_096;

    /// Rounds the level of a frequent term up to one of eight values.
    ///
    /// Frequent terms contribute little to the score, but their posting lists are most of the data
    /// that a query downloads. Coarse levels compress better.
    pub(crate) fn coarsen_level(level: u8, doc_freq: u32) -> u8 {
        if doc_freq <= MAX_EXACT_DOC_FREQ {
            return level;
        }
        (level.div_ceil(4) * 4).min(LEVELS)
    }

    /// Returns the level of a term in an item. `counts` contains the index of each field in which
    /// the term occurs, and the number of occurrences in this field.
    pub(crate) fn level(
        counts: &[(u32, u32)],
        lengths: &FieldLengths,
        averages: &AverageLengths,
        weights: &FieldWeights,
    ) -> u8 {
        let mut sum = 0.0;
        for (field, count) in counts {
            let (weight, class) = weights
                .fields
                .get(*field as usize)
                .copied()
                .unwrap_or((1.0, 1));
            let length = lengths.get(class).copied().unwrap_or_default() as f32;
            let average = averages.0.get(class).copied().unwrap_or(1.0);
            sum += weight * *count as f32 / (1.0 - B + B * length / average);
        }
        let saturated = sum / (K1 + sum);
        ((saturated * f32::from(LEVELS)).ceil() as u8).clamp(1, LEVELS)
    }
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

    #[cfg(feature = "write")]
    #[test]
    fn level_depends_on_field_weight_length_and_frequency() {
        let averages = AverageLengths::of(&[[4, 20, 300], [6, 20, 0]]);
        let fields = ["title".to_owned(), "subject".to_owned(), "text".to_owned()];
        let weights = FieldWeights::new(&fields, &Default::default());
        let level_of =
            |counts: &[(u32, u32)], lengths| level(counts, &lengths, &averages, &weights);
        let title = level_of(&[(0, 1)], [1, 0, 0]);
        let long_title = level_of(&[(0, 1)], [5, 0, 0]);
        let subject = level_of(&[(1, 1)], [1, 20, 0]);
        let text = level_of(&[(2, 1)], [1, 0, 900]);
        assert!(title > long_title && long_title > subject && subject > text && text >= 1);
        assert!(
            level_of(&[(2, 9)], [1, 0, 900]) > text,
            "higher term frequency"
        );
        let weights = FieldWeights::new(&fields, &[("text".to_owned(), 9.0)].into());
        assert!(
            level(&[(2, 1)], &[1, 0, 900], &averages, &weights) > text,
            "configured weight"
        );
    }
}
