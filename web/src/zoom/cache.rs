//! A cache of tiles that discards those that were displayed least recently.

use super::tiles::TilePosition;

/// A cache of tiles, in ascending order of the time when they were last displayed. It contains few
/// tiles, so that a linear search is fast.
#[derive(Debug)]
pub struct TileCache<T>(Vec<(TilePosition, T)>);

impl<T> Default for TileCache<T> {
    fn default() -> Self {
        TileCache(Vec::new())
    }
}

impl<T> TileCache<T> {
    /// Returns `true` if a tile is in the cache.
    pub fn contains(&self, position: TilePosition) -> bool {
        self.0.iter().any(|(cached, _)| *cached == position)
    }

    /// Adds a tile.
    pub fn insert(&mut self, position: TilePosition, tile: T) {
        self.0.retain(|(cached, _)| *cached != position);
        self.0.push((position, tile));
    }

    /// Marks tiles as displayed.
    pub fn touch(&mut self, positions: &[TilePosition]) {
        let all = std::mem::take(&mut self.0);
        let (mut displayed, rest): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(position, _)| positions.contains(position));
        self.0 = rest;
        self.0.append(&mut displayed);
    }

    /// Iterates over the tiles from the coarsest level to the finest, so that finer tiles are drawn
    /// over coarser ones.
    pub fn coarse_to_fine(&self) -> impl Iterator<Item = (TilePosition, &T)> {
        let coarsest = self.0.iter().map(|((level, ..), _)| *level).max();
        let levels = (0..=coarsest.unwrap_or_default()).rev();
        levels.flat_map(|level| {
            let tiles = self.0.iter().filter(move |((l, ..), _)| *l == level);
            tiles.map(|(position, tile)| (*position, tile))
        })
    }

    /// Removes the tiles that were displayed least recently until at most `capacity` are left, and
    /// passes them to `release`.
    pub fn limit(&mut self, capacity: usize, release: impl FnMut(T)) {
        let excess = self.0.len().saturating_sub(capacity);
        self.0
            .drain(..excess)
            .map(|(_, tile)| tile)
            .for_each(release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_recently_displayed_tiles_are_removed_first() {
        let mut cache = TileCache::default();
        for column in 0..5 {
            cache.insert((0, column, 0), column);
        }
        cache.insert((2, 0, 0), 9);
        cache.touch(&[(0, 0, 0), (0, 3, 0)]);
        let mut released = Vec::new();
        cache.limit(3, |tile| released.push(tile));
        assert_eq!(released, [1, 2, 4]);
        assert!(cache.contains((0, 0, 0)) && cache.contains((0, 3, 0)));
        assert!(!cache.contains((0, 1, 0)));
        let order: Vec<_> = cache.coarse_to_fine().map(|(_, tile)| *tile).collect();
        assert_eq!(order, [9, 0, 3], "the coarse tile is first");
        cache.insert((0, 0, 0), 7);
        assert_eq!(cache.coarse_to_fine().count(), 3, "the tile is replaced");
    }
}
