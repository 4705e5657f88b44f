//! Levels: the saturated weights of terms in items.
//!
//! BM25F sums the occurrences of a term in the fields of an item, each weighted by its field and
//! normalized by the length of the field relative to the average, and saturates the sum. Three
//! fields differ from the others:
//!
//! - A title counts once, with the length of the shortest value that contains the term, so that a
//!   title in three languages is not three times as long.
//! - A creator counts once, by the part of the name that the term is, independently of the length of
//!   the name and of the number of creators.
//! - A text counts with its best page, and less than a title. Otherwise a book would outrank the
//!   works about its subjects, because it contains every word.

use std::collections::BTreeMap;

use super::names::NamePart;
use crate::positions::TEXT_FIELD;
use crate::score::{IN_TITLE, LEVELS};

/// The BM25 parameter k1, which controls the saturation by term frequency.
const K1: f32 = 1.2;
/// The BM25 parameter b, which controls the normalization by field length.
const B: f32 = 0.6;
/// The sum that a text of weight 1 approaches when it contains a term very often. A term in a title
/// of four times the average length has a higher one.
const MAX_TEXT: f32 = 1.5;

/// The lengths of the fields of an item, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldLengths {
    /// Number and total length of the values of the title.
    pub(crate) titles: (u32, u32),
    /// Total length of all fields except title, creator and text.
    pub(crate) others: u32,
    /// The length of each page with a text, in ascending order of the pages.
    pub(crate) pages: Vec<(u32, u32)>,
}

impl FieldLengths {
    /// Adds words to the length of a page. Pages are added in ascending order.
    pub(crate) fn add_to_page(&mut self, page: u32, words: u32) {
        match self.pages.last_mut() {
            Some((last, length)) if *last == page => *length = length.saturating_add(words),
            _ => self.pages.push((page, words)),
        }
    }

    fn page(&self, page: u32) -> u32 {
        let index = self.pages.binary_search_by_key(&page, |(page, _)| *page);
        let page = index.ok().and_then(|index| self.pages.get(index));
        page.map_or(1, |(_, length)| *length)
    }
}

/// The average lengths of an archive, in words.
pub(crate) struct AverageLengths {
    title: f32,
    others: f32,
    page: f32,
}

impl AverageLengths {
    /// Computes the averages over the values of titles, the items that have other fields, and the
    /// pages.
    pub(crate) fn of(lengths: &[FieldLengths]) -> AverageLengths {
        let average = |of: &dyn Fn(&FieldLengths) -> (u64, u64)| {
            let (mut count, mut sum) = (0, 0);
            for lengths in lengths {
                let (more, words) = of(lengths);
                count += more;
                sum += words;
            }
            rounded(sum, count)
        };
        AverageLengths {
            title: average(&|lengths| (lengths.titles.0.into(), lengths.titles.1.into())),
            others: average(&|lengths| ((lengths.others > 0).into(), lengths.others.into())),
            page: average(&|lengths| {
                let words = lengths.pages.iter().map(|(_, words)| u64::from(*words));
                (lengths.pages.len() as u64, words.sum())
            }),
        }
    }
}

/// Returns an average, at least 1, rounded down to a power of √2, so that the levels, and thus the
/// blocks of the index, do not change when an archive grows a little.
fn rounded(sum: u64, count: u64) -> f32 {
    let exact = sum as f32 / count.max(1) as f32;
    let mut average = 1.0;
    while average * std::f32::consts::SQRT_2 < exact {
        average *= std::f32::consts::SQRT_2;
    }
    average
}

/// The fields that are weighted differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Title,
    Creator,
    Text,
    Other,
}

/// The weights of the fields of an index.
pub(crate) struct FieldWeights {
    title: f32,
    creator: f32,
    /// The weight and the kind of each field, by the index of the field.
    fields: Vec<(f32, Kind)>,
}

/// Default weights, which `khizana.toml` can override.
const DEFAULT_WEIGHTS: [(&str, f32); 5] = [
    ("title", 6.0),
    ("creator", 6.0),
    ("subject", 3.0),
    ("place", 3.0),
    (TEXT_FIELD, 1.0),
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
        let kind = |name: &str| match name {
            "title" => Kind::Title,
            "creator" => Kind::Creator,
            TEXT_FIELD => Kind::Text,
            _ => Kind::Other,
        };
        FieldWeights {
            title: weight("title"),
            creator: weight("creator"),
            fields: fields
                .iter()
                .map(|name| (weight(name), kind(name)))
                .collect(),
        }
    }
}

/// The best places of a term in the title and among the creators of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct BestPlaces {
    /// Length of the shortest title that contains the term, in half words, at most 31; 0 if there is
    /// none.
    pub(crate) title: u8,
    /// The best part of a creator's name that the term is.
    pub(crate) name: Option<NamePart>,
}

impl BestPlaces {
    const MAX_TITLE: u32 = 31;

    /// Adds a title of this length in half words.
    pub(crate) fn add_title(&mut self, length: u32) {
        let length = length.clamp(1, Self::MAX_TITLE) as u8;
        self.title = match self.title {
            0 => length,
            shortest => shortest.min(length),
        };
    }

    /// Adds a part of a name.
    pub(crate) fn add_name(&mut self, part: NamePart) {
        self.name = self.name.max(Some(part));
    }

    /// Adds the places of the same term elsewhere in the item.
    pub(crate) fn add(&mut self, other: BestPlaces) {
        if other.title > 0 {
            self.add_title(other.title.into());
        }
        self.name = self.name.max(other.name);
    }

    /// Returns the place of two adjacent terms of the same value.
    pub(crate) fn with_next(self, next: BestPlaces) -> BestPlaces {
        BestPlaces {
            title: self.title.max(next.title),
            name: self.name.min(next.name),
        }
    }

    /// Returns the places as a byte: the length of the title in the low five bits.
    pub(crate) fn to_byte(self) -> u8 {
        self.title | self.name.map_or(0, |part| part as u8 + 1) << 5
    }

    /// Reads the output of [`BestPlaces::to_byte`].
    pub(crate) fn from_byte(byte: u8) -> BestPlaces {
        let part = (byte >> 5).checked_sub(1);
        BestPlaces {
            title: byte & 31,
            name: part.and_then(|part| NamePart::ALL.get(usize::from(part)).copied()),
        }
    }
}

/// Returns the level of a term in an item, with [`IN_TITLE`] if it occurs in a title.
///
/// `counts` contains the field and the page of the occurrences, in ascending order, and their
/// number.
pub(crate) fn level(
    places: BestPlaces,
    counts: &[(u32, u32, u32)],
    lengths: &FieldLengths,
    averages: &AverageLengths,
    weights: &FieldWeights,
) -> u8 {
    let normalize = |length: f32, average: f32| 1.0 - B + B * length / average;
    let mut sum = 0.0;
    if places.title > 0 {
        let length = f32::from(places.title) / 2.0;
        sum += weights.title / normalize(length, averages.title);
    }
    if let Some(part) = places.name {
        sum += weights.creator * part.factor();
    }
    let mut best_page: f32 = 0.0;
    for (field, page, count) in counts {
        let field = weights.fields.get(*field as usize).copied();
        let (weight, kind) = field.unwrap_or((1.0, Kind::Other));
        match kind {
            Kind::Title | Kind::Creator => {}
            Kind::Other => {
                sum += weight * *count as f32 / normalize(lengths.others as f32, averages.others);
            }
            Kind::Text => {
                let count = *count as f32 / normalize(lengths.page(*page) as f32, averages.page);
                best_page = best_page.max(weight * MAX_TEXT * count / (K1 + count));
            }
        }
    }
    sum += best_page;
    // The highest level is reserved for a title that consists of this term.
    if places.title == 2 {
        return LEVELS | IN_TITLE;
    }
    let saturated = sum / (K1 + sum);
    let level = ((saturated * f32::from(LEVELS)).ceil() as u8).clamp(1, LEVELS - 1);
    match places.title {
        0 => level,
        _ => level | IN_TITLE,
    }
}

/// Maximum number of items of a term whose levels are not rounded.
const MAX_EXACT_LEVELS: usize = 4_096;
/// The lower levels of a frequent term are rounded up to multiples of this number.
const COARSE_STEP: u8 = LEVELS.div_ceil(8);

/// Rounds the levels of a frequent term, except for the items with the highest levels.
///
/// Posting lists of frequent terms are most of the data that a query downloads, and rounded levels
/// compress better. The items with the highest levels are those that a visitor sees.
pub(crate) fn coarsen_levels(levels: &mut [u8]) {
    if levels.len() <= MAX_EXACT_LEVELS {
        return;
    }
    let mut counts = [0usize; LEVELS as usize + 1];
    for level in levels.iter() {
        if let Some(count) = counts.get_mut(usize::from(*level & LEVELS)) {
            *count += 1;
        }
    }
    let mut threshold = LEVELS;
    let mut exact = 0;
    while threshold > 1 {
        exact += counts.get(usize::from(threshold)).copied().unwrap_or(0);
        if exact > MAX_EXACT_LEVELS {
            break;
        }
        threshold -= 1;
    }
    for level in levels {
        let in_title = *level & IN_TITLE;
        let exact = *level & LEVELS;
        if exact <= threshold {
            *level = (exact.div_ceil(COARSE_STEP) * COARSE_STEP).min(threshold) | in_title;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 4] = ["title", "creator", "subject", TEXT_FIELD];

    fn weights(overrides: &[(&str, f32)]) -> FieldWeights {
        let overrides = overrides
            .iter()
            .map(|(name, weight)| ((*name).to_owned(), *weight));
        FieldWeights::new(&FIELDS.map(str::to_owned), &overrides.collect())
    }

    fn lengths() -> FieldLengths {
        FieldLengths {
            titles: (1, 5),
            others: 20,
            pages: vec![(0, 300), (4, 300)],
        }
    }

    fn level_of(places: BestPlaces, counts: &[(u32, u32, u32)], weights: &FieldWeights) -> u8 {
        let lengths = lengths();
        let averages = AverageLengths::of(std::slice::from_ref(&lengths));
        let level = level(places, counts, &lengths, &averages, weights);
        assert_eq!(level & IN_TITLE != 0, places.title > 0);
        level & LEVELS
    }

    fn title(length: u32) -> BestPlaces {
        let mut places = BestPlaces::default();
        places.add_title(2 * length);
        places
    }

    fn name(part: NamePart) -> BestPlaces {
        BestPlaces {
            name: Some(part),
            ..BestPlaces::default()
        }
    }

    #[test]
    fn level_depends_on_field_length_and_frequency() {
        let weights = weights(&[]);
        let of_title = |length| level_of(title(length), &[], &weights);
        let of_counts =
            |counts: &[(u32, u32, u32)]| level_of(BestPlaces::default(), counts, &weights);
        assert_eq!(of_title(1), LEVELS);
        assert!(of_title(2) > of_title(5) && of_title(5) > of_title(12));
        assert!(of_title(5) > of_counts(&[(2, 0, 1)]));
        assert!(of_counts(&[(2, 0, 2)]) > of_counts(&[(2, 0, 1)]));
        assert!(of_counts(&[(3, 0, 9)]) > of_counts(&[(3, 0, 1)]));
    }

    #[test]
    fn a_text_counts_with_its_best_page_and_less_than_a_title() {
        let weights = weights(&[]);
        let of_counts =
            |counts: &[(u32, u32, u32)]| level_of(BestPlaces::default(), counts, &weights);
        let best = of_counts(&[(3, 0, 40)]);
        assert_eq!(of_counts(&[(3, 0, 40), (3, 4, 39)]), best);
        assert!(best < level_of(title(20), &[], &weights));
    }

    #[test]
    fn parts_of_names_are_graded() {
        let weights = weights(&[]);
        let levels = NamePart::ALL.map(|part| level_of(name(part), &[], &weights));
        assert!(levels.is_sorted_by(|a, b| a < b), "{levels:?}");
        let family = level_of(name(NamePart::Family), &[], &weights);
        assert!(family > level_of(title(2), &[], &weights));
    }

    #[test]
    fn configured_weights_override_the_defaults() {
        let (default, heavy) = (
            weights(&[]),
            weights(&[("subject", 30.0), ("creator", 0.1)]),
        );
        let subject = |weights| level_of(BestPlaces::default(), &[(2, 0, 1)], weights);
        assert!(subject(&heavy) > subject(&default));
        let family = name(NamePart::Family);
        assert!(level_of(family, &[], &heavy) < level_of(family, &[], &default));
    }

    #[test]
    fn places_round_trip() {
        for part in NamePart::ALL.map(Some).into_iter().chain([None]) {
            for length in [0, 1, 30, 31] {
                let places = BestPlaces {
                    title: length,
                    name: part,
                };
                assert_eq!(BestPlaces::from_byte(places.to_byte()), places);
            }
        }
        assert_eq!(title(1_000_000).title, 31);
    }

    #[test]
    fn only_the_lower_levels_of_frequent_terms_are_rounded() {
        let mut rare: Vec<u8> = (1..LEVELS).collect();
        let original = rare.clone();
        coarsen_levels(&mut rare);
        assert_eq!(rare, original);

        let mut frequent: Vec<u8> = vec![9; 10_000];
        frequent.extend([17, 18, 19]);
        coarsen_levels(&mut frequent);
        assert_eq!(frequent.get(10_000..), Some(&[17, 18, 19][..]));
        let lower: std::collections::BTreeSet<u8> = frequent.into_iter().take(10_000).collect();
        assert_eq!(lower.len(), 1);

        let mut equal = vec![29; 10_000];
        coarsen_levels(&mut equal);
        assert_eq!(
            equal, [29; 10_000],
            "rounding does not exceed the exact levels"
        );
    }
}
