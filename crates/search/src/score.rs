//! How much a word weighs in an item, and a match among results.
//!
//! BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM
//! 2004): the occurrences of a word in the fields of an item are added up, each with the weight of its
//! field and less in a field that is long for its kind, and the sum is saturated once. What depends on
//! the item alone is worked out when the index is written and kept as a level; how rare the word is
//! comes in when a query is answered. All of that is whole numbers, so that every machine ranks alike.

/// The highest level.
pub(crate) const LEVELS: u8 = 31;

/// A match of a word as it is written weighs so much; what merely resembles it weighs less.
pub(crate) const EXACT: u32 = 64;
/// The word without the article, or what is attached to it.
pub(crate) const BARE: u32 = 62;
/// Another word of the same stem.
pub(crate) const STEM: u32 = 44;
/// A word that begins with what is being typed.
pub(crate) const BEGINNING: u32 = 38;
/// At most: a word of another script that sounds the same.
pub(crate) const SOUND: u32 = 30;
/// A word that is spelt almost the same.
pub(crate) const SPELLING: u32 = 16;

/// How rare a word is: sixteen times the binary logarithm of 1 + items / found, by straight lines
/// between the powers of two.
pub(crate) fn rarity(items: u32, found: u32) -> u32 {
    let ratio = (u64::from(items) << 8) / u64::from(found.max(1)) + (1 << 8);
    let power = ratio.ilog2();
    let rest = ((ratio << 4) >> power) - 16;
    (power - 8) * 16 + rest as u32
}

#[cfg(feature = "write")]
pub(crate) use write::{Averages, Length, Scale, coarse, level};

#[cfg(feature = "write")]
mod write {
    use std::collections::BTreeMap;

    use super::LEVELS;

    /// Saturation: how soon more occurrences cease to add.
    const K1: f32 = 1.2;
    /// How much the length of a field counts.
    const B: f32 = 0.6;

    /// The lengths of an item, in words: its title, its other fields, its texts.
    pub(crate) type Length = [u32; 3];

    /// The average lengths of an archive.
    pub(crate) struct Averages([f32; 3]);

    impl Averages {
        /// Rounded to the next step of √2: an archive that grows a little keeps its levels, and with
        /// them its blocks.
        pub(crate) fn of(lengths: &[Length]) -> Averages {
            let mut averages = [1.0; 3];
            for (kind, average) in averages.iter_mut().enumerate() {
                let all = lengths
                    .iter()
                    .filter_map(|own| own.get(kind))
                    .filter(|own| **own > 0);
                let (sum, count) = all.fold((0u64, 0u64), |(sum, count), own| {
                    (sum + u64::from(*own), count + 1)
                });
                if count > 0 {
                    let exact = sum as f32 / count as f32;
                    while *average * std::f32::consts::SQRT_2 < exact {
                        *average *= std::f32::consts::SQRT_2;
                    }
                }
            }
            Averages(averages)
        }
    }

    /// The weights of the fields.
    pub(crate) struct Scale {
        /// Of each field, in the order of the index's numbers, and the kind of its length.
        fields: Vec<(f32, usize)>,
    }

    /// Weights that `khizana.toml` can change.
    const USUAL: [(&str, f32); 5] = [
        ("title", 6.0),
        ("creator", 3.0),
        ("subject", 3.0),
        ("place", 3.0),
        ("text", 1.0),
    ];
    /// The weight of every other field.
    const OTHER: f32 = 2.0;

    impl Scale {
        pub(crate) fn of(fields: &[String], chosen: &BTreeMap<String, f32>) -> Scale {
            let weight = |name: &str| {
                let usual = USUAL.iter().find(|(own, _)| *own == name).map(|(_, w)| *w);
                chosen.get(name).copied().or(usual).unwrap_or(OTHER)
            };
            let kind = |name: &str| match name {
                "title" => 0,
                "text" => 2,
                _ => 1,
            };
            Scale {
                fields: fields
                    .iter()
                    .map(|name| (weight(name), kind(name)))
                    .collect(),
            }
        }
    }

    /// A word of more items has coarse levels.
    const COMMON: u32 = 4_096;

    /// The level of a word that is found in so many items, in one of them. Of a common word, which
    /// weighs little, only eight are told apart: its list is what a query downloads most of.
    pub(crate) fn coarse(level: u8, found: u32) -> u8 {
        if found <= COMMON {
            return level;
        }
        (level.div_ceil(4) * 4).min(LEVELS)
    }

    /// The level of a word in an item. `counts` says how often it occurs, by the number of the field.
    pub(crate) fn level(
        counts: &[(u32, u32)],
        length: &Length,
        averages: &Averages,
        scale: &Scale,
    ) -> u8 {
        let mut sum = 0.0;
        for (field, count) in counts {
            let (weight, kind) = scale
                .fields
                .get(*field as usize)
                .copied()
                .unwrap_or((1.0, 1));
            let own = length.get(kind).copied().unwrap_or_default() as f32;
            let average = averages.0.get(kind).copied().unwrap_or(1.0);
            sum += weight * *count as f32 / (1.0 - B + B * own / average);
        }
        let saturated = sum / (K1 + sum);
        ((saturated * f32::from(LEVELS)).ceil() as u8).clamp(1, LEVELS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarer_a_word_the_more_it_weighs() {
        assert_eq!(rarity(1_000, 1_000), 16);
        let weights: Vec<u32> = [1_000, 500, 100, 10, 1]
            .map(|found| rarity(1_000, found))
            .into();
        assert!(weights.is_sorted_by(|a, b| a < b), "{weights:?}");
        assert!(rarity(1 << 24, 1) < 400);
        assert_eq!(rarity(0, 0), 0);
    }

    #[cfg(feature = "write")]
    #[test]
    fn a_short_title_weighs_more_than_a_long_text() {
        let averages = Averages::of(&[[4, 20, 300], [6, 20, 0]]);
        let fields = ["title".to_owned(), "subject".to_owned(), "text".to_owned()];
        let scale = Scale::of(&fields, &Default::default());
        let of = |counts: &[(u32, u32)], length| level(counts, &length, &averages, &scale);
        let title = of(&[(0, 1)], [1, 0, 0]);
        let long_title = of(&[(0, 1)], [5, 0, 0]);
        let subject = of(&[(1, 1)], [1, 20, 0]);
        let text = of(&[(2, 1)], [1, 0, 900]);
        assert!(title > long_title && long_title > subject && subject > text && text >= 1);
        assert!(of(&[(2, 9)], [1, 0, 900]) > text, "said more often");
        let flat = Scale::of(&fields, &[("text".to_owned(), 9.0)].into());
        assert!(
            level(&[(2, 1)], &[1, 0, 900], &averages, &flat) > text,
            "as the archive says"
        );
    }
}
