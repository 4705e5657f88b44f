//! The tiles that are kept: those that were shown last.

use super::tiles::Place;

/// Tiles that are here, those shown last at the end. They are few, so that looking through them takes
/// no time.
#[derive(Debug)]
pub struct Kept<T>(Vec<(Place, T)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept(Vec::new())
    }
}

impl<T> Kept<T> {
    /// Whether a tile is here.
    pub fn has(&self, place: Place) -> bool {
        self.0.iter().any(|(own, _)| *own == place)
    }

    /// Adds a tile.
    pub fn add(&mut self, place: Place, tile: T) {
        self.0.retain(|(own, _)| *own != place);
        self.0.push((place, tile));
    }

    /// Says that tiles are shown: the others go before them.
    pub fn shown(&mut self, places: &[Place]) {
        let all = std::mem::take(&mut self.0);
        let mut last = Vec::new();
        for own in all {
            if places.contains(&own.0) {
                last.push(own);
            } else {
                self.0.push(own);
            }
        }
        self.0.append(&mut last);
    }

    /// Those that are here, coarse ones first, so that finer ones are drawn over them.
    pub fn in_order(&self) -> impl Iterator<Item = (Place, &T)> {
        let coarsest = self.0.iter().map(|((level, ..), _)| *level).max();
        let levels = (0..=coarsest.unwrap_or_default()).rev();
        levels.flat_map(|level| {
            let of = self.0.iter().filter(move |((own, ..), _)| *own == level);
            of.map(|(place, tile)| (*place, tile))
        })
    }

    /// Lets go of tiles until there are no more than `most`, those first that were not shown for the
    /// longest time. What is let go of is handed to `drop`.
    pub fn limit(&mut self, most: usize, drop: impl FnMut(T)) {
        let over = self.0.len().saturating_sub(most);
        self.0.drain(..over).map(|(_, tile)| tile).for_each(drop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_last_is_kept_longest() {
        let mut kept = Kept::default();
        for column in 0..5 {
            kept.add((0, column, 0), column);
        }
        kept.add((2, 0, 0), 9);
        kept.shown(&[(0, 0, 0), (0, 3, 0)]);
        let mut dropped = Vec::new();
        kept.limit(3, |tile| dropped.push(tile));
        assert_eq!(dropped, [1, 2, 4]);
        assert!(kept.has((0, 0, 0)) && kept.has((0, 3, 0)) && !kept.has((0, 1, 0)));
        let order: Vec<_> = kept.in_order().map(|(_, tile)| *tile).collect();
        assert_eq!(order, [9, 0, 3], "the coarse one first");
        kept.add((0, 0, 0), 7);
        assert_eq!(kept.in_order().count(), 3, "a tile is there once");
    }
}
