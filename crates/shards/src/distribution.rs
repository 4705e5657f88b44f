//! Distribution of files to shards.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The cost of a file in addition to its size, in bytes: opening it, and writing its derivatives.
const FILE_COST: u64 = 64 << 10;

/// Returns the number of the shard of each file, counted from 1. `sizes` are the sizes of the files in bytes.
///
/// Each file, the largest first, is added to the shard that has the least to do. So no shard has more to do than
/// the average by more than one file, and shards of the same source are the same on every machine.
pub fn distribute(sizes: &[u64], shards: u32) -> Vec<u32> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let size = |index: &usize| sizes.get(*index).copied().unwrap_or_default();
    order.sort_by_key(|index| (Reverse(size(index)), *index));
    let mut loads: BinaryHeap<Reverse<(u64, u32)>> =
        (1..=shards).map(|shard| Reverse((0, shard))).collect();
    let mut distributed = vec![0; sizes.len()];
    for index in order {
        let Some(Reverse((load, shard))) = loads.pop() else {
            break;
        };
        if let Some(slot) = distributed.get_mut(index) {
            *slot = shard;
        }
        loads.push(Reverse((load + size(&index) + FILE_COST, shard)));
    }
    distributed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balances_bytes_and_uses_every_shard() {
        let mib = 1 << 20;
        let sizes = [8 * mib, mib, mib, mib, 2 * mib, 4 * mib, mib];
        let shards = distribute(&sizes, 2);
        let load = |shard: u32| -> u64 {
            let of_shard = sizes.iter().zip(&shards).filter(|(_, s)| **s == shard);
            of_shard.map(|(size, _)| size).sum()
        };
        assert_eq!((load(1), load(2)), (9 * mib, 9 * mib));
        assert_eq!(distribute(&sizes, 2), shards);
        assert_eq!(distribute(&sizes, 1), [1; 7]);
        // Many small files count too.
        let mut small = distribute(&[10; 9], 3);
        small.sort_unstable();
        assert_eq!(small, [1, 1, 1, 2, 2, 2, 3, 3, 3]);
        assert_eq!(distribute(&[5], 3), [1]);
        assert_eq!(distribute(&[], 3), [0; 0]);
    }
}
