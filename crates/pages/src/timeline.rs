//! The timeline: the periods of a histogram of years, without its empty stretches.
//!
//! A timeline consists of slots. A slot is a period, such as a decade, or a cut, which stands for a
//! long stretch of periods without items. Two marks on the edges of slots, which the reader moves,
//! select a range of years.

use crate::page::FacetValue;

/// Minimum number of empty periods that are replaced by a cut.
const MIN_CUT: i32 = 3;
/// Maximum number of periods in a scale, so that a hostile query string cannot make a parser slow.
const MAX_PERIODS: u32 = 10_000;

/// A slot of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A period with its first year and the number of its items.
    Period(i32, u32),
    /// A long stretch without items.
    Cut,
}

/// The periods of a histogram.
#[derive(Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Length of a period in years.
    length: i32,
    /// The slots in chronological order. The first and the last one are periods.
    pub slots: Vec<Slot>,
}

impl Timeline {
    /// Returns the timeline of a facet of Gregorian periods. Returns `None` for other facets, and
    /// if there are fewer than two periods.
    pub fn of(field: &str, values: &[FacetValue]) -> Option<Timeline> {
        let length = match field {
            "date:decade" => 10,
            "date:century" => 100,
            _ => return None,
        };
        let mut slots = Vec::new();
        let mut next = None;
        for value in values.iter().filter(|value| value.count > 0) {
            let first: i32 = value.key.parse().ok()?;
            if let Some(next) = next {
                let empty = first.checked_sub(next)? / length;
                if empty < 0 {
                    return None;
                }
                if empty >= MIN_CUT {
                    slots.push(Slot::Cut);
                } else {
                    slots.extend((0..empty).map(|i| Slot::Period(next + i * length, 0)));
                }
            }
            slots.push(Slot::Period(first, value.count));
            next = Some(first.checked_add(length)?);
        }
        (slots.len() > 1).then_some(Timeline { length, slots })
    }

    /// Returns the positions of the marks for a range of years: the number of slots before the
    /// first and before the end of the selected ones.
    pub fn marks(&self, from: Option<i32>, to: Option<i32>) -> (usize, usize) {
        let count = self.slots.len();
        let ends_after = |year: i32| move |slot: &Slot| matches!(slot, Slot::Period(first, _) if first.saturating_add(self.length) > year);
        let starts_until =
            |year: i32| move |slot: &Slot| matches!(slot, Slot::Period(first, _) if *first <= year);
        let left = from.map_or(0, |from| {
            let mut slots = self.slots.iter();
            slots.position(ends_after(from)).unwrap_or(count - 1)
        });
        let right = to.map_or(count, |to| {
            let mut slots = self.slots.iter();
            slots.rposition(starts_until(to)).unwrap_or(0) + 1
        });
        (left, right.max(left + 1))
    }

    /// Returns the first year of the first period at or after the slot `index`, and the last year
    /// of the last period at or before it. They are the same period unless the slot is a cut.
    pub fn years_around(&self, index: usize) -> (i32, i32) {
        let first = |slot: &Slot| match slot {
            Slot::Period(first, _) => Some(*first),
            Slot::Cut => None,
        };
        let mut after = self.slots.iter().skip(index).filter_map(first);
        let mut before = self.slots.iter().take(index + 1).rev().filter_map(first);
        let last = before.next().unwrap_or_default() + (self.length - 1);
        (after.next().unwrap_or_default(), last)
    }

    /// Returns the scale: the length of a period, then the first year and the number of periods of
    /// each stretch between cuts, separated by full stops.
    pub fn scale(&self) -> String {
        let mut out = self.length.to_string();
        for stretch in self.slots.split(|slot| *slot == Slot::Cut) {
            if let Some(Slot::Period(first, _)) = stretch.first() {
                out.push('.');
                out.push_str(&first.to_string());
                out.push('.');
                out.push_str(&stretch.len().to_string());
            }
        }
        out
    }

    /// Parses the result of [`Timeline::scale`]. The periods have no items.
    fn from_scale(scale: &str) -> Option<Timeline> {
        let mut numbers = scale.split('.').map(str::parse::<i32>);
        let length = numbers.next()?.ok().filter(|length| *length > 0)?;
        let mut slots = Vec::new();
        while let Some(first) = numbers.next() {
            let (first, count) = (first.ok()?, numbers.next()?.ok()?);
            let count = u32::try_from(count).ok().filter(|n| *n <= MAX_PERIODS)?;
            if !slots.is_empty() {
                slots.push(Slot::Cut);
            }
            for i in 0..count {
                let first = first.checked_add(length.checked_mul(i.cast_signed())?)?;
                first.checked_add(length)?;
                slots.push(Slot::Period(first, 0));
            }
            if slots.len() > MAX_PERIODS as usize {
                return None;
            }
        }
        (!slots.is_empty()).then_some(Timeline { length, slots })
    }
}

/// The submitted form of a histogram: the scale of its timeline and the positions of the marks.
#[derive(Default)]
pub struct Brush {
    pub scale: String,
    pub left: usize,
    pub right: usize,
}

impl Brush {
    /// Returns the first and the last selected year. A mark at the end of the timeline does not
    /// limit the years. Returns `None` if the scale is missing or malformed.
    pub fn years(&self) -> Option<(Option<i32>, Option<i32>)> {
        let timeline = Timeline::from_scale(&self.scale)?;
        let count = timeline.slots.len();
        let left = self.left.min(self.right).min(count - 1);
        let right = self.left.max(self.right).min(count).max(left + 1);
        let from = (left > 0).then(|| timeline.years_around(left).0);
        let to = (right < count).then(|| timeline.years_around(right - 1).1);
        Some((from, to))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::LangMap;

    use super::*;

    fn values(periods: &[(i32, u32)]) -> Vec<FacetValue> {
        let value = |(first, count): &(i32, u32)| FacetValue {
            key: first.to_string(),
            label: LangMap::new(),
            count: *count,
            is_selected: false,
            has_page: false,
        };
        periods.iter().map(value).collect()
    }

    fn timeline(periods: &[(i32, u32)]) -> Timeline {
        Timeline::of("date:decade", &values(periods)).unwrap()
    }

    #[test]
    fn long_empty_stretches_are_cut_and_short_ones_are_kept() {
        let timeline = timeline(&[(-5000, 1), (1800, 5), (1810, 0), (1830, 2), (2020, 1)]);
        assert_eq!(
            timeline.slots,
            [
                Slot::Period(-5000, 1),
                Slot::Cut,
                Slot::Period(1800, 5),
                Slot::Period(1810, 0),
                Slot::Period(1820, 0),
                Slot::Period(1830, 2),
                Slot::Cut,
                Slot::Period(2020, 1),
            ]
        );
        assert_eq!(timeline.scale(), "10.-5000.1.1800.4.2020.1");
        let parsed = Timeline::from_scale(&timeline.scale()).unwrap();
        assert_eq!(parsed.slots.len(), timeline.slots.len());
        assert_eq!(parsed.scale(), timeline.scale());
    }

    #[test]
    fn marks_and_years_correspond() {
        let timeline = timeline(&[(-5000, 1), (1800, 5), (1810, 1), (2020, 1)]);
        assert_eq!(timeline.marks(None, None), (0, 6));
        assert_eq!(timeline.marks(Some(1803), Some(1815)), (2, 4));
        assert_eq!(timeline.marks(Some(1900), Some(1950)), (5, 6));
        assert_eq!(timeline.marks(Some(2100), None), (5, 6));
        assert_eq!(timeline.marks(None, Some(-9000)), (0, 1));
        let years = |left, right| {
            let scale = timeline.scale();
            Brush { scale, left, right }.years().unwrap()
        };
        assert_eq!(years(0, 6), (None, None));
        assert_eq!(years(2, 4), (Some(1800), Some(1819)));
        assert_eq!(years(4, 2), (Some(1800), Some(1819)));
        // A mark next to a cut selects the nearest period.
        assert_eq!(years(1, 5), (Some(1800), Some(1819)));
        assert_eq!(years(3, 3), (Some(1810), Some(1819)));
        assert_eq!(years(99, 99), (Some(2020), None));
    }

    #[test]
    fn malformed_scales_are_rejected() {
        for scale in ["", "x", "0.1.1", "10", "10.1", "10.1.-1", "10.1.999999999"] {
            assert_eq!(Timeline::from_scale(scale), None, "{scale}");
        }
        assert_eq!(Timeline::from_scale("10.2147483647.2"), None);
        assert_eq!(Timeline::of("hijri:decade", &values(&[(1320, 1)])), None);
        assert_eq!(Timeline::of("date:decade", &values(&[(1320, 1)])), None);
        let disordered = values(&[(1320, 1), (1310, 1)]);
        assert_eq!(Timeline::of("date:decade", &disordered), None);
    }
}
