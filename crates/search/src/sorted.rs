//! Sorting, by numbers alone.
//!
//! The sorts of the standard library are written out for every type that is sorted, which makes the
//! viewer five kilobytes larger. Here there is one for all.

use std::collections::BinaryHeap;

/// Numbers in order.
pub(crate) fn sorted(numbers: Vec<u64>) -> Vec<u64> {
    BinaryHeap::from(numbers).into_sorted_vec()
}

/// Puts things in the order of their numbers, equals as they stood.
pub(crate) fn sort_by_number<T>(things: &mut Vec<T>, number: impl Fn(&T) -> u32) {
    let keys = (0u32..).zip(things.iter());
    let keys = keys.map(|(place, thing)| u64::from(number(thing)) << 32 | u64::from(place));
    let order = sorted(keys.collect());
    let mut from: Vec<Option<T>> = things.drain(..).map(Some).collect();
    things.extend(
        order
            .into_iter()
            .filter_map(|key| from.get_mut(key as u32 as usize)?.take()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_stay_as_they_stood() {
        let mut things = vec![(3, 'a'), (1, 'b'), (3, 'c'), (0, 'd'), (1, 'e')];
        sort_by_number(&mut things, |(number, _)| *number);
        let said: String = things.iter().map(|(_, name)| name).collect();
        assert_eq!(said, "dbeac");
    }
}
