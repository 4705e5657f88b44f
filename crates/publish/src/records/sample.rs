//! Samples of the items of an archive.

use khizana_format::hash_of;
use khizana_model::Hash;

use crate::records::plan::Plan;

/// The numbers of all items in the order of the hashes of their identifiers.
///
/// The first items are a sample that changes only if an item of the sample is added or removed, so
/// the index of the others stays the same.
pub(super) struct Shuffled(Vec<u32>);

impl Shuffled {
    pub(super) fn new(plan: &Plan) -> Shuffled {
        let hashes = plan
            .ids()
            .map(|(id, number)| (hash_of(id.as_bytes()), number));
        let mut hashes: Vec<(Hash, u32)> = hashes.collect();
        hashes.sort_unstable();
        Shuffled(hashes.into_iter().map(|(_, number)| number).collect())
    }

    /// Returns at most `size` items of the archive.
    pub(super) fn sample(&self, size: usize) -> &[u32] {
        self.0.get(..size).unwrap_or(&self.0)
    }

    /// Returns at most `size` items of each collection.
    pub(super) fn samples_of_collections(&self, plan: &Plan, size: usize) -> Vec<Vec<u32>> {
        let mut samples = vec![Vec::new(); plan.collections.len()];
        for number in &self.0 {
            let next = plan
                .collections
                .partition_point(|planned| planned.first <= *number);
            let sample = next.checked_sub(1).and_then(|index| samples.get_mut(index));
            if let Some(sample) = sample.filter(|sample| sample.len() < size) {
                sample.push(*number);
            }
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::plan::tests::plan;

    #[test]
    fn samples_have_the_requested_size() {
        let plan = plan(&[("a", None), ("b", None), ("c", None)]);
        let shuffled = Shuffled::new(&plan);
        assert_eq!(shuffled.sample(2).len(), 2);
        let mut all = shuffled.sample(9).to_vec();
        assert_eq!(shuffled.samples_of_collections(&plan, 9).concat(), all);
        assert_eq!(shuffled.samples_of_collections(&plan, 2).concat(), all[..2]);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
    }
}
