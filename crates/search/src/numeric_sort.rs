//! Sorting by integer keys.
//!
//! The sort functions of the standard library are compiled separately for every element type, which
//! would add 5 KB to the viewer. The functions of this module share a single instance.

use std::collections::BinaryHeap;

/// Returns the numbers in ascending order.
pub(crate) fn sorted(numbers: Vec<u64>) -> Vec<u64> {
    BinaryHeap::from(numbers).into_sorted_vec()
}

/// Sorts `items` by an integer key. The sort is stable.
pub(crate) fn sort_by_key<T>(items: &mut Vec<T>, key: impl Fn(&T) -> u32) {
    // The index in the lower half makes the sort stable and identifies the item.
    let keys = (0u32..)
        .zip(items.iter())
        .map(|(index, item)| u64::from(key(item)) << 32 | u64::from(index));
    let order = sorted(keys.collect());
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(
        order
            .into_iter()
            .filter_map(|key| unsorted.get_mut(key as u32 as usize)?.take()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_is_stable() {
        let mut items = vec![(3, 'a'), (1, 'b'), (3, 'c'), (0, 'd'), (1, 'e')];
        sort_by_key(&mut items, |(key, _)| *key);
        let names: String = items.iter().map(|(_, name)| name).collect();
        assert_eq!(names, "dbeac");
    }
}
